"""From what an occluder fills to a background of the image's own type."""
# SPDX-License-Identifier: BSD-3-Clause

from typing import Any

import numpy as np

from sklime._data_range import limit_fills, resolve_data_range
from sklime._parameters import name_call
from sklime._typing import Array, Booleans, DataRange
from sklime._validation import read_only
from sklime._warnings import warn
from sklime.occlusion._base import FlatOccluder
from sklime.occlusion._choose import check_occluder

VISIBLE_CHANGE = 1 / 255


def create_background(
    image: Array,
    segments: Array,
    occluder: Any,
    data_range: DataRange | None = None,
    *,
    draw: int = 0,
    quiet: bool = False,
) -> Array:
    """Return what each hidden segment of one image shows.

    Parameters
    ----------
    image : ndarray of shape (H, W) or (H, W, C)
        The image, channels last.
    segments : ndarray of shape (H, W)
        Labels 0..d-1; -1 where a pixel belongs to no segment.
    occluder : str, number, tuple, array-like, callable or object
        See `check_occluder`. An object is fitted, with ``fill(image, segments)``.
    data_range : tuple of float, default=None
        ``(low, high)`` of the pixel values, to which fills are clipped, or to the
        image's own values where these go beyond. None infers it from the image, and
        limits nothing where that shows no convention.
    draw : int, default=0
        Which draw of an occluder whose `redraw` is true.
    quiet : bool, default=False
        Whether to clip without a warning.

    Returns
    -------
    ndarray of the image's shape and dtype
        The background: the image with every segment hidden. Pixels that belong to
        none are those of the image.

    Raises
    ------
    ValueError
        If the occluder fills with anything but finite numbers of the image's shape.

    Warns
    -----
    UserWarning
        If a fill has to be clipped by more than rounding.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.occlusion import MeanOccluder
    >>> image = np.array([[0, 255], [7, 9]], dtype=np.uint8)
    >>> create_background(image, np.array([[0, 0], [1, 1]]), MeanOccluder())
    array([[128, 128],
           [  8,   8]], dtype=uint8)
    """
    if isinstance(occluder, np.ndarray) or not hasattr(occluder, "fill"):
        occluder = check_occluder(occluder).fit([image])
    segments = segments.astype(np.intp, copy=False)
    which = [draw] if getattr(occluder, "redraw", False) else []
    method, shape = "fill", image.shape
    if _has_colours(occluder, segments):
        method, shape = "colours", (int(segments.max()) + 1, *image.shape[2:])
    name = f"{type(occluder).__name__}.{method}"
    arguments = "image, segments, draw" if which else "image, segments"
    with name_call("occluder", occluder, method, arguments):
        fill = getattr(occluder, method)(read_only(image), read_only(segments), *which)
    fill = _cast_fill(_check_fill(fill, shape, name), name, image, data_range, quiet)
    background = fill.take(segments, axis=0) if method == "colours" else fill
    outside = segments < 0
    background[outside] = image[outside]
    return background


def _has_colours(occluder, segments):
    """Return whether one colour for each of the labels 0..d-1 is all there is."""
    fill = getattr(occluder.fill, "__func__", None)  # a subclass may fill otherwise
    if fill is not FlatOccluder.fill:
        return False
    return bool(np.bincount(segments.ravel() + 1)[1:].all())


def _cast_fill(fill, name, image, data_range, quiet):
    """Return a fill in the range and of the type of the image's pixels."""
    lowest, highest = _find_extremes(fill, name)
    low, high = _find_limits(image, data_range)
    slack = (high - low) * VISIBLE_CHANGE
    if (lowest < low - slack or highest > high + slack) and not quiet:
        warn(
            f"occluder fills with values in [{lowest:g}, {highest:g}], outside the "
            f"images' range [{low:g}, {high:g}]; they are clipped. Pass a fill on the "
            "images' own scale, or data_range if it was inferred wrongly."
        )
    if lowest < low or highest > high:
        fill = np.clip(fill, low, high)
    if image.dtype.kind != "f":
        fill = np.rint(fill)
    return fill.astype(image.dtype)


def _find_limits(image, data_range=None):
    """Return between which values a fill of this image may be."""
    if data_range is None:
        data_range = limit_fills(resolve_data_range(image))
    low = min(data_range[0], float(image.min()))
    high = max(data_range[1], float(image.max()))
    if image.dtype.kind == "b":
        return low, high
    info = np.finfo if image.dtype.kind == "f" else np.iinfo
    limits = info(image.dtype)
    return max(low, float(limits.min)), min(high, float(limits.max))


def _check_fill(fill, shape, name):
    """Return a fill as float64, or say what is wrong with it."""
    try:
        fill = np.asarray(fill)
    except ValueError as error:
        raise ValueError(
            f"occluder must fill with an array. {name} returned none: {error}"
        ) from error
    if fill.shape != shape or fill.dtype.kind not in "buif":
        what = "an image" if name.endswith(".fill") else "colours"
        raise ValueError(
            f"occluder must fill {what} of shape {shape} with numbers. {name} returned "
            f"shape {fill.shape} and dtype {fill.dtype}."
        )
    return fill.astype(np.float64, copy=False)


def _find_extremes(fill, name):
    """Return its smallest and largest value, both finite."""
    lowest, highest = float(fill.min()), float(fill.max())
    if not np.isfinite([lowest, highest]).all():  # NaN is both, if there is any
        raise ValueError(
            f"occluder must fill with finite values. {name} returned NaN or infinity."
        )
    return lowest, highest


def find_unchanged_segments(
    image: Array, background: Array, segments: Array, data_range: DataRange
) -> Booleans:
    """Return which segments look the same when hidden.

    Parameters
    ----------
    image, background : ndarray of shape (H, W) or (H, W, C)
        The image and what hidden segments show.
    segments : ndarray of shape (H, W)
        Labels 0..d-1.
    data_range : tuple of float
        ``(low, high)`` of the pixel values.

    Returns
    -------
    ndarray of shape (d,), dtype bool
        True where no pixel changes by more than 1/255 of `data_range`.

    Examples
    --------
    >>> import numpy as np
    >>> image, background = np.array([[10, 10, 200]]), np.array([[10, 11, 11]])
    >>> find_unchanged_segments(image, background, np.array([[0, 0, 1]]), (0, 255))
    array([ True, False])
    """
    low, high = data_range
    change = np.abs(image.astype(np.float64) - background)
    visible: Any = change > (high - low) * VISIBLE_CHANGE
    if image.ndim == 3:
        visible = visible.any(axis=-1)
    visible &= segments >= 0
    counts = np.bincount(
        segments[visible].astype(np.intp), minlength=int(segments.max()) + 1
    )
    return counts == 0
