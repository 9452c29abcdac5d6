"""Segment: from an image to a label map, the features of an explanation.

A segmenter is a transformer from images to label maps. Those here take every
option of the scikit-image function behind them under its own name, work on any
number of channels, and find the same segments in the same picture whatever its
dtype and value range. Each has a module of its own, ``_base`` holds
what they share, ``_merge`` comes after any of them, and ``_create`` calls whichever
was chosen. Pixels with a negative label belong to no segment and are never hidden.
"""
# SPDX-License-Identifier: BSD-3-Clause

from sklime.segmentation._base import BaseSegmenter
from sklime.segmentation._cluster import ClusterSegmenter, describe_pixels
from sklime.segmentation._create import (
    check_segmenter,
    create_segments,
    paint_segments,
    relabel_segments,
)
from sklime.segmentation._felzenszwalb import FelzenszwalbSegmenter
from sklime.segmentation._function import FunctionSegmenter
from sklime.segmentation._grid import GridSegmenter
from sklime.segmentation._merge import (
    MergeSegments,
    merge_groups,
    merge_small,
    split_areas,
)
from sklime.segmentation._precomputed import PrecomputedSegmenter
from sklime.segmentation._quickshift import QuickshiftSegmenter
from sklime.segmentation._recall import open_segments_cache, recall_segments
from sklime.segmentation._slic import SlicSegmenter
from sklime.segmentation._watershed import WatershedSegmenter, measure_gradient

__all__ = [
    "BaseSegmenter",
    "ClusterSegmenter",
    "FelzenszwalbSegmenter",
    "FunctionSegmenter",
    "GridSegmenter",
    "MergeSegments",
    "PrecomputedSegmenter",
    "QuickshiftSegmenter",
    "SlicSegmenter",
    "WatershedSegmenter",
    "check_segmenter",
    "create_segments",
    "describe_pixels",
    "measure_gradient",
    "merge_groups",
    "merge_small",
    "open_segments_cache",
    "paint_segments",
    "recall_segments",
    "relabel_segments",
    "split_areas",
]
