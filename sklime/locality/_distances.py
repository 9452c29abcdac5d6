"""Distances of perturbations from the image."""
# SPDX-License-Identifier: BSD-3-Clause

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.metrics import pairwise_distances
from sklearn.metrics.pairwise import PAIRWISE_BOOLEAN_FUNCTIONS

from sklime._parameters import name_call, name_parameter
from sklime._rows import check_rows
from sklime._typing import Array, Booleans
from sklime.locality._check import check_one_for_each
from sklime.locality._kernels import compute_sample_weights
from sklime.locality._pixels import AreaDistance, ImageDistance

DISTANCES = {"area": AreaDistance, "image": ImageDistance}


def check_distance(distance: Any) -> Any:
    """Return a distance object for a name that stands for one, others as they are.

    Parameters
    ----------
    distance : str, callable, array-like or object
        See `compute_distances`.

    Returns
    -------
    object
        With a method `measure`, or what was passed.

    Raises
    ------
    TypeError, ValueError
        For an unknown name, or a class in place of an object.

    Examples
    --------
    >>> check_distance("image")
    ImageDistance()
    """
    if isinstance(distance, type):
        raise TypeError(
            f"distance must be an object, such as {distance.__name__}(). Got the class."
        )
    if isinstance(distance, str) and distance in DISTANCES:
        return DISTANCES[distance]()
    if isinstance(distance, str) and distance != "cosine":
        _pairwise_to_image(np.array([[True, True], [True, False]]), distance)
    return distance


def compute_distances(
    samples: Booleans, metric: Any = "cosine", **pictures: Any
) -> Array:
    """Return the distance of each perturbation from the image.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    metric : str, callable, array-like of shape (n,) or object, default="cosine"
        "area" (see `AreaDistance`), "image" (see `ImageDistance`), a name or callable
        for `sklearn.metrics.pairwise_distances`, or an object with a method
        ``measure(samples, **pictures)``. A callable takes two rows and returns a
        number. An array is taken for the distances.
    **pictures : dict
        For an object with `measure`: `image`, `background`, `segments` and
        `data_range`, as `ImageLimeExplainer` passes them.

    Returns
    -------
    ndarray of shape (n,)
        Not negative. For cosine ``1 - sqrt(k / d)`` where k of d segments are shown,
        which is 1 where none is.

    Raises
    ------
    TypeError, ValueError
        For an unknown metric, an array of another length, pictures that are missing,
        samples that are not booleans, or distances that are negative or not finite.

    Examples
    --------
    >>> import numpy as np
    >>> samples = np.array([[True, True, True, True], [True, False, False, False]])
    >>> compute_distances(samples)
    array([0. , 0.5])
    >>> compute_distances(samples, "area", segments=np.array([[0, 0, 0, 1, 2, 3]]))
    array([0.        , 0.29289322])
    """
    samples = check_rows(samples)
    if isinstance(metric, str) and metric == "cosine":
        return 1 - np.sqrt(samples.mean(axis=1))
    metric = check_distance(metric)
    if hasattr(metric, "measure"):
        with name_call("distance", metric, "measure", "samples, **pictures"):
            distances = metric.measure(samples, **pictures)
    elif isinstance(metric, str):
        distances = _pairwise_to_image(samples, metric)
    elif callable(metric):
        with name_parameter("distance", "called as distance(row, row_of_the_image)"):
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
            "distance must be 'area', 'image', a metric of "
            "sklearn.metrics.pairwise_distances, a callable, an array or an object "
            f"with a method 'measure'. Got {metric!r}: {error}"
        ) from error


def weigh_samples(
    samples: Booleans,
    distance: Any = "cosine",
    kernel: str | Callable[..., Any] = "exponential",
    kernel_width: float = 0.25,
    **pictures: Any,
) -> tuple[Array, Array]:
    """Return distances and weights of perturbations.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    distance : str, callable, array-like of shape (n,) or object, default="cosine"
        See `compute_distances`.
    kernel : {"exponential", "uniform"} or callable, default="exponential"
        See `compute_sample_weights`.
    kernel_width : float, default=0.25
        Width of the exponential kernel.
    **pictures : dict
        For `compute_distances`.

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
    distances = compute_distances(samples, distance, **pictures)
    return distances, compute_sample_weights(distances, kernel, kernel_width)
