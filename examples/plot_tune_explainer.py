"""
Tune an explainer: what to score it by
======================================

An explainer is a scikit-learn estimator, so `GridSearchCV` tunes it: how many
segments, which surrogate. Two scores, and they do not agree.

.. SPDX-License-Identifier: BSD-3-Clause
"""

# %%
# A model that counts what it is asked
# ------------------------------------
# scikit-image brings 200 grey patches of 25x25 pixels, half of them faces. Oriented
# gradients and a support vector machine tell them apart; eight unseen faces are to be
# explained.
import tempfile

import matplotlib.pyplot as plt
import numpy as np
from skimage import data
from skimage.feature import hog
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.neighbors import KNeighborsRegressor
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeRegressor

from sklime import ImageLimeExplainer, LimeDisplay
from sklime.metrics import faithfulness_scorer, fidelity_scorer
from sklime.segmentation import SlicSegmenter


def describe(patches):
    """Return oriented gradients, an array of shape (n_patches, n_features)."""
    return np.stack(
        [hog(p, pixels_per_cell=(5, 5), cells_per_block=(2, 2)) for p in patches]
    )


class FaceModel:
    """Tell faces from other patches, and count the patches."""

    n_asked = 0

    def __init__(self, patches, kinds):
        self.classifier = CalibratedClassifierCV(SVC(), ensemble=False)
        self.classifier.fit(describe(patches), kinds)
        self.classes_ = self.classifier.classes_

    def predict_proba(self, patches):
        """Return probabilities of the two kinds, of shape (n_patches, 2)."""
        self.n_asked += len(patches)
        return self.classifier.predict_proba(describe(patches))


patches, kinds = data.lfw_subset(), np.repeat(["face", "other"], 100)
known, fresh, known_kinds, fresh_kinds = train_test_split(
    patches, kinds, stratify=kinds, random_state=0
)
model = FaceModel(known, known_kinds)
faces = fresh[fresh_kinds == "face"][:8]

# %%
# Eighteen explainers
# -------------------
# Nothing is learnt from the images, so there is nothing to hold out: one split, whose
# two halves are both all of them.
#
# `memory` keeps the answers in a folder. It would know the model again by a digest of
# its state; the count is part of this one's, so it is given a name.
every = np.arange(len(faces))
folder = tempfile.TemporaryDirectory()
explainer = ImageLimeExplainer(
    model,
    segmenter=SlicSegmenter(),
    channel_axis=None,
    n_perturbations=256,
    memory=folder.name,
    memory_key="faces",
    random_state=0,
)
n_segments = [4, 9, 16, 25, 36, 150]
surrogates = [Ridge(), DecisionTreeRegressor(max_depth=4), KNeighborsRegressor()]


def search(surrogates, scoring, refit=True):
    """Return a finished search, and say what it cost."""
    before = model.n_asked
    found = GridSearchCV(
        explainer,
        {"segmenter__n_segments": n_segments, "surrogate": surrogates},
        scoring=scoring,
        refit=refit,
        cv=[(every, every)],
    ).fit(faces)
    n_candidates = len(found.cv_results_["params"])
    print(f"{n_candidates:2d} candidates: {model.n_asked - before:5d} images asked")
    return found


# %%
# The first search asks the model. The second has three times the candidates, which
# differ in the surrogate only, and costs nothing. The third adds a score that asks
# about images of its own: 39 for each explanation.
search(surrogates[:1], fidelity_scorer)
search(surrogates, fidelity_scorer)
scores = {"fidelity": fidelity_scorer, "faithfulness": faithfulness_scorer}
found = search(surrogates, scores, refit="faithfulness")

# %%
# Two winners
# -----------
# Fidelity says how well the surrogate predicts the model. A tree over four segments
# knows all sixteen combinations by heart and is never wrong: the coarsest explanation
# wins. Faithfulness shows and hides pixels in the order of their weights, and a
# quarter of a face is too blunt for that; nor do 256 perturbations suffice for 150
# segments.
shape = len(n_segments), len(surrogates)
tables = {s: found.cv_results_[f"mean_test_{s}"].reshape(shape) for s in scores}
winners = {}
for score, table in tables.items():
    row, column = np.unravel_index(table.argmax(), shape)
    winners[score] = n_segments[row], surrogates[column]
    print(f"{score:12s} {table.max():.2f}: {n_segments[row]}, {surrogates[column]}")

# %%
# Scores above, explanations below
# --------------------------------
# Blue segments speak for a face, orange ones against it.
figure = plt.figure(figsize=(9.4, 5.4), layout="constrained")
above, below = figure.subfigures(2, 1, height_ratios=(1.3, 1))
names = ["ridge", "tree", "neighbours"]
for ax, (score, table) in zip(above.subplots(1, 2), tables.items(), strict=True):
    ax.imshow(table.T, cmap="Blues", aspect="auto", vmin=0)
    for (row, column), value in np.ndenumerate(table):
        best = value == table.max()
        text = f"{value:.2f}" + ("\nbest" if best else "")
        style = {"ha": "center", "va": "center", "weight": "bold" if best else None}
        color = "white" if value > 0.6 * table.max() else "black"
        ax.text(row, column, text, color=color, **style)
    ax.set(title=f"{score}, mean of eight faces", xlabel="segments asked for")
    ax.set_xticks(range(shape[0]), n_segments)
    ax.set_yticks(range(shape[1]), names)
axes = below.subplots(1, 6)
for trio, face in zip((axes[:3], axes[3:]), faces[:2], strict=True):
    trio[0].imshow(face, cmap="gray")
    trio[0].set(title="a face", xticks=[], yticks=[])
    for ax, (score, (number, surrogate)) in zip(trio[1:], winners.items(), strict=True):
        explainer.set_params(segmenter__n_segments=number, surrogate=surrogate)
        explanation = explainer.fit(faces).explain(face, labels="face")
        LimeDisplay.from_explanation(explanation, ax=ax)
        ax.set_title(f"best {score}\n{explanation.n_segments} segments", fontsize=10)
plt.show()
folder.cleanup()
