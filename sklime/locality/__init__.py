"""Weigh: how near each perturbation is to the image, and what that counts.

Distances are between a perturbation and the image itself, which shows every segment.
``_distances`` has those between rows of `samples` and calls any other, ``_pixels``
those that look at the picture; ``_kernels`` turns distances into weights, and
``_check`` refuses what no surrogate could use.
"""
# SPDX-License-Identifier: BSD-3-Clause

from sklime.locality._check import check_one_for_each, check_sample_weights
from sklime.locality._distances import (
    DISTANCES,
    check_distance,
    compute_distances,
    weigh_samples,
)
from sklime.locality._kernels import (
    KERNELS,
    apply_kernel,
    compute_sample_weights,
    exponential_kernel,
    uniform_kernel,
)
from sklime.locality._pixels import AreaDistance, ImageDistance, measure_norms

__all__ = [
    "DISTANCES",
    "KERNELS",
    "AreaDistance",
    "ImageDistance",
    "apply_kernel",
    "check_distance",
    "check_one_for_each",
    "check_sample_weights",
    "compute_distances",
    "compute_sample_weights",
    "exponential_kernel",
    "measure_norms",
    "uniform_kernel",
    "weigh_samples",
]
