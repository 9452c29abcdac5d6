"""One colour in place of a segment: chosen or drawn."""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Real

import numpy as np
from skimage import color

from sklime._data_range import resolve_data_range
from sklime._sklearn_private import Interval
from sklime._typing import Array, DataRange
from sklime.occlusion._base import BaseOccluder, FlatOccluder, RandomOccluder


def find_colour(name: str, channels: tuple[int, ...], data_range: DataRange) -> Array:
    """Return the values of a colour with a CSS name.

    Parameters
    ----------
    name : str
        One of `skimage.color.color_dict`.
    channels : tuple of int
        ``(C,)``, or ``()`` for an image without a channel axis.
    data_range : tuple of float
        ``(low, high)`` of the pixel values.

    Returns
    -------
    ndarray of shape `channels`
        Its lightness in grey, opaque in four channels.

    Raises
    ------
    ValueError
        For an unknown name, or a colour other than grey where the channels are none
        of red, green and blue.

    Examples
    --------
    >>> find_colour("blue", (3,), (0, 255))
    array([  0.,   0., 255.])
    """
    if name.lower() not in color.color_dict:
        raise ValueError(
            f"colour must be the CSS name of a colour, such as 'red'. Got {name!r}."
        )
    rgb = np.array(color.color_dict[name.lower()], dtype=np.float64)
    is_grey = np.ptp(rgb) == 0
    if channels in ((3,), (4,)):
        unit = np.append(rgb, 1.0)[: channels[0]]
    elif is_grey or channels in ((), (1,)):
        unit = np.full(channels, rgb[0] if is_grey else color.rgb2gray(rgb))
    else:
        raise ValueError(
            f"occluder must be a grey ('black', 'grey', 'white') or have a value for "
            f"each channel. Got {name!r} for an image with {channels[0]} channels."
        )
    low, high = data_range
    return low + unit * (high - low)


class ColourOccluder(BaseOccluder):
    """A hidden segment shows one colour, the same in every segment.

    Parameters
    ----------
    colour : float, str or array-like of shape (n_channels,), default=0
        A number or a colour on the images' own scale, a number for every channel; or
        the CSS name of a colour, such as "black", on the scale of `data_range`. Grey
        images get its lightness, RGBA images an opaque one.
    data_range : tuple of float, default=None
        ``(low, high)`` of the pixel values, for names. None infers it from each image;
        `ImageLimeExplainer` sets it on its clone.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.occlusion import ColourOccluder
    >>> ColourOccluder((9, 0, 0)).fill(np.ones((1, 1, 3)), np.zeros((1, 1), int))
    array([[[9., 0., 0.]]])
    >>> red = ColourOccluder("red", data_range=(-1, 1))
    >>> red.fill(np.ones((1, 1, 3)), np.zeros((1, 1), int))
    array([[[ 1., -1., -1.]]])
    """

    _parameter_constraints = {
        "colour": [Interval(Real, None, None, closed="neither"), str, "array-like"],
        "data_range": ["array-like", None],
    }

    def __init__(self, colour=0, *, data_range=None) -> None:
        self.colour = colour
        self.data_range = data_range

    def fill(self, image: Array, segments: Array) -> Array:
        """Return an image of one colour.

        Parameters
        ----------
        image : ndarray of shape (H, W) or (H, W, C)
            The image, channels last.
        segments : ndarray of shape (H, W)
            Not used.

        Returns
        -------
        ndarray of shape (H, W) or (H, W, C)
            The background, in float.

        Raises
        ------
        ValueError
            If the colour is unknown or has not a value for each channel.
        """
        if isinstance(self.colour, str):
            data_range = resolve_data_range(image, self.data_range)
            return np.broadcast_to(
                find_colour(self.colour, image.shape[2:], data_range), image.shape
            )
        colour = np.asarray(self.colour, dtype=np.float64)
        if colour.ndim > 0 and colour.shape != image.shape[2:]:
            n_channels = image.shape[2] if image.ndim == 3 else "no"
            raise ValueError(
                "occluder must be a number or a colour with a value for each channel. "
                f"Got {self.colour!r} for an image with {n_channels} channels."
            )
        return np.broadcast_to(colour, image.shape)


class RandomColourOccluder(FlatOccluder, RandomOccluder):
    """A hidden segment shows a random colour.

    Parameters
    ----------
    per_segment : bool, default=False
        Whether every segment has a colour of its own.
    redraw : bool, default=False
        Whether colours are drawn anew for each perturbation, so that the surrogate
        averages over them.
    data_range : tuple of float, default=None
        ``(low, high)`` between which each channel is drawn. None infers it from each
        image; `ImageLimeExplainer` sets it on its clone.
    random_state : int, RandomState instance or None, default=None
        Seed of the draw.

    Attributes
    ----------
    seed_ : int
        Drawn from `random_state` in `fit`.

    See Also
    --------
    NoiseOccluder : A random colour in every pixel.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.occlusion import RandomColourOccluder
    >>> image = np.zeros((1, 2), dtype=np.uint8)
    >>> occluder = RandomColourOccluder(redraw=True, random_state=0).fit([image])
    >>> occluder.fill(image, np.array([[0, 1]]), draw=1).round()
    array([[29., 29.]])
    """

    _parameter_constraints = {
        **RandomOccluder._parameter_constraints,
        "per_segment": ["boolean"],
    }

    def __init__(
        self, per_segment=False, redraw=False, *, data_range=None, random_state=None
    ) -> None:
        self.per_segment = per_segment
        self.redraw = redraw
        self.data_range = data_range
        self.random_state = random_state

    def colours(self, image: Array, segments: Array, draw: int = 0) -> Array:
        """Return a random colour for each segment, the same unless `per_segment`.

        Parameters
        ----------
        image : ndarray of shape (H, W) or (H, W, C)
            The image, channels last.
        segments : ndarray of shape (H, W)
            Labels 0..d-1.
        draw : int, default=0
            Which draw; the same number gives the same colours.

        Returns
        -------
        ndarray of shape (d,) or (d, C)
            In float.
        """
        shape = int(segments.max()) + 1, *image.shape[2:]
        if self.per_segment:
            return self._draw_colours(image, shape[:1], draw)
        return np.broadcast_to(self._draw_colours(image, (), draw), shape)
