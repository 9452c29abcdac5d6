"""
How many segments justify an answer?
====================================

An explanation ranks segments, but does not say how many of them to show. One answer is
to show as many as it takes: the fewest, in the order of their weights, with which the
network gives the same answer as before. An explanation becomes a justification.

It needs the extra ``examples``: ``pip install "sklime[examples]"``.

.. SPDX-License-Identifier: BSD-3-Clause
"""

# %%
# Two photographs
# ---------------
# What is hidden must say nothing by itself, so hidden segments are grey. Mean colours
# would not do: an espresso of which every segment shows its mean colour is still an
# espresso.
import matplotlib.pyplot as plt
import numpy as np
from efficientnet_lite import EfficientNetLite, crop_and_resize
from skimage import color, data

from sklime import ImageLimeExplainer, LimeDisplay
from sklime.metrics import deletion_curve, insertion_curve

network = EfficientNetLite(threads=2)
photographs = [data.coffee(), color.gray2rgb(data.camera())]
photographs = [crop_and_resize(photograph) for photograph in photographs]
explainer = ImageLimeExplainer(
    network, occluder="grey", n_perturbations=512, random_state=0
).fit(photographs)
explanations = explainer.explain(photographs)
for explanation in explanations:
    print(explanation)

# %%
# The fidelity of the espresso's surrogate is low: half a cup in grey is seldom an
# espresso, and a sum predicts that poorly. What follows does not rely on it, since the
# network is asked about every picture itself.

# %%
# One segment after the other
# ---------------------------
# With ``unit="segments"`` and ``n_steps=None`` the insertion curve has a point for each
# number of segments shown. It gives the probability of the label. Whether the label is
# the network's first answer takes a look at all the others. The first answer need not
# be a sure one, and may be lost again with one segment more.


def names_at(explanation, hide=False):
    """Return the first answer with the 0, 1, ... 40 strongest shown, or hidden."""
    order = explanation.top_segments(40, "positive")
    way = "hidden" if hide else "shown"
    numbers = range(len(order) + 1)
    images = [explanation.perturbed(**{way: order[:number]}) for number in numbers]
    return network.classes_[network.predict_proba(np.stack(images)).argmax(axis=1)]


def count(shown, hidden, label):
    """Return how many segments are enough, and how many are needed."""
    return int(np.argmax(shown == label)), int(np.argmax(hidden != label))


enough, needed, answers = [], [], []
for explanation in explanations:
    (label,) = explanation.labels
    shown, hidden = names_at(explanation), names_at(explanation, hide=True)
    n_enough, n_needed = count(shown, hidden, label)
    enough.append(n_enough)
    needed.append(n_needed)
    answers.append((shown[n_enough - 1], shown[n_enough], hidden[n_needed]))
    area = explanation.mask(n_segments=n_enough).mean()
    later = np.mean(shown[n_enough + 1 :] == label)
    print(f"{label}: {explanation.n_segments} segments")
    print(f"  enough: the {n_enough} strongest shown, {area:.0%} of the area;")
    print(f"    with {later:.0%} of the larger numbers up to 40 it is so, too")
    print(f"  needed: no longer the answer with the {n_needed} strongest hidden")

# %%
# Chance, twice
# -------------
# Would any segments do? Forty random choices of as many say how often. And the order
# comes from random perturbations: other ones give other numbers.
lucky, spread = [], []
for explanation, n_enough in zip(explanations, enough, strict=True):
    (label,) = explanation.labels
    rng = np.random.default_rng(0)
    choices = [
        rng.choice(explanation.n_segments, n_enough, replace=False) for _ in range(40)
    ]
    images = np.stack([explanation.perturbed(shown=choice) for choice in choices])
    names = network.classes_[network.predict_proba(images).argmax(axis=1)]
    lucky.append(int(np.sum(names == label)))
    print(f"{label}: {lucky[-1]} of 40 random choices of {n_enough} segments do")
for seed in range(1, 4):
    others = explainer.set_params(random_state=seed).explain(photographs)
    spread.append(
        [count(names_at(e), names_at(e, hide=True), e.labels[0]) for e in others]
    )
    for explanation, (n_enough, n_needed) in zip(others, spread[-1], strict=True):
        label = explanation.labels[0]
        print(f"seed {seed}, {label}: {n_enough} are enough, {n_needed} needed")

# %%
# The curve
# ---------
# Solid lines show the strongest segments first, dashed ones hide them first; the grey
# one shows segments in a random order. The dots are the two numbers: where the curve of
# the espresso has its first dot it is low, and falls again. A few strong segments are
# enough, where as many random ones seldom are; how few depends on the perturbations. To
# make the network forget the espresso takes many more, since one part of a cup does as
# well as another.
figure, axes = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained", sharey=True)
curves = {"shown": insertion_curve, "hidden": deletion_curve}
options = {"unit": "segments", "n_steps": None, "baseline": "background"}
for place, (ax, explanation) in enumerate(zip(axes, explanations, strict=True)):
    areas, chance = insertion_curve(
        explanation, explainer, order="random", random_state=0, **options
    )
    ax.plot(chance, color="0.65", label="shown in random order")
    for (way, compute), style in zip(curves.items(), ("-", "--"), strict=True):
        _, scores = compute(explanation, explainer, **options)
        number = {"shown": enough, "hidden": needed}[way][place]
        color = {"shown": "#0072B2", "hidden": "#D55E00"}[way]
        ax.plot(scores, style, color=color, label=f"strongest {way} first")
        ax.plot(number, scores[number], "o", color=color)
        ax.annotate(
            number,
            (number, scores[number]),
            {"shown": (-11, 4), "hidden": (24, 38)}[way],  # off the lines
            textcoords="offset points",
            color=color,
            weight="bold",
            ha="center",
            arrowprops={"arrowstyle": "-", "color": color} if way == "hidden" else None,
        )
    ax.set(title=explanation.labels[0], xlabel="number of segments")
axes[0].set(ylabel="probability of the label", ylim=(-0.02, 1.02))
axes[1].legend(fontsize=9)
plt.show()

# %%
# The justification
# -----------------
# One segment too few, just enough, and with the needed ones gone: what the network
# answers stands above.
# sphinx_gallery_thumbnail_number = 2
figure, axes = plt.subplots(2, 3, figsize=(9, 6.5), layout="constrained")
for row, explanation, n_enough, n_needed, words in zip(
    axes, explanations, enough, needed, answers, strict=True
):
    for ax, number in zip(row[:2], (n_enough - 1, n_enough), strict=True):
        LimeDisplay.from_explanation(
            explanation, kind="cutout", n_segments=number, ax=ax
        )
    rest = explanation.perturbed(hidden=explanation.top_segments(n_needed, "positive"))
    LimeDisplay.from_explanation(explanation, kind="image", image=rest, ax=row[2])
    numbers = f"{n_enough - 1} shown", f"{n_enough} shown", f"{n_needed} hidden"
    for ax, number, word in zip(row, numbers, words, strict=True):
        ax.set_title(f"{number}: {word}")
plt.show()
