"""The black box is held by reference; other parts have parameters to set."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression

from sklime import ImageLimeExplainer
from sklime.segmentation import GridSegmenter


def explainer_of(black_box, **options):
    """Return an explainer that is cheap to run."""
    defaults = {"segmenter": GridSegmenter(4, 4), "occluder": 0, "n_perturbations": 32}
    return ImageLimeExplainer(black_box, **defaults | options)


class Heavy(BaseEstimator):
    """A model that must not be copied."""

    def __init__(self, alpha=1):
        self.alpha = alpha

    def fit(self, X, y=None):
        raise AssertionError("the black box was fitted")

    def predict(self, images):
        return self.fitted_ + images.mean(axis=(1, 2, 3))

    def __deepcopy__(self, memo):
        raise AssertionError("the black box was copied")

    def __sklearn_clone__(self):
        raise AssertionError("the black box was cloned")


def test_clone_holds_the_same_black_box(coffee):
    model = Heavy()
    model.fitted_ = 1.0
    for black_box in (model, model.predict, lambda images: model.predict(images)):
        explainer = explainer_of(black_box).fit(coffee)
        copy = clone(explainer)
        assert copy.estimator is black_box
        assert not hasattr(copy, "segmenter_")
        assert copy.segmenter is not explainer.segmenter
        assert explainer.estimator is black_box
        assert explainer.segmenter_ is not None
        copy.fit_explain(coffee)


def test_clone_of_an_explainer_of_a_frozen_model(coffee):
    rng = np.random.RandomState(0)
    rows = rng.normal(size=(20, coffee.size))
    frozen = FrozenEstimator(LogisticRegression().fit(rows, np.arange(20) % 2))
    explainer = clone(explainer_of(frozen))
    assert explainer.estimator is frozen
    assert explainer.fit_explain(coffee).labels[0] in (0, 1)


def test_the_black_box_is_not_even_asked_for_its_parameters():
    class Shy:
        def predict(self, images):
            return images.mean(axis=(1, 2, 3))

        def get_params(self, deep=True):
            raise AssertionError("the black box was looked into")

    explainer = explainer_of(Shy())
    assert "estimator" in explainer.get_params()
    explainer.set_params(segmenter__n_rows=3)
    clone(explainer)


def test_parameters_of_the_black_box_are_neither_shown_nor_set():
    explainer = explainer_of(LogisticRegression(C=3))
    assert not [key for key in explainer.get_params() if "estimator__" in key]
    assert explainer.get_params()["segmenter__n_rows"] == 4
    with pytest.raises(ValueError, match="the black box is not tuned; tune it before"):
        explainer.set_params(estimator__C=1)
    assert explainer.estimator.C == 3


@pytest.mark.parametrize(
    ("options", "key", "example"),
    [
        ({"segmenter": None}, "segmenter__n_segments", r"SlicSegmenter\(\)"),
        ({"surrogate": None}, "surrogate__alpha", r"Ridge\(\)"),
        ({"sampler": "bernoulli"}, "sampler__p", r"BernoulliSampler\(\)"),
        ({"occluder": 0}, "occluder__colour", r"ColourOccluder\(\)"),
    ],
)
def test_nested_parameters_of_none_or_a_name(quarters, options, key, example):
    explainer = explainer_of(quarters, **options)
    with pytest.raises(ValueError, match=f"{key}.*Pass an object.*{example}"):
        explainer.set_params(**{key: 1})


def test_an_unknown_parameter_is_refused(quarters):
    with pytest.raises(ValueError, match="Invalid parameter 'n_samples'"):
        explainer_of(quarters).set_params(n_samples=3)
