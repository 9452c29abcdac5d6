"""
Two hundred images on a cluster
===============================

Under joblib's `parallel_config` an explainer runs on whatever backend is registered:
here a cluster of dask with two workers on this machine, which could as well be the
address of a large one. Explanations are saved as they come, and a second run goes on
where the first one stopped.

It needs dask: ``pip install "sklime[plot,dask]"``.

.. SPDX-License-Identifier: BSD-3-Clause
"""

# %%
# Images in files, one of them broken
# -----------------------------------
# 200 grey patches of 25x25 pixels, half of them faces, each in a file. Any sequence
# will do as X: an image is read when its turn comes.
import tempfile
import time
import warnings
from pathlib import Path

import joblib
import matplotlib.pyplot as plt
import numpy as np
from distributed import Client, LocalCluster
from matplotlib.colors import LinearSegmentedColormap
from skimage import data
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline

from sklime import ImageExplanation, ImageLimeExplainer, LimeDisplay
from sklime.segmentation import GridSegmenter

COLOURS = LinearSegmentedColormap.from_list("", ("#D55E00", "white", "#0072B2"))
KINDS = np.repeat(["face", "other"], 100)


class ImageFiles:
    """A sequence of images that are read when they are asked for."""

    def __init__(self, paths):
        self.paths = paths

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        return np.load(self.paths[index])


def write_files(folder):
    """Write a file for each patch, spoil one, and return the paths."""
    paths = [folder / f"{index:03d}.npy" for index in range(200)]
    for path, patch in zip(paths, data.lfw_subset(), strict=True):
        np.save(path, patch)
    paths[123].write_bytes(b"")
    return paths


# %%
# Save as they come, skip what is there
# -------------------------------------
# `iter_explain` hands on an explanation as soon as it and those before it are ready,
# and holds no more than a few. With ``on_error="warn"`` an image that fails costs a
# warning and gives None.


def explain_files(explainer, paths):
    """Explain the images without a file of their own yet, and say how fast."""
    missing = [path for path in paths if not path.with_suffix(".npz").exists()]
    start, n_done = time.perf_counter(), 0
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        explanations = explainer.iter_explain(ImageFiles(missing), labels="face")
        for path, explanation in zip(missing, explanations, strict=True):
            if explanation is not None:
                explanation.save(path.with_suffix(".npz"))
                n_done += 1
    rate = n_done / (time.perf_counter() - start)
    print(f"  {n_done} of {len(missing)} explained, {rate:.0f} in a second")
    for warning in caught:
        print(f"  {warning.message}")


# %%
# From one process to a cluster
# -----------------------------
# Each worker gets one copy of the model, not one with every image. One thread for each
# worker leaves no cores to be fought about. How much faster two workers are depends on
# how many processors are free; reading and saving stay in this process.
#
# For a cluster elsewhere write ``Client("tcp://scheduler:8786")``.


def main():
    """Explain all images in one process, then on the cluster, then once more."""
    model = make_pipeline(
        PCA(50, random_state=0), RandomForestClassifier(200, random_state=0)
    )
    model.fit(data.lfw_subset()[::2].reshape(100, -1), KINDS[::2])
    explainer = ImageLimeExplainer(
        model,
        segmenter=GridSegmenter(7, 7),
        channel_axis=None,
        occluder=0.5,
        n_perturbations=1024,
        on_error="warn",
        random_state=0,
    ).fit(data.lfw_subset())
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalCluster(2, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster),
    ):
        paths = write_files(Path(folder))
        print("one process, forty images:")
        explain_files(explainer, paths[:40])
        with joblib.parallel_config(backend="dask"):
            explainer.explain(data.lfw_subset()[:4])  # the workers load libraries
            print("two workers, the other images:")
            explain_files(explainer, paths)
            print("the same again:")
            explain_files(explainer, paths)
        files = [path.with_suffix(".npz") for path in paths]
        return {
            path.stem: ImageExplanation.load(path) for path in files if path.exists()
        }


# %%
# Eighteen maps, and the mean of all
# ----------------------------------
# The mean says what no single one does: this model goes by the forehead and by what is
# around a face, more than by eyes and mouth.


def draw(explanations):
    """Draw some overlays and the mean map of all faces."""
    figure = plt.figure(figsize=(9.4, 4), layout="constrained")
    left, right = figure.subfigures(1, 2, width_ratios=(1.3, 1), wspace=0.02)
    left.suptitle("How sure the model is, and why (blue: for a face)")
    chosen = [explanations[f"{index:03d}"] for index in range(0, 90, 5)]
    for ax, explanation in zip(left.subplots(3, 6).ravel(), chosen, strict=True):
        LimeDisplay.from_explanation(explanation, ax=ax)
        ax.set_title(f"{explanation.predictions[0]:.2f}", fontsize=9)
    right.suptitle("Mean of all faces")
    faces = [explanations[name] for name in sorted(explanations) if name < "100"]
    mean_map = np.mean([explanation.heatmap() for explanation in faces], axis=0)
    axes = right.subplots(1, 2)
    axes[0].imshow(np.mean([face.image for face in faces], axis=0), cmap="gray")
    limit = np.abs(mean_map).max()
    drawn = axes[1].imshow(mean_map, COLOURS, vmin=-limit, vmax=limit)
    style = {"location": "bottom", "shrink": 0.8, "ticks": [-limit, 0, limit]}
    figure.colorbar(drawn, ax=axes, label="mean weight", format="%.2f", **style)
    for ax, title in zip(axes, ("image", "weight for a face"), strict=True):
        ax.set(title=title, xticks=[], yticks=[])
    plt.show()


# %%
# Workers are processes that import this file, under this name. They must not start a
# cluster each.
if __name__ != "__mp_main__":
    explanations = main()
    draw(explanations)
