"""Hold the black box by reference: never cloned, copied, fitted or tuned."""
# SPDX-License-Identifier: BSD-3-Clause

import copy
from inspect import signature
from types import SimpleNamespace
from typing import Any, Self

from sklearn.base import BaseEstimator

from sklime._docs_link import DocsLink
from sklime._parameters import check_nested_parameters


class BlackBoxHolder(DocsLink, BaseEstimator):
    """An estimator whose parameter `estimator` is a finished model.

    scikit-learn's `clone` would rebuild a model unfitted and copy a bound method with
    its model; a search would tune it. None of that may happen to what is explained.
    A subclass lists in `_nested_parts` its parameters with parameters of their own,
    with code for an object to pass.
    """

    _nested_parts: dict = {}

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return parameters, those of the black box excepted.

        Parameters
        ----------
        deep : bool, default=True
            Whether to include the parameters of segmenter, occluder, sampler and
            surrogate.

        Returns
        -------
        dict
            Parameter names and their values.
        """
        params = super().get_params(deep=False)
        for name, part in list(params.items()) if deep else []:
            nested = name in self._nested_parts and not isinstance(part, type)
            if nested and hasattr(part, "get_params"):
                params |= {f"{name}__{k}": v for k, v in part.get_params().items()}
        return params

    def set_params(self, **params: Any) -> Self:
        """Set parameters, also nested ones like ``segmenter__n_segments``.

        Parameters
        ----------
        **params : dict
            Names and values. Those of the black box cannot be set.

        Returns
        -------
        self : object
            Returns the instance itself.

        Raises
        ------
        ValueError
            For an unknown parameter, one of the black box, or one of a part that has
            none: then the message names an object to pass.
        """
        for name in params:
            if name.startswith("estimator__"):
                raise ValueError(
                    f"The parameter {name!r} cannot be set: the black box is not "
                    "tuned; tune it before."
                )
        super().set_params(**{k: v for k, v in params.items() if "__" not in k})
        check_nested_parameters(self, params, self._nested_parts)
        return super().set_params(**{k: v for k, v in params.items() if "__" in k})

    def __sklearn_clone__(self):
        """Clone everything but the black box, which the clone holds too."""
        shell = copy.copy(self)  # other threads may hold self
        shell.estimator = None
        new = super(BlackBoxHolder, shell).__sklearn_clone__()
        new.estimator = self.estimator
        return new

    def _sk_visual_block_(self):
        """Show the black box closed, and the parts that have parameters.

        scikit-learn would leave out functions, and samplers for having no `fit`, and
        open a model, which may be large.
        """
        closed, parts = _ClosedBox(self.estimator), {}
        for name in signature(type(self)).parameters:
            part = getattr(self, name)
            nested = name != "estimator" and not isinstance(part, type)
            if nested and hasattr(part, "get_params"):
                parts[f"{name}: {type(part).__name__}"] = part
        return _make_block(
            kind="parallel",
            estimators=[closed, *parts.values()],
            names=[f"estimator: {closed.name}", *parts],
            name_details=[closed.full_name, *map(str, parts.values())],
        )


class _ClosedBox:
    """Stands for a black box in the diagram by its name alone.

    Parameters
    ----------
    model : object
        A function, a method or a model, of which nothing is asked but its page.
    """

    def __init__(self, model) -> None:
        named = model if hasattr(model, "__qualname__") else type(model)
        self.name = named.__qualname__.rpartition("<locals>.")[2]
        self.full_name = f"{named.__module__}.{self.name}"
        documented = isinstance(model, BaseEstimator)
        self.link = model._get_doc_link() if documented else ""

    def _get_doc_link(self):
        return self.link

    def _sk_visual_block_(self):
        return _make_block(
            kind="single", estimators=self, names=self.name, name_details=self.full_name
        )


def _make_block(**fields):
    """Return what the diagram asks of its blocks, a private class of scikit-learn."""
    defaults = {"name_caption": None, "doc_link_label": None, "dash_wrapped": True}
    return SimpleNamespace(**defaults | fields)
