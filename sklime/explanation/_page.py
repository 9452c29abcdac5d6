"""Show an explanation as a page, in a browser or a notebook."""
# SPDX-License-Identifier: BSD-3-Clause

from collections.abc import Sequence
from os import PathLike
from typing import Any, overload

from sklime.explanation._record import ExplanationRecord


class Page(ExplanationRecord):
    """Methods of `ImageExplanation` that turn it into HTML."""

    @overload
    def to_html(
        self,
        path: None = None,
        *,
        title: str | None = None,
        label: Any = None,
        max_size: int = 1024,
        channels: int | Sequence[int] | None = None,
    ) -> str: ...

    @overload
    def to_html(
        self,
        path: str | PathLike[str],
        *,
        title: str | None = None,
        label: Any = None,
        max_size: int = 1024,
        channels: int | Sequence[int] | None = None,
    ) -> None: ...

    def to_html(
        self,
        path: str | PathLike[str] | None = None,
        *,
        title: str | None = None,
        label: Any = None,
        max_size: int = 1024,
        channels: int | Sequence[int] | None = None,
    ) -> str | None:
        """Write a page that shows this explanation in any browser.

        It is one file, which loads nothing and runs no script but its own. Segments
        tell their weight and rank under the pointer and the arrow keys; label, sign
        and number of segments can be chosen.

        Parameters
        ----------
        path : path, default=None
            Where to; None returns the page.
        title : str, default=None
            Heading of the page; None is "Image explanation".
        label : object, default=None
            One of `labels`, to begin with; None is the first.
        max_size : int, default=1024
            Longer side of the picture in the page, in pixels; a larger image is
            shrunk.
        channels : int or sequence of 3 int, default=None
            Which channel of the image to draw in grey, or which three in colours; see
            `sklime.display.prepare_image`.

        Returns
        -------
        str or None
            The page where `path` is None. The same explanation gives the same page.

        Raises
        ------
        OSError
            If the file cannot be written.
        TypeError, ValueError
            For a title that is no string, an unknown label or channel, or a size
            below 1.

        See Also
        --------
        sklime.LimeDisplay : Draws with matplotlib.
        """
        # Here: it imports sklime.display, which stands after this stage.
        from sklime.page import render_page

        page = render_page(
            self, title=title, label=label, max_size=max_size, channels=channels
        )
        if path is None:
            return page
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(page)
        return None

    def _repr_html_(self):
        """Return what notebooks show: the page in small, in a frame of its own."""
        from sklime.page import render_fragment

        return render_fragment(self)
