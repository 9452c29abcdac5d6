"""Any regressor becomes signed weights on one scale, against closed forms."""

from math import comb

import numpy as np
import pytest
from sklearn import config_context
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import (
    BaggingRegressor,
    GradientBoostingRegressor,
    RandomForestRegressor,
    StackingRegressor,
    VotingRegressor,
)
from sklearn.feature_selection import RFECV
from sklearn.linear_model import (
    ARDRegression,
    BayesianRidge,
    ElasticNet,
    HuberRegressor,
    Lasso,
    LinearRegression,
    LogisticRegression,
    PoissonRegressor,
    RANSACRegressor,
    Ridge,
    SGDRegressor,
)
from sklearn.metrics import r2_score
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeRegressor

from sklime.locality import weigh_samples
from sklime.sampling import BernoulliSampler, enumerate_samples
from sklime.surrogate import (
    check_surrogate,
    compute_average_effects,
    compute_fidelity,
    compute_weights,
    fit_surrogate,
    fit_surrogates,
)


class ClosedForm:
    """The limit of LIME for d segments, by Garreau and Mardaoui (ICML 2021).

    The moments of the weights under fair coins, and what weighted least squares
    makes of a product of p segments ("all of them are needed").
    """

    def __init__(self, d, width=0.25):
        hidden = np.arange(d + 1) / d
        psi = np.exp(-((1 - np.sqrt(1 - hidden)) ** 2) / (2 * width**2))
        self.d = d
        self.alpha = [
            sum(comb(d - p, s) * psi[s] for s in range(d - p + 1)) / 2**d
            for p in range(d + 1)
        ]
        a0, a1, a2 = self.alpha[:3]
        self.c = (d - 1) * a0 * a2 - d * a1**2 + a0 * a1
        self.sigma = [
            (d - 1) * a2 + a1,
            -a1,
            ((d - 2) * a0 * a2 - (d - 1) * a1**2 + a0 * a1) / (a1 - a2),
            (a1**2 - a0 * a2) / (a1 - a2),
        ]

    def product(self, p):
        """Return intercept, weight of a needed and of any other segment."""
        s0, s1, s2, s3 = self.sigma
        a, b = self.alpha[p], self.alpha[p + 1]
        d = self.d
        return (
            (s0 * a + p * s1 * a + (d - p) * s1 * b) / self.c,
            (s1 * a + s2 * a + (p - 1) * s3 * a + (d - p) * s3 * b) / self.c,
            (s1 * a + s2 * b + p * s3 * a + (d - p - 1) * s3 * b) / self.c,
        )


@pytest.fixture(scope="module")
def all_eight():
    """All 256 combinations of 8 segments and their weights."""
    samples = enumerate_samples(8)
    return samples, weigh_samples(samples)[1]


def test_the_closed_form_is_that_of_the_paper():
    """Values computed elsewhere from the authors' published code."""
    form = ClosedForm(8)
    assert form.alpha[0] == pytest.approx(0.502207790571311, rel=1e-13)
    assert form.alpha[5] == pytest.approx(0.0281418810520585, rel=1e-13)
    assert form.c == pytest.approx(0.0475171672446239, rel=1e-12)
    assert form.product(2) == pytest.approx(
        (-0.367926527504223, 0.593581080899643, 0.00224652680780833), rel=1e-11
    )
    assert form.product(3) == pytest.approx(
        (-0.429987344064642, 0.345090677204214, 0.00385522186088002), rel=1e-11
    )


@pytest.mark.parametrize("p", [1, 2, 3])
def test_least_squares_equals_the_closed_form(all_eight, p):
    samples, sample_weights = all_eight
    predictions = samples[:, :p].all(axis=1).astype(float)
    fit = fit_surrogates(
        samples, predictions[:, None], sample_weights, LinearRegression()
    )
    intercept, needed, other = ClosedForm(8).product(p)
    np.testing.assert_allclose(fit.weights[0, :p], needed, atol=1e-12)
    np.testing.assert_allclose(fit.weights[0, p:], other, atol=1e-12)
    assert fit.intercepts[0] == pytest.approx(intercept, abs=1e-12)


def test_least_squares_recovers_a_linear_black_box(all_eight):
    samples, sample_weights = all_eight
    truth = np.arange(8) / 10
    predictions = 0.3 + samples @ truth
    fit = fit_surrogates(
        samples, predictions[:, None], sample_weights, LinearRegression()
    )
    np.testing.assert_allclose(fit.weights[0], truth, atol=1e-12)
    assert fit.intercepts[0] == pytest.approx(0.3, abs=1e-12)
    assert fit.local_predictions[0] == pytest.approx(3.1, abs=1e-12)
    assert fit.fidelity[0] == pytest.approx(1, abs=1e-12)


@pytest.fixture(scope="module")
def game():
    """300 rows of 12 segments, a black box with interactions, and weights."""
    samples = BernoulliSampler().sample(12, 300, random_state=0)
    z = samples.astype(float)
    predictions = 0.1 + 0.6 * z[:, 3] - 0.3 * z[:, 7] + 0.2 * z[:, 1] * z[:, 2]
    return samples, predictions, weigh_samples(samples)[1]


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


NON_LINEAR = [
    DecisionTreeRegressor(),
    DecisionTreeRegressor(max_depth=4),
    RandomForestRegressor(20),
    GradientBoostingRegressor(n_estimators=40),
    KNeighborsRegressor(3),
    SVR(),
    make_pipeline(PolynomialFeatures(2), Ridge(0.01)),
]


@pytest.mark.parametrize("surrogate", NON_LINEAR, ids=lambda model: str(model)[:30])
def test_any_regressor_finds_the_planted_segments(game, surrogate):
    samples, predictions, sample_weights = game
    fit = fit_surrogates(samples, predictions[:, None], sample_weights, surrogate)
    weights = fit.weights[0]
    assert weights.argmax() == 3
    assert weights.argmin() == 7
    assert 0.25 < weights[3] < 0.8  # planted: 0.6; neighbours and depth 4 smooth


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


def test_the_surrogate_is_cloned_and_each_label_has_its_own(game):
    """Trap of lime: one object, refitted for every label and left fitted."""
    samples, predictions, sample_weights = game
    mine = RandomForestRegressor(5)  # without a length until it is fitted
    both = np.c_[predictions, -predictions]
    fit = fit_surrogates(samples, both, sample_weights, mine)
    assert not hasattr(mine, "estimators_")
    assert mine.random_state is None
    assert fit.surrogates[0] is not fit.surrogates[1]
    assert fit.weights[0, 3] > 0.3
    assert fit.weights[1, 3] < -0.3


def test_weights_reach_the_surrogate_whichever_way_it_takes_them(game):
    """Trap of Captum: after a TypeError the surrogate was fitted unweighted."""
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


def test_a_coef_that_does_not_predict_is_not_believed(game):
    class Crooked(Ridge):
        """Predicts a little more than its coefficients say."""

        def predict(self, X):
            return super().predict(X) + 0.001 * X[:, 0]

    samples, predictions, sample_weights = game
    model = fit_surrogate(samples, predictions, sample_weights, Crooked())
    weights, _ = compute_weights(model, samples, sample_weights)
    assert weights[0] == pytest.approx(model.coef_[0] + 0.001, abs=1e-12)


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


@pytest.mark.parametrize("surrogate", [Ridge(), DecisionTreeRegressor(random_state=0)])
def test_fidelity_is_held_out_pooled_and_weighted(game, surrogate):
    """Trap of lime: its score is in-sample R²."""
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


@pytest.mark.parametrize("constant", [0, 0.1, 1 / 3, 123.4, -1e-9])
@pytest.mark.parametrize(
    "surrogate",
    [Ridge(), DecisionTreeRegressor(), KNeighborsRegressor(), DummyRegressor()],
    ids=lambda model: type(model).__name__,
)
def test_a_constant_black_box_up_to_rounding(surrogate, constant):
    """Ridge had a fidelity of -11 and a tree .6 on nothing but rounding errors."""
    samples = BernoulliSampler().sample(20, 100, random_state=0)
    noise = 1 + 1e-15 * np.random.RandomState(0).uniform(-1, 1, size=(100, 1))
    weights = weigh_samples(samples)[1]
    fit = fit_surrogates(samples, constant * noise, weights, surrogate)
    assert not fit.weights.any()
    assert fit.fidelity[0] == 1
    assert fit.local_predictions[0] == pytest.approx(constant)


def test_what_is_no_surrogate():
    class Mute:
        def fit(self, X, y):
            return self

        def get_params(self, deep=True):
            return {}

    for bad in (Mute(), Ridge, "ridge", LogisticRegression(), StandardScaler()):
        with pytest.raises(
            TypeError, match="surrogate must be a scikit-learn regressor"
        ):
            check_surrogate(bad)
    assert check_surrogate(None).alpha == 1.0
    stack = StackingRegressor([("ridge", Ridge())])  # no `predict` until fitted
    assert check_surrogate(stack) is stack
