"""Ask any model about a batch of images, and check what it answers.

A black box is a fitted scikit-learn style model or any callable from images of
shape (n, H, W[, C]) to numbers of shape (n,) or (n, n_outputs).
"""
# SPDX-License-Identifier: BSD-3-Clause

from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.exceptions import NotFittedError

from sklime._rows import find_distinct_rows
from sklime._typing import Array, Booleans, Floats
from sklime.perturbation._composition import Composer, RedrawingComposer
from sklime.perturbation._recall import Recall
from sklime.perturbation._response import find_response, get_known_classes

BATCH_BYTES = 16 * 2**20  # more would be fresh memory for every batch, which is slow


def query(
    images: Array,
    estimator: Any,
    *,
    response_method: str = "auto",
    n_outputs: int | None = None,
) -> Floats:
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
    samples: Booleans,
    compose: Composer | RedrawingComposer,
    estimator: Any,
    *,
    batch_size: int | None = None,
    progress: Callable[..., Any] | None = None,
    cache: Path | None = None,
    **query_options: Any,
) -> Array:
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
        Images per call; None takes as many as 16 MiB hold.
    progress : callable, default=None
        Wraps the iterable of batches, as `tqdm.tqdm` does.
    cache : Path, default=None
        A folder that belongs to this black box: what is found there is not asked, and
        what is asked is kept there, batch by batch.
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
    rows, places = samples, np.arange(len(samples))
    if not compose.redraws:
        first, places = find_distinct_rows(samples)
        rows = samples[first]
    recall = Recall(cache, rows, compose) if cache is not None else None
    answers = recall.find(query_options.get("n_outputs")) if recall else {}
    missing = np.array([i for i in range(len(rows)) if i not in answers], dtype=int)
    if batch_size is None:
        batch_size = max(1, BATCH_BYTES // compose.n_bytes)
    starts = range(0, len(missing), batch_size)
    for start in starts if progress is None else progress(starts):
        batch = missing[start : start + batch_size]
        with _name_batch(start // batch_size + 1, len(starts)):
            images = compose(rows[batch], batch)
            found = query(images, estimator, **query_options)
            del images  # or there would be two batches at a time
        if recall:
            recall.keep(batch, found)
        answers.update(zip(batch.tolist(), found, strict=True))
    return np.array([answers[index] for index in range(len(rows))])[places]


@contextmanager
def _name_batch(number, n_batches):
    try:
        yield
    except Exception as error:
        error.add_note(f"It was batch {number} of {n_batches} about one image.")
        raise


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
    classes = get_known_classes(model)
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
