"""Fills made of the image itself: its mean colours, its blur, its surroundings."""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Real

import numpy as np
from scipy import ndimage
from skimage import filters, restoration

from sklime._sklearn_private import Interval
from sklime._typing import Array
from sklime.occlusion._base import BaseOccluder, FlatOccluder

SIDES_PER_BLUR = 20
INPAINT_MARGIN = 2


class MeanOccluder(FlatOccluder):
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

    def colours(self, image: Array, segments: Array) -> Array:
        """Return the mean colour of each segment.

        Parameters
        ----------
        image : ndarray of shape (H, W) or (H, W, C)
            The image, channels last.
        segments : ndarray of shape (H, W)
            Labels 0..d-1.

        Returns
        -------
        ndarray of shape (d,) or (d, C)
            In float.
        """
        index = np.arange(segments.max() + 1)
        planes = np.moveaxis(np.atleast_3d(image), -1, 0).astype(np.float64)
        means = [ndimage.mean(plane, segments, index) for plane in planes]
        return np.stack(means, axis=-1).reshape(len(index), *image.shape[2:])


class BlurOccluder(BaseOccluder):
    """A hidden segment shows the blurred image.

    Parameters
    ----------
    sigma : float, default=None
        Width in pixels of the Gaussian. None is a twentieth of the image's longer
        side, about half a segment of the default size.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime.occlusion import BlurOccluder
    >>> blurred = BlurOccluder(sigma=8).fill(data.camera(), None)
    >>> bool(blurred.std() < data.camera().std())
    True
    """

    _parameter_constraints = {
        "sigma": [Interval(Real, 0, None, closed="neither"), None]
    }

    def __init__(self, sigma=None) -> None:
        self.sigma = sigma

    def fill(self, image: Array, segments: Array) -> Array:
        """Return the blurred image.

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
        sigma = self.sigma
        if sigma is None:
            sigma = max(image.shape[:2]) / SIDES_PER_BLUR
        channel_axis = -1 if image.ndim == 3 else None
        return filters.gaussian(
            image.astype(np.float64), sigma, channel_axis=channel_axis
        )


class InpaintOccluder(BaseOccluder):
    """A hidden segment shows what its surroundings suggest.

    Each segment is filled as if it alone were hidden, smoothly from the pixels around
    it, by `skimage.restoration.inpaint_biharmonic` [1]_ on the rectangle around it,
    whose smallest and largest values limit the fill. What has no surroundings shows
    its mean colour.

    References
    ----------
    .. [1] S. B. Damelin and N. S. Hoang, "On surface completion and image inpainting
       by biharmonic functions: numerical aspects", International Journal of
       Mathematics and Mathematical Sciences, 2018.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.occlusion import InpaintOccluder
    >>> ramp = np.tile(np.arange(9.0), (9, 1))
    >>> spot = ramp.copy()
    >>> spot[4, 4] = 99
    >>> background = InpaintOccluder().fill(spot, (spot == 99).astype(int))
    >>> background[4, 4].round(6)
    np.float64(4.0)
    """

    def fill(self, image: Array, segments: Array) -> Array:
        """Return each segment filled from around it.

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
        background = MeanOccluder().fill(image, segments)
        image = image.astype(np.float64)
        channel_axis = -1 if image.ndim == 3 else None
        for label, box in enumerate(ndimage.find_objects(segments + 1)):
            around = tuple(
                slice(max(0, side.start - INPAINT_MARGIN), side.stop + INPAINT_MARGIN)
                for side in box
            )
            inside = segments[around] == label
            if not inside.all():
                filled = restoration.inpaint_biharmonic(
                    image[around], inside, channel_axis=channel_axis
                )
                background[around][inside] = filled[inside]
        return background
