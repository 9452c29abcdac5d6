"""Samplers that draw how many segments are shown, then which.

A kernel that depends only on the number of shown segments, k of d, gives all
``comb(d, k)`` rows of one size the same weight. So rows can be drawn from the kernel
itself: a size with probability in proportion to ``comb(d, k) * kernel(k)``, then a
uniform subset of that size.
"""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Real

import numpy as np
from scipy.special import comb, gammaln
from sklearn.base import BaseEstimator

from sklime._docs_link import DocsLink
from sklime._parameters import make_rng
from sklime._sklearn_private import Interval, StrOptions
from sklime._typing import Array, ArrayLike, Booleans, RandomState
from sklime.locality import (
    DISTANCES,
    KERNELS,
    apply_kernel,
    compute_distances,
)
from sklime.sampling._enumeration import check_counts, is_enumeration

CONSTRAINT_WEIGHT = 1e6
NEGLIGIBLE = 1e-12
BATCH_VALUES = 2**20


def draw_subsets(
    sizes: ArrayLike, n_segments: int, random_state: RandomState = None
) -> Booleans:
    """Return a uniform subset of segments for each size.

    Parameters
    ----------
    sizes : array-like of shape (n,)
        How many segments are shown in each row.
    n_segments : int
        Number of columns, d.
    random_state : int, RandomState instance or None, default=None
        Seed of the draw.

    Returns
    -------
    ndarray of shape (n, d), dtype bool
        True where a segment is shown.

    Examples
    --------
    >>> draw_subsets([0, 3, 3], 9, random_state=0).sum(axis=1)
    array([0, 3, 3])
    """
    rng = make_rng(random_state)
    sizes = np.asarray(sizes)[:, np.newaxis]
    samples = np.empty((len(sizes), n_segments), dtype=bool)
    step = max(1, BATCH_VALUES // n_segments)  # ranks take eight bytes and more
    for start in range(0, len(sizes), step):
        rows = slice(start, start + step)
        ranks = rng.random_sample(samples[rows].shape).argsort(axis=1)
        samples[rows] = ranks < sizes[rows]
    return samples


class LocalSampler(DocsLink, BaseEstimator):
    """Draw perturbations as near as the kernel weighs them, and weigh all alike [1]_.

    The surrogate estimates what it estimates from `BernoulliSampler` under the same
    kernel. Under a narrow kernel far more of the perturbations count.

    Parameters
    ----------
    distance : str or callable, default="cosine"
        A metric of `sklearn.metrics.pairwise_distances` that depends only on how many
        segments are shown. The name ``sampler="local"`` takes distance and kernel from
        the explainer.
    kernel : {"exponential", "uniform"} or callable, default="exponential"
        From distances to weights.
    kernel_width : float, default=0.25
        Width of the exponential kernel.

    References
    ----------
    .. [1] Z. Tan, Y. Tian and J. Li, "GLIME: General, stable and local LIME
       explanation", NeurIPS 2023.

    Examples
    --------
    >>> from sklime.sampling import LocalSampler
    >>> samples = LocalSampler(kernel_width=0.05).sample(20, 500, random_state=0)
    >>> samples.sum(axis=1).mean().round()
    np.float64(16.0)
    """

    _parameter_constraints = {
        "distance": [str, callable],
        "kernel": [StrOptions(set(KERNELS)), callable],
        "kernel_width": [Interval(Real, 0, None, closed="neither")],
    }

    def __init__(
        self, distance="cosine", kernel="exponential", kernel_width=0.25
    ) -> None:
        self.distance = distance
        self.kernel = kernel
        self.kernel_width = kernel_width

    def size_probabilities(self, n_segments: int) -> Array:
        """Return how likely each number of shown segments is.

        Parameters
        ----------
        n_segments : int
            Number of segments, d.

        Returns
        -------
        ndarray of shape (d + 1,)
            The probability of 0, 1, ..., d shown segments.

        Raises
        ------
        ValueError
            If the distance looks at pictures, or the kernel leaves the image alone.
        """
        if self.distance in DISTANCES:
            raise ValueError(
                "distance must depend only on how many segments are shown to draw "
                f"samples by it. Got {self.distance!r} in LocalSampler; use 'cosine', "
                "or another sampler."
            )
        sizes = np.arange(n_segments + 1)
        nearest = np.arange(n_segments) < sizes[:, np.newaxis]
        distances = compute_distances(nearest, self.distance)
        weights = apply_kernel(distances, self.kernel, self.kernel_width)
        # In logarithms: the number of subsets soon exceeds the largest float.
        with np.errstate(divide="ignore"):
            logarithms = np.log(weights) - gammaln(sizes + 1)
        logarithms -= gammaln(n_segments - sizes + 1)
        shares = np.exp(logarithms - logarithms.max())
        shares /= shares.sum()
        if not shares[:-1].sum() > NEGLIGIBLE:
            raise ValueError(
                f"LocalSampler would draw the image alone of {n_segments} segments "
                f"with kernel={self.kernel!r} and kernel_width={self.kernel_width!r}. "
                "Pass a larger kernel_width, or smaller segments."
            )
        return shares

    def sample(
        self, n_segments: int, n_perturbations: int, random_state: RandomState = None
    ) -> Booleans:
        """Draw samples.

        Parameters
        ----------
        n_segments : int
            Number of columns, d.
        n_perturbations : int
            Number of rows, n.
        random_state : int, RandomState instance or None, default=None
            Seed of the draw.

        Returns
        -------
        ndarray of shape (n, d), dtype bool
            True where a segment is shown; row 0 is all True.
        """
        self._validate_params()
        n_segments, n_perturbations = check_counts(n_segments, n_perturbations)
        rng = make_rng(random_state)
        sizes = rng.choice(
            n_segments + 1, size=n_perturbations, p=self.size_probabilities(n_segments)
        )
        if n_segments == 1:  # no row is nearer than another: hide it every other time
            sizes = np.arange(n_perturbations) % 2
        samples = draw_subsets(sizes, n_segments, rng)
        samples[0] = True
        return samples

    def sample_weights(self, samples: Booleans) -> Array:
        """Return one for each perturbation: the draw has weighed them already.

        Parameters
        ----------
        samples : ndarray of shape (n, d), dtype bool
            Which segments are shown.

        Returns
        -------
        ndarray of shape (n,)
            Ones.
        """
        return np.ones(len(samples))


class ShapleySampler(DocsLink, BaseEstimator):
    """Draw and weigh perturbations by the Shapley kernel: Kernel SHAP [1]_.

    With ``surrogate=LinearRegression()`` the weights estimate Shapley values, and are
    exact where all combinations of segments are used. The image and the empty row
    weigh a million times more than others, which makes those weights add up to the
    difference between their answers; they also decide `fidelity`, which says little
    here. Ridge regression comes near, other surrogates give no Shapley values.

    References
    ----------
    .. [1] S. M. Lundberg and S.-I. Lee, "A unified approach to interpreting model
       predictions", NeurIPS 2017.

    Examples
    --------
    >>> from sklime.sampling import ShapleySampler, enumerate_samples
    >>> samples = enumerate_samples(4)
    >>> weights = ShapleySampler().sample_weights(samples)
    >>> dict(zip(samples.sum(axis=1).tolist(), weights.round(3).tolist()))
    {4: 5090909.091, 3: 1.273, 2: 0.636, 1: 1.273, 0: 5090909.091}
    """

    _parameter_constraints: dict = {}
    may_enumerate = True

    def sample(
        self, n_segments: int, n_perturbations: int, random_state: RandomState = None
    ) -> Booleans:
        """Draw samples: the image, the empty row, and sizes by the Shapley kernel.

        Parameters
        ----------
        n_segments : int
            Number of columns, d.
        n_perturbations : int
            Number of rows, n.
        random_state : int, RandomState instance or None, default=None
            Seed of the draw.

        Returns
        -------
        ndarray of shape (n, d), dtype bool
            True where a segment is shown; row 0 is all True.
        """
        n_segments, n_perturbations = check_counts(n_segments, n_perturbations)
        rng = make_rng(random_state)
        sizes, shares = np.array([0, 1]), np.ones(2)
        if n_segments > 1:
            sizes = np.arange(1, n_segments)
            shares = 1 / (sizes * (n_segments - sizes))
        drawn = rng.choice(sizes, size=n_perturbations, p=shares / shares.sum())
        drawn[0], drawn[1:2] = n_segments, 0
        return draw_subsets(drawn, n_segments, rng)

    def sample_weights(self, samples: Booleans) -> Array:
        """Return the Shapley kernel of an enumeration, one for rows that were drawn.

        The kernel is scaled so that its rows weigh one on average too, or a surrogate
        with a penalty would shrink more on all rows than on some.

        Parameters
        ----------
        samples : ndarray of shape (n, d), dtype bool
            Which segments are shown.

        Returns
        -------
        ndarray of shape (n,)
            A million, on the scale of the kernel, for the image and the empty row.
        """
        n_segments, sizes = samples.shape[1], samples.sum(axis=1)
        inner = (sizes > 0) & (sizes < n_segments)
        weights = np.where(inner, 1.0, CONSTRAINT_WEIGHT)
        if is_enumeration(samples):
            k = sizes[inner]
            kernel = (n_segments - 1) / (comb(n_segments, k) * k * (n_segments - k))
            weights[inner] = kernel
            weights /= kernel.mean() if n_segments > 1 else 1
        return weights
