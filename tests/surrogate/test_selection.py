"""Few segments, chosen as lime chooses them, without a fit for every candidate."""

import warnings

import numpy as np
import pytest
from sklearn import config_context
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.feature_selection import (
    RFE,
    RFECV,
    SelectFromModel,
    SelectKBest,
    SequentialFeatureSelector,
    f_classif,
    f_regression,
)
from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsRegressor
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from sklime.locality import weigh_samples
from sklime.sampling import BernoulliSampler, enumerate_samples
from sklime.surrogate import (
    SELECTIONS,
    check_selection,
    fit_surrogates,
    select_forward,
    select_highest_weights,
    select_lasso_path,
    select_segments,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # lime escapes strings in an old way
    lime_base = pytest.importorskip("lime.lime_base")


def make_problem(seed):
    """Return samples, a noisy answer with interactions, and weights."""
    rng = np.random.RandomState(seed)
    d = rng.randint(8, 26)
    samples = BernoulliSampler().sample(d, rng.randint(60, 300), random_state=seed)
    z = samples.astype(float)
    answers = z @ rng.normal(size=d) * (rng.uniform(size=d) < 0.5).mean()
    answers += 2 * z[:, 0] * z[:, 1] - z[:, 2] * z[:, 3]
    answers += rng.normal(scale=0.3, size=len(z))
    return samples, answers, weigh_samples(samples)[1]


@pytest.mark.parametrize("name", SELECTIONS)
@pytest.mark.parametrize("seed", range(20))
def test_lime_chooses_the_same(name, seed):
    samples, answers, weights = make_problem(seed)
    lime = lime_base.LimeBase(kernel_fn=None, random_state=0)
    for k in (1, 3, 7):
        theirs = lime.feature_selection(
            samples.astype(float), answers, weights, k, name
        )
        ours = SELECTIONS[name](samples, answers, weights, k)
        if name == "lasso_path":  # theirs come in the order of the columns
            assert sorted(ours) == sorted(theirs)
        else:
            assert ours.tolist() == theirs.tolist()


@pytest.mark.parametrize("k", [5, 6, 7, 9])
def test_lime_s_auto(k):
    lime_base = pytest.importorskip("lime.lime_base")
    samples, answers, weights = make_problem(4)
    lime = lime_base.LimeBase(kernel_fn=None, random_state=0)
    theirs = lime.feature_selection(samples.astype(float), answers, weights, k, "auto")
    chosen = select_segments(samples, answers, weights, max_segments=k)
    assert np.flatnonzero(chosen).tolist() == sorted(theirs)


def test_forward_selection_leaves_the_smallest_error_at_every_step():
    """Against plain weighted least squares for every candidate, two labels at once."""
    samples, answers, weights = make_problem(11)
    both = np.c_[answers, samples[:, 5] * answers.std()]

    def error(columns):
        model = LinearRegression().fit(samples[:, columns], both, weights)
        return weights @ ((both - model.predict(samples[:, columns])) ** 2).sum(axis=1)

    found = select_forward(samples, both, weights, 6).tolist()
    for step in range(6):
        rest = [j for j in range(samples.shape[1]) if j not in found[:step]]
        best = min(rest, key=lambda j: error([*found[:step], j]))
        assert found[step] == best


def test_a_copy_of_a_chosen_segment_is_not_worth_choosing():
    """Columns that say the same leave a rounding error as their variance."""
    samples, answers, weights = make_problem(0)
    samples = samples.copy()
    samples[:, 4] = samples[:, 0]
    samples[:, 6] = ~samples[:, 1]
    d = samples.shape[1]
    order = select_forward(samples, answers, weights, d)
    assert sorted(order) == list(range(d))
    last = set(order[-2:].tolist())
    assert len(last & {0, 4}) == 1
    assert len(last & {1, 6}) == 1


@pytest.mark.parametrize("k", [1, 3])
def test_the_limit_is_kept_on_a_constant_answer(k):
    """Trap L19 of lime: its lasso path kept all segments there."""
    samples, _, weights = make_problem(1)
    for select in SELECTIONS.values():
        assert len(select(samples, np.full(len(samples), 0.3), weights, k)) <= k


@pytest.mark.parametrize("name", SELECTIONS)
def test_the_limit_is_kept_where_all_segments_are_alike(name):
    """All of them enter a lasso path at the same penalty."""
    samples = enumerate_samples(6)
    answers = samples.sum(axis=1).astype(float)
    for k in (1, 2, 5):
        chosen = SELECTIONS[name](samples, answers, weigh_samples(samples)[1], k)
        assert 1 <= len(set(chosen)) <= k


def test_the_order_of_choice_is_told():
    """Trap V22 of VisuaLIME: "descending weight" came in the order of columns."""
    samples = enumerate_samples(5)
    answers = samples @ [0.1, -0.5, 0.0, 0.3, 0.2]
    ones = np.ones(32)
    assert select_highest_weights(samples, answers, ones, 4).tolist() == [1, 3, 4, 0]
    assert select_forward(samples, answers, ones, 4).tolist() == [1, 3, 4, 0]
    assert select_lasso_path(samples, answers, ones, 3).tolist() == [1, 3, 4]


@pytest.mark.parametrize("name", SELECTIONS)
def test_weights_count_in_every_selection(name):
    """Trap V22 of VisuaLIME: its LARS ignores them, and the intercept.

    Half of the rows, which weigh nothing, say that segment 0 matters.
    """
    samples = BernoulliSampler().sample(8, 200, random_state=0)
    half = np.arange(200) % 2 == 0
    answers = 7 + np.where(half, 3 * samples[:, 5], 50 * samples[:, 0])
    chosen = SELECTIONS[name](samples, answers, half.astype(float), 1)
    assert chosen.tolist() == [5]


# Inside a fit


@pytest.mark.parametrize(("share", "count"), [(0.5, 6), (0.01, 1), (1.0, 12), (20, 12)])
def test_a_share_or_a_number(game, share, count):
    fit = fit_surrogates(
        game[0],
        game[1][:, np.newaxis],
        game[2],
        feature_selector="highest_weights",
        max_segments=share,
    )
    assert np.count_nonzero(fit.weights) == count


def test_weights_are_those_of_a_fit_to_the_chosen_segments(game):
    samples, answers, weights = game
    chosen = [1, 3, 7]
    alone = Ridge().fit(samples[:, chosen].astype(float), answers, weights)
    fit = fit_surrogates(samples, answers[:, None], weights, max_segments=3)
    # 2 is as good as 1: which one is chosen is a matter of the draw
    kept = np.flatnonzero(fit.weights[0])
    alone = Ridge().fit(samples[:, kept].astype(float), answers, weights)
    assert {3, 7} <= set(kept) <= {1, 2, 3, 7}
    np.testing.assert_allclose(fit.weights[0, kept], alone.coef_, atol=1e-12)
    assert fit.intercepts[0] == pytest.approx(alone.intercept_)
    model = fit.surrogates[0]
    np.testing.assert_allclose(
        model.predict(samples), alone.predict(samples[:, kept]), atol=1e-12
    )
    assert model[0].get_support(indices=True).tolist() == kept.tolist()


def test_neighbours_do_not_look_at_what_was_not_chosen(game):
    samples, answers, weights = game
    fit = fit_surrogates(
        samples, answers[:, None], weights, KNeighborsRegressor(3), max_segments=3
    )
    assert np.count_nonzero(fit.weights) == 3
    other = samples.copy()
    left_out = np.flatnonzero(fit.weights[0] == 0)
    other[:, left_out] = ~other[:, left_out]
    model = fit.surrogates[0]
    np.testing.assert_array_equal(model.predict(samples), model.predict(other))


@pytest.mark.parametrize(
    "selector",
    [
        SelectKBest(f_regression, k=2),
        SelectFromModel(Lasso(0.02)),
        SelectFromModel(DecisionTreeRegressor(max_depth=2)),
        RFE(Ridge(), n_features_to_select=2),
        RFECV(Ridge(), min_features_to_select=2),
        SequentialFeatureSelector(Ridge(), n_features_to_select=2),
    ],
    ids=lambda selector: str(selector)[:30],
)
def test_any_selector_of_scikit_learn(game, selector):
    samples, answers, weights = game
    fit = fit_surrogates(
        samples, answers[:, None], weights, feature_selector=selector, random_state=0
    )
    kept = np.flatnonzero(fit.weights[0])
    assert {3, 7} <= set(kept)
    assert not hasattr(selector, "scores_")
    assert not hasattr(selector, "estimator_")


def test_a_selector_gets_the_weights_of_the_samples():
    """Trap V2 of VisuaLIME: it chose by other weights than it fitted with."""
    samples = BernoulliSampler().sample(8, 200, random_state=0)
    half = np.arange(200) % 2 == 0
    answers = np.where(half, 3 * samples[:, 5], 50 * samples[:, 0])
    for selector in (
        SelectFromModel(Ridge(), max_features=1, threshold=-np.inf),
        RFE(Ridge(), n_features_to_select=1),
        SelectKBest(f_regression, k=1),  # takes none: rows are drawn
    ):
        chosen = select_segments(samples, answers, half.astype(float), selector)
        assert np.flatnonzero(chosen).tolist() == [5]


def test_no_segment_is_worth_choosing(game):
    samples, answers, weights = game
    fit = fit_surrogates(
        samples, answers[:, None], weights, feature_selector=SelectFromModel(Lasso(9))
    )
    assert not fit.weights.any()
    mean = np.average(answers, weights=weights)
    assert fit.local_predictions[0] == pytest.approx(mean)
    np.testing.assert_allclose(fit.surrogates[0].predict(samples), mean)


def test_a_subset_is_all_that_is_fitted(game):
    samples, answers, weights = game
    fit = fit_surrogates(samples, answers[:, None], weights, segment_subset=[7, 0, 3])
    alone = Ridge().fit(samples[:, [0, 3, 7]].astype(float), answers, weights)
    np.testing.assert_allclose(fit.weights[0, [0, 3, 7]], alone.coef_, atol=1e-12)
    assert np.count_nonzero(fit.weights) == 3
    fit = fit_surrogates(
        samples, answers[:, None], weights, segment_subset=[0, 7], max_segments=1
    )
    assert np.flatnonzero(fit.weights).tolist() == [7]


def test_each_label_has_its_own_segments_and_a_shared_surrogate_shares_them(game):
    samples, answers, weights = game
    both = np.c_[answers, 0.9 * samples[:, 10]]
    apart = fit_surrogates(samples, both, weights, max_segments=1)
    assert [np.flatnonzero(w).tolist() for w in apart.weights] == [[3], [10]]
    for name in SELECTIONS:
        shared = fit_surrogates(
            samples,
            both,
            weights,
            multi_output=True,
            feature_selector=name,
            max_segments=2,
        )
        assert (shared.weights != 0).any(axis=0).nonzero()[0].tolist() == [3, 10]


def test_segments_for_a_classifier(game):
    samples, _, weights = game
    outputs = np.c_[samples[:, 3], samples[:, 9] & ~samples[:, 3], samples[:, 0] * 0.5]
    for name in SELECTIONS:
        fit = fit_surrogates(
            samples,
            outputs.astype(float),
            weights,
            DecisionTreeClassifier(),
            feature_selector=name,
            max_segments=2,
        )
        for effects in fit.weights[:2]:  # 9 decides where 3 is hidden
            assert np.flatnonzero(effects).tolist() == [3, 9]


def test_fidelity_counts_the_choice():
    """Segments are chosen anew in each fold: pure noise is not foretold."""
    samples = BernoulliSampler().sample(60, 100, random_state=0)
    noise = np.random.RandomState(0).normal(size=(100, 1))
    weights = np.ones(100)
    fit = fit_surrogates(samples, noise, weights, max_segments=6)
    kept = np.flatnonzero(fit.weights[0])
    in_hindsight = fit_surrogates(samples[:, kept], noise, weights)
    assert in_hindsight.fidelity[0] > 0
    assert fit.fidelity[0] < 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("highest", 3), "must be one of 'highest_weights', 'forward.*Got 'highest'"),
        (("lasso_path", None), "'lasso_path' needs max_segments"),
        (
            (SelectKBest(), 3),
            "max_segments must be None where feature_selector decides",
        ),
        ((None, 0), "integer of at least 1, a share"),
        ((None, 1.5), "integer of at least 1, a share"),
        ((None, 0.0), "integer of at least 1, a share"),
        ((None, True), "integer of at least 1, a share"),
    ],
)
def test_what_is_no_choice(options, message):
    """Trap L19 of lime: an unknown name ended as "array with dim 3" in Ridge."""
    with pytest.raises(ValueError, match=message):
        check_selection(*options)


@pytest.mark.parametrize("bad", [Ridge(), SelectKBest, 5])
def test_what_is_no_selector(bad):
    with pytest.raises(TypeError, match="object with 'fit' and 'get_support'"):
        check_selection(bad)


def test_a_selector_of_scikit_learn_gets_the_classes(game):
    samples, _, weights = game
    outputs = np.c_[samples[:, 3], samples[:, 9] & ~samples[:, 3], samples[:, 0] * 0.5]
    fit = fit_surrogates(
        samples,
        outputs.astype(float),
        weights,
        DecisionTreeClassifier(),
        feature_selector=SelectKBest(f_classif, k=2),
    )
    for effects in fit.weights[:2]:
        assert np.flatnonzero(effects).tolist() == [3, 9]


def test_a_fit_chooses_by_the_weights_it_fits_with():
    samples = BernoulliSampler().sample(8, 200, random_state=0)
    half = np.arange(200) % 2 == 0
    answers = np.where(half, 3 * samples[:, 5], 50 * samples[:, 0])[:, np.newaxis]
    fit = fit_surrogates(samples, answers, half.astype(float), max_segments=1)
    assert np.flatnonzero(fit.weights[0]).tolist() == [5]


def test_the_seed_reaches_a_selector(game):
    noise = np.random.RandomState(0).normal(size=(300, 1))
    chosen = [
        np.flatnonzero(
            fit_surrogates(
                game[0],
                noise,
                game[2],
                feature_selector=SelectKBest(f_regression, k=3),  # rows are drawn
                random_state=seed,
            ).weights[0]
        ).tolist()
        for seed in (1, 1, 2, 3)
    ]
    assert chosen[0] == chosen[1]
    assert len(set(map(tuple, chosen))) > 1


def test_no_segment_is_worth_choosing_for_a_classifier(game):
    samples, answers, weights = game
    won = answers > 0.4
    fit = fit_surrogates(
        samples,
        np.c_[won, ~won].astype(float),
        weights,
        DecisionTreeClassifier(),
        feature_selector=SelectFromModel(Lasso(9)),
    )
    assert not fit.weights.any()
    share = np.average(won, weights=weights)
    np.testing.assert_allclose(fit.local_predictions, [share, 1 - share])


def test_the_penalty_of_the_highest_weights_is_lime_s():
    lime_base = pytest.importorskip("lime.lime_base")
    samples = np.zeros((100, 2), dtype=bool)
    samples[0], samples[::2, 1] = True, True
    answers, weights = samples @ [1.5, 1.0], np.full(100, 0.01)
    lime = lime_base.LimeBase(kernel_fn=None, random_state=0)
    args = answers, weights, 1
    theirs = lime.feature_selection(samples.astype(float), *args, "highest_weights")
    assert select_highest_weights(samples, *args).tolist() == theirs.tolist() == [1]


def test_almost_a_copy_may_be_worth_choosing():
    samples = np.random.RandomState(0).uniform(size=(1000, 3)) < 0.5
    samples[:, 1] = samples[:, 0]
    samples[7, 1] = ~samples[7, 1]
    answers = samples @ [10, 10, 0.1]
    assert select_forward(samples, answers, np.ones(1000), 2).tolist() == [0, 1]


def test_no_more_than_all_are_chosen_and_none_twice():
    samples = enumerate_samples(3)
    answers = samples @ [1.0, 2.0, 3.0]
    assert select_forward(samples, answers, np.ones(8), 5).tolist() == [2, 1, 0]


@pytest.mark.parametrize("k", [1, 3])
def test_a_constant_answer_has_as_many_segments_as_asked_for(k):
    samples, _, weights = make_problem(1)
    for select in (select_forward, select_highest_weights, select_lasso_path):
        assert len(select(samples, np.full(len(samples), 0.3), weights, k)) == k


def test_a_lasso_path_tells_the_strongest_first():
    samples = enumerate_samples(5)
    answers = samples @ [0.1, 0.3, 0.0, -0.5, 0.2]
    assert select_lasso_path(samples, answers, np.ones(32), 3).tolist() == [3, 1, 4]


def test_copies_of_segments_warn_nobody():
    samples, answers, weights = make_problem(0)
    copies = np.c_[samples, samples[:, :3], ~samples[:, 3:5]]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(select_lasso_path(copies, answers, weights, 30)) <= 30


def test_a_segment_named_twice_counts_once(game):
    samples, answers, weights = game
    both = {}
    for subset in ([1, 3, 7], [7, 3, 3, 7, 1]):
        chosen = select_segments(
            samples, answers, weights, max_segments=0.67, segment_subset=subset
        )
        both[len(subset)] = np.flatnonzero(chosen).tolist()
    assert both == {3: [3, 7], 5: [3, 7]}


def test_a_share_is_of_the_subset(game):
    samples, answers, weights = game
    chosen = select_segments(
        samples, answers, weights, max_segments=0.5, segment_subset=[0, 3, 7, 11]
    )
    assert np.flatnonzero(chosen).tolist() == [3, 7]


@pytest.mark.parametrize(("share", "count"), [(0.3, 3), (20, 12)])
def test_a_share_is_rounded_down_and_a_number_may_be_too_large(game, share, count):
    fit = fit_surrogates(
        game[0],
        game[1][:, None],
        game[2],
        feature_selector="highest_weights",
        max_segments=share,
    )
    assert np.count_nonzero(fit.weights) == count


def test_a_share_of_any_float_type():
    check_selection(None, np.float32(0.5))


def test_a_segment_may_leave_a_lasso_path_again():
    lime_base = pytest.importorskip("lime.lime_base")
    rng = np.random.RandomState(91)
    z = rng.uniform(size=(40, 3)) < 0.5
    noise = rng.uniform(size=(40, 1)) < 0.2, rng.uniform(size=(40, 1)) < 0.15
    last = z[:, [2]] ^ (rng.uniform(size=(40, 1)) < 0.1)
    samples = np.c_[z, (z[:, [0]] & z[:, [1]]) | noise[0], z[:, [1]] ^ noise[1], last]
    answers = samples @ rng.normal(size=6)
    lime = lime_base.LimeBase(kernel_fn=None, random_state=0)
    args = answers, np.ones(40), 3
    theirs = lime.feature_selection(samples.astype(float), *args, "lasso_path")
    assert sorted(select_lasso_path(samples, *args)) == sorted(theirs) == [0, 2, 3]


def test_a_selector_that_takes_weights_chooses_without_a_draw(game):
    samples, _, weights = game
    noise = np.random.RandomState(0).normal(size=300)
    ridge = Ridge().fit(samples, noise, weights)
    expected = sorted(np.abs(ridge.coef_).argsort()[-3:])
    selector = SelectFromModel(Ridge(), max_features=3, threshold=-np.inf)
    for seed in range(3):
        chosen = select_segments(samples, noise, weights, selector, random_state=seed)
        assert np.flatnonzero(chosen).tolist() == expected


@pytest.mark.parametrize(
    "selector",
    [
        SelectFromModel(LogisticRegression()),
        RFE(LogisticRegression(), n_features_to_select=2),
        SelectKBest(f_classif, k=2),
    ],
    ids=lambda selector: str(selector)[:30],
)
def test_a_class_that_is_never_predicted_stops_no_selector(game, selector):
    samples, answers, weights = game
    outputs = np.c_[answers, 0.4 * np.ones(300), -np.ones(300)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit = fit_surrogates(
            samples,
            outputs,
            weights,
            DecisionTreeClassifier(),
            target="one-vs-rest",
            feature_selector=selector,
            importance_getter="feature_importances_",
        )
    assert fit.weights[:2].any(axis=1).all()
    assert not fit.weights[2].any()
    assert fit.fidelity[2] == 1


def test_classes_that_weigh_nothing_are_not_there():
    """Most classifiers refuse a single class, also among the rows that count."""
    samples = BernoulliSampler().sample(8, 200, random_state=0)
    outputs = np.where(np.arange(200)[:, None] < 100, [1.0, 0.0], [0.0, 1.0])
    weights = (np.arange(200) < 100).astype(float)
    for surrogate in (SVC(), GradientBoostingClassifier(n_estimators=3)):
        fit = fit_surrogates(samples, outputs, weights, surrogate)
        assert not fit.weights.any()
        assert fit.local_predictions.tolist() == [1, 0]


def test_one_target_is_one_dimensional_for_a_selector(game):
    samples, answers, weights = game
    fit = fit_surrogates(
        samples,
        answers[:, None],
        weights,
        multi_output=True,
        feature_selector=SelectKBest(f_regression, k=2),
    )
    assert np.flatnonzero(fit.weights[0]).tolist() == [3, 7]


def test_shares_are_not_lost_to_rounding():
    samples = BernoulliSampler().sample(100, 400, random_state=0)
    answers = samples @ np.arange(100.0)
    for share, count in ((0.29, 29), (0.57, 57), (0.295, 29)):
        chosen = select_segments(samples, answers, np.ones(400), max_segments=share)
        assert np.count_nonzero(chosen) == count


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "ovr"}, "target must be one of"),
        ({"feature_selector": "lasso_path"}, "needs max_segments"),
        ({"feature_selector": "best", "max_segments": 2}, "must be one of"),
        ({"max_segments": -2}, "max_segments must be"),
        ({"surrogate": DecisionTreeClassifier(), "multi_output": True}, "regressors"),
    ],
)
def test_the_functions_check_as_the_explainer_does(game, options, message):
    samples, answers, weights = game
    with pytest.raises(ValueError, match=message):
        fit_surrogates(samples, np.c_[answers, -answers], weights, **options)


def test_chosen_segments_and_frames_of_pandas(game):
    """The surrogate was fitted to arrays, whatever transformers are told to give."""
    samples, answers, weights = game
    fit = fit_surrogates(samples, answers[:, None], weights, max_segments=3)
    with config_context(transform_output="pandas"), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(fit.surrogates[0].predict(samples)) == 300


def test_a_constant_answer_stops_no_selector(game):
    """f_regression divides by its variance, and a lasso has nothing to choose."""
    samples, _, weights = game
    for selector in (SelectKBest(f_regression, k=2), SelectFromModel(Lasso(0.1))):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            fit = fit_surrogates(
                samples, np.full((300, 1), 0.3), weights, feature_selector=selector
            )
        assert not fit.weights.any()
        assert isinstance(fit.surrogates[0], Ridge)
        assert fit.fidelity[0] == 1
