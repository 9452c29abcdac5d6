"""Make an occluder of what a user may write in its place."""
# SPDX-License-Identifier: BSD-3-Clause

from functools import partial
from typing import Any

import numpy as np
from skimage import color

from sklime._parameters import make_named, name_parameter
from sklime._typing import Array
from sklime.occlusion._base import BaseOccluder
from sklime.occlusion._colours import ColourOccluder, RandomColourOccluder
from sklime.occlusion._images import ImageOccluder, NoiseOccluder, ReferenceOccluder
from sklime.occlusion._smooth import BlurOccluder, InpaintOccluder, MeanOccluder

OCCLUDERS = {
    "mean": MeanOccluder,
    "zero": ColourOccluder,
    "black": partial(ColourOccluder, "black"),
    "white": partial(ColourOccluder, "white"),
    "noise": NoiseOccluder,
    "blur": BlurOccluder,
    "inpaint": InpaintOccluder,
    "reference": ReferenceOccluder,
    "random": RandomColourOccluder,
    "random-patch": partial(RandomColourOccluder, per_segment=True),
    "randomise": partial(RandomColourOccluder, redraw=True),
    "randomise-patch": partial(RandomColourOccluder, per_segment=True, redraw=True),
}


class FunctionOccluder(BaseOccluder):
    """A hidden segment shows what a function returns.

    Parameters
    ----------
    func : callable
        ``func(image, segments)`` returns an array of the image's shape. The image is
        channels last; neither can be written to.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.occlusion import FunctionOccluder
    >>> upside_down = FunctionOccluder(lambda image, segments: image[::-1])
    >>> upside_down.fill(np.array([[1], [2]]), None)
    array([[2],
           [1]])
    """

    _parameter_constraints = {"func": [callable]}

    def __init__(self, func) -> None:
        self.func = func

    def fill(self, image: Array, segments: Array) -> Array:
        """Return what the function returns.

        Parameters
        ----------
        image : ndarray of shape (H, W) or (H, W, C)
            The image, channels last.
        segments : ndarray of shape (H, W)
            Labels 0..d-1.

        Returns
        -------
        ndarray of shape (H, W) or (H, W, C)
            The background.
        """
        with name_parameter("occluder", "called as occluder(image, segments)"):
            return self.func(image, segments)


def check_occluder(occluder: Any) -> Any:
    """Return an occluder object for what the user may write in its place.

    Parameters
    ----------
    occluder : str, number, tuple, array-like, callable or object
        A name in `OCCLUDERS`, the CSS name of a colour, a number, a colour with a
        value for each channel, an image of 2 or 3 dimensions, a function (see
        `FunctionOccluder`), or an object with `fit`, `fill` and `get_params`.

    Returns
    -------
    object
        With the methods `fit` and `fill`.

    Raises
    ------
    TypeError, ValueError
        For anything else.

    Examples
    --------
    >>> check_occluder((255, 0, 0))
    ColourOccluder(colour=(255, 0, 0))
    >>> check_occluder("randomise")
    RandomColourOccluder(redraw=True)
    """
    if isinstance(occluder, str):
        if occluder.lower() in color.color_dict and occluder not in OCCLUDERS:
            return ColourOccluder(occluder)
        others = (
            "the CSS name of a colour, a number, a colour, an image, a function or an "
            "object such as BlurOccluder(sigma=3)"
        )
        return make_named(occluder, OCCLUDERS, "occluder", others)
    # An array has a method `fill` too, but no `get_params`.
    is_object = hasattr(occluder, "fill") and hasattr(occluder, "get_params")
    if is_object and not isinstance(occluder, type):
        return occluder
    if callable(occluder) and not isinstance(occluder, type):
        return FunctionOccluder(occluder)
    n_dims = np.ndim(occluder) if _is_numeric(occluder) else -1
    if n_dims == 0 and not np.isfinite(occluder):
        raise ValueError(f"occluder must be finite. Got {occluder!r}.")
    if n_dims in (0, 1):
        return ColourOccluder(occluder)
    if n_dims in (2, 3):
        return ImageOccluder(occluder)
    raise TypeError(
        f"occluder must be a name ({', '.join(OCCLUDERS)} or a CSS colour), a number, "
        "a colour, an image, a function or an object with methods 'fit', 'fill' and "
        f"'get_params'. Got {occluder!r}."
    )


def _is_numeric(value):
    try:
        return not isinstance(value, bool) and np.asarray(value).dtype.kind in "buif"
    except ValueError:  # ragged
        return False
