"""Explainers are searched, scored and chained like any other estimator."""

import joblib
import numpy as np
import pytest
from scipy.stats import uniform
from sklearn import config_context
from sklearn.cluster import KMeans
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    HalvingRandomSearchCV,
    RandomizedSearchCV,
    cross_val_score,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.tree import DecisionTreeRegressor

from sklime import ImageLimeExplainer
from sklime.metrics import faithfulness, fidelity_scorer, pointing_game_scorer
from sklime.segmentation import GridSegmenter


@pytest.fixture
def explainer(digit_model):
    return ImageLimeExplainer(
        digit_model,
        segmenter=GridSegmenter(4, 4),
        channel_axis=None,
        data_range=(0, 16),
        occluder=0,
        n_perturbations=64,
        random_state=0,
    )


@pytest.fixture(scope="module")
def images(digits):
    return digits[0][:6]


def one_split(n_images):
    every = np.arange(n_images)
    return [(every, every)]


def test_score_is_the_mean_faithfulness(explainer, images, digit_model):
    explainer.fit(images)
    scores = [faithfulness(e, explainer) for e in explainer.explain(images)]
    assert explainer.score(images) == pytest.approx(np.mean(scores), rel=1e-12)
    assert explainer.score(images[0]) == pytest.approx(scores[0], rel=1e-12)
    assert explainer.score(images, y=images) == explainer.score(list(images))
    assert isinstance(explainer.score(images), float)


def test_score_against_a_naive_one(explainer, images, digit_model):
    """Pixel by pixel, by the definition, without composer, cache or batches."""
    image = images[1]
    explanation = explainer.fit(images).explain(image)
    label = explanation.label_indices[0]
    order = np.argsort(-explanation.heatmap().ravel(), kind="stable")
    mean = image.mean()
    areas = {"insertion": [], "deletion": []}
    for step in range(21):
        first = order[: round(step * 64 / 20)]
        for kind, base, other in (
            ("insertion", np.full(64, mean), image.ravel()),
            ("deletion", image.ravel().copy(), np.full(64, mean)),
        ):
            base[first] = other[first]
            answer = digit_model.predict_proba(base[np.newaxis])[0, label]
            areas[kind].append(answer)
    auc = {kind: sum(v[:-1]) / 20 + (v[-1] - v[0]) / 40 for kind, v in areas.items()}
    expected = auc["insertion"] - auc["deletion"]
    # steps are not of one size: 64 pixels in 20 steps
    assert explainer.score(image) == pytest.approx(expected, abs=0.02)
    shares = np.array([round(step * 64 / 20) for step in range(21)]) / 64
    exact = np.trapezoid(areas["insertion"], shares)
    exact -= np.trapezoid(areas["deletion"], shares)
    assert explainer.score(image) == pytest.approx(exact, rel=1e-9)


def test_random_weights_are_worth_nothing(explainer, images):
    """The default score is not given away: shuffled weights lose it."""
    explainer.fit(images)
    true, shuffled = [], []
    for seed, explanation in enumerate(explainer.explain(images)):
        true.append(faithfulness(explanation, explainer))
        rng = np.random.RandomState(seed)
        explanation.weights = rng.permutation(explanation.weights.T).T
        shuffled.append(faithfulness(explanation, explainer))
    assert np.mean(true) > 0.4
    assert abs(np.mean(shuffled)) < 0.5 * np.mean(true)


GRID = {"surrogate": [Ridge(), LinearRegression()], "kernel_width": [0.25, 1.0]}


@pytest.mark.parametrize("scoring", [None, fidelity_scorer])
def test_halving_over_perturbations(explainer, images, scoring):
    search = HalvingGridSearchCV(
        explainer,
        GRID,
        resource="n_perturbations",
        min_resources=64,
        max_resources=256,
        factor=2,
        cv=one_split(6),
        scoring=scoring,
        error_score="raise",
        random_state=0,
    ).fit(images)
    assert search.n_resources_ == [64, 128, 256][: len(search.n_resources_)]
    assert len(search.n_resources_) >= 2
    used = search.cv_results_["n_resources"]
    assert search.best_estimator_.n_perturbations == max(used)
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


def test_random_halving(explainer, images):
    search = HalvingRandomSearchCV(
        explainer,
        {"kernel_width": uniform(0.1, 1)},
        resource="n_perturbations",
        n_candidates=4,
        min_resources=64,
        max_resources=128,
        factor=2,
        cv=one_split(6),
        error_score="raise",
        random_state=0,
    ).fit(images)
    assert search.n_candidates_ == [4, 2]


def test_random_search(explainer, images):
    search = RandomizedSearchCV(
        explainer,
        {"kernel_width": uniform(0.1, 1), "surrogate__alpha": uniform(0.1, 2)},
        n_iter=3,
        cv=one_split(6),
        error_score="raise",
        random_state=0,
    )
    search.estimator.set_params(surrogate=Ridge())
    search.fit(images)
    assert len(set(search.cv_results_["mean_test_score"])) > 1


def test_cross_validation(explainer, images):
    scores = cross_val_score(explainer, images, cv=3, error_score="raise")
    again = [explainer.fit(images).score(images[i : i + 2]) for i in (0, 2, 4)]
    np.testing.assert_allclose(scores, again, atol=1e-12)


def test_one_image_is_one_split(explainer, images):
    search = GridSearchCV(explainer, GRID, cv=[([0], [0])], error_score="raise")
    search.fit([images[0]])
    assert search.best_score_ == max(search.cv_results_["mean_test_score"])
    assert search.best_score_ == pytest.approx(
        search.best_estimator_.score(images[0]), abs=1e-12
    )


@pytest.mark.parametrize(("n_jobs", "memory"), [(None, None), (2, "folder")])
def test_metadata_routing_makes_no_difference(
    explainer, images, n_jobs, memory, tmp_path
):
    if memory:
        explainer.set_params(memory=joblib.Memory(tmp_path, verbose=0))
    masks = images > 8
    found = []
    for routing in (False, True):
        with config_context(enable_metadata_routing=routing):
            search = GridSearchCV(
                explainer,
                GRID,
                scoring={"fidelity": fidelity_scorer, "hits": pointing_game_scorer},
                refit="fidelity",
                cv=2,
                n_jobs=n_jobs,
                error_score="raise",
            ).fit(images, masks)
        results = search.cv_results_
        found.append(np.r_[results["mean_test_fidelity"], results["mean_test_hits"]])
    np.testing.assert_allclose(*found, atol=1e-12)
    assert len(set(found[0])) > 2


def test_a_pipeline_of_maps_and_clusters(explainer, images):
    """Explanations are features: what a pipeline clusters is what the model saw."""
    flatten = FunctionTransformer(lambda maps: maps.reshape(len(maps), -1))
    pipeline = make_pipeline(explainer, flatten, KMeans(2, n_init=2, random_state=0))
    clusters = pipeline.fit_predict(images)
    maps = explainer.fit(images).transform(images).reshape(len(images), -1)
    expected = KMeans(2, n_init=2, random_state=0).fit_predict(maps)
    np.testing.assert_array_equal(clusters, expected)
    search = GridSearchCV(
        pipeline,
        {"imagelimeexplainer__kernel_width": [0.25, 1.0]},
        cv=2,
        error_score="raise",
    ).fit(images)
    assert np.isfinite(search.best_score_)


def test_a_search_over_a_segmenter_that_is_none(explainer, images):
    explainer.set_params(segmenter=None)
    search = GridSearchCV(explainer, {"segmenter__n_segments": [4, 9]}, cv=2)
    with pytest.raises(ValueError, match=r"segmenter=None has no .*SlicSegmenter\(\)"):
        search.fit(images)


def test_a_search_over_the_black_box(explainer, images):
    search = GridSearchCV(explainer, {"estimator__C": [1, 2]}, cv=2)
    with pytest.raises(ValueError, match="the black box is not tuned"):
        search.fit(images)


def test_surrogates_are_compared_on_equal_terms(explainer, images):
    """A tree, whose weights are effects, is scored on the scale of the line."""
    search = GridSearchCV(
        explainer,
        {"surrogate": [Ridge(), DecisionTreeRegressor(max_depth=1, random_state=0)]},
        cv=one_split(6),
        error_score="raise",
    ).fit(images)
    line, stump = search.cv_results_["mean_test_score"]
    assert line > stump > 0  # one split finds one segment of many
