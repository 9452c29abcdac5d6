"""Scorers that compare explanations with masks: `y` holds one for each image.

In a search the masks are passed as its second argument, ``search.fit(X, masks)``, and
split like the images. Images with an empty mask do not count.
"""
# SPDX-License-Identifier: BSD-3-Clause

from typing import TYPE_CHECKING

import numpy as np
from sklearn.utils.validation import check_is_fitted

from sklime._typing import Images
from sklime._validation import channels_last, split_images
from sklime.metrics._localisation import (
    check_truth,
    intersection_over_union,
    pointing_game,
    relevance_mass,
    relevance_rank,
)

if TYPE_CHECKING:
    from sklime.explainer import ImageLimeExplainer

WAY_OUT = "In a search pass masks as search.fit(X, masks)."


def pointing_game_scorer(
    explainer: "ImageLimeExplainer",
    X: Images,
    y: Images | None = None,
    *,
    weighted: bool = False,
) -> float:
    """Score by `pointing_game`: whether the strongest segment is on the object.

    Parameters
    ----------
    explainer : ImageLimeExplainer
        Fitted.
    X : array-like or sequence of images
        One image or many.
    y : array-like of shape (n, H, W) or sequence of masks, bool or integers
        Not zero where the object is; shape (H, W) for a single image.
    weighted : bool, default=False
        See `pointing_game`.

    Returns
    -------
    float
        The mean over images whose mask is not empty, of the first label of each; NaN
        where all are empty.

    Raises
    ------
    TypeError, ValueError
        If `y` is not a mask for each image, of its height and width.

    Examples
    --------
    >>> import numpy as np
    >>> from skimage import data
    >>> from sklime import ImageLimeExplainer
    >>> from sklime.segmentation import GridSegmenter
    >>> image, mask = data.coffee()[::8, ::8], np.zeros((50, 75), dtype=bool)
    >>> mask[20:35, 40:60] = True
    >>> explainer = ImageLimeExplainer(
    ...     lambda images: images[:, 20:35, 40:60].mean(axis=(1, 2, 3)),
    ...     segmenter=GridSegmenter(5, 5), occluder=0, random_state=0,
    ... ).fit(image)
    >>> pointing_game_scorer(explainer, image, mask)
    1.0
    """

    def measure(explanation, truth):
        return pointing_game(explanation.heatmap(), truth, weighted=weighted)

    return _average(explainer, X, y, measure)


def relevance_mass_scorer(
    explainer: "ImageLimeExplainer", X: Images, y: Images | None = None
) -> float:
    """Score by `relevance_mass`: how much positive weight is on the object.

    Parameters
    ----------
    explainer : ImageLimeExplainer
        Fitted.
    X : array-like or sequence of images
        One image or many.
    y : array-like of shape (n, H, W) or sequence of masks, bool or integers
        Not zero where the object is; shape (H, W) for a single image.

    Returns
    -------
    float
        The mean over images whose mask is not empty, of the first label of each; NaN
        where all are empty.

    Raises
    ------
    TypeError, ValueError
        If `y` is not a mask for each image, of its height and width.
    """
    return _average(
        explainer, X, y, lambda e, truth: relevance_mass(e.heatmap(), truth)
    )


def relevance_rank_scorer(
    explainer: "ImageLimeExplainer", X: Images, y: Images | None = None
) -> float:
    """Score by `relevance_rank`: how many of the strongest pixels are on the object.

    Parameters
    ----------
    explainer : ImageLimeExplainer
        Fitted.
    X : array-like or sequence of images
        One image or many.
    y : array-like of shape (n, H, W) or sequence of masks, bool or integers
        Not zero where the object is; shape (H, W) for a single image.

    Returns
    -------
    float
        The mean over images whose mask is not empty, of the first label of each; NaN
        where all are empty.

    Raises
    ------
    TypeError, ValueError
        If `y` is not a mask for each image, of its height and width.
    """
    return _average(
        explainer, X, y, lambda e, truth: relevance_rank(e.heatmap(), truth)
    )


def iou_scorer(
    explainer: "ImageLimeExplainer",
    X: Images,
    y: Images | None = None,
    *,
    n_segments: int = 5,
) -> float:
    """Score by `intersection_over_union` of the strongest segments with the object.

    Parameters
    ----------
    explainer : ImageLimeExplainer
        Fitted.
    X : array-like or sequence of images
        One image or many.
    y : array-like of shape (n, H, W) or sequence of masks, bool or integers
        Not zero where the object is; shape (H, W) for a single image.
    n_segments : int, default=5
        How many segments that speak for the label, see `ImageExplanation.mask`.

    Returns
    -------
    float
        The mean over images whose mask is not empty, of the first label of each; NaN
        where all are empty.

    Raises
    ------
    TypeError, ValueError
        If `y` is not a mask for each image, of its height and width.
    """

    def measure(explanation, truth):
        mask = explanation.mask("positive", n_segments)
        return intersection_over_union(mask, truth)

    return _average(explainer, X, y, measure)


def check_masks(y, images, single=False):
    """Return one mask for each image, before any image is explained.

    Parameters
    ----------
    y : array-like of shape (n, H, W) or sequence of masks
        What a scorer got.
    images : ImageSequence
        The images.
    single : bool, default=False
        Whether they are one image, whose mask may be given as it is.

    Returns
    -------
    list of ndarray of shape (H, W), dtype bool
        Of the height and width of the images, as far as these are in memory.

    Raises
    ------
    TypeError, ValueError
        Naming `y` and the index of the image.
    """
    if y is None or not hasattr(y, "__len__"):
        raise ValueError(
            "y must hold a mask of shape (H, W) for each image, not zero where the "
            f"object is. Got {y!r}. {WAY_OUT}"
        )
    if single and np.ndim(y) == 2:
        y = [y]
    if len(y) != len(images):
        raise ValueError(
            f"y must hold a mask of shape (H, W) for each of the {len(images)} images. "
            f"Got {len(y)}. {WAY_OUT}"
        )
    masks = [check_truth(y[index], f"y[{index}]") for index in range(len(y))]
    if isinstance(images.source, list | tuple | np.ndarray):
        for index, (mask, image) in enumerate(zip(masks, images, strict=True)):
            shape = channels_last(image, images.channel_axis).shape[:2]
            _check_size(mask, shape, index)
    return masks


def _check_size(mask, shape, index):
    if mask.shape != shape:
        raise ValueError(
            f"y[{index}] must have the height and width of X[{index}], {shape}. Got "
            f"shape {mask.shape}."
        )


def _average(explainer, X, y, measure):
    """Return the mean of a measure over images whose mask is not empty."""
    check_is_fitted(explainer)
    images, single = split_images(X, explainer.channel_axis, explainer.n_channels_)
    masks = check_masks(y, images, single)
    scores = []
    for index, explanation in enumerate(explainer.iter_explain(X)):
        mask = masks[index]
        if explanation is not None:
            _check_size(mask, explanation.segments.shape, index)
        if mask.any():  # it must not pay to fail
            missing = explanation is None
            scores.append(np.nan if missing else measure(explanation, mask))
    return float(np.mean(scores)) if scores else np.nan
