"""The examples run, and find the answers that are known."""

import os
import re
import runpy
from pathlib import Path

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
        return runpy.run_path(str(EXAMPLES / f"plot_{name}.py"))
    finally:
        os.chdir(before)


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


@pytest.mark.deep
def test_cat_beside_coffee(network):
    """Two photographs side by side: each class is explained by its own half."""
    from skimage import data

    model, crop_and_resize = network
    halves = [
        crop_and_resize(getattr(data, n)())[:, 56:168] for n in ("chelsea", "coffee")
    ]
    composite = np.concatenate(halves, axis=1)

    def cat_and_coffee(images):
        p = model.predict_proba(images)
        return np.stack([p[:, 281:286].sum(axis=1), p[:, 967]], axis=1)

    explainer = ImageLimeExplainer(
        cat_and_coffee,
        class_names=["cat", "espresso"],
        n_perturbations=512,
        random_state=0,
    )
    explanation = explainer.fit_explain(composite, labels=["cat", "espresso"])
    right = np.arange(224) >= 112
    for label, half in (("cat", ~right), ("espresso", right)):
        inside = np.bincount(
            explanation.segments.ravel(), np.tile(half, (224, 1)).ravel()
        ) / np.bincount(explanation.segments.ravel())
        top = explanation.top_segments(5, "positive", label=label)
        assert (inside[top] > 0.5).sum() >= 4
        weights = explanation.weights[explanation.position(label)].clip(min=0)
        assert weights @ inside / weights.sum() > 0.65


@pytest.mark.deep
@pytest.mark.parametrize(
    "name", ["photograph", "tree_surrogate", "segmenters", "fills"]
)
def test_the_deep_examples_run(network, name, tmp_path, pyplot, monkeypatch):
    monkeypatch.syspath_prepend(str(EXAMPLES))
    names = run_example(name, tmp_path)
    (picture,) = tmp_path.glob("*.png")
    assert pyplot.imread(picture).std() > 0.1
    if name == "photograph":
        assert names["espresso"].labels == ["espresso"]
        assert names["espresso"].fidelity[0] > 0.6
        inside_cup = names["espresso"].heatmap()[20:130, 70:160]
        assert inside_cup.mean() > 3 * abs(names["espresso"].heatmap().mean())
    elif name in ("segmenters", "fills"):
        explanations = names["explanations"]
        assert len(explanations) == 8
        assert len({e.fidelity[0] for e in explanations.values()}) == 8
        for explanation in explanations.values():
            heatmap = explanation.heatmap()
            inside_cup = heatmap[20:130, 70:160].mean()
            assert inside_cup > 1.5 * abs(heatmap.mean())
        if name == "fills":
            fidelity = {fill: e.fidelity[0] for fill, e in explanations.items()}
            assert min(fidelity, key=fidelity.get) == "noise"
            assert fidelity["mean"] > fidelity["black"]
    else:
        tree, ridge = names["tree"], names["ridge"]
        used = set(tree.surrogates[0].tree_.feature) - {-2}
        assert set(np.flatnonzero(tree.weights[0])) <= used
        effects = compute_average_effects(
            tree.surrogates[0], tree.samples, tree.sample_weights
        )
        np.testing.assert_array_equal(tree.weights[0], effects)
        assert tree.weights[0].argmax() == ridge.weights[0].argmax()


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
    assert pyplot.imread(tmp_path / "tune_explainer.png").std() > 0.1


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
    assert pyplot.imread(tmp_path / "find_shortcut.png").std() > 0.1


@pytest.mark.gallery
def test_surrogates_are_compared(tmp_path, pyplot):
    names = run_example("compare_surrogates", tmp_path)
    scores = {name: np.mean(values) for name, values in names["scores"].items()}
    assert list(scores) == ["ridge", "tree", "forest", "neighbours"]
    assert min(scores, key=scores.get) == "tree"
    assert (names["pairs"] > 0).mean() > 0.8
    assert pyplot.imread(tmp_path / "compare_surrogates.png").std() > 0.1


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
    assert pyplot.imread(tmp_path / "choose_n_perturbations.png").std() > 0.1


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
    assert pyplot.imread(tmp_path / "dask_cluster.png").std() > 0.1
