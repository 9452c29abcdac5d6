"""
The same picture, explained by a line and by a tree
===================================================

LIME's surrogate is usually linear: every segment has a weight, and the weights add
up. A decision tree says instead which segments have to be there *together*. Any
regressor of scikit-learn can be the surrogate, and since the black box's answers are
kept, the second one costs no further call.

It needs the extra ``examples``: ``pip install "sklime[examples]"``.
"""
# SPDX-License-Identifier: BSD-3-Clause

# %%
# One set of answers
# ------------------
# A tree of eight leaves can only speak of a few segments, so the photograph is cut
# into large ones.
import matplotlib.pyplot as plt
import numpy as np
from efficientnet_lite import EfficientNetLite, crop_and_resize
from skimage import data
from sklearn.tree import DecisionTreeRegressor, plot_tree

from sklime import ImageLimeExplainer, LimeDisplay
from sklime.segmentation import SlicSegmenter

explainer = ImageLimeExplainer(
    EfficientNetLite(threads=2), segmenter=SlicSegmenter(n_segments=25), random_state=0
)
ridge = explainer.fit_explain(crop_and_resize(data.coffee()))
tree = ridge.refit(surrogate=DecisionTreeRegressor(max_depth=3))

# %%
# Two surrogates on one scale
# ---------------------------
# The weight of a segment in a tree is its average effect: how much the prediction
# changes, on average over the perturbations, when the segment is shown. For a linear
# surrogate that is its coefficient.
print("segment     ridge    tree")
for segment in ridge.top_segments(8):
    weights = ridge.weights[0, segment], tree.weights[0, segment]
    print(f"{ridge.segment_names[segment]:10s} {weights[0]:+.3f}  {weights[1]:+.3f}")
print(f"fidelity    {ridge.fidelity[0]:.2f}     {tree.fidelity[0]:.2f}")

# %%
# Look at both
# ------------
figure = plt.figure(figsize=(13, 9), layout="constrained")
grid = figure.add_gridspec(2, 3, height_ratios=(1, 1.25))
axes = [figure.add_subplot(grid[0, column]) for column in range(3)]
LimeDisplay.from_explanation(ridge, kind="boundaries", ax=axes[0])
for segment in np.unique(tree.surrogates[0].tree_.feature):
    if segment >= 0:  # negative in leaves
        rows, columns = np.nonzero(tree.segments == segment)
        label = {"boxstyle": "round,pad=0.15", "facecolor": "black", "alpha": 0.7}
        axes[0].text(columns.mean(), rows.mean(), segment, color="white", bbox=label)
for ax, explanation in zip(axes[1:], (ridge, tree), strict=True):
    LimeDisplay.from_explanation(explanation, ax=ax)
    name = type(explanation.surrogates[0]).__name__
    ax.set_title(f"{name}, fidelity {explanation.fidelity[0]:.2f}")
boxes = plot_tree(
    tree.surrogates[0],
    feature_names=tree.segment_names,
    filled=True,
    impurity=False,
    fontsize=9,
    ax=figure.add_subplot(grid[1, :]),
)
for box in boxes:  # samples are 0 and 1: "<= 0.5" means hidden
    text = box.get_text().replace(" <= 0.5", " shown?")
    box.set_text(text.replace("True", "no").replace("False", "yes"))
figure.savefig("tree_surrogate.png", dpi=100)
print("picture: tree_surrogate.png")
