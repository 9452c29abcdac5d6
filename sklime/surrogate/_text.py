"""Print what a tree has learnt."""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np
from sklearn.base import is_classifier
from sklearn.pipeline import Pipeline
from sklearn.tree import BaseDecisionTree, export_text


def export_tree(surrogate, segment_names, class_names=None, decimals=2):
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
        One line for each branch and leaf; a segment is hidden where ``<= 0.50``. Leaves
        of a regressor of several labels have a value for each.

    Raises
    ------
    TypeError
        For a model that is no tree.

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
        tree, feature_names=list(names), class_names=known, decimals=decimals
    )


def _find_final(surrogate, names):
    """Return the last model inside a pipeline or search, and the names it knows."""
    surrogate = getattr(surrogate, "best_estimator_", surrogate)
    if not isinstance(surrogate, Pipeline):
        return surrogate, names
    for step in surrogate[:-1]:
        if hasattr(step, "get_feature_names_out"):
            names = step.get_feature_names_out(names)
    return _find_final(surrogate[-1], names)
