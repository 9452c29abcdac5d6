"""Another image in place of a segment: given, learnt, or drawn."""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Integral
from typing import Any, Self

import numpy as np
from skimage import transform
from sklearn.utils.validation import check_is_fitted

from sklime._sklearn_private import Interval
from sklime._typing import Array, Images
from sklime._validation import channels_last, check_image, split_images
from sklime.occlusion._base import BaseOccluder, RandomOccluder


def resize_image(image, shape):
    """Return an image in another height and width, on its own scale.

    Parameters
    ----------
    image : ndarray of shape (H, W) or (H, W, C)
        Channels last.
    shape : tuple of int
        Height and width wanted, and what follows.

    Returns
    -------
    ndarray of shape (*shape[:2], C)
        In float, smoothed where it shrinks.
    """
    image = image.astype(np.float64)
    if image.shape[:2] == shape[:2]:
        return image
    return transform.resize(image, shape[:2], anti_aliasing=True)


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

    def __init__(self, background, *, channel_axis=-1) -> None:
        self.background = background
        self.channel_axis = channel_axis

    def fill(self, image: Array, segments: Array) -> Array:
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


class ReferenceOccluder(BaseOccluder):
    """A hidden segment shows the same place in an image learnt in `fit`.

    Parameters
    ----------
    index : int, default=None
        Which of the images given to `fit`; None is their mean. Resized where images
        differ in size.
    channel_axis : int or None, default=-1
        The channel axis of one image; `ImageLimeExplainer` sets it on its clone.

    Attributes
    ----------
    reference_ : ndarray of shape (H, W) or (H, W, C)
        In float, channels last.

    See Also
    --------
    ImageOccluder : An image of your own.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.occlusion import ReferenceOccluder
    >>> occluder = ReferenceOccluder().fit([np.array([[0, 2]]), np.array([[4, 8]])])
    >>> occluder.reference_
    array([[2., 5.]])
    """

    _parameter_constraints = {
        "index": [Integral, None],
        "channel_axis": [Interval(Integral, -3, 2, closed="both"), None],
    }

    def __init__(self, index=None, *, channel_axis=-1) -> None:
        self.index = index
        self.channel_axis = channel_axis

    def fit(self, X: Images, y: Any = None) -> Self:
        """Learn the reference from images.

        Parameters
        ----------
        X : array-like or sequence of images
            One image or many; read one at a time.
        y : Ignored
            Not used, present here for API consistency by convention.

        Returns
        -------
        self : object
            Returns the instance itself.

        Raises
        ------
        ValueError
            If there is no image of that index.
        """
        super().fit(X, y)
        images, _ = split_images(X, self.channel_axis)
        if self.index is None:
            first = self._read(images, 0)
            total = sum(
                resize_image(self._read(images, i), first.shape)
                for i in range(len(images))
            )
            self.reference_ = total / len(images)
        elif -len(images) <= self.index < len(images):
            self.reference_ = self._read(images, self.index).astype(np.float64)
        else:
            raise ValueError(
                "index of ReferenceOccluder must be that of an image given to fit, at "
                f"most {len(images) - 1}. Got {self.index}."
            )
        return self

    def _read(self, images, index):
        return channels_last(images[index], self.channel_axis)

    def fill(self, image: Array, segments: Array) -> Array:
        """Return the reference, as large as the image.

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
        """
        check_is_fitted(self)
        return resize_image(self.reference_, image.shape)

    def __sklearn_is_fitted__(self):
        return hasattr(self, "reference_")

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = True
        return tags


class NoiseOccluder(RandomOccluder):
    """A hidden segment shows noise: a random colour in every pixel.

    Parameters
    ----------
    redraw : bool, default=False
        Whether the noise is drawn anew for each perturbation.
    data_range : tuple of float, default=None
        ``(low, high)`` between which each value is drawn. None infers it from each
        image; `ImageLimeExplainer` sets it on its clone.
    random_state : int, RandomState instance or None, default=None
        Seed of the draw.

    Attributes
    ----------
    seed_ : int
        Drawn from `random_state` in `fit`.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime.occlusion import NoiseOccluder
    >>> noise = NoiseOccluder(random_state=0).fit([data.camera()])
    >>> background = noise.fill(data.camera(), None)
    >>> background.mean().round(), background.std().round()
    (np.float64(128.0), np.float64(74.0))
    """

    def __init__(self, redraw=False, *, data_range=None, random_state=None) -> None:
        self.redraw = redraw
        self.data_range = data_range
        self.random_state = random_state

    def fill(self, image: Array, segments: Array, draw: int = 0) -> Array:
        """Return noise in place of the image.

        Parameters
        ----------
        image : ndarray of shape (H, W) or (H, W, C)
            The image, channels last.
        segments : ndarray of shape (H, W)
            Not used.
        draw : int, default=0
            Which draw; the same number gives the same fill.

        Returns
        -------
        ndarray of shape (H, W) or (H, W, C)
            The background, in float.
        """
        return self._draw_colours(image, image.shape[:2], draw)
