"""Segments are found by index or name, and renamed."""

import numpy as np
import pytest

from sklime._segment_names import rename_segments, resolve_segments

NAMES = ["sky", "sea", "7"]


@pytest.mark.parametrize(
    ("segments", "indices"),
    [
        (0, [0]),
        ("sea", [1]),
        (["7", 0], [2, 0]),
        (np.array([2, 1], dtype=np.uint8), [2, 1]),
        ((), []),
        (range(2), [0, 1]),
        (np.array(2), [2]),
    ],
)
def test_indices_and_names(segments, indices):
    found = resolve_segments(segments, NAMES)
    assert found.tolist() == indices
    assert found.dtype == np.intp


@pytest.mark.parametrize(
    "segments", [3, -1, 7, "land", 0.0, [True], [[0]], {"sky": 1.5}]
)
def test_unknown(segments):
    if isinstance(segments, dict):
        segments = list(segments.values())
    with pytest.raises(ValueError, match="from 0 to 2 or names such as 'sky'"):
        resolve_segments(segments, NAMES)


def test_swapping_names():
    assert rename_segments({"sky": "sea", "sea": "sky"}, NAMES) == ["sea", "sky", "7"]
    with pytest.raises(ValueError, match="names must be 3 different strings"):
        rename_segments({"sky": "sea"}, NAMES)
    with pytest.raises(ValueError, match="each segment once"):
        rename_segments({"sky": "a", 0: "b"}, NAMES)
    for bad in (None, 5):
        with pytest.raises(ValueError, match="names must be 3 different strings"):
            rename_segments(bad, NAMES)


def test_only_names_that_stand_twice_are_listed():
    with pytest.raises(ValueError, match=r"more than once: \['sea'\]"):
        rename_segments(["sea", "sky", "sea"], ["a", "b", "c"])
