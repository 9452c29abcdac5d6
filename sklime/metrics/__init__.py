"""Judge: what an explanation is worth, as functions, scorers and curves.

``_compactness``, ``_localisation``, ``_repeats`` and ``_standard_errors`` hold
mathematics on arrays. ``_fidelity`` reads an explanation; ``_removal`` hides and shows
its image step by step, from a ``_baseline`` and in the ``_steps`` of an order, which
``_removal_scores`` turns into numbers; ``_agreement`` hides random subsets. What they
ask, ``_questions`` asks. ``_stability`` explains again.
"""
# SPDX-License-Identifier: BSD-3-Clause

from sklime.metrics._agreement import faithfulness_correlation, infidelity
from sklime.metrics._baseline import create_baseline
from sklime.metrics._compactness import complexity, sparseness
from sklime.metrics._fidelity import fidelity, local_prediction_gap
from sklime.metrics._localisation import (
    check_truth,
    intersection_over_union,
    pointing_game,
    relevance_mass,
    relevance_rank,
)
from sklime.metrics._removal import deletion_curve, insertion_curve
from sklime.metrics._removal_scores import (
    deletion_auc,
    faithfulness,
    insertion_auc,
    irof,
)
from sklime.metrics._repeats import (
    coefficients_stability_index,
    jaccard_top_k,
    rank_correlation,
    select_top,
    variables_stability_index,
)
from sklime.metrics._stability import max_sensitivity, stability
from sklime.metrics._standard_errors import standard_errors

__all__ = [
    "check_truth",
    "coefficients_stability_index",
    "complexity",
    "create_baseline",
    "deletion_auc",
    "deletion_curve",
    "faithfulness",
    "faithfulness_correlation",
    "fidelity",
    "infidelity",
    "insertion_auc",
    "insertion_curve",
    "intersection_over_union",
    "irof",
    "jaccard_top_k",
    "local_prediction_gap",
    "max_sensitivity",
    "pointing_game",
    "rank_correlation",
    "relevance_mass",
    "relevance_rank",
    "select_top",
    "sparseness",
    "stability",
    "standard_errors",
    "variables_stability_index",
]
