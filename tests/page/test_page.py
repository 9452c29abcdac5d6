"""A page holds what the explanation says, and nothing that runs but its own script."""

import base64
import hashlib
import io
import json
import re
import zlib
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from sklime import ImageExplanation
from sklime.page import render_page

CLOSING = "</script><script>window.hacked=1</script><!-- \"\u2028' &amp; $title ${1}"
MINUS = "\N{MINUS SIGN}"
BLUE, VERMILION = (0, 114, 178), (213, 94, 0)  # of Okabe and Ito


class Parsed(HTMLParser):
    """A page as a browser reads it: elements in order, each with its text."""

    def __init__(self, page):
        super().__init__()
        self.elements = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes), []))

    def handle_data(self, data):
        if self.elements:
            self.elements[-1][2].append(data)

    def find(self, tag, **wanted):
        return [
            ("".join(text).strip(), attributes)
            for name, attributes, text in self.elements
            if name == tag and wanted.items() <= attributes.items()
        ]

    def text(self, tag, **wanted):
        return self.find(tag, **wanted)[0][0]

    @property
    def facts(self):
        return json.loads(self.text("script", id="facts"))

    def segments(self):
        facts = self.facts
        stream = zlib.decompress(base64.b64decode(facts["segments"]))
        return np.frombuffer(stream, "<i4").reshape(facts["height"], facts["width"])

    def picture(self):
        return decode(self.find("image", id="picture")[0][1]["href"])

    def overlay(self):
        return decode(self.find("img")[0][1]["src"])


def decode(uri):
    head, text = uri.split(",")
    assert head in ("data:image/png;base64", "data:image/jpeg;base64")
    with Image.open(io.BytesIO(base64.b64decode(text))) as picture:
        return np.array(picture)


def parse(explanation, **options):
    return Parsed(explanation.to_html(**options))


# What it says


def test_weights_scores_and_names(explanation):
    facts = parse(explanation).facts
    for row, label in enumerate(facts["labels"]):
        assert label["name"] == explanation.labels[row]
        np.testing.assert_allclose(label["weights"], explanation.weights[row], 1e-5)
        order = explanation.top_segments(label=explanation.labels[row])
        assert label["order"] == order.tolist()
        for name, values in (
            ("prediction", explanation.predictions),
            ("local_prediction", explanation.local_predictions),
            ("fidelity", explanation.fidelity),
        ):
            told = float(label[name].replace(MINUS, "-"))
            np.testing.assert_allclose(told, values[row], 5e-3)
    assert facts["names"] == explanation.segment_names
    assert facts["areas"] == ["6.2 %"] * 16
    assert facts["labels"][0]["texts"][5] == "+0.400"
    assert facts["places"][0] == "top left"
    assert facts["places"][5] == "middle"  # its centre is at 3/8


def test_weights_in_six_digits(explanation):
    weights = np.random.RandomState(0).normal(size=(2, 16)) * 10.0 ** np.arange(-8, 8)
    facts = parse(replace(explanation, weights=weights)).facts
    for label, expected in zip(facts["labels"], weights, strict=True):
        np.testing.assert_allclose(label["weights"], expected, rtol=5.1e-6)
        assert label["order"] == sorted(range(16), key=lambda i: -abs(expected[i]))


def test_pictures_of_a_small_image_are_exact(explanation, coffee):
    page = parse(explanation)
    np.testing.assert_array_equal(page.segments(), explanation.segments)
    np.testing.assert_array_equal(page.picture(), coffee)
    overlay = page.overlay()
    # alpha is 0.8 of the share of the largest weight, which is 0.4
    for segment, color, alpha in (
        (5, BLUE, 0.8),
        (10, VERMILION, 0.6),
        (0, BLUE, 0.4),
        (9, VERMILION, 0.1),
        (1, None, 0.0),
    ):
        pixels = overlay[explanation.segments == segment]
        assert (pixels[:, 3] == round(255 * alpha)).all()
        assert color is None or (pixels[:, :3] == color).all()


def test_the_label_to_begin_with(explanation):
    page = parse(explanation, label="spoon")
    assert page.facts["selected"] == 1
    assert page.text("p", id="summary").startswith("spoon: prediction")
    expected = [round(255 * 0.8 * w) for w in (1, 0.5, 0)]
    corners = page.overlay()[[63, 20, 63], [63, 20, 0], 3]
    assert corners.tolist() == expected


def test_summary_tells_the_strongest(explanation):
    summary = parse(explanation).text("p", id="summary")
    expected = "Strongest for it: segment 5 (+0.400), segment 0 (+0.200), segment 6 "
    expected += "(+0.100). Strongest against it: segment 10 (\N{MINUS SIGN}0.300), "
    assert expected in summary


def test_tables_without_a_script(explanation):
    page = parse(explanation)
    assert [text for text, _ in page.find("h2")][1:] == ["cup", "spoon"]
    cells = [text for text, _ in page.find("td")]
    first = cells.index("1")
    assert cells[first : first + 6] == [
        "1",
        "+0.400",
        "6.2 %",
        "2",
        f"{MINUS}0.300",
        "6.2 %",
    ]
    names = [text for text, _ in page.find("th", scope="row")]
    assert names[:5] == [f"segment {i}" for i in (5, 10, 0, 6, 9)]
    assert len(names) == 5 + 2  # none whose weight is zero
    captions = [text for text, _ in page.find("caption")]
    assert captions[1:] == [f"{n} of 16 segments, the strongest first" for n in (5, 2)]
    for _, attributes in page.find("div", id="controls") + page.find("canvas"):
        assert "hidden" in attributes


def test_large_images_are_shrunk(explain):
    rows, cols = np.indices((300, 400))
    image = (rows // 2 + cols // 4).astype(np.uint8)
    segments = rows // 50 * 4 + cols // 100
    explanation = explain(image, segments)
    page = parse(explanation, max_size=100)
    assert page.picture().shape == (75, 100, 3)
    # a pixel of the page stands for 4x4, whose centre is between the second and third
    np.testing.assert_array_equal(page.segments(), segments[2::4, 2::4])
    means = image.reshape(75, 4, 100, 4).mean(axis=(1, 3))
    assert abs(page.picture()[..., 0] - means).max() <= 2
    assert page.facts["areas"] == ["4.2 %"] * 24
    large = parse(explanation).picture()
    assert large.shape == (300, 400, 3)
    assert abs(large[..., 0] - image.astype(float)).mean() < 1.5  # a JPEG


# What it must not do


def test_no_name_becomes_markup(hostile):
    plain = Parsed(hostile.to_html(title="x"))
    page = Parsed(hostile.to_html(title=CLOSING))
    assert page.text("title") == CLOSING
    assert page.text("h1") == CLOSING
    assert [label["name"] for label in page.facts["labels"]] == hostile.labels
    assert page.facts["names"] == hostile.segment_names
    assert len(page.find("script")) == 2
    assert [e[:2] for e in page.elements] == [e[:2] for e in plain.elements]
    names = [text for text, _ in page.find("th", scope="row")]
    assert names[:2] == [hostile.segment_names[i] for i in (5, 10)]
    for tag, attributes, _ in page.elements:
        assert tag != "img" or attributes["src"].startswith("data:image/png")
        assert not [name for name in attributes if name.startswith("on")]
    assert "\u2028" not in page.text("script", id="facts")
    assert not re.search("[<>&]", page.text("script", id="facts"))


def test_halves_of_surrogate_pairs(explanation, tmp_path):
    named = explanation.name_segments({5: "\ud83d!"})
    named.to_html(tmp_path / "page.html", title="\udc00")
    page = Parsed((tmp_path / "page.html").read_text(encoding="utf-8"))
    assert page.facts["names"][5] == "\ud83d!"
    assert page.text("h1") == "?"


def test_policy_lets_nothing_in(explanation):
    page = explanation.to_html()
    (policy,) = (
        attributes["content"]
        for _, attributes in Parsed(page).find("meta")
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["img-src"] == "data:"
    for tag in ("style", "script"):
        (source,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert rules[f"{tag}-src"] == f"'sha256-{digest}'"
    assert not re.search("https?://", page)
    assert not [e for e in Parsed(page).elements if "style" in e[1]]


def test_same_bytes_and_inputs_as_they_were(explanation):
    first = explanation.to_html()
    frozen = {
        name: getattr(explanation, name).copy()
        for name in ("image", "segments", "weights")
    }
    for array in frozen.values():
        array.flags.writeable = False
    assert replace(explanation, **frozen).to_html() == first
    assert explanation._repr_html_() == explanation._repr_html_()


def test_an_explanation_that_was_read(explanation, tmp_path):
    explanation.save(tmp_path / "explanation.npz")
    read = ImageExplanation.load(tmp_path / "explanation.npz")
    assert read.surrogates is None
    assert read.to_html() == explanation.to_html()


# Where it goes


def test_file_or_text(explanation, tmp_path):
    text = explanation.to_html(title="Größe")
    for path in (tmp_path / "a.html", str(tmp_path / "b.html")):
        assert explanation.to_html(path, title="Größe") is None
    assert (tmp_path / "a.html").read_bytes() == text.encode("utf-8")
    assert (tmp_path / "b.html").read_bytes() == text.encode("utf-8")


@pytest.mark.parametrize(
    ("path", "error"),
    [("missing/page.html", OSError), (".", OSError), (3.5, TypeError)],
)
def test_a_bad_path_is_what_open_says(explanation, tmp_path, path, error):
    with pytest.raises(error):
        explanation.to_html(tmp_path / path if isinstance(path, str) else path)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"title": 3}, TypeError, "title must be a string or None. Got 3"),
        ({"label": "sky"}, ValueError, "label must be one of"),
        ({"max_size": 0}, ValueError, "max_size must be an integer of at least 1"),
        ({"max_size": 2.5}, ValueError, "Got 2.5"),
        ({"max_size": True}, ValueError, "Got True"),
        ({"channels": 3}, ValueError, "channels must be one or three"),
    ],
)
def test_bad_options(explanation, options, error, message):
    with pytest.raises(error, match=message):
        explanation.to_html(**options)


def test_a_notebook_gets_a_frame(hostile):
    outer = Parsed(hostile._repr_html_())
    ((_, attributes),) = outer.find("iframe")
    assert [e[0] for e in outer.elements] == ["iframe"]
    assert attributes["sandbox"] == "allow-scripts"  # and not allow-same-origin
    inner = Parsed(attributes["srcdoc"])
    assert inner.facts == parse(hostile).facts
    assert inner.find("html")[0][1]["class"].split()[0] == "fragment"
    assert attributes["title"] == repr(hostile)


def test_a_fragment_is_modest(photographs, explain):
    large = np.random.RandomState(0).randint(256, size=(400, 600, 3), dtype=np.uint8)
    large[:] = np.kron(photographs["coffee"], np.ones((7, 10, 1)))[:400, :600]
    frame = explain(large)._repr_html_()
    inner = Parsed(Parsed(frame).find("iframe")[0][1]["srcdoc"])
    assert inner.picture().shape == (213, 320, 3)
    assert len(frame) < 150_000


# Any explanation


@pytest.mark.parametrize("channels", [None, 1, 2, 3, 4, 6])
def test_any_number_of_channels(explain, channels):
    shape = (12, 9) if channels is None else (12, 9, channels)
    image = np.linspace(0, 1, np.prod(shape)).reshape(shape)
    explanation = explain(image, np.arange(108).reshape(12, 9) // 27)
    picture = parse(explanation).picture() / 255
    if channels in (None, 1):
        np.testing.assert_allclose(picture[..., 1].ravel(), image.ravel(), atol=3e-3)
    elif channels == 3:
        np.testing.assert_allclose(picture, image, atol=3e-3)
    elif channels == 4:  # on white
        color, alpha = image[..., :3], image[..., 3:]
        on_white = alpha * color + 1 - alpha
        np.testing.assert_allclose(picture, on_white, atol=3e-3)
    else:
        mean = image.mean(axis=-1)
        np.testing.assert_allclose(picture[..., 0], mean, atol=3e-3)
    if channels == 6:
        picked = parse(explanation, channels=(5, 0, 2)).picture() / 255
        np.testing.assert_allclose(picked, image[..., [5, 0, 2]], atol=3e-3)


def test_pixels_outside_of_every_segment(explain, coffee):
    segments = np.full((64, 64), -1)
    segments[16:48, 16:32], segments[16:48, 32:48] = 0, 1
    page = parse(explain(coffee, segments))
    np.testing.assert_array_equal(page.segments(), segments)
    assert page.facts["areas"] == ["12.5 %", "12.5 %"]
    assert page.facts["places"] == ["middle", "middle"]
    assert (page.overlay()[..., 3][segments < 0] == 0).all()


def test_one_segment_few_rows_and_no_weight(explain, coffee):
    one = parse(explain(coffee, np.zeros((64, 64), dtype=int))).facts
    assert one["places"] == ["middle"]
    assert one["areas"] == ["100.0 %"]
    few = explain(coffee, n_perturbations=4)
    assert np.isnan(few.fidelity[0])
    assert parse(few).facts["labels"][0]["fidelity"] == "not known"
    nothing = replace(few, weights=np.zeros_like(few.weights))
    page = parse(nothing)
    assert "All weights are zero." in page.text("p", id="summary")
    assert (page.overlay()[..., 3] == 0).all()
    captions = [text for text, _ in page.find("caption")]
    assert captions[1:] == ["All weights are zero."]


@pytest.mark.parametrize(
    "names",
    [
        np.array([3, 1, 2, 0]),
        np.array([0.5, 1.5, -2.0, 3.0]),
        np.array(["a", "a", "", "b" * 400]),
        np.array([None, ("a", 1), np.float32(0.1), b"x"], dtype=object),
    ],
)
def test_labels_of_any_kind(explanation, names):
    page = parse(replace(explanation, class_names=names))
    expected = [str(name) for name in names.tolist()[:2]]
    assert [label["name"] for label in page.facts["labels"]] == expected


def test_a_thousand_segments_and_a_tiny_image(explain):
    image = np.linspace(0, 16, 64 * 64).reshape(64, 64)
    segments = np.arange(4096).reshape(64, 64) // 4
    page = parse(explain(image, segments, data_range=(0, 16)))
    np.testing.assert_array_equal(page.segments(), segments)
    assert len(page.find("th", scope="row")) == 10
    tiny = parse(explain(image[:8, :8], segments[:8, :8] % 4, data_range=(0, 16)))
    assert tiny.find("html")[0][1]["class"] == "page squares"
    assert tiny.picture().shape == (8, 8, 3)


@pytest.mark.parametrize(
    ("scale", "told"),
    [
        (1, "+0.400"),
        (1e-3, "+0.000400"),
        (1e-9, "+4.00e-10"),
        (1000, "+400"),
        (1e8, "+4.00e+7"),
    ],
)
def test_weights_of_any_size_are_readable(explanation, scale, told):
    page = parse(replace(explanation, weights=explanation.weights * scale))
    assert f"segment 5 ({told})" in page.text("p", id="summary")


def test_public_function_and_method_are_one(explanation):
    assert render_page(explanation, title="x") == explanation.to_html(title="x")
