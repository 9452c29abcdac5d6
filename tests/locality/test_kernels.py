"""From distances to weights that a surrogate can use."""

import numpy as np
import pytest

from sklime import ImageLimeExplainer
from sklime.locality import compute_sample_weights, exponential_kernel, uniform_kernel


@pytest.mark.parametrize(
    ("width", "weight", "unrooted"), [(0.25, 0.5103, 0.2604), (1, 0.9588, 0.9193)]
)
def test_kernel_has_the_square_root(width, weight, unrooted):
    """Trap C3 of Captum: its documentation shows the kernel without the root."""
    assert exponential_kernel(0.29, width) == pytest.approx(weight, abs=5e-5)
    assert exponential_kernel(0.29, width) ** 2 == pytest.approx(unrooted, abs=5e-5)


def test_a_callable_kernel_takes_distances():
    weights = compute_sample_weights(np.array([0, 0.5, 1]), lambda d: 1 - d)
    assert weights.tolist() == [1, 0.5, 0]


def test_uniform_is_unweighted():
    distances = np.array([0.0, 0.5, 3.0])
    assert compute_sample_weights(distances, "uniform", 1e-9).tolist() == [1, 1, 1]
    assert uniform_kernel(distances).tolist() == [1, 1, 1]


@pytest.mark.parametrize("kernel", [exponential_kernel, uniform_kernel])
def test_kernels_take_whatever_holds_distances(kernel):
    expected = kernel(np.array([0.1, 0.3]))
    np.testing.assert_array_equal(kernel([0.1, 0.3]), expected)
    assert kernel(0.3) == expected[1]


def test_a_width_of_none_is_refused_with_the_parameters_name(coffee, quarters):
    """Trap L17 of lime: documented, and then a TypeError of float()."""
    with pytest.raises(ValueError, match=r"'kernel_width'.*float in the range \(0"):
        ImageLimeExplainer(quarters, kernel_width=None).fit(coffee)


@pytest.mark.parametrize(
    ("kernel", "width", "message"),
    [
        (
            "gauss",
            0.25,
            "kernel must be one of 'exponential', 'uniform' or a callable. Got 'gauss'",
        ),
        ("exponential", 0, "kernel_width must be a number greater than 0. Got 0"),
        ("exponential", -1, "kernel_width"),
        ("exponential", "wide", "kernel_width must be a number.*Got 'wide'"),
        (
            lambda d: d * 0,
            0.25,
            "All sample weights but one.*larger kernel_width.*sampler='local'",
        ),
        (lambda d: -d, 0.25, "2 negative"),
        (lambda d: d[:1], 0.25, r"each of the 3 perturbations. Got shape \(1,\)"),
        (lambda d: d * np.nan, 0.25, "3 that are not finite"),
    ],
)
def test_no_weights(kernel, width, message):
    with pytest.raises(ValueError, match=message):
        compute_sample_weights(np.array([0, 0.5, 1]), kernel, width)
