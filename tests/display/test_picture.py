"""Any image becomes red, green and blue in [0, 1]."""

import numpy as np
import pytest

from sklime.display import prepare_image


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (np.array([[0, 255]], dtype=np.uint8), [[0, 0, 0], [1, 1, 1]]),
        (np.array([[-1.0, 0.0]]), [[0, 0, 0], [0.5, 0.5, 0.5]]),
        (np.array([[[0.0], [1.0]]]), [[0, 0, 0], [1, 1, 1]]),
        (np.array([[[0.0, 1.0], [1.0, 1.0]]]), [[0.5, 0.5, 0.5], [1, 1, 1]]),
        (np.array([[[0.0, 1.0, 0.5, 0.2]]]), [[0.8, 1.0, 0.9]]),  # on white
        (np.array([[[0, 65535, 0]]], dtype=np.uint16), [[0, 1, 0]]),
    ],
)
def test_pictures_are_scaled_by_their_range(image, expected):
    """Trap V17 of VisuaLIME: images in [0, 1] were drawn black."""
    np.testing.assert_allclose(prepare_image(image)[0], expected, atol=1e-4)


def test_channels_are_chosen(photographs):
    stack = np.concatenate([photographs["coffee"], photographs["chelsea"]], axis=-1)
    drawn = prepare_image(stack, channels=(3, 1, -1))
    expected = [stack[..., channel] / 255 for channel in (3, 1, 5)]
    np.testing.assert_allclose(drawn, np.stack(expected, axis=-1), atol=1e-5)
    grey = prepare_image(stack, channels=4)
    for channel in range(3):
        np.testing.assert_allclose(grey[..., channel], stack[..., 4] / 255, atol=1e-5)
    four = stack[..., :4]  # no opacity, where channels are named
    np.testing.assert_allclose(
        prepare_image(four, channels=(0, 1, 2)), four[..., :3] / 255, atol=1e-5
    )


@pytest.mark.parametrize("channels", [7, (0, 1), (0, 1, 6), "rgb", (0.5, 1, 2)])
def test_channels_that_are_not_there(channels):
    with pytest.raises(
        ValueError, match=r"channels must be one or three .* 6 channels"
    ):
        prepare_image(np.zeros((2, 2, 6)), channels=channels)
