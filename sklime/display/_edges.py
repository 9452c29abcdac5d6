"""Find the borders between segments."""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np

from sklime._typing import Floats, Integers


def find_edges(segments: Integers) -> Floats:
    """Return the borders between segments as lines between pixels.

    Parameters
    ----------
    segments : ndarray of shape (H, W)
        Labels.

    Returns
    -------
    ndarray of shape (n_lines, 2, 2)
        Two points (x, y) a line, upright and level ones as long as they can be, in the
        coordinates of `matplotlib.pyplot.imshow`, where pixel (0, 0) is the square
        around the origin.

    Examples
    --------
    >>> import numpy as np

    from sklime._typing import Floats, Integers
    >>> find_edges(np.array([[0, 1], [0, 1]])).tolist()
    [[[0.5, -0.5], [0.5, 1.5]]]
    """
    upright = _find_runs(segments[:, 1:].T != segments[:, :-1].T)
    level = _find_runs(segments[1:] != segments[:-1])[..., ::-1]
    return np.concatenate([upright, level])


def _find_runs(edges):
    """Return where each run of True along a row begins and ends.

    Row and column are those of lines between pixels: (row + 0.5, column - 0.5).
    """
    padded = np.pad(edges, ((0, 0), (1, 1)))
    rows, starts = np.nonzero(padded[:, 1:] & ~padded[:, :-1])
    _, ends = np.nonzero(padded[:, :-1] & ~padded[:, 1:])
    runs = [(rows + 0.5, starts - 0.5), (rows + 0.5, ends - 0.5)]
    return np.array(runs).transpose(2, 0, 1)
