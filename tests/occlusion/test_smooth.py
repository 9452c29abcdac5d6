"""Fills made of the image itself."""

import numpy as np
import pytest
from skimage import filters, restoration

from sklime.occlusion import BlurOccluder, InpaintOccluder, MeanOccluder
from sklime.segmentation import GridSegmenter, SlicSegmenter, create_segments


def test_blur_is_scikit_image_on_the_images_own_scale(coffee, photographs):
    for image, channel_axis in ((coffee, -1), (photographs["camera"], None)):
        expected = filters.gaussian(
            image, 3, preserve_range=True, channel_axis=channel_axis
        )
        found = BlurOccluder(sigma=3).fill(image, None)
        np.testing.assert_allclose(found, expected, atol=1e-4)


def test_default_blur_follows_the_size(coffee):
    large = np.kron(coffee, np.ones((3, 3, 1)))
    small, big = (BlurOccluder().fill(image, None) for image in (coffee, large))
    np.testing.assert_allclose(big[1::3, 1::3], small, atol=3)


@pytest.mark.parametrize("channel", [None, 0, slice(None)])
def test_inpainting_is_scikit_image_for_each_segment_alone(coffee, channel):
    image = coffee[:30, :30] / 255
    image = image if channel is None else image[..., channel]
    channel_axis = -1 if image.ndim == 3 else None
    segments, segment_ids = create_segments(image, SlicSegmenter(9))
    background = InpaintOccluder().fill(image, segments)
    for label in range(len(segment_ids)):
        hidden = segments == label
        expected = restoration.inpaint_biharmonic(
            image, hidden, channel_axis=channel_axis
        )
        inside = background[hidden]
        rows, columns = np.nonzero(hidden)
        around = image[
            max(0, rows.min() - 2) : rows.max() + 3,
            max(0, columns.min() - 2) : columns.max() + 3,
        ]
        shown = ~hidden[
            max(0, rows.min() - 2) : rows.max() + 3,
            max(0, columns.min() - 2) : columns.max() + 3,
        ]
        # Limited to the values around the segment, not to those of the whole image.
        limits = around[shown].min(axis=0), around[shown].max(axis=0)
        np.testing.assert_allclose(
            inside, np.clip(expected[hidden], *limits), atol=1e-6
        )


def test_inpainting_guesses_what_was_hidden(photographs):
    """On a smooth picture it comes nearer to what was there than the mean."""
    image = filters.gaussian(photographs["camera"] / 255, 3)
    segments, _ = create_segments(image, GridSegmenter(8, 8))
    inpainted = InpaintOccluder().fill(image, segments)
    mean = MeanOccluder().fill(image, segments)
    assert np.abs(inpainted - image).mean() < 0.5 * np.abs(mean - image).mean()


def test_what_has_no_surroundings_shows_its_mean(coffee):
    segments = np.zeros((64, 64), dtype=int)
    np.testing.assert_array_equal(
        InpaintOccluder().fill(coffee, segments), MeanOccluder().fill(coffee, segments)
    )


@pytest.mark.parametrize("occluder", [MeanOccluder(), InpaintOccluder()])
def test_pixels_of_no_segment_are_left_out(occluder):
    """They count in no mean; the background shows them as they are."""
    image = np.array([[9.0, 1, 1, 3, 3], [9, 1, 1, 3, 3]])
    segments = np.array([[-1, 0, 0, 1, 1], [-1, 0, 0, 1, 1]])
    fill = occluder.fill(image, segments)
    assert np.isfinite(fill).all()
    if isinstance(occluder, MeanOccluder):
        assert fill[:, 1:].tolist() == [[1, 1, 3, 3]] * 2
