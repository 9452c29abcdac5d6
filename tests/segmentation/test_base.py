"""What all segmenters share."""

import numpy as np
import pytest
from sklearn.base import clone

from sklime.segmentation import (
    ClusterSegmenter,
    FelzenszwalbSegmenter,
    GridSegmenter,
    PrecomputedSegmenter,
    QuickshiftSegmenter,
    SlicSegmenter,
    WatershedSegmenter,
    create_segments,
)
from sklime.segmentation._base import blend_alpha, measure_lightness

SEGMENTERS = [
    SlicSegmenter(),
    QuickshiftSegmenter(random_state=0),
    FelzenszwalbSegmenter(),
    WatershedSegmenter(),
    ClusterSegmenter(random_state=0),
    GridSegmenter(2, 3),
]


def name_of(value):
    """Return the class of a segmenter as the id of a test."""
    return type(value).__name__ if hasattr(value, "transform") else None


all_segmenters = pytest.mark.parametrize("segmenter", SEGMENTERS, ids=name_of)


@all_segmenters
@pytest.mark.parametrize("name", ["coffee", "chelsea", "rocket", "camera"])
def test_same_picture_same_segments(photographs, name, segmenter):
    """Trap L7 of lime: 8 segments as uint8, 47 as float 0-255."""
    image = photographs[name]
    expected = segmenter.fit_transform([image])[0]
    assert len(np.unique(expected)) > 5
    for version in (
        image / 255,
        (image / 255).astype(np.float32),
        image.astype(float),
        image.astype(np.float32),
        image.astype(np.int64),
        image.astype(np.uint16) * 257,
        image / 127.5 - 1,
    ):
        found = segmenter.fit_transform([version])[0]
        np.testing.assert_array_equal(found, expected)


@all_segmenters
@pytest.mark.parametrize(
    "shape", [(30, 20), (30, 20, 1), (30, 20, 2), (30, 20, 3), (30, 20, 4), (30, 20, 7)]
)
def test_any_number_of_channels(segmenter, shape):
    """Traps V16 of VisuaLIME, F2 and F3 of FAT Forensics: RGB or an error."""
    image = np.random.RandomState(0).uniform(size=shape)
    image[:15, :, ...] *= 0.2
    segments, segment_ids = create_segments(image, segmenter)
    assert segments.shape == (30, 20)
    assert segments.min() == 0
    assert len(segment_ids) > 1


@all_segmenters
@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_constant_image_is_segmented(segmenter, value):
    """Trap F4 of FAT Forensics: one grey value was taken for black and white."""
    image = np.full((20, 30), value, dtype=np.uint8)
    segments, segment_ids = create_segments(image, segmenter)
    assert segments.shape == (20, 30)
    if isinstance(segmenter, FelzenszwalbSegmenter):
        assert len(segment_ids) == 1


@all_segmenters
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (2, 2, 3)])
def test_tiny_images(segmenter, shape):
    assert create_segments(np.zeros(shape), segmenter)[0].shape == shape[:2]


@all_segmenters
def test_channels_first_and_last_are_segmented_alike(segmenter, coffee):
    """Trap V16 of VisuaLIME: (3, H, W) was silently taken for (H, W, C)."""
    first = np.moveaxis(coffee, -1, 0)
    expected = segmenter.fit_transform([coffee])[0]
    segmenter = clone(segmenter).set_params(channel_axis=0)
    np.testing.assert_array_equal(segmenter.fit_transform([first])[0], expected)


@all_segmenters
def test_a_grey_picture_has_the_segments_of_its_opaque_rgba_copy(
    segmenter, photographs
):
    """But for SLIC, which weighs nearness by the scale of the colours."""
    grey = photographs["camera"]
    opaque = np.full_like(grey, 255)
    rgb, rgba = np.dstack([grey] * 3), np.dstack([grey] * 3 + [opaque])
    expected = segmenter.fit_transform([rgb])[0]
    np.testing.assert_array_equal(segmenter.fit_transform([rgba])[0], expected)
    if not isinstance(segmenter, SlicSegmenter | FelzenszwalbSegmenter):
        np.testing.assert_array_equal(segmenter.fit_transform([grey])[0], expected)


@all_segmenters
def test_numbers_of_numpy_are_numbers(segmenter, coffee):
    """Trap F7 of FAT Forensics: numpy integers were refused."""
    same = clone(segmenter)
    for name, value in segmenter.get_params(deep=False).items():
        if type(value) in (int, float) and name != "channel_axis":
            same.set_params(**{name: np.array(value)[()]})
    np.testing.assert_array_equal(
        same.fit_transform(coffee), segmenter.fit_transform(coffee)
    )


def test_black_and_white_are_a_hundred_apart():
    unit = np.array([[[0.0] * 5, [1.0] * 5]])
    for image in (unit[..., 0], unit[..., :3], unit):
        black, white = measure_lightness(image)[0]
        assert np.linalg.norm(white - black) == pytest.approx(100, abs=1e-3)


def test_images_of_one_size_are_stacked_others_listed(coffee):
    grid = GridSegmenter()
    assert grid.fit_transform(np.stack([coffee] * 3)).shape == (3, 64, 64)
    assert grid.fit_transform(coffee).shape == (1, 64, 64)
    ragged = grid.fit_transform([coffee, coffee[:32]])
    assert [segments.shape for segments in ragged] == [(64, 64), (32, 64)]


def test_parameters_are_validated_in_fit_and_transform(coffee):
    for call in (GridSegmenter(n_rows=0).fit, GridSegmenter(n_rows=0).transform):
        with pytest.raises(ValueError, match="'n_rows' parameter of GridSegmenter"):
            call(coffee)
    for call in (SlicSegmenter.fit, SlicSegmenter.transform):
        with pytest.raises(ValueError, match="low < high"):
            call(SlicSegmenter(data_range=(1, 0)), coffee)


def test_an_unknown_option_fails():
    """Trap L3 of lime: a misspelled option was dropped without a word."""
    with pytest.raises(TypeError, match="n_segment"):
        SlicSegmenter(n_segment=5)
    with pytest.raises(ValueError, match="Invalid parameter 'n_segment'"):
        SlicSegmenter().set_params(n_segment=5)
    updated = SlicSegmenter(7, compactness=3).set_params(n_segments=9)
    assert (updated.n_segments, updated.compactness) == (9, 3)


def test_no_input_is_written_to(coffee):
    segments = np.arange(64 * 64).reshape(64, 64)
    segments.flags.writeable = False
    for segmenter in (*SEGMENTERS, PrecomputedSegmenter(segments)):
        segmenter.fit_transform(coffee)  # coffee is read-only too


def test_colours_are_blended_on_white():
    rgba = np.array([[[0.0, 0.5, 1.0, 1.0], [0.0, 0.5, 1.0, 0.0]]])
    np.testing.assert_allclose(blend_alpha(rgba), [[[0, 0.5, 1], [1, 1, 1]]])
    assert blend_alpha(rgba[..., :1]).shape == (1, 2)
    assert blend_alpha(rgba[..., :2]).shape == (1, 2, 2)
