"""Agreement: whether weights add up to what hiding several segments does.

Subsets of segments are drawn afresh, so that the explanation is judged by answers
that it was not made from. They are hidden as they were when the image was explained,
with the explanation's background; of fills that are drawn anew for each perturbation
that is the first draw.
"""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Integral, Real
from typing import Any

import numpy as np
from scipy import stats

from sklime._parameters import make_rng
from sklime._typing import RandomState
from sklime.explanation import ImageExplanation
from sklime.metrics._checks import check_count
from sklime.metrics._questions import ask_about
from sklime.sampling import draw_subsets

# Networks answer in single precision.
ROUNDING = 4 * float(np.finfo(np.float32).eps)


def faithfulness_correlation(
    explanation: ImageExplanation,
    estimator: Any,
    *,
    label: Any = None,
    n_subsets: int = 100,
    subset_size: float = 0.2,
    random_state: RandomState = None,
) -> float:
    """Return how the weight of hidden segments correlates with what the output loses.

    Parameters
    ----------
    explanation : ImageExplanation
        Of the image.
    estimator : object
        What was explained: the fitted explainer, its black box, or a model or callable
        that takes images channels last. It is asked about `n_subsets` images, in one
        call.
    label : object, default=None
        One of the explained labels; None is the first.
    n_subsets : int, default=100
        Number of random subsets of segments.
    subset_size : int or float, default=0.2
        How many segments are hidden, or which share of them; at least one, and one is
        always shown.
    random_state : int, RandomState instance or None, default=None
        Seed of the subsets.

    Returns
    -------
    float
        In [-1, 1]: Pearson's correlation, over the subsets, of the sum of the weights
        and the loss of output [1]_. 0 where either is the same for all subsets, as for
        weights that are all equal or an image of a single segment: no relation shows.

    Raises
    ------
    ValueError
        For an unknown label, or a number or share that is none.

    See Also
    --------
    infidelity : Also judges the scale of the weights.

    References
    ----------
    .. [1] U. Bhatt, A. Weller and J. M. F. Moura, "Evaluating and aggregating
       feature-based model explanations", IJCAI 2020.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime import ImageLimeExplainer
    >>> explainer = ImageLimeExplainer(
    ...     lambda images: images.mean(axis=(1, 2, 3)), occluder=0, random_state=0
    ... )
    >>> explanation = explainer.fit_explain(data.coffee()[::8, ::8])
    >>> found = faithfulness_correlation(explanation, explainer, random_state=0)
    >>> round(found, 2)
    1.0
    """
    check_count("n_subsets", n_subsets, 2)
    size = _count_hidden(subset_size, explanation.n_segments)
    sizes = np.full(n_subsets, explanation.n_segments - size)
    samples = draw_subsets(sizes, explanation.n_segments, make_rng(random_state))
    expected, lost = _compare(explanation, estimator, samples, label)
    row = explanation.position(label)
    output, weights = explanation.predictions[row], explanation.weights[row]
    if _is_constant(expected, weights) or _is_constant(lost, output - lost):
        return 0.0
    return float(stats.pearsonr(expected, lost).statistic)


def infidelity(
    explanation: ImageExplanation,
    estimator: Any,
    *,
    label: Any = None,
    n_samples: int = 100,
    normalize: bool = False,
    random_state: RandomState = None,
) -> float:
    r"""Return the squared error of the weights as a forecast of what hiding does.

    With z from fair coins, a coin for each segment, it is the mean of :math:`(\sum_{j:
    z_j = 0} \phi_j - (f(1) - f(z)))^2` [1]_. Rows are independent of each other.

    Parameters
    ----------
    explanation : ImageExplanation
        Of the image.
    estimator : object
        What was explained. It is asked about at most `n_samples` images, in one call.
    label : object, default=None
        One of the explained labels; None is the first.
    n_samples : int, default=100
        Number of rows of coins.
    normalize : bool, default=False
        Whether to scale the weights first by the factor that makes the error smallest,
        for weights that are not on the scale of the output.
    random_state : int, RandomState instance or None, default=None
        Seed of the coins.

    Returns
    -------
    float
        In the square of the output's unit; 0 at best.

    Raises
    ------
    ValueError
        For an unknown label or a number that is none.

    See Also
    --------
    faithfulness_correlation : Does not depend on the scale.

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
    >>> infidelity(explanation, explainer, random_state=0) < 1
    True
    """
    check_count("n_samples", n_samples, 1)
    rng = make_rng(random_state)
    samples = rng.randint(2, size=(n_samples, explanation.n_segments)) > 0
    expected, lost = _compare(explanation, estimator, samples, label)
    if normalize and expected.any():
        expected = expected * ((expected @ lost) / (expected @ expected))
    return float(np.mean((expected - lost) ** 2))


def _compare(explanation, estimator, samples, label):
    """Return what the output should lose by the weights, and what it does lose."""
    row = explanation.position(label)
    outputs = ask_about(explanation, estimator, samples, label=label)
    return ~samples @ explanation.weights[row], explanation.predictions[row] - outputs


def _count_hidden(subset_size, n_segments):
    """Return how many segments are hidden, one less than all at most."""
    is_number = isinstance(subset_size, Integral) and not isinstance(subset_size, bool)
    is_share = isinstance(subset_size, Real) and not isinstance(subset_size, Integral)
    if is_number and subset_size >= 1:
        size = int(subset_size)
    elif is_share and 0 < subset_size < 1:
        size = round(subset_size * n_segments)
    else:
        raise ValueError(
            "subset_size must be an integer of at least 1, or a share of the segments "
            f"between 0 and 1. Got {subset_size!r}."
        )
    return max(1, min(size, n_segments - 1))


def _is_constant(values, terms):
    """Return whether values differ by the rounding of what they are made of only.

    Rounding errors would correlate too, somehow.
    """
    return np.ptp(values) <= ROUNDING * np.abs(terms).max()
