"""Segments by flooding the gradient."""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Integral, Real

import numpy as np
from skimage import filters, segmentation

from sklime._sklearn_private import Interval
from sklime._typing import Array
from sklime.segmentation._base import (
    BaseSegmenter,
    check_mask,
    count_default_segments,
    cover_mask,
)


def measure_gradient(image: Array) -> Array:
    """Return the Sobel gradient, the largest of the channels.

    Parameters
    ----------
    image : ndarray of shape (H, W) or (H, W, C)
        Values in [0, 1].

    Returns
    -------
    ndarray of shape (H, W)
        Not negative.

    Examples
    --------
    >>> import numpy as np
    >>> measure_gradient(np.tile([0.0, 0.0, 1.0, 1.0], (3, 1)))[1].round(2)
    array([0.  , 0.71, 0.71, 0.  ])
    """
    planes = np.moveaxis(np.atleast_3d(image), -1, 0)
    return np.max([filters.sobel(plane) for plane in planes], axis=0)


class WatershedSegmenter(BaseSegmenter):
    """Basins of the Sobel gradient, `skimage.segmentation.watershed`.

    Some may be of few pixels, which `MergeSegments` merges into their neighbours.

    Parameters
    ----------
    markers : int or array-like of shape (H, W), default=None
        How many segments to flood from a regular grid of points, or the labels from
        which to flood, zero where there is none. None is 100, but no more than one
        for 16 pixels.
    compactness : float, default=0.001
        Larger means segments of more regular shape.
    connectivity : int or array-like, default=1
        Which pixels are neighbours: 1 over edges, 2 over corners too, or a structuring
        element.
    offset : array-like of shape (2,), default=None
        Centre of that element.
    watershed_line : bool, default=False
        Whether to keep a line of pixels between segments, which belongs to none;
        scikit-image does so only with ``compactness=0``.
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
    MergeSegments : Merges small segments.
    SlicSegmenter : Segments of similar size and even colour.

    References
    ----------
    .. [1] P. Neubert and P. Protzel, "Compact watershed and preemptive SLIC: on
       improving trade-offs of superpixel segmentation algorithms", ICPR 2014.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime.segmentation import WatershedSegmenter
    >>> WatershedSegmenter(markers=50).fit_transform(data.camera()).shape
    (1, 512, 512)
    """

    _parameter_constraints = {
        **BaseSegmenter._parameter_constraints,
        "markers": [Interval(Integral, 1, None, closed="left"), "array-like", None],
        "compactness": [Interval(Real, 0, None, closed="left")],
        "connectivity": [Interval(Integral, 1, 2, closed="both"), "array-like"],
        "offset": ["array-like", None],
        "watershed_line": ["boolean"],
        "mask": ["array-like", None],
    }

    def __init__(
        self,
        markers=None,
        compactness=0.001,
        *,
        connectivity=1,
        offset=None,
        watershed_line=False,
        mask=None,
        channel_axis=-1,
        data_range=None,
    ) -> None:
        self.markers = markers
        self.compactness = compactness
        self.connectivity = connectivity
        self.offset = offset
        self.watershed_line = watershed_line
        self.mask = mask
        self.channel_axis = channel_axis
        self.data_range = data_range

    def _segment(self, image):
        shape = image.shape[:2]
        mask = check_mask(self.mask, shape, self)
        markers = self.markers
        if markers is None:
            markers = count_default_segments(np.count_nonzero(mask))
        elif np.ndim(markers):
            markers = _check_markers(markers, shape)
        labels = segmentation.watershed(
            measure_gradient(image),
            markers=markers,
            connectivity=self.connectivity,
            offset=self.offset,
            mask=None if mask.all() else mask,
            compactness=self.compactness,
            watershed_line=self.watershed_line,
        )
        if not self.watershed_line:  # flooding stops where no marker reaches
            labels = cover_mask(labels, mask)
        return np.where(labels == 0, -1, labels)


def _check_markers(markers, shape):
    """Return a map of markers, or say what is wrong with it."""
    markers = np.asarray(markers)
    if markers.shape != shape or markers.dtype.kind not in "bui" or not markers.any():
        raise ValueError(
            "markers of WatershedSegmenter must be a number, or integers of the "
            f"image's height and width, {shape}, some of them not 0. Got "
            f"{markers.dtype} of shape {markers.shape}."
        )
    return markers.astype(np.intp)
