"""Doubt: warn, once for each reason, of explanations that say little."""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Real

import numpy as np
from sklearn.base import BaseEstimator

from sklime._warnings import warn
from sklime.occlusion import find_unchanged_segments
from sklime.sampling import count_varied
from sklime.surrogate import N_FOLDS


def warn_of_unchanged(explanations, occluder):
    """Warn once of images in which hiding most segments shows no difference.

    Parameters
    ----------
    explanations : list of ImageExplanation
        Whatever has `image`, `background`, `segments` and `data_range`.
    occluder : object
        The user's parameter, for the message.

    Warns
    -----
    UserWarning
        If there are any.
    """
    flat = [
        index
        for index, e in enumerate(explanations)
        if find_unchanged_segments(
            e.image, e.background, e.segments, e.data_range
        ).mean()
        > 0.5
    ]
    if flat:
        warn(
            f"occluder ({_name(occluder)}) changes nothing visible in over half of the "
            f"segments of {len(flat)} of {len(explanations)} images, the first of them "
            f"X[{flat[0]}]: hiding them says nothing. Pass a fill unlike the images (a "
            "number, a colour, another image), or larger segments."
        )


def _name(occluder):
    """Return an occluder as a message may show it."""
    short = isinstance(occluder, str | Real | tuple | BaseEstimator)
    return repr(occluder) if short else type(occluder).__name__


def warn_of_few(explanations, sampler="balanced"):
    """Warn, once for each reason, of too few segments or perturbations.

    Parameters
    ----------
    explanations : list of ImageExplanation
        Whatever has `samples`.
    sampler : str, callable or object, default="balanced"
        The user's parameter, which may vary some segments only.

    Warns
    -----
    UserWarning
        If an image is a single segment, has more segments than perturbations, or some
        that were never hidden.
    """
    n_images = len(explanations)
    counts = [count_varied(sampler, e.samples.shape[1]) for e in explanations]
    rows = [len(e.samples) for e in explanations]
    single = [i for i, e in enumerate(explanations) if e.samples.shape[1] == 1]
    if single:
        warn(
            f"segmenter found a single segment in {len(single)} of {n_images} images, "
            f"the first of them X[{single[0]}]: its weight only compares the whole "
            "image with its fill. Pass a segmenter that makes smaller segments."
        )
    few = [i for i in range(n_images) if rows[i] <= counts[i]]
    if few:
        warn(
            "n_perturbations must exceed the number of segments to tell them apart. "
            f"Got {rows[few[0]]} for {counts[few[0]]} segments of X[{few[0]}], too few "
            f"for {len(few)} of {n_images} images; pass n_perturbations of at least "
            f"{2 << (max(counts) - 1).bit_length()}, or a segmenter that makes larger "
            "segments."
        )
    hidden = [np.count_nonzero(~e.samples.all(axis=0)) for e in explanations]
    never = [i for i in range(n_images) if hidden[i] < counts[i] and i not in few]
    if never:
        warn(
            f"sampler never hides {counts[never[0]] - hidden[never[0]]} of the "
            f"{counts[never[0]]} segments of X[{never[0]}], whose weight is therefore "
            f"unknown; so in {len(never)} of {n_images} images. Pass a larger "
            "kernel_width, more n_perturbations or another sampler."
        )


def warn_of_unreliable(explanations):
    """Warn, once for each reason, of explanations that say little.

    Parameters
    ----------
    explanations : list of ImageExplanation
        Of the images that were explained together.

    Warns
    -----
    UserWarning
        If all weights of a label are zero, the image itself decides the fit, or
        fidelity could not be measured.
    """
    empty = [i for i, e in enumerate(explanations) if not e.weights.any(axis=1).all()]
    if empty:
        warn(
            f"All weights of a label are zero{_where(empty, explanations)}: the black "
            "box gives every perturbation the same answer or never predicts the label, "
            "the surrogate is too simple, or its penalty (alpha) is larger than any "
            "effect."
        )
    alone = [i for i, e in enumerate(explanations) if _is_alone(e)]
    if alone:
        warn(
            "kernel_width leaves all perturbations together less weight than the image "
            f"itself{_where(alone, explanations)}: the weights of the segments mean "
            "little. Pass a larger kernel_width, another distance, or sampler='local', "
            "which draws near the image."
        )
    unmeasured = [i for i, e in enumerate(explanations) if np.isnan(e.fidelity).any()]
    if unmeasured:
        weights = explanations[unmeasured[0]].sample_weights
        warn(
            f"fidelity is NaN{_where(unmeasured, explanations)}: at least {N_FOLDS} "
            f"different perturbations have to count. Got {len(weights)}, of which "
            f"{np.count_nonzero(weights)} have a weight; raise n_perturbations or "
            "kernel_width."
        )


def _where(indices, explanations):
    """Return which of several images are meant, nothing for a single one."""
    if len(explanations) == 1:
        return ""
    n_images = f"{len(indices)} of {len(explanations)} images"
    return f" for {n_images}, the first of them X[{indices[0]}]"


def _is_alone(explanation):
    """Return whether one row of several weighs more than all others."""
    weights = explanation.sample_weights
    return len(weights) > 2 and 2 * weights.max() > weights.sum()
