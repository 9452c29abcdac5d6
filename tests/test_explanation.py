"""An explanation holds everything, and answers without the black box."""

import pickle

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.tree import DecisionTreeRegressor

from sklime import ImageLimeExplainer
from sklime.locality import ImageDistance
from sklime.segmentation import GridSegmenter, PrecomputedSegmenter

NAMES = ["top left", "top right", "bottom left", "bottom right"]


@pytest.fixture(scope="module")
def explanation(coffee, quarters):
    """A 4x4 grid on coffee: each label depends on its own quarter alone."""
    explainer = ImageLimeExplainer(
        quarters,
        segmenter=GridSegmenter(4, 4),
        occluder=128,
        n_perturbations=256,
        class_names=NAMES,
        random_state=0,
    )
    return explainer.fit_explain(coffee, labels=["bottom left", 0])


def test_attributes(explanation, coffee, quarters):
    assert explanation.labels == ["bottom left", "top left"]
    assert explanation.label_indices == [2, 0]
    assert explanation.n_segments == 16
    assert explanation.segment_names[3] == "segment 3"
    np.testing.assert_array_equal(explanation.image, coffee)
    np.testing.assert_array_equal(
        explanation.predictions, quarters(coffee[None])[0, [2, 0]]
    )
    assert explanation.samples.shape == (256, 16)
    assert explanation.sample_predictions.shape == (256, 4)
    assert explanation.weights.shape == (2, 16)
    for name in ("intercepts", "local_predictions", "fidelity", "surrogates"):
        assert len(getattr(explanation, name)) == 2
    for name in ("distances", "sample_weights"):
        assert getattr(explanation, name).shape == (256,)
    assert (explanation.background == 128).all()


def test_weights_are_what_each_cell_adds_to_its_quarter(explanation, coffee):
    """The black box is linear in the cells: their weights are known."""
    exact = explanation.refit(surrogate=LinearRegression())
    cells = coffee.astype(float).mean(axis=-1).reshape(4, 16, 4, 16).mean(axis=(1, 3))
    expected = np.zeros((4, 4))
    expected[2:, :2] = (cells[2:, :2] - 128) / 4
    np.testing.assert_allclose(exact.weights[0].reshape(4, 4), expected, atol=1e-10)
    assert exact.fidelity == pytest.approx([1, 1])


def test_repr_says_what_it_is(explanation):
    text = repr(explanation)
    assert text.startswith("ImageExplanation(64x64x3 uint8, 16 segments, label bottom")
    assert text.endswith(f"fidelity {explanation.fidelity[0]:.2f})")


def test_heatmap_paints_each_segment_with_its_weight(explanation):
    for label, row in ((None, 0), ("bottom left", 0), (2, 0), ("top left", 1), (0, 1)):
        expected = explanation.weights[row].reshape(4, 4).repeat(16, 0).repeat(16, 1)
        np.testing.assert_array_equal(explanation.heatmap(label), expected)


def test_top_segments_by_size_and_sign(explanation):
    weights = explanation.weights[0]
    assert (weights > 0).any()
    assert (weights < 0).any()
    both = explanation.top_segments()
    assert (np.diff(np.abs(weights[both])) <= 0).all()
    positive = explanation.top_segments(sign="positive")
    negative = explanation.top_segments(sign="negative")
    assert (weights[positive] > 0).all()
    assert (weights[negative] < 0).all()
    assert set(both) == {*positive, *negative}
    np.testing.assert_array_equal(explanation.top_segments(2), both[:2])
    assert len(explanation.top_segments(0)) == 0
    assert explanation.top_segments(3, label=0).tolist() != both[:3].tolist()


@pytest.mark.parametrize("sign", ["positive", "negative", "both"])
def test_min_weight_is_inclusive_for_every_sign(explanation, sign):
    """Trap L16 of lime: strict for one sign, inclusive for both."""
    strongest = explanation.top_segments(1, sign)
    limit = abs(explanation.weights[0, strongest[0]])
    kept = explanation.top_segments(sign=sign, min_weight=limit)
    np.testing.assert_array_equal(kept, strongest)
    assert len(explanation.top_segments(sign=sign, min_weight=limit * 1.001)) == 0


def test_mask_never_shows_a_segment_against_its_sign(explanation):
    """Trap V12 of VisuaLIME: filled up with segments of the other sign."""
    assert explanation.mask().dtype == bool
    for sign, wrong in (("positive", -1), ("negative", 1)):
        shown = explanation.heatmap()[explanation.mask(sign, None)]
        assert not (np.sign(shown) == wrong).any()
    assert explanation.mask(n_segments=1).sum() == 16 * 16


def test_cutout_keeps_type_and_hides_the_rest(explanation, coffee):
    """Trap L13 of lime: `hide_rest` returned black float64."""
    cutout, mask = explanation.cutout(n_segments=3), explanation.mask(n_segments=3)
    assert cutout.dtype == np.uint8
    np.testing.assert_array_equal(cutout[mask], coffee[mask])
    assert (cutout[~mask] == 128).all()


def test_cutout_is_of_the_mask_with_the_same_options(explanation, coffee):
    third = abs(explanation.weights[0, explanation.top_segments(3, "positive")[-1]])
    for options in ({"sign": "negative"}, {"label": 0}, {"min_weight": third}):
        shown = (explanation.cutout(**options) != 128).any(axis=-1)
        assert not (shown & ~explanation.mask(**options)).any()
        assert shown.any()
        assert (explanation.mask(**options) != explanation.mask()).any()


def test_a_label_that_stands_twice_can_be_read_where_it_was_explained(coffee, quarters):
    explainer = ImageLimeExplainer(
        quarters, n_perturbations=128, class_names=["a", "b", "a", "c"], random_state=0
    )
    explanation = explainer.fit_explain(coffee, labels=[2, "c"])
    assert explanation.labels == ["a", "c"]
    np.testing.assert_array_equal(explanation.heatmap("a"), explanation.heatmap())


def test_segments_without_weight_and_equal_ones(coffee):
    """Ties come in the order of the segments."""
    explainer = ImageLimeExplainer(
        lambda images: images[:, :32].mean(axis=(1, 2, 3)),
        segmenter=GridSegmenter(4, 1),
        occluder=0,
        surrogate=LinearRegression(),
        random_state=0,
    )
    explanation = explainer.fit_explain(np.full_like(coffee, 80))
    explanation.weights = np.array([[2.0, 2.0, 0.0, 0.0]])
    assert explanation.top_segments().tolist() == [0, 1]
    explanation.weights = np.array([[0.0, -3.0, 3.0, 3.0]])
    assert explanation.top_segments().tolist() == [1, 2, 3]


def test_cutout_of_a_grey_image(photographs):
    explainer = ImageLimeExplainer(
        lambda images: images.mean(axis=(1, 2)), n_perturbations=128, random_state=0
    )
    explanation = explainer.fit_explain(photographs["camera"])
    assert explanation.cutout().shape == (64, 64)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda e: e.heatmap("top right"),
            r"top left\. Got 'top right'; refit\(labels",
        ),
        (lambda e: e.heatmap("middle"), "must be one of 'top left'"),
        (
            lambda e: e.mask(sign="green"),
            r"\('positive', 'negative', 'both'\). Got 'gr",
        ),
        (lambda e: e.top_segments(-1), "n must be an integer of at least 0"),
        (lambda e: e.top_segments(2.5), "n must be an integer of at least 0"),
        (lambda e: e.refit("middle"), "must be one of"),
        (
            lambda e: e.refit(kernel_width=0),
            "kernel_width must be a number greater than 0",
        ),
        (lambda e: e.refit(distance="far"), "distance must be .*a metric"),
    ],
)
def test_bad_requests(explanation, call, message):
    with pytest.raises(ValueError, match=message):
        call(explanation)


def test_refit_of_another_label_equals_explaining_it(explanation, coffee, quarters):
    explainer = ImageLimeExplainer(
        quarters,
        segmenter=GridSegmenter(4, 4),
        occluder=128,
        n_perturbations=256,
        class_names=NAMES,
        random_state=0,
    )
    expected = explainer.fit_explain(coffee, labels="top right")
    found = explanation.refit("top right")
    np.testing.assert_array_equal(found.weights, expected.weights)
    np.testing.assert_array_equal(found.fidelity, expected.fidelity)
    assert found.labels == ["top right"]


def test_refit_keeps_what_is_not_named_and_leaves_the_first_alone(explanation):
    weights = explanation.weights.copy()
    narrow = explanation.refit(kernel_width=0.1)
    assert narrow.settings.kernel_width == 0.1
    np.testing.assert_array_equal(
        narrow.sample_weights, np.exp(-((narrow.distances / 0.1) ** 2) / 2)
    )
    tree = narrow.refit(surrogate=DecisionTreeRegressor(max_depth=3))
    assert tree.settings.kernel_width == 0.1
    np.testing.assert_array_equal(tree.sample_weights, narrow.sample_weights)
    assert tree.surrogates[0].get_depth() == 3
    ranked = tree.refit(importance_getter="feature_importances_")
    assert ranked.weights[0].sum() == pytest.approx(1)
    hamming = explanation.refit(distance="hamming", kernel=lambda d: 1 - d)
    np.testing.assert_allclose(hamming.sample_weights, hamming.samples.mean(axis=1))
    np.testing.assert_array_equal(explanation.weights, weights)
    assert isinstance(explanation.surrogates[0], Ridge)


def test_refit_repeats_itself(explanation):
    forest = DecisionTreeRegressor(max_features=3)
    first, second = (
        explanation.refit(surrogate=forest),
        explanation.refit(surrogate=forest),
    )
    np.testing.assert_array_equal(first.weights, second.weights)


def test_pickle(explanation):
    copy = pickle.loads(pickle.dumps(explanation))
    np.testing.assert_array_equal(copy.weights, explanation.weights)
    np.testing.assert_array_equal(copy.refit(3).weights, explanation.refit(3).weights)


def test_the_image_is_a_copy(coffee, quarters):
    """A loader may reuse its buffer for the next image."""
    buffer = coffee.copy()
    explainer = ImageLimeExplainer(quarters, n_perturbations=128, random_state=0)
    explanation = explainer.fit_explain(buffer)
    buffer[:] = 0
    np.testing.assert_array_equal(explanation.image, coffee)


# Segments by index or name


def test_perturbed_shows_or_hides_what_is_named(explanation, coffee):
    for chosen in (
        [0, 5],
        np.array([0, 5]),
        ["segment 0", "segment 5"],
        [0, "segment 5"],
    ):
        hidden = explanation.perturbed(hidden=chosen)
        inside = np.isin(explanation.segments, [0, 5])
        np.testing.assert_array_equal(hidden[~inside], coffee[~inside])
        np.testing.assert_array_equal(hidden[inside], explanation.background[inside])
        shown = explanation.perturbed(shown=chosen)
        np.testing.assert_array_equal(shown[inside], coffee[inside])
        np.testing.assert_array_equal(shown[~inside], explanation.background[~inside])
        assert hidden.dtype == coffee.dtype
    np.testing.assert_array_equal(explanation.perturbed(hidden=[]), coffee)
    np.testing.assert_array_equal(
        explanation.perturbed(shown=[]), explanation.background
    )
    one = explanation.perturbed(hidden="segment 3")
    np.testing.assert_array_equal(one, explanation.perturbed(hidden=np.int64(3)))


def test_perturbed_keeps_the_byte_order(photographs):
    image = photographs["camera"].astype(">u2") * 257
    explanation = ImageLimeExplainer(
        lambda images: images.mean(axis=(1, 2)),
        segmenter=GridSegmenter(2, 2),
        occluder=0,
    ).fit_explain(image)
    assert explanation.perturbed(hidden=[1]).dtype == image.dtype
    assert explanation.cutout().dtype == image.dtype


def test_perturbed_is_what_the_black_box_was_asked_about(explanation, quarters):
    for row in (1, 7, 50):
        image = explanation.perturbed(shown=np.flatnonzero(explanation.samples[row]))
        np.testing.assert_allclose(
            quarters(image[np.newaxis])[0], explanation.sample_predictions[row]
        )


@pytest.mark.parametrize("options", [{}, {"shown": [1], "hidden": [2]}])
def test_either_shown_or_hidden(explanation, options):
    with pytest.raises(ValueError, match="Pass either shown or hidden"):
        explanation.perturbed(**options)


@pytest.mark.parametrize("bad", [[-1], [16], ["cup"], [1.0], True, None, [[1]]])
def test_unknown_segments(explanation, bad):
    if bad is None:
        bad = [None]
    with pytest.raises(ValueError, match="indices from 0 to 15 or names such as 'segm"):
        explanation.perturbed(hidden=bad)


def test_names_are_those_of_the_segmenter(coffee, quarters):
    """Trap F19 of FAT Forensics: labels from 1 here and from 0 there."""
    segments = np.array([[7, 9], [100, 9]]).repeat(32, axis=0).repeat(32, axis=1)
    explanation = ImageLimeExplainer(
        quarters, segmenter=PrecomputedSegmenter(segments), occluder=0
    ).fit_explain(coffee)
    assert explanation.segment_ids.tolist() == [7, 9, 100]
    assert explanation.segment_names == ["segment 7", "segment 9", "segment 100"]
    hidden = explanation.perturbed(hidden=["segment 100"])
    np.testing.assert_array_equal(
        hidden == 0, (segments == 100)[..., None] | (coffee == 0)
    )


def test_names_of_ones_own(explanation):
    names = [f"cell {row}{column}" for row in "abcd" for column in "1234"]
    named = explanation.name_segments(names)
    assert named.segment_names == names
    assert explanation.segment_names[0] == "segment 0"
    assert named.find_segments(["cell b2", 0]).tolist() == [5, 0]
    again = named.name_segments({"cell a1": "sky", 15: "ground"})
    assert (again.segment_names[0], again.segment_names[15]) == ("sky", "ground")
    assert again.segment_names[1:15] == names[1:15]
    refitted = again.refit(surrogate=DecisionTreeRegressor())
    assert refitted.segment_names[0] == "sky"
    refitted.segment_names[0] = "sea"  # a list of its own
    assert again.segment_names[0] == "sky"


@pytest.mark.parametrize(
    "names", [["a"], "a", ["a"] * 16, list(range(16)), {0: "segment 1"}, {"sky": "a"}]
)
def test_no_names(explanation, names):
    with pytest.raises(
        ValueError, match=r"names must be 16 different|segments must be"
    ):
        explanation.name_segments(names)


def test_refit_with_a_distance_that_looks_at_the_picture(coffee, quarters):
    explainer = ImageLimeExplainer(quarters, random_state=0, occluder=0).fit(coffee)
    explanation = explainer.explain(coffee)
    for distance in ("area", "image", ImageDistance(np.inf, "max")):
        direct = explainer.set_params(distance=distance).explain(coffee)
        refitted = explanation.refit(distance=distance)
        np.testing.assert_array_equal(refitted.distances, direct.distances)
        np.testing.assert_array_equal(refitted.weights, direct.weights)
        assert (refitted.weights != explanation.weights).any()
