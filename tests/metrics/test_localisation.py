"""Localisation on maps small enough to count by hand, with ties and empty truths."""

import numpy as np
import pytest

from sklime.metrics import (
    check_truth,
    intersection_over_union,
    pointing_game,
    relevance_mass,
    relevance_rank,
)

HEATMAP_MEASURES = [pointing_game, relevance_mass, relevance_rank]
MEASURES = [*HEATMAP_MEASURES, intersection_over_union]
HEATMAP = np.array([[0.5, 0.5, -2.0], [0.1, 0.0, 0.3]])


@pytest.mark.parametrize("measure", MEASURES)
def test_an_empty_truth_has_no_answer(measure):
    """Quantus writes NaN into an array of booleans, where it is True: a hit."""
    heatmap = HEATMAP > 0 if measure is intersection_over_union else HEATMAP
    assert np.isnan(measure(heatmap, np.zeros((2, 3), dtype=bool)))


@pytest.mark.parametrize(
    ("truth", "expected"),
    [
        ([[1, 1, 0], [0, 0, 0]], 1.0),
        ([[1, 0, 0], [0, 0, 0]], 0.5),
        ([[0, 0, 1], [1, 1, 1]], 0.0),
        ([[1, 1, 1], [1, 1, 1]], 1.0),
    ],
)
def test_pointing_game_shares_ties(truth, expected):
    """The first of equal pixels is only the one nearest to the corner."""
    assert pointing_game(HEATMAP, truth) == expected


def test_weighted_pointing_game_counts_large_objects_less():
    """Quantus's weighted=True assigns through a 2-D mask and raises TypeError."""
    truth = np.array([[1, 1, 0], [0, 0, 0]])
    assert pointing_game(HEATMAP, truth, weighted=True) == pytest.approx(4 / 6)
    assert pointing_game(HEATMAP, np.ones((2, 3), int), weighted=True) == 0


def test_relevance_mass_ignores_negative_relevance():
    """0.5 + 0.1 of 0.5 + 0.5 + 0.1 + 0.3; with its sign, -2 would turn it over."""
    truth = np.array([[1, 0, 1], [1, 0, 0]])
    assert relevance_mass(HEATMAP, truth) == pytest.approx(0.6 / 1.4)
    assert relevance_mass(-np.abs(HEATMAP), truth) == 0
    assert relevance_mass(np.zeros((2, 3)), truth) == 0


@pytest.mark.parametrize(
    ("truth", "expected"),
    [
        ([[1, 0, 0], [0, 0, 0]], 1 / 2),  # one of two equal pixels is taken
        ([[1, 1, 0], [0, 0, 0]], 1),
        ([[1, 0, 1], [0, 0, 1]], 2 / 3),  # .5, .5 and .3 are taken
        ([[0, 0, 1], [0, 1, 0]], 0),
        ([[1, 1, 1], [1, 1, 1]], 1),
    ],
)
def test_relevance_rank_counts_hits_among_the_largest(truth, expected):
    assert relevance_rank(HEATMAP, truth) == pytest.approx(expected)


def test_relevance_rank_is_the_mean_over_ways_to_break_ties():
    rng = np.random.RandomState(0)
    heatmap = rng.randint(3, size=(4, 5)).astype(float)
    truth = rng.randint(2, size=(4, 5))
    k = truth.sum()
    hits = []
    for _ in range(20_000):
        order = np.lexsort((rng.uniform(size=20), -heatmap.ravel()))
        hits.append(truth.ravel()[order[:k]].mean())
    spread = np.std(hits) / np.sqrt(len(hits))
    assert relevance_rank(heatmap, truth) == pytest.approx(
        np.mean(hits), abs=4 * spread
    )


def test_intersection_over_union_is_area_by_area():
    mask = np.zeros((10, 10), dtype=bool)
    truth = np.zeros((10, 10), dtype=np.uint8)
    mask[2:6, 2:6], truth[4:8, 4:8] = True, 255
    assert intersection_over_union(mask, truth) == pytest.approx(4 / 28)
    assert intersection_over_union(np.zeros_like(mask), truth) == 0
    assert intersection_over_union(truth, truth) == 1


@pytest.mark.parametrize("measure", MEASURES)
def test_python_floats_of_read_only_arrays(measure):
    heatmap = (HEATMAP > 0) if measure is intersection_over_union else HEATMAP.copy()
    truth = np.array([[0, 7, 0], [0, 0, 1]], dtype=np.uint8)
    heatmap.flags.writeable = truth.flags.writeable = False
    assert type(measure(heatmap, truth)) is float


@pytest.mark.parametrize("measure", MEASURES)
def test_truths_that_are_no_masks(measure):
    heatmap = HEATMAP > 0 if measure is intersection_over_union else HEATMAP
    with pytest.raises(TypeError, match="Got dtype float64; pass truth > threshold"):
        measure(heatmap, HEATMAP)
    with pytest.raises(ValueError, match=r"Got shapes \(2, 3\) and \(3, 2\); resize"):
        measure(heatmap, np.ones((3, 2), dtype=bool))
    with pytest.raises(
        ValueError, match=r"mask of shape \(H, W\). Got shape \(2, 3, 1"
    ):
        measure(heatmap, np.ones((2, 3, 1), dtype=bool))


@pytest.mark.parametrize("measure", HEATMAP_MEASURES)
def test_a_heatmap_with_nan_is_no_miss(measure):
    with pytest.raises(ValueError, match="heatmap must be finite"):
        measure(np.where(HEATMAP < 0, np.nan, HEATMAP), HEATMAP > 0)


def test_a_mask_of_floats_is_refused_by_its_own_name():
    with pytest.raises(TypeError, match=r"mask must be .*pass mask > threshold"):
        intersection_over_union(HEATMAP, HEATMAP > 0)
    with pytest.raises(ValueError, match="mask and truth must have the same"):
        intersection_over_union(HEATMAP[:1] > 0, HEATMAP > 0)


def test_labels_of_objects_are_true():
    assert check_truth([[0, 3, -1]]).tolist() == [[False, True, True]]


def test_relevance_that_is_too_large_to_be_summed():
    assert relevance_mass([[1e308, 1e308]], [[1, 0]]) == 0.5
