"""Every regressor gets the weights of the samples, whichever way it takes them."""

from typing import ClassVar

import numpy as np
import pytest
from sklearn import config_context
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.compose import TransformedTargetRegressor
from sklearn.cross_decomposition import CCA
from sklearn.ensemble import (
    AdaBoostRegressor,
    BaggingRegressor,
    GradientBoostingRegressor,
    IsolationForest,
    StackingRegressor,
    VotingRegressor,
)
from sklearn.feature_selection import RFECV, SelectFromModel, SelectKBest, f_regression
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.linear_model import (
    ARDRegression,
    BayesianRidge,
    LinearRegression,
    LogisticRegression,
    RANSACRegressor,
    Ridge,
)
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import MultiOutputRegressor
from sklearn.neighbors import (
    KNeighborsClassifier,
    KNeighborsRegressor,
    RadiusNeighborsClassifier,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.validation import has_fit_parameter

from sklime import ImageLimeExplainer
from sklime.sampling import BernoulliSampler, enumerate_samples
from sklime.surrogate import (
    check_surrogate,
    compute_weights,
    fit_surrogate,
    fit_surrogates,
    select_segments,
)

# Before scikit-learn 1.7 voting and stacking name the weights to warn of them.
HAND_ON = not has_fit_parameter(VotingRegressor([]), "sample_weight")


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
    assert "parameter 'surrogate', CCA, fitted to targets" in caught.value.__notes__[0]
    both = np.c_[predictions, predictions]
    for selector in (SelectKBest(f_regression), SelectFromModel(BayesianRidge())):
        with pytest.raises(ValueError, match="1d array") as caught:
            select_segments(samples, both, sample_weights, selector)
        assert "'feature_selector'" in caught.value.__notes__[0]
        assert "shape (300, 2)" in caught.value.__notes__[0]


def test_two_different_rows_are_too_few_and_three_are_not():
    samples = BernoulliSampler().sample(8, 100, random_state=0)
    weights = np.zeros(100)
    weights[[0, 1, 2]] = 1
    model = fit_surrogate(samples, samples[:, 0] * 1.0, weights, KNeighborsRegressor(1))
    assert len(np.unique(model._fit_X, axis=0)) == 3
    weights[2] = 0
    with pytest.raises(ValueError, match=r"of 100 rows .* 2 were different"):
        fit_surrogate(samples, samples[:, 0] * 1.0, weights, KNeighborsRegressor(1))


def test_all_rows_there_are_may_be_two():
    samples = enumerate_samples(1)
    model = fit_surrogate(
        samples, samples[:, 0] * 1.0, np.ones(2), KNeighborsRegressor(1)
    )
    assert len(model._fit_X) == 2


# Weights of models of models


class Spy(Ridge):
    """Remember whether it was given weights."""

    seen: ClassVar[list] = []

    def fit(self, X, y, sample_weight=None):
        self.seen.append(sample_weight is not None)
        return super().fit(X, y, sample_weight)


@pytest.mark.parametrize(
    ("surrogate", "weighted"),
    [
        (VotingRegressor([("a", Spy()), ("b", Spy())]), HAND_ON),
        (StackingRegressor([("a", Spy())], Spy()), HAND_ON),
        (VotingRegressor([("a", Spy()), ("b", KNeighborsRegressor())]), False),
        (MultiOutputRegressor(Spy()), True),
        (MultiOutputRegressor(GridSearchCV(Spy(), {"alpha": [1, 2]})), False),
        (MultiOutputRegressor(TransformedTargetRegressor(Spy())), False),
        (BaggingRegressor(Spy(), n_estimators=2), True),
        (GradientBoostingRegressor(init=Spy(), n_estimators=2), True),
    ],
    ids=lambda value: str(value)[:60],
)
def test_models_of_models_get_weights_where_all_inside_take_them(
    game, surrogate, weighted
):
    samples, predictions, sample_weights = game
    Spy.seen.clear()
    fit_surrogate(samples, predictions, sample_weights, surrogate)
    assert set(Spy.seen) == {weighted}


def test_a_part_that_takes_no_weights_is_seen_wherever_it_is(game):
    samples, predictions, sample_weights = game
    for surrogate in (
        GradientBoostingRegressor(init=KNeighborsRegressor(), n_estimators=3),
        CalibratedClassifierCV(GridSearchCV(LogisticRegression(), {"C": [1.0]})),
    ):
        answers = predictions
        if hasattr(surrogate, "ensemble"):
            answers = (predictions > 0.4).astype(int)
        model = fit_surrogate(samples, answers, sample_weights, surrogate)
        assert len(model.predict(samples)) == 300


@pytest.mark.parametrize(
    "surrogate",
    [
        MultiOutputRegressor(Ridge()),
        AdaBoostRegressor(n_estimators=3),
        BaggingRegressor(Ridge(), n_estimators=3),
        VotingRegressor([("a", Ridge())]),
        GridSearchCV(Ridge(), {"alpha": [1.0]}),
        CalibratedClassifierCV(DecisionTreeClassifier(max_depth=2)),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_routed_nothing_is_fitted_to_drawn_rows(game, surrogate):
    samples, predictions, sample_weights = game
    answers = predictions
    if hasattr(surrogate, "ensemble"):
        answers = (predictions > 0.4).astype(int)
    with config_context(enable_metadata_routing=True):
        model = fit_surrogate(samples, answers, sample_weights, surrogate)
    assert len(model.predict(samples)) == 300


# Classes that are rare


@pytest.mark.parametrize(
    "surrogate",
    [
        GaussianProcessClassifier(optimizer=None),
        OneVsRestClassifier(LogisticRegression()),
        KNeighborsClassifier(1),
    ],
    ids=str,
)
def test_a_draw_leaves_no_class_out(surrogate):
    """One row in 256 has the second class; a draw has it in two cases of three."""
    samples = BernoulliSampler().sample(12, 256, random_state=0)
    classes = (np.arange(256) == 7).astype(int)
    for seed in range(10):
        model = fit_surrogate(samples, classes, np.ones(256), surrogate, seed)
        assert model.classes_.tolist() == [0, 1]


def test_several_columns_of_numbers_are_no_classes(game):
    """Rows are drawn by weight alone for them, whatever their type."""
    samples, _, sample_weights = game
    both = np.c_[np.arange(300), samples[:, 3]].astype(int)
    surrogate = KNeighborsRegressor(1)
    whole = fit_surrogate(samples, both, sample_weights, surrogate)
    assert len(whole._fit_X) == 300


@pytest.mark.parametrize("name", ["KMeans", "IsolationForest", "GaussianMixture"])
def test_what_predicts_but_does_not_learn_answers(name):
    """Numbers of clusters are no answers."""
    kinds = {
        "KMeans": KMeans,
        "IsolationForest": IsolationForest,
        "GaussianMixture": GaussianMixture,
    }
    with pytest.raises(TypeError, match=f"regressor or classifier.*Got {name}"):
        check_surrogate(kinds[name]())
    with pytest.raises(TypeError, match="regressor or classifier"):
        check_surrogate(make_pipeline(StandardScaler(), kinds[name]()))


def test_an_error_in_predict_names_the_surrogate(game):
    samples, predictions, sample_weights = game
    classes = (predictions > 0.4).astype(int)
    lonely = RadiusNeighborsClassifier(0.5)
    model = fit_surrogate(samples[:5], classes[:5], sample_weights[:5], lonely)
    with pytest.raises(ValueError, match="No neighbors found") as caught:
        compute_weights(model, samples, sample_weights, classes=[1])
    assert "'surrogate', RadiusNeighborsClassifier" in caught.value.__notes__[0]


def test_an_error_in_get_params_names_the_surrogate(game):
    class Forgetful(Ridge):
        def get_params(self, deep=True):
            raise RuntimeError("no parameters")

    with pytest.raises(RuntimeError) as caught:
        fit_surrogate(*game, Forgetful())
    note = "Raised by the parameter 'surrogate', Forgetful, about to be fitted."
    assert caught.value.__notes__ == [note]
    explainer = ImageLimeExplainer(np.mean, surrogate=Forgetful())
    with pytest.raises(RuntimeError) as caught:
        explainer.fit(np.zeros((8, 8)))
    assert "'surrogate', called as Forgetful.get_params()" in caught.value.__notes__[0]
