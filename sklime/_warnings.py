"""Warn the user, where the user is."""
# SPDX-License-Identifier: BSD-3-Clause

import sys
import warnings
from contextlib import contextmanager
from threading import Lock

# Frames between the user and a warning: ours and those that call us back.
LIBRARIES = ("sklime", "sklearn", "joblib")
FILTER_LOCK = Lock()


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


@contextmanager
def ignore(message):
    """Ignore a warning of another library that means nothing here.

    Filters belong to the process: without the lock two threads may leave one behind.

    Parameters
    ----------
    message : str
        Regular expression for its beginning.
    """
    with FILTER_LOCK, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message)
        yield
