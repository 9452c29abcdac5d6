"""Occlude: the background image, what a hidden segment shows.

An occluder has ``fit(X)`` and ``fill(image, segments)``, which returns the
background in float. ``_colours`` has those of one colour, ``_smooth`` those made of
the image itself, ``_images`` those that show another image; ``_choose`` makes one of
a name or a value. ``_background`` rounds, clips and casts what any of them returns,
once for all.
"""
# SPDX-License-Identifier: BSD-3-Clause

from sklime.occlusion._background import create_background, find_unchanged_segments
from sklime.occlusion._base import BaseOccluder, FlatOccluder, RandomOccluder
from sklime.occlusion._choose import OCCLUDERS, FunctionOccluder, check_occluder
from sklime.occlusion._colours import (
    ColourOccluder,
    RandomColourOccluder,
    find_colour,
)
from sklime.occlusion._images import ImageOccluder, NoiseOccluder, ReferenceOccluder
from sklime.occlusion._smooth import BlurOccluder, InpaintOccluder, MeanOccluder

__all__ = [
    "OCCLUDERS",
    "BaseOccluder",
    "BlurOccluder",
    "ColourOccluder",
    "FlatOccluder",
    "FunctionOccluder",
    "ImageOccluder",
    "InpaintOccluder",
    "MeanOccluder",
    "NoiseOccluder",
    "RandomColourOccluder",
    "RandomOccluder",
    "ReferenceOccluder",
    "check_occluder",
    "create_background",
    "find_colour",
    "find_unchanged_segments",
]
