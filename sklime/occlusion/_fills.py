"""What a hidden segment may show."""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Integral, Real

import numpy as np
from scipy import ndimage
from sklearn.base import BaseEstimator

from sklime._parameters import make_named
from sklime._sklearn_private import Interval, fit_context
from sklime._validation import channels_last, check_image


class BaseOccluder(BaseEstimator):
    """What all occluders share: a subclass defines ``fill(image, segments)``.

    Attributes
    ----------
    uses_segments : bool
        Whether the fill depends on the segments. One that does not is checked in
        `ImageLimeExplainer.fit`.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.occlusion import BaseOccluder, create_background
    >>> class MedianOccluder(BaseOccluder):
    ...     def fill(self, image, segments):
    ...         return np.full(image.shape, np.median(image))
    >>> image = np.array([[1, 2, 9]], dtype=np.uint8)
    >>> create_background(image, np.zeros((1, 3), int), MedianOccluder())
    array([[2, 2, 2]], dtype=uint8)
    """

    _parameter_constraints: dict = {}
    uses_segments = True

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Check the parameters.

        Parameters
        ----------
        X : sequence of images
            Not used by occluders that learn nothing from images.
        y : Ignored
            Not used, present here for API consistency by convention.

        Returns
        -------
        self : object
            Returns the instance itself.
        """
        return self

    def __sklearn_is_fitted__(self):
        return True

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        return tags


class MeanOccluder(BaseOccluder):
    """A hidden segment shows its own mean colour.

    Does little on flat segments and nothing on single pixels; on small pictures a
    number is the better fill.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.occlusion import MeanOccluder
    >>> MeanOccluder().fill(np.array([[0.0, 1.0]]), np.array([[0, 0]]))
    array([[0.5, 0.5]])
    """

    def fill(self, image, segments):
        """Return the mean colour of each segment in its place.

        Parameters
        ----------
        image : ndarray of shape (H, W) or (H, W, C)
            The image, channels last.
        segments : ndarray of shape (H, W)
            Labels 0..d-1.

        Returns
        -------
        ndarray of shape (H, W) or (H, W, C)
            The background, in float.
        """
        index = np.arange(segments.max() + 1)
        planes = np.moveaxis(np.atleast_3d(image), -1, 0).astype(np.float64)
        means = [ndimage.mean(plane, segments, index) for plane in planes]
        return np.stack(means, axis=-1)[segments].reshape(image.shape)


class ColourOccluder(BaseOccluder):
    """A hidden segment shows one colour, the same in every segment.

    Parameters
    ----------
    colour : float or array-like of shape (n_channels,), default=0
        On the images' own scale; a number fills every channel.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.occlusion import ColourOccluder
    >>> ColourOccluder((9, 0, 0)).fill(np.ones((1, 1, 3)), np.zeros((1, 1), int))
    array([[[9., 0., 0.]]])
    """

    _parameter_constraints = {
        "colour": [Interval(Real, None, None, closed="neither"), "array-like"]
    }
    uses_segments = False

    def __init__(self, colour=0):
        self.colour = colour

    def fill(self, image, segments):
        """Return an image of one colour.

        Parameters
        ----------
        image : ndarray of shape (H, W) or (H, W, C)
            The image, channels last.
        segments : ndarray of shape (H, W)
            Not used.

        Returns
        -------
        ndarray of shape (H, W) or (H, W, C)
            The background, in float.

        Raises
        ------
        ValueError
            If the colour has not a value for each channel.
        """
        colour = np.asarray(self.colour, dtype=np.float64)
        if colour.ndim > 0 and colour.shape != image.shape[2:]:
            n_channels = image.shape[2] if image.ndim == 3 else "no"
            raise ValueError(
                "occluder must be a number or a colour with a value for each channel. "
                f"Got {self.colour!r} for an image with {n_channels} channels."
            )
        return np.broadcast_to(colour, image.shape)


class ImageOccluder(BaseOccluder):
    """A hidden segment shows the same place in another image.

    Parameters
    ----------
    background : array-like of shape (H, W) or (H, W, C)
        The other image, as large as every explained image and on the same scale; a
        2-D one serves all channels.
    channel_axis : int or None, default=-1
        The channel axis of `background`; `ImageLimeExplainer` sets it on its clone.

    Examples
    --------
    >>> import numpy as np
    >>> from skimage import data, filters
    >>> from sklime.occlusion import ImageOccluder
    >>> blurred = filters.gaussian(data.camera(), sigma=8, preserve_range=True)
    >>> background = ImageOccluder(blurred).fill(data.camera(), None)
    >>> np.array_equal(background, blurred)
    True
    """

    _parameter_constraints = {
        "background": ["array-like"],
        "channel_axis": [Interval(Integral, -3, 2, closed="both"), None],
    }
    uses_segments = False

    def __init__(self, background, *, channel_axis=-1):
        self.background = background
        self.channel_axis = channel_axis

    def fill(self, image, segments):
        """Return the other image.

        Parameters
        ----------
        image : ndarray of shape (H, W) or (H, W, C)
            The image, channels last.
        segments : ndarray of shape (H, W)
            Not used.

        Returns
        -------
        ndarray of shape (H, W) or (H, W, C)
            The background.

        Raises
        ------
        ValueError
            If the other image is of another shape.
        """
        background = check_image(self.background, self.channel_axis, name="occluder")
        background = channels_last(background, self.channel_axis)
        if background.shape not in (image.shape, image.shape[:2]):
            raise ValueError(
                "occluder must be an image of the explained image's shape, "
                f"{image.shape}. Got shape {background.shape}; resize it, for example "
                "with skimage.transform.resize."
            )
        if background.ndim < image.ndim:
            background = background[..., np.newaxis]
        return np.broadcast_to(background, image.shape)


OCCLUDERS = {"mean": MeanOccluder}


def check_occluder(occluder):
    """Return an occluder object for what the user may write in its place.

    Parameters
    ----------
    occluder : {"mean"}, number, tuple, array-like or object
        A name, a number, a colour with a value for each channel, an image of 2 or 3
        dimensions, or an object with `fit`, `fill` and `get_params`.

    Returns
    -------
    object
        With the methods `fit` and `fill`.

    Raises
    ------
    TypeError, ValueError
        For anything else.

    Examples
    --------
    >>> check_occluder((255, 0, 0))
    ColourOccluder(colour=(255, 0, 0))
    """
    if isinstance(occluder, str):
        others = "a number, a colour, an image or an object such as MeanOccluder()"
        return make_named(occluder, OCCLUDERS, "occluder", others)
    # An array has a method `fill` too, but no `get_params`.
    is_object = hasattr(occluder, "fill") and hasattr(occluder, "get_params")
    if is_object and not isinstance(occluder, type):
        return occluder
    n_dims = np.ndim(occluder) if _is_numeric(occluder) else -1
    if n_dims in (0, 1):
        return ColourOccluder(occluder)
    if n_dims in (2, 3):
        return ImageOccluder(occluder)
    raise TypeError(
        "occluder must be a name, a number, a colour, an image or an object with "
        f"methods 'fit', 'fill' and 'get_params'. Got {occluder!r}."
    )


def _is_numeric(value):
    try:
        return np.asarray(value).dtype.kind in "buif"
    except ValueError:  # ragged
        return False
