"""Any regressor gives signed weights for every label, against closed forms."""

import numpy as np
import pytest
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import (
    GradientBoostingRegressor,
    RandomForestRegressor,
)
from sklearn.linear_model import (
    LinearRegression,
    Ridge,
)
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeRegressor

from sklime.locality import weigh_samples
from sklime.sampling import BernoulliSampler
from sklime.surrogate import (
    fit_surrogates,
)


def test_the_closed_form_is_that_of_the_paper(closed_form):
    """Values computed elsewhere from the authors' published code."""
    form = closed_form(8)
    assert form.alpha[0] == pytest.approx(0.502207790571311, rel=1e-13)
    assert form.alpha[5] == pytest.approx(0.0281418810520585, rel=1e-13)
    assert form.c == pytest.approx(0.0475171672446239, rel=1e-12)
    assert form.product(2) == pytest.approx(
        (-0.367926527504223, 0.593581080899643, 0.00224652680780833), rel=1e-11
    )
    assert form.product(3) == pytest.approx(
        (-0.429987344064642, 0.345090677204214, 0.00385522186088002), rel=1e-11
    )


@pytest.mark.parametrize("p", [1, 2, 3])
def test_least_squares_equals_the_closed_form(all_eight, closed_form, p):
    samples, sample_weights = all_eight
    predictions = samples[:, :p].all(axis=1).astype(float)
    fit = fit_surrogates(
        samples, predictions[:, None], sample_weights, LinearRegression()
    )
    intercept, needed, other = closed_form(8).product(p)
    np.testing.assert_allclose(fit.weights[0, :p], needed, atol=1e-12)
    np.testing.assert_allclose(fit.weights[0, p:], other, atol=1e-12)
    assert fit.intercepts[0] == pytest.approx(intercept, abs=1e-12)


def test_least_squares_recovers_a_linear_black_box(all_eight):
    samples, sample_weights = all_eight
    truth = np.arange(8) / 10
    predictions = 0.3 + samples @ truth
    fit = fit_surrogates(
        samples, predictions[:, None], sample_weights, LinearRegression()
    )
    np.testing.assert_allclose(fit.weights[0], truth, atol=1e-12)
    assert fit.intercepts[0] == pytest.approx(0.3, abs=1e-12)
    assert fit.local_predictions[0] == pytest.approx(3.1, abs=1e-12)
    assert fit.fidelity[0] == pytest.approx(1, abs=1e-12)


NON_LINEAR = [
    DecisionTreeRegressor(),
    DecisionTreeRegressor(max_depth=4),
    RandomForestRegressor(20),
    GradientBoostingRegressor(n_estimators=40),
    KNeighborsRegressor(3),
    SVR(),
    make_pipeline(PolynomialFeatures(2), Ridge(0.01)),
]


@pytest.mark.parametrize("surrogate", NON_LINEAR, ids=lambda model: str(model)[:30])
def test_any_regressor_finds_the_planted_segments(game, surrogate):
    samples, predictions, sample_weights = game
    fit = fit_surrogates(samples, predictions[:, None], sample_weights, surrogate)
    weights = fit.weights[0]
    assert weights.argmax() == 3
    assert weights.argmin() == 7
    assert 0.25 < weights[3] < 0.8  # planted: 0.6; neighbours and depth 4 smooth


def test_the_surrogate_is_cloned_and_each_label_has_its_own(game):
    """Traps L10 of lime, C9 of Captum: one object, refitted for every label."""
    samples, predictions, sample_weights = game
    mine = RandomForestRegressor(5)  # without a length until it is fitted
    both = np.c_[predictions, -predictions]
    fit = fit_surrogates(samples, both, sample_weights, mine)
    assert not hasattr(mine, "estimators_")
    assert mine.random_state is None
    assert fit.surrogates[0] is not fit.surrogates[1]
    assert fit.weights[0, 3] > 0.3
    assert fit.weights[1, 3] < -0.3


@pytest.mark.parametrize("constant", [0, 0.1, 1 / 3, 123.4, -1e-9])
@pytest.mark.parametrize(
    "surrogate",
    [Ridge(), DecisionTreeRegressor(), KNeighborsRegressor(), DummyRegressor()],
    ids=lambda model: type(model).__name__,
)
def test_a_constant_black_box_up_to_rounding(surrogate, constant):
    """Ridge had a fidelity of -11 and a tree .6 on nothing but rounding errors."""
    samples = BernoulliSampler().sample(20, 100, random_state=0)
    noise = 1 + 1e-15 * np.random.RandomState(0).uniform(-1, 1, size=(100, 1))
    weights = weigh_samples(samples)[1]
    fit = fit_surrogates(samples, constant * noise, weights, surrogate)
    assert not fit.weights.any()
    assert fit.fidelity[0] == 1
    assert fit.local_predictions[0] == pytest.approx(constant)
