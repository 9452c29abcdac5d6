"""Fidelity: how well the surrogate says what the black box does."""
# SPDX-License-Identifier: BSD-3-Clause

from typing import Any

from sklime.explanation import ImageExplanation


def fidelity(explanation: ImageExplanation, *, label: Any = None) -> float:
    """Return how well the surrogate predicts perturbations that it did not see.

    Parameters
    ----------
    explanation : ImageExplanation
        Of an image.
    label : object, default=None
        One of the explained labels; None is the first.

    Returns
    -------
    float
        Weighted R², 1 at best, see `sklime.surrogate.compute_fidelity`. Coarse segments
        are easy to predict: never choose a segmentation by it.

    Raises
    ------
    ValueError
        For a label that was not explained.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime import ImageLimeExplainer
    >>> explainer = ImageLimeExplainer(lambda images: images.mean(axis=(1, 2, 3)))
    >>> explanation = explainer.fit_explain(data.coffee()[::8, ::8])
    >>> bool(fidelity(explanation) > 0.99)
    True
    """
    return float(explanation.fidelity[explanation.position(label)])


def local_prediction_gap(explanation: ImageExplanation, *, label: Any = None) -> float:
    """Return how far the surrogate is from the black box at the image itself.

    Parameters
    ----------
    explanation : ImageExplanation
        Of an image.
    label : object, default=None
        One of the explained labels; None is the first.

    Returns
    -------
    float
        The absolute difference, on the scale of the output; 0 at best. Next to a
        classifier as surrogate, of probabilities.

    Raises
    ------
    ValueError
        For a label that was not explained.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime import ImageLimeExplainer
    >>> explainer = ImageLimeExplainer(lambda images: images.mean(axis=(1, 2, 3)) / 255)
    >>> explanation = explainer.fit_explain(data.coffee()[::8, ::8])
    >>> local_prediction_gap(explanation) < 0.001
    True
    """
    row = explanation.position(label)
    gap = explanation.predictions[row] - explanation.local_predictions[row]
    return float(abs(gap))
