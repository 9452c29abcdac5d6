"""What all segmenters share."""

import numpy as np
import pytest

from sklime.segmentation import (
    GridSegmenter,
    PrecomputedSegmenter,
    SlicSegmenter,
)
from sklime.segmentation._base import blend_alpha


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


def test_colours_are_blended_on_white():
    rgba = np.array([[[0.0, 0.5, 1.0, 1.0], [0.0, 0.5, 1.0, 0.0]]])
    np.testing.assert_allclose(blend_alpha(rgba), [[[0, 0.5, 1], [1, 1, 1]]])
    assert blend_alpha(rgba[..., :1]).shape == (1, 2)
    assert blend_alpha(rgba[..., :2]).shape == (1, 2, 2)
