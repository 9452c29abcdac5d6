"""The script's own numbers, against numpy's, and the lines that it draws."""

import numpy as np
import pytest
from skimage import segmentation

pytestmark = pytest.mark.browser

YELLOW, WHITE, BLACK = (240, 228, 66), (255, 255, 255), (0, 0, 0)


@pytest.fixture(scope="module")
def script(browser, explanation):
    """A page whose functions these tests call, and nothing else."""
    context = browser.new_context()
    opened = context.new_page()
    opened.set_content(explanation.to_html())
    yield opened
    context.close()


@pytest.fixture(scope="module")
def label_maps(photographs):
    masked = segmentation.slic(photographs["chelsea"], 12, start_label=0)
    masked[20:30, 40:] = -1
    return [
        segmentation.slic(photographs["coffee"], 30, start_label=0),
        masked,
        np.arange(12).reshape(3, 4),
        np.array([[0, 0, 1, 1, -1, 2, 2]]),
        np.array([[0], [1], [1]]),
        np.zeros((5, 4), dtype=int),
    ]


def run(page, function, segments, *more):
    """Call a function of numbers.js."""
    call = f"([segments, ...more]) => {function}(Int32Array.from(segments), ...more)"
    height, width = segments.shape
    return page.evaluate(call, [segments.ravel().tolist(), width, height, *more])


def cut_strokes(strokes):
    """Return strokes in steps of one pixel: x, y and whether it goes across."""
    steps = []
    for x, y, to_x, to_y in strokes:
        assert (x == to_x) != (y == to_y)
        steps += [(col, y, True) for col in range(x, to_x)]
        steps += [(x, row, False) for row in range(y, to_y)]
    assert len(set(steps)) == len(steps)
    return set(steps)


def find_steps(upright, level):
    """Return where two pixels beside and above each other are told apart."""
    rows, cols = np.nonzero(upright)
    steps = {(col, row, False) for row, col in zip(rows, cols, strict=True)}
    rows, cols = np.nonzero(level)
    return steps | {(col, row, True) for row, col in zip(rows, cols, strict=True)}


def test_borders_between_segments(script, label_maps):
    for segments in label_maps:
        strokes = run(script, "traceAllBorders", segments)
        upright, level = np.zeros((2, *segments.shape), dtype=bool)
        upright[:, 1:] = segments[:, 1:] != segments[:, :-1]
        level[1:] = segments[1:] != segments[:-1]
        assert cut_strokes(strokes) == find_steps(upright, level)


def test_strokes_are_as_long_as_they_can_be(script, label_maps):
    for segments in label_maps:
        strokes = run(script, "traceAllBorders", segments)
        starts = {(x, y, x == to_x) for x, y, to_x, _ in strokes}
        ends = {(to_x, to_y, x == to_x) for x, _, to_x, to_y in strokes}
        assert not starts & ends


def test_boxes(script, label_maps):
    for segments in label_maps:
        n_segments = segments.max() + 2  # one that the picture has not
        *boxes, empty = run(script, "findBoxes", segments, int(n_segments))
        for i, box in enumerate(boxes):
            rows, cols = np.nonzero(segments == i)
            ends = [rows.max() + 1, cols.max() + 1]
            assert box == [rows.min(), cols.min(), *ends]
        assert empty == [*segments.shape, 0, 0]


OUTLINES = """(rows) => {
    const segments = Int32Array.from(rows.flat());
    const size = [rows[0].length, rows.length];
    const boxes = findBoxes(segments, ...size, Math.max(...segments) + 1);
    return boxes.map((box, i) => traceOutline(segments, ...size, box, i));
}"""


def test_outlines(script, label_maps):
    for segments in label_maps:
        for i, strokes in enumerate(script.evaluate(OUTLINES, segments.tolist())):
            own = np.pad(segments == i, 1)
            upright = (own[:, 1:] != own[:, :-1])[1:-1]
            level = (own[1:] != own[:-1])[:, 1:-1]
            assert cut_strokes(strokes) == find_steps(upright, level)


def test_pixels_under_a_pointer(script):
    offsets = [-0.1, 0, 2.4, 2.6, 9.9, 10, 10.4]
    found = script.evaluate(
        "offsets => offsets.map((o) => findPixel(o, 10, 4))", offsets
    )
    assert found == [0, 0, 0, 1, 3, 3, 3]


# What is drawn


def point(page, row, col, click=False):
    box = page.locator("#overlaid").bounding_box()
    x = box["x"] + box["width"] * (col + 0.5) / 4
    y = box["y"] + box["height"] * (row + 0.5) / 4
    (page.mouse.click if click else page.mouse.move)(x, y)


def read_line(page, x, y, canvas=".marks", off=0):
    """Return RGBA where x and y, in cells of the 4x4 grid, are on a canvas."""
    return page.evaluate(
        """([canvas, x, y, off]) => {
        const c = document.querySelector(canvas);
        const at = [x * c.width / 4 + off, y * c.height / 4 + off].map(Math.floor);
        return [...c.getContext("2d").getImageData(...at, 1, 1).data];
        }""",
        [canvas, x, y, off],
    )


def assert_outlined(page, row, col, color):
    """Check the middles of the four sides of a cell."""
    for y, x in ((0.5, 0), (0, 0.5), (0.5, 1), (1, 0.5)):
        pixel = read_line(page, col + x, row + y)
        np.testing.assert_allclose(pixel, [*color, 255], atol=3)


def test_outlines_are_where_the_segments_are(page):
    for row, col in ((1, 1), (2, 2)):
        point(page, row, col)
        assert_outlined(page, row, col, WHITE)
        assert read_line(page, col + 0.5, row + 0.5)[3] == 0
    assert read_line(page, 1, 1.5)[3] == 0  # of the segment before
    np.testing.assert_allclose(read_line(page, 3.0, 2.5, off=2)[:3], BLACK, atol=40)
    point(page, 0, 0)  # the first segment, in a corner of the picture
    np.testing.assert_allclose(read_line(page, 1, 0.5), [*WHITE, 255], atol=3)
    np.testing.assert_allclose(read_line(page, 0.5, 1), [*WHITE, 255], atol=3)


def test_what_is_pinned_is_yellow(page):
    point(page, 1, 1, click=True)  # under the pointer too
    assert_outlined(page, 1, 1, YELLOW)
    point(page, 2, 3)
    assert_outlined(page, 1, 1, YELLOW)
    np.testing.assert_allclose(read_line(page, 3.5, 3), [*WHITE, 255], atol=3)


def test_borders_are_drawn_and_follow_the_window(show, explanation):
    page = show(explanation.to_html(), device_scale_factor=2)
    page.locator("#explorer").wait_for()
    for width in (1200, 500):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(150)
        box = page.locator("#overlaid").bounding_box()
        size = page.evaluate("(b => [b.width, b.height])($('borders'))")
        np.testing.assert_allclose(size, [2 * box["width"], 2 * box["height"]], atol=1)
        for x, y in ((1, 0.5), (2.5, 3), (3, 2.5)):
            assert read_line(page, x, y, "#borders")[3] > 60
        assert read_line(page, 1.5, 1.5, "#borders")[3] == 0
