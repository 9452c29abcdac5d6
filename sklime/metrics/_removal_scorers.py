"""Scorers that ask the black box about images with parts removed.

See ``_scoring`` for what all scorers have in common.
"""
# SPDX-License-Identifier: BSD-3-Clause

from typing import TYPE_CHECKING, Any

from sklime._typing import Images, RandomState
from sklime.metrics._agreement import faithfulness_correlation, infidelity
from sklime.metrics._removal_scores import (
    deletion_auc,
    faithfulness,
    insertion_auc,
    irof,
)
from sklime.metrics._scoring import ask_and_average

if TYPE_CHECKING:
    from sklime.explainer import ImageLimeExplainer


def insertion_scorer(
    explainer: "ImageLimeExplainer",
    X: Images,
    y: Any = None,
    *,
    random_state: RandomState = 0,
    **options: Any,
) -> float:
    """Score by `insertion_auc`: whether what is important brings the output back.

    Parameters
    ----------
    explainer : ImageLimeExplainer
        Fitted.
    X : array-like or sequence of images
        One image or many.
    y : Ignored
        Not used, present here for API consistency by convention.
    random_state : int, RandomState instance or None, default=0
        See `insertion_auc`.
    **options : dict
        Of `insertion_auc`.

    Returns
    -------
    float
        The mean over images, of the first label of each; larger is better.
    """
    return ask_and_average(
        explainer, X, insertion_auc, 1, random_state=random_state, **options
    )


def deletion_scorer(
    explainer: "ImageLimeExplainer",
    X: Images,
    y: Any = None,
    *,
    random_state: RandomState = 0,
    **options: Any,
) -> float:
    """Score by `deletion_auc`, negated: whether it falls without what is important.

    Parameters
    ----------
    explainer : ImageLimeExplainer
        Fitted.
    X : array-like or sequence of images
        One image or many.
    y : Ignored
        Not used, present here for API consistency by convention.
    random_state : int, RandomState instance or None, default=0
        See `deletion_auc`.
    **options : dict
        Of `deletion_auc`.

    Returns
    -------
    float
        The mean over images, of the first label of each; larger is better.
    """
    return ask_and_average(
        explainer, X, deletion_auc, -1, random_state=random_state, **options
    )


def faithfulness_scorer(
    explainer: "ImageLimeExplainer",
    X: Images,
    y: Any = None,
    *,
    random_state: RandomState = 0,
    **options: Any,
) -> float:
    """Score by `faithfulness`: insertion less deletion.

    Parameters
    ----------
    explainer : ImageLimeExplainer
        Fitted.
    X : array-like or sequence of images
        One image or many.
    y : Ignored
        Not used, present here for API consistency by convention.
    random_state : int, RandomState instance or None, default=0
        See `faithfulness`.
    **options : dict
        Of `faithfulness`.

    Returns
    -------
    float
        The mean over images, of the first label of each; larger is better.

    Examples
    --------
    >>> from functools import partial
    >>> from skimage import data
    >>> from sklearn.model_selection import GridSearchCV
    >>> from sklime import ImageLimeExplainer
    >>> from sklime.segmentation import GridSegmenter
    >>> image = data.coffee()[::8, ::8]
    >>> search = GridSearchCV(
    ...     ImageLimeExplainer(
    ...         lambda images: images[:, 20:30, 45:60].mean(axis=(1, 2, 3)),
    ...         n_perturbations=64, occluder=0, random_state=0,
    ...     ),
    ...     {"segmenter": [GridSegmenter(2, 2), GridSegmenter(5, 5)]},
    ...     scoring=partial(faithfulness_scorer, baseline=0),
    ...     cv=2,
    ... ).fit([image, image[::-1]])
    >>> search.best_params_
    {'segmenter': GridSegmenter(n_cols=5, n_rows=5)}
    """
    return ask_and_average(
        explainer, X, faithfulness, 1, random_state=random_state, **options
    )


def irof_scorer(
    explainer: "ImageLimeExplainer",
    X: Images,
    y: Any = None,
    *,
    random_state: RandomState = 0,
    **options: Any,
) -> float:
    """Score by `irof`: what is lost when segments are removed one by one.

    Parameters
    ----------
    explainer : ImageLimeExplainer
        Fitted.
    X : array-like or sequence of images
        One image or many.
    y : Ignored
        Not used, present here for API consistency by convention.
    random_state : int, RandomState instance or None, default=0
        See `irof`.
    **options : dict
        Of `irof`.

    Returns
    -------
    float
        The mean over images, of the first label of each; larger is better.
    """
    return ask_and_average(explainer, X, irof, 1, random_state=random_state, **options)


def faithfulness_correlation_scorer(
    explainer: "ImageLimeExplainer",
    X: Images,
    y: Any = None,
    *,
    random_state: RandomState = 0,
    **options: Any,
) -> float:
    """Score by `faithfulness_correlation`: whether weights go with what hiding does.

    Parameters
    ----------
    explainer : ImageLimeExplainer
        Fitted.
    X : array-like or sequence of images
        One image or many.
    y : Ignored
        Not used, present here for API consistency by convention.
    random_state : int, RandomState instance or None, default=0
        See `faithfulness_correlation`.
    **options : dict
        Of `faithfulness_correlation`.

    Returns
    -------
    float
        The mean over images, of the first label of each; larger is better.
    """
    return ask_and_average(
        explainer, X, faithfulness_correlation, 1, random_state=random_state, **options
    )


def infidelity_scorer(
    explainer: "ImageLimeExplainer",
    X: Images,
    y: Any = None,
    *,
    random_state: RandomState = 0,
    **options: Any,
) -> float:
    """Score by `infidelity`, negated: whether weights forecast what hiding does.

    Parameters
    ----------
    explainer : ImageLimeExplainer
        Fitted.
    X : array-like or sequence of images
        One image or many.
    y : Ignored
        Not used, present here for API consistency by convention.
    random_state : int, RandomState instance or None, default=0
        See `infidelity`.
    **options : dict
        Of `infidelity`.

    Returns
    -------
    float
        The mean over images, of the first label of each; larger is better.
    """
    return ask_and_average(
        explainer, X, infidelity, -1, random_state=random_state, **options
    )
