"""Distances that look at the picture, against numpy's norms of composed images."""

import numpy as np
import pytest

from sklime.locality import AreaDistance, ImageDistance, compute_distances
from sklime.occlusion import MeanOccluder, create_background
from sklime.perturbation import create_perturbations
from sklime.sampling import BernoulliSampler
from sklime.segmentation import SlicSegmenter, create_segments

NORMS = [None, "fro", 1, 2, np.inf, "nuc"]


def visualime(image, images, norm, select, width=255):
    """Return VisuaLIME's distances by its definition, in float."""
    height, columns = image.shape[:2]
    out = []
    for other in images:
        change = np.atleast_3d(other.astype(float) - image)
        norms = [np.linalg.norm(c, ord=norm) for c in np.moveaxis(change, -1, 0)]
        total = sum(norms) / len(norms) if select == "sum" else max(norms)
        out.append(total / (width * np.sqrt(height * columns)))
    return np.array(out)


@pytest.fixture
def scene(coffee):
    """A picture of 40 x 56 pixels, its fill, its segments and 20 perturbations."""
    image = coffee[:40, :56]
    segments, segment_ids = create_segments(image, SlicSegmenter(20))
    background = create_background(image, segments, MeanOccluder())
    samples = BernoulliSampler().sample(len(segment_ids), 20, random_state=0)
    pictures = {"image": image, "background": background, "segments": segments}
    return samples, pictures


@pytest.mark.parametrize("channels", ["sum", "max"])
@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("grey", [False, True])
def test_visualime_in_float_for_every_norm(scene, norm, channels, grey):
    samples, pictures = scene
    if grey:
        for name in ("image", "background"):
            pictures[name] = pictures[name][..., 1]
    images = create_perturbations(samples=samples, **pictures)
    expected = visualime(pictures["image"], images, norm, channels)
    # What VisuaLIME's value has to be divided by to be at most 1.
    largest = {1: np.sqrt(40 / 56), np.inf: np.sqrt(56 / 40), "nuc": np.sqrt(40)}
    distances = ImageDistance(norm, channels).measure(samples, **pictures)
    np.testing.assert_allclose(
        distances, expected / largest.get(norm, 1), rtol=1e-10, atol=1e-12
    )
    assert distances[0] == 0


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("shape", [(6, 6), (6, 9), (9, 6, 3)])
def test_black_on_white_is_at_most_1(norm, shape):
    """Traps C2 of Captum, V4 of VisuaLIME: no distance depended on size or range."""
    pictures = {
        "image": np.ones(shape),
        "background": np.zeros(shape),
        "segments": np.arange(shape[1]) * np.ones(shape[:2], dtype=int),
    }
    samples = np.zeros((1, shape[1]), dtype=bool)
    distance = ImageDistance(norm).measure(samples, **pictures)[0]
    expected = 1 / np.sqrt(min(shape[:2])) if norm == "nuc" else 1
    assert distance == pytest.approx(expected)
    bound = np.array([[1, -1], [1, 1]])  # a Hadamard matrix reaches it
    change = {"image": (bound + 1) / 2, "background": (1 - bound) / 2}
    nuclear = ImageDistance("nuc").measure(
        np.array([[False]]), segments=np.zeros((2, 2), int), **change
    )
    assert nuclear[0] == pytest.approx(1)


def test_differences_do_not_wrap():
    """Trap V3 of VisuaLIME: 200 against black was .22 in uint8."""
    grey = np.full((4, 4, 3), 200, dtype=np.uint8)
    black, segments = np.zeros_like(grey), np.zeros((4, 4), dtype=int)
    for image, background in ((grey, black), (black, grey)):
        distance = ImageDistance().measure(
            np.array([[False]]), image=image, background=background, segments=segments
        )
        assert distance[0] == pytest.approx(200 / 255)


@pytest.mark.parametrize("norm", NORMS)
def test_every_version_of_a_picture_is_as_far(scene, norm):
    """Trap V4 of VisuaLIME: [0, 1] images were 255 times too near."""
    samples, pictures = scene
    expected = compute_distances(samples, ImageDistance(norm), **pictures)
    for scale, shift, data_range in ((255, 0, (0, 1)), (127.5, -1, (-1, 1))):
        version = dict(pictures, data_range=data_range)
        for name in ("image", "background"):
            version[name] = pictures[name] / scale + shift
        found = compute_distances(samples, ImageDistance(norm), **version)
        np.testing.assert_allclose(found, expected, atol=1e-12)


def test_the_image_itself_is_at_no_distance_even_if_black():
    """Trap C1 of Captum: an all-black image had weight .61 unperturbed."""
    black = np.zeros((4, 4))
    pictures = {"background": black, "segments": np.arange(16).reshape(4, 4)}
    samples = BernoulliSampler().sample(16, 5, random_state=0)
    for norm in NORMS:
        distances = ImageDistance(norm).measure(samples, image=black, **pictures)
        assert not distances.any()


@pytest.mark.parametrize("norm", ["fro", 1, np.inf])
def test_no_images_are_composed_where_sums_do(scene, norm, monkeypatch):
    samples, pictures = scene
    monkeypatch.setattr(np.linalg, "norm", None)
    ImageDistance(norm).measure(samples, **pictures)


def test_singular_values_are_taken_a_batch_at_a_time(scene, monkeypatch):
    samples, pictures = scene
    expected = ImageDistance(2).measure(samples, **pictures)
    monkeypatch.setattr("sklime.locality._pixels.BATCH_VALUES", 3 * 40 * 56)
    np.testing.assert_array_equal(
        ImageDistance(2).measure(samples, **pictures), expected
    )


def test_pixels_of_no_segment_do_not_count(scene):
    samples, pictures = scene
    segments = pictures["segments"].copy()
    pictures["segments"] = np.where(segments == 0, -1, segments - 1)
    fewer = samples[:, 1:]
    always_shown = np.insert(fewer, 0, True, axis=1)
    for norm in NORMS:
        distance = ImageDistance(norm)
        expected = distance.measure(always_shown, **{**pictures, "segments": segments})
        np.testing.assert_allclose(distance.measure(fewer, **pictures), expected)
    areas = np.bincount(segments.ravel())[1:]
    np.testing.assert_allclose(
        AreaDistance().measure(fewer, **pictures),
        1 - np.sqrt(fewer @ areas / areas.sum()),
    )


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"norm": 3}, "norm"),
        ({"norm": -2}, "norm"),
        ({"norm": "l1"}, "norm"),
        ({"channels": "mean"}, "channels"),
    ],
)
def test_no_norm(scene, options, name):
    samples, pictures = scene
    with pytest.raises(ValueError, match=f"'{name}' parameter of ImageDistance"):
        ImageDistance(**options).measure(samples, **pictures)


def test_area_is_cosine_where_segments_are_of_one_size():
    samples = BernoulliSampler().sample(12, 30, random_state=0)
    segments = np.arange(12).repeat(5).reshape(6, 10)
    np.testing.assert_allclose(
        AreaDistance().measure(samples, segments=segments), compute_distances(samples)
    )


def test_area_weighs_large_segments():
    """Hiding nine tenths of the picture is far, hiding a tenth is near."""
    segments = np.array([[0] + 9 * [1]])
    samples = np.array([[True, True], [False, True], [True, False], [False, False]])
    distances = AreaDistance().measure(samples, segments=segments)
    np.testing.assert_allclose(distances, 1 - np.sqrt([1, 0.9, 0.1, 0]))
