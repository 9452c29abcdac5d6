"""Write down every look that a short stretch of an image can have.

An image is cut into chunks of a few pixels. A chunk that m segments touch has
``2 ** m`` looks, its patterns: each segment shown or hidden. These are few enough to
keep them all. A perturbed image is then one number for each chunk, and to write it is
to copy: there is no mask, and nothing is computed for a pixel.
"""
# SPDX-License-Identifier: BSD-3-Clause

from functools import partial
from typing import NamedTuple

import numpy as np
from scipy import sparse

CHUNK_BYTES = 12, 256  # below and beyond, copying chunks is not worth it
# A table should stay in the processor's cache. It has so many bytes at most, but may
# always hold 4 images, and never more than 24.
TABLE_BYTES = 8 * 2**20
TABLE_IMAGES = 4, 24
BLOCK_BYTES = 2**20


class PatternTable(NamedTuple):
    """The patterns of all chunks of an image, and which row shows which.

    Attributes
    ----------
    patterns : ndarray of shape (n_patterns, chunk_bytes), dtype uint8
        Those of a chunk stand together, in the order of their codes.
    first : ndarray of shape (n_chunks,), dtype intp
        Where they begin: with code 0, all segments hidden.
    place_values : sparse array of shape (n_chunks, d), dtype int32
        What each segment adds to the code of a chunk when shown: 1, 2, 4, ... for
        those that touch it.
    """

    patterns: np.ndarray
    first: np.ndarray
    place_values: sparse.csr_array

    def choose(self, samples):
        """Return the pattern that each chunk shows.

        Parameters
        ----------
        samples : ndarray of shape (n, d), dtype bool
            Which segments are shown.

        Returns
        -------
        ndarray of shape (n, n_chunks), dtype intp
            Indices into `patterns`.
        """
        codes = self.place_values @ samples.T.astype(np.int32)
        return np.add(codes.T, self.first, order="C")

    def write(self, samples, out):
        """Write perturbed images.

        Parameters
        ----------
        samples : ndarray of shape (n, d), dtype bool
            Which segments are shown.
        out : ndarray of shape (n, image_bytes), dtype uint8
            C-contiguous.
        """
        chosen = self.choose(samples)
        chunk_bytes = self.patterns.shape[1]
        n_chunks, rest = divmod(out.shape[1], chunk_bytes)
        # "clip" has take write to `out` itself; no index is out of bounds.
        copy = partial(np.take, self.patterns, axis=0, mode="clip")
        if rest == 0:
            copy(chosen, out=out.reshape(len(out), n_chunks, chunk_bytes))
            return
        for row, choice in zip(out[:, :-rest], chosen[:, :-1], strict=True):
            copy(choice, out=row.reshape(n_chunks, chunk_bytes))
        out[:, -rest:] = self.patterns[chosen[:, -1], :rest]


class PixelSelector(NamedTuple):
    """What writes images whose segments are dust: pixel by pixel, without a table.

    Attributes
    ----------
    image, background : ndarray of shape (n_pixels, pixel_bytes), dtype uint8
        What each pixel shows, and what it does when its segment is hidden.
    labels : ndarray of shape (n_pixels,)
        The segment of each pixel, 0..d-1.
    """

    image: np.ndarray
    background: np.ndarray
    labels: np.ndarray

    def write(self, samples, out):
        """Write perturbed images, see `PatternTable.write`."""
        for row, written in zip(samples, out, strict=True):
            shown = row.take(self.labels)
            written[:] = select_pixels(shown, self.image, self.background).ravel()


def prepare_writer(image, background, labels):
    """Return what writes perturbed versions of an image.

    A chunk has as many pixels, a power of two, as go into 256 bytes, or fewer where
    segments are so small that there were too many patterns.

    Parameters
    ----------
    image, background : ndarray of shape (n_pixels, pixel_bytes), dtype uint8
        What each pixel shows, and what it does when its segment is hidden.
    labels : ndarray of shape (n_pixels,)
        The segment of each pixel, 0..d-1.

    Returns
    -------
    PatternTable or PixelSelector
        The last chunk of a table may end with bytes that belong to no pixel.

    Examples
    --------
    >>> import numpy as np
    >>> image = np.arange(1, 17, dtype=np.uint8)[:, np.newaxis]
    >>> table = prepare_writer(image, 0 * image, np.repeat([0, 1, 0], [2, 1, 13]))
    >>> table.patterns[:, :4]
    array([[0, 0, 0, 0],
           [1, 2, 0, 4],
           [0, 0, 3, 0],
           [1, 2, 3, 4]], dtype=uint8)
    >>> table.choose(np.array([[True, True], [False, True]]))
    array([[3],
           [2]])
    """
    changes = np.flatnonzero(np.diff(labels)) + 1
    n_segments, pixel_bytes = int(labels.max()) + 1, image.shape[1]
    width = _choose_width(changes, len(labels), n_segments, pixel_bytes)
    if width * pixel_bytes < CHUNK_BYTES[0]:
        return PixelSelector(image, background, labels)
    return _tabulate(image, background, labels, changes, width)


def _choose_width(changes, n_pixels, n_segments, pixel_bytes):
    """Return how many pixels make a chunk.

    A chunk of m runs of equal labels has ``2 ** m`` patterns at most. These are powers
    of floats: m may be beyond what integers hold.
    """
    n_images = np.clip(TABLE_BYTES / (n_pixels * pixel_bytes), *TABLE_IMAGES)
    width = 1 << max(1, CHUNK_BYTES[1] // pixel_bytes).bit_length() - 1
    while width > 1:
        inside = changes[changes % width > 0] // width
        n_runs = 1 + np.bincount(inside, minlength=-(-n_pixels // width))
        n_patterns = np.exp2(np.minimum(n_runs, n_segments)).sum()
        if n_patterns * width <= n_images * n_pixels:
            break
        width //= 2
    return width


def _tabulate(image, background, labels, changes, width):
    """Return the table of chunks of `width` pixels; labels change at `changes`."""
    n_pixels, n_segments = len(labels), int(labels.max()) + 1
    n_chunks = -(-n_pixels // width)
    is_start = np.zeros(n_chunks * width, dtype=bool)
    is_start[changes] = is_start[::width] = True
    starts = np.flatnonzero(is_start)  # of runs within chunks
    pairs, which = np.unique(
        starts // width * n_segments + labels[starts], return_inverse=True
    )
    chunk, segment = np.divmod(pairs, n_segments)
    ends = np.searchsorted(chunk, np.arange(n_chunks + 1))
    bit = np.arange(len(chunk)) - ends[chunk]  # the place of a segment in the code
    n_patterns = 1 << np.diff(ends)
    first = np.cumsum(n_patterns) - n_patterns
    place_values = sparse.csr_array(
        ((1 << bit).astype(np.int32), segment, ends), shape=(n_chunks, n_segments)
    )
    run_lengths = np.diff(starts, append=n_chunks * width)
    pixel_bit = np.repeat(bit[which].astype(np.uint8), run_lengths).reshape(-1, width)
    patterns = _write_patterns(image, background, pixel_bit, first, n_patterns)
    return PatternTable(patterns, first, place_values)


def _write_patterns(image, background, pixel_bit, first, n_patterns):
    """Return the bytes of all patterns, shape (n_patterns, chunk_bytes)."""
    n_chunks, width = pixel_bit.shape
    padding = (0, n_chunks * width - len(image)), (0, 0)
    image, background = (
        np.pad(array, padding).reshape(n_chunks, width, -1)
        for array in (image, background)
    )
    chunk = np.repeat(np.arange(n_chunks), n_patterns)
    code = (np.arange(len(chunk)) - first[chunk]).astype(np.uint32)[:, np.newaxis]
    patterns = np.empty((len(chunk), *image.shape[1:]), dtype=np.uint8)
    n_rows = max(1, BLOCK_BYTES // patterns[0].nbytes)
    for start in range(0, len(chunk), n_rows):
        some = slice(start, start + n_rows)
        shown = (code[some] >> pixel_bit[chunk[some]] & 1).astype(bool)
        patterns[some] = select_pixels(
            shown, image[chunk[some]], background[chunk[some]]
        )
    return patterns.reshape(len(chunk), -1)


def select_pixels(shown, image, background):
    """Return the bytes of the image where a pixel is shown, else of the background.

    Parameters
    ----------
    shown : ndarray of any shape, dtype bool
        Of each pixel.
    image, background : ndarray of shape (*shape, pixel_bytes), dtype uint8
        What to choose from.

    Returns
    -------
    ndarray of shape (*shape, pixel_bytes), dtype uint8
        ``np.where``, without its branch for each byte.

    Examples
    --------
    >>> import numpy as np
    >>> image = np.array([[1, 2], [3, 4]], dtype=np.uint8)
    >>> select_pixels(np.array([False, True]), image, 10 * image)
    array([[10, 20],
           [ 3,  4]], dtype=uint8)
    """
    every_bit = np.negative(shown.view(np.uint8))
    selected = np.repeat(every_bit, image.shape[-1]).reshape(image.shape)
    selected &= image ^ background
    selected ^= background
    return selected
