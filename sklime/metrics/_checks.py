"""Refuse numbers and names that no metric could use."""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Integral


def check_count(name, value, smallest):
    """Refuse what is no integer, or too small a one.

    Parameters
    ----------
    name : str
        The parameter.
    value : object
        What came.
    smallest : int
        The smallest that is allowed.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    is_integer = isinstance(value, Integral) and not isinstance(value, bool)
    if not is_integer or int(value) < smallest:
        raise ValueError(
            f"{name} must be an integer of at least {smallest}. Got {value!r}."
        )


def check_choice(name, value, allowed, others=""):
    """Refuse what is none of some names.

    Parameters
    ----------
    name : str
        The parameter.
    value : object
        What came.
    allowed : sequence of str
        The names.
    others : str, default=""
        What may be passed in place of a name, for the message.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    if not isinstance(value, str) or value not in allowed:
        choices = ", ".join(map(repr, allowed))
        raise ValueError(f"{name} must be one of {choices}{others}. Got {value!r}.")
