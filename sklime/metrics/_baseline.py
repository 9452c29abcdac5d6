"""What removed pixels show: the baseline of insertion and deletion."""
# SPDX-License-Identifier: BSD-3-Clause

from typing import Any, Literal

import numpy as np

from sklime._data_range import limit_fills
from sklime._parameters import make_rng, name_parameter
from sklime._parts import fit_part
from sklime._typing import Array, RandomState
from sklime.explanation import ImageExplanation
from sklime.occlusion import ReferenceOccluder, check_occluder, create_background


def create_baseline(
    explanation: ImageExplanation,
    baseline: Any = None,
    *,
    unit: Literal["pixels", "segments"] = "pixels",
    random_state: RandomState = None,
) -> Array:
    """Return what removed parts of an explained image show.

    It need not be what hidden segments showed when the image was explained. One and
    the same baseline for all lets explanations with different fills be compared.

    Parameters
    ----------
    explanation : ImageExplanation
        Of the image.
    baseline : str, number, colour, image, callable or occluder, default=None
        None is the image's mean colour, "background" what hidden segments showed, and
        anything else as the parameter `occluder` of `ImageLimeExplainer`. A fitted
        occluder is used as it is, another is fitted to this image.
    unit : {"pixels", "segments"}, default="pixels"
        Whether pixels that belong to no segment are filled too.
    random_state : int, RandomState instance or None, default=None
        Seed of fills that are drawn.

    Returns
    -------
    ndarray of the image's shape and dtype
        Rounded, clipped and cast like every fill.

    Raises
    ------
    TypeError, ValueError
        For what is no fill, one drawn anew for each image, or an unfitted reference.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime import ImageLimeExplainer
    >>> explainer = ImageLimeExplainer(lambda images: images.mean(axis=(1, 2, 3)))
    >>> explanation = explainer.fit_explain(data.coffee()[::8, ::8])
    >>> create_baseline(explanation)[0, 0]
    array([158,  85,  51], dtype=uint8)
    >>> create_baseline(explanation, "white")[0, 0]
    array([255, 255, 255], dtype=uint8)
    """
    if isinstance(baseline, str) and baseline == "background":
        return explanation.background
    image, segments = explanation.image, explanation.segments
    if unit == "pixels":
        segments = np.where(segments < 0, explanation.n_segments, segments)
    if baseline is None:
        baseline, segments = "mean", np.zeros_like(segments)
    with name_parameter("baseline", "which is used like an occluder"):
        occluder = _fit_occluder(baseline, explanation, random_state)
        limits = limit_fills(explanation.data_range)
        return create_background(image, segments, occluder, limits)


def _fit_occluder(baseline, explanation, random_state):
    """Return a fitted occluder that fills every image alike."""
    occluder = check_occluder(baseline)
    if getattr(occluder, "redraw", False):
        raise ValueError(
            "baseline must fill all images of a curve alike. Got one that draws anew "
            f"for each, {baseline!r}; use 'random-patch', or 'background' for the "
            "first draw."
        )
    if any(name.endswith("_") for name in vars(occluder) if name[0] != "_"):
        return occluder  # fitted, maybe to images that are not here
    if isinstance(occluder, ReferenceOccluder):
        raise ValueError(
            "baseline must be a fitted ReferenceOccluder: the mean of this image alone "
            f"is the image. Got {baseline!r}; use explainer.occluder_ or 'background'."
        )
    return fit_part(
        occluder,
        [explanation.image],
        name="baseline",
        channel_axis=-1 if explanation.image.ndim == 3 else None,
        data_range=explanation.data_range,
        rng=make_rng(random_state),
    )
