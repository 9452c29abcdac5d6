"""Where the time of one explanation goes, with a model that takes 3 ms for an image.

An image of 224x224 in colour, the default segmenter and 1024 perturbations. Wall-clock
milliseconds, medians of five rounds; the network is a wait, so that it does not share
the processor with what is measured.
"""
# SPDX-License-Identifier: BSD-3-Clause

import io
import pickle
import time
from statistics import median

import numpy as np
from skimage import data, transform

from sklime import ImageLimeExplainer
from sklime.perturbation import Composer
from sklime.segmentation import create_segments

ROUNDS = 5


class Waiter:
    """Answer ten classes after 3 ms for each image."""

    def predict_proba(self, images):
        """Return probabilities, an array of shape (n, 10)."""
        time.sleep(0.003 * len(images))
        scores = np.exp(np.outer(images.mean(axis=(1, 2, 3)) / 255, np.arange(10)))
        return scores / scores.sum(axis=1, keepdims=True)


def milliseconds(routine):
    """Return the median of what a routine takes."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        routine()
        rounds.append(1000 * (time.perf_counter() - start))
    return median(rounds)


if __name__ == "__main__":
    picture = transform.resize(data.astronaut(), (224, 224), anti_aliasing=True)
    image = np.rint(picture * 255).astype(np.uint8)
    explainer = ImageLimeExplainer(Waiter(), random_state=0).fit(image)
    explanation = explainer.explain(image)
    scene = explanation.image, explanation.background, explanation.segments
    stages = {
        "whole explanation": lambda: explainer.explain(image),
        "segments": lambda: create_segments(image, explainer.segmenter_),
        "perturbed images": lambda: Composer(*scene)(explanation.samples),
        "weighing, ridge, fidelity": explanation.refit,
        "pickling there and back": lambda: pickle.loads(pickle.dumps(explanation)),
        "saving to a file": lambda: explanation.save(io.BytesIO()),
    }
    print(f"{explanation.n_segments} segments, {len(explanation.samples)} rows")
    for name, routine in stages.items():
        print(f"{name:26s} {milliseconds(routine):7.1f} ms")
    print(f"pickle: {len(pickle.dumps(explanation)) / 1e6:.1f} MB")
