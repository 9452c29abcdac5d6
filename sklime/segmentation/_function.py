"""A function of one image."""
# SPDX-License-Identifier: BSD-3-Clause

from sklime._parameters import name_parameter
from sklime.segmentation._base import BaseSegmenter


class FunctionSegmenter(BaseSegmenter):
    """Segment with a function of your own.

    Parameters
    ----------
    func : callable
        From one image, as the user passed it, to a label map of shape (H, W).
    channel_axis : int or None, default=-1
        The channel axis of one image; `ImageLimeExplainer` sets it on its clone.
    data_range : tuple of float, default=None
        Not used, present so that segmenters can be exchanged.

    See Also
    --------
    PrecomputedSegmenter : A label map that is already there.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime.segmentation import FunctionSegmenter
    >>> segmenter = FunctionSegmenter(lambda image: image > 100)
    >>> segmenter.fit_transform(data.camera()).shape
    (1, 512, 512)
    """

    _parameter_constraints = {
        **BaseSegmenter._parameter_constraints,
        "func": [callable],
    }

    def __init__(self, func, *, channel_axis=-1, data_range=None) -> None:
        self.func = func
        self.channel_axis = channel_axis
        self.data_range = data_range

    def _transform_one(self, image):
        with name_parameter("segmenter", "called as segmenter(image)"):
            return self.func(image)
