"""Fidelity is measured on what the surrogate has not seen."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, RegressorMixin, clone
from sklearn.linear_model import (
    Ridge,
)
from sklearn.metrics import r2_score
from sklearn.model_selection import KFold
from sklearn.tree import DecisionTreeRegressor

from sklime.sampling import BernoulliSampler, enumerate_samples
from sklime.surrogate import (
    compute_fidelity,
    fit_surrogate,
    fit_surrogates,
)


@pytest.mark.parametrize("surrogate", [Ridge(), DecisionTreeRegressor(random_state=0)])
def test_fidelity_is_held_out_pooled_and_weighted(game, surrogate):
    """Trap L21 of lime: its score is in-sample R²."""
    samples, predictions, sample_weights = game
    noisy = predictions + np.random.RandomState(0).normal(size=300)
    guesses = np.empty(300)
    for train, test in KFold(5, shuffle=True, random_state=7).split(samples):
        model = clone(surrogate).fit(
            samples[train].astype(float),
            noisy[train],
            sample_weight=sample_weights[train],
        )
        guesses[test] = model.predict(samples[test].astype(float))
    expected = r2_score(noisy, guesses, sample_weight=sample_weights)
    found = compute_fidelity(samples, noisy, sample_weights, surrogate, random_state=7)
    assert found == pytest.approx(expected, abs=1e-12)
    model = fit_surrogate(samples, noisy, sample_weights, surrogate)
    in_sample = model.score(samples.astype(float), noisy, sample_weights)
    assert found < in_sample


def test_fidelity_on_all_combinations_is_that_of_the_fit(all_eight):
    samples, sample_weights = all_eight
    predictions = samples[:, :2].all(axis=1).astype(float)
    model = fit_surrogate(samples, predictions, sample_weights)
    expected = model.score(samples.astype(float), predictions, sample_weights)
    found = compute_fidelity(samples, predictions, sample_weights, Ridge())
    assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("n_rows", "narrow"), [(4, False), (64, True)])
def test_fidelity_needs_rows_that_count(n_rows, narrow):
    samples = BernoulliSampler().sample(10, n_rows, random_state=0)
    weights = (np.arange(n_rows) < 1).astype(float) if narrow else np.ones(n_rows)
    fit = fit_surrogates(samples, samples[:, :2].astype(float), weights)
    assert np.isnan(fit.fidelity).all()


def test_rows_that_repeat_are_not_predicted_by_heart():
    """A black box of pure noise cannot be predicted; a tree knows what it has seen."""
    samples = BernoulliSampler(0.8).sample(8, 1024, random_state=0)
    noise = np.random.RandomState(1).normal(size=256)
    predictions = noise[samples @ (1 << np.arange(8))]
    assert len(np.unique(samples, axis=0)) < 256
    weights = np.ones(1024)
    assert (
        compute_fidelity(samples, predictions, weights, DecisionTreeRegressor()) < 0.2
    )


def test_every_combination_several_times_leaves_none_unseen():
    samples = np.tile(enumerate_samples(3), (10, 1))
    predictions = samples[:, 0] * samples[:, 1] + np.random.RandomState(0).normal(
        size=80
    )
    model = fit_surrogate(samples, predictions, np.ones(80))
    expected = model.score(samples.astype(float), predictions)
    assert compute_fidelity(samples, predictions, np.ones(80), Ridge()) == (
        pytest.approx(expected)
    )
    few = samples[np.isin(samples @ [1, 2, 4], [7, 6, 5])]
    fit = fit_surrogates(few, few[:, :1].astype(float), np.ones(len(few)))
    assert np.isnan(fit.fidelity).all()


def test_another_constant_than_the_black_box_s_has_no_fidelity():
    class Five(RegressorMixin, BaseEstimator):
        def fit(self, X, y):
            return self

        def predict(self, X):
            return np.full(len(X), 5.0)

    samples = BernoulliSampler().sample(10, 64, random_state=0)
    for constant, expected in ((5.0, 1), (4.0, 0)):
        predictions = np.full(64, constant)
        found = compute_fidelity(samples, predictions, np.ones(64), Five())
        assert found == expected


@pytest.mark.parametrize(("n_rows", "finite"), [(4, False), (5, True)])
def test_five_rows_are_enough_for_five_folds(n_rows, finite):
    samples = BernoulliSampler().sample(10, n_rows, random_state=0)
    assert len(np.unique(samples, axis=0)) == n_rows
    answers = samples[:, 0] * 1.0
    assert np.isfinite(compute_fidelity(samples, answers, np.ones(n_rows))) == finite


def test_segments_that_are_always_shown_do_not_add_combinations():
    samples = np.c_[np.ones(8, dtype=bool), enumerate_samples(3)]
    answers = samples[:, 1] * samples[:, 2] * 1.0
    model = fit_surrogate(samples, answers, np.ones(8))
    expected = model.score(samples.astype(float), answers)
    assert compute_fidelity(samples, answers, np.ones(8)) == pytest.approx(expected)
