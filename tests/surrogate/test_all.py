"""Any regressor gives signed weights for every label, against closed forms."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, RegressorMixin, clone
from sklearn.cross_decomposition import CCA, PLSCanonical
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import (
    GradientBoostingRegressor,
    RandomForestRegressor,
)
from sklearn.linear_model import (
    LinearRegression,
    LogisticRegression,
    MultiTaskLasso,
    Ridge,
    RidgeClassifier,
)
from sklearn.model_selection import KFold
from sklearn.neighbors import KNeighborsRegressor, RadiusNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from sklime.locality import weigh_samples
from sklime.sampling import BernoulliSampler
from sklime.surrogate import (
    fit_surrogates,
)


def test_the_closed_form_is_that_of_the_paper(closed_form):
    """Values computed elsewhere from the authors' published code."""
    form = closed_form(8)
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
def test_least_squares_equals_the_closed_form(all_eight, closed_form, p):
    samples, sample_weights = all_eight
    predictions = samples[:, :p].all(axis=1).astype(float)
    fit = fit_surrogates(
        samples, predictions[:, None], sample_weights, LinearRegression()
    )
    intercept, needed, other = closed_form(8).product(p)
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


def test_the_surrogate_is_cloned_and_each_label_has_its_own(game):
    """Traps L10 of lime, C9 of Captum: one object, refitted for every label."""
    samples, predictions, sample_weights = game
    mine = RandomForestRegressor(5)  # without a length until it is fitted
    both = np.c_[predictions, -predictions]
    fit = fit_surrogates(samples, both, sample_weights, mine)
    assert not hasattr(mine, "estimators_")
    assert mine.random_state is None
    assert fit.surrogates[0] is not fit.surrogates[1]
    assert fit.weights[0, 3] > 0.3
    assert fit.weights[1, 3] < -0.3


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


def test_the_penalty_is_the_user_s_choice(closed_form):
    """Trap L22 of lime: it is 1 whatever the weights of the samples add up to.

    So it is in our default, for the same numbers as lime's. Under a narrow kernel it
    leaves next to nothing of an effect of .6, which least squares finds.
    """
    samples = BernoulliSampler().sample(12, 400, random_state=0)
    answers = 0.6 * samples[:, [3]]
    weights = weigh_samples(samples, kernel_width=0.04)[1]
    assert weights.sum() < 5
    shrunken = fit_surrogates(samples, answers, weights)
    assert shrunken.weights[0, 3] < 0.1
    for surrogate in (LinearRegression(), Ridge(1e-6 * weights.sum())):
        fit = fit_surrogates(samples, answers, weights, surrogate)
        assert fit.weights[0, 3] == pytest.approx(0.6, abs=1e-3)
        assert fit.fidelity[0] > 0.999


@pytest.mark.parametrize("surrogate", [Ridge(), DecisionTreeRegressor()])
def test_a_constant_black_box_in_single_precision(surrogate):
    """Its rounding is 5e8 times coarser: weights of 1e-8 rested on nothing."""
    samples = BernoulliSampler().sample(16, 200, random_state=0)
    scores = np.random.RandomState(0).uniform(1, 2, size=(200, 1)).astype(np.float32)
    odds = np.exp(np.concatenate([scores, scores + 1], axis=1))
    outputs = odds / odds.sum(axis=1, keepdims=True)
    assert 0 < np.ptp(outputs[:, 0]) < 1e-6
    fit = fit_surrogates(samples, outputs, np.ones(200), surrogate)
    assert not fit.weights.any()
    assert fit.fidelity.tolist() == [1, 1]


# One surrogate for all labels


@pytest.fixture(scope="module")
def three_outputs(game):
    """The first wins where 3 is shown, else the second where 7 is; never the third."""
    z = game[0].astype(float)
    return np.c_[z[:, 3], 0.4 * z[:, 7] + 0.3, np.full(300, 0.25)]


def test_one_tree_for_all_labels(game, three_outputs):
    """LIMEtree, Sokol and Flach 2020: its leaves have a value for each label."""
    fit = fit_surrogates(
        game[0],
        three_outputs,
        game[2],
        DecisionTreeRegressor(max_depth=2),
        label_indices=[1, 0],
        multi_output=True,
    )
    tree = fit.surrogates[0]
    assert fit.surrogates[1] is tree
    assert tree.n_outputs_ == 2
    apart = fit_surrogates(
        game[0],
        three_outputs,
        game[2],
        DecisionTreeRegressor(max_depth=2),
        label_indices=[1, 0],
    )
    np.testing.assert_allclose(fit.weights, apart.weights, atol=1e-12)
    np.testing.assert_allclose(fit.fidelity, apart.fidelity, atol=1e-12)
    np.testing.assert_allclose(fit.local_predictions, apart.local_predictions)


@pytest.mark.parametrize("label_indices", [[0], [0, 1]])
def test_forests_take_one_label_or_several(game, three_outputs, label_indices):
    fit = fit_surrogates(
        game[0],
        three_outputs,
        game[2],
        RandomForestRegressor(5),
        label_indices=label_indices,
        multi_output=True,
    )
    assert fit.weights.argmax(axis=1).tolist() == [3, 7][: len(label_indices)]


@pytest.mark.parametrize("surrogate", [CCA(), PLSCanonical(), MultiTaskLasso(0.001)])
def test_models_that_want_several_targets_serve_with_several(
    game, three_outputs, surrogate
):
    fit = fit_surrogates(
        game[0],
        three_outputs,
        game[2],
        surrogate,
        label_indices=[0, 1],
        multi_output=True,
    )
    assert fit.weights.argmax(axis=1).tolist() == [3, 7]


def test_a_classifier_explains_all_labels_at_once(game, three_outputs):
    fit = fit_surrogates(game[0], three_outputs, game[2], DecisionTreeClassifier())
    assert fit.surrogates[0] is fit.surrogates[1]
    assert fit.surrogates[0].classes_.tolist() == [0, 1]
    assert fit.weights[0].argmax() == 3
    assert fit.weights[1].argmin() == 3
    assert fit.fidelity.tolist() == [1, 1, 1]
    assert fit.local_predictions.tolist() == [1, 0, 0]
    assert not fit.weights[2].any()  # the third is never the predicted class


def test_one_versus_rest_has_a_classifier_for_each_label(game, three_outputs):
    """Trap F9 of FAT Forensics: it breaks where no perturbation has the class."""
    fit = fit_surrogates(
        game[0],
        three_outputs,
        game[2],
        RidgeClassifier(),
        target="one-vs-rest",
    )
    assert len({id(surrogate) for surrogate in fit.surrogates}) == 3
    assert fit.weights[0].argmax() == 3
    assert fit.weights[1].argmin() == 3
    assert not fit.weights[2].any()
    assert fit.local_predictions.tolist() == [1, 0, 0]
    assert fit.fidelity[2] == 1


def test_a_regressor_of_the_predicted_class(game, three_outputs):
    fit = fit_surrogates(game[0], three_outputs, game[2], target="one-vs-rest")
    indicator = three_outputs.argmax(axis=1) == 0
    ridge = Ridge().fit(game[0], indicator, game[2])
    np.testing.assert_allclose(fit.weights[0], ridge.coef_, atol=1e-12)


@pytest.mark.parametrize("target", ["auto", "one-vs-rest"])
@pytest.mark.parametrize(
    "surrogate", [LogisticRegression(), RidgeClassifier(), DecisionTreeClassifier()]
)
def test_a_single_class(game, surrogate, target):
    """Trap F9 of FAT Forensics: IndexError from the reader of coefficients."""
    fit = fit_surrogates(
        game[0], np.full((300, 2), [0.7, 0.3]), game[2], surrogate, target=target
    )
    assert not fit.weights.any()
    assert fit.local_predictions.tolist() == [1, 0]
    assert fit.fidelity.tolist() == [1, 1]


def test_a_class_that_a_fold_does_not_see(game):
    """One row of 300 has the second class: four folds learn it, one does not."""
    outputs = np.tile([0.7, 0.3], (300, 1))
    outputs[17] = outputs[17, ::-1]
    fit = fit_surrogates(game[0], outputs, game[2], LogisticRegression())
    assert np.isfinite(fit.fidelity).all()
    assert np.isfinite(fit.weights).all()


def test_fidelity_of_a_classifier_is_brier_s_skill(game, three_outputs):
    model = LogisticRegression(C=0.1)
    fit = fit_surrogates(game[0], three_outputs, game[2], model, random_state=4)
    won = three_outputs.argmax(axis=1) == 0
    guesses = np.empty(300)
    for train, test in KFold(5, shuffle=True, random_state=4).split(guesses):
        clone_of_it = clone(model).fit(
            game[0][train], ~won[train], sample_weight=game[2][train]
        )
        guesses[test] = clone_of_it.predict_proba(game[0][test])[:, 0]
    brier = np.average((won - guesses) ** 2, weights=game[2])
    share = np.average(won, weights=game[2])
    expected = 1 - brier / (share * (1 - share))
    assert fit.fidelity[0] == pytest.approx(expected, abs=1e-6)


def test_a_surrogate_that_answers_with_nothing(game):
    samples, predictions, sample_weights = game
    lonely = RadiusNeighborsRegressor(0.5)
    with (
        pytest.warns(UserWarning, match="neighbors"),
        pytest.raises(ValueError, match="RadiusNeighborsRegressor gave NaN or inf"),
    ):
        fit_surrogates(samples, predictions[:, None], sample_weights, lonely)


def test_the_seed_reaches_the_surrogate(game):
    tree = DecisionTreeRegressor(max_features=2)
    seeds = [
        fit_surrogates(game[0], game[1][:, None], game[2], tree, random_state=seed)
        .surrogates[0]
        .random_state
        for seed in (0, 0, 1)
    ]
    assert seeds[0] == seeds[1] != seeds[2]


def test_a_surrogate_is_asked_about_numbers(game):
    class Negating(RegressorMixin, BaseEstimator):
        """Numpy has no minus for a bool."""

        def fit(self, X, y):
            return self

        def predict(self, X):
            return -X[:, 0]

    fit = fit_surrogates(game[0], game[1][:, None], game[2], Negating())
    assert fit.weights[0].tolist() == [-1] + [0] * 11


def test_a_small_effect_is_no_rounding_error():
    samples = BernoulliSampler().sample(10, 64, random_state=0)
    answers = 1 + 1e-11 * samples[:, [3]]
    fit = fit_surrogates(samples, answers, np.ones(64), LinearRegression())
    assert fit.weights[0, 3] == pytest.approx(1e-11, rel=1e-3)


def test_surrogates_are_fitted_on_one_thread(game):
    from threadpoolctl import threadpool_info, threadpool_limits

    class Watching(Ridge):
        def fit(self, X, y, sample_weight=None):
            seen.update(
                p["num_threads"] for p in threadpool_info() if p["user_api"] == "blas"
            )
            return super().fit(X, y, sample_weight)

    seen = set()
    with threadpool_limits(2):
        fit_surrogates(game[0], game[1][:, None], game[2], Watching())
    assert seen == {1}
