"""Any clusterer of scikit-learn on colour and position."""

import numpy as np
import pytest
from sklearn.cluster import DBSCAN, AgglomerativeClustering, Birch, KMeans
from sklearn.feature_extraction.image import grid_to_graph
from sklearn.mixture import GaussianMixture
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklime.segmentation import ClusterSegmenter, describe_pixels


@pytest.mark.parametrize(
    "clusterer",
    [
        KMeans(12),
        Birch(threshold=0.1, n_clusters=12),
        GaussianMixture(12, covariance_type="diag"),
        AgglomerativeClustering(12, connectivity=grid_to_graph(64, 64)),
        make_pipeline(StandardScaler(), KMeans(12)),
    ],
)
def test_any_clusterer(photographs, clusterer):
    image = photographs["rocket"]
    segmenter = ClusterSegmenter(clusterer, random_state=0)
    segments = segmenter.fit_transform(image)[0]
    assert np.unique(segments).tolist() == list(range(12))
    np.testing.assert_array_equal(segmenter.fit_transform(image)[0], segments)
    assert not hasattr(clusterer, "labels_")


def test_it_is_the_clusterer_on_the_features(photographs):
    image = photographs["camera"]
    pixels = describe_pixels(image / 255, spatial_weight=2)
    expected = KMeans(5, random_state=3).fit_predict(pixels).reshape(64, 64)
    segmenter = ClusterSegmenter(KMeans(5, random_state=3), spatial_weight=2)
    np.testing.assert_array_equal(segmenter.fit_transform(image)[0], expected)


def test_features_are_colour_and_position():
    image = np.zeros((2, 4, 3))
    image[1, 3] = 1
    pixels = describe_pixels(image, spatial_weight=8)
    assert pixels.shape == (8, 5)
    np.testing.assert_allclose(pixels[-1], [1, 0, 0, 2, 6], atol=1e-4)
    np.testing.assert_allclose(pixels[0], 0, atol=1e-4)


def test_spatial_weight_from_colours_alone_to_places_alone():
    """Two halves of a chessboard: its colours, or its left and right."""
    board = np.indices((16, 16)).sum(axis=0) % 2 * 1.0
    colours = ClusterSegmenter(KMeans(2), 0, random_state=0).fit_transform(board)[0]
    assert (colours == colours[0, 0])[board == 0].all()
    assert (colours != colours[0, 0])[board == 1].all()
    places = ClusterSegmenter(KMeans(2), 100, random_state=0).fit_transform(board)[0]
    sides = [np.ptp(places, axis=axis).max() for axis in (0, 1)]
    assert sorted(sides) == [0, 1] or np.bincount(places.ravel()).min() > 100


def test_pixels_that_are_left_out_form_a_segment():
    """Noise of DBSCAN (-1) would never be hidden."""
    image = np.zeros((20, 20))
    image[::7, ::7] = 1
    noisy = ClusterSegmenter(DBSCAN(eps=0.1, min_samples=5)).fit_transform(image)[0]
    assert set(noisy[::7, ::7].ravel()) == {noisy.max()}
    assert noisy[0, 1] == 0


def test_the_number_follows_the_size(coffee):
    assert ClusterSegmenter().fit_transform(coffee).max() == 99
    assert ClusterSegmenter().fit_transform(coffee[:8, :8]).max() == 3


def test_no_clusterer():
    with pytest.raises(ValueError, match="'clusterer' parameter of ClusterSegmenter"):
        ClusterSegmenter(StandardScaler()).fit(np.zeros((4, 4)))
    with pytest.raises(ValueError, match="n_clusters") as caught:
        ClusterSegmenter(KMeans(99)).fit_transform(np.zeros((4, 4)))
    assert "KMeans(n_clusters=99" in caught.value.__notes__[0]
