"""Pictures look as they did when somebody last looked at them.

`python tests/display/test_reference.py` draws them anew, to be looked at again.
"""

from pathlib import Path

import numpy as np
import pytest
from skimage import data

REFERENCE = Path(__file__).parent / "reference"
DRAWINGS = {
    "sheet": {"kind": ["overlay", "heatmap", "mask", "cutout", "boxes", "segments"]},
    "labels": {"kind": ["overlay", "bar"], "top_labels": 2, "exponent": 0.5},
    "colours": {"kind": ["overlay", "boundaries"], "cmap": "PuOr", "sign": "both"},
}
# Text is laid out differently by each version of matplotlib, and so left out.
TOLERANCE = 6  # root of the mean squared difference of bytes


def explain_cat():
    from sklime import ImageLimeExplainer
    from sklime.segmentation import SlicSegmenter

    def greenness(images):
        """How green the left half is, and how light the right."""
        left, right = images[:, :, :38] / 255, images[:, :, 38:] / 255
        green = left[..., 1] - left[..., [0, 2]].mean(axis=-1)
        light = right.mean(axis=-1)
        return np.stack(
            [light.mean(axis=(1, 2)) - 0.4, green.mean(axis=(1, 2))], axis=1
        )

    cat = data.chelsea()[::6, ::6]
    explainer = ImageLimeExplainer(
        greenness, segmenter=SlicSegmenter(30), top_labels=2, random_state=0
    )
    return explainer.fit_explain(cat)


def draw(explanation, name, path):
    import matplotlib.pyplot as plt
    from matplotlib.testing.decorators import remove_ticks_and_titles

    from sklime import LimeDisplay

    options = DRAWINGS[name]
    n_rows, n_columns = len(options["kind"]), options.get("top_labels", 1)
    figure = plt.figure(figsize=(2 * n_columns, 1.5 * n_rows))
    frame = {"left": 0, "right": 1, "bottom": 0, "top": 1, "wspace": 0, "hspace": 0}
    axes = figure.subplots(n_rows, n_columns, squeeze=False, gridspec_kw=frame)
    LimeDisplay(explanation).plot(ax=axes, colorbar=False, **options)
    remove_ticks_and_titles(figure)
    for ax in axes.flat:
        ax.set_xlabel("")
        for text in ax.texts:
            text.set_visible(False)
    figure.savefig(path, dpi=80)
    plt.close(figure)


@pytest.fixture(scope="module")
def cat():
    return explain_cat()


@pytest.mark.parametrize("name", DRAWINGS)
def test_drawings_look_as_before(pyplot, cat, name, tmp_path):
    from matplotlib.testing.compare import compare_images

    path = tmp_path / f"{name}.png"
    draw(cat, name, path)
    difference = compare_images(REFERENCE / f"{name}.png", path, tol=TOLERANCE)
    assert difference is None, difference


def test_another_drawing_is_noticed(pyplot, cat, tmp_path):
    """The tolerance is no wider than what a wrong sign changes."""
    from dataclasses import replace

    from matplotlib.testing.compare import compare_images

    wrong = replace(cat, weights=-cat.weights)
    for name in DRAWINGS:
        path = tmp_path / f"{name}.png"
        draw(wrong, name, path)
        assert compare_images(REFERENCE / f"{name}.png", path, tol=TOLERANCE)


if __name__ == "__main__":
    import matplotlib

    matplotlib.use("agg")
    REFERENCE.mkdir(exist_ok=True)
    for drawing in DRAWINGS:
        draw(explain_cat(), drawing, REFERENCE / f"{drawing}.png")
