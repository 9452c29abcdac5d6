"""The whole pipeline beside the lime package, 0.2.0.1, on the same real picture."""

import warnings

import numpy as np
import pytest
from skimage import segmentation
from sklearn.linear_model import Ridge

from sklime import ImageLimeExplainer
from sklime.segmentation import PrecomputedSegmenter

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # lime escapes strings in an old way
    lime_image = pytest.importorskip("lime.lime_image")

N_SAMPLES, SEED = 300, 5


class SamplesOfLime:
    """Draw what lime draws: integers from the global legacy generator's kind."""

    def sample(self, n_segments, n_perturbations, random_state):
        rng = np.random.RandomState(random_state)
        samples = rng.randint(0, 2, n_perturbations * n_segments)
        samples = samples.reshape(n_perturbations, n_segments).astype(bool)
        samples[0] = True
        return samples


def two_scores(images):
    """Return two smooth scores of an image that are anything but linear."""
    rough = images.std(axis=(1, 2))  # means do not change under a mean fill
    left = images[:, :, :32].std(axis=(1, 2, 3))
    warm = np.tanh(3 * (rough[:, 0] - rough[:, 2]))
    return np.stack([10 * left * rough[:, 1] + warm, np.exp(-4 * left) - warm], axis=1)


@pytest.fixture(scope="module")
def image(coffee):
    return coffee / 255  # lime truncates means on integers


@pytest.fixture(scope="module")
def segments(image):
    return segmentation.slic(image, n_segments=40, start_label=0)


@pytest.fixture(scope="module", params=[None, 0.0], ids=["mean", "black"])
def hide_color(request):
    return request.param


@pytest.fixture(scope="module", params=[0, 1])
def label(request):
    return request.param


@pytest.fixture(scope="module")
def theirs(image, segments, hide_color, label):
    explainer = lime_image.LimeImageExplainer(random_state=SEED)
    return explainer.explain_instance(
        image,
        two_scores,
        labels=(label,),  # this version keeps the score of the last one only
        top_labels=None,
        hide_color=hide_color,
        num_samples=N_SAMPLES,
        segmentation_fn=lambda _: segments,
        random_seed=0,
    )


@pytest.fixture(scope="module")
def ours(image, segments, hide_color):
    explainer = ImageLimeExplainer(
        two_scores,
        segmenter=PrecomputedSegmenter(segments),
        occluder="mean" if hide_color is None else hide_color,
        sampler=SamplesOfLime(),
        n_perturbations=N_SAMPLES,
        surrogate=Ridge(alpha=1.0),
        random_state=SEED,
    )
    return explainer.fit_explain(image, labels=[0, 1])


def test_ridge_weights_intercept_and_local_prediction(ours, theirs, label):
    weights = dict(theirs.local_exp[label])
    expected = [weights[segment] for segment in range(ours.n_segments)]
    assert np.abs(expected).max() > 1e-3  # there is something to compare
    np.testing.assert_allclose(ours.weights[label], expected, atol=1e-8)
    assert ours.intercepts[label] == pytest.approx(theirs.intercept[label], abs=1e-8)
    local = ours.local_predictions[label]
    assert local == pytest.approx(theirs.local_pred[0], abs=1e-8)


def test_in_sample_score_is_theirs_and_fidelity_below_it(ours, theirs, label):
    score = ours.surrogates[label].score(
        ours.samples.astype(float),
        ours.sample_predictions[:, label],
        ours.sample_weights,
    )
    assert score == pytest.approx(theirs.score, abs=1e-8)
    assert ours.fidelity[label] < theirs.score


@pytest.mark.parametrize(
    ("options", "sign"),
    [
        ({"positive_only": True}, "positive"),
        ({"positive_only": False, "negative_only": True}, "negative"),
    ],
)
def test_masks_are_theirs(ours, theirs, label, options, sign):
    _, mask = theirs.get_image_and_mask(label, num_features=5, **options)
    np.testing.assert_array_equal(ours.mask(sign, 5, label=label), mask != 0)
