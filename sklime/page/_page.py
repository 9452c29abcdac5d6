"""Fill the template of a page."""
# SPDX-License-Identifier: BSD-3-Clause

import json
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from importlib import resources
from numbers import Integral
from string import Template
from typing import TYPE_CHECKING, Any

from sklime.page._facts import gather_facts
from sklime.page._pictures import (
    encode_image,
    encode_overlay,
    fit_size,
    shrink_segments,
)
from sklime.page._tables import write_tables
from sklime.page._words import escape_text

if TYPE_CHECKING:
    from sklime.explanation._record import ExplanationRecord

MAX_SIZE, MAX_FRAGMENT_SIZE = 1024, 320
# In CSS pixels: how large a fragment draws, how thin at least, and how much height it
# needs for its pictures and beside them.
FRAGMENT_SIDE, FRAGMENT_THIN, FRAGMENT_LEAST, FRAGMENT_FRAME = 264, 16, 140, 150
# Pure functions, and what draws and listens.
SCRIPTS = ("numbers.js", "page.js")
# Pictures below this side show their pixels as squares.
SQUARES_BELOW = 128


def render_page(
    explanation: "ExplanationRecord",
    *,
    title: str | None = None,
    label: Any = None,
    max_size: int = MAX_SIZE,
    channels: int | Sequence[int] | None = None,
) -> str:
    """Return a page that shows an explanation in any browser, without a network.

    Parameters
    ----------
    explanation : ImageExplanation
        What to show. It is never changed.
    title : str, default=None
        Heading of the page; None is "Image explanation".
    label : object, default=None
        The label to begin with; None is the first.
    max_size : int, default=1024
        Longer side of the picture in the page, in pixels; a larger image is shrunk.
    channels : int or sequence of 3 int, default=None
        Which channel to draw in grey, or which three in colours; see
        `sklime.display.prepare_image`.

    Returns
    -------
    str
        HTML. The same explanation gives the same text.

    Raises
    ------
    TypeError, ValueError
        For a title that is no string, an unknown label or channel, or a size below 1.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime import ImageLimeExplainer
    >>> explanation = ImageLimeExplainer(
    ...     lambda images: images[:, :256].mean(axis=(1, 2)) / 255, occluder=0
    ... ).fit_explain(data.camera())
    >>> page = render_page(explanation, title="What is bright above?")
    >>> "<h1>What is bright above?</h1>" in page
    True
    """
    if title is not None and not isinstance(title, str):
        raise TypeError(f"title must be a string or None. Got {title!r}.")
    if not isinstance(max_size, Integral) or isinstance(max_size, bool) or max_size < 1:
        raise ValueError(
            f"max_size must be an integer of at least 1, in pixels. Got {max_size!r}."
        )
    title = "Image explanation" if title is None else title
    size = fit_size(explanation.segments.shape, max_size)
    return _fill_page(explanation, label, size, channels, title, "page")


def render_fragment(explanation: "ExplanationRecord") -> str:
    """Return a small page in a frame, as notebooks show it.

    The frame keeps the notebook's styles and scripts out, and the page's in.

    Parameters
    ----------
    explanation : ImageExplanation
        What to show. It is never changed.

    Returns
    -------
    str
        HTML of an ``iframe``. The same explanation gives the same text.
    """
    size = fit_size(explanation.segments.shape, MAX_FRAGMENT_SIZE)
    page = _fill_page(explanation, None, size, None, "Image explanation", "fragment")
    height = FRAGMENT_FRAME + max(FRAGMENT_LEAST, round(_side_of_fragment(size)[0]))
    return (
        f'<iframe title="{escape_text(explanation)}" sandbox="allow-scripts" '
        f'width="100%" height="{height}" style="border: 0; max-width: 64rem" '
        f'srcdoc="{escape_text(page)}">{escape_text(explanation)}</iframe>'
    )


def _side_of_fragment(size):
    """Return the height and the width at which a fragment draws, in CSS pixels."""
    return [max(FRAGMENT_THIN, side * FRAGMENT_SIDE / max(size)) for side in size]


def _fill_page(explanation, label, size, channels, title, kind):
    """Return the template with all that it lacks."""
    segments = shrink_segments(explanation.segments, size)
    row = explanation.position(label)
    facts = {**gather_facts(explanation, segments), "selected": row}
    style, script = _write_style(size), "\n".join(map(_read, SCRIPTS))
    texts = {
        "kind": kind + (" squares" if max(size) < SQUARES_BELOW else ""),
        "title": escape_text(title),
        "width": size[1],
        "height": size[0],
        "summary": escape_text(facts["labels"][row]["summary"]),
        "image": encode_image(
            explanation.image, explanation.data_range, size, channels
        ),
        "overlay": encode_overlay(explanation.weights[row], segments),
        "tables": write_tables(facts),
        "facts": dump_json(facts),
        "style": style,
        "script": script,
        "style_hash": hash_source(style),
        "script_hash": hash_source(script),
    }
    return Template(_read("page.html")).substitute(texts)


def dump_json(facts):
    r"""Return JSON that can stand inside a ``script`` element.

    Parameters
    ----------
    facts : dict
        Of lists, numbers and text.

    Returns
    -------
    str
        ASCII, without a character that means something in HTML.

    Examples
    --------
    >>> dump_json({"name": "</script>"})
    '{"name":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(facts, allow_nan=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def hash_source(source):
    """Return a script or style as a Content Security Policy names it.

    Parameters
    ----------
    source : str
        What stands between the tags.

    Returns
    -------
    str
        ``sha256-...``, see "Content Security Policy Level 3" of the W3C.
    """
    digest = sha256(source.encode("utf-8")).digest()
    return f"sha256-{b64encode(digest).decode()}"


def _write_style(size):
    """Return the style sheet, which knows the size of the picture."""
    height, width = size
    limits = f"--width: {width}; --height: {height};"
    down, across = _side_of_fragment(size)
    limits += f" --down: {down:.0f}px; --across: {across:.0f}px;"
    return f":root {{ {limits} }}\n{_read('page.css')}"


def _read(name):
    return resources.files("sklime.page").joinpath(name).read_text(encoding="utf-8")
