"""Compose perturbed images: shown segments from the image, others from its background.

The obvious ``np.where(samples[:, segments], image, background)`` spends its time on
an index and a branch for every pixel. Here short stretches of the image are copied
from a table of all that they can show, see ``_patterns``. Bytes are copied, never
computed with, so the result is exact for every dtype.

Where the fill is drawn anew for each perturbation there is no such saving:
`RedrawingComposer` draws a background for every row.
"""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np

from sklime._identity import digest
from sklime._rows import check_rows
from sklime._typing import Array, Booleans, Indices
from sklime._validation import channels_last
from sklime.perturbation._patterns import prepare_writer, select_pixels

CACHE_BYTES = 2**20
DIGEST_BYTES = 4 * 2**20


class Composer:
    """Write perturbed versions of one image, in the layout of the black box.

    Parameters
    ----------
    image, background : ndarray of shape (H, W) or (H, W, C)
        The image and what hidden segments show, channels last, of one dtype.
    segments : ndarray of shape (H, W)
        Labels 0..d-1; -1 where a pixel belongs to no segment and is never hidden.
    channel_axis : int or None, default=-1
        Where the composed images have their channels.

    Attributes
    ----------
    shape : tuple of int
        Of one composed image.
    n_bytes : int
        Of one composed image.
    n_segments : int
        Number of segments, d.
    redraws : bool
        Whether equal rows have different images.

    Examples
    --------
    >>> import numpy as np
    >>> image, background = np.array([[1, 2, 3]]), np.array([[9, 9, 9]])
    >>> compose = Composer(image, background, np.array([[0, 0, 1]]))
    >>> compose(np.array([[False, True]]))
    array([[[9, 9, 3]]])
    """

    redraws = False

    def __init__(self, image, background, segments, channel_axis=-1) -> None:
        if (image.shape, image.dtype) != (background.shape, background.dtype):
            raise ValueError(
                "background must have the image's shape and dtype, "
                f"{image.shape} and {image.dtype}. Got {background.shape} and "
                f"{background.dtype}."
            )
        self.n_segments = check_segments(segments, image)
        outside = segments < 0
        background = background.copy()
        background[outside] = image[outside]
        self._segments = segments.astype(np.intp)  # a copy
        labels = np.maximum(self._segments, 0)  # what is never hidden may have any
        if image.ndim == 3 and channel_axis not in (-1, 2):
            labels = np.broadcast_to(labels[..., np.newaxis], image.shape)
            image, background, labels = (
                np.moveaxis(array, -1, channel_axis)
                for array in (image, background, labels)
            )
        self.shape, self.dtype, self.n_bytes = image.shape, image.dtype, image.nbytes
        self._layout = channel_axis, self.shape, str(self.dtype)
        labels = labels.ravel()
        self._image, self._background = (
            _as_bytes(array, labels.size) for array in (image, background)
        )
        self._writer = prepare_writer(self._image, self._background, labels)

    def __call__(self, samples: Booleans, numbers: Indices | None = None) -> Array:
        """Return the images of some rows of `samples`.

        Parameters
        ----------
        samples : ndarray of shape (n, d), dtype bool
            Which segments are shown.
        numbers : Ignored
            Not used: equal rows have equal images.

        Returns
        -------
        ndarray of shape (n, H, W[, C])
            A fresh array, of the image's dtype, channels on `channel_axis`.

        Raises
        ------
        TypeError, ValueError
            If `samples` are not booleans of that shape.
        """
        samples = check_rows(samples, self.n_segments)
        images = np.empty((len(samples), *self.shape), dtype=self.dtype)
        written = images.reshape(len(samples), -1).view(np.uint8)
        n_rows = max(16, CACHE_BYTES // self.n_bytes)  # whose codes stay in cache
        for start in range(0, len(samples), n_rows):
            rows = slice(start, start + n_rows)
            self._writer.write(samples[rows], out=written[rows])
        return images

    def digest(self, samples: Booleans) -> str:
        """Return 32 hexadecimal digits that stand for image, background and segments.

        Equal rows have equal images then, so the rows themselves do not count.
        """
        pixels = self._image, self._background
        return digest(*self._layout, *pixels, self._segments)

    def key_rows(self, samples: Booleans) -> Array:
        """Return each row packed into bytes, shape (n, d / 8 rounded up)."""
        return np.packbits(samples, axis=1)


class SharingComposer(Composer):
    """A composer whose images are known by their pixels, whatever cut them out.

    Explanations of one image hide the same pixels by other segments: their first
    steps, say, when the strongest segment is the same. To know an image again it has
    to be written, so this is for few images. See `Composer` for parameters.
    """

    def digest(self, samples: Booleans) -> str:
        """Return 32 hexadecimal digits that stand for image and background."""
        return digest(*self._layout, self._image, self._background)

    def key_rows(self, samples: Booleans) -> Array:
        """Return a digest of each image as 16 bytes."""
        keys = [bytes.fromhex(digest(self(row)[0])) for row in samples[:, np.newaxis]]
        return np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(len(keys), 16)


class RedrawingComposer:
    """Write perturbed versions of one image whose fill is drawn anew for each.

    Parameters
    ----------
    image : ndarray of shape (H, W) or (H, W, C)
        The image, channels last.
    draw_background : callable
        From the number of a perturbation to a background of the image's shape and
        dtype, always the same for the same number.
    segments : ndarray of shape (H, W)
        Labels 0..d-1; -1 where a pixel belongs to no segment and is never hidden.
    channel_axis : int or None, default=-1
        Where the composed images have their channels.

    Attributes
    ----------
    shape : tuple of int
        Of one composed image.
    n_bytes : int
        Of one composed image.
    n_segments : int
        Number of segments, d.
    redraws : bool
        Whether equal rows have different images.

    Examples
    --------
    >>> import numpy as np
    >>> image = np.array([[1, 2, 3]])
    >>> compose = RedrawingComposer(
    ...     image, lambda number: np.full((1, 3), 10 * number), np.array([[0, 0, 1]])
    ... )
    >>> compose(np.array([[False, True], [False, True]]), numbers=[5, 6])
    array([[[50, 50,  3]],
    <BLANKLINE>
           [[60, 60,  3]]])
    """

    redraws = True

    def __init__(self, image, draw_background, segments, channel_axis=-1) -> None:
        self.n_segments = check_segments(segments, image)
        self._image, self._segments = image, segments.astype(np.intp).ravel()
        self._draw_background, self._channel_axis = draw_background, channel_axis
        self.shape, self.n_bytes = self._restore(image).shape, image.nbytes

    def __call__(self, samples: Booleans, numbers: Indices | None = None) -> Array:
        """Return the images of some rows of `samples`.

        Parameters
        ----------
        samples : ndarray of shape (n, d), dtype bool
            Which segments are shown.
        numbers : sequence of int of length n, default=None
            The number of each among all perturbations; None counts from 0.

        Returns
        -------
        ndarray of shape (n, H, W[, C])
            A fresh array, of the image's dtype, channels on `channel_axis`.
        """
        samples = check_rows(samples, self.n_segments)
        images = np.empty((len(samples), *self.shape), dtype=self._image.dtype)
        numbers = range(len(samples)) if numbers is None else numbers
        n_pixels, dtype = self._segments.size, self._image.dtype
        image = _as_bytes(self._image, n_pixels)
        for place, (row, number) in enumerate(zip(samples, numbers, strict=True)):
            shown = np.append(row, True).take(self._segments)  # -1 is never hidden
            background = _as_bytes(self._draw_background(number), n_pixels)
            composed = select_pixels(shown, image, background).view(dtype)
            images[place] = self._restore(composed.reshape(self._image.shape))
        return images

    def digest(self, samples: Booleans) -> str:
        """Return 32 hexadecimal digits that stand for all images of these samples.

        There is no telling them apart but by drawing them all.
        """
        n_rows = max(1, DIGEST_BYTES // self.n_bytes)
        chunks = [
            range(start, min(start + n_rows, len(samples)))
            for start in range(0, len(samples), n_rows)
        ]
        return digest(*(digest(self(samples[chunk], chunk)) for chunk in chunks))

    def key_rows(self, samples: Booleans) -> Array:
        """Return the number of each row as 8 bytes: equal rows differ in their fill."""
        numbers = np.arange(len(samples), dtype=">u8")
        return numbers.view(np.uint8).reshape(len(samples), 8)

    def _restore(self, image):
        """Return an image in the layout of the black box."""
        return image if image.ndim == 2 else np.moveaxis(image, -1, self._channel_axis)


def check_segments(segments, image):
    """Return the number of segments of a label map that fits an image.

    Parameters
    ----------
    segments : ndarray of shape (H, W)
        Labels 0..d-1 and -1.
    image : ndarray of shape (H, W) or (H, W, C)
        Channels last.

    Returns
    -------
    int
        The largest label and one.

    Raises
    ------
    ValueError
        If height and width differ, or there is no segment.
    """
    if segments.shape != image.shape[:2] or segments.max() < 0:
        raise ValueError(
            "segments must have the image's height and width, "
            f"{image.shape[:2]}, and labels from 0. Got shape {segments.shape} and "
            f"labels from {segments.min()} to {segments.max()}."
        )
    return int(segments.max()) + 1


def create_perturbations(
    image: Array,
    background: Array,
    segments: Array,
    samples: Booleans,
    *,
    channel_axis: int | None = -1,
) -> Array:
    """Return the images in which only some segments are shown.

    Parameters
    ----------
    image, background : ndarray of shape (H, W) or (H, W, C)
        The image and what hidden segments show, of one dtype.
    segments : ndarray of shape (H, W)
        Labels 0..d-1; -1 where a pixel belongs to no segment and is never hidden.
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown in each image.
    channel_axis : int or None, default=-1
        The channel axis of `image`, `background` and each result.

    Returns
    -------
    ndarray of shape (n, H, W[, C])
        Of the image's dtype.

    Raises
    ------
    TypeError, ValueError
        If the arrays do not fit together, or `samples` are not booleans.

    Examples
    --------
    >>> import numpy as np
    >>> image, background = np.array([[1, 2, 3]]), np.array([[9, 9, 9]])
    >>> samples = np.array([[True, True], [False, True]])
    >>> create_perturbations(image, background, np.array([[0, 0, 1]]), samples)
    array([[[1, 2, 3]],
           [[9, 9, 3]]])
    """
    image, background = (channels_last(a, channel_axis) for a in (image, background))
    return Composer(image, background, segments, channel_axis)(samples)


def _as_bytes(image, n_pixels):
    """Return an image as bytes, shape (n_pixels, pixel_bytes)."""
    return np.ascontiguousarray(image).view(np.uint8).reshape(n_pixels, -1)
