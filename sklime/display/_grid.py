"""Lay out what is drawn in rows and columns of panels."""
# SPDX-License-Identifier: BSD-3-Clause

from math import ceil, sqrt
from numbers import Integral
from typing import Any, NamedTuple

import numpy as np

from sklime.explanation import ImageExplanation

PANEL_INCHES, TITLE_INCHES = 3.2, 0.3
MAX_ONE_ROW = 3


class Cell(NamedTuple):
    """What one panel shows.

    Attributes
    ----------
    explanation : ImageExplanation or None
        None leaves the panel empty.
    image : array-like or None
        What to draw on, None for the explained image.
    label : object
        One of its labels.
    kind : str
        What to draw.
    titled : bool
        Whether label and score stand above.
    """

    explanation: ImageExplanation | None = None
    image: Any = None
    label: Any = None
    kind: str = "image"
    titled: bool = False


def find_labels(explanations, label, top_labels):
    """Return the labels to draw of each explanation, as many of each.

    Parameters
    ----------
    explanations : list of ImageExplanation or None
        Of one whose image failed nothing is drawn, in as many panels.
    label : object, list or None
        The user's choice.
    top_labels : int or None
        How many of the explained labels, where `label` is None.

    Returns
    -------
    list of list
        One for each explanation; None is the first label.

    Raises
    ------
    ValueError
        If there are none, or not that many.
    """
    if label is not None:
        labels = list(label) if np.ndim(label) else [label]
        if not labels:
            raise ValueError("label must be one of the explained labels. Got none.")
        return [labels] * len(explanations)
    if top_labels is None:
        return [[None]] * len(explanations)
    counts = [len(one.labels) for one in explanations if one is not None]
    most = min(counts, default=top_labels)
    if not isinstance(top_labels, Integral) or not 1 <= int(top_labels) <= most:
        raise ValueError(
            f"top_labels must be an integer from 1 to {most}, the number of explained "
            f"labels. Got {top_labels!r}; ImageLimeExplainer(top_labels=...) explains "
            "more, and so does refit(labels=...)."
        )
    absent = [None] * top_labels
    return [absent if one is None else one.labels[:top_labels] for one in explanations]


def plan_grid(explanations, images, labels, kinds):
    """Return a grid of cells.

    One explanation has a row for each kind and a column for each label. Several have a
    row each, or fill a grid where one panel is enough for each.

    Parameters
    ----------
    explanations : list of ImageExplanation or None
        What to draw.
    images : list
        What to draw them on, one for each.
    labels : list of list
        The labels of each.
    kinds : list of str
        What to draw of each label.

    Returns
    -------
    list of list of Cell
        Rows of equal length.
    """
    if len(explanations) == 1:
        explanation, image = explanations[0], images[0]
        return [
            [Cell(explanation, image, label, kind, row == 0) for label in labels[0]]
            for row, kind in enumerate(kinds)
        ]
    rows = [
        [Cell(explanation, image, label, kind, True) for label in own for kind in kinds]
        for explanation, image, own in zip(explanations, images, labels, strict=True)
    ]
    return _wrap([row[0] for row in rows]) if len(rows[0]) == 1 else rows


def _wrap(cells):
    """Return a list as a grid that is about as wide as high."""
    n_columns = len(cells) if len(cells) <= MAX_ONE_ROW else ceil(sqrt(len(cells)))
    n_empty = -len(cells) % n_columns
    cells = [*cells, *[Cell()] * n_empty]
    return [cells[i : i + n_columns] for i in range(0, len(cells), n_columns)]


def make_axes(grid):
    """Return the axes of a new figure, an array of the shape of the grid.

    Each row is a figure of its own inside: the names of bars or a colour bar in one
    leave no gap in the others.
    """
    import matplotlib.pyplot as plt

    n_rows, n_columns = len(grid), len(grid[0])
    if n_rows == n_columns == 1:
        return plt.subplots(layout="constrained", squeeze=False)[1]
    height = PANEL_INCHES * _find_aspect(grid) + TITLE_INCHES
    size = (PANEL_INCHES * n_columns, height * n_rows)
    figure = plt.figure(figsize=size, layout="constrained")
    rows = figure.subfigures(n_rows, 1, squeeze=False)[:, 0]
    return np.array([row.subplots(1, n_columns, squeeze=False)[0] for row in rows])


def _find_aspect(grid):
    """Return how high the first picture is for its width, within limits."""
    shapes = [
        c.explanation.segments.shape for row in grid for c in row if c.explanation
    ]
    height, width = shapes[0] if shapes else (1, 1)
    return min(max(height / width, 0.5), 2.0)


def check_axes(ax, grid):
    """Return the user's axes as an array of the shape of the grid.

    Raises
    ------
    TypeError, ValueError
        If they are no axes, or not as many as there are panels.
    """
    n_rows, n_columns = len(grid), len(grid[0])
    axes = np.array(ax, dtype=object)
    if not all(hasattr(one, "imshow") for one in axes.flat):
        raise TypeError(f"ax must be an Axes of matplotlib, or several. Got {ax!r}.")
    if axes.size != n_rows * n_columns:
        raise ValueError(
            f"ax must be one Axes for each of the {n_rows} x {n_columns} panels, as of "
            f"plt.subplots({n_rows}, {n_columns})[1]. Got {axes.size}."
        )
    return axes.reshape(n_rows, n_columns)
