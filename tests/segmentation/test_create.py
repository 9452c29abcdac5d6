"""Label maps are checked and relabelled in one place, whoever made them."""

import numpy as np
import pytest
from skimage import filters, segmentation
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from sklime.segmentation import (
    GridSegmenter,
    SlicSegmenter,
    check_segmenter,
    create_segments,
    relabel_segments,
)


class Answering:
    """A segmenter that returns what it was given."""

    def __init__(self, maps):
        self.maps = maps

    def transform(self, X):
        return self.maps


@pytest.mark.parametrize(
    "labels",
    [
        np.array([[1, 1], [2, 3]]),  # scikit-image's slic starts at 1
        np.array([[0, 4], [9, 4]], dtype=np.uint8),
        np.array([[9, 9], [0, 2**40]]),
        np.array([[7, 7], [7, 7]], dtype=np.uint64),
        np.array([[0, 2], [3, 2]], dtype=np.uint64),
        np.asfortranarray([[0, 2, 2], [3, 2, 0]]),
        np.array([[True, False]]),
    ],
)
def test_relabelled_without_gaps_and_back(labels):
    """Traps L1 of lime, V15 of VisuaLIME, C8 of Captum: labels with gaps.

    They were taken for 0..n-1, the last segment never hidden, others of no pixels.
    """
    segments, segment_ids = relabel_segments(labels)
    assert segments.dtype == np.intp
    np.testing.assert_array_equal(np.unique(segments), np.arange(len(segment_ids)))
    np.testing.assert_array_equal(segment_ids[segments], labels)
    assert segment_ids.dtype == labels.dtype
    assert segments.flags.c_contiguous


def test_negative_labels_are_no_segment():
    segments, segment_ids = relabel_segments(np.array([[-5, -1, 0, 3], [3, -1, 9, 0]]))
    assert segments.tolist() == [[-1, -1, 0, 1], [1, -1, 2, 0]]
    assert segment_ids.tolist() == [0, 3, 9]
    with pytest.raises(ValueError, match=r"at least one segment.*negative"):
        create_segments(np.zeros((4, 5)), Answering(np.full((1, 4, 5), -1)))


@pytest.mark.parametrize(
    ("maps", "error", "message"),
    [
        ([np.zeros((3, 3), int)], ValueError, r"height and width, \(4, 5\).*\(3, 3\)"),
        ([np.zeros((4, 5, 3), int)], ValueError, "height and width"),
        ([np.zeros((4, 5))], TypeError, r"float64; cast.*astype\(int\)"),
        (np.zeros((4, 5), int), ValueError, "returned 4 for a list of one"),
        (None, ValueError, "a NoneType"),
        ([[[0, 1], [0]]], ValueError, "no array"),
    ],
)
def test_what_is_no_label_map(maps, error, message):
    with pytest.raises(error, match=message):
        create_segments(np.zeros((4, 5, 3)), Answering(maps))


def test_function_and_pipeline_serve_as_segmenters(coffee):
    def segment(images, n_segments=20):
        return [segmentation.slic(image, n_segments) for image in images]

    def blur(images):
        return [filters.gaussian(image, channel_axis=-1) for image in images]

    for segmenter in (
        FunctionTransformer(segment, kw_args={"n_segments": 12}),
        make_pipeline(FunctionTransformer(blur), SlicSegmenter(12)),
    ):
        segments, segment_ids = create_segments(coffee, segmenter.fit([coffee]))
        assert segments.shape == (64, 64)
        assert 4 < len(segment_ids) < 16


def test_none_is_superpixels_and_objects_are_kept():
    assert isinstance(check_segmenter(None), SlicSegmenter)
    grid = GridSegmenter()
    assert check_segmenter(grid) is grid
    for bad in ("slic", SlicSegmenter, object()):
        with pytest.raises(TypeError, match=r"such as SlicSegmenter\(\)"):
            check_segmenter(bad)
