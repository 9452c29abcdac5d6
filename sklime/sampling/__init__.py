"""Sample: which segments are shown in which perturbation.

Every sampler returns a boolean array `samples` of shape (n, d), a row for each
perturbation and a column for each segment, True where the segment is shown. Row 0
is all True: the image itself. ``_uniform`` has the samplers of which every row is
uniform, made of ``_arrays`` and ``_enumeration``; ``_sizes`` those that draw how many
segments are shown; ``_draw`` calls any of them.
"""
# SPDX-License-Identifier: BSD-3-Clause

from sklime.sampling._arrays import orthogonal_array
from sklime.sampling._draw import (
    SAMPLERS,
    FunctionSampler,
    SubsetSampler,
    check_sampler,
    count_varied,
    draw_samples,
)
from sklime.sampling._enumeration import enumerate_samples, is_enumeration
from sklime.sampling._sizes import LocalSampler, ShapleySampler, draw_subsets
from sklime.sampling._uniform import (
    BalancedSampler,
    BernoulliSampler,
    ExhaustiveSampler,
)

__all__ = [
    "SAMPLERS",
    "BalancedSampler",
    "BernoulliSampler",
    "ExhaustiveSampler",
    "FunctionSampler",
    "LocalSampler",
    "ShapleySampler",
    "SubsetSampler",
    "check_sampler",
    "count_varied",
    "draw_samples",
    "draw_subsets",
    "enumerate_samples",
    "is_enumeration",
    "orthogonal_array",
]
