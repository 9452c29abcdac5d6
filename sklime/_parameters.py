"""Fill, check and name the parameters that users pass."""
# SPDX-License-Identifier: BSD-3-Clause

from contextlib import contextmanager, suppress
from numbers import Integral

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state

MAX_SEED = 2**31 - 1


def make_rng(random_state=None):
    """Return a generator that is never numpy's global one.

    Parameters
    ----------
    random_state : int, RandomState instance or None, default=None
        As in scikit-learn, but None is a fresh generator.

    Returns
    -------
    RandomState
        Of its own, or the instance that was passed.
    """
    if random_state is None:
        return np.random.RandomState()
    return check_random_state(random_state)


def draw_seed(random_state=None):
    """Return an int as it is, else an int drawn from what was passed."""
    if isinstance(random_state, Integral):
        return int(random_state)
    return int(make_rng(random_state).randint(MAX_SEED))


def fill_random_states(part, random_state):
    """Give every `random_state` of a part that is None an integer of its own.

    Parameters
    ----------
    part : object
        A clone that belongs to the caller, changed in place: its parameters at any
        depth, and splitters among them such as ``KFold(shuffle=True)``. Without
        `get_params` it is left alone.
    random_state : int, RandomState instance or None
        Where the integers are drawn from.

    Returns
    -------
    object
        `part` itself.
    """
    rng = make_rng(random_state)
    params = part.get_params(deep=True) if hasattr(part, "get_params") else {}
    for key, value in params.items():
        if key.rpartition("__")[2] == "random_state" and value is None:
            part.set_params(**{key: rng.randint(MAX_SEED)})
        elif _is_unseeded_splitter(value):
            value.random_state = rng.randint(MAX_SEED)
    return part


def _is_unseeded_splitter(value):
    shuffles = getattr(value, "shuffle", True)
    seed = getattr(value, "random_state", "no such attribute")
    return hasattr(value, "split") and shuffles and seed is None


def make_named(value, named, name, others):
    """Return a new object of the class that a name stands for.

    Parameters
    ----------
    value : str
        What the user passed.
    named : dict of str to class
        The names to choose from.
    name : str
        The parameter.
    others : str
        What may be passed in place of a name, for the message.

    Returns
    -------
    object
        Made without arguments.

    Raises
    ------
    ValueError
        For an unknown name.
    """
    if value not in named:
        choices = ", ".join(map(repr, sorted(named)))
        raise ValueError(f"{name} must be one of {choices}, {others}. Got {value!r}.")
    return named[value]()


def read_notes(error):
    """Return the notes of an error, none if it keeps anything else under that name."""
    notes = getattr(error, "__notes__", [])
    return notes if isinstance(notes, list) else []


def add_note(error, beginning, end):
    """Add a note to an error, unless it has one that begins alike.

    Parameters
    ----------
    error : Exception
        Of a class of the user's, perhaps, that takes no notes: it is left as it is.
    beginning, end : str
        The note. One from further inside says the same better, and stays alone.
    """
    notes = read_notes(error)
    if not any(isinstance(n, str) and n.startswith(beginning) for n in notes):
        with suppress(AttributeError, TypeError):  # fixed attributes, notes no list
            error.add_note(beginning + end)


@contextmanager
def name_parameter(name, how):
    """Say of an error in a user's object which parameter it is, and what was done.

    Parameters
    ----------
    name : str
        The parameter.
    how : str
        How it is used, to follow the name: "called as kernel(distances)".
    """
    try:
        yield
    except Exception as error:
        add_note(error, f"Raised by the parameter {name!r}, ", f"{how}.")
        raise


def name_call(name, part, method, arguments):
    """Say of an error in a method of a user's object how it was called.

    Parameters
    ----------
    name : str
        The parameter.
    part : object
        What the user passed for it.
    method : str
        What is called.
    arguments : str
        As code: "image, segments".

    Returns
    -------
    context manager
        See `name_parameter`.
    """
    call = f"{type(part).__name__}.{method}({arguments})"
    return name_parameter(name, f"called as {call}")


def validate_part(part, name):
    """Check the parameters of a part, and of parts inside it, that declare them.

    Parameters
    ----------
    part : object
        What the user passed.
    name : str
        The parameter that it was passed for.
    """
    with name_call(name, part, "get_params", ""):
        inside = part.get_params().values() if isinstance(part, BaseEstimator) else []
    for owner in [part, *inside]:
        if isinstance(owner, BaseEstimator) and hasattr(
            owner, "_parameter_constraints"
        ):
            owner._validate_params()


def check_nested_parameters(owner, params, examples):
    """Refuse nested parameters of what has none, and say what to pass.

    Parameters
    ----------
    owner : estimator
        Whose parameters are set; plain ones must be set already.
    params : iterable of str
        Names as given to `set_params`, nested ones like ``"sampler__p"``.
    examples : dict of str to str
        For parameters that may have parameters of their own an object that does, as
        code: ``{"sampler": "BernoulliSampler()"}``.

    Raises
    ------
    ValueError
        If a nested name points into None, a name or another plain value.
    """
    for key in params:
        name, nested, inner = key.partition("__")
        value = getattr(owner, name, owner)
        if nested and not hasattr(value, "get_params"):
            way_out = f" that has {inner!r}; {name}={examples.get(name)} is an object"
            raise ValueError(
                f"The parameter {key!r} of {type(owner).__name__} cannot be set: "
                f"{name}={value!r} has no parameters of its own. Pass an object"
                f"{way_out if name in examples else ''}."
            )
