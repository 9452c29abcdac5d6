"""
Eight ways to cut up a picture
==============================

An explanation can only speak of segments: what the segmenter puts together stays
together. One photograph, one network, six segmenters and two tricks: eight
explanations.

It needs the extra ``examples``: ``pip install "sklime[examples]"``.

.. SPDX-License-Identifier: BSD-3-Clause
"""

# %%
# One question, six segmenters
# ----------------------------
# All have their default options. SLIC, watershed and clusters aim for a hundred
# segments, the grid has 8x8 squares whatever the picture shows, and the other two find
# as many as it suggests.
import matplotlib.pyplot as plt
import numpy as np
from efficientnet_lite import EfficientNetLite, crop_and_resize
from skimage import data
from skimage.filters import gaussian
from skimage.measure import label
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from sklime import ImageLimeExplainer, LimeDisplay
from sklime.segmentation import (
    ClusterSegmenter,
    FelzenszwalbSegmenter,
    GridSegmenter,
    MergeSegments,
    QuickshiftSegmenter,
    SlicSegmenter,
    WatershedSegmenter,
)

ESPRESSO = 967  # its column in the answers
segmenters = {
    "SLIC": SlicSegmenter(),
    "watershed": WatershedSegmenter(),
    "Felzenszwalb": FelzenszwalbSegmenter(),
    "grid": GridSegmenter(),
    "quickshift": QuickshiftSegmenter(),
    "clusters": ClusterSegmenter(),
}

# %%
# Two tricks
# ----------
# A segmenter is a transformer and can be a step of a pipeline. `MergeSegments` behind
# it splits what is scattered and merges what is too small, here under 300 pixels. A
# blur before it keeps clusters from breaking into specks; the network is still asked
# about the sharp picture.


def blur_all(images):
    """Return blurred copies, a list."""
    return [gaussian(image, sigma=3, channel_axis=-1) for image in images]


segmenters["quickshift, merged"] = make_pipeline(
    QuickshiftSegmenter(), MergeSegments(min_size=300, split=True)
)
segmenters["clusters, blurred"] = make_pipeline(
    FunctionTransformer(blur_all), ClusterSegmenter()
)

# %%
# Ask with each
# -------------
# Hidden segments show their mean colour, so the segmenter also decides what remains of
# the picture. "All hidden" is the network's answer when every segment is. Clusters are
# of such even colour that hiding them changes little: the network still sees an
# espresso, and no segment weighs much. In the grid's squares it recognises nothing, and
# the surrogate predicts it worst. Pieces are connected areas; only clusters and
# quickshift have more of them than segments.
#
# The fidelity says how far to trust an explanation, not which segmenter is right: each
# asks a question of its own.
network = EfficientNetLite(threads=2)
coffee = crop_and_resize(data.coffee())
explanations = {}
print("segmenter           segments  pieces  smallest  all hidden  fidelity")
for name, segmenter in segmenters.items():
    explainer = ImageLimeExplainer(
        network, segmenter=segmenter, n_perturbations=256, random_state=0
    )
    explanation = explainer.fit_explain(coffee, labels="espresso")
    explanations[name] = explanation
    pieces = label(explanation.segments, background=-1).max()
    smallest = np.bincount(explanation.segments.ravel()).min()
    answer = network.predict_proba(explanation.background[np.newaxis])[0]
    print(
        f"{name:18s}  {explanation.n_segments:8d}  {pieces:6d}  {smallest:8d}  "
        f"{answer[ESPRESSO]:10.2f}  {explanation.fidelity[0]:8.2f}"
    )

# %%
# Look at all of them
# -------------------
# Blue segments speak for espresso, orange ones against it; the strongest colour is the
# largest weight of that explanation. In all of them the inside of the cup speaks for
# espresso. The spoon speaks against it where it is one segment or two: compare
# quickshift and the clusters, which splinter it, with the tricks below them.
figure = plt.figure(figsize=(9.2, 10.4), layout="constrained")
parts = figure.subfigures(4, 2, wspace=0.03, hspace=0.03).ravel()
for part, (name, explanation) in zip(parts, explanations.items(), strict=True):
    count, fidelity = explanation.n_segments, explanation.fidelity[0]
    part.suptitle(f"{name}: {count}, fidelity {fidelity:.2f}", fontsize=11)
    axes = part.subplots(1, 2)
    for ax, kind in zip(axes, ("boundaries", "overlay"), strict=True):
        LimeDisplay.from_explanation(explanation, kind=kind, ax=ax)
        ax.set_title("")
plt.show()
