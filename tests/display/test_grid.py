"""Panels are laid out by kinds, labels and explanations."""

import numpy as np
import pytest

from sklime import LimeDisplay


@pytest.fixture(scope="module")
def others(explain, photographs, quarters):
    """Three more explanations, of two labels each."""
    names = ["a", "b", "c", "d"]
    return [
        explain(photographs[name], quarters, top_labels=2, class_names=names)
        for name in ("chelsea", "rocket", "camera")
    ]


def read_heatmaps(display):
    return [
        [np.asarray(ax.images[0].get_array()) for ax in row] for row in display.axes_
    ]


def test_a_column_for_each_label(pyplot, explanation):
    labels = explanation.labels[::-1]
    display = LimeDisplay(explanation).plot(label=labels, kind="heatmap")
    expected = [[explanation.heatmap(label) for label in labels]]
    np.testing.assert_array_equal(read_heatmaps(display), expected)
    titles = [ax.get_title() for ax in display.axes_.flat]
    assert [title.partition(" ")[0] for title in titles] == labels
    assert display.ax_ is display.axes_[0, 0]
    assert display.im_ is display.ax_.images[0]


def test_a_row_for_each_kind(pyplot, explanation):
    display = LimeDisplay(explanation).plot(kind=["heatmap", "bar"], top_labels=2)
    assert display.axes_.shape == (2, 2)
    for label, (above, below) in zip(explanation.labels, display.axes_.T, strict=True):
        drawn = np.asarray(above.images[0].get_array())
        np.testing.assert_array_equal(drawn, explanation.heatmap(label))
        assert len(below.containers) == 2  # bars and their intervals
        assert above.get_title().startswith(label)
        assert not below.get_title()


def test_several_explanations_fill_a_grid(pyplot, explanation, others):
    display = LimeDisplay([explanation, *others, None]).plot(kind="heatmap")
    assert display.axes_.shape == (2, 3)
    axes = display.axes_.ravel()
    for one, ax in zip([explanation, *others], axes[:4], strict=True):
        drawn = np.asarray(ax.images[0].get_array())
        np.testing.assert_array_equal(drawn, one.heatmap())
        assert ax.get_title().startswith(one.labels[0])
    assert [ax.axison for ax in axes] == [True] * 4 + [False] * 2


def test_several_explanations_with_several_panels_have_a_row_each(
    pyplot, explanation, others
):
    display = LimeDisplay([explanation, others[0]]).plot(
        kind=["heatmap", "boundaries"], top_labels=2, colorbar=False
    )
    assert display.axes_.shape == (2, 4)
    for one, row in zip([explanation, others[0]], display.axes_, strict=True):
        for label, ax in zip(one.labels, row[::2], strict=True):
            drawn = np.asarray(ax.images[0].get_array())
            np.testing.assert_array_equal(drawn, one.heatmap(label))


def test_a_failed_explanation_has_an_empty_row(pyplot, explanation):
    """`on_error="warn"` leaves None in the place of an image that failed."""
    display = LimeDisplay([None, explanation]).plot(kind=["image", "heatmap"])
    assert [[ax.axison for ax in row] for row in display.axes_] == [
        [False] * 2,
        [True] * 2,
    ]
    assert display.im_ is None
    assert LimeDisplay([None, None]).plot(top_labels=2).axes_.shape == (2, 2)
    for order in ([None, explanation], [explanation, None]):
        for options in ({"label": explanation.labels}, {"top_labels": 2}):
            display = LimeDisplay(order).plot(kind="heatmap", **options)
            assert display.axes_.shape == (2, 2)
            (row,) = (r for r, one in zip(display.axes_, order, strict=True) if one)
            for label, ax in zip(explanation.labels, row, strict=True):
                drawn = np.asarray(ax.images[0].get_array())
                np.testing.assert_array_equal(drawn, explanation.heatmap(label))


def test_a_picture_for_each_explanation(pyplot, photographs, explanation, others):
    pictures = [photographs["rocket"], photographs["camera"]]
    display = LimeDisplay([explanation, others[0]]).plot(kind="image", image=pictures)
    for picture, ax in zip(pictures, display.axes_.flat, strict=True):
        drawn = np.asarray(ax.images[0].get_array())[..., 0]
        red = picture if picture.ndim == 2 else picture[..., 0]
        np.testing.assert_allclose(drawn, red / 255, atol=1e-4)
    with pytest.raises(
        ValueError, match=r"image must be one for each of the 2 .* Got 1"
    ):
        LimeDisplay([explanation, others[0]]).plot(image=pictures[:1])


def test_the_axes_of_the_user(pyplot, explanation):
    figure, axes = pyplot.subplots(1, 2)
    display = LimeDisplay(explanation).plot(top_labels=2, ax=axes)
    assert display.figure_ is figure
    assert display.axes_.shape == (1, 2)
    assert [len(ax.images) for ax in axes] == [2, 2]
    with pytest.raises(ValueError, match=r"each of the 2 x 2 panels.*Got 2"):
        LimeDisplay(explanation).plot(kind=["mask", "bar"], top_labels=2, ax=axes)
    assert pyplot.get_fignums() == [figure.number]


def test_wide_pictures_have_wide_figures(pyplot, explain, coffee, quarters):
    wide = explain(np.tile(coffee, (1, 2, 1)), quarters, top_labels=2)
    width, height = LimeDisplay(wide).plot(top_labels=2).figure_.get_size_inches()
    assert 3 < width / height < 4


def test_a_row_with_names_leaves_no_gap_in_others(pyplot, explanation):
    """Pictures above bars and beside a colour bar are as large as alone."""
    display = LimeDisplay(explanation).plot(
        kind=["overlay", "heatmap", "bar"], top_labels=2
    )
    display.figure_.canvas.draw()
    first = display.axes_[0, 0].get_window_extent()
    column = display.figure_.bbox.width / 2
    assert first.width > 0.85 * column


@pytest.mark.parametrize(
    ("shape", "limits"), [((4, 64), (1.6, 2)), ((64, 4), (0.4, 0.6))]
)
def test_extreme_pictures_have_moderate_figures(
    pyplot, explain, quarters, shape, limits
):
    image = np.random.RandomState(0).rand(*shape)
    explanation = explain(image, quarters, n_rows=2)
    width, height = LimeDisplay([explanation] * 2).plot().figure_.get_size_inches()
    assert limits[0] < width / 2 / height < limits[1]
