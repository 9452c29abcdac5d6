"""Standard errors: the formula in matrices, and how often its intervals are right."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from sklime.sampling import BernoulliSampler
from sklime.surrogate import standard_errors


def hc3(samples, predictions, weights, alpha=0):
    """The sandwich, written out."""
    X = np.column_stack([np.ones(len(samples)), samples])
    W = np.diag(weights)
    penalty = np.diag([0] + [alpha] * samples.shape[1])
    bread = np.linalg.inv(X.T @ W @ X + penalty)
    beta = bread @ X.T @ W @ predictions
    residuals = predictions - X @ beta
    leverages = np.array([w * x @ bread @ x for x, w in zip(X, weights, strict=True)])
    D = np.diag((weights * residuals / (1 - leverages)) ** 2)
    return np.sqrt(np.diag(bread @ X.T @ D @ X @ bread))[1:]


@pytest.fixture
def game():
    rng = np.random.RandomState(0)
    samples = rng.randint(2, size=(80, 6)).astype(bool)
    predictions = samples @ rng.normal(size=6) + rng.normal(size=80)
    return samples, predictions, rng.uniform(size=80)


@pytest.mark.parametrize("alpha", [0, 1, 30])
def test_the_sandwich_in_matrices(game, alpha):
    found = standard_errors(*game, alpha=alpha)
    np.testing.assert_allclose(found, hc3(*game, alpha), rtol=1e-10)


def test_neither_scale_of_weights_nor_rows_of_weight_zero_count(game):
    samples, predictions, weights = game
    expected = standard_errors(*game)
    scaled = standard_errors(samples, predictions, weights * 1e-9)
    np.testing.assert_allclose(scaled, expected, rtol=1e-10)
    wild = np.append(predictions, 1e9)
    found = standard_errors(
        np.vstack([samples, samples[:1]]), wild, np.append(weights, 0)
    )
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_intervals_of_95_percent_hold_95_percent():
    """The textbook's formula, which lime_stability uses, holds 84 to 92.

    What is estimated is the best linear approximation to a product and a sum under
    fair coins; residuals are then not of one size. The truth is that of all 256 rows.
    """

    def black_box(samples):
        return samples[:, :3].all(axis=1) * 4 + samples @ np.arange(8.0) / 8

    every = ((np.arange(256)[:, np.newaxis] >> np.arange(8)) & 1).astype(bool)
    truth = LinearRegression().fit(every, black_box(every)).coef_
    held = []
    for seed in range(300):
        samples = BernoulliSampler().sample(8, 128, random_state=seed)[1:]
        predictions = black_box(samples)
        coef = LinearRegression().fit(samples, predictions).coef_
        errors = standard_errors(samples, predictions, np.ones(127))
        held.append(np.abs(coef - truth) <= 1.96 * errors)
    assert 0.935 < np.mean(held) < 0.97


def test_an_exact_fit_has_no_error(game):
    samples, _, weights = game
    errors = standard_errors(samples, samples @ np.arange(6.0), weights)
    np.testing.assert_allclose(errors, 0, atol=1e-12)


def test_a_row_that_decides_alone_gives_no_nan():
    """Its leverage is 1: its residual of zero would be divided by zero."""
    samples = np.zeros((12, 2), dtype=bool)
    samples[0, 0] = True
    samples[1::2, 1] = True
    errors = standard_errors(samples, np.arange(12.0), np.ones(12))
    assert np.isfinite(errors).all()


@pytest.mark.parametrize("n_rows", [3, 5])
def test_fewer_rows_than_weights(game, n_rows):
    samples, predictions, weights = (array[:n_rows] for array in game)
    with pytest.raises(ValueError, match="samples must have more rows that count"):
        standard_errors(samples, predictions, weights)


def test_columns_that_cannot_be_told_apart(game):
    samples, predictions, weights = game
    twins = samples.copy()
    twins[:, 4] = twins[:, 1]
    with pytest.raises(ValueError, match="in some of them without the others"):
        standard_errors(twins, predictions, weights)
    always = samples.copy()
    always[:, 2] = True
    with pytest.raises(ValueError, match="in some of them without the others"):
        standard_errors(always, predictions, weights)
    with pytest.raises(ValueError, match="more rows that count"):
        standard_errors(samples, predictions, np.zeros(80))


def test_arrays_that_do_not_belong_together(game):
    samples, predictions, weights = game
    with pytest.raises(TypeError, match="samples must be booleans"):
        standard_errors(samples.astype(float), predictions, weights)
    with pytest.raises(
        ValueError, match=r"predictions must be 80 finite numbers.*\(80, 1"
    ):
        standard_errors(samples, predictions[:, np.newaxis], weights)
    with pytest.raises(
        ValueError, match="sample_weights must give one number for each"
    ):
        standard_errors(samples, predictions, weights[1:])
