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

CHUNK_BYTES = 256
# A table should stay in the processor's cache, and never be many times the image.
TABLE_BYTES = 8 * 2**20
TABLE_IMAGES = 4, 24  # but may, or must not, hold so many


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


class Touches(NamedTuple):
    """Which segments touch which chunk, an entry for each pair.

    Attributes
    ----------
    chunk, segment : ndarray of shape (n_pairs,)
        Sorted by chunk, then by segment.
    bit : ndarray of shape (n_pairs,)
        The place of the segment in the code of the chunk, from 0.
    pixel_bit : ndarray of shape (n_chunks, width)
        That of each pixel's segment.
    """

    chunk: np.ndarray
    segment: np.ndarray
    bit: np.ndarray
    pixel_bit: np.ndarray


def tabulate_patterns(image, background, labels):
    """Return the patterns of an image.

    A chunk has as many pixels, a power of two, as go into `CHUNK_BYTES`, or fewer
    where segments are so small that there were too many patterns.

    Parameters
    ----------
    image, background : ndarray of shape (n_pixels, pixel_bytes), dtype uint8
        What each pixel shows, and what it does when its segment is hidden.
    labels : ndarray of shape (n_pixels,)
        The segment of each pixel, 0..d-1.

    Returns
    -------
    PatternTable
        The last chunk may end with bytes that belong to no pixel.

    Examples
    --------
    >>> import numpy as np
    >>> image = np.array([[1], [2], [3], [4]], dtype=np.uint8)
    >>> table = tabulate_patterns(image, 0 * image, np.array([0, 0, 1, 0]))
    >>> table.patterns[:, :4]
    array([[0, 0, 0, 0],
           [1, 2, 0, 4],
           [0, 0, 3, 0],
           [1, 2, 3, 4]], dtype=uint8)
    >>> table.choose(np.array([[True, True], [False, True]]))
    array([[3],
           [2]])
    """
    touches = _find_touches(labels, _choose_width(labels, image.shape[1]))
    n_touching = np.bincount(touches.chunk)
    n_patterns = 1 << n_touching
    first = np.cumsum(n_patterns) - n_patterns
    place_values = sparse.csr_array(
        (
            (1 << touches.bit).astype(np.int32),
            touches.segment,
            np.append(0, np.cumsum(n_touching)),
        ),
        shape=(len(first), labels.max() + 1),
    )
    patterns = _write_patterns(image, background, touches.pixel_bit, first, n_patterns)
    return PatternTable(patterns, first, place_values)


def _choose_width(labels, pixel_bytes):
    """Return how many pixels make a chunk.

    A chunk of m runs of equal labels has ``2 ** m`` patterns at most. These are powers
    of floats: m may be beyond what integers hold.
    """
    changes = np.flatnonzero(np.diff(labels)) + 1
    n_images = np.clip(TABLE_BYTES / (len(labels) * pixel_bytes), *TABLE_IMAGES)
    width = 1 << max(1, CHUNK_BYTES // pixel_bytes).bit_length() - 1
    while width > 1:
        inside = changes[changes % width > 0] // width
        n_runs = 1 + np.bincount(inside, minlength=-(-len(labels) // width))
        if np.exp2(n_runs).sum() * width <= n_images * len(labels):
            break
        width //= 2
    return width


def _find_touches(labels, width):
    """Return the segments in each chunk of `width` pixels.

    Labels change at the ends of few runs of pixels, which are all there is to sort.
    """
    n_segments = int(labels.max()) + 1
    labels = np.pad(labels, (0, -len(labels) % width), mode="edge")
    pairs = np.arange(len(labels)) // width * n_segments + labels
    starts = np.flatnonzero(np.diff(pairs, prepend=-1))
    found, which = np.unique(pairs[starts], return_inverse=True)
    chunk, segment = np.divmod(found, n_segments)
    bit = np.arange(len(chunk)) - np.searchsorted(chunk, chunk)
    pixel_bit = np.repeat(bit[which], np.diff(starts, append=len(labels)))
    return Touches(chunk, segment, bit, pixel_bit.reshape(-1, width))


def _write_patterns(image, background, pixel_bit, first, n_patterns):
    """Return the bytes of all patterns, shape (n_patterns, chunk_bytes)."""
    n_chunks, width = pixel_bit.shape
    padding = (0, n_chunks * width - len(image)), (0, 0)
    chunk = np.repeat(np.arange(n_chunks), n_patterns)
    code = np.arange(len(chunk)) - first[chunk]
    shown = (code[:, np.newaxis] >> pixel_bit[chunk] & 1).astype(bool)
    image, background = (
        np.pad(array, padding).reshape(n_chunks, width, -1)[chunk]
        for array in (image, background)
    )
    return select_pixels(shown, image, background).reshape(len(chunk), -1)


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
