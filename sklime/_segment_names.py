"""Find and change what segments are called."""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Integral

import numpy as np

from sklime._labels import MAX_LISTED


def resolve_segments(segments, segment_names, name="segments"):
    """Return the indices of segments given by index or name.

    Parameters
    ----------
    segments : int, str or sequence of int or str
        Integers are indices from 0, strings members of `segment_names`.
    segment_names : list of str of length d
        What each segment is called.
    name : str, default="segments"
        What the error message calls the first.

    Returns
    -------
    ndarray of intp
        Their indices.

    Raises
    ------
    ValueError
        For an unknown segment.

    Examples
    --------
    >>> resolve_segments(["sky", 0], ["ground", "sky"])
    array([1, 0])
    """
    if np.ndim(segments) == 0:
        segments = np.atleast_1d(segments).tolist()
    found = [_resolve(segment, segment_names, name) for segment in segments]
    return np.array(found, dtype=np.intp)


def _resolve(segment, segment_names, name):
    if isinstance(segment, str) and segment in segment_names:
        return segment_names.index(segment)
    is_index = isinstance(segment, Integral) and not isinstance(segment, bool)
    if is_index and 0 <= segment < len(segment_names):
        return int(segment)
    is_mask = isinstance(segment, bool | np.bool_)
    hint = "; for a mask pass numpy.flatnonzero(mask)" if is_mask else ""
    raise ValueError(
        f"{name} must be indices from 0 to {len(segment_names) - 1} or names such as "
        f"{segment_names[0]!r}. Got {segment!r}{hint}."
    )


def rename_segments(names, segment_names):
    """Return a new name for each segment.

    Parameters
    ----------
    names : sequence of str or dict
        All of them in order, or some by index or present name.
    segment_names : list of str of length d
        What each segment is called.

    Returns
    -------
    list of str
        A new list.

    Raises
    ------
    ValueError
        If there are too few or too many, or one stands twice.

    Examples
    --------
    >>> rename_segments({"segment 2": "cup"}, ["segment 1", "segment 2"])
    ['segment 1', 'cup']
    """
    if isinstance(names, dict):
        indices = resolve_segments(list(names), segment_names, "names").tolist()
        if len(set(indices)) < len(indices):
            raise ValueError(f"names must name each segment once. Got {names!r}.")
        renamed = dict(zip(indices, names.values(), strict=True))
        names = [renamed.get(i, old) for i, old in enumerate(segment_names)]
    names = [names] if np.ndim(names) == 0 else list(names)
    strings = all(isinstance(name, str) for name in names)
    if not strings or len(names) != len(segment_names):
        raise ValueError(
            f"names must be {len(segment_names)} different strings, one for each "
            f"segment. Got {len(names)}: {names[:MAX_LISTED]!r}."
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(
            f"names must be {len(names)} different strings, one for each segment. Got "
            f"more than once: {twice[:MAX_LISTED]!r}."
        )
    return names
