"""The explanation that these tests share."""

import numpy as np
import pytest

from sklime import ImageLimeExplainer
from sklime.segmentation import GridSegmenter


def explain_on_grid(image, black_box, n_rows=4, **options):
    explainer = ImageLimeExplainer(
        black_box,
        segmenter=options.pop("segmenter", GridSegmenter(n_rows, n_rows)),
        random_state=0,
        **{"n_perturbations": 128, "occluder": image.max(), **options},
    )
    return explainer.fit_explain(image)


@pytest.fixture(scope="session")
def explain():
    """Explain an image on a grid: explain(image, black_box, n_rows=4, **options)."""
    return explain_on_grid


@pytest.fixture(scope="session")
def explanation(coffee, quarters):
    """Coffee on a 4x4 grid: a quarter's square less the product of the next two."""

    def compare(images):
        bright = quarters(images) / 255
        return bright**2 - np.roll(bright, 1, axis=1) * np.roll(bright, 2, axis=1)

    names = ["a", "b", "c", "d"]
    return explain_on_grid(coffee, compare, top_labels=2, class_names=names)
