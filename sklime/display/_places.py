"""Find where in a segment its number goes."""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np
from scipy import ndimage

from sklime._typing import Floats, Integers


def find_places(segments: Integers) -> tuple[Integers, Floats]:
    """Return the middle of each segment, and how much room is around it.

    It is the pixel farthest from the segment's border, not the centroid, which may lie
    outside of a crescent; of equally far ones the one next to the centroid.

    Parameters
    ----------
    segments : ndarray of shape (H, W)
        Labels 0..d-1; -1 where a pixel belongs to no segment.

    Returns
    -------
    places : ndarray of int of shape (d, 2)
        A pixel of each segment, (row, column).
    radii : ndarray of shape (d,)
        How many pixels from its centre to the segment's border.

    Examples
    --------
    >>> import numpy as np
    >>> segments = np.zeros((5, 8), dtype=int)
    >>> segments[:, 5:] = 1
    >>> places, radii = find_places(segments)
    >>> places.tolist(), radii.tolist()
    ([[2, 2], [2, 6]], [2.5, 1.5])
    """
    framed = np.pad(segments, 1, constant_values=-2)
    inner = np.ones(framed.shape, dtype=bool)
    for axis in (0, 1):
        for shift in (-1, 1):
            inner &= framed == np.roll(framed, shift, axis)
    # Border pixels are half a pixel away from the border itself.
    room = ndimage.distance_transform_edt(inner)[1:-1, 1:-1] + 0.5
    numbers = np.arange(segments.max() + 1)
    rows, cols = np.indices(segments.shape)
    middles = [ndimage.mean(part, segments, numbers) for part in (rows, cols)]
    away = np.hypot(rows - middles[0][segments], cols - middles[1][segments])
    preferred = room - 1e-3 * away / max(segments.shape)
    places = np.array(ndimage.maximum_position(preferred, segments, numbers))
    places = places.reshape(-1, 2)
    return places, room[tuple(places.T)]
