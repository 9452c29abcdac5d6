"""A label map of one's own."""

import numpy as np
import pytest
from sklearn.base import clone

from sklime.segmentation import PrecomputedSegmenter, create_segments


def test_own_labels_are_kept_as_ids(coffee):
    own = np.zeros((64, 64), dtype=np.uint8)
    own[:, 32:] = 200
    segmenter = PrecomputedSegmenter(own).fit(coffee)
    segments, segment_ids = create_segments(coffee, segmenter)
    np.testing.assert_array_equal(segment_ids, [0, 200])
    np.testing.assert_array_equal(segments, own == 200)


def test_another_size_is_refused(coffee):
    segmenter = PrecomputedSegmenter(np.zeros((3, 4), int))
    with pytest.raises(ValueError, match=r"\(64, 64\)\. Got shape \(3, 4\)"):
        segmenter.fit_transform(coffee)


def test_clone_keeps_the_map():
    own = np.arange(6).reshape(2, 3)
    np.testing.assert_array_equal(clone(PrecomputedSegmenter(own)).segments, own)
