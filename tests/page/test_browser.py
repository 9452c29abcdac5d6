"""The page in a real browser: what a reader points at, presses and sees."""

import io
import os
import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

sync_api = pytest.importorskip(
    "playwright.sync_api", reason="the extra browser is not installed"
)
pytestmark = pytest.mark.browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
OPTIONS += ["--disable-background-networking", "--disable-component-update"]
OPTIONS += ["--disable-sync"]
MINUS = "\N{MINUS SIGN}"
HOST = """<!DOCTYPE html><meta charset="utf-8"><style>* {{ color: red !important;
display: inline }}</style><script>var facts = "of the notebook"</script>
<main id="label"></main>{}"""


@pytest.fixture(scope="module")
def browser():
    found = os.environ.get("SKLIME_CHROMIUM") or next(
        filter(None, map(shutil.which, NAMES)), None
    )
    if found is None:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} nor SKLIME_CHROMIUM")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=OPTIONS)
        yield launched
        launched.close()


def complain(complaints, text):
    if "willReadFrequently" not in text:  # which these tests do, and no page
        complaints.append(text)


@pytest.fixture
def show(browser, tmp_path):
    """Open HTML as a file; nothing may be asked for or complained of."""
    opened = []

    def open_page(html, complaint=None, **options):
        path = tmp_path / f"page{len(opened)}.html"
        path.write_text(html, encoding="utf-8")
        options = {"viewport": {"width": 1200, "height": 900}} | options
        context = browser.new_context(**options)
        page = context.new_page()
        page.set_default_timeout(10_000)
        asked, complaints = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complain(complaints, message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path.as_uri())
        opened.append((context, path.as_uri(), asked, complaints, complaint))
        return page

    yield open_page
    for context, address, asked, complaints, complaint in opened:
        context.close()
        others = {url for url in asked if not url.startswith("data:")}
        assert others <= {address, "about:srcdoc"}
        expected = [text for text in complaints if complaint and complaint in text]
        assert complaints == expected
        assert bool(complaints) == (complaint is not None)


@pytest.fixture
def page(show, explanation):
    """The page of two labels, enlivened."""
    opened = show(explanation.to_html())
    opened.locator("#explorer").wait_for()
    return opened


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
    expected = f"segment 10, rank 2 of 16, weight {MINUS}0.300, speaks against cup, "
    expected += "6.3 % of the area in the middle"
    assert status(page) == expected
    point(page, 0, 0, "#original")
    expected = "segment 0, rank 3 of 16, weight +0.200, speaks for cup, "
    assert status(page) == expected + "6.3 % of the area at the top left"
    point(page, 3, 3)
    assert "weight 0, speaks neither for nor against cup" in status(page)
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


def test_click_pins_and_escape_lets_go(page):
    point(page, 1, 1, click=True)
    page.mouse.move(0, 0)
    assert status(page).startswith("segment 5, rank 1 of 16, weight +0.400")
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
    assert status(page).startswith("segment 6, rank 4")
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
    assert status(page).startswith("segment 15, rank 1 of 16, weight +2.00, speaks for")


def test_script_and_tables_write_weights_alike(show, explanation):
    for scale in (1e-10, 1e-3, 1e9):
        scaled = replace(explanation, weights=explanation.weights * scale)
        still = show(scaled.to_html(), java_script_enabled=False)
        cells = "article:first-of-type tr td:nth-child(3)"
        expected = still.locator(cells).all_inner_texts()
        live = show(scaled.to_html())
        live.locator("#explorer").wait_for()
        told = live.locator("#rows tr:visible td:nth-child(3)").all_inner_texts()
        assert told == expected[:5]


# The keyboard and screen readers


def test_arrow_keys_step_by_rank(page):
    page.locator("#explorer").focus()
    names = []
    for key in ("Right", "Down", "Right", "Left", "Up", "Left"):
        page.keyboard.press(f"Arrow{key}")
        names.append(status(page).split(",")[0])
    assert names == [f"segment {i}" for i in (5, 10, 0, 10, 5, 5)]
    page.keyboard.press("End")
    assert status(page).startswith("segment 9, rank 5 of 16")
    page.keyboard.press("Enter")
    page.locator("#opacity").focus()
    assert status(page).endswith("pinned")
    page.locator("#explorer").focus()
    page.keyboard.press("Home")
    assert status(page).startswith("segment 5, rank 1 of 16")


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
        'table "5 of 16 segments"',
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


# Schemes, sizes, frames


def test_dark_and_light(show, explanation):
    for scheme, dark in (("light", False), ("dark", True)):
        page = show(explanation.to_html(), color_scheme=scheme)
        page.locator("#explorer").wait_for()
        for selector, floor in (
            ("#summary", 4.5),
            (".value", 4.5),
            ("dt", 4.5),
            ("#status", 7),
        ):
            ink, paper = colors_of(page, selector)
            assert contrast(ink, paper) >= floor
            assert (luminance(paper) < 0.2) == dark
        for name in ("positive", "negative"):  # graphics need 3 to 1
            fill = page.locator(f"rect.{name}").first.evaluate(
                "e => getComputedStyle(e).fill"
            )
            assert contrast(numbers(fill), colors_of(page, "table")[1]) >= 3


def colors_of(page, selector):
    """Return the colours of text and of what is behind it."""
    found = page.locator(selector).first.evaluate(
        """element => {
        const ink = getComputedStyle(element).color;
        for (let e = element; e; e = e.parentElement) {
            const paper = getComputedStyle(e).backgroundColor;
            if (paper !== "rgba(0, 0, 0, 0)") return [ink, paper];
        }}"""
    )
    return list(map(numbers, found))


def numbers(color):
    return [float(part) for part in color[4:-1].split(",")]


def luminance(color):
    """Relative luminance, as WCAG 2.2 defines it."""
    share = np.array(color) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("width", [320, 390, 700, 1200])
def test_no_scrolling_sideways(show, explanation, hostile, width):
    long = hostile.name_segments({5: "w" * 300})
    for shown in (explanation, long):
        page = show(
            shown.to_html(title="t" * 200), viewport={"width": width, "height": 700}
        )
        page.locator("#explorer").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_fragment_fits_its_frame_and_is_apart(show, explanation):
    for width in (760, 860, 1100):
        page = show(
            HOST.format(explanation._repr_html_()),
            viewport={"width": width, "height": 800},
        )
        frame = page.frames[1]
        frame.locator("#explorer").wait_for()
        root = "document.documentElement"
        assert frame.evaluate(f"{root}.scrollHeight <= {root}.clientHeight")
        assert (
            frame.evaluate("getComputedStyle(document.body).color") != "rgb(255, 0, 0)"
        )
        assert page.evaluate("facts") == "of the notebook"
        box = frame.locator("#explorer").bounding_box()
        page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.4)
        assert status(frame).startswith("segment 5, rank 1 of 16")


def test_without_a_script(show, explanation):
    page = show(explanation.to_html(), java_script_enabled=False)
    assert page.locator("h2:visible").all_inner_texts() == ["cup", "spoon"]
    assert page.locator("form, canvas").locator("visible=true").count() == 0
    assert n_colors(page.locator("#overlaid").screenshot()) > 100


def test_screenshots_are_not_blank(page):
    pictures = [
        page.locator(f"#{name}").screenshot() for name in ("original", "overlaid")
    ]
    assert n_colors(pictures[0]) > 1000
    assert n_colors(pictures[1]) > 300
    original, overlaid = (np.array(read(picture)) for picture in pictures)
    assert np.ptp(original.astype(int), axis=-1).mean() > 20  # in colour
    height, width = overlaid.shape[:2]
    corner = overlaid[-height // 5 :, -width // 5 :].astype(int)  # of weight zero
    assert np.ptp(corner, axis=-1).max() <= 2  # in grey


def test_print(page):
    page.emulate_media(media="print")
    assert not page.locator("#controls").is_visible()
    assert page.locator("#overlay").is_visible()
    assert rows_shown(page) == [f"segment {i}" for i in (5, 10, 0, 6, 9)]


def read(screenshot):
    return Image.open(io.BytesIO(screenshot)).convert("RGB")


def n_colors(screenshot):
    pixels = np.array(read(screenshot)).reshape(-1, 3)
    return len(np.unique(pixels, axis=0))


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
    page = show(explain(image, segments).to_html())
    page.locator("#explorer").wait_for()
    assert page.locator("#rows tr").count() == 500
    page.locator("#explorer").press("End")
    assert "of 1620, weight" in status(page)


def test_tiny_pictures_are_large_and_sharp(show, explain):
    image = np.kron([[0, 16], [16, 0]], np.ones((4, 4)))
    page = show(
        explain(image, np.arange(64).reshape(8, 8), data_range=(0, 16)).to_html()
    )
    page.locator("#explorer").wait_for()
    picture = np.array(read(page.locator("#original").screenshot()))
    assert min(picture.shape[:2]) > 300
    assert ((picture < 8) | (picture > 247)).mean() > 0.99  # no grey between
