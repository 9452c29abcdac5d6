"""Doubt: warn, once for each reason, of explanations that say little."""
# SPDX-License-Identifier: BSD-3-Clause

from dataclasses import dataclass
from numbers import Real

import numpy as np
from sklearn.base import BaseEstimator

from sklime._warnings import warn
from sklime.occlusion import find_unchanged_segments
from sklime.sampling import count_varied
from sklime.surrogate import N_FOLDS


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What there is to doubt about one explanation, without its arrays.

    Attributes
    ----------
    n_segments : int
        Number of segments, d.
    n_varied : int
        How many of them the sampler means to hide at all.
    n_hidden : int
        How many are hidden in some perturbation.
    n_rows : int
        Number of perturbations.
    n_weighed : int
        How many of them have a weight.
    is_alone : bool
        Whether one of several perturbations weighs more than all others.
    has_zeros : bool
        Whether all weights of a label are zero.
    is_unmeasured : bool
        Whether the fidelity of a label is NaN.
    share_unchanged : float
        The share of segments that look the same when hidden.
    """

    n_segments: int
    n_varied: int
    n_hidden: int
    n_rows: int
    n_weighed: int
    is_alone: bool = False
    has_zeros: bool = False
    is_unmeasured: bool = False
    share_unchanged: float = 0.0

    @classmethod
    def from_explanation(cls, explanation, sampler="balanced"):
        """Gather it from an explanation and the user's parameter `sampler`."""
        samples, weights = explanation.samples, explanation.sample_weights
        unchanged = find_unchanged_segments(
            explanation.image,
            explanation.background,
            explanation.segments,
            explanation.data_range,
        )
        return cls(
            n_segments=samples.shape[1],
            n_varied=count_varied(sampler, samples.shape[1]),
            n_hidden=int((~samples.all(axis=0)).sum()),
            n_rows=len(samples),
            n_weighed=int((weights != 0).sum()),
            is_alone=bool(len(weights) > 2 and 2 * weights.max() > weights.sum()),
            has_zeros=not explanation.weights.any(axis=1).all(),
            is_unmeasured=bool(np.isnan(explanation.fidelity).any()),
            share_unchanged=float(unchanged.mean()),
        )


def warn_at_end(explanations, sampler, occluder):
    """Hand explanations on, and warn after the last of all that there is to doubt.

    Parameters
    ----------
    explanations : iterable of ImageExplanation or None
        Of the images that are explained together; None for one that was not.
    sampler, occluder : object
        The user's parameters.

    Yields
    ------
    ImageExplanation or None
        The same. None of them is kept.

    Warns
    -----
    UserWarning
        Once for each reason.
    """
    evidence = []
    for explanation in explanations:
        found = explanation and Evidence.from_explanation(explanation, sampler)
        evidence.append(found)
        yield explanation
    warn_of_few(evidence)
    warn_of_unchanged(evidence, occluder)
    warn_of_unreliable(evidence)


def warn_of_unchanged(evidence, occluder):
    """Warn once of images in which hiding most segments shows no difference.

    Parameters
    ----------
    evidence : list of Evidence or None
        Of the images that were explained together.
    occluder : object
        The user's parameter, for the message.

    Warns
    -----
    UserWarning
        If there are any.
    """
    flat = _find(evidence, lambda e: e.share_unchanged > 0.5)
    if flat:
        warn(
            f"occluder ({_name(occluder)}) changes nothing visible in over half of the "
            f"segments of {len(flat)} of {len(evidence)} images, the first of them "
            f"X[{flat[0]}]: hiding them says nothing. Pass a fill unlike the images (a "
            "number, a colour, another image), or larger segments."
        )


def _name(occluder):
    """Return an occluder as a message may show it."""
    short = isinstance(occluder, str | Real | tuple | BaseEstimator)
    return repr(occluder) if short else type(occluder).__name__


def warn_of_few(evidence):
    """Warn, once for each reason, of too few segments or perturbations.

    Parameters
    ----------
    evidence : list of Evidence or None
        Of the images that were explained together.

    Warns
    -----
    UserWarning
        If an image is a single segment, has more segments than perturbations, or some
        that were never hidden.
    """
    n_images = len(evidence)
    single = _find(evidence, lambda e: e.n_segments == 1)
    if single:
        warn(
            f"segmenter found a single segment in {len(single)} of {n_images} images, "
            f"the first of them X[{single[0]}]: its weight only compares the whole "
            "image with its fill. Pass a segmenter that makes smaller segments."
        )
    few = _find(evidence, lambda e: e.n_rows <= e.n_varied)
    if few:
        first, largest = evidence[few[0]], max(evidence[i].n_varied for i in few)
        warn(
            "n_perturbations must exceed the number of segments to tell them apart. "
            f"Got {first.n_rows} for {first.n_varied} segments of X[{few[0]}], too few "
            f"for {len(few)} of {n_images} images; pass n_perturbations of at least "
            f"{2 << (largest - 1).bit_length()}, or a segmenter that makes larger "
            "segments."
        )
    never = _find(evidence, lambda e: e.n_hidden < e.n_varied < e.n_rows)
    if never:
        first = evidence[never[0]]
        warn(
            f"sampler never hides {first.n_varied - first.n_hidden} of the "
            f"{first.n_varied} segments of X[{never[0]}], whose weight is therefore "
            f"unknown; so in {len(never)} of {n_images} images. Pass a larger "
            "kernel_width, more n_perturbations or another sampler."
        )


def warn_of_unreliable(evidence):
    """Warn, once for each reason, of explanations that say little.

    Parameters
    ----------
    evidence : list of Evidence or None
        Of the images that were explained together.

    Warns
    -----
    UserWarning
        If all weights of a label are zero, the image itself decides the fit, or
        fidelity could not be measured.
    """
    empty = _find(evidence, lambda e: e.has_zeros)
    if empty:
        warn(
            f"All weights of a label are zero{_where(empty, evidence)}: the black "
            "box gives every perturbation the same answer or never predicts the label, "
            "the surrogate is too simple, or its penalty (alpha) is larger than any "
            "effect."
        )
    alone = _find(evidence, lambda e: e.is_alone)
    if alone:
        warn(
            "kernel_width leaves all perturbations together less weight than the image "
            f"itself{_where(alone, evidence)}: the weights of the segments mean "
            "little. Pass a larger kernel_width, another distance, or sampler='local', "
            "which draws near the image."
        )
    unmeasured = _find(evidence, lambda e: e.is_unmeasured)
    if unmeasured:
        first = evidence[unmeasured[0]]
        warn(
            f"fidelity is NaN{_where(unmeasured, evidence)}: at least {N_FOLDS} "
            f"different perturbations have to count. Got {first.n_rows}, of which "
            f"{first.n_weighed} have a weight; raise n_perturbations or kernel_width."
        )


def _find(evidence, doubt):
    """Return the numbers of the images of which something is true."""
    return [i for i, e in enumerate(evidence) if e is not None and doubt(e)]


def _where(indices, evidence):
    """Return which of several images are meant, nothing for a single one."""
    if len(evidence) == 1:
        return ""
    n_images = f"{len(indices)} of {len(evidence)} images"
    return f" for {n_images}, the first of them X[{indices[0]}]"
