"""Least squares in closed form: every fold from the same few sums.

What a linear model with a quadratic penalty learns from rows depends on their moments
alone, sums over rows. Those of all rows, and of four fifths of them, are sums of those
of the fifths, so that five folds read the rows once, for all labels.
"""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Real
from typing import Any, NamedTuple

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve, lapack
from sklearn.base import clone
from sklearn.linear_model import LinearRegression, Ridge

from sklime._parameters import name_parameter

SMALLEST_RCOND = 1e-5  # below it rounding may show in the tenth digit


def find_penalty(surrogate: Any) -> float | None:
    """Return the penalty of a model that is least squares in closed form.

    Parameters
    ----------
    surrogate : regressor or classifier
        Unfitted.

    Returns
    -------
    float or None
        `alpha` of a `Ridge` that is solved exactly, 0.0 for `LinearRegression`, None
        for any other model: it has to be fitted for each label and each fold.

    Examples
    --------
    >>> find_penalty(Ridge(alpha=0.5)), find_penalty(Ridge(positive=True))
    (0.5, None)
    """
    if type(surrogate) is LinearRegression and not surrogate.positive:
        return 0.0
    if type(surrogate) is not Ridge or surrogate.positive:
        return None
    is_exact = surrogate.solver in ("auto", "cholesky")
    is_number = isinstance(surrogate.alpha, Real)
    return float(surrogate.alpha) if is_exact and is_number else None


class LeastSquares(NamedTuple):
    """What all rows say, and what the other rows say of each.

    Attributes
    ----------
    coef : ndarray of shape (n_labels, d)
        Of a fit to all rows.
    intercepts : ndarray of shape (n_labels,)
        Zero for a model without.
    predicted : ndarray of shape (n, n_labels)
        Of each part of the rows, after a fit to the others.
    """

    coef: np.ndarray
    intercepts: np.ndarray
    predicted: np.ndarray


def solve_least_squares(samples, values, sample_weights, parts, surrogate):
    """Return what a linear model learns of all labels, from all rows and in each fold.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    values : ndarray of shape (n, n_labels)
        What is learnt of each label.
    sample_weights : ndarray of shape (n,)
        Weight of each row.
    parts : list of ndarray of int, or of one slice
        The rows of each part; every row is in one. A single part is not held out:
        all rows are predicted after a fit to all.
    surrogate : Ridge or LinearRegression
        With a penalty, see `find_penalty`.

    Returns
    -------
    LeastSquares or None
        None where it might differ from scikit-learn's own fits by more than about
        1e-10: where the penalty does not keep segments apart that are almost always
        hidden together. None too for more segments than rows, which are faster without
        sums over segments.

    Raises
    ------
    ValueError
        For a parameter that the surrogate's own `fit` would refuse.

    Examples
    --------
    >>> from sklime.sampling import BalancedSampler
    >>> samples = BalancedSampler().sample(3, 8, random_state=0)
    >>> values = 0.5 + samples @ [[1.0], [2.0], [3.0]]
    >>> parts = [np.arange(4), np.arange(4, 8)]
    >>> found = solve_least_squares(
    ...     samples, values, np.ones(8), parts, LinearRegression())
    >>> found.coef.round(6), found.intercepts.round(6)
    (array([[1., 2., 3.]]), array([0.5]))
    >>> np.allclose(found.predicted, values)
    True
    """
    with name_parameter("surrogate", f"{type(surrogate).__name__}, about to be fitted"):
        surrogate._validate_params()  # as its own `fit` does
    n_rows, n_segments = samples.shape
    if n_segments >= n_rows:
        return None
    centre, middle = np.zeros(values.shape[1]), np.zeros(n_segments)
    if surrogate.fit_intercept:  # what changes may be small beside what does not
        centre = np.average(values, axis=0, weights=sample_weights)
        middle = np.average(samples, axis=0, weights=sample_weights)
    rows = np.hstack([np.ones((n_rows, 1)), samples - middle])
    moments = _sum_products(rows, values - centre, sample_weights, parts)
    used = [sum(moments)]
    if len(parts) > 1:
        used += [sum(moments[:i] + moments[i + 1 :]) for i in range(len(parts))]
    solutions = [_solve(some, n_segments, surrogate) for some in used]
    if any(solution is None for solution in solutions):
        return None
    predicted = np.empty_like(values)
    for part, solution in zip(parts, solutions[-len(parts) :], strict=True):
        predicted[part] = rows[part] @ solution + centre
    coef = solutions[0][1:].T
    return LeastSquares(coef, solutions[0][0] + centre - coef @ middle, predicted)


def _sum_products(rows, values, sample_weights, parts):
    """Return weighted sums of products of columns, (1 + d, 1 + d + n_labels) a part."""
    scale = np.sqrt(sample_weights)[:, np.newaxis]
    pairs = [(rows[part] * scale[part], values[part] * scale[part]) for part in parts]
    return [np.hstack([own.T @ own, own.T @ answers]) for own, answers in pairs]


def make_ridge(ridge, coef, intercept):
    """Return a `Ridge` as its own `fit` would leave it for one label.

    Parameters
    ----------
    ridge : Ridge
        Unfitted.
    coef : ndarray of shape (d,)
        Its coefficients.
    intercept : float
        Its intercept.

    Returns
    -------
    Ridge
        A fitted clone.
    """
    ridge = clone(ridge)
    ridge.coef_, ridge.intercept_ = coef, intercept
    ridge.n_features_in_ = len(coef)
    ridge.n_iter_, ridge.solver_ = None, "cholesky"
    return ridge


def _solve(moments, n_segments, surrogate):
    """Return intercepts and below them coefficients, shape (1 + d, n_labels).

    Of the weighted normal equations, centred where there is an intercept, which is not
    penalised. None if they are too near to having many solutions.
    """
    mean = np.zeros(moments.shape[1])
    if surrogate.fit_intercept:
        mean = moments[0] / moments[0, 0]
        moments = moments - np.outer(moments[:, 0], mean)
    segments, labels = slice(1, 1 + n_segments), slice(1 + n_segments, None)
    gram = moments[segments, segments].copy()
    gram.flat[:: n_segments + 1] += find_penalty(surrogate)
    try:
        factor = cho_factor(gram, lower=True)
    except LinAlgError:
        return None
    rcond, _ = lapack.dpocon(factor[0], np.abs(gram).sum(axis=0).max(), uplo="L")
    if rcond < SMALLEST_RCOND:
        return None
    coef = cho_solve(factor, moments[segments, labels])
    return np.vstack([mean[labels] - mean[segments] @ coef, coef])
