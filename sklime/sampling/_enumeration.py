"""All combinations of segments, and how to know them."""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Integral

import numpy as np
from sklearn.utils import check_scalar

from sklime._rows import find_distinct_rows
from sklime._typing import Booleans

MAX_ENUMERATED_SEGMENTS = 24


def check_counts(n_segments, n_perturbations=1, *, fewest=1):
    """Return how many columns and rows are wanted, as plain integers.

    Parameters
    ----------
    n_segments : int
        At least 1.
    n_perturbations : int, default=1
        At least `fewest`.
    fewest : int, default=1
        One is the image alone.

    Returns
    -------
    n_segments, n_perturbations : int
        The same.

    Raises
    ------
    TypeError, ValueError
        For other numbers.
    """
    check_scalar(n_segments, "n_segments", Integral, min_val=1)
    check_scalar(n_perturbations, "n_perturbations", Integral, min_val=fewest)
    return int(n_segments), int(n_perturbations)


def enumerate_samples(n_segments: int) -> Booleans:
    """Return every combination of segments once, the image itself first.

    Parameters
    ----------
    n_segments : int
        Number of segments, d, at most 24.

    Returns
    -------
    ndarray of shape (2 ** d, d), dtype bool
        The last row hides every segment.

    Raises
    ------
    ValueError
        For more segments.

    Examples
    --------
    >>> enumerate_samples(2)
    array([[ True,  True],
           [False,  True],
           [ True, False],
           [False, False]])
    """
    n_segments, _ = check_counts(n_segments)
    if n_segments > MAX_ENUMERATED_SEGMENTS:
        raise ValueError(
            f"n_segments must be at most {MAX_ENUMERATED_SEGMENTS} to list every "
            f"combination. Got {n_segments}; use fewer segments or another sampler."
        )
    rows = np.arange(2**n_segments)[:, np.newaxis]
    return (rows >> np.arange(n_segments) & 1) == 0


def is_enumeration(samples: Booleans) -> bool:
    """Return whether each combination of the varied segments stands there once.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown. A segment that is always shown is not varied.

    Returns
    -------
    bool
        True if nothing is left to draw.

    Examples
    --------
    >>> is_enumeration(enumerate_samples(3)), is_enumeration(enumerate_samples(3)[1:])
    (True, False)
    """
    samples = samples[:, ~samples.all(axis=0)]
    n_rows, n_varied = samples.shape
    if not 0 < n_varied <= MAX_ENUMERATED_SEGMENTS or n_rows != 2**n_varied:
        return False
    return len(find_distinct_rows(samples)[0]) == n_rows
