"""Fit: a surrogate learns what the black box answers, near the image.

The surrogate sees `samples`, which segments are shown, as numbers 0 and 1. Any
scikit-learn regressor serves: ``_fit`` brings it the weights of the samples,
``_weights`` reads from it one signed weight for each segment on the scale of the
black box's output, ``_fidelity`` measures it, and ``_all`` does this for every label.
"""
# SPDX-License-Identifier: BSD-3-Clause

from sklime.surrogate._all import LocalFit, fit_surrogates
from sklime.surrogate._fidelity import N_FOLDS, compute_fidelity
from sklime.surrogate._fit import check_surrogate, fit_surrogate
from sklime.surrogate._weights import compute_average_effects, compute_weights

__all__ = [
    "N_FOLDS",
    "LocalFit",
    "check_surrogate",
    "compute_average_effects",
    "compute_fidelity",
    "compute_weights",
    "fit_surrogate",
    "fit_surrogates",
]
