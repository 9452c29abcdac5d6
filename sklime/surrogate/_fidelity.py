"""Measure how well a surrogate predicts what it has not seen."""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np
from sklearn.metrics import r2_score
from sklearn.model_selection import KFold

from sklime._rows import find_distinct_rows
from sklime.surrogate._fit import fit_surrogate, predict

N_FOLDS = 5
ROUNDING = 1e-13


def compute_fidelity(samples, predictions, sample_weights, surrogate, random_state=0):
    """Return how well the surrogate predicts perturbations it did not see.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    predictions : ndarray of shape (n,)
        The black box's output for one label.
    sample_weights : ndarray of shape (n,)
        Weight of each perturbation.
    surrogate : regressor
        Fitted to four fifths of the rows, five times; where most rows repeat others,
        of the distinct rows. Where `samples` has every combination of segments none is
        unseen, and one fit to all rows is judged.
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
    splits = _split_rows(samples, random_state)
    if not splits or not all(sample_weights[train].any() for train, _ in splits):
        return np.nan
    guesses = np.empty(len(samples))
    for train, test in splits:
        model = fit_surrogate(
            samples[train],
            predictions[train],
            sample_weights[train],
            surrogate,
            random_state,
        )
        guesses[test] = predict(model, samples[test].astype(np.float64))
    if is_constant(predictions):  # R² would divide one rounding error by another
        return float(np.allclose(guesses, predictions))
    return r2_score(predictions, guesses, sample_weight=sample_weights)


def _split_rows(samples, random_state):
    """Return the rows to fit to and to predict in each fold, none for too few rows."""
    distinct, which = find_distinct_rows(samples)
    n_varied = np.count_nonzero(~samples.all(axis=0))
    if len(distinct) == 2 ** int(n_varied):
        return [(slice(None), slice(None))]
    # A surrogate may know the answer to a row by heart from its equals.
    groups = np.arange(len(samples))
    if 2 * len(distinct) < len(samples):
        groups = which
    n_groups = groups.max() + 1
    if n_groups < N_FOLDS:
        return []
    folds = KFold(N_FOLDS, shuffle=True, random_state=random_state)
    tests = (np.isin(groups, test) for _, test in folds.split(np.arange(n_groups)))
    return [(np.flatnonzero(~test), np.flatnonzero(test)) for test in tests]


def is_constant(predictions):
    """Return whether predictions differ by no more than rounding."""
    return np.ptp(predictions) <= ROUNDING * np.abs(predictions).max()
