"""One colour in place of a segment."""

import numpy as np
import pytest
from scipy.stats import kstest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from sklime.occlusion import ColourOccluder, RandomColourOccluder, find_colour


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 1), (2, 3, 4)])
def test_a_colour_needs_a_value_for_each_channel(shape):
    with pytest.raises(ValueError, match="a value for each channel"):
        ColourOccluder((1, 2, 3)).fill(np.zeros(shape), None)


# Values of CSS Color Module Level 4.
@pytest.mark.parametrize(
    ("name", "rgb"),
    [
        ("red", (255, 0, 0)),
        ("lime", (0, 255, 0)),
        ("green", (0, 128, 0)),
        ("pink", (255, 192, 203)),
        ("gold", (255, 215, 0)),
    ],
)
def test_css_names(name, rgb):
    np.testing.assert_array_equal(np.rint(find_colour(name, (3,), (0, 255))), rgb)
    signed = find_colour(name, (3,), (-1, 1))
    np.testing.assert_allclose((signed + 1) * 127.5, rgb, atol=0.5)
    assert find_colour(name, (4,), (0, 1))[3] == 1


@pytest.mark.parametrize("channels", [(), (1,), (2,), (3,), (4,), (7,)])
def test_black_and_white_are_the_ends_of_the_range(channels):
    """Trap F17 of FAT Forensics: the weights of grey summed to .9999, white was 254."""
    for low, high in ((0, 255), (-1, 1), (0, 1), (1000, 5000)):
        black, white = (
            find_colour(n, channels, (low, high)) for n in ("black", "white")
        )
        assert (white == high).all()
        assert (np.atleast_1d(black)[:3] == low).all()


def test_colours_on_grey_are_their_lightness():
    """Weights of ITU-R BT.709, as scikit-image's rgb2gray."""
    assert find_colour("red", (), (0, 1)) == pytest.approx(0.2125)
    assert find_colour("lime", (1,), (0, 1))[0] == pytest.approx(0.7154)


def test_names_without_a_colour():
    with pytest.raises(ValueError, match=r"CSS name of a colour.*Got 'infrared'"):
        find_colour("infrared", (3,), (0, 1))
    with pytest.raises(ValueError, match="Got 'red' for an image with 7 channels"):
        ColourOccluder("red").fill(np.zeros((2, 2, 7)), None)


SEGMENTS = np.arange(400).reshape(20, 20) // 4


@pytest.mark.parametrize("n_channels", [None, 1, 3, 7])
def test_random_colours_are_uniform_over_the_range(n_channels):
    image = np.zeros((20, 20) if n_channels is None else (20, 20, n_channels))
    occluder = RandomColourOccluder(
        per_segment=True, data_range=(-3, 5), random_state=1
    )
    fill = occluder.fit([image]).fill(image, SEGMENTS)
    colours = fill[:, ::4].ravel()
    assert kstest(colours, "uniform", args=(-3, 8)).pvalue > 0.001


def test_one_colour_or_one_for_each_segment():
    image = np.zeros((20, 20, 3), dtype=np.uint8)
    one = RandomColourOccluder(random_state=0).fit([image])
    each = RandomColourOccluder(per_segment=True, random_state=0).fit([image])
    assert len(np.unique(one.fill(image, SEGMENTS).reshape(-1, 3), axis=0)) == 1
    assert len(np.unique(each.fill(image, SEGMENTS).reshape(-1, 3), axis=0)) == 100
    assert (
        each.fill(image, SEGMENTS)[:, ::4] == each.fill(image, SEGMENTS)[:, 3::4]
    ).all()


def test_random_colours_are_opaque():
    image = np.zeros((4, 4, 4))
    for per_segment in (False, True):
        occluder = RandomColourOccluder(per_segment, random_state=0).fit([image])
        fill = occluder.fill(image, np.arange(16).reshape(4, 4))
        assert (fill[..., 3] == 1).all()


@pytest.mark.parametrize("random_state", [3, None, np.random.RandomState(3)])
def test_a_draw_is_known_by_its_number(random_state):
    """Whatever the seed was, a fitted occluder answers alike in any order."""
    image = np.zeros((20, 20))
    occluder = RandomColourOccluder(redraw=True, random_state=random_state).fit([image])
    draws = [occluder.fill(image, SEGMENTS, draw)[0, 0] for draw in (0, 1, 2, 1, 0)]
    assert draws[:3] == draws[4:1:-1]
    assert len(set(draws)) == 3


@pytest.mark.parametrize("data_range", [(9, 1), (1, 2, 3), (0, np.inf), "ab"])
@pytest.mark.parametrize("occluder", [ColourOccluder("red"), RandomColourOccluder()])
def test_no_range(occluder, data_range):
    with pytest.raises(ValueError, match=r"data_range must be|'data_range' parameter"):
        clone(occluder).set_params(data_range=data_range).fit([np.zeros((2, 2))])


def test_a_draw_needs_a_seed():
    with pytest.raises(NotFittedError):
        RandomColourOccluder().fill(np.zeros((2, 2)), np.zeros((2, 2), int))
