"""Show: draw an explanation on its image.

``_picture`` makes of any image what matplotlib draws without rescaling, ``_opacity``
turns weights into colours, ``_edges`` and ``_places`` find where borders and numbers
go. ``_style`` holds and checks what a user may choose, ``_panel`` is one axes with what
is drawn there, ``_kinds`` has a function for each kind of drawing, and ``_display``
lays the panels out.
"""
# SPDX-License-Identifier: BSD-3-Clause

from sklime.display._display import LimeDisplay
from sklime.display._edges import find_edges
from sklime.display._opacity import find_reference, paint_overlay, scale_opacity
from sklime.display._picture import prepare_image
from sklime.display._places import find_places

__all__ = [
    "LimeDisplay",
    "find_edges",
    "find_places",
    "find_reference",
    "paint_overlay",
    "prepare_image",
    "scale_opacity",
]
