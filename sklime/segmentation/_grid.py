"""A regular grid."""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Integral

import numpy as np

from sklime._sklearn_private import Interval
from sklime._validation import channels_last
from sklime.segmentation._base import BaseSegmenter


class GridSegmenter(BaseSegmenter):
    """A regular grid of nearly equal rectangles, whatever the picture shows.

    Parameters
    ----------
    n_rows, n_cols : int, default=8
        How many; an image of fewer pixels gets one rectangle for each pixel.
    channel_axis : int or None, default=-1
        The channel axis of one image; `ImageLimeExplainer` sets it on its clone.
    data_range : tuple of float, default=None
        Not used, present so that segmenters can be exchanged.

    See Also
    --------
    SlicSegmenter : Segments that follow the edges of the picture.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.segmentation import GridSegmenter
    >>> GridSegmenter(n_rows=2, n_cols=3).fit_transform(np.zeros((4, 6)))[0]
    array([[0, 0, 1, 1, 2, 2],
           [0, 0, 1, 1, 2, 2],
           [3, 3, 4, 4, 5, 5],
           [3, 3, 4, 4, 5, 5]])
    """

    _parameter_constraints = {
        **BaseSegmenter._parameter_constraints,
        "n_rows": [Interval(Integral, 1, None, closed="left")],
        "n_cols": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(self, n_rows=8, n_cols=8, *, channel_axis=-1, data_range=None) -> None:
        self.n_rows = n_rows
        self.n_cols = n_cols
        self.channel_axis = channel_axis
        self.data_range = data_range

    def _transform_one(self, image):
        height, width = channels_last(image, self.channel_axis).shape[:2]
        n_rows, n_cols = min(self.n_rows, height), min(self.n_cols, width)
        row = np.arange(height) * n_rows // height
        col = np.arange(width) * n_cols // width
        return row[:, np.newaxis] * n_cols + col
