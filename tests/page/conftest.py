"""Explanations that these tests show."""

import warnings
from dataclasses import replace

import numpy as np
import pytest

from sklime import ImageLimeExplainer
from sklime.segmentation import GridSegmenter, PrecomputedSegmenter

HOSTILE = "<img src=x onerror=window.hacked=1>"
CLOSING = "</script><script>window.hacked=1</script><!-- \"\u2028' &amp; $title ${1}"


@pytest.fixture(scope="session")
def explanation(coffee, quarters):
    """A 4x4 grid on coffee with round weights, for two labels.

    For "cup" segment 5 is the strongest, then 10, 0, 6 and 9; 9 and 10 speak against.
    """
    made = ImageLimeExplainer(
        quarters,
        segmenter=GridSegmenter(4, 4),
        occluder=128,
        n_perturbations=64,
        class_names=["cup", "spoon", "table", "floor"],
        random_state=0,
    ).fit_explain(coffee, labels=["cup", "spoon"])
    weights = np.zeros((2, 16))
    weights[0, [5, 10, 0, 6, 9]] = 0.4, -0.3, 0.2, 0.1, -0.05
    weights[1, [15, 5]] = 2.0, -1.0
    return replace(made, weights=weights)


@pytest.fixture(scope="session")
def hostile(explanation):
    """The same with names that would run as HTML or as a script."""
    names = np.array([HOSTILE, CLOSING, "table", "floor"])
    named = explanation.name_segments({5: HOSTILE, 10: CLOSING})
    return replace(named, class_names=names)


@pytest.fixture(scope="session")
def explain():
    """Explain any image by the brightness of its upper half."""

    def explain_image(image, segments=None, **params):
        def brightness(images):
            return images.reshape(len(images), -1)[:, : images[0].size // 2].mean(1)

        segmenter = None if segments is None else PrecomputedSegmenter(segments)
        defaults = {"occluder": 0, "n_perturbations": 64, "random_state": 0}
        axis = None if image.ndim == 2 else -1
        explainer = ImageLimeExplainer(
            brightness, segmenter=segmenter, channel_axis=axis, **defaults | params
        )
        with warnings.catch_warnings():  # what they say is of no concern here
            warnings.simplefilter("ignore")
            return explainer.fit(image[np.newaxis]).explain(image)

    return explain_image
