"""Weigh: how near each perturbation is to the image, and what that counts.

Distances are between rows of `samples`, which say what is shown, and the image
itself, which shows every segment.
"""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np
from sklearn.metrics import pairwise_distances
from sklearn.metrics.pairwise import PAIRWISE_BOOLEAN_FUNCTIONS

__all__ = [
    "check_sample_weights",
    "compute_distances",
    "compute_sample_weights",
    "exponential_kernel",
    "weigh_samples",
]

KERNELS = ("exponential",)
NEGLIGIBLE = 1e-12


def compute_distances(samples, metric="cosine"):
    """Return the distance of each perturbation from the image.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    metric : str, callable or array-like of shape (n,), default="cosine"
        A name or callable for `sklearn.metrics.pairwise_distances`; a callable
        takes two rows and returns a number. An array is taken for the distances.

    Returns
    -------
    ndarray of shape (n,)
        Not negative. For cosine ``1 - sqrt(k / d)`` where k of d segments are shown,
        which is 1 where none is.

    Raises
    ------
    ValueError
        For an unknown metric, an array of another length, or distances that are
        negative or not finite.

    Examples
    --------
    >>> import numpy as np
    >>> samples = np.array([[True, True, True, True], [True, False, False, False]])
    >>> compute_distances(samples)
    array([0. , 0.5])
    """
    if isinstance(metric, str) and metric == "cosine":
        return 1 - np.sqrt(samples.mean(axis=1))
    if isinstance(metric, str) or callable(metric):
        distances = _pairwise_to_image(samples, metric)
    else:
        distances = metric
    return check_one_for_each(distances, len(samples), "distance", metric)


def _pairwise_to_image(samples, metric):
    """Call scikit-learn, with booleans where the metric wants them."""
    rows = samples if metric in PAIRWISE_BOOLEAN_FUNCTIONS else samples.astype(float)
    image = np.ones((1, rows.shape[1]), dtype=rows.dtype)
    try:
        return pairwise_distances(rows, image, metric=metric).ravel()
    except ValueError as error:
        raise ValueError(
            "distance must be a metric of sklearn.metrics.pairwise_distances, a "
            f"callable or an array. Got {metric!r}: {error}"
        ) from error


def exponential_kernel(distances, kernel_width=0.25):
    """Return ``sqrt(exp(-distances**2 / kernel_width**2))``, lime's kernel [1]_.

    Parameters
    ----------
    distances : ndarray of shape (n,)
        Distances from the image.
    kernel_width : float, default=0.25
        The distance at which the weight has fallen to 0.61.

    Returns
    -------
    ndarray of shape (n,)
        Weights in [0, 1].

    Raises
    ------
    ValueError
        If the width is not positive.

    References
    ----------
    .. [1] M. T. Ribeiro, S. Singh and C. Guestrin, "Why should I trust you?
       Explaining the predictions of any classifier", KDD 2016; the square root
       stands in the code of their package.

    Examples
    --------
    >>> import numpy as np
    >>> exponential_kernel(np.array([0.0, 0.25, 1.0])).round(4)
    array([1.000e+00, 6.065e-01, 3.000e-04])
    """
    if not kernel_width > 0:
        raise ValueError(f"kernel_width must be greater than 0. Got {kernel_width!r}.")
    return np.exp(-0.5 * (np.asarray(distances) / kernel_width) ** 2)


def compute_sample_weights(distances, kernel="exponential", kernel_width=0.25):
    """Return the weight of each perturbation in the fit of the surrogate.

    Parameters
    ----------
    distances : ndarray of shape (n,)
        Distances from the image.
    kernel : {"exponential"} or callable, default="exponential"
        A callable takes the distances and returns the weights.
    kernel_width : float, default=0.25
        Width of the exponential kernel.

    Returns
    -------
    ndarray of shape (n,)
        Not negative, more than one of them of any size.

    Raises
    ------
    ValueError
        For an unknown kernel or weights that no surrogate can use.
    """
    if callable(kernel):
        weights = kernel(distances.copy())
    elif isinstance(kernel, str) and kernel in KERNELS:
        weights = exponential_kernel(distances, kernel_width)
    else:
        raise ValueError(f"kernel must be 'exponential' or a callable. Got {kernel!r}.")
    source = f"kernel={kernel!r} with kernel_width={kernel_width!r}"
    return check_sample_weights(weights, len(distances), "kernel", source)


def check_sample_weights(weights, n_rows, name, source):
    """Return weights that a surrogate can be fitted with.

    Parameters
    ----------
    weights : array-like of shape (n_rows,)
        One for each perturbation.
    n_rows : int
        Number of perturbations.
    name : str
        The parameter that they came from.
    source : object
        Its value, for the message.

    Returns
    -------
    ndarray of shape (n_rows,)
        A copy, not negative, more than one of them of any size.

    Raises
    ------
    ValueError
        If they are anything else.
    """
    weights = check_one_for_each(weights, n_rows, name, source)
    if n_rows > 1 and weights.sum() - weights.max() <= NEGLIGIBLE * weights.max():
        raise ValueError(
            f"{name} must give more than one perturbation a weight. All sample weights "
            f"but one are zero or next to it with {source}. Pass a larger "
            "kernel_width, or another kernel, distance or sampler."
        )
    return weights


def weigh_samples(samples, distance="cosine", kernel="exponential", kernel_width=0.25):
    """Return distances and weights of perturbations.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    distance : str, callable or array-like of shape (n,), default="cosine"
        See `compute_distances`.
    kernel : {"exponential"} or callable, default="exponential"
        See `compute_sample_weights`.
    kernel_width : float, default=0.25
        Width of the exponential kernel.

    Returns
    -------
    distances : ndarray of shape (n,)
        From the image.
    sample_weights : ndarray of shape (n,)
        What each perturbation counts in the fit of a surrogate.

    Examples
    --------
    >>> import numpy as np
    >>> samples = np.array([[True, True], [True, False], [False, False]])
    >>> distances, sample_weights = weigh_samples(samples)
    >>> distances.round(2), sample_weights.round(2)
    (array([0.  , 0.29, 1.  ]), array([1. , 0.5, 0. ]))
    """
    distances = compute_distances(samples, distance)
    return distances, compute_sample_weights(distances, kernel, kernel_width)


def check_one_for_each(values, n_rows, name, got):
    """Return distances or weights, or raise ValueError if they cannot be any.

    Parameters
    ----------
    values : array-like
        What was computed or given.
    n_rows : int
        Number of perturbations.
    name : str
        The parameter that it came from.
    got : object
        Its value, for the message.

    Returns
    -------
    ndarray of shape (n_rows,), dtype float64
        A copy, finite and not negative.

    Raises
    ------
    ValueError
        If they are anything else.
    """
    try:
        values = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must give numbers. Got {got!r}: {error}") from error
    if values.shape != (n_rows,):
        raise ValueError(
            f"{name} must give one number for each of the {n_rows} perturbations. "
            f"Got shape {values.shape} from {got!r}."
        )
    if not np.isfinite(values).all() or (values < 0).any():
        raise ValueError(
            f"{name} must give finite numbers that are not negative. {got!r} gave "
            f"{np.count_nonzero(~np.isfinite(values))} that are not finite and "
            f"{np.count_nonzero(values < 0)} negative ones."
        )
    return values
