"""Repeats: how far several explanations of one image agree, on arrays.

A row for each run, a column for each segment.
"""
# SPDX-License-Identifier: BSD-3-Clause

from itertools import combinations

import numpy as np
from scipy import stats
from scipy.spatial.distance import pdist

from sklime._typing import Array, ArrayLike, Booleans
from sklime.metrics._checks import check_count

Z_95 = 1.96


def jaccard_top_k(weights: ArrayLike, k: int = 5) -> float:
    """Return how far the most important segments of several runs are the same.

    Parameters
    ----------
    weights : array-like of shape (m, d)
        Signed weights of the segments, a row for each run.
    k : int, default=5
        How many segments with the largest absolute weight are compared, see
        `select_top`.

    Returns
    -------
    float
        In [0, 1]: the mean over pairs of runs of the number of segments that both
        chose, divided by the number that either chose. Two runs that chose none agree:
        never read this alone.

    Raises
    ------
    ValueError
        If there are fewer than two runs, weights are not finite, or k is not a
        positive integer.

    Examples
    --------
    >>> round(jaccard_top_k([[5, -4, 0, 1], [5, 2, -4, 1]], k=2), 3)
    0.333
    """
    return float(np.mean(1 - pdist(select_top(weights, k), "jaccard")))


def rank_correlation(weights: ArrayLike) -> float:
    """Return how far several runs rank all segments alike.

    Parameters
    ----------
    weights : array-like of shape (m, d)
        Signed weights of the segments, a row for each run.

    Returns
    -------
    float
        In [-1, 1]: the mean over pairs of runs of Spearman's rank correlation of the
        signed weights. A run whose weights are all equal has no ranks: with it the
        correlation is 1 where both runs are the same, else 0.

    Raises
    ------
    ValueError
        If there are fewer than two runs, or weights are not finite.

    Examples
    --------
    >>> rank_correlation([[1, 2, 3], [10, 20, 40], [3, 2, 1]]).__round__(3)
    -0.333
    """
    pairs = combinations(_check_weights(weights), 2)
    return float(np.mean([_correlate_ranks(*pair) for pair in pairs]))


def _correlate_ranks(first, second):
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return float(np.array_equal(first, second))
    return stats.spearmanr(first, second).statistic


def variables_stability_index(selected: ArrayLike) -> float:
    """Return how far several runs select the same segments, in percent (VSI).

    Parameters
    ----------
    selected : array-like of shape (m, d), dtype bool
        Which segments each run selected, the same number in every run.

    Returns
    -------
    float
        In [0, 100]: the mean over pairs of runs of the share of segments that both
        selected [1]_. NaN where no run selected any.

    Raises
    ------
    ValueError
        If there are fewer than two runs, or they selected different numbers.

    See Also
    --------
    jaccard_top_k : For any numbers.

    References
    ----------
    .. [1] G. Visani, E. Bagli, F. Chesani, A. Poluzzi and D. Capuzzo, "Statistical
       stability indices for LIME: Obtaining reliable explanations for machine
       learning models", Journal of the Operational Research Society 73, 2022.

    Examples
    --------
    >>> variables_stability_index([[True, True, False], [False, True, True]])
    50.0
    """
    selected = _check_rows(selected, "selected").astype(bool)
    sizes = selected.sum(axis=1)
    if (sizes != sizes[0]).any():
        raise ValueError(
            "selected must have the same number of segments in every run. Got "
            f"{sizes.tolist()}; jaccard_top_k compares runs of different numbers."
        )
    if sizes[0] == 0:
        return np.nan
    both = [np.count_nonzero(a & b) for a, b in combinations(selected, 2)]
    return float(100 * np.mean(both) / sizes[0])


def coefficients_stability_index(
    weights: ArrayLike, standard_errors: ArrayLike, selected: ArrayLike | None = None
) -> float:
    """Return how far several runs give segments the same weight, in percent (CSI).

    Parameters
    ----------
    weights : array-like of shape (m, d)
        Signed weights of the segments, a row for each run.
    standard_errors : array-like of shape (m, d)
        Of the weights, see `standard_errors`. Wide intervals overlap easily: errors
        that are too large make the index too large.
    selected : array-like of shape (m, d), dtype bool, default=None
        Which segments each run selected; None is those whose weight is not zero.

    Returns
    -------
    float
        In [0, 100]: for each segment that two runs or more selected the share of pairs
        of these runs whose intervals of ``weight ± 1.96 standard errors`` overlap; of
        these the mean [1]_. NaN where no segment was selected twice.

    Raises
    ------
    ValueError
        If there are fewer than two runs, shapes differ, values are not finite, or
        errors are negative.

    References
    ----------
    .. [1] G. Visani, E. Bagli, F. Chesani, A. Poluzzi and D. Capuzzo, "Statistical
       stability indices for LIME: Obtaining reliable explanations for machine
       learning models", Journal of the Operational Research Society 73, 2022.

    Examples
    --------
    >>> weights = [[1.0, 0.0], [1.1, 2.0], [1.5, 3.0]]
    >>> errors = [[0.1, 0.1], [0.1, 0.1], [0.1, 0.1]]
    >>> coefficients_stability_index(weights, errors).__round__(2)
    16.67
    """
    weights = _check_weights(weights)
    margins = Z_95 * _check_weights(standard_errors, "standard_errors")
    selected = weights != 0 if selected is None else _check_rows(selected, "selected")
    if not weights.shape == margins.shape == selected.shape:
        raise ValueError(
            "weights, standard_errors and selected must have the same shape. Got "
            f"{weights.shape}, {margins.shape} and {selected.shape}."
        )
    if margins.min() < 0:
        raise ValueError(
            "standard_errors must be at least 0. Got "
            f"{margins.min() / Z_95:g} as the smallest."
        )
    first, second = np.triu_indices(len(weights), k=1)
    both = selected.astype(bool)[first] & selected.astype(bool)[second]
    gaps = np.abs(weights[first] - weights[second])
    overlap = both & (gaps <= margins[first] + margins[second])
    n_pairs = both.sum(axis=0)
    compared = n_pairs > 0
    if not compared.any():
        return np.nan
    return float(100 * np.mean(overlap.sum(axis=0)[compared] / n_pairs[compared]))


def select_top(weights: ArrayLike, k: int = 5) -> Booleans:
    """Return which segments have the largest absolute weights in each run.

    Parameters
    ----------
    weights : array-like of shape (m, d)
        Signed weights of the segments, a row for each run.
    k : int, default=5
        How many. Segments whose weight is zero are never among them; of equal ones
        the first are.

    Returns
    -------
    ndarray of shape (m, d), dtype bool
        At most k are True in each row.

    Raises
    ------
    ValueError
        If there are fewer than two runs, weights are not finite, or k is not a
        positive integer.

    Examples
    --------
    >>> select_top([[5, -4, 0, 1], [0, 0, 0, 1]], k=2)
    array([[ True,  True, False, False],
           [False, False, False,  True]])
    """
    check_count("k", k, 1)
    sizes = np.abs(_check_weights(weights))
    ranks = np.argsort(np.argsort(-sizes, axis=1, kind="stable"), axis=1)
    return (ranks < k) & (sizes > 0)


def _check_weights(weights, name="weights") -> Array:
    weights = _check_rows(weights, name).astype(np.float64)
    if not np.isfinite(weights).all():
        n_bad = np.count_nonzero(~np.isfinite(weights))
        raise ValueError(f"{name} must be finite. Got {n_bad} values that are not.")
    return weights


def _check_rows(values, name) -> Array:
    values = np.asarray(values)
    if values.ndim != 2 or len(values) < 2 or values.shape[1] == 0:
        raise ValueError(
            f"{name} must have a row for each of at least two runs and a column for "
            f"each segment. Got shape {values.shape}."
        )
    return values
