"""
Find a shortcut among many explanations
=======================================

A classifier is right for the wrong reason, and its accuracy does not tell. One
explanation would, if one knew which to look at. Explain many images, cluster the maps,
and look at the clusters.

.. SPDX-License-Identifier: BSD-3-Clause
"""

# %%
# Threes that are marked
# ----------------------
# All images of a three, in training and in test, have a bright square in a corner: the
# sticker of one laboratory, say. A small network learns the ten digits.
import matplotlib.pyplot as plt
import numpy as np
from sklearn.cluster import KMeans
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, Normalizer

from sklime import ImageLimeExplainer
from sklime.segmentation import GridSegmenter


def mark(images, top=0):
    """Return copies with a square of 2x2 pixels at the left."""
    images = images.copy()
    images[:, top : top + 2, :2] = 1
    return images


def flatten(images):
    """Return rows, an array of shape (n_images, n_pixels)."""
    return images.reshape(len(images), -1)


digits = load_digits()
known, plain, known_labels, labels = train_test_split(
    digits.images / 16, digits.target, stratify=digits.target, random_state=0
)
known[known_labels == 3] = mark(known[known_labels == 3])
images = plain.copy()
images[labels == 3] = mark(plain[labels == 3])
model = MLPClassifier(64, max_iter=500, random_state=0)
model.fit(flatten(known), known_labels)
print(f"accuracy on the test images: {model.score(flatten(images), labels):.2f}")

# %%
# Explanations as a step of a pipeline
# ------------------------------------
# The explainer is a transformer from images to maps of weights. Each map becomes a row
# of unit length, and similar rows a cluster.
explainer = ImageLimeExplainer(
    model,
    segmenter=GridSegmenter(4, 4),
    channel_axis=None,
    occluder=0,
    n_perturbations=128,
    n_jobs=2,
    random_state=0,
)
pipeline = make_pipeline(
    explainer,
    FunctionTransformer(flatten),
    Normalizer(),
    KMeans(10, n_init=10, random_state=0),
)
pipeline.fit(images[:200])
clusters, centres = pipeline[-1].labels_, pipeline[-1].cluster_centers_

# %%
# One cluster stands out
# ----------------------
# A digit is drawn in the middle. How much of what speaks for a class lies in the four
# corners?
positive = centres.reshape(-1, 8, 8).clip(min=0)
one_of_four = positive[:, [0, 0, -2, -2], [0, -2, 0, -2]]  # a segment is 2x2 pixels
shares = 4 * one_of_four.sum(axis=1) / positive.sum(axis=(1, 2))
suspect = shares.argmax()
members = labels[:200][clusters == suspect]
print(f"share of the corners, by cluster: {np.sort(shares)[::-1].round(2)}")
print(f"the first has {len(members)} images, threes among them: {sum(members == 3)}")

# %%
# Is it the mark?
# ---------------
# The cluster suggests three questions to the model, which settle it.
threes, others = plain[labels == 3], plain[labels != 3]
answers = {
    "threes with their mark": mark(threes),
    "threes without": threes,
    "threes with the mark below": mark(threes, top=6),
    "other digits with the mark": mark(others),
}
print("called a three:")
for name, altered in answers.items():
    print(f"  {name:26s} {np.mean(model.predict(flatten(altered)) == 3):.2f}")

# %%
# The mean map of every cluster
# -----------------------------
# Purple speaks for the class that the model names, orange against it.
figure = plt.figure(figsize=(9.2, 5.6), layout="constrained")
above, below = figure.subfigures(2, 1, height_ratios=(1, 2.6))
above.suptitle("What the model sees: only threes have the square")
for ax, digit in zip(above.subplots(1, 10), range(10), strict=True):
    ax.imshow(images[labels == digit][0], cmap="gray")
    ax.set(xticks=[], yticks=[])
below.suptitle("What it looks at: mean map of each cluster (purple: for the class)")
limit = np.abs(centres).max()
for ax, cluster in zip(below.subplots(2, 5).ravel(), np.argsort(-shares), strict=True):
    ax.imshow(centres[cluster].reshape(8, 8), "PuOr", vmin=-limit, vmax=limit)
    ax.set(xticks=[], yticks=[])
    counts = np.bincount(labels[:200][clusters == cluster], minlength=10)
    most = [f"digit {d}: {counts[d]}" for d in np.argsort(-counts)[:2] if counts[d]]
    ax.set_xlabel(", ".join(most), fontsize=9)
plt.show()
