"""What hidden segments may show."""

import numpy as np
import pytest

from sklime.occlusion import (
    ColourOccluder,
    ImageOccluder,
    MeanOccluder,
    check_occluder,
)


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 1), (2, 3, 4)])
def test_a_colour_needs_a_value_for_each_channel(shape):
    with pytest.raises(ValueError, match="a value for each channel"):
        ColourOccluder((1, 2, 3)).fill(np.zeros(shape), None)


def test_names_numbers_colours_images_objects():
    assert isinstance(check_occluder("mean"), MeanOccluder)
    for colour in (0, np.float32(0.5), (1, 2, 3), np.array([1, 2])):
        assert isinstance(check_occluder(colour), ColourOccluder)
    assert isinstance(check_occluder(np.zeros((4, 5))), ImageOccluder)
    own = MeanOccluder()
    assert check_occluder(own) is own
    with pytest.raises(ValueError, match=r"one of 'black', .*Got 'gris'"):
        check_occluder("gris")
    for bad in (None, object(), [[1], [2, 3]], np.zeros((2, 2, 2, 2)), MeanOccluder):
        with pytest.raises(TypeError, match="occluder must be"):
            check_occluder(bad)
