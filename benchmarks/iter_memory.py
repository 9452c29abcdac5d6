"""How much memory 50 and 500 images take, by `iter_explain` and by `explain`.

Images of 224x224 are made when they are asked for, and every explanation is let go
before the next one is taken. Peak resident memory of this process (with loky, of the
parent), each measured in a process of its own.
"""
# SPDX-License-Identifier: BSD-3-Clause

import resource
import subprocess
import sys

import joblib
import numpy as np

from sklime import ImageLimeExplainer
from sklime.segmentation import GridSegmenter

COUNTS = (50, 500)
CASES = (
    ("iter_explain", "sequential"),
    ("iter_explain", "threading"),
    ("iter_explain", "loky"),
    ("explain", "sequential"),
)


class Noise:
    """A sequence of images that nobody holds."""

    def __init__(self, n_images):
        self.n_images = n_images

    def __len__(self):
        return self.n_images

    def __getitem__(self, index):
        if not 0 <= index < self.n_images:
            raise IndexError(index)
        rng = np.random.default_rng(index)
        return rng.integers(0, 256, size=(224, 224, 3), dtype=np.uint8)


class Brightness:
    """A black box that costs little."""

    def predict(self, images):
        """Return the mean of each image, an array of shape (n,)."""
        return images.mean(axis=(1, 2, 3))


def measure(method, backend, n_images):
    """Explain all and return the peak of this process in MB."""
    explainer = ImageLimeExplainer(
        Brightness(),
        segmenter=GridSegmenter(5, 5),
        occluder=0,
        n_perturbations=64,
        n_jobs=None if backend == "sequential" else 2,
        random_state=0,
    ).fit(Noise(1))
    with joblib.parallel_config(backend=backend):
        explanations = getattr(explainer, method)(Noise(n_images))
        for explanation in explanations:
            assert explanation.n_segments == 25
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        method, backend, n_images = sys.argv[1:]
        print(measure(method, backend, int(n_images)))
        sys.exit()
    print("method        backend     MB for 50  MB for 500  kB for one more image")
    for case in CASES:
        few, many = (
            float(
                subprocess.run(
                    [sys.executable, __file__, *case, str(count)],
                    check=True,
                    stdout=subprocess.PIPE,
                    text=True,
                ).stdout
            )
            for count in COUNTS
        )
        more = (many - few) / (COUNTS[1] - COUNTS[0]) * 2**10
        print(f"{case[0]:12s}  {case[1]:10s}  {few:9.0f}  {many:10.0f}  {more:21.0f}")
