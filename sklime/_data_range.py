"""Know the range of pixel values, and bring images to [0, 1] by it."""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np
from skimage import exposure

N_LEVELS = 2**16 - 1
CONVENTIONS = ((0.0, 1.0), (-1.0, 1.0), (0.0, 255.0), (0.0, 65535.0))


def guess_data_range(dtype, minimum, maximum):
    """Return the range of pixel values that a type and two extremes stand for.

    Parameters
    ----------
    dtype : dtype
        Unsigned integers of 8 and 16 bits use their full range; every other type
        is judged by its values.
    minimum, maximum : float
        Smallest and largest value seen.

    Returns
    -------
    data_range : tuple of float
        ``(low, high)``, `low` smaller than `high`.
    known : bool
        False where no convention fits and the extremes themselves are returned.

    Examples
    --------
    >>> import numpy as np
    >>> guess_data_range(np.dtype(np.uint8), 3, 99)
    ((0.0, 255.0), True)
    >>> guess_data_range(np.dtype(float), -0.2, 0.9)
    ((-1.0, 1.0), True)
    >>> guess_data_range(np.dtype(float), 0.0, 16.0)
    ((0.0, 16.0), False)
    """
    if dtype.kind == "u" and dtype.itemsize <= 2:
        return (0.0, float(np.iinfo(dtype).max)), True
    if minimum >= 0 and maximum <= 1:
        return (0.0, 1.0), True
    if minimum >= -1 and maximum <= 1:
        return (-1.0, 1.0), True
    if minimum >= 0 and 64 <= maximum <= 255:
        return (0.0, 255.0), True
    low, high = float(minimum), float(maximum)
    return (low, high if high > low else low + max(1.0, abs(low))), False


def limit_fills(data_range, given=False):
    """Return between which values a fill makes sense.

    Parameters
    ----------
    data_range : tuple of float
        ``(low, high)``.
    given : bool, default=False
        Whether a user gave it.

    Returns
    -------
    tuple of float
        The range itself, but no limits for one that is merely the smallest and
        largest value of some images: zero may be a sensible fill outside it.

    Examples
    --------
    >>> limit_fills((0.0, 255.0)), limit_fills((1000.0, 5000.0))
    ((0.0, 255.0), (-inf, inf))
    """
    if given or tuple(data_range) in CONVENTIONS:
        return tuple(data_range)
    return -np.inf, np.inf


def resolve_data_range(image, data_range=None):
    """Return the range of an image's pixel values, inferred from it for None."""
    if data_range is not None:
        return tuple(data_range)
    return guess_data_range(image.dtype, image.min(), image.max())[0]


def check_data_range(data_range):
    """Return the range of pixel values that a user gave.

    Parameters
    ----------
    data_range : tuple of float
        ``(low, high)``.

    Returns
    -------
    tuple of float
        The same.

    Raises
    ------
    ValueError
        If they are not two finite numbers, the first the smaller.
    """
    try:
        low, high = map(float, data_range)
    except (TypeError, ValueError):
        low, high = np.nan, np.nan
    if not (np.isfinite([low, high]).all() and low < high):
        raise ValueError(
            "data_range must be (low, high), two finite numbers with low < high, or "
            f"None. Got {data_range!r}."
        )
    return low, high


def normalise_image(image, data_range=None):
    """Return an image as float64 in [0, 1], the same for every version of it.

    Steps of 1/65535 make the uint8, the [0, 1] and the 0-255 version of a picture
    equal to the last bit, also where one of them is float32 (float16 is too coarse).

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
    unit = exposure.rescale_intensity(
        image.astype(np.float64),
        in_range=resolve_data_range(image, data_range),
        out_range=(0.0, 1.0),
    )
    return np.round(unit * N_LEVELS) / N_LEVELS


def is_off_scale(dtype, minimum, maximum, data_range, learnt):
    """Return whether values are on another scale than `data_range`.

    Some values outside are no surprise where the range was taken from other images;
    more than half its width outside are. So are values that by themselves would stand
    for less than a fiftieth of a range that was learnt: [0, 1] after 0 to 255.
    """
    low, high = data_range
    width = high - low
    (own_low, own_high), known = guess_data_range(dtype, minimum, maximum)
    outside = minimum < low - width / 2 or maximum > high + width / 2
    narrow = learnt and known and (own_high - own_low) * 50 < width
    return outside or narrow
