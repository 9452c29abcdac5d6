"""Explanations that these tests judge, and images composed without our composer."""

import numpy as np
import pytest

from sklime import ImageLimeExplainer
from sklime.segmentation import GridSegmenter, PrecomputedSegmenter


def bright_and_red(images):
    """The light of the top; and the same times the red of the left, not linear."""
    images = np.asarray(images, dtype=np.float64) / 255
    top, left = images.shape[1] // 2, images.shape[2] // 3
    bright = images[:, :top].mean(axis=(1, 2, 3))
    red = images[:, :, :left, 0].mean(axis=(1, 2))
    return np.stack([bright, bright * red], axis=1)


def make_explainer(black_box=bright_and_red, **options):
    """Return an explainer that is cheap to run, of a 5x4 grid unless said otherwise."""
    defaults = {
        "segmenter": GridSegmenter(5, 4),
        "occluder": 0,
        "n_perturbations": 128,
        "random_state": 0,
    }
    return ImageLimeExplainer(black_box, **defaults | options)


@pytest.fixture(scope="session")
def explainer_of():
    return make_explainer


@pytest.fixture(scope="session")
def black_box():
    return bright_and_red


@pytest.fixture(scope="session")
def explainer(coffee):
    return make_explainer().fit(coffee)


@pytest.fixture(scope="session")
def explanation(explainer, coffee):
    """Of both labels, 1 first."""
    return explainer.explain(coffee, labels=[1, 0])


@pytest.fixture(scope="session")
def partial_explanation(coffee):
    """Of an image whose frame belongs to no segment, and whose segments differ."""
    segments = np.full((64, 64), -1)
    segments[8:56, 8:56] = np.digitize(np.arange(48), [5, 17, 30]) * 2
    segments[8:56, 8:56] += np.arange(48)[:, np.newaxis] >= 20
    return make_explainer(segmenter=PrecomputedSegmenter(segments)).fit_explain(coffee)


def compose(explanation, shown, fill):
    """Return the image with `fill` wherever `shown` is false."""
    shown = np.broadcast_to(shown[..., np.newaxis], explanation.image.shape)
    image = np.array(explanation.image)
    image[~shown] = np.broadcast_to(fill, image.shape)[~shown]
    return image


@pytest.fixture(scope="session")
def composed():
    return compose
