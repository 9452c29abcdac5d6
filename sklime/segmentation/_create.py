"""Call any segmenter, and relabel its map in the one place for it."""
# SPDX-License-Identifier: BSD-3-Clause

from typing import Any

import numpy as np

from sklime._parameters import name_call
from sklime._typing import Array, Integers
from sklime._validation import channels_last, read_only
from sklime.segmentation._function import FunctionSegmenter
from sklime.segmentation._slic import SlicSegmenter


def check_segmenter(segmenter: Any = None) -> Any:
    """Return a segmenter for what a user may write in its place.

    Parameters
    ----------
    segmenter : transformer, callable or None, default=None
        With `fit` and `transform`, or a function of one image (see
        `FunctionSegmenter`).

    Returns
    -------
    transformer
        `segmenter` itself, or ``SlicSegmenter()`` for None.

    Raises
    ------
    TypeError
        If it cannot segment.

    Examples
    --------
    >>> check_segmenter()
    SlicSegmenter()
    """
    if segmenter is None:
        return SlicSegmenter()
    can_segment = hasattr(segmenter, "fit") and hasattr(segmenter, "transform")
    is_object = not isinstance(segmenter, type)
    if is_object and can_segment:
        return segmenter
    if is_object and callable(segmenter):
        return FunctionSegmenter(segmenter)
    raise TypeError(
        "segmenter must be an object with 'fit' and 'transform', such as "
        "SlicSegmenter(), QuickshiftSegmenter() or a pipeline, or a function from one "
        f"image to a label map. Got {segmenter!r}."
    )


def create_segments(
    image: Array, segmenter: Any, *, channel_axis: int | None = -1
) -> tuple[Integers, Array]:
    """Return the label map of one image, relabelled without gaps.

    Parameters
    ----------
    image : ndarray of shape (H, W) or (H, W, C)
        One image; the channels are on `channel_axis`.
    segmenter : transformer, callable or None
        See `check_segmenter`. A transformer is fitted; ``transform([image])`` returns
        one label map of shape (H, W) in a list or an array.
    channel_axis : int or None, default=-1
        The channel axis of a 3-D image.

    Returns
    -------
    segments : ndarray of shape (H, W), dtype intp
        Labels 0..d-1; -1 where a pixel belongs to no segment.
    segment_ids : ndarray of shape (d,)
        The segmenter's own label of each.

    Raises
    ------
    TypeError, ValueError
        If the answer is not one integer map of the image's height and width, or
        holds no segment.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime.segmentation import GridSegmenter
    >>> segments, segment_ids = create_segments(data.camera(), GridSegmenter())
    >>> segments.shape, len(segment_ids)
    ((512, 512), 64)
    """
    if not hasattr(segmenter, "transform"):
        segmenter = check_segmenter(segmenter)
    name = type(segmenter).__name__
    with name_call("segmenter", segmenter, "transform", "images"):
        maps = segmenter.transform([read_only(image)])
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
            f"{shape}. {name}.transform returned shape {segments.shape}. Behind the "
            "first step of a pipeline a segmenter is told nothing: it may need "
            f"channel_axis={channel_axis} of its own."
        )
    if segments.dtype.kind not in "bui":
        raise TypeError(
            f"segmenter must return integer labels. {name}.transform returned dtype "
            f"{segments.dtype}; cast them, for example with astype(int)."
        )
    segments, segment_ids = relabel_segments(segments)
    if len(segment_ids) == 0:
        raise ValueError(
            "segmenter must find at least one segment. All labels of "
            f"{name}.transform are negative, which stands for no segment."
        )
    return segments, segment_ids


def _as_map(segments, name):
    try:
        return np.asarray(segments)
    except ValueError as error:
        raise ValueError(
            f"segmenter must return label maps. {name}.transform returned what is no "
            f"array: {error}"
        ) from error


def relabel_segments(segments: Array) -> tuple[Integers, Array]:
    """Return a label map with the labels 0..d-1, in the order of the old ones.

    Negative labels become -1: such pixels belong to no segment. Zero is a segment
    like any other, unlike in `skimage.segmentation.relabel_sequential`.

    Parameters
    ----------
    segments : ndarray of shape (H, W)
        Integer labels, with gaps and from any start.

    Returns
    -------
    segments : ndarray of shape (H, W), dtype intp
        Labels 0..d-1, and -1.
    segment_ids : ndarray of shape (d,)
        The old label of each.

    Examples
    --------
    >>> import numpy as np
    >>> segments, segment_ids = relabel_segments(np.array([[7, 7], [-3, 200]]))
    >>> segments
    array([[ 0,  0],
           [-1,  1]])
    >>> segment_ids
    array([  7, 200])
    """
    if segments.min() >= 0 and segments.max() < segments.size:
        # Counted in one pass, where np.unique sorts all pixels.
        labels = segments.astype(np.intp)
        present = np.bincount(labels.ravel()) > 0
        segment_ids = np.flatnonzero(present).astype(segments.dtype)
        return np.take(np.cumsum(present) - 1, labels), segment_ids
    segment_ids, segments = np.unique(segments, return_inverse=True)
    n_negative = np.count_nonzero(segment_ids < 0)
    return np.maximum(segments - n_negative, -1), segment_ids[n_negative:]


def paint_segments(values: Array, segments: Array) -> Array:
    """Return the value of each pixel's segment.

    Parameters
    ----------
    values : ndarray of shape (d,)
        One for each segment.
    segments : ndarray of shape (H, W)
        Labels 0..d-1; -1 where a pixel belongs to no segment.

    Returns
    -------
    ndarray of shape (H, W)
        Zero where there is no segment.

    Examples
    --------
    >>> import numpy as np
    >>> paint_segments(np.array([0.5, 2.0]), np.array([[0, 1, -1]]))
    array([[0.5, 2. , 0. ]])
    """
    return np.append(values, 0)[segments]
