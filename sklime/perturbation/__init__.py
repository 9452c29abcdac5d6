"""Perturb and query: compose images with hidden segments and ask the black box.

``_composition`` writes the images, ``_query`` asks any kind of model for numbers,
and `query_samples` here lets the one feed the other, a batch at a time.
"""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np

from sklime.perturbation._composition import Composer, create_perturbations
from sklime.perturbation._query import (
    RESPONSE_METHODS,
    find_classes,
    find_response,
    query,
)

__all__ = [
    "RESPONSE_METHODS",
    "Composer",
    "create_perturbations",
    "find_classes",
    "find_response",
    "query",
    "query_samples",
]

BATCH_BYTES = 64 * 2**20


def query_samples(
    samples, compose, estimator, *, batch_size=None, progress=None, **query_options
):
    """Return the black box's answers to all perturbations of one image.

    Equal rows are asked once. No more than one batch of images exists at a time.

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    compose : Composer
        Writes the images of some rows.
    estimator : object
        The black box.
    batch_size : int, default=None
        Images per call; None takes as many as 64 MiB hold.
    progress : callable, default=None
        Wraps the iterable of batches, as `tqdm.tqdm` does.
    **query_options : dict
        For `query`.

    Returns
    -------
    ndarray of shape (n, n_outputs)
        An answer for each row.
    """
    rows, places = _unique_rows(samples)
    if batch_size is None:
        batch_size = max(1, BATCH_BYTES // compose.n_bytes)
    starts = range(0, len(rows), batch_size)
    answers = [
        query(compose(rows[start : start + batch_size]), estimator, **query_options)
        for start in (starts if progress is None else progress(starts))
    ]
    return np.concatenate(answers)[places]


def _unique_rows(samples):
    """Return distinct rows in order of appearance, and where each row went."""
    packed = np.packbits(samples, axis=1)
    _, first, inverse = np.unique(
        packed, axis=0, return_index=True, return_inverse=True
    )
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return samples[first[order]], rank[inverse.reshape(-1)]
