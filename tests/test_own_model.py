"""The blocks of docs/own_model.rst that need a network's library run as they stand."""

import re
import textwrap
from pathlib import Path

import numpy as np
import pytest
from skimage import data

PAGE = (Path(__file__).parents[1] / "docs" / "own_model.rst").read_text()
IMAGE = data.coffee()[::4, ::4]


def find_block(title):
    """Return the Python block of a section."""
    start = re.search(rf"^{title}\n=+\n", PAGE, re.MULTILINE).end()
    block = re.search(r"\.\. code-block:: python\n\n((?: {3}.*\n|\n)+)", PAGE[start:])
    return textwrap.dedent(block.group(1))


def run_block(title):
    """Run the block of a section and return its names."""
    names = {}
    exec(compile(find_block(title), f"own_model.rst, {title}", "exec"), names)
    return names


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
def test_torch():
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
def test_keras(monkeypatch):
    pytest.importorskip("torch")
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    pytest.importorskip("keras")
    names = run_block("Keras")
    arrays = names["net"].get_weights()
    check_answers(names["explanation"], lambda image: convolve(image / 255, *arrays))
    assert names["explanation"].labels[0] in {"cup", "spoon", "table"}


@pytest.mark.deep
def test_onnx():
    """The network is the softmax of the mean red, green and blue."""
    pytest.importorskip("onnxruntime")
    explanation = run_block("ONNX")["explanation"]

    assert explanation.labels == ["red"]
    check_answers(explanation, lambda image: softmax(image.mean(axis=(0, 1)) / 255))


def test_every_library_of_the_page_has_a_test():
    sections = re.split(r"^(\S.*)\n=+\n", PAGE, flags=re.MULTILINE)
    titles = [
        title
        for title, text in zip(sections[1::2], sections[2::2], strict=True)
        if "code-block:: python" in text
    ]
    assert titles == ["PyTorch", "Keras", "ONNX"]
