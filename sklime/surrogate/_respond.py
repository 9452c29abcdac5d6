"""Ask a fitted surrogate for numbers, whether it regresses or classifies."""
# SPDX-License-Identifier: BSD-3-Clause

from collections.abc import Sequence
from typing import Any

import numpy as np

from sklime._parameters import name_parameter
from sklime._typing import Array, Floats


def respond(
    surrogate: Any, rows: Array, classes: Sequence[Any] | Array | None = None
) -> Floats:
    """Return what a surrogate says of each label.

    Parameters
    ----------
    surrogate : fitted regressor or classifier
        Takes rows of d numbers 0 and 1.
    rows : ndarray of shape (n, d)
        Which segments are shown.
    classes : sequence of length n_labels, default=None
        For a classifier, the classes to read; None reads what `predict` gives.

    Returns
    -------
    ndarray of shape (n, n_labels), dtype float64
        The predictions of a regressor, a column for each of its targets. For a
        classifier the column of `predict_proba` for each class, or whether `predict`
        gives that class; 0 for a class that it has not seen.

    Raises
    ------
    ValueError
        If it does not answer with finite numbers.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> rows = np.array([[0], [1]])
    >>> tree = DecisionTreeClassifier().fit(rows, [3, 5])
    >>> respond(tree, rows, classes=[5, 9])
    array([[0., 0.],
           [1., 0.]])
    """
    with name_parameter("surrogate", f"{type(surrogate).__name__}, asked to predict"):
        if classes is None:
            answer = np.asarray(surrogate.predict(rows), dtype=np.float64)
            answer = answer.reshape(len(rows), -1)
        else:
            answer = _read_classes(surrogate, rows, classes)
    if not np.isfinite(answer).all():
        n_bad = np.count_nonzero(~np.isfinite(answer).all(axis=1))
        raise ValueError(
            f"surrogate must predict finite numbers. {type(surrogate).__name__} gave "
            f"NaN or infinity for {n_bad} of {len(rows)} perturbations; use another, "
            "or other parameters (a larger radius for neighbours within one)."
        )
    return answer


def _read_classes(surrogate, rows, classes):
    """Return the share of each class, 0 for one that the surrogate has not seen."""
    known = np.asarray(surrogate.classes_)
    if hasattr(surrogate, "predict_proba"):
        shares = np.asarray(surrogate.predict_proba(rows), dtype=np.float64)
    else:
        shares = np.asarray(surrogate.predict(rows))[:, np.newaxis] == known
    answer = np.zeros((len(rows), len(classes)))
    for column, label in enumerate(classes):
        answer[:, column] = shares[:, known == label].sum(axis=1)  # none or one
    return answer
