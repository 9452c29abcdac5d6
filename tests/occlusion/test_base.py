"""Fills of one colour a segment are rounded before they are painted: to the same."""

import numpy as np
import pytest

from sklime.occlusion import (
    FlatOccluder,
    MeanOccluder,
    RandomColourOccluder,
    create_background,
)

SEGMENTS = np.array([[0, 0, 1, 1], [0, 2, 2, 1]])


class Flat(FlatOccluder):
    """Colours as they are given."""

    def __init__(self, values=None):
        self.values = values

    def colours(self, image, segments):
        return np.asarray(self.values)


@pytest.mark.parametrize("dtype", ["uint8", "int16", "float32"])
@pytest.mark.parametrize("channels", [(), (1,), (3,), (4,)])
def test_painted_after_rounding_or_before(dtype, channels):
    """A subclass that fills itself takes the other way."""
    rng = np.random.RandomState(0)
    image = rng.randint(0, 256, size=(2, 4, *channels)).astype(dtype)
    values = rng.uniform(-40, 300, size=(3, *channels))

    class Painted(Flat):
        def fill(self, image, segments):
            return self.values[segments]

    found, expected = (
        create_background(image, SEGMENTS, kind(values), (0, 255), quiet=True)
        for kind in (Flat, Painted)
    )
    assert found.dtype == expected.dtype == dtype
    np.testing.assert_array_equal(found, expected)


def test_whoever_fills_otherwise_is_asked_to_fill():
    """In a subclass, or on an object."""

    class Loud(MeanOccluder):
        def fill(self, image, segments):
            return np.full(image.shape, 77)

    quiet = MeanOccluder()
    quiet.fill = lambda image, segments: np.full(image.shape, 78)
    image = np.zeros((2, 4), dtype=np.uint8)
    assert (create_background(image, SEGMENTS, Loud()) == 77).all()
    assert (create_background(image, SEGMENTS, quiet) == 78).all()


def test_pixels_of_no_segment_keep_the_image():
    image = np.arange(8).reshape(2, 4)
    segments = np.where(SEGMENTS == 2, -1, SEGMENTS)
    background = create_background(image, segments, Flat([50, 60]), (0, 255))
    assert background.tolist() == [[50, 50, 60, 60], [50, 5, 6, 60]]


def test_a_label_may_have_no_pixel():
    """Its mean is of nothing, and nobody sees it."""
    image = np.array([[10, 20, 30, 50]], dtype=np.uint8)
    with np.errstate(invalid="ignore"):
        background = create_background(image, np.array([[0, 0, 2, 2]]), "mean")
    assert background.tolist() == [[15, 15, 40, 40]]


@pytest.mark.parametrize("values", [[1, 2], [[1], [2], [3]], ["a", "b", "c"]])
def test_a_colour_for_each_segment(values):
    match = r"occluder must fill colours of shape \(3,\) .* Flat.colours returned"
    with pytest.raises(ValueError, match=match):
        create_background(np.zeros((2, 4)), SEGMENTS, Flat(values))


@pytest.mark.parametrize("per_segment", [True, False])
def test_every_draw_has_its_own_colours(per_segment):
    image = np.zeros((2, 4, 3), dtype=np.uint8)
    occluder = RandomColourOccluder(per_segment, redraw=True, random_state=0)
    occluder.fit([image])
    one, two, again = (
        create_background(image, SEGMENTS, occluder, (0, 255), draw=draw)
        for draw in (3, 4, 3)
    )
    assert (one != two).any()
    np.testing.assert_array_equal(one, again)
    assert len(np.unique(one.reshape(-1, 3), axis=0)) == (3 if per_segment else 1)
