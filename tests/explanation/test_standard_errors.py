"""An explanation knows how uncertain its weights are, where that can be told."""

import io
import warnings

import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import HuberRegressor, Lasso, LinearRegression, Ridge
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

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

    defaults = {
        "segmenter": GridSegmenter(3, 4),
        "occluder": 0,
        "sampler": "bernoulli",
        "surrogate": LinearRegression(),
        "n_perturbations": 256,
    }

    def explain(seed=0, **options):
        explainer = ImageLimeExplainer(
            product,
            random_state=seed,
            **{**defaults, **options},
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
    "options",
    [
        {"surrogate": DecisionTreeRegressor(max_depth=1)},
        {"surrogate": GradientBoostingRegressor(n_estimators=5, max_depth=1)},
        {"surrogate": KNeighborsRegressor()},
        {"surrogate": Lasso(0.001)},
        {"surrogate": HuberRegressor()},
        {"surrogate": Ridge(positive=True)},
        {"surrogate": Ridge(fit_intercept=False)},
        {"surrogate": make_pipeline(StandardScaler(), Ridge())},
        {"surrogate": DecisionTreeClassifier(max_depth=1)},
        {"importance_getter": lambda model: np.abs(model.coef_)},
    ],
    ids=str,
)
def test_other_weights_have_none(explanation, options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of weights that are zero
        other = explanation.refit(**options)
    assert np.isnan(other.standard_errors()).all()


@pytest.mark.parametrize("alpha", [1.0, 100.0])
def test_a_penalty_makes_them_smaller(explain_uneven, alpha):
    """As it does the spread between seeds, to which they are compared."""
    runs = [explain_uneven(seed, surrogate=Ridge(alpha)) for seed in range(60)]
    spread = np.std([run.weights[0] for run in runs], axis=0, ddof=1)
    predicted = np.mean([run.standard_errors() for run in runs], axis=0)
    assert 0.85 < (predicted / spread).mean() < 1.25
    default = explain_uneven(surrogate=None).standard_errors()
    one = explain_uneven(surrogate=Ridge(1.0)).standard_errors()
    np.testing.assert_array_equal(default, one)


def test_nothing_is_uncertain_where_all_was_asked(explain_uneven):
    all_rows = explain_uneven(segmenter=GridSegmenter(2, 3), n_perturbations=64)
    assert len(all_rows.samples) == 64
    assert (all_rows.standard_errors() == 0).all()


def test_too_few_answers_have_none(explain_uneven):
    with pytest.warns(UserWarning, match="n_perturbations"):
        few = explain_uneven(n_perturbations=12)
    assert few.weights.any()
    assert np.isnan(few.standard_errors()).all()


def test_they_outlive_a_file(explain_uneven):
    """Of the default: a surrogate that is an object does not."""
    for surrogate, same in ((None, True), (LinearRegression(), False)):
        explanation, file = explain_uneven(surrogate=surrogate), io.BytesIO()
        explanation.save(file)
        file.seek(0)
        errors = ImageExplanation.load(file).standard_errors(0)
        assert np.array_equal(errors, explanation.standard_errors(0)) == same
        assert np.isnan(errors).all() != same


def test_weights_of_zero_have_none(explanation):
    stump = DecisionTreeRegressor(min_samples_leaf=200)
    with pytest.warns(UserWarning, match="All weights of a label are zero"):
        flat = explanation.refit(surrogate=stump)
    assert not flat.weights.any()
    assert np.isnan(flat.standard_errors()).all()
