"""Judge: what an explanation is worth, as functions, scorers and curves.

``_compactness``, ``_localisation``, ``_repeats`` and ``_standard_errors`` hold
mathematics on arrays.
"""
# SPDX-License-Identifier: BSD-3-Clause

from sklime.metrics._compactness import complexity, sparseness
from sklime.metrics._localisation import (
    check_truth,
    intersection_over_union,
    pointing_game,
    relevance_mass,
    relevance_rank,
)
from sklime.metrics._repeats import (
    coefficients_stability_index,
    jaccard_top_k,
    rank_correlation,
    select_top,
    variables_stability_index,
)
from sklime.metrics._standard_errors import standard_errors

__all__ = [
    "check_truth",
    "coefficients_stability_index",
    "complexity",
    "intersection_over_union",
    "jaccard_top_k",
    "pointing_game",
    "rank_correlation",
    "relevance_mass",
    "relevance_rank",
    "select_top",
    "sparseness",
    "standard_errors",
    "variables_stability_index",
]
