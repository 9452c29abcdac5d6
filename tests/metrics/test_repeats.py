"""Agreement between runs, against sets and pairs that are compared one by one."""

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import kendalltau

from sklime.metrics import (
    coefficients_stability_index,
    jaccard_top_k,
    rank_correlation,
    select_top,
    variables_stability_index,
)

WEIGHTS = np.random.RandomState(0).normal(size=(5, 9))


def top(row, k):
    return set(sorted(range(len(row)), key=lambda j: -abs(row[j]))[:k])


@pytest.mark.parametrize("k", [1, 3, 9, 20])
def test_jaccard_of_sets(k):
    sets = [top(row, k) for row in WEIGHTS]
    expected = np.mean([len(a & b) / len(a | b) for a, b in combinations(sets, 2)])
    assert jaccard_top_k(WEIGHTS, k) == pytest.approx(expected, abs=1e-12)


def test_segments_without_weight_are_never_chosen():
    """Argsort alone would fill the set with the segments of the lowest number."""
    weights = np.array([[0, 0, 0, 2.0, 0], [0, 0, 0, 2.0, -1]])
    assert select_top(weights, 3).sum(axis=1).tolist() == [1, 2]
    assert jaccard_top_k(weights, 3) == 0.5
    assert jaccard_top_k(np.zeros((2, 4))) == 1  # documented: never read it alone
    assert jaccard_top_k([[0, 0], [0, 1]]) == 0


def test_of_equal_segments_the_first_are_chosen():
    assert select_top([[1, -1, 1], [2, 1, -2]], 2).tolist() == [
        [True, True, False],
        [True, False, True],
    ]


def rho(first, second):
    """Spearman's formula for ranks without ties."""
    ranks = [np.argsort(np.argsort(row)) for row in (first, second)]
    n = len(first)
    return 1 - 6 * ((ranks[0] - ranks[1]) ** 2).sum() / (n * (n**2 - 1))


def test_rank_correlation_is_spearmans_mean_over_pairs():
    expected = np.mean([rho(a, b) for a, b in combinations(WEIGHTS, 2)])
    assert rank_correlation(WEIGHTS) == pytest.approx(expected, abs=1e-12)
    tau = np.mean([kendalltau(a, b).statistic for a, b in combinations(WEIGHTS, 2)])
    assert abs(rank_correlation(WEIGHTS) - tau) > 0.01


def test_rank_correlation_keeps_the_sign():
    row = np.arange(-3.0, 5.0)
    assert rank_correlation([row, -row]) == pytest.approx(-1)


def test_runs_without_ranks():
    """Scipy warns of a constant input and returns NaN."""
    assert rank_correlation([[0, 0, 0], [0, 0, 0]]) == 1
    assert rank_correlation([[0, 0, 0], [1, 2, 3]]) == 0
    assert rank_correlation([[0, 0], [1, 1]]) == 0


def test_variables_stability_index_by_hand():
    """|{0,1} & {0,2}| = 1, |{0,1} & {2,3}| = 0, |{0,2} & {2,3}| = 1: 2 of 3 * 2."""
    selected = np.zeros((3, 4), dtype=bool)
    for row, chosen in enumerate([(0, 1), (0, 2), (2, 3)]):
        selected[row, chosen] = True
    assert variables_stability_index(selected) == pytest.approx(100 * 2 / 6)
    assert variables_stability_index(selected[[0, 0]]) == 100
    assert np.isnan(variables_stability_index(np.zeros((3, 4), dtype=bool)))


def test_variables_stability_index_needs_one_number():
    with pytest.raises(ValueError, match=r"same number.*Got \[1, 2\]; jaccard_top_k"):
        variables_stability_index([[True, False], [True, True]])


def test_coefficients_stability_index_where_runs_selected_different_features():
    """lime_stability raises TypeError here.

    Feature 0 is in all runs: 1.0 and 1.2 ± .098 each do not overlap, 1.2 and 1.3 do,
    1.0 and 1.3 do not: 1/3. Feature 1 is in two, apart: 0. Feature 2 is in two, equal:
    1. Feature 3 is in one and does not count.
    """
    weights = np.array(
        [[1.0, 5.0, 0.0, 7.0], [1.2, 0.0, 2.0, 0.0], [1.3, 6.0, 2.0, 0.0]]
    )
    errors = np.full((3, 4), 0.05)
    found = coefficients_stability_index(weights, errors)
    assert found == pytest.approx(100 * (1 / 3 + 0 + 1) / 3)


def test_coefficients_stability_index_of_a_given_selection():
    weights = np.array([[1.0, 5.0], [9.0, 5.0]])
    errors = np.ones((2, 2))
    only_second = [[False, True], [True, True]]
    assert coefficients_stability_index(weights, errors, only_second) == 100
    assert coefficients_stability_index(weights, errors) == 50
    nowhere_twice = [[False, True], [True, False]]
    assert np.isnan(coefficients_stability_index(weights, errors, nowhere_twice))


@pytest.mark.parametrize(("gap", "expected"), [(3.91, 100), (3.93, 0)])
def test_intervals_have_a_half_width_of_1_96(gap, expected):
    assert coefficients_stability_index([[1.0], [1 + gap]], [[1.0], [1.0]]) == expected


@pytest.mark.parametrize(
    "measure", [jaccard_top_k, rank_correlation, variables_stability_index]
)
@pytest.mark.parametrize("values", [[1, 2], [[1, 2]], np.zeros((2, 0))])
def test_fewer_than_two_runs_cannot_agree(measure, values):
    with pytest.raises(ValueError, match="a row for each of at least two runs"):
        measure(values)


def test_arguments_that_cannot_be_compared():
    with pytest.raises(ValueError, match="weights must be finite"):
        rank_correlation([[1, np.nan], [1, 2]])
    with pytest.raises(
        ValueError, match=r"must have the same shape. Got \(5, 9\), \(5"
    ):
        coefficients_stability_index(WEIGHTS, np.ones((5, 8)))
    for k in (0, 2.0, True):
        with pytest.raises(ValueError, match="k must be an integer of at least 1"):
            jaccard_top_k(WEIGHTS, k)


def test_errors_that_are_negative():
    with pytest.raises(ValueError, match=r"must be at least 0. Got -0\.5 as the"):
        coefficients_stability_index([[1, 2], [1, 2]], [[0.1, 0.1], [-0.5, 0.1]])
