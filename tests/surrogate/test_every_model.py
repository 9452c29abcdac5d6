"""Every regressor and classifier of scikit-learn is a surrogate, or there is a reason.

Twelve segments, of which one counts .6 and another -.1: each model has to find the
first. A classifier learns which of two outputs is the larger. What another model needs
to be made with stands in `OPTIONS` and `INNER`, what cannot serve in `REASONS`.
"""

import warnings

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils import all_estimators

from sklime.locality import weigh_samples
from sklime.sampling import BalancedSampler
from sklime.surrogate import check_target, fit_surrogates

PLANTED, AGAINST = 3, 7
WEAK = {"alpha": 1e-3}  # a penalty of 1 is more than the whole effect
OPTIONS = {
    "ElasticNet": WEAK,
    "GammaRegressor": {"alpha": 1e-3},
    "Lasso": WEAK,
    "LassoLars": WEAK,
    "MultiTaskElasticNet": WEAK,
    "MultiTaskLasso": WEAK,
    "PoissonRegressor": WEAK,
    "QuantileRegressor": {"alpha": 0},
    "TweedieRegressor": WEAK,
    # the planted column is the class itself, and has no variance within one
    "LinearDiscriminantAnalysis": {"solver": "lsqr", "shrinkage": 0.1},
    "QuadraticDiscriminantAnalysis": {"reg_param": 0.1},
    "OutputCodeClassifier": {"code_size": 10},  # else both classes may get one code
    "RadiusNeighborsClassifier": {"radius": 2},  # rows are 2.4 apart on average
    "RadiusNeighborsRegressor": {"radius": 2},
}
# What models of models are made of.
INNER = {
    **dict.fromkeys(["MultiOutputRegressor", "RegressorChain"], Ridge()),
    **dict.fromkeys(
        [
            *("ClassifierChain", "FixedThresholdClassifier", "MultiOutputClassifier"),
            *("OneVsOneClassifier", "OneVsRestClassifier", "OutputCodeClassifier"),
            *("SelfTrainingClassifier", "TunedThresholdClassifierCV"),
        ],
        LogisticRegression(),
    ),
    "StackingClassifier": [("tree", DecisionTreeClassifier())],
    "StackingRegressor": [("line", LinearRegression())],
    "VotingClassifier": [("tree", DecisionTreeClassifier())],
    "VotingRegressor": [("line", LinearRegression())],
}
# name: (reason, what is raised; None where it is fitted and finds nothing)
REASONS = {
    "CCA": ("components of several targets", "upper bound is 1"),
    "PLSCanonical": ("components of several targets", "upper bound is 1"),
    "IsotonicRegression": ("a single column", "2d array with 1 feature"),
    "ClassifierChain": ("targets of several columns", "learns several columns"),
    "MultiOutputClassifier": ("targets of several columns", "learns several columns"),
    "DummyClassifier": ("looks at no column", None),
    "DummyRegressor": ("looks at no column", None),
}
EVERY_MODEL = dict(all_estimators("regressor") + all_estimators("classifier"))


@pytest.fixture(scope="module")
def planted():
    """Samples, two outputs and weights; the first output is .2 to .9."""
    samples = BalancedSampler().sample(12, 256, random_state=0)
    z = samples.astype(float)
    output = 0.2 + 0.6 * z[:, PLANTED] - 0.1 * z[:, AGAINST] + 0.05 * z[:, 1] * z[:, 2]
    return samples, np.c_[output, 1 - output], weigh_samples(samples)[1]


def fit(planted, name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of deprecated models, and of convergence
        inner = [INNER[name]] if name in INNER else []
        surrogate = EVERY_MODEL[name](*inner, **OPTIONS.get(name, {}))
        check_target(surrogate, n_outputs=2)
        return fit_surrogates(*planted, surrogate, label_indices=[0])


@pytest.mark.parametrize("name", sorted(EVERY_MODEL.keys() - REASONS.keys()))
def test_every_model_finds_the_planted_segment(planted, name):
    """Traps L11 of lime, C11 of Captum: a surrogate without `coef_` raised."""
    found = fit(planted, name)
    weights = found.weights[0]
    assert np.abs(weights).argmax() == PLANTED
    assert weights[PLANTED] > 0.05
    assert found.local_predictions[0] > found.intercepts[0]


@pytest.mark.parametrize("name", REASONS)
def test_what_cannot_serve_cannot(planted, name):
    _, message = REASONS[name]
    if message is None:
        assert fit(planted, name).weights[0, PLANTED] < 0.05
        return
    with pytest.raises(ValueError, match=message):
        fit(planted, name)


def test_the_list_is_that_of_scikit_learn():
    """A reason for what does not exist, or options that nobody takes, are left over."""
    assert {*REASONS, *OPTIONS, *INNER} <= set(EVERY_MODEL)
    assert len(EVERY_MODEL) >= 95
    assert len(REASONS) <= 7
