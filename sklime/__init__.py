"""sklime: LIME explanations for image models, as a scikit-learn estimator.

An image takes one way through the package, a module a stage: ``_validation``
(what came in), ``segmentation``, ``sampling``, ``occlusion``, ``perturbation``
(compose the perturbed images and ask the black box), ``locality``,
``surrogate``, ``explanation`` and ``display``. ``metrics`` judges what comes out, and
``explainer`` wires them.
"""
# SPDX-License-Identifier: BSD-3-Clause

from sklime._show_versions import show_versions
from sklime.display import LimeDisplay
from sklime.explainer import ImageLimeExplainer
from sklime.explanation import ImageExplanation

__version__ = "0.1.0.dev0"
__all__ = ["ImageExplanation", "ImageLimeExplainer", "LimeDisplay", "show_versions"]
