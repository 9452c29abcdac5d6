"""Call any sampler, and make one of what a user may write in its place."""
# SPDX-License-Identifier: BSD-3-Clause

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.metaestimators import available_if

from sklime._docs_link import DocsLink
from sklime._parameters import make_named, name_call, name_parameter
from sklime._sklearn_private import HasMethods, StrOptions
from sklime._typing import Array, Booleans, RandomState
from sklime.sampling._enumeration import (
    MAX_ENUMERATED_SEGMENTS,
    check_counts,
    enumerate_samples,
)
from sklime.sampling._sizes import LocalSampler, ShapleySampler
from sklime.sampling._uniform import (
    BalancedSampler,
    BernoulliSampler,
    ExhaustiveSampler,
)

SAMPLERS = {
    "balanced": BalancedSampler,
    "bernoulli": BernoulliSampler,
    "exhaustive": ExhaustiveSampler,
    "local": LocalSampler,
    "shapley": ShapleySampler,
}


class FunctionSampler(DocsLink, BaseEstimator):
    """Draw with a function of your own.

    Parameters
    ----------
    func : callable
        ``func(n_segments, n_perturbations, random_state)`` returns a boolean array of
        shape (n_perturbations, n_segments) whose first row is all True, or yields its
        rows. `ImageLimeExplainer` passes an integer for `random_state`.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.sampling import FunctionSampler
    >>> def hide_one(n_segments, n_perturbations, random_state):
    ...     return np.tri(n_perturbations, n_segments, -1) == np.tri(
    ...         n_perturbations, n_segments, -2)
    >>> FunctionSampler(hide_one).sample(2, 3)
    array([[ True,  True],
           [False,  True],
           [ True, False]])
    """

    _parameter_constraints = {"func": [callable]}

    def __init__(self, func) -> None:
        self.func = func

    def sample(
        self, n_segments: int, n_perturbations: int, random_state: RandomState = None
    ) -> Booleans:
        """Call the function.

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
            What the function returned or yielded.
        """
        self._validate_params()
        how = "called as sampler(n_segments, n_perturbations, random_state)"
        with name_parameter("sampler", how):
            rows = self.func(n_segments, n_perturbations, random_state)
            if isinstance(rows, Iterator):
                rows = list(islice(rows, n_perturbations))
        return rows


def _inner_has_weights(self):
    return hasattr(check_sampler(self.sampler), "sample_weights")


class SubsetSampler(DocsLink, BaseEstimator):
    """Vary some segments only; all others are always shown and weigh 0.

    Parameters
    ----------
    segments : array-like of int
        Those to vary, indices from 0.
    sampler : str, callable or sampler, default="balanced"
        Draws them. All their combinations are used, each once, where they fit and the
        sampler allows it.

    Examples
    --------
    >>> from sklime.sampling import SubsetSampler
    >>> SubsetSampler([0, 2]).sample(4, 100)
    array([[ True,  True,  True,  True],
           [False,  True,  True,  True],
           [ True,  True, False,  True],
           [False,  True, False,  True]])
    """

    _parameter_constraints = {
        "segments": ["array-like"],
        "sampler": [StrOptions(set(SAMPLERS)), HasMethods("sample"), callable],
    }

    def __init__(self, segments, sampler="balanced") -> None:
        self.segments = segments
        self.sampler = sampler

    def sample(
        self,
        n_segments: int,
        n_perturbations: int,
        random_state: RandomState = None,
        *,
        repeat: bool = False,
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
        repeat : bool, default=False
            See `draw_samples`.

        Returns
        -------
        ndarray of shape (n, d), dtype bool
            True where a segment is shown; row 0 is all True.

        Raises
        ------
        ValueError
            If `segments` are not some of the image's, each once.
        """
        self._validate_params()
        varied = self._find_varied(n_segments)
        inner = draw_samples(
            check_sampler(self.sampler),
            len(varied),
            n_perturbations,
            random_state,
            repeat=repeat,
        )
        samples = np.ones((len(inner), n_segments), dtype=bool)
        samples[:, varied] = inner
        return samples

    @available_if(_inner_has_weights)
    def sample_weights(self, samples: Booleans) -> Array:
        """Return the weights that the inner sampler gives the varied segments.

        Parameters
        ----------
        samples : ndarray of shape (n, d), dtype bool
            Which segments are shown.

        Returns
        -------
        ndarray of shape (n,)
            A weight for each perturbation.
        """
        varied = self._find_varied(samples.shape[1])
        return check_sampler(self.sampler).sample_weights(samples[:, varied])

    def _find_varied(self, n_segments):
        given = np.asarray(self.segments)
        varied = np.unique(given)
        is_list = given.ndim == 1 and given.dtype != bool
        known = np.isin(varied, np.arange(n_segments)).all()
        if not is_list or not known or not 0 < len(varied) == len(given):
            raise ValueError(
                "segments of SubsetSampler must be different indices from 0 to "
                f"{n_segments - 1}, at least one. Got {self.segments!r}."
            )
        return varied.astype(np.intp)


def draw_samples(
    sampler: Any,
    n_segments: int,
    n_perturbations: int,
    random_state: RandomState = None,
    *,
    repeat: bool = False,
) -> Booleans:
    """Return all combinations of segments where they fit, else what `sampler` draws.

    Parameters
    ----------
    sampler : str, callable or object
        See `check_sampler`. An object has a method
        ``sample(n_segments, n_perturbations, random_state)``; where its
        attribute `may_enumerate` is true, all ``2 ** n_segments`` rows have no
        sampling error and replace a draw if they are no more than `n_perturbations`.
    n_segments : int
        Number of segments, d.
    n_perturbations : int
        Largest number of rows.
    random_state : int, RandomState instance or None, default=None
        Seed of the draw.
    repeat : bool, default=False
        Whether equal rows are of use, as where fills are drawn anew for each: then
        nothing replaces a draw.

    Returns
    -------
    ndarray of shape (n, d), dtype bool
        n is `n_perturbations`, or the number of all combinations if that is smaller.

    Raises
    ------
    TypeError, ValueError
        If a sampler of your own returns anything else.

    Examples
    --------
    >>> draw_samples(BalancedSampler(), 4, 1024).shape
    (16, 4)
    >>> draw_samples(BalancedSampler(), 4, 1024, repeat=True).shape
    (1024, 4)
    """
    n_segments, n_perturbations = check_counts(n_segments, n_perturbations, fewest=2)
    sampler = check_sampler(sampler)
    if isinstance(sampler, SubsetSampler):
        return sampler.sample(n_segments, n_perturbations, random_state, repeat=repeat)
    fits = n_segments < n_perturbations.bit_length()  # 2**d <= n without overflow
    fits = fits and n_segments <= MAX_ENUMERATED_SEGMENTS
    if fits and not repeat and getattr(sampler, "may_enumerate", False):
        return enumerate_samples(n_segments)
    arguments = "n_segments, n_perturbations, random_state"
    with name_call("sampler", sampler, "sample", arguments):
        samples = sampler.sample(n_segments, n_perturbations, random_state)
    return _check_samples(samples, n_segments, n_perturbations, type(sampler).__name__)


def _check_samples(samples, n_segments, n_perturbations, name):
    """Return what a sampler drew, or say what is wrong with it."""
    try:
        samples = np.asarray(samples)
    except ValueError as error:
        raise ValueError(
            f"sampler must return an array. {name} returned none: {error}"
        ) from error
    if samples.dtype != bool:
        raise TypeError(
            "sampler must return booleans, True where a segment is shown. "
            f"{name} returned dtype {samples.dtype}; zeros and ones can be cast with "
            "astype(bool)."
        )
    fits = samples.ndim == 2 and samples.shape[1] == n_segments
    if not fits or not 2 <= len(samples) <= n_perturbations:
        raise ValueError(
            f"sampler must return shape (n, {n_segments}), a row for each of at least "
            f"two and at most n_perturbations={n_perturbations} perturbations. {name} "
            f"returned shape {samples.shape}."
        )
    if not samples[0].all():
        raise ValueError(
            "sampler must return the image itself, all True, as the first row. "
            f"{name} hides {np.count_nonzero(~samples[0])} segments there."
        )
    return samples


def count_varied(sampler: Any, n_segments: int) -> int:
    """Return how many segments a sampler hides at all.

    Parameters
    ----------
    sampler : str, callable or object
        See `check_sampler`.
    n_segments : int
        Number of segments, d.

    Returns
    -------
    int
        d, or the size of the subset of a `SubsetSampler`.

    Examples
    --------
    >>> count_varied(SubsetSampler([0, 2]), 9), count_varied("balanced", 9)
    (2, 9)
    """
    if isinstance(sampler, SubsetSampler):
        return len(sampler._find_varied(n_segments))
    return n_segments


def check_sampler(sampler: Any, **local_options: Any) -> Any:
    """Return a sampler object for a name, an object as it is.

    Parameters
    ----------
    sampler : str, callable or object
        A name in `SAMPLERS`, a function (see `FunctionSampler`), or an object with a
        method `sample`.
    **local_options : dict
        Parameters of `LocalSampler` where the name is "local", inside a `SubsetSampler`
        too.

    Returns
    -------
    object
        With a method `sample`.

    Raises
    ------
    TypeError, ValueError
        For an unknown name or an object that cannot sample.

    Examples
    --------
    >>> check_sampler("local")
    LocalSampler()
    """
    if isinstance(sampler, str) and sampler == "local":
        return LocalSampler(**local_options)
    if isinstance(sampler, SubsetSampler) and isinstance(sampler.sampler, str):
        inner = check_sampler(sampler.sampler, **local_options)
        return SubsetSampler(sampler.segments, inner)
    if isinstance(sampler, str):
        others = "a function or an object with a method 'sample'"
        return make_named(sampler, SAMPLERS, "sampler", others)
    if hasattr(sampler, "sample") and not isinstance(sampler, type):
        return sampler
    if callable(sampler) and not isinstance(sampler, type):
        return FunctionSampler(sampler)
    raise TypeError(
        "sampler must be a name, a function or an object with a method 'sample', such "
        f"as BernoulliSampler(). Got {sampler!r}."
    )
