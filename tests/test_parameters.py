"""Nested parameters are filled on clones and refused where there are none."""

from dataclasses import dataclass

import pytest
from sklearn.base import BaseEstimator
from sklearn.ensemble import BaggingRegressor, RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, ShuffleSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklime._parameters import (
    add_note,
    check_nested_parameters,
    fill_random_states,
    make_named,
    name_parameter,
    validate_part,
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


class OddNotes(Exception):
    """Keeps something else where Python keeps notes."""

    def __init__(self, notes):
        self.__notes__ = notes


@dataclass(frozen=True)
class Fixed(Exception):
    """Refuses every attribute, notes among them."""

    code: int


@pytest.mark.parametrize("notes", ["a", 7, None])
def test_an_error_that_takes_no_note_stays_the_error_that_it_is(notes):
    error = OddNotes(notes)
    with pytest.raises(OddNotes) as caught, name_parameter("part", "inside"):
        raise error
    assert caught.value is error
    assert error.__notes__ is notes


def test_an_error_whose_attributes_are_fixed_gets_no_note():
    error = Fixed(7)
    add_note(error, "Raised ", "here.")
    assert not hasattr(error, "__notes__")


def test_notes_that_are_no_strings_are_passed_over():
    with pytest.raises(OddNotes) as caught, name_parameter("part", "inside"):
        raise OddNotes([7])
    assert caught.value.__notes__ == [7, "Raised by the parameter 'part', inside."]


def test_an_error_in_get_params_names_the_parameter():
    class Forgetful(BaseEstimator):
        def __init__(self, alpha=1.0):
            pass

    with pytest.raises(AttributeError, match="alpha") as caught:
        validate_part(Forgetful(), "distance")
    note = "Raised by the parameter 'distance', called as Forgetful.get_params()."
    assert caught.value.__notes__ == [note]
