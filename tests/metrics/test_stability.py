"""Explaining again: other seeds and the same segments, or other pixels and all else."""

import copy
import pickle
from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import Lasso, LinearRegression

from sklime.metrics import (
    coefficients_stability_index,
    jaccard_top_k,
    max_sensitivity,
    rank_correlation,
    select_top,
    stability,
    variables_stability_index,
)
from sklime.segmentation import GridSegmenter, PrecomputedSegmenter, SlicSegmenter
from sklime.surrogate import standard_errors


@pytest.fixture(scope="module")
def unsure(explainer_of, coffee):
    """An explainer with few perturbations, whose weights depend on the draw."""
    return explainer_of(n_perturbations=40, sampler="bernoulli").fit(coffee)


@pytest.fixture(scope="module")
def guess(unsure, coffee):
    return unsure.explain(coffee, labels=[1, 0])


@pytest.fixture(scope="module")
def runs(guess, unsure, coffee):
    """What stability explains with the seed 7, by the public way: clone and fit."""
    seeds = np.random.RandomState(7).randint(2**31 - 1, size=4)
    segmenter = PrecomputedSegmenter(guess.segments)
    return [
        clone(unsure)
        .set_params(segmenter=segmenter, random_state=int(seed))
        .fit(coffee)
        .explain(coffee, labels=[1, 0])
        for seed in seeds
    ]


def index_of_intervals(runs, k):
    weights = np.array([run.weights[0] for run in runs])
    errors = [
        standard_errors(run.samples, run.sample_predictions[:, 1], run.sample_weights)
        for run in runs
    ]
    return coefficients_stability_index(weights, errors, select_top(weights, k))


@pytest.mark.parametrize(
    ("measure", "index"),
    [
        ("jaccard", lambda weights: jaccard_top_k(weights, 3)),
        ("spearman", rank_correlation),
        ("vsi", lambda weights: variables_stability_index(select_top(weights, 3))),
        (np.ptp, np.ptp),
    ],
)
def test_measures_are_those_of_runs_with_other_seeds(
    guess, unsure, runs, measure, index
):
    weights = np.array([run.weights[0] for run in runs])
    options = {"n_runs": 4, "measure": measure, "k": 3, "random_state": 7}
    found = stability(guess, unsure, **options)
    assert found == pytest.approx(index(weights), abs=1e-12)
    assert type(found) is float
    perfect = {"jaccard": 1, "spearman": 1, "vsi": 100}
    assert found != perfect.get(measure)


def test_intervals_have_the_standard_errors_of_each_run(guess, unsure, runs):
    found = stability(guess, unsure, n_runs=4, measure="csi", k=3, random_state=7)
    assert found == pytest.approx(index_of_intervals(runs, 3))


def test_segments_are_held_fixed(explainer_of, coffee):
    """A segmenter with a seed would find others; a coarse map tells them apart."""
    calls = []

    def count(images):
        calls.append(images)
        return np.zeros((64, 64), dtype=int) + (np.arange(64) > 30)

    explainer = explainer_of(segmenter=count).fit(coffee)
    explanation = explainer.explain(coffee)
    n_calls = len(calls)
    assert stability(explanation, explainer, n_runs=2) == 1
    max_sensitivity(explanation, explainer, n_draws=1)
    assert len(calls) == n_calls


def test_each_run_asks_about_its_perturbations_only(
    explainer_of, coffee, recorder, black_box
):
    """Fitting a clone would ask about the image twice more in each run."""
    box = recorder(black_box)
    explainer = explainer_of(box).fit(coffee)
    explanation = explainer.explain(coffee)
    before = box.n_images
    stability(explanation, explainer, n_runs=3)
    assert box.n_images == before + 3 * 128
    max_sensitivity(explanation, explainer, n_draws=2)
    assert box.n_images == before + 5 * 128


@pytest.mark.parametrize("occluder", ["mean", "reference", "random", "blur"])
@pytest.mark.parametrize("random_state", [0, None])
def test_without_noise_nothing_changes(
    explainer_of, photographs, occluder, random_state
):
    """Other seeds, segments, or a reference fitted to the noisy image would show."""
    explainer = explainer_of(
        segmenter=SlicSegmenter(n_segments=12),
        occluder=occluder,
        n_perturbations=32,
        random_state=random_state,
        top_labels=2,
    ).fit([photographs["chelsea"], photographs["rocket"]])
    explanation = explainer.explain(photographs["coffee"])
    assert max_sensitivity(explanation, explainer, radius=0, n_draws=2) == 0
    assert max_sensitivity(explanation, explainer, radius=1e-4, n_draws=2) == 0
    assert max_sensitivity(explanation, explainer, radius=0.1, n_draws=1) > 0


def test_values_beyond_a_learnt_range_are_no_noise(explainer_of, coffee):
    explainer = explainer_of(
        lambda images: images.mean(axis=(1, 2, 3)), data_range=(0, 1)
    ).fit(coffee / 255)
    explanation = explainer.explain(coffee / 255)
    wider = replace(explanation, data_range=(0.2, 0.7))
    assert max_sensitivity(wider, explainer, radius=0, n_draws=1) == 0


def test_sensitivity_of_a_linear_black_box_by_hand(explainer_of):
    """Two pixels, hidden by 0; weights of all four rows are the pixels themselves.

    The largest change is that of the noise that we draw here in the same order.
    """
    image = np.array([[3.0, 4.0]])
    explainer = explainer_of(
        lambda images: images.sum(axis=(1, 2)),
        segmenter=GridSegmenter(1, 2),
        surrogate=LinearRegression(),
        data_range=(0, 10),
    ).fit(image)
    explanation = explainer.explain(image)
    rng = np.random.RandomState(5)
    noise = [rng.uniform(-0.5, 0.5, size=(1, 2)) for _ in range(6)]
    expected = max(np.linalg.norm(draw) for draw in noise) / 5
    options = {"radius": 0.05, "n_draws": 6, "random_state": 5}
    found = max_sensitivity(explanation, explainer, **options)
    assert found == pytest.approx(expected, rel=1e-9)


def test_noise_keeps_type_range_and_radius(explainer_of, recorder, coffee, black_box):
    box = recorder(black_box)
    explainer = explainer_of(box).fit(coffee)
    explanation = explainer.explain(coffee)
    first = len(box.batches)
    max_sensitivity(explanation, explainer, radius=0.1, n_draws=3, random_state=0)
    for images in box.batches[first:]:
        assert images.dtype == np.uint8
        change = np.abs(images[0].astype(int) - coffee)
        assert 24 <= change.max() <= 26
        assert abs((images[0].astype(int) - coffee).mean()) < 1


def test_weights_that_are_all_zero(explainer_of, coffee):
    """Divided by their norm of zero they would be NaN, and warn."""
    explainer = explainer_of(surrogate=Lasso(alpha=1e6)).fit(coffee)
    with pytest.warns(UserWarning, match="All weights of a label are zero"):
        explanation = explainer.explain(coffee)
    assert max_sensitivity(explanation, explainer, n_draws=1) == 0
    assert np.isnan(stability(explanation, explainer, n_runs=2, measure="vsi"))
    sure = explainer_of().fit(coffee)
    assert max_sensitivity(explanation, sure, n_draws=1) == np.inf


def test_runs_that_choose_different_numbers_of_segments(unsure, guess):
    """The index needs one number: as many as have a weight in every run."""
    explainer = copy.copy(unsure).set_params(surrogate=Lasso(alpha=0.005))
    counts = []

    def count(weights):
        counts.extend(np.count_nonzero(weights, axis=1))
        return variables_stability_index(select_top(weights, min(counts)))

    options = {"n_runs": 4, "random_state": 0}
    expected = stability(guess, explainer, measure=count, **options)
    assert 0 < min(counts) < max(counts) <= 20
    assert stability(guess, explainer, measure="vsi", k=20, **options) == expected


def test_drawn_fills_get_other_seeds_too(explainer_of, coffee):
    """All 256 rows of 8 segments are used: nothing but the fill is drawn.

    The fitted occluder keeps its own seed.
    """
    options = {"segmenter": GridSegmenter(2, 4), "n_perturbations": 256}
    results = {}
    for occluder in ("random", 0):
        explainer = explainer_of(occluder=occluder, **options).fit(coffee)
        explanation = explainer.explain(coffee)
        seed = getattr(explainer.occluder_, "seed_", None)
        spread = {"measure": lambda weights: np.ptp(weights, axis=0).max()}
        results[occluder] = stability(explanation, explainer, **spread)
        assert getattr(explainer.occluder_, "seed_", None) == seed
    assert results[0] == 0 < results["random"]


def test_the_explainer_is_left_alone(guess, unsure):
    before = pickle.dumps(sorted(map(str, vars(unsure).items())))
    state = np.random.get_state()[1].copy()
    first, again, other = (
        max_sensitivity(guess, unsure, n_draws=2, random_state=s) for s in (0, 0, 1)
    )
    assert first == again != other
    stability(guess, unsure, n_runs=2, random_state=0)
    assert pickle.dumps(sorted(map(str, vars(unsure).items()))) == before
    np.testing.assert_array_equal(np.random.get_state()[1], state)


def test_channels_first_and_names_that_stand_twice(explainer_of, coffee, black_box):
    def first(images):
        return black_box(np.moveaxis(images, 1, -1))

    image = np.moveaxis(coffee, -1, 0)
    explainer = explainer_of(first, channel_axis=0, class_names=["x", "x"]).fit(image)
    explanation = explainer.explain(image, labels=1)
    assert stability(explanation, explainer, n_runs=2, random_state=0) > 0
    found = max_sensitivity(explanation, explainer, n_draws=2, random_state=0)
    last = explainer_of().fit(coffee)
    expected = max_sensitivity(
        last.explain(coffee, labels=1), last, n_draws=2, random_state=0
    )
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("measure", "options", "message"),
    [
        (stability, {"n_runs": 1}, "n_runs must be an integer of at least 2"),
        (stability, {"measure": "tau"}, "measure must be one of 'jaccard', 'spearman'"),
        (stability, {"k": 0}, "k must be an integer of at least 1"),
        (stability, {"label": 9}, "label must be one of"),
        (max_sensitivity, {"n_draws": 0}, "n_draws must be an integer of at least 1"),
        (max_sensitivity, {"radius": -0.1}, "radius must be a number in"),
        (max_sensitivity, {"radius": "2%"}, "radius must be a number in"),
    ],
)
def test_arguments_are_checked_first(explanation, explainer, measure, options, message):
    with pytest.raises(ValueError, match=message):
        measure(explanation, explainer, **options)


@pytest.mark.parametrize("metric", [stability, max_sensitivity])
def test_doubts_are_not_repeated(coffee, explainer_of, metric):
    """A search over images and runs would say the same a thousand times."""
    explainer = explainer_of(n_perturbations=16).fit(coffee)
    with pytest.warns(UserWarning, match="n_perturbations must exceed"):
        explanation = explainer.explain(coffee)
    assert metric(explanation, explainer, random_state=0) > 0  # warnings are errors


@pytest.mark.parametrize("names", [[7, 7, 8], ["a", "a", 8]])
def test_names_that_stand_twice(coffee, explainer_of, names):
    """Labels are explained again by their columns."""
    explainer = explainer_of(
        lambda images: images.mean(axis=(1, 2)) / 255, class_names=names, top_labels=3
    ).fit(coffee)
    explanation = explainer.explain(coffee)
    for label in (None, 8):
        found = max_sensitivity(explanation, explainer, label=label, n_draws=2)
        assert 0 < found < 0.2
        assert stability(explanation, explainer, label=label, n_runs=2, k=3) > 0.2
    assert explainer.classes_.tolist() == names


def test_an_error_in_a_measure_of_ones_own_says_how_it_is_called(guess, unsure):
    with pytest.raises(TypeError, match="positional argument") as caught:
        stability(guess, unsure, n_runs=2, measure=lambda first, second: 0.0)
    assert "'measure', called as measure(weights_of_runs)" in caught.value.__notes__[0]


@pytest.mark.parametrize("metric", [stability, max_sensitivity])
def test_the_black_box_is_one_that_was_opened(guess, unsure, black_box, metric):
    with pytest.raises(TypeError, match=r"black_box must be.*get_black_box.*function"):
        metric(guess, unsure, black_box=black_box)
