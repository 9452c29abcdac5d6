"""Doubt: warn, once for each reason, of explanations that say little."""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Real

import numpy as np
from sklearn.base import BaseEstimator

from sklime._warnings import warn
from sklime.occlusion import find_unchanged_segments
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


def warn_of_few(explanations):
    """Warn, once for each reason, of too few segments or perturbations.

    Parameters
    ----------
    explanations : list of ImageExplanation
        Whatever has `samples`.

    Warns
    -----
    UserWarning
        If an image is a single segment, or has more segments than perturbations.
    """
    n_images = len(explanations)
    single = [i for i, e in enumerate(explanations) if e.samples.shape[1] == 1]
    if single:
        warn(
            f"segmenter found a single segment in {len(single)} of {n_images} images, "
            f"the first of them X[{single[0]}]: its weight only compares the whole "
            "image with its fill. Pass a segmenter that makes smaller segments."
        )
    n_varied = [int((~e.samples.all(axis=0)).sum()) for e in explanations]
    few = [i for i, e in enumerate(explanations) if len(e.samples) <= n_varied[i]]
    if few:
        n_most = max(n_varied)
        warn(
            f"n_perturbations must exceed the number of segments to tell them apart. "
            f"Got {len(explanations[few[0]].samples)} for {n_varied[few[0]]} segments "
            f"of X[{few[0]}], too few for {len(few)} of {n_images} images; pass "
            f"n_perturbations of at least {2 << (n_most - 1).bit_length()}, or a "
            "segmenter that makes larger segments."
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
        If all weights of a label are zero, or fidelity could not be measured.
    """
    empty = [i for i, e in enumerate(explanations) if not e.weights.any(axis=1).all()]
    if empty:
        warn(
            f"All weights of a label are zero for {len(empty)} of {len(explanations)} "
            f"images, the first of them X[{empty[0]}]: the black box gives every "
            "perturbation the same answer, or the surrogate is too simple."
        )
    unmeasured = [e for e in explanations if np.isnan(e.fidelity).any()]
    if unmeasured:
        n_rows = len(unmeasured[0].samples)
        n_counting = np.count_nonzero(unmeasured[0].sample_weights)
        warn(
            f"fidelity is NaN for {len(unmeasured)} of {len(explanations)} images: at "
            f"least {N_FOLDS} perturbations have to count. Got {n_rows}, of which "
            f"{n_counting} have a weight; raise n_perturbations or kernel_width."
        )
