"""
Why thirty degrees? A regression model
======================================

A regressor looks at a handwritten seven and says by how many degrees it is turned.
Nothing changes for the explainer, but weights now have a unit: that of the target.

.. SPDX-License-Identifier: BSD-3-Clause
"""

# %%
# A model that reads angles
# -------------------------
# Sevens from scikit-learn's handwritten digits, enlarged and framed to 24x24 pixels and
# turned by known angles, counter-clockwise. Principal components and support vector
# regression learn the angle; a quarter of the sevens is kept for the test.
import matplotlib.pyplot as plt
import numpy as np
from skimage.transform import resize, rotate
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVR

from sklime import ImageLimeExplainer, LimeDisplay
from sklime.segmentation import GridSegmenter


def enlarge(image):
    """Return an image of 24x24 pixels, a dark frame of three around it."""
    return np.pad(resize(image, (18, 18), order=1), 3)


def flatten(images):
    """Return rows, an array of shape (n_images, n_pixels)."""
    return images.reshape(len(images), -1)


def turn(images, angles):
    """Return each image turned by its angle."""
    pairs = zip(images, angles, strict=True)
    return np.stack([rotate(image, angle, order=1) for image, angle in pairs])


digits = load_digits()
sevens = digits.images[digits.target == 7] / 16
sevens = np.stack([enlarge(seven) for seven in sevens])
known, fresh = train_test_split(sevens, random_state=0)
rng = np.random.default_rng(0)
known = np.repeat(known, 10, axis=0)  # each at ten angles
known_angles, fresh_angles = (rng.uniform(-45, 45, len(s)) for s in (known, fresh))
model = make_pipeline(PCA(40, random_state=0), SVR(C=100))
model.fit(flatten(turn(known, known_angles)), known_angles)
answers = model.predict(flatten(turn(fresh, fresh_angles)))
error = mean_absolute_error(fresh_angles, answers)
print(f"mean absolute error on unseen sevens: {error:.1f} degrees")

# %%
# One seven, turned three ways
# ----------------------------
# The model was fitted to rows of 576 numbers, so the explainer flattens images for it.
# Segments are squares of 3x3 pixels. A hidden square shows the mean of the images that
# the explainer was fitted to, a seven turned by every angle at once: so missing ink can
# speak as well.
angles = [-30, 0, 30]
turned = turn([fresh[33]] * 3, angles)
explainer = ImageLimeExplainer(
    model,
    segmenter=GridSegmenter(8, 8),
    channel_axis=None,
    occluder="reference",
    class_names=["degrees"],
    random_state=0,
)
explanations = explainer.fit(turn(known, known_angles)).explain(turned)

# %%
# The surrogate is a sum: what it says of the mean image, plus the weights of all
# squares, is what it says of the picture, all of it in degrees.
print("turned by  model says  mean image  sum of weights  surrogate says")
for angle, explanation in zip(angles, explanations, strict=True):
    print(
        f"{angle:9d}  {explanation.predictions[0]:10.1f}  "
        f"{explanation.intercepts[0]:10.1f}  {explanation.weights[0].sum():14.1f}  "
        f"{explanation.local_predictions[0]:14.1f}"
    )

# %%
# Ink that turns the answer
# -------------------------
# Blue squares make the angle larger, orange ones smaller, and a single `reference` puts
# the three panels on one scale; the grey line is the edge of the ink. The same ends of
# the same strokes change their colour with the place they are turned to, and in the
# turned images some squares without ink speak as well.
largest = max(np.abs(explanation.weights).max() for explanation in explanations)
figure, axes = plt.subplots(2, 3, figsize=(8.4, 6), layout="constrained")
for column, (angle, explanation) in enumerate(zip(angles, explanations, strict=True)):
    LimeDisplay.from_explanation(explanation, kind="image", ax=axes[0, column])
    LimeDisplay.from_explanation(
        explanation,
        kind="heatmap",
        reference=largest,
        colorbar=False,
        ax=axes[1, column],
    )
    axes[1, column].contour(explanation.image, [0.3], colors="0.5", linewidths=1)
    axes[0, column].set_title(
        f"turned by {angle}°,\nthe model says {explanation.predictions[0]:.0f}°"
    )
    axes[1, column].set_title(f"fidelity {explanation.fidelity[0]:.2f}")
figure.colorbar(
    axes[1, 2].images[-1], ax=axes[1], label="weight in degrees", shrink=0.9
)
plt.show()
