"""Removal: what becomes of the output when the image is shown or hidden by weight.

An explanation is right if the parts that it finds important are: shown first, they
bring the output back quickly (insertion); hidden first, they make it fall (deletion).
"""
# SPDX-License-Identifier: BSD-3-Clause

from typing import Any, Literal

import numpy as np

from sklime._parameters import make_rng
from sklime._typing import Array, RandomState
from sklime.explanation import ImageExplanation
from sklime.metrics._baseline import create_baseline
from sklime.metrics._checks import check_choice, check_count
from sklime.metrics._questions import ask_about
from sklime.metrics._steps import rank_units, step_pixels, step_segments
from sklime.perturbation import as_black_box
from sklime.segmentation import paint_segments

UNITS = ("pixels", "segments")
ORDERS = ("weights", "random")


class Removal:
    """An explained image of which parts are inserted or deleted.

    Parameters
    ----------
    explanation : ImageExplanation
        Of the image.
    estimator : object
        What was explained, see `sklime.perturbation.as_black_box`.
    label, unit, n_steps, baseline, random_state : object
        See `insertion_curve`.
    """

    def __init__(
        self,
        explanation,
        estimator,
        *,
        label=None,
        unit="pixels",
        n_steps=20,
        baseline=None,
        random_state=None,
    ):
        check_choice("unit", unit, UNITS)
        if not (n_steps is None and unit == "segments"):
            check_count("n_steps", n_steps, 1)
        rng = make_rng(random_state)
        self.explanation, self.label = explanation, label
        self.unit, self.n_steps = unit, n_steps
        self.weights = explanation.weights[explanation.position(label)]
        self.background = create_baseline(
            explanation, baseline, unit=unit, random_state=rng
        )
        self._black_box, self._rng, self._hidden = as_black_box(estimator), rng, None

    def trace(self, *kinds, order="weights"):
        """Return the areas, and for each kind of curve the output at each.

        Parameters
        ----------
        *kinds : {"insertion", "deletion"}
            The curves, of which all images are asked in one call.
        order : {"weights", "random"}, default="weights"
            See `insertion_curve`.

        Returns
        -------
        areas : ndarray of shape (n_points,)
            Shares, 0 to 1.
        scores : ndarray of shape (n_kinds, n_points)
            Outputs of the label.
        """
        check_choice("order", order, ORDERS)
        steps, areas = self._plan(order)
        shown = np.tri(len(areas), len(areas) - 1, -1, dtype=bool)
        rows = {"insertion": shown, "deletion": ~shown}
        scores = self._ask(np.concatenate([rows[kind] for kind in kinds]), steps)
        return areas, scores.reshape(len(kinds), -1)

    def _plan(self, order):
        """Return the step of each pixel, -1 for those never hidden, and the areas."""
        segments = self.explanation.segments
        by_segment = self.unit == "segments"
        weights = self.weights if by_segment else paint_segments(self.weights, segments)
        ranked = rank_units(weights)
        if order == "random":
            ranked = self._rng.permutation(weights.size)
        if by_segment:
            sizes = self.explanation.segment_sizes
            steps, areas = step_segments(ranked, sizes, self.n_steps)
            return np.append(steps, -1)[segments], areas
        steps, areas = step_pixels(ranked, self.n_steps)
        return steps.reshape(segments.shape), areas

    def _ask(self, samples, steps):
        """Return outputs; the fully hidden image is the same for every order."""
        scores = np.empty(len(samples))
        hidden = ~samples.any(axis=1)
        new = np.ones(len(samples), dtype=bool) if self._hidden is None else ~hidden
        scores[new] = ask_about(
            self.explanation,
            self._black_box,
            samples[new],
            label=self.label,
            background=self.background,
            segments=steps,
        )
        if self._hidden is None:
            self._hidden = scores[hidden][0]
        scores[hidden] = self._hidden
        return scores


def insertion_curve(
    explanation: ImageExplanation,
    estimator: Any,
    *,
    label: Any = None,
    unit: Literal["pixels", "segments"] = "pixels",
    n_steps: int | None = 20,
    baseline: Any = None,
    order: Literal["weights", "random"] = "weights",
    random_state: RandomState = None,
) -> tuple[Array, Array]:
    """Return the output of a label while the image is shown, by weight [1]_.

    Parameters
    ----------
    explanation : ImageExplanation
        Of the image.
    estimator : object
        What was explained: the fitted explainer, its black box, or a model or callable
        that takes images channels last.
    label : object, default=None
        One of the explained labels; None is the first.
    unit : {"pixels", "segments"}, default="pixels"
        "pixels" orders pixels by the weight of their segment, equal ones row by row,
        so that explanations with other segments are compared at equal areas. Pixels of
        no segment have the weight zero. "segments" never cuts a segment; pixels of
        none are always shown, and areas are shares of the others.
    n_steps : int or None, default=20
        Number of equal steps of area. Whole segments are taken as far as they fit, and
        areas are those that were reached. None, for segments, takes one after the
        other.
    baseline : str, number, colour, image, callable or occluder, default=None
        What hidden pixels show: None is the image's mean colour, "background" that of
        the explanation, anything else as the parameter `occluder` of
        `ImageLimeExplainer`. Fills that are drawn anew are refused.
    order : {"weights", "random"}, default="weights"
        The largest signed weight first; or pixels, or segments, in random order.
    random_state : int, RandomState instance or None, default=None
        Seed of a random order, and of a baseline that is drawn.

    Returns
    -------
    areas : ndarray of shape (n_points,)
        The shares of the area that are shown, 0 to 1.
    scores : ndarray of shape (n_points,)
        The outputs of the label. At most `n_steps` images are asked about: not the
        image itself.

    Raises
    ------
    TypeError, ValueError
        For an unknown label, unit or order, a number of steps that is none, or a
        baseline that fills nothing.

    See Also
    --------
    insertion_auc : The area under it.
    CurveDisplay : Draws it.

    References
    ----------
    .. [1] V. Petsiuk, A. Das and K. Saenko, "RISE: Randomized input sampling for
       explanation of black-box models", BMVC 2018.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime import ImageLimeExplainer
    >>> def redness(images):
    ...     return images[..., 0].mean(axis=(1, 2)) / 255
    >>> explainer = ImageLimeExplainer(redness, random_state=0)
    >>> explanation = explainer.fit_explain(data.coffee()[::8, ::8])
    >>> areas, scores = insertion_curve(explanation, explainer, n_steps=4, baseline=0)
    >>> areas.round(2), scores.round(2)
    (array([0.  , 0.25, 0.5 , 0.75, 1.  ]), array([0.  , 0.14, 0.3 , 0.46, 0.62]))
    """
    removal = Removal(
        explanation,
        estimator,
        label=label,
        unit=unit,
        n_steps=n_steps,
        baseline=baseline,
        random_state=random_state,
    )
    areas, scores = removal.trace("insertion", order=order)
    return areas, scores[0]


def deletion_curve(
    explanation: ImageExplanation,
    estimator: Any,
    *,
    label: Any = None,
    unit: Literal["pixels", "segments"] = "pixels",
    n_steps: int | None = 20,
    baseline: Any = None,
    order: Literal["weights", "random"] = "weights",
    random_state: RandomState = None,
) -> tuple[Array, Array]:
    """Return the output of a label while the image is hidden, by weight [1]_.

    Parameters
    ----------
    explanation : ImageExplanation
        Of the image.
    estimator : object
        What was explained.
    label : object, default=None
        One of the explained labels; None is the first.
    unit, n_steps, baseline, order, random_state : object
        See `insertion_curve`.

    Returns
    -------
    areas : ndarray of shape (n_points,)
        The shares of the area that are hidden, 0 to 1.
    scores : ndarray of shape (n_points,)
        The outputs of the label.

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
    >>> def redness(images):
    ...     return images[..., 0].mean(axis=(1, 2)) / 255
    >>> explainer = ImageLimeExplainer(redness, random_state=0)
    >>> explanation = explainer.fit_explain(data.coffee()[::8, ::8])
    >>> deletion_curve(explanation, explainer, n_steps=2, baseline=0)[1].round(2)
    array([0.62, 0.32, 0.  ])
    """
    removal = Removal(
        explanation,
        estimator,
        label=label,
        unit=unit,
        n_steps=n_steps,
        baseline=baseline,
        random_state=random_state,
    )
    areas, scores = removal.trace("deletion", order=order)
    return areas, scores[0]
