"""A warning points at the user's line, however deep it arises."""

import warnings

import numpy as np
import pytest

from sklime import ImageLimeExplainer
from sklime._warnings import warn


def test_it_is_the_callers_line():
    with pytest.warns(UserWarning, match="watch out") as warned:
        warn("watch out")
    assert warned[0].filename == __file__


@pytest.mark.parametrize("method", ["fit", "fit_explain", "fit_transform"])
def test_whichever_way_the_user_came_in(method, quarters):
    image = np.random.RandomState(0).uniform(0, 16, size=(16, 16))
    explainer = ImageLimeExplainer(quarters, n_perturbations=8, random_state=0)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        getattr(explainer, method)(image)
    assert "data_range is taken to be" in str(warned[0].message)
    assert {warning.filename for warning in warned} == {__file__}
