"""Segment: from an image to a label map, the features of an explanation.

A segmenter is a transformer from images to label maps. Those here take every
option of the scikit-image function behind them under its own name, work on any
number of channels, and find the same segments in the same picture whatever its
dtype and value range. Each has a module of its own, ``_base`` holds
what they share, and ``_create`` calls whichever was chosen.
"""
# SPDX-License-Identifier: BSD-3-Clause

from sklime.segmentation._base import BaseSegmenter
from sklime.segmentation._create import (
    check_segmenter,
    create_segments,
    relabel_segments,
)
from sklime.segmentation._grid import GridSegmenter
from sklime.segmentation._precomputed import PrecomputedSegmenter
from sklime.segmentation._slic import SlicSegmenter

__all__ = [
    "BaseSegmenter",
    "GridSegmenter",
    "PrecomputedSegmenter",
    "SlicSegmenter",
    "check_segmenter",
    "create_segments",
    "relabel_segments",
]
