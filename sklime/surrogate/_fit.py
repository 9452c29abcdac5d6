"""Fit any model, with the weights of the samples whichever way it takes them."""
# SPDX-License-Identifier: BSD-3-Clause

from typing import Any

import numpy as np
from sklearn import get_config
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import (
    StackingClassifier,
    StackingRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.feature_selection import RFE, SelectFromModel
from sklearn.linear_model import Ridge
from sklearn.pipeline import Pipeline
from sklearn.utils.metadata_routing import MetadataRouter, get_routing_for_object
from sklearn.utils.validation import has_fit_parameter

from sklime._parameters import fill_random_states, make_rng, name_parameter
from sklime._sklearn_private import BaseSearchCV
from sklime._typing import Array, Booleans, RandomState
from sklime.surrogate._tasks import takes_targets

TOO_FEW_ROWS = 2
ENSEMBLES = StackingClassifier | StackingRegressor | VotingClassifier | VotingRegressor
WRAPPERS = Pipeline | BaseSearchCV | TransformedTargetRegressor | SelectFromModel


def check_surrogate(surrogate: Any = None) -> Any:
    """Return an unfitted model, ridge regression for None.

    Parameters
    ----------
    surrogate : regressor, classifier or None, default=None
        With `fit`, `predict` and `get_params`.

    Returns
    -------
    regressor or classifier
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
    is_predictor = kind in ("regressor", "classifier")
    # A stack of regressors has no `predict` until it is fitted.
    can_predict = is_predictor or (kind is None and hasattr(surrogate, "predict"))
    can_fit = hasattr(surrogate, "fit") and hasattr(surrogate, "get_params")
    if not (is_object and can_fit and can_predict):
        raise TypeError(
            "surrogate must be a scikit-learn regressor or classifier, an object with "
            f"'fit', 'predict' and 'get_params', such as Ridge(). Got {surrogate!r}."
        )
    return surrogate


def fit_surrogate(
    samples: Booleans,
    predictions: Array,
    sample_weights: Array,
    surrogate: Any = None,
    random_state: RandomState = 0,
) -> Any:
    """Return a clone of a model, fitted to weighted answers of the black box.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    predictions : ndarray of shape (n,) or (n, n_labels)
        What it learns: the black box's output for one label, or for several; for a
        classifier the class that the black box predicts.
    sample_weights : ndarray of shape (n,)
        Weight of each perturbation.
    surrogate : regressor or classifier, default=None
        None is ``Ridge(alpha=1.0)``. One whose `fit` takes no `sample_weight`, nor
        hands it on (to the last step of a pipeline, the model of a search), is fitted
        to rows drawn with replacement in proportion to the weights.
    random_state : int, RandomState instance or None, default=0
        Seed of that draw and of the surrogate, where its own is None.

    Returns
    -------
    regressor or classifier
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
    surrogate = check_surrogate(surrogate)
    return fit_weighted(surrogate, samples, predictions, sample_weights, random_state)


def fit_weighted(
    model, samples, predictions, sample_weights, random_state=0, name="surrogate"
):
    """Return a fitted clone of a surrogate or of a selector of features.

    Parameters
    ----------
    model : estimator
        Given the weights, or rows drawn in proportion to them.
    samples, predictions, sample_weights : ndarray
        See `fit_surrogate`.
    random_state : int, RandomState instance or None, default=0
        See `fit_surrogate`.
    name : str, default="surrogate"
        The parameter that it came from, for messages.

    Returns
    -------
    estimator
        Fitted.

    Raises
    ------
    ValueError
        If it takes no weights where a few rows have them all.
    """
    rng = make_rng(random_state)
    with name_parameter(name, f"{type(model).__name__}, about to be fitted"):
        model = fill_random_states(clone(model), rng)
    rows = samples.astype(np.float64)
    predictions = np.asarray(predictions)
    if predictions.size == len(predictions):  # one target, which some want as a column
        one_dimension = takes_targets(model, several=False)
        predictions = predictions.reshape(-1 if one_dimension else (-1, 1))
    weight_parameter = _weight_parameter(model)
    how = f"{type(model).__name__}, fitted to targets of shape {predictions.shape}"
    if weight_parameter is not None:
        with name_parameter(name, how):
            return model.fit(rows, predictions, **{weight_parameter: sample_weights})
    drawn = _draw_rows(predictions, sample_weights, rng)
    n_drawn = len(np.unique(drawn))
    if n_drawn <= TOO_FEW_ROWS < len(rows):
        others = {"feature_selector": "a name, SelectFromModel(...) or RFE(...)"}
        raise ValueError(
            f"{name} must take sample_weight where the weights are this uneven: of "
            f"{len(rows)} rows drawn in proportion to them {n_drawn} were different. "
            f"Got {type(model).__name__}; use {others.get(name, 'another, as Ridge()')}"
            ", a wider kernel or another sampler."
        )
    with name_parameter(name, how):
        return model.fit(rows[drawn], predictions[drawn])


def _draw_rows(predictions, sample_weights, rng):
    """Return rows drawn in proportion to their weights, of every class at least one."""
    n_rows = len(sample_weights)
    drawn = rng.choice(n_rows, size=n_rows, p=sample_weights / sample_weights.sum())
    if predictions.dtype.kind == "f" or predictions.ndim > 1:  # no classes
        return drawn
    heaviest_first = np.argsort(-sample_weights, kind="stable")
    heaviest_first = heaviest_first[sample_weights[heaviest_first] > 0]
    _, first = np.unique(predictions[heaviest_first], return_index=True)
    known = np.unique(predictions[drawn])
    heaviest = heaviest_first[first]  # of each class
    return np.append(drawn, heaviest[~np.isin(predictions[heaviest], known)])


def _weight_parameter(model):
    """Return under which name `fit` takes sample weights, None if it does not."""
    routed = _is_routed(model) if get_config()["enable_metadata_routing"] else None
    if routed is not None:
        return "sample_weight" if routed else None
    if not _hands_on(model):
        return "sample_weight" if _takes_weights(model) else None
    if isinstance(model, Pipeline):
        name, last = model.steps[-1]
        inner = _weight_parameter(last)
        return None if inner is None else f"{name}__{inner}"
    target = isinstance(model, TransformedTargetRegressor)
    inner = model.regressor if target else model.estimator
    return "sample_weight" if inner is None else _weight_parameter(inner)


def _is_routed(model):
    """Return whether a model of models is routed weights, None for other models."""
    try:
        routing = get_routing_for_object(model)
    except NotImplementedError:  # refuses any
        return False
    if not isinstance(routing, MetadataRouter):
        return None
    return "sample_weight" in routing.consumes("fit", ["sample_weight"])


def _hands_on(model):
    """Return whether `fit` hands any parameter on to the model inside."""
    # RFECV is an RFE and hands nothing on, but for metadata routing
    return isinstance(model, WRAPPERS) or type(model) is RFE


def _takes_weights(model):
    """Return whether a model and those that it gives weights take them."""
    takes = has_fit_parameter(model, "sample_weight")
    if isinstance(model, ENSEMBLES):  # before scikit-learn 1.7 named only to warn of it
        takes = not takes
    return takes and all(has_fit_parameter(m, "sample_weight") for m in _members(model))


def _members(model):
    """Return the models that a model of models hands its sample weights on to."""
    names = ("estimator", "base_estimator", "final_estimator", "init")
    single = [getattr(model, name, None) for name in names]
    several = [member for _, member in getattr(model, "estimators", None) or []]
    return [member for member in single + several if hasattr(member, "fit")]
