"""Superpixels: the same for every version of a picture, sensible without options."""

import inspect

import numpy as np
import pytest
from skimage import data, segmentation

from sklime.segmentation import (
    GridSegmenter,
    SlicSegmenter,
    WatershedSegmenter,
    create_segments,
)


def explained_variance(image, segments):
    """Return how much of a grey image the means of its segments explain."""
    labels, values = segments.ravel(), image.ravel().astype(float)
    means = np.bincount(labels, values) / np.bincount(labels)
    return 1 - np.var(values - means[labels]) / np.var(values)


def test_copies_of_a_grey_image_for_channels_change_nothing(photographs):
    grey = photographs["camera"]
    many = np.repeat(grey[..., np.newaxis], 5, axis=-1)
    np.testing.assert_array_equal(
        SlicSegmenter().fit_transform([many])[0],
        SlicSegmenter().fit_transform([grey])[0],
    )


def test_an_opaque_alpha_channel_changes_nothing(coffee):
    opaque = np.full((64, 64, 1), 255, dtype=np.uint8)
    np.testing.assert_array_equal(
        SlicSegmenter().fit_transform([np.concatenate([coffee, opaque], axis=-1)])[0],
        SlicSegmenter().fit_transform([coffee])[0],
    )


def test_default_number_is_a_hundred_but_at_most_one_for_16_pixels(digits):
    """An 8x8 digit gets 4, a 28x28 one 49: each segment has something to hide."""
    counts = [
        SlicSegmenter().fit_transform([image])[0].max() + 1 for image in digits[0][:50]
    ]
    assert np.median(counts) == 4
    photo = SlicSegmenter().fit_transform(data.coffee())[0]
    assert 70 <= photo.max() + 1 <= 110


def test_grey_segments_follow_edges():
    """scikit-image's own compactness of 10 gives a mere grid on grey images."""
    image = data.camera()
    slic = SlicSegmenter(n_segments=64).fit_transform(image)[0]
    grid = GridSegmenter(8, 8).fit_transform(image)[0]
    plain = segmentation.slic(image, 64, channel_axis=None, start_label=0)
    assert slic.max() < 64
    assert explained_variance(image, slic) > explained_variance(image, grid) + 0.1
    assert explained_variance(image, plain) < explained_variance(image, grid) + 0.01


def test_every_option_of_scikit_image_is_a_parameter():
    ours = set(inspect.signature(SlicSegmenter).parameters)
    theirs = set(inspect.signature(segmentation.slic).parameters)
    # Labels start at 0 here, whatever scikit-image's start.
    assert theirs - ours == {"image", "start_label"}


@pytest.mark.parametrize(
    "option",
    [
        {"compactness": 5.0},
        {"max_num_iter": 1},
        {"sigma": 2},
        {"spacing": [1, 3]},
        {"convert2lab": False, "compactness": 0.1},
        {"enforce_connectivity": False},
        {"min_size_factor": 0.9},
        {"max_size_factor": 1.05},
        {"slic_zero": True},
    ],
    ids=lambda option: next(iter(option)),
)
def test_every_option_reaches_scikit_image(coffee, option):
    common = {"n_segments": 30, "compactness": 20.0}
    expected = segmentation.slic(coffee / 255, start_label=0, **common | option)
    found = SlicSegmenter(**common | option).fit_transform(coffee)[0]
    np.testing.assert_array_equal(found, expected)
    plain = SlicSegmenter(**common).fit_transform(coffee)[0]
    assert found.shape != plain.shape or (found != plain).any()


def test_raw_colours_have_the_compactness_of_grey(coffee):
    found = SlicSegmenter(30, convert2lab=False).fit_transform(coffee)[0]
    expected = SlicSegmenter(30, 0.4 * np.sqrt(3), convert2lab=False)
    np.testing.assert_array_equal(found, expected.fit_transform(coffee)[0])


@pytest.mark.parametrize("segmenter", [SlicSegmenter, WatershedSegmenter])
def test_pixels_outside_a_mask_belong_to_no_segment(coffee, segmenter):
    mask = np.zeros((64, 64), dtype=bool)
    mask[8:40, 4:52] = True
    segments, segment_ids = create_segments(coffee, segmenter(12, mask=mask))
    np.testing.assert_array_equal(segments < 0, ~mask)
    assert 6 <= len(segment_ids) <= 16
    everywhere = segmenter(12, mask=np.ones((64, 64))).fit_transform(coffee)
    np.testing.assert_array_equal(everywhere, segmenter(12).fit_transform(coffee))
    default = segmenter(mask=mask).fit_transform(coffee)
    assert 80 < len(np.unique(default)) < 170  # about one for 16 of 1536 pixels
    corner = np.zeros((64, 64), dtype=bool)
    corner[:16, :16] = True
    default = segmenter(mask=corner).fit_transform(coffee)
    assert 8 < len(np.unique(default)) < 40  # about one for 16 of 256 pixels


@pytest.mark.parametrize("segmenter", [SlicSegmenter, WatershedSegmenter])
@pytest.mark.parametrize(
    "mask",
    [
        np.ones((3, 3)),
        np.zeros((64, 64)),
        np.full((64, 64), -1),
        np.full((64, 64), np.nan),
        np.full((64, 64), "False"),
    ],
)
def test_masks_that_do_not_fit(coffee, segmenter, mask):
    with pytest.raises(ValueError, match=r"height and width, \(64, 64\), and be True"):
        segmenter(mask=mask).fit_transform(coffee)


@pytest.mark.parametrize("segmenter", [SlicSegmenter, WatershedSegmenter])
@pytest.mark.parametrize("n_segments", [1, 5, None])
@pytest.mark.parametrize("kind", ["few", "islands", "lines", "chess", "dust"])
def test_every_pixel_of_a_mask_has_a_segment(coffee, segmenter, n_segments, kind):
    """scikit-image leaves out what no marker reaches, and all of a mask for one."""
    rows, columns = np.indices((64, 64))
    mask = {
        "few": (rows < 5) & (columns < 6),
        "islands": (np.hypot(rows - 40, columns - 40) < 15) | (rows + columns < 12),
        "lines": rows % 4 == 1,
        "chess": (rows + columns) % 2 == 0,
        "dust": np.random.RandomState(0).uniform(size=(64, 64)) < 0.1,
    }[kind]
    segments, segment_ids = create_segments(coffee, segmenter(n_segments, mask=mask))
    np.testing.assert_array_equal(segments >= 0, mask)
    assert len(segment_ids) >= 1


def test_a_small_mask_of_a_digit_is_explained(digits):
    mask = np.zeros((8, 8), dtype=bool)
    mask[1:7, 1:6] = True
    segments, segment_ids = create_segments(digits[0][0], SlicSegmenter(mask=mask))
    assert len(segment_ids) == 1
    np.testing.assert_array_equal(segments == 0, mask)
