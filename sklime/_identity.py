"""Tell whether an object is the one of last week: a digest of all that it does.

A pickle holds the state of an object, but names its classes and functions only. The
classes of installed libraries may be taken by name; those of the user, which change
between two runs of a notebook, are taken by what their methods are compiled to; and a
function of the user cannot be taken at all, because what it does hides in the names
that it looks up.
"""
# SPDX-License-Identifier: BSD-3-Clause

import copyreg
import functools
import hashlib
import pickle
import site
import sys
import sysconfig
from abc import ABC
from pathlib import Path
from types import CodeType, FunctionType, GetSetDescriptorType, MemberDescriptorType
from typing import Any

import numpy as np
from sklearn.utils import Bunch

ARRAYS = (np.ndarray, np.memmap)
# In a class: its slots, what `abc` keeps about its subclasses, and where it stands.
SubclassRegistry = type(vars(ABC)["_abc_impl"])
NO_ATTRIBUTE = (MemberDescriptorType, GetSetDescriptorType, SubclassRegistry)
NO_CODE = {"__module__", "__qualname__", "__doc__", "__dict__", "__weakref__"}
NO_CODE |= {"__firstlineno__", "__static_attributes__", "__classdictcell__"}
# What methods are wrapped in, and the parts of each.
PARTS = {
    staticmethod: ("__func__",),
    classmethod: ("__func__",),
    property: ("fget", "fset", "fdel"),
    functools.cached_property: ("func",),
    functools.partial: ("func", "args", "keywords"),
    functools.partialmethod: ("func", "args", "keywords"),
    type(functools.cache(len)): ("__wrapped__",),
}


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
        try:
            return _hash_pickle(thing, fast=True)
        except (ValueError, RecursionError):  # fast mode knows no cycles of lists
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
        self.seen = {}
        super().__init__(self, protocol=5)

    def write(self, data):
        self.hasher.update(data)

    def reducer_override(self, thing):
        """Describe arrays and the user's classes, refuse the user's functions."""
        if type(thing) in ARRAYS and not thing.dtype.hasobject:
            return str, tuple(_describe_array(thing))
        if isinstance(thing, FunctionType | type) and is_installed(thing):
            return NotImplemented
        if id(thing) in self.seen:  # also of a class that holds an instance of itself
            return str, ("seen before", self.seen[id(thing)][0])
        if hasattr(thing, "__dict__"):
            self.seen[id(thing)] = len(self.seen), thing  # kept: ids are used again
        if isinstance(thing, type):
            return str, tuple(_describe_class(thing))
        if isinstance(thing, FunctionType):
            raise _refuse(thing)
        if hasattr(thing, "detach") and hasattr(thing, "numpy"):  # a tensor of PyTorch,
            # whose pickle holds an address
            return str, tuple(_describe_array(thing.detach().cpu().numpy()))
        return _reduce(thing)


def _refuse(thing):
    name = getattr(thing, "__qualname__", type(thing).__name__)
    return UnidentifiedError(
        f"{name!r} is pickled by its name, as functions are, whatever it does"
    )


def _reduce(thing):
    """Return what `pickle` makes of an object, with sets in a fixed order."""
    reduce = copyreg.dispatch_table.get(type(thing))
    reduced: Any = reduce(thing) if reduce else thing.__reduce_ex__(5)
    if isinstance(reduced, str):
        if is_installed(thing):
            return reduced
        raise _refuse(thing)
    if isinstance(thing, Bunch):  # its state is lost in the first copy
        return str, (list(thing.items()),)
    if len(reduced) > 2 and isinstance(reduced[2], dict):
        state = {name: _sort_set(value) for name, value in reduced[2].items()}
        return *reduced[:2], state, *reduced[3:]
    return reduced


def is_installed(thing):
    """Return whether code comes with Python or an installed package.

    Parameters
    ----------
    thing : object
        A function, a class, or an object, which is where its class is.

    Returns
    -------
    bool
        False for the user's own, and for packages that are installed to be edited.
    """
    name = getattr(thing, "__module__", None) or type(thing).__module__
    spec = getattr(sys.modules.get(name), "__spec__", None)
    if spec is None or name == "__main__":
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
    """Return name, bases, metaclass and attributes of a class, methods compiled."""
    yield f"{cls.__module__}.{cls.__qualname__}"
    yield cls.__bases__
    yield type(cls)
    for name, value in sorted(vars(cls).items()):
        if name not in NO_CODE and not isinstance(value, NO_ATTRIBUTE):
            yield name, _describe_attribute(value)


def _describe_attribute(value):
    """Return what an attribute of a class does; anything else has to be pickled."""
    describe = _describe_attribute
    if isinstance(value, FunctionType):
        if is_installed(value):
            return value
        cells = [describe(cell.cell_contents) for cell in value.__closure__ or ()]
        others = value.__defaults__, value.__kwdefaults__, vars(value)
        return "function", _describe_code(value.__code__), cells, describe(others)
    if type(value) in PARTS:
        parts = [describe(getattr(value, name)) for name in PARTS[type(value)]]
        return type(value).__name__, parts
    if hasattr(type(value), "__get__") and hasattr(value, "__dict__"):
        return type(value), describe(vars(value))
    if type(value) in (tuple, list):
        return [describe(item) for item in value]
    if type(value) is dict:
        return [(key, describe(item)) for key, item in value.items()]
    return _sort_set(value)


def _describe_code(code):
    """Return what a function does, without the place where it stands."""
    constants = [
        _describe_code(value) if isinstance(value, CodeType) else repr(_sort_set(value))
        for value in code.co_consts
    ]
    names = code.co_names, code.co_varnames, code.co_freevars
    return code.co_code, *names, constants


def _sort_set(value):
    """Return a set as a list, in an order that is the same in every process."""
    is_set = isinstance(value, set | frozenset)
    return sorted(map(repr, value)) if is_set else value
