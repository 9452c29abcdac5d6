"""Every regressor gets the weights of the samples, whichever way it takes them."""

import numpy as np
import pytest
from sklearn import config_context
from sklearn.compose import TransformedTargetRegressor
from sklearn.cross_decomposition import CCA
from sklearn.ensemble import (
    BaggingRegressor,
    StackingRegressor,
    VotingRegressor,
)
from sklearn.feature_selection import RFECV, SelectFromModel, SelectKBest, f_regression
from sklearn.linear_model import (
    ARDRegression,
    BayesianRidge,
    LinearRegression,
    LogisticRegression,
    RANSACRegressor,
    Ridge,
)
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from sklime.sampling import enumerate_samples
from sklime.surrogate import (
    check_surrogate,
    compute_weights,
    fit_surrogate,
    fit_surrogates,
    select_segments,
)


def test_weights_reach_the_surrogate_whichever_way_it_takes_them(game):
    """Trap C10 of Captum: after a TypeError the surrogate was fitted unweighted."""
    samples, _, _ = game
    rng = np.random.RandomState(0)
    half = rng.uniform(size=300) < 0.5
    predictions = np.where(half, samples[:, 0], 5 * samples[:, 1])
    only_half = half.astype(float)
    expected = [1, 0]
    for surrogate in (
        LinearRegression(),
        make_pipeline(StandardScaler(), LinearRegression()),
        make_pipeline(PolynomialFeatures(1), make_pipeline(LinearRegression())),
        ARDRegression(),  # takes no weights: rows are drawn in proportion
    ):
        model = fit_surrogate(samples, predictions, only_half, surrogate)
        weights, _ = compute_weights(model, samples, only_half)
        np.testing.assert_allclose(weights[:2], expected, atol=1e-3)


def test_rows_are_drawn_in_proportion():
    """Half of the rows weigh three times the others: they are 3/4 of those drawn."""
    samples = np.eye(2, dtype=bool)[np.arange(4000) % 2]
    weights = np.where(samples[:, 0], 3.0, 1.0)
    model = fit_surrogate(samples, weights, weights, KNeighborsRegressor())
    share = model._fit_X[:, 0].mean()
    assert abs(share - 0.75) < 5 * np.sqrt(0.75 * 0.25 / 4000)


@pytest.mark.parametrize(
    "surrogate",
    [
        GridSearchCV(Ridge(), {"alpha": [1.0]}),
        TransformedTargetRegressor(Ridge(1.0)),
        GridSearchCV(make_pipeline(StandardScaler(with_std=False), Ridge(1.0)), {}),
    ],
    ids=["search", "target", "pipeline"],
)
def test_wrapped_models_get_the_weights_themselves(game, surrogate):
    samples, predictions, sample_weights = game
    plain = fit_surrogate(samples, predictions, sample_weights, Ridge(1.0))
    model = fit_surrogate(samples, predictions, sample_weights, surrogate)
    rows = samples.astype(float)
    np.testing.assert_allclose(model.predict(rows), plain.predict(rows), atol=1e-12)


@pytest.mark.parametrize(
    "surrogate",
    [
        RANSACRegressor(KNeighborsRegressor(), min_samples=20),
        VotingRegressor([("ridge", Ridge()), ("knn", KNeighborsRegressor())]),
        StackingRegressor([("ridge", Ridge()), ("knn", KNeighborsRegressor())]),
        BaggingRegressor(KNeighborsRegressor(), n_estimators=3),
        BaggingRegressor(make_pipeline(StandardScaler(), Ridge()), n_estimators=3),
        RFECV(Ridge()),
        TransformedTargetRegressor(),
    ],
    ids=lambda model: type(model).__name__,
)
def test_models_of_models_that_take_no_weights_get_drawn_rows(game, surrogate):
    samples, predictions, sample_weights = game
    fit = fit_surrogates(samples, predictions[:, None], sample_weights, surrogate)
    assert fit.weights[0].argmax() == 3


def test_weights_are_drawn_reproducibly(game):
    samples, predictions, sample_weights = game
    first, second, third = (
        fit_surrogate(samples, predictions, sample_weights, KNeighborsRegressor(), seed)
        for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first._fit_X, second._fit_X)
    assert (first._fit_X != third._fit_X).any()


def test_metadata_routing():
    samples = enumerate_samples(4)
    predictions, weights = samples[:, 0].astype(float), np.ones(16)
    with config_context(enable_metadata_routing=True):
        asked = make_pipeline(
            StandardScaler().set_fit_request(sample_weight=False),
            Ridge(0.01).set_fit_request(sample_weight=True),
        )
        silent = make_pipeline(StandardScaler(), KNeighborsRegressor(1))
        for surrogate in (Ridge(0.01), asked, silent):
            model = fit_surrogate(samples, predictions, weights, surrogate)
            assert compute_weights(model, samples, weights)[0][0] > 0.5


def test_what_is_no_surrogate():
    class Mute:
        def fit(self, X, y):
            return self

        def get_params(self, deep=True):
            return {}

    for bad in (Mute(), Ridge, "ridge", StandardScaler()):
        with pytest.raises(
            TypeError, match="surrogate must be a scikit-learn regressor or classifier"
        ):
            check_surrogate(bad)
    assert check_surrogate(None).alpha == 1.0
    stack = StackingRegressor([("ridge", Ridge())])  # no `predict` until fitted
    assert check_surrogate(stack) is stack
    assert check_surrogate(LogisticRegression()).C == 1.0


def test_an_error_inside_a_model_says_which_parameter_it_was(game):
    samples, predictions, sample_weights = game
    with pytest.raises(ValueError, match="upper bound is 1") as caught:
        fit_surrogate(samples, predictions, sample_weights, CCA())
    assert "parameter 'surrogate', called as CCA.fit with" in caught.value.__notes__[0]
    both = np.c_[predictions, predictions]
    for selector in (SelectKBest(f_regression), SelectFromModel(BayesianRidge())):
        with pytest.raises(ValueError, match="1d array") as caught:
            select_segments(samples, both, sample_weights, selector)
        assert "'feature_selector'" in caught.value.__notes__[0]
        assert "shape (300, 2)" in caught.value.__notes__[0]
