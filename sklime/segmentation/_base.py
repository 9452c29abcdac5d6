"""What segmenters share."""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Integral
from typing import Any, Self

import numpy as np
from scipy import ndimage
from skimage import color
from sklearn.base import BaseEstimator, TransformerMixin

from sklime._data_range import check_data_range, normalise_image
from sklime._docs_link import DocsLink
from sklime._sklearn_private import Interval, fit_context
from sklime._typing import Array, Images
from sklime._validation import channels_last, split_images, stack_images

PIXELS_PER_SEGMENT = 16
DEFAULT_SEGMENTS = 100


def blend_alpha(image):
    """Return a normalised image with its colours only.

    Parameters
    ----------
    image : ndarray of shape (H, W) or (H, W, C)
        Values in [0, 1]. Four channels are RGBA, blended on white; a single channel
        becomes a 2-D image; others are returned as they are.

    Returns
    -------
    ndarray of shape (H, W) or (H, W, C)
        Values in [0, 1].
    """
    if image.ndim == 3 and image.shape[-1] == 1:
        return image[..., 0]
    if image.ndim == 3 and image.shape[-1] == 4:
        return color.rgba2rgb(image)
    return image


def count_default_segments(n_pixels):
    """Return how many segments to aim for: 100, but no more than one for 16 pixels."""
    return int(np.clip(n_pixels // PIXELS_PER_SEGMENT, 1, DEFAULT_SEGMENTS))


def measure_lightness(image):
    """Return colours on one scale, where black and white are 100 apart.

    Parameters
    ----------
    image : ndarray of shape (H, W) or (H, W, C)
        Values in [0, 1].

    Returns
    -------
    ndarray of shape (H, W, C)
        RGB and greyscale in Lab, so that a grey picture has the colours of its RGB
        copy; others times ``100 / sqrt(C)``.
    """
    if image.ndim == 2 or image.shape[-1] == 3:
        return color.rgb2lab(color.gray2rgb(image) if image.ndim == 2 else image)
    return image * (100 / np.sqrt(image.shape[-1]))


def check_mask(mask, shape, owner):
    """Return a mask as booleans, all True for None.

    Parameters
    ----------
    mask : array-like of shape (H, W) or None
        True where segments are wanted.
    shape : tuple of int
        Height and width of the image.
    owner : object
        Whose parameter it is, for the message.

    Returns
    -------
    ndarray of shape (H, W), dtype bool
        The mask.

    Raises
    ------
    ValueError
        If it has another shape or other values, or leaves nothing to segment.
    """
    if mask is None:
        return np.ones(shape, dtype=bool)
    mask = np.asarray(mask)
    binary = mask.dtype.kind in "buif" and np.isin(mask, (0, 1)).all()
    if mask.shape != shape or not binary or not mask.any():
        raise ValueError(
            f"mask of {type(owner).__name__} must have the image's height and width, "
            f"{shape}, and be True or 1 where segments are wanted, False or 0 "
            f"elsewhere. Got {mask.dtype} of shape {mask.shape}, in "
            f"{np.count_nonzero(mask)} places not 0."
        )
    return mask.astype(bool)


def cover_mask(labels, mask):
    """Return labels from 1 for all of a mask, the nearest where there was none.

    Parameters
    ----------
    labels : ndarray of shape (H, W)
        Labels from 1, zero where there is none.
    mask : ndarray of shape (H, W), dtype bool
        Where there should be one.

    Returns
    -------
    ndarray of shape (H, W)
        Zero outside the mask; without any label the whole mask is one segment.

    Examples
    --------
    >>> import numpy as np
    >>> cover_mask(np.array([[0, 2, 0, 0, 3]]), np.array([[0, 1, 1, 0, 1]], dtype=bool))
    array([[0, 2, 2, 0, 3]])
    """
    if not labels.any():
        return mask.astype(np.intp)
    if labels[mask].all():
        return np.where(mask, labels, 0)
    nearest = ndimage.distance_transform_edt(
        labels == 0, return_distances=False, return_indices=True
    )
    return np.where(mask, labels[tuple(nearest)], 0)


class BaseSegmenter(TransformerMixin, DocsLink, BaseEstimator):
    """What all segmenters share: a subclass says how to segment one image.

    It stores its parameters, among them `channel_axis` and `data_range`, lists
    their constraints in `_parameter_constraints`, and defines
    ``_segment(image)``: from a float64 image in [0, 1] of shape (H, W) or (H, W, C)
    with C other than 1 and 4 to a label map. Pixels with a negative label belong to no
    segment: they are never hidden.

    Examples
    --------
    >>> from skimage import data
    >>> from skimage.filters import threshold_otsu
    >>> from sklime.segmentation import BaseSegmenter
    >>> class ThresholdSegmenter(BaseSegmenter):
    ...     def __init__(self, channel_axis=-1, data_range=None) -> None:
    ...         self.channel_axis = channel_axis
    ...         self.data_range = data_range
    ...
    ...     def _segment(self, image):
    ...         return image > threshold_otsu(image)
    >>> ThresholdSegmenter().fit_transform(data.camera()).shape
    (1, 512, 512)
    """

    _parameter_constraints = {
        "channel_axis": [Interval(Integral, -3, 2, closed="both"), None],
        "data_range": ["array-like", None],
    }

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Images, y: Any = None) -> Self:
        """Check the parameters; a segmenter learns nothing from images.

        Parameters
        ----------
        X : array-like or sequence of images
            One image or many.
        y : Ignored
            Not used, present here for API consistency by convention.

        Returns
        -------
        self : object
            Returns the instance itself.
        """
        split_images(X, self.channel_axis)
        self._check_range()
        return self

    def _check_range(self):
        if self.data_range is not None:
            check_data_range(self.data_range)

    def transform(self, X: Images) -> Array | list[Array]:
        """Segment images.

        Parameters
        ----------
        X : array-like or sequence of images
            One image or many.

        Returns
        -------
        ndarray of shape (n_images, H, W) or list of ndarray of shape (H, W)
            A label map for each image; a list where their sizes differ. One image
            gives shape (1, H, W).
        """
        self._validate_params()
        self._check_range()
        images, _ = split_images(X, self.channel_axis)
        return stack_images([self._transform_one(image) for image in images])

    def _transform_one(self, image):
        image = channels_last(image, self.channel_axis)
        return self._segment(blend_alpha(normalise_image(image, self.data_range)))

    def __sklearn_is_fitted__(self):
        return True

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.transformer_tags.preserves_dtype = []
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        return tags
