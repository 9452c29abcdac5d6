"""Every part in the explainer: told what it needs, seeded, kept within its bounds."""

import pickle
import tracemalloc
import warnings
from itertools import pairwise

import numpy as np
import pytest
from joblib import parallel_config
from sklearn.base import BaseEstimator
from sklearn.cluster import KMeans
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer

from sklime import ImageLimeExplainer, LimeDisplay
from sklime.locality import ImageDistance
from sklime.occlusion import BaseOccluder, NoiseOccluder, RandomColourOccluder
from sklime.sampling import BernoulliSampler, LocalSampler, SubsetSampler
from sklime.segmentation import (
    ClusterSegmenter,
    FelzenszwalbSegmenter,
    GridSegmenter,
    MergeSegments,
    PrecomputedSegmenter,
    QuickshiftSegmenter,
    SlicSegmenter,
    WatershedSegmenter,
)

REDRAWN = ["randomise", "randomise-patch", NoiseOccluder(redraw=True)]


def explainer_of(black_box, **options):
    """Return an explainer that is cheap to run."""
    defaults = {
        "segmenter": GridSegmenter(4, 4),
        "occluder": 0,
        "n_perturbations": 64,
        "random_state": 0,
    }
    return ImageLimeExplainer(black_box, **defaults | options)


def bits(explanation):
    """Return all that a draw decides, as bytes."""
    arrays = explanation.weights, explanation.sample_predictions, explanation.background
    return b"".join(array.tobytes() for array in arrays)


# Fills that are drawn anew for each perturbation


@pytest.mark.parametrize("occluder", REDRAWN, ids=str)
def test_same_bits_in_any_batch_job_and_company(coffee, quarters, occluder):
    images = [coffee, coffee[::-1], coffee[:, ::-1]]
    explainer = explainer_of(quarters, occluder=occluder).fit(images)
    expected = [bits(e) for e in explainer.explain(images)]
    assert bits(explainer.explain(coffee)) == expected[0]
    for options in ({"batch_size": 1}, {"batch_size": 7}, {"n_jobs": 2}):
        again = explainer.set_params(**options).explain(images)
        assert [bits(e) for e in again] == expected
    with parallel_config(backend="threading"):
        assert [bits(e) for e in explainer.explain(images)] == expected
    copy = pickle.loads(pickle.dumps(explainer))
    assert bits(copy.explain(images)[2]) == expected[2]
    other = explainer_of(quarters, occluder=occluder, random_state=1)
    assert bits(other.fit(images).explain(coffee)) != expected[0]


@pytest.mark.parametrize("occluder", REDRAWN, ids=str)
def test_every_perturbation_has_a_fill_of_its_own(coffee, recorder, occluder):
    box = recorder()
    explanation = explainer_of(box, occluder=occluder, batch_size=10).fit_explain(
        coffee
    )
    images = np.concatenate(box.batches[1:])
    assert len(images) == 64
    np.testing.assert_array_equal(images[0], coffee)
    cells = np.arange(64) // 16
    segments = cells[:, np.newaxis] * 4 + cells
    fills = set()
    for image, row in zip(images, explanation.samples, strict=True):
        shown = row[segments]
        np.testing.assert_array_equal(image[shown], coffee[shown])
        fills.add(image[~shown].tobytes())
        if occluder == "randomise" and not row.all():
            assert len(np.unique(image[~shown], axis=0)) == 1
    assert len(fills) == 64


def test_equal_rows_are_drawn_apart(coffee, recorder):
    """Neither asked once nor listed once: the surrogate averages over the draws."""
    box = recorder()
    explainer = explainer_of(
        box, segmenter=GridSegmenter(2, 2), occluder="randomise", n_perturbations=256
    )
    explanation = explainer.fit_explain(coffee)
    assert explanation.samples.shape == (256, 4)
    assert box.n_images == 2 + 256
    mean_fill = explainer_of(box, segmenter=GridSegmenter(2, 2), occluder=127.5)
    expected = mean_fill.set_params(surrogate=LinearRegression()).fit_explain(coffee)
    found = explanation.refit(surrogate=LinearRegression())
    np.testing.assert_allclose(found.weights, expected.weights, atol=8)


def test_memory_is_bounded_by_the_batch(quarters):
    """256 copies would be 150 MB."""
    image = np.random.RandomState(0).randint(0, 256, (440, 440, 3)).astype(np.uint8)
    for occluder in ("randomise-patch", 0):
        explainer = explainer_of(
            lambda images: images[:, 0, 0, 0] * 1.0,
            occluder=occluder,
            n_perturbations=256,
            batch_size=8,
        ).fit(image)
        tracemalloc.start()
        explainer.explain(image)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 60e6


def test_no_distance_between_images_under_such_a_fill(coffee, recorder):
    box = recorder()
    for distance in ("image", ImageDistance(1)):
        explainer = explainer_of(box, occluder="randomise", distance=distance)
        with pytest.raises(ValueError, match="distance='image' needs an occluder that"):
            explainer.fit(coffee)
    assert box.n_images == 0


def test_an_occluder_of_ones_own_may_be_redrawn(coffee, recorder):
    class Fading(BaseOccluder):
        redraw = True

        def fill(self, image, segments, draw):
            return np.full(image.shape, draw)

    box = recorder()
    explanation = explainer_of(box, occluder=Fading()).fit_explain(coffee)
    images = np.concatenate(box.batches[1:])
    for number, (image, row) in enumerate(
        zip(images, explanation.samples, strict=True)
    ):
        hidden = ~row[explanation.segments]
        assert (image[hidden] == number).all()


def test_seeds_of_fills(coffee, quarters):
    """The explainer's unless there is one; an int is used alike for every image."""
    random = explainer_of(quarters, occluder="random")
    one, two = random.fit([coffee]).explain([coffee, coffee[::-1]])
    np.testing.assert_array_equal(one.background[0, 0], two.background[0, 0])
    other = random.set_params(random_state=1).fit_explain(coffee)
    assert (other.background[0, 0] != one.background[0, 0]).any()
    fixed = RandomColourOccluder(random_state=5)
    for random_state in (1, 2):
        explainer = explainer_of(quarters, occluder=fixed, random_state=random_state)
        background = explainer.fit_explain(coffee).background
        everything = np.zeros(coffee.shape[:2], dtype=int)
        expected = fixed.fit([coffee]).fill(coffee, everything).round()
        np.testing.assert_array_equal(background, expected)


# Segmenters


@pytest.mark.parametrize(
    "segmenter",
    [
        QuickshiftSegmenter(),
        FelzenszwalbSegmenter(),
        WatershedSegmenter(25),
        ClusterSegmenter(KMeans(9)),
        make_pipeline(FelzenszwalbSegmenter(min_size=1), MergeSegments(30)),
        make_pipeline(QuickshiftSegmenter(), MergeSegments(groups=[0, 1, 2])),
    ],
    ids=lambda s: type(s).__name__,
)
@pytest.mark.parametrize("first", [False, True])
def test_every_segmenter_in_both_layouts(coffee, quarters, segmenter, first):
    """A step at the head of a pipeline is told layout and range as well."""
    X, black_box = coffee / 127.5 - 1, quarters
    if first:
        X = np.moveaxis(X, -1, 0)

        def black_box(images):
            return quarters(np.moveaxis(images, 1, -1))

    explainer = explainer_of(
        black_box,
        segmenter=segmenter,
        occluder=-1,
        channel_axis=0 if first else -1,
        n_perturbations=256,
    )
    explanation = explainer.fit_explain(X, labels=0)
    plain = explainer_of(
        quarters, segmenter=segmenter, n_perturbations=256
    ).fit_explain(coffee, labels=0)
    np.testing.assert_array_equal(explanation.segments, plain.segments)
    np.testing.assert_allclose(explanation.weights * 127.5, plain.weights, atol=1e-6)
    inside = np.bincount(
        plain.segments.ravel(), (np.indices((64, 64)).max(axis=0) < 32).ravel()
    ) / np.bincount(plain.segments.ravel())
    assert plain.weights[0, inside > 0.5].sum() > 5 * abs(
        plain.weights[0, inside < 0.1].sum()
    )


def test_seeds_reach_the_clusterer(coffee, quarters):
    maps = [
        explainer_of(
            quarters,
            segmenter=ClusterSegmenter(KMeans(9, init="random", n_init=1)),
            random_state=seed,
        )
        .fit_explain(coffee)
        .segments
        for seed in (0, 0, 1)
    ]
    np.testing.assert_array_equal(maps[0], maps[1])
    assert (maps[0] != maps[2]).any()


def test_another_picture_may_be_segmented(coffee, photographs, quarters):
    """Trap F15 of FAT Forensics: a grey one beside an RGB image raised."""
    sharp = photographs["camera"]
    segmenter = make_pipeline(
        FunctionTransformer(lambda images: [sharp] * len(images)), SlicSegmenter(20)
    )
    explanation = explainer_of(quarters, segmenter=segmenter).fit_explain(coffee)
    expected = SlicSegmenter(20).fit_transform(sharp)[0]
    np.testing.assert_array_equal(explanation.segments, expected)


def test_blurred_copies_and_single_channels_are_segmented(coffee, quarters):
    def red(images):
        return [image[..., 0] for image in images]

    pipeline = make_pipeline(FunctionTransformer(red), FelzenszwalbSegmenter())
    explanation = explainer_of(
        quarters, segmenter=pipeline, n_perturbations=128
    ).fit_explain(coffee)
    expected = FelzenszwalbSegmenter().fit_transform(coffee[..., 0])[0]
    np.testing.assert_array_equal(explanation.segments, expected)


@pytest.mark.parametrize("occluder", ["mean", "inpaint", "blur", "randomise-patch", 0])
def test_pixels_outside_a_mask(coffee, recorder, pyplot, occluder):
    """Never hidden, weight 0, in every fill, drawing and distance."""
    mask = np.zeros((64, 64), dtype=bool)
    mask[16:48, 8:40] = True
    box = recorder()
    explainer = explainer_of(
        box,
        segmenter=SlicSegmenter(9, mask=mask),
        occluder=occluder,
        distance="area",
    )
    explanation = explainer.fit_explain(coffee)
    images = np.concatenate(box.batches[1:])
    assert (images[:, ~mask] == coffee[~mask]).all()
    changed = (images[1:, mask] != coffee[mask]).any(axis=(1, 2))
    assert changed.mean() > 0.95  # drawn rows may show everything once more
    heatmap = explanation.heatmap()
    assert not heatmap[~mask].any()
    assert heatmap[mask].any()
    assert not explanation.mask("both", None)[~mask].any()
    background = explanation.background
    assert (background[~mask] == coffee[~mask]).all()
    assert (explanation.cutout()[~mask] == coffee[~mask]).all()
    assert explanation.distances[0] == 0
    assert explanation.distances.max() <= 1
    for kind in ("overlay", "heatmap", "mask", "boundaries"):
        LimeDisplay.from_explanation(explanation, kind=kind).figure_.canvas.draw()


def test_searched_like_any_parameter(photographs, quarters):
    images = np.stack([photographs[n] for n in ("coffee", "chelsea", "rocket")])
    segmenter = make_pipeline(FelzenszwalbSegmenter(), MergeSegments(20))
    search = GridSearchCV(
        explainer_of(
            quarters,
            segmenter=segmenter,
            occluder=NoiseOccluder(),
            distance=ImageDistance(),
            n_perturbations=256,
        ),
        {
            "segmenter__mergesegments__min_size": [40, 100],
            "occluder__redraw": [False],
            "distance__norm": [1, "fro"],
            "sampler": ["shapley", "balanced"],
        },
        scoring=lambda explainer, X, y=None: explainer.explain(X)[0].fidelity[0],
        cv=[([0], [1, 2])],
        error_score="raise",
    ).fit(images)
    assert len(search.cv_results_["params"]) == 8


@pytest.mark.parametrize("skip", ["passthrough", None])
def test_the_first_step_that_does_something_is_told_the_range(quarters, skip):
    """As a search over a preprocessing step writes it."""
    rng = np.random.RandomState(0)
    blocks = rng.uniform(size=(6, 6)) * 8
    image = np.kron(blocks, np.ones((10, 10))) + rng.uniform(size=(60, 60))
    plain = FelzenszwalbSegmenter(scale=300)
    maps = [
        explainer_of(quarters, segmenter=s, data_range=(0, 100), n_perturbations=128)
        .fit(image)
        .segmenter_.transform([image])[0]
        for s in (plain, Pipeline([("p", skip), ("s", plain)]))
    ]
    np.testing.assert_array_equal(*maps)


@pytest.mark.parametrize(
    "occluder",
    [9999.0, lambda image, segments: np.full(image.shape, 9999.0)],
    ids=["number", "function"],
)
def test_one_warning_for_a_fill_that_is_clipped(coffee, quarters, occluder):
    with pytest.warns(UserWarning, match="they are clipped") as warned:
        explainer_of(quarters, occluder=occluder).fit_explain(coffee)
    assert len(warned) == 1


@pytest.mark.parametrize("occluder", [0.5, (0.2, 0.7, 0.1), np.full((64, 64, 3), 0.4)])
def test_a_fill_on_another_scale_is_doubted(coffee, quarters, occluder):
    """Trap L4 of lime: hide_color=0.5 on uint8 was black without a word."""
    with pytest.warns(UserWarning, match="next to nothing in the images' range"):
        explainer_of(quarters, occluder=occluder).fit(coffee)
    for fine, image in ((0, coffee), (1, coffee), (occluder, coffee / 255)):
        explainer_of(quarters, occluder=fine).fit(image)


# Samplers


def test_shapley_values_add_up(coffee, quarters):
    explainer = explainer_of(
        quarters,
        segmenter=GridSegmenter(2, 4),
        sampler="shapley",
        surrogate=LinearRegression(),
        n_perturbations=256,
    )
    explanation = explainer.fit_explain(coffee, labels=[0, 3])
    assert explanation.samples.shape == (256, 8)
    answers = explanation.sample_predictions[:, [0, 3]]
    np.testing.assert_allclose(
        explanation.weights.sum(axis=1), answers[0] - answers[-1], rtol=1e-5
    )
    # Hidden segments are black and the black box a mean: each adds its own share.
    cells = coffee.mean(axis=-1).reshape(2, 32, 4, 16).mean(axis=(1, 3)).ravel()
    expected = np.where(np.isin(np.arange(8), [0, 1]), cells / 2, 0)
    np.testing.assert_allclose(explanation.weights[0], expected, atol=1e-3)


def test_local_takes_the_explainers_kernel(coffee, quarters):
    """Trap F11 of FAT Forensics: parameters that were ignored without a word."""
    options = {"sampler": "local", "n_perturbations": 200}
    near = explainer_of(quarters, **options, kernel_width=0.05).fit_explain(coffee)
    far = explainer_of(quarters, **options, kernel_width=1.0).fit_explain(coffee)
    assert near.samples.mean() > far.samples.mean() + 0.1
    own = LocalSampler(kernel_width=0.05)
    same = explainer_of(quarters, sampler=own, n_perturbations=200).fit_explain(coffee)
    np.testing.assert_array_equal(same.samples, near.samples)
    subset = SubsetSampler(range(16), "local")
    same = explainer_of(
        quarters, sampler=subset, n_perturbations=200, kernel_width=0.05
    ).fit_explain(coffee)
    np.testing.assert_array_equal(same.samples, near.samples)
    with pytest.raises(ValueError, match="as LocalSampler did"):
        near.refit(kernel_width=0.1)
    assert near.refit(surrogate=LinearRegression()).sample_weights.tolist() == [1] * 200


def test_narrow_kernels_are_doubted(coffee, quarters):
    """Traps V1 of VisuaLIME, C2 of Captum: coefficients of 1e-24 without a warning."""
    for shape, options in (
        ((6, 9), {"kernel_width": 0.04}),
        ((2, 3), {"distance": "minkowski"}),
    ):
        explainer = explainer_of(quarters, segmenter=GridSegmenter(*shape), **options)
        with pytest.warns(UserWarning, match="less weight than the image itself"):
            explainer.set_params(n_perturbations=1024).fit_explain(coffee)


@pytest.mark.parametrize(
    "options",
    [
        {"sampler": BernoulliSampler(2)},
        {"sampler": LocalSampler(kernel_width=-1)},
        {"sampler": SubsetSampler([1], "foo")},
        {"distance": ImageDistance(norm=-np.inf)},
        {"distance": ImageDistance},
    ],
    ids=str,
)
def test_bad_parts_are_refused_in_fit(coffee, recorder, options):
    box = recorder()
    with pytest.raises(
        (TypeError, ValueError), match=r"parameter of|such as Im|must be one of"
    ):
        explainer_of(box, **options).fit(coffee)
    assert box.n_images == 0


def test_no_distance_between_images_by_the_back_door_either(coffee, quarters):
    explainer = explainer_of(quarters, occluder="randomise").fit(coffee)
    explanation = explainer.explain(coffee)
    with pytest.raises(ValueError, match="distance='image' needs an occluder"):
        explanation.refit(distance="image")
    explainer.set_params(occluder="mean", distance="image")
    with pytest.raises(ValueError, match="distance='image' needs an occluder"):
        explainer.explain(coffee)


@pytest.mark.parametrize(("n_segments", "share"), [(2, 0.3), (4, 0.7), (8, 0.97)])
def test_ridge_shrinks_the_weights_of_few_segments(n_segments, share):
    """As its documentation says, with the way out: least squares."""
    image = np.ones((2, n_segments, 3))
    explanation = ImageLimeExplainer(
        lambda images: images[:, 0, :, 0].sum(axis=1),
        segmenter=GridSegmenter(1, n_segments),
        occluder=0,
    ).fit_explain(image)
    ridge, exact = explanation, explanation.refit(surrogate=LinearRegression())
    assert (ridge.weights < share).all()
    assert (ridge.weights > share - 0.2).all()
    np.testing.assert_allclose(exact.weights, 1)


def test_only_some_segments(coffee, quarters):
    explainer = explainer_of(
        quarters,
        sampler=SubsetSampler([0, 1, 4, 5, 10]),
        n_perturbations=1000,
        surrogate=LinearRegression(),
    )
    explanation = explainer.fit_explain(coffee, labels=0)
    assert explanation.samples.shape == (32, 16)
    others = np.setdiff1d(np.arange(16), [0, 1, 4, 5, 10])
    np.testing.assert_allclose(explanation.weights[0, others], 0, atol=1e-12)
    assert (explanation.weights[0, [0, 1, 4, 5]] > 1).all()
    assert explanation.fidelity[0] == pytest.approx(1)


@pytest.mark.parametrize(
    ("rows", "error", "message"),
    [
        (np.ones((64, 16)), TypeError, "must return booleans"),
        (np.ones((64, 15), dtype=bool), ValueError, r"\(n, 16\).*\(64, 15\)"),
        (np.zeros((64, 16), dtype=bool), ValueError, "hides 16 segments there"),
    ],
)
def test_bad_samplers_cost_no_call(coffee, recorder, rows, error, message):
    box = recorder()
    explainer = explainer_of(box, sampler=lambda *_: rows).fit(coffee)
    with pytest.raises(error, match=message):
        explainer.explain(coffee)
    assert box.n_images == 2


@pytest.mark.parametrize(
    "weights", [np.zeros(64), np.full(64, np.nan), np.eye(64)[0], -np.ones(64)]
)
def test_weights_that_no_surrogate_can_use(coffee, recorder, weights):
    box = recorder()
    explainer = explainer_of(box, kernel=lambda distances: weights).fit(coffee)
    with pytest.raises(ValueError, match="kernel must give"):
        explainer.explain(coffee)
    assert box.n_images == 2


def test_one_warning_for_fewer_perturbations_than_segments(photographs, quarters):
    images = list(photographs.values())[:3]
    explainer = ImageLimeExplainer(quarters, n_perturbations=64, random_state=0)
    with pytest.warns(UserWarning, match="of at least 256") as warned:
        explainer.fit(images).explain(images)
    assert len(warned) == 1
    assert warned[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        explainer.set_params(n_perturbations=256).explain(images)


# Traps of the peers that need the whole way


def test_a_planted_truth_is_found(coffee):
    """Traps V2 of VisuaLIME and C4 of Captum: segments 3, 5, 34; .05 cut to .01.

    Fifty segments, of which three count; one of them little.
    """
    grid = GridSegmenter(5, 10)
    cells = grid.fit_transform(coffee)[0]
    truth = np.zeros(50)
    truth[[5, 17, 30]] = 0.3, -0.2, 0.05
    sizes = np.bincount(cells.ravel(), coffee.sum(axis=-1).ravel())

    def black_box(images):
        shown = np.array(
            [np.bincount(cells.ravel(), i.sum(axis=-1).ravel()) for i in images]
        )
        return 0.1 + (shown / sizes) @ truth

    explanation = explainer_of(
        black_box, segmenter=grid, n_perturbations=1000, sampler="bernoulli"
    ).fit_explain(coffee)
    assert explanation.top_segments(3).tolist() == [5, 17, 30]
    np.testing.assert_allclose(explanation.weights[0], truth, atol=0.005)


@pytest.mark.parametrize("shape", [(64, 64), (64, 64, 1)])
def test_a_grey_model_gets_grey_images(photographs, recorder, shape):
    """Trap L6 of lime: they were given three channels."""
    box = recorder(lambda images: images.reshape(len(images), -1)[:, 0] * 1.0)
    explainer_of(box).fit_explain(photographs["camera"].reshape(shape))
    assert {batch.shape[1:] for batch in box.batches} == {shape}


@pytest.mark.parametrize(
    "occluder", [0.5, (0.1, 0.2, 0.3), np.float32(0.5), np.full((64, 64, 3), 0.25)]
)
def test_fills_of_any_type_on_any_image(coffee, quarters, occluder):
    """Traps L4 of lime, V5 of VisuaLIME: only whole numbers on uint8 images."""
    unit = explainer_of(quarters, occluder=occluder).fit_explain(coffee / 255)
    expected = np.broadcast_to(occluder, coffee.shape)
    np.testing.assert_allclose(unit.background, expected)
    whole = explainer_of(quarters, occluder=np.multiply(occluder, 255))
    background = whole.fit_explain(coffee).background
    assert background.dtype == np.uint8
    np.testing.assert_array_equal(background, np.rint(expected * 255.0))


def test_nothing_is_printed_and_no_logger_touched(coffee, quarters, capsys, caplog):
    """Trap F16 of FAT Forensics: a print for every mask, a handler at import."""
    black_and_white = (coffee[..., 0] > 100).astype(np.uint8) * 255
    explainer_of(quarters).fit_explain(black_and_white)
    assert capsys.readouterr() == ("", "")
    assert not caplog.records


def test_one_explainer_for_many_images(photographs, quarters):
    """Trap F18 of FAT Forensics: image, segments and model bound at construction."""
    images = list(photographs.values())[:3]
    explainer = ImageLimeExplainer(quarters, n_perturbations=256, random_state=0)
    maps = [e.segments for e in explainer.fit(images[0]).explain(images)]
    assert all((a != b).any() for a, b in pairwise(maps))


def test_the_empty_row_is_no_special_case(coffee, quarters):
    """Trap C6 of Captum: neither the image nor the empty row was asked about."""
    explainer = explainer_of(quarters, segmenter=GridSegmenter(2, 3))
    explanation = explainer.fit_explain(coffee)
    assert not explanation.samples[-1].any()
    assert explanation.distances[[0, -1]].tolist() == [0, 1]
    assert np.isfinite(explanation.weights).all()
    with pytest.raises(ValueError, match=r"'n_perturbations'.*\[2, inf\)"):
        explainer.set_params(n_perturbations=1).explain(coffee)


def test_float_label_maps_are_refused(coffee, quarters):
    """Trap C8 of Captum: an IndexError from within."""
    segmenter = PrecomputedSegmenter(np.zeros((64, 64)))
    with pytest.raises(TypeError, match=r"integer labels.*float64; cast them"):
        explainer_of(quarters, segmenter=segmenter).fit_explain(coffee)


def test_p_reaches_the_black_box(coffee, recorder):
    """Trap V6 of VisuaLIME: p = .9 was said to remove nine tenths."""
    box = recorder()
    explainer_of(box, sampler=BernoulliSampler(0.9)).fit_explain(coffee)
    shown = (np.concatenate(box.batches[1:]) > 0).mean()
    assert shown > 0.8 * (coffee > 0).mean()


@pytest.mark.parametrize(
    ("parameter", "function", "call"),
    [
        ("kernel", lambda distances, kernel_width: distances, "kernel(distances)"),
        ("distance", lambda row: 0.0, "distance(row, row_of_the_image)"),
        ("sampler", lambda n: np.ones((4, n), bool), "sampler(n_segments, n_pert"),
        ("occluder", lambda image: image, "occluder(image, segments)"),
        ("segmenter", lambda image, n: image[..., 0], "segmenter(image)"),
    ],
)
def test_an_error_in_a_function_of_ones_own_says_how_it_is_called(
    coffee, quarters, parameter, function, call
):
    """Lime calls a kernel with the distances and a width."""
    explainer = ImageLimeExplainer(quarters, random_state=0, **{parameter: function})
    with pytest.raises(TypeError, match="positional argument") as caught:
        explainer.fit_explain(coffee)
    assert call in caught.value.__notes__[0]
    assert f"parameter {parameter!r}" in caught.value.__notes__[0]


class Broken(BaseEstimator):
    """A part with every method that a part may have, one of which fails."""

    def __init__(self, method=None):
        self.method = method

    def _fail(self, method, result):
        if method == self.method:
            raise ZeroDivisionError("inside")
        return result

    def fit(self, X, y=None, sample_weight=None):
        return self._fail("fit", self)

    def transform(self, images):
        grid = np.indices((4, 4)).sum(axis=0).repeat(16, 0).repeat(16, 1)
        return self._fail("transform", [grid for _ in images])

    def fill(self, image, segments):
        return self._fail("fill", np.zeros(image.shape))

    def sample(self, n_segments, n_perturbations, random_state):
        samples = np.random.RandomState(0).rand(n_perturbations, n_segments) < 0.5
        samples[0] = True
        return self._fail("sample", samples)

    def sample_weights(self, samples):
        return self._fail("sample_weights", np.ones(len(samples)))

    def measure(self, samples, **pictures):
        return self._fail("measure", np.linspace(0, 1, len(samples)))

    def get_support(self, indices=False):
        return self._fail("get_support", np.arange(5))


@pytest.mark.parametrize(
    ("parameter", "method", "arguments"),
    [
        ("segmenter", "fit", "images"),
        ("segmenter", "transform", "images"),
        ("occluder", "fit", "images"),
        ("occluder", "fill", "image, segments"),
        ("sampler", "sample", "n_segments, n_perturbations, random_state"),
        ("sampler", "sample_weights", "samples"),
        ("distance", "measure", "samples, **pictures"),
        ("feature_selector", "get_support", "indices=True"),
    ],
)
def test_an_error_in_an_object_of_ones_own_says_how_it_is_called(
    coffee, quarters, parameter, method, arguments
):
    options = {"segmenter": GridSegmenter(4, 4), parameter: Broken(method)}
    with pytest.raises(ZeroDivisionError) as caught:
        explainer_of(quarters, **options).fit_explain(coffee)
    call = f"called as Broken.{method}({arguments})."
    assert caught.value.__notes__[0] == f"Raised by the parameter {parameter!r}, {call}"
    # the same parts do their work where that method does not fail
    works = {**options, parameter: Broken()}
    assert explainer_of(quarters, **works).fit_explain(coffee).weights.any()


def test_a_fill_that_is_drawn_anew_is_told_the_draw(coffee, quarters):
    class Redrawn(Broken):
        redraw = True

    with pytest.raises(TypeError, match="positional argument") as caught:
        explainer_of(quarters, occluder=Redrawn()).fit(coffee)
    assert "Redrawn.fill(image, segments, draw)" in caught.value.__notes__[0]
