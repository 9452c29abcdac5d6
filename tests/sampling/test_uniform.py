"""Uniform samples start with the image, and spread as evenly as they can."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression
from sklearn.neural_network import MLPClassifier

from sklime.locality import weigh_samples
from sklime.sampling import (
    BalancedSampler,
    BernoulliSampler,
    ExhaustiveSampler,
    enumerate_samples,
    orthogonal_array,
)
from sklime.surrogate import fit_surrogate


def counts_of_patterns(array, columns):
    """Return how often each combination of some columns stands in an array."""
    codes = array[:, columns] @ (1 << np.arange(len(columns)))
    return np.bincount(codes, minlength=2 ** len(columns))


@pytest.mark.parametrize("sampler", [BernoulliSampler(), BalancedSampler()])
@pytest.mark.parametrize("n_perturbations", [2, 7, 64, 100, 1024])
def test_row_0_is_the_image(sampler, n_perturbations):
    """Traps V7 of VisuaLIME and C6 of Captum: the image itself was not asked about."""
    samples = sampler.sample(40, n_perturbations, random_state=0)
    assert samples.shape == (n_perturbations, 40)
    assert samples.dtype == bool
    assert samples[0].all()
    assert not samples[1:].all(axis=1).any()


@pytest.mark.parametrize("sampler", [BernoulliSampler(0.3), BalancedSampler()])
def test_same_seed_same_samples_and_no_global_state(sampler):
    """Traps L9, V9, F1 and C7: global state, no seed, or one that advances."""
    state = np.random.get_state()[1].copy()
    first = sampler.sample(20, 50, random_state=3)
    np.testing.assert_array_equal(first, sampler.sample(20, 50, random_state=3))
    assert (first != sampler.sample(20, 50, random_state=4)).any()
    np.testing.assert_array_equal(state, np.random.get_state()[1])


def test_p_is_the_chance_to_be_shown():
    """Trap V6 of VisuaLIME: documented as the chance to be removed."""
    share = BernoulliSampler(p=0.9).sample(50, 2000, random_state=0)[1:].mean()
    assert abs(share - 0.9) < 4 * np.sqrt(0.09 / 1e5)
    with pytest.raises(ValueError, match="'p' parameter of BernoulliSampler"):
        BernoulliSampler(p=1).sample(3, 4)


@pytest.mark.parametrize(
    ("n_segments", "n_perturbations", "strength", "size"),
    [
        (30, 256 + 10, 3, 256),
        (30, 900, 3, 512),
        (40, 230, 3, 128),
        (30, 1900, 4, 1024),
        (30, 3 * 2048 + 5, 5, 4096),
        (16, 1024, 5, 1024),
        (16, 2048, 5, 2048),
        (15, 470, 4, 256),
        (3, 8 * 20, 3, 8),
        (10, 2048 + 3, 10, 1024),
    ],
)
def test_balanced_samples_are_stacked_arrays(
    n_segments, n_perturbations, strength, size
):
    """As long as fit, of the strength that fits, each of them drawn anew."""
    samples = BalancedSampler().sample(n_segments, n_perturbations, random_state=0)
    rng = np.random.RandomState(0)
    starts = range(0, n_perturbations - size + 1, size)
    for start in starts:
        for _ in range(20):
            columns = rng.permutation(n_segments)[:strength]
            counts = counts_of_patterns(samples[start : start + size], columns)
            image = int(start == 0)  # it has taken the place of one row
            assert (np.abs(counts - size / 2**strength) <= image).all()
    assert len({samples[start : start + size].tobytes() for start in starts}) == len(
        starts
    )


@pytest.mark.parametrize(
    ("n_perturbations", "is_one"), [(1000, True), (960, True), (959, False)]
)
def test_nearly_a_power_of_two(n_perturbations, is_one):
    """A part of 1024 rows from 15 of 16 on, else 512 and a part of 512 others.

    The sum of any three rows of one array is a row of it.
    """
    samples = BalancedSampler().sample(30, n_perturbations, random_state=0)[1:]
    known = {row.tobytes() for row in samples}
    triples = np.random.RandomState(0).randint(n_perturbations - 1, size=(500, 3))
    sums = np.logical_xor.reduce(samples[triples], axis=1)
    share = np.mean([row.tobytes() in known for row in sums])
    assert (share > 0.9) == is_one


def test_where_the_image_stands_matters_little():
    """Row 0 of the array gives way to the image, and no other row."""
    samples = BalancedSampler().sample(15, 256, random_state=0)
    shown = samples.sum(axis=0)
    assert set(shown.tolist()) <= {128, 129}


def test_a_part_of_an_array_confounds_no_two_segments():
    """Consecutive rows would: whole columns of them are equal."""
    for seed in range(5):
        signs = BalancedSampler().sample(60, 64, random_state=seed)[1:] * 2 - 1
        products = np.abs(signs.T @ signs - 63 * np.eye(60, dtype=int))
        assert products.max() < 45


def test_rows_of_a_searched_array_are_uniform():
    """Row 5, in four columns: no combination is preferred."""
    rows = [BalancedSampler().sample(20, 64, seed)[5, 7:11] for seed in range(800)]
    counts = counts_of_patterns(np.array(rows), range(4))
    assert np.sum((counts - 50) ** 2 / 50) < 37.7  # chi-square, 15 df, p = 0.001


def test_many_segments_cost_no_table():
    samples = BalancedSampler().sample(5000, 64, random_state=0)
    assert samples.shape == (64, 5000)
    assert 0.45 < samples[1:].mean() < 0.55


LIME_AND_BALANCED = BernoulliSampler(), BalancedSampler()


class StackedArrays:
    """Copies of the smallest array of strength 3: what balanced samples once were."""

    def sample(self, n_segments, n_perturbations, random_state):
        rng = np.random.RandomState(random_state)
        n_arrays = n_perturbations // len(orthogonal_array(n_segments))
        arrays = [orthogonal_array(n_segments, 3, rng) for _ in range(n_arrays)]
        return np.concatenate(arrays)


def squared_errors(
    black_box,
    limit,
    n_segments,
    n_perturbations,
    surrogate=None,
    samplers=LIME_AND_BALANCED,
):
    """Return the errors of two samplers, means over 20 seeds."""
    errors = []
    for sampler in samplers:
        draws = (sampler.sample(n_segments, n_perturbations, s) for s in range(20))
        coefficients = [
            fit_surrogate(x, black_box(x), weigh_samples(x)[1], surrogate).coef_
            for x in draws
        ]
        errors.append(np.sum((np.array(coefficients) - limit) ** 2, axis=1).mean())
    return np.array(errors)


@pytest.fixture(scope="module", params=["network", "forest"])
def digit_boxes(request, digits):
    """Black boxes of 16 segments, 4x4 grids over digits, and lime's exact limits."""
    images, target = digits
    model = {
        "network": MLPClassifier(64, max_iter=400, random_state=0),
        "forest": RandomForestClassifier(60, max_depth=10, random_state=0),
    }[request.param]
    model.fit(images.reshape(len(images), -1) / 16, target)
    cells = np.arange(16).reshape(4, 4).repeat(2, axis=0).repeat(2, axis=1).ravel()

    def black_box_of(digit):
        def answer(samples):
            rows = np.where(samples[:, cells], images[digit].ravel() / 16, 0)
            return model.predict_proba(rows)[:, target[digit]]

        return answer

    everything = enumerate_samples(16)
    weights = weigh_samples(everything)[1]
    boxes = map(black_box_of, (0, 1, 2))
    return [(b, fit_surrogate(everything, b(everything), weights).coef_) for b in boxes]


@pytest.mark.parametrize(
    ("n_perturbations", "gain"), [(128, 1.7), (256, 2.4), (512, 3.5), (1024, 7)]
)
def test_balanced_sampling_estimates_better(digit_boxes, n_perturbations, gain):
    """Published relative errors at 512 calls: .041 against .132, .008 against .092."""
    bernoulli, balanced = np.sum(
        [
            squared_errors(answer, limit, 16, n_perturbations) / np.sum(limit**2)
            for answer, limit in digit_boxes
        ],
        axis=0,
    )
    assert bernoulli > gain * balanced


def test_a_long_array_estimates_better_than_short_ones(digit_boxes):
    """All of strength 3: what counts is how few sets of four columns cancel."""
    samplers = StackedArrays(), BalancedSampler()
    stacked, balanced = np.sum(
        [
            squared_errors(answer, limit, 16, 256, samplers=samplers) / np.sum(limit**2)
            for answer, limit in digit_boxes
        ],
        axis=0,
    )
    assert stacked > 1.5 * balanced


@pytest.mark.parametrize(("order", "gain"), [(2, 6), (3, 1.6)])
def test_balanced_sampling_of_many_segments(closed_form, order, gain):
    """38 segments, 256 calls, against the closed form for products of segments."""
    rng = np.random.RandomState(0)
    groups = [rng.permutation(38)[:order] for _ in range(12)]
    sizes = rng.normal(size=12)
    _, needed, other = closed_form(38).product(order)
    limit = sum(
        size * np.where(np.isin(np.arange(38), group), needed, other)
        for size, group in zip(sizes, groups, strict=True)
    )

    def answer(samples):
        return np.stack([samples[:, g].all(axis=1) for g in groups], axis=1) @ sizes

    bernoulli, balanced = squared_errors(answer, limit, 38, 256, LinearRegression())
    assert bernoulli > gain * balanced


def test_functions_odd_about_the_centre_gain_nothing():
    """Products of three signs: without weights no segment has any effect alone."""
    rng = np.random.RandomState(0)
    triples = np.array([rng.permutation(36)[:3] for _ in range(60)])
    errors = []
    for sampler in LIME_AND_BALANCED:
        draws = [sampler.sample(36, 256, seed) for seed in range(20)]
        noise = [
            fit_surrogate(
                x, (2.0 * x - 1)[:, triples].prod(axis=2).sum(axis=1), np.ones(256)
            ).coef_
            for x in draws
        ]
        errors.append(np.sum(np.square(noise)))
    bernoulli, balanced = errors
    assert 0.5 * balanced < bernoulli < balanced


def test_exhaustive_refuses_what_does_not_fit():
    assert ExhaustiveSampler().sample(6, 64).shape == (64, 6)
    with pytest.raises(ValueError, match=r"at least 2\*\*7 for 7 segments. Got 64"):
        ExhaustiveSampler().sample(7, 64)
    with pytest.raises(ValueError, match="at most 24"):
        enumerate_samples(25)
