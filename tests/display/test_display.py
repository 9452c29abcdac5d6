"""Every explanation can be drawn, on every picture, in rows and columns."""

import numpy as np
import pytest

from sklime import ImageLimeExplainer, LimeDisplay

KINDS = (
    "overlay",
    "heatmap",
    "boundaries",
    "mask",
    "cutout",
    "boxes",
    "segments",
    "bar",
    "image",
)


@pytest.mark.parametrize("kind", KINDS)
def test_display_contract(pyplot, explanation, kind):
    display = LimeDisplay(explanation)
    assert not hasattr(display, "ax_")
    assert display.plot(kind=kind) is display
    assert display.ax_.figure is display.figure_
    drawn = display.ax_.containers if kind == "bar" else display.ax_.images
    assert display.im_ in drawn
    assert display.axes_.tolist() == [[display.ax_]]
    _, ax = pyplot.subplots()
    assert display.plot(kind=kind, ax=ax).ax_ is ax


def test_title_names_label_and_score(pyplot, explanation):
    for label in explanation.labels:
        row = explanation.position(label)
        display = LimeDisplay.from_explanation(explanation, label=label)
        expected = f"{label} ({explanation.predictions[row]:.2f})"
        assert display.ax_.get_title() == expected


def test_a_name_is_no_formula(explain, pyplot, coffee, quarters):
    explanation = explain(coffee, quarters, class_names=["$a_{$", "b", "c", "d"])
    display = LimeDisplay.from_explanation(explanation.refit("$a_{$"))
    display.figure_.canvas.draw()
    assert display.ax_.get_title().startswith("$a_{$")


def test_the_picture_is_scaled_by_the_range_of_the_explanation(
    explain, pyplot, quarters, coffee
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


@pytest.mark.parametrize("kind", KINDS)
def test_any_image_and_a_larger_one_to_draw_on(
    explain, pyplot, photographs, quarters, kind
):
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
            if kind == "bar":
                continue
            assert list(display.im_.get_extent()) == [-0.5, 63.5, 63.5, -0.5]
            if kind in ("overlay", "heatmap", "mask"):
                assert display.im_.get_interpolation() == "nearest"
        pyplot.close("all")


@pytest.mark.parametrize("kind", KINDS)
def test_all_zero_weights_and_one_segment(explain, pyplot, coffee, kind):
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


@pytest.mark.parametrize(
    "options",
    [
        {"label": "z"},
        {"label": ["a", "z"]},
        {"sign": "up"},
        {"opacity": 2},
        {"exponent": 0},
        {"reference": 0},
        {"cmap": "nope"},
        {"cmap": 3},
        {"top_labels": 2.0},
        {"channels": 1.5},
        {"channels": True},
        {"kind": None},
        {"kind": [["overlay"]]},
        {"outlier_percentile": 100},
        {"n_segments": 1.5},
        {"n_segments": "few"},
        {"coverage": 2},
        {"min_weight": "none"},
        {"channels": 5},
        {"top_labels": 3},
        {"top_labels": 0},
        {"positive_color": "bleu"},
        {"negative_color": (2, 0, 0)},
        {"colorbar": "yes"},
        {"im_kw": [("alpha", 1)]},
        {"kind": ["overlay", "pie"]},
        {"kind": []},
        {"label": []},
        {"image": np.zeros((3, 64, 64))},
    ],
    ids=str,
)
def test_bad_options_leave_no_empty_figure(pyplot, explanation, options):
    with pytest.raises(ValueError, match="must be"):
        LimeDisplay.from_explanation(explanation, **options)
    assert not pyplot.get_fignums()


def test_unknown_kind(explanation):
    with pytest.raises(ValueError, match=r"one of \('overlay', 'heatmap'.*Got 'pie'"):
        LimeDisplay.from_explanation(explanation, kind="pie")


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
    grid = LimeDisplay.from_estimator(
        explainer, [coffee, coffee[::-1]], label=["c", "a"], kind="heatmap"
    )
    assert grid.axes_.shape == (2, 2)
    for explanation, row in zip(grid.explanation, grid.axes_, strict=True):
        for label, ax in zip(["c", "a"], row, strict=True):
            drawn = np.asarray(ax.images[0].get_array())
            np.testing.assert_array_equal(drawn, explanation.heatmap(label))


def test_without_matplotlib(explanation, monkeypatch, coffee, recorder):
    """Said before the black box is asked."""
    black_box = recorder()
    explainer = ImageLimeExplainer(black_box, n_perturbations=64).fit(coffee)
    n_asked = black_box.n_images
    monkeypatch.setitem(__import__("sys").modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r"pip install sklime\[plot\]"):
        LimeDisplay.from_explanation(explanation)
    with pytest.raises(ImportError, match=r"pip install sklime\[plot\]"):
        LimeDisplay.from_estimator(explainer, coffee)
    assert black_box.n_images == n_asked


@pytest.mark.parametrize(
    "options", [{"im_kw": {"foo": 1}}, {"kind": "bar", "bar_kw": {"foo": 1}}], ids=str
)
def test_options_that_matplotlib_refuses_leave_no_figure(pyplot, explanation, options):
    display = LimeDisplay(explanation).plot()
    before = display.ax_, display.im_, display.figure_
    with pytest.raises(AttributeError, match="foo"):
        display.plot(**options)
    assert (display.ax_, display.im_, display.figure_) == before
    assert pyplot.get_fignums() == [display.figure_.number]


@pytest.mark.parametrize("explanation", [[], 3, "abc", [3], {}], ids=str)
def test_what_is_no_explanation(pyplot, explanation):
    with pytest.raises(
        TypeError, match=r"explanation must be an ImageExplanation, or a"
    ):
        LimeDisplay(explanation).plot()


@pytest.mark.parametrize("ax", ["foo", {"a": 1}, [3]], ids=str)
def test_what_is_no_axes(pyplot, explanation, ax):
    with pytest.raises(TypeError, match=r"ax must be an Axes of matplotlib"):
        LimeDisplay(explanation).plot(ax=ax)


def test_the_scale_of_another_picture(pyplot, explain, coffee, quarters):
    """That of the explained image, unless its values say that it is another one."""
    explanation = explain(coffee.astype(float), quarters, data_range=(0, 255))
    for picture, expected in (
        (coffee / 255, coffee / 255),  # black, on a scale of 0 to 255
        (coffee / 10.0, coffee / 2550),  # dark, and to stay so
        (coffee.astype(np.uint16) * 257, coffee / 255),
        (coffee.astype(np.uint16), coffee / 65535),  # another type has its own range
    ):
        display = LimeDisplay(explanation).plot(kind="image", image=picture)
        drawn = np.asarray(display.im_.get_array())
        np.testing.assert_allclose(drawn, expected, atol=1e-4)


def test_channels_of_the_explained_image_alone(pyplot, explain, coffee, quarters):
    stack = np.concatenate([coffee, coffee[..., ::-1]], axis=-1)[None]
    (explanation,) = explain(stack, quarters, occluder="mean")
    background = explanation.background[..., [5, 1, 0]] / 255
    display = LimeDisplay(explanation).plot(
        kind="cutout", channels=(5, 1, 0), image=coffee, n_segments=1
    )
    below, cover = (np.asarray(image.get_array()) for image in display.ax_.images)
    np.testing.assert_allclose(below, coffee / 255, atol=1e-4)
    np.testing.assert_allclose(cover[..., :3], background, atol=1e-4)
    with pytest.raises(
        ValueError, match=r"as many as the explained image.*\(64, 64, 5\)"
    ):
        LimeDisplay(explanation).plot(image=stack[0, ..., :5])


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (0.0, "0.00"),
        (1e-5, "1e-05"),
        (0.994, "0.99"),
        (-12.3, "-12.30"),
        (4.6e10, "4.6e+10"),
    ],
)
def test_scores_have_the_digits_that_tell_something(
    pyplot, explanation, score, expected
):
    from dataclasses import replace

    answers = explanation.sample_predictions.copy()
    answers[0, explanation.label_indices[0]] = score
    display = LimeDisplay(replace(explanation, sample_predictions=answers)).plot()
    assert display.ax_.get_title() == f"{explanation.labels[0]} ({expected})"


def test_long_titles_are_wrapped(pyplot, coffee, quarters, explain):
    names = ["a label that is longer than its picture is wide", "b", "c", "d"]
    explanation = explain(coffee, quarters, class_names=names).refit(names[0])
    title = LimeDisplay(explanation).plot().ax_.get_title()
    assert title.count("\n") == 1
    assert title.replace("\n", " ").startswith(names[0])


def test_pictures_have_no_ticks_and_bars_have(pyplot, explanation):
    display = LimeDisplay(explanation).plot(kind=["image", "bar"])
    picture, bars = display.axes_[:, 0]
    assert len(picture.get_xticks()) == len(picture.get_yticks()) == 0
    assert len(bars.get_xticks()) > 0
