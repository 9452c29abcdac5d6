"""Make of any image what matplotlib draws without rescaling."""
# SPDX-License-Identifier: BSD-3-Clause

from collections.abc import Sequence
from numbers import Integral

import numpy as np
from skimage import color

from sklime._data_range import normalise_image
from sklime._typing import Array, DataRange, Floats


def prepare_image(
    image: Array,
    data_range: DataRange | None = None,
    channels: int | Sequence[int] | None = None,
) -> Floats:
    """Return an image as red, green and blue in [0, 1], whatever it came as.

    Parameters
    ----------
    image : ndarray of shape (H, W) or (H, W, C)
        Of any number type, channels last.
    data_range : tuple of float, default=None
        ``(low, high)`` of the pixel values; None infers it from the image.
    channels : int or sequence of 3 int, default=None
        Which channel to draw in grey, or which three as red, green and blue. None
        takes three channels for colours, four for colours and opacity, which are laid
        on white, and draws the mean of any other number of channels in grey.

    Returns
    -------
    ndarray of shape (H, W, 3)
        Float in [0, 1].

    Raises
    ------
    ValueError
        For channels that the image has not.

    Examples
    --------
    >>> import numpy as np
    >>> prepare_image(np.array([[0, 255]], dtype=np.uint8)).tolist()
    [[[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]]
    >>> half_transparent_black = np.array([[[0.0, 0.0, 0.0, 0.5]]])
    >>> prepare_image(half_transparent_black).round(2).tolist()
    [[[0.5, 0.5, 0.5]]]
    """
    unit = normalise_image(image, data_range)
    if channels is not None:
        return _pick_channels(unit, channels)
    if unit.ndim == 3 and unit.shape[-1] == 4:
        return color.rgba2rgb(unit)
    if unit.ndim == 3 and unit.shape[-1] == 3:
        return unit
    return color.gray2rgb(unit if unit.ndim == 2 else unit.mean(axis=-1))


def _pick_channels(unit, channels):
    """Return one channel as grey, or three as red, green and blue."""
    n_channels = unit.shape[2] if unit.ndim == 3 else 1
    chosen = list(channels) if np.iterable(channels) else [channels]
    known = range(-n_channels, n_channels)
    are_numbers = all(
        isinstance(c, Integral) and not isinstance(c, bool) for c in chosen
    )
    if len(chosen) not in (1, 3) or not are_numbers or not set(chosen) <= set(known):
        raise ValueError(
            f"channels must be one or three indices of the {n_channels} channels, or "
            f"None. Got {channels!r}."
        )
    picked = unit.reshape(*unit.shape[:2], n_channels)[..., chosen]
    return np.broadcast_to(picked, (*unit.shape[:2], 3))


def lighten(picture):
    """Return a picture in light grey, on which colours stand out.

    Parameters
    ----------
    picture : ndarray of shape (H, W, 3)
        In [0, 1].

    Returns
    -------
    ndarray of shape (H, W, 3)
        In [0.35, 1].
    """
    return color.gray2rgb(0.35 + 0.65 * color.rgb2gray(picture))
