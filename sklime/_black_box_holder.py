"""Hold the black box by reference: never cloned, copied, fitted or tuned."""
# SPDX-License-Identifier: BSD-3-Clause

import copy

from sklearn.base import BaseEstimator

from sklime._parameters import check_nested_parameters


class BlackBoxHolder(BaseEstimator):
    """An estimator whose parameter `estimator` is a finished model.

    scikit-learn's `clone` would rebuild a model unfitted and copy a bound method with
    its model; a search would tune it. None of that may happen to what is explained.
    A subclass lists in `_nested_parts` its parameters with parameters of their own,
    with code for an object to pass.
    """

    _nested_parts: dict = {}

    def get_params(self, deep=True):
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

    def set_params(self, **params):
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
