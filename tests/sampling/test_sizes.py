"""Samplers that draw sizes: by the kernel, by Shapley."""

from itertools import combinations
from math import comb, factorial

import numpy as np
import pytest
from scipy.stats import chisquare
from sklearn.linear_model import LinearRegression
from sklearn.neighbors import KNeighborsRegressor

from sklime.locality import exponential_kernel, weigh_samples
from sklime.sampling import (
    BernoulliSampler,
    LocalSampler,
    ShapleySampler,
    SubsetSampler,
    draw_samples,
    draw_subsets,
    enumerate_samples,
)
from sklime.surrogate import fit_surrogate


def kernel_of_sizes(d, width):
    """Return the probability of each size by the definition, in whole numbers."""
    weights = [
        comb(d, k) * float(exponential_kernel(1 - np.sqrt(k / d), width))
        for k in range(d + 1)
    ]
    return np.array(weights) / sum(weights)


def test_every_subset_of_a_size_is_equally_likely():
    rows = draw_subsets(np.full(6000, 2), 5, random_state=0)
    assert (rows.sum(axis=1) == 2).all()
    codes = [rows[:, pair].all(axis=1).sum() for pair in combinations(range(5), 2)]
    assert chisquare(codes).pvalue > 0.001


@pytest.mark.parametrize("n_segments", [2, 8, 38])
@pytest.mark.parametrize("width", [0.08, 0.25, 1])
def test_local_sizes_are_those_of_the_kernel(n_segments, width):
    sampler = LocalSampler(kernel_width=width)
    expected = kernel_of_sizes(n_segments, width)
    probabilities = sampler.size_probabilities(n_segments)
    np.testing.assert_allclose(probabilities, expected, rtol=1e-10, atol=1e-300)
    sizes = sampler.sample(n_segments, 20001, random_state=0)[1:].sum(axis=1)
    counts = np.bincount(sizes, minlength=n_segments + 1)
    often = expected * 20000 >= 5
    pooled = [
        np.append(values[often], values[~often].sum())
        for values in (counts, expected * 20000)
    ]
    keep = pooled[1] > 0
    assert chisquare(pooled[0][keep], pooled[1][keep]).pvalue > 0.001


def test_local_with_any_kernel_of_the_size():
    """A kernel of one size draws that size only; Hamming at width h weighs by k."""
    one_size = LocalSampler(
        "hamming", lambda distances: (distances == 0.25) * 1.0 + 0.0
    )
    assert (one_size.sample(8, 10, random_state=0)[1:].sum(axis=1) == 6).all()
    two_sizes = LocalSampler("hamming", lambda distances: (distances <= 0.25) * 1.0)
    sizes = two_sizes.sample(8, 1000, random_state=0).sum(axis=1)
    assert set(sizes.tolist()) == {6, 7, 8}
    np.testing.assert_allclose(
        LocalSampler(kernel="uniform").size_probabilities(10),
        [comb(10, k) / 1024 for k in range(11)],
    )


def test_a_thousand_segments_overflow_nothing():
    probabilities = LocalSampler().size_probabilities(3000)
    assert probabilities.sum() == pytest.approx(1)
    assert 1500 < probabilities.argmax() < 1700


def test_local_sampling_estimates_the_same_with_less_noise():
    """Under a narrow kernel few Bernoulli rows count; all local rows do."""
    everything = enumerate_samples(12)
    rng = np.random.RandomState(0)
    pairs = rng.permutation(12).reshape(6, 2)

    def answer(samples):
        return np.stack([samples[:, p].all(axis=1) for p in pairs], axis=1).sum(axis=1)

    def coefficients(samples, weights):
        model = fit_surrogate(samples, answer(samples), weights, LinearRegression())
        return model.coef_

    def weights_of(samples):
        return weigh_samples(samples, kernel_width=0.06)[1]

    limit = coefficients(everything, weights_of(everything))
    local, bernoulli = [], []
    for seed in range(20):
        samples = LocalSampler(kernel_width=0.06).sample(12, 400, random_state=seed)
        local.append(coefficients(samples, LocalSampler().sample_weights(samples)))
        samples = BernoulliSampler().sample(12, 400, random_state=seed)
        bernoulli.append(coefficients(samples, weights_of(samples)))
    np.testing.assert_allclose(np.mean(local, axis=0), limit, atol=0.04)
    assert np.var(bernoulli, axis=0).sum() > 4 * np.var(local, axis=0).sum()


def shapley_values(answer, d):
    """Return them by their definition: mean over orders of what each one adds."""
    values = np.zeros(d)
    for j in range(d):
        others = [i for i in range(d) if i != j]
        for size in range(d):
            share = factorial(size) * factorial(d - size - 1) / factorial(d)
            for group in combinations(others, size):
                row = np.zeros((1, d), dtype=bool)
                row[0, list(group)] = True
                without = answer(row)[0]
                row[0, j] = True
                values[j] += share * (answer(row)[0] - without)
    return values


@pytest.fixture(scope="module")
def game_of_eight():
    rng = np.random.RandomState(3)
    table = rng.normal(size=256)
    return lambda samples: table[samples @ (1 << np.arange(8))]


def test_exact_shapley_values_on_all_combinations(game_of_eight):
    samples = draw_samples(ShapleySampler(), 8, 256)
    weights = ShapleySampler().sample_weights(samples)
    answers = game_of_eight(samples)
    fit = fit_surrogate(samples, answers, weights, LinearRegression())
    exact = shapley_values(game_of_eight, 8)
    np.testing.assert_allclose(fit.coef_, exact, atol=1e-5)
    assert fit.coef_.sum() == pytest.approx(answers[0] - answers[-1], abs=1e-5)


def test_shapley_values_of_some_segments(game_of_eight):
    """The others stay shown: the game of a subset."""
    sampler = SubsetSampler([1, 4, 6], "shapley")
    samples = draw_samples(sampler, 8, 64)
    assert samples.shape == (8, 8)
    fit = fit_surrogate(
        samples,
        game_of_eight(samples),
        sampler.sample_weights(samples),
        LinearRegression(),
    )

    def answer(rows):
        whole = np.ones((len(rows), 8), dtype=bool)
        whole[:, [1, 4, 6]] = rows
        return game_of_eight(whole)

    np.testing.assert_allclose(
        fit.coef_[[1, 4, 6]], shapley_values(answer, 3), atol=1e-5
    )
    np.testing.assert_allclose(np.delete(fit.coef_, [1, 4, 6]), 0, atol=1e-12)


def test_drawn_shapley_sizes():
    """The image, the empty row, then sizes in proportion to 1 / (k (d - k))."""
    samples = ShapleySampler().sample(12, 20002, random_state=0)
    assert samples[0].all()
    assert not samples[1].any()
    sizes = np.arange(1, 12)
    expected = 1 / (sizes * (12 - sizes))
    counts = np.bincount(samples[2:].sum(axis=1), minlength=13)
    assert counts[[0, 12]].tolist() == [0, 0]
    pvalue = chisquare(counts[1:12], expected / expected.sum() * 20000).pvalue
    assert pvalue > 0.001
    weights = ShapleySampler().sample_weights(samples)
    assert weights[:2].tolist() == [1e6, 1e6]
    assert (weights[2:] == 1).all()


def test_drawn_shapley_values_come_near(game_of_eight):
    exact = shapley_values(game_of_eight, 8)
    samples = ShapleySampler().sample(8, 4000, random_state=0)
    weights = ShapleySampler().sample_weights(samples)
    fit = fit_surrogate(samples, game_of_eight(samples), weights, LinearRegression())
    np.testing.assert_allclose(fit.coef_, exact, atol=0.12)


@pytest.mark.parametrize("n_segments", [1, 2])
def test_one_segment(n_segments):
    """Trap C12 of Captum: NaN probabilities for a single feature."""
    samples = ShapleySampler().sample(n_segments, 9, random_state=0)
    assert samples.shape == (9, n_segments)
    assert samples[0].all()
    assert not samples[1].any()
    assert len(draw_samples(ShapleySampler(), 1, 9)) == 2


def test_ridge_is_no_worse_with_all_combinations(game_of_eight):
    """The kernel sums to about five for any number of rows, the penalty to one."""
    exact = shapley_values(game_of_eight, 8)
    errors = []
    for n_perturbations in (255, 256):
        samples = draw_samples("shapley", 8, n_perturbations, 0)
        weights = ShapleySampler().sample_weights(samples)
        fit = fit_surrogate(samples, game_of_eight(samples), weights)
        errors.append(np.linalg.norm(fit.coef_ - exact) / np.linalg.norm(exact))
    assert errors[1] < 0.1
    assert errors[1] < errors[0]


def test_a_surrogate_without_weights_is_no_use_here(game_of_eight):
    """Rows drawn in proportion would be the image and the empty row, over and over."""
    samples = draw_samples("shapley", 8, 256)
    weights = ShapleySampler().sample_weights(samples)
    with pytest.raises(ValueError, match=r"surrogate must take sample_weight.*2 were"):
        fit_surrogate(samples, game_of_eight(samples), weights, KNeighborsRegressor())


@pytest.mark.parametrize("distance", ["area", "image"])
def test_no_size_says_how_much_of_a_picture_is_hidden(distance):
    with pytest.raises(ValueError, match="distance must depend only on how many"):
        LocalSampler(distance).sample(4, 10)


def test_a_kernel_that_leaves_the_image_alone():
    with pytest.raises(ValueError, match="draw the image alone of 30 segments"):
        LocalSampler(kernel_width=1e-4).sample(30, 10)


def test_a_single_segment_is_hidden_every_other_time():
    samples = LocalSampler().sample(1, 9, random_state=0)
    assert samples.sum() == 5
    assert samples[0].all()
