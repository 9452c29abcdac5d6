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
# for it most; and these five as the network saw them, with the others hidden in their
# mean colour.
# sphinx_gallery_thumbnail_number = 2
figure, axes = plt.subplots(2, 4, figsize=(10, 5.4), layout="constrained")
kinds = ["boundaries", "overlay", "mask", "cutout"]
for row, explanation in zip(axes, (drink, feline), strict=True):
    for ax, kind in zip(row, kinds, strict=True):
        LimeDisplay.from_explanation(explanation, kind=kind, ax=ax)
figure.savefig("photographs.png", dpi=120)  # the picture of the README
plt.show()
