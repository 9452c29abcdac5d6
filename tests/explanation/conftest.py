"""The explanation that these tests share."""

import pytest

from sklime import ImageLimeExplainer
from sklime.segmentation import GridSegmenter

NAMES = ["top left", "top right", "bottom left", "bottom right"]


@pytest.fixture(scope="module")
def explanation(coffee, quarters):
    """A 4x4 grid on coffee: each label depends on its own quarter alone."""
    explainer = ImageLimeExplainer(
        quarters,
        segmenter=GridSegmenter(4, 4),
        occluder=128,
        n_perturbations=256,
        class_names=NAMES,
        random_state=0,
    )
    return explainer.fit_explain(coffee, labels=["bottom left", 0])
