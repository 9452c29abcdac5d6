"""Fit: a surrogate learns what the black box answers, near the image.

The surrogate sees `samples`, which segments are shown, as numbers 0 and 1. Any
scikit-learn regressor or classifier serves: ``_tasks`` says what it learns,
``_selection`` from which segments, whose columns ``_keep`` keeps, ``_fit`` brings it
the weights of the samples, ``_recipe`` joins these for any part of the rows,
``_respond`` asks it, ``_weights`` reads from it one signed weight for each segment on
the scale of its predictions, ``_fidelity`` measures it, and ``_all`` does this for
every label. Two ask less than that: ``_ridge`` has the folds of least squares in closed
form, ``_trees`` reads weights from the nodes of trees. ``_standard_errors`` says how
uncertain the weights of linear ones are. ``_prior`` is a surrogate of our
own, ``_text`` prints trees, ``_check`` looks at arrays.
"""
# SPDX-License-Identifier: BSD-3-Clause

from sklime.surrogate._all import LocalFit, fit_surrogates
from sklime.surrogate._fidelity import N_FOLDS, compute_fidelity
from sklime.surrogate._fit import check_surrogate, fit_surrogate
from sklime.surrogate._keep import KeepSegments
from sklime.surrogate._prior import PriorBayesianRidge
from sklime.surrogate._respond import respond
from sklime.surrogate._ridge import find_penalty
from sklime.surrogate._selection import (
    SELECTIONS,
    check_selection,
    select_forward,
    select_highest_weights,
    select_lasso_path,
    select_segments,
)
from sklime.surrogate._standard_errors import standard_errors
from sklime.surrogate._tasks import TARGETS, Task, check_target, plan_tasks
from sklime.surrogate._text import export_tree
from sklime.surrogate._weights import compute_average_effects, compute_weights

__all__ = [
    "N_FOLDS",
    "SELECTIONS",
    "TARGETS",
    "KeepSegments",
    "LocalFit",
    "PriorBayesianRidge",
    "Task",
    "check_selection",
    "check_surrogate",
    "check_target",
    "compute_average_effects",
    "compute_fidelity",
    "compute_weights",
    "export_tree",
    "find_penalty",
    "fit_surrogate",
    "fit_surrogates",
    "plan_tasks",
    "respond",
    "select_forward",
    "select_highest_weights",
    "select_lasso_path",
    "select_segments",
    "standard_errors",
]
