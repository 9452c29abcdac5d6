"""Occlude: the background image, what a hidden segment shows.

An occluder has ``fit(X)`` and ``fill(image, segments)``, which returns the
background in float. ``_fills`` has those to choose from; ``_background`` rounds,
clips and casts what any of them returns, once for all.
"""
# SPDX-License-Identifier: BSD-3-Clause

from sklime.occlusion._background import create_background, find_unchanged_segments
from sklime.occlusion._fills import (
    OCCLUDERS,
    BaseOccluder,
    ColourOccluder,
    ImageOccluder,
    MeanOccluder,
    check_occluder,
)

__all__ = [
    "OCCLUDERS",
    "BaseOccluder",
    "ColourOccluder",
    "ImageOccluder",
    "MeanOccluder",
    "check_occluder",
    "create_background",
    "find_unchanged_segments",
]
