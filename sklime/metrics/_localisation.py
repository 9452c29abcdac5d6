"""Localisation: whether an explanation points at what a mask says is there.

A heat map is compared with the truth: a mask of the same height and width, drawn by
somebody who knows where the object is. All pixels of a segment have one value, so
that ties are the rule; they are shared out, never decided by the order of pixels.
An empty truth has no answer, NaN.
"""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np
from sklearn.metrics import jaccard_score

from sklime._typing import Array, ArrayLike, Booleans


def pointing_game(
    heatmap: ArrayLike, truth: ArrayLike, *, weighted: bool = False
) -> float:
    """Return whether the largest value of a heat map lies in the truth.

    Parameters
    ----------
    heatmap : array-like of shape (H, W)
        Signed weights of pixels.
    truth : array-like of shape (H, W), bool or integers
        Not zero where the object is.
    weighted : bool, default=False
        Whether to multiply by the share of pixels outside the truth, because a large
        object is easily hit.

    Returns
    -------
    float
        In [0, 1]: the share of the pixels with the largest value that lie in the
        truth, 1 for a hit and 0 for a miss where these are one segment [1]_. NaN for
        an empty truth.

    Raises
    ------
    TypeError, ValueError
        If the two have not the same shape, or are of other types.

    References
    ----------
    .. [1] J. Zhang, S. A. Bargal, Z. Lin, J. Brandt, X. Shen and S. Sclaroff,
       "Top-down neural attention by excitation backprop", International Journal of
       Computer Vision 126, 2018.

    Examples
    --------
    >>> pointing_game([[0.1, 0.7, 0.7]], [[0, 0, 1]])
    0.5
    >>> round(pointing_game([[0.1, 0.2, 0.7]], [[0, 0, 1]], weighted=True), 3)
    0.667
    """
    heatmap, truth = _check_heatmap(heatmap, truth)
    if not truth.any():
        return np.nan
    hit = truth[heatmap == heatmap.max()].mean()
    return float(hit * (1 - truth.mean()) if weighted else hit)


def relevance_mass(heatmap: ArrayLike, truth: ArrayLike) -> float:
    """Return the share of the positive relevance that lies in the truth.

    Parameters
    ----------
    heatmap : array-like of shape (H, W)
        Signed weights of pixels; negative ones count as zero.
    truth : array-like of shape (H, W), bool or integers
        Not zero where the object is.

    Returns
    -------
    float
        In [0, 1] [1]_: 0 where there is no positive relevance, NaN for an empty truth.

    Raises
    ------
    TypeError, ValueError
        If the two have not the same shape, or are of other types.

    References
    ----------
    .. [1] L. Arras, A. Osman and W. Samek, "CLEVR-XAI: A benchmark dataset for the
       ground truth evaluation of neural network explanations", Information Fusion 81,
       2022.

    Examples
    --------
    >>> relevance_mass([[-5.0, 1.0, 3.0]], [[True, False, True]])
    0.75
    """
    heatmap, truth = _check_heatmap(heatmap, truth)
    if not truth.any():
        return np.nan
    largest = heatmap.max()
    if largest <= 0:
        return 0.0
    relevance = np.maximum(heatmap, 0) / largest
    return float(relevance[truth].sum() / relevance.sum())


def relevance_rank(heatmap: ArrayLike, truth: ArrayLike) -> float:
    """Return the share of the truth among the same number of largest values.

    Parameters
    ----------
    heatmap : array-like of shape (H, W)
        Signed weights of pixels.
    truth : array-like of shape (H, W), bool or integers
        Not zero where the object is, in k pixels.

    Returns
    -------
    float
        In [0, 1]: how many of the k pixels with the largest values lie in the truth,
        divided by k [1]_. Of pixels with the smallest value among them, as many as
        are needed are taken at random: the expectation is returned. NaN for an empty
        truth.

    Raises
    ------
    TypeError, ValueError
        If the two have not the same shape, or are of other types.

    References
    ----------
    .. [1] L. Arras, A. Osman and W. Samek, "CLEVR-XAI: A benchmark dataset for the
       ground truth evaluation of neural network explanations", Information Fusion 81,
       2022.

    Examples
    --------
    >>> relevance_rank([[9.0, 5.0, 5.0, 0.0]], [[True, True, False, False]])
    0.75
    """
    heatmap, truth = _check_heatmap(heatmap, truth)
    n_true = np.count_nonzero(truth)
    if n_true == 0:
        return np.nan
    smallest = np.partition(heatmap, -n_true, axis=None)[-n_true]
    above, tied = heatmap > smallest, heatmap == smallest
    n_taken = n_true - np.count_nonzero(above)
    hits = np.count_nonzero(truth & above) + n_taken * truth[tied].mean()
    return float(hits / n_true)


def intersection_over_union(mask: ArrayLike, truth: ArrayLike) -> float:
    """Return how far a mask and the truth cover each other, Jaccard's index.

    Parameters
    ----------
    mask : array-like of shape (H, W), bool or integers
        Not zero where the explanation points, such as ``explanation.mask()``.
    truth : array-like of shape (H, W), bool or integers
        Not zero where the object is.

    Returns
    -------
    float
        In [0, 1]: the area of both, divided by the area of either [1]_. NaN for an
        empty truth.

    Raises
    ------
    TypeError, ValueError
        If the two have not the same shape, or are of other types.

    References
    ----------
    .. [1] P. Jaccard, "The distribution of the flora in the alpine zone", New
       Phytologist 11, 1912.

    Examples
    --------
    >>> intersection_over_union([[1, 1, 0, 0]], [[0, 1, 1, 1]])
    0.25
    """
    mask, truth = check_truth(mask, "mask"), check_truth(truth)
    _check_shapes(mask, truth, "mask")
    if not truth.any():
        return np.nan
    return float(jaccard_score(truth.ravel(), mask.ravel()))


def check_truth(truth: ArrayLike, name: str = "truth") -> Booleans:
    """Return a mask as booleans, or say what is wrong with it.

    Parameters
    ----------
    truth : array-like of shape (H, W)
        Booleans, or integers that are not zero where the object is.
    name : str, default="truth"
        What error messages call it.

    Returns
    -------
    ndarray of shape (H, W), dtype bool
        True where the object is.

    Raises
    ------
    TypeError
        For numbers that are no integers: at which value they begin to be true is not
        ours to say.
    ValueError
        If it has not two dimensions, or no pixels.

    Examples
    --------
    >>> check_truth([[0, 255]])
    array([[False,  True]])
    """
    truth = np.asarray(truth)
    if truth.dtype.kind not in "bui":
        raise TypeError(
            f"{name} must be booleans, or integers that are not zero where the object "
            f"is. Got dtype {truth.dtype}; pass {name} > threshold."
        )
    if truth.ndim != 2 or truth.size == 0:
        raise ValueError(
            f"{name} must be a mask of shape (H, W). Got shape {truth.shape}."
        )
    return truth != 0


def _check_heatmap(heatmap, truth) -> tuple[Array, Booleans]:
    """Return both as arrays that belong together."""
    heatmap, truth = np.asarray(heatmap, dtype=np.float64), check_truth(truth)
    _check_shapes(heatmap, truth, "heatmap")
    if not np.isfinite(heatmap).all():
        n_bad = np.count_nonzero(~np.isfinite(heatmap))
        raise ValueError(
            f"heatmap must be finite. Got NaN or infinity in {n_bad} of {heatmap.size} "
            "values; numpy.nan_to_num replaces them."
        )
    return heatmap, truth


def _check_shapes(array, truth, name):
    if array.shape != truth.shape:
        raise ValueError(
            f"{name} and truth must have the same height and width. Got shapes "
            f"{array.shape} and {truth.shape}; resize the truth with "
            "skimage.transform.resize(..., order=0)."
        )
