"""The one module that imports private names of scikit-learn.

They may move without notice; if they do, this is the only file to mend.
"""
# SPDX-License-Identifier: BSD-3-Clause

from collections.abc import Callable
from typing import Any, TypeVar

from sklearn.base import _fit_context
from sklearn.model_selection._search import BaseSearchCV
from sklearn.utils._param_validation import (
    HasMethods,
    Interval,
    Options,
    RealNotInt,
    StrOptions,
    validate_parameter_constraints,
)
from sklearn.utils.parallel import (
    _get_threadpool_controller as get_threadpool_controller,
)

Method = TypeVar("Method", bound=Callable[..., Any])
# A decorator without types would take those of every `fit`.
fit_context: Callable[..., Callable[[Method], Method]] = _fit_context

__all__ = [
    "BaseSearchCV",
    "HasMethods",
    "Interval",
    "Options",
    "RealNotInt",
    "StrOptions",
    "fit_context",
    "get_threadpool_controller",
    "validate_parameter_constraints",
]
