"""One panel: what of an explanation is drawn, on which picture, in which style."""
# SPDX-License-Identifier: BSD-3-Clause

import textwrap
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from sklime._data_range import is_off_scale
from sklime._validation import UNAMBIGUOUS_CHANNELS, check_image
from sklime.display._edges import find_edges
from sklime.display._opacity import find_reference
from sklime.display._picture import prepare_image
from sklime.display._style import Style
from sklime.explanation import ImageExplanation
from sklime.segmentation import paint_segments

N_SHOWN = {"mask": 5, "cutout": 5, "boxes": 5, "bar": 10}
POSITIVE_KINDS = ("mask", "cutout", "boxes")
TITLE_WIDTH = 32
SMALLEST_PLAIN, LARGEST_PLAIN = 0.005, 1e5  # scores with two decimals


@dataclass(kw_only=True)
class Panel:
    """What one axes shows of an explanation.

    Attributes
    ----------
    explanation : ImageExplanation
        What to draw.
    label : object
        One of its labels.
    kind : str
        What to draw of it.
    title : str
        What stands above.
    picture : ndarray of shape (H', W', 3)
        What to draw on; stretched over the area of the explained image.
    chosen : ndarray of int
        The segments to show, most important first.
    style : Style
        How.
    ax : matplotlib Axes, default=None
        Where.
    numbers : list of tuple
        The texts drawn in segments, and how many pixels high each may be.
    """

    explanation: ImageExplanation
    label: object
    kind: str
    title: str
    picture: np.ndarray
    chosen: np.ndarray
    style: Style
    ax: Any = None
    numbers: list = field(default_factory=list)

    @cached_property
    def weights(self):
        """The weights of the chosen segments, zero for the others."""
        weights = np.zeros(self.explanation.n_segments)
        row = self.explanation.position(self.label)
        weights[self.chosen] = self.explanation.weights[row, self.chosen]
        return weights

    @cached_property
    def heatmap(self):
        """The weight of each pixel's segment, zero where it was not chosen."""
        return paint_segments(self.weights, self.explanation.segments)

    @cached_property
    def shown(self):
        """Where the chosen segments are."""
        return np.isin(self.explanation.segments, self.chosen)

    @property
    def background(self):
        """What hidden segments show, as `prepare_image` returns it."""
        explanation = self.explanation
        return prepare_image(
            explanation.background, explanation.data_range, self.style.channels
        )

    @cached_property
    def reference(self):
        """The absolute weight that is drawn at full strength."""
        if self.style.reference is not None:
            return self.style.reference
        heatmap = self.explanation.heatmap(self.label)
        return find_reference(heatmap, self.style.outlier_percentile)

    def imshow(self, picture, **options):
        """Draw an array over the area of the explained image."""
        height, width = self.explanation.segments.shape
        extent = (-0.5, width - 0.5, height - 0.5, -0.5)
        # The first row is on top, whatever rcParams say: lines and numbers are so.
        return self.ax.imshow(
            picture, **{"extent": extent, "origin": "upper", **options}
        )

    def draw_top(self, layer, **defaults):
        """Draw the layer that the drawing is about, in the user's style."""
        return self.imshow(layer, **self.style.merged("im_kw", **defaults))

    def draw_edges(self, segments, strokes=(("black", 1.4), ("white", 0.7))):
        """Draw borders as white lines on black ones, seen on dark and on light."""
        from matplotlib.collections import LineCollection

        edges = list(find_edges(segments))
        for color, width in strokes:
            # Without caps that overlap, each pixel's edge ends in a gap.
            options = self.style.merged(
                "line_kw", colors=color, linewidths=width, capstyle="projecting"
            )
            self.ax.add_collection(LineCollection(edges, **options))


def make_panel(cell, style):
    """Return what a cell of the grid shows, None for an empty one.

    Raises
    ------
    ValueError
        For an unknown label, segments that cannot be chosen or an image that cannot be
        drawn.
    """
    explanation = cell.explanation
    if explanation is None:
        return None
    return Panel(
        explanation=explanation,
        label=cell.label,
        kind=cell.kind,
        title=_write_title(explanation, cell.label) if cell.titled else "",
        picture=_make_picture(cell.image, explanation, style.channels),
        chosen=_choose(explanation, cell.label, cell.kind, style),
        style=style,
    )


def _write_title(explanation, label):
    """Return the name of a label and what the black box says of it."""
    row = explanation.position(label)
    name, score = explanation.labels[row], explanation.predictions[row]
    plain = score == 0 or SMALLEST_PLAIN <= abs(score) < LARGEST_PLAIN
    return textwrap.fill(f"{name} ({score:{'.2f' if plain else '.2g'}})", TITLE_WIDTH)


def _make_picture(image, explanation, channels):
    """Return what to draw on, as `prepare_image` does."""
    own = explanation.image
    if image is None:
        return prepare_image(own, explanation.data_range, channels)
    image = check_image(image)
    if image.shape[2:] != own.shape[2:]:
        channels = None  # they are those of the explained image
        if image.ndim == 3 and image.shape[-1] not in UNAMBIGUOUS_CHANNELS:
            raise ValueError(
                "image must be greyscale or have its channels last, 1, 3 or 4 of them, "
                f"or as many as the explained image. Got shape {image.shape}."
            )
    extremes = image.min(), image.max()
    is_other = image.dtype != own.dtype or is_off_scale(
        image.dtype, *extremes, explanation.data_range, learnt=True
    )
    return prepare_image(image, None if is_other else explanation.data_range, channels)


def _choose(explanation, label, kind, style):
    """Return the segments to show; those that weigh nothing have a number too."""
    limits = {"coverage": style.coverage, "min_weight": style.min_weight}
    limited = style.coverage is not None or style.min_weight
    n = style.n_segments
    if isinstance(n, str) and n == "auto":
        n = None if limited else N_SHOWN.get(kind)
    if kind == "segments" and n is None and style.sign is None and not limited:
        return np.arange(explanation.n_segments)
    sign = style.sign or ("positive" if kind in POSITIVE_KINDS else "both")
    return explanation.top_segments(n, sign, label=label, **limits)
