"""Recall the segments that a segmenter found before in the same image."""
# SPDX-License-Identifier: BSD-3-Clause

import sys
from pathlib import Path
from typing import Any

from sklime._cache import read_arrays, write_arrays
from sklime._identity import UnidentifiedError, digest, identify
from sklime._typing import Array, Integers
from sklime.segmentation._create import create_segments

NAMES = ("segments", "segment_ids")
LIBRARIES = ("numpy", "scipy", "skimage", "sklearn", "sklime")


def open_segments_cache(cache: Path | None, segmenter: Any) -> Path | None:
    """Return the folder that belongs to a segmenter and the libraries that it uses.

    Parameters
    ----------
    cache : Path or None
        Where everything is kept.
    segmenter : transformer
        Fitted.

    Returns
    -------
    Path or None
        None where nothing is kept, or the segmenter cannot be told from another, as
        one that holds a function of the user.
    """
    if cache is None:
        return None
    try:
        identity = identify(segmenter)
    except UnidentifiedError:
        return None
    own = type(segmenter).__module__.partition(".")[0]
    modules = [sys.modules[name] for name in (*LIBRARIES, own)]
    versions = [getattr(module, "__version__", None) for module in modules]
    return cache / f"segments-{digest(identity, *versions)}"


def recall_segments(
    image: Array,
    segmenter: Any,
    *,
    channel_axis: int | None = -1,
    cache: Path | None = None,
) -> tuple[Integers, Array]:
    """Return what `create_segments` does, from a folder if it is there.

    Parameters
    ----------
    image : ndarray of shape (H, W) or (H, W, C)
        One image; the channels are on `channel_axis`.
    segmenter : transformer
        Fitted.
    channel_axis : int or None, default=-1
        The channel axis of a 3-D image.
    cache : Path, default=None
        The folder of this segmenter.

    Returns
    -------
    segments : ndarray of shape (H, W), dtype intp
        Labels 0..d-1; -1 where a pixel belongs to no segment.
    segment_ids : ndarray of shape (d,)
        The segmenter's own label of each.
    """
    if cache is None:
        return create_segments(image, segmenter, channel_axis=channel_axis)
    folder = cache / digest(image, channel_axis)
    for arrays in read_arrays(folder, NAMES):
        return tuple(arrays[name] for name in NAMES)
    found = create_segments(image, segmenter, channel_axis=channel_axis)
    write_arrays(folder, **dict(zip(NAMES, found, strict=True)))
    return found
