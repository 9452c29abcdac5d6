"""Ask any model about a batch of images, and check what it answers.

A black box is a fitted scikit-learn style model or any callable from images of
shape (n, H, W[, C]) to numbers of shape (n,) or (n, n_outputs).
"""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np
from sklearn.exceptions import NotFittedError

from sklime._labels import resolve_label
from sklime._rows import find_distinct_rows

RESPONSE_METHODS = ("predict_proba", "decision_function", "predict")
BATCH_BYTES = 64 * 2**20


def find_response(estimator, response_method="auto"):
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


def query(images, estimator, *, response_method="auto", n_outputs=None):
    """Return the black box's answer to a batch of images.

    Parameters
    ----------
    images : ndarray of shape (n, H, W) or (n, H, W, C)
        The batch, in the layout that the black box wants. A model whose
        `n_features_in_` is the number of values of one image gets shape (n, values).
    estimator : object
        The black box.
    response_method : str, default="auto"
        See `find_response`.
    n_outputs : int, default=None
        How many columns are expected; None accepts any number.

    Returns
    -------
    ndarray of shape (n, n_outputs), dtype float64
        Probabilities, scores or values. The score s of a binary
        `decision_function` becomes (-s, s), crisp classes one column each, a
        single value one column.

    Raises
    ------
    TypeError, ValueError
        If the answer is not one row of finite numbers for each image.

    Examples
    --------
    >>> import numpy as np
    >>> query(np.ones((2, 4, 4)), lambda images: images.sum(axis=(1, 2)))
    array([[16.],
           [16.]])
    """
    model, method = find_response(estimator, response_method)
    respond = model if method == "__call__" else getattr(model, method)
    try:
        answer = respond(_flatten_for(model, images))
    except NotFittedError as error:
        raise NotFittedError(
            f"estimator must be fitted before it is explained; this "
            f"{type(model).__name__} is not. Fit it first: an explainer never does. A "
            "model among the candidates of a search is cloned by the search; wrap it "
            "in sklearn.frozen.FrozenEstimator."
        ) from error
    except Exception as error:
        error.add_note(
            "Raised by the black box (the parameter 'estimator') when asked about "
            f"{len(images)} images as an array of shape {images.shape} and dtype "
            f"{images.dtype}."
        )
        raise
    return _check_answer(_as_columns(answer, model, method), len(images), n_outputs)


def query_samples(
    samples, compose, estimator, *, batch_size=None, progress=None, **query_options
):
    """Return the black box's answers to all perturbations of one image.

    Equal rows are asked once, unless their fill is drawn anew. No more than one batch
    of images exists at a time.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    compose : Composer or RedrawingComposer
        Writes the images of some rows.
    estimator : object
        The black box.
    batch_size : int, default=None
        Images per call; None takes as many as 64 MiB hold.
    progress : callable, default=None
        Wraps the iterable of batches, as `tqdm.tqdm` does.
    **query_options : dict
        For `query`.

    Returns
    -------
    ndarray of shape (n, n_outputs)
        An answer for each row.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.perturbation import Composer
    >>> image, background = np.array([[1.0, 2.0, 4.0]]), np.zeros((1, 3))
    >>> compose = Composer(image, background, np.array([[0, 0, 1]]))
    >>> samples = np.array([[True, True], [True, False], [False, False]])
    >>> query_samples(samples, compose, lambda images: images.sum(axis=(1, 2)))
    array([[7.],
           [3.],
           [0.]])
    """
    if compose.redraws:
        rows, places = samples, np.arange(len(samples))
    else:
        rows, places = _unique_rows(samples)
    if batch_size is None:
        batch_size = max(1, BATCH_BYTES // compose.n_bytes)
    starts = range(0, len(rows), batch_size)
    predictions = [
        query(
            compose(rows[start : start + batch_size], start), estimator, **query_options
        )
        for start in (starts if progress is None else progress(starts))
    ]
    return np.concatenate(predictions)[places]


def _unique_rows(samples):
    """Return distinct rows in order of appearance, and where each row went."""
    first, which = find_distinct_rows(samples)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return samples[first[order]], rank[which]


def find_classes(estimator, n_outputs, *, response_method="auto", class_names=None):
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
    known = None if method == "__call__" else _known_classes(model)
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


def _known_classes(model):
    """Return the classes of a model, None if it has none or several sets of them."""
    classes = getattr(model, "classes_", None)
    if classes is None or any(np.ndim(label) > 0 for label in classes):
        return None
    return np.asarray(classes)


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


def _flatten_for(model, images):
    """Return rows for a model that was fitted on rows, else the images."""
    n_values = int(np.prod(images.shape[1:]))
    flat = getattr(model, "n_features_in_", None) == n_values
    return images.reshape(len(images), n_values) if flat else images


def _as_columns(answer, model, method):
    """Return an answer as an array of 2 dimensions, a column for each output."""
    try:
        answer = np.asarray(answer)
    except (RuntimeError, TypeError, ValueError) as error:
        raise ValueError(
            "estimator must return one row of numbers for each image. Got a "
            f"{type(answer).__name__} that is no array: {error}"
        ) from error
    classes = _known_classes(model)
    if answer.ndim == 1 and classes is not None and method == "predict":
        return _indicate(answer, classes)
    if answer.ndim == 1 and classes is not None and method == "decision_function":
        return np.stack([-answer, answer], axis=1)
    return answer[:, np.newaxis] if answer.ndim == 1 else answer


def _indicate(answer, classes):
    """Return crisp classes as one column of 0 and 1 for each class."""
    columns = answer[:, np.newaxis] == classes
    unknown = answer[columns.sum(axis=1) != 1].tolist()
    if unknown:
        raise ValueError(
            "estimator has classes_, so its 'predict' must return members of them. Got "
            f"{unknown[0]!r}, which is none of {classes[:10].tolist()}; pass a "
            "function that returns a column for each class."
        )
    return columns.astype(np.float64)


def _check_answer(answer, n_images, n_outputs):
    """Return float64, or raise an error that says what the answer should be."""
    expected = f"({n_images}, {n_outputs or 'n_outputs'})"
    if answer.dtype.kind not in "buif":
        raise TypeError(
            "estimator must return numbers: probabilities, scores or values. Got dtype "
            f"{answer.dtype}; for crisp class names pass the classifier itself, of "
            "several results in a list or dict return one."
        )
    if answer.ndim != 2 or len(answer) != n_images or answer.shape[1] == 0:
        raise ValueError(
            f"estimator must return an array of shape ({n_images},) or {expected} for "
            f"a batch of {n_images} images. Got shape {answer.shape}."
        )
    if n_outputs is not None and answer.shape[1] != n_outputs:
        raise ValueError(
            f"estimator must return as many outputs as in fit, {n_outputs}. Got "
            f"{answer.shape[1]}; fit the explainer again if the model changed."
        )
    answer = np.array(answer, dtype=np.float64)
    if not np.isfinite(answer).all():
        n_bad = np.count_nonzero(~np.isfinite(answer).all(axis=1))
        raise ValueError(
            "estimator must return finite numbers. Got NaN or infinity for "
            f"{n_bad} of {n_images} images; check the value range that it expects."
        )
    return answer
