"""
What to show in place of a hidden segment
=========================================

A network cannot be shown a hole: a hidden segment has to look like something. The
fill decides what, and with it what the network answers and what the explanation says.

It needs the extra ``examples``: ``pip install "sklime[examples]"``.

.. SPDX-License-Identifier: BSD-3-Clause
"""

# %%
# Eight fills
# -----------
# Three are made of the picture itself, two are a colour, three are drawn: noise in
# every pixel, a colour for every segment, and one colour for all of them, drawn anew
# for each perturbation.
import matplotlib.pyplot as plt
import numpy as np
from efficientnet_lite import EfficientNetLite, crop_and_resize
from skimage import data

from sklime import ImageLimeExplainer, LimeDisplay
from sklime.segmentation import SlicSegmenter

ESPRESSO = 967  # its column in the answers
network = EfficientNetLite(threads=2)
coffee = crop_and_resize(data.coffee())


def explain(fill, n_segments=50):
    """Return why the network sees an espresso."""
    explainer = ImageLimeExplainer(
        network,
        segmenter=SlicSegmenter(n_segments),
        occluder=fill,
        n_perturbations=256,
        random_state=0,
    )
    return explainer.fit_explain(coffee, labels="espresso")


from_picture, colours = ("mean", "inpaint", "blur"), ("grey", "black")
drawn = ("noise", "random-patch", "randomise")
explanations = {fill: explain(fill) for fill in from_picture + colours + drawn}

# %%
# Neutral or familiar?
# --------------------
# Two things are wanted of a fill. It should be neutral: with everything hidden the
# network should see nothing in it. And the picture should stay familiar with half of it
# hidden, or all answers are close to zero and nothing is learnt from them.
#
# The two pull apart. Mean colours leave the picture most familiar, as the average over
# all perturbations shows; but alone they still look like an espresso. Black is neutral,
# and half a picture in black is seldom an espresso; grey comes closest to both wishes.
# Drawn fills need not be neutral: noise looks a little like a bird, and patches like a
# pinwheel. With noise the network sees an espresso least often, and the surrogate
# predicts it worst.
print("fill          espresso in it  most likely in it        average  fidelity")
for fill, explanation in explanations.items():
    answer = network.predict_proba(explanation.background[np.newaxis])[0]
    likely = f"{network.classes_[answer.argmax()]} {answer.max():.2f}"
    average = explanation.sample_predictions[1:, ESPRESSO].mean()
    print(
        f"{fill:12s}  {answer[ESPRESSO]:14.2f}  {likely:23s}  {average:7.2f}  "
        f"{explanation.fidelity[0]:8.2f}"
    )

# %%
# Look at all of them
# -------------------
# Each fill alone, then the picture with every other segment hidden, both with the
# probability of espresso, then the explanation: blue segments speak for espresso,
# orange ones against it. Of "randomise" it is the first draw.
#
# The overlay of noise looks as convincing as the others, since the colours of each are
# scaled to its own largest weight. Only the fidelity gives it away.
figure = plt.figure(figsize=(9.4, 8.6), layout="constrained")
parts = figure.subfigures(4, 2, wspace=0.03, hspace=0.03).ravel()
for part, (fill, explanation) in zip(parts, explanations.items(), strict=True):
    half = explanation.perturbed(hidden=range(0, explanation.n_segments, 2))
    pictures = np.stack([explanation.background, half])
    answers = network.predict_proba(pictures)[:, ESPRESSO]
    part.suptitle(fill, fontweight="bold")
    axes = part.subplots(1, 3)
    for ax, picture, answer in zip(axes[:2], pictures, answers, strict=True):
        ax.imshow(picture)
        ax.set(xticks=[], yticks=[])
        ax.set_title(f"espresso {answer:.2f}", fontsize=9)
    LimeDisplay.from_explanation(explanation, ax=axes[2])
    axes[2].set_title(f"fidelity {explanation.fidelity[0]:.2f}", fontsize=9)
plt.show()

# %%
# A way out: larger segments
# --------------------------
# Hidden in fewer, larger pieces the picture is easier to recognise, and the surrogate
# has less to learn. Then even noise comes close to the others, but the explanation
# speaks of larger parts.
print("fill   segments  average  fidelity")
for fill in ("black", "noise"):
    for explanation in (explanations[fill], explain(fill, n_segments=25)):
        average = explanation.sample_predictions[1:, ESPRESSO].mean()
        print(
            f"{fill:5s}  {explanation.n_segments:8d}  {average:7.2f}  "
            f"{explanation.fidelity[0]:8.2f}"
        )
