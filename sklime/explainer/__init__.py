"""Wire: the estimator that leads images through all stages.

``_explainer`` is the estimator; ``_route`` knows the stages and their order.
"""
# SPDX-License-Identifier: BSD-3-Clause

from sklime.explainer._explainer import ImageLimeExplainer

__all__ = ["ImageLimeExplainer"]
