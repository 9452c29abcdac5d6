"""Fit, read and measure a surrogate for every label."""
# SPDX-License-Identifier: BSD-3-Clause

from typing import NamedTuple

import numpy as np

from sklime._threads import one_thread
from sklime.surrogate._fidelity import compute_fidelity, is_constant
from sklime.surrogate._fit import fit_surrogate, predict
from sklime.surrogate._weights import compute_weights


class LocalFit(NamedTuple):
    """What `fit_surrogates` returns, an entry for each label.

    Attributes
    ----------
    surrogates : list of n_labels fitted models
        One clone for each label.
    weights : ndarray of shape (n_labels, d)
        Signed weight of each segment.
    intercepts : ndarray of shape (n_labels,)
        The surrogate's prediction with every segment hidden.
    local_predictions : ndarray of shape (n_labels,)
        The surrogate's prediction at the image.
    fidelity : ndarray of shape (n_labels,)
        Weighted R² on perturbations that the surrogate did not see, see
        `compute_fidelity`.
    """

    surrogates: list
    weights: np.ndarray
    intercepts: np.ndarray
    local_predictions: np.ndarray
    fidelity: np.ndarray


def fit_surrogates(
    samples,
    predictions,
    sample_weights,
    surrogate=None,
    *,
    importance_getter="auto",
    random_state=0,
):
    """Fit one surrogate for each label and read its weights.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown; row 0 is the image.
    predictions : ndarray of shape (n, n_labels)
        The black box's outputs for the labels.
    sample_weights : ndarray of shape (n,)
        Weight of each perturbation.
    surrogate : regressor, default=None
        None is ``Ridge(alpha=1.0)``.
    importance_getter : str or callable, default="auto"
        See `compute_weights`.
    random_state : int, default=0
        Seed of surrogates and folds.

    Returns
    -------
    LocalFit
        Surrogates, weights, intercepts, local predictions and fidelity. Where the
        black box is constant all weights are zero.

    Examples
    --------
    >>> from sklime.locality import weigh_samples
    >>> from sklime.sampling import enumerate_samples
    >>> samples = enumerate_samples(6)
    >>> _, sample_weights = weigh_samples(samples)
    >>> two_labels = samples[:, :2].astype(float)
    >>> fit = fit_surrogates(samples, two_labels, sample_weights)
    >>> fit.weights.shape, fit.weights.argmax(axis=1)
    ((2, 6), array([0, 1]))
    """
    surrogates, weights, intercepts, fidelity = [], [], [], []
    for target in predictions.T:
        with one_thread():
            model = fit_surrogate(
                samples, target, sample_weights, surrogate, random_state
            )
            weight, intercept = compute_weights(
                model, samples, sample_weights, importance_getter
            )
            score = compute_fidelity(
                samples, target, sample_weights, surrogate, random_state
            )
        surrogates.append(model)
        weights.append(np.zeros_like(weight) if is_constant(target) else weight)
        intercepts.append(intercept)
        fidelity.append(score)
    image = samples[:1].astype(np.float64)
    return LocalFit(
        surrogates=surrogates,
        weights=np.array(weights),
        intercepts=np.array(intercepts),
        local_predictions=np.array([predict(s, image)[0] for s in surrogates]),
        fidelity=np.array(fidelity),
    )
