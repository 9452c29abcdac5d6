"""The strongest segments within limits, against counting by hand."""

import numpy as np
import pytest

from sklime.explanation import choose_segments

WEIGHTS = np.array([0.1, -0.5, 0.3, 0.0, 0.2])
SIZES = np.array([10, 40, 20, 10, 20])


def test_five_of_a_fifth_with_at_most_thirty_percent():
    """Trap V13 of VisuaLIME: this gave two segments, 40 % of the area."""
    chosen = choose_segments(np.arange(5) + 1.0, np.full(5, 20), 100, coverage=0.3)
    assert chosen.tolist() == [4]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [1, 2, 4, 0]),
        ({"n": 2}, [1, 2]),
        ({"sign": "positive"}, [2, 4, 0]),
        ({"sign": "negative"}, [1]),
        ({"min_weight": 0.2}, [1, 2, 4]),
        ({"coverage": 0.6}, [1, 2]),
        ({"coverage": 0.59}, [1]),
        ({"coverage": 0.0, "n": 0}, []),
        ({"coverage": (0, 1)}, [1, 2, 4, 0]),
        ({"coverage": (0.5, 1), "n": 1}, [1, 2]),
        ({"coverage": (0.6, 0.6), "n": 1}, [1, 2]),
        ({"coverage": (0.2, 1), "n": 3}, [1, 2, 4]),
        ({"coverage": [0.2, 0.5], "sign": "positive", "n": 1}, [2]),
        ({"coverage": (0.3, 0.5), "sign": "positive", "n": 1}, [2, 4]),
        ({"coverage": np.float64(0.4), "n": np.int64(3)}, [1]),
    ],
)
def test_by_hand(options, expected):
    assert choose_segments(WEIGHTS, SIZES, 100, **options).tolist() == expected


def test_a_tenth_of_ten_is_not_lost_to_rounding():
    for k in range(1, 11):
        chosen = choose_segments(np.ones(10), np.ones(10, int), 10, coverage=k / 10)
        assert len(chosen) == k


@pytest.mark.parametrize(
    ("options", "expected", "message"),
    [
        (
            {"coverage": 0.3},
            [],
            "from 0 to 0.3 of the area and is 0.00 with 0 seg.*would make it 0.40",
        ),
        (
            {"coverage": (0.5, 0.55)},
            [1],
            "from 0.5 to 0.55 of the area and is 0.40.*would make it 0.60",
        ),
        (
            {"coverage": (0.8, 1), "sign": "positive"},
            [2, 4, 0],
            "is 0.50 with 3 segments of that sign and weight: there are no others",
        ),
    ],
)
def test_it_says_where_a_coverage_cannot_be_reached(options, expected, message):
    with pytest.warns(UserWarning, match=message):
        chosen = choose_segments(WEIGHTS, SIZES, 100, **options)
    assert chosen.tolist() == expected


@pytest.mark.parametrize("bad", [-0.1, float("nan"), "a", None])
def test_what_is_no_weight(bad):
    with pytest.raises(ValueError, match="min_weight must be a number of at least 0"):
        choose_segments(WEIGHTS, SIZES, 100, min_weight=bad)


@pytest.mark.parametrize("bad", [((0.1, 0.2), 0.3), [0.1], object(), (0.1, "a")])
def test_what_is_no_coverage(bad):
    with pytest.raises(ValueError, match="coverage must be a share of the area"):
        choose_segments(WEIGHTS, SIZES, 100, coverage=bad)


def test_all_weights_zero():
    assert choose_segments(np.zeros(5), SIZES, 100, coverage=0.5).size == 0
    with pytest.warns(UserWarning, match="no others"):
        choose_segments(np.zeros(5), SIZES, 100, coverage=(0.1, 0.5))


def test_equal_ones_come_in_order_however_many():
    weights = np.tile([0.1, -0.3, 0.2, 0.3], 50)
    chosen = choose_segments(weights, np.ones(200, int), 200)
    assert chosen.tolist() == sorted(range(200), key=lambda i: -abs(weights[i]))
