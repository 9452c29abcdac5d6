"""Gather what a page says."""
# SPDX-License-Identifier: BSD-3-Clause

from typing import TYPE_CHECKING, Any

import numpy as np

from sklime._colours import NEGATIVE_COLOR, POSITIVE_COLOR
from sklime._typing import Array
from sklime.page._pictures import OPACITY, encode_segments
from sklime.page._words import count_decimals, format_score, sum_up

if TYPE_CHECKING:
    from sklime.explanation._record import ExplanationRecord

N_DIGITS = 6
ACROSS = ("left", "middle", "right")
DOWN = ("top", "middle", "bottom")


def gather_facts(explanation: "ExplanationRecord", segments: Array) -> dict[str, Any]:
    """Return all that the script of a page knows, as plain lists and numbers.

    Parameters
    ----------
    explanation : ImageExplanation
        What to tell.
    segments : ndarray of shape (h, w)
        Its segments in the size of the page's picture.

    Returns
    -------
    dict
        With ``width``, ``height`` and ``segments`` (see `encode_segments`); ``names``,
        ``areas`` and ``places`` of the segments; ``colors`` and ``opacity``; and for
        each of ``labels`` its ``name``, ``prediction``, ``local_prediction``,
        ``fidelity`` and ``summary`` in words, its ``weights`` in six digits, the
        ``order`` of the segments by absolute weight and the ``decimals`` to show.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime import ImageLimeExplainer
    >>> from sklime.segmentation import GridSegmenter
    >>> explanation = ImageLimeExplainer(
    ...     lambda images: images[:, :256].mean(axis=(1, 2)) / 255,
    ...     segmenter=GridSegmenter(2, 2),
    ...     occluder=0,
    ... ).fit_explain(data.camera())
    >>> facts = gather_facts(explanation, explanation.segments)
    >>> facts["places"]
    ['top left', 'top right', 'bottom left', 'bottom right']
    >>> facts["labels"][0]["order"]
    [1, 0, 2, 3]
    """
    names = list(map(str, explanation.segment_names))
    shares = explanation.segment_sizes / explanation.segments.size
    return {
        "width": segments.shape[1],
        "height": segments.shape[0],
        "segments": encode_segments(segments),
        "names": names,
        "areas": _round(shares),
        "places": find_regions(explanation.segments, explanation.n_segments),
        "colors": [POSITIVE_COLOR, NEGATIVE_COLOR],
        "opacity": OPACITY,
        "labels": [
            _tell_label(*row, names)
            for row in zip(
                map(str, explanation.labels),
                explanation.predictions,
                explanation.local_predictions,
                explanation.fidelity,
                explanation.weights,
                strict=True,
            )
        ],
    }


def find_regions(segments, n_segments):
    """Return in which ninth of the image the centre of each segment is.

    Parameters
    ----------
    segments : ndarray of shape (H, W)
        Labels 0..d-1; -1 where a pixel belongs to none.
    n_segments : int
        Number of segments, d.

    Returns
    -------
    list of str
        Such as ``"top left"`` or ``"middle"``.

    Examples
    --------
    >>> import numpy as np
    >>> find_regions(np.arange(9).reshape(3, 3), 9)[3:6]
    ['middle left', 'middle', 'middle right']
    """
    inside = segments >= 0
    labels = segments[inside]
    sizes = np.bincount(labels, minlength=n_segments)
    thirds = []
    for places, length in zip(np.nonzero(inside), segments.shape, strict=True):
        middles = np.bincount(labels, places + 0.5, n_segments) / sizes
        thirds.append(np.minimum(3 * middles / length, 2).astype(int))
    return [
        "middle" if row == col == 1 else f"{DOWN[row]} {ACROSS[col]}"
        for row, col in zip(*thirds, strict=True)
    ]


def _tell_label(name, prediction, local_prediction, fidelity, weights, names):
    """Return what the page says of one label."""
    scores = map(format_score, (prediction, local_prediction, fidelity))
    told = dict(
        zip(("prediction", "local_prediction", "fidelity"), scores, strict=True)
    )
    return {
        "name": name,
        **told,
        "summary": sum_up(name, told["prediction"], told["fidelity"], weights, names),
        "weights": _round(weights),
        "order": np.argsort(-np.abs(weights), kind="stable").tolist(),
        "decimals": count_decimals(weights),
    }


def _round(values):
    """Return numbers in the digits that the page holds."""
    return [float(f"{value:.{N_DIGITS}g}") for value in values]
