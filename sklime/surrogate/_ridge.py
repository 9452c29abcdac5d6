"""Least squares in closed form: every fold from the same few sums.

What a linear model with a quadratic penalty learns from rows depends on their moments
alone, sums over rows. Those of four fifths of the rows are those of all less those of
the last fifth, so that five folds read the rows once, for all labels.
"""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Real

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve, lapack
from sklearn.linear_model import LinearRegression, Ridge

SMALLEST_RCOND = 1e-5  # below it rounding may show in the tenth digit


def find_penalty(surrogate):
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
    return surrogate.alpha if is_exact and isinstance(surrogate.alpha, Real) else None


def predict_held_out(samples, values, sample_weights, tests, surrogate):
    """Return what least squares says of each part of the rows after seeing the others.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    values : ndarray of shape (n, n_labels)
        What is learnt of each label.
    sample_weights : ndarray of shape (n,)
        Weight of each row.
    tests : list of ndarray of int
        The rows of each part; every row is in one.
    surrogate : Ridge or LinearRegression
        With a penalty, see `find_penalty`.

    Returns
    -------
    ndarray of shape (n, n_labels) or None
        The predictions, None where they might differ from those of `surrogate` by more
        than about 1e-10: where the penalty does not keep segments apart that are
        almost always hidden together. None too for more segments than rows, which are
        faster without sums over segments.

    Examples
    --------
    >>> from sklime.sampling import BalancedSampler
    >>> samples = BalancedSampler().sample(3, 8, random_state=0)
    >>> values = samples @ [[1.0], [2.0], [3.0]]
    >>> parts = [np.arange(4), np.arange(4, 8)]
    >>> predicted = predict_held_out(
    ...     samples, values, np.ones(8), parts, LinearRegression())
    >>> np.allclose(predicted, values)
    True
    """
    n_rows, n_segments = samples.shape
    if n_segments >= n_rows:
        return None
    centre = np.zeros(values.shape[1])
    if surrogate.fit_intercept:  # what changes may be small beside what does not
        centre = np.average(values, axis=0, weights=sample_weights)
    columns = np.hstack([np.ones((n_rows, 1)), samples, values - centre])
    moments = [
        (columns[test].T * sample_weights[test]) @ columns[test] for test in tests
    ]
    total = sum(moments)
    predicted = np.empty_like(columns[:, n_segments + 1 :])
    for test, held_out in zip(tests, moments, strict=True):
        solution = _solve(total - held_out, n_segments, surrogate)
        if solution is None:
            return None
        predicted[test] = columns[test, : n_segments + 1] @ solution
    return predicted + centre


def _solve(moments, n_segments, surrogate):
    """Return intercepts and below them coefficients, shape (1 + d, n_labels).

    Of the weighted normal equations, centred where there is an intercept, which is not
    penalised. None if they are too near to having many solutions.
    """
    mean = np.zeros(len(moments))
    if surrogate.fit_intercept:
        mean = moments[0] / moments[0, 0]
        moments = moments - np.outer(moments[0], mean)
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
