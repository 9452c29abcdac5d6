"""Fills are computed in float, rounded, clipped and cast."""

import numpy as np
import pytest

from sklime.occlusion import (
    ColourOccluder,
    ImageOccluder,
    MeanOccluder,
    check_occluder,
    create_background,
    find_unchanged_segments,
)
from sklime.perturbation import create_perturbations
from sklime.segmentation import GridSegmenter, create_segments


def fill(image, occluder, data_range=None):
    """Return the background of an image that is one segment."""
    segments = np.zeros(image.shape[:2], dtype=int)
    return create_background(image, segments, occluder, data_range)


@pytest.fixture
def segments(coffee):
    return create_segments(coffee, GridSegmenter(3, 5))[0]


@pytest.mark.parametrize("n_channels", [None, 1, 2, 3, 4, 7])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
def test_mean_of_each_segment(coffee, segments, n_channels, dtype):
    """Traps L4 and L5 of lime, F6 of FAT Forensics: 127.9 truncated to 127."""
    image = coffee.astype(dtype)
    image = (
        image[..., 0] if n_channels is None else image.repeat(3, -1)[..., :n_channels]
    )
    background = create_background(image, segments, MeanOccluder())
    assert background.dtype == image.dtype
    for channel in np.ndindex(image.shape[2:]):
        plane = image[(..., *channel)]
        for segment in range(15):
            inside = segments == segment
            mean = plane[inside].mean(dtype=np.float64)
            expected = np.rint(mean) if dtype.startswith("u") else mean
            found = background[(..., *channel)][inside]
            np.testing.assert_allclose(found, expected, rtol=1e-6)


@pytest.mark.parametrize("dtype", ["uint8", "int16", "int64", "uint32"])
def test_mean_is_rounded_not_truncated(dtype):
    image = np.array([[127, 128, 128]], dtype=dtype)
    background = create_background(image, np.zeros((1, 3), int), MeanOccluder())
    assert background.tolist() == [[128, 128, 128]]
    assert background.dtype == dtype


def test_fills_never_wrap_around_the_type():
    image = np.full((2, 2), 9, dtype=np.uint8)
    with pytest.warns(UserWarning, match=r"\[0, 255\]; they are clipped"):
        background = fill(image, ColourOccluder(300), (0, 1000))
    assert (background == 255).all()


def test_a_mean_beyond_the_range_of_fit_is_the_images_own():
    """A range learnt from other images is no reason to change a mean."""
    image = np.array([[2.0, 3.0]])
    np.testing.assert_array_equal(
        fill(image, MeanOccluder(), (-1.8, 1.6)), [[2.5, 2.5]]
    )


def test_neither_image_nor_segments_can_be_written_to():
    class Painting:
        def __init__(self, which):
            self.which = which

        def fill(self, *arrays):
            arrays[self.which][:] = 0
            return arrays[0]

    for which in (0, 1):
        with pytest.raises(ValueError, match="read-only"):
            fill(np.ones((2, 2)), Painting(which))


def test_a_fill_that_rounds_into_the_range_is_no_mistake():
    image = np.zeros((2, 2), dtype=np.uint8)
    assert (fill(image, ColourOccluder(255.4)) == 255).all()


@pytest.mark.parametrize(
    ("dtype", "data_range", "colour", "expected"),
    [
        ("uint8", None, 0.6, 1),
        ("uint8", None, 254.6, 255),
        ("float32", (0, 1), 0.5, 0.5),
        ("float64", (-1, 1), -1, -1),
        ("bool", None, 1, True),
        (">u2", None, 65535, 65535),
    ],
)
def test_number(dtype, data_range, colour, expected):
    image = np.zeros((2, 3, 2), dtype=dtype)
    background = fill(image, ColourOccluder(colour), data_range)
    assert background.dtype == image.dtype
    assert (background == expected).all()


@pytest.mark.parametrize("colour", [300, -120])
def test_a_fill_outside_the_range_is_clipped_with_a_warning(colour):
    """Trap L4 of lime: 300 or -120 on uint8 was an OverflowError."""
    image = np.full((2, 2), 9, dtype=np.uint8)
    with pytest.warns(UserWarning, match="outside the images' range"):
        background = fill(image, ColourOccluder(colour))
    assert (background == (255 if colour > 0 else 0)).all()


def test_colour_tuple():
    image = np.zeros((2, 3, 3), dtype=np.uint8)
    background = fill(image, check_occluder((255, 0, 7)))
    assert (background == [255, 0, 7]).all()


def test_another_image_replaces_this_one(coffee, photographs):
    other = photographs["rocket"]
    background = fill(coffee, check_occluder(other))
    np.testing.assert_array_equal(background, other)
    grey = fill(coffee, ImageOccluder(photographs["camera"]))
    np.testing.assert_array_equal(grey[..., 1], photographs["camera"])
    with pytest.raises(ValueError, match=r"\(64, 64, 3\)\. Got shape \(3, 4\)"):
        fill(coffee, ImageOccluder(np.zeros((3, 4))))


def test_an_own_occluder_is_checked(coffee):
    class Wrong:
        def fill(self, image, segments):
            return image[:-1]

    with pytest.raises(ValueError, match=r"Wrong\.fill returned shape \(63, 64, 3\)"):
        fill(coffee, Wrong())


@pytest.mark.parametrize("colour", [(np.nan, 0, 0), (0, 0, np.inf)])
@pytest.mark.parametrize("dtype", ["uint8", "float64"])
def test_fills_are_finite(coffee, colour, dtype):
    with pytest.raises(ValueError, match="occluder must fill with finite values"):
        fill(coffee.astype(dtype), ColourOccluder(colour))


class Complex:
    def fill(self, image, segments):
        return image * 1j


def test_fills_are_numbers(coffee):
    with pytest.raises(ValueError, match=r"with numbers.*complex128"):
        fill(coffee, Complex())


def test_unchanged_segments():
    image = np.array([[0, 10, 0, 0]], dtype=np.uint8)
    background = np.array([[1, 0, 0, 2]], dtype=np.uint8)
    segments = np.arange(4).reshape(1, 4)
    unchanged = find_unchanged_segments(image, background, segments, (0, 255))
    assert unchanged.tolist() == [True, False, True, False]
    colour = np.stack([image, image, image], axis=-1)
    other = colour.copy()
    other[0, 0, 2] += 2  # a change in one channel is a change
    unchanged = find_unchanged_segments(colour, other, segments, (0, 255))
    assert unchanged.tolist() == [False, True, True, True]
    outside = np.array(
        [[-1, 0, 0, 1]]
    )  # changes where there is no segment do not count
    unchanged = find_unchanged_segments(colour, other, outside, (0, 255))
    assert unchanged.tolist() == [True, True]


@pytest.mark.parametrize(
    ("dtype", "values", "data_range", "fill_value", "expected"),
    [
        ("int8", (-128, 127), (-100, 100), 0, 0),
        ("bool", (0, 1), (0.2, 0.8), 1, True),
        ("float16", (0, 1e4), None, 1e6, 65504),
        ("float32", (0, 1e4), None, 1e39, np.finfo("float32").max),
        ("longdouble", (0, 1e4), None, 5, 5),
    ],
)
def test_limits_are_not_computed_in_the_images_type(
    dtype, values, data_range, fill_value, expected
):
    image = np.array([values, values]).astype(dtype)
    segments = np.zeros((2, 2), dtype=np.uint8)
    background = create_background(
        image, segments, ColourOccluder(fill_value), data_range, quiet=True
    )
    assert background.dtype == image.dtype
    assert (background == expected).all()


@pytest.mark.parametrize("dtype", ["bool", "uint8", "uint64", "int16"])
def test_label_maps_of_any_type(coffee, dtype):
    segments = (np.arange(64) // 32 * np.ones((64, 1))).astype(dtype)
    expected = create_background(coffee, segments.astype(int), MeanOccluder())
    background = create_background(coffee, segments, MeanOccluder())
    np.testing.assert_array_equal(background, expected)
    samples = np.array([[True, False]])
    np.testing.assert_array_equal(
        create_perturbations(coffee, background, segments, samples),
        create_perturbations(coffee, background, segments.astype(int), samples),
    )
