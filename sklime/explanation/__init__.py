"""Hold: an image, its segments and their weights, with all that they rest on.

An explanation makes no calls of the black box. ``_record`` holds, ``_explanation``
fits again, ``_words`` tells weights by name, ``_regions`` turns them into parts of the
image, for which ``_choose`` picks segments and ``_boxes`` surrounds them, and
``_archive`` reads and writes files; ``_page`` leads to `sklime.page`.
"""
# SPDX-License-Identifier: BSD-3-Clause

from sklime.explanation._boxes import find_boxes
from sklime.explanation._choose import choose_segments
from sklime.explanation._explanation import ImageExplanation

__all__ = ["ImageExplanation", "choose_segments", "find_boxes"]
