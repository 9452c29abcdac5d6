"""Weights become colours in proportion, and of their own sign."""

import numpy as np
import pytest

from sklime.display import find_reference, paint_overlay, scale_opacity


@pytest.mark.parametrize(
    ("percentile", "expected"),
    [(0, 2.55), (2, 2.55), (10, 2.24), (25, 1.76), (50, 1.45)],
)
def test_outliers_are_those_of_captum(percentile, expected):
    """Captum 0.9's threshold on the same numbers; for 0 it fails by rounding."""
    weights = np.random.RandomState(0).normal(size=(8, 8)).round(2)
    assert find_reference(weights, percentile) == expected


def test_outliers_where_most_weights_are_zero():
    """A percentile of the pixels would be zero here."""
    weights = np.zeros(1000)
    weights[:3] = [5, -100, 6]
    assert find_reference(weights, 10) == 100
    assert find_reference(weights, 95) == 6
    assert find_reference(np.zeros(4), 10) == 1


def test_opacity_scales_and_does_not_cut_off():
    """Trap V10 of VisuaLIME: with .7, weights 1, .8 and .7 looked the same."""
    weights = np.array([1.0, -0.8, 0.7, 0.0])
    np.testing.assert_allclose(scale_opacity(weights, 0.7), [0.7, 0.56, 0.49, 0])
    np.testing.assert_allclose(
        scale_opacity(weights, 0.7, exponent=2), [0.7, 0.448, 0.343, 0]
    )
    np.testing.assert_allclose(
        scale_opacity(weights, 1, reference=0.8), [1, 1, 0.875, 0]
    )


def test_opacity_is_that_of_visualime_below_its_limit():
    """Bytes from visualime 0.1.0's scale_opacity, relative to the norm of weights."""
    weights = np.array([0.4, -0.2, 0.1, 0.05])
    opacity = scale_opacity(weights, exponent=0.5, reference=np.linalg.norm(weights))
    assert (255 * opacity).astype(int).tolist() == [237, 167, 118, 83]


def test_overlay_of_one_sign():
    """Trap V19 of VisuaLIME: smoothed, 0 became .5 and negative weights positive."""
    overlay = paint_overlay(np.array([[-1.0, -2.0, 0.0]]), (1, 0, 0), (0, 0, 1), 1)
    assert overlay[0].tolist() == [[0, 0, 1, 0.5], [0, 0, 1, 1], [0, 0, 1, 0]]


def test_the_name_of_a_colour_is_no_colour_yet():
    with pytest.raises(ValueError, match="negative_color must be red, green and blue"):
        paint_overlay(np.ones((2, 2)), (0, 1, 0), "red", 0.7)
