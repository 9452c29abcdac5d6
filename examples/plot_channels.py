"""
One channel, or ten
===================

Not all images are photographs. A greyscale image has no channel axis, and a stack of
measurements may have ten channels. Both are explained like any other; only the drawing
has to be told which channels to show.

.. SPDX-License-Identifier: BSD-3-Clause
"""

# %%
# Grey: what counts as a coin?
# ----------------------------
# The black box counts coins: it finds edges, fills what they enclose, and counts the
# pieces. It takes images of shape (n, H, W), so ``channel_axis`` is None.
import matplotlib.pyplot as plt
import numpy as np
from scipy import ndimage
from skimage import color, data, filters
from sklearn.linear_model import LinearRegression

from sklime import ImageLimeExplainer, LimeDisplay
from sklime.segmentation import GridSegmenter, SlicSegmenter


def count_coins(images):
    """Return the number of coins in each image, of shape (n,)."""
    filled = [ndimage.binary_fill_holes(filters.sobel(i / 255) > 0.1) for i in images]
    opened = [ndimage.binary_opening(f, iterations=4) for f in filled]
    return np.array([float(ndimage.label(pieces)[1]) for pieces in opened])


# %%
# A hidden segment is as dark as the table. Linear regression without a penalty gives
# weights in coins.
coins = data.coins()[::2, ::2]
explainer = ImageLimeExplainer(
    count_coins,
    segmenter=SlicSegmenter(60),
    channel_axis=None,
    occluder=50,
    surrogate=LinearRegression(),
    class_names=["coins"],
    n_perturbations=512,
    random_state=0,
)
counted = explainer.fit_explain(coins)
weights = counted.weights[0]
print(counted)
print(f"segments that weigh about one coin: {np.sum(np.abs(weights - 1) < 0.1)}")
print(f"segments that weigh nothing: {np.sum(np.abs(weights) < 0.1)}")
print(f"surrogate with all of them: {counted.local_predictions[0]:.1f} coins")

# %%
# A segment that holds a coin weighs one coin. The pale ones share theirs with another
# segment, and a piece of table without a coin weighs nothing.
figure, axes = plt.subplots(1, 2, figsize=(9, 3.9), layout="constrained")
for ax, kind in zip(axes, ("boundaries", "overlay"), strict=True):
    LimeDisplay.from_explanation(counted, kind=kind, ax=ax)
axes[0].set_title("coins, and segments")
axes[1].set_title(f"the model counts {counted.predictions[0]:.0f}: what each adds")
plt.show()

# %%
# Ten channels: a stained tissue
# ------------------------------
# In this section of a gland a brown dye, DAB, marks a protein, and a blue one nuclei.
# From the three colours come the two dyes and what they leave, hue, saturation,
# brightness and edges: an image of 128x128 pixels and ten channels.
tissue = data.immunohistochemistry()[::4, ::4]
names = ["red", "green", "blue", "nuclei", "DAB", "residual"]
names += ["hue", "saturation", "brightness", "edges"]
dyes = color.separate_stains(tissue, color.hdx_from_rgb)
edges = filters.sobel(color.rgb2gray(tissue))[..., np.newaxis]
stack = np.concatenate([tissue / 255, dyes, color.rgb2hsv(tissue), edges], axis=-1)
low, high = stack.min(axis=(0, 1)), stack.max(axis=(0, 1))
stack = (stack - low) / (high - low)
DAB = names.index("DAB")
threshold = filters.threshold_otsu(stack[..., DAB])


def stained_area(stacks):
    """Return how much of each image is brown, in percent, of shape (n,)."""
    return 100 * (stacks[..., DAB] > threshold).mean(axis=(1, 2))


# %%
# This black box goes by one channel, which it does not say. First: where? An image of
# ten channels could be a batch, so it is passed as a batch of one.
explainer = ImageLimeExplainer(
    stained_area, occluder=0, class_names=["stained area"], random_state=0
)
(where,) = explainer.fit_explain(stack[np.newaxis])
print(where)

# %%
# Without `channels` the mean of all ten would be drawn. Three of them are drawn as
# red, green and blue, one in grey.
figure, axes = plt.subplots(1, 3, figsize=(9, 3.4), layout="constrained")
LimeDisplay.from_explanation(where, kind="image", channels=[0, 1, 2], ax=axes[0])
LimeDisplay.from_explanation(where, kind="image", channels=DAB, ax=axes[1])
LimeDisplay.from_explanation(where, channels=[0, 1, 2], ax=axes[2])
axes[0].set_title("channels 0, 1 and 2")
axes[1].set_title(f"channel {DAB}, DAB")
axes[2].set_title(f"{where.predictions[0]:.0f} percent stained: where")
plt.show()

# %%
# Which channel?
# --------------
# Segments hide all channels of a place. To ask about channels, lay them out side by
# side like prints on a contact sheet: a greyscale image of which every tile is a
# segment. All 1024 combinations of ten tiles are asked about.


def lay_out(stack):
    """Return the ten channels as 2x5 tiles of one greyscale image."""
    return np.concatenate(np.split(np.hstack(np.moveaxis(stack, -1, 0)), 2, axis=1))


def stained_area_on(sheets):
    """Return the same as `stained_area`, of contact sheets."""
    tiles = [np.split(row, 5, axis=2) for row in np.split(sheets, 2, axis=1)]
    return stained_area(np.stack(tiles[0] + tiles[1], axis=-1))


explainer = ImageLimeExplainer(
    stained_area_on,
    segmenter=GridSegmenter(2, 5),
    channel_axis=None,
    occluder=0,
    class_names=["stained area"],
    random_state=0,
)
which = explainer.fit_explain(lay_out(stack)).name_segments(names)
for name, weight in zip(names, which.weights[0].round(1) + 0.0, strict=True):
    print(f"{name:10s} {weight:5.1f} percent")

# %%
# Many channels look alike, and an overlay of the whole stack could not tell them apart.
# The contact sheet does: only one of them counts.
figure, (sheet, bars) = plt.subplots(
    1, 2, figsize=(9, 3.4), layout="constrained", width_ratios=(2.4, 1)
)
LimeDisplay.from_explanation(which, ax=sheet)
for segment, name in enumerate(names):
    row, column = divmod(segment, 5)
    label = {"boxstyle": "round,pad=0.2", "facecolor": "black", "linewidth": 0}
    place = (128 * column + 6, 128 * row + 8)
    sheet.text(*place, name, color="white", va="top", fontsize=8, bbox=label)
sheet.set_title("ten channels as tiles")
LimeDisplay.from_explanation(which, kind="bar", ax=bars)
bars.set(title="which of them counts", xlabel="percent stained")
plt.show()
