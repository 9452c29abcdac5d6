"""Segments by merging a graph of pixels."""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Integral, Real

from skimage import segmentation

from sklime._sklearn_private import Interval
from sklime._warnings import ignore
from sklime.segmentation._base import BaseSegmenter

SEGMENTS_AT_MOST = 500


class FelzenszwalbSegmenter(BaseSegmenter):
    """Segments of any size by merging pixels, `skimage.segmentation.felzenszwalb`.

    Large even areas become one segment, fine texture many; a constant image is a
    single segment. The number of segments follows from the picture.

    Parameters
    ----------
    scale : float, default=100
        Larger means larger segments.
    sigma : float, default=0.8
        Width in pixels of a Gaussian blur before segmenting.
    min_size : int, default=None
        Fewest pixels of a segment. None is a 500th of the image.
    channel_axis : int or None, default=-1
        The channel axis of one image; `ImageLimeExplainer` sets it on its clone.
    data_range : tuple of float, default=None
        ``(low, high)`` of the pixel values. None infers it from each image;
        `ImageLimeExplainer` sets it on its clone.

    See Also
    --------
    SlicSegmenter : Segments of similar size.

    References
    ----------
    .. [1] P. F. Felzenszwalb and D. P. Huttenlocher, "Efficient graph-based image
       segmentation", International Journal of Computer Vision 59(2), 2004.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime.segmentation import FelzenszwalbSegmenter
    >>> FelzenszwalbSegmenter(scale=300).fit_transform(data.coffee()).shape
    (1, 400, 600)
    """

    _parameter_constraints = {
        **BaseSegmenter._parameter_constraints,
        "scale": [Interval(Real, 0, None, closed="neither")],
        "sigma": [Interval(Real, 0, None, closed="left")],
        "min_size": [Interval(Integral, 1, None, closed="left"), None],
    }

    def __init__(
        self,
        scale=100,
        sigma=0.8,
        min_size=None,
        *,
        channel_axis=-1,
        data_range=None,
    ) -> None:
        self.scale = scale
        self.sigma = sigma
        self.min_size = min_size
        self.channel_axis = channel_axis
        self.data_range = data_range

    def _segment(self, image):
        min_size = self.min_size
        if min_size is None:
            min_size = image.shape[0] * image.shape[1] // SEGMENTS_AT_MOST
        options = {"scale": self.scale, "sigma": self.sigma, "min_size": min_size}
        if image.ndim == 2 or image.shape[-1] <= 3:
            channel_axis = -1 if image.ndim == 3 else None
            return segmentation.felzenszwalb(
                image, **options, channel_axis=channel_axis
            )
        with ignore("Got image with third dimension"):  # it may be a volume
            return segmentation.felzenszwalb(image, **options)
