"""The explanation that these tests share."""

import pytest

from sklime import ImageLimeExplainer
from sklime.segmentation import GridSegmenter

NAMES = ["top left", "top right", "bottom left", "bottom right"]


def make_explainer(black_box):
    return ImageLimeExplainer(
        black_box,
        segmenter=GridSegmenter(4, 4),
        occluder=128,
        n_perturbations=256,
        class_names=NAMES,
        random_state=2,
    )


@pytest.fixture
def explainer(quarters):
    """A 4x4 grid: each label depends on its own quarter alone."""
    return make_explainer(quarters)


@pytest.fixture(scope="module")
def explanation(coffee, quarters):
    """What that explainer says of coffee, for two labels."""
    return make_explainer(quarters).fit_explain(coffee, labels=["bottom left", 0])
