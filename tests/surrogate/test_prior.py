"""Bayesian ridge regression with a prior, against its closed form and its makers."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.feature_selection import SelectFromModel
from sklearn.linear_model import BayesianRidge, Ridge
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklime.surrogate import PriorBayesianRidge, fit_surrogates

PRIOR = np.linspace(-0.3, 0.4, 12)


def closed_form(samples, answers, weights, prior, precision, noise):
    """Return the mean and the covariance of the weights, by the definition."""
    z = samples - np.average(samples, axis=0, weights=weights)
    y = answers - np.average(answers, weights=weights)
    gram = precision * np.eye(z.shape[1]) + noise * z.T @ (weights[:, None] * z)
    right = precision * prior + noise * z.T @ (weights * y)
    return np.linalg.solve(gram, right), np.linalg.inv(gram)


@pytest.mark.parametrize(
    ("precision", "noise"),
    [(2.0, 50.0), (1e-3, 1), (1e4, 0.1), (1e6, 1e6), (1e8, 1e-8)],
)
def test_full_prior_is_the_closed_form(game, precision, noise):
    samples, answers, weights = game
    model = PriorBayesianRidge(PRIOR, precision, noise).fit(samples, answers, weights)
    mean, covariance = closed_form(samples, answers, weights, PRIOR, precision, noise)
    np.testing.assert_allclose(model.coef_, mean, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(model.sigma_, covariance, rtol=1e-8, atol=1e-10)
    assert model.lambda_ == pytest.approx(precision, rel=1e-9)
    assert model.alpha_ == pytest.approx(noise, rel=1e-9)


def test_a_precision_is_held_whatever_the_scale_of_the_answers(game):
    samples, answers, weights = game
    noisy = 255 * (answers + np.random.RandomState(0).normal(scale=0.3, size=300))
    for value in (1e4, 1e6, 1e8):
        model = PriorBayesianRidge(0.0, value, value).fit(samples, noisy, weights)
        mean, _ = closed_form(samples, noisy, weights, np.zeros(12), value, value)
        np.testing.assert_allclose(model.coef_, mean, rtol=1e-6)
        assert model.alpha_ == pytest.approx(value, rel=1e-9)


def test_a_prior_for_each_segment_is_for_each_that_is_fitted_to(game):
    samples, answers, weights = game
    both = {"segment_subset": [3, 7], "surrogate": PriorBayesianRidge([0.5, -0.2], 1e9)}
    fit = fit_surrogates(samples, answers[:, None], weights, **both)
    np.testing.assert_allclose(fit.weights[0, [3, 7]], [0.5, -0.2], atol=1e-3)
    both["surrogate"] = PriorBayesianRidge(PRIOR)
    with pytest.raises(ValueError, match=r"2 segments that are fitted to"):
        fit_surrogates(samples, answers[:, None], weights, **both)


def test_without_a_prior_it_is_bayesian_ridge(game):
    expected = BayesianRidge().fit(game[0], game[1], game[2])
    model = PriorBayesianRidge().fit(*game)
    np.testing.assert_array_equal(model.coef_, expected.coef_)
    assert model.intercept_ == expected.intercept_
    np.testing.assert_array_equal(model.predict(game[0]), expected.predict(game[0]))


def test_a_prior_of_zero_is_ridge_regression(game):
    expected = Ridge(alpha=3 / 40).fit(game[0], game[1], game[2])
    model = PriorBayesianRidge(0, 3, 40).fit(*game)
    np.testing.assert_allclose(model.coef_, expected.coef_, atol=1e-10)
    assert model.intercept_ == pytest.approx(expected.intercept_)


def test_partial_prior_is_that_of_visualime(game):
    """It makes the same gamma prior out of scikit-learn's parameters."""
    large = 1e9
    expected = BayesianRidge(lambda_init=20, lambda_1=20 * large, lambda_2=large)
    expected.fit(game[0], game[1], game[2])
    model = PriorBayesianRidge(prior_precision=20).fit(*game)
    np.testing.assert_allclose(model.coef_, expected.coef_, atol=1e-7)
    assert model.lambda_ == pytest.approx(20, rel=1e-9)
    assert model.alpha_ == pytest.approx(expected.alpha_, rel=1e-6)


def test_a_firm_prior_wins_over_few_answers_and_loses_to_many(game):
    samples, answers, weights = game
    firm = PriorBayesianRidge(PRIOR, 1e3, 1).fit(samples[:5], answers[:5])
    np.testing.assert_allclose(firm.coef_, PRIOR, atol=0.01)
    loose = PriorBayesianRidge(PRIOR, 1e-3, 1e3).fit(samples, answers, weights)
    assert loose.coef_[3] == pytest.approx(0.6, abs=0.05)


def test_parameters_are_left_as_they_were(game):
    """Trap V21 of VisuaLIME: not clonable, `fit` returns None and moves parameters."""
    model = PriorBayesianRidge(PRIOR, 2.0, noise_precision=None)
    assert model.fit(*game) is model
    copy = clone(model)
    assert copy.get_params()["prior_precision"] == 2.0
    assert not hasattr(copy, "coef_")
    chosen = SelectFromModel(model, threshold=-np.inf, max_features=1).fit(
        game[0], game[1]
    )
    assert chosen.get_support(indices=True).tolist() == [3]


def test_it_is_a_surrogate_whose_prior_may_be_another_explanation(game):
    samples, answers, weights = game
    first = fit_surrogates(samples, answers[:, None], weights)
    prior = PriorBayesianRidge(first.weights[0], 1e6, 1.0)
    again = fit_surrogates(samples, answers[:, None] * 0, weights, prior)
    np.testing.assert_array_equal(again.weights, 0)  # of a constant black box
    again = fit_surrogates(samples, answers[:, None], weights, prior)
    np.testing.assert_allclose(again.weights, first.weights, atol=1e-3)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"prior_weights": [1, 2]}, r"each of the 12 segments that.*Got shape \(2,"),
        ({"prior_precision": 0}, "'prior_precision'"),
        ({"noise_precision": -1}, "'noise_precision'"),
        ({"prior_weights": "ridge"}, "'prior_weights'"),
        ({"prior_weights": [np.nan] * 12}, "Input prior_weights contains NaN"),
    ],
)
def test_no_prior(game, options, message):
    with pytest.raises(ValueError, match=message):
        PriorBayesianRidge(**options).fit(*game)


@parametrize_with_checks([PriorBayesianRidge(0.1, 2.0, 3.0)])
def test_common_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize("name", ["prior_precision", "noise_precision"])
@pytest.mark.parametrize("bad", [0, -1])
def test_no_precision(game, name, bad):
    with pytest.raises(ValueError, match=f"'{name}'"):
        PriorBayesianRidge(**{name: bad}).fit(*game)
