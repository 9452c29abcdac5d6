"""Show: draw the insertion and the deletion curve of an explanation."""
# SPDX-License-Identifier: BSD-3-Clause

from typing import Any, Literal, Self

import numpy as np

from sklime._colours import NEGATIVE_COLOR, POSITIVE_COLOR
from sklime._pyplot import import_pyplot
from sklime._typing import Array, RandomState
from sklime.explanation import ImageExplanation
from sklime.metrics._checks import check_count
from sklime.metrics._removal import Removal

KINDS = ("insertion", "deletion")
RANDOM_COLOR = "0.55"
LINE_STYLES = {"insertion": "-", "deletion": "--"}


class CurveDisplay:
    """Draw how the output changes while the image is shown, or hidden, by weight.

    The further apart the two curves, insertion above deletion, the better the
    explanation. Grey curves of random orders show what is owed to chance.

    Use `from_explanation` to compute and draw in one step.

    Parameters
    ----------
    areas : ndarray of shape (n_points,)
        Shares of the area that are shown, or hidden, 0 to 1.
    insertion, deletion : ndarray of shape (n_points,)
        The output at each, see `insertion_curve` and `deletion_curve`.
    random_insertion, random_deletion : ndarray of shape (n_random, n_points), \
default=None
        The same for random orders, of which mean and standard deviation are drawn.
    name : object, default=None
        What the output is called.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Where it was drawn.
    figure_ : matplotlib Figure
        Its figure.
    insertion_line_, deletion_line_ : matplotlib Line2D
        The two curves.
    random_lines_ : list of matplotlib Line2D
        The means of random orders; empty without them.
    random_bands_ : list of matplotlib artists
        One standard deviation around these.

    See Also
    --------
    faithfulness : The area between the two curves.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> from skimage import data
    >>> from sklime import ImageLimeExplainer
    >>> from sklime.metrics import CurveDisplay
    >>> explainer = ImageLimeExplainer(
    ...     lambda images: images[:, :25].mean(axis=(1, 2, 3)), occluder=0
    ... )
    >>> explanation = explainer.fit_explain(data.coffee()[::8, ::8])
    >>> display = CurveDisplay.from_explanation(explanation, explainer, baseline=0)
    >>> display.ax_.get_xlabel()
    'share of the area shown or hidden'
    """

    def __init__(
        self,
        *,
        areas: Array,
        insertion: Array,
        deletion: Array,
        random_insertion: Array | None = None,
        random_deletion: Array | None = None,
        name: Any = None,
    ) -> None:
        self.areas = areas
        self.insertion = insertion
        self.deletion = deletion
        self.random_insertion = random_insertion
        self.random_deletion = random_deletion
        self.name = name

    @classmethod
    def from_explanation(
        cls,
        explanation: ImageExplanation,
        estimator: Any,
        *,
        label: Any = None,
        unit: Literal["pixels", "segments"] = "pixels",
        n_steps: int | None = 20,
        baseline: Any = None,
        n_random: int = 10,
        random_state: RandomState = None,
        ax: Any = None,
        **plot_options: Any,
    ) -> Self:
        """Compute the curves of an explanation and draw them.

        Parameters
        ----------
        explanation : ImageExplanation
            Of the image.
        estimator : object
            What was explained. It is asked about 39 images with the defaults, and 38
            for each random order.
        label : object, default=None
            One of the explained labels; None is the first.
        unit, n_steps, baseline, random_state : object
            See `insertion_curve`.
        n_random : int, default=10
            Number of random orders; 0 draws none.
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.
        **plot_options : dict
            For `plot`.

        Returns
        -------
        CurveDisplay
            Drawn.

        Raises
        ------
        ImportError
            Without matplotlib.
        TypeError, ValueError
            As for `insertion_curve`.
        """
        import_pyplot("CurveDisplay.plot")  # before the black box is asked
        check_count("n_random", n_random, 0)
        removal = Removal(
            explanation,
            estimator,
            label=label,
            unit=unit,
            n_steps=n_steps,
            baseline=baseline,
            random_state=random_state,
        )
        areas, (insertion, deletion) = removal.trace(*KINDS)
        traces = [removal.trace(*KINDS, order="random") for _ in range(n_random)]
        # Segments of other sizes are taken at other areas.
        chance = [[np.interp(areas, at, s) for s in scores] for at, scores in traces]
        random_curves = {}
        if chance:
            pairs = np.array(chance).transpose(1, 0, 2)
            random_curves = dict(
                zip(("random_insertion", "random_deletion"), pairs, strict=True)
            )
        display = cls(
            areas=areas,
            insertion=insertion,
            deletion=deletion,
            name=explanation.labels[explanation.position(label)],
            **random_curves,
        )
        return display.plot(ax, **plot_options)

    def plot(
        self,
        ax: Any = None,
        *,
        name: Any = None,
        insertion_color: Any = POSITIVE_COLOR,
        deletion_color: Any = NEGATIVE_COLOR,
        random_kw: dict[str, Any] | None = None,
        legend: bool = True,
        **line_kw: Any,
    ) -> Self:
        """Draw.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.
        name : object, default=None
            What the output is called; None is the display's own.
        insertion_color : matplotlib color, default="#0072B2"
            Of the insertion curve.
        deletion_color : matplotlib color, default="#D55E00"
            Of the deletion curve.
        random_kw : dict, default=None
            For `matplotlib.axes.Axes.plot` of the means of random orders, over our
            own.
        legend : bool, default=True
            Whether to list the curves with the areas under them, those of random orders
            with their standard deviation.
        **line_kw : dict
            For `matplotlib.axes.Axes.plot` of the two curves, over our own.

        Returns
        -------
        self : CurveDisplay
            Returns the instance itself.

        Raises
        ------
        ImportError
            Without matplotlib.
        """
        plt = import_pyplot("CurveDisplay.plot")
        self.ax_ = plt.subplots()[1] if ax is None else ax
        self.figure_ = self.ax_.figure
        colors = {"insertion": insertion_color, "deletion": deletion_color}
        self.insertion_line_, self.deletion_line_ = (
            self._draw_line(kind, **{"color": colors[kind], "linewidth": 2, **line_kw})
            for kind in KINDS
        )
        self._draw_random(random_kw or {})
        name = self.name if name is None else name
        label = "output" if name is None else f"output for {name}"
        self.ax_.set_ylabel(label, parse_math=False)
        self.ax_.set(xlabel="share of the area shown or hidden", xlim=(0, 1))
        if legend:
            # Above: the curves of a good explanation leave no corner free.
            options = {"ncols": 2, "frameon": False, "fontsize": "small"}
            self.ax_.legend(loc="lower center", bbox_to_anchor=(0.5, 1), **options)
        return self

    def _draw_line(self, kind, **options):
        scores = getattr(self, kind)
        text = f"{kind} (AUC = {np.trapezoid(scores, self.areas):.2f})"
        defaults = {"label": text, "linestyle": LINE_STYLES[kind]}
        return self.ax_.plot(self.areas, scores, **{**defaults, **options})[0]

    def _draw_random(self, random_kw):
        """Draw means of random orders, and how far these are apart."""
        self.random_lines_, self.random_bands_ = [], []
        for kind in KINDS:
            curves = getattr(self, f"random_{kind}")
            if curves is None:
                continue
            mean, spread = np.mean(curves, axis=0), np.std(curves, axis=0)
            auc = np.trapezoid(curves, self.areas, axis=-1)
            defaults = {
                "label": f"random {kind} (AUC = {auc.mean():.2f} ± {auc.std():.2f})",
                "linestyle": LINE_STYLES[kind],
                "color": RANDOM_COLOR,
                "linewidth": 1,
                "zorder": 1.5,  # behind the curves
            }
            self.random_lines_ += self.ax_.plot(
                self.areas, mean, **{**defaults, **random_kw}
            )
            band = self.ax_.fill_between(
                self.areas,
                mean - spread,
                mean + spread,
                color=self.random_lines_[-1].get_color(),
                alpha=0.2,
                linewidth=0,
                zorder=1,
            )
            self.random_bands_.append(band)
