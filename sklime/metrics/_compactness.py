"""Compactness: on how few segments an explanation rests."""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np
from scipy import stats

from sklime._typing import ArrayLike


def sparseness(values: ArrayLike) -> float:
    r"""Return the Gini index of absolute values.

    With :math:`|v|_{(1)} \le \dots \le |v|_{(n)}` it is :math:`\sum_i (2i - n - 1)
    |v|_{(i)} / (n \sum_i |v|_{(i)})` [1]_.

    Parameters
    ----------
    values : array-like of any shape
        Weights of segments, or a heat map.

    Returns
    -------
    float
        In [0, 1): 0 where all values are of equal size, also where all are zero;
        ``1 - 1 / n`` where all but one are zero.

    Raises
    ------
    ValueError
        If there are no values, or not all are finite.

    See Also
    --------
    complexity : The entropy of the same sizes.

    References
    ----------
    .. [1] P. Chalasani, J. Chen, A. R. Chowdhury, X. Wu and S. Jha, "Concise
       explanations of neural networks using adversarial training", ICML 2020.

    Examples
    --------
    >>> sparseness([0, 0, -3, 0]), sparseness([1, -1, 1, 1])
    (0.75, 0.0)
    """
    sizes = np.sort(_measure_sizes(values))
    n = sizes.size
    ranks = np.arange(1, n + 1)
    return float((2 * ranks - n - 1) @ sizes / (n * sizes.sum()))


def complexity(values: ArrayLike, *, normalize: bool = False) -> float:
    r"""Return the entropy of the shares that absolute values have in their sum.

    With :math:`p_i = |v_i| / \sum_j |v_j|` it is :math:`-\sum_i p_i \ln p_i` [1]_. Its
    exponential is the number of equal values that would be as complex.

    Parameters
    ----------
    values : array-like of any shape
        Weights of segments, or a heat map.
    normalize : bool, default=False
        Whether to divide by the largest possible entropy, ``ln(n)``, so that
        segmentations of different sizes can be compared.

    Returns
    -------
    float
        In nats, 0 to ``ln(n)``, or 0 to 1: 0 where all but one value are zero. Where
        all are zero they are of equal size, and it is the largest: an explanation that
        says nothing is not a simple one.

    Raises
    ------
    ValueError
        If there are no values, or not all are finite.

    See Also
    --------
    sparseness : The Gini index of the same sizes.

    References
    ----------
    .. [1] U. Bhatt, A. Weller and J. M. F. Moura, "Evaluating and aggregating
       feature-based model explanations", IJCAI 2020.

    Examples
    --------
    >>> round(complexity([2, -2, 0, 0]), 3), complexity([0, 5, 0])
    (0.693, 0.0)
    >>> complexity([2, -2, 0, 0], normalize=True)
    0.5
    """
    sizes = _measure_sizes(values)
    entropy = float(stats.entropy(sizes))
    if not normalize:
        return entropy
    return entropy / float(np.log(sizes.size)) if sizes.size > 1 else 0.0


def _measure_sizes(values):
    """Return absolute values as one row, the largest 1, so that no sum overflows.

    Values that are all zero are of one size.
    """
    sizes = np.abs(np.asarray(values, dtype=np.float64)).ravel()
    if not sizes.size or not np.isfinite(sizes).all():
        raise ValueError(
            "values must be at least one number, all of them finite. Got shape "
            f"{np.shape(values)}, {np.count_nonzero(~np.isfinite(sizes))} not finite."
        )
    largest = sizes.max()
    return sizes / largest if largest > 0 else np.ones(sizes.size)
