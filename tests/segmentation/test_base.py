"""Label maps are checked and relabelled in one place, whoever made them."""

import numpy as np
import pytest
from skimage import filters, segmentation
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from sklime.segmentation import (
    GridSegmenter,
    PrecomputedSegmenter,
    SlicSegmenter,
    create_segments,
    relabel_segments,
)
from sklime.segmentation._base import normalise_image


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
        np.array([[-5, -5], [0, 2**40]]),
        np.array([[7, 7], [7, 7]], dtype=np.uint64),
        np.array([[True, False]]),
    ],
)
def test_relabelled_without_gaps_and_back(labels):
    """Trap of lime: labels were taken for 0..n-1, the last segment never hidden."""
    segments, segment_ids = relabel_segments(labels)
    assert segments.dtype == np.intp
    np.testing.assert_array_equal(np.unique(segments), np.arange(len(segment_ids)))
    np.testing.assert_array_equal(segment_ids[segments], labels)


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


@pytest.mark.parametrize("segmenter", [SlicSegmenter(20), GridSegmenter(2, 3)])
def test_channels_first_and_last_are_segmented_alike(segmenter, coffee):
    first = np.moveaxis(coffee, -1, 0)
    expected = segmenter.fit_transform([coffee])[0]
    segmenter = type(segmenter)(**segmenter.get_params()).set_params(channel_axis=0)
    np.testing.assert_array_equal(segmenter.fit_transform([first])[0], expected)


def test_images_of_one_size_are_stacked_others_listed(coffee):
    grid = GridSegmenter()
    assert grid.fit_transform(np.stack([coffee] * 3)).shape == (3, 64, 64)
    assert grid.fit_transform(coffee).shape == (1, 64, 64)
    ragged = grid.fit_transform([coffee, coffee[:32]])
    assert [segments.shape for segments in ragged] == [(64, 64), (32, 64)]


def test_versions_of_a_picture_are_normalised_to_the_same_bits(coffee):
    unit = coffee / 255
    for version in (
        unit,
        unit.astype(np.float32),
        coffee.astype(np.float32),
        coffee.astype(np.int64),
        coffee.astype(np.uint16) * 257,
        (unit * 2 - 1).astype(np.float32),
    ):
        np.testing.assert_array_equal(
            normalise_image(version), normalise_image(coffee), strict=True
        )


def test_parameters_are_validated_in_fit_and_transform(coffee):
    for call in (GridSegmenter(n_rows=0).fit, GridSegmenter(n_rows=0).transform):
        with pytest.raises(ValueError, match="'n_rows' parameter of GridSegmenter"):
            call(coffee)
    with pytest.raises(ValueError, match="low < high"):
        SlicSegmenter(data_range=(1, 0)).fit(coffee)


def test_an_unknown_option_fails():
    """Trap of lime: a misspelled option was dropped without a word."""
    with pytest.raises(TypeError, match="n_segment"):
        SlicSegmenter(n_segment=5)
    with pytest.raises(ValueError, match="Invalid parameter 'n_segment'"):
        SlicSegmenter().set_params(n_segment=5)


def test_no_input_is_written_to(coffee):
    segments = np.arange(64 * 64).reshape(64, 64)
    segments.flags.writeable = False
    for segmenter in (SlicSegmenter(), GridSegmenter(), PrecomputedSegmenter(segments)):
        segmenter.fit_transform(coffee)  # coffee is read-only too
