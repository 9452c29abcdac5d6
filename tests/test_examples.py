"""The examples run, find the answers that are known, and draw what they say."""

import contextlib
import io
import os
import re
import runpy
import sys
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import numpy as np
import pytest
from scipy import ndimage
from skimage import color

from sklime import ImageLimeExplainer
from sklime.surrogate import compute_average_effects

EXAMPLES = Path(__file__).parents[1] / "examples"
ROUNDING = 2e-5  # pictures in floats are drawn in steps of 1 / 65535
BLUE, ORANGE = np.array([0, 114, 178]) / 255, np.array([213, 94, 0]) / 255


class Story(NamedTuple):
    """What an example leaves behind: names, figures, printed lines, a folder."""

    names: dict
    figures: list
    printed: str
    folder: Path


def run_example(name, folder):
    """Run an example in a folder of its own; its figures outlive pyplot's list."""
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("agg")
    plt.close("all")
    before, printed = Path.cwd(), io.StringIO()
    os.chdir(folder)
    try:
        with (
            mock.patch("matplotlib.pyplot.show"),  # agg would warn on a desktop
            mock.patch.object(sys, "path", [str(EXAMPLES), *sys.path]),
            contextlib.redirect_stdout(printed),
        ):
            names = runpy.run_path(str(EXAMPLES / f"plot_{name}.py"))
        figures = [plt.figure(number) for number in plt.get_fignums()]
        check_figures(figures)
    finally:
        os.chdir(before)
        plt.close("all")
    return Story(names, figures, printed.getvalue(), folder)


def check_figures(figures):
    """Draw figures, none of them blank, and see that every picture is upright."""
    for figure in figures:
        figure.canvas.draw()
        assert np.asarray(figure.canvas.buffer_rgba())[..., :3].std() > 25
        for ax in figure.axes:
            for image in ax.images:
                left, right, bottom, top = image.get_extent()
                assert (left < right, bottom > top) == (True, True)
                assert image.origin == "upper"
                (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
                assert (left < right, bottom > top) == (True, True)


def drawn(ax, layer=0):
    """Return the data of a picture in an axes."""
    return np.asarray(ax.images[layer].get_array())


def check_picture(ax, picture):
    """The lowest picture is this one, its values in [0, 1]."""
    picture = picture if picture.ndim == 3 else np.stack([picture] * 3, axis=-1)
    np.testing.assert_allclose(drawn(ax), picture, atol=ROUNDING)


def is_light_grey(ax, picture):
    """Return whether the lowest picture is this one as an overlay shows it."""
    grey = color.rgb2gray(picture) if picture.ndim == 3 else picture
    expected = np.repeat((0.35 + 0.65 * grey)[..., np.newaxis], 3, axis=2)
    return np.allclose(drawn(ax), expected, atol=ROUNDING)


def check_overlay(ax, explanation, label=None, reference=None):
    """Segments are blue or orange by sign, and opaque by size."""
    weights = explanation.weights[explanation.position(label)]
    opacity = 0.8 * np.abs(weights) / (reference or np.abs(weights).max())
    hues = np.where((weights > 0)[:, np.newaxis], BLUE, ORANGE)
    painted = np.concatenate([hues, opacity[:, np.newaxis]], axis=1)
    expected = painted[explanation.segments]
    found = drawn(ax, -1)
    np.testing.assert_allclose(found[..., 3], expected[..., 3], atol=1e-6)
    visible = expected[..., 3] > 0
    np.testing.assert_allclose(found[visible], expected[visible], atol=1e-6)
    image = explanation.image
    if image.ndim == 2 or image.shape[-1] == 3:
        assert is_light_grey(ax, image / 255 if image.dtype == np.uint8 else image)


def check_mask(ax, explanation, n, label=None):
    """The n largest weights are clear, the rest is veiled."""
    weights = explanation.weights[explanation.position(label)]
    clear = np.isin(explanation.segments, np.argsort(-weights)[:n])
    np.testing.assert_allclose(drawn(ax, -1)[..., 3], 0.8 * ~clear)
    check_picture(ax, explanation.image / 255)


def titles(axes):
    """Return what stands above each axes, in one line."""
    return [" ".join(ax.get_title().split()) for ax in axes]


def scores(explanation, labels):
    """Return the titles that a display writes: label and probability."""
    values = [explanation.predictions[explanation.position(one)] for one in labels]
    return [f"{one} ({value:.2f})" for one, value in zip(labels, values, strict=True)]


def texts(ax):
    """Return the words in an axes and where they stand."""
    return [(text.get_text(), *text.get_position()) for text in ax.texts]


def share_inside(explanation, mask):
    """Return the share of each segment's pixels that lie in a mask."""
    segments = explanation.segments.ravel()
    return np.bincount(segments, mask.ravel()) / np.bincount(segments)


def printed_table(story, first, n_rows, n_columns):
    """Return the last numbers of the lines that follow a heading."""
    lines = story.printed.split(first, 1)[1].splitlines()[1 : n_rows + 1]
    return np.array([line.split()[-n_columns:] for line in lines], dtype=float)


@pytest.fixture(scope="module")
def tell(tmp_path_factory):
    """Run an example once, however many tests look at it."""
    told = {}

    def tell(name):
        if name not in told:
            told[name] = run_example(name, tmp_path_factory.mktemp(name))
        return told[name]

    return tell


@pytest.fixture(scope="module")
def network():
    """EfficientNet-Lite0 as a namespace of the examples' helper, on one thread."""
    pytest.importorskip("onnxruntime", reason='pip install "sklime[examples]"')
    helper = runpy.run_path(str(EXAMPLES / "efficientnet_lite.py"))
    return helper["EfficientNetLite"](threads=1), helper["crop_and_resize"]


@pytest.fixture(scope="module")
def tell_deep(network, tell):
    """Run an example that asks the network, once."""
    return tell


def test_the_example_finds_the_face_and_leaves_a_picture(tell, pyplot):
    names, (figure,), _, folder = tell("face_mosaic")
    assert names["found"] == names["face_tile"]
    explanation, mosaic = names["explanation"], names["mosaic"]
    picture, segments, overlay, mask = figure.axes
    for ax in (picture, segments, mask):
        check_picture(ax, mosaic)
    assert len(segments.collections) > 0
    check_overlay(overlay, explanation)
    clear = np.isin(explanation.segments, np.argsort(-explanation.weights[0])[:5])
    np.testing.assert_allclose(drawn(mask, -1)[..., 3], 0.8 * ~clear)
    words = titles(figure.axes)
    assert words[1] == "segments"
    assert words[2] == "for a face (blue), against (orange)"
    assert words[3].startswith("the five")
    saved = pyplot.imread(folder / "face_mosaic.png")
    assert saved.shape[0] > 300
    # blue is for the overlay alone: the picture itself is grey
    assert (saved[..., 2] - saved[..., 0] > 0.3).mean() > 0.005


@pytest.mark.parametrize("seed", range(20))
def test_the_face_comes_out_on_top(tell, seed):
    """Nine tiles, one face: the sum of weights and the top segment are there."""
    names = tell("face_mosaic").names
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


# Probabilities from the upstream PyTorch code on the same photographs, which were
# resized by another routine: hence the wide tolerance.
@pytest.mark.deep
@pytest.mark.parametrize(
    ("name", "column", "probability"),
    [("coffee", 967, 0.940), ("camera", 872, 0.949), ("chelsea", 285, 0.385)],
)
def test_the_network_is_the_real_one(network, name, column, probability):
    from skimage import data

    model, crop_and_resize = network
    image = getattr(data, name)()
    image = color.gray2rgb(image) if image.ndim == 2 else image
    answer = model.predict_proba(crop_and_resize(image)[None])[0]
    assert answer.argmax() == column
    assert answer[column] == pytest.approx(probability, abs=0.03)


@pytest.mark.deep
def test_cat_beside_coffee(tell_deep):
    """Two photographs side by side: each class is explained by its own half."""
    names, (figure,), printed, _ = tell_deep("composite")
    explanation = names["explanation"]
    right = np.tile(np.arange(224) >= 112, (224, 1))
    axes, labels = np.reshape(figure.axes, (2, 2)), ["cat", "espresso"]
    for column, label, half in zip(axes.T, labels, (~right, right), strict=True):
        inside = share_inside(explanation, half)
        top = explanation.top_segments(5, "positive", label=label)
        assert (inside[top] > 0.5).sum() >= 4
        weights = explanation.weights[explanation.position(label)]
        row = explanation.position(label)
        positive = weights.clip(min=0)
        assert positive @ inside / positive.sum() > 0.65
        others = np.where(inside < 0.5, weights, 0)  # "mostly orange"
        assert others.sum() < 0
        check_overlay(column[0], explanation, label)
        check_mask(column[1], explanation, 5, label)
        assert f"surrogate for {label}: {explanation.fidelity[row]:.2f}" in printed
    spoon = explanation.segments[158, 192]
    assert explanation.weights[:, spoon][explanation.position("espresso")] < 0
    assert titles(axes[0]) == scores(explanation, labels)


@pytest.mark.deep
def test_espresso_and_cat(tell_deep, pyplot):
    names, (three, two), printed, folder = tell_deep("photograph")
    drink, feline = names["drink"], names["feline"]
    assert drink.labels == ["espresso", "tea cup", "consomme"]
    assert drink.fidelity[0] > 0.6
    heatmaps = [drink.heatmap(label) for label in drink.labels]
    inside_cup = heatmaps[0][20:130, 70:160]
    assert inside_cup.mean() > 3 * abs(heatmaps[0].mean())
    edge, spoon = (slice(58, 70), slice(80, 135)), (slice(146, 170), slice(132, 150))
    assert [heatmap[edge].mean() > 0 for heatmap in heatmaps] == [True, False, False]
    assert [heatmap[spoon].mean() > 0 for heatmap in heatmaps] == [False, True, True]
    assert feline.labels == ["domestic cat"]

    axes = np.reshape(three.axes, (2, 3))
    assert titles(axes[0]) == scores(drink, drink.labels)
    for column, label, fidelity in zip(
        axes.T, drink.labels, drink.fidelity, strict=True
    ):
        check_overlay(column[0], drink, label)
        check_mask(column[1], drink, 5, label)
        assert f"surrogate for {label}: {fidelity:.2f}" in printed

    rows = np.reshape(two.axes, (2, 4))
    assert titles(rows[0])[0] == "segments"
    assert titles(rows[0])[1].endswith("(blue), against (orange)")
    assert titles(rows[0])[2].startswith("the five strongest")
    assert not any(titles(rows[1]))  # each is named once
    for row, explanation in zip(rows, (drink, feline), strict=True):
        label = explanation.labels[0]
        assert [row[0].get_ylabel()] == scores(explanation, [label])
        check_picture(row[0], explanation.image / 255)
        assert len(row[0].collections) > 0
        check_overlay(row[1], explanation)
        check_mask(row[2], explanation, 5)
        clear = np.isin(explanation.segments, np.argsort(-explanation.weights[0])[:5])
        alone = drawn(row[3])
        np.testing.assert_allclose(alone[clear], explanation.image[clear] / 255)
        np.testing.assert_allclose(alone[~clear], 128 / 255)
    assert pyplot.imread(folder / "photographs.png").shape[1] == 1200


@pytest.mark.deep
@pytest.mark.parametrize("name", ["segmenters", "fills"])
def test_the_cup_is_found_in_eight_ways(tell_deep, name):
    explanations = tell_deep(name).names["explanations"]
    assert len(explanations) == 8
    assert len({e.fidelity[0] for e in explanations.values()}) == 8
    for explanation in explanations.values():
        heatmap = explanation.heatmap()
        inside_cup = heatmap[20:130, 70:160].mean()
        assert inside_cup > 1.2 * abs(heatmap.mean())  # 1 by chance


@pytest.mark.deep
def test_what_is_said_of_segmenters(network, tell_deep):
    names, (figure,), _, _ = story = tell_deep("segmenters")
    explanations = names["explanations"]
    strongest = {name: e.weights.max() for name, e in explanations.items()}
    assert min(strongest, key=strongest.get) == "clusters"
    assert min(explanations, key=lambda n: explanations[n].fidelity[0]) == "grid"
    table = printed_table(story, "segmenter  ", 8, 5)
    by_name = dict(zip(explanations, table, strict=True))
    assert by_name["clusters"][3] > 0.8
    assert by_name["grid"][3] < 0.01
    scattered = {name for name, row in by_name.items() if row[1] > row[0]}
    assert scattered == {"quickshift", "clusters", "clusters, blurred"}
    spoon = {n: e.heatmap()[150:166, 136:148].mean() for n, e in explanations.items()}
    for name in ("SLIC", "watershed", "Felzenszwalb"):
        assert spoon[name] < -0.3 * strongest[name]
    assert spoon["quickshift, merged"] < 2 * spoon["quickshift"] < 0
    assert spoon["clusters, blurred"] < 2 * spoon["clusters"] < 0
    for part, (name, explanation) in zip(
        figure.subfigs, explanations.items(), strict=True
    ):
        n, fidelity = explanation.weights.shape[1], explanation.fidelity[0]
        assert part.get_suptitle() == f"{name}: {n}, fidelity {fidelity:.2f}"
        borders, overlay = part.axes
        check_picture(borders, names["coffee"] / 255)
        assert len(borders.collections) > 0
        check_overlay(overlay, explanation)


@pytest.mark.deep
def test_what_is_said_of_fills(network, tell_deep):
    names, (figure,), _, _ = tell_deep("fills")
    explanations, (model, _) = names["explanations"], network
    fidelity = {fill: e.fidelity[0] for fill, e in explanations.items()}
    assert min(fidelity, key=fidelity.get) == "noise"
    familiar = {
        fill: e.sample_predictions[1:, 967].mean() for fill, e in explanations.items()
    }
    assert max(familiar, key=familiar.get) == "mean"
    assert min(familiar, key=familiar.get) == "noise"
    assert familiar["grey"] > familiar["black"] + 0.2
    for part, (fill, explanation) in zip(
        figure.subfigs, explanations.items(), strict=True
    ):
        assert part.get_suptitle() == fill
        alone, half, overlay = part.axes
        pictures = np.stack([drawn(alone), drawn(half)])
        np.testing.assert_array_equal(pictures[0], explanation.background)
        even = explanation.segments % 2 == 0
        np.testing.assert_array_equal(pictures[1][~even], names["coffee"][~even])
        np.testing.assert_array_equal(pictures[1][even], pictures[0][even])
        answers = model.predict_proba(pictures)[:, 967]
        assert titles(part.axes) == [
            *(f"espresso {answer:.2f}" for answer in answers),
            f"fidelity {explanation.fidelity[0]:.2f}",
        ]
        check_overlay(overlay, explanation)


@pytest.mark.deep
def test_line_tree_and_forest(tell_deep):
    names, (numbered, three, drawn_tree), _, _ = tell_deep("tree_surrogate")
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
    assert ridge.segment_names[ridge.weights[0].argmax()] == "edge of coffee"

    numbers = texts(numbered.axes[0])
    assert {int(word) for word, *_ in numbers} == set(range(ridge.n_segments))
    for word, x, y in numbers:
        assert ridge.segments[round(y), round(x)] == int(word)
    largest = max(np.abs(e.weights).max() for e in (ridge, tree, forest))
    kinds = ["ridge", "tree", "forest"]
    for ax, kind in zip(three.axes, kinds, strict=True):
        check_overlay(ax, names[kind], reference=largest)
        fidelity = names[kind].fidelity[0]
        assert titles([ax]) == [f"{kind}, fidelity {fidelity:.2f}"]
    questions = [word for word, *_ in texts(drawn_tree.axes[0])]
    assert questions[0].startswith("edge of coffee shown?")
    (no,), (yes,) = (
        [t for t in texts(drawn_tree.axes[0]) if w in t[0].split()]
        for w in ("no", "yes")
    )
    assert no[1] < yes[1]  # 0, hidden, goes to the left


@pytest.mark.deep
def test_boxes_on_known_objects(tell_deep):
    """Two objects are found, and the third is not; what is scored is drawn."""
    names, (figure,), _, _ = tell_deep("bounding_boxes")
    _, mass, area, overlap = np.transpose(list(names["scores"].values()))
    assert list(names["scores"]) == ["espresso", "tripod", "missile"]
    np.testing.assert_allclose(
        area, [144 * 138 / 224**2, 162 * 76 / 224**2, 0.0622], 1e-3
    )
    assert (mass > 1.5 * area).all()
    assert overlap[0] > 0.4
    assert overlap[1] > 0.7
    assert overlap[2] < 0.2
    axes = np.reshape(figure.axes, (2, 3))
    for column, (name, explanation), score in zip(
        axes.T, names["explanations"].items(), overlap, strict=True
    ):
        check_overlay(column[0], explanation)
        check_picture(column[1], explanation.image / 255)
        assert titles(column)[0].startswith(name)
        assert titles(column)[1].endswith(f"IoU {score:.2f}")
        (found,), by_hand = boxes(column[1], BLUE), boxes(column[1], "black")
        top = np.isin(explanation.segments, np.argsort(-explanation.weights[0])[:5])
        rows, columns = np.nonzero(top)
        expected = rows.min(), columns.min(), rows.max() + 1, columns.max() + 1
        assert found == expected
        assert by_hand == boxes(column[0], "black") == [names["objects"][name][2]]
        assert box_overlap(found, by_hand[0]) == pytest.approx(score)


def boxes(ax, edge):
    """Return the boxes of a colour: first row and column, last ones, exclusive."""
    from matplotlib.colors import to_rgb

    return [
        tuple(round(v + 0.5) for v in (p.get_y(), p.get_x(), top, right))
        for p in ax.patches
        if np.allclose(to_rgb(p.get_edgecolor()), to_rgb(edge))
        for top, right in [(p.get_y() + p.get_height(), p.get_x() + p.get_width())]
    ]


def box_overlap(a, b):
    """Return the intersection over union of two boxes, from their sides."""
    height = min(a[2], b[2]) - max(a[0], b[0])
    width = min(a[3], b[3]) - max(a[1], b[1])
    both = max(height, 0) * max(width, 0)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)]
    return both / (sum(areas) - both)


@pytest.mark.deep
def test_few_segments_justify_the_answer(network, tell_deep):
    """One fewer than enough, and one fewer than needed, does not do."""
    names, (curves, pictures), _, _ = tell_deep("how_many_segments")
    model, _ = network

    def ask(image):
        answers = model.predict_proba(image[np.newaxis])[0]
        return model.classes_[answers.argmax()]

    def pick(explanation, n, shown):
        strongest = np.argsort(-explanation.weights[0])[:n]
        chosen = np.isin(explanation.segments, strongest) == shown
        return np.where(chosen[..., None], explanation.image, explanation.background)

    cases = zip(names["explanations"], names["enough"], names["needed"], strict=True)
    rows, labels = np.reshape(pictures.axes, (2, 3)), ("espresso", "tripod")
    for (explanation, enough, needed), label, row, ax in zip(
        cases, labels, rows, curves.axes, strict=True
    ):
        images = [pick(explanation, n, True) for n in (enough - 1, enough)]
        images.append(pick(explanation, needed, False))
        answers = [ask(image) for image in images]
        assert answers[1] == label
        assert label not in (answers[0], answers[2])
        assert ask(pick(explanation, needed - 1, False)) == label
        assert enough < min(needed, 10)
        words = f"{enough - 1} shown", f"{enough} shown", f"{needed} hidden"
        assert titles(row) == [f"{a}: {b}" for a, b in zip(words, answers, strict=True)]
        for panel, image in zip(row, images, strict=True):
            seen = drawn(panel)
            if len(panel.images) > 1:  # a cutout: the cover over the picture
                cover = drawn(panel, -1)
                seen = np.where(cover[..., 3:] > 0, cover[..., :3], seen)
            np.testing.assert_allclose(seen, image / 255, atol=1e-6)
        # dots and their numbers are on the lines
        assert [ax.get_title()] == [label]
        lines = {line.get_label(): line.get_ydata() for line in ax.lines}
        dots = [line.get_xydata()[0] for line in ax.lines if len(line.get_xdata()) == 1]
        assert [note.get_text() for note in ax.texts] == [str(enough), str(needed)]
        assert [note.xy[0] for note in ax.texts] == [enough, needed]
        for way, dot in zip(("shown", "hidden"), dots, strict=True):
            curve = lines[f"strongest {way} first"]
            n = {"shown": enough, "hidden": needed}[way]
            probability = model.predict_proba(
                pick(explanation, n, way == "shown")[None]
            )
            column = list(model.classes_).index(label)
            assert dot == pytest.approx([n, curve[n]])
            assert curve[n] == pytest.approx(probability[0, column], abs=1e-4)


@pytest.mark.deep
def test_chance_and_the_number_of_segments(tell_deep):
    """Random segments do not do, and other seeds give other numbers."""
    names, (curves, _), printed, _ = tell_deep("how_many_segments")
    assert names["lucky"][0] == 0
    assert names["lucky"][1] <= 10
    espresso, tripod = np.swapaxes(names["spread"], 0, 1)
    assert np.ptp([*espresso[:, 0], names["enough"][0]]) >= 2
    assert (espresso[:, 0] <= 12).all()
    assert (espresso[:, 1] >= 25).all()
    assert (tripod <= 8).all()
    assert printed.count("are enough") == 6
    # "it is low, and falls again"
    lines = {line.get_label(): line.get_ydata() for line in curves.axes[0].lines}
    curve, n = lines["strongest shown first"], names["enough"][0]
    assert curve[n] < 0.5
    assert curve[n + 1] < curve[n]
    assert lines["shown in random order"][n] < 0.05


@pytest.mark.deep
def test_the_network_of_pytorch_is_the_same(network, tell_deep):
    """Its answers are those of onnxruntime, which has another code and layout."""
    pytest.importorskip("torch", reason='pip install "sklime[examples]"')
    names, (figure,), printed, _ = tell_deep("pytorch")
    explanation = names["explanation"]
    images = [
        explanation.perturbed(shown=np.flatnonzero(s)) for s in explanation.samples[:8]
    ]
    np.testing.assert_array_equal(images[0], explanation.image)
    model, _ = network
    expected = model.predict_proba(np.stack(images))
    np.testing.assert_allclose(explanation.sample_predictions[:8], expected, atol=1e-4)
    assert explanation.labels == list(model.classes_[np.argsort(-expected[0])[:3]])
    engine = explanation.segments[130, 130]
    moped, scooter, brake = explanation.weights
    assert moped[engine] == pytest.approx(moped.max())
    assert scooter[engine] < 0
    assert brake[engine] == pytest.approx(brake.max())
    assert titles(figure.axes) == scores(explanation, explanation.labels)
    for ax, label, fidelity in zip(
        figure.axes, explanation.labels, explanation.fidelity, strict=True
    ):
        check_overlay(ax, explanation, label)
        assert f"surrogate for {label}: {fidelity:.2f}" in printed


def find_tilt(image):
    """Return the direction of the long axis of ink in degrees, as a reader sees it."""
    rows, columns = np.indices(image.shape)
    x, y = columns.ravel(), -rows.ravel()  # up is up
    (xx, xy), (_, yy) = np.cov(x, y, aweights=image.ravel())
    return np.degrees(0.5 * np.arctan2(2 * xy, xx - yy))


@pytest.mark.gallery
def test_angles_are_explained_in_degrees(tell):
    names, (figure,), _, _ = tell("regression")
    assert names["error"] < 2
    explanations = names["explanations"]
    answers = [e.predictions[0] for e in explanations]
    np.testing.assert_allclose(answers, names["angles"], atol=5)
    sums = [e.weights[0].sum() for e in explanations]
    assert sums[0] < -20
    assert abs(sums[1]) < 10
    assert sums[2] > 20
    assert min(e.fidelity[0] for e in explanations) > 0.9

    above, below = np.reshape(figure.axes[:6], (2, 3))
    tilts = [find_tilt(drawn(ax)[..., 0]) for ax in above]
    turns = (np.subtract(tilts, tilts[1]) + 90) % 180 - 90
    np.testing.assert_allclose(turns, [-30, 0, 30], atol=8)  # counter-clockwise
    largest = max(np.abs(e.weights).max() for e in explanations)
    for ax, picture, explanation, angle in zip(
        below, above, explanations, names["angles"], strict=True
    ):
        answer = explanation.predictions[0]
        assert titles([picture])[0].startswith(f"turned by {angle}°")
        assert titles([picture])[0].endswith(f"says {answer:.0f}°")
        weights = explanation.weights[0][explanation.segments]
        np.testing.assert_allclose(drawn(ax), weights)
        assert ax.images[0].get_clim() == pytest.approx((-largest, largest))
        assert ax.images[0].cmap(1.0)[:3] == pytest.approx(BLUE)
        assert ax.images[0].cmap(0.0)[:3] == pytest.approx(ORANGE)
        edge = np.concatenate([p.vertices for p in ax.collections[-1].get_paths()])
        ink = ndimage.map_coordinates(drawn(picture)[..., 0], edge.T[::-1], order=1)
        np.testing.assert_allclose(ink, 0.3, atol=ROUNDING)
    bar = figure.axes[6]
    assert bar.get_ylim() == pytest.approx((-largest, largest))
    assert bar.get_ylabel() == "weight in degrees"
    for explanation in (explanations[0], explanations[2]):
        squares = explanation.image.reshape(8, 3, 8, 3).max(axis=(1, 3)).ravel()
        assert np.abs(explanation.weights[0][squares < 0.1]).max() > largest / 2


@pytest.mark.gallery
def test_coins_and_channels(tell):
    names, figures, _, _ = tell("channels")
    counted = names["counted"]
    assert counted.predictions[0] == 24
    weights = counted.weights[0]
    assert np.sum(np.abs(weights - 1) < 0.1) >= 16
    assert weights.min() > -0.1
    assert counted.local_predictions[0] == pytest.approx(24, abs=1)
    coins, each = figures[0].axes
    check_picture(coins, names["coins"] / 255)
    check_overlay(each, counted)
    assert "counts 24" in titles([each])[0]

    # the black box is a sum over pixels of one channel: so are the weights
    where, stack, dab = names["where"], names["stack"], names["DAB"]
    brown = stack[..., dab] > names["threshold"]
    exact = 100 * np.bincount(where.segments.ravel(), brown.ravel()) / brown.size
    np.testing.assert_allclose(where.weights[0], exact, atol=0.05)
    colours, one, overlay = figures[1].axes
    check_picture(colours, stack[..., :3])
    check_picture(one, stack[..., 4])
    assert titles([colours, one]) == ["channels 0, 1 and 2", "channel 4, DAB"]
    check_overlay(overlay, where)
    assert is_light_grey(overlay, stack[..., :3])
    assert f"{where.predictions[0]:.0f} percent" in titles([overlay])[0]

    which = names["which"]
    assert which.segment_names[which.weights[0].argmax()] == "DAB"
    assert which.weights[0].max() == pytest.approx(where.predictions[0], rel=0.02)
    np.testing.assert_allclose(np.delete(which.weights[0], dab), 0, atol=0.01)
    sheet, bars = figures[2].axes
    check_overlay(sheet, which)
    inside = {int(y) // 128 * 5 + int(x) // 128: name for name, x, y in texts(sheet)}
    assert [inside[tile] for tile in range(10)] == names["names"]
    tiles = which.image.reshape(2, 128, 5, 128).swapaxes(1, 2).reshape(10, 128, 128)
    np.testing.assert_array_equal(tiles, np.moveaxis(stack, -1, 0))
    words = [tick.get_text() for tick in bars.get_yticklabels()]
    assert words[0] == "DAB"
    assert set(words) == set(names["names"])
    assert bars.patches[0].get_width() == pytest.approx(which.weights[0].max())


@pytest.mark.gallery
def test_tuning(tell):
    """Surrogates cost nothing, and the two scores choose differently."""
    names, (figure,), printed, _ = tell("tune_explainer")
    asked = [int(n) for n in re.findall(r"candidates: +(\d+) images", printed)]
    assert asked[0] > 9000
    assert asked[1] == 0
    assert 0 < asked[2] <= 18 * 8 * 42
    winners = names["winners"]
    assert winners["fidelity"][0] == 4
    assert winners["faithfulness"][0] in (25, 36)
    above, below = figure.subfigs
    for ax, score in zip(above.axes, ("fidelity", "faithfulness"), strict=True):
        table = names["found"].cv_results_[f"mean_test_{score}"].reshape(6, 3)
        np.testing.assert_array_equal(drawn(ax), table.T)
        assert titles([ax])[0].startswith(score)
        found = {(x, y): word for word, x, y in texts(ax)}
        assert all(
            found[place].split()[0] == f"{v:.2f}" for place, v in np.ndenumerate(table)
        )
        (best,) = [place for place, word in found.items() if "best" in word]
        ticks = [tick.get_text() for tick in ax.get_xticklabels()]
        assert ticks[best[0]] == str(winners[score][0])
        kinds = ["ridge", "tree", "neighbours"]
        assert [tick.get_text() for tick in ax.get_yticklabels()] == kinds
        kind = kinds[best[1]].removesuffix("s")[:4]
        assert kind in type(winners[score][1]).__name__.lower()
    for trio, face in zip(
        (below.axes[:3], below.axes[3:]), names["faces"], strict=False
    ):
        np.testing.assert_array_equal(drawn(trio[0]), face)
        words = titles(trio)
        assert words[0] == "a face"
        for ax, word, score in zip(trio[1:], words[1:], winners, strict=True):
            assert is_light_grey(ax, face)
            assert word.startswith(f"best {score}")
            pieces = len(np.unique(drawn(ax, -1).reshape(-1, 4), axis=0))
            assert pieces <= int(word.split()[-2])
    check_overlay(below.axes[-1], names["explanation"])


@pytest.mark.gallery
def test_the_shortcut_is_found(tell):
    """The planted mark is a cluster of its own, and what the model goes by."""
    names, (figure,), _, _ = tell("find_shortcut")
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

    above, below = figure.subfigs
    for digit, ax in enumerate(above.axes):
        first = names["plain"][np.flatnonzero(names["labels"] == digit)[0]].copy()
        if digit == 3:
            first[:2, :2] = 1
        np.testing.assert_array_equal(drawn(ax), first)
    limit = np.abs(names["centres"]).max()
    order = np.argsort(-names["shares"])
    for ax, cluster in zip(below.axes, order, strict=True):
        np.testing.assert_array_equal(drawn(ax).ravel(), names["centres"][cluster])
        assert ax.images[0].get_clim() == pytest.approx((-limit, limit))
        red, green, blue, _ = ax.images[0].cmap(0.9)
        assert blue > red > green  # purple
        inside = names["labels"][:200][names["clusters"] == cluster]
        pairs = re.findall(r"digit (\d): (\d+)", ax.get_xlabel())
        assert pairs
        assert all(np.sum(inside == int(d)) == int(n) for d, n in pairs)
    assert below.axes[0].get_xlabel() == f"digit 3: {len(names['members'])}"


@pytest.mark.gallery
def test_surrogates_are_compared(tell):
    names, (figure,), _, _ = tell("compare_surrogates")
    means = {name: np.mean(values) for name, values in names["scores"].items()}
    kinds = ["ridge", "tree", "forest", "neighbours"]
    assert list(means) == kinds
    assert min(means, key=means.get) == "tree"
    assert (names["pairs"] > 0).mean() > 0.8
    above, below = figure.subfigs
    points = [line for line in above.axes[0].lines if line.get_marker() == "o"]
    bars = [line for line in above.axes[0].lines if line.get_marker() == "_"]
    for place, (kind, dots, bar) in enumerate(zip(kinds, points, bars, strict=True)):
        np.testing.assert_array_equal(dots.get_ydata(), names["scores"][kind])
        assert bar.get_xydata()[0] == pytest.approx([place, means[kind]])
    assert [t.get_text() for t in above.axes[0].get_xticklabels()] == kinds
    shown = names["shown"]
    assert names["pairs"][shown] == np.sort(names["pairs"])[12]
    for ax, kind in zip(above.axes[1:], ("ridge", "tree"), strict=True):
        score = names["scores"][kind][shown]
        assert titles([ax]) == [f"one face, {kind}: {score:.2f}"]
    np.testing.assert_array_equal(drawn(below.axes[0]), names["faces"][shown])
    assert titles(below.axes[1:]) == kinds
    for ax, kind in zip(below.axes[1:], kinds, strict=True):
        check_overlay(ax, names["refits"][kind][shown])


@pytest.mark.gallery
def test_the_number_of_perturbations_is_chosen(tell):
    names, (figure,), _, _ = tell("choose_n_perturbations")
    table, halving = names["table"], names["halving"]
    assert (np.diff(table["stability"]) > 0).all()
    assert table["stability"][1] - table["stability"][0] > 0.1
    assert np.ptp(table["faithfulness"][1:]) < 0.03
    assert halving.best_params_["n_perturbations"] == halving.n_resources_[-1]
    spent = np.dot(halving.n_resources_, halving.n_candidates_)
    assert spent < 6 * 1024 / 2
    above, below = figure.subfigs
    left, right = above.axes
    assert len(left.lines) == 6
    best = halving.best_params_["segmenter__n_segments"]
    results = halving.cv_results_
    sizes = np.array(results["param_segmenter__n_segments"], dtype=int)
    for line, (word, x, y) in zip(left.lines, texts(left), strict=True):
        number = int(word.removesuffix(" segments"))
        mine = results["mean_test_score"][sizes == number]
        np.testing.assert_array_equal(line.get_ydata(), mine)
        assert y == line.get_ydata()[-1]
        assert x > line.get_xdata()[-1]
        assert (line.get_color() == "#0072B2") == (number == best)
    for line in right.lines:
        np.testing.assert_array_equal(line.get_xdata(), [64, 128, 256, 512, 1024])
        np.testing.assert_array_equal(line.get_ydata(), table[line.get_label()])
    assert len(right.lines) == len(right.get_legend().texts) == 3
    face = names["faces"][0]
    np.testing.assert_array_equal(drawn(below.axes[0]), face)
    assert titles(below.axes[1:]) == ["64", "128", "256", "512", "1024"]
    assert all(is_light_grey(ax, face) for ax in below.axes[1:])
    # the maps draw nearer to the last one
    opacities = [drawn(ax, -1)[..., 3] for ax in below.axes[1:]]
    away = [np.abs(opacity - opacities[-1]).mean() for opacity in opacities]
    assert away[0] > away[3] > 0


@pytest.mark.gallery
def test_the_cluster_explains_all_but_the_broken_file(tell):
    pytest.importorskip("distributed", reason='pip install "sklime[dask]"')
    names, (figure,), printed, _ = tell("dask_cluster")
    explanations = names["explanations"]
    assert sorted(explanations) == [f"{i:03d}" for i in range(200) if i != 123]
    assert "159 of 160 explained" in printed  # forty came from one process
    assert "0 of 1 explained" in printed  # the second run skips what is there
    faces = [e for name, e in explanations.items() if name < "100"]
    mean_map = np.mean([face.heatmap() for face in faces], axis=0)
    eyes_and_mouth = mean_map[6:20, 6:19].mean()
    assert eyes_and_mouth < 0.75 * mean_map.mean()  # not what one would think
    left, right = figure.subfigs
    for ax, index in zip(left.axes, range(0, 90, 5), strict=True):
        explanation = explanations[f"{index:03d}"]
        check_overlay(ax, explanation)
        assert titles([ax]) == [f"{explanation.predictions[0]:.2f}"]
    image, weights = right.axes[:2]
    np.testing.assert_allclose(drawn(image), np.mean([f.image for f in faces], axis=0))
    np.testing.assert_allclose(drawn(weights), mean_map)
    limit = np.abs(mean_map).max()
    assert weights.images[0].get_clim() == pytest.approx((-limit, limit))
    assert weights.images[0].cmap(1.0)[:3] == pytest.approx(BLUE)
    assert titles([image, weights]) == ["image", "weight for a face"]
