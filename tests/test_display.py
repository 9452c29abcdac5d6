"""What is drawn is what the weights say."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from sklime import ImageLimeExplainer, LimeDisplay
from sklime.display import find_edges, paint_overlay, prepare_image
from sklime.segmentation import GridSegmenter

KINDS = ("overlay", "heatmap", "boundaries", "mask")


def explain(image, black_box, n_rows=4, **options):
    explainer = ImageLimeExplainer(
        black_box,
        segmenter=GridSegmenter(n_rows, n_rows),
        occluder=image.max(),
        n_perturbations=128,
        random_state=0,
        **options,
    )
    return explainer.fit_explain(image)


@pytest.fixture(scope="module")
def explanation(coffee, quarters):
    return explain(coffee, quarters, top_labels=2, class_names=["a", "b", "c", "d"])


@pytest.mark.parametrize("kind", KINDS)
def test_display_contract(pyplot, explanation, kind):
    display = LimeDisplay(explanation)
    assert not hasattr(display, "ax_")
    assert display.plot(kind=kind) is display
    assert display.ax_.figure is display.figure_
    assert display.im_ in display.ax_.images
    _, ax = pyplot.subplots()
    assert display.plot(kind=kind, ax=ax).ax_ is ax


def test_title_names_label_and_score(pyplot, explanation):
    for label in explanation.labels:
        row = explanation.position(label)
        display = LimeDisplay.from_explanation(explanation, label=label)
        expected = f"{label} ({explanation.predictions[row]:.2f})"
        assert display.ax_.get_title() == expected


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


def test_another_label_draws_its_own_weights(pyplot, explanation):
    first, second = explanation.labels
    assert (explanation.heatmap(first) != explanation.heatmap(second)).any()
    for label in (first, second):
        display = LimeDisplay.from_explanation(explanation, label=label, kind="heatmap")
        drawn = np.asarray(display.im_.get_array())
        np.testing.assert_array_equal(drawn, explanation.heatmap(label))


def test_the_picture_is_scaled_by_the_range_of_the_explanation(
    pyplot, quarters, coffee
):
    """Trap C16 of Captum: the scale was guessed from whether the maximum is 1."""
    dark = coffee / 2550  # at most 0.1 of a range that the user gave
    explanation = explain(dark, quarters, data_range=(0, 0.2))
    display = LimeDisplay.from_explanation(explanation, kind="boundaries")
    drawn = np.asarray(display.im_.get_array())
    np.testing.assert_allclose(drawn, dark / 0.2, atol=1e-4)


def test_another_image_is_drawn_in_place_of_this_one(pyplot, photographs, explanation):
    rocket = photographs["rocket"]
    display = LimeDisplay.from_explanation(explanation, kind="boundaries", image=rocket)
    drawn = np.asarray(display.im_.get_array())
    np.testing.assert_allclose(drawn, rocket / 255, atol=1e-4)


def test_the_ground_of_an_overlay_is_the_light_grey_picture(
    pyplot, explanation, coffee
):
    display = LimeDisplay.from_explanation(explanation)
    ground = np.asarray(display.ax_.images[0].get_array())
    assert (ground[..., 0] == ground[..., 2]).all()
    assert ground.min() >= 0.35
    grey = coffee.mean(axis=-1).ravel()
    assert np.corrcoef(ground[..., 0].ravel(), grey)[0, 1] > 0.999


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


def test_boundaries_run_between_pixels(pyplot, explanation):
    """Trap V18 of VisuaLIME: first row and column were never marked."""
    display = LimeDisplay.from_explanation(explanation, kind="boundaries")
    lines = display.ax_.collections[0].get_segments()
    assert len(lines) == 2 * 3 * 64
    assert {tuple(line[0] % 1) for line in lines} == {(0.5, 0.5)}


def test_edges_enclose_exactly_the_changes():
    segments = np.random.RandomState(0).randint(0, 3, size=(7, 5))
    edges = find_edges(segments)
    upright = edges[edges[:, 0, 0] == edges[:, 1, 0]]
    level = edges[edges[:, 0, 1] == edges[:, 1, 1]]
    assert len(upright) == (segments[:, 1:] != segments[:, :-1]).sum()
    assert len(level) == (segments[1:] != segments[:-1]).sum()
    for (x, y), (_, y_end) in upright:
        assert y_end == y + 1
        row, col = int(y + 0.5), int(x - 0.5)
        assert segments[row, col] != segments[row, col + 1]
    for (x, y), (x_end, _) in level:
        assert x_end == x + 1
        row, col = int(y - 0.5), int(x + 0.5)
        assert segments[row, col] != segments[row + 1, col]


@pytest.mark.parametrize("kind", KINDS)
def test_all_zero_weights_and_one_segment(pyplot, coffee, kind):
    """Traps V11 of VisuaLIME: 0 / 0, then NaN cast to uint8; C16 of Captum: assert."""
    with (
        pytest.warns(UserWarning, match="All weights of a label are zero"),
        pytest.warns(UserWarning, match="a single segment"),
    ):
        constant = explain(coffee, lambda images: np.zeros(len(images)), n_rows=1)
    assert not constant.weights.any()
    display = LimeDisplay.from_explanation(constant, kind=kind)
    display.figure_.canvas.draw()
    if kind == "overlay":
        assert not np.asarray(display.im_.get_array())[..., 3].any()


def test_overlay_of_one_sign():
    """Trap V19 of VisuaLIME: smoothed, 0 became .5 and negative weights positive."""
    overlay = paint_overlay(np.array([[-1.0, -2.0, 0.0]]), (1, 0, 0), (0, 0, 1), 1)
    assert overlay[0].tolist() == [[0, 0, 1, 0.5], [0, 0, 1, 1], [0, 0, 1, 0]]


def test_the_name_of_a_colour_is_no_colour_yet():
    with pytest.raises(ValueError, match="negative_color must be red, green and blue"):
        paint_overlay(np.ones((2, 2)), (0, 1, 0), "red", 0.7)


@pytest.mark.parametrize("kind", KINDS)
def test_any_image_and_a_larger_one_to_draw_on(pyplot, photographs, quarters, kind):
    """Trap V20 of VisuaLIME: enlarged overlays blended with transparent black."""
    coffee, camera = photographs["coffee"], photographs["camera"]
    many = np.repeat(camera[..., None], 6, axis=-1)
    for image in (camera, coffee / 255, coffee[..., :1], many[None]):
        explained = explain(image, quarters)
        explanation = explained[0] if isinstance(explained, list) else explained
        large = np.kron(camera, np.ones((3, 3), dtype=np.uint8))
        for picture in (None, large):
            display = LimeDisplay.from_explanation(
                explanation, kind=kind, image=picture
            )
            display.figure_.canvas.draw()
            assert list(display.im_.get_extent()) == [-0.5, 63.5, 63.5, -0.5]
            if kind in ("overlay", "heatmap", "mask"):
                assert display.im_.get_interpolation() == "nearest"
        pyplot.close("all")


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (np.array([[0, 255]], dtype=np.uint8), [[0, 0, 0], [1, 1, 1]]),
        (np.array([[-1.0, 0.0]]), [[0, 0, 0], [0.5, 0.5, 0.5]]),
        (np.array([[[0.0], [1.0]]]), [[0, 0, 0], [1, 1, 1]]),
        (np.array([[[0.0, 1.0], [1.0, 1.0]]]), [[0.5, 0.5, 0.5], [1, 1, 1]]),
        (np.array([[[0.0, 1.0, 0.5, 0.2]]]), [[0.0, 1.0, 0.5, 0.2]]),
        (np.array([[[0, 65535, 0]]], dtype=np.uint16), [[0, 1, 0]]),
    ],
)
def test_pictures_are_scaled_by_their_range(image, expected):
    """Trap V17 of VisuaLIME: images in [0, 1] were drawn black."""
    np.testing.assert_allclose(prepare_image(image)[0], expected, atol=1e-4)


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


def test_a_norm_replaces_the_limits(pyplot, explanation):
    norm = pyplot.Normalize(-3, 7)
    display = LimeDisplay.from_explanation(
        explanation, kind="heatmap", im_kw={"norm": norm}
    )
    assert display.im_.norm is norm


@pytest.mark.parametrize(
    "options",
    [{"label": "z"}, {"sign": "up"}, {"opacity": 2}, {"image": np.zeros((3, 64, 64))}],
)
def test_bad_options_leave_no_empty_figure(pyplot, explanation, options):
    with pytest.raises(ValueError, match="must be"):
        LimeDisplay.from_explanation(explanation, **options)
    assert not pyplot.get_fignums()


def test_a_name_is_no_formula(pyplot, coffee, quarters):
    explanation = explain(coffee, quarters, class_names=["$a_{$", "b", "c", "d"])
    display = LimeDisplay.from_explanation(explanation.refit("$a_{$"))
    display.figure_.canvas.draw()
    assert display.ax_.get_title().startswith("$a_{$")


def test_the_explanation_is_not_changed(pyplot, explanation):
    arrays = {k: v.copy() for k, v in vars(explanation).items() if hasattr(v, "copy")}
    for kind in KINDS:
        LimeDisplay.from_explanation(explanation, kind=kind).figure_.canvas.draw()
    for name, before in arrays.items():
        np.testing.assert_array_equal(getattr(explanation, name), before)


def test_from_estimator(pyplot, coffee, quarters):
    explainer = ImageLimeExplainer(
        quarters, n_perturbations=256, class_names=["a", "b", "c", "d"], random_state=0
    ).fit(coffee)
    display = LimeDisplay.from_estimator(explainer, coffee, label="c", kind="mask")
    assert display.explanation.labels == ["c"]
    assert LimeDisplay.from_estimator(explainer, [coffee]).ax_ is not display.ax_
    with pytest.raises(ValueError, match=r"X must be one image\. Got 2"):
        LimeDisplay.from_estimator(explainer, [coffee, coffee])


def test_unknown_kind(explanation):
    with pytest.raises(ValueError, match=r"one of \('overlay', 'heatmap'.*Got 'pie'"):
        LimeDisplay.from_explanation(explanation, kind="pie")


def test_without_matplotlib(explanation, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r"pip install sklime\[plot\]"):
        LimeDisplay.from_explanation(explanation)
