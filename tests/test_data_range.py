"""The range of pixel values by convention, and images brought to [0, 1] by it."""

import numpy as np
import pytest

from sklime._data_range import (
    check_data_range,
    guess_data_range,
    normalise_image,
    resolve_data_range,
)


@pytest.mark.parametrize(
    ("dtype", "minimum", "maximum", "expected", "known"),
    [
        ("uint8", 0, 1, (0, 255), True),
        ("uint16", 0, 9, (0, 65535), True),
        (">u2", 0, 9, (0, 65535), True),
        ("bool", 0, 1, (0, 1), True),
        ("float32", 0.2, 0.9, (0, 1), True),
        ("float64", -0.1, 0.9, (-1, 1), True),
        ("float64", 0, 64, (0, 255), True),
        ("int64", 0, 255, (0, 255), True),
        ("float64", 0, 16, (0, 16), False),
        ("float64", -2.1, 2.6, (-2.1, 2.6), False),
        ("float64", 0, 256, (0, 256), False),
        ("float64", 7, 7, (7, 14), False),
        ("float64", 1e20, 1e20, (1e20, 2e20), False),
        ("int16", 32767, 32767, (32767, 65534), False),
    ],
)
def test_data_range_by_type_else_by_values(dtype, minimum, maximum, expected, known):
    assert guess_data_range(np.dtype(dtype), minimum, maximum) == (expected, known)


@pytest.mark.parametrize("bad", [(1, 0), (0, 0), (0, np.nan), (0,), 5, "ab", (0, 1, 2)])
def test_bad_data_range(bad):
    with pytest.raises(ValueError, match="low < high"):
        check_data_range(bad)


def test_versions_of_a_picture_are_normalised_to_the_same_bits(coffee):
    unit = coffee / 255
    for version in (
        unit,
        unit.astype(np.float32),
        coffee.astype(np.float32),
        coffee.astype(np.int64),
        coffee.astype(np.uint16) * 257,
        (unit * 2 - 1).astype(np.float32),
    ):
        np.testing.assert_array_equal(
            normalise_image(version), normalise_image(coffee), strict=True
        )


def test_a_given_range_is_taken():
    image = np.array([[2.0, 7.0]])
    assert resolve_data_range(image) == (2, 7)
    assert resolve_data_range(image, [0, 10]) == (0, 10)
    np.testing.assert_allclose(normalise_image(image, (0, 10)), [[0.2, 0.7]], atol=1e-5)
