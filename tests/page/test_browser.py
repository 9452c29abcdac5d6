"""The page in a real browser: what a reader points at and presses."""

from dataclasses import replace

import numpy as np
import pytest

pytestmark = pytest.mark.browser

MINUS = "\N{MINUS SIGN}"
HOST = """<!DOCTYPE html><meta charset="utf-8"><style>* {{ color: red !important;
display: inline }}</style><script>var facts = "of the notebook"</script>
<main id="label"></main>{}"""


def status(page):
    return page.get_by_role("status").inner_text().strip()


def point(page, row, col, stack="#overlaid", click=False):
    """Move the pointer to a cell of the 4x4 grid."""
    box = page.locator(stack).bounding_box()
    x, y = (
        box["x"] + box["width"] * (col + 0.5) / 4,
        box["y"] + box["height"] * (row + 0.5) / 4,
    )
    (page.mouse.click if click else page.mouse.move)(x, y)


def alphas(page):
    """Return the opacity of the sixteen segments as the canvas has it."""
    return page.evaluate(
        """() => {
        const context = document.getElementById("overlay").getContext("2d");
        const { data } = context.getImageData(0, 0, 64, 64);
        const middle = (i) => 64 * (16 * (i >> 2) + 8) + 16 * (i % 4) + 8;
        return [...Array(16).keys()].map((i) => data[4 * middle(i) + 3]);
        }"""
    )


def expected_alphas(weights, shown=range(16), opacity=0.8):
    share = np.abs(weights) / np.abs(weights).max()
    return [round(255 * opacity * share[i]) if i in shown else 0 for i in range(16)]


def slide(page, name, value):
    page.get_by_role("slider", name=name).fill(str(value))


def rows_shown(page):
    return page.locator("#rows tr:visible button").all_inner_texts()


# The pointer


def test_segment_under_the_pointer(page):
    point(page, 2, 2)
    expected = f"segment 10, rank 2 of 5, weight {MINUS}0.300, speaks against cup, "
    expected += "6.2 % of the area in the middle"
    assert status(page) == expected
    point(page, 0, 0, "#original")
    expected = "segment 0, rank 3 of 5, weight +0.200, speaks for cup, "
    assert status(page) == expected + "6.2 % of the area at the top left"
    point(page, 3, 3)
    expected = "segment 15, weight 0, speaks neither for nor against cup, 6.2 % of the "
    assert status(page) == expected + "area at the bottom right"
    page.mouse.move(0, 0)
    assert status(page).startswith("Point at a segment")


def test_highlight_is_drawn_on_both_pictures(page):
    count = """() => [...document.querySelectorAll(".marks")].map((canvas) =>
        canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
        .filter((value, i) => i % 4 === 3 && value > 0).length)"""
    assert page.evaluate(count) == [0, 0]
    point(page, 1, 1)
    left, right = page.evaluate(count)
    assert left == right > 300


def test_the_very_edge_belongs_to_the_picture(page):
    page.evaluate(
        """() => {
        const { right, bottom } = $("explorer").getBoundingClientRect();
        const event = { clientX: right, clientY: bottom, bubbles: true };
        $("explorer").dispatchEvent(new PointerEvent("pointermove", event));
        }"""
    )
    assert status(page).startswith("segment 15, weight 0")


def test_click_pins_and_escape_lets_go(page):
    point(page, 1, 1, click=True)
    page.mouse.move(0, 0)
    assert status(page).startswith("segment 5, rank 1 of 5, weight +0.400")
    assert status(page).endswith("pinned")
    pinned = page.locator("#rows button[aria-pressed=true]")
    assert pinned.all_inner_texts() == ["segment 5"]
    point(page, 2, 2)
    assert status(page).startswith("segment 10")
    page.keyboard.press("Escape")
    page.mouse.move(0, 0)
    assert status(page).startswith("Point at")
    assert pinned.count() == 0


def test_table_and_picture_point_at_each_other(page):
    point(page, 2, 2)
    assert page.locator("#rows tr.active button").all_inner_texts() == ["segment 10"]
    page.get_by_role("button", name="segment 6").hover()
    assert status(page).startswith("segment 6, rank 4 of 5")
    page.mouse.move(0, 0)
    assert status(page).startswith("Point at")
    page.get_by_role("button", name="segment 9").focus()
    assert status(page).startswith("segment 9, rank 5")


# The controls


def test_slider_hides_the_weakest(page, explanation):
    weights = explanation.weights[0]
    assert alphas(page) == expected_alphas(weights)
    slide(page, "Segments", 2)
    assert alphas(page) == expected_alphas(weights, [5, 10])
    assert rows_shown(page) == ["segment 5", "segment 10"]
    assert page.locator("#counted").inner_text() == "2 of 5"
    slide(page, "Segments", 0)
    assert alphas(page) == [0] * 16


def test_signs(page, explanation):
    weights = explanation.weights[0]
    slide(page, "Segments", 2)
    page.get_by_role("checkbox", name="against").uncheck()
    assert alphas(page) == expected_alphas(weights, [5, 0])
    assert page.locator("#counted").inner_text() == "2 of 3"
    page.get_by_role("checkbox", name="for", exact=True).uncheck()
    assert alphas(page) == [0] * 16
    assert rows_shown(page) == []
    page.get_by_role("checkbox", name="against").check()
    assert alphas(page) == expected_alphas(weights, [10, 9])


def test_all_stay_all_when_a_sign_comes_back(page):
    page.get_by_role("checkbox", name="against").uncheck()
    page.get_by_role("checkbox", name="against").check()
    assert page.locator("#counted").inner_text() == "5 of 5"


def test_the_most_of_one_sign_is_all(page):
    slide(page, "Segments", 1)
    page.get_by_role("checkbox", name="against").uncheck()
    slide(page, "Segments", 3)
    page.get_by_role("checkbox", name="against").check()
    assert page.locator("#counted").inner_text() == "5 of 5"


def test_one_label_is_no_choice(show, explanation, page):
    assert page.get_by_role("combobox").is_enabled()
    names = ("label_indices", "weights", "intercepts", "local_predictions", "fidelity")
    first = {name: getattr(explanation, name)[:1] for name in names}
    one = replace(explanation, **first, surrogates=None)
    page = show(one.to_html())
    page.locator("#explorer").wait_for()
    assert page.get_by_role("combobox").is_disabled()


def test_opacity(page, explanation):
    slide(page, "Opacity", 50)
    assert alphas(page) == expected_alphas(explanation.weights[0], opacity=0.5)
    assert page.locator("#faded").inner_text() == "50 %"


def test_colours_of_signs(page):
    pixels = page.evaluate(
        """() => [[24, 24], [40, 40]].map(([x, y]) => [...document.getElementById(
        "overlay").getContext("2d").getImageData(x, y, 1, 1).data.slice(0, 3)])"""
    )
    # Okabe and Ito's; a canvas keeps colours multiplied by alpha, in whole numbers
    np.testing.assert_allclose(pixels, [(0, 114, 178), (213, 94, 0)], atol=2)


def test_label(page, explanation):
    page.get_by_role("combobox", name="Label").select_option(index=1)
    assert alphas(page) == expected_alphas(explanation.weights[1])
    assert rows_shown(page) == ["segment 15", "segment 5"]
    assert page.get_by_role("heading", level=2).inner_text().endswith("against spoon")
    for name, values in (
        ("prediction", explanation.predictions),
        ("local_prediction", explanation.local_predictions),
        ("fidelity", explanation.fidelity),
    ):
        told = float(page.locator(f"#{name}").inner_text().replace(MINUS, "-"))
        np.testing.assert_allclose(told, values[1], 5e-3)
    point(page, 3, 3)
    assert status(page).startswith("segment 15, rank 1 of 2, weight +2.00, speaks for")


def test_script_and_tables_write_alike(show, explanation):
    ties = [250, 2.5, -1.5, 0.5, -0.5, 3.5, 0.0625, -1e-9, 125, 62.5, *[0] * 6]
    random = np.random.RandomState(0).normal(size=16) * 10.0 ** np.arange(-10, 6)
    for weights in ([ties, 1e9 * random], [random, 1e-10 * random]):
        html = replace(explanation, weights=np.array(weights)).to_html()
        still, live = show(html, java_script_enabled=False), show(html)
        live.locator("#explorer").wait_for()
        for i in range(2):
            live.get_by_role("combobox").select_option(index=i)
            tables = still.locator("article").nth(i).locator("tbody tr")
            expected = [row.split() for row in tables.all_inner_texts()]
            told = [row.split() for row in live.locator("#rows tr").all_inner_texts()]
            assert told[:10] == expected
            live.locator("#explorer").press("Home")
            assert f"weight {expected[0][3]}," in status(live)


# The keyboard and screen readers


def test_arrow_keys_step_by_rank(page):
    page.locator("#explorer").focus()
    names = []
    for key in ("Right", "Down", "Right", "Left", "Up", "Left"):
        page.keyboard.press(f"Arrow{key}")
        names.append(status(page).split(",")[0])
    assert names == [f"segment {i}" for i in (5, 10, 0, 10, 5, 5)]
    page.keyboard.press("End")
    assert status(page).startswith("segment 9, rank 5 of 5")
    page.keyboard.press("Enter")
    page.locator("#opacity").focus()
    assert status(page).endswith("pinned")
    page.locator("#explorer").focus()
    page.keyboard.press("Home")
    assert status(page).startswith("segment 5, rank 1 of 5")
    page.keyboard.press("Space")
    assert status(page).endswith("pinned")


def test_backwards_from_nothing_is_the_last(page):
    for key in ("ArrowLeft", "ArrowUp"):
        page.locator("#explorer").press(key)
        assert status(page).startswith("segment 9, rank 5 of 5")
        page.locator("#opacity").focus()  # what is left is no longer pointed at
        assert status(page).startswith("Point at")


@pytest.mark.parametrize("place", ["#explorer", "#rows button"])
def test_keys_of_the_browser_are_left_to_it(page, place):
    page.locator(place).first.focus()
    before = status(page)
    press = """([place, key, held]) => {
        const options = { key, [held]: true, bubbles: true, cancelable: true };
        const event = new KeyboardEvent("keydown", options);
        document.querySelector(place).dispatchEvent(event);
        return event.defaultPrevented;
    }"""
    for key in ("ArrowLeft", "ArrowRight", "Home", "End"):
        for held in ("altKey", "ctrlKey", "metaKey"):
            assert not page.evaluate(press, [place, key, held])
    assert status(page) == before
    assert page.evaluate(press, [place, "ArrowRight", "repeat"])
    if place == "#explorer":
        assert not page.evaluate(press, [place, "Enter", "ctrlKey"])
        assert page.evaluate(press, [place, "Enter", "repeat"])


def test_arrow_keys_leave_out_what_is_hidden(page):
    page.get_by_role("checkbox", name="against").uncheck()
    page.locator("#explorer").focus()
    names = []
    for _ in range(4):
        page.keyboard.press("ArrowRight")
        names.append(status(page).split(",")[0])
    assert names == ["segment 5", "segment 0", "segment 6", "segment 6"]


def test_tab_reaches_everything_in_few_steps(page):
    reached = []
    for _ in range(7):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.id || document.activeElement.tagName")
        )
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", reached
    controls = ["label", "count", "positive", "negative", "opacity"]
    assert reached == [*controls, "explorer", "BUTTON"]
    page.keyboard.press("ArrowDown")
    assert status(page).startswith("segment 10")
    page.keyboard.press("Space")
    assert status(page).endswith("pinned")


def test_roles_and_names(page, explanation):
    """What a screen reader is told."""
    tree = page.locator("body").aria_snapshot()
    summary = page.locator("#summary").inner_text()
    assert "segment 5 (+0.400)" in summary
    for line in (
        'heading "Image explanation" [level=1]',
        'combobox "Label"',
        'slider "Segments"',
        'checkbox "for" [checked]',
        'checkbox "against" [checked]',
        'slider "Opacity"',
        f'img "{summary}"',
        'img "The explained image"',
        'application "Segments on the picture',
        'heading "What speaks for and against cup" [level=2]',
        'table "5 of 16 segments; 11 of weight 0"',
        'columnheader "Weight"',
        'rowheader "segment 5"',
        'cell "+0.400"',
    ):
        assert line in tree, tree
    assert page.get_by_role("status").count() == 1


# Hostile names


def in_one_line(text):
    return " ".join(text.split())


@pytest.mark.parametrize("framed", [False, True])
def test_names_are_text(show, hostile, framed):
    html = HOST.format(hostile._repr_html_()) if framed else hostile.to_html()
    opened = show(html)
    page = opened.frames[1] if framed else opened
    page.locator("#explorer").wait_for()
    options = page.get_by_role("option").all_inner_texts()
    told = [in_one_line(text.rsplit(" (", 1)[0]) for text in options]
    assert told == list(map(in_one_line, hostile.labels))
    page.get_by_role("combobox").select_option(index=1)
    page.get_by_role("button").first.hover()
    shown = in_one_line(page.locator("main").inner_text())
    for name in (hostile.labels[1], hostile.segment_names[5]):
        assert in_one_line(name) in shown
    for frame in opened.frames:
        assert frame.evaluate("window.hacked") is None
        assert frame.locator("main img").count() == 0


def test_policy_stops_what_escaping_would_not(show, explanation):
    """A second line of defence: a script that does get in does not run."""
    script = "<b>in</b><script>window.hacked = 1</script></main>"
    html = explanation.to_html().replace("</main>", script)
    page = show(html, complaint="Content Security Policy")
    page.locator("#explorer").wait_for()
    assert page.locator("b", has_text="in").count() == 1
    assert page.evaluate("window.hacked") is None


# Any explanation


def test_outside_of_every_segment(show, explain, coffee):
    segments = np.full((64, 64), -1)
    segments[16:32, 16:32] = 0
    page = show(explain(coffee, segments).to_html())
    page.locator("#explorer").wait_for()
    point(page, 0, 0)
    assert status(page).startswith("Point at")
    point(page, 1, 1)
    assert status(page).startswith("segment 0, rank 1 of 1")


def test_weights_of_zero(show, explanation):
    zero = replace(explanation, weights=np.zeros((2, 16)))
    page = show(zero.to_html())
    page.locator("#explorer").wait_for()
    assert alphas(page) == [0] * 16
    assert page.locator("#caption").inner_text() == "All weights are zero."
    assert page.get_by_role("slider", name="Segments").is_disabled()
    page.locator("#explorer").press("ArrowRight")
    assert status(page).startswith("Point at")


def test_many_segments(show, explain):
    image = np.random.RandomState(0).rand(90, 90)
    segments = np.arange(8100).reshape(90, 90) // 5
    many = explain(image, segments)
    many = replace(many, weights=np.linspace(2, 1, 1620)[np.newaxis])
    page = show(many.to_html())
    page.locator("#explorer").wait_for()
    assert page.locator("#rows tr").count() == 500
    caption = page.locator("#caption")
    assert caption.inner_text() == "500 of 1620 segments, the strongest"
    page.locator("#explorer").press("End")
    assert status(page).startswith("segment 1619, rank 1620 of 1620, weight")
    page.locator("#rows button").first.press("End")
    assert page.evaluate("document.activeElement.textContent") == "segment 499"
    assert status(page).startswith("segment 499, rank 500 of 1620")
    slide(page, "Segments", 500)
    assert caption.inner_text() == "500 of 1620 segments"
    page.locator("#explorer").press("Home")
    for key, segment in (("End", 499), ("Home", 0)):
        page.locator("#explorer").press(key)  # the table follows
        row = page.locator("#rows tr.active").bounding_box()
        box = page.locator("#scroller").bounding_box()
        assert (
            page.locator("#rows tr.active button").inner_text() == f"segment {segment}"
        )
        assert box["y"] <= row["y"]
        assert row["y"] + row["height"] <= box["y"] + box["height"] + 1
