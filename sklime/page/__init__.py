"""Tell: a page that shows an explanation in any browser, in one file.

``_pictures`` turns arrays into text that a page can hold, ``_facts`` gathers what it
says, ``_words`` puts numbers into words, ``_tables`` writes what is seen without a
script, and ``_page`` fills ``page.html``, which has ``page.css``, ``numbers.js`` and
``page.js`` inside. A page loads nothing, and runs no script but its own.
"""
# SPDX-License-Identifier: BSD-3-Clause

from sklime.page._facts import gather_facts
from sklime.page._page import render_fragment, render_page

__all__ = ["gather_facts", "render_fragment", "render_page"]
