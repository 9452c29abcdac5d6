"""A number stands inside its segment, with as much room as there is."""

import numpy as np
import pytest

from sklime.display import find_places
from sklime.segmentation import SlicSegmenter


def find_room(segments, row, column):
    """Distance from the centre of a pixel to the nearest pixel of another segment."""
    framed = np.pad(segments, 1, constant_values=-2)
    others = np.argwhere(framed != segments[row, column]) - 1
    return np.hypot(*(others - [row, column]).T).min()


@pytest.mark.parametrize("name", ["coffee", "rocket"])
def test_places_have_the_most_room(photographs, name):
    """Against the distance to every other pixel, for every pixel of a segment."""
    (segments,) = SlicSegmenter(n_segments=12).fit_transform([photographs[name]])
    places, radii = find_places(segments)
    assert len(places) == segments.max() + 1
    for number, (row, column) in enumerate(places):
        assert segments[row, column] == number
        rooms = [
            find_room(segments, *pixel) for pixel in np.argwhere(segments == number)
        ]
        # the two measures differ by how a border is counted, less than a pixel
        assert find_room(segments, row, column) > max(rooms) - 1
        assert abs(radii[number] - max(rooms)) < 1


def test_a_crescent_holds_its_number():
    """Its centroid is outside of it."""
    rows, columns = np.indices((41, 41)) - 20
    radius = np.hypot(rows, columns)
    segments = np.select([radius < 8, radius < 16], [0, 1], 2)
    segments[(segments == 1) & (columns > 6)] = 2
    (row, column), radius = (part[1] for part in find_places(segments))
    assert segments[row, column] == 1
    middle = np.argwhere(segments == 1).mean(axis=0)
    assert segments[tuple(middle.astype(int))] == 0
    assert radius == pytest.approx(4, abs=0.6)


def test_pixels_without_a_segment_and_segments_of_a_pixel():
    segments = np.array([[-1, -1, 0], [-1, 1, 0], [2, 2, 0]])
    places, radii = find_places(segments)
    assert places[:2].tolist() == [[1, 2], [1, 1]]
    assert places[2, 0] == 2
    assert (radii == 0.5).all()
