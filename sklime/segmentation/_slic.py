"""Superpixels by k-means."""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Integral, Real

import numpy as np
from skimage import segmentation

from sklime._sklearn_private import Interval
from sklime.segmentation._base import (
    BaseSegmenter,
    check_mask,
    count_default_segments,
    cover_mask,
)

LAB_COMPACTNESS = 20.0
UNIT_COMPACTNESS = 0.4


class SlicSegmenter(BaseSegmenter):
    """Superpixels of similar colour by k-means, `skimage.segmentation.slic`.

    Parameters
    ----------
    n_segments : int, default=None
        How many segments to aim for; slic often finds a quarter fewer. None is 100,
        but no more than one for 16 pixels.
    compactness : float, default=None
        Weight of nearness against likeness. None is 20 on RGB, where the lightness
        of Lab runs to 100, and ``0.4 * sqrt(n_channels)`` on other images, whose
        values run to 1: segments follow edges in both, and as many with a grey image
        as with copies of it for channels.
    max_num_iter : int, default=10
        Rounds of k-means.
    sigma : float or array-like of shape (2,), default=0
        Width in pixels of a Gaussian blur before segmenting.
    spacing : array-like of shape (2,), default=None
        Distance between pixels along rows and columns.
    convert2lab : bool, default=None
        Whether to compare colours in Lab space; None does for RGB.
    enforce_connectivity : bool, default=True
        Whether every segment is one connected area.
    min_size_factor : float, default=0.5
        Smaller areas, relative to the size aimed for, are merged into a neighbour.
    max_size_factor : float, default=3
        Largest connected area, relative to the size aimed for.
    slic_zero : bool, default=False
        Whether to adapt the compactness to each segment (SLICO).
    mask : array-like of shape (H, W), default=None
        True where segments are wanted. Pixels outside belong to no segment: they are
        never hidden and weigh 0.
    channel_axis : int or None, default=-1
        The channel axis of one image; `ImageLimeExplainer` sets it on its clone.
    data_range : tuple of float, default=None
        ``(low, high)`` of the pixel values. None infers it from each image;
        `ImageLimeExplainer` sets it on its clone.

    See Also
    --------
    GridSegmenter : A regular grid.
    PrecomputedSegmenter : A label map of your own.

    References
    ----------
    .. [1] R. Achanta et al., "SLIC superpixels compared to state-of-the-art
       superpixel methods", IEEE TPAMI 34(11), 2012.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime.segmentation import SlicSegmenter
    >>> SlicSegmenter(n_segments=20).fit_transform(data.coffee()).shape
    (1, 400, 600)
    """

    _parameter_constraints = {
        **BaseSegmenter._parameter_constraints,
        "n_segments": [Interval(Integral, 1, None, closed="left"), None],
        "compactness": [Interval(Real, 0, None, closed="neither"), None],
        "max_num_iter": [Interval(Integral, 1, None, closed="left")],
        "sigma": [Interval(Real, 0, None, closed="left"), "array-like"],
        "spacing": ["array-like", None],
        "convert2lab": ["boolean", None],
        "enforce_connectivity": ["boolean"],
        "min_size_factor": [Interval(Real, 0, None, closed="left")],
        "max_size_factor": [Interval(Real, 0, None, closed="neither")],
        "slic_zero": ["boolean"],
        "mask": ["array-like", None],
    }

    def __init__(
        self,
        n_segments=None,
        compactness=None,
        *,
        max_num_iter=10,
        sigma=0,
        spacing=None,
        convert2lab=None,
        enforce_connectivity=True,
        min_size_factor=0.5,
        max_size_factor=3,
        slic_zero=False,
        mask=None,
        channel_axis=-1,
        data_range=None,
    ) -> None:
        self.n_segments = n_segments
        self.compactness = compactness
        self.max_num_iter = max_num_iter
        self.sigma = sigma
        self.spacing = spacing
        self.convert2lab = convert2lab
        self.enforce_connectivity = enforce_connectivity
        self.min_size_factor = min_size_factor
        self.max_size_factor = max_size_factor
        self.slic_zero = slic_zero
        self.mask = mask
        self.channel_axis = channel_axis
        self.data_range = data_range

    def _segment(self, image):
        mask = check_mask(self.mask, image.shape[:2], self)
        n_segments, compactness = self.n_segments, self.compactness
        if n_segments is None:
            n_segments = count_default_segments(np.count_nonzero(mask))
        if compactness is None:
            compactness = self._default_compactness(image.shape[2:])
        labels = segmentation.slic(
            image,
            n_segments=n_segments,
            compactness=compactness,
            max_num_iter=self.max_num_iter,
            sigma=self.sigma,
            spacing=self.spacing,
            convert2lab=self.convert2lab,
            enforce_connectivity=self.enforce_connectivity,
            min_size_factor=self.min_size_factor,
            max_size_factor=self.max_size_factor,
            slic_zero=self.slic_zero,
            mask=None if mask.all() else mask,
            start_label=1,
            channel_axis=-1 if image.ndim == 3 else None,
        )
        return cover_mask(labels, mask) - 1

    def _default_compactness(self, channels):
        """Return the value for images with `channels`, ``()`` or ``(C,)``."""
        if channels == (3,) and self.convert2lab is not False:
            return LAB_COMPACTNESS
        return UNIT_COMPACTNESS * np.sqrt(np.prod(channels))
