"""Judge: what an explanation is worth, as functions, scorers and curves.

``_compactness``, ``_localisation`` and ``_repeats`` hold mathematics on arrays.
``_fidelity`` reads an explanation; ``_removal`` hides and shows its image step by step,
from a ``_baseline`` and in the ``_steps`` of an order, which ``_removal_scores`` turns
into numbers; ``_agreement`` hides random subsets. What they ask, ``_questions`` asks.
``_stability`` explains again. The scorers take the mean over images, for a search;
``_curve_display`` draws.
"""
# SPDX-License-Identifier: BSD-3-Clause

from sklime.metrics._agreement import faithfulness_correlation, infidelity
from sklime.metrics._baseline import create_baseline
from sklime.metrics._compactness import complexity, sparseness
from sklime.metrics._curve_display import CurveDisplay
from sklime.metrics._explanation_scorers import (
    complexity_scorer,
    fidelity_scorer,
    local_prediction_gap_scorer,
    sensitivity_scorer,
    sparseness_scorer,
    stability_scorer,
)
from sklime.metrics._fidelity import fidelity, local_prediction_gap
from sklime.metrics._localisation import (
    check_truth,
    intersection_over_union,
    pointing_game,
    relevance_mass,
    relevance_rank,
)
from sklime.metrics._mask_scorers import (
    iou_scorer,
    pointing_game_scorer,
    relevance_mass_scorer,
    relevance_rank_scorer,
)
from sklime.metrics._removal import deletion_curve, insertion_curve
from sklime.metrics._removal_scorers import (
    deletion_scorer,
    faithfulness_correlation_scorer,
    faithfulness_scorer,
    infidelity_scorer,
    insertion_scorer,
    irof_scorer,
)
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
from sklime.metrics._scoring import mean_faithfulness
from sklime.metrics._stability import max_sensitivity, stability

__all__ = [
    "CurveDisplay",
    "check_truth",
    "coefficients_stability_index",
    "complexity",
    "complexity_scorer",
    "create_baseline",
    "deletion_auc",
    "deletion_curve",
    "deletion_scorer",
    "faithfulness",
    "faithfulness_correlation",
    "faithfulness_correlation_scorer",
    "faithfulness_scorer",
    "fidelity",
    "fidelity_scorer",
    "infidelity",
    "infidelity_scorer",
    "insertion_auc",
    "insertion_curve",
    "insertion_scorer",
    "intersection_over_union",
    "iou_scorer",
    "irof",
    "irof_scorer",
    "jaccard_top_k",
    "local_prediction_gap",
    "local_prediction_gap_scorer",
    "max_sensitivity",
    "mean_faithfulness",
    "pointing_game",
    "pointing_game_scorer",
    "rank_correlation",
    "relevance_mass",
    "relevance_mass_scorer",
    "relevance_rank",
    "relevance_rank_scorer",
    "select_top",
    "sensitivity_scorer",
    "sparseness",
    "sparseness_scorer",
    "stability",
    "stability_scorer",
    "variables_stability_index",
]
