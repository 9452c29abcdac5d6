"""Rows are told apart in the order in which they appear."""

import numpy as np
import pytest

from sklime._rows import find_distinct_rows


@pytest.mark.parametrize(("n_rows", "n_segments"), [(1, 1), (50, 3), (300, 7), (9, 70)])
def test_distinct_rows(n_rows, n_segments):
    rng = np.random.RandomState(0)
    samples = rng.randint(0, 2, size=(n_rows, n_segments)).astype(bool)
    first, which = find_distinct_rows(samples)
    assert len(first) == len(np.unique(samples, axis=0))
    assert (np.diff(first) > 0).all()
    np.testing.assert_array_equal(samples[first][which], samples)
    for number, row in enumerate(first):
        assert which[row] == number


def test_no_rows_at_all():
    first, which = find_distinct_rows(np.zeros((0, 3), dtype=bool))
    assert (first.size, which.size) == (0, 0)
    assert which.dtype == np.intp
