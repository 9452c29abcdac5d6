"""Show: draw an explanation on its image."""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np
from skimage import color

from sklime._data_range import normalise_image
from sklime._validation import UNAMBIGUOUS_CHANNELS, check_image
from sklime.segmentation import paint_segments

__all__ = ["LimeDisplay", "find_edges", "paint_overlay", "prepare_image"]

KINDS = ("overlay", "heatmap", "boundaries", "mask")
# Blue and vermilion of Okabe and Ito: told apart with any kind of colour vision.
POSITIVE_COLOR, NEGATIVE_COLOR = "#0072B2", "#D55E00"
N_MASKED_SEGMENTS = 5


def prepare_image(image, data_range=None):
    """Return an image as matplotlib draws it, without its own rescaling.

    Parameters
    ----------
    image : ndarray of shape (H, W) or (H, W, C)
        Of any number type, channels last.
    data_range : tuple of float, default=None
        ``(low, high)`` of the pixel values; None infers it from the image.

    Returns
    -------
    ndarray of shape (H, W, 3) or (H, W, 4)
        Float in [0, 1]. Greyscale becomes grey RGB, and so does the mean of other
        numbers of channels than 3 and 4.
    """
    unit = normalise_image(image, data_range)
    if unit.ndim == 3 and unit.shape[-1] in (3, 4):
        return unit
    return color.gray2rgb(unit if unit.ndim == 2 else unit.mean(axis=-1))


def find_edges(segments):
    """Return the borders between segments as lines between pixels.

    Parameters
    ----------
    segments : ndarray of shape (H, W)
        Labels.

    Returns
    -------
    ndarray of shape (n_lines, 2, 2)
        Two points (x, y) a line, in the coordinates of `matplotlib.pyplot.imshow`,
        where pixel (0, 0) is the square around the origin.

    Examples
    --------
    >>> import numpy as np
    >>> find_edges(np.array([[0, 1]])).tolist()
    [[[0.5, -0.5], [0.5, 0.5]]]
    """
    rows, cols = np.nonzero(segments[:, 1:] != segments[:, :-1])
    upright = np.stack([(cols, rows - 1), (cols, rows)]).transpose(2, 0, 1) + 0.5
    rows, cols = np.nonzero(segments[1:] != segments[:-1])
    level = np.stack([(cols - 1, rows), (cols, rows)]).transpose(2, 0, 1) + 0.5
    return np.concatenate([upright, level])


def paint_overlay(heatmap, positive_color, negative_color, opacity):
    """Return colour by the sign of a weight and opacity by its size.

    Parameters
    ----------
    heatmap : ndarray of shape (H, W)
        Signed weights.
    positive_color, negative_color : array-like of shape (3,)
        RGB in [0, 1].
    opacity : float
        Of the largest absolute weight, in [0, 1]; others in proportion.

    Returns
    -------
    ndarray of shape (H, W, 4)
        RGBA in [0, 1]; fully transparent where the weight is zero.

    Raises
    ------
    ValueError
        For colours that are not three numbers.
    """
    names = {"positive_color": positive_color, "negative_color": negative_color}
    for name, value in names.items():
        if np.shape(value) != (3,):
            raise ValueError(
                f"{name} must be red, green and blue in [0, 1]. Got {value!r}; "
                "matplotlib.colors.to_rgb knows names."
            )
    positive = (heatmap > 0)[..., np.newaxis]
    colours = np.where(positive, positive_color, negative_color)
    strength = np.abs(heatmap)
    largest = strength.max()
    alpha = opacity * strength / largest if largest > 0 else strength
    return np.concatenate([colours, alpha[..., np.newaxis]], axis=-1)


class LimeDisplay:
    """Draw an explanation.

    Use `from_explanation` or `from_estimator` to make and draw one in one step.

    Parameters
    ----------
    explanation : ImageExplanation
        What to draw. It is never changed.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Where it was drawn.
    figure_ : matplotlib Figure
        Its figure.
    im_ : matplotlib AxesImage
        The overlay, the heat map, the image with boundaries, or the veil of a mask.

    See Also
    --------
    ImageLimeExplainer : Makes explanations.

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
    >>> LimeDisplay.from_explanation(explanation, kind="heatmap").im_.get_clim()[0] < 0
    True
    """

    def __init__(self, explanation):
        self.explanation = explanation

    @classmethod
    def from_explanation(cls, explanation, **plot_options):
        """Draw an explanation.

        Parameters
        ----------
        explanation : ImageExplanation
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
    def from_estimator(cls, explainer, X, *, label=None, **plot_options):
        """Explain one image and draw the explanation.

        Parameters
        ----------
        explainer : ImageLimeExplainer
            Fitted.
        X : array-like
            One image, or a batch of one.
        label : object, default=None
            The label to explain; None is the highest output.
        **plot_options : dict
            For `plot`.

        Returns
        -------
        LimeDisplay
            Drawn.

        Raises
        ------
        ValueError
            If `X` is more than one image.
        """
        explanations = explainer.explain(X, labels=None if label is None else [label])
        if not isinstance(explanations, list):
            explanations = [explanations]
        if len(explanations) != 1:
            raise ValueError(
                f"X must be one image. Got {len(explanations)}; draw each explanation "
                "with LimeDisplay.from_explanation."
            )
        return cls.from_explanation(explanations[0], **plot_options)

    def plot(
        self,
        *,
        label=None,
        kind="overlay",
        ax=None,
        image=None,
        n_segments=None,
        sign=None,
        positive_color=POSITIVE_COLOR,
        negative_color=NEGATIVE_COLOR,
        opacity=0.8,
        colorbar=True,
        im_kw=None,
        line_kw=None,
    ):
        """Draw.

        Parameters
        ----------
        label : object, default=None
            One of the explained labels; None is the first.
        kind : {"overlay", "heatmap", "boundaries", "mask"}, default="overlay"
            Segments coloured by sign with an opacity in proportion to their weight,
            on the image in grey; the weights themselves; the image with the borders
            of all segments; or only the most important segments, the rest faded.
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.
        image : array-like, default=None
            Another image to draw on, channels last, such as the original of a resized
            one; it is stretched to the size of the explained image.
        n_segments : int, default=None
            How many segments to show at most, most important first. None is five for
            a mask, else all.
        sign : {"positive", "negative", "both"}, default=None
            Which segments to show; None is positive for a mask, else both.
        positive_color : matplotlib color, default="#0072B2"
            Of segments that speak for the label.
        negative_color : matplotlib color, default="#D55E00"
            Of segments that speak against it.
        opacity : float, default=0.8
            Of the largest absolute weight in an overlay, and how much a mask fades.
        colorbar : bool, default=True
            Whether a heat map gets one.
        im_kw : dict, default=None
            For the `imshow` of `im_`, over our own.
        line_kw : dict, default=None
            For the `matplotlib.collections.LineCollection` of borders, over our own.

        Returns
        -------
        self : LimeDisplay
            Returns the instance itself.

        Raises
        ------
        ImportError
            Without matplotlib.
        ValueError
            For an unknown label, kind or sign, or an image that cannot be drawn.
        """
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {KINDS}. Got {kind!r}.")
        if not 0 <= opacity <= 1:
            raise ValueError(f"opacity must be in the range [0, 1]. Got {opacity!r}.")
        picture = self._picture(image)
        chosen = self._choose(label, kind, n_segments, sign)
        plt = _import_pyplot()
        self.ax_ = plt.subplots()[1] if ax is None else ax
        self.figure_ = self.ax_.figure
        getattr(self, f"_draw_{kind}")(
            picture,
            chosen,
            colors=(negative_color, positive_color),
            opacity=opacity,
            colorbar=colorbar,
            im_kw=im_kw or {},
            line_kw=line_kw or {},
        )
        row = self.explanation.position(label)
        name, score = self.explanation.labels[row], self.explanation.predictions[row]
        self.ax_.set(xticks=[], yticks=[])
        self.ax_.set_title(f"{name} ({score:.2f})", parse_math=False)
        return self

    def _picture(self, image):
        """Return what to draw on, as matplotlib draws it."""
        if image is None:
            return prepare_image(self.explanation.image, self.explanation.data_range)
        image = check_image(image)
        known = {*UNAMBIGUOUS_CHANNELS, *self.explanation.image.shape[2:]}
        if image.ndim == 3 and image.shape[-1] not in known:
            raise ValueError(
                "image must be greyscale or have its channels last, 1, 3 or 4 of them. "
                f"Got shape {image.shape}."
            )
        return prepare_image(image)

    def _choose(self, label, kind, n_segments, sign):
        """Return the heat map with the weight of every other segment set to zero."""
        if kind == "mask":
            n_segments = N_MASKED_SEGMENTS if n_segments is None else n_segments
            sign = sign or "positive"
        chosen = self.explanation.top_segments(n_segments, sign or "both", label=label)
        weights = np.zeros(self.explanation.n_segments)
        row = self.explanation.position(label)
        weights[chosen] = self.explanation.weights[row, chosen]
        return paint_segments(weights, self.explanation.segments)

    def _imshow(self, picture, **options):
        """Draw an array over the area of the explained image."""
        height, width = self.explanation.segments.shape
        extent = (-0.5, width - 0.5, height - 0.5, -0.5)
        return self.ax_.imshow(picture, **{"extent": extent, **options})

    def _draw_lines(self, segments, line_kw, **defaults):
        from matplotlib.collections import LineCollection

        lines = LineCollection(find_edges(segments), **{**defaults, **line_kw})
        self.ax_.add_collection(lines)

    def _draw_overlay(self, picture, chosen, *, colors, opacity, im_kw, line_kw, **_):
        from matplotlib.colors import to_rgb

        grey = picture[..., :3].mean(axis=-1)
        self._imshow(color.gray2rgb(0.35 + 0.65 * grey))  # light: colours stand out
        negative, positive = map(to_rgb, colors)
        overlay = paint_overlay(chosen, positive, negative, opacity)
        self.im_ = self._imshow(overlay, **{"interpolation": "nearest", **im_kw})
        self._draw_lines(
            self.explanation.segments, line_kw, colors="white", linewidths=0.4
        )

    def _draw_heatmap(self, picture, chosen, *, colors, colorbar, im_kw, **_):
        from matplotlib.colors import LinearSegmentedColormap

        negative, positive = colors
        cmap = LinearSegmentedColormap.from_list(
            "weights", [negative, "white", positive]
        )
        largest = np.abs(chosen).max() or 1.0
        limits = {} if "norm" in im_kw else {"vmin": -largest, "vmax": largest}
        defaults = {"cmap": cmap, "interpolation": "nearest", **limits}
        self.im_ = self._imshow(chosen, **{**defaults, **im_kw})
        if colorbar:
            self.figure_.colorbar(self.im_, ax=self.ax_, label="weight", fraction=0.04)

    def _draw_boundaries(self, picture, chosen, *, im_kw, line_kw, **_):
        self.im_ = self._imshow(picture, **im_kw)
        for colour, width in (("black", 1.6), ("white", 0.8)):
            self._draw_lines(
                self.explanation.segments, line_kw, colors=colour, linewidths=width
            )

    def _draw_mask(self, picture, chosen, *, opacity, im_kw, line_kw, **_):
        shown = (chosen != 0)[..., np.newaxis]
        self._imshow(picture)
        veil = np.concatenate([np.ones((*chosen.shape, 3)), opacity * ~shown], axis=-1)
        self.im_ = self._imshow(veil, **{"interpolation": "nearest", **im_kw})
        self._draw_lines(chosen != 0, line_kw, colors="black", linewidths=1.0)


def _import_pyplot():
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError(
            "LimeDisplay.plot requires matplotlib. You can install it with "
            "`pip install sklime[plot]`."
        ) from error
    return plt
