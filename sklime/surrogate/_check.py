"""Check the arrays that are passed by hand."""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np

from sklime._rows import check_rows


def check_arrays(samples, predictions, sample_weights):
    """Return samples, outputs and weights as arrays that belong together.

    Parameters
    ----------
    samples : array-like of shape (n, d), dtype bool
        Which segments are shown.
    predictions : array-like of shape (n, n_outputs)
        The black box's outputs.
    sample_weights : array-like of shape (n,)
        Weight of each perturbation.

    Returns
    -------
    samples : ndarray of shape (n, d), dtype bool
        The same, here and below.
    predictions : ndarray of shape (n, n_outputs), dtype float64
        The outputs.
    sample_weights : ndarray of shape (n,), dtype float64
        The weights.

    Raises
    ------
    TypeError, ValueError
        If they are of other shapes or types, or weights are negative or all zero.
    """
    samples = check_rows(samples)
    predictions = np.asarray(predictions, dtype=np.float64)
    sample_weights = np.asarray(sample_weights, dtype=np.float64)
    n_rows = len(samples)
    if predictions.ndim != 2 or len(predictions) != n_rows or not predictions.size:
        raise ValueError(
            f"predictions must have a row for each of the {n_rows} samples and a "
            f"column for each output. Got shape {predictions.shape}."
        )
    fits = sample_weights.shape == (n_rows,) and (sample_weights >= 0).all()
    if not (fits and sample_weights.any()):
        raise ValueError(
            f"sample_weights must be {n_rows} numbers, none negative and not all zero. "
            f"Got shape {sample_weights.shape}."
        )
    return samples, predictions, sample_weights


def check_indices(indices, n_known, name):
    """Return indices of columns as a list, all of them for None.

    Parameters
    ----------
    indices : sequence of int or None
        Which columns.
    n_known : int
        How many there are.
    name : str
        What error messages call `indices`.

    Returns
    -------
    list of int
        At least one, in the order given.

    Raises
    ------
    ValueError
        If there are none, or one does not exist.

    Examples
    --------
    >>> check_indices(None, 3, "label_indices")
    [0, 1, 2]
    """
    if indices is None:
        return list(range(n_known))
    indices = list(indices)
    if not indices or not all(0 <= index < n_known for index in indices):
        raise ValueError(
            f"{name} must be at least one index from 0 to {n_known - 1}, or None for "
            f"all. Got {indices!r}."
        )
    return indices
