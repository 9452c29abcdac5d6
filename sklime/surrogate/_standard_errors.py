"""How uncertain the weights of a linear surrogate are."""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np
from scipy.linalg import solve_triangular

from sklime._rows import check_rows
from sklime._typing import Array, ArrayLike
from sklime.locality import check_one_for_each

EPSILON = float(np.finfo(np.float64).eps)


def standard_errors(
    samples: ArrayLike,
    predictions: ArrayLike,
    sample_weights: ArrayLike,
    alpha: float = 0.0,
) -> Array:
    r"""Return the standard error of each weight of weighted least squares (HC3).

    With the rows :math:`x_i` of ``[1, samples]`` in X, the weights in W, the residuals
    :math:`r_i` and the leverages :math:`h_i`, the covariance is :math:`(X^T W X)^{-1}
    X^T D X (X^T W X)^{-1}`, where :math:`D` has :math:`(w_i r_i / (1 - h_i))^2` on its
    diagonal [1]_. Under a ridge penalty, :math:`X^T W X` has `alpha` added to its
    diagonal, but for the intercept: the errors are those of the shrunken weights, whose
    bias they leave out. Unlike the textbook's formula it does not suppose that
    residuals are of one size, which those of a local surrogate are not.

    It holds for perturbations drawn independently of each other, as those of
    ``sampler="bernoulli"`` are. Under balanced sampling it is too large.

    Parameters
    ----------
    samples : array-like of shape (n, d), dtype bool
        Which segments are shown.
    predictions : array-like of shape (n,)
        The black box's output for one label.
    sample_weights : array-like of shape (n,)
        Weight of each perturbation.
    alpha : float, default=0.0
        Penalty, as of `sklearn.linear_model.Ridge`.

    Returns
    -------
    ndarray of shape (d,)
        In the unit of `predictions`.

    Raises
    ------
    TypeError, ValueError
        If arrays do not belong together, or the weights are not determined: too few
        rows that count, or segments that are always shown or hidden together.

    References
    ----------
    .. [1] J. G. MacKinnon and H. White, "Some heteroskedasticity-consistent covariance
       matrix estimators with improved finite sample properties", Journal of
       Econometrics 29, 1985.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.sampling import BernoulliSampler
    >>> samples = BernoulliSampler().sample(3, 400, random_state=0)
    >>> noise = np.random.RandomState(0).normal(size=400)
    >>> standard_errors(samples, samples @ [1, 2, 3] + noise, np.ones(400)).round(1)
    array([0.1, 0.1, 0.1])
    """
    samples = check_rows(samples)
    n_rows = len(samples)
    weights = check_one_for_each(
        sample_weights, n_rows, "sample_weights", sample_weights
    )
    predictions = np.asarray(predictions, dtype=np.float64)
    if predictions.shape != (n_rows,) or not np.isfinite(predictions).all():
        raise ValueError(
            f"predictions must be {n_rows} finite numbers, one for each of the "
            f"samples. Got shape {predictions.shape}."
        )
    largest = weights.max() or 1.0
    roots = np.sqrt(weights / largest)
    design = np.column_stack([np.ones(n_rows), samples]) * roots[:, np.newaxis]
    # A penalty acts like rows of one segment each, whose answer is zero.
    penalty = np.sqrt(alpha / largest) * np.eye(samples.shape[1] + 1)[1:]
    basis, triangle = np.linalg.qr(np.concatenate([design[roots > 0], penalty]))
    _check_determined(triangle, *samples.shape)
    basis = basis[: np.count_nonzero(roots)]
    target = (predictions * roots)[roots > 0]
    residuals = target - basis @ (basis.T @ target)
    # A row that decides a weight alone is fitted exactly: zero by zero.
    rest = np.maximum(1 - (basis**2).sum(axis=1), np.sqrt(EPSILON))
    influence = solve_triangular(triangle, basis.T * (residuals / rest))
    return np.sqrt((influence**2).sum(axis=1))[1:]


def _check_determined(triangle, n_rows, n_segments):
    """Refuse the triangle of a design whose columns depend on each other."""
    n_counted, n_columns = triangle.shape
    diagonal = np.abs(np.diag(triangle))
    if n_counted < n_columns or diagonal.min() <= diagonal.max() * n_rows * EPSILON:
        raise ValueError(
            f"samples must have more rows that count than the {n_segments} segments, "
            "and show every segment in some of them without the others. Got "
            f"{n_rows} rows, some of which may weigh nothing; raise n_perturbations or "
            "kernel_width."
        )
