"""Take the mean of a metric over images, for scorers.

Scorers are called ``scorer(explainer, X, y)`` with a fitted explainer, for `scoring=`
of a search, and larger is always better: metrics of which less is better are negated.
Options of the metric are set with `functools.partial`. Random metrics have
``random_state=0`` unless told otherwise, so that all candidates of a search are judged
by the same draws. An image that could not be explained (``on_error="warn"``) makes the
mean NaN: a candidate must not win by failing where it is difficult.
"""
# SPDX-License-Identifier: BSD-3-Clause

from collections.abc import Iterable
from typing import Any

import numpy as np

from sklime.explanation import ImageExplanation
from sklime.metrics._removal_scores import faithfulness


def mean_faithfulness(
    explanations: Iterable[ImageExplanation | None], estimator: Any, **options: Any
) -> float:
    """Return the mean of `faithfulness` over explanations.

    Parameters
    ----------
    explanations : iterable of ImageExplanation
        None stands for an image that could not be explained.
    estimator : object
        What was explained.
    **options : dict
        Of `faithfulness`.

    Returns
    -------
    float
        NaN if an explanation is missing.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime import ImageLimeExplainer
    >>> explainer = ImageLimeExplainer(
    ...     lambda images: images[:, :20].mean(axis=(1, 2, 3)) / 255, occluder=0
    ... )
    >>> explanation = explainer.fit_explain(data.coffee()[::8, ::8])
    >>> mean_faithfulness([explanation], explainer, baseline=0) > 0.1
    True
    """
    return mean_over(
        explanations,
        lambda explanation: faithfulness(explanation, estimator, **options),
    )


def mean_over(explanations, measure):
    """Return the mean of a measure over explanations.

    Parameters
    ----------
    explanations : iterable of ImageExplanation
        None stands for an image that could not be explained.
    measure : callable
        From an explanation to a number.

    Returns
    -------
    float
        NaN if an explanation is missing.
    """
    scores = [np.nan if e is None else measure(e) for e in explanations]
    return float(np.mean(scores))


def ask_and_average(explainer, X, measure, sign, /, **options):
    """Return the mean of a measure that asks the black box, which is fetched once.

    Parameters
    ----------
    explainer : ImageLimeExplainer
        Fitted.
    X : array-like or sequence of images
        One image or many.
    measure : callable
        ``measure(explanation, black_box, **options)`` returns a number.
    sign : {1, -1}
        -1 negates it.
    **options : dict
        Of the measure.

    Returns
    -------
    float
        NaN if an image could not be explained.
    """
    black_box = explainer.get_black_box()
    return sign * mean_over(
        explainer.iter_explain(X, black_box=black_box),
        lambda explanation: measure(explanation, black_box, **options),
    )


def explain_and_average(explainer, X, measure, sign, /, **options):
    """Return the mean of a measure that explains again.

    Parameters
    ----------
    explainer : ImageLimeExplainer
        Fitted.
    X : array-like or sequence of images
        One image or many.
    measure : callable
        ``measure(explanation, explainer, black_box=..., **options)`` returns a number.
    sign : {1, -1}
        -1 negates it.
    **options : dict
        Of the measure.

    Returns
    -------
    float
        NaN if an image could not be explained.
    """

    def measure_again(explanation, black_box):
        return measure(explanation, explainer, black_box=black_box, **options)

    return ask_and_average(explainer, X, measure_again, sign)
