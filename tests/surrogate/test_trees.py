"""Effects read from the nodes of trees equal those of asking once for each segment."""

import numpy as np
import pytest
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.tree import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    ExtraTreeClassifier,
    ExtraTreeRegressor,
)

from sklime.locality import weigh_samples
from sklime.sampling import BalancedSampler, enumerate_samples
from sklime.surrogate import _trees as trees_module
from sklime.surrogate import compute_average_effects, compute_weights, respond
from sklime.surrogate._trees import compute_tree_effects

FOREST = {"n_estimators": 7, "random_state": 0}
REGRESSORS = [
    DecisionTreeRegressor(random_state=0),
    DecisionTreeRegressor(max_depth=3, random_state=0),
    DecisionTreeRegressor(max_leaf_nodes=9, random_state=0),
    DecisionTreeRegressor(criterion="absolute_error", max_depth=5, random_state=0),
    DecisionTreeRegressor(criterion="poisson", random_state=0),
    DecisionTreeRegressor(splitter="random", max_features=0.5, random_state=0),
    DecisionTreeRegressor(min_weight_fraction_leaf=0.02, random_state=0),
    DecisionTreeRegressor(ccp_alpha=0.01, random_state=0),
    ExtraTreeRegressor(random_state=0),
    RandomForestRegressor(**FOREST),
    RandomForestRegressor(max_features="sqrt", bootstrap=False, **FOREST),
    RandomForestRegressor(max_samples=0.3, oob_score=False, **FOREST),
    ExtraTreesRegressor(**FOREST),
]
ONE_TARGET = [
    DecisionTreeRegressor(monotonic_cst=[1, -1], random_state=0),
    GradientBoostingRegressor(n_estimators=20, random_state=0),
    GradientBoostingRegressor(n_estimators=20, max_depth=None, random_state=0),
    GradientBoostingRegressor(
        n_estimators=20, subsample=0.5, max_features=3, random_state=0
    ),
    GradientBoostingRegressor(n_estimators=20, learning_rate=1.0, loss="huber"),
    GradientBoostingRegressor(n_estimators=20, loss="absolute_error"),
    GradientBoostingRegressor(n_estimators=20, loss="quantile", alpha=0.8),
    GradientBoostingRegressor(n_estimators=200, n_iter_no_change=2, random_state=0),
    GradientBoostingRegressor(n_estimators=20, init="zero"),
    GradientBoostingRegressor(n_estimators=20, init=DummyRegressor(strategy="median")),
]
CLASSIFIERS = [
    DecisionTreeClassifier(random_state=0),
    DecisionTreeClassifier(max_depth=3, class_weight="balanced", random_state=0),
    DecisionTreeClassifier(criterion="entropy", max_leaf_nodes=9, random_state=0),
    ExtraTreeClassifier(random_state=0),
    RandomForestClassifier(max_depth=4, **FOREST),
    RandomForestClassifier(class_weight="balanced_subsample", **FOREST),
    ExtraTreesClassifier(max_depth=5, **FOREST),
]


def draw(n_segments, n_samples=128):
    """Return samples, answers with an interaction and noise above 0, and weights."""
    samples = BalancedSampler().sample(n_segments, n_samples, random_state=0)
    rng = np.random.default_rng(n_segments)
    answers = samples @ rng.normal(size=n_segments) + rng.normal(size=len(samples)) / 3
    answers += 2 * samples[:, 0] * samples[:, -1]
    return samples, answers - answers.min() + 0.1, weigh_samples(samples)[1]


def ask(model, rows, classes):
    """Return what a model says of each label, the plain way."""
    if classes is None:
        return model.predict(rows).reshape(len(rows), -1).astype(float)
    shares = model.predict_proba(rows)
    known = list(model.classes_)
    columns = [
        shares[:, known.index(c)] if c in known else 0 * shares[:, 0] for c in classes
    ]
    return np.transpose(columns)


def flip_one_by_one(model, samples, sample_weights, classes=None):
    """Return average effects from predictions with each segment shown and hidden."""
    effects = []
    for segment in range(samples.shape[1]):
        shown, hidden = samples.astype(float), samples.astype(float)
        shown[:, segment], hidden[:, segment] = 1, 0
        change = ask(model, shown, classes) - ask(model, hidden, classes)
        effects.append(np.average(change, axis=0, weights=sample_weights))
    return np.transpose(effects)


def read(model, samples, sample_weights, classes=None):
    """Return the effects that the nodes give, None where they are not used."""
    responses = respond(model, samples.astype(float), classes)
    shares = sample_weights / sample_weights.sum()
    return compute_tree_effects(model, samples, shares, responses, classes)


def assert_same(model, samples, sample_weights, classes=None):
    found = read(model, samples, sample_weights, classes)
    expected = flip_one_by_one(model, samples, sample_weights, classes)
    scale = np.abs(ask(model, samples.astype(float), classes)).max()
    assert found is not None
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * scale)
    np.testing.assert_array_equal(
        np.ravel(compute_average_effects(model, samples, sample_weights, classes)),
        np.ravel(found),
    )
    return found


def name(model):
    return str(model).replace("\n", "")[:60]


@pytest.mark.parametrize("model", REGRESSORS + ONE_TARGET, ids=name)
@pytest.mark.parametrize("n_segments", [2, 9, 40])
def test_regressors(model, n_segments):
    samples, answers, sample_weights = draw(n_segments)
    if getattr(model, "monotonic_cst", None) is not None:
        model.set_params(monotonic_cst=([1, -1] * n_segments)[:n_segments])
    model.fit(samples.astype(float), answers, sample_weight=sample_weights)
    assert np.abs(assert_same(model, samples, sample_weights)).max() > 0.1


@pytest.mark.parametrize("model", REGRESSORS, ids=name)
def test_several_targets(model):
    samples, answers, sample_weights = draw(15)
    targets = np.c_[answers, answers**2, samples[:, 3]]
    if getattr(model, "criterion", "") == "absolute_error":
        targets = targets[:, :2]
    model.fit(samples.astype(float), targets, sample_weight=sample_weights)
    found = assert_same(model, samples, sample_weights)
    assert found.shape == (targets.shape[1], 15)


@pytest.mark.parametrize("model", CLASSIFIERS, ids=name)
@pytest.mark.parametrize("n_segments", [2, 9, 40])
def test_classifiers(model, n_segments):
    """Of classes 4, 2 and 7 some are read in another order, with one never seen."""
    samples, answers, sample_weights = draw(n_segments)
    classes = np.array([4, 2, 7])[
        np.digitize(answers, np.quantile(answers, [0.3, 0.7]))
    ]
    model.fit(samples.astype(float), classes, sample_weight=sample_weights)
    found = assert_same(model, samples, sample_weights, [7, 5, 4])
    assert np.abs(found[[0, 2]]).max() > 0.03
    np.testing.assert_array_equal(found[1], 0)


def test_monotonic_classifier():
    samples, answers, sample_weights = draw(12)
    signs = [1, -1, 0] * 4
    model = RandomForestClassifier(monotonic_cst=signs, **FOREST)
    model.fit(samples, answers > np.median(answers), sample_weight=sample_weights)
    found = assert_same(model, samples, sample_weights, [True, False])
    assert (found[0] * signs >= 0).all()
    np.testing.assert_allclose(found[0], -found[1], atol=1e-12)


@pytest.mark.filterwarnings("ignore:.*friedman_mse:FutureWarning")
@pytest.mark.parametrize("kind", [DecisionTreeRegressor, ExtraTreesRegressor])
def test_a_criterion_of_old(kind):
    samples, answers, sample_weights = draw(12)
    model = kind(criterion="friedman_mse", random_state=0).fit(samples, answers)
    assert_same(model, samples, sample_weights)


# Trees that were fitted to something else than rows of 0 and 1


@pytest.mark.parametrize(
    "model",
    [
        DecisionTreeRegressor(random_state=0),
        ExtraTreeRegressor(random_state=0),
        RandomForestRegressor(**FOREST),
        GradientBoostingRegressor(n_estimators=20, max_depth=6),
    ],
    ids=name,
)
@pytest.mark.parametrize(("low", "high"), [(0, 1), (-1, 2), (0.4, 0.6)])
def test_paths_that_split_on_a_segment_several_times(model, low, high):
    """Thresholds within 0 to 1 and outside, where no row of 0 and 1 is split."""
    rng = np.random.default_rng(0)
    grey = rng.uniform(low, high, (400, 4))
    model.fit(grey, np.sin(9 * grey).sum(axis=1) + grey[:, 0] * grey[:, 1])
    tree = model if hasattr(model, "tree_") else np.ravel(model.estimators_)[0]
    assert np.bincount(tree.tree_.feature[tree.tree_.feature >= 0]).min() > 3
    samples = rng.random((50, 4)) < 0.5
    assert np.abs(assert_same(model, samples, rng.random(50))).max() > 0.01


@pytest.mark.parametrize(
    ("column", "threshold", "effect"), [([-1, 1], 0, 1), ([0, 2], 1, 0), ([1, 3], 2, 0)]
)
def test_a_threshold_that_is_a_value_of_the_rows(column, threshold, effect):
    """A row that equals the threshold goes left."""
    tree = DecisionTreeRegressor().fit(np.transpose([column]), [0.0, 1.0])
    assert tree.tree_.threshold[0] == threshold
    samples = np.array([[True], [False]])
    assert assert_same(tree, samples, np.ones(2)).tolist() == [[effect]]


# Closed forms


@pytest.mark.parametrize("n_segments", [2, 5, 10])
@pytest.mark.parametrize(
    "model",
    [
        DecisionTreeRegressor(),
        ExtraTreeRegressor(),
        ExtraTreesRegressor(4),
        RandomForestRegressor(4, bootstrap=False),
    ],
    ids=name,
)
def test_a_product_of_two_segments(model, n_segments):
    """Each of the two adds 1 where the other is shown, in half of all rows."""
    samples = enumerate_samples(n_segments)
    model.fit(samples, samples[:, 0] & samples[:, 1])
    expected = np.zeros(n_segments)
    expected[:2] = 0.5
    effects = compute_average_effects(model, samples, np.ones(len(samples)))
    np.testing.assert_allclose(effects, expected, atol=1e-14)


def test_weights_of_rows_count():
    """A product again, where the other segment is shown in 3 of 4 parts of weight."""
    samples = enumerate_samples(2)
    sample_weights = np.where(samples[:, 1], 3.0, 1.0)
    tree = DecisionTreeRegressor().fit(samples, samples.all(axis=1))
    effects = compute_average_effects(tree, samples, sample_weights)
    np.testing.assert_allclose(effects, [0.75, 0.5], atol=1e-15)


@pytest.mark.parametrize("copies", [1, 50])
def test_one_segment(copies):
    samples = np.repeat([[True], [False]], copies, axis=0)
    tree = DecisionTreeRegressor().fit(samples, 3.0 * samples[:, 0] - 1)
    effects = compute_average_effects(tree, samples, np.ones(2 * copies))
    np.testing.assert_allclose(effects, [3], atol=1e-14)


def test_a_tree_of_one_leaf():
    samples, answers, sample_weights = draw(6)
    for model in (DecisionTreeRegressor(), RandomForestRegressor(**FOREST)):
        model.fit(samples, np.full(len(samples), 7.0))
        effects = compute_average_effects(model, samples, sample_weights)
        np.testing.assert_array_equal(effects, np.zeros(6))
    shallow = GradientBoostingRegressor(n_estimators=3, max_leaf_nodes=2)
    shallow.fit(samples, answers)  # one split each
    assert_same(shallow, samples, sample_weights)


def test_equal_rows():
    samples, answers, _ = draw(5, 32)
    tree = DecisionTreeRegressor(random_state=0).fit(samples, answers)
    one = assert_same(tree, samples[[3]], np.ones(1))
    same = assert_same(tree, np.repeat(samples[[3]], 90, axis=0), np.arange(90.0))
    np.testing.assert_allclose(same, one, atol=1e-12)
    samples = samples[np.random.default_rng(0).integers(len(samples), size=200)]
    assert_same(tree, samples, np.random.default_rng(1).random(200))


def test_exactly_zero_for_what_no_tree_splits_on():
    samples, answers, sample_weights = draw(40)
    model = GradientBoostingRegressor(n_estimators=5, max_depth=2, random_state=0)
    model.fit(samples, answers)
    used = {f for tree in model.estimators_[:, 0] for f in tree.tree_.feature if f >= 0}
    effects = compute_average_effects(model, samples, sample_weights)
    assert set(np.flatnonzero(effects)) == used
    assert len(used) < 40


@pytest.mark.parametrize("flips_at_once", [1, 3000, 10**9])
def test_it_does_not_matter_how_many_trees_walk_at_once(monkeypatch, flips_at_once):
    samples, answers, sample_weights = draw(20)
    model = RandomForestRegressor(**FOREST).fit(samples, answers)
    monkeypatch.setattr(trees_module, "FLIPS_AT_ONCE", flips_at_once)
    assert_same(model, samples, sample_weights)


# When trees are asked less often, and when they must be asked


@pytest.mark.parametrize("n_segments", [3, 30])
@pytest.mark.parametrize(
    ("model", "asked"),
    [
        (DecisionTreeRegressor(), "predict"),
        (RandomForestRegressor(**FOREST), "predict"),
        (GradientBoostingRegressor(n_estimators=5), "predict"),
        (ExtraTreesClassifier(**FOREST), "predict_proba"),
    ],
    ids=lambda model: str(model)[:12],
)
def test_how_often_trees_are_asked(monkeypatch, model, asked, n_segments):
    """For the samples, and for the row that hides all; never once for each segment."""
    samples, answers, sample_weights = draw(n_segments)
    classes = [0, 1] if asked == "predict_proba" else None
    model.fit(samples, answers > 2 if classes else answers)
    calls, method = [], getattr(type(model), asked)

    def count(self, X, *args):
        calls.append(len(X))
        return method(self, X, *args)

    monkeypatch.setattr(type(model), asked, count)
    compute_weights(model, samples, sample_weights, classes=classes)
    assert calls == [len(samples), 1]


class Crooked:
    """Answers as its trees would, but where the first segment is hidden."""

    def predict(self, X, *args, **kwargs):
        answer = super().predict(X, *args, **kwargs)
        return np.where(np.asarray(X)[:, 0] > 0, answer, answer + 5)


class CrookedTree(Crooked, DecisionTreeRegressor):
    pass


class CrookedForest(Crooked, RandomForestRegressor):
    pass


class CrookedBoosting(Crooked, GradientBoostingRegressor):
    pass


@pytest.mark.parametrize(
    "model",
    [
        CrookedTree(max_depth=3),
        CrookedForest(n_estimators=5),
        CrookedBoosting(n_estimators=5),
        make_pipeline(DecisionTreeRegressor(max_depth=3)),
        GridSearchCV(DecisionTreeRegressor(max_depth=3), {}, cv=2),
        HistGradientBoostingRegressor(max_iter=5),
        GradientBoostingRegressor(n_estimators=5, init=LinearRegression()),
        GradientBoostingRegressor(n_estimators=5, init=DecisionTreeRegressor()),
    ],
    ids=name,
)
@pytest.mark.parametrize("n_rows", [1, 128])  # of one row any answer is a constant
def test_other_models_are_asked(model, n_rows):
    samples, answers, sample_weights = draw(8)
    model.fit(samples.astype(float), answers)
    samples, sample_weights = samples[:n_rows], sample_weights[:n_rows]
    assert read(model, samples, sample_weights) is None
    effects = compute_average_effects(model, samples, sample_weights)
    expected = flip_one_by_one(model, samples, sample_weights)[0]
    np.testing.assert_allclose(effects, expected, atol=1e-12)


def test_a_forest_with_a_tree_of_another_kind():
    samples, answers, _ = draw(8)
    forest = RandomForestRegressor(**FOREST).fit(samples, answers)
    forest.estimators_[3] = CrookedTree(max_depth=3).fit(samples, answers)
    effects = compute_average_effects(forest, samples[:1], np.ones(1))
    expected = flip_one_by_one(forest, samples[:1], np.ones(1))[0]
    np.testing.assert_allclose(effects, expected, atol=1e-12)
    assert expected[0] < -0.5  # of one tree of seven


def test_boosted_classes_are_no_sum_of_trees():
    samples, answers, sample_weights = draw(8)
    model = GradientBoostingClassifier(n_estimators=5).fit(samples, answers > 2)
    assert read(model, samples, sample_weights, [True]) is None
    effects = compute_average_effects(model, samples, sample_weights, [True])
    expected = flip_one_by_one(model, samples, sample_weights, [True])
    np.testing.assert_allclose(effects, expected, atol=1e-12)


@pytest.mark.parametrize("n_rows", [1, 128])
def test_the_number_of_a_class_is_no_sum_of_trees(n_rows):
    samples, answers, sample_weights = draw(8)
    model = RandomForestClassifier(**FOREST).fit(samples, np.rint(answers))
    samples, sample_weights = samples[:n_rows], sample_weights[:n_rows]
    assert read(model, samples, sample_weights) is None
    effects = compute_average_effects(model, samples, sample_weights)
    expected = flip_one_by_one(model, samples, sample_weights)[0]
    np.testing.assert_allclose(effects, expected, atol=1e-12)


def test_a_model_that_does_not_answer_what_its_trees_say(monkeypatch):
    samples, answers, sample_weights = draw(8)
    tree = DecisionTreeRegressor(max_depth=3).fit(samples, answers)
    assert read(tree, samples, sample_weights) is not None
    usual = tree.predict
    monkeypatch.setattr(tree, "predict", lambda X: usual(X) + 1e-9 * X[:, 0])
    assert read(tree, samples, sample_weights) is None
    effects = compute_average_effects(tree, samples, sample_weights)
    expected = flip_one_by_one(tree, samples, sample_weights)[0]
    np.testing.assert_allclose(effects, expected, atol=1e-12)


def test_a_model_that_is_none_of_scikit_learn():
    class Own:
        def predict(self, X):
            return X @ np.arange(8.0)

    samples, _, sample_weights = draw(8)
    effects = compute_average_effects(Own(), samples, sample_weights)
    np.testing.assert_allclose(effects, np.arange(8), atol=1e-12)


def test_columns_are_still_checked():
    samples, answers, sample_weights = draw(8)
    tree = DecisionTreeRegressor().fit(samples, answers)
    with pytest.raises(ValueError, match="expecting 8 features"):
        compute_average_effects(tree, samples[:, :7], sample_weights)
