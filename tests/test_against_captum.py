"""What Captum expects of its LIME and Kernel SHAP on small models, with its tolerance.

Inputs, expected attributions and the tolerance of 1 are those of Captum's own tests,
`tests/attr/test_lime.py` and `test_kernel_shap.py`. Its inputs of three numbers are
images of one row here; a "feature mask" is a label map; several input tensors are parts
of one row. Captum fits a lasso with the penalty 1 to weights of a kernel so wide that
they are all but equal.
"""

import numpy as np
import pytest
from sklearn.linear_model import Lasso, LinearRegression

from sklime import ImageLimeExplainer
from sklime.segmentation import GridSegmenter, PrecomputedSegmenter


def multi_layer(rows):
    """Two layers: rectified sums plus -10, 1, 1 and 1 are added up, less 1."""
    total = rows.sum(axis=1, keepdims=True)
    return np.maximum(total + [-10.0, 1.0, 1.0, 1.0], 0).sum(axis=1) - 1


def single_input(images):
    return multi_layer(images[:, 0])


def sum_of_both_outputs(images):
    """Captum's scalar outputs: the second one has 1 where the first has -1."""
    return 2 * single_input(images) + 2


def three_inputs(images):
    """Of three numbers each, which are added."""
    return multi_layer(images[:, 0].reshape(len(images), 3, 3).sum(axis=1))


SINGLE = [20.0, 50.0, 30.0]
NOUGHTS = [23.0, 0, 0, 20, 0, 50, 0, 100, 10]
MASKED = [20.0, 50, 30, 0, 100, 0, 2, 10, 3]
MASK = [0, 1, 0, 0, 1, 2, 0, 0, 0]
LAYERED = [23.0, 100, 0, 20, 50, 30, 0, 100, 10]
LAYERS = [1, 1, 1, 0, 1, 2, 0, 1, 2]
BASELINES = np.repeat([2.0, 3.0, 4.0], 3)


def explain(model, row, mask, baseline, **parameters):
    """Return the weight of each feature."""
    image = np.array([row])
    segmenter = GridSegmenter(1, len(row))
    if mask is not None:
        segmenter = PrecomputedSegmenter(np.array([mask]))
    explainer = ImageLimeExplainer(
        model,
        segmenter=segmenter,
        occluder=baseline if np.ndim(baseline) == 0 else np.array([baseline]),
        data_range=(0, 100),
        n_perturbations=2048,
        random_state=0,
        **parameters,
    )
    return explainer.fit_explain(image).weights[0]


LIME = [
    (single_input, SINGLE, None, 0, [73.3716, 193.3349, 113.3349]),
    (single_input, SINGLE, [0, 0, 1], 0, [271, 111]),
    (single_input, SINGLE, [0, 0, 1], 4, [244, 100]),
    (single_input, [10.0, 14, 4], None, 0, [32.11, 48, 11]),
    (sum_of_both_outputs, [2.0, 10, 3], [0, 0, 1], 0, [75, 17]),
    (three_inputs, NOUGHTS, None, 0, [87, 0, 0, 75, 0, 195, 0, 395, 35]),
    (three_inputs, MASKED, MASK, 0, [251, 591, 0]),
    (three_inputs, MASKED, MASK, BASELINES, [180, 576, -8]),
    (three_inputs, LAYERED, LAYERS, 0, [73.2166, 1086.2802, 152.6888]),
    (three_inputs, LAYERED, LAYERS, BASELINES, [48.2441, 1036.4233, 128.3161]),
]


@pytest.mark.parametrize(("model", "row", "mask", "baseline", "expected"), LIME)
def test_lime(model, row, mask, baseline, expected):
    """Trap C13: one row of weights for each label, as documented."""
    weights = explain(
        model, row, mask, baseline, kernel="uniform", surrogate=Lasso(alpha=1.0)
    )
    np.testing.assert_allclose(weights, expected, atol=1)


SHAP = [
    (single_input, SINGLE, None, [10.0, 20, 10], [40, 120, 80]),
    (single_input, SINGLE, None, 0, [76.66666, 196.66666, 116.66666]),
    (single_input, SINGLE, [0, 0, 1], 0, [275, 115]),
    (single_input, SINGLE, [0, 0, 1], 4, [248, 104]),
    (sum_of_both_outputs, [2.0, 10, 3], [0, 0, 1], 0, [79, 21]),
    (three_inputs, NOUGHTS, None, 0, [90, 0, 0, 78, 0, 198, 0, 398, 38]),
    (three_inputs, MASKED, MASK, 0, [255, 595, 0]),
    (three_inputs, MASKED, MASK, BASELINES, [184, 580, -12]),
]


@pytest.mark.parametrize(("model", "row", "mask", "baseline", "expected"), SHAP)
def test_kernel_shap(model, row, mask, baseline, expected):
    weights = explain(
        model, row, mask, baseline, sampler="shapley", surrogate=LinearRegression()
    )
    np.testing.assert_allclose(weights, expected, atol=1)
