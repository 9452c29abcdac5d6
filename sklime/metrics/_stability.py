"""Stability: what an explanation owes to its seed, or to changes nobody sees."""
# SPDX-License-Identifier: BSD-3-Clause

import copy
from collections.abc import Callable
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from sklime._parameters import MAX_SEED, make_rng, name_parameter
from sklime._typing import RandomState
from sklime.explanation import ImageExplanation
from sklime.metrics._checks import check_choice, check_count
from sklime.metrics._repeats import (
    coefficients_stability_index,
    jaccard_top_k,
    rank_correlation,
    select_top,
    variables_stability_index,
)
from sklime.perturbation import BlackBox
from sklime.segmentation import PrecomputedSegmenter
from sklime.surrogate import standard_errors

if TYPE_CHECKING:
    from sklime.explainer import ImageLimeExplainer

MEASURES = ("jaccard", "spearman", "vsi", "csi")


def stability(
    explanation: ImageExplanation,
    explainer: "ImageLimeExplainer",
    *,
    label: Any = None,
    n_runs: int = 5,
    measure: str | Callable[..., Any] = "jaccard",
    k: int = 5,
    random_state: RandomState = None,
    black_box: BlackBox | None = None,
) -> float:
    """Return how far an image gets the same explanation from other seeds.

    The image is explained anew with the segments of the explanation, so that the draw
    of the perturbations is judged, and of fills that are drawn, and nothing else.

    Parameters
    ----------
    explanation : ImageExplanation
        Made by `explainer`.
    explainer : ImageLimeExplainer
        Fitted. It is not changed.
    label : object, default=None
        One of the explained labels; None is the first.
    n_runs : int, default=5
        How many times. Each asks about `n_perturbations` images.
    measure : str or callable, default="jaccard"
        "jaccard" (`jaccard_top_k`), "spearman" (`rank_correlation`), "vsi"
        (`variables_stability_index` of the k strongest segments, or as many as have a
        weight in every run), "csi" (`coefficients_stability_index` of the k strongest
        of each run, with `standard_errors`), or a function of the weights of shape
        (n_runs, d).
    k : int, default=5
        How many segments are the strongest.
    random_state : int, RandomState instance or None, default=None
        Where the other seeds are drawn from.
    black_box : BlackBox, default=None
        See `ImageLimeExplainer.iter_explain`.

    Returns
    -------
    float
        Larger is better. It says nothing about being right: weights that are all zero,
        or depend on no draw, are as stable as can be.

    Raises
    ------
    ValueError
        For an unknown label or measure, a number that is none, or too few perturbations
        for standard errors.

    See Also
    --------
    max_sensitivity : Other pixels, the same seed.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime import ImageLimeExplainer
    >>> explainer = ImageLimeExplainer(
    ...     lambda images: images.mean(axis=(1, 2, 3)), occluder=0, random_state=0
    ... )
    >>> explanation = explainer.fit_explain(data.coffee()[::8, ::8])
    >>> stability(explanation, explainer, n_runs=2, random_state=0)
    1.0
    """
    check_count("n_runs", n_runs, 2)
    if not callable(measure):
        check_choice("measure", measure, MEASURES, " or callable")
    check_count("k", k, 1)
    row = explanation.position(label)
    image = _restore_layout(explanation.image, explainer.channel_axis)
    black_box, runs = black_box or explainer.get_black_box(), []
    for seed in make_rng(random_state).randint(MAX_SEED, size=n_runs):
        again = _hold_segments(explainer, explanation, int(seed))
        again.occluder_ = _draw_again(explainer, int(seed))
        runs += _explain_quietly(again, [image], explanation, black_box)
    weights = np.array([run.weights[row] for run in runs])
    return float(_measure_runs(runs, row, weights, measure, k))


def max_sensitivity(
    explanation: ImageExplanation,
    explainer: "ImageLimeExplainer",
    *,
    label: Any = None,
    radius: float = 0.02,
    n_draws: int = 10,
    random_state: RandomState = None,
    black_box: BlackBox | None = None,
) -> float:
    r"""Return how far noise that nobody sees changes an explanation.

    It is :math:`\max_\delta \|\phi(x + \delta) - \phi(x)\|_2 / \|\phi(x)\|_2` over
    some draws of noise [1]_. Segments, the perturbations' rows and the seed of fills
    are held fixed; otherwise it would measure their noise too.

    Parameters
    ----------
    explanation : ImageExplanation
        Made by `explainer`, with the parameters that it has.
    explainer : ImageLimeExplainer
        Fitted. It is not changed.
    label : object, default=None
        One of the explained labels; None is the first.
    radius : float, default=0.02
        Each pixel value changes by at most this share of `data_range`, uniformly, and
        is clipped to it. Integers are rounded: on uint8 images less than 0.002 changes
        nothing.
    n_draws : int, default=10
        How many times. Each asks about `n_perturbations` images.
    random_state : int, RandomState instance or None, default=None
        Seed of the noise.
    black_box : BlackBox, default=None
        See `ImageLimeExplainer.iter_explain`.

    Returns
    -------
    float
        0 at best. Where all weights are zero it is 0 if they stay so, else infinity.

    Raises
    ------
    ValueError
        For an unknown label, a radius outside [0, 1] or a number that is none.

    See Also
    --------
    stability : The same pixels, other seeds.

    References
    ----------
    .. [1] C.-K. Yeh, C.-Y. Hsieh, A. S. Suggala, D. I. Inouye and P. Ravikumar, "On
       the (in)fidelity and sensitivity of explanations", NeurIPS 2019.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime import ImageLimeExplainer
    >>> explainer = ImageLimeExplainer(
    ...     lambda images: images.mean(axis=(1, 2, 3)), occluder=0, random_state=0
    ... )
    >>> explanation = explainer.fit_explain(data.coffee()[::8, ::8])
    >>> max_sensitivity(explanation, explainer, n_draws=2, random_state=0) < 0.1
    True
    """
    check_count("n_draws", n_draws, 1)
    is_number = isinstance(radius, Real) and not isinstance(radius, bool)
    if not (is_number and 0 <= radius <= 1):
        raise ValueError(f"radius must be a number in [0, 1]. Got {radius!r}.")
    row = explanation.position(label)
    rng = make_rng(random_state)
    images = [
        _restore_layout(_add_noise(explanation, radius, rng), explainer.channel_axis)
        for _ in range(n_draws)
    ]
    again = _hold_segments(explainer, explanation, explanation.settings.random_state)
    explanations = _explain_quietly(again, images, explanation, black_box)
    weights = explanation.weights[row]
    changes = [np.linalg.norm(other.weights[row] - weights) for other in explanations]
    norm = np.linalg.norm(weights)
    if norm == 0:
        return float(np.inf if any(changes) else 0.0)
    return float(max(changes) / norm)


def _hold_segments(explainer, explanation, seed):
    """Return a fitted explainer that cuts every image as this one was.

    It is a shallow copy, not a clone to be fitted anew: what `fit` learnt from other
    images, such as a reference, would be lost.
    """
    segments = np.array(explanation.segments)
    segmenter = PrecomputedSegmenter(segments, channel_axis=explainer.channel_axis)
    again = copy.copy(explainer)
    again.segmenter = again.segmenter_ = segmenter
    again.random_state, again.on_error = seed, "raise"
    again.classes_ = np.arange(len(explanation.class_names))  # a name may stand twice
    return again


def _draw_again(explainer, seed):
    """Return the fitted occluder, of another seed where the explainer gave it one."""
    occluder = copy.copy(explainer.occluder_)
    if hasattr(occluder, "seed_") and (
        getattr(explainer.occluder, "random_state", None) is None
    ):
        occluder.seed_ = seed
    return occluder


def _explain_quietly(explainer, images, explanation, black_box):
    """Explain the same labels, without repeating what is doubtful about it.

    Doubts are said after the last image, to whoever asks for one more.
    """
    columns = explanation.label_indices
    explanations = explainer.iter_explain(images, columns, black_box=black_box)
    return [explanation for _, explanation in zip(images, explanations, strict=False)]


def _restore_layout(image, channel_axis):
    return image if image.ndim == 2 else np.moveaxis(image, -1, channel_axis)


def _add_noise(explanation, radius, rng):
    """Return the image with noise, of its dtype and within its range."""
    image, (low, high) = explanation.image, explanation.data_range
    width = radius * (high - low)
    noisy = image + rng.uniform(-width, width, size=image.shape)
    # Values beyond a range that was learnt from other images are not noise.
    noisy = np.clip(noisy, min(low, image.min()), max(high, image.max()))
    return (noisy if image.dtype.kind == "f" else np.rint(noisy)).astype(image.dtype)


def _measure_runs(runs, row, weights, measure, k):
    if callable(measure):
        with name_parameter("measure", "called as measure(weights_of_runs)"):
            return measure(weights)
    if measure == "jaccard":
        return jaccard_top_k(weights, k)
    if measure == "spearman":
        return rank_correlation(weights)
    if measure == "vsi":
        n_common = min(k, np.count_nonzero(weights, axis=1).min())
        if n_common == 0:
            return np.nan
        return variables_stability_index(select_top(weights, int(n_common)))
    errors = [_find_errors(run, row) for run in runs]
    return coefficients_stability_index(weights, errors, select_top(weights, k))


def _find_errors(run, row):
    outputs = run.sample_predictions[:, run.label_indices[row]]
    return standard_errors(run.samples, outputs, run.sample_weights)
