"""Print what a tree has learnt."""
# SPDX-License-Identifier: BSD-3-Clause

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.pipeline import Pipeline
from sklearn.tree import BaseDecisionTree, export_text

from sklime._typing import Array
from sklime.surrogate._tasks import is_classifier


def export_tree(
    surrogate: Any,
    segment_names: Sequence[str],
    class_names: Sequence[Any] | Array | None = None,
    decimals: int = 2,
) -> str:
    """Return the rules of a tree as text.

    Parameters
    ----------
    surrogate : fitted tree
        A decision tree, a pipeline that ends in one, or a search that found one.
    segment_names : sequence of str of length d
        What the columns are called.
    class_names : sequence of length n_outputs, default=None
        What the classes of a classifier are called, which are numbers of columns;
        None calls them by these.
    decimals : int, default=2
        Digits of numbers.

    Returns
    -------
    str
        One line for each branch and leaf; a segment is hidden on the side of ``<=``.
        Leaves of a regressor of several labels have a value for each, in their order.

    Raises
    ------
    TypeError
        For a model that is no tree, or a step before it that does not name its columns.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> tree = DecisionTreeClassifier().fit(np.array([[0, 1], [1, 1]]), [0, 1])
    >>> print(export_tree(tree, ["sky", "ground"], ["night", "day"]))
    |--- sky <= 0.50
    |   |--- class: night
    |--- sky >  0.50
    |   |--- class: day
    """
    tree, names = _find_final(surrogate, np.asarray(segment_names, dtype=object))
    if isinstance(tree, DummyClassifier | DummyRegressor):
        return _print_leaf(tree, class_names, decimals)
    if not isinstance(tree, BaseDecisionTree):
        raise TypeError(
            "surrogate must be a decision tree to be printed as rules. Got "
            f"{type(surrogate).__name__}; explanation.refit(surrogate="
            "DecisionTreeRegressor(max_depth=3)) fits one to the same answers."
        )
    known = None
    if is_classifier(tree) and class_names is not None:
        known = [str(class_names[column]) for column in tree.classes_]
    return export_text(
        tree,
        feature_names=list(names),
        class_names=known,
        decimals=decimals,
        max_depth=tree.get_depth(),
    )


def _find_final(surrogate, names):
    """Return the last model inside a pipeline or search, and the names it knows."""
    surrogate = getattr(surrogate, "best_estimator_", surrogate)
    if not isinstance(surrogate, Pipeline):
        return surrogate, names
    for step in surrogate[:-1]:
        if step in (None, "passthrough"):
            continue
        if not hasattr(step, "get_feature_names_out"):
            raise TypeError(
                f"surrogate must name what its steps make of the segments. {step!r} "
                "has no get_feature_names_out; of a FunctionTransformer that is the "
                "parameter feature_names_out."
            )
        names = step.get_feature_names_out(names)
    return _find_final(surrogate[-1], names)


def _print_leaf(constant, class_names, decimals):
    """Return the one rule of a model that looks at no segment."""
    (answer,) = constant.predict(np.zeros((1, 1)))
    if is_classifier(constant):
        return f"|--- class: {answer if class_names is None else class_names[answer]}\n"
    values = ", ".join(f"{value:.{decimals}f}" for value in np.ravel(answer))
    return f"|--- value: [{values}]\n"
