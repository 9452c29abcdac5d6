"""What segmenters share."""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Integral

from skimage import color
from sklearn.base import BaseEstimator, TransformerMixin

from sklime._data_range import check_data_range, normalise_image
from sklime._sklearn_private import Interval, fit_context
from sklime._validation import channels_last, split_images, stack_images


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


class BaseSegmenter(TransformerMixin, BaseEstimator):
    """What all segmenters share: a subclass says how to segment one image.

    It stores its parameters, among them `channel_axis` and `data_range`, lists
    their constraints in `_parameter_constraints`, and defines
    ``_segment(image)``: from a float64 image in [0, 1] of shape (H, W) or (H, W, C)
    with C other than 1 and 4 to a label map.

    Examples
    --------
    >>> from skimage import data
    >>> from skimage.filters import threshold_otsu
    >>> from sklime.segmentation import BaseSegmenter
    >>> class ThresholdSegmenter(BaseSegmenter):
    ...     def __init__(self, channel_axis=-1, data_range=None):
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
    def fit(self, X, y=None):
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
        if self.data_range is not None:
            check_data_range(self.data_range)
        return self

    def transform(self, X):
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
