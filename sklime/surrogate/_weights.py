"""Read from a fitted surrogate one signed weight for each segment."""
# SPDX-License-Identifier: BSD-3-Clause

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

import numpy as np
from sklearn.svm import SVC, NuSVC

from sklime._parameters import name_parameter
from sklime._typing import Array, Booleans
from sklime.surrogate._respond import respond
from sklime.surrogate._trees import compute_tree_effects

LINEAR_TOLERANCE = 1e-8


def _linear_parts(surrogate, rows, responses):
    """Return `coef_` and `intercept_` if they are how the model predicts, else None.

    They are not for a Poisson model, whose `coef_` is on the log scale.
    """
    with name_parameter("surrogate", f"{type(surrogate).__name__}, asked for coef_"):
        coef = getattr(surrogate, "coef_", None)
        intercept = getattr(surrogate, "intercept_", None)
    shape = (responses.shape[1], rows.shape[1])
    if coef is None or intercept is None or np.size(coef) != shape[0] * shape[1]:
        return None
    coef = np.asarray(coef, dtype=np.float64).reshape(shape)
    intercept = np.asarray(intercept, dtype=np.float64).reshape(-1)
    intercept = np.resize(intercept, len(coef))  # 0.0 without one, for all targets
    scale = max(1.0, np.abs(responses).max())
    error = np.abs(rows @ coef.T + intercept - responses).max()
    return (coef, intercept) if error <= LINEAR_TOLERANCE * scale else None


def compute_average_effects(
    surrogate: Any,
    samples: Booleans,
    sample_weights: Array,
    classes: Sequence[Any] | Array | None = None,
) -> Array:
    """Return what showing each segment adds to the surrogate's prediction.

    The effect of a segment is the weighted mean, over the perturbations, of the
    prediction with the segment shown minus that with it hidden: the finite
    difference counterpart of an average derivative. It equals `coef_` for a linear
    model, and is exactly zero for a segment that a tree never splits on.

    Parameters
    ----------
    surrogate : fitted regressor or classifier
        Takes rows of d numbers 0 and 1.
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    sample_weights : ndarray of shape (n,)
        Weight of each perturbation.
    classes : sequence of length n_labels, default=None
        For a classifier, the classes to read (see `respond`).

    Returns
    -------
    ndarray of shape (d,) or (n_labels, d)
        Signed effects, on the scale of the predictions; of one dimension for a
        regressor of one target.
    """
    responses = respond(surrogate, samples.astype(np.float64), classes)
    effects = _average_effects(surrogate, samples, sample_weights, responses, classes)
    return effects[0] if classes is None and len(effects) == 1 else effects


def _average_effects(surrogate, samples, sample_weights, responses, classes):
    """Return effects of shape (n_labels, d), given the responses to the samples.

    Trees are read; any other model is asked again for each segment.
    """
    shares = sample_weights / sample_weights.sum()
    effects = compute_tree_effects(surrogate, samples, shares, responses, classes)
    if effects is not None:
        return effects
    rows = samples.astype(np.float64)
    effects = np.empty((responses.shape[1], samples.shape[1]))
    for segment, shown in enumerate(samples.T):
        rows[:, segment] = ~shown
        change = responses - respond(surrogate, rows, classes)
        rows[:, segment] = shown
        effects[:, segment] = shares @ np.where(shown[:, np.newaxis], change, -change)
    return effects


def compute_weights(
    surrogate: Any,
    samples: Booleans,
    sample_weights: Array,
    importance_getter: str | Callable[..., Any] = "auto",
    classes: Sequence[Any] | Array | None = None,
) -> tuple[Array, float | Array]:
    """Return the weight of each segment, and the prediction with all hidden.

    Parameters
    ----------
    surrogate : fitted regressor or classifier
        Takes rows of d numbers 0 and 1.
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    sample_weights : ndarray of shape (n,)
        Weight of each perturbation.
    importance_getter : str or callable, default="auto"
        "auto" is the average effect (`compute_average_effects`), read from `coef_`
        where the model is linear. Else the name of an attribute, with dots into
        nested ones, or a callable that takes the fitted surrogate; it gives a number
        for each segment that it was fitted to, or a row of them for each target or
        class of the surrogate.
    classes : sequence of length n_labels, default=None
        For a classifier, the classes to read (see `respond`).

    Returns
    -------
    weights : ndarray of shape (d,) or (n_labels, d)
        One for each segment; of one dimension for a regressor of one target.
    intercept : float or ndarray of shape (n_labels,)
        The prediction with every segment hidden.

    Raises
    ------
    ValueError
        If the getter does not give one number for each segment.

    Examples
    --------
    A tree that has learnt that the first two of three segments are needed together:

    >>> import numpy as np
    >>> from sklearn.tree import DecisionTreeRegressor
    >>> from sklime.sampling import enumerate_samples
    >>> samples = enumerate_samples(3)
    >>> both = samples[:, :2].all(axis=1).astype(float)
    >>> from sklime.surrogate import fit_surrogate
    >>> tree = fit_surrogate(samples, both, np.ones(8), DecisionTreeRegressor())
    >>> weights, intercept = compute_weights(tree, samples, np.ones(8))
    >>> weights.tolist(), float(intercept)
    ([0.5, 0.5, 0.0], 0.0)
    """
    rows = samples.astype(np.float64)
    responses = respond(surrogate, rows, classes)
    linear = _linear_parts(surrogate, rows, responses)
    hidden = np.zeros((1, rows.shape[1]))
    intercepts = linear[1] if linear else respond(surrogate, hidden, classes)[0]
    if importance_getter != "auto":
        shape = (responses.shape[1], rows.shape[1])
        weights = _get_importances(surrogate, importance_getter, shape, classes)
    elif linear:
        weights = linear[0]
    else:
        weights = _average_effects(
            surrogate, samples, sample_weights, responses, classes
        )
    if classes is None and len(weights) == 1:
        return weights[0], float(intercepts[0])
    return weights, intercepts


def _get_importances(surrogate, importance_getter, shape, classes):
    """Return what a getter gives as an array of `shape`, (n_labels, d)."""
    getter = importance_getter
    if isinstance(getter, str):
        getter = attrgetter(getter)
    if not callable(getter):
        raise ValueError(
            "importance_getter must be 'auto', a callable or the name of an attribute. "
            f"Got {importance_getter!r}."
        )
    try:
        with name_parameter("importance_getter", "called with the fitted surrogate"):
            found = np.array(getter(surrogate), dtype=np.float64)
    except AttributeError as error:
        raise ValueError(
            f"importance_getter must be 'auto', a callable or an attribute of the "
            f"fitted surrogate. Got {importance_getter!r}: {error}."
        ) from error
    weights = found if classes is None else _rows_of_classes(found, surrogate, classes)
    if weights.size == shape[1]:  # the same for every label
        weights = np.broadcast_to(weights.reshape(-1), shape)
    if weights.shape != shape:
        raise ValueError(
            f"importance_getter must give a weight for each of the {shape[1]} "
            f"segments that were fitted to. {importance_getter!r} gave {found.size}."
        )
    if not np.isfinite(weights).all():
        raise ValueError(
            f"importance_getter must give finite weights. {importance_getter!r} gave "
            "NaN or infinity."
        )
    return weights.copy()


def _rows_of_classes(found, surrogate, classes):
    """Return the row of each class of a classifier, where `found` has rows for them.

    As in `coef_`, a single row belongs to the second of two classes.
    """
    known = list(surrogate.classes_)
    if found.ndim == 2 and len(known) > 2 and isinstance(surrogate, SVC | NuSVC):
        raise ValueError(
            f"importance_getter gave the rows of {type(surrogate).__name__}, which "
            "belong to pairs of classes and not to classes. Use 'auto'."
        )
    if found.ndim == 2 and len(found) == 1 and len(known) == 2:
        found = np.concatenate([-found, found])
    if found.ndim < 2 or len(found) != len(known):
        return found
    unseen = np.zeros_like(found[0])
    return np.array([found[known.index(c)] if c in known else unseen for c in classes])
