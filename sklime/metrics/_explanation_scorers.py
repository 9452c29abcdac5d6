"""Scorers that ask nothing but what explanations hold, or explain again.

See ``_scoring`` for what all scorers have in common.
"""
# SPDX-License-Identifier: BSD-3-Clause

from typing import TYPE_CHECKING, Any

from sklime._typing import Images, RandomState
from sklime.metrics._compactness import complexity, sparseness
from sklime.metrics._fidelity import fidelity, local_prediction_gap
from sklime.metrics._scoring import explain_and_average, mean_over
from sklime.metrics._stability import max_sensitivity, stability

if TYPE_CHECKING:
    from sklime.explainer import ImageLimeExplainer


def fidelity_scorer(explainer: "ImageLimeExplainer", X: Images, y: Any = None) -> float:
    """Score by `fidelity`: how well surrogates predict what they have not seen.

    The coarsest segmentation wins: never choose segments by it alone.

    Parameters
    ----------
    explainer : ImageLimeExplainer
        Fitted.
    X : array-like or sequence of images
        One image or many.
    y : Ignored
        Not used, present here for API consistency by convention.

    Returns
    -------
    float
        The mean over images, of the first label of each; larger is better.
    """
    return mean_over(explainer.iter_explain(X), fidelity)


def local_prediction_gap_scorer(
    explainer: "ImageLimeExplainer", X: Images, y: Any = None
) -> float:
    """Score by `local_prediction_gap`, negated.

    Parameters
    ----------
    explainer : ImageLimeExplainer
        Fitted.
    X : array-like or sequence of images
        One image or many.
    y : Ignored
        Not used, present here for API consistency by convention.

    Returns
    -------
    float
        The mean over images, of the first label of each; larger is better.
    """
    return -mean_over(explainer.iter_explain(X), local_prediction_gap)


def sensitivity_scorer(
    explainer: "ImageLimeExplainer",
    X: Images,
    y: Any = None,
    *,
    random_state: RandomState = 0,
    **options: Any,
) -> float:
    """Score by `max_sensitivity`, negated: whether noise leaves weights alone.

    Parameters
    ----------
    explainer : ImageLimeExplainer
        Fitted.
    X : array-like or sequence of images
        One image or many.
    y : Ignored
        Not used, present here for API consistency by convention.
    random_state : int, RandomState instance or None, default=0
        See `max_sensitivity`.
    **options : dict
        Of `max_sensitivity`.

    Returns
    -------
    float
        The mean over images, of the first label of each; larger is better.
    """
    return explain_and_average(
        explainer, X, max_sensitivity, -1, random_state=random_state, **options
    )


def stability_scorer(
    explainer: "ImageLimeExplainer",
    X: Images,
    y: Any = None,
    *,
    random_state: RandomState = 0,
    **options: Any,
) -> float:
    """Score by `stability`: whether other seeds give the same explanation.

    Weights that are all zero are perfectly stable: never read it alone.

    Parameters
    ----------
    explainer : ImageLimeExplainer
        Fitted.
    X : array-like or sequence of images
        One image or many.
    y : Ignored
        Not used, present here for API consistency by convention.
    random_state : int, RandomState instance or None, default=0
        See `stability`.
    **options : dict
        Of `stability`.

    Returns
    -------
    float
        The mean over images, of the first label of each; larger is better.
    """
    return explain_and_average(
        explainer, X, stability, 1, random_state=random_state, **options
    )


def sparseness_scorer(
    explainer: "ImageLimeExplainer", X: Images, y: Any = None
) -> float:
    """Score by `sparseness` of the weights: whether few segments have them all.

    It does not ask whether they are the right ones.

    Parameters
    ----------
    explainer : ImageLimeExplainer
        Fitted.
    X : array-like or sequence of images
        One image or many.
    y : Ignored
        Not used, present here for API consistency by convention.

    Returns
    -------
    float
        The mean over images, of the first label of each; larger is better.
    """
    return mean_over(
        explainer.iter_explain(X),
        lambda explanation: sparseness(explanation.weights[0]),
    )


def complexity_scorer(
    explainer: "ImageLimeExplainer",
    X: Images,
    y: Any = None,
    *,
    normalize: bool = False,
) -> float:
    """Score by `complexity` of the weights, negated.

    It does not ask whether they are the right ones.

    Parameters
    ----------
    explainer : ImageLimeExplainer
        Fitted.
    X : array-like or sequence of images
        One image or many.
    y : Ignored
        Not used, present here for API consistency by convention.
    normalize : bool, default=False
        See `complexity`.

    Returns
    -------
    float
        The mean over images, of the first label of each; larger is better.
    """
    return -mean_over(
        explainer.iter_explain(X),
        lambda explanation: complexity(explanation.weights[0], normalize=normalize),
    )
