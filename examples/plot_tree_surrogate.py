"""
The same picture, explained by a line, a tree and a forest
==========================================================

LIME's surrogate is usually linear: every segment has a weight, and the weights add
up. A decision tree says instead which segments have to be there *together*, and a
forest averages many trees. Any regressor of scikit-learn can be the surrogate, and
since the black box's answers are kept, another one costs no further call.

It needs the extra ``examples``: ``pip install "sklime[examples]"``.

.. SPDX-License-Identifier: BSD-3-Clause
"""

# %%
# One set of answers
# ------------------
# A tree of eight leaves can only speak of a few segments, so the photograph is cut
# into large ones.
import matplotlib.pyplot as plt
import numpy as np
from efficientnet_lite import EfficientNetLite, crop_and_resize
from skimage import data
from sklearn.ensemble import RandomForestRegressor
from sklearn.tree import DecisionTreeRegressor, plot_tree

from sklime import ImageLimeExplainer, LimeDisplay
from sklime.segmentation import SlicSegmenter

explainer = ImageLimeExplainer(
    EfficientNetLite(threads=2),
    segmenter=SlicSegmenter(n_segments=25),
    n_perturbations=512,
    random_state=0,
)
ridge = explainer.fit_explain(crop_and_resize(data.coffee()))
figure, ax = plt.subplots(figsize=(4.4, 4.4), layout="constrained")
LimeDisplay.from_explanation(ridge, kind="segments", ax=ax)
plt.show()

# %%
# Two other surrogates, and names for the segments that the tree will use.
ridge = ridge.name_segments(
    {
        "segment 3": "left rim",
        "segment 4": "right rim",
        "segment 5": "edge of coffee",
        "segment 6": "left wall",
        "segment 10": "coffee",
        "segment 15": "spoon",
    }
)
tree = ridge.refit(surrogate=DecisionTreeRegressor(max_depth=3))
forest = ridge.refit(
    surrogate=RandomForestRegressor(min_samples_leaf=3, random_state=0)
)

# %%
# Three surrogates on one scale
# -----------------------------
# The weight of a segment in a tree or a forest is its average effect: how much the
# prediction changes, on average over the perturbations, when the segment is shown. For
# a linear surrogate that is its coefficient.
three = {"ridge": ridge, "tree": tree, "forest": forest}
print("segment         " + "  ".join(f"{name:>6s}" for name in three))
for segment in ridge.top_segments(8):
    weights = "  ".join(f"{e.weights[0, segment]:+6.3f}" for e in three.values())
    print(f"{ridge.segment_names[segment]:14s}  {weights}")
print("fidelity        " + "  ".join(f"{e.fidelity[0]:6.2f}" for e in three.values()))

# %%
# They agree on the strongest segment. The tree uses a few segments and leaves the
# others at zero; the forest speaks of all. A single `reference` puts the colours on one
# scale.
largest = max(np.abs(explanation.weights).max() for explanation in three.values())
figure, axes = plt.subplots(1, 3, figsize=(9.4, 3.5), layout="constrained")
for ax, (name, explanation) in zip(axes, three.items(), strict=True):
    LimeDisplay.from_explanation(explanation, reference=largest, ax=ax)
    ax.set_title(f"{name}, fidelity {explanation.fidelity[0]:.2f}")
plt.show()

# %%
# The tree itself
# ---------------
# Its samples are 0 where a segment is hidden and 1 where it is shown, so that every
# question is whether a segment is shown. The value is the predicted probability of
# espresso; the darker, the higher.
# sphinx_gallery_thumbnail_number = 3
figure, ax = plt.subplots(figsize=(9.4, 4.4), layout="constrained")
boxes = plot_tree(
    tree.surrogates[0],
    feature_names=tree.segment_names,
    filled=True,
    impurity=False,
    fontsize=8,
    ax=ax,
)
for box in boxes:
    text = box.get_text().replace(" <= 0.5", " shown?")
    box.set_text(text.replace("True", "no").replace("False", "yes"))
plt.show()
