"""What surrogates learn: an output, several at once, or the predicted class."""
# SPDX-License-Identifier: BSD-3-Clause

from typing import Any, NamedTuple

import numpy as np
from sklearn.pipeline import Pipeline

from sklime._sklearn_private import BaseSearchCV
from sklime._typing import Array, Indices

TARGETS = ("auto", "one-vs-rest")
ROUNDING = 1e-13
SINGLE_ROUNDING = 4 * float(np.finfo(np.float32).eps)


class Task(NamedTuple):
    """What one surrogate learns, and of which labels it tells.

    Attributes
    ----------
    targets : ndarray of shape (n,) or (n, n_labels)
        What the surrogate is fitted to.
    values : ndarray of shape (n, n_labels), dtype float64
        What it is to predict for each label: its output, or whether it is the
        predicted class.
    classes : list of length n_labels or None
        For a classifier the classes that stand for the labels, see `respond`.
    """

    targets: np.ndarray
    values: np.ndarray
    classes: list | None

    @property
    def is_constant(self) -> bool:
        """Whether there is nothing to learn."""
        if self.classes is None:
            return all(map(is_constant, self.values.T))
        return bool((self.targets == self.targets[0]).all())

    @property
    def numeric_targets(self) -> Array:
        """The targets as numbers: a column of 0 and 1 for each class."""
        if self.classes is None:
            return self.targets
        known = np.unique(self.targets)
        return (self.targets[:, np.newaxis] == known).astype(np.float64)

    def take(self, rows: Any) -> "Task":
        """Return the same task for some of its rows."""
        return self._replace(targets=self.targets[rows], values=self.values[rows])


def plan_tasks(
    predictions: Array,
    label_indices: Indices,
    surrogate: Any,
    *,
    target: str = "auto",
    multi_output: bool = False,
) -> list[Task]:
    """Return what surrogates have to learn to explain some labels.

    Parameters
    ----------
    predictions : ndarray of shape (n, n_outputs)
        The black box's outputs.
    label_indices : sequence of int of length n_labels
        The columns of the labels.
    surrogate : regressor or classifier
        Unfitted.
    target : {"auto", "one-vs-rest"}, default="auto"
        A regressor learns the label's output; a classifier the predicted class, which
        is the column of the largest output, and so serves all labels at once. With
        "one-vs-rest" both learn for each label whether it is the predicted class.
    multi_output : bool, default=False
        Whether one regressor learns all labels.

    Returns
    -------
    list of Task
        One for all labels, or one for each in order.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import Ridge
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> predictions = np.array([[0.8, 0.2], [0.3, 0.7]])
    >>> [task.targets for task in plan_tasks(predictions, [0, 1], Ridge())]
    [array([0.8, 0.3]), array([0.2, 0.7])]
    >>> (task,) = plan_tasks(predictions, [0, 1], DecisionTreeClassifier())
    >>> task.targets, task.classes
    (array([0, 1]), [0, 1])
    """
    label_indices = list(label_indices)
    classifies = is_classifier(surrogate)
    values = predictions[:, label_indices]
    if classifies or target == "one-vs-rest":
        winners = predictions.argmax(axis=1)
        values = (winners[:, np.newaxis] == label_indices).astype(np.float64)
    if classifies and target == "auto":
        return [Task(winners, values, label_indices)]
    if multi_output:
        return [Task(values, values, None)]
    columns = [values[:, [place]] for place in range(len(label_indices))]
    if classifies:
        return [Task(column[:, 0].astype(np.intp), column, [1]) for column in columns]
    return [Task(column[:, 0], column, None) for column in columns]


def is_constant(predictions):
    """Return whether predictions differ by no more than rounding.

    Those that fit in single precision came from a black box that rounds to it.
    """
    single = np.array_equal(predictions, predictions.astype(np.float32))
    rounding = SINGLE_ROUNDING if single else ROUNDING
    return np.ptp(predictions) <= rounding * np.abs(predictions).max()


def check_target(
    surrogate: Any,
    target: str = "auto",
    multi_output: bool = False,
    n_outputs: int | None = None,
) -> None:
    """Refuse what a surrogate cannot learn.

    Parameters
    ----------
    surrogate : regressor or classifier
        Unfitted.
    target : str, default="auto"
        See `plan_tasks`.
    multi_output : bool, default=False
        Whether one regressor learns all labels.
    n_outputs : int, default=None
        Number of outputs of the black box, None where it is not known yet.

    Raises
    ------
    ValueError
        For an unknown target, a `multi_output` that is no bool or that this surrogate
        cannot serve, a classifier of several columns, or predicted classes where there
        is a single output.
    """
    if target not in TARGETS:
        raise ValueError(f"target must be one of {TARGETS}. Got {target!r}.")
    if not isinstance(multi_output, bool | np.bool_):
        raise ValueError(f"multi_output must be True or False. Got {multi_output!r}.")
    name = type(surrogate).__name__
    if is_classifier(surrogate) and not takes_targets(surrogate, several=False):
        raise ValueError(
            "surrogate must be a regressor, or a classifier that learns one class for "
            f"each image. Got {name}, which learns several columns of them; use the "
            "classifier inside it."
        )
    if multi_output and is_classifier(surrogate):
        raise ValueError(
            "multi_output=True is for regressors: a classifier learns the predicted "
            f"class, all labels at once, as it is. Got {name}; pass multi_output=False."
        )
    if multi_output and not takes_targets(surrogate, several=True):
        raise ValueError(
            "surrogate must be able to predict several outputs with multi_output=True, "
            f"such as Ridge(), a tree or a forest. Got {name}; wrap it in "
            "sklearn.multioutput.MultiOutputRegressor, or pass multi_output=False."
        )
    wants_classes = is_classifier(surrogate) or target == "one-vs-rest"
    if wants_classes and n_outputs == 1:
        raise ValueError(
            f"surrogate={name} with target={target!r} learns which output is the "
            "largest, and the black box has a single one. Use a regressor, or a black "
            "box with an output for each class: for a probability p the two columns "
            "1 - p and p."
        )


def is_classifier(surrogate):
    """Return whether a model says that it classifies.

    scikit-learn's own function refuses models without tags, which serve here too.
    """
    tags = getattr(surrogate, "__sklearn_tags__", None)
    if tags is None or isinstance(surrogate, type):
        return getattr(surrogate, "_estimator_type", None) == "classifier"
    return tags().estimator_type == "classifier"


def takes_targets(surrogate, *, several):
    """Return whether `fit` takes targets of several columns, or of a single one.

    A model that does not say is believed to take both.
    """
    if isinstance(surrogate, Pipeline):
        return takes_targets(surrogate.steps[-1][1], several=several)
    if isinstance(surrogate, BaseSearchCV):
        return takes_targets(surrogate.estimator, several=several)
    tags = getattr(surrogate, "__sklearn_tags__", None)
    if tags is None:
        return True
    targets = tags().target_tags
    return targets.multi_output if several else targets.single_output
