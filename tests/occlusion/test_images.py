"""Another image in place of a segment."""

import numpy as np
import pytest
from scipy.stats import kstest
from skimage import transform
from sklearn.exceptions import NotFittedError

from sklime import ImageLimeExplainer
from sklime.occlusion import NoiseOccluder, ReferenceOccluder


def test_the_reference_is_the_mean_of_the_images_of_fit(photographs):
    images = [photographs[name] for name in ("coffee", "chelsea", "rocket")]
    reference = ReferenceOccluder().fit(images)
    np.testing.assert_allclose(reference.reference_, np.mean(images, axis=0))
    np.testing.assert_array_equal(reference.fill(images[0], None), reference.reference_)


@pytest.mark.parametrize("index", [1, -2, np.int64(1)])
def test_or_one_of_them(photographs, index):
    images = [photographs[name] for name in ("coffee", "chelsea", "rocket")]
    reference = ReferenceOccluder(index).fit(images)
    np.testing.assert_array_equal(reference.fill(images[0], None), images[1])


def test_it_is_resized(coffee):
    images = [coffee, coffee[:32, :48] / 1.0]
    reference = ReferenceOccluder(1).fit(images)
    expected = transform.resize(
        images[1], (64, 64), anti_aliasing=True, preserve_range=True
    )
    np.testing.assert_array_equal(reference.fill(coffee, None), expected)
    mean = ReferenceOccluder().fit(images).reference_
    np.testing.assert_allclose(mean, (coffee + expected) / 2)


def test_channels_first(coffee, quarters):
    first = np.moveaxis(coffee, -1, 0)
    explainer = ImageLimeExplainer(
        lambda images: quarters(np.moveaxis(images, 1, -1)),
        occluder="reference",
        channel_axis=0,
        random_state=0,
    ).fit([first, first[:, ::-1]])
    expected = (coffee / 2 + coffee[::-1] / 2).round()
    background = explainer.explain(first).background
    np.testing.assert_allclose(background, expected, atol=0.5)


def test_no_reference(coffee):
    with pytest.raises(ValueError, match=r"given to fit, at most 0\. Got 1"):
        ReferenceOccluder(1).fit([coffee])
    with pytest.raises(NotFittedError):
        ReferenceOccluder().fill(coffee, None)


@pytest.mark.parametrize("n_channels", [None, 1, 3, 4])
def test_noise_is_uniform_in_every_pixel(n_channels):
    image = np.zeros((40, 50) if n_channels is None else (40, 50, n_channels))
    noise = NoiseOccluder(data_range=(2, 3), random_state=0).fit([image])
    fill = noise.fill(image, None)
    colours = fill[..., :3] if n_channels == 4 else fill
    assert kstest(colours.ravel(), "uniform", args=(2, 1)).pvalue > 0.001
    if n_channels == 4:
        assert (fill[..., 3] == 3).all()
    np.testing.assert_array_equal(noise.fill(image, None), fill)
    assert (noise.fill(image, None, draw=1) != fill).any()
