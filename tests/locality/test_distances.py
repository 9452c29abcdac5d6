"""Distances between rows, against tables and closed forms."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.base import BaseEstimator
from sklearn.metrics import pairwise_distances

from sklime.locality import (
    AreaDistance,
    ImageDistance,
    check_distance,
    compute_distances,
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
    """Trap V1 of VisuaLIME: without sqrt(d) the image itself weighs 9e-129."""
    samples = (np.arange(50) < n_kept)[np.newaxis]
    distances, weights = weigh_samples(samples)
    assert distances[0] == pytest.approx(distance, abs=6e-5)
    assert weights[0] == pytest.approx(weight, abs=6e-5 if weight > 0.001 else 6e-7)


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


def test_scipy_has_no_cosine_of_an_empty_row():
    """Trap F13 of FAT Forensics: NaN, and a guard that goes under ``python -O``."""
    assert np.isnan(cdist([[1, 1]], [[0, 0]], "cosine")).all()
    assert compute_distances(np.zeros((1, 5), dtype=bool)) == 1


def test_objects_measure_pictures(coffee):
    class Recorder(BaseEstimator):
        def measure(self, samples, **pictures):
            self.pictures = pictures
            return np.arange(len(samples))

    recorder = Recorder()
    distances = compute_distances(enumerate_samples(2), recorder, image=coffee)
    assert distances.tolist() == [0, 1, 2, 3]
    assert recorder.pictures == {"image": coffee}
    for name, missing in (("area", "segments"), ("image", "image, background, segm")):
        with pytest.raises(
            ValueError, match=f"'{name}' looks at pictures: pass {missing}"
        ):
            compute_distances(enumerate_samples(2), name)


@pytest.mark.parametrize("metric", ["cosine", "area", "image", "hamming"])
def test_samples_of_zeros_and_ones_are_refused(coffee, metric):
    """As other libraries draw them: ``~samples`` would be -1 and -2."""
    pictures = {
        "image": coffee,
        "background": 0 * coffee,
        "segments": np.arange(64 * 64).reshape(64, 64) // 1024,
    }
    samples = enumerate_samples(4)
    for other in (samples.astype(int), samples.astype(float)):
        with pytest.raises(TypeError, match=r"booleans.*samples.astype\(bool\)"):
            compute_distances(other, metric, **pictures)
    with pytest.raises(ValueError, match="each of the 4 segments"):
        ImageDistance(2).measure(samples[:, 1:], **pictures)


def test_names_stand_for_objects():
    assert isinstance(check_distance("area"), AreaDistance)
    with pytest.raises(TypeError, match=r"such as AreaDistance\(\). Got the class"):
        check_distance(AreaDistance)
    for other in ("cosine", "hamming", np.ones(3), len):
        assert check_distance(other) is other
