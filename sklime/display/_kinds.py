"""Draw a panel, a function for each kind.

Each takes a `Panel`, draws, and returns the artist that the drawing is about.
"""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np

from sklime.display._opacity import paint_overlay
from sklime.display._picture import lighten
from sklime.display._places import find_places
from sklime.explanation import find_boxes
from sklime.segmentation import paint_segments

Z_95 = 1.959964
# In points: sizes of type, and the room below which a number is left out.
MIN_FONT, MAX_FONT, MIN_ROOM = 5, 14, 2.5
SIZE_OPTIONS = {"fontsize", "size", "fontproperties", "font_properties", "font"}
LONGEST_NAME = 24
N_COLORS = 257  # odd: one of them is the middle
POINTS_PER_INCH = 72


def draw_image(panel):
    """Draw the picture alone."""
    return panel.draw_top(panel.picture)


def draw_overlay(panel):
    """Draw segments in the colour of their sign, the stronger the less transparent."""
    style = panel.style
    panel.imshow(lighten(panel.picture))
    overlay = paint_overlay(
        panel.heatmap,
        style.positive_color,
        style.negative_color,
        style.opacity,
        exponent=style.exponent,
        reference=panel.reference,
    )
    if style.cmap is not None:
        share = panel.heatmap / panel.reference
        overlay[..., :3] = style.cmap(0.5 + 0.5 * share)[..., :3]
    drawn = panel.draw_top(overlay, interpolation="nearest")
    panel.draw_edges(panel.explanation.segments, [("white", 0.4)])
    return drawn


def draw_heatmap(panel):
    """Draw the weights themselves, zero in the middle of the colours."""
    limits = {"vmin": -panel.reference, "vmax": panel.reference}
    if "norm" in panel.style.merged("im_kw"):
        limits = {}
    cmap = panel.style.cmap or _blend(panel.style)
    drawn = panel.draw_top(panel.heatmap, cmap=cmap, interpolation="nearest", **limits)
    if panel.style.colorbar:
        exceeded = np.abs(panel.weights).max() > panel.reference
        panel.ax.figure.colorbar(
            drawn,
            ax=panel.ax,
            label="weight",
            fraction=0.04,
            extend="both" if exceeded else "neither",
        )
    return drawn


def _blend(style):
    """Return a colour map from one colour over white to the other."""
    from matplotlib.colors import LinearSegmentedColormap

    colors = [style.negative_color, "white", style.positive_color]
    return LinearSegmentedColormap.from_list("weights", colors, N=N_COLORS)


def draw_boundaries(panel):
    """Draw the picture with the borders of all segments."""
    drawn = panel.draw_top(panel.picture)
    panel.draw_edges(panel.explanation.segments)
    return drawn


def draw_mask(panel):
    """Draw the picture, faded but for the chosen segments."""
    panel.imshow(panel.picture)
    veil = np.ones((*panel.shown.shape, 4))
    veil[..., 3] = panel.style.opacity * ~panel.shown
    drawn = panel.draw_top(veil, interpolation="nearest")
    panel.draw_edges(panel.shown)
    return drawn


def draw_cutout(panel):
    """Draw the chosen segments, the others as the black box saw them hidden."""
    panel.imshow(panel.picture)
    hidden = ~(panel.shown | (panel.explanation.segments < 0))
    cover = np.concatenate([panel.background, hidden[..., np.newaxis]], axis=-1)
    return panel.draw_top(cover, interpolation="nearest")


def draw_boxes(panel):
    """Draw the picture with a box around each area of the chosen segments."""
    drawn = panel.draw_top(panel.picture)
    signs = paint_segments(np.sign(panel.weights), panel.explanation.segments)
    for sign in (-1, 1):  # boxes for the label over those against it
        for box in find_boxes(signs == sign, merge=panel.style.merge):
            _draw_box(panel, box, panel.style.color_of(sign))
    return drawn


def _draw_box(panel, box, color):
    """Draw a rectangle in a colour, with a white seam on both sides of it."""
    from matplotlib.patches import Rectangle
    from matplotlib.patheffects import withStroke

    min_row, min_col, max_row, max_col = box
    corner = (min_col - 0.5, min_row - 0.5)
    given = panel.style.merged("box_kw", Rectangle, linewidth=2)
    seam = withStroke(linewidth=given["linewidth"] + 2, foreground="white")
    defaults = {"fill": False, "path_effects": [seam]}
    if "color" not in given:  # it colours edge and face
        defaults["edgecolor"] = color
    panel.ax.add_patch(
        Rectangle(corner, max_col - min_col, max_row - min_row, **defaults | given)
    )


def draw_segments(panel):
    """Draw borders, and in each chosen segment its number or name."""
    from matplotlib.patheffects import withStroke
    from matplotlib.text import Text

    drawn = draw_boundaries(panel)
    places, radii = find_places(panel.explanation.segments)
    options = panel.style.merged(
        "text_kw",
        Text,
        color="white",
        path_effects=[withStroke(linewidth=2, foreground="black")],
        horizontalalignment="center",
        verticalalignment="center",
        parse_math=False,
    )
    for segment in np.sort(panel.chosen):
        row, column = places[segment]
        word = _shorten(panel.explanation.segment_names[segment])
        word = word.removeprefix("segment ")
        text = panel.ax.text(column, row, word, **options)
        panel.numbers.append((text, 1.5 * radii[segment] / max(0.6 * len(word), 1)))
    return drawn


def fit_numbers(figure, panels):
    """Make numbers as large as their segments allow, where the axes have their place.

    Numbers that nobody could read are hidden, unless the user chose a size.

    Parameters
    ----------
    figure : matplotlib Figure
        Which is laid out for it, if anything is numbered.
    panels : list of Panel or None
        Drawn on it.
    """
    panels = [panel for panel in panels if panel is not None and panel.numbers]
    if panels:
        figure.draw_without_rendering()
    for panel in panels:
        if SIZE_OPTIONS & (panel.style.text_kw or {}).keys():
            continue
        points = _points_per_pixel(panel)
        for text, room in panel.numbers:
            text.set_visible(room * points >= MIN_ROOM)
            text.set_fontsize(np.clip(room * points, MIN_FONT, MAX_FONT))


def _points_per_pixel(panel):
    """Return how many points of type a pixel of the image is wide."""
    height, width = panel.explanation.segments.shape
    box = panel.ax.get_window_extent()
    dots = min(box.width / width, box.height / height)
    return dots * POINTS_PER_INCH / panel.ax.figure.dpi


def draw_bar(panel):
    """Draw weights as bars, strongest on top, with 95 % intervals where known."""
    from matplotlib import rcParams

    weights = panel.weights[panel.chosen]
    errors = Z_95 * panel.explanation.standard_errors(panel.label)[panel.chosen]
    names = [_shorten(panel.explanation.segment_names[s]) for s in panel.chosen]
    ink = rcParams["axes.edgecolor"]
    options = panel.style.merged(
        "bar_kw",
        color=[panel.style.color_of(weight) for weight in weights],
        xerr=errors if np.nansum(errors) > 0 else None,
        ecolor=ink,
        capsize=2,
    )
    drawn = panel.ax.barh(range(len(weights)), weights, **options)
    panel.ax.set_yticks(range(len(weights)))
    for tick, name in zip(panel.ax.set_yticklabels(names), names, strict=True):
        tick.set(text=name, parse_math=False)
    panel.ax.axvline(0, color=ink, linewidth=0.8)
    panel.ax.invert_yaxis()
    panel.ax.spines[["top", "right"]].set_visible(False)
    panel.ax.set_xlabel("weight")
    return drawn


def _shorten(name):
    """Return a name in one line, and not too long a one."""
    name = " ".join(name.split())
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


DRAW = {
    "overlay": draw_overlay,
    "heatmap": draw_heatmap,
    "boundaries": draw_boundaries,
    "mask": draw_mask,
    "cutout": draw_cutout,
    "boxes": draw_boxes,
    "segments": draw_segments,
    "bar": draw_bar,
    "image": draw_image,
}
