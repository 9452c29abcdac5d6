"""How the page looks: schemes, sizes, frames, print."""

import io
import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from sklime import LimeDisplay

pytestmark = pytest.mark.browser

HOST = """<!DOCTYPE html><meta charset="utf-8"><style>* {{ color: red !important;
display: inline }}</style><script>var facts = "of the notebook"</script>
<main id="label"></main>{}"""


def status(page):
    return page.get_by_role("status").inner_text().strip()


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


def test_a_fragment_is_apart(show, explanation):
    page = show(HOST.format(explanation._repr_html_()))
    frame = page.frames[1]
    frame.locator("#explorer").wait_for()
    assert frame.evaluate("getComputedStyle(document.body).color") != "rgb(255, 0, 0)"
    assert page.evaluate("facts") == "of the notebook"
    box = frame.locator("#explorer").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.4)
    assert status(frame).startswith("segment 5, rank 1 of 5")


def call_espresso(explanation):
    """Return it with a label that reads as "espresso (0.1...)"."""
    return replace(
        explanation,
        class_names=np.array(["espresso", *"abc"]),
        sample_predictions=explanation.sample_predictions / 1000,
    )


@pytest.fixture
def fragments(show, explain, explanation):
    """A notebook with a square, a flat, a tall and a thin image."""
    shown = [call_espresso(explanation)]
    for height, width in ((40, 60), (60, 20), (1, 400), (400, 1)):
        image = np.linspace(0, 1, height * width).reshape(height, width)
        segments = np.arange(image.size).reshape(image.shape) * 9 // image.size
        shown.append(explain(image, segments, data_range=(0, 1)))
    page = show(HOST.format("".join(one._repr_html_() for one in shown)))
    for frame in page.frames[1:]:
        frame.locator("#explorer").wait_for()
    return page


def test_a_fragment_fits_its_frame(fragments):
    check_fragments(fragments, 420, original=False, listed=False)
    check_fragments(fragments, 600, original=False, listed=True)
    for width in (760, 860, 1100):
        check_fragments(fragments, width, original=True, listed=True)


def check_fragments(fragments, width, original, listed):
    fragments.set_viewport_size({"width": width, "height": 800})
    for frame in fragments.frames[1:]:
        frame.locator("#explorer").press("ArrowRight")
        root = "document.documentElement"
        assert frame.evaluate(f"{root}.scrollHeight <= {root}.clientHeight")
        assert frame.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
        boxes = frame.evaluate(BOXES)
        for name in ("overlaid", "status", "opacity", "label"):
            assert is_inside(boxes[name], boxes["frame"]), name
            assert not frame.evaluate(f"isCut => {OVERFLOWS}($({name!r}))")
        assert not overlap(boxes["overlaid"], boxes["status"])
        assert frame.locator("#original").is_visible() == original
        assert frame.locator("#list").is_visible() == listed
        if listed:
            assert not overlap(boxes["overlaid"], boxes["list"])
            assert boxes["scroller"][3] - boxes["scroller"][1] > 45
            assert not frame.evaluate(f"isCut => {SIDEWAYS}($('scroller'))")
    box = fragments.frames[1].evaluate(BOXES)["overlaid"]
    assert min(box[2] - box[0], box[3] - box[1]) > 180


BOXES = """() => {
    const tell = ({ left, top, right, bottom }) => [left, top, right, bottom];
    const ids = ["overlaid", "status", "opacity", "label", "list", "scroller"];
    const boxes = ids.map((id) => [id, tell($(id).getBoundingClientRect())]);
    return { ...Object.fromEntries(boxes), frame: [0, 0, innerWidth, innerHeight] };
}"""
OVERFLOWS = (
    "(e => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth)"
)
SIDEWAYS = "(e => e.scrollWidth > e.clientWidth)"


def is_inside(box, frame):
    return all(np.less_equal(frame[:2], box[:2])) and all(
        np.less_equal(box[2:], frame[2:])
    )


def overlap(one, other):
    starts = np.maximum(one[:2], other[:2])
    return bool(np.all(starts < np.minimum(one[2:], other[2:])))


def test_a_usual_name_is_not_cut(show, fragments, explanation):
    named = call_espresso(explanation)
    phone = show(named.to_html(), viewport={"width": 320, "height": 640})
    phone.locator("#explorer").wait_for()
    for shown in (phone, fragments.frames[1]):
        width, needed = shown.evaluate(
            """() => {
            const before = $("label").getBoundingClientRect().width;
            Object.assign($("label").style, {
                maxWidth: "none",
                minWidth: "max-content",
            });
            return [before, $("label").getBoundingClientRect().width];
            }"""
        )
        assert width == needed > 100
        told = shown.locator("#label option").first.inner_text()
        assert re.fullmatch(r"espresso \(0\.\d{3}\)", told)


def test_a_phone(show, explanation):
    page = show(explanation.to_html(), viewport={"width": 320, "height": 640})
    page.locator("#explorer").press("ArrowRight")
    for where in ("$('view')", "$('explorer')"):
        page.evaluate(f"{where}.scrollIntoView()")
        boxes = page.evaluate(BOXES)
        assert not overlap(boxes["status"], boxes["overlaid"])
        assert boxes["status"][1] >= -1
        assert boxes["overlaid"][3] < 640
    page.evaluate("scrollTo(0, 1e6)")
    assert -1 <= page.evaluate(BOXES)["status"][1] < 10  # in sight of the table
    assert not page.evaluate(f"isCut => {SIDEWAYS}($('scroller'))")
    assert not page.evaluate(f"isCut => {OVERFLOWS}($('status'))")
    assert page.get_by_role("columnheader", name="Area").is_visible()


@pytest.mark.parametrize("shape", [(1, 400), (400, 1)])
def test_thin_images_can_be_pointed_at(show, explain, shape):
    image = np.linspace(0, 1, 400).reshape(shape)
    segments = np.arange(400).reshape(shape) // 100
    page = show(explain(image, segments, data_range=(0, 1)).to_html())
    page.locator("#explorer").wait_for()
    box = page.locator("#overlaid").bounding_box()
    assert min(box["width"], box["height"]) >= 16
    assert max(box["width"], box["height"]) <= 800
    picture = read(page.locator("#original").screenshot())
    w, h = picture.size
    corners = [picture.getpixel((4, 4)), picture.getpixel((w - 5, h - 5))]
    assert corners[0][0] < 60 < 190 < corners[1][0]
    across, down = (0.6, 0.2) if shape[0] == 1 else (0.2, 0.6)
    page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
    assert status(page).startswith("segment 2, ")


def test_the_picture_is_the_one_that_matplotlib_draws(page, pyplot, explanation):
    display = LimeDisplay(explanation).plot(kind="overlay")
    ground = np.asarray(display.ax_.images[0].get_array())
    overlay = np.asarray(display.im_.get_array())
    alpha = overlay[..., 3:]
    expected = 255 * (alpha * overlay[..., :3] + (1 - alpha) * ground)
    page.evaluate(
        "document.querySelectorAll('.lines').forEach((c) => (c.hidden = true))"
    )
    shot = np.array(read(page.locator("#overlaid").screenshot())).astype(float)
    rows, cols = (((np.arange(64) + 0.5) * n / 64).astype(int) for n in shot.shape[:2])
    np.testing.assert_allclose(shot[np.ix_(rows, cols)], expected, atol=2.5)


def test_without_a_script(show, explanation):
    page = show(explanation.to_html(), java_script_enabled=False)
    assert page.locator("h2:visible").all_inner_texts() == ["cup", "spoon"]
    assert page.locator("#controls, canvas").locator("visible=true").count() == 0
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


def test_print(page, show, explain, coffee):
    names = page.locator("#rows tr:visible button")
    page.emulate_media(media="print")
    assert not page.locator("#controls").is_visible()
    assert page.locator("#overlay").is_visible()
    assert names.all_inner_texts() == [f"segment {i}" for i in (5, 10, 0, 6, 9)]
    assert page.locator("caption").inner_text() == "5 of 16 segments; 11 of weight 0"
    segments = np.arange(64 * 64).reshape(64, 64) // 128
    many = explain(coffee, segments)
    many = replace(many, weights=np.linspace(1, 2, 32)[np.newaxis])
    page = show(many.to_html())
    page.locator("#explorer").wait_for()
    assert page.locator("caption").inner_text() == "32 of 32 segments"
    page.emulate_media(media="print")
    expected = "32 of 32 segments; the strongest 25 are printed"
    assert page.locator("caption").inner_text() == expected
    assert page.locator("#rows tr:visible").count() == 25


def read(screenshot):
    return Image.open(io.BytesIO(screenshot)).convert("RGB")


def n_colors(screenshot):
    pixels = np.array(read(screenshot)).reshape(-1, 3)
    return len(np.unique(pixels, axis=0))


def test_tiny_pictures_are_large_and_sharp(show, explain):
    image = np.kron([[0, 16], [16, 0]], np.ones((4, 4)))
    page = show(
        explain(image, np.arange(64).reshape(8, 8), data_range=(0, 16)).to_html()
    )
    page.locator("#explorer").wait_for()
    picture = np.array(read(page.locator("#original").screenshot()))
    assert min(picture.shape[:2]) > 300
    assert ((picture < 8) | (picture > 247)).mean() > 0.99  # no grey between
