"""Check rows of samples, and tell them apart."""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np

from sklime._typing import Booleans


def check_rows(samples, n_segments=None) -> Booleans:
    """Return samples as an array, or say what is wrong with them.

    Parameters
    ----------
    samples : array-like of shape (n, d), dtype bool
        Which segments are shown.
    n_segments : int, default=None
        Number of segments, d; None accepts any.

    Returns
    -------
    ndarray of shape (n, d), dtype bool
        The same.

    Raises
    ------
    TypeError, ValueError
        If they are not booleans of that shape.

    Examples
    --------
    >>> check_rows([[True, False]], 2)
    array([[ True, False]])
    """
    samples = np.asarray(samples)
    if samples.dtype != bool:  # 2 or 0.5 would mix the bits of two images
        raise TypeError(
            "samples must be booleans, True where a segment is shown. Got dtype "
            f"{samples.dtype}; zeros and ones can be passed as samples.astype(bool)."
        )
    if samples.ndim != 2 or samples.shape[1] != (n_segments or samples.shape[1]):
        raise ValueError(
            "samples must have a row for each image and a column for each of the "
            f"{n_segments or ''} segments. Got shape {samples.shape}."
        )
    return samples


def find_distinct_rows(samples):
    """Return where each distinct row stands first, and which one each row is.

    The distinct rows keep the order in which they first appear.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.

    Returns
    -------
    first : ndarray of shape (n_distinct,)
        Index of the first of each.
    which : ndarray of shape (n,)
        Index into `first`.

    Examples
    --------
    >>> import numpy as np
    >>> first, which = find_distinct_rows(np.array([[True], [False], [True]]))
    >>> first[which]
    array([0, 1, 0])
    """
    keys = [row.tobytes() for row in np.packbits(samples, axis=1)]
    numbers: dict[bytes, int] = {}
    found = [numbers.setdefault(key, len(numbers)) for key in keys]
    which = np.array(found, dtype=np.intp)
    return np.unique(which, return_index=True)[1], which


def are_all_combinations(samples):
    """Return whether nothing is left that could be shown and was not.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.

    Returns
    -------
    bool
        True if the rows are all combinations of those segments that are ever hidden.

    Examples
    --------
    >>> import numpy as np
    >>> samples = np.array([[True, True], [False, True]])
    >>> are_all_combinations(samples), are_all_combinations(samples[:1])
    (True, True)
    >>> are_all_combinations(np.array([[True, True], [False, False]]))
    False
    """
    n_hidden = int(np.count_nonzero(~samples.all(axis=0)))
    return len(find_distinct_rows(samples)[0]) == 2**n_hidden
