"""Steps of area: against Python's own rounding and sums, pixel by pixel."""

import numpy as np
import pytest

from sklime.metrics._steps import rank_units, step_pixels, step_segments


def test_largest_signed_weight_first_and_ties_as_they_stand():
    """By absolute weight the strongest evidence against would come first."""
    weights = np.array([[1.0, -9.0, 1.0], [0.0, 4.0, 0.0]])
    assert rank_units(weights).tolist() == [4, 0, 2, 3, 5, 1]


@pytest.mark.parametrize(("n_pixels", "n_steps"), [(64, 20), (10, 3), (7, 7), (5, 20)])
def test_step_k_takes_the_rounded_share(n_pixels, n_steps):
    order = np.random.RandomState(0).permutation(n_pixels)
    steps, areas = step_pixels(order, n_steps)
    counts = sorted({round(k * n_pixels / n_steps) for k in range(n_steps + 1)})
    np.testing.assert_allclose(areas, np.array(counts) / n_pixels)
    for step, count in enumerate(counts[1:]):
        assert set(np.flatnonzero(steps <= step)) == set(order[:count])


def test_more_steps_than_pixels_leave_no_empty_step():
    """An empty step would be a label that no pixel has, and a point drawn twice."""
    steps, areas = step_pixels(np.arange(3), 10)
    assert steps.tolist() == [0, 1, 2]
    assert len(areas) == 4


def test_segments_one_after_the_other():
    steps, areas = step_segments(np.array([2, 0, 1]), np.array([3, 1, 6]))
    assert steps.tolist() == [1, 2, 0]
    np.testing.assert_allclose(areas, [0, 0.6, 0.9, 1])


@pytest.mark.parametrize("n_steps", [1, 2, 5, 10, 40])
def test_as_many_segments_as_fit(n_steps):
    rng = np.random.RandomState(n_steps)
    sizes, order = rng.randint(1, 9, size=12), rng.permutation(12)
    totals = [0, *np.cumsum(sizes[order]).tolist()]
    counts = sorted(
        {
            max(j for j, t in enumerate(totals) if t * n_steps <= k * totals[-1])
            for k in range(n_steps + 1)
        }
    )
    steps, areas = step_segments(order, sizes, n_steps)
    np.testing.assert_allclose(areas, [totals[j] / totals[-1] for j in counts])
    for step, count in enumerate(counts[1:]):
        assert set(np.flatnonzero(steps <= step)) == set(order[:count])


def test_a_segment_that_fits_exactly_is_taken():
    """In floating point 0.1 + 0.1 + 0.1 exceeds 0.3."""
    _, areas = step_segments(np.arange(10), np.full(10, 7), n_steps=10)
    np.testing.assert_allclose(areas, np.arange(11) / 10)
