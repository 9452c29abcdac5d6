"""CurveDisplay keeps scikit-learn's contract of displays, draws what is computed."""

import builtins
import inspect

import numpy as np
import pytest

from sklime.metrics import (
    CurveDisplay,
    deletion_auc,
    deletion_curve,
    insertion_auc,
    insertion_curve,
)


@pytest.fixture(scope="module")
def arrays():
    areas = np.linspace(0, 1, 5)
    return {
        "areas": areas,
        "insertion": np.sqrt(areas),
        "deletion": (1 - areas) ** 2,
        "random_insertion": np.array([areas, areas + 0.2]),
        "random_deletion": np.array([1 - areas, 1.2 - areas]),
        "name": "cat",
    }


@pytest.mark.usefixtures("pyplot")
def test_draws_the_curves_of_the_explanation(explanation, black_box):
    options = {"label": 0, "n_steps": 8, "baseline": 0}
    display = CurveDisplay.from_explanation(explanation, black_box, **options)
    pairs = [
        (display.insertion_line_, insertion_curve, insertion_auc),
        (display.deletion_line_, deletion_curve, deletion_auc),
    ]
    for line, curve, auc in pairs:
        areas, scores = curve(explanation, black_box, **options)
        np.testing.assert_array_equal(line.get_xdata(), areas)
        np.testing.assert_array_equal(line.get_ydata(), scores)
        area = auc(explanation, black_box, **options)
        assert line.get_label().endswith(f"(AUC = {area:.2f})")
    assert display.ax_.get_ylabel() == "output for 0"
    assert display.figure_ is display.ax_.figure


def test_random_orders_are_a_mean_and_a_band(pyplot, arrays):
    display = CurveDisplay(**arrays).plot()
    insertion, deletion = display.random_lines_
    areas = arrays["areas"]
    np.testing.assert_allclose(insertion.get_ydata(), areas + 0.1)
    np.testing.assert_allclose(deletion.get_ydata(), 1.1 - areas)
    assert insertion.get_label() == "random insertion (AUC = 0.60 ± 0.10)"
    heights = display.random_bands_[0].get_paths()[0].vertices[:, 1]
    assert heights.min() == pytest.approx(0)
    assert heights.max() == pytest.approx(1.2)
    assert len(display.ax_.get_legend().get_texts()) == 4


def test_random_orders_are_those_of_the_seed(pyplot, explanation, black_box):
    """Two of insertion, in the order in which they are drawn; deletion shares them."""
    options = {"n_steps": 6, "baseline": 0}
    display = CurveDisplay.from_explanation(
        explanation, black_box, n_random=2, random_state=1, **options
    )
    options |= {"order": "random", "random_state": np.random.RandomState(1)}
    expected = [insertion_curve(explanation, black_box, **options)[1] for _ in "ab"]
    np.testing.assert_array_equal(display.random_insertion, expected)
    assert display.random_deletion.shape == (2, 7)


def test_random_orders_of_segments_are_drawn_at_the_same_areas(
    pyplot, partial_explanation, black_box
):
    """Segments of other sizes end elsewhere: their curves have no common points."""
    options = {"unit": "segments", "n_steps": None, "baseline": 0}
    display = CurveDisplay.from_explanation(
        partial_explanation, black_box, n_random=3, random_state=0, **options
    )
    options |= {"order": "random", "random_state": np.random.RandomState(0)}
    for row in display.random_insertion:
        areas, scores = insertion_curve(partial_explanation, black_box, **options)
        assert not np.allclose(areas, display.areas)
        np.testing.assert_allclose(row, np.interp(display.areas, areas, scores))


def test_without_random_orders(pyplot, explanation, recorder, black_box):
    box = recorder(black_box)
    display = CurveDisplay.from_explanation(explanation, box, n_random=0)
    assert box.n_images == 39
    assert display.random_lines_ == display.random_bands_ == []
    assert display.random_insertion is None
    assert len(display.ax_.get_legend().get_texts()) == 2


def test_draws_into_given_axes_again_and_again(pyplot, arrays):
    _, (left, right) = pyplot.subplots(1, 2)
    display = CurveDisplay(**arrays)
    assert display.plot(left) is display
    assert display.ax_ is left
    assert display.plot(ax=right, legend=False).ax_ is right
    assert right.get_legend() is None
    assert len(left.lines) == len(right.lines) == 4
    assert len(pyplot.get_fignums()) == 1


def test_options_win_over_our_own(pyplot, arrays):
    display = CurveDisplay(**arrays).plot(
        name="$_$ dog", linewidth=7, random_kw={"color": "red", "label": "chance"}
    )
    assert display.insertion_line_.get_linewidth() == 7
    assert display.random_lines_[0].get_color() == "red"
    assert display.random_lines_[0].get_label() == "chance"
    assert display.ax_.get_ylabel() == "output for $_$ dog"
    display.figure_.canvas.draw()  # a name is no formula


def test_colours_are_told_apart_by_everyone(pyplot, arrays):
    """Blue and vermilion of Okabe and Ito, and other dashes for print in grey."""
    display = CurveDisplay(**arrays).plot()
    lines = display.insertion_line_, display.deletion_line_
    assert [line.get_color() for line in lines] == ["#0072B2", "#D55E00"]
    assert [line.get_linestyle() for line in lines] == ["-", "--"]


def test_constructor_stores_what_it_is_given(arrays):
    display = CurveDisplay(**arrays)
    assert all(getattr(display, name) is value for name, value in arrays.items())
    names = set(inspect.signature(CurveDisplay.__init__).parameters) - {"self"}
    assert names == set(arrays)
    assert set(vars(display)) == names
    bare = CurveDisplay(areas=[0, 1], insertion=[0, 1], deletion=[1, 0])
    assert bare.name is None


def test_without_matplotlib_no_image_is_asked_about(monkeypatch, explanation, recorder):
    load = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name.startswith("matplotlib"):
            raise ImportError("no matplotlib")
        return load(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    box = recorder()
    with pytest.raises(ImportError, match=r"`pip install sklime\[plot\]`"):
        CurveDisplay.from_explanation(explanation, box)
    assert box.n_images == 0
