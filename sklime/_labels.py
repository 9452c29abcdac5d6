"""Find the output of the black box that a label stands for."""
# SPDX-License-Identifier: BSD-3-Clause

from itertools import islice

import numpy as np

MAX_LISTED = 10


def resolve_label(label, classes):
    """Return the column of a label.

    Parameters
    ----------
    label : object
        A member of `classes`; where these are strings, an integer is the column.
    classes : array-like of shape (n_outputs,)
        One name or value for each column.

    Returns
    -------
    int
        The column.

    Raises
    ------
    ValueError
        If no column has that label, or more than one, or it is a list of labels.
    """
    if np.ndim(label) > 0:
        raise ValueError(f"label must be a single label here. Got {label!r}.")
    columns = [i for i, known in enumerate(classes) if _same_label(known, label)]
    if len(columns) == 1:
        return columns[0]
    if len(columns) > 1:
        raise ValueError(
            f"label {label!r} stands for the columns {columns}; pass the number of "
            "the column or give them different class_names."
        )
    names_only = all(isinstance(known, str) for known in classes)
    if names_only and _is_integer(label) and 0 <= label < len(classes):
        return int(label)
    listed = ", ".join(repr(_plain(known)) for known in islice(classes, MAX_LISTED))
    more = f", ... ({len(classes)} in all)" if len(classes) > MAX_LISTED else ""
    raise ValueError(f"label must be one of {listed}{more}. Got {_plain(label)!r}.")


def _same_label(known, label):
    """Compare without numpy's warning for a number beside a string."""
    return isinstance(known, str) == isinstance(label, str) and bool(known == label)


def _is_integer(label):
    return isinstance(label, int | np.integer) and not isinstance(label, bool)


def _plain(value):
    """Return a numpy scalar as the Python value that a user would type."""
    return value.item() if isinstance(value, np.generic) else value


def resolve_labels(labels, classes):
    """Return the columns of one label or of several.

    Parameters
    ----------
    labels : label or sequence of labels
        Members of `classes` (see `resolve_label`).
    classes : array-like of shape (n_outputs,)
        One name or value for each column.

    Returns
    -------
    list of int
        The columns, in the order asked for.

    Raises
    ------
    ValueError
        If there are none, or one is unknown.
    """
    if np.ndim(labels) == 0:
        labels = [labels]
    if len(labels) == 0:
        raise ValueError("labels must name at least one label, or be None. Got none.")
    return [resolve_label(label, classes) for label in labels]
