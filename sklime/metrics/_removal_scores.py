"""Curves of removal as one number: areas under and over them."""
# SPDX-License-Identifier: BSD-3-Clause

from typing import Any, Literal

import numpy as np

from sklime._typing import RandomState
from sklime.explanation import ImageExplanation
from sklime.metrics._checks import check_count
from sklime.metrics._removal import Removal


def insertion_auc(
    explanation: ImageExplanation,
    estimator: Any,
    *,
    label: Any = None,
    order: Literal["weights", "random"] = "weights",
    n_random: int = 0,
    **curve_options: Any,
) -> float:
    """Return the area under the insertion curve, larger is better [1]_.

    Parameters
    ----------
    explanation : ImageExplanation
        Of the image.
    estimator : object
        What was explained.
    label : object, default=None
        One of the explained labels; None is the first.
    order : {"weights", "random"}, default="weights"
        See `insertion_curve`.
    n_random : int, default=0
        If not zero, the mean area of so many random orders is subtracted: what is left
        is what the explanation earns over chance.
    **curve_options : dict
        `unit`, `n_steps`, `baseline` and `random_state` of `insertion_curve`.

    Returns
    -------
    float
        By the trapezoidal rule over the area shown; on the scale of the output.

    Raises
    ------
    TypeError, ValueError
        As for `insertion_curve`.

    References
    ----------
    .. [1] V. Petsiuk, A. Das and K. Saenko, "RISE: Randomized input sampling for
       explanation of black-box models", BMVC 2018.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime import ImageLimeExplainer
    >>> def redness_of_left(images):
    ...     return images[:, :, :37, 0].mean(axis=(1, 2)) / 255
    >>> explainer = ImageLimeExplainer(redness_of_left, occluder=0, random_state=0)
    >>> explanation = explainer.fit_explain(data.coffee()[::8, ::8])
    >>> round(insertion_auc(explanation, explainer, baseline=0), 2)
    0.46
    """
    removal = Removal(explanation, estimator, label=label, **curve_options)
    return _compare_with_random(removal, ["insertion"], order, n_random)


def deletion_auc(
    explanation: ImageExplanation,
    estimator: Any,
    *,
    label: Any = None,
    order: Literal["weights", "random"] = "weights",
    n_random: int = 0,
    **curve_options: Any,
) -> float:
    """Return the area under the deletion curve, smaller is better [1]_.

    Parameters
    ----------
    explanation : ImageExplanation
        Of the image.
    estimator : object
        What was explained.
    label : object, default=None
        One of the explained labels; None is the first.
    order : {"weights", "random"}, default="weights"
        See `insertion_curve`.
    n_random : int, default=0
        If not zero, the mean area of so many random orders is subtracted; an
        explanation that is better than chance is then negative.
    **curve_options : dict
        `unit`, `n_steps`, `baseline` and `random_state` of `insertion_curve`.

    Returns
    -------
    float
        By the trapezoidal rule over the area hidden; on the scale of the output.

    Raises
    ------
    TypeError, ValueError
        As for `insertion_curve`.

    References
    ----------
    .. [1] V. Petsiuk, A. Das and K. Saenko, "RISE: Randomized input sampling for
       explanation of black-box models", BMVC 2018.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime import ImageLimeExplainer
    >>> def redness_of_left(images):
    ...     return images[:, :, :37, 0].mean(axis=(1, 2)) / 255
    >>> explainer = ImageLimeExplainer(redness_of_left, occluder=0, random_state=0)
    >>> explanation = explainer.fit_explain(data.coffee()[::8, ::8])
    >>> round(deletion_auc(explanation, explainer, baseline=0), 2)
    0.12
    """
    removal = Removal(explanation, estimator, label=label, **curve_options)
    return _compare_with_random(removal, ["deletion"], order, n_random)


def faithfulness(
    explanation: ImageExplanation,
    estimator: Any,
    *,
    label: Any = None,
    order: Literal["weights", "random"] = "weights",
    n_random: int = 0,
    **curve_options: Any,
) -> float:
    """Return the area under the insertion curve less that under the deletion curve.

    An explanation cannot buy it by large segments: areas are compared, not segments.
    Nor by its fill: the baseline is the same for all. The two areas are those of RISE
    [1]_, their difference is in the unit of the output, 0 for a random order of pixels
    on average.

    Parameters
    ----------
    explanation : ImageExplanation
        Of the image.
    estimator : object
        What was explained. It is asked about 39 images with the defaults, at most
        ``2 * n_steps - 1``, in one call; each random order adds 38.
    label : object, default=None
        One of the explained labels; None is the first.
    order : {"weights", "random"}, default="weights"
        See `insertion_curve`.
    n_random : int, default=0
        If not zero, the mean of so many random orders is subtracted.
    **curve_options : dict
        `unit`, `n_steps`, `baseline` and `random_state` of `insertion_curve`.

    Returns
    -------
    float
        Larger is better.

    Raises
    ------
    TypeError, ValueError
        As for `insertion_curve`.

    See Also
    --------
    insertion_auc, deletion_auc : Its two parts.

    References
    ----------
    .. [1] V. Petsiuk, A. Das and K. Saenko, "RISE: Randomized input sampling for
       explanation of black-box models", BMVC 2018.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime import ImageLimeExplainer
    >>> def redness_of_left(images):
    ...     return images[:, :, :37, 0].mean(axis=(1, 2)) / 255
    >>> explainer = ImageLimeExplainer(redness_of_left, occluder=0, random_state=0)
    >>> explanation = explainer.fit_explain(data.coffee()[::8, ::8])
    >>> round(faithfulness(explanation, explainer, baseline=0), 2)
    0.34
    """
    removal = Removal(explanation, estimator, label=label, **curve_options)
    return _compare_with_random(removal, ["insertion", "deletion"], order, n_random)


def irof(
    explanation: ImageExplanation,
    estimator: Any,
    *,
    label: Any = None,
    baseline: Any = "mean",
    random_state: RandomState = None,
) -> float:
    r"""Return the area over the curve of segments removed by weight (IROF).

    Segments are removed one after the other, the largest weight first, and stay
    removed. With :math:`f_k` the output after k of L it is :math:`\frac{1}{L} \int_0^L
    (1 - f_k / f_0)\, dk` by the trapezoidal rule [1]_.

    Parameters
    ----------
    explanation : ImageExplanation
        Of the image.
    estimator : object
        What was explained. It is asked about as many images as there are segments.
    label : object, default=None
        One of the explained labels; None is the first.
    baseline : str, number, colour, image, callable or occluder, default="mean"
        See `insertion_curve`; "mean" gives each segment its mean colour.
    random_state : int, RandomState instance or None, default=None
        Seed of a baseline that is drawn.

    Returns
    -------
    float
        Larger is better, at most 1 for outputs that are not negative; below zero where
        removal makes the output rise.

    Raises
    ------
    ValueError
        If the output at the image is not positive: shares of it mean nothing.

    References
    ----------
    .. [1] L. Rieger and L. K. Hansen, "IROF: A low resource evaluation metric for
       explanation methods", arXiv:2003.08747, 2020.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime import ImageLimeExplainer
    >>> def redness_of_left(images):
    ...     return images[:, :, :37, 0].mean(axis=(1, 2)) / 255
    >>> explainer = ImageLimeExplainer(redness_of_left, occluder=0, random_state=0)
    >>> explanation = explainer.fit_explain(data.coffee()[::8, ::8])
    >>> round(irof(explanation, explainer, baseline=0), 2)
    0.82
    """
    start = explanation.predictions[explanation.position(label)]
    if not start > 0:
        raise ValueError(
            "irof takes shares of the output at the image, which must be positive. "
            f"Got {start:g}; explain probabilities (response_method='predict_proba'), "
            "or use faithfulness, which takes differences."
        )
    removal = Removal(
        explanation,
        estimator,
        label=label,
        unit="segments",
        n_steps=None,
        baseline=baseline,
        random_state=random_state,
    )
    scores = removal.trace("deletion")[1][0]
    return float(np.trapezoid(1 - scores / start, dx=1 / explanation.n_segments))


def _compare_with_random(removal, kinds, order, n_random):
    """Return the first area less the second, if any, over that of random orders."""
    check_count("n_random", n_random, 0)
    earned = _subtract_areas(*removal.trace(*kinds, order=order))
    if n_random == 0:
        return earned
    chance = [
        _subtract_areas(*removal.trace(*kinds, order="random")) for _ in range(n_random)
    ]
    return earned - float(np.mean(chance))


def _subtract_areas(areas, scores):
    first, *others = np.trapezoid(scores, areas, axis=-1)
    return float(first - sum(others))
