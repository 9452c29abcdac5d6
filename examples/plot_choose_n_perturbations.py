"""
How many perturbations are enough?
==================================

Every perturbation is a question to the black box, and most of the time goes there.
Successive halving spends few on candidates that lose anyway; a curve shows from where
more are wasted.

.. SPDX-License-Identifier: BSD-3-Clause
"""

# %%
# Six faces
# ---------
# The black box tells faces from other patches, by oriented gradients and a support
# vector machine.
import tempfile
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
from skimage import data
from skimage.feature import hog
from sklearn.calibration import CalibratedClassifierCV
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import GridSearchCV, HalvingGridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import SVC

from sklime import ImageLimeExplainer, LimeDisplay
from sklime.metrics import faithfulness_scorer, fidelity_scorer, stability_scorer
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
faces = fresh[fresh_kinds == "face"][:6]

# %%
# Halve, with perturbations as the resource
# -----------------------------------------
# Six candidates start with 64 perturbations for each image; the better half goes on
# with twice as many, and so forth. Faithfulness decides. `memory` keeps all answers.
folder = tempfile.TemporaryDirectory()
explainer = ImageLimeExplainer(
    model,
    segmenter=SlicSegmenter(),
    channel_axis=None,
    memory=folder.name,
    memory_key="faces",
    random_state=0,
)
every = np.arange(len(faces))
halving = HalvingGridSearchCV(
    explainer,
    {"segmenter__n_segments": [4, 9, 16, 25, 36, 49]},
    resource="n_perturbations",
    min_resources=64,
    max_resources=1024,
    factor=2,
    scoring=faithfulness_scorer,
    cv=[(every, every)],
).fit(faces)
for number, n_left in zip(halving.n_resources_, halving.n_candidates_, strict=True):
    print(f"{n_left} candidates with {number} perturbations")
spent = np.dot(halving.n_resources_, halving.n_candidates_)
print(f"best: {halving.best_params_}")
print(f"spent {spent} perturbations for each image; all with 1024: {6 * 1024}")

# %%
# What more perturbations buy
# ---------------------------
# The winner, with 64 to 1024. Fidelity says how well the surrogate predicts the black
# box; faithfulness whether the order of the segments is right; stability whether other
# perturbations give the same order, as a rank correlation of the weights of four runs.
n_perturbations = [64, 128, 256, 512, 1024]
scores = {
    "stability": partial(stability_scorer, measure="spearman", n_runs=4),
    "fidelity": fidelity_scorer,
    "faithfulness": faithfulness_scorer,
}
curves = GridSearchCV(
    halving.best_estimator_,
    {"n_perturbations": n_perturbations},
    scoring=scores,
    refit=False,
    cv=[(every, every)],
).fit(faces)
table = {name: curves.cv_results_[f"mean_test_{name}"] for name in scores}
print("perturbations  " + "  ".join(scores))
for index, number in enumerate(n_perturbations):
    columns = (f"{table[name][index]:{len(name)}.2f}" for name in scores)
    print(f"{number:13d}  " + "  ".join(columns))

# %%
# Faithfulness is there almost at once: which segments matter most is easily seen. From
# 64 to 256 perturbations stability and fidelity gain much; the 768 that follow gain
# little. Whoever needs a ranking of the strongest segments can stop early; whoever
# needs all weights to be the same tomorrow cannot.
figure = plt.figure(figsize=(9.4, 6.4), layout="constrained")
above, below = figure.subfigures(2, 1, height_ratios=(1.9, 1))
below.suptitle("A face, and its explanation by that many perturbations")
left, right = above.subplots(1, 2)
results = halving.cv_results_
best = halving.best_params_["segmenter__n_segments"]
for number in (4, 9, 16, 25, 36, 49):
    mine = results["param_segmenter__n_segments"] == number
    spent, score = results["n_resources"][mine], results["mean_test_score"][mine]
    color = "#0072B2" if number == best else "0.5"
    left.plot(spent, score, "o-", color=color)
    end, text = (spent[-1] * 1.04, score[-1]), f"{number} segments"
    left.text(*end, text, color=color, va="center")
left.set(title="Halving: six candidates, then three, then two", ylabel="faithfulness")
left.set_xscale("log", base=2)
left.set_xticks(halving.n_resources_, halving.n_resources_)
left.set(xlim=(58, 480), xlabel="perturbations")
styles = {"stability": "^:", "fidelity": "s--", "faithfulness": "o-"}
colors = {"stability": "#D55E00", "fidelity": "#009E73", "faithfulness": "#0072B2"}
for name, values in table.items():
    right.plot(n_perturbations, values, styles[name], color=colors[name], label=name)
right.set_xscale("log", base=2)
right.set_xticks(n_perturbations, n_perturbations)
right.set(title="The winner: what more perturbations buy", xlabel="perturbations")
right.set(ylabel="score, mean of six faces", ylim=(0, 1.02))
right.legend()
axes = below.subplots(1, len(n_perturbations) + 1)
axes[0].imshow(faces[0], cmap="gray")
axes[0].set(xticks=[], yticks=[])
for ax, number in zip(axes[1:], n_perturbations, strict=True):
    winner = halving.best_estimator_.set_params(n_perturbations=number)
    LimeDisplay.from_explanation(winner.explain(faces[0], labels="face"), ax=ax)
    ax.set_title(number)
plt.show()
folder.cleanup()
