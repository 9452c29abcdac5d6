"""Fit: a surrogate learns what the black box answers, near the image.

The surrogate sees `samples`, which segments are shown, as numbers 0 and 1. Any
scikit-learn regressor serves; whatever it is, `compute_weights` reads from it one
signed weight for each segment on the scale of the black box's output.
"""
# SPDX-License-Identifier: BSD-3-Clause

from operator import attrgetter
from typing import NamedTuple

import numpy as np
from sklearn import get_config
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score
from sklearn.model_selection import KFold
from sklearn.pipeline import Pipeline
from sklearn.utils.metadata_routing import get_routing_for_object
from sklearn.utils.validation import has_fit_parameter

from sklime._parameters import fill_random_states, make_rng
from sklime._sklearn_private import BaseSearchCV
from sklime._threads import one_thread
from sklime.sampling import is_enumeration

__all__ = [
    "LocalFit",
    "check_surrogate",
    "compute_average_effects",
    "compute_fidelity",
    "compute_weights",
    "fit_surrogate",
    "fit_surrogates",
]

N_FOLDS = 5
LINEAR_TOLERANCE = 1e-8
ROUNDING = 1e-13


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


def check_surrogate(surrogate=None):
    """Return an unfitted regressor, ridge regression for None.

    Parameters
    ----------
    surrogate : regressor or None, default=None
        With `fit`, `predict` and `get_params`.

    Returns
    -------
    regressor
        `surrogate` itself, or ``Ridge(alpha=1.0)``.

    Raises
    ------
    TypeError
        If it cannot serve.
    """
    if surrogate is None:
        return Ridge(alpha=1.0)
    tags = getattr(surrogate, "__sklearn_tags__", None)
    is_object = not isinstance(surrogate, type)
    kind = tags().estimator_type if tags and is_object else None
    # A stack of regressors has no `predict` until it is fitted.
    can_predict = hasattr(surrogate, "predict") or kind == "regressor"
    can_fit = hasattr(surrogate, "fit") and hasattr(surrogate, "get_params")
    if not (is_object and can_fit and can_predict) or kind == "classifier":
        raise TypeError(
            "surrogate must be a scikit-learn regressor, an object with 'fit', "
            f"'predict' and 'get_params', such as Ridge(). Got {surrogate!r}."
        )
    return surrogate


def fit_surrogate(samples, predictions, sample_weights, surrogate=None, random_state=0):
    """Return a clone of a model, fitted to weighted answers of the black box.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    predictions : ndarray of shape (n,)
        The black box's output for one label.
    sample_weights : ndarray of shape (n,)
        Weight of each perturbation.
    surrogate : regressor, default=None
        None is ``Ridge(alpha=1.0)``. One whose `fit` takes no `sample_weight`, nor
        hands it on (to the last step of a pipeline, the model of a search), is fitted
        to rows drawn with replacement in proportion to the weights.
    random_state : int, RandomState instance or None, default=0
        Seed of that draw and of the surrogate, where its own is None.

    Returns
    -------
    regressor
        Fitted; `surrogate` itself is left alone.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LinearRegression
    >>> from sklime.sampling import enumerate_samples
    >>> samples = enumerate_samples(3)
    >>> predictions = 0.1 + samples @ [0.5, 0.0, -0.2]
    >>> model = fit_surrogate(samples, predictions, np.ones(8), LinearRegression())
    >>> np.allclose(model.coef_, [0.5, 0, -0.2])
    True
    """
    rng = make_rng(random_state)
    model = fill_random_states(clone(check_surrogate(surrogate)), rng)
    rows = samples.astype(np.float64)
    name = _weight_parameter(model)
    if name is not None:
        return model.fit(rows, predictions, **{name: sample_weights})
    shares = sample_weights / sample_weights.sum()
    drawn = rng.choice(len(rows), size=len(rows), p=shares)
    return model.fit(rows[drawn], predictions[drawn])


def _weight_parameter(model):
    """Return under which name `fit` takes sample weights, None if it does not."""
    if isinstance(model, Pipeline | BaseSearchCV | TransformedTargetRegressor):
        return _weight_parameter_of_wrapper(model)
    members = (_weight_parameter(member) for member in _members(model))
    if not has_fit_parameter(model, "sample_weight") or {*members} - {"sample_weight"}:
        return None
    return "sample_weight"


def _weight_parameter_of_wrapper(model):
    """Return it for a model whose `fit` hands any parameter on to its own model."""
    if get_config()["enable_metadata_routing"]:
        routing = get_routing_for_object(model)
        return "sample_weight" if routing.consumes("fit", ["sample_weight"]) else None
    if isinstance(model, Pipeline):
        name, last = model.steps[-1]
        inner = _weight_parameter(last)
        return None if inner is None else f"{name}__{inner}"
    search = isinstance(model, BaseSearchCV)
    inner = model.estimator if search else model.regressor
    return "sample_weight" if inner is None else _weight_parameter(inner)


def _members(model):
    """Return the models that a model of models hands its sample weights on to."""
    single = [getattr(model, name, None) for name in ("estimator", "final_estimator")]
    several = [member for _, member in getattr(model, "estimators", None) or []]
    return [member for member in single + several if hasattr(member, "fit")]


def _predict(model, rows):
    return np.asarray(model.predict(rows), dtype=np.float64).reshape(len(rows))


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
    predictions = _predict(surrogate, rows)
    effects = np.empty(samples.shape[1])
    for segment, shown in enumerate(samples.T):
        rows[:, segment] = ~shown
        change = predictions - _predict(surrogate, rows)
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
    >>> tree = fit_surrogate(samples, both, np.ones(8), DecisionTreeRegressor())
    >>> weights, intercept = compute_weights(tree, samples, np.ones(8))
    >>> weights.tolist(), float(intercept)
    ([0.5, 0.5, 0.0], 0.0)
    """
    rows = samples.astype(np.float64)
    linear = _linear_parts(surrogate, rows, _predict(surrogate, rows))
    hidden = np.zeros((1, rows.shape[1]))
    intercept = linear[1] if linear else _predict(surrogate, hidden)[0]
    if importance_getter == "auto":
        if linear:
            return linear[0], intercept
        return compute_average_effects(surrogate, samples, sample_weights), intercept
    return _get_importances(surrogate, importance_getter, rows.shape[1]), intercept


def _get_importances(surrogate, importance_getter, n_segments):
    getter = importance_getter
    if isinstance(getter, str):
        getter = attrgetter(getter)
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
        Fitted to four fifths of the rows, five times. Where `samples` has every
        combination of segments none is unseen, and one fit to all rows is judged.
    random_state : int, default=0
        Seed of the split, which is the same for every surrogate.

    Returns
    -------
    float
        Weighted R², 1 at best, pooled over the folds. For a constant black box 1 if
        the surrogate is that constant, else 0. NaN for fewer than 5 rows that are not
        all combinations, or with weights that leave a fit none.

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
    if is_enumeration(samples):
        splits = [(slice(None), slice(None))]
    elif len(samples) < N_FOLDS:
        return np.nan
    else:
        folds = KFold(N_FOLDS, shuffle=True, random_state=random_state)
        splits = list(folds.split(samples))
    if not all(sample_weights[train].any() for train, _ in splits):
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
        guesses[test] = _predict(model, samples[test].astype(np.float64))
    if _is_constant(predictions):  # R² would divide one rounding error by another
        return float(np.allclose(guesses, predictions))
    return r2_score(predictions, guesses, sample_weight=sample_weights)


def _is_constant(predictions):
    return np.ptp(predictions) <= ROUNDING * np.abs(predictions).max()


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
        weights.append(np.zeros_like(weight) if _is_constant(target) else weight)
        intercepts.append(intercept)
        fidelity.append(score)
    image = samples[:1].astype(np.float64)
    return LocalFit(
        surrogates=surrogates,
        weights=np.array(weights),
        intercepts=np.array(intercepts),
        local_predictions=np.array([_predict(s, image)[0] for s in surrogates]),
        fidelity=np.array(fidelity),
    )
