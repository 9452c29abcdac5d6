"""Scorers: the mean over images, larger is better, in every search of scikit-learn."""

import pickle
from functools import partial

import numpy as np
import pytest
from sklearn import config_context
from sklearn.model_selection import GridSearchCV, cross_val_score, cross_validate

import sklime.metrics as metrics
from sklime import ImageLimeExplainer
from sklime.segmentation import GridSegmenter

# By stem: the function, its sign, and what it is given beside the explanation.
SCORERS = {
    "fidelity": (metrics.fidelity, 1, None),
    "local_prediction_gap": (metrics.local_prediction_gap, -1, None),
    "insertion": (metrics.insertion_auc, 1, "black box"),
    "deletion": (metrics.deletion_auc, -1, "black box"),
    "faithfulness": (metrics.faithfulness, 1, "black box"),
    "irof": (metrics.irof, 1, "black box"),
    "faithfulness_correlation": (metrics.faithfulness_correlation, 1, "black box"),
    "infidelity": (metrics.infidelity, -1, "black box"),
    "sensitivity": (metrics.max_sensitivity, -1, "explainer"),
    "stability": (metrics.stability, 1, "explainer"),
    "sparseness": (metrics.sparseness, 1, "weights"),
    "complexity": (metrics.complexity, -1, "weights"),
}
MASK_SCORERS = {
    "pointing_game": metrics.pointing_game,
    "relevance_mass": metrics.relevance_mass,
    "relevance_rank": metrics.relevance_rank,
    "iou": metrics.intersection_over_union,
}
RANDOM = [stem for stem, row in SCORERS.items() if row[2] in ("black box", "explainer")]


def scorer_of(stem):
    return getattr(metrics, f"{stem}_scorer")


@pytest.fixture(scope="module")
def images(photographs):
    return np.stack([photographs[name] for name in ("coffee", "chelsea", "rocket")])


@pytest.fixture(scope="module")
def masks():
    """The top of the first image, a corner of the second, nothing in the third."""
    masks = np.zeros((3, 64, 64), dtype=np.uint8)
    masks[0, :30] = 255
    masks[1, :32, 50:] = 1
    return masks


@pytest.fixture(scope="module")
def fitted(explainer_of, images):
    return explainer_of(n_perturbations=48).fit(images)


def test_every_scorer_is_tested():
    named = {
        name.removesuffix("_scorer") for name in metrics.__all__ if "scorer" in name
    }
    assert named == set(SCORERS) | set(MASK_SCORERS)
    assert metrics.__all__ == sorted(metrics.__all__)


@pytest.mark.parametrize("stem", SCORERS)
def test_signed_mean_of_the_function(stem, fitted, images, black_box):
    function, sign, given = SCORERS[stem]
    options = {"random_state": 0} if stem in RANDOM else {}
    scores = []
    for explanation in fitted.explain(images):
        arguments = {
            None: [explanation],
            "black box": [explanation, black_box],
            "explainer": [explanation, fitted],
            "weights": [explanation.weights[0]],
        }[given]
        scores.append(function(*arguments, **options))
    score = scorer_of(stem)(fitted, images)
    assert score == pytest.approx(sign * np.mean(scores), abs=1e-12)
    assert type(score) is float
    assert np.ptp(scores) > 0
    single = scorer_of(stem)(fitted, images[1])
    assert single == pytest.approx(sign * scores[1], abs=1e-12)


@pytest.mark.parametrize("stem", MASK_SCORERS)
def test_mean_over_images_with_a_truth(stem, fitted, images, masks):
    scores = []
    for explanation, mask in zip(fitted.explain(images[:2]), masks, strict=False):
        shown = explanation.heatmap() if stem != "iou" else explanation.mask()
        scores.append(MASK_SCORERS[stem](shown, mask))
    score = scorer_of(stem)
    assert score(fitted, images, masks) == pytest.approx(np.mean(scores))
    assert score(fitted, images[0], masks[0]) == pytest.approx(scores[0])
    assert score(fitted, list(images), list(masks > 0)) == pytest.approx(
        np.mean(scores)
    )
    assert np.isnan(score(fitted, images[2:], masks[2:]))
    assert type(score(fitted, images, masks)) is float


def test_options_reach_the_function(fitted, images, masks, explanation, black_box):
    image = images[0]
    assert metrics.complexity_scorer(fitted, image, normalize=True) == pytest.approx(
        metrics.complexity_scorer(fitted, image) / np.log(20)
    )
    weighted = metrics.pointing_game_scorer(fitted, images, masks, weighted=True)
    assert weighted < metrics.pointing_game_scorer(fitted, images, masks)
    one, many = (
        metrics.iou_scorer(fitted, images, masks, n_segments=n) for n in (1, None)
    )
    assert one != many
    found = metrics.stability_scorer(fitted, image, measure=np.mean, n_runs=2)
    assert found != metrics.stability_scorer(fitted, image, n_runs=2)
    expected = metrics.faithfulness(explanation, black_box, n_steps=5, baseline=0)
    options = {"n_steps": 5, "baseline": 0}
    assert expected == metrics.mean_faithfulness([explanation], black_box, **options)
    with pytest.raises(TypeError, match="n_stepps"):
        metrics.insertion_scorer(fitted, image, n_stepps=2)


@pytest.mark.parametrize("stem", RANDOM)
def test_candidates_are_judged_by_the_same_draws(stem, fitted, images):
    score = scorer_of(stem)
    draws_rows = stem not in ("insertion", "deletion", "faithfulness", "irof")
    options = {} if draws_rows else {"baseline": "noise"}
    first = score(fitted, images[0], **options)
    assert first == score(fitted, images[0], **options)
    assert first != score(fitted, images[0], random_state=1, **options)


@pytest.mark.parametrize(
    "stem", ["faithfulness", "infidelity", "irof", "stability", "sensitivity"]
)
def test_the_black_box_is_fetched_once(stem, explainer_of, images, monkeypatch):
    """Not for each image or each run: it may take a digest of a large model."""
    explainer = explainer_of(n_perturbations=40).fit(images)
    calls = []
    get = type(explainer).get_black_box

    def count(self):
        calls.append(self)
        return get(self)

    monkeypatch.setattr(type(explainer), "get_black_box", count)
    scorer_of(stem)(explainer, images)
    assert len(calls) == 1


def test_an_image_that_failed_is_no_gain(explainer_of, images, masks):
    """Left out of the mean it would pay to fail where it is difficult."""

    def moody(batch):
        if len(batch) > 2 and batch[0].mean() > 130:
            raise RuntimeError("too bright")
        return np.stack([batch.mean(axis=(1, 2, 3)), batch[:, 0, 0, 0]], axis=1)

    explainer = explainer_of(moody, on_error="warn", n_perturbations=40).fit(images[:1])
    bright = images.copy()
    bright[1] = 250
    for stem in ("fidelity", "insertion", "stability"):
        with pytest.warns(UserWarning, match=r"X\[1\] could not be explained"):
            assert np.isnan(scorer_of(stem)(explainer, bright))
    with pytest.warns(UserWarning, match=r"X\[1\] could not be explained"):
        assert np.isnan(metrics.iou_scorer(explainer, bright[:2], masks[:2]))


@pytest.mark.parametrize("stem", [*SCORERS, *MASK_SCORERS])
def test_an_unfitted_explainer(stem, explainer_of, images, masks):
    with pytest.raises(ValueError, match="not fitted yet"):
        scorer_of(stem)(explainer_of(), images, masks)


# Masks


@pytest.mark.parametrize("stem", MASK_SCORERS)
@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda m: None, ValueError, r"Got None. In a search pass .*fit\(X, masks\)"),
        (lambda m: m[:2], ValueError, r"each of the 3 images. Got 2. In a search pass"),
        (lambda m: m / 255, TypeError, r"y\[0\] must be booleans.*pass y\[0\] > thres"),
        (
            lambda m: [m[0], m[1], m[2, :9]],
            ValueError,
            r"y\[2\] must have .*\(64, 64\)",
        ),
        (lambda m: [m[0], np.nan, m[2]], TypeError, r"y\[1\] must be booleans"),
        (lambda m: [0, 1, 2], ValueError, r"y\[0\] must be a mask of shape \(H, W\)"),
        (lambda m: 3, ValueError, r"y must hold a mask .* Got 3"),
    ],
)
def test_masks_are_checked_before_anything_is_explained(
    stem, explainer_of, recorder, images, masks, change, error, message
):
    box = recorder()
    explainer = explainer_of(box, n_perturbations=40).fit(images)
    box.batches.clear()
    with pytest.raises(error, match=message):
        scorer_of(stem)(explainer, images, change(masks))
    assert box.n_images == 0


def test_masks_of_images_that_are_not_in_memory(explainer_of, images, masks):
    """Read twice they may cost more than the explanation; their size shows late."""

    class Lazy:
        def __len__(self):
            return 3

        def __getitem__(self, index):
            reads.append(index)
            return images[index]

    reads = []
    explainer = explainer_of(n_perturbations=40).fit(images)
    expected = metrics.iou_scorer(explainer, images, masks)
    assert metrics.iou_scorer(explainer, Lazy(), masks) == expected
    assert reads == [0, 1, 2]
    with pytest.raises(ValueError, match=r"y\[1\] must have the height and width of X"):
        metrics.iou_scorer(explainer, Lazy(), [masks[0], masks[1].T[:5], masks[2]])


def test_images_of_different_sizes_and_channels_first(explainer_of, images, masks):
    ragged = [images[0], images[1][:40]]
    truths = [masks[0], masks[1][:40]]
    explainer = explainer_of(n_perturbations=40).fit(ragged)
    expected = metrics.relevance_mass_scorer(explainer, ragged, truths)
    assert 0 < expected < 1

    def first(batch):
        return explainer.estimator(np.moveaxis(batch, 1, -1))

    turned = [np.moveaxis(image, -1, 0) for image in ragged]
    other = explainer_of(first, channel_axis=0, n_perturbations=40).fit(turned)
    found = metrics.relevance_mass_scorer(other, turned, truths)
    assert found == pytest.approx(expected)


# Searches


@pytest.fixture
def grid():
    return {"segmenter": [GridSegmenter(2, 2), GridSegmenter(4, 4)]}


@pytest.fixture(params=[True, False], ids=["routed", "unrouted"])
def routing(request):
    with config_context(enable_metadata_routing=request.param):
        yield


@pytest.mark.parametrize("stem", [*SCORERS, *MASK_SCORERS])
def test_alone_in_a_search(stem, explainer_of, images, masks, grid):
    images, masks = images[:2, ::2, ::2], masks[:2, ::2, ::2]  # small: 16 searches
    explainer = explainer_of(n_perturbations=40)
    options = {"stability": {"n_runs": 2}, "sensitivity": {"n_draws": 2}}.get(stem, {})
    scoring = partial(scorer_of(stem), **options)
    search = GridSearchCV(explainer, grid, scoring=scoring, cv=2, error_score="raise")
    search.fit(images, masks)
    expected = []
    for segmenter in grid["segmenter"]:
        candidate = explainer_of(segmenter=segmenter, n_perturbations=40)
        folds = [
            scoring(candidate.fit(images[[1 - i]]), images[[i]], masks[[i]])
            for i in range(2)
        ]
        expected.append(np.mean(folds))
    np.testing.assert_allclose(search.cv_results_["mean_test_score"], expected)
    assert search.best_index_ == np.argmax(expected)


@pytest.mark.usefixtures("routing")
def test_several_in_one_search(explainer_of, images, masks, grid):
    scoring = {
        "faithful": partial(metrics.faithfulness_scorer, n_steps=5),
        "pointing": metrics.pointing_game_scorer,
        "sparse": metrics.sparseness_scorer,
    }
    truths = [masks[0], masks[1], masks[0]]
    search = GridSearchCV(
        explainer_of(n_perturbations=40), grid, scoring=scoring, refit="faithful", cv=3
    ).fit(list(images), truths)
    assert isinstance(search.best_estimator_, ImageLimeExplainer)
    best = search.cv_results_["mean_test_faithful"].argmax()
    assert search.best_index_ == best
    for name in scoring:
        assert np.isfinite(search.cv_results_[f"mean_test_{name}"]).all()


@pytest.mark.usefixtures("routing")
def test_cross_validation(explainer_of, images, masks):
    explainer = explainer_of(n_perturbations=40)
    # scikit-learn 1.6 unpacks its own default of None.
    options = {"error_score": "raise", "params": {}}
    scores = cross_val_score(
        explainer, images, scoring=metrics.fidelity_scorer, cv=3, **options
    )
    folds = [metrics.fidelity_scorer(explainer.fit(images), image) for image in images]
    np.testing.assert_allclose(scores, folds)
    results = cross_validate(
        explainer,
        images[:2],
        masks[:2],
        scoring={"iou": metrics.iou_scorer},
        cv=2,
        **options,
    )
    assert (results["test_iou"] > 0).any()


@pytest.mark.usefixtures("routing")
def test_a_single_mask_scorer_in_a_search(explainer_of, images, masks, grid):
    """With routing a scorer could be refused for not being asked what it takes."""
    scoring = partial(metrics.iou_scorer, n_segments=2)
    search = GridSearchCV(
        explainer_of(n_perturbations=40), grid, scoring=scoring, cv=2
    ).fit(images[:2], masks[:2])
    assert (search.cv_results_["mean_test_score"] > 0).any()


def _brightness(images):
    return images.mean(axis=(1, 2, 3))


def test_in_worker_processes(explainer_of, images, grid):
    search = GridSearchCV(
        explainer_of(_brightness, n_perturbations=40),
        grid,
        scoring=partial(metrics.insertion_scorer, n_steps=4),
        cv=3,
        n_jobs=2,
        error_score="raise",
    ).fit(images)
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


@pytest.mark.parametrize("stem", [*SCORERS, *MASK_SCORERS])
def test_scorers_can_be_pickled(stem):
    scoring = partial(scorer_of(stem), random_state=3)
    copy = pickle.loads(pickle.dumps(scoring))
    assert copy.func is scorer_of(stem)
    assert copy.keywords == {"random_state": 3}
