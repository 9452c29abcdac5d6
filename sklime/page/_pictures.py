"""Turn arrays into text that a page can hold."""
# SPDX-License-Identifier: BSD-3-Clause

import math
import zlib
from base64 import b64encode
from io import BytesIO

import numpy as np
from PIL import Image, ImageColor

from sklime._colours import NEGATIVE_COLOR, POSITIVE_COLOR
from sklime.display import paint_overlay, prepare_image
from sklime.segmentation import paint_segments

# Pictures up to this side are drawn larger than they are: there JPEG would show.
MAX_EXACT_SIDE = 256
JPEG_QUALITY = 90
OPACITY = 0.8
# So many numbers at a time become floats.
BAND = 2**17


def fit_size(shape, max_size):
    """Return the size of a picture whose longer side is at most `max_size`.

    Parameters
    ----------
    shape : tuple of int
        Height and width, and whatever follows.
    max_size : int
        In pixels.

    Returns
    -------
    tuple of int
        Height and width in the same proportion, at least 1; never more than given.

    Examples
    --------
    >>> fit_size((3000, 4000, 3), 1024), fit_size((8, 8), 1024)
    ((768, 1024), (8, 8))
    """
    factor = min(1.0, max_size / max(shape[:2]))
    return tuple(max(1, round(side * factor)) for side in shape[:2])


def shrink_segments(segments, size):
    """Return the segment at the centre of each pixel of a smaller picture.

    Parameters
    ----------
    segments : ndarray of shape (H, W)
        Labels.
    size : tuple of int
        Height and width, at most H and W.

    Returns
    -------
    ndarray of shape `size`
        Labels; there may be fewer than before.

    Examples
    --------
    >>> import numpy as np
    >>> shrink_segments(np.arange(9).reshape(3, 3), (1, 3))
    array([[3, 4, 5]])
    """
    rows, cols = (
        ((np.arange(small) + 0.5) * large / small).astype(np.intp)
        for small, large in zip(size, segments.shape, strict=True)
    )
    return segments[np.ix_(rows, cols)]


def cut_bands(shape):
    """Yield slices of rows that together make up an image, to take one at a time.

    Parameters
    ----------
    shape : tuple of int
        Height and width, and whatever follows.

    Yields
    ------
    slice
        Of at least one row, and of about `BAND` numbers.

    Examples
    --------
    >>> list(cut_bands((3, 100_000)))
    [slice(0, 1, None), slice(1, 2, None), slice(2, 3, None)]
    """
    n_rows = max(1, BAND // math.prod(shape[1:]))
    for first in range(0, shape[0], n_rows):
        yield slice(first, min(first + n_rows, shape[0]))


def encode_image(image, data_range, size, channels=None):
    """Return an image as a data URI: exact where it is small, else as JPEG.

    Parameters
    ----------
    image : ndarray of shape (H, W) or (H, W, C)
        Of any number type, channels last.
    data_range : tuple of float
        ``(low, high)`` of the pixel values.
    size : tuple of int
        Height and width to shrink it to.
    channels : int or sequence of 3 int, default=None
        See `sklime.display.prepare_image`.

    Returns
    -------
    str
        ``data:image/png;base64,...`` or ``data:image/jpeg;base64,...``.
    """
    levels = np.empty((*image.shape[:2], 3), dtype=np.uint8)
    for band in cut_bands(image.shape):
        unit = prepare_image(image[band], data_range, channels)
        levels[band] = np.rint(unit * 255)
    picture = Image.fromarray(levels)
    if picture.size != size[::-1]:
        picture = picture.resize(size[::-1], Image.Resampling.LANCZOS)
    if max(size) <= MAX_EXACT_SIDE:
        return _to_data_uri(picture, "png", optimize=True)
    # Not optimize=True: Pillow then reserves too little memory for noisy pictures.
    return _to_data_uri(picture, "jpeg", quality=JPEG_QUALITY, subsampling=0)


def encode_overlay(weights, segments):
    """Return segments in the colour of their sign as the data URI of a PNG.

    Parameters
    ----------
    weights : ndarray of shape (d,)
        Signed.
    segments : ndarray of shape (H, W)
        Labels 0..d-1; -1 where a pixel belongs to none.

    Returns
    -------
    str
        Transparent where the weight is zero.
    """
    positive, negative = (
        np.array(ImageColor.getrgb(name)) / 255
        for name in (POSITIVE_COLOR, NEGATIVE_COLOR)
    )
    reference = np.abs(weights).max() or 1.0
    heatmap = paint_segments(weights, segments)
    overlay = paint_overlay(heatmap, positive, negative, OPACITY, reference=reference)
    picture = Image.fromarray(np.rint(overlay * 255).astype(np.uint8))
    return _to_data_uri(picture, "png", optimize=True)


def encode_segments(segments):
    """Return labels as text that a script reads without drawing them.

    A script gets at the pixels of a PNG only by way of a canvas, and browsers that
    guard privacy put noise into what is read from one.

    Parameters
    ----------
    segments : ndarray of shape (H, W)
        Labels; -1 where a pixel belongs to none.

    Returns
    -------
    str
        Base64 of a zlib stream of 32-bit little-endian integers, row by row.

    Examples
    --------
    >>> import base64, zlib
    >>> import numpy as np
    >>> text = encode_segments(np.array([[0, 0], [1, -1]]))
    >>> np.frombuffer(zlib.decompress(base64.b64decode(text)), "<i4").tolist()
    [0, 0, 1, -1]
    """
    return b64encode(zlib.compress(segments.astype("<i4").tobytes(), 9)).decode()


def _to_data_uri(picture, kind, **options):
    stream = BytesIO()
    picture.save(stream, kind, **options)
    return f"data:image/{kind};base64,{b64encode(stream.getvalue()).decode()}"
