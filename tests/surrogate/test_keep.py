"""The first step of a surrogate that uses some segments only."""

import numpy as np
import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklime.surrogate import KeepSegments


@parametrize_with_checks([KeepSegments([0])])
def test_keep_segments_is_a_transformer(estimator, check):
    check(estimator)


def test_keep_segments_names_its_columns():
    keep = KeepSegments([2, 0]).fit(np.zeros((1, 3)))
    assert keep.get_feature_names_out(["sky", "sea", "cup"]).tolist() == ["sky", "cup"]


def test_columns_that_do_not_exist():
    with pytest.raises(ValueError, match="segments must be at least one index from 0"):
        KeepSegments([3]).fit(np.zeros((1, 3)))
