"""Choose the few segments that a surrogate may use."""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Integral, Real
from typing import Any

import numpy as np
from sklearn.linear_model import Ridge, lars_path, lasso_path

from sklime._parameters import name_call
from sklime._typing import Array, Booleans, Indices, Integers
from sklime._warnings import ignore
from sklime.surrogate._fit import fit_weighted

FEW_SEGMENTS = 6  # up to here lime selects forward, where it may choose
SELECTION_PENALTY = 0.01  # lime's, of the ridge regression behind "highest_weights"
COLLINEAR = 1e-10
ROUNDING = 1e-9  # .29 * 100 is 28.999999999999996


def select_highest_weights(
    samples: Booleans, predictions: Array, sample_weights: Array, n_segments: int
) -> Integers:
    """Return the segments with the largest weights in a ridge regression.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    predictions : ndarray of shape (n,) or (n, n_labels)
        The black box's outputs; several labels count together.
    sample_weights : ndarray of shape (n,)
        Weight of each perturbation.
    n_segments : int
        How many to choose.

    Returns
    -------
    ndarray of int of shape (n_segments,)
        Indices, the largest absolute weight (for several labels the largest root of
        summed squares) first.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.sampling import enumerate_samples
    >>> samples = enumerate_samples(4)
    >>> predictions = samples @ [0.1, -0.5, 0.0, 0.3]
    >>> select_highest_weights(samples, predictions, np.ones(16), 2)
    array([1, 3])
    """
    ridge = Ridge(alpha=SELECTION_PENALTY)
    ridge.fit(samples.astype(np.float64), predictions, sample_weight=sample_weights)
    strength = np.linalg.norm(np.atleast_2d(ridge.coef_), axis=0)
    return np.argsort(-strength, kind="stable")[:n_segments]


def select_forward(
    samples: Booleans, predictions: Array, sample_weights: Array, n_segments: int
) -> Integers:
    """Return segments one after the other, each the one that helps a line most.

    The next segment is the one with which weighted least squares leaves the smallest
    squared error. No regression is fitted for that: the normal equations are reduced
    by each chosen segment, which costs d² operations where refitting for every
    candidate costs n d times the square of the number chosen.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    predictions : ndarray of shape (n,) or (n, n_labels)
        The black box's outputs; the errors of several labels add up.
    sample_weights : ndarray of shape (n,)
        Weight of each perturbation.
    n_segments : int
        How many to choose.

    Returns
    -------
    ndarray of int of shape (n_segments,)
        Indices in the order of choice.

    References
    ----------
    S. Chen, C. F. N. Cowan and P. M. Grant, "Orthogonal least squares learning
    algorithm for radial basis function networks", IEEE Transactions on Neural
    Networks 2(2), 1991.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.sampling import enumerate_samples
    >>> samples = enumerate_samples(4)
    >>> predictions = samples @ [0.1, -0.5, 0.0, 0.3]
    >>> select_forward(samples, predictions, np.ones(16), 3)
    array([1, 3, 0])
    """
    rows, targets = _centre(samples, predictions, sample_weights)
    gram, moments = rows.T @ rows, rows.T @ targets
    smallest = COLLINEAR * gram.diagonal()
    chosen: list[int] = []
    for _ in range(min(n_segments, samples.shape[1])):
        variances = gram.diagonal()
        free = variances > smallest  # else the chosen ones say all that it says
        gains = np.zeros(len(gram))
        np.divide((moments**2).sum(axis=1), variances, out=gains, where=free)
        gains[chosen] = -1
        best = int(gains.argmax())
        chosen.append(best)
        if free[best]:
            column = gram[:, best] / variances[best]
            moments = moments - np.outer(column, moments[best])
            gram = gram - np.outer(column, gram[best])
    return np.array(chosen, dtype=np.intp)


def select_lasso_path(
    samples: Booleans, predictions: Array, sample_weights: Array, n_segments: int
) -> Integers:
    """Return the segments at the last point of a lasso path with no more than asked.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    predictions : ndarray of shape (n,) or (n, n_labels)
        The black box's outputs; for several labels a group lasso, on a grid of
        penalties, drops segments from all of them together.
    sample_weights : ndarray of shape (n,)
        Weight of each perturbation.
    n_segments : int
        How many to choose at most, at least 1.

    Returns
    -------
    ndarray of int
        Indices, the largest absolute coefficient first.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.sampling import enumerate_samples
    >>> samples = enumerate_samples(4)
    >>> predictions = samples @ [0.1, -0.5, 0.0, 0.3]
    >>> select_lasso_path(samples, predictions, np.ones(16), 2)
    array([1, 3])
    """
    rows, targets = _centre(samples, predictions, sample_weights)
    if targets.shape[1] == 1:
        with ignore("Early stopping the lars path|Regressors in active set degenerate"):
            _, _, coefs = lars_path(rows, targets[:, 0], method="lasso")
    else:
        _, coefs, _ = lasso_path(rows, targets)
    strength = np.linalg.norm(coefs.reshape(-1, *coefs.shape[-2:]), axis=0)
    counts = np.count_nonzero(strength, axis=0)
    fitting = np.flatnonzero((counts > 0) & (counts <= n_segments))
    if not len(fitting):  # nothing to explain, or several enter at once
        return select_highest_weights(samples, predictions, sample_weights, n_segments)
    strength = strength[:, fitting[-1]]
    return np.argsort(-strength, kind="stable")[: counts[fitting[-1]]]


def _centre(samples, predictions, sample_weights):
    """Return both as float of 2 dimensions, weighted and less their weighted mean."""
    roots = np.sqrt(sample_weights)[:, np.newaxis]
    both = samples, np.reshape(predictions, (len(samples), -1))
    return [(a - np.average(a, 0, weights=sample_weights)) * roots for a in both]


SELECTIONS = {
    "highest_weights": select_highest_weights,
    "forward_selection": select_forward,
    "lasso_path": select_lasso_path,
}


def select_segments(
    samples: Booleans,
    predictions: Array,
    sample_weights: Array,
    feature_selector: Any = None,
    max_segments: float | None = None,
    segment_subset: Indices | None = None,
    random_state: int = 0,
) -> Booleans:
    """Return which segments a surrogate may use.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    predictions : ndarray of shape (n,) or (n, n_labels)
        What the surrogate learns.
    sample_weights : ndarray of shape (n,)
        Weight of each perturbation.
    feature_selector : str or selector, default=None
        "highest_weights", "forward_selection", "lasso_path" or a selector of
        scikit-learn. None is forward selection of up to six segments, else the
        highest weights, as in lime; without `max_segments` it is all segments.
    max_segments : int or float, default=None
        How many of them, or which share, for a name.
    segment_subset : sequence of int, default=None
        The only segments to choose from; None is all.
    random_state : int, default=0
        Seed of a selector.

    Returns
    -------
    ndarray of shape (d,), dtype bool
        True for the chosen ones.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.sampling import enumerate_samples
    >>> samples = enumerate_samples(4)
    >>> predictions = samples @ [0.1, -0.5, 0.0, 0.3]
    >>> select_segments(samples, predictions, np.ones(16), max_segments=0.5)
    array([False,  True, False,  True])
    """
    n_segments = samples.shape[1]
    candidates = np.arange(n_segments)
    if segment_subset is not None:
        candidates = np.unique(np.asarray(segment_subset, dtype=np.intp))
    known = samples[:, candidates]
    if not (feature_selector is None or isinstance(feature_selector, str)):
        name = "feature_selector"
        args = known, predictions, sample_weights, random_state, name
        selector = fit_weighted(feature_selector, *args)
        with name_call(name, selector, "get_support", "indices=True"):
            chosen = selector.get_support(indices=True)
    elif max_segments is None:
        chosen = slice(None)
    else:
        n_chosen = _count(max_segments, len(candidates))
        few = n_chosen <= FEW_SEGMENTS
        auto = "forward_selection" if few else "highest_weights"
        select = SELECTIONS[feature_selector or auto]
        chosen = select(known, predictions, sample_weights, n_chosen)
    mask = np.zeros(n_segments, dtype=bool)
    mask[candidates[chosen]] = True
    return mask


def _count(max_segments, n_segments):
    """Return a number of segments for a number or a share."""
    if isinstance(max_segments, Integral):
        return min(int(max_segments), n_segments)
    return max(1, int(max_segments * n_segments + ROUNDING))


def check_selection(feature_selector: Any = None, max_segments: Any = None) -> None:
    """Refuse a choice of segments that cannot be made.

    Parameters
    ----------
    feature_selector, max_segments : object
        See `select_segments`.

    Raises
    ------
    TypeError, ValueError
        For an unknown name, an object that is not a selector, an invalid
        `max_segments`, a name without `max_segments`, or a selector with it.
    """
    if feature_selector is not None:
        _check_selector(feature_selector)
    named = isinstance(feature_selector, str)
    if named and max_segments is None:
        raise ValueError(
            f"feature_selector={feature_selector!r} needs max_segments, a number or a "
            "share of the segments. Got None."
        )
    if max_segments is None:
        return
    if not _is_count(max_segments):
        raise ValueError(
            "max_segments must be an integer of at least 1, a share in the range "
            f"(0, 1], or None for all segments. Got {max_segments!r}."
        )
    if feature_selector is not None and not named:
        raise ValueError(
            "max_segments must be None where feature_selector decides itself how many "
            f"it keeps. Got {max_segments!r} for {feature_selector!r}; set its own "
            "parameter."
        )


def _check_selector(feature_selector):
    """Refuse an unknown name and what is no selector."""
    known = ", ".join(map(repr, SELECTIONS))
    if isinstance(feature_selector, str):
        if feature_selector in SELECTIONS:
            return
        raise ValueError(
            f"feature_selector must be one of {known}, a selector of scikit-learn or "
            "None (forward selection of up to six segments, else the highest weights). "
            f"Got {feature_selector!r}."
        )
    methods = ("fit", "get_support")
    selects = all(hasattr(feature_selector, method) for method in methods)
    if isinstance(feature_selector, type) or not selects:
        raise TypeError(
            f"feature_selector must be one of {known}, an object with 'fit' and "
            "'get_support' such as SelectKBest(f_regression, k=5), or None. Got "
            f"{feature_selector!r}."
        )


def _is_count(value):
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value) >= 1
    is_share = isinstance(value, Real) and not isinstance(value, bool)
    return is_share and 0 < float(value) <= 1
