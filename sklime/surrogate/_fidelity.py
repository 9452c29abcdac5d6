"""Measure how well a surrogate predicts what it has not seen."""
# SPDX-License-Identifier: BSD-3-Clause

from typing import Any

import numpy as np
from sklearn.metrics import r2_score
from sklearn.model_selection import KFold

from sklime._parameters import name_parameter
from sklime._rows import are_all_combinations, find_distinct_rows
from sklime._typing import Array, Booleans
from sklime.surrogate._check import check_arrays
from sklime.surrogate._fit import check_surrogate
from sklime.surrogate._recipe import Recipe
from sklime.surrogate._ridge import solve_least_squares
from sklime.surrogate._tasks import Task, is_constant

N_FOLDS = 5


def compute_fidelity(
    samples: Booleans,
    predictions: Array,
    sample_weights: Array,
    surrogate: Any = None,
    random_state: int = 0,
) -> float:
    """Return how well a regressor predicts perturbations that it did not see.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    predictions : ndarray of shape (n,)
        The black box's output for one label.
    sample_weights : ndarray of shape (n,)
        Weight of each perturbation.
    surrogate : regressor, default=None
        Fitted to four fifths of the rows, five times; where most rows repeat others,
        of the distinct rows. Where `samples` has every combination of segments none is
        unseen, and one fit to all rows is judged. None is ``Ridge(alpha=1.0)``.
    random_state : int, default=0
        Seed of the split, which is the same for every surrogate.

    Returns
    -------
    float
        Weighted R², 1 at best, pooled over the folds. For a constant black box 1 if
        the surrogate is that constant, else 0. NaN for fewer than 5 distinct rows that
        are not all combinations, or with weights that leave a fit none.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LinearRegression
    >>> from sklime.sampling import BalancedSampler
    >>> samples = BalancedSampler().sample(10, 64, random_state=0)
    >>> linear, ones = samples @ np.arange(10.0), np.ones(64)
    >>> round(compute_fidelity(samples, linear, ones, LinearRegression()), 6)
    1.0
    >>> both = samples[:, :2].all(axis=1).astype(float)
    >>> compute_fidelity(samples, both, ones, LinearRegression()) < 0.9
    True
    """
    column = np.asarray(predictions)[:, np.newaxis]
    samples, column, sample_weights = check_arrays(samples, column, sample_weights)
    recipe = Recipe(surrogate=check_surrogate(surrogate), random_state=random_state)
    task = Task(column[:, 0], column, None)
    return float(cross_validate(samples, task, sample_weights, recipe)[0])


def cross_validate(samples, task, sample_weights, recipe):
    """Return the fidelity for each label of a task.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    task : Task
        What the surrogate learns. A classifier is judged by how well the probability
        of a label predicts whether it is the predicted class: weighted R² is then
        Brier's skill score.
    sample_weights : ndarray of shape (n,)
        Weight of each perturbation.
    recipe : Recipe
        How segments are chosen and the surrogate is fitted, anew in each fold.

    Returns
    -------
    ndarray of shape (n_labels,)
        See `compute_fidelity`.
    """
    splits = split_rows(samples, sample_weights, recipe.random_state)
    if not splits:
        return np.full(task.values.shape[1], np.nan)
    predicted = None
    if recipe.is_least_squares:
        known = samples[:, recipe.choose(samples, task, sample_weights)]
        parts = [test for _, test in splits]
        solved = solve_least_squares(
            known, task.values, sample_weights, parts, recipe.surrogate
        )
        predicted = None if solved is None else solved.predicted
    if predicted is None:
        predicted = _refit(samples, task, sample_weights, recipe, splits)
    return score_labels(task.values, predicted, sample_weights)


def score_labels(values, predicted, sample_weights):
    """Return weighted R² for each label.

    Parameters
    ----------
    values, predicted : ndarray of shape (n, n_labels)
        What the surrogate was to predict, and what it did.
    sample_weights : ndarray of shape (n,)
        Weight of each perturbation.

    Returns
    -------
    ndarray of shape (n_labels,)
        For constant values 1 if the predictions are that constant, else 0.
    """
    pairs = zip(values.T, predicted.T, strict=True)
    return np.array([_score(*pair, sample_weights) for pair in pairs])


def _refit(samples, task, sample_weights, recipe, splits):
    """Return what the surrogate predicts of each fold after a fit to the others."""
    predicted = np.empty_like(task.values)
    for train, test in splits:
        with name_parameter("surrogate", "fitted to four fifths of the rows"):
            fitted = recipe.fit(samples[train], task.take(train), sample_weights[train])
            predicted[test] = fitted.respond(samples[test])
    return predicted


def _score(values, predicted, sample_weights):
    if is_constant(values):  # R² would divide one rounding error by another
        return float(np.allclose(predicted, values))
    return r2_score(values, predicted, sample_weight=sample_weights)


def split_rows(samples, sample_weights, random_state):
    """Return the rows to fit to and to predict in each fold.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    sample_weights : ndarray of shape (n,)
        Weight of each perturbation.
    random_state : int
        Seed of the split.

    Returns
    -------
    list of tuple
        All rows twice where they are all combinations; none where too few are
        distinct, or have a weight.
    """
    if are_all_combinations(samples):
        return [(slice(None), slice(None))]
    distinct, which = find_distinct_rows(samples)
    # Equal rows in both parts would let a surrogate answer from memory.
    groups = np.arange(len(samples))
    if 2 * len(distinct) < len(samples):
        groups = which
    n_groups = groups.max() + 1
    if n_groups < N_FOLDS:
        return []
    folds = KFold(N_FOLDS, shuffle=True, random_state=random_state)
    tests = (np.isin(groups, test) for _, test in folds.split(np.arange(n_groups)))
    splits = [(np.flatnonzero(~test), np.flatnonzero(test)) for test in tests]
    can_fit = all(sample_weights[train].any() for train, _ in splits)
    return splits if can_fit else []
