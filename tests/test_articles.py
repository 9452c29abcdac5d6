"""The pipelines of published articles, rebuilt by hand from the public functions.

"How to build LIME yourself (bLIMEy): surrogate image explainers", FAT Forensics, and
"Introduction to VisuaLIME". Numbers are those that the articles print.
"""

import numpy as np
import pytest
from sklearn.linear_model import BayesianRidge, Ridge
from sklearn.tree import DecisionTreeClassifier

from sklime import ImageLimeExplainer
from sklime.locality import (
    ImageDistance,
    compute_distances,
    exponential_kernel,
    weigh_samples,
)
from sklime.occlusion import (
    ColourOccluder,
    RandomColourOccluder,
    check_occluder,
    create_background,
)
from sklime.perturbation import (
    Composer,
    RedrawingComposer,
    create_perturbations,
    query,
    query_samples,
)
from sklime.sampling import BernoulliSampler, draw_samples
from sklime.segmentation import (
    PrecomputedSegmenter,
    QuickshiftSegmenter,
    SlicSegmenter,
    create_segments,
)
from sklime.surrogate import compute_weights, fit_surrogate

# The article numbers its segments clockwise from the top left, and so does ours.
NAMES = ["top-left", "top-right", "bottom-right", "bottom-left"]
PRINTED = [0.62599, 0.04166, -0.32919, -0.01310]


def make_quarters(colours):
    """Return an image of 250x250 pixels with a colour in each quarter."""
    palette = {"r": (255, 0, 0), "g": (0, 255, 0), "b": (0, 0, 255), "k": (0, 0, 0)}
    small = np.array([palette[c] for c in colours], dtype=np.uint8).reshape(2, 2, 3)
    return small.repeat(125, axis=0).repeat(125, axis=1)


@pytest.fixture(scope="module")
def six_images():
    """Three with red at the top left, three with red at the bottom right."""
    return [make_quarters(c) for c in ("rgbk", "rbgk", "rkbg", "kgbr", "kbgr", "gkbr")]


@pytest.fixture(scope="module")
def nearest_red(six_images):
    """1-nearest-neighbour on red, in uint8 as the article: differences wrap."""
    reds = np.array([image[..., 0].ravel() for image in six_images])

    def answer(images):
        images = images[..., 0].reshape(len(images), -1)
        wrapped = [(images - red).astype(float) for red in reds]
        nearest = np.argmin([np.linalg.norm(w, axis=1) for w in wrapped], axis=0)
        return np.eye(2)[nearest // 3]

    return answer


@pytest.fixture(scope="module")
def four_segments(six_images):
    segmenter = QuickshiftSegmenter(
        ratio=0.05, kernel_size=20, max_dist=400, random_state=0
    )
    segments, segment_ids = create_segments(six_images[0], segmenter)
    assert len(segment_ids) == 4
    corners = segments[[0, 0, -1, -1], [0, -1, -1, 0]]
    assert corners.tolist() == [0, 1, 2, 3]
    return segments


def test_with_true_distances_there_is_nothing_to_explain(six_images, four_segments):
    """Why the article's numbers need differences that wrap."""
    reds = np.array([image[..., 0].ravel() for image in six_images], dtype=float)

    def answer(images):
        images = images[..., 0].reshape(len(images), -1).astype(float)
        distances = [np.linalg.norm(images - red, axis=1) for red in reds]
        return np.eye(2)[np.argmin(distances, axis=0) // 3]

    explainer = ImageLimeExplainer(
        answer,
        segmenter=PrecomputedSegmenter(four_segments),
        occluder="randomise",
        sampler="bernoulli",
        n_perturbations=300,
        random_state=0,
    )
    with pytest.warns(UserWarning, match="All weights of a label are zero"):
        explanation = explainer.fit_explain(six_images[0])
    assert (explanation.sample_predictions[:, 0] == 1).all()


def explain_by_hand(image, segments, black_box, seed):
    """Return samples, answers and ridge weights, stage by stage."""
    samples = draw_samples(BernoulliSampler(), 4, 300, seed, repeat=True)
    occluder = RandomColourOccluder(redraw=True, random_state=seed).fit([image])

    def draw_background(number):
        return create_background(image, segments, occluder, draw=number)

    compose = RedrawingComposer(image, draw_background, segments)
    answers = query_samples(samples, compose, black_box, batch_size=50)
    _, sample_weights = weigh_samples(samples)
    ridge = fit_surrogate(samples, answers[:, 0], sample_weights, Ridge())
    return samples, answers, ridge.coef_


@pytest.mark.parametrize("seed", range(4))
def test_fat_forensics(six_images, four_segments, nearest_red, seed):
    """Two quarters matter; what the article prints for the others is chance."""
    _, answers, weights = explain_by_hand(
        six_images[0], four_segments, nearest_red, seed
    )
    assert answers[0].tolist() == [1, 0]
    np.testing.assert_allclose(weights, PRINTED, atol=0.11)
    assert weights.argmax() == 0
    assert weights.argmin() == 2
    assert np.sign(weights[[0, 2]]).tolist() == [1, -1]


def test_fat_forensics_as_printed(six_images, four_segments, nearest_red):
    """The signs of the other two are chance too: this draw has the article's."""
    weights = explain_by_hand(six_images[0], four_segments, nearest_red, 10)[2]
    np.testing.assert_array_equal(np.sign(weights), np.sign(PRINTED))
    np.testing.assert_array_equal(np.argsort(weights), np.argsort(PRINTED))


RULES = """\
|--- top-left <= 0.50
|   |--- bottom-right <= 0.50
|   |   |--- class: 0
|   |--- bottom-right >  0.50
|   |   |--- class: 1
|--- top-left >  0.50
|   |--- class: 0
"""


@pytest.mark.parametrize("seed", range(4))
def test_fat_forensics_tree(six_images, four_segments, nearest_red, seed):
    """Rules word for word; the article draws importances of .566 and .434."""
    explainer = ImageLimeExplainer(
        nearest_red,
        segmenter=PrecomputedSegmenter(four_segments),
        occluder="randomise",
        sampler="bernoulli",
        n_perturbations=300,
        surrogate=DecisionTreeClassifier(max_depth=2),
        importance_getter="feature_importances_",
        random_state=seed,
    )
    explanation = explainer.fit_explain(six_images[0]).name_segments(NAMES)
    assert explanation.export_text() == RULES
    first, second, third, fourth = explanation.weights[0]
    assert second == fourth == 0
    assert first + third == pytest.approx(1)
    assert first == pytest.approx(0.58, abs=0.04)
    # the same tree on the scale of probabilities: for the class, and against it
    effects = explanation.refit(importance_getter="auto").weights[0]
    assert np.sign(effects).tolist() == [1, 0, -1, 0]


def test_fat_forensics_with_the_explainer(six_images, four_segments, nearest_red):
    explainer = ImageLimeExplainer(
        nearest_red,
        segmenter=PrecomputedSegmenter(four_segments),
        occluder="randomise",
        sampler="bernoulli",
        n_perturbations=300,
        class_names=["top-left-red", "bottom-right-red"],
        random_state=1,
    )
    explanation = explainer.fit_explain(six_images[0]).name_segments(NAMES)
    assert explanation.labels == ["top-left-red"]
    assert explanation.samples.shape == (300, 4)
    top = [explanation.segment_names[i] for i in explanation.top_segments(2)]
    assert top == ["top-left", "bottom-right"]
    np.testing.assert_allclose(explanation.weights[0], PRINTED, atol=0.11)
    # "As an example, we can occlude segments 2 and 4."
    occluded = explanation.perturbed(hidden=["top-right", "bottom-left"])
    assert (occluded[:120, :120] == (255, 0, 0)).all()
    assert (occluded[130:, 130:] == (0, 0, 0)).all()
    assert len(np.unique(occluded[:120, 130:].reshape(-1, 3), axis=0)) == 1


def test_visualime(coffee, quarters):
    """Segments, samples, images, answers, image distances, Bayesian ridge."""
    segments, segment_ids = create_segments(coffee, SlicSegmenter(20, 2, sigma=1))
    samples = BernoulliSampler(p=0.33).sample(len(segment_ids), 64, random_state=0)
    background = create_background(coffee, segments, check_occluder(0))
    images = create_perturbations(coffee, background, segments, samples)
    answers = query(images, quarters)
    distances = compute_distances(
        samples,
        ImageDistance(),
        image=coffee,
        background=background,
        segments=segments,
    )
    sample_weights = exponential_kernel(distances)
    model = fit_surrogate(samples, answers[:, 2], sample_weights, BayesianRidge())
    weights, _ = compute_weights(model, samples, sample_weights)

    # Once more, without any of it.
    change = images.astype(float) - coffee
    norms = np.sqrt((change**2).sum(axis=(1, 2))).sum(axis=1)
    by_hand = np.sqrt(np.exp(-((norms / (255 * 3 * 64)) ** 2) / 0.25**2))
    reference = BayesianRidge().fit(samples, answers[:, 2], sample_weight=by_hand)
    np.testing.assert_allclose(weights, reference.coef_, atol=1e-10)
    rows, columns = np.nonzero(segments == weights.argmax())
    assert rows.mean() > 32 > columns.mean()

    # And by the explainer.
    explainer = ImageLimeExplainer(
        quarters,
        segmenter=SlicSegmenter(20, 2, sigma=1),
        occluder=ColourOccluder(0),
        sampler=lambda *_: samples,
        distance="image",
        surrogate=BayesianRidge(),
    )
    explanation = explainer.fit_explain(coffee, labels=2)
    np.testing.assert_allclose(explanation.weights[0], weights, atol=1e-12)
    np.testing.assert_allclose(explanation.distances, distances, atol=1e-12)


def test_images_of_all_perturbations_are_never_held(coffee, recorder):
    """Trap V8 of VisuaLIME: every image was built before the first was asked about."""
    box = recorder()
    segments, _ = create_segments(coffee, SlicSegmenter(20))
    samples = BernoulliSampler().sample(segments.max() + 1, 100, random_state=0)
    for compose in (
        Composer(coffee, np.zeros_like(coffee), segments),
        RedrawingComposer(coffee, lambda number: np.zeros_like(coffee), segments),
    ):
        query_samples(samples, compose, box, batch_size=32)
        assert max(map(len, box.batches)) == 32
