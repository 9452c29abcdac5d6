"""Turn weights into colours: hue by sign, opacity by size."""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np

from sklime._typing import ArrayLike, Floats


def find_reference(heatmap: Floats, outlier_percentile: float = 0.0) -> float:
    """Return the absolute weight that is drawn at full strength.

    Parameters
    ----------
    heatmap : ndarray
        Signed weights of pixels.
    outlier_percentile : float, default=0.0
        In [0, 100): the largest absolute weights that together make up this share of
        the sum of all are outliers, and drawn as the smallest of them. It is what
        Captum calls ``outlier_perc`` [1]_, and unlike a share of the pixels defined
        where most weights are zero.

    Returns
    -------
    float
        The largest absolute weight without outliers, 1 if all are zero.

    References
    ----------
    .. [1] N. Kokhlikyan et al., "Captum: A unified and generic model interpretability
       library for PyTorch", arXiv:2009.07896, 2020.

    Examples
    --------
    >>> import numpy as np
    >>> weights = np.array([-40.0, 30.0, 20.0, 10.0])
    >>> find_reference(weights), find_reference(weights, outlier_percentile=50)
    (40.0, 30.0)
    """
    strength = np.abs(heatmap)
    if outlier_percentile == 0:
        return float(strength.max()) or 1.0
    strength = np.sort(strength, axis=None)
    total = np.cumsum(strength)
    if not total[-1] > 0:
        return 1.0
    limit = total[-1] * (1 - outlier_percentile / 100)
    return float(strength[np.searchsorted(total, limit)])


def scale_opacity(
    heatmap: Floats,
    opacity: float = 1.0,
    exponent: float = 1.0,
    reference: float | None = None,
) -> Floats:
    r"""Return an opacity for each weight.

    With the reference r it is :math:`\text{opacity} \cdot \min(1, |w| / r)^\text{
    exponent}`, so that `opacity` scales and never cuts off: weights that differ look
    different up to the reference.

    Parameters
    ----------
    heatmap : ndarray
        Signed weights.
    opacity : float, default=1.0
        Of the reference and of what exceeds it, in [0, 1].
    exponent : float, default=1.0
        Above 0. Below 1 it raises weak weights, above 1 it fades them.
    reference : float, default=None
        Absolute weight that is drawn at full strength; None is the largest.

    Returns
    -------
    ndarray of the same shape
        In [0, `opacity`]; 0 where the weight is zero.

    Examples
    --------
    >>> import numpy as np
    >>> scale_opacity(np.array([-2.0, 1.0, 0.0]), opacity=0.8).tolist()
    [0.8, 0.4, 0.0]
    """
    reference = find_reference(heatmap) if reference is None else reference
    return opacity * np.minimum(1.0, np.abs(heatmap) / reference) ** exponent


def paint_overlay(
    heatmap: Floats,
    positive_color: ArrayLike,
    negative_color: ArrayLike,
    opacity: float = 1.0,
    *,
    exponent: float = 1.0,
    reference: float | None = None,
) -> Floats:
    """Return colour by the sign of a weight and opacity by its size.

    Parameters
    ----------
    heatmap : ndarray of shape (H, W)
        Signed weights.
    positive_color, negative_color : array-like of shape (3,)
        Red, green and blue in [0, 1].
    opacity, exponent, reference : float
        See `scale_opacity`.

    Returns
    -------
    ndarray of shape (H, W, 4)
        RGBA in [0, 1]; fully transparent where the weight is zero.

    Raises
    ------
    ValueError
        For colours that are not three numbers.

    Examples
    --------
    >>> import numpy as np
    >>> paint_overlay(np.array([[-1.0, 2.0]]), (0, 0, 1), (1, 0, 0)).tolist()
    [[[1.0, 0.0, 0.0, 0.5], [0.0, 0.0, 1.0, 1.0]]]
    """
    names = {"positive_color": positive_color, "negative_color": negative_color}
    for name, value in names.items():
        if np.shape(value) != (3,):
            raise ValueError(
                f"{name} must be red, green and blue in [0, 1]. Got {value!r}; "
                "matplotlib.colors.to_rgb knows names."
            )
    positive = (heatmap > 0)[..., np.newaxis]
    colours = np.where(positive, positive_color, negative_color)
    alpha = scale_opacity(heatmap, opacity, exponent, reference)
    return np.concatenate([colours, alpha[..., np.newaxis]], axis=-1)
