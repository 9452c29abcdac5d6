"""Signed weights on one scale, read from any surrogate."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import (
    ARDRegression,
    BayesianRidge,
    ElasticNet,
    HuberRegressor,
    Lasso,
    LinearRegression,
    LogisticRegression,
    PoissonRegressor,
    Ridge,
    RidgeClassifier,
    SGDRegressor,
)
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from sklime.sampling import enumerate_samples
from sklime.surrogate import (
    compute_average_effects,
    compute_weights,
    fit_surrogate,
    respond,
)

LINEAR = [
    Ridge(),
    LinearRegression(),
    Lasso(0.001),
    ElasticNet(0.001),
    BayesianRidge(),
    HuberRegressor(),
    SGDRegressor(),
    ARDRegression(),
    SVR(kernel="linear"),
    make_pipeline(StandardScaler(), Ridge()),
]


@pytest.mark.parametrize("surrogate", LINEAR, ids=lambda model: str(model)[:20])
def test_average_effect_equals_coef_of_a_linear_model(game, surrogate):
    samples, predictions, sample_weights = game
    model = fit_surrogate(samples, predictions, sample_weights, surrogate)
    effects = compute_average_effects(model, samples, sample_weights)
    weights, _ = compute_weights(model, samples, sample_weights)
    np.testing.assert_allclose(weights, effects, atol=1e-10)
    if hasattr(model, "coef_"):
        np.testing.assert_allclose(effects, np.ravel(model.coef_), atol=1e-10)
    else:
        slope = model[-1].coef_ / model[0].scale_
        np.testing.assert_allclose(effects, slope, atol=1e-10)


@pytest.mark.parametrize("surrogate", LINEAR, ids=lambda model: str(model)[:20])
@pytest.mark.parametrize(
    "wrap", [make_pipeline, lambda model: GridSearchCV(model, {}, cv=2)]
)
def test_it_does_so_through_a_pipeline_and_a_search(game, surrogate, wrap):
    samples, predictions, sample_weights = game
    bare = fit_surrogate(samples, predictions, sample_weights, surrogate)
    wrapped = fit_surrogate(samples, predictions, sample_weights, wrap(surrogate))
    expected, intercept = compute_weights(bare, samples, sample_weights)
    found, other = compute_weights(wrapped, samples, sample_weights)
    # not all give the same seed to the model inside; those get compared to their own
    inner = wrapped.best_estimator_ if hasattr(wrapped, "cv") else wrapped[0]
    if hasattr(inner, "random_state") and inner.random_state is not None:
        expected, intercept = compute_weights(inner, samples, sample_weights)
    np.testing.assert_allclose(found, expected, atol=1e-10)
    assert other == pytest.approx(intercept, abs=1e-10)


def test_a_log_scale_coef_is_not_taken_for_the_effect(game):
    samples, predictions, sample_weights = game
    model = fit_surrogate(
        samples, predictions + 1, sample_weights, PoissonRegressor(alpha=1e-6)
    )
    weights, intercept = compute_weights(model, samples, sample_weights)
    assert abs(weights - model.coef_).max() > 0.01
    assert intercept == pytest.approx(np.exp(model.intercept_))
    # 0.6 / 1.7 on the log scale, 0.6 on the black box's own
    assert weights[3] == pytest.approx(0.6, abs=0.1)


def test_effects_of_a_tree_by_hand():
    """For z0 and z1, learnt exactly: showing z0 adds 1 where z1 is shown."""
    samples = enumerate_samples(3)
    predictions = (samples[:, 0] & samples[:, 1]).astype(float)
    weights = np.array([8.0, 1, 1, 1, 2, 1, 1, 1])
    model = fit_surrogate(samples, predictions, weights, DecisionTreeRegressor())
    effects = compute_average_effects(model, samples, weights)
    shown = samples.T @ weights / weights.sum()
    np.testing.assert_allclose(effects, [shown[1], shown[0], 0], atol=1e-15)
    assert effects[2] == 0


def test_a_tree_gives_exactly_zero_to_what_it_never_splits_on(game):
    samples, predictions, sample_weights = game
    tree = DecisionTreeRegressor(max_depth=2, random_state=0)
    model = fit_surrogate(samples, predictions, sample_weights, tree)
    weights, intercept = compute_weights(model, samples, sample_weights)
    used = np.unique(model.tree_.feature[model.tree_.feature >= 0])
    assert set(np.flatnonzero(weights)) == set(used)
    assert intercept == model.predict(np.zeros((1, 12)))[0]


def test_a_coef_that_does_not_predict_is_not_believed(game):
    class Crooked(Ridge):
        """Predicts a little more than its coefficients say."""

        def predict(self, X):
            return super().predict(X) + 0.001 * X[:, 0]

    samples, predictions, sample_weights = game
    model = fit_surrogate(samples, predictions, sample_weights, Crooked())
    weights, _ = compute_weights(model, samples, sample_weights)
    assert weights[0] == pytest.approx(model.coef_[0] + 0.001, abs=1e-12)


def test_importance_getter(game):
    samples, predictions, sample_weights = game
    forest = RandomForestRegressor(5, random_state=0)
    model = fit_surrogate(samples, predictions, sample_weights, forest)
    weights, _ = compute_weights(model, samples, sample_weights, "feature_importances_")
    np.testing.assert_array_equal(weights, model.feature_importances_)
    doubled, _ = compute_weights(
        model, samples, sample_weights, lambda fitted: 2 * fitted.feature_importances_
    )
    np.testing.assert_array_equal(doubled, 2 * weights)


@pytest.mark.parametrize(
    ("getter", "message"),
    [
        ("coef_", "importance_getter must be 'auto'.*'coef_'.*no attribute"),
        (lambda model: np.ones(3), "each of the 12 segments.*gave 3"),
        (lambda model: np.full(12, np.nan), "must give finite weights"),
    ],
)
def test_importance_getter_that_gives_nothing(game, getter, message):
    samples, predictions, sample_weights = game
    model = fit_surrogate(
        samples, predictions, sample_weights, DecisionTreeRegressor(max_depth=2)
    )
    with pytest.raises(ValueError, match=message):
        compute_weights(model, samples, sample_weights, getter)


# Classifiers and several labels


@pytest.fixture(scope="module")
def three_classes(game):
    """Class 2 where segment 3 is shown, else class 1 where 7 is, else class 5."""
    samples = game[0]
    return samples, np.where(samples[:, 3], 2, np.where(samples[:, 7], 1, 5))


def test_effects_are_on_the_probability_of_each_class(game, three_classes):
    samples, classes = three_classes
    model = fit_surrogate(samples, classes, game[2], DecisionTreeClassifier())
    weights, intercepts = compute_weights(model, samples, game[2], classes=[5, 2, 1, 0])
    shown = samples.T @ game[2] / game[2].sum()
    expected = np.zeros((4, 12))
    expected[:3, 3] = [-(1 - shown[7]), 1, -shown[7]]
    expected[0, 7], expected[2, 7] = -(1 - shown[3]), 1 - shown[3]
    np.testing.assert_allclose(weights, expected, atol=1e-12)
    assert intercepts.tolist() == [1, 0, 0, 0]


def test_without_probabilities_effects_are_on_the_prediction(game, three_classes):
    samples, classes = three_classes
    tree = fit_surrogate(samples, classes, game[2], DecisionTreeClassifier())
    crisp = fit_surrogate(samples, classes, game[2], RidgeClassifier())
    assert not hasattr(crisp, "predict_proba")
    both = [compute_weights(m, samples, game[2], classes=[2])[0] for m in (tree, crisp)]
    np.testing.assert_allclose(*both, atol=0.1)


def test_the_coef_of_two_classes_belongs_to_the_second(game):
    samples, predictions, sample_weights = game
    classes = (predictions > 0.4).astype(int)
    model = fit_surrogate(samples, classes, sample_weights, LogisticRegression())
    weights, _ = compute_weights(model, samples, sample_weights, "coef_", [0, 1])
    np.testing.assert_array_equal(weights, [-model.coef_[0], model.coef_[0]])
    forest = fit_surrogate(samples, classes, sample_weights, RandomForestClassifier(5))
    weights, _ = compute_weights(
        forest, samples, sample_weights, "feature_importances_", [0, 1]
    )
    np.testing.assert_array_equal(weights, [forest.feature_importances_] * 2)


def test_the_coef_of_several_classes_goes_by_class(game, three_classes):
    samples, classes = three_classes
    model = fit_surrogate(samples, classes, game[2], LogisticRegression())
    weights, _ = compute_weights(model, samples, game[2], "coef_", [5, 1, 9])
    np.testing.assert_array_equal(
        weights, [model.coef_[2], model.coef_[0], np.zeros(12)]
    )


def test_several_targets_have_a_row_each(game):
    samples, predictions, sample_weights = game
    both = np.c_[predictions, 2 * samples[:, 5]]
    for surrogate in (Ridge(), DecisionTreeRegressor(), LinearRegression()):
        model = fit_surrogate(samples, both, sample_weights, surrogate)
        weights, intercepts = compute_weights(model, samples, sample_weights)
        assert weights.shape == (2, 12)
        assert weights.argmax(axis=1).tolist() == [3, 5]
        hidden = model.predict(np.zeros((1, 12)))
        np.testing.assert_allclose(intercepts, hidden[0], atol=1e-12)
    without = LinearRegression(fit_intercept=False)  # its intercept_ is one 0.0
    model = fit_surrogate(samples, both, sample_weights, without)
    weights, intercepts = compute_weights(model, samples, sample_weights)
    np.testing.assert_array_equal(weights, model.coef_)
    assert intercepts.tolist() == [0, 0]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_answers_that_are_no_numbers_are_counted(bad):
    class Broken:
        def predict(self, X):
            return np.where(X.any(axis=1), 1.0, bad)

    with pytest.raises(ValueError, match="Broken gave NaN or infinity for 1 of 8 pert"):
        respond(Broken(), enumerate_samples(3).astype(float))


def test_a_coef_that_is_a_little_off_is_not_believed(game):
    class Crooked(Ridge):
        def predict(self, X):
            return super().predict(X) + 1e-6 * X[:, 0]

    samples, predictions, sample_weights = game
    model = fit_surrogate(samples, predictions, sample_weights, Crooked())
    weights, _ = compute_weights(model, samples, sample_weights)
    assert weights[0] == pytest.approx(model.coef_[0] + 1e-6, abs=1e-12)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_weights_that_are_not_finite(game, bad):
    samples, predictions, sample_weights = game
    model = fit_surrogate(samples, predictions, sample_weights, Ridge())
    with pytest.raises(ValueError, match="must give finite weights"):
        compute_weights(model, samples, sample_weights, lambda m: np.full(12, bad))


def test_weights_are_an_array_of_ones_own(game):
    samples, predictions, sample_weights = game
    classes = (predictions > 0.4).astype(int)
    forest = fit_surrogate(samples, classes, sample_weights, RandomForestClassifier(5))
    weights, _ = compute_weights(
        forest, samples, sample_weights, "feature_importances_", [0, 1]
    )
    weights[0] = 0  # of its own
    np.testing.assert_array_equal(weights[1], forest.feature_importances_)


def test_one_row_of_importances_serves_every_class(game):
    samples = game[0]
    classes = np.where(samples[:, 3], 2, np.where(samples[:, 7], 1, 5))
    model = fit_surrogate(samples, classes, game[2], DecisionTreeClassifier())
    row = model.feature_importances_[np.newaxis]
    weights, _ = compute_weights(model, samples, game[2], lambda m: row, [5, 1])
    np.testing.assert_array_equal(weights, np.repeat(row, 2, axis=0))


def test_it_counts_what_the_getter_gave(game):
    samples = game[0]
    classes = np.where(samples[:, 3], 2, np.where(samples[:, 7], 1, 5))
    model = fit_surrogate(samples, classes, game[2], LogisticRegression())
    with pytest.raises(ValueError, match=r"each of the 12 segments.* gave 15"):
        compute_weights(model, samples, game[2], lambda m: np.ones((3, 5)), [5])


def test_rows_of_pairs_of_classes_are_no_rows_of_classes(game, three_classes):
    """Three classes make three pairs, and a support vector machine a row for each."""
    samples, classes = three_classes
    model = fit_surrogate(samples, classes, game[2], SVC(kernel="linear"))
    assert model.coef_.shape == (3, 12)
    with pytest.raises(ValueError, match="belong to pairs of classes"):
        compute_weights(model, samples, game[2], "coef_", [5, 2, 1])
    two = fit_surrogate(samples, classes == 2, game[2], SVC(kernel="linear"))
    weights, _ = compute_weights(two, samples, game[2], "coef_", [True])
    np.testing.assert_array_equal(weights, two.coef_)


@pytest.mark.parametrize("getter", ["predict", lambda model: "x", lambda: None])
def test_an_error_in_a_getter_names_it(game, getter):
    samples, predictions, sample_weights = game
    model = fit_surrogate(samples, predictions, sample_weights, Ridge())
    with pytest.raises((TypeError, ValueError)) as caught:
        compute_weights(model, samples, sample_weights, getter)
    notes = getattr(caught.value, "__notes__", [])
    assert "importance_getter" in str([str(caught.value), *notes])


def test_an_error_in_coef_names_the_surrogate(game):
    class Broken(DecisionTreeRegressor):
        @property
        def coef_(self):
            raise RuntimeError("not converged")

    samples, predictions, sample_weights = game
    model = fit_surrogate(samples, predictions, sample_weights, Broken())
    with pytest.raises(RuntimeError, match="not converged") as caught:
        compute_weights(model, samples, sample_weights)
    note = "Raised by the parameter 'surrogate', Broken, asked for coef_."
    assert caught.value.__notes__ == [note]
