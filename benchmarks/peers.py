"""How each library is called in `overhead.py`, and the copies it is compared with.

A function `prepare_...` takes an image of shape (H, W, 3), uint8, its label map of
shape (H, W), labels 0 to d-1, and the number of perturbations. It imports and sets up
whatever is not to be timed and returns a function without arguments, which explains
the image once and returns the d weights of the highest class. Parameters are the
library's defaults, but for what is said here:

- all get the same label map, so that nobody's segmenter is timed;
- all explain one class;
- a hidden segment shows its mean colour, visualime's shows black, which is its default
  and the cheaper of the two.

``python peers.py lime scene.npz 1000`` measures this process: the median of as many
explanations of the same image as go into a second, five at most, one at least.
"""
# SPDX-License-Identifier: BSD-3-Clause

import gc
import json
import resource
import sys
import time
from pathlib import Path
from statistics import median
from unittest.mock import patch

import numpy as np
from report import make_picture
from skimage.color import label2rgb

RUNS, ENOUGH_SECONDS = 5, 1


def look(images):
    """Answer as the black box: is the centre bright or dark? Scores of shape (n, 2).

    It costs next to nothing, so what is timed is the library. Scores are grey levels:
    the penalty of captum's lasso leaves nothing of weights below 0.04.
    """
    images = np.asarray(images)
    row, column = images.shape[1] // 2 - 4, images.shape[2] // 2 - 4
    centres = images[:, row : row + 8, column : column + 8]
    bright = centres.mean(axis=(1, 2, 3))
    return np.stack([bright, 255 - bright], axis=1)


def make_sklime(segments, n_perturbations, occluder="mean"):
    """Return the explainer of sklime, not fitted."""
    from sklime import ImageLimeExplainer
    from sklime.segmentation import PrecomputedSegmenter

    return ImageLimeExplainer(
        look,
        segmenter=PrecomputedSegmenter(segments),
        occluder=occluder,
        n_perturbations=n_perturbations,
        random_state=0,
    )


def prepare_sklime(image, segments, n_perturbations):
    """One explanation of a fitted explainer."""
    explainer = make_sklime(segments, n_perturbations).fit(image)
    return lambda: explainer.explain(image).weights[0]


def prepare_fit_explain(image, segments, n_perturbations):
    """One explanation with `fit`, which checks the black box and the image."""
    explainer = make_sklime(segments, n_perturbations)
    return lambda: explainer.fit_explain(image).weights[0]


def prepare_black(image, segments, n_perturbations):
    """One explanation with the fill of visualime, to compare weights with."""
    explainer = make_sklime(segments, n_perturbations, occluder="black").fit(image)
    return lambda: explainer.explain(image).weights[0]


def prepare_lime(image, segments, n_perturbations):
    """lime: its default explains five classes, here one."""
    from lime.lime_image import LimeImageExplainer

    explainer = LimeImageExplainer(random_state=0)

    def explain():
        explanation = explainer.explain_instance(
            image,
            look,
            top_labels=1,
            num_samples=n_perturbations,
            segmentation_fn=lambda image: segments,
        )
        weights = dict(explanation.local_exp[explanation.top_labels[0]])
        return np.array([weights[segment] for segment in range(len(weights))])

    return explain


def prepare_visualime(image, segments, n_perturbations):
    """visualime: the steps of `explain_classification`, which takes no label map.

    Its choice of half of the segments, a second regression, is left out.
    """
    from visualime import lime as steps

    label = look(image[np.newaxis])[0].argmax()

    def explain():
        samples = steps.generate_samples(segments, n_perturbations)
        images = steps.generate_images(image, segments, samples)
        predictions = steps.predict_images(images, look)
        distances = steps.compute_distances(image, images)
        return steps.weigh_segments(samples, predictions, label, distances=distances)

    return explain


class Model:
    """The black box with the methods that FAT-Forensics asks for."""

    def fit(self, X, y):
        """Learn nothing."""

    def predict(self, X):
        """Return the class of each image, an array of shape (n,)."""
        return look(X).argmax(axis=1)

    def predict_proba(self, X):
        """Return the scores of both classes, an array of shape (n, 2)."""
        return look(X)


def prepare_fatf(image, segments, n_perturbations):
    """FAT-Forensics: its constructor, not timed, gets the label map from quickshift."""
    from fatf.transparency.predictions.surrogate_image_explainers import ImageBlimeyLime
    from fatf.utils.data.segmentation import QuickShift

    with patch.object(QuickShift, "_segment", lambda self: segments + 1):
        explainer = ImageBlimeyLime(image, Model())

    def explain():
        weights = explainer.explain_instance(samples_number=n_perturbations)
        return np.array(list(weights.values()))

    return explain


def prepare_captum(image, segments, n_perturbations):
    """captum: float32 in (n, C, H, W), as networks want; the mean colours are given."""
    import torch
    from captum.attr import Lime

    torch.set_num_threads(1)
    torch.manual_seed(0)

    def look_at_tensors(images):
        row, column = images.shape[2] // 2 - 4, images.shape[3] // 2 - 4
        centres = images[:, :, row : row + 8, column : column + 8]
        bright = 255 * centres.mean(dim=(1, 2, 3))
        return torch.stack([bright, 255 - bright], dim=1)

    def to_tensor(image):
        channels_first = np.moveaxis(image, -1, 0)[np.newaxis] / np.float32(255)
        return torch.from_numpy(np.ascontiguousarray(channels_first))

    fill = label2rgb(segments, image.astype(np.float32), kind="avg", bg_label=-1)
    colours = to_tensor(fill)
    inputs, mask = to_tensor(image), torch.from_numpy(segments)[None, None]
    label = int(look_at_tensors(inputs)[0].argmax())
    _, first_pixels = np.unique(segments, return_index=True)
    explainer = Lime(look_at_tensors)

    def explain():
        heatmap = explainer.attribute(
            inputs,
            baselines=colours,
            target=label,
            feature_mask=mask,
            n_samples=n_perturbations,
        )
        return heatmap[0, 0].numpy().ravel()[first_pixels]

    return explain


def prepare_copy(image, segments, n_perturbations):
    """Write as many bytes, ten images at a time into one buffer touched before."""
    buffer = np.ones((10, *image.shape), dtype=image.dtype)

    def copy():
        for _ in range(n_perturbations // len(buffer)):
            np.copyto(buffer, image)

    return copy


def prepare_memory_copy(image, segments, n_perturbations):
    """Write as many bytes into one array of all images, touched before."""
    images = np.ones((n_perturbations, *image.shape), dtype=image.dtype)
    return lambda: np.copyto(images, image)


PEERS = {
    "lime": prepare_lime,
    "visualime": prepare_visualime,
    "FAT-Forensics": prepare_fatf,
    "captum": prepare_captum,
}
LIBRARIES = {"sklime": prepare_sklime, "fit_explain": prepare_fit_explain, **PEERS}
REFERENCES = {"sklime": prepare_sklime, "sklime, black": prepare_black}
COPIES = {"copy to memory": prepare_memory_copy, "copy in cache": prepare_copy}


def read_peak():
    """Return the peak memory of this process in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text().splitlines()
        return next(int(x.split()[1]) / 2**10 for x in lines if x.startswith("VmHWM"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def forget_peak():
    """Have the peak start again from what is held now; only Linux can."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        print("the peak of the imports may hide that of the library", file=sys.stderr)


def measure(name, scene, n_perturbations):
    """Return seconds and MB of one explanation, and its weights."""
    prepare = {**LIBRARIES, **REFERENCES, **COPIES}[name]
    np.random.seed(0)  # noqa: NPY002 - visualime and FAT-Forensics draw from it
    blocks = np.kron(np.arange(16).reshape(4, 4), np.ones((8, 8), dtype=int))
    prepare(make_picture(32), blocks, 512)()  # loads what is loaded late
    with np.load(scene) as arrays:
        explain = prepare(arrays["image"], arrays["segments"], n_perturbations)
    gc.collect()
    forget_peak()
    held, times = read_peak(), []
    while len(times) < RUNS and sum(times) < ENOUGH_SECONDS:
        start = time.process_time()
        weights = explain()
        times.append(time.process_time() - start)
    return {
        "seconds": median(times),
        "megabytes": read_peak() - held,
        "weights": None if weights is None else np.asarray(weights).tolist(),
    }


if __name__ == "__main__":
    name, scene, n_perturbations = sys.argv[1:]
    print(json.dumps(measure(name, scene, int(n_perturbations))))
