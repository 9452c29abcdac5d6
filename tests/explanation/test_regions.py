"""Weights become parts of the image: maps, masks, cutouts and boxes."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from sklime import ImageLimeExplainer
from sklime.segmentation import GridSegmenter, PrecomputedSegmenter, SlicSegmenter


def test_heatmap_paints_each_segment_with_its_weight(explanation):
    for label, row in ((None, 0), ("bottom left", 0), (2, 0), ("top left", 1), (0, 1)):
        expected = explanation.weights[row].reshape(4, 4).repeat(16, 0).repeat(16, 1)
        np.testing.assert_array_equal(explanation.heatmap(label), expected)


def test_top_segments_by_size_and_sign(explanation):
    weights = explanation.weights[0]
    assert (weights > 0).any()
    assert (weights < 0).any()
    both = explanation.top_segments()
    assert (np.diff(np.abs(weights[both])) <= 0).all()
    positive = explanation.top_segments(sign="positive")
    negative = explanation.top_segments(sign="negative")
    assert (weights[positive] > 0).all()
    assert (weights[negative] < 0).all()
    assert set(both) == {*positive, *negative}
    np.testing.assert_array_equal(explanation.top_segments(2), both[:2])
    assert len(explanation.top_segments(0)) == 0
    assert explanation.top_segments(3, label=0).tolist() != both[:3].tolist()


@pytest.mark.parametrize("sign", ["positive", "negative", "both"])
def test_min_weight_is_inclusive_for_every_sign(explanation, sign):
    """Trap L16 of lime: strict for one sign, inclusive for both."""
    strongest = explanation.top_segments(1, sign)
    limit = abs(explanation.weights[0, strongest[0]])
    kept = explanation.top_segments(sign=sign, min_weight=limit)
    np.testing.assert_array_equal(kept, strongest)
    assert len(explanation.top_segments(sign=sign, min_weight=limit * 1.001)) == 0


def test_mask_never_shows_a_segment_against_its_sign(explanation):
    """Trap V12 of VisuaLIME: filled up with segments of the other sign."""
    assert explanation.mask().dtype == bool
    for sign, wrong in (("positive", -1), ("negative", 1)):
        shown = explanation.heatmap()[explanation.mask(sign, None)]
        assert not (np.sign(shown) == wrong).any()
    assert explanation.mask(n_segments=1).sum() == 16 * 16


def test_cutout_keeps_type_and_hides_the_rest(explanation, coffee):
    """Trap L13 of lime: `hide_rest` returned black float64."""
    cutout, mask = explanation.cutout(n_segments=3), explanation.mask(n_segments=3)
    assert cutout.dtype == np.uint8
    np.testing.assert_array_equal(cutout[mask], coffee[mask])
    assert (cutout[~mask] == 128).all()


def test_cutout_is_of_the_mask_with_the_same_options(explanation, coffee):
    third = abs(explanation.weights[0, explanation.top_segments(3, "positive")[-1]])
    for options in ({"sign": "negative"}, {"label": 0}, {"min_weight": third}):
        shown = (explanation.cutout(**options) != 128).any(axis=-1)
        assert not (shown & ~explanation.mask(**options)).any()
        assert shown.any()
        assert (explanation.mask(**options) != explanation.mask()).any()


def test_segments_without_weight_and_equal_ones(coffee):
    """Ties come in the order of the segments."""
    explainer = ImageLimeExplainer(
        lambda images: images[:, :32].mean(axis=(1, 2, 3)),
        segmenter=GridSegmenter(4, 1),
        occluder=0,
        surrogate=LinearRegression(),
        random_state=0,
    )
    explanation = explainer.fit_explain(np.full_like(coffee, 80))
    explanation.weights = np.array([[2.0, 2.0, 0.0, 0.0]])
    assert explanation.top_segments().tolist() == [0, 1]
    explanation.weights = np.array([[0.0, -3.0, 3.0, 3.0]])
    assert explanation.top_segments().tolist() == [1, 2, 3]


def test_cutout_of_a_grey_image(photographs):
    explainer = ImageLimeExplainer(
        lambda images: images.mean(axis=(1, 2)), n_perturbations=128, random_state=0
    )
    explanation = explainer.fit_explain(photographs["camera"])
    assert explanation.cutout().shape == (64, 64)


def test_perturbed_shows_or_hides_what_is_named(explanation, coffee):
    for chosen in (
        [0, 5],
        np.array([0, 5]),
        ["segment 0", "segment 5"],
        [0, "segment 5"],
    ):
        hidden = explanation.perturbed(hidden=chosen)
        inside = np.isin(explanation.segments, [0, 5])
        np.testing.assert_array_equal(hidden[~inside], coffee[~inside])
        np.testing.assert_array_equal(hidden[inside], explanation.background[inside])
        shown = explanation.perturbed(shown=chosen)
        np.testing.assert_array_equal(shown[inside], coffee[inside])
        np.testing.assert_array_equal(shown[~inside], explanation.background[~inside])
        assert hidden.dtype == coffee.dtype
    np.testing.assert_array_equal(explanation.perturbed(hidden=[]), coffee)
    np.testing.assert_array_equal(
        explanation.perturbed(shown=[]), explanation.background
    )
    one = explanation.perturbed(hidden="segment 3")
    np.testing.assert_array_equal(one, explanation.perturbed(hidden=np.int64(3)))


def test_perturbed_keeps_the_byte_order(photographs):
    image = photographs["camera"].astype(">u2") * 257
    explanation = ImageLimeExplainer(
        lambda images: images.mean(axis=(1, 2)),
        segmenter=GridSegmenter(2, 2),
        occluder=0,
    ).fit_explain(image)
    assert explanation.perturbed(hidden=[1]).dtype == image.dtype
    assert explanation.cutout().dtype == image.dtype


def test_perturbed_is_what_the_black_box_was_asked_about(explanation, quarters):
    for row in (1, 7, 50):
        image = explanation.perturbed(shown=np.flatnonzero(explanation.samples[row]))
        np.testing.assert_allclose(
            quarters(image[np.newaxis])[0], explanation.sample_predictions[row]
        )


@pytest.mark.parametrize("options", [{}, {"shown": [1], "hidden": [2]}])
def test_either_shown_or_hidden(explanation, options):
    with pytest.raises(ValueError, match="Pass either shown or hidden"):
        explanation.perturbed(**options)


@pytest.mark.parametrize("bad", [[-1], [16], ["cup"], [1.0], True, None, [[1]]])
def test_unknown_segments(explanation, bad):
    if bad is None:
        bad = [None]
    message = "{} must be indices from 0 to 15 or names such as 'segm"
    with pytest.raises(ValueError, match=message.format("hidden")):
        explanation.perturbed(hidden=bad)
    with pytest.raises(ValueError, match=message.format("shown")):
        explanation.perturbed(shown=bad)


def test_a_mask_of_segments_is_no_list_of_them(explanation):
    with pytest.raises(ValueError, match=r"Got .*True.*; for a mask pass numpy"):
        explanation.perturbed(shown=explanation.weights[0] > -1e9)


# Share of the area


def test_coverage_is_never_exceeded_and_no_weaker_segment_is_preferred(explanation):
    """Trap V13 of VisuaLIME: it took the first set that reaches the maximum."""
    for coverage in np.linspace(0.0625, 1, 40):
        for sign in ("positive", "negative", "both"):
            order = explanation.top_segments(sign=sign)
            mask = explanation.mask(sign, coverage=coverage)
            assert mask.mean() <= coverage
            n = np.unique(explanation.segments[mask]).size
            np.testing.assert_array_equal(mask, explanation.mask(sign, n))
            assert n == len(order) or mask.mean() + 1 / 16 > coverage


def test_coverage_and_number_limit_each_other(explanation):
    assert explanation.mask(n_segments=2, coverage=0.5, sign="both").mean() == 2 / 16
    assert explanation.mask(n_segments=9, coverage=0.2, sign="both").mean() == 3 / 16
    # as many as it takes to reach the smallest share
    mask = explanation.mask("both", 1, coverage=(0.25, 0.5))
    assert mask.mean() == 4 / 16
    assert explanation.cutout("both", 1, coverage=(0.25, 0.5)).shape == (64, 64, 3)
    assert len(explanation.top_segments(coverage=0.2)) == 3


def test_five_segments_unless_something_else_limits_them(explanation):
    assert explanation.mask("both").mean() == 5 / 16
    assert explanation.mask("both", coverage=0.9).mean() == 14 / 16
    assert explanation.mask("both", None).mean() == (explanation.weights[0] != 0).mean()
    ninth = np.sort(np.abs(explanation.weights[0]))[-9]
    assert explanation.mask("both", min_weight=ninth).mean() == 9 / 16
    assert explanation.mask("both", 2, min_weight=ninth).mean() == 2 / 16


# Boxes


def test_boxes_of_the_first_segment_and_of_all_others(explanation):
    """Trap L25 of lime: `regionprops` on the label map leaves out segment 0."""
    for segment in range(16):
        explanation_of_one = replace(
            explanation, weights=np.eye(16)[[segment, segment]]
        )
        row, col = 16 * (segment // 4), 16 * (segment % 4)
        expected = [[row, col, row + 16, col + 16]]
        assert explanation_of_one.bounding_boxes().tolist() == expected
        assert explanation_of_one.bounding_boxes(merge=True).tolist() == expected


def test_one_box_for_each_connected_area_or_around_all(explanation):
    weights = np.zeros((2, 16))
    weights[0, [0, 1, 10]] = 1, 0.5, 0.4  # two neighbours, and one apart
    weights[0, [2, 15]] = -0.3, -0.2  # beside the second, and in the corner
    e = replace(explanation, weights=weights)
    assert e.bounding_boxes().tolist() == [[0, 0, 16, 32], [32, 32, 48, 48]]
    assert e.bounding_boxes(merge=True).tolist() == [[0, 0, 48, 48]]
    assert e.bounding_boxes("negative").tolist() == [[0, 32, 16, 48], [48, 48, 64, 64]]
    both = e.bounding_boxes("both").tolist()
    assert both == [[0, 0, 16, 32], [0, 32, 16, 48], [32, 32, 48, 48], [48, 48, 64, 64]]
    assert e.bounding_boxes("both", merge=True).tolist() == [[0, 0, 64, 64]]
    assert e.bounding_boxes(n_segments=1).tolist() == [[0, 0, 16, 16]]
    assert e.bounding_boxes(coverage=0.125).tolist() == [[0, 0, 16, 32]]
    assert e.bounding_boxes(min_weight=0.45).tolist() == [[0, 0, 16, 32]]
    assert e.bounding_boxes(label="top left").shape == (0, 4)
    assert e.bounding_boxes(label="top left", merge=True).shape == (0, 4)


def test_a_box_holds_its_area_and_no_more(photographs):
    """On superpixels: the image inside the boxes has all of the mask, tightly."""
    explanation = ImageLimeExplainer(
        lambda images: images[:, 20:44, 20:44].mean(axis=(1, 2, 3)) / 255,
        segmenter=SlicSegmenter(30),
        occluder="black",
        n_perturbations=256,
        random_state=0,
    ).fit_explain(photographs["chelsea"])
    mask = explanation.mask(n_segments=6)
    inside = np.zeros_like(mask)
    for top, left, bottom, right in explanation.bounding_boxes(n_segments=6):
        part = mask[top:bottom, left:right]
        for edge in (part[0], part[-1], part[:, 0], part[:, -1]):
            assert edge.any()
        inside[top:bottom, left:right] = True
    assert not (mask & ~inside).any()
    (box,) = explanation.bounding_boxes(n_segments=6, merge=True)
    rows, cols = np.nonzero(mask)
    assert box.tolist() == [rows.min(), cols.min(), rows.max() + 1, cols.max() + 1]


def test_pixels_outside_a_mask_have_no_box_and_count_as_area(coffee):
    inside = np.zeros((64, 64), dtype=bool)
    inside[16:48, 16:48] = True
    segments = np.where(inside, 0, -1)
    segments[16:48, 32:48] = 1
    explanation = ImageLimeExplainer(
        lambda images: images[:, :, :32].mean(axis=(1, 2, 3)),
        segmenter=PrecomputedSegmenter(segments),
        occluder=0,
    ).fit_explain(coffee)
    assert explanation.segment_sizes.tolist() == [512, 512]
    assert explanation.bounding_boxes().tolist() == [[16, 16, 48, 32]]
    assert explanation.mask(coverage=0.125).mean() == 0.125


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda e: e.mask(coverage=1.2), r"range \[0, 1\].*Got 1.2"),
        (lambda e: e.mask(coverage=-0.1), r"range \[0, 1\]"),
        (lambda e: e.mask(coverage=(0.3, 0.2)), r"Got \(0.3, 0.2\)"),
        (lambda e: e.mask(coverage=(0.1, 0.2, 0.3)), "pair of the smallest"),
        (lambda e: e.mask(coverage="20%"), "Got '20%'"),
        (lambda e: e.mask(coverage=True), "Got True"),
        (lambda e: e.mask(coverage=float("nan")), "Got nan"),
        (lambda e: e.mask(n_segments=-2), "n_segments must be an integer"),
        (lambda e: e.mask(n_segments="all"), "n_segments must be an integer"),
        (lambda e: e.cutout(n_segments=1.5), "n_segments must be an integer"),
        (lambda e: e.bounding_boxes(n_segments=True), "n_segments must be an integer"),
        (lambda e: e.bounding_boxes(sign="up"), "sign must be one of"),
        (lambda e: e.bounding_boxes(label="middle"), "label must be one of"),
    ],
)
def test_bad_limits(explanation, call, message):
    with pytest.raises(ValueError, match=message):
        call(explanation)


def test_negative_only_is_one_word(explanation):
    """Trap L14 of lime: `negative_only=True` alone raised."""
    mask = explanation.mask("negative")
    assert (explanation.heatmap()[mask] < 0).all()


def test_masks_do_not_depend_on_the_type_of_labels(coffee, quarters):
    """Trap L15 of lime: unsigned labels raised where -1 was written among them."""
    grid = np.arange(16).reshape(4, 4).repeat(16, 0).repeat(16, 1)
    masks = []
    for dtype in (np.uint8, np.int64):
        explainer = ImageLimeExplainer(
            quarters,
            segmenter=PrecomputedSegmenter(grid.astype(dtype)),
            occluder=128,
            n_perturbations=64,
            random_state=0,
        )
        masks.append(explainer.fit_explain(coffee).mask("both"))
    np.testing.assert_array_equal(*masks)


def test_a_single_segment_is_no_special_case(coffee):
    """Trap V14 of VisuaLIME: it warned that all 1 had to be selected, or raised."""
    explainer = ImageLimeExplainer(
        lambda images: images.mean(axis=(1, 2, 3)),
        segmenter=GridSegmenter(1, 1),
        occluder=0,
        surrogate=LinearRegression(),
    )
    with pytest.warns(UserWarning, match="single segment"):
        explanation = explainer.fit_explain(coffee)
    assert explanation.mask().all()
    assert explanation.mask(n_segments=1, coverage=1.0).all()
    assert explanation.bounding_boxes().tolist() == [[0, 0, 64, 64]]
    assert explanation.as_list()[0][0] == "segment 0"


def test_boxes_go_by_the_signs_of_their_label(explanation):
    weights = np.zeros((2, 16))
    weights[1, [0, 1]] = 1, -0.5
    e = replace(explanation, weights=weights)
    found = e.bounding_boxes("both", label="top left").tolist()
    assert found == [[0, 0, 16, 16], [0, 16, 16, 32]]


def test_small_weights_are_shown_like_large_ones(explanation):
    small = replace(explanation, weights=explanation.weights * 1e-9)
    np.testing.assert_array_equal(small.cutout(), explanation.cutout())
    np.testing.assert_array_equal(small.bounding_boxes(), explanation.bounding_boxes())
