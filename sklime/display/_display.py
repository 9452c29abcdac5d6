"""Lay out the panels of a drawing."""
# SPDX-License-Identifier: BSD-3-Clause

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias

import numpy as np

from sklime._colours import NEGATIVE_COLOR, POSITIVE_COLOR
from sklime._pyplot import import_pyplot
from sklime._typing import Images, Sign
from sklime.display._grid import check_axes, find_labels, make_axes, plan_grid
from sklime.display._kinds import DRAW, fit_numbers
from sklime.display._panel import make_panel
from sklime.display._style import Style
from sklime.explanation import ImageExplanation

if TYPE_CHECKING:
    from sklime.explainer import ImageLimeExplainer

Explanations: TypeAlias = ImageExplanation | Sequence[ImageExplanation | None]


class LimeDisplay:
    """Draw an explanation, or several side by side.

    Use `from_explanation` or `from_estimator` to make and draw one in one step.

    Parameters
    ----------
    explanation : ImageExplanation or list of ImageExplanation
        What to draw. It is never changed. None in a list leaves its panel empty.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Where it was drawn; the first of several panels.
    axes_ : ndarray of matplotlib Axes of shape (n_rows, n_columns)
        All panels.
    figure_ : matplotlib Figure
        Their figure.
    im_ : matplotlib AxesImage or BarContainer
        What the first panel is about: overlay, heat map, veil of a mask, what covers
        the rest of a cutout, bars, or the picture under lines, boxes and numbers.

    See Also
    --------
    ImageLimeExplainer : Makes explanations.
    ImageExplanation.to_html : Writes a page to explore one in a browser.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> from skimage import data
    >>> from sklime import ImageLimeExplainer, LimeDisplay
    >>> explainer = ImageLimeExplainer(
    ...     lambda images: images[:, :256].mean(axis=(1, 2)), occluder=0
    ... )
    >>> explanation = explainer.fit_explain(data.camera())
    >>> display = LimeDisplay.from_explanation(explanation, kind=["overlay", "bar"])
    >>> display.axes_.shape
    (2, 1)
    """

    def __init__(self, explanation: Explanations) -> None:
        self.explanation = explanation

    @classmethod
    def from_explanation(cls, explanation: Explanations, **plot_options: Any) -> Self:
        """Draw an explanation, or several.

        Parameters
        ----------
        explanation : ImageExplanation or list of ImageExplanation
            What to draw.
        **plot_options : dict
            For `plot`.

        Returns
        -------
        LimeDisplay
            Drawn.
        """
        return cls(explanation).plot(**plot_options)

    @classmethod
    def from_estimator(
        cls,
        explainer: "ImageLimeExplainer",
        X: Images,
        *,
        label: Any = None,
        **plot_options: Any,
    ) -> Self:
        """Explain one image or many and draw the explanations.

        Parameters
        ----------
        explainer : ImageLimeExplainer
            Fitted.
        X : array-like
            One image, or a batch, which is drawn as a grid.
        label : object or list, default=None
            The label to explain, or several; None is the highest output of each image.
        **plot_options : dict
            For `plot`.

        Returns
        -------
        LimeDisplay
            Drawn.
        """
        import_pyplot("LimeDisplay.from_estimator")  # before the black box is asked
        labels = label if label is None or np.ndim(label) else [label]
        explanation = explainer.explain(X, labels=labels)
        return cls.from_explanation(explanation, label=label, **plot_options)

    def plot(
        self,
        *,
        label: Any = None,
        kind: str | Sequence[str] = "overlay",
        ax: Any = None,
        image: Any = None,
        top_labels: int | None = None,
        n_segments: int | Literal["auto"] | None = "auto",
        sign: Sign | None = None,
        coverage: float | tuple[float, float] | None = None,
        min_weight: float = 0.0,
        channels: int | Sequence[int] | None = None,
        positive_color: Any = POSITIVE_COLOR,
        negative_color: Any = NEGATIVE_COLOR,
        cmap: Any = None,
        opacity: float = 0.8,
        exponent: float = 1.0,
        reference: float | None = None,
        outlier_percentile: float = 0.0,
        colorbar: bool = True,
        merge: bool = False,
        im_kw: dict[str, Any] | None = None,
        line_kw: dict[str, Any] | None = None,
        box_kw: dict[str, Any] | None = None,
        text_kw: dict[str, Any] | None = None,
        bar_kw: dict[str, Any] | None = None,
    ) -> Self:
        """Draw.

        A list of kinds gives a row of panels for each, a list of labels a column for
        each. Several explanations have a row each, or fill a grid where there is one
        panel an explanation.

        Parameters
        ----------
        label : object or list, default=None
            One of the explained labels, or several; None is the first.
        kind : str or list of str, default="overlay"
            What to draw, see Notes.
        ax : matplotlib Axes or array of them, default=None
            Where to draw, one for each panel; None makes a new figure.
        image : array-like or list, default=None
            Another image to draw on, channels last, such as the original of a resized
            one; it is stretched to the size of the explained image. For several
            explanations one for each.
        top_labels : int, default=None
            Draws that many of the explained labels, in their order, where `label` is
            None.
        n_segments : int, default="auto"
            How many segments to show at most, most important first; None is all.
            "auto" is five for a mask, a cutout and boxes, unless `coverage` or
            `min_weight` limit them, ten for bars, else all.
        sign : {"positive", "negative", "both"} or None, default=None
            Which segments to show; None is positive for a mask, a cutout and boxes,
            else both.
        coverage : float or pair of float, default=None
            Largest share of the area, or smallest and largest, see
            `ImageExplanation.top_segments`.
        min_weight : float, default=0.0
            Smallest absolute weight of the segments that are shown.
        channels : int or sequence of 3 int, default=None
            Which channels of the explained image to draw, and of `image` if it has as
            many, see `prepare_image`.
        positive_color : matplotlib color, default="#0072B2"
            Of segments that speak for the label.
        negative_color : matplotlib color, default="#D55E00"
            Of segments that speak against it.
        cmap : str or matplotlib Colormap, default=None
            Of a heat map and an overlay, in place of the two colours; zero is in its
            middle.
        opacity : float, default=0.8
            Of a segment of the weight `reference` in an overlay, others in proportion;
            and how much a mask fades the rest.
        exponent : float, default=1.0
            Of the proportion, see `scale_opacity`.
        reference : float, default=None
            Absolute weight drawn at full strength in an overlay and a heat map, to
            compare several; None is the largest of the label.
        outlier_percentile : float, default=0.0
            Share of the sum of absolute weights that may exceed the reference, in
            percent, see `find_reference`.
        colorbar : bool, default=True
            Whether a heat map gets one.
        merge : bool, default=False
            Whether to draw one box around all segments of a sign, not one for each
            connected area.
        im_kw : dict, default=None
            For the `imshow` of `im_`. Like the next four it replaces options of ours
            of the same name and leaves the others.
        line_kw : dict, default=None
            For the `matplotlib.collections.LineCollection` of borders.
        box_kw : dict, default=None
            For the `matplotlib.patches.Rectangle` of a box.
        text_kw : dict, default=None
            For the `matplotlib.text.Text` of a number.
        bar_kw : dict, default=None
            For the `matplotlib.axes.Axes.barh` of bars.

        Returns
        -------
        self : LimeDisplay
            Returns the instance itself.

        Raises
        ------
        ImportError
            Without matplotlib.
        TypeError, ValueError
            For an unknown label or kind, an option outside its range, an image that
            cannot be drawn, or another number of axes than panels.

        Notes
        -----
        The kinds are

        - "overlay": on the image in light grey, segments in the colour of their sign,
          with an opacity in proportion to their weight;
        - "heatmap": the weights themselves, with a colour bar;
        - "boundaries": the image with the borders of all segments;
        - "mask": the most important segments, the rest faded;
        - "cutout": the most important segments, the rest as the black box saw it
          hidden;
        - "boxes": the image with boxes around the most important segments;
        - "segments": the image with the number, or name, of each segment that has room
          for one: a larger figure has more;
        - "bar": weights by name, with intervals of 1.96 standard errors to both sides
          where the explanation can tell them (`ImageExplanation.standard_errors`). They
          hold 95 % under ``sampler="bernoulli"`` and more under balanced sampling;
        - "image": the image alone.
        """
        plt = import_pyplot("LimeDisplay.plot")
        style = Style(
            channels=channels,
            n_segments=n_segments,
            sign=sign,
            coverage=coverage,
            min_weight=min_weight,
            positive_color=positive_color,
            negative_color=negative_color,
            cmap=cmap,
            opacity=opacity,
            exponent=exponent,
            reference=reference,
            outlier_percentile=outlier_percentile,
            colorbar=colorbar,
            merge=merge,
            im_kw=im_kw,
            line_kw=line_kw,
            box_kw=box_kw,
            text_kw=text_kw,
            bar_kw=bar_kw,
        )
        grid = self._plan(label, top_labels, kind, image)
        panels = [make_panel(cell, style) for row in grid for cell in row]
        axes = make_axes(grid) if ax is None else check_axes(ax, grid)
        figure = axes.flat[0].figure.canvas.figure  # not a figure inside it
        try:
            pairs = zip(axes.flat, panels, strict=True)
            drawn = [_draw(panel_ax, panel) for panel_ax, panel in pairs]
            fit_numbers(figure, panels)
        except Exception:
            if ax is None:  # leave no half-drawn figure behind
                plt.close(figure)
            raise
        self.axes_, self.ax_ = axes, axes.flat[0]
        self.figure_, self.im_ = figure, drawn[0]
        return self

    def _plan(self, label, top_labels, kind, image):
        """Return the grid of what is drawn where."""
        kinds = [kind] if isinstance(kind, str) else kind
        if not _is_list(kinds) or any(name not in tuple(DRAW) for name in kinds):
            raise ValueError(
                f"kind must be one of {tuple(DRAW)}, or a list of them. Got {kind!r}."
            )
        explanations, images = self.explanation, image
        if isinstance(explanations, ImageExplanation):
            explanations, images = [explanations], [image]
        _check_explanations(explanations)
        if images is None:
            images = [None] * len(explanations)
        if len(images) != len(explanations):
            raise ValueError(
                f"image must be one for each of the {len(explanations)} explanations. "
                f"Got {len(images)}."
            )
        labels = find_labels(explanations, label, top_labels)
        return plan_grid(explanations, images, labels, kinds)


def _is_list(values):
    """Return whether something is a list or tuple with anything in it."""
    return isinstance(values, list | tuple) and len(values) > 0


def _check_explanations(explanations):
    """Refuse what is no list of explanations."""
    allowed = (ImageExplanation, type(None))
    if not _is_list(explanations) or not all(
        isinstance(one, allowed) for one in explanations
    ):
        raise TypeError(
            "explanation must be an ImageExplanation, or a list of them and None. Got "
            f"{explanations!r}."
        )


def _draw(ax, panel):
    """Draw a panel on an axes, and return what it is about."""
    if panel is None:
        ax.set_axis_off()
        return None
    panel.ax = ax
    drawn = DRAW[panel.kind](panel)
    if panel.kind != "bar":
        ax.set(xticks=[], yticks=[])
    ax.set_title(panel.title, parse_math=False)
    return drawn
