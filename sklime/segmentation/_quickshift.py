"""Segments by mode seeking."""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Real

import numpy as np
from skimage import segmentation

from sklime._parameters import draw_seed
from sklime._sklearn_private import Interval
from sklime.segmentation._base import BaseSegmenter, measure_lightness

SIDES_PER_KERNEL = 75


class QuickshiftSegmenter(BaseSegmenter):
    """Modes of colour and position, `skimage.segmentation.quickshift`.

    Follows edges closely and finds its own number of segments, by default about 35 to
    130 on photographs of 100 to 512 pixels a side. They need not be connected. The time
    it takes grows with the square of `kernel_size`.

    Parameters
    ----------
    ratio : float, default=0.5
        Weight of colour against nearness, between 0 and 1.
    kernel_size : float, default=None
        Width in pixels of the Gaussian that smooths the density; larger means fewer
        segments. None is a 75th of the image's side (the square root of its area),
        and at least 1.
    max_dist : float, default=20
        Farthest that pixels of one segment are linked, in pixels and colour together;
        larger means fewer segments.
    sigma : float, default=0
        Width in pixels of a Gaussian blur before segmenting.
    convert2lab : bool, default=None
        Whether to compare colours in Lab space, True for RGB only. None does for RGB
        and greyscale, and brings other images to the same scale.
    random_state : int, RandomState instance or None, default=None
        Seed that breaks ties between equal pixels, scikit-image's `rng`.
    channel_axis : int or None, default=-1
        The channel axis of one image; `ImageLimeExplainer` sets it on its clone.
    data_range : tuple of float, default=None
        ``(low, high)`` of the pixel values. None infers it from each image;
        `ImageLimeExplainer` sets it on its clone.

    See Also
    --------
    MergeSegments : Splits scattered segments and merges small ones.
    SlicSegmenter : Faster, with segments of similar size.

    Notes
    -----
    The package lime uses ``ratio=0.2, kernel_size=4, max_dist=200``.

    References
    ----------
    .. [1] A. Vedaldi and S. Soatto, "Quick shift and kernel methods for mode seeking",
       ECCV 2008.

    Examples
    --------
    >>> from skimage import data, transform
    >>> from sklime.segmentation import QuickshiftSegmenter
    >>> image = transform.resize(data.coffee(), (80, 120), anti_aliasing=True)
    >>> segments = QuickshiftSegmenter(random_state=0).fit_transform(image)
    >>> bool(40 < segments.max() < 120)
    True
    """

    _parameter_constraints = {
        **BaseSegmenter._parameter_constraints,
        "ratio": [Interval(Real, 0, 1, closed="both")],
        "kernel_size": [Interval(Real, 1, None, closed="left"), None],
        "max_dist": [Interval(Real, 0, None, closed="neither")],
        "sigma": [Interval(Real, 0, None, closed="left")],
        "convert2lab": ["boolean", None],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        ratio=0.5,
        kernel_size=None,
        max_dist=20,
        *,
        sigma=0,
        convert2lab=None,
        random_state=None,
        channel_axis=-1,
        data_range=None,
    ) -> None:
        self.ratio = ratio
        self.kernel_size = kernel_size
        self.max_dist = max_dist
        self.sigma = sigma
        self.convert2lab = convert2lab
        self.random_state = random_state
        self.channel_axis = channel_axis
        self.data_range = data_range

    def _segment(self, image):
        kernel_size = self.kernel_size
        if kernel_size is None:
            side = np.sqrt(image.shape[0] * image.shape[1])
            kernel_size = max(1.0, side / SIDES_PER_KERNEL)
        if self.convert2lab is None:
            image = measure_lightness(image)
        return segmentation.quickshift(
            np.atleast_3d(image),
            ratio=self.ratio,
            kernel_size=kernel_size,
            max_dist=self.max_dist,
            sigma=self.sigma,
            convert2lab=bool(self.convert2lab),
            rng=draw_seed(self.random_state),
        )
