"""Declare, check and hold what a user may choose of a drawing."""
# SPDX-License-Identifier: BSD-3-Clause

from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

from sklime._sklearn_private import (
    Interval,
    StrOptions,
    validate_parameter_constraints,
)
from sklime.explanation._choose import SIGNS

CONSTRAINTS = {
    "n_segments": [
        Interval(Integral, 0, None, closed="left"),
        StrOptions({"auto"}),
        None,
    ],
    "sign": [StrOptions(set(SIGNS)), None],
    "opacity": [Interval(Real, 0, 1, closed="both")],
    "exponent": [Interval(Real, 0, None, closed="neither")],
    "reference": [Interval(Real, 0, None, closed="neither"), None],
    "outlier_percentile": [Interval(Real, 0, 100, closed="left")],
    "colorbar": ["boolean"],
    "merge": ["boolean"],
    "im_kw": [dict, None],
    "line_kw": [dict, None],
    "box_kw": [dict, None],
    "text_kw": [dict, None],
    "bar_kw": [dict, None],
}


@dataclass(kw_only=True)
class Style:
    """Channels, segments, colours, opacities and options of artists.

    Attributes
    ----------
    channels, n_segments, sign, coverage, min_weight, positive_color, negative_color, \
cmap, opacity, exponent, reference, outlier_percentile, colorbar, merge, im_kw, \
line_kw, box_kw, text_kw, bar_kw : object
        The parameters of `LimeDisplay.plot`; colours as red, green and blue.

    Raises
    ------
    ValueError
        For one outside its range, or colours that matplotlib does not know.
    """

    channels: Any
    n_segments: int | str | None
    sign: str | None
    coverage: object
    min_weight: float
    positive_color: tuple
    negative_color: tuple
    cmap: object
    opacity: float
    exponent: float
    reference: float | None
    outlier_percentile: float
    colorbar: bool
    merge: bool
    im_kw: dict | None
    line_kw: dict | None
    box_kw: dict | None
    text_kw: dict | None
    bar_kw: dict | None

    def __post_init__(self):
        declared = {name: getattr(self, name) for name in CONSTRAINTS}
        validate_parameter_constraints(CONSTRAINTS, declared, "LimeDisplay.plot")
        for name in ("positive_color", "negative_color"):
            setattr(self, name, _read_color(name, getattr(self, name)))
        if self.cmap is not None:
            self.cmap = _read_cmap(self.cmap)

    def merged(self, name, artist=None, **defaults):
        """Return the user's options of some artists over our own.

        Parameters
        ----------
        name : str
            Such as "im_kw".
        artist : type, default=None
            The artist, whose properties have short names too; None knows none.
        **defaults : dict
            Ours.

        Returns
        -------
        dict
            Of both, under long names.
        """
        from matplotlib.cbook import normalize_kwargs

        given = getattr(self, name) or {}
        if artist is not None:
            given = normalize_kwargs(given, artist)
        return {**defaults, **given}

    def color_of(self, weight):
        """Return the colour of a weight's sign."""
        return self.positive_color if weight > 0 else self.negative_color


def _read_color(name, value):
    """Return a colour of matplotlib as red, green and blue."""
    from matplotlib.colors import to_rgb

    try:
        return to_rgb(value)
    except ValueError as error:
        raise ValueError(
            f"{name} must be a colour of matplotlib, such as 'tab:blue'. Got {value!r}."
        ) from error


def _read_cmap(value):
    """Return a colour map of matplotlib."""
    from matplotlib import colormaps

    try:
        return colormaps.get_cmap(value)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"cmap must be a colour map of matplotlib, such as 'RdBu'. Got {value!r}."
        ) from error
