"""Merge segments that are too small, or that belong together."""
# SPDX-License-Identifier: BSD-3-Clause

from collections import Counter
from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from numbers import Integral
from typing import Any, Self

import numpy as np
from skimage import measure
from sklearn.base import BaseEstimator, TransformerMixin

from sklime._docs_link import DocsLink
from sklime._sklearn_private import Interval, RealNotInt, fit_context
from sklime._typing import Array, Images
from sklime._validation import stack_images


def merge_groups(segments: Array, groups: Sequence[Sequence[int]]) -> Array:
    """Return a label map in which some labels have become one.

    Parameters
    ----------
    segments : ndarray of shape (H, W)
        Integer labels.
    groups : sequence of sequences of int
        Labels to merge, each group into the first of its labels.

    Returns
    -------
    ndarray of shape (H, W)
        A copy.

    Raises
    ------
    ValueError
        If a label is not in the map or stands twice.

    Examples
    --------
    >>> import numpy as np
    >>> merge_groups(np.array([[1, 2, 3, 4]]), [[1, 3], [4, 2]])
    array([[1, 4, 1, 4]])
    """
    chosen = [label for group in groups for label in group]
    unknown = [label for label in chosen if label not in segments]
    twice = [label for label, count in Counter(chosen).items() if count > 1]
    if unknown or twice:
        raise ValueError(
            "groups of MergeSegments must hold labels of the map, each once. Got "
            f"{groups!r}, of which {unknown} are not in the map and {twice} stand "
            f"twice, for labels {np.unique(segments).tolist()}."
        )
    merged = segments.copy()
    for first, *others in groups:
        merged[np.isin(segments, others)] = first
    return merged


def split_areas(segments: Array) -> Array:
    """Return a label map in which every connected area is a segment.

    Parameters
    ----------
    segments : ndarray of shape (H, W)
        Integer labels; negative ones are no segments.

    Returns
    -------
    ndarray of shape (H, W)
        New labels from 0, and -1 where there is no segment.

    Examples
    --------
    >>> import numpy as np
    >>> split_areas(np.array([[5, 5, 8], [-1, 8, 5]]))
    array([[ 0,  0,  1],
           [-1,  2,  3]])
    """
    labels = np.maximum(segments.astype(np.intp), -1)
    return measure.label(labels, background=-1, connectivity=1) - 1


def merge_small(segments: Array, min_size: int) -> Array:
    """Return a label map without segments below a size.

    The smallest one is merged into the neighbour with which it shares the longest
    border (the larger one of two with equal borders), until none is too small.

    Parameters
    ----------
    segments : ndarray of shape (H, W)
        Integer labels; negative ones are no segments.
    min_size : int
        Fewest pixels of a segment.

    Returns
    -------
    ndarray of shape (H, W)
        A copy. What has no neighbour stays.

    Examples
    --------
    >>> import numpy as np
    >>> merge_small(np.array([[5, 5, 5], [5, 8, 9], [5, 9, 9]]), min_size=2)
    array([[5, 5, 5],
           [5, 5, 9],
           [5, 9, 9]])
    """
    labels, places, counts = np.unique(
        segments, return_inverse=True, return_counts=True
    )
    sizes = dict(zip(labels.tolist(), counts.tolist(), strict=True))
    merged_into = _plan_merges(sizes, _measure_borders(segments), min_size)
    targets = [_follow(merged_into, label) for label in labels.tolist()]
    return np.array(targets, dtype=segments.dtype)[places]


def _plan_merges(sizes, borders, min_size):
    """Return which label becomes part of which; sizes and borders are used up."""
    queue = [(size, label) for label, size in sizes.items() if size < min_size]
    heapify(queue)
    merged_into = {}
    while queue:
        size, label = heappop(queue)
        if size != sizes[label] or not borders.get(label):
            continue  # grown since, or without neighbours
        neighbours = borders.pop(label)
        target = max(neighbours, key=lambda other: (neighbours[other], sizes[other]))
        merged_into[label] = target
        sizes[target] += size
        sizes[label] = 0
        if sizes[target] < min_size:
            heappush(queue, (sizes[target], target))
        for other, length in neighbours.items():
            del borders[other][label]
            if other != target:
                borders[other][target] += length
                borders[target][other] += length
    return merged_into


def _follow(merged_into, label):
    """Return the label in which one has ended."""
    while label in merged_into:
        label = merged_into[label]
    return label


def _measure_borders(segments):
    """Return for each label how many pixel edges it shares with which others."""
    neighbours = (
        (segments[:, 1:], segments[:, :-1]),
        (segments[1:], segments[:-1]),
    )
    pairs = np.concatenate([np.stack(n, axis=-1).reshape(-1, 2) for n in neighbours])
    pairs = pairs[(pairs[:, 0] != pairs[:, 1]) & (pairs.min(axis=1) >= 0)]
    borders: dict[int, Counter] = {}
    edges, lengths = np.unique(pairs, axis=0, return_counts=True)
    for (a, b), length in zip(edges.tolist(), lengths.tolist(), strict=True):
        borders.setdefault(a, Counter())[b] += length
        borders.setdefault(b, Counter())[a] += length
    return borders


class MergeSegments(TransformerMixin, DocsLink, BaseEstimator):
    """Merge segments that are too small or belong together, after any segmenter.

    A step for a pipeline behind a segmenter: it takes label maps and returns label
    maps.

    Parameters
    ----------
    min_size : int or float, default=None
        Smaller segments are merged into the neighbour with the longest common border.
        An integer is a number of pixels, wherever they are, a float in (0, 1) a share
        of all segmented ones.
    groups : sequence of int or of sequences of int, default=None
        The segmenter's labels to merge, one group or several; done first. A group keeps
        its first label.
    split : bool, default=False
        Whether areas of one segment that do not touch become segments of their own,
        with new labels, before small ones are merged: quickshift and clusters scatter.

    See Also
    --------
    SlicSegmenter : Has a minimum size of its own.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.pipeline import make_pipeline
    >>> from skimage import data
    >>> from sklime.segmentation import GridSegmenter, MergeSegments
    >>> segmenter = make_pipeline(
    ...     GridSegmenter(2, 3), MergeSegments(groups=[[0, 1, 2], [4, 5]])
    ... )
    >>> np.unique(segmenter.fit_transform([data.camera()])).tolist()
    [0, 3, 4]
    """

    _parameter_constraints = {
        "min_size": [
            Interval(Integral, 1, None, closed="left"),
            Interval(RealNotInt, 0, 1, closed="neither"),
            None,
        ],
        "groups": ["array-like", None],
        "split": ["boolean"],
    }

    def __init__(self, min_size=None, groups=None, split=False) -> None:
        self.min_size = min_size
        self.groups = groups
        self.split = split

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Images, y: Any = None) -> Self:
        """Check the parameters; nothing is learnt from label maps.

        Parameters
        ----------
        X : array-like of shape (n_images, H, W) or sequence of label maps
            Not used.
        y : Ignored
            Not used, present here for API consistency by convention.

        Returns
        -------
        self : object
            Returns the instance itself.
        """
        return self

    def transform(self, X: Sequence[Any] | Array) -> Array | list[Array]:
        """Merge segments of label maps.

        Parameters
        ----------
        X : array-like of shape (n_images, H, W) or sequence of label maps
            What a segmenter returned.

        Returns
        -------
        ndarray of shape (n_images, H, W) or list of ndarray of shape (H, W)
            Label maps with fewer labels.

        Raises
        ------
        ValueError
            If `X` holds no label maps, or `groups` other labels than these.
        """
        self._validate_params()
        groups = _as_groups(self.groups)
        return stack_images([self._merge(_check_map(map_), groups) for map_ in X])

    def _merge(self, segments, groups):
        segments = merge_groups(segments, groups)
        if self.split:
            segments = split_areas(segments)
        if self.min_size is None:
            return segments
        min_size = self.min_size
        if not isinstance(min_size, Integral):
            min_size = min_size * np.count_nonzero(segments >= 0)
        return merge_small(segments, min_size)

    def __sklearn_is_fitted__(self):
        return True

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.transformer_tags.preserves_dtype = []
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        return tags


def _check_map(segments):
    segments = np.asarray(segments)
    if segments.ndim != 2 or segments.dtype.kind not in "bui":
        raise ValueError(
            "MergeSegments takes label maps: put it behind a segmenter, as in "
            "make_pipeline(SlicSegmenter(), MergeSegments()). Got an array of shape "
            f"{segments.shape} and dtype {segments.dtype}."
        )
    return segments


def _as_groups(groups):
    """Return a list of lists of labels for None, one group or several."""
    groups = [] if groups is None else list(groups)
    if groups and all(np.ndim(label) == 0 for label in groups):
        groups = [groups]
    if not all(np.ndim(group) == 1 and len(group) > 0 for group in groups):
        raise ValueError(
            "groups of MergeSegments must be labels, or sequences of labels. Got "
            f"{groups!r}."
        )
    return groups
