"""The examples run, and find the answers that are known."""

import os
import re
import runpy
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from sklime import ImageLimeExplainer
from sklime.surrogate import compute_average_effects

EXAMPLES = Path(__file__).parents[1] / "examples"


def run_example(name, folder):
    """Run an example in a folder of its own and return its names."""
    pytest.importorskip("matplotlib").use("agg")
    before = Path.cwd()
    os.chdir(folder)
    try:
        with mock.patch("matplotlib.pyplot.show"):  # agg would warn on a desktop
            return runpy.run_path(str(EXAMPLES / f"plot_{name}.py"))
    finally:
        os.chdir(before)


def check_figures(pyplot, number):
    """Draw the open figures, of which there should be a number, none of them blank."""
    assert len(pyplot.get_fignums()) == number
    for figure in map(pyplot.figure, pyplot.get_fignums()):
        figure.canvas.draw()
        assert np.asarray(figure.canvas.buffer_rgba())[..., :3].std() > 25


def share_inside(explanation, mask):
    """Return the share of each segment's pixels that lie in a mask."""
    segments = explanation.segments.ravel()
    return np.bincount(segments, mask.ravel()) / np.bincount(segments)


@pytest.fixture(scope="module")
def face_mosaic(tmp_path_factory):
    folder = tmp_path_factory.mktemp("face_mosaic")
    return run_example("face_mosaic", folder), folder


def test_the_example_finds_the_face_and_leaves_a_picture(face_mosaic, pyplot):
    names, folder = face_mosaic
    assert names["found"] == names["face_tile"]
    picture = pyplot.imread(folder / "face_mosaic.png")
    assert picture.shape[0] > 300
    assert picture.std() > 0.05
    # blue is for the overlay alone: the picture itself is grey
    blue = picture[..., 2] - picture[..., 0]
    assert (blue > 0.3).mean() > 0.005


@pytest.mark.parametrize("seed", range(20))
def test_the_face_comes_out_on_top(face_mosaic, seed):
    """Nine tiles, one face: the sum of weights and the top segment are there."""
    names, _ = face_mosaic
    mosaic, face_tile = names["make_mosaic"](seed)
    explainer = ImageLimeExplainer(
        names["contains_face"], n_perturbations=256, random_state=0
    )
    explanation = explainer.fit_explain(mosaic)
    tiles = names["sum_over_tiles"](explanation.heatmap(), explanation.segments)
    assert tiles.argmax() == face_tile
    rows, columns = np.nonzero(explanation.mask(n_segments=1))
    tile_of_pixel = rows // 25 * 3 + columns // 25
    assert np.bincount(tile_of_pixel).argmax() == face_tile


@pytest.fixture(scope="module")
def network():
    """EfficientNet-Lite0 as a namespace of the examples' helper, on one thread."""
    pytest.importorskip("onnxruntime", reason='pip install "sklime[examples]"')
    helper = runpy.run_path(str(EXAMPLES / "efficientnet_lite.py"))
    return helper["EfficientNetLite"](threads=1), helper["crop_and_resize"]


# Probabilities from the upstream PyTorch code on the same photographs, which were
# resized by another routine: hence the wide tolerance.
@pytest.mark.deep
@pytest.mark.parametrize(
    ("name", "column", "probability"),
    [("coffee", 967, 0.940), ("camera", 872, 0.949), ("chelsea", 285, 0.385)],
)
def test_the_network_is_the_real_one(network, name, column, probability):
    from skimage import color, data

    model, crop_and_resize = network
    image = getattr(data, name)()
    image = color.gray2rgb(image) if image.ndim == 2 else image
    answer = model.predict_proba(crop_and_resize(image)[None])[0]
    assert answer.argmax() == column
    assert answer[column] == pytest.approx(probability, abs=0.03)


@pytest.fixture
def run_deep(network, tmp_path, monkeypatch):
    """Run an example that asks the network, and return its names."""
    monkeypatch.syspath_prepend(str(EXAMPLES))
    return lambda name: run_example(name, tmp_path)


@pytest.mark.deep
def test_cat_beside_coffee(run_deep, pyplot):
    """Two photographs side by side: each class is explained by its own half."""
    explanation = run_deep("composite")["explanation"]
    right = np.tile(np.arange(224) >= 112, (224, 1))
    for label, half in (("cat", ~right), ("espresso", right)):
        inside = share_inside(explanation, half)
        top = explanation.top_segments(5, "positive", label=label)
        assert (inside[top] > 0.5).sum() >= 4
        weights = explanation.weights[explanation.position(label)].clip(min=0)
        assert weights @ inside / weights.sum() > 0.65
    check_figures(pyplot, 1)


@pytest.mark.deep
def test_espresso_and_cat(run_deep, tmp_path, pyplot):
    names = run_deep("photograph")
    drink = names["drink"]
    assert drink.labels == ["espresso", "tea cup", "consomme"]
    assert drink.fidelity[0] > 0.6
    heatmaps = [drink.heatmap(label) for label in drink.labels]
    inside_cup = heatmaps[0][20:130, 70:160]
    assert inside_cup.mean() > 3 * abs(heatmaps[0].mean())
    edge, spoon = (slice(58, 70), slice(80, 135)), (slice(146, 170), slice(132, 150))
    assert [heatmap[edge].mean() > 0 for heatmap in heatmaps] == [True, False, False]
    assert [heatmap[spoon].mean() > 0 for heatmap in heatmaps] == [False, True, True]
    assert names["feline"].labels == ["domestic cat"]
    check_figures(pyplot, 2)
    assert pyplot.imread(tmp_path / "photographs.png").shape[1] == 1200


@pytest.mark.deep
@pytest.mark.parametrize("name", ["segmenters", "fills"])
def test_the_cup_is_found_in_eight_ways(run_deep, name, pyplot):
    explanations = run_deep(name)["explanations"]
    assert len(explanations) == 8
    assert len({e.fidelity[0] for e in explanations.values()}) == 8
    for explanation in explanations.values():
        heatmap = explanation.heatmap()
        inside_cup = heatmap[20:130, 70:160].mean()
        assert inside_cup > 1.2 * abs(heatmap.mean())  # 1 by chance
    if name == "fills":
        fidelity = {fill: e.fidelity[0] for fill, e in explanations.items()}
        assert min(fidelity, key=fidelity.get) == "noise"
        familiar = {
            fill: e.sample_predictions[1:, 967].mean()
            for fill, e in explanations.items()
        }
        assert max(familiar, key=familiar.get) == "mean"
        assert min(familiar, key=familiar.get) == "noise"
        assert familiar["grey"] > familiar["black"] + 0.2
    check_figures(pyplot, 1)


@pytest.mark.deep
def test_line_tree_and_forest(run_deep, pyplot):
    names = run_deep("tree_surrogate")
    ridge, tree, forest = names["ridge"], names["tree"], names["forest"]
    used = set(tree.surrogates[0].tree_.feature) - {-2}
    assert set(np.flatnonzero(tree.weights[0])) <= used
    assert all(not ridge.segment_names[s].startswith("segment") for s in used)
    for explanation in (tree, forest):
        effects = compute_average_effects(
            explanation.surrogates[0], explanation.samples, explanation.sample_weights
        )
        np.testing.assert_array_equal(explanation.weights[0], effects)
        assert explanation.weights[0].argmax() == ridge.weights[0].argmax()
    assert (forest.weights[0] != 0).all()
    questions = [box.get_text() for box in names["boxes"]]
    assert questions[0].startswith("edge of coffee shown?")
    assert ridge.segment_names[ridge.weights[0].argmax()] == "edge of coffee"
    check_figures(pyplot, 3)


@pytest.mark.deep
def test_boxes_on_known_objects(run_deep, pyplot):
    """Two objects are found, and the third is not."""
    names = run_deep("bounding_boxes")
    _, mass, area, overlap = np.transpose(list(names["scores"].values()))
    assert list(names["scores"]) == ["espresso", "tripod", "missile"]
    np.testing.assert_allclose(
        area, [144 * 138 / 224**2, 162 * 76 / 224**2, 0.0622], 1e-3
    )
    assert (mass > 1.5 * area).all()
    assert overlap[0] > 0.4
    assert overlap[1] > 0.7
    assert overlap[2] < 0.2
    check_figures(pyplot, 1)


@pytest.mark.deep
def test_few_segments_justify_the_answer(network, run_deep, pyplot):
    """One fewer than enough, and one fewer than needed, does not do."""
    names = run_deep("how_many_segments")
    model, _ = network

    def answer(explanation, n, shown):
        strongest = np.argsort(-explanation.weights[0])[:n]
        chosen = np.isin(explanation.segments, strongest) == shown
        image = np.where(chosen[..., None], explanation.image, explanation.background)
        return model.classes_[model.predict_proba(image[None])[0].argmax()]

    cases = zip(names["explanations"], names["enough"], names["needed"], strict=True)
    for (explanation, enough, needed), label in zip(
        cases, ("espresso", "tripod"), strict=True
    ):
        assert answer(explanation, enough, True) == label
        assert answer(explanation, enough - 1, True) != label
        assert answer(explanation, needed, False) != label
        assert answer(explanation, needed - 1, False) == label
        assert enough < min(needed, 10)
    check_figures(pyplot, 2)


@pytest.mark.deep
def test_the_network_of_pytorch_is_the_same(network, run_deep, pyplot):
    """Its answers are those of onnxruntime, which has another code and layout."""
    pytest.importorskip("torch", reason='pip install "sklime[examples]"')
    explanation = run_deep("pytorch")["explanation"]
    images = [
        explanation.perturbed(shown=np.flatnonzero(s)) for s in explanation.samples[:8]
    ]
    np.testing.assert_array_equal(images[0], explanation.image)
    model, _ = network
    expected = model.predict_proba(np.stack(images))
    np.testing.assert_allclose(explanation.sample_predictions[:8], expected, atol=1e-4)
    assert explanation.labels == list(model.classes_[np.argsort(-expected[0])[:3]])
    engine = explanation.segments[130, 130]
    assert explanation.weights[0, engine] == pytest.approx(explanation.weights[0].max())
    check_figures(pyplot, 1)


@pytest.mark.gallery
def test_angles_are_explained_in_degrees(tmp_path, pyplot):
    names = run_example("regression", tmp_path)
    assert names["error"] < 2
    explanations = names["explanations"]
    answers = [e.predictions[0] for e in explanations]
    np.testing.assert_allclose(answers, names["angles"], atol=5)
    sums = [e.weights[0].sum() for e in explanations]
    assert sums[0] < -20
    assert abs(sums[1]) < 10
    assert sums[2] > 20
    assert min(e.fidelity[0] for e in explanations) > 0.9
    check_figures(pyplot, 1)


@pytest.mark.gallery
def test_coins_and_channels(tmp_path, pyplot):
    names = run_example("channels", tmp_path)
    counted = names["counted"]
    assert counted.predictions[0] == 24
    weights = counted.weights[0]
    assert np.sum(np.abs(weights - 1) < 0.1) >= 16
    assert weights.min() > -0.1
    assert counted.local_predictions[0] == pytest.approx(24, abs=1)

    # the black box is a sum over pixels of one channel: so are the weights
    where, stack, dab = names["where"], names["stack"], names["DAB"]
    brown = stack[..., dab] > names["threshold"]
    exact = 100 * np.bincount(where.segments.ravel(), brown.ravel()) / brown.size
    np.testing.assert_allclose(where.weights[0], exact, atol=0.05)

    which = names["which"]
    assert which.segment_names[which.weights[0].argmax()] == "DAB"
    assert which.weights[0].max() == pytest.approx(where.predictions[0], rel=0.02)
    np.testing.assert_allclose(np.delete(which.weights[0], dab), 0, atol=0.01)
    check_figures(pyplot, 3)


@pytest.mark.gallery
def test_tuning(tmp_path, pyplot, capsys):
    """Surrogates cost nothing, and the two scores choose differently."""
    names = run_example("tune_explainer", tmp_path)
    printed = capsys.readouterr().out
    asked = [int(n) for n in re.findall(r"candidates: +(\d+) images", printed)]
    assert asked[0] > 9000
    assert asked[1] == 0
    assert 0 < asked[2] <= 18 * 8 * 42
    assert names["winners"]["fidelity"][0] == 4
    assert names["winners"]["faithfulness"][0] in (25, 36)
    check_figures(pyplot, 1)


@pytest.mark.gallery
def test_the_shortcut_is_found(tmp_path, pyplot):
    """The planted mark is a cluster of its own, and what the model goes by."""
    names = run_example("find_shortcut", tmp_path)
    shares = np.sort(names["shares"])
    assert shares[-1] > 0.9
    assert shares[-2] < 0.4
    assert (names["members"] == 3).mean() == 1
    model, flatten = names["model"], names["flatten"]
    called = [
        np.mean(model.predict(flatten(images)) == 3)
        for images in names["answers"].values()
    ]
    assert called[0] > 0.95
    assert max(called[1:3]) < 0.1
    assert called[3] > 0.5
    assert names["pipeline"].predict(names["images"][:20]).shape == (20,)
    check_figures(pyplot, 1)


@pytest.mark.gallery
def test_surrogates_are_compared(tmp_path, pyplot):
    names = run_example("compare_surrogates", tmp_path)
    scores = {name: np.mean(values) for name, values in names["scores"].items()}
    assert list(scores) == ["ridge", "tree", "forest", "neighbours"]
    assert min(scores, key=scores.get) == "tree"
    assert (names["pairs"] > 0).mean() > 0.8
    check_figures(pyplot, 1)


@pytest.mark.gallery
def test_the_number_of_perturbations_is_chosen(tmp_path, pyplot):
    names = run_example("choose_n_perturbations", tmp_path)
    table, halving = names["table"], names["halving"]
    assert (np.diff(table["stability"]) > 0).all()
    assert table["stability"][1] - table["stability"][0] > 0.1
    assert np.ptp(table["faithfulness"][1:]) < 0.03
    assert halving.best_params_["n_perturbations"] == halving.n_resources_[-1]
    spent = np.dot(halving.n_resources_, halving.n_candidates_)
    assert spent < 6 * 1024 / 2
    check_figures(pyplot, 1)


@pytest.mark.gallery
def test_the_cluster_explains_all_but_the_broken_file(tmp_path, pyplot, capsys):
    pytest.importorskip("distributed", reason='pip install "sklime[dask]"')
    names = run_example("dask_cluster", tmp_path)
    assert sorted(names["explanations"]) == [f"{i:03d}" for i in range(200) if i != 123]
    printed = capsys.readouterr().out
    assert "159 of 160 explained" in printed  # forty came from one process
    assert "0 of 1 explained" in printed  # the second run skips what is there
    faces = [e for name, e in names["explanations"].items() if name < "100"]
    mean_map = np.mean([face.heatmap() for face in faces], axis=0)
    eyes_and_mouth = mean_map[6:20, 6:19].mean()
    assert eyes_and_mouth < 0.75 * mean_map.mean()  # not what one would think
    check_figures(pyplot, 1)
