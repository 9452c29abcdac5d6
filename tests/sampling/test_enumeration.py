"""All combinations of segments."""

import numpy as np
import pytest

from sklime.sampling import enumerate_samples, is_enumeration


@pytest.mark.parametrize("n_segments", [1, 2, 5, np.int8(7), np.int64(10)])
def test_enumeration_has_every_row_once(n_segments):
    """Beware of 2 ** n where n is a small numpy integer."""
    samples = enumerate_samples(n_segments)
    assert samples[0].all()
    assert not samples[-1].any()
    assert len({tuple(row) for row in samples.tolist()}) == 2 ** int(n_segments)
    assert is_enumeration(samples)
    assert not is_enumeration(samples[1:])
    assert not is_enumeration(np.ones_like(samples))


def test_segments_that_are_always_shown_are_not_varied():
    samples = np.insert(enumerate_samples(3), 1, True, axis=1)
    assert is_enumeration(samples)
    assert not is_enumeration(samples[:-1])
    assert not is_enumeration(np.ones((1, 4), dtype=bool))
