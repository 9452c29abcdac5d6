"""What an explanation costs, counted in operations: seconds depend on the machine."""

import tracemalloc

import numpy as np
import pytest
from skimage import data, transform
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import Lasso, LinearRegression, Ridge
from sklearn.tree import DecisionTreeRegressor

from sklime import ImageLimeExplainer
from sklime.perturbation import Composer
from sklime.perturbation._patterns import PatternTable
from sklime.segmentation import GridSegmenter

MEBIBYTE = 2**20


@pytest.fixture(scope="module")
def picture():
    resized = transform.resize(data.astronaut(), (224, 224), anti_aliasing=True)
    return np.rint(resized * 255).astype(np.uint8)


def answer(images):
    """Five columns, of the middle of the images and so of few segments."""
    middle = images[:, 96:128, 96:128].mean(axis=(1, 2)) / 255
    return np.concatenate([middle, 1 - middle[:, :2]], axis=1)


def explain(picture, black_box=answer, side=7, **params):
    params = {"segmenter": GridSegmenter(side, side), "random_state": 0} | params
    return ImageLimeExplainer(black_box, **params).fit(picture).explain(picture)


@pytest.mark.parametrize("n_perturbations", [128, 1024])
def test_each_byte_is_written_once(picture, monkeypatch, n_perturbations):
    written = []
    write = PatternTable.write

    def count(self, samples, out):
        written.append(out.nbytes)
        write(self, samples, out)

    monkeypatch.setattr(PatternTable, "write", count)
    explanation = explain(picture, n_perturbations=n_perturbations)
    n_distinct = len(np.unique(explanation.samples, axis=0))
    assert sum(written) == n_distinct * picture.nbytes


def test_one_image_is_cut_once(picture, monkeypatch):
    """However many labels, batches and rows there are."""
    made = []
    init = Composer.__init__

    def count(self, *args, **kwargs):
        made.append(self)
        init(self, *args, **kwargs)

    monkeypatch.setattr(Composer, "__init__", count)
    explain(picture, top_labels=5, batch_size=10, n_perturbations=300)
    assert len(made) == 1


@pytest.mark.parametrize("redraw", [False, True])
def test_a_row_is_asked_once(picture, redraw):
    """All 16 combinations of four segments, unless each has a fill of its own."""
    asked = []

    def count(images):
        asked.append(len(images))
        return answer(images)

    fill = "randomise" if redraw else 0
    explain(picture, count, side=2, occluder=fill, n_perturbations=64, top_labels=3)
    assert asked == [2, 64 if redraw else 16]


@pytest.mark.parametrize(
    ("surrogate", "n_fits"),
    [
        (Ridge(), 0),  # one factorisation for all labels, one for each fold
        (LinearRegression(), 5),  # folds in closed form
        (Ridge(solver="svd"), 5 * 6),
        (DecisionTreeRegressor(max_depth=3), 5 * 6),  # five labels, all rows and folds
        (Lasso(alpha=1e-4), 5 * 6),
    ],
)
def test_fits_of_surrogates(picture, monkeypatch, surrogate, n_fits):
    kind, fits = type(surrogate), []
    fit = kind.fit

    def count(self, *args, **kwargs):
        fits.append(self)
        return fit(self, *args, **kwargs)

    monkeypatch.setattr(kind, "fit", count)
    explain(picture, surrogate=surrogate, top_labels=5, n_perturbations=128)
    assert len(fits) == n_fits


@pytest.mark.parametrize("side", [3, 8])
def test_a_forest_is_asked_as_often_for_nine_segments_as_for_64(
    picture, monkeypatch, side
):
    asked = []
    predict = RandomForestRegressor.predict

    def count(self, rows):
        asked.append(len(rows))
        return predict(self, rows)

    monkeypatch.setattr(RandomForestRegressor, "predict", count)
    forest = RandomForestRegressor(n_estimators=5)
    explanation = explain(picture, side=side, surrogate=forest, n_perturbations=128)
    # About the samples, with all hidden, at the image; and in five folds.
    assert sorted(asked) == [1, 1, 25, 25, 26, 26, 26, 128]
    assert explanation.n_segments == side**2


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_memory_does_not_grow_with_perturbations(picture, dtype):
    """One batch of 16 MiB, and what is kept of 4096 rows: here the answers are few."""
    picture = picture.astype(dtype)
    explainer = ImageLimeExplainer(
        answer,
        segmenter=GridSegmenter(7, 7),
        n_perturbations=4096,
        data_range=(0, 255),
        random_state=0,
    ).fit(picture)
    explainer.explain(picture)  # what is loaded and kept at the first call
    tracemalloc.start()
    try:
        explainer.explain(picture)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < (16 + 12) * MEBIBYTE
