"""In which step each pixel is inserted or deleted, as a label map of steps."""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np


def rank_units(weights):
    """Return units in the order in which they are inserted or deleted.

    Parameters
    ----------
    weights : array-like of any shape
        Signed weight of each pixel or segment.

    Returns
    -------
    ndarray of int of shape (n,)
        Indices into the raveled weights, the largest first, equal ones as they stand.

    Examples
    --------
    >>> rank_units([[0.0, 2.0], [-1.0, 2.0]])
    array([1, 3, 0, 2])
    """
    return np.argsort(-np.asarray(weights), axis=None, kind="stable")


def step_pixels(order, n_steps):
    """Return the step of each pixel, for equal steps of area.

    Parameters
    ----------
    order : ndarray of int of shape (n_pixels,)
        The pixels in order.
    n_steps : int
        After step k the first ``round(k * n_pixels / n_steps)`` are taken. Steps in
        which nothing would be taken are left out.

    Returns
    -------
    steps : ndarray of int of shape (n_pixels,)
        0..m-1.
    areas : ndarray of shape (m + 1,)
        The share of pixels taken before and after each step, 0 to 1.

    Examples
    --------
    >>> step_pixels(np.array([2, 0, 1, 3]), 3)
    (array([1, 1, 0, 2]), array([0.  , 0.25, 0.75, 1.  ]))
    """
    n_pixels = len(order)
    counts = np.unique(np.rint(np.arange(n_steps + 1) * n_pixels / n_steps))
    return _number_steps(order, counts.astype(np.intp)), counts / n_pixels


def step_segments(order, sizes, n_steps=None):
    """Return the step of each segment: whole segments, none cut.

    Parameters
    ----------
    order : ndarray of int of shape (d,)
        The segments in order.
    sizes : ndarray of int of shape (d,)
        The number of pixels of each.
    n_steps : int, default=None
        None takes one segment in each step; else as many as fit into each of so many
        equal steps of area. Steps in which nothing would be taken are left out.

    Returns
    -------
    steps : ndarray of int of shape (d,)
        0..m-1.
    areas : ndarray of shape (m + 1,)
        The share of their pixels taken before and after each step, 0 to 1.

    Examples
    --------
    >>> step_segments(np.array([1, 0, 2]), np.array([2, 1, 5]), n_steps=2)
    (array([0, 0, 1]), array([0.   , 0.375, 1.   ]))
    """
    totals = np.append(0, np.cumsum(sizes[order]))
    counts = np.arange(len(order) + 1)
    if n_steps is not None:  # in whole numbers: 0.3 * 10 is less than 3
        targets = np.arange(n_steps + 1) * totals[-1]
        counts = np.unique(np.searchsorted(totals * n_steps, targets, "right") - 1)
    return _number_steps(order, counts), totals[counts] / totals[-1]


def _number_steps(order, counts):
    """Return the step of each unit, given how many are taken after each step."""
    steps = np.empty(len(order), dtype=np.intp)
    steps[order] = np.repeat(np.arange(len(counts) - 1), np.diff(counts))
    return steps
