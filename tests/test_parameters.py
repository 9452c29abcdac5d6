"""Nested parameters are filled on clones and refused where there are none."""

import pytest
from sklearn.base import BaseEstimator
from sklearn.ensemble import BaggingRegressor, RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, ShuffleSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklime._parameters import (
    check_nested_parameters,
    fill_random_states,
    make_named,
    name_parameter,
)


def test_every_random_state_that_is_none_gets_its_own_integer():
    part = BaggingRegressor(RandomForestRegressor())
    filled = fill_random_states(part, 0)
    assert filled is part
    assert isinstance(part.random_state, int)
    assert part.random_state != part.estimator.random_state
    again = fill_random_states(BaggingRegressor(RandomForestRegressor()), 0)
    assert again.estimator.random_state == part.estimator.random_state


def test_a_seed_of_the_user_is_kept():
    part = make_pipeline(StandardScaler(), RandomForestRegressor(random_state=7))
    assert fill_random_states(part, 0)[-1].random_state == 7


def test_what_has_no_parameters_is_left_alone():
    part = object()
    assert fill_random_states(part, 0) is part


def test_nested_names_need_an_object():
    class Owner(BaseEstimator):
        sampler, surrogate = "balanced", RandomForestRegressor()

    parts = {"sampler": "BernoulliSampler()", "surrogate": "Ridge()"}
    check_nested_parameters(Owner(), ["surrogate__max_depth", "sampler"], parts)
    with pytest.raises(ValueError, match=r"'sampler__p'.*sampler=BernoulliSampler\(\)"):
        check_nested_parameters(Owner(), ["sampler__p"], parts)


def test_a_name_makes_a_new_object_and_an_unknown_one_lists_the_choices():
    named = {"scaler": StandardScaler, "forest": RandomForestRegressor}
    first, second = (make_named("scaler", named, "part", "or one") for _ in range(2))
    assert isinstance(first, StandardScaler)
    assert first is not second
    with pytest.raises(ValueError, match=r"'forest', 'scaler', or one\. Got 'tree'"):
        make_named("tree", named, "part", "or one")


def test_a_splitter_without_shuffle_gets_a_seed():
    search = GridSearchCV(Ridge(), {}, cv=ShuffleSplit(2))
    fill_random_states(search, 0)
    assert isinstance(search.cv.random_state, int)
    kept = fill_random_states(
        GridSearchCV(Ridge(), {}, cv=ShuffleSplit(2, random_state=7)), 0
    )
    assert kept.cv.random_state == 7


def test_the_innermost_note_about_a_parameter_stays_alone():
    outside, between = ("part", "outside"), ("whole", "in between")
    with (
        pytest.raises(KeyError) as caught,
        name_parameter(*outside),
        name_parameter(*between),
        name_parameter("part", "inside"),
    ):
        raise KeyError
    assert caught.value.__notes__ == [
        "Raised by the parameter 'part', inside.",
        "Raised by the parameter 'whole', in between.",
    ]
