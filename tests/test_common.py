"""scikit-learn's common checks, and the contract of every estimator.

The bare `check_estimator` runs a single check on an estimator of images and proves
nothing. The adapters here take rows of numbers for images of one row of pixels, so
that the whole suite runs.
"""

import inspect
import re

import numpy as np
import pytest
from numpydoc.docscrape import ClassDoc
from sklearn.utils import estimator_checks
from sklearn.utils.estimator_checks import (
    estimator_checks_generator,
    parametrize_with_checks,
)
from sklearn.utils.validation import validate_data

from sklime import ImageLimeExplainer
from sklime.locality import AreaDistance, ImageDistance
from sklime.occlusion import (
    BlurOccluder,
    ColourOccluder,
    FunctionOccluder,
    ImageOccluder,
    InpaintOccluder,
    MeanOccluder,
    NoiseOccluder,
    RandomColourOccluder,
    ReferenceOccluder,
)
from sklime.sampling import (
    BalancedSampler,
    BernoulliSampler,
    ExhaustiveSampler,
    FunctionSampler,
    LocalSampler,
    ShapleySampler,
    SubsetSampler,
)
from sklime.segmentation import (
    ClusterSegmenter,
    FelzenszwalbSegmenter,
    FunctionSegmenter,
    GridSegmenter,
    MergeSegments,
    PrecomputedSegmenter,
    QuickshiftSegmenter,
    SlicSegmenter,
    WatershedSegmenter,
)
from sklime.surrogate import KeepSegments, PriorBayesianRidge


def first_quarter(images):
    """Return the brightness of the left of each image, a black box."""
    return images[:, :, : (images.shape[2] + 3) // 4].mean(axis=(1, 2, 3))


class _RowsAsImages:
    """Hand rows on as images of shape (1, n_features, 1)."""

    def fit(self, X, y=None):
        X = validate_data(self, X, dtype="numeric")
        return super().fit(X[:, np.newaxis, :, np.newaxis], y)

    def transform(self, X):
        X = validate_data(self, X, dtype="numeric", reset=False)
        maps = super().transform(X[:, np.newaxis, :, np.newaxis])
        return maps.reshape(len(X), -1)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        tags.input_tags.three_d_array = False
        return tags


class ExplainerOfRows(_RowsAsImages, ImageLimeExplainer):
    def score(self, X, y=None):
        X = validate_data(self, X, dtype="numeric", reset=False)
        return super().score(X[:, np.newaxis, :, np.newaxis], y)


class GridOfRows(_RowsAsImages, GridSegmenter):
    pass


class SlicOfRows(_RowsAsImages, SlicSegmenter):
    pass


class QuickshiftOfRows(_RowsAsImages, QuickshiftSegmenter):
    pass


class FelzenszwalbOfRows(_RowsAsImages, FelzenszwalbSegmenter):
    pass


class WatershedOfRows(_RowsAsImages, WatershedSegmenter):
    pass


class ClusterOfRows(_RowsAsImages, ClusterSegmenter):
    pass


class PrecomputedOfRows(_RowsAsImages, PrecomputedSegmenter):
    """Its map takes the width of the rows, which the checks vary."""

    def _transform_one(self, image):
        self = PrecomputedSegmenter(np.arange(image.shape[1])[np.newaxis] // 2)
        return self._transform_one(image)


ADAPTERS = [
    ExplainerOfRows(
        first_quarter,
        segmenter=GridSegmenter(1, 4),
        occluder=0,
        n_perturbations=16,
        data_range=(-1e4, 1e4),
    ),
    GridOfRows(1, 4),
    SlicOfRows(4),
    QuickshiftOfRows(),
    FelzenszwalbOfRows(),
    WatershedOfRows(4),
    ClusterOfRows(spatial_weight=2.0),
    PrecomputedOfRows([[0]]),
]


# Checks feed numbers of any size and images without a difference.
@pytest.mark.filterwarnings("ignore:.*changes nothing visible:UserWarning")
@pytest.mark.filterwarnings("ignore:All weights of a label are zero:UserWarning")
@parametrize_with_checks(ADAPTERS)
def test_common_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize("estimator", ADAPTERS, ids=lambda e: type(e).__name__)
def test_the_common_checks_are_the_whole_suite(estimator):
    names = [check.func.__name__ for _, check in estimator_checks_generator(estimator)]
    assert len(names) > 40
    assert {"check_fit_idempotent", "check_estimators_pickle"} <= set(names)


DATA_FREE_CHECKS = [
    "check_estimator_cloneable",
    "check_estimator_tags_renamed",
    "check_valid_tag_types",
    "check_estimator_repr",
    "check_no_attributes_set_in_init",
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_mixin_order",
    "check_parameters_default_constructible",
    "check_get_params_invariance",
    "check_set_params",
    "check_param_validation",
]
UNTOUCHED = [
    ImageLimeExplainer(first_quarter),
    GridSegmenter(),
    SlicSegmenter(),
    QuickshiftSegmenter(),
    FelzenszwalbSegmenter(),
    WatershedSegmenter(),
    ClusterSegmenter(),
    MergeSegments(),
    PrecomputedSegmenter([[0]]),
    FunctionSegmenter(first_quarter),
]


@pytest.mark.parametrize("check", DATA_FREE_CHECKS)
@pytest.mark.parametrize("estimator", UNTOUCHED, ids=lambda e: type(e).__name__)
def test_data_free_checks(estimator, check):
    getattr(estimator_checks, check)(type(estimator).__name__, estimator)


DOCUMENTED = [
    *map(type, UNTOUCHED),
    *(MeanOccluder, ColourOccluder, ImageOccluder, BlurOccluder, InpaintOccluder),
    *(ReferenceOccluder, NoiseOccluder, RandomColourOccluder, FunctionOccluder),
    *(BernoulliSampler, BalancedSampler, ExhaustiveSampler, FunctionSampler),
    *(LocalSampler, ShapleySampler, SubsetSampler),
    *(AreaDistance, ImageDistance),
    *(PriorBayesianRidge, KeepSegments),
]


@pytest.mark.parametrize("cls", DOCUMENTED)
def test_documented_parameters_and_defaults_are_those_of_the_signature(cls):
    """Trap C5 of Captum: 50 samples in the documentation, 25 in the code."""
    parameters = inspect.signature(cls).parameters
    documented = ClassDoc(cls)["Parameters"]
    names = [name for entry in documented for name in entry.name.split(", ")]
    assert names == list(parameters)
    for entry in documented:
        for name in entry.name.split(", "):
            stated = re.search(r"default=(.*)$", entry.type)
            default = parameters[name].default
            if default is inspect.Parameter.empty:
                assert stated is None
            else:
                assert stated[1] == repr(default).replace("'", '"')


@pytest.mark.parametrize("cls", DOCUMENTED)
def test_every_parameter_has_a_constraint(cls):
    assert set(inspect.signature(cls).parameters) <= set(cls._parameter_constraints)
