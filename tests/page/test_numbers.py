"""What a page makes of numbers: words, ranks, places, pictures."""

import base64
import io
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from skimage import data, measure, segmentation

from sklime.page import _pictures, gather_facts, render_fragment, render_page
from sklime.page._facts import measure_segments, name_regions
from sklime.page._words import format_area, format_weight, format_weights, sum_up

MINUS = "\N{MINUS SIGN}"


def decode(uri):
    kind, text = uri.split(",")
    with Image.open(io.BytesIO(base64.b64decode(text))) as picture:
        return kind, np.array(picture).astype(float)


# Words


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(-1e9, 1e9) | st.integers(-999, 999), min_size=1, max_size=9))
def test_weights_in_words_keep_their_sign_and_size(weights):
    weights = np.array(weights, dtype=float)
    for weight, text in zip(weights, format_weights(weights), strict=True):
        told = float(text.replace(MINUS, "-"))
        assert np.sign(told) == np.sign(weight)
        # three digits of the largest
        assert abs(told - weight) <= 0.00501 * np.abs(weights).max()


@pytest.mark.parametrize(
    ("weight", "decimals", "told"),
    [
        (-0.0004, 3, f"{MINUS}0.0004"),
        (0.000016, 3, "+1.6e-5"),
        (-0.012, 0, f"{MINUS}0.012"),
        (0.0005, 4, "+0.0005"),
        (0.0006, 3, "+0.001"),
        (0.0, 3, "0"),
        (1.0, -1, "+1.00e+0"),
        (2e-13, -1, "+2.00e-13"),
    ],
)
def test_weights_in_words(weight, decimals, told):
    assert format_weight(weight, decimals) == told


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (0.00049, "under 0.1 %"),
        (0.00051, "0.1 %"),
        (0.004, "0.4 %"),
        (0.0625, "6.2 %"),
        (1, "100.0 %"),
    ],
)
def test_areas_in_words(share, told):
    assert format_area(share) == told


def test_three_are_summed_up_for_each_sign():
    weights = np.array([1.0, 2, 3, 4, -1, -2, -3, -4])
    told = sum_up("x", "1", "1", weights, [7, 3, 6, 2, 5, 1, 4, 0], list("abcdefgh"))
    _, positive, negative = told.split(" Strongest ")
    assert positive == "for it: d (+4.00), c (+3.00), b (+2.00)."
    expected = ", ".join(
        f"{i} ({MINUS}{n}.00)" for i, n in zip("hgf", (4, 3, 2), strict=True)
    )
    assert negative == f"against it: {expected}."


# Ranks and places


def test_equal_weights_keep_their_order(explanation):
    rng, n = np.random.RandomState(0), explanation.n_segments
    weights = rng.choice([-2.0, -1.0, 0.0, 1.0, 2.0], explanation.weights.shape)
    tied = replace(explanation, weights=weights)
    for row, label in enumerate(gather_facts(tied, tied.segments)["labels"]):
        # Python's sorting is stable
        ranked = sorted(range(n), key=lambda i, row=row: -abs(weights[row, i]))
        assert label["order"] == [i for i in ranked if weights[row, i] != 0]
        assert 0 < len(label["order"]) < n


@pytest.mark.parametrize("band", [1, 100, 10**6])
def test_sizes_and_centres(monkeypatch, photographs, band):
    monkeypatch.setattr(_pictures, "BAND", band)
    segments = segmentation.slic(photographs["chelsea"], 20, start_label=0)
    segments[:9, :30] = -1
    _, segments = np.unique(segments, return_inverse=True)
    segments = segments.reshape(64, 64) - 1
    regions = measure.regionprops(segments + 1)
    sizes, centres = measure_segments(segments, len(regions))
    assert sizes.tolist() == [region.area for region in regions]
    # of pixels, whose own middle is 0.5 off their corner
    expected = np.transpose([region.centroid for region in regions]) + 0.5
    np.testing.assert_allclose(centres, expected)


def test_bands_make_up_the_image():
    for shape in ((7, 5), (1, 10**6), (10**6, 1), (3000, 400, 3)):
        bands = list(_pictures.cut_bands(shape))
        rows = np.concatenate([np.arange(band.start, band.stop) for band in bands])
        np.testing.assert_array_equal(rows, np.arange(shape[0]))
        longest = max(band.stop - band.start for band in bands)
        assert longest == 1 or longest * np.prod(shape[1:]) <= _pictures.BAND


def test_thirds_are_halves_open():
    rows = np.array([1.9, 2.0, 3.9, 4.0, 3.0])
    cols = np.array([19.0, 10.0, 20.0, 59.0, 30.0])
    assert name_regions(rows, cols, (6, 60)) == [
        "top left",
        "middle left",
        "middle",
        "bottom right",
        "middle",
    ]


def test_places_and_areas_are_those_of_the_explained_image(explanation):
    whole = gather_facts(explanation, explanation.segments)
    tiny = gather_facts(explanation, explanation.segments[:1, :1])
    for name in ("places", "areas", "labels"):
        assert tiny[name] == whole[name]


# Pictures


def test_thin_images_keep_a_pixel():
    assert _pictures.fit_size((1, 4000), 1024) == (1, 1024)
    assert _pictures.fit_size((4000, 2, 3), 320) == (320, 1)


def test_shrinking_takes_means():
    board = (255 * (np.indices((400, 400)).sum(axis=0) % 2)).astype(np.uint8)
    kind, picture = decode(_pictures.encode_image(board, (0, 255), (200, 200)))
    assert kind == "data:image/png;base64"
    assert abs(picture - 127.5).max() < 20


@pytest.mark.parametrize("scene", ["noise", "astronaut"])
def test_noisy_pictures(scene):
    noise = np.random.RandomState(0).randint(256, size=(512, 512, 3))
    image = noise[:300, :300]
    if scene == "astronaut":
        image = np.clip(data.astronaut() + noise // 2 - 64.0, 0, 255)
    image = image.astype(np.uint8)
    kind, picture = decode(_pictures.encode_image(image, (0, 255), image.shape[:2]))
    assert kind == "data:image/jpeg;base64"
    assert abs(picture - image).mean() < 8


def test_memory_for_a_large_image(explanation):
    rows, cols = np.indices((1500, 2000), dtype=np.int32)
    large = {
        "image": np.random.RandomState(0).randint(256, size=(1500, 2000, 3)),
        "segments": rows // 375 * 4 + cols // 500,
    }
    large["image"] = large["image"].astype(np.uint8)
    large["background"] = large["image"]
    explanation = replace(explanation, **large)
    tracemalloc.start()
    page = render_page(explanation, max_size=256)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(page) < 500_000
    assert peak < 4 * large["image"].size + 10e6


# Frames


def test_a_flat_image_leaves_room_for_the_list(explain):
    def height(image):
        frame = render_fragment(
            explain(image, np.arange(image.size).reshape(image.shape) // 64)
        )
        return int(frame.split('height="')[1].split('"')[0])

    square, flat = np.eye(64), np.eye(4, 64)
    assert height(flat) == height(square) - 264 + 140


def test_only_small_pictures_are_drawn_in_squares(explanation):
    def kind(side):
        segments = np.zeros((side, side), dtype=int) + np.arange(side) * 16 // side
        image = np.zeros((side, side, 3), dtype=np.uint8)
        page = render_page(
            replace(explanation, image=image, segments=segments, background=image)
        )
        return page.split('class="')[1].split('"')[0]

    assert kind(127) == "page squares"
    assert kind(128) == "page"
