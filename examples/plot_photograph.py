"""
Why espresso? Why a cat?
========================

EfficientNet-Lite0 knows the 1000 classes of ImageNet. What did it see in two
photographs?

It needs the extra ``examples``: ``pip install "sklime[examples]"``.
"""
# SPDX-License-Identifier: BSD-3-Clause

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
# and the class that the network is surest of.
explainer = ImageLimeExplainer(network, random_state=0)
espresso = explainer.fit_explain(coffee)
print(espresso)

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
# What it saw
# -----------
# Blue segments speak for the class, orange ones against it; the stronger the colour,
# the larger the weight.
figure, axes = plt.subplots(2, 4, figsize=(14, 7.4), layout="constrained")
for row, explanation in zip(axes, (espresso, feline), strict=True):
    for ax, kind in zip(row, ("boundaries", "overlay", "heatmap", "mask"), strict=True):
        LimeDisplay.from_explanation(explanation, kind=kind, ax=ax)
figure.savefig("photographs.png", dpi=80)
print("picture: photographs.png")
