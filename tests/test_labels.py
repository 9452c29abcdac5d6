"""A label is a member of the classes; beside names an integer is the column."""

import numpy as np
import pytest

from sklime._labels import resolve_label, resolve_labels

IMAGENET = np.array(["crane", "missile", "cat", "crane"])


def test_numbers_are_members_not_columns():
    """Trap F10 of FAT Forensics: with the names 10 and 20, an integer was an index."""
    assert resolve_label(20, np.array([10, 20])) == 1
    assert resolve_label(np.int64(10), np.array([10, 20])) == 0
    with pytest.raises(ValueError, match=r"label must be one of 10, 20\. Got 1"):
        resolve_label(1, np.array([10, 20]))


def test_names_and_their_columns():
    assert resolve_label("cat", IMAGENET) == 2
    assert resolve_label(np.str_("cat"), IMAGENET) == 2
    assert resolve_label(3, IMAGENET) == 3


def test_a_name_that_stands_twice_is_refused_only_when_asked_for():
    assert resolve_label("missile", IMAGENET) == 1
    with pytest.raises(ValueError, match=r"'crane' stands for the columns \[0, 3\]"):
        resolve_label("crane", IMAGENET)


def test_booleans_are_labels():
    assert resolve_label(True, np.array([False, True])) == 1


@pytest.mark.parametrize("label", [-1, 4, "dog", 1.5, None])
def test_unknown(label):
    with pytest.raises(ValueError, match="must be one of 'crane', 'missile'"):
        resolve_label(label, IMAGENET)


def test_at_most_ten_are_listed():
    with pytest.raises(ValueError, match=r"8, 9, \.\.\. \(1000 in all\)\. Got 'a'"):
        resolve_label("a", np.arange(1000))


def test_one_or_several():
    assert resolve_labels("cat", IMAGENET) == [2]
    assert resolve_labels(["cat", 0], IMAGENET) == [2, 0]
    assert resolve_labels(np.array([20, 10]), np.array([10, 20])) == [1, 0]
    with pytest.raises(ValueError, match="at least one label"):
        resolve_labels([], IMAGENET)
