"""Perturb and query: compose images with hidden segments and ask the black box.

``_composition`` writes the images, from the table of ``_patterns``; ``_query`` has them
written, a batch at a time, and asks any kind of model for numbers.
"""
# SPDX-License-Identifier: BSD-3-Clause

from sklime.perturbation._black_box import BlackBox, as_black_box
from sklime.perturbation._composition import (
    Composer,
    RedrawingComposer,
    create_perturbations,
)
from sklime.perturbation._query import query, query_samples
from sklime.perturbation._recall import name_model
from sklime.perturbation._response import RESPONSE_METHODS, find_classes, find_response

__all__ = [
    "RESPONSE_METHODS",
    "BlackBox",
    "Composer",
    "RedrawingComposer",
    "as_black_box",
    "create_perturbations",
    "find_classes",
    "find_response",
    "name_model",
    "query",
    "query_samples",
]
