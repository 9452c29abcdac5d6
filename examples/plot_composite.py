"""
One picture, two answers: a cat beside a coffee
===============================================

Half of this picture is a cat and half is a cup of coffee. A network is asked about
both; each answer should be explained by its own half. Two labels cost no more calls
than one.

It needs the extra ``examples``: ``pip install "sklime[examples]"``.

.. SPDX-License-Identifier: BSD-3-Clause
"""

# %%
# Two photographs side by side
# ----------------------------
# EfficientNet-Lite0 knows the 1000 classes of ImageNet. Five of them are cats that
# live in houses, and their sum answers "is there a cat?"; column 967 is espresso.
import matplotlib.pyplot as plt
import numpy as np
from efficientnet_lite import EfficientNetLite, crop_and_resize
from skimage import data

from sklime import ImageLimeExplainer, LimeDisplay
from sklime.metrics import relevance_mass

network = EfficientNetLite(threads=2)


def cat_and_coffee(images):
    """Return the probabilities of a cat and of an espresso, of shape (n, 2)."""
    probabilities = network.predict_proba(images)
    cat = probabilities[:, 281:286].sum(axis=1)
    return np.stack([cat, probabilities[:, 967]], axis=1)


photographs = [crop_and_resize(image) for image in (data.chelsea(), data.coffee())]
composite = np.concatenate([photo[:, 56:168] for photo in photographs], axis=1)
explainer = ImageLimeExplainer(
    cat_and_coffee,
    class_names=["cat", "espresso"],
    n_perturbations=512,
    random_state=0,
)
explanation = explainer.fit_explain(composite, labels=["cat", "espresso"])
print(explanation)
for label, fidelity in zip(explanation.labels, explanation.fidelity, strict=True):
    print(f"fidelity of the surrogate for {label}: {fidelity:.2f}")

# %%
# Each answer from its own half?
# ------------------------------
# The segmenter does not know of the seam, but its segments hardly cross it. Of what
# speaks for a label, how much lies in the right half, and how many of the five
# strongest segments have most of their pixels there?
is_right = np.tile(np.arange(224) >= 112, (224, 1))
halves = {"cat": ~is_right, "espresso": is_right}
counts = np.bincount(explanation.segments.ravel())
masses, hits = {}, {}
for label, half in halves.items():
    masses[label] = relevance_mass(explanation.heatmap(label), half)
    inside = np.bincount(explanation.segments.ravel(), half.ravel()) / counts
    top = explanation.top_segments(5, "positive", label=label)
    hits[label] = int(np.sum(inside[top] > 0.5))
    print(
        f"{label:9s} {masses[label]:.0%} of the positive relevance in its half, "
        f"{hits[label]} of 5 segments"
    )

# %%
# What speaks for one speaks against the other
# --------------------------------------------
# The probabilities of all classes add up to one, so that each half is mostly orange in
# the other's column: hide the cup and the cat becomes likelier. The spoon is the
# exception, which speaks against espresso. Below, the five strongest segments of each
# label.
display = LimeDisplay.from_explanation(
    explanation, label=["cat", "espresso"], kind=["overlay", "mask"]
)
display.figure_.set_size_inches(7.4, 8.0)
plt.show()
