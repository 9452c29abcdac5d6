"""From distances to weights."""
# SPDX-License-Identifier: BSD-3-Clause

from collections.abc import Callable
from numbers import Real
from typing import Any

import numpy as np

from sklime._parameters import name_parameter
from sklime._typing import Array, ArrayLike, Floats
from sklime.locality._check import check_one_for_each, check_sample_weights


def exponential_kernel(distances: ArrayLike, kernel_width: float = 0.25) -> Floats:
    """Return ``sqrt(exp(-distances**2 / kernel_width**2))``, lime's kernel [1]_.

    Parameters
    ----------
    distances : array-like of shape (n,)
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
        If the width is not a positive number.

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
    if not isinstance(kernel_width, Real) or not float(kernel_width) > 0:
        raise ValueError(
            f"kernel_width must be a number greater than 0. Got {kernel_width!r}."
        )
    distances = np.asarray(distances, dtype=np.float64)
    return np.exp(-0.5 * (distances / kernel_width) ** 2)


def uniform_kernel(distances: ArrayLike, kernel_width: Any = None) -> Floats:
    """Return one for each distance: every perturbation counts alike.

    Parameters
    ----------
    distances : array-like of shape (n,)
        Distances from the image.
    kernel_width : Ignored
        Not used, present so that kernels can be exchanged.

    Returns
    -------
    ndarray of shape (n,)
        Ones.

    Examples
    --------
    >>> import numpy as np
    >>> uniform_kernel(np.array([0.0, 0.25, 1.0]))
    array([1., 1., 1.])
    """
    return np.ones(np.shape(distances))


KERNELS = {"exponential": exponential_kernel, "uniform": uniform_kernel}


def apply_kernel(
    distances: Array,
    kernel: str | Callable[..., Any] = "exponential",
    kernel_width: float = 0.25,
) -> Array:
    """Return what a kernel makes of distances, without checking that it is of use.

    Parameters
    ----------
    distances : ndarray of shape (n,)
        Distances from the image.
    kernel : {"exponential", "uniform"} or callable, default="exponential"
        A callable takes the distances and returns the weights.
    kernel_width : float, default=0.25
        Width of the exponential kernel.

    Returns
    -------
    ndarray of shape (n,)
        Not negative.

    Raises
    ------
    ValueError
        For an unknown kernel, or weights that are negative or not finite.

    Examples
    --------
    >>> import numpy as np
    >>> apply_kernel(np.array([0.0, 9.0]), kernel_width=0.1)
    array([1., 0.])
    """
    if callable(kernel):
        with name_parameter("kernel", "called as kernel(distances)"):
            weights = kernel(distances.copy())
    elif isinstance(kernel, str) and kernel in KERNELS:
        weights = KERNELS[kernel](distances, kernel_width)
    else:
        choices = ", ".join(map(repr, KERNELS))
        raise ValueError(
            f"kernel must be one of {choices} or a callable. Got {kernel!r}."
        )
    return check_one_for_each(weights, len(distances), "kernel", kernel)


def compute_sample_weights(
    distances: Array,
    kernel: str | Callable[..., Any] = "exponential",
    kernel_width: float = 0.25,
) -> Array:
    """Return the weight of each perturbation in the fit of the surrogate.

    Parameters
    ----------
    distances : ndarray of shape (n,)
        Distances from the image.
    kernel : {"exponential", "uniform"} or callable, default="exponential"
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

    Examples
    --------
    >>> import numpy as np
    >>> distances = np.array([0.0, 0.5, 1.0])
    >>> compute_sample_weights(distances, lambda distances: 1 - distances)
    array([1. , 0.5, 0. ])
    """
    weights = apply_kernel(distances, kernel, kernel_width)
    source = f"kernel={kernel!r} with kernel_width={kernel_width!r}"
    return check_sample_weights(weights, len(distances), "kernel", source)
