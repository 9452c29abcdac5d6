"""
Which surrogate is best?
========================

Ridge regression adds up weights, a tree asks one question after the other, a forest
averages trees, neighbours vote. All can be fitted to the same answers of the black
box, and are judged on 24 images.

.. SPDX-License-Identifier: BSD-3-Clause
"""

# %%
# One set of answers
# ------------------
# The black box tells faces from other patches, by oriented gradients and a support
# vector machine. It is asked once about each of 24 unseen faces, in 256 perturbations.
import time

import matplotlib.pyplot as plt
import numpy as np
from skimage import data
from skimage.feature import hog
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeRegressor

from sklime import ImageLimeExplainer, LimeDisplay
from sklime.metrics import CurveDisplay, faithfulness
from sklime.segmentation import SlicSegmenter


def describe(patches):
    """Return oriented gradients, an array of shape (n_patches, n_features)."""
    return np.stack(
        [hog(p, pixels_per_cell=(5, 5), cells_per_block=(2, 2)) for p in patches]
    )


patches, kinds = data.lfw_subset(), np.repeat(["face", "other"], 100)
known, fresh, known_kinds, fresh_kinds = train_test_split(
    patches, kinds, stratify=kinds, random_state=0
)
model = make_pipeline(
    FunctionTransformer(describe), CalibratedClassifierCV(SVC(), ensemble=False)
).fit(known, known_kinds)
faces = fresh[fresh_kinds == "face"][:24]
explainer = ImageLimeExplainer(
    model,
    segmenter=SlicSegmenter(25),
    channel_axis=None,
    n_perturbations=256,
    random_state=0,
).fit(faces)
start = time.perf_counter()
explanations = explainer.explain(faces, labels="face")
print(f"asked and explained in {time.perf_counter() - start:.1f} s")

# %%
# Four surrogates
# ---------------
# `refit` fits another surrogate to the answers that are there. The weight of a segment
# in a surrogate without coefficients is its average effect: what showing it changes.
# To judge faithfulness the black box is asked again, about pixels shown and hidden in
# the order of the weights.
surrogates = {
    "ridge": Ridge(),
    "tree": DecisionTreeRegressor(max_depth=4),
    "forest": RandomForestRegressor(20, min_samples_leaf=3),
    "neighbours": KNeighborsRegressor(10),
}
refits, scores, fidelities = {}, {}, {}
print("surrogate   fidelity  faithfulness  seconds to fit")
for name, surrogate in surrogates.items():
    start = time.perf_counter()
    refits[name] = [e.refit(surrogate=surrogate) for e in explanations]
    seconds = time.perf_counter() - start
    fidelities[name] = [e.fidelity[0] for e in refits[name]]
    scores[name] = [faithfulness(e, explainer) for e in refits[name]]
    print(
        f"{name:10s}  {np.mean(fidelities[name]):8.2f}  {np.mean(scores[name]):12.2f}  "
        f"{seconds:14.1f}"
    )

# %%
# The tree is the least faithful: sixteen leaves speak of a third of the segments, and
# where the others matter it does not say. It predicts the black box better than the
# neighbours do, but on average they rank the segments better. The forest is as faithful
# as ridge regression, which takes a fraction of the time and predicts best.
pairs = np.subtract(scores["ridge"], scores["tree"])
print(f"ridge beats the tree on {np.sum(pairs > 0)} of {len(faces)} faces")
used = [np.count_nonzero(e.weights) / e.n_segments for e in refits["tree"]]
print(f"segments with a weight in the tree: {np.mean(used):.0%}")

# %%
# All faces above, one below
# --------------------------
# Insertion shows the pixels of one face, the most important first, deletion hides them:
# the further apart, the more faithful. The face is the one whose gap between ridge and
# tree is the median.
shown = int(np.argsort(pairs)[len(faces) // 2])
figure = plt.figure(figsize=(9.4, 6.6), layout="constrained")
above, below = figure.subfigures(2, 1, height_ratios=(1.6, 1))
axes = above.subplots(1, 3, width_ratios=(1.5, 1, 1))
values = [scores[name] for name in surrogates]
axes[0].plot(values, color="0.8", linewidth=0.7)
for place, column in enumerate(values):
    axes[0].plot([place] * len(column), column, "o", color="#0072B2", alpha=0.5)
    axes[0].plot(place, np.mean(column), "_k", markersize=28, markeredgewidth=2.5)
axes[0].set_xticks(range(len(surrogates)), surrogates)
axes[0].set(title="24 faces, bars are means", ylabel="faithfulness", xlim=(-0.5, 3.5))
for ax, name in zip(axes[1:], ("ridge", "tree"), strict=True):
    CurveDisplay.from_explanation(refits[name][shown], explainer, random_state=0, ax=ax)
    ax.set(title=f"one face, {name}: {scores[name][shown]:.2f}", xlabel="share of area")
    ax.get_legend().remove()
lines, words = axes[2].get_legend_handles_labels()
words = [word.partition(" (")[0] for word in words]
above.legend(lines, words, ncols=4, loc="outside lower right", fontsize=9)
axes = below.subplots(1, 5)
axes[0].imshow(faces[shown], cmap="gray")
axes[0].set(title="this face", xticks=[], yticks=[])
for ax, name in zip(axes[1:], surrogates, strict=True):
    LimeDisplay.from_explanation(refits[name][shown], ax=ax)
    ax.set_title(name)
plt.show()
