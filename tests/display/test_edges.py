"""Borders lie between pixels of different segments."""

import numpy as np
import pytest

from sklime.display import find_edges


def pixels_beside(line):
    """The pairs of pixels, (row, column), that a line runs between."""
    (x, y), (x_end, y_end) = line
    assert (x == x_end) != (y == y_end)
    if x == x_end:
        left = int(x - 0.5)
        rows = range(int(y + 0.5), int(y_end + 0.5))
        return [((row, left), (row, left + 1)) for row in rows]
    above = int(y - 0.5)
    columns = range(int(x + 0.5), int(x_end + 0.5))
    return [((above, column), (above + 1, column)) for column in columns]


@pytest.mark.parametrize("shape", [(7, 5), (1, 6), (6, 1), (1, 1)])
def test_edges_enclose_exactly_the_changes(shape):
    segments = np.random.RandomState(0).randint(-1, 3, size=shape)
    found = [pair for line in find_edges(segments) for pair in pixels_beside(line)]
    n_rows, n_columns = shape
    beside = [
        ((row, column), (row + down, column + 1 - down))
        for row in range(n_rows)
        for column in range(n_columns)
        for down in (0, 1)
        if row + down < n_rows and column + 1 - down < n_columns
    ]
    changes = [pair for pair in beside if segments[pair[0]] != segments[pair[1]]]
    assert sorted(found) == sorted(changes)


def test_straight_borders_are_one_line():
    segments = np.arange(4).reshape(2, 2).repeat(30, axis=0).repeat(20, axis=1)
    assert find_edges(segments).tolist() == [
        [[19.5, -0.5], [19.5, 59.5]],
        [[-0.5, 29.5], [39.5, 29.5]],
    ]
