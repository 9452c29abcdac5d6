"""Compose perturbed images: shown segments from the image, others from its background.

The obvious ``np.where(samples[:, segments], image, background)`` spends its time on
an index and a branch for every pixel. Here a row's shown and hidden bits are
repeated along the runs of pixels that share a segment, which gives a mask of whole
words, and two bitwise operations select: ``background ^ (mask & (image ^
background))``. Bits are copied, never computed with, so the result is exact for
every dtype.

Where the fill is drawn anew for each perturbation there is no such saving:
`RedrawingComposer` draws a background for every row.
"""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np

from sklime._identity import digest
from sklime._rows import check_rows
from sklime._validation import channels_last

CHUNK_BYTES = 4 * 2**20


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

    def __init__(self, image, background, segments, channel_axis=-1):
        if (image.shape, image.dtype) != (background.shape, background.dtype):
            raise ValueError(
                "background must have the image's shape and dtype, "
                f"{image.shape} and {image.dtype}. Got {background.shape} and "
                f"{background.dtype}."
            )
        self.n_segments = check_segments(segments, image)
        labels = segments = segments.astype(np.intp, copy=False)
        if image.ndim == 3:
            labels = np.broadcast_to(segments[..., np.newaxis], image.shape)
            image, background, labels = (
                np.moveaxis(array, -1, channel_axis)
                for array in (image, background, labels)
            )
        self.shape, self.dtype, self.n_bytes = image.shape, image.dtype, image.nbytes
        self._word = _word_of(image.dtype)
        background = np.where(labels < 0, image, background).astype(image.dtype)
        self._background = _as_words(background, self._word)
        self._difference = _as_words(image, self._word) ^ self._background
        labels = labels.ravel()
        starts = np.flatnonzero(np.diff(labels, prepend=labels[0] - 1))
        words_per_value = self._difference.size // labels.size
        self._run_segments = labels[starts]
        self._run_lengths = np.diff(starts, append=labels.size) * words_per_value

    def __call__(self, samples, numbers=None):
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
        words = images.reshape(len(samples), -1).view(self._word)
        # Rows at a time that stay in cache: writing is what this costs.
        n_rows = max(1, CHUNK_BYTES // self.n_bytes)
        for start in range(0, len(samples), n_rows):
            chunk = slice(start, start + n_rows)
            np.bitwise_xor(
                self._mask_words(samples[chunk]), self._background, out=words[chunk]
            )
        return images

    def digest(self, samples):
        """Return 32 hexadecimal digits that stand for image, background and segments.

        Equal rows have equal images then, so the rows themselves do not count.
        """
        words = (self._background, self._difference)
        runs = (self._run_segments, self._run_lengths)
        return digest(self.shape, str(self.dtype), *words, *runs)

    def key_rows(self, samples):
        """Return each row packed into bytes, shape (n, d / 8 rounded up)."""
        return np.packbits(samples, axis=1)

    def _mask_words(self, samples):
        """Return image ^ background where a segment is shown, zero elsewhere."""
        all_ones = np.negative(samples.astype(self._word))
        mask = np.repeat(all_ones[:, self._run_segments], self._run_lengths, axis=1)
        mask &= self._difference
        return mask


class SharingComposer(Composer):
    """A composer whose images are known by their pixels, whatever cut them out.

    Explanations of one image hide the same pixels by other segments: their first
    steps, say, when the strongest segment is the same. To know an image again it has
    to be written, so this is for few images. See `Composer` for parameters.
    """

    def digest(self, samples):
        """Return 32 hexadecimal digits that stand for image and background."""
        return digest(self.shape, str(self.dtype), self._background, self._difference)

    def key_rows(self, samples):
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

    def __init__(self, image, draw_background, segments, channel_axis=-1):
        self.n_segments = check_segments(segments, image)
        self._image, self._segments = image, segments.astype(np.intp, copy=False)
        self._draw_background, self._channel_axis = draw_background, channel_axis
        self.shape, self.n_bytes = self._restore(image).shape, image.nbytes

    def __call__(self, samples, numbers=None):
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
        for place, (row, number) in enumerate(zip(samples, numbers, strict=True)):
            shown = np.append(row, True)[self._segments]  # -1 is never hidden
            shown = shown.reshape(shown.shape + (1,) * (self._image.ndim - 2))
            composed = np.where(shown, self._image, self._draw_background(number))
            images[place] = self._restore(composed)
        return images

    def digest(self, samples):
        """Return 32 hexadecimal digits that stand for all images of these samples.

        There is no telling them apart but by drawing them all.
        """
        n_rows = max(1, CHUNK_BYTES // self.n_bytes)
        chunks = [
            range(start, min(start + n_rows, len(samples)))
            for start in range(0, len(samples), n_rows)
        ]
        return digest(*(digest(self(samples[chunk], chunk)) for chunk in chunks))

    def key_rows(self, samples):
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


def create_perturbations(image, background, segments, samples, *, channel_axis=-1):
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


def _word_of(dtype):
    """Return the widest unsigned integer of which the dtype is a multiple."""
    return next(np.dtype(f"u{n}") for n in (8, 4, 2, 1) if dtype.itemsize % n == 0)


def _as_words(array, word):
    return np.ascontiguousarray(array).reshape(-1).view(word)
