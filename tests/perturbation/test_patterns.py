"""Chunks that are copied from a table show what np.where would, bit for bit."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage import data, segmentation, transform

from sklime.perturbation import Composer
from sklime.perturbation._patterns import (
    CHUNK_BYTES,
    TABLE_BYTES,
    TABLE_IMAGES,
    PatternTable,
    PixelSelector,
    prepare_writer,
)

DTYPES = [
    "bool",
    "uint8",
    ">u2",
    "int32",
    "float16",
    "float32",
    "float64",
    "longdouble",
]


def draw_bits(rng, shape, dtype):
    """Return random bytes as numbers of a type, NaN and infinity among them."""
    if dtype == "bool":
        return rng.randint(0, 2, size=shape).astype(bool)
    n_bytes = int(np.prod(shape)) * np.dtype(dtype).itemsize
    return np.frombuffer(rng.bytes(n_bytes), dtype=dtype).reshape(shape)


def cut_image(kind, shape, rng):
    """Return segments as segmenters make them, and as none should."""
    height, width = shape
    rows, columns = np.mgrid[:height, :width]
    if kind == "stripes":
        return columns // 3
    if kind == "pixels":
        return rows * width + columns
    if kind == "noise":
        return rng.randint(0, 30, size=shape)
    n_seeds = 7
    seeds = rng.uniform(size=(n_seeds, 2)) * shape
    squares = [(rows - y) ** 2 + (columns - x) ** 2 for y, x in seeds]
    return np.argmin(squares, axis=0)


def obvious(image, background, segments, samples, channel_axis):
    """Return the same images with an index and a branch for every pixel."""
    shown = np.insert(samples, 0, True, axis=1)[:, segments + 1]
    if image.ndim == 3:
        shown = shown[..., np.newaxis]
    images = np.where(shown, image, background).astype(image.dtype)
    return images if image.ndim == 2 else np.moveaxis(images, -1, channel_axis)


@settings(max_examples=150, deadline=None)
@given(
    shape=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    kind=st.sampled_from(["areas", "stripes", "pixels", "noise"]),
    masked=st.booleans(),
    dtype=st.sampled_from(DTYPES),
    n_channels=st.sampled_from([None, 1, 2, 3, 4, 9]),
    channel_axis=st.sampled_from([-1, -2, -3]),
    n_rows=st.integers(1, 40),
    seed=st.integers(0, 2**31),
)
def test_any_image_any_segments(
    shape, kind, masked, dtype, n_channels, channel_axis, n_rows, seed
):
    rng = np.random.RandomState(seed)
    full = shape if n_channels is None else (*shape, n_channels)
    image, background = (draw_bits(rng, full, dtype) for _ in range(2))
    segments = np.unique(cut_image(kind, shape, rng), return_inverse=True)[1]
    if masked and segments.max() > 0:  # the first of them is never hidden
        segments = segments - 1
    samples = rng.randint(0, 2, size=(n_rows, segments.max() + 1)).astype(bool)
    axis = None if n_channels is None else channel_axis
    composed = Composer(image, background, segments, axis)(samples)
    expected = obvious(image, background, segments, samples, axis)
    assert (composed.dtype, composed.shape) == (expected.dtype, expected.shape)
    assert composed.flags.c_contiguous
    assert composed.tobytes() == expected.tobytes()


@pytest.mark.parametrize("n_rows", [1, 15, 16, 17, 100])
@pytest.mark.parametrize("size", [224, 225])
def test_a_photograph_in_any_batches(size, n_rows):
    """At 225 an image is no whole number of chunks, and no two begin alike."""
    image = transform.resize(data.astronaut(), (size, size))
    image = np.rint(image * 255).astype(np.uint8)
    segments = segmentation.slic(image, n_segments=60, start_label=0)
    samples = np.random.RandomState(0).uniform(size=(100, segments.max() + 1)) < 0.5
    compose = Composer(image, 255 - image, segments)
    parts = [compose(samples[i : i + n_rows]) for i in range(0, 100, n_rows)]
    expected = obvious(image, 255 - image, segments, samples, -1)
    np.testing.assert_array_equal(np.concatenate(parts), expected)


@pytest.mark.parametrize("kind", ["areas", "stripes", "pixels", "noise"])
@pytest.mark.parametrize("pixel_bytes", [1, 3, 12, 24, 300])
def test_a_table_is_no_larger_than_a_few_images(kind, pixel_bytes):
    """A chunk of 256 pixels, each a segment, would have 2 ** 256 patterns."""
    rng = np.random.RandomState(0)
    labels = cut_image(kind, (48, 64), rng).ravel()
    image = rng.randint(0, 256, size=(labels.size, pixel_bytes)).astype(np.uint8)
    writer = prepare_writer(image, 255 - image, labels)
    if isinstance(writer, PixelSelector):
        assert kind != "areas"
        assert pixel_bytes < CHUNK_BYTES[0]
        return
    assert (kind, pixel_bytes) not in [("pixels", 1), ("noise", 1)]
    assert writer.patterns.nbytes <= TABLE_IMAGES[1] * image.nbytes
    assert writer.patterns.shape[1] <= max(CHUNK_BYTES[1], pixel_bytes)
    if kind == "areas" and pixel_bytes < 300:
        assert writer.patterns.shape[1] >= 8 * pixel_bytes  # or it would be slow


def test_two_segments_have_four_patterns():
    """However often they change places."""
    rows, columns = np.mgrid[:64, :64]
    labels = ((rows + columns) % 2).ravel()
    image = np.zeros((labels.size, 3), dtype=np.uint8)
    table = prepare_writer(image, image + 1, labels)
    assert isinstance(table, PatternTable)
    assert table.patterns.shape == (4 * 64, 192)


def test_a_large_image_has_a_small_table():
    """Four images, where a small one may have 24."""
    rng = np.random.RandomState(0)
    labels = rng.randint(0, 2, size=(700, 700)).ravel()
    image = rng.randint(0, 256, size=(labels.size, 8)).astype(np.uint8)
    table = prepare_writer(image, 255 - image, labels)
    assert TABLE_BYTES < table.patterns.nbytes <= TABLE_IMAGES[0] * image.nbytes


def test_codes_count_in_twos():
    """Segments 0, 2 and 5 touch the only chunk: 5 alone is code 4, all are 7."""
    image = np.arange(64, dtype=np.uint8)[:, np.newaxis] + 1
    labels = np.repeat([5, 2, 0], [22, 21, 21])
    table = prepare_writer(image, 0 * image, labels)
    assert table.place_values.toarray().tolist() == [[1, 0, 2, 0, 0, 4]]
    samples = np.array([[False, True, False, True, True, True], [True] * 6])
    assert table.choose(samples).tolist() == [[4], [7]]
    np.testing.assert_array_equal(table.patterns[4, :64], image[:, 0] * (labels == 5))


def test_sixteen_segments_in_a_chunk():
    """Codes up to 2 ** 16, in an image that is large enough for so many patterns."""
    image = np.random.RandomState(0).randint(0, 256, (3000, 3000)).astype(np.uint8)
    segments = np.full(image.shape, 16)
    segments[0, :256] = np.arange(256) // 16
    compose = Composer(image, 255 - image, segments)
    assert compose._writer.patterns.shape[1] == 256
    assert compose._writer.place_values.max() == 2**15
    samples = np.random.RandomState(1).uniform(size=(3, 17)) < 0.5
    samples[0] = np.arange(17) == 15
    expected = obvious(image, 255 - image, segments, samples, None)
    np.testing.assert_array_equal(compose(samples), expected)


@pytest.mark.parametrize("dtype", ["uint8", "float64"])
@pytest.mark.parametrize("channel_axis", [-1, -3])
def test_preparing_takes_a_few_images_of_memory(dtype, channel_axis):
    """Labels and codes are of eight bytes: none of a pixel or a pattern is kept."""
    rng = np.random.RandomState(0)
    image = rng.randint(0, 256, size=(700, 800, 3)).astype(dtype)
    segments = cut_image("areas", (700, 800), rng)
    tracemalloc.start()
    try:
        Composer(image, image[::-1].copy(), segments, channel_axis)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    per_label = 8 * segments.size * (1 if channel_axis == -1 else 3)
    assert peak < 8 * image.nbytes + 4 * per_label


def test_nothing_is_written_to(coffee):
    """Not by composing, and not by a black box that changes what it was given."""
    image, background = coffee.copy(), 255 - coffee
    segments = np.arange(64 * 64).reshape(64, 64) // 512
    for array in (image, background, segments):
        array.flags.writeable = False
    compose = Composer(image, background, segments)
    everything = np.ones((3, 8), dtype=bool)
    compose(everything)[:] = 0
    np.testing.assert_array_equal(compose(everything)[2], coffee)
