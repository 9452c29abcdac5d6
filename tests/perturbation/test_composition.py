"""Composition equals the obvious np.where, bit for bit."""

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sklime.perturbation import Composer, RedrawingComposer, create_perturbations

DTYPES = [
    *("bool", "uint8", "uint16", "int32", "int64", ">u2"),
    *("float16", "float32", "float64", "longdouble"),
]


def obvious(image, background, segments, samples):
    """Return the same images in the way that anyone would write it."""
    shown = samples[:, segments]
    if image.ndim == 3:
        shown = shown[..., np.newaxis]
    return np.where(shown, image, background).astype(image.dtype)


def same_bits(a, b):
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


def random_image(rng, shape, dtype):
    """Return an image of random bits that are numbers of that type."""
    if np.dtype(dtype).kind == "f":
        return rng.normal(size=shape).astype(dtype)
    return rng.randint(0, 2**31, size=shape).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n_channels", [None, 1, 2, 3, 4, 7])
def test_every_type_and_number_of_channels(dtype, n_channels):
    rng = np.random.RandomState(0)
    shape = (9, 14) if n_channels is None else (9, 14, n_channels)
    image, background = (random_image(rng, shape, dtype) for _ in range(2))
    segments = rng.randint(0, 6, size=(9, 14))
    samples = rng.randint(0, 2, size=(25, 6)).astype(bool)
    composed = create_perturbations(image, background, segments, samples)
    assert same_bits(composed, obvious(image, background, segments, samples))


@settings(max_examples=60, deadline=None)
@given(
    segments=hnp.arrays(
        np.intp,
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=12),
        elements=st.integers(0, 5),
    ),
    dtype=st.sampled_from(DTYPES),
    n_channels=st.sampled_from([None, 1, 3, 5]),
    n_rows=st.integers(1, 5),
    seed=st.integers(0, 2**31),
)
def test_any_segments(segments, dtype, n_channels, n_rows, seed):
    rng = np.random.RandomState(seed)
    shape = segments.shape + (() if n_channels is None else (n_channels,))
    image, background = (random_image(rng, shape, dtype) for _ in range(2))
    segments = np.unique(segments, return_inverse=True)[1]
    samples = rng.randint(0, 2, size=(n_rows, segments.max() + 1)).astype(bool)
    composed = create_perturbations(image, background, segments, samples)
    assert same_bits(composed, obvious(image, background, segments, samples))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_nan_and_negative_zero_keep_their_bits(dtype):
    image = np.array([[np.nan, -0.0, 0.0, -np.inf]], dtype=dtype)
    background = -image
    samples = np.array([[True, False]])
    segments = np.array([[0, 1, 1, 0]])
    composed = create_perturbations(image, background, segments, samples)
    assert same_bits(composed, obvious(image, background, segments, samples))


def test_one_segment(coffee):
    background = np.full_like(coffee, 7)
    samples = np.array([[True], [False]])
    segments = np.zeros((64, 64), dtype=int)
    composed = create_perturbations(coffee, background, segments, samples)
    np.testing.assert_array_equal(composed[0], coffee)
    np.testing.assert_array_equal(composed[1], background)


def test_more_rows_than_a_chunk_holds(coffee):
    """Rows are written in chunks of 4 MiB, here 341 rows each."""
    rng = np.random.RandomState(0)
    segments = rng.randint(0, 9, size=(64, 64))
    samples = rng.randint(0, 2, size=(700, 9)).astype(bool)
    background = 255 - coffee
    composed = create_perturbations(coffee, background, segments, samples)
    assert same_bits(composed, obvious(coffee, background, segments, samples))


@pytest.mark.parametrize("channel_axis", [0, 1, -1, -3])
def test_layout_of_the_black_box(coffee, channel_axis):
    rng = np.random.RandomState(0)
    image = np.moveaxis(coffee, -1, channel_axis)
    background = 255 - image
    segments = rng.randint(0, 9, size=(64, 64))
    samples = rng.randint(0, 2, size=(5, 9)).astype(bool)
    composed = create_perturbations(
        image, background, segments, samples, channel_axis=channel_axis
    )
    expected = obvious(coffee, 255 - coffee, segments, samples)
    axis = channel_axis if channel_axis < 0 else channel_axis + 1
    np.testing.assert_array_equal(composed, np.moveaxis(expected, -1, axis))
    assert composed.flags.c_contiguous


def test_images_that_are_no_contiguous_array(coffee):
    image, background = coffee[::-2, ::3], 255 - coffee[::-2, ::3]
    segments = np.arange(32)[:, np.newaxis].repeat(22, axis=1)
    samples = np.eye(32, dtype=bool)
    composed = create_perturbations(image, background, segments, samples)
    assert same_bits(composed, obvious(image, background, segments, samples))


def test_each_call_returns_a_fresh_array(coffee):
    """A black box may keep or change what it is given."""
    compose = Composer(coffee, 255 - coffee, np.zeros((64, 64), dtype=int))
    first = compose(np.array([[True]]))
    first[:] = 0
    np.testing.assert_array_equal(compose(np.array([[True]]))[0], coffee)


@pytest.mark.parametrize("samples", [np.array([[0.5]]), np.array([[2]])])
def test_samples_are_booleans(coffee, samples):
    """Trap F20 of FAT Forensics: other numbers passed an integer cast."""
    segments = np.zeros((64, 64), dtype=int)
    with pytest.raises(TypeError, match="samples must be booleans"):
        create_perturbations(coffee, coffee, segments, samples)


def test_image_and_background_must_match(coffee):
    segments = np.zeros((64, 64), dtype=int)
    for other in (coffee.astype(float), coffee[..., 0]):
        with pytest.raises(ValueError, match="background must have the image's shape"):
            create_perturbations(coffee, other, segments, np.array([[True]]))


@pytest.mark.parametrize("shape", [(3, 1), (3, 5), (2,), (1, 2, 1)])
def test_samples_have_a_column_for_each_segment(coffee, shape):
    segments = np.arange(64)[:, np.newaxis].repeat(64, axis=1) // 32
    with pytest.raises(ValueError, match=r"each of the 2 segments. Got shape \("):
        create_perturbations(coffee, coffee, segments, np.ones(shape, dtype=bool))
    as_list = create_perturbations(coffee, 255 - coffee, segments, [[True, False]])
    assert as_list.shape == (1, 64, 64, 3)


def test_labels_start_at_0(coffee):
    segments = np.full((64, 64), -1)
    with pytest.raises(ValueError, match=r"labels from 0\. Got .* labels from -1"):
        create_perturbations(coffee, coffee, segments, np.ones((1, 1), dtype=bool))


def test_segments_must_have_the_size_of_the_image(coffee):
    """A smaller map composed garbage without a word."""
    for shape in ((32, 32), (64, 128)):
        with pytest.raises(ValueError, match=r"height and width, \(64, 64\)"):
            create_perturbations(
                coffee, coffee, np.zeros(shape, dtype=int), np.array([[True]])
            )


def test_the_label_map_is_read_once(coffee):
    """Trap F14 of FAT Forensics: every row scanned the whole segmentation again."""
    segments = np.arange(64 * 64).reshape(64, 64) // 512
    samples = np.random.RandomState(0).uniform(size=(9, 8)) < 0.5
    compose = Composer(coffee, coffee[::-1].copy(), segments)
    expected = compose(samples)
    segments[:] = -7
    np.testing.assert_array_equal(compose(samples), expected)


@pytest.mark.parametrize("dtype", ["uint8", ">u2", "float32", "longdouble"])
@pytest.mark.parametrize("n_channels", [None, 3])
def test_pixels_of_no_segment_are_never_hidden(dtype, n_channels):
    rng = np.random.RandomState(0)
    shape = (9, 14) if n_channels is None else (9, 14, n_channels)
    image, background = (random_image(rng, shape, dtype) for _ in range(2))
    segments = rng.randint(-1, 4, size=(9, 14))
    samples = rng.randint(0, 2, size=(11, 4)).astype(bool)
    always = np.insert(samples, 0, True, axis=1)
    composed = create_perturbations(image, background, segments, samples)
    assert same_bits(composed, obvious(image, background, segments + 1, always))
    with pytest.raises(ValueError, match=r"labels from -1 to -1"):
        create_perturbations(image, background, np.full((9, 14), -1), samples)


@pytest.mark.parametrize("channel_axis", [-1, 0, 1, None])
@pytest.mark.parametrize("n_rows", [1, 3, 7])
def test_a_background_for_every_row(channel_axis, n_rows):
    """The same images in any batches: a row's number decides what it shows."""
    rng = np.random.RandomState(0)
    shape = (5, 6) if channel_axis is None else (5, 6, 3)
    image = rng.randint(0, 100, size=shape).astype(np.uint8)
    segments = rng.randint(-1, 4, size=(5, 6))
    samples = rng.randint(0, 2, size=(7, 4)).astype(bool)

    def draw_background(number):
        return np.full(shape, 100 + number, dtype=np.uint8)

    compose = RedrawingComposer(image, draw_background, segments, channel_axis)
    composed = np.concatenate(
        [
            compose(samples[i : i + n_rows], range(7)[i : i + n_rows])
            for i in range(0, 7, n_rows)
        ]
    )
    always = np.insert(samples, 0, True, axis=1)
    for number, row in enumerate(always):
        one = obvious(image, draw_background(number), segments + 1, row[np.newaxis])[0]
        one = one if channel_axis is None else np.moveaxis(one, -1, channel_axis)
        assert same_bits(np.ascontiguousarray(one), composed[number])
    assert (compose.shape, compose.n_bytes) == (composed.shape[1:], image.nbytes)
