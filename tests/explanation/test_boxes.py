"""Boxes around connected areas, against scipy."""

import numpy as np
from scipy import ndimage

from sklime.explanation import find_boxes


def test_boxes_are_those_of_scipy():
    areas = np.random.RandomState(0).uniform(size=(40, 60)) < 0.4
    labels, n_areas = ndimage.label(areas)
    slices = ndimage.find_objects(labels)
    expected = [(r.start, c.start, r.stop, c.stop) for r, c in slices]
    found = find_boxes(areas.astype(int))
    assert len(found) == n_areas
    assert sorted(map(tuple, found.tolist())) == sorted(expected)


def test_areas_of_different_numbers_do_not_join_and_corners_do_not_connect():
    areas = np.array([[1, -1, 0], [0, 0, 1], [0, 0, 1]])
    expected = [[0, 0, 1, 1], [0, 1, 1, 2], [1, 2, 3, 3]]
    assert find_boxes(areas).tolist() == expected


def test_nothing_has_no_box():
    assert find_boxes(np.zeros((3, 3), dtype=int)).shape == (0, 4)
    assert find_boxes(np.zeros((3, 3), dtype=int), merge=True).shape == (0, 4)
