"""Basins of the gradient: scikit-image's, from any number of channels."""

import inspect

import numpy as np
import pytest
from skimage import filters, segmentation

from sklime.segmentation import WatershedSegmenter, create_segments, measure_gradient


def test_every_option_of_scikit_image_is_a_parameter():
    ours = set(inspect.signature(WatershedSegmenter).parameters)
    theirs = set(inspect.signature(segmentation.watershed).parameters)
    assert theirs - ours == {"image"}


def test_grey_is_scikit_image_on_its_sobel_gradient(photographs):
    image = photographs["camera"]
    ours = WatershedSegmenter(50, 0.01).fit_transform(image)[0]
    theirs = segmentation.watershed(
        filters.sobel(image / 255), markers=50, compactness=0.01
    )
    np.testing.assert_array_equal(ours, theirs)


def test_an_edge_in_one_channel_is_an_edge():
    """Between colours of one lightness too, which a grey copy would not show."""
    image = np.zeros((12, 12, 5))
    image[:, 6:, 3] = 1
    gradient = measure_gradient(image)
    np.testing.assert_array_equal(gradient, filters.sobel(image[..., 3]))
    markers = np.zeros((12, 12), dtype=int)
    markers[0, 1], markers[0, 10] = 4, 9
    segments, segment_ids = create_segments(image, WatershedSegmenter(markers, 0))
    assert segment_ids.tolist() == [4, 9]
    assert (segments[:, :5] == 0).all()
    assert (segments[:, 7:] == 1).all()


def test_lines_belong_to_no_segment(coffee):
    segments = WatershedSegmenter(20, 0, watershed_line=True).fit_transform(coffee)[0]
    lines = segments < 0
    assert 0.02 < lines.mean() < 0.5
    for bad in (np.eye(3, dtype=int), np.eye(64), np.zeros((64, 64), dtype=int)):
        with pytest.raises(ValueError, match=r"markers .*height and width, \(64, 64\)"):
            WatershedSegmenter(bad).fit_transform(coffee)


@pytest.mark.parametrize("options", [{"connectivity": 2}, {"offset": (1, 1)}])
def test_neighbourhoods(coffee, options):
    connectivity = options.get("connectivity", np.ones((3, 3)))
    options = {**options, "connectivity": connectivity}
    ours = WatershedSegmenter(40, **options).fit_transform(coffee)[0]
    theirs = segmentation.watershed(
        measure_gradient(coffee / 255), 40, compactness=0.001, **options
    )
    np.testing.assert_array_equal(ours, np.where(theirs == 0, -1, theirs))
