"""Merged pixels: scikit-image's, with a minimum size that follows the image."""

import inspect
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from skimage import segmentation

from sklime.segmentation import FelzenszwalbSegmenter


def test_every_option_of_scikit_image_is_a_parameter():
    ours = set(inspect.signature(FelzenszwalbSegmenter).parameters)
    theirs = set(inspect.signature(segmentation.felzenszwalb).parameters)
    assert theirs - ours == {"image"}


def test_the_options_of_visualime(coffee):
    options = {"scale": 250, "sigma": 0.6, "min_size": 45}
    ours = FelzenszwalbSegmenter(**options).fit_transform(coffee)[0]
    theirs = segmentation.felzenszwalb(coffee / 255, **options)
    np.testing.assert_array_equal(ours, theirs)
    assert np.bincount(ours.ravel()).min() >= 45


@pytest.mark.parametrize("size", [64, 128])
def test_the_smallest_segment_is_a_500th_of_the_image(coffee, size):
    image = np.kron(coffee, np.ones((size // 64, size // 64, 1))) / 255
    sizes = np.bincount(FelzenszwalbSegmenter().fit_transform(image)[0].ravel())
    assert sizes.min() >= size * size // 500
    assert len(sizes) > 20


def test_many_channels_are_no_volume(coffee):
    """scikit-image warns of more than three."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        FelzenszwalbSegmenter().fit_transform([np.tile(coffee, 3)[..., :7]])


def test_filters_of_warnings_are_left_alone_by_threads(coffee):
    """They belong to the process, and a lost race would leave ours behind."""
    before = list(warnings.filters)
    many = [np.tile(coffee, 3)[..., :7]] * 40
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda image: FelzenszwalbSegmenter().transform([image]), many))
    assert warnings.filters == before
