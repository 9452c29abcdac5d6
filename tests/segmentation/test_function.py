"""A function of one image segments, as in lime."""

import numpy as np
import pytest
from skimage import segmentation

from sklime import ImageLimeExplainer
from sklime.segmentation import FunctionSegmenter, check_segmenter, create_segments


def thirds(image):
    """Return three stripes, whatever the layout."""
    assert not image.flags.writeable
    height, width = np.delete(image.shape, np.argmin(image.shape))
    return np.arange(width) * 3 // width * np.ones((height, 1), dtype=int)


def test_it_may_stand_for_a_segmenter(coffee, quarters):
    expected = segmentation.slic(coffee, 12, start_label=1)
    segments, segment_ids = create_segments(
        coffee, lambda image: segmentation.slic(image, 12, start_label=1)
    )
    np.testing.assert_array_equal(segment_ids[segments], expected)
    explainer = ImageLimeExplainer(quarters, segmenter=thirds, occluder=0)
    explanation = explainer.fit_explain(coffee)
    assert explanation.n_segments == 3
    assert isinstance(explainer.segmenter_, FunctionSegmenter)
    assert explainer.segmenter is thirds


def test_it_gets_the_image_as_it_came(coffee, quarters):
    first = np.moveaxis(coffee, -1, 0)
    explainer = ImageLimeExplainer(
        lambda images: quarters(np.moveaxis(images, 1, -1)),
        segmenter=thirds,
        occluder=0,
        channel_axis=0,
    )
    assert explainer.fit_explain(first).n_segments == 3


def test_what_is_no_segmenter():
    for bad in ("slic", 3, FunctionSegmenter):
        with pytest.raises(
            TypeError, match=r"SlicSegmenter\(\).*function from one image"
        ):
            check_segmenter(bad)
