"""What is drawn is what the weights say."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from skimage import color

from sklime import LimeDisplay
from sklime._colours import NEGATIVE_COLOR, POSITIVE_COLOR
from sklime.display import find_edges
from sklime.segmentation import PrecomputedSegmenter


def test_overlay_has_colour_by_sign_and_opacity_by_weight(pyplot, explanation):
    """Weights that differ look different.

    Traps V10 of VisuaLIME: opacity was clipped, so .7 and 1 looked alike; L12 of lime:
    each chosen segment had its green or red set to the image's maximum.
    """
    display = LimeDisplay.from_explanation(
        explanation, positive_color="red", negative_color="blue", opacity=0.5
    )
    rgba, heatmap = np.asarray(display.im_.get_array()), explanation.heatmap()
    np.testing.assert_array_equal(
        rgba[heatmap > 0][:, :3], np.tile([1, 0, 0], ((heatmap > 0).sum(), 1))
    )
    np.testing.assert_array_equal(
        rgba[heatmap < 0][:, :3], np.tile([0, 0, 1], ((heatmap < 0).sum(), 1))
    )
    np.testing.assert_allclose(
        rgba[..., 3], 0.5 * np.abs(heatmap) / np.abs(heatmap).max()
    )


@pytest.mark.parametrize("kind", ["overlay", "heatmap"])
def test_only_chosen_segments_are_painted(pyplot, explanation, kind):
    display = LimeDisplay.from_explanation(
        explanation, kind=kind, n_segments=2, sign="positive"
    )
    drawn = np.asarray(display.im_.get_array())
    painted = drawn[..., 3] > 0 if kind == "overlay" else drawn != 0
    np.testing.assert_array_equal(painted, explanation.mask("positive", 2))


def test_the_ground_of_an_overlay_is_the_light_grey_picture(
    pyplot, explanation, coffee
):
    display = LimeDisplay.from_explanation(explanation)
    ground = np.asarray(display.ax_.images[0].get_array())
    assert (ground[..., 0] == ground[..., 2]).all()
    assert ground.min() >= 0.35
    grey = 0.35 + 0.65 * coffee / 255 @ [0.2125, 0.7154, 0.0721]  # CRT luminance
    np.testing.assert_allclose(ground[..., 0], grey, atol=1e-4)


def test_heatmap_has_symmetric_limits_and_a_colour_bar(pyplot, explanation):
    """Trap L24 of lime's notebooks: an inverted range if no weight is positive."""
    display = LimeDisplay.from_explanation(explanation, kind="heatmap")
    low, high = display.im_.get_clim()
    assert high == np.abs(explanation.heatmap()).max() == -low
    assert display.im_.colorbar is not None
    np.testing.assert_allclose(display.im_.cmap(1.0)[:3], to_rgb("#0072B2"), atol=1e-2)
    np.testing.assert_allclose(display.im_.cmap(0.0)[:3], to_rgb("#D55E00"), atol=1e-2)
    bare = LimeDisplay.from_explanation(explanation, kind="heatmap", colorbar=False)
    assert bare.im_.colorbar is None


def test_a_norm_replaces_the_limits(pyplot, explanation):
    norm = pyplot.Normalize(-3, 7)
    display = LimeDisplay.from_explanation(
        explanation, kind="heatmap", im_kw={"norm": norm}
    )
    assert display.im_.norm is norm


def test_another_label_draws_its_own_weights(pyplot, explanation):
    first, second = explanation.labels
    assert (explanation.heatmap(first) != explanation.heatmap(second)).any()
    for label in (first, second):
        display = LimeDisplay.from_explanation(explanation, label=label, kind="heatmap")
        drawn = np.asarray(display.im_.get_array())
        np.testing.assert_array_equal(drawn, explanation.heatmap(label))


def test_boundaries_run_between_pixels(pyplot, explanation):
    """Trap V18 of VisuaLIME: first row and column were never marked."""
    display = LimeDisplay.from_explanation(explanation, kind="boundaries")
    lines = display.ax_.collections[0].get_segments()
    borders = [15.5, 31.5, 47.5]
    upright = [[[x, -0.5], [x, 63.5]] for x in borders]
    level = [[[-0.5, y], [63.5, y]] for y in borders]
    assert np.array(lines).tolist() == upright + level


@pytest.mark.parametrize(("n_segments", "sign"), [(2, "negative"), (3, "both")])
def test_a_mask_of_other_segments_with_its_outline(
    pyplot, explanation, n_segments, sign
):
    display = LimeDisplay.from_explanation(
        explanation, kind="mask", n_segments=n_segments, sign=sign
    )
    shown = np.asarray(display.im_.get_array())[..., 3] == 0
    mask = explanation.mask(sign, n_segments)
    np.testing.assert_array_equal(shown, mask)
    outline = display.ax_.collections[0].get_segments()
    assert len(outline) == len(find_edges(mask))


def test_mask_fades_the_rest(pyplot, explanation):
    display = LimeDisplay.from_explanation(explanation, kind="mask", opacity=0.6)
    veil = np.asarray(display.im_.get_array())
    expected = np.where(explanation.mask("positive", 5), 0, 0.6)
    np.testing.assert_array_equal(veil[..., 3], expected)


def test_styles_are_merged_over_the_defaults(pyplot, explanation):
    display = LimeDisplay.from_explanation(
        explanation,
        kind="heatmap",
        im_kw={"vmax": 9, "cmap": "gray"},
    )
    assert display.im_.get_clim()[1] == 9
    assert display.im_.get_cmap().name == "gray"
    display = LimeDisplay.from_explanation(
        explanation, kind="boundaries", line_kw={"linewidths": 7}
    )
    assert display.ax_.collections[0].get_linewidths()[0] == 7


def test_the_reference_is_the_strongest_segment_of_the_label(pyplot, explanation):
    """As in VisuaLIME, also where the strongest is not among those shown."""
    weights = explanation.weights[0]
    strongest = np.abs(weights).max()
    assert weights.max() < strongest  # it is a negative one
    display = LimeDisplay(explanation).plot(sign="positive", opacity=1)
    alpha = np.asarray(display.im_.get_array())[..., 3]
    assert alpha.max() == pytest.approx(weights.max() / strongest)


def test_one_reference_puts_two_labels_on_one_scale(pyplot, explanation):
    for label in explanation.labels:
        display = LimeDisplay(explanation).plot(
            label=label, opacity=1, reference=10, exponent=0.5
        )
        alpha = np.asarray(display.im_.get_array())[..., 3]
        expected = np.sqrt(np.abs(explanation.heatmap(label)) / 10)
        np.testing.assert_allclose(alpha, expected)
        heatmap = LimeDisplay(explanation).plot(
            label=label, reference=10, kind="heatmap"
        )
        assert heatmap.im_.get_clim() == (-10, 10)


def test_outliers_do_not_fade_the_rest(pyplot, explanation):
    plain = LimeDisplay(explanation).plot(kind="heatmap").im_.get_clim()[1]
    limits = LimeDisplay(explanation).plot(kind="heatmap", outlier_percentile=60)
    assert limits.im_.get_clim()[1] < plain
    alpha = LimeDisplay(explanation).plot(outlier_percentile=60).im_.get_array()[..., 3]
    shares = np.abs(explanation.heatmap()) / limits.im_.get_clim()[1]
    np.testing.assert_allclose(alpha, 0.8 * shares.clip(max=1))


def test_a_colour_map_colours_the_overlay_too(pyplot, explanation):
    display = LimeDisplay(explanation).plot(cmap="PiYG", opacity=0.5)
    rgba, heatmap = np.asarray(display.im_.get_array()), explanation.heatmap()
    strongest = np.abs(heatmap).argmax()
    share = 0.5 + 0.5 * heatmap / np.abs(heatmap).max()
    expected = pyplot.get_cmap("PiYG")(share)[..., :3]
    np.testing.assert_allclose(rgba[..., :3], expected)
    assert rgba[..., 3].flat[strongest] == 0.5


@pytest.mark.parametrize("sign", ["positive", "both"])
def test_a_cutout_covers_the_rest_with_the_background(
    pyplot, explanation, coffee, sign
):
    """Laid over the picture, it is the array that `cutout` returns."""
    display = LimeDisplay(explanation).plot(kind="cutout", sign=sign, n_segments=3)
    below, cover = (np.asarray(image.get_array()) for image in display.ax_.images)
    assert display.im_ is display.ax_.images[1]
    seen = np.where(cover[..., 3:] == 1, cover[..., :3], below)
    expected = explanation.cutout(sign, 3) / 255
    np.testing.assert_allclose(seen, expected, atol=1e-4)
    assert set(np.unique(cover[..., 3])) == {0, 1}


@pytest.mark.parametrize("merge", [False, True])
def test_boxes_are_those_of_the_explanation(pyplot, explanation, merge):
    display = LimeDisplay(explanation).plot(
        kind="boxes", sign="both", n_segments=6, merge=merge, box_kw={"linewidth": 3}
    )
    drawn = {"positive": [], "negative": []}
    colors = {to_rgb("#0072B2"): "positive", to_rgb("#D55E00"): "negative"}
    for patch in display.ax_.patches:
        (left, top), (width, height) = (
            patch.get_xy(),
            (patch.get_width(), patch.get_height()),
        )
        box = [top + 0.5, left + 0.5, top + 0.5 + height, left + 0.5 + width]
        drawn[colors[patch.get_edgecolor()[:3]]].append(box)
        assert patch.get_linewidth() == 3
        assert not patch.get_fill()
    strongest = explanation.top_segments(6)
    assert len(drawn["negative"]) >= 1
    for sign, factor in (("positive", 1), ("negative", -1)):
        weights = factor * explanation.weights[0, strongest]
        n = int((weights > 0).sum())
        expected = explanation.bounding_boxes(sign, n, merge=merge)
        assert drawn[sign] == expected.tolist()


def test_every_segment_is_numbered_inside_itself(pyplot, explanation):
    named = explanation.name_segments({3: "spoon"})
    display = LimeDisplay(named).plot(kind="segments")
    texts = display.ax_.texts
    assert [t.get_text() for t in texts] == [*"012", "spoon", *map(str, range(4, 16))]
    for number, text in enumerate(texts):
        column, row = text.get_position()
        assert named.segments[int(row), int(column)] == number
        assert text.get_path_effects()  # dark round white, for any ground


def test_only_chosen_segments_are_numbered(pyplot, explanation):
    display = LimeDisplay(explanation).plot(kind="segments", n_segments=3)
    drawn = [int(text.get_text()) for text in display.ax_.texts]
    assert drawn == sorted(explanation.top_segments(3))
    limit = np.sort(np.abs(explanation.weights[0]))[-4]
    for options in ({"sign": "positive"}, {"min_weight": limit}, {"coverage": 0.2}):
        display = LimeDisplay(explanation).plot(kind="segments", **options)
        drawn = [int(text.get_text()) for text in display.ax_.texts]
        assert drawn == sorted(explanation.top_segments(**options))
        assert len(drawn) < 16


def test_segments_without_weight_have_numbers(pyplot, explanation):
    sparse = explanation.refit(max_segments=2)
    assert np.count_nonzero(sparse.weights[0]) == 2
    display = LimeDisplay(sparse).plot(kind="segments")
    assert len(display.ax_.texts) == 16


def test_numbers_fit_into_their_segments(pyplot, explanation):
    """In small panels too: the size is chosen when the panel has its place."""
    sizes = []
    for width in (8, 2):
        figure, axes = pyplot.subplots(1, 2, figsize=(width, 3), layout="constrained")
        display = LimeDisplay(explanation).plot(kind="segments", top_labels=2, ax=axes)
        figure.canvas.draw()
        extent = display.ax_.get_window_extent()
        for text in display.ax_.texts:
            box = text.get_window_extent()
            assert box.width < extent.width / 4
            assert box.height < extent.height / 4
        sizes.append(display.ax_.texts[0].get_fontsize())
    assert sizes[1] < sizes[0]
    display = LimeDisplay(explanation).plot(kind="segments", text_kw={"size": 3})
    assert display.ax_.texts[0].get_fontsize() == 3


def test_bars_are_the_strongest_weights_with_intervals(pyplot, explanation):
    display = LimeDisplay(explanation).plot(kind="bar", n_segments=4)
    strongest = explanation.top_segments(4)
    weights = explanation.weights[0, strongest]
    assert [bar.get_width() for bar in display.im_] == weights.tolist()
    names = [label.get_text() for label in display.ax_.get_yticklabels()]
    assert names == [f"segment {number}" for number in strongest]
    assert display.ax_.yaxis_inverted()  # the strongest is on top
    for bar, weight in zip(display.im_, weights, strict=True):
        color = "#0072B2" if weight > 0 else "#D55E00"
        assert bar.get_facecolor()[:3] == to_rgb(color)
    lines = display.im_.errorbar.lines[2][0].get_segments()
    errors = explanation.standard_errors()[strongest]
    expected = np.stack([weights - 1.959964 * errors, weights + 1.959964 * errors], 1)
    np.testing.assert_allclose([line[:, 0] for line in lines], expected)


def test_bars_of_a_tree_have_no_intervals(pyplot, explanation):
    from sklearn.tree import DecisionTreeRegressor

    tree = explanation.refit(surrogate=DecisionTreeRegressor(max_depth=4))
    assert np.isnan(tree.standard_errors()).all()
    display = LimeDisplay(tree).plot(kind="bar", bar_kw={"height": 0.3})
    assert display.im_.errorbar is None
    assert display.im_[0].get_height() == 0.3


def test_coverage_and_smallest_weight_limit_what_is_shown(pyplot, explanation):
    display = LimeDisplay(explanation).plot(kind="mask", coverage=0.2)
    shown = np.asarray(display.im_.get_array())[..., 3] == 0
    np.testing.assert_array_equal(shown, explanation.mask(coverage=0.2))
    display = LimeDisplay(explanation).plot(kind="mask", coverage=0.5)  # more than five
    shown = np.asarray(display.im_.get_array())[..., 3] == 0
    np.testing.assert_array_equal(shown, explanation.mask(coverage=0.5))
    assert shown.mean() == 0.5
    limit = np.sort(np.abs(explanation.weights[0]))[-3]
    display = LimeDisplay(explanation).plot(kind="heatmap", min_weight=limit)
    assert len(np.unique(display.im_.get_array()[display.im_.get_array() != 0])) == 3


# Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of
# color vision deficiency", IEEE TVCG 2009, at full severity, for linear RGB.
NO_RED = [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216]]
NO_RED += [[-0.003882, -0.048116, 1.051998]]
NO_GREEN = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413]]
NO_GREEN += [[-0.011820, 0.042940, 0.968881]]
NO_BLUE = [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602]]
NO_BLUE += [[0.004733, 0.691367, 0.303900]]


def distance_as_seen(colors, seen):
    """How far two colours are apart in CIELAB to somebody."""
    rgb = np.array([to_rgb(one) for one in colors])
    linear = np.where(rgb > 0.04045, ((rgb + 0.055) / 1.055) ** 2.4, rgb / 12.92)
    mixed = (linear @ np.transpose(seen)).clip(0, 1)
    light = np.where(
        mixed > 0.0031308, 1.055 * mixed ** (1 / 2.4) - 0.055, 12.92 * mixed
    )
    return np.linalg.norm(np.subtract(*color.rgb2lab(light[np.newaxis])[0]))


@pytest.mark.parametrize("seen", [NO_RED, NO_GREEN, NO_BLUE])
def test_the_two_colours_are_told_apart_with_any_colour_vision(seen):
    assert distance_as_seen([POSITIVE_COLOR, NEGATIVE_COLOR], seen) > 80
    # those of lime and VisuaLIME are not
    assert distance_as_seen(["green", "red"], np.eye(3)) > 130
    assert distance_as_seen(["green", "red"], NO_GREEN) < 30


def test_zero_is_white_in_a_heatmap(pyplot, explanation):
    sparse = explanation.refit(max_segments=3)
    display = LimeDisplay(sparse).plot(kind="heatmap")
    rgba = display.im_.to_rgba(display.im_.get_array())
    assert (rgba[sparse.heatmap() == 0] == 1).all()
    assert display.im_.colorbar.extend == "neither"
    assert display.im_.colorbar.ax.get_ylabel() == "weight"
    limited = LimeDisplay(sparse).plot(kind="heatmap", reference=0.01)
    assert limited.im_.colorbar.extend == "both"


@pytest.mark.parametrize("kind", ["image", "overlay", "boundaries", "mask", "heatmap"])
def test_the_first_row_is_on_top_whatever_the_settings(pyplot, explanation, kind):
    """Lines, boxes and numbers are placed so."""
    with pyplot.rc_context({"image.origin": "lower", "image.interpolation": "sinc"}):
        display = LimeDisplay(explanation).plot(kind=kind)
    for image in display.ax_.images:
        assert image.origin == "upper"
        assert list(image.get_extent()) == [-0.5, 63.5, 63.5, -0.5]
    assert display.ax_.get_ylim() == (63.5, -0.5)


@pytest.mark.parametrize("kind", ["segments", "heatmap", "bar"])
def test_figures_inside_figures(pyplot, explanation, kind):
    figure = pyplot.figure(layout="constrained")
    inner = figure.subfigures(1, 2)[0]
    display = LimeDisplay(explanation).plot(kind=kind, ax=inner.subplots())
    assert display.figure_ is figure
    assert display.ax_ in inner.axes


def test_long_names_are_cut_and_short_ones_are_not(pyplot, explanation):
    names = {0: "x" * 200, 1: "$a_{$", 2: "two\nlines", 3: "exactly twenty-four long"}
    named = explanation.name_segments(names)
    display = LimeDisplay(named).plot(kind=["segments", "bar"], n_segments=16)
    numbers, bars = display.axes_[:, 0]
    display.figure_.canvas.draw()  # no formula, and room for all
    written = [text.get_text() for text in numbers.texts]
    ticks = [tick.get_text() for tick in bars.get_yticklabels()]
    for name in ("x" * 23 + "…", "$a_{$", "two lines", "exactly twenty-four long"):
        assert name in written
        assert name in ticks
    assert bars.get_xlabel() == "weight"


def test_bars_are_seen_on_a_dark_ground(pyplot, explanation):
    with pyplot.style.context("dark_background"):
        display = LimeDisplay(explanation).plot(kind="bar")
        zero = display.ax_.lines[-1]
        intervals = display.im_.errorbar.lines[2][0]
    assert to_rgb(zero.get_color()) == (1, 1, 1)
    assert tuple(intervals.get_color()[0][:3]) == (1, 1, 1)


def test_numbers_without_room_are_left_out(pyplot, explain, coffee, quarters):
    many = explain(coffee, quarters, n_rows=16, n_perturbations=512)
    _, ax = pyplot.subplots(figsize=(1, 1))
    small = LimeDisplay(many).plot(kind="segments", ax=ax)
    assert not any(text.get_visible() for text in small.ax_.texts)
    large = LimeDisplay(many).plot(kind="segments")
    assert all(text.get_visible() for text in large.ax_.texts)
    chosen = LimeDisplay(many).plot(kind="segments", ax=ax, text_kw={"size": 2})
    assert all(text.get_visible() for text in chosen.ax_.texts[-256:])


@pytest.mark.parametrize("size", [{"size": 20}, {"fontproperties": {"size": 20}}])
def test_the_size_of_numbers_is_the_users(pyplot, explanation, size):
    display = LimeDisplay(explanation).plot(kind="segments", text_kw=size)
    assert {text.get_fontsize() for text in display.ax_.texts} == {20}


def test_short_names_of_properties(pyplot, explanation):
    display = LimeDisplay(explanation).plot(
        kind="boxes", box_kw={"lw": 3, "ec": "red", "path_effects": []}
    )
    assert display.ax_.patches
    for box in display.ax_.patches:
        assert (box.get_linewidth(), box.get_path_effects()) == (3, [])
        assert to_rgb(box.get_edgecolor()[:3]) == (1, 0, 0)
    display = LimeDisplay(explanation).plot(kind="boxes", box_kw={"lw": 3})
    (seam,) = display.ax_.patches[0].get_path_effects()
    assert seam._gc["linewidth"] == 5  # a pixel or so on both sides
    display = LimeDisplay(explanation).plot(kind="boxes", box_kw={"color": "k"})
    assert to_rgb(display.ax_.patches[0].get_edgecolor()[:3]) == (0, 0, 0)
    display = LimeDisplay(explanation).plot(kind="segments", text_kw={"ha": "left"})
    assert {t.get_horizontalalignment() for t in display.ax_.texts} == {"left"}


def test_pixels_outside_of_all_segments(pyplot, explain, coffee, quarters):
    """They are never hidden: no veil of background over them, and no weight."""
    segments = np.arange(64).reshape(8, 8).repeat(8, 0).repeat(8, 1) % 16
    segments[:, :20] = -1
    masked = explain(coffee, quarters, segmenter=PrecomputedSegmenter(segments))
    assert (masked.segments < 0).any()
    cutout = LimeDisplay(masked).plot(kind="cutout", n_segments=2)
    cover = np.asarray(cutout.im_.get_array())[..., 3]
    expected = ~(np.isin(masked.segments, masked.top_segments(2, "positive")))
    np.testing.assert_array_equal(cover == 1, expected & (masked.segments >= 0))
    overlay = np.asarray(LimeDisplay(masked).plot().im_.get_array())
    assert not overlay[..., 3][masked.segments < 0].any()


def test_long_names_are_smaller_and_numbers_fit_flat_panels(pyplot, explanation):
    named = explanation.name_segments({5: "teaspoon"})
    texts = LimeDisplay(named).plot(kind="segments").ax_.texts
    assert texts[5].get_fontsize() < texts[6].get_fontsize()
    sizes = []
    for height in (4, 0.5):
        _, ax = pyplot.subplots(figsize=(4, height))
        display = LimeDisplay(explanation).plot(
            kind="segments", ax=ax, im_kw={"aspect": "auto"}
        )
        sizes.append(display.ax_.texts[0].get_fontsize())
    assert sizes[1] < sizes[0]
