"""An explanation knows how uncertain its weights are, where that can be told."""

import io

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.neighbors import KNeighborsRegressor
from sklearn.tree import DecisionTreeRegressor

from sklime import ImageExplanation, ImageLimeExplainer
from sklime.segmentation import GridSegmenter
from sklime.surrogate import standard_errors


@pytest.fixture(scope="module")
def explain_uneven(coffee):
    """A product of brightness left and right: no linear surrogate is exact."""

    def product(images):
        left, right = images[:, :, :32] / 255, images[:, :, 32:] / 255
        light = left.mean(axis=(1, 2, 3)) * right.mean(axis=(1, 2, 3))
        return np.stack([light, 1 - light], axis=1)

    def explain(seed=0, **options):
        explainer = ImageLimeExplainer(
            product,
            segmenter=GridSegmenter(3, 4),
            occluder=0,
            sampler="bernoulli",
            surrogate=LinearRegression(),
            random_state=seed,
            **{"n_perturbations": 256, **options},
        )
        return explainer.fit_explain(coffee, labels=[1, 0])

    return explain


@pytest.fixture(scope="module")
def explanation(explain_uneven):
    return explain_uneven()


def test_errors_are_those_of_the_stored_answers(explanation):
    for row, label in enumerate(explanation.labels):
        answers = explanation.sample_predictions[:, label]
        expected = standard_errors(
            explanation.samples, answers, explanation.sample_weights
        )
        np.testing.assert_allclose(explanation.standard_errors(label), expected)
        assert explanation.position(label) == row
    np.testing.assert_array_equal(
        explanation.standard_errors(), explanation.standard_errors(1)
    )


def test_weights_vary_by_as_much_between_seeds(explain_uneven):
    """The spread over 60 seeds against the mean of the errors that each predicts."""
    runs = [explain_uneven(seed) for seed in range(60)]
    spread = np.std([run.weights[0] for run in runs], axis=0, ddof=1)
    predicted = np.mean([run.standard_errors() for run in runs], axis=0)
    ratio = predicted / spread
    assert 0.9 < ratio.mean() < 1.25
    assert ratio.min() > 0.7
    assert ratio.max() < 1.5


def test_unused_segments_have_none(explanation):
    sparse = explanation.refit(segment_subset=[1, 5, 7])
    errors = sparse.standard_errors()
    assert np.flatnonzero(np.isfinite(errors)).tolist() == [1, 5, 7]
    expected = standard_errors(
        explanation.samples[:, [1, 5, 7]],
        explanation.sample_predictions[:, 1],
        explanation.sample_weights,
    )
    np.testing.assert_allclose(errors[[1, 5, 7]], expected)


@pytest.mark.parametrize(
    "surrogate", [DecisionTreeRegressor(max_depth=3), KNeighborsRegressor()]
)
def test_other_surrogates_have_none(explanation, surrogate):
    assert np.isnan(explanation.refit(surrogate=surrogate).standard_errors()).all()


def test_too_few_answers_have_none(explain_uneven):
    with pytest.warns(UserWarning, match="n_perturbations"):
        few = explain_uneven(n_perturbations=12)
    assert few.weights.any()
    assert np.isnan(few.standard_errors()).all()


def test_they_outlive_a_file(explanation):
    file = io.BytesIO()
    explanation.save(file)
    file.seek(0)
    loaded = ImageExplanation.load(file)
    np.testing.assert_array_equal(
        loaded.standard_errors(0), explanation.standard_errors(0)
    )


def test_weights_of_zero_have_none(explanation):
    stump = DecisionTreeRegressor(min_samples_leaf=200)
    with pytest.warns(UserWarning, match="All weights of a label are zero"):
        flat = explanation.refit(surrogate=stump)
    assert not flat.weights.any()
    assert np.isnan(flat.standard_errors()).all()
