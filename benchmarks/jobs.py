"""What a second worker gains: 64 images with n_jobs=1 and n_jobs=2.

The first black box sleeps, as one that waits for a graphics card or a server does, and
leaves the processor to others; the second is a forest of scikit-learn that works. The
workers of loky are started before anything is timed. Wall-clock seconds.
"""
# SPDX-License-Identifier: BSD-3-Clause

import time

import joblib
from skimage import data, transform
from sklearn.ensemble import RandomForestRegressor

from sklime import ImageLimeExplainer
from sklime.segmentation import GridSegmenter

N_IMAGES, N_PERTURBATIONS, SIZE = 64, 32, 64


class Sleeper:
    """Answer after 20 ms for each image."""

    def predict(self, images):
        """Return the mean of each image, an array of shape (n,)."""
        time.sleep(0.02 * len(images))
        return images.mean(axis=(1, 2, 3))


def cut_tiles():
    """Return tiles of a photograph, an array of shape (64, 64, 64, 3)."""
    photograph = transform.resize(data.astronaut(), (8 * SIZE, 8 * SIZE))
    rows = photograph.reshape(8, SIZE, 8, SIZE, 3).swapaxes(1, 2)
    return rows.reshape(-1, SIZE, SIZE, 3)


def seconds(explainer, images, n_jobs):
    """Return how long it takes to explain the images."""
    start = time.perf_counter()
    explainer.set_params(n_jobs=n_jobs).explain(images)
    return time.perf_counter() - start


if __name__ == "__main__":
    tiles = cut_tiles()
    forest = RandomForestRegressor(100, random_state=0)
    forest.fit(tiles.reshape(N_IMAGES, -1), tiles.mean(axis=(1, 2, 3)))
    models = {
        "sleeps 20 ms": (Sleeper(), N_PERTURBATIONS),
        "forest of 100": (forest, 32 * N_PERTURBATIONS),
    }
    print("black box      backend    1 job  2 jobs  ratio")
    for name, (model, n_perturbations) in models.items():
        explainer = ImageLimeExplainer(
            model,
            segmenter=GridSegmenter(4, 4),
            occluder=0.5,
            n_perturbations=n_perturbations,
            random_state=0,
        ).fit(tiles)
        alone = seconds(explainer, tiles, 1)
        for backend in ("loky", "threading"):
            with joblib.parallel_config(backend=backend):
                seconds(explainer, tiles[:2], 2)  # starts the workers
                together = seconds(explainer, tiles, 2)
            print(
                f"{name:13s}  {backend:9s}  {alone:5.1f}  {together:6.1f}"
                f"  {alone / together:5.2f}"
            )
