"""
Which tile holds the face?
==========================

A classifier learns to tell faces from other patches. Shown a mosaic of nine patches
of which one is a face, it answers "there is a face". An explanation has to find out
where: the right answer is known.

.. SPDX-License-Identifier: BSD-3-Clause
"""

# %%
# A model that knows faces
# ------------------------
# scikit-image brings 200 grey patches of 25x25 pixels, half of them faces from
# Labeled Faces in the Wild. Histograms of oriented gradients and a support vector
# machine tell them apart. A quarter of the patches is kept for the mosaic.
import matplotlib.pyplot as plt
import numpy as np
from skimage import data
from skimage.feature import hog
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import SVC

from sklime import ImageLimeExplainer, LimeDisplay

SIZE = 25


def describe(patches):
    """Return oriented gradients, an array of shape (n_patches, n_features)."""
    return np.stack(
        [hog(p, pixels_per_cell=(5, 5), cells_per_block=(2, 2)) for p in patches]
    )


patches, is_face = data.lfw_subset(), np.arange(200) < 100
known, fresh, known_is_face, fresh_is_face = train_test_split(
    patches, is_face, stratify=is_face, random_state=0
)
face_model = make_pipeline(
    FunctionTransformer(describe), CalibratedClassifierCV(SVC(), ensemble=False)
)
face_model.fit(known, known_is_face)
print(f"accuracy on unseen patches: {face_model.score(fresh, fresh_is_face):.2f}")

# %%
# A mosaic, and a black box that looks at all of it
# -------------------------------------------------
# The black box takes whole mosaics of shape (n, 75, 75) and returns the probability
# that at least one of the nine tiles is a face.


def make_mosaic(random_state):
    """Return a mosaic of 3x3 unseen patches, and the tile that is a face."""
    rng = np.random.default_rng(random_state)
    tiles = rng.choice(fresh[~fresh_is_face], 9, replace=False)
    face_tile = int(rng.integers(9))
    tiles[face_tile] = rng.choice(fresh[fresh_is_face])
    mosaic = tiles.reshape(3, 3, SIZE, SIZE).swapaxes(1, 2)
    return mosaic.reshape(3 * SIZE, 3 * SIZE), face_tile


def contains_face(mosaics):
    """Return the probability of a face anywhere, an array of shape (n_mosaics,)."""
    tiles = mosaics.reshape(-1, 3, SIZE, 3, SIZE).swapaxes(2, 3)
    probabilities = face_model.predict_proba(tiles.reshape(-1, SIZE, SIZE))[:, 1]
    return 1 - np.prod(1 - probabilities.reshape(-1, 9), axis=1)


# %%
# Ask what it saw
# ---------------
# The explainer knows nothing of tiles: it hides segments that follow the edges of
# the picture.
mosaic, face_tile = make_mosaic(random_state=16)
explainer = ImageLimeExplainer(contains_face, class_names=["face"], random_state=0)
explanation = explainer.fit_explain(mosaic)
print(explanation)
print("weights of the ten segments that matter most:")
for segment in explanation.top_segments(10):
    name, weight = explanation.segment_names[segment], explanation.weights[0, segment]
    print(f"  {name:12s} {weight:+.3f}")

# %%
# The sum of the weights in each tile finds the face.


def sum_over_tiles(heatmap, segments):
    """Return the weight of each tile, a segment's spread evenly over its pixels."""
    per_pixel = heatmap / np.bincount(segments.ravel())[segments]
    return per_pixel.reshape(3, SIZE, 3, SIZE).sum(axis=(1, 3))


tile_weights = sum_over_tiles(explanation.heatmap(), explanation.segments)
print("weight of each tile:", tile_weights.round(2), sep="\n")
found = int(tile_weights.argmax())
print(f"the face is in tile {face_tile}, the explanation says tile {found}")

# %%
# Image, segments and explanation side by side
# --------------------------------------------
figure, axes = plt.subplots(2, 2, figsize=(7.4, 7.8), layout="constrained")
panels = {
    "image": "is there a face?",
    "boundaries": "segments",
    "overlay": "for a face (blue), against (orange)",
    "mask": "the five that speak for it most",
}
for ax, (kind, title) in zip(axes.flat, panels.items(), strict=True):
    LimeDisplay.from_explanation(explanation, kind=kind, ax=ax)
    ax.set_title(title)
figure.savefig("face_mosaic.png", dpi=120)
print("picture: face_mosaic.png")
