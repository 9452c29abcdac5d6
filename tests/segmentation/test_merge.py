"""Merging segments, alone and as a step behind any segmenter."""

import numpy as np
import pytest
from scipy import ndimage
from sklearn.pipeline import make_pipeline

from sklime.segmentation import (
    FelzenszwalbSegmenter,
    GridSegmenter,
    MergeSegments,
    QuickshiftSegmenter,
    merge_groups,
    merge_small,
    relabel_segments,
    split_areas,
)


@pytest.mark.parametrize("min_size", [2, 30, 100, 1000])
def test_none_is_too_small(photographs, min_size):
    for image in photographs.values():
        before = QuickshiftSegmenter(random_state=0).fit_transform(image)[0]
        after = merge_small(before, min_size)
        assert np.bincount(after.ravel())[np.unique(after)].min() >= min_size
        # Segments are united, never cut, and large ones keep their label.
        pairs = np.unique(np.stack([before.ravel(), after.ravel()]), axis=1)
        assert len(set(pairs[0])) == pairs.shape[1]
        survivors = np.unique(after)
        assert (before[after == survivors[0]] == survivors[0]).any()
        np.testing.assert_array_equal(merge_small(after, min_size), after)


def test_the_longest_border_decides():
    segments = np.array(
        [
            [1, 1, 1, 1, 2, 2],
            [1, 3, 3, 2, 2, 2],
            [1, 1, 3, 2, 2, 2],
            [1, 1, 1, 2, 2, 2],
        ]
    )
    merged = merge_small(segments, 4)
    np.testing.assert_array_equal(merged, np.where(segments == 3, 1, segments))
    np.testing.assert_array_equal(merge_small(segments, 3), segments)
    assert np.unique(merge_small(segments, 12)).size == 1


def test_chains_of_small_segments_end_in_one_large_enough():
    line = np.arange(10)[np.newaxis]
    merged = merge_small(line, 4)
    assert np.bincount(relabel_segments(merged)[0].ravel()).min() >= 4
    assert (np.diff(merged[0]) != 0).sum() == len(np.unique(merged)) - 1
    pairs = merge_small(np.array([[0, 0, 1, 1, 2, 2, 2, 2, 2]]), 4)
    assert pairs.tolist() == [[1, 1, 1, 1, 2, 2, 2, 2, 2]]


def test_pixels_of_no_segment_are_no_neighbours():
    segments = np.array([[0, -1, 5, 5], [-1, -1, 5, 5]])
    np.testing.assert_array_equal(merge_small(segments, 3), segments)
    assert merge_small(np.array([[7, 7]]), 99).tolist() == [[7, 7]]


def test_groups_keep_their_first_label():
    grid = GridSegmenter(2, 3).fit_transform(np.zeros((4, 6)))[0]
    merged = merge_groups(grid, [[3, 0], [1, 2, 5]])
    assert np.unique(merged).tolist() == [1, 3, 4]
    np.testing.assert_array_equal(merged == 3, np.isin(grid, (0, 3)))
    one_group = MergeSegments(groups=[3, 0]).fit_transform(grid[np.newaxis])[0]
    np.testing.assert_array_equal(one_group, merge_groups(grid, [[3, 0]]))


@pytest.mark.parametrize(
    "groups", [[[0, 99]], [[0, 1], [1, 2]], [[0, 0]], [[-1, 0]], [["a", "b"]]]
)
def test_unknown_and_repeated_labels(groups):
    with pytest.raises(ValueError, match="groups of MergeSegments must hold labels"):
        merge_groups(GridSegmenter(2, 2).fit_transform(np.zeros((4, 4)))[0], groups)


def test_behind_a_segmenter(photographs):
    images = [photographs["coffee"], photographs["camera"][:40]]
    pipeline = make_pipeline(
        FelzenszwalbSegmenter(min_size=1), MergeSegments(min_size=0.01)
    )
    maps = pipeline.fit_transform(images)
    assert [segments.shape for segments in maps] == [(64, 64), (40, 64)]
    for segments in maps:
        sizes = np.bincount(segments.ravel())
        assert sizes[sizes > 0].min() >= 0.01 * segments.size


@pytest.mark.parametrize("min_size", [0, 1.0, -0.5, "a"])
def test_no_size(min_size):
    with pytest.raises(ValueError, match="'min_size' parameter of MergeSegments"):
        MergeSegments(min_size=min_size).fit([np.zeros((2, 2), int)])


def test_scattered_segments_are_split(photographs):
    image = photographs["coffee"]
    scattered = QuickshiftSegmenter(random_state=0).fit_transform(image)[0]
    pieces = split_areas(scattered)
    n_pieces = sum(
        ndimage.label(scattered == label)[1] for label in np.unique(scattered)
    )
    assert len(np.unique(pieces)) == n_pieces > len(np.unique(scattered))
    merged = MergeSegments(20, split=True).fit_transform([scattered])[0]
    for label in np.unique(merged):
        areas, n_areas = ndimage.label(merged == label)
        assert n_areas == 1
        assert np.count_nonzero(areas) >= 20
    masked = split_areas(np.where(image[..., 0] > 200, -7, scattered))
    np.testing.assert_array_equal(masked == -1, image[..., 0] > 200)


@pytest.mark.parametrize("dtype", ["uint8", "uint64", "int8", "int32", "bool"])
def test_maps_of_any_integer_type(dtype):
    segments = np.array([[0, 0, 1, 1, 1], [0, 0, 1, 1, 0]]).astype(dtype)
    step = MergeSegments(2, split=True)
    merged = step.fit_transform([segments])[0]
    assert merged.tolist() == [[0, 0, 1, 1, 1], [0, 0, 1, 1, 1]]


def by_hand(segments, min_size):
    """Return the same merges in the slow way: look at everything after each."""
    segments = segments.copy()
    lonely = set()
    while True:
        labels, sizes = np.unique(segments[segments >= 0], return_counts=True)
        small = [
            (size, label)
            for label, size in zip(labels, sizes, strict=True)
            if size < min_size and label not in lonely
        ]
        if not small:
            return segments
        _, label = min(small)
        lengths = {}
        for first, second in (
            (segments[:, 1:], segments[:, :-1]),
            (segments[:, :-1], segments[:, 1:]),
            (segments[1:], segments[:-1]),
            (segments[:-1], segments[1:]),
        ):
            for other in second[(first == label) & (second != label) & (second >= 0)]:
                lengths[other] = lengths.get(other, 0) + 1
        if not lengths:
            lonely.add(label)
            continue
        size_of = dict(zip(labels, sizes, strict=True))
        best = max((n, size_of[other]) for other, n in lengths.items())
        tied = [o for o, n in lengths.items() if (n, size_of[o]) == best]
        if len(tied) > 1:
            return None  # any will do
        segments[segments == label] = tied[0]


def test_the_fast_way_is_the_slow_one():
    compared = 0
    for seed in range(150):
        rng = np.random.RandomState(seed)
        blocks = rng.randint(-1, 9, size=(5, 6))
        segments = np.kron(blocks, np.ones((2, 1), dtype=int))
        expected = by_hand(segments, min_size=6)
        if expected is not None:
            np.testing.assert_array_equal(merge_small(segments, 6), expected)
            compared += 1
    assert compared > 30


def test_behind_no_segmenter(photographs):
    for nonsense in (photographs["coffee"], np.zeros((4, 4))):
        with pytest.raises(ValueError, match=r"put it behind a segmenter.*\(64|\(4, 4"):
            MergeSegments().fit_transform([nonsense])
    for groups in ([[]], [0, [1, 2]], [[[0]]]):
        with pytest.raises(ValueError, match="labels, or sequences of labels"):
            MergeSegments(groups=groups).fit_transform([np.zeros((4, 4), dtype=int)])
