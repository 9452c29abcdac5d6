"""
Why espresso? Why a cat?
========================

EfficientNet-Lite0 knows the 1000 classes of ImageNet. What did it see in two
photographs?

It needs the extra ``examples``: ``pip install "sklime[examples]"``.

.. SPDX-License-Identifier: BSD-3-Clause
"""

# %%
# A network, two photographs
# --------------------------
# The network has `predict_proba` and `classes_`: all that the explainer wants.
import matplotlib.pyplot as plt
import numpy as np
from efficientnet_lite import EfficientNetLite, crop_and_resize
from skimage import data

from sklime import ImageLimeExplainer, LimeDisplay

network = EfficientNetLite(threads=2)
coffee, cat = crop_and_resize(data.coffee()), crop_and_resize(data.chelsea())

# %%
# Without options the explainer takes about a hundred superpixels, 1024 perturbations
# and the class that the network is surest of. Three classes cost no more calls.
explainer = ImageLimeExplainer(network, top_labels=3, random_state=0)
drink = explainer.fit_explain(coffee)
print(drink)
for label, fidelity in zip(drink.labels, drink.fidelity, strict=True):
    print(f"fidelity of the surrogate for {label}: {fidelity:.2f}")

# %%
# Why not a tea cup, or a soup?
# -----------------------------
# Blue segments speak for the class, orange ones against it; the stronger the colour,
# the larger the weight. Below, all but the five segments that speak most for the class
# are faded. The dark edge of the coffee makes it an espresso, and speaks against the
# two others; the spoon makes it a soup.
display = LimeDisplay.from_explanation(drink, top_labels=3, kind=["overlay", "mask"])
display.figure_.set_size_inches(9, 6.6)
plt.show()

# %%
# A question of our own
# ---------------------
# The network splits the cat between five kinds of cat. "Is it a cat?" is their sum:
# any function from images to numbers can be explained.


def is_cat(images):
    """Return the probability of any domestic cat, of shape (n,)."""
    return network.predict_proba(images)[:, 281:286].sum(axis=1)


explainer = ImageLimeExplainer(is_cat, class_names=["domestic cat"], random_state=0)
feline = explainer.fit_explain(cat)
print(feline)

# %%
# Four ways to look at it
# -----------------------
# The segments; what speaks for the class and against it; the five segments that speak
# for it most; and these five alone on grey. The explainer hid the others in their mean
# colours (that would be ``kind="cutout"``), in which a cat still looks like one.
# sphinx_gallery_thumbnail_number = 2
figure, axes = plt.subplots(2, 4, figsize=(10, 5.4), layout="constrained")
panels = {
    "boundaries": "segments",
    "overlay": "for it (blue), against (orange)",
    "mask": "the five strongest for it",
    "image": "these five alone",
}
for row, explanation in zip(axes, (drink, feline), strict=True):
    shown = explanation.mask(n_segments=5)[..., np.newaxis]
    alone = np.where(shown, explanation.image, np.uint8(128))
    for ax, kind in zip(row, panels, strict=True):
        picture = alone if kind == "image" else None
        LimeDisplay.from_explanation(explanation, kind=kind, image=picture, ax=ax)
        ax.set_title(panels[kind] if ax in axes[0] else "")
    title = f"{explanation.labels[0]} ({explanation.predictions[0]:.2f})"
    row[0].set_ylabel(title, fontsize="large")
figure.savefig("photographs.png", dpi=120)  # the picture of the README
plt.show()
