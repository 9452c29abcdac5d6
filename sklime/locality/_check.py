"""Check what distances, kernels and samplers give: a number for each perturbation."""
# SPDX-License-Identifier: BSD-3-Clause

from typing import Any

import numpy as np

from sklime._typing import Array, ArrayLike, Floats

NEGLIGIBLE = 1e-12
WAYS_OUT = {
    "kernel": "a larger kernel_width, another kernel or distance, or sampler='local', "
    "which draws near the image",
    "sampler": "a sampler whose sample_weights are larger",
}


def check_one_for_each(values: ArrayLike, n_rows: int, name: str, got: Any) -> Floats:
    """Return distances or weights, or raise ValueError if they cannot be any.

    Parameters
    ----------
    values : array-like
        What was computed or given.
    n_rows : int
        Number of perturbations.
    name : str
        The parameter that it came from.
    got : object
        Its value, for the message.

    Returns
    -------
    ndarray of shape (n_rows,), dtype float64
        A copy, finite and not negative.

    Raises
    ------
    ValueError
        If they are anything else.
    """
    try:
        values = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must give numbers. Got {got!r}: {error}") from error
    if values.shape != (n_rows,):
        raise ValueError(
            f"{name} must give one number for each of the {n_rows} perturbations. "
            f"Got shape {values.shape} from {got!r}."
        )
    if not np.isfinite(values).all() or (values < 0).any():
        raise ValueError(
            f"{name} must give finite numbers that are not negative. {got!r} gave "
            f"{np.count_nonzero(~np.isfinite(values))} that are not finite and "
            f"{np.count_nonzero(values < 0)} negative ones."
        )
    return values


def check_sample_weights(
    weights: ArrayLike, n_rows: int, name: str, source: Any
) -> Array:
    """Return weights that a surrogate can be fitted with.

    Parameters
    ----------
    weights : array-like of shape (n_rows,)
        One for each perturbation.
    n_rows : int
        Number of perturbations.
    name : str
        The parameter that they came from.
    source : object
        Its value, for the message.

    Returns
    -------
    ndarray of shape (n_rows,)
        A copy, not negative, more than one of them of any size.

    Raises
    ------
    ValueError
        If they are anything else.
    """
    weights = check_one_for_each(weights, n_rows, name, source)
    if n_rows > 1 and weights.sum() - weights.max() <= NEGLIGIBLE * weights.max():
        raise ValueError(
            f"{name} must give more than one perturbation a weight. All sample weights "
            f"but one are zero or next to it with {source}. Pass {WAYS_OUT[name]}."
        )
    return weights
