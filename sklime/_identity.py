"""Tell whether an object is the one of last week: a digest of all that it does.

A pickle holds the state of an object, but names its classes and functions only. The
classes of installed libraries may be taken by name; those of the user, which change
between two runs of a notebook, are taken by what their methods are compiled to; and a
function of the user cannot be taken at all, because what it does hides in the names
that it looks up.
"""
# SPDX-License-Identifier: BSD-3-Clause

import hashlib
import inspect
import pickle
import site
import sys
import sysconfig
from abc import ABC
from pathlib import Path
from types import CodeType, FunctionType, GetSetDescriptorType, MemberDescriptorType

import numpy as np
from sklearn.utils import Bunch

# In a class: its slots, and what `abc` keeps about its subclasses.
SubclassRegistry = type(vars(ABC)["_abc_impl"])
NO_ATTRIBUTE = (MemberDescriptorType, GetSetDescriptorType, SubclassRegistry)


class UnidentifiedError(TypeError):
    """An object whose next pickle would not tell whether it is still the same."""


def digest(*parts):
    """Return 32 hexadecimal digits for strings, numbers and arrays.

    Parameters
    ----------
    *parts : str, number, tuple or ndarray
        Told apart by type and shape as well as by value.

    Returns
    -------
    str
        Equal for equal parts, here and in another process.

    Examples
    --------
    >>> len(digest("image", 3))
    32
    >>> digest("image", 3) == digest("image", 3.0)
    False
    """
    hasher = hashlib.blake2b(digest_size=16)
    for part in parts:
        if isinstance(part, np.ndarray):
            hasher.update(f"{part.dtype.str}{part.shape}".encode())
            hasher.update(np.ascontiguousarray(part).data)
        else:
            hasher.update(repr(part).encode())
        hasher.update(b"\0")
    return hasher.hexdigest()


def identify(thing):
    """Return a digest of an object's state and of the code that the user wrote for it.

    Parameters
    ----------
    thing : object
        A fitted model, a segmenter, a callable object.

    Returns
    -------
    str
        32 hexadecimal digits, the same in another process and for a copy.

    Raises
    ------
    UnidentifiedError
        If there is a function of the user in it, or something that cannot be pickled,
        such as a session of another library.

    Examples
    --------
    >>> from sklearn.linear_model import Ridge
    >>> identify(Ridge(alpha=1)) == identify(Ridge(alpha=1))
    True
    >>> identify(Ridge(alpha=1)) == identify(Ridge(alpha=2))
    False
    """
    try:
        return _hash_pickle(thing, fast=True)
    except UnidentifiedError:
        raise
    except (ValueError, RecursionError):  # fast mode knows no cycles
        pass
    except Exception as error:
        raise UnidentifiedError(str(error)) from error
    try:
        return _hash_pickle(thing, fast=False)
    except UnidentifiedError:
        raise
    except Exception as error:
        raise UnidentifiedError(str(error)) from error


def _hash_pickle(thing, fast):
    pickler = _IdentityPickler()
    # Without the memo it does not matter which equal strings are one object, which a
    # copy in another process changes.
    pickler.fast = fast
    pickler.dump(thing)
    return pickler.hasher.hexdigest()


class _IdentityPickler(pickle.Pickler):
    """Hash a pickle that nobody will load, without ever holding it."""

    def __init__(self):
        self.hasher = hashlib.blake2b(digest_size=16)
        super().__init__(self, protocol=5)

    def write(self, data):
        self.hasher.update(data)

    def reducer_override(self, thing):
        """Describe arrays and the user's classes, refuse the user's functions."""
        if isinstance(thing, np.ndarray) and not thing.dtype.hasobject:
            return str, tuple(_describe_array(thing))
        if isinstance(thing, Bunch):  # its state is lost in the first copy
            return str, (list(thing.items()),)
        if not isinstance(thing, FunctionType | type) or _is_installed(thing):
            return NotImplemented
        if isinstance(thing, FunctionType):
            raise UnidentifiedError(
                f"the function {thing.__qualname__!r} is pickled by its name, whatever "
                "it does"
            )
        return str, tuple(_describe_class(thing))


def _is_installed(thing):
    """Return whether code comes with Python or an installed package."""
    module = sys.modules.get(thing.__module__)
    spec = getattr(module, "__spec__", None)
    if spec is None or thing.__module__ == "__main__":
        return False
    if spec.origin in ("built-in", "frozen"):
        return True
    paths = sysconfig.get_paths()
    roots = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    roots += [*site.getsitepackages(), site.getusersitepackages()]
    origin = Path(spec.origin or "").resolve()
    return any(origin.is_relative_to(Path(root).resolve()) for root in roots)


def _describe_array(array):
    """Return type, shape and values of an array, however it lies in memory.

    The bytes between the fields of a record, as of a tree's node, are leftovers.
    """
    yield array.dtype.str
    yield array.shape
    for name in array.dtype.names or ():
        yield name, tuple(_describe_array(array[name]))
    if array.dtype.names is None:
        yield array.tobytes()


def _describe_class(cls):
    """Return name, bases, compiled methods and attributes of a class."""
    yield f"{cls.__module__}.{cls.__qualname__}"
    yield cls.__bases__
    for name, value in sorted(vars(cls).items()):
        function = _find_function(value)
        if function is not None:
            defaults = function.__defaults__, function.__kwdefaults__
            yield name, _describe_code(function.__code__), defaults
        elif not name.startswith("__") and not isinstance(value, NO_ATTRIBUTE):
            yield name, _sort_set(value)


def _find_function(value):
    """Return what is behind a method, a property or a decorator, None for others."""
    for name in ("__func__", "fget", "func", "fn"):
        value = getattr(value, name, value)
    value = inspect.unwrap(value)
    return value if isinstance(value, FunctionType) else None


def _describe_code(code):
    """Return what a function does, without the place where it stands."""
    constants = [
        _describe_code(value) if isinstance(value, CodeType) else repr(_sort_set(value))
        for value in code.co_consts
    ]
    return code.co_code, code.co_names, code.co_varnames, constants


def _sort_set(value):
    """Return a set as a list, in an order that is the same in every process."""
    is_set = isinstance(value, set | frozenset)
    return sorted(map(repr, value)) if is_set else value
