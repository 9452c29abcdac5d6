"""Find what to call of a black box, and what its outputs are called."""
# SPDX-License-Identifier: BSD-3-Clause

from collections.abc import Sequence
from typing import Any

import numpy as np

from sklime._labels import resolve_label
from sklime._typing import Array

RESPONSE_METHODS = ("predict_proba", "decision_function", "predict")


def find_response(estimator: Any, response_method: str = "auto") -> tuple[Any, str]:
    """Return the object behind a black box and the name of the method to call.

    Parameters
    ----------
    estimator : object
        A model with one of the methods below, or a callable. The bound method of a
        model (``model.predict_proba``) stands for model and method.
    response_method : str, default="auto"
        "predict_proba", "decision_function", "predict", or "auto" for the first
        that the model has. Ignored for a callable.

    Returns
    -------
    model : object
        The model, or the callable.
    method : str
        One of the three names, or ``"__call__"``.

    Raises
    ------
    TypeError, ValueError
        If there is nothing to call, or not the method asked for.

    Examples
    --------
    >>> from sklearn.svm import SVC
    >>> find_response(SVC())
    (SVC(), 'decision_function')
    """
    owner = getattr(estimator, "__self__", None)
    name = getattr(estimator, "__name__", "")
    is_model = hasattr(owner, "fit") or hasattr(owner, "classes_")
    if name in RESPONSE_METHODS and is_model:
        return owner, name
    methods = [name for name in RESPONSE_METHODS if hasattr(estimator, name)]
    if isinstance(estimator, type) or not (methods or callable(estimator)):
        raise TypeError(
            "estimator must be a fitted model with 'predict_proba', "
            "'decision_function' or 'predict', or a callable from images to numbers. "
            f"Got {estimator!r}; a model that has them once it is fitted must be "
            "fitted first."
        )
    if not methods:
        return estimator, "__call__"
    if response_method == "auto":
        return estimator, methods[0]
    if response_method not in methods:
        raise ValueError(
            f"response_method must be 'auto' or a method that the estimator has "
            f"({', '.join(map(repr, methods))}). Got {response_method!r} for "
            f"{type(estimator).__name__}."
        )
    return estimator, response_method


def get_known_classes(model):
    """Return the classes of a model, None if it has none or several sets of them."""
    classes = getattr(model, "classes_", None)
    if classes is None or any(np.ndim(label) > 0 for label in classes):
        return None
    return np.asarray(classes)


def find_classes(
    estimator: Any,
    n_outputs: int,
    *,
    response_method: str = "auto",
    class_names: Sequence[Any] | Array | dict[Any, Any] | None = None,
) -> Array:
    """Return what each output of the black box is called.

    Parameters
    ----------
    estimator : object
        The black box.
    n_outputs : int
        Number of its outputs.
    response_method : str, default="auto"
        See `find_response`.
    class_names : sequence or dict, default=None
        Names that replace the model's `classes_`: all in order, or some by label.

    Returns
    -------
    ndarray of shape (n_outputs,)
        `class_names`, the model's `classes_`, or the numbers of the columns.

    Raises
    ------
    ValueError
        If there are more or fewer names than outputs.

    Examples
    --------
    >>> find_classes(lambda images: images, 2, class_names=["cat", "dog"]).tolist()
    ['cat', 'dog']
    """
    model, method = find_response(estimator, response_method)
    known = None if method == "__call__" else get_known_classes(model)
    pairs = getattr(model, "decision_function_shape", None) == "ovo"
    if method == "decision_function" and pairs and known is not None and len(known) > 2:
        raise ValueError(
            "estimator must have a score for each class. Its decision_function_shape "
            "'ovo' gives one for each pair; use 'ovr' or another response_method."
        )
    if class_names is not None and not isinstance(class_names, dict):
        names, source = class_names, "class_names"
    elif known is not None:
        names, source = known, "classes_ of the estimator"
    else:
        names, source = range(n_outputs), ""
    if len(names) != n_outputs:
        raise ValueError(
            f"class_names must have a name for each of the {n_outputs} outputs of the "
            f"black box. Got {len(names)} in {source}; pass class_names or another "
            "response_method."
        )
    if isinstance(class_names, dict):
        names = _rename(np.asarray(names).tolist(), class_names)
    return _as_label_array(names)


def _rename(names, new_names):
    """Return names with some replaced, all of which must exist."""
    columns = {resolve_label(label, names): name for label, name in new_names.items()}
    return [columns.get(column, name) for column, name in enumerate(names)]


def _as_label_array(names):
    """Return an array that keeps numbers beside strings what they are."""
    names = list(names)
    if any(np.ndim(name) > 0 for name in names):
        raise ValueError(f"class_names must be strings or numbers. Got {names!r}.")
    kinds = {isinstance(name, str) for name in names}
    return np.array(names, dtype=object if len(kinds) > 1 else None)
