"""A grid of nearly equal rectangles."""

import numpy as np
import pytest

from sklime.segmentation import GridSegmenter


@pytest.mark.parametrize("shape", [(7, 11), (7, 11, 3), (64, 64)])
def test_rectangles_differ_by_a_row_or_a_column(shape):
    segments = GridSegmenter(3, 4).fit_transform([np.zeros(shape)])[0]
    assert segments.max() + 1 == 12
    for label in range(12):
        rows, cols = np.nonzero(segments == label)
        height, width = np.ptp(rows) + 1, np.ptp(cols) + 1
        assert height * width == len(rows)
        assert height in (shape[0] // 3, shape[0] // 3 + 1)
        assert width in (shape[1] // 4, shape[1] // 4 + 1)


def test_more_rectangles_than_pixels():
    segments = GridSegmenter(8, 8).fit_transform(np.zeros((2, 3)))[0]
    np.testing.assert_array_equal(segments, [[0, 1, 2], [3, 4, 5]])
