"""Warn the user, where the user is."""
# SPDX-License-Identifier: BSD-3-Clause

import sys
import warnings

# Frames between the user and a warning: ours and those that call us back.
LIBRARIES = ("sklime", "sklearn", "joblib")


def warn(message):
    """Issue a UserWarning that points at the first line outside these libraries.

    Parameters
    ----------
    message : str
        What is doubtful, and what to change.
    """
    frame, level = sys._getframe(1), 2
    while frame.f_back and _is_library(frame):
        frame, level = frame.f_back, level + 1
    warnings.warn(message, UserWarning, stacklevel=level)


def _is_library(frame):
    return frame.f_globals.get("__name__", "").partition(".")[0] in LIBRARIES
