"""Gather what a page says."""
# SPDX-License-Identifier: BSD-3-Clause

from typing import TYPE_CHECKING, Any

import numpy as np

from sklime._colours import NEGATIVE_COLOR, POSITIVE_COLOR
from sklime._typing import Array
from sklime.explanation import choose_segments
from sklime.page._pictures import OPACITY, cut_bands, encode_segments
from sklime.page._words import format_area, format_score, format_weights, sum_up

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
        ``areas`` and ``places`` of the segments, in words; ``colors`` and
        ``opacity``; and for each of ``labels`` its ``name``, ``prediction``,
        ``local_prediction``, ``fidelity`` and ``summary`` in words, its ``weights``
        in six digits and as ``texts``, and the ``order`` of the segments, see
        `sklime.explanation.choose_segments`.

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
    sizes, (rows, cols) = measure_segments(explanation.segments, explanation.n_segments)
    n_pixels = explanation.segments.size
    return {
        "width": segments.shape[1],
        "height": segments.shape[0],
        "segments": encode_segments(segments),
        "names": names,
        "areas": list(map(format_area, sizes / n_pixels)),
        "places": name_regions(rows, cols, explanation.segments.shape),
        "colors": [POSITIVE_COLOR, NEGATIVE_COLOR],
        "opacity": OPACITY,
        "labels": [
            _tell_label(*row, names, choose_segments(row[-1], sizes, n_pixels).tolist())
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


def measure_segments(segments, n_segments):
    """Return how large each segment is and where its centre of mass lies.

    Parameters
    ----------
    segments : ndarray of shape (H, W)
        Labels 0..d-1; -1 where a pixel belongs to none.
    n_segments : int
        Number of segments, d.

    Returns
    -------
    sizes : ndarray of shape (d,)
        In pixels.
    centres : ndarray of shape (2, d)
        Row and column, from the outer corner of the first pixel.

    Examples
    --------
    >>> import numpy as np
    >>> sizes, centres = measure_segments(np.array([[0, 1, 1], [0, 1, 1]]), 2)
    >>> sizes.tolist(), centres.tolist()
    ([2.0, 4.0], [[1.0, 1.0], [0.5, 2.0]])
    """
    sums = np.zeros((3, n_segments + 1))  # the first column: outside of all
    for band in cut_bands(segments.shape):
        labels = segments[band] + 1
        rows, cols = np.indices(labels.shape) + 0.5
        for total, values in zip(sums, (None, rows + band.start, cols), strict=True):
            weights = None if values is None else values.ravel()
            total += np.bincount(labels.ravel(), weights, n_segments + 1)
    sizes = sums[0, 1:]
    return sizes, sums[1:, 1:] / sizes


def name_regions(rows, cols, shape):
    """Return in which ninth of the image each point is.

    Parameters
    ----------
    rows, cols : ndarray of shape (d,)
        From the outer corner of the first pixel.
    shape : tuple of int
        Height and width of the image.

    Returns
    -------
    list of str
        Such as ``"top left"`` or ``"middle"``.

    Examples
    --------
    >>> import numpy as np
    >>> name_regions(np.array([0.5, 1.5]), np.array([0.5, 1.5]), (3, 3))
    ['top left', 'middle']
    """
    height, width = shape
    thirds = [(3 * rows / height).astype(int), (3 * cols / width).astype(int)]
    return [
        "middle" if row == col == 1 else f"{DOWN[row]} {ACROSS[col]}"
        for row, col in zip(*thirds, strict=True)
    ]


def _tell_label(name, prediction, local_prediction, fidelity, weights, names, order):
    """Return what the page says of one label."""
    scores = map(format_score, (prediction, local_prediction, fidelity))
    told = dict(
        zip(("prediction", "local_prediction", "fidelity"), scores, strict=True)
    )
    return {
        "name": name,
        **told,
        "summary": sum_up(
            name, told["prediction"], told["fidelity"], weights, order, names
        ),
        "weights": _round(weights),
        "texts": format_weights(weights),
        "order": order,
    }


def _round(values):
    """Return numbers in the digits that the page holds."""
    return [float(f"{value:.{N_DIGITS}g}") for value in values]
