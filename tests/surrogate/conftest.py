"""What these tests share."""

import pytest

from sklime.locality import weigh_samples
from sklime.sampling import BernoulliSampler, enumerate_samples


@pytest.fixture(scope="module")
def all_eight():
    """All 256 combinations of 8 segments and their weights."""
    samples = enumerate_samples(8)
    return samples, weigh_samples(samples)[1]


@pytest.fixture(scope="module")
def game():
    """300 rows of 12 segments, a black box with interactions, and weights."""
    samples = BernoulliSampler().sample(12, 300, random_state=0)
    z = samples.astype(float)
    predictions = 0.1 + 0.6 * z[:, 3] - 0.3 * z[:, 7] + 0.2 * z[:, 1] * z[:, 2]
    return samples, predictions, weigh_samples(samples)[1]
