"""Fit, read and measure surrogates for all labels."""
# SPDX-License-Identifier: BSD-3-Clause

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from sklearn.base import clone
from sklearn.linear_model import Ridge

from sklime._parameters import fill_random_states, make_rng
from sklime._threads import one_thread
from sklime._typing import Array, Booleans, Floats, Indices
from sklime.surrogate._check import check_arrays, check_indices
from sklime.surrogate._fidelity import cross_validate, score_labels, split_rows
from sklime.surrogate._fit import check_surrogate
from sklime.surrogate._recipe import Fitted, Recipe
from sklime.surrogate._ridge import make_ridge, solve_least_squares
from sklime.surrogate._selection import check_selection
from sklime.surrogate._tasks import check_target, is_constant, plan_tasks
from sklime.surrogate._weights import compute_weights


class LocalFit(NamedTuple):
    """What `fit_surrogates` returns, an entry for each label.

    Attributes
    ----------
    surrogates : list of n_labels fitted models
        One for each label, or the same for all. Takes rows of d numbers; one that was
        fitted to some segments only is a pipeline that begins with their choice.
    weights : ndarray of shape (n_labels, d)
        Signed weight of each segment, 0 for one that was not chosen.
    intercepts : ndarray of shape (n_labels,)
        The surrogate's prediction with every segment hidden.
    local_predictions : ndarray of shape (n_labels,)
        The surrogate's prediction at the image.
    fidelity : ndarray of shape (n_labels,)
        Weighted R² on perturbations that the surrogate did not see, see
        `compute_fidelity`.
    """

    surrogates: list[Any]
    weights: Floats
    intercepts: Floats
    local_predictions: Floats
    fidelity: Floats


def fit_surrogates(
    samples: Booleans,
    predictions: Array,
    sample_weights: Array,
    surrogate: Any = None,
    *,
    label_indices: Indices | None = None,
    target: str = "auto",
    multi_output: bool = False,
    feature_selector: Any = None,
    max_segments: float | None = None,
    segment_subset: Indices | None = None,
    importance_getter: str | Callable[..., Any] = "auto",
    random_state: int = 0,
) -> LocalFit:
    """Fit surrogates for all labels and read their weights.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown; row 0 is the image.
    predictions : ndarray of shape (n, n_outputs)
        The black box's outputs.
    sample_weights : ndarray of shape (n,)
        Weight of each perturbation.
    surrogate : regressor or classifier, default=None
        None is ``Ridge(alpha=1.0)``.
    label_indices : sequence of int of length n_labels, default=None
        The outputs to explain; None is all.
    target : {"auto", "one-vs-rest"}, default="auto"
        What is learnt, see `plan_tasks`.
    multi_output : bool, default=False
        Whether one regressor learns all labels.
    feature_selector : str or selector, default=None
        How segments are chosen, here and below see `select_segments`.
    max_segments : int or float, default=None
        How many, or which share.
    segment_subset : sequence of int, default=None
        The only segments to use; None is all.
    importance_getter : str or callable, default="auto"
        See `compute_weights`.
    random_state : int, default=0
        Seed of surrogates, selectors and folds.

    Returns
    -------
    LocalFit
        Surrogates, weights, intercepts, local predictions and fidelity. Where what
        is learnt is constant all weights are zero.

    Raises
    ------
    TypeError, ValueError
        For a parameter that cannot be used.

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
    samples, predictions, sample_weights = check_arrays(
        samples, predictions, sample_weights
    )
    surrogate = check_surrogate(surrogate)
    check_target(surrogate, target, multi_output, predictions.shape[1])
    check_selection(feature_selector, max_segments)
    if segment_subset is not None:
        check_indices(segment_subset, samples.shape[1], "segment_subset")
    recipe = Recipe(
        surrogate=surrogate,
        feature_selector=feature_selector,
        max_segments=max_segments,
        segment_subset=segment_subset,
        random_state=random_state,
    )
    label_indices = check_indices(label_indices, predictions.shape[1], "label_indices")
    plan = partial(plan_tasks, predictions, label_indices, surrogate, target=target)
    # A getter is to see what `fit` leaves, and several labels may share a model.
    is_ridge = recipe.is_least_squares and isinstance(surrogate, Ridge)
    together = is_ridge and importance_getter == "auto" and not multi_output
    with one_thread():
        if together:
            (task,) = plan(multi_output=True)
            fit = _solve_labels(task, samples, sample_weights, recipe)
            if fit is not None:
                return fit
        fits = [
            _fit_task(task, samples, sample_weights, recipe, importance_getter)
            for task in plan(multi_output=multi_output)
        ]
    surrogates = [surrogate for fit in fits for surrogate in fit.surrogates]
    arrays = map(np.concatenate, list(zip(*fits, strict=True))[1:])
    return LocalFit(surrogates, *arrays)


def _solve_labels(task, samples, sample_weights, recipe):
    """Return a `LocalFit` of ridge regressions in closed form, None if inexact."""
    ridge = fill_random_states(clone(recipe.surrogate), make_rng(recipe.random_state))
    splits = split_rows(samples, sample_weights, recipe.random_state)
    parts = [test for _, test in splits] or [slice(None)]
    support = recipe.choose(samples, task, sample_weights)
    known = samples[:, support]
    solved = solve_least_squares(known, task.values, sample_weights, parts, ridge)
    if solved is None:
        return None
    pairs = zip(solved.coef, solved.intercepts, strict=True)
    models = [make_ridge(ridge, *pair) for pair in pairs]
    weights = np.zeros((len(models), len(support)))
    weights[:, support] = solved.coef
    weights[[is_constant(values) for values in task.values.T]] = 0
    fidelity = np.full(len(models), np.nan)
    if splits:
        fidelity = score_labels(task.values, solved.predicted, sample_weights)
    return LocalFit(
        surrogates=[Fitted(model, support, None).as_surrogate() for model in models],
        weights=weights,
        intercepts=solved.intercepts,
        local_predictions=known[0] @ solved.coef.T + solved.intercepts,
        fidelity=fidelity,
    )


def _fit_task(task, samples, sample_weights, recipe, importance_getter):
    """Return a `LocalFit` of the labels of one task."""
    fitted = recipe.fit(samples, task, sample_weights)
    weights = np.zeros((task.values.shape[1], samples.shape[1]))
    if fitted.is_constant:
        intercepts = fitted.respond(np.zeros_like(samples[:1]))[0]
    else:
        weights[:, fitted.support], intercepts = compute_weights(
            fitted.model,
            samples[:, fitted.support],
            sample_weights,
            importance_getter,
            task.classes,
        )
    weights[[is_constant(values) for values in task.values.T]] = 0
    return LocalFit(
        surrogates=[fitted.as_surrogate()] * len(weights),
        weights=weights,
        intercepts=np.atleast_1d(intercepts),
        local_predictions=fitted.respond(samples[:1])[0],
        fidelity=cross_validate(samples, task, sample_weights, recipe),
    )
