"""Keep the columns of some segments."""
# SPDX-License-Identifier: BSD-3-Clause

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.feature_selection import SelectorMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from sklime._docs_link import DocsLink
from sklime._typing import ArrayLike
from sklime.surrogate._check import check_indices


class KeepSegments(SelectorMixin, DocsLink, BaseEstimator):
    """Keep some columns: the first step of a surrogate that uses some segments only.

    Parameters
    ----------
    segments : sequence of int
        Indices of the columns to keep.

    Examples
    --------
    >>> import numpy as np
    >>> KeepSegments([0, 2]).fit_transform(np.array([[1.0, 2.0, 3.0]]))
    array([[1., 3.]])
    """

    _parameter_constraints = {"segments": ["array-like"]}

    def __init__(self, segments) -> None:
        self.segments = segments

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Learn the number of columns.

        Parameters
        ----------
        X : array-like of shape (n, d)
            Rows of numbers.
        y : Ignored
            Not used, present here for API consistency by convention.

        Returns
        -------
        self : object
            Returns the instance itself.

        Raises
        ------
        ValueError
            For a segment that does not exist.
        """
        self._validate_params()
        validate_data(self, X)
        self._get_support_mask()
        return self

    def _get_support_mask(self):
        check_is_fitted(self, "n_features_in_")
        mask = np.zeros(self.n_features_in_, dtype=bool)
        mask[check_indices(self.segments, len(mask), "segments")] = True
        return mask
