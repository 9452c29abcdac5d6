"""Distances that look at the picture: at how much of it is hidden, and how it changes.

Both are sums over hidden segments wherever possible, so that no image is composed.
"""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Real
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator

from sklime._data_range import resolve_data_range
from sklime._docs_link import DocsLink
from sklime._rows import check_rows
from sklime._sklearn_private import Options, StrOptions
from sklime._typing import Array, Booleans, DataRange

BATCH_VALUES = 2**22


class AreaDistance(DocsLink, BaseEstimator):
    """Cosine distance with every segment as heavy as it is large.

    ``1 - sqrt(a)`` where the share ``a`` of the segmented area is shown; with segments
    of one size it equals "cosine".

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.locality import AreaDistance
    >>> segments = np.array([[0, 1, 1, 1]])
    >>> AreaDistance().measure(np.array([[True, False]]), segments=segments)
    array([0.5])
    """

    _parameter_constraints: dict = {}

    def measure(
        self, samples: Booleans, *, segments: Any = None, **pictures: Any
    ) -> Array:
        """Return the distance of each perturbation from the image.

        Parameters
        ----------
        samples : ndarray of shape (n, d), dtype bool
            Which segments are shown.
        segments : ndarray of shape (H, W)
            Labels 0..d-1; -1 where a pixel belongs to no segment.
        **pictures : Ignored
            Not used, present so that distances can be exchanged.

        Returns
        -------
        ndarray of shape (n,)
            In [0, 1].

        Raises
        ------
        ValueError
            Without segments.
        """
        _require("area", segments=segments)
        samples = check_rows(samples, segments.max() + 1)
        areas = np.bincount(segments[segments >= 0])
        shown = samples @ areas / areas.sum()
        return 1 - np.sqrt(shown)


class ImageDistance(DocsLink, BaseEstimator):
    """Matrix norm of the change in each channel, VisuaLIME's distance [1]_.

    Each norm is divided by a bound for changes within `data_range`, which keeps the
    distance in [0, 1]: black on white has the distance 1, under the nuclear norm the
    inverse root of the shorter side. For the Frobenius and the spectral norm, and on
    square images for the norms 1 and inf, that is VisuaLIME's own scale at a range of
    255; its nuclear norm is larger by the root of the shorter side. Its negative orders
    are left out: they are no norms, and zero for different images.

    Parameters
    ----------
    norm : {"fro", "nuc", 1, 2, inf}, default="fro"
        As in `numpy.linalg.norm`, None is "fro". The nuclear and the spectral norm (2)
        need a singular value decomposition for each perturbation and channel; the
        others are sums over segments.
    channels : {"sum", "max"}, default="sum"
        Whether channels count on average or the one that changes most.

    References
    ----------
    .. [1] VisuaLIME, `visualime.lime.compute_distances`; there the differences of
       uint8 images wrap around.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.locality import ImageDistance
    >>> ImageDistance(norm=np.inf).measure(
    ...     np.array([[True, True], [True, False]]),
    ...     image=np.array([[200, 200], [200, 100]], dtype=np.uint8),
    ...     background=np.zeros((2, 2), dtype=np.uint8),
    ...     segments=np.array([[0, 0], [0, 1]]),
    ...     data_range=(0, 200),
    ... )
    array([0.  , 0.25])
    """

    _parameter_constraints = {
        "norm": [StrOptions({"fro", "nuc"}), Options(Real, {1, 2, np.inf}), None],
        "channels": [StrOptions({"sum", "max"})],
    }

    def __init__(self, norm="fro", channels="sum") -> None:
        self.norm = norm
        self.channels = channels

    def measure(
        self,
        samples: Booleans,
        *,
        image: Any = None,
        background: Any = None,
        segments: Any = None,
        data_range: DataRange | None = None,
    ) -> Array:
        """Return the distance of each perturbation from the image.

        Parameters
        ----------
        samples : ndarray of shape (n, d), dtype bool
            Which segments are shown.
        image, background : ndarray of shape (H, W) or (H, W, C)
            The image and what hidden segments show, channels last.
        segments : ndarray of shape (H, W)
            Labels 0..d-1; -1 where a pixel belongs to no segment.
        data_range : tuple of float, default=None
            ``(low, high)`` of the pixel values; None infers it from the image.

        Returns
        -------
        ndarray of shape (n,)
            In [0, 1] for changes within `data_range`.

        Raises
        ------
        ValueError
            Without image, background or segments.
        """
        self._validate_params()
        _require("image", image=image, background=background, segments=segments)
        samples = check_rows(samples, segments.max() + 1)
        norm = "fro" if self.norm is None else self.norm
        low, high = resolve_data_range(image, data_range)
        changes = (np.atleast_3d(image) - np.atleast_3d(background).astype(float)) / (
            high - low
        )
        changes[segments < 0] = 0
        segments = np.maximum(segments, 0)
        norms = [
            measure_norms(change, segments, ~samples, norm)
            for change in np.moveaxis(changes, -1, 0)
        ]
        combine = np.mean if self.channels == "sum" else np.max
        return combine(norms, axis=0) / _bound_norm(segments.shape, norm)


def measure_norms(
    change: Array, segments: Array, hidden: Booleans, norm: Any = "fro"
) -> Array:
    """Return a matrix norm of a change that is seen only in hidden segments.

    Parameters
    ----------
    change : ndarray of shape (H, W)
        The difference that hiding makes to one channel.
    segments : ndarray of shape (H, W)
        Labels 0..d-1.
    hidden : ndarray of shape (n, d), dtype bool
        Which segments are hidden.
    norm : {"fro", "nuc", 1, 2, inf}, default="fro"
        As in `numpy.linalg.norm`.

    Returns
    -------
    ndarray of shape (n,)
        A norm for each row.

    Examples
    --------
    >>> import numpy as np
    >>> change, segments = np.array([[3.0, 4.0]]), np.array([[0, 1]])
    >>> measure_norms(change, segments, np.array([[True, False], [True, True]]))
    array([3., 5.])
    """
    if norm == "fro":
        squares = np.bincount(
            segments.ravel(), change.ravel() ** 2, minlength=hidden.shape[1]
        )
        return np.sqrt(hidden @ squares)
    if norm in (1, np.inf):
        lines = np.indices(change.shape)[1 if norm == 1 else 0]
        cells = (segments.ravel(), lines.ravel())
        shape = (hidden.shape[1], change.shape[1 if norm == 1 else 0])
        sums = sparse.coo_array((np.abs(change).ravel(), cells), shape=shape).tocsr()
        return (hidden.astype(np.float64) @ sums).max(axis=1)
    n_rows = max(1, BATCH_VALUES // change.size)
    batches = [hidden[i : i + n_rows] for i in range(0, len(hidden), n_rows)]
    return np.concatenate(
        [
            np.linalg.norm(np.where(rows[:, segments], change, 0), norm, axis=(1, 2))
            for rows in batches
        ]
    )


def _require(name, **pictures):
    """Say which pictures a distance needs but did not get."""
    missing = [key for key, value in pictures.items() if value is None]
    if missing:
        raise ValueError(
            f"distance={name!r} looks at pictures: pass {', '.join(missing)} by name."
        )


def _bound_norm(shape, norm):
    """Return a bound for the norm of a matrix whose entries are within [-1, 1]."""
    height, width = shape
    root = np.sqrt(height * width)
    bounds = {"fro": root, 1: height, 2: root, np.inf: width}
    return root * np.sqrt(min(shape)) if norm == "nuc" else bounds[norm]
