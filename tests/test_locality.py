"""Distances and weights, against tables and closed forms."""

import numpy as np
import pytest
from sklearn.metrics import pairwise_distances

from sklime.locality import (
    compute_distances,
    compute_sample_weights,
    exponential_kernel,
    weigh_samples,
)
from sklime.sampling import enumerate_samples

# Segments kept of 50, cosine distance and lime's weight at width 0.25: computed with
# lime 0.2.0.1 and scikit-learn 1.9.
LIME_TABLE = [
    (50, 0, 1),
    (49, 0.0101, 0.9992),
    (40, 0.1056, 0.9147),
    (25, 0.2929, 0.5034),
    (10, 0.5528, 0.0868),
    (2, 0.8, 0.0060),
    (1, 0.8586, 0.0027),
    (0, 1, 0.000335),
]


@pytest.mark.parametrize(("n_kept", "distance", "weight"), LIME_TABLE)
def test_table_of_lime(n_kept, distance, weight):
    """Trap of VisuaLIME: without sqrt(d) the image itself weighs 9e-129."""
    samples = (np.arange(50) < n_kept)[np.newaxis]
    distances, weights = weigh_samples(samples)
    assert distances[0] == pytest.approx(distance, abs=6e-5)
    assert weights[0] == pytest.approx(weight, abs=6e-5 if weight > 0.001 else 6e-7)


@pytest.mark.parametrize(
    ("width", "weight", "unrooted"), [(0.25, 0.5103, 0.2604), (1, 0.9588, 0.9193)]
)
def test_kernel_has_the_square_root(width, weight, unrooted):
    """Trap of Captum: its documentation shows the kernel without the root."""
    assert exponential_kernel(0.29, width) == pytest.approx(weight, abs=5e-5)
    assert exponential_kernel(0.29, width) ** 2 == pytest.approx(unrooted, abs=5e-5)


@pytest.mark.parametrize("n_segments", [1, 2, 7, 12])
def test_cosine_is_that_of_scikit_learn(n_segments):
    samples = enumerate_samples(n_segments)
    expected = pairwise_distances(
        samples.astype(float), samples[:1].astype(float), metric="cosine"
    ).ravel()
    np.testing.assert_allclose(compute_distances(samples), expected, atol=1e-15)
    assert compute_distances(samples)[-1] == 1


@pytest.mark.parametrize(
    "metric", ["euclidean", "manhattan", "hamming", "jaccard", "dice", "sqeuclidean"]
)
def test_any_metric_of_scikit_learn(metric):
    k = enumerate_samples(5).sum(axis=1)
    expected = {
        "euclidean": np.sqrt(5 - k),
        "manhattan": 5 - k,
        "hamming": 1 - k / 5,
        "jaccard": 1 - k / 5,
        "dice": 1 - 2 * k / (5 + k),
        "sqeuclidean": 5 - k,
    }[metric]
    distances = compute_distances(enumerate_samples(5), metric)
    np.testing.assert_allclose(distances, expected, atol=1e-12)


def test_a_callable_takes_two_rows():
    distances = compute_distances(enumerate_samples(3), lambda a, b: abs(a - b).max())
    assert distances.tolist() == [0] + 7 * [1]


def test_an_array_is_taken_for_the_distances():
    given = np.arange(4.0)
    distances = compute_distances(enumerate_samples(2), given)
    np.testing.assert_array_equal(distances, given)
    assert distances is not given


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        (
            "cosinus",
            r"distance must be 'area', 'image', a metric.*'cosinus'.*'euclidean'",
        ),
        ("correlation", "1 that are not finite|4 that are not finite"),
        (np.ones(3), r"each of the 4 perturbations. Got shape \(3,\)"),
        (np.array([0, 1, 2, -1.0]), "1 negative"),
        (lambda a, b: np.nan, "4 that are not finite"),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_no_distances(metric, message):
    with pytest.raises(ValueError, match=message):
        compute_distances(enumerate_samples(2), metric)


def test_a_callable_kernel_takes_distances():
    weights = compute_sample_weights(np.array([0, 0.5, 1]), lambda d: 1 - d)
    assert weights.tolist() == [1, 0.5, 0]


@pytest.mark.parametrize(
    ("kernel", "width", "message"),
    [
        (
            "gauss",
            0.25,
            "kernel must be one of 'exponential', 'uniform' or a callable. Got 'gauss'",
        ),
        ("exponential", 0, "kernel_width must be greater than 0. Got 0"),
        ("exponential", -1, "kernel_width"),
        (lambda d: d * 0, 0.25, "All sample weights but one.*larger kernel_width"),
        (lambda d: -d, 0.25, "2 negative"),
        (lambda d: d[:1], 0.25, r"each of the 3 perturbations. Got shape \(1,\)"),
        (lambda d: d * np.nan, 0.25, "3 that are not finite"),
    ],
)
def test_no_weights(kernel, width, message):
    with pytest.raises(ValueError, match=message):
        compute_sample_weights(np.array([0, 0.5, 1]), kernel, width)
