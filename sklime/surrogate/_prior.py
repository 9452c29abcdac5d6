"""Bayesian ridge regression with a prior of one's own."""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Real
from typing import Self

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.linear_model import BayesianRidge
from sklearn.utils import assert_all_finite
from sklearn.utils.validation import check_is_fitted, validate_data

from sklime._docs_link import DocsLink
from sklime._sklearn_private import Interval
from sklime._typing import Array, ArrayLike

CERTAIN = 1e24  # how many observations a fixed precision is worth


class PriorBayesianRidge(RegressorMixin, DocsLink, BaseEstimator):
    """Bayesian ridge regression that knows something before it sees perturbations.

    The surrogate of BayLIME [1]_. The weights have a normal prior of mean
    `prior_weights` and precision `prior_precision`, and the black box's answers a
    normal error of precision `noise_precision`. A precision that is None is estimated
    from the data, as scikit-learn's `BayesianRidge` does.

    Parameters
    ----------
    prior_weights : float or array-like of shape (d,), default=0.0
        What the weights are believed to be: one number for all segments, or one for
        each, such as ``explanation.weights[0]`` of another method or another picture.
        Where only some segments are fitted to, one for each of these.
    prior_precision : float, default=None
        How firmly: one over the variance of a weight around its prior mean.
    noise_precision : float, default=None
        One over the variance of the answers around a linear surrogate.

    Attributes
    ----------
    coef_ : ndarray of shape (d,)
        Mean of the weights after the perturbations were seen.
    intercept_ : float
        Has a flat prior.
    lambda_, alpha_ : float
        Precision of the weights and of the noise, given or estimated.
    sigma_ : ndarray of shape (d, d)
        Covariance of the weights.
    n_features_in_ : int
        Number of columns, d.

    Notes
    -----
    With none of the three this is `BayesianRidge`, BayLIME's *non-informative* prior;
    with `prior_precision` its *partial informative*, with both precisions its *full
    informative* prior. The mean of the weights is then
    ``inv(P * I + N * X'WX) @ (P * prior_weights + N * X'Wy)`` for centred ``X`` and
    ``y`` and the precisions ``P`` of the prior and ``N`` of the noise: ridge regression
    with the penalty ``P / N`` that shrinks towards `prior_weights` and not to zero.

    References
    ----------
    .. [1] X. Zhao, W. Huang, X. Huang, V. Robu and D. Flynn, "BayLIME: Bayesian local
       interpretable model-agnostic explanations", UAI 2021.

    Examples
    --------
    Few perturbations, and a firm belief that the first segment counts .5:

    >>> import numpy as np
    >>> from sklime.sampling import BalancedSampler
    >>> samples = BalancedSampler().sample(3, 4, random_state=0)
    >>> model = PriorBayesianRidge([0.5, 0, 0], prior_precision=100, noise_precision=1)
    >>> model.fit(samples, np.zeros(4)).coef_.round(1).tolist()
    [0.5, -0.0, 0.0]
    """

    _parameter_constraints = {
        "prior_weights": [Real, "array-like"],
        "prior_precision": [Interval(Real, 0, None, closed="neither"), None],
        "noise_precision": [Interval(Real, 0, None, closed="neither"), None],
    }

    def __init__(
        self, prior_weights=0.0, prior_precision=None, noise_precision=None
    ) -> None:
        self.prior_weights = prior_weights
        self.prior_precision = prior_precision
        self.noise_precision = noise_precision

    def fit(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> Self:
        """Learn the weights.

        Parameters
        ----------
        X : array-like of shape (n, d)
            Which segments are shown.
        y : array-like of shape (n,)
            Answers.
        sample_weight : array-like of shape (n,), default=None
            Weight of each row.

        Returns
        -------
        self : object
            Returns the instance itself.

        Raises
        ------
        ValueError
            If `prior_weights` are not finite, or neither one number nor one for each
        column.
        """
        self._validate_params()
        rows, targets = validate_data(self, X, y, dtype=np.float64, y_numeric=True)
        prior = np.asarray(self.prior_weights, dtype=np.float64)
        assert_all_finite(prior, input_name="prior_weights")
        if prior.shape not in ((), rows.shape[1:]):
            raise ValueError(
                "prior_weights must be one number, or one for each of the "
                f"{rows.shape[1]} segments that are fitted to. Got shape "
                f"{prior.shape}; with max_segments pass one number, with "
                "segment_subset=chosen those of the chosen ones."
            )
        prior = np.broadcast_to(prior, rows.shape[1:])
        model = BayesianRidge(
            **_fix("lambda", self.prior_precision),
            **_fix("alpha", self.noise_precision),
        )
        # A prior mean is a prior of zero for what it leaves unexplained.
        model.fit(rows, targets - rows @ prior, sample_weight=sample_weight)
        self.coef_ = model.coef_ + prior
        self.intercept_ = model.intercept_
        self.lambda_, self.alpha_ = model.lambda_, model.alpha_
        self.sigma_ = model.sigma_
        return self

    def predict(self, X: ArrayLike) -> Array:
        """Return answers.

        Parameters
        ----------
        X : array-like of shape (n, d)
            Which segments are shown.

        Returns
        -------
        ndarray of shape (n,)
            Mean of the prediction.
        """
        check_is_fitted(self)
        rows = validate_data(self, X, dtype=np.float64, reset=False)
        return rows @ self.coef_ + self.intercept_


def _fix(name, value):
    """Return parameters of `BayesianRidge` that hold a precision at a value.

    Its prior of the precision is a gamma distribution; this one is so narrow that
    data do not move it.
    """
    if value is None:
        return {}
    return {
        f"{name}_init": value,
        f"{name}_1": CERTAIN,
        f"{name}_2": CERTAIN / value,
    }
