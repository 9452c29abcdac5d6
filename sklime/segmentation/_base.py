"""What segmenters share, and the one place where their maps are relabelled."""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Integral

import numpy as np
from skimage import color, exposure
from sklearn.base import BaseEstimator, TransformerMixin

from sklime._sklearn_private import Interval, fit_context
from sklime._validation import (
    channels_last,
    check_data_range,
    guess_data_range,
    split_images,
    stack_images,
)

N_LEVELS = 2**16 - 1


def create_segments(image, segmenter, *, channel_axis=-1):
    """Return the label map of one image, relabelled without gaps.

    Parameters
    ----------
    image : ndarray of shape (H, W) or (H, W, C)
        One image; the channels are on `channel_axis`.
    segmenter : transformer
        Fitted; ``transform([image])`` returns one label map of shape (H, W) in a
        list or an array.
    channel_axis : int or None, default=-1
        The channel axis of a 3-D image.

    Returns
    -------
    segments : ndarray of shape (H, W), dtype intp
        Labels 0..d-1.
    segment_ids : ndarray of shape (d,)
        The segmenter's own label of each.

    Raises
    ------
    TypeError, ValueError
        If the answer is not one integer map of the image's height and width.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime.segmentation import GridSegmenter
    >>> segments, segment_ids = create_segments(data.camera(), GridSegmenter())
    >>> segments.shape, len(segment_ids)
    ((512, 512), 64)
    """
    name = type(segmenter).__name__
    maps = segmenter.transform([image])
    n_maps = len(maps) if hasattr(maps, "__len__") else f"a {type(maps).__name__}"
    if n_maps != 1:
        raise ValueError(
            "segmenter must return one label map for each image of a list. "
            f"{name}.transform returned {n_maps} for a list of one image."
        )
    segments = _as_map(next(iter(maps)), name)
    shape = channels_last(image, channel_axis).shape[:2]
    if segments.shape != shape:
        raise ValueError(
            "segmenter must return a label map of the image's height and width, "
            f"{shape}. {name}.transform returned shape {segments.shape}; a segmenter "
            f"inside a pipeline needs channel_axis={channel_axis} of its own."
        )
    if segments.dtype.kind not in "bui":
        raise TypeError(
            f"segmenter must return integer labels. {name}.transform returned dtype "
            f"{segments.dtype}; cast them, for example with astype(int)."
        )
    return relabel_segments(segments)


def _as_map(segments, name):
    try:
        return np.asarray(segments)
    except ValueError as error:
        raise ValueError(
            f"segmenter must return label maps. {name}.transform returned what is no "
            f"array: {error}"
        ) from error


def relabel_segments(segments):
    """Return a label map with the labels 0..d-1, in the order of the old ones.

    Unlike `skimage.segmentation.relabel_sequential` it gives zero no meaning of
    its own.

    Parameters
    ----------
    segments : ndarray of shape (H, W)
        Integer labels, with gaps and from any start.

    Returns
    -------
    segments : ndarray of shape (H, W), dtype intp
        Labels 0..d-1.
    segment_ids : ndarray of shape (d,)
        The old label of each.

    Examples
    --------
    >>> import numpy as np
    >>> segments, segment_ids = relabel_segments(np.array([[7, 7], [-1, 200]]))
    >>> segments
    array([[1, 1],
           [0, 2]])
    >>> segment_ids
    array([ -1,   7, 200])
    """
    segment_ids, segments = np.unique(segments, return_inverse=True)
    return segments, segment_ids


def normalise_image(image, data_range=None):
    """Return an image as float64 in [0, 1], the same for every version of it.

    Steps of 1/65535 make the uint8, the [0, 1] and the 0-255 version of a picture
    equal to the last bit, also where one of them is float32.

    Parameters
    ----------
    image : ndarray of shape (H, W) or (H, W, C)
        Of any number type; channels last.
    data_range : tuple of float, default=None
        ``(low, high)`` of the pixel values; None infers it from the image.

    Returns
    -------
    ndarray of the same shape
        Values in [0, 1].
    """
    if data_range is None:
        data_range, _ = guess_data_range(image.dtype, image.min(), image.max())
    unit = exposure.rescale_intensity(
        image.astype(np.float64), in_range=tuple(data_range), out_range=(0.0, 1.0)
    )
    return np.round(unit * N_LEVELS) / N_LEVELS


def drop_alpha(image):
    """Return a normalised image without what is no colour.

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
        return self._segment(drop_alpha(normalise_image(image, self.data_range)))

    def __sklearn_is_fitted__(self):
        return True

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.transformer_tags.preserves_dtype = []
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        return tags
