"""A label map that is already there."""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np

from sklime._validation import channels_last
from sklime.segmentation._base import BaseSegmenter


class PrecomputedSegmenter(BaseSegmenter):
    """One label map for every image: your own, or the one of another program.

    Parameters
    ----------
    segments : array-like of shape (H, W)
        Integer labels, with gaps and from any start; zero is a segment like any
        other. Pixels with a negative label are never hidden.
    channel_axis : int or None, default=-1
        The channel axis of one image; `ImageLimeExplainer` sets it on its clone.
    data_range : tuple of float, default=None
        Not used, present so that segmenters can be exchanged.

    See Also
    --------
    sklearn.preprocessing.FunctionTransformer : For a function of the image.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.segmentation import PrecomputedSegmenter
    >>> halves = np.repeat([[1, 2]], 4, axis=0)
    >>> PrecomputedSegmenter(halves).fit_transform(np.zeros((5, 4, 2, 3))).shape
    (5, 4, 2)
    """

    _parameter_constraints = {
        **BaseSegmenter._parameter_constraints,
        "segments": ["array-like"],
    }

    def __init__(self, segments, *, channel_axis=-1, data_range=None) -> None:
        self.segments = segments
        self.channel_axis = channel_axis
        self.data_range = data_range

    def _transform_one(self, image):
        segments = np.asarray(self.segments)
        shape = channels_last(image, self.channel_axis).shape[:2]
        if segments.shape != shape:
            raise ValueError(
                "segments of PrecomputedSegmenter must have the image's height and "
                f"width, {shape}. Got shape {segments.shape}."
            )
        return segments
