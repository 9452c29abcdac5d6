"""Each section of docs/own_model.rst runs alone, with no name from another."""

import doctest
import importlib.util
import re
import textwrap
from pathlib import Path

import numpy as np
import pytest
from skimage import data

PAGE = (Path(__file__).parents[1] / "docs" / "own_model.rst").read_text()
PARTS = re.split(r"^(\S.*)\n=+\n", PAGE, flags=re.MULTILINE)[3:]  # but the title
SECTIONS = dict(zip(PARTS[::2], PARTS[1::2], strict=True))
BLOCK = re.compile(r"\.\. code-block:: python\n\n((?: {3}.*\n|\n)+)")
OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
IMAGE = data.coffee()[::4, ::4]


@pytest.fixture(autouse=True)
def pyplot():
    """Draw without a screen, and leave no figure behind."""
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.close("all")
    with pyplot.rc_context({"backend": "agg"}):
        yield pyplot
        pyplot.close("all")


@pytest.fixture
def run_block(pyplot):
    def run(title):
        """Run the block of a section, which draws, and return its names."""
        code = textwrap.dedent(BLOCK.search(SECTIONS[title])[1])
        names = {}
        exec(compile(code, f"own_model.rst, {title}", "exec"), names)
        assert len(pyplot.get_fignums()) == 1
        return names

    return run


@pytest.mark.parametrize("title", ["scikit-learn", "A web service", "What goes wrong"])
def test_examples_of_a_section(pyplot, title):
    section = doctest.DocTestParser().get_doctest(SECTIONS[title], {}, title, None, 0)
    wrong = []
    runner = doctest.DocTestRunner(verbose=False, optionflags=OPTIONS)
    results = runner.run(section, out=wrong.append, clear_globs=False)
    assert results.attempted > 5
    assert wrong == []
    assert len(pyplot.get_fignums()) == 1


def check_answers(explanation, answer):
    """Compare with what `answer` makes of the image and of one perturbation."""
    hidden = ~explanation.samples[3]
    perturbed = np.where(
        hidden[explanation.segments][..., np.newaxis], explanation.background, IMAGE
    )
    answers = explanation.sample_predictions[[0, 3]]
    np.testing.assert_allclose(
        answers, [answer(IMAGE), answer(perturbed)], rtol=1e-4, atol=1e-5
    )
    assert abs(answers[1] - answers[0]).max() > 1e-4


def softmax(logits):
    return np.exp(logits) / np.exp(logits).sum()


def convolve(image, kernel, bias, matrix, offset):
    """Return the probabilities of both networks, without their libraries.

    The kernel has shape (5, 5, 3, n_maps), the matrix (n_maps, n_outputs).
    """
    windows = np.lib.stride_tricks.sliding_window_view(image, (5, 5), axis=(0, 1))
    maps = np.einsum("ijcuv,uvco->ijo", windows[::4, ::4], kernel) + bias
    return softmax(maps.clip(0).mean(axis=(0, 1)) @ matrix + offset)


@pytest.mark.deep
def test_torch(run_block):
    pytest.importorskip("torch")
    names = run_block("PyTorch")
    arrays = [p.detach().cpu().numpy() for p in names["net"].parameters()]
    kernel, bias, matrix, offset = arrays
    kernel = kernel.transpose(2, 3, 1, 0)

    def answer(image):  # with the mean and the deviation that ImageNet has
        image = (image / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
        return convolve(image, kernel, bias, matrix.T, offset)

    check_answers(names["explanation"], answer)


@pytest.mark.deep
@pytest.mark.filterwarnings("ignore:__array__ impl:DeprecationWarning")  # Keras'
def test_keras(run_block, monkeypatch):
    pytest.importorskip("torch")
    if importlib.util.find_spec("keras") is None:
        pytest.skip("could not find keras")  # imported by the page, with its backend
    monkeypatch.setenv("KERAS_BACKEND", "none: the page has to set it")
    names = run_block("Keras")
    arrays = names["net"].get_weights()
    check_answers(names["explanation"], lambda image: convolve(image / 255, *arrays))
    assert names["explanation"].labels[0] in {"cup", "spoon", "table"}


@pytest.mark.deep
def test_onnx(run_block):
    """The network is the softmax of the mean red, green and blue."""
    pytest.importorskip("onnxruntime")
    explanation = run_block("ONNX")["explanation"]

    assert explanation.labels == ["red"]
    check_answers(explanation, lambda image: softmax(image.mean(axis=(0, 1)) / 255))


def test_every_section_has_a_test():
    networks = [title for title, text in SECTIONS.items() if BLOCK.search(text)]
    examples = [title for title, text in SECTIONS.items() if ">>> " in text]
    assert networks == ["PyTorch", "Keras", "ONNX"]
    assert examples == ["scikit-learn", "A web service", "What goes wrong"]
    for title, text in SECTIONS.items():
        assert "LimeDisplay" in text, title
