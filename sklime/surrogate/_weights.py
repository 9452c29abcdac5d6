"""Read from a fitted surrogate one signed weight for each segment."""
# SPDX-License-Identifier: BSD-3-Clause

from operator import attrgetter

import numpy as np

from sklime.surrogate._fit import predict

LINEAR_TOLERANCE = 1e-8


def _linear_parts(model, rows, predictions):
    """Return `coef_` and `intercept_` if they are how the model predicts, else None.

    They are not for a Poisson model, whose `coef_` is on the log scale.
    """
    coef, intercept = getattr(model, "coef_", None), getattr(model, "intercept_", None)
    if coef is None or intercept is None or np.size(coef) != rows.shape[1]:
        return None
    coef = np.asarray(coef, dtype=np.float64).reshape(-1)
    intercept = float(np.reshape(intercept, -1)[0])
    scale = max(1.0, np.abs(predictions).max())
    error = np.abs(rows @ coef + intercept - predictions).max()
    return (coef, intercept) if error <= LINEAR_TOLERANCE * scale else None


def compute_average_effects(surrogate, samples, sample_weights):
    """Return what showing each segment adds to the surrogate's prediction.

    The effect of a segment is the weighted mean, over the perturbations, of the
    prediction with the segment shown minus that with it hidden: the finite
    difference counterpart of an average derivative. It equals `coef_` for a linear
    model, and is exactly zero for a segment that a tree never splits on.

    Parameters
    ----------
    surrogate : fitted regressor
        Takes rows of d numbers 0 and 1.
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    sample_weights : ndarray of shape (n,)
        Weight of each perturbation.

    Returns
    -------
    ndarray of shape (d,)
        Signed effects, on the scale of the predictions.
    """
    rows = samples.astype(np.float64)
    shares = sample_weights / sample_weights.sum()
    predictions = predict(surrogate, rows)
    effects = np.empty(samples.shape[1])
    for segment, shown in enumerate(samples.T):
        rows[:, segment] = ~shown
        change = predictions - predict(surrogate, rows)
        rows[:, segment] = shown
        effects[segment] = shares @ np.where(shown, change, -change)
    return effects


def compute_weights(surrogate, samples, sample_weights, importance_getter="auto"):
    """Return the weight of each segment, and the prediction with all hidden.

    Parameters
    ----------
    surrogate : fitted regressor
        Takes rows of d numbers 0 and 1.
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    sample_weights : ndarray of shape (n,)
        Weight of each perturbation.
    importance_getter : str or callable, default="auto"
        "auto" is the average effect (`compute_average_effects`), read from `coef_`
        where the model is linear. Else the name of an attribute, with dots into
        nested ones, or a callable that takes the fitted surrogate.

    Returns
    -------
    weights : ndarray of shape (d,)
        One for each segment.
    intercept : float
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
    linear = _linear_parts(surrogate, rows, predict(surrogate, rows))
    hidden = np.zeros((1, rows.shape[1]))
    intercept = linear[1] if linear else predict(surrogate, hidden)[0]
    if importance_getter == "auto":
        if linear:
            return linear[0], intercept
        return compute_average_effects(surrogate, samples, sample_weights), intercept
    return _get_importances(surrogate, importance_getter, rows.shape[1]), intercept


def _get_importances(surrogate, importance_getter, n_segments):
    getter = importance_getter
    if isinstance(getter, str):
        getter = attrgetter(getter)
    if not callable(getter):
        raise ValueError(
            "importance_getter must be 'auto', a callable or the name of an attribute. "
            f"Got {importance_getter!r}."
        )
    try:
        weights = np.array(getter(surrogate), dtype=np.float64).reshape(-1)
    except AttributeError as error:
        raise ValueError(
            f"importance_getter must be 'auto', a callable or an attribute of the "
            f"fitted surrogate. Got {importance_getter!r}: {error}."
        ) from error
    if weights.shape != (n_segments,):
        raise ValueError(
            f"importance_getter must give a weight for each of the {n_segments} "
            f"segments. {importance_getter!r} gave {weights.size}."
        )
    if not np.isfinite(weights).all():
        raise ValueError(
            f"importance_getter must give finite weights. {importance_getter!r} gave "
            "NaN or infinity."
        )
    return weights
