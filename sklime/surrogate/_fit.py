"""Fit any regressor, with the weights of the samples whichever way it takes them."""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np
from sklearn import get_config
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.linear_model import Ridge
from sklearn.pipeline import Pipeline
from sklearn.utils.metadata_routing import get_routing_for_object
from sklearn.utils.validation import has_fit_parameter

from sklime._parameters import fill_random_states, make_rng
from sklime._sklearn_private import BaseSearchCV

MOST_DRAWN_IN_VAIN = 2


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

    Raises
    ------
    TypeError, ValueError
        If it cannot serve, or takes no weights where a few rows have them all.

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
    n_drawn = len(np.unique(drawn))
    if n_drawn <= MOST_DRAWN_IN_VAIN < len(rows):
        raise ValueError(
            "surrogate must take sample_weight where the weights are this uneven: of "
            f"{len(rows)} rows drawn in proportion to them {n_drawn} were different. "
            f"Got {type(model).__name__}; use another, such as Ridge(), a wider kernel "
            "or another sampler."
        )
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


def predict(model, rows):
    """Return a surrogate's predictions as a float64 array of shape (n,)."""
    return np.asarray(model.predict(rows), dtype=np.float64).reshape(len(rows))
