"""Sample: which segments are shown in which perturbation.

Every sampler returns a boolean array `samples` of shape (n, d), a row for each
perturbation and a column for each segment, True where the segment is shown. Row 0
is all True: the image itself.
"""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Real

import numpy as np
from sklearn.base import BaseEstimator

from sklime._parameters import make_named, make_rng
from sklime._sklearn_private import Interval

__all__ = [
    "BalancedSampler",
    "BernoulliSampler",
    "ExhaustiveSampler",
    "check_sampler",
    "draw_samples",
    "enumerate_samples",
    "is_enumeration",
    "orthogonal_array",
]

MAX_ENUMERATED_SEGMENTS = 24


def draw_samples(sampler, n_segments, n_perturbations, random_state=None):
    """Return all combinations of segments where they fit, else what `sampler` draws.

    Parameters
    ----------
    sampler : object
        With ``sample(n_segments, n_perturbations, random_state)``. Where its
        attribute `draws_uniformly` is true, all ``2 ** n_segments`` rows have no
        sampling error and replace a draw if they are no more.
    n_segments : int
        Number of segments, d.
    n_perturbations : int
        Largest number of rows.
    random_state : int, RandomState instance or None, default=None
        Seed of the draw.

    Returns
    -------
    ndarray of shape (n, d), dtype bool
        n is `n_perturbations`, or ``2 ** n_segments`` if that is smaller.

    Raises
    ------
    TypeError, ValueError
        If a sampler of your own returns anything else.
    """
    n_segments, n_perturbations = int(n_segments), int(n_perturbations)
    fits = n_segments < n_perturbations.bit_length()  # 2**d <= n without overflow
    if fits and getattr(sampler, "draws_uniformly", False):
        return enumerate_samples(n_segments)
    samples = np.asarray(sampler.sample(n_segments, n_perturbations, random_state))
    name = type(sampler).__name__
    if samples.dtype != bool:
        raise TypeError(
            "sampler must return booleans, True where a segment is shown. "
            f"{name} returned dtype {samples.dtype}."
        )
    if samples.ndim != 2 or samples.shape[1] != n_segments or len(samples) < 2:
        raise ValueError(
            f"sampler must return shape (n, {n_segments}), a row for each of at least "
            f"two perturbations. {name} returned shape {samples.shape}."
        )
    if not samples[0].all():
        raise ValueError(
            "sampler must return the image itself, all True, as the first row. "
            f"{name} hides {np.count_nonzero(~samples[0])} segments there."
        )
    return samples


def enumerate_samples(n_segments):
    """Return every combination of segments once, the image itself first.

    Parameters
    ----------
    n_segments : int
        Number of segments, d, at most 24.

    Returns
    -------
    ndarray of shape (2 ** d, d), dtype bool
        The last row hides every segment.

    Raises
    ------
    ValueError
        For more segments.

    Examples
    --------
    >>> enumerate_samples(2)
    array([[ True,  True],
           [False,  True],
           [ True, False],
           [False, False]])
    """
    if n_segments > MAX_ENUMERATED_SEGMENTS:
        raise ValueError(
            f"n_segments must be at most {MAX_ENUMERATED_SEGMENTS} to list every "
            f"combination. Got {n_segments}; use fewer segments or another sampler."
        )
    rows = np.arange(2 ** int(n_segments))[:, np.newaxis]
    return (rows >> np.arange(n_segments) & 1) == 0


def is_enumeration(samples):
    """Return whether `samples` holds each of the ``2 ** d`` combinations once."""
    n_rows, n_segments = samples.shape
    if n_segments > MAX_ENUMERATED_SEGMENTS or n_rows != 2 ** int(n_segments):
        return False
    return len(np.unique(np.packbits(samples, axis=1), axis=0)) == n_rows


def orthogonal_array(n_segments, strength=3, random_state=None):
    """Return a randomised two-level orthogonal array.

    In any `strength` columns every combination of shown and hidden stands equally
    often, so that effects of up to ``strength - 1`` segments together leave the
    effect of a single one untouched. Column j is the linear form ``<u, (v_j, 1)>``
    of the row number u in binary, with distinct v_j: a folded-over Hadamard
    matrix [1]_. The v_j are drawn without replacement, and one random vector is
    added to every row, which makes each row uniform.

    Parameters
    ----------
    n_segments : int
        Number of columns, d.
    strength : {3}, default=3
        Its strength.
    random_state : int, RandomState instance or None, default=None
        Seed of the randomisation.

    Returns
    -------
    ndarray of shape (n, d), dtype bool
        n is the smallest power of two that is at least ``2 * d``.

    Raises
    ------
    ValueError
        For another strength.

    References
    ----------
    .. [1] A. S. Hedayat, N. J. A. Sloane and J. Stufken, "Orthogonal Arrays",
       Springer, 1999, chapters 4 and 7.

    Examples
    --------
    >>> array = orthogonal_array(16, random_state=0)
    >>> array.shape, array.sum(axis=0).tolist() == 16 * [16]
    ((32, 16), True)
    """
    if strength != 3:
        raise ValueError(f"strength must be 3. Got {strength!r}.")
    rng = make_rng(random_state)
    return _orthogonal_rows(_size_of_array(n_segments), n_segments, rng)


def _size_of_array(n_segments):
    """Return the number of rows of the smallest array of strength 3."""
    return 2 << (int(n_segments) - 1).bit_length()


def _orthogonal_rows(n_rows, n_segments, rng):
    """Return a random part of a fresh array of strength 3, all of it if it fits."""
    size = _size_of_array(n_segments)
    generators = 2 * rng.permutation(size // 2)[:n_segments] + 1
    rows = rng.permutation(size)[:n_rows, np.newaxis]
    parities = np.bitwise_count(rows & generators) & 1
    return (parities ^ rng.randint(2, size=n_segments)).astype(bool)


class BernoulliSampler(BaseEstimator):
    """Show each segment with a fixed probability, independently: lime's sampling.

    Parameters
    ----------
    p : float, default=0.5
        Chance that a segment is shown.

    Examples
    --------
    >>> from sklime.sampling import BernoulliSampler
    >>> BernoulliSampler(p=0.9).sample(5, 3, random_state=0)
    array([[ True,  True,  True,  True,  True],
           [ True,  True,  True, False,  True],
           [ True,  True,  True, False,  True]])
    """

    _parameter_constraints = {"p": [Interval(Real, 0, 1, closed="neither")]}

    def __init__(self, p=0.5):
        self.p = p

    @property
    def draws_uniformly(self):
        """Whether every combination of segments is equally likely."""
        return self.p == 0.5

    def sample(self, n_segments, n_perturbations, random_state=None):
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
        rng = make_rng(random_state)
        samples = rng.random_sample((n_perturbations, n_segments)) < self.p
        samples[0] = True
        return samples


class BalancedSampler(BaseEstimator):
    """Spread the perturbations evenly: randomised orthogonal arrays of strength 3.

    Every row is uniform, so a surrogate estimates what it estimates from
    `BernoulliSampler`, with less noise at the same number of black-box calls. Arrays
    are stacked until `n_perturbations` rows are there, the last one in part; a power
    of two leaves none over.

    See Also
    --------
    orthogonal_array : One such array.

    Examples
    --------
    >>> from sklime.sampling import BalancedSampler
    >>> samples = BalancedSampler().sample(50, 256, random_state=0)
    >>> samples[1:].mean(axis=0).round(2).min() >= 0.49
    np.True_
    """

    _parameter_constraints: dict = {}
    draws_uniformly = True

    def sample(self, n_segments, n_perturbations, random_state=None):
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
        rng = make_rng(random_state)
        size = _size_of_array(n_segments)
        starts = range(0, n_perturbations, size)
        samples = np.concatenate(
            [_orthogonal_rows(n_perturbations - s, n_segments, rng) for s in starts]
        )
        samples[0] = True
        return samples


class ExhaustiveSampler(BaseEstimator):
    """Use every combination of segments once, or refuse where there are too many.

    Examples
    --------
    >>> from sklime.sampling import ExhaustiveSampler
    >>> ExhaustiveSampler().sample(3, n_perturbations=10).shape
    (8, 3)
    """

    _parameter_constraints: dict = {}

    def sample(self, n_segments, n_perturbations, random_state=None):
        """Return all ``2 ** n_segments`` rows.

        Parameters
        ----------
        n_segments : int
            Number of columns, d.
        n_perturbations : int
            The largest number of rows allowed.
        random_state : Ignored
            Not used: nothing is drawn.

        Returns
        -------
        ndarray of shape (2 ** d, d), dtype bool
            True where a segment is shown; row 0 is all True.

        Raises
        ------
        ValueError
            If there are more combinations than `n_perturbations`.
        """
        if n_segments >= int(n_perturbations).bit_length():
            raise ValueError(
                "sampler='exhaustive' needs n_perturbations of at least "
                f"2**{n_segments} for {n_segments} segments. Got {n_perturbations}; "
                "raise it, use fewer segments or sampler='balanced'."
            )
        return enumerate_samples(n_segments)


SAMPLERS = {
    "balanced": BalancedSampler,
    "bernoulli": BernoulliSampler,
    "exhaustive": ExhaustiveSampler,
}


def check_sampler(sampler):
    """Return a sampler object for a name, an object as it is.

    Parameters
    ----------
    sampler : {"balanced", "bernoulli", "exhaustive"} or object
        An object must have a method `sample`.

    Returns
    -------
    object
        With a method `sample`.

    Raises
    ------
    TypeError, ValueError
        For an unknown name or an object that cannot sample.
    """
    if isinstance(sampler, str):
        others = "or an object with a method 'sample'"
        return make_named(sampler, SAMPLERS, "sampler", others)
    if not hasattr(sampler, "sample") or isinstance(sampler, type):
        raise TypeError(
            "sampler must be a name or an object with a method 'sample', such as "
            f"BernoulliSampler(). Got {sampler!r}."
        )
    return sampler
