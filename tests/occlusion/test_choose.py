"""What a user may write for an occluder."""

import numpy as np
import pytest
from sklearn.base import clone

from sklime.occlusion import (
    OCCLUDERS,
    ColourOccluder,
    FunctionOccluder,
    ImageOccluder,
    MeanOccluder,
    check_occluder,
    create_background,
)
from sklime.segmentation import GridSegmenter, create_segments

CONTRACT = {
    *("mean", "zero", "black", "white", "noise", "blur", "inpaint", "reference"),
    *("random", "random-patch", "randomise", "randomise-patch"),
}


def background_of(name, image, data_range=None):
    """Return what a fill shows, with the part set up as an explainer does."""
    segments, _ = create_segments(image, GridSegmenter(4, 4))
    occluder = clone(check_occluder(name), safe=False)
    params = occluder.get_params()
    if "random_state" in params:
        occluder.set_params(random_state=0)
    if "data_range" in params:
        occluder.set_params(data_range=data_range)
    occluder.fit([image, image[::-1]])
    return create_background(image, segments, occluder, data_range)


def test_names_numbers_colours_images_functions_objects():
    assert isinstance(check_occluder("mean"), MeanOccluder)
    for colour in (0, np.float32(0.5), (1, 2, 3), np.array([1, 2]), "tomato"):
        assert isinstance(check_occluder(colour), ColourOccluder)
    assert isinstance(check_occluder(np.zeros((4, 5))), ImageOccluder)
    assert isinstance(check_occluder(lambda image, segments: image), FunctionOccluder)
    own = MeanOccluder()
    assert check_occluder(own) is own
    with pytest.raises(ValueError, match=r"one of 'black', .*CSS.*Got 'gris'"):
        check_occluder("gris")
    assert check_occluder("Tomato").fill(np.zeros((1, 1, 3)), None)[0, 0, 0] == 1
    bads = None, True, object(), [[1], [2, 3]], np.zeros((2, 2, 2, 2)), MeanOccluder
    for bad in bads:
        with pytest.raises(TypeError, match="occluder must be"):
            check_occluder(bad)


def test_the_names_are_those_of_the_contract():
    assert set(OCCLUDERS) == CONTRACT


@pytest.mark.parametrize("name", sorted(CONTRACT))
@pytest.mark.parametrize("n_channels", [None, 1, 3, 4, 7])
@pytest.mark.parametrize(
    ("dtype", "low", "high"),
    [("uint8", 0, 255), ("float32", 0, 1), ("float64", -1, 1), ("uint16", 0, 65535)],
)
def test_every_fill_of_every_image(coffee, name, n_channels, dtype, low, high):
    """Traps L5 of lime, V5, F3 and F4: three channels, uint8, or an error."""
    image = coffee[:24, :20, :1].repeat(n_channels or 1, axis=-1)
    image = (image / 255 * (high - low) + low).astype(dtype)
    image = image[..., 0] if n_channels is None else image
    image.flags.writeable = False
    background = background_of(name, image, (low, high))
    assert background.dtype == image.dtype
    assert background.shape == image.shape
    assert background.min() >= low
    assert background.max() <= high
    assert (background != image).mean() > 0.3


@pytest.mark.parametrize("name", sorted(CONTRACT - {"zero"}))
def test_every_version_of_a_picture_is_filled_alike(coffee, name):
    """Trap L4 of lime: hide_color=0 is black in [0, 1] and grey in [-1, 1]."""
    expected = background_of(name, coffee, (0, 255))
    unit = background_of(name, coffee / 255, (0, 1))
    signed = background_of(name, coffee / 127.5 - 1, (-1, 1))
    np.testing.assert_allclose(unit * 255, expected, atol=0.5 + 1e-9)
    np.testing.assert_allclose((signed + 1) * 127.5, expected, atol=0.5 + 1e-9)


def test_building_any_fill_draws_nothing():
    """Trap F1 of FAT Forensics: the choice of a colour changed later draws."""
    before = np.random.get_state()[1].copy()
    for name in CONTRACT:
        background_of(name, np.eye(8))
    np.testing.assert_array_equal(np.random.get_state()[1], before)


def test_images_of_0_and_1_stay_that():
    """Trap F5 of FAT Forensics: rewritten to 0 and 255 before the model saw them."""
    image = np.zeros((8, 8), dtype=np.uint8)
    image[2:6] = 1
    for name, filled in (("black", {0}), ("white", {1}), ("mean", {0, 1})):
        assert set(background_of(name, image, (0, 1)).ravel()) == filled


def test_a_function_of_image_and_segments(coffee):
    background = background_of(lambda image, segments: 255 - image.astype(int), coffee)
    np.testing.assert_array_equal(background, 255 - coffee)
    with pytest.raises(
        ValueError, match=r"FunctionOccluder.fill returned shape \(3,\)"
    ):
        background_of(lambda image, segments: np.ones(3), coffee)


@pytest.mark.parametrize(
    "occluder",
    ["black", "noise", "randomise", "reference", 7, (1, 2, 3), np.ones((64, 64))],
)
def test_a_background_by_hand_of_whatever_a_user_may_write(coffee, occluder):
    segments, _ = create_segments(coffee, GridSegmenter(4, 4))
    background = create_background(coffee, segments, occluder)
    assert background.shape == coffee.shape
    with pytest.raises(ValueError, match="occluder must be one of"):
        create_background(coffee, segments, "gris")
