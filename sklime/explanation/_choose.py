"""Choose the segments that matter, by sign, number, weight and area."""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Integral, Real

import numpy as np

from sklime._typing import Array, DataRange, Integers, Sign
from sklime._warnings import warn

SIGNS = ("positive", "negative", "both")


def choose_segments(
    weights: Array,
    sizes: Integers,
    n_pixels: int,
    n: int | None = None,
    sign: Sign = "both",
    *,
    coverage: float | DataRange | None = None,
    min_weight: float = 0.0,
) -> Integers:
    """Return the segments that matter most, and no weaker one before a stronger.

    Parameters
    ----------
    weights : ndarray of shape (d,)
        Signed weight of each segment.
    sizes : ndarray of int of shape (d,)
        Number of pixels of each segment.
    n_pixels : int
        Number of pixels of the image.
    n : int, default=None
        How many segments at most; None is all.
    sign : {"positive", "negative", "both"}, default="both"
        Whether they speak for the label, against it, or either. A segment whose
        weight is zero does neither.
    coverage : float or pair of float, default=None
        The largest share of the image's area that they may cover, or the smallest and
        the largest; more than `n` are chosen if fewer do not reach the smallest.
    min_weight : float, default=0.0
        Smallest absolute weight, inclusive.

    Returns
    -------
    ndarray of int
        Indices, largest absolute weight first; equal ones in the order of segments.

    Raises
    ------
    ValueError
        For an unknown sign, a coverage outside [0, 1] or a `min_weight` that is not a
        number of at least 0.

    Warns
    -----
    UserWarning
        If the segments do not reach the smallest coverage, or the first of them is
        larger than the largest.

    Examples
    --------
    >>> import numpy as np
    >>> weights, sizes = np.array([0.1, -0.5, 0.3]), np.array([20, 50, 30])
    >>> choose_segments(weights, sizes, 100, sign="positive")
    array([2, 0])
    >>> choose_segments(weights, sizes, 100, coverage=0.8)
    array([1, 2])
    """
    if sign not in SIGNS:
        raise ValueError(f"sign must be one of {SIGNS}. Got {sign!r}.")
    if not isinstance(min_weight, Real) or not float(min_weight) >= 0:
        raise ValueError(
            f"min_weight must be a number of at least 0. Got {min_weight!r}."
        )
    low, high = _check_coverage(coverage)
    strength = {"positive": weights, "negative": -weights}.get(sign, np.abs(weights))
    order = np.argsort(-strength, kind="stable")
    order = order[(strength[order] > 0) & (strength[order] >= min_weight)]
    covered = np.cumsum(sizes[order]) / n_pixels
    n_wanted = len(order) if n is None else n
    if low > 0:
        n_wanted = max(n_wanted, np.searchsorted(covered, low) + 1)
    n_chosen = min(n_wanted, np.searchsorted(covered, high, side="right"))
    reached = covered[n_chosen - 1] if n_chosen else 0.0
    if reached < low or n_chosen == 0 < min(n_wanted, len(order)):
        _warn_of_coverage(n_chosen, reached, covered[n_chosen:], low, high)
    return order[:n_chosen]


def check_count(n, name="n"):
    """Return a number of segments, None for all of them, or say what is wrong."""
    if n is not None and (not isinstance(n, Integral) or isinstance(n, bool) or n < 0):
        raise ValueError(
            f"{name} must be an integer of at least 0, or None for all. Got {n!r}."
        )
    return n


def _check_coverage(coverage):
    """Return the smallest and the largest share of the area."""
    if coverage is None:
        return 0.0, 1.0
    limits = (0.0, coverage) if isinstance(coverage, Real) else coverage
    try:
        low, high = limits
        fits = not isinstance(coverage, bool) and 0 <= float(low) <= float(high) <= 1
    except (TypeError, ValueError):
        fits = False
    if not fits:
        raise ValueError(
            "coverage must be a share of the area in the range [0, 1], or a pair of "
            f"the smallest and the largest. Got {coverage!r}."
        )
    return float(low), float(high)


def _warn_of_coverage(n_chosen, reached, rest, low, high):
    """Warn that the area is not what was asked for."""
    cause = "there are no others"
    if len(rest):
        cause = f"the next one would make it {rest[0]:.2f}"
    warn(
        f"coverage should be from {low:g} to {high:g} of the area and is {reached:.2f} "
        f"with {n_chosen} segments of that sign and weight: {cause}. Pass other "
        "limits, or a segmenter that makes smaller segments."
    )
