"""An explanation holds everything, and answers without the black box."""

import pickle
import re
import sys
from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.feature_selection import SelectFromModel
from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from sklime import ImageLimeExplainer
from sklime.locality import ImageDistance
from sklime.segmentation import GridSegmenter, PrecomputedSegmenter


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


def test_a_label_that_stands_twice_can_be_read_where_it_was_explained(coffee, quarters):
    explainer = ImageLimeExplainer(
        quarters, n_perturbations=128, class_names=["a", "b", "a", "c"], random_state=0
    )
    explanation = explainer.fit_explain(coffee, labels=[2, "c"])
    assert explanation.labels == ["a", "c"]
    np.testing.assert_array_equal(explanation.heatmap("a"), explanation.heatmap())


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


def test_refit_of_another_label_equals_explaining_it(explanation, explainer, coffee):
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
        ValueError, match=r"names must be 16 different|names must be indices"
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


# Other surrogates, from the same answers


def test_refit_takes_all_that_the_explainer_takes(explanation, explainer, coffee):
    for options in (
        {"surrogate": DecisionTreeClassifier(max_depth=3)},
        {"surrogate": LogisticRegression(), "target": "one-vs-rest"},
        {"target": "one-vs-rest"},
        {"surrogate": DecisionTreeRegressor(max_depth=4), "multi_output": True},
        {"max_segments": 3},
        {"max_segments": 0.5, "feature_selector": "lasso_path"},
        {"feature_selector": SelectFromModel(Lasso(1))},
    ):
        direct = clone(explainer).set_params(**options).fit(coffee)
        expected = direct.explain(coffee, labels=["bottom left", 0])
        found = explanation.refit(**options)
        np.testing.assert_array_equal(found.weights, expected.weights)
        np.testing.assert_array_equal(found.fidelity, expected.fidelity)
        assert not (found.weights == explanation.weights).all()


def test_a_limit_on_segments_can_be_lifted(explanation):
    few = explanation.refit(max_segments=2)
    assert (np.count_nonzero(few.weights, axis=1) == 2).all()
    named = few.refit(feature_selector="highest_weights")
    assert (np.count_nonzero(named.weights, axis=1) == 2).all()
    np.testing.assert_allclose(
        few.refit(max_segments=1.0).weights, explanation.weights, atol=1e-12
    )


def test_a_selector_and_a_number_take_turns(explanation):
    """A selector decides how many: the number that was given before is dropped."""
    selector = SelectFromModel(Ridge(), max_features=3, threshold=-np.inf)
    chosen = explanation.refit(max_segments=2).refit(feature_selector=selector)
    assert (np.count_nonzero(chosen.weights, axis=1) == 3).all()
    assert chosen.settings.max_segments is None
    again = chosen.refit(max_segments=2)
    assert (np.count_nonzero(again.weights, axis=1) == 2).all()
    assert again.settings.feature_selector is None
    whole = chosen.refit(max_segments=1.0)
    np.testing.assert_allclose(whole.weights, explanation.weights, atol=1e-12)
    both = explanation.refit(multi_output=True)
    with pytest.raises(ValueError, match="pass multi_output=False"):
        both.refit(surrogate=SVR())
    assert len(both.refit(surrogate=SVR(), multi_output=False).surrogates) == 2


def test_a_subset_by_index_or_name(explanation):
    for chosen in ([8, 9], ["segment 8", 9], np.array([9, 8])):
        subset = explanation.refit(segment_subset=chosen)
        assert np.flatnonzero(subset.weights.any(axis=0)).tolist() == [8, 9]
    one = explanation.refit(segment_subset="segment 8")
    assert np.flatnonzero(one.weights[0]).tolist() == [8]
    again = subset.refit(surrogate=LinearRegression())  # keeps it
    assert np.flatnonzero(again.weights[0]).tolist() == [8, 9]
    whole = again.refit(segment_subset=range(16), surrogate=Ridge())
    np.testing.assert_array_equal(whole.weights, explanation.weights)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"segment_subset": []}, "at least one segment. Got none"),
        ({"segment_subset": [16]}, "segment_subset must be indices from 0 to 15"),
        ({"max_segments": 0}, "max_segments must be an integer of at least 1"),
        ({"feature_selector": "best"}, "feature_selector must be one of"),
        ({"target": "rest"}, "target must be one of"),
        ({"multi_output": "yes"}, "multi_output must be True or False"),
        ({"surrogate": Ridge(alpha=-1)}, "'alpha' parameter of Ridge"),
        (
            {"surrogate": make_pipeline(Ridge(alpha=-1))},
            "'alpha' parameter of Ridge",
        ),
        ({"surrogate": SVR(), "multi_output": True}, "predict several outputs"),
    ],
)
def test_what_cannot_be_fitted_again(explanation, options, message):
    with pytest.raises(ValueError, match=message):
        explanation.refit(**options)


# Weights in other forms


def test_pairs_of_names_and_weights(explanation):
    """Trap L23 of lime: image explanations lacked what its submodular pick reads."""
    named = explanation.name_segments({5: "cup"})
    for row, label in enumerate(named.labels):
        pairs = named.as_list(label)
        assert len(pairs) == 16
        sizes = [abs(weight) for _, weight in pairs]
        assert sizes == sorted(sizes, reverse=True)
        weights = dict(pairs)
        assert weights["cup"] == named.weights[row, 5]
        assert weights["segment 15"] == named.weights[row, 15]
        assert all(type(weight) is float for weight in weights.values())
    assert named.as_list() == named.as_list(named.labels[0])


def test_a_frame_has_a_row_for_each_label_and_segment(coffee, quarters):
    segments = np.full((64, 64), 30)
    segments[:16], segments[:, 60:] = 7, -1
    explanation = ImageLimeExplainer(
        quarters, segmenter=PrecomputedSegmenter(segments), occluder=0
    ).fit_explain(coffee, labels=[0, 3])
    frame = explanation.name_segments({1: "table"}).to_frame()
    order = ["label", "label_index", "segment", "segment_id", "name", "area", "weight"]
    assert frame.columns.tolist() == order
    assert frame["label_index"].tolist() == [0, 0, 3, 3]
    assert frame["label"].tolist() == [0, 0, 3, 3]
    assert frame["segment_id"].tolist() == [7, 30, 7, 30]
    assert frame["name"].tolist() == ["segment 7", "table"] * 2
    np.testing.assert_array_equal(frame["weight"], explanation.weights.ravel())
    areas = [16 * 60 / 4096, 48 * 60 / 4096]
    np.testing.assert_allclose(frame["area"], areas * 2)
    strongest = frame[frame["label"] == 3].sort_values("weight").iloc[-1]
    assert strongest["segment"] == explanation.top_segments(1, label=3)[0]


def test_without_pandas(explanation, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"pip install sklime\[pandas\]"):
        explanation.to_frame()


def test_rules_name_segments_and_classes(explanation):
    tree = explanation.name_segments({13: "cup"}).refit(
        surrogate=DecisionTreeRegressor(max_depth=2)
    )
    text = tree.export_text(decimals=1)
    assert text.startswith("|--- cup <= 0.5\n")
    assert "value: [" in text
    assert tree.export_text("top left") != tree.export_text()
    classifier = explanation.refit(surrogate=DecisionTreeClassifier(max_depth=2))
    assert "class: top right" in classifier.export_text()
    rest = explanation.refit(
        surrogate=DecisionTreeClassifier(max_depth=2), target="one-vs-rest"
    )
    assert "class: not bottom left" in rest.export_text()
    assert "class: not top left" in rest.export_text("top left")
    few = explanation.refit(
        surrogate=DecisionTreeRegressor(max_depth=3), segment_subset=[8, 13]
    )
    assert {"8", "13"} == set(re.findall(r"segment (\d+) ", few.export_text()))
    together = explanation.refit(
        surrogate=DecisionTreeRegressor(max_depth=2), multi_output=True
    )
    assert together.export_text() == together.export_text("top left")
    assert re.search(r"value: \[[\d.]+, [\d.]+\]", together.export_text())


def test_rules_of_what_has_none(explanation):
    with pytest.raises(TypeError, match=r"must be a decision tree.*Got Ridge; .*refit"):
        explanation.export_text()
    with pytest.raises(ValueError, match="label must be one of"):
        explanation.export_text("middle")


def test_the_label_that_is_never_predicted_has_one_rule(coffee, quarters):
    """Its surrogate is a constant, which is no tree."""
    explanation = ImageLimeExplainer(
        lambda images: np.c_[quarters(images), np.full(len(images), -1.0)],
        segmenter=GridSegmenter(4, 4),
        occluder=0,
        n_perturbations=128,
        surrogate=DecisionTreeClassifier(max_depth=2),
        target="one-vs-rest",
        class_names=["a", "b", "c", "d", "never"],
        random_state=0,
    ).fit(coffee)
    with pytest.warns(UserWarning, match="never predicts the label"):
        explained = explanation.explain(coffee, labels=["never", "a"])
    assert explained.export_text() == "|--- class: not never\n"


def test_a_list_is_no_label(explanation):
    for bad in ([0, 1], np.array([0, 2]), [[0, 1]]):
        with pytest.raises(ValueError, match="label must be a single label here"):
            explanation.heatmap(bad)
    with pytest.raises(ValueError, match="label must be a single label here"):
        explanation.refit(labels=[[0, 1]])


def test_equal_pairs_come_in_order_however_many(explanation):
    weights = np.tile([0.1, -0.3, 0.2, 0.3], 50)
    many = replace(
        explanation,
        weights=weights[np.newaxis],
        label_indices=[0],
        segment_ids=np.arange(200),
        segment_names=None,
    )
    order = sorted(range(200), key=lambda i: -abs(weights[i]))
    assert [name for name, _ in many.as_list()] == [f"segment {i}" for i in order]


def test_repr_tells_the_black_box_s_answer(explanation):
    assert f", label bottom left: {explanation.predictions[0]:.3g}, f" in repr(
        explanation
    )


def test_a_name_of_two_explained_labels_is_ambiguous(coffee, quarters):
    explanation = ImageLimeExplainer(
        quarters,
        segmenter=GridSegmenter(2, 2),
        occluder=0,
        class_names=["a", "b", "a", "c"],
    ).fit_explain(coffee, labels=[2, 0])
    assert explanation.labels == ["a", "a"]
    with pytest.raises(ValueError, match=r"'a' stands for the columns \[0, 2\]"):
        explanation.heatmap("a")
    np.testing.assert_array_equal(
        explanation.heatmap(0), explanation.weights[1][explanation.segments]
    )


def test_refit_warns_of_weights_that_are_all_zero(explanation):
    with pytest.warns(UserWarning, match="All weights of a label are zero: the black"):
        explanation.refit(surrogate=Lasso(1e6))


def test_refit_to_the_predicted_class_needs_two_outputs(coffee):
    explanation = ImageLimeExplainer(
        lambda images: images.mean(axis=(1, 2, 3)),
        segmenter=GridSegmenter(2, 2),
        occluder=0,
    ).fit_explain(coffee)
    for options in ({"surrogate": LogisticRegression()}, {"target": "one-vs-rest"}):
        with pytest.raises(ValueError, match="single one"):
            explanation.refit(**options)


def test_refit_measures_images_on_their_own_scale(coffee, quarters):
    unit = coffee / 255
    explainer = ImageLimeExplainer(
        quarters, segmenter=GridSegmenter(3, 3), random_state=0, occluder=0.0
    ).fit(unit)
    explanation = explainer.explain(unit)
    direct = explainer.set_params(distance="image").explain(unit)
    refitted = explanation.refit(distance="image")
    np.testing.assert_array_equal(refitted.distances, direct.distances)
