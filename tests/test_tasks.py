"""Every kind of task, with models that learnt a shortcut, which explanations find.

Handwritten digits, half of which carry a mark in the third cell of a 4x4 grid: models
learn the mark, and its cell has to be what an explanation names first.
"""

import numpy as np
import pytest
from sklearn.linear_model import (
    LinearRegression,
    LogisticRegression,
    Perceptron,
    Ridge,
    RidgeClassifier,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from sklime import ImageLimeExplainer
from sklime.segmentation import GridSegmenter

CELL = 2  # the third of sixteen
SURROGATES = [
    None,
    DecisionTreeRegressor(max_depth=3),
    DecisionTreeClassifier(max_depth=3),
    LogisticRegression(),
]


@pytest.fixture(scope="module")
def marked(digits):
    """Digits in [0, 1], the first half with a mark, and whether they have one."""
    images = digits[0][:600] / 16
    has_mark = np.arange(600) < 300
    images[has_mark, :2, 4:6] = 1.0
    images[~has_mark, :2, 4:6] = 0.0
    return images, has_mark


def explain(marked, model, surrogate, labels=None, **parameters):
    """Explain the first digit, whose mark is the answer."""
    explainer = ImageLimeExplainer(
        model,
        segmenter=GridSegmenter(4, 4),
        occluder=0,
        channel_axis=None,
        n_perturbations=256,
        surrogate=surrogate,
        random_state=0,
        **parameters,
    )
    return explainer.fit(marked[0][:5]).explain(marked[0][0], labels=labels)


@pytest.mark.parametrize("surrogate", SURROGATES, ids=str)
@pytest.mark.parametrize(
    ("model", "response_method"),
    [
        (LogisticRegression(), "predict_proba"),
        (KNeighborsClassifier(), "predict_proba"),
        (KNeighborsClassifier(), "predict"),
        (DecisionTreeClassifier(max_depth=2), "predict"),
        (SVC(), "decision_function"),
        (RidgeClassifier(), "decision_function"),
        (Perceptron(), "predict"),
        (make_pipeline(StandardScaler(), LogisticRegression()), "auto"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_classifiers(marked, model, response_method, surrogate):
    """With probabilities, scores or nothing but classes; by the name of the class."""
    images, has_mark = marked
    names = np.where(has_mark, "marked", "clean")
    model = model.fit(images.reshape(600, -1), names)
    explanation = explain(marked, model, surrogate, response_method=response_method)
    assert explanation.labels == ["marked"]
    assert explanation.top_segments(1, "positive").tolist() == [CELL]
    against = explain(
        marked, model, surrogate, labels="clean", response_method=response_method
    )
    assert against.top_segments(1, "negative").tolist() == [CELL]


@pytest.mark.parametrize("surrogate", SURROGATES[:2], ids=str)
@pytest.mark.parametrize("columns", [0, 1])
def test_a_sigmoid_of_one_column(marked, surrogate, columns):
    """Trap L8 of lime: its default labels fail for one column, and for none."""
    images, has_mark = marked
    model = LogisticRegression().fit(images.reshape(600, -1), has_mark)

    def probability(images):
        answer = model.predict_proba(images.reshape(len(images), -1))[:, 1]
        return answer[:, np.newaxis] if columns else answer

    explanation = explain(marked, probability, surrogate)
    assert explanation.labels == [0]
    assert explanation.top_segments(1, "positive").tolist() == [CELL]
    named = explain(marked, probability, surrogate, "mark", class_names=["mark"])
    np.testing.assert_array_equal(named.weights, explanation.weights)


@pytest.mark.parametrize("surrogate", SURROGATES[:2], ids=str)
def test_regressors(marked, surrogate):
    images, has_mark = marked
    size = 3.0 * has_mark + images[:, 6, 1]
    model = Ridge(1.0).fit(images.reshape(600, -1), size)
    explanation = explain(marked, model, surrogate)
    assert explanation.top_segments(1, "positive").tolist() == [CELL]
    exact = explain(marked, model, LinearRegression())
    coef = model.coef_.reshape(4, 2, 4, 2) * images[0].reshape(4, 2, 4, 2)
    np.testing.assert_allclose(
        exact.weights[0], coef.sum(axis=(1, 3)).ravel(), atol=1e-10
    )


@pytest.mark.parametrize("surrogate", SURROGATES, ids=str)
def test_several_labels_cost_no_more_calls(marked, recorder, surrogate):
    """Nor does another label later, or another surrogate."""
    images, has_mark = marked
    model = LogisticRegression().fit(images.reshape(600, -1), has_mark)

    def three(images):
        clean, mark = model.predict_proba(images.reshape(len(images), -1)).T
        return np.stack([clean, mark, mark / 2], axis=1)

    box = recorder(three)
    explanation = explain(marked, box, surrogate, labels=[1, 0])
    n_rows = len(np.unique(explanation.samples, axis=0))
    assert box.n_images == 2 + n_rows
    assert explanation.weights.shape == (2, 16)
    assert explanation.weights[0].argmax() == CELL
    assert explanation.weights[1].argmin() == CELL
    for other in SURROGATES[1:]:
        explanation.refit(labels=0, surrogate=other)
    assert box.n_images == 2 + n_rows
