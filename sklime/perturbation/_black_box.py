"""The black box as one object: asked in batches, and only about what is new."""
# SPDX-License-Identifier: BSD-3-Clause

from typing import Any

import numpy as np

from sklime._typing import Array, Booleans
from sklime.perturbation._composition import (
    Composer,
    RedrawingComposer,
    SharingComposer,
)
from sklime.perturbation._query import query, query_samples
from sklime.perturbation._recall import find_image, keep_image


class BlackBox:
    """A model or function that is asked about perturbed images.

    Parameters
    ----------
    estimator : object
        A fitted model or a callable, see `find_response`.
    response_method : str, default="auto"
        See `find_response`.
    channel_axis : int or None, default=-1
        Where the model wants the channels of an image.
    batch_size : int, default=None
        Images per call; None takes as many as 16 MiB hold.
    n_outputs : int, default=None
        How many outputs are expected; None accepts any number.
    progress : callable, default=None
        Wraps the iterable of batches, as `tqdm.tqdm` does.
    cache : Path, default=None
        A folder that belongs to this model alone: what was asked before is found there.

    Examples
    --------
    >>> import numpy as np
    >>> black_box = BlackBox(lambda images: images.sum(axis=(1, 2)))
    >>> image, segments = np.array([[1.0, 2.0, 4.0]]), np.array([[0, 0, 1]])
    >>> samples = np.array([[True, True], [True, False]])
    >>> black_box.ask(samples, image, np.zeros((1, 3)), segments)
    array([[7.],
           [3.]])
    """

    def __init__(
        self,
        estimator,
        *,
        response_method="auto",
        channel_axis=-1,
        batch_size=None,
        n_outputs=None,
        progress=None,
        cache=None,
    ) -> None:
        self.estimator = estimator
        self.channel_axis = channel_axis
        self.batch_size = batch_size
        self.progress = progress
        self.cache = cache
        self.query_options = {
            "response_method": response_method,
            "n_outputs": n_outputs,
        }

    def check(self, image: Array) -> Array:
        """Ask about one image twice, in one batch, unless the answer is kept.

        Parameters
        ----------
        image : ndarray of shape (H, W) or (H, W, C)
            In the model's own layout.

        Returns
        -------
        ndarray of shape (n_outputs,)
            The answer.
        """
        known = None if self.cache is None else find_image(self.cache, image)
        if known is not None:
            return known
        images = np.array([image, image], dtype=image.dtype)
        answer = query(images, self.estimator, **self.query_options)[0]
        if self.cache is not None:
            keep_image(self.cache, image, answer)
        return answer

    def ask(
        self, samples: Booleans, image: Array, background: Array, segments: Array
    ) -> Array:
        """Return the answers to a few images in which only some segments are shown.

        Parameters
        ----------
        samples : ndarray of shape (n, d), dtype bool
            Which segments are shown in each.
        image, background : ndarray of shape (H, W) or (H, W, C)
            The image and what hidden segments show, channels last.
        segments : ndarray of shape (H, W)
            Labels 0..d-1; -1 where a pixel belongs to no segment.

        Returns
        -------
        ndarray of shape (n, n_outputs)
            An answer for each row.
        """
        compose = SharingComposer(image, background, segments, self.channel_axis)
        return self.ask_composed(samples, compose)

    def ask_composed(
        self, samples: Booleans, compose: Composer | RedrawingComposer
    ) -> Array:
        """Return the answers to the images that a composer makes of samples.

        Parameters
        ----------
        samples : ndarray of shape (n, d), dtype bool
            Which segments are shown.
        compose : Composer or RedrawingComposer
            Writes the images of some rows.

        Returns
        -------
        ndarray of shape (n, n_outputs)
            An answer for each row.
        """
        return query_samples(
            samples,
            compose,
            self.estimator,
            batch_size=self.batch_size,
            progress=self.progress,
            cache=self.cache,
            **self.query_options,
        )


def as_black_box(estimator: Any) -> "BlackBox":
    """Return the black box of a fitted explainer, or one made of a model.

    Parameters
    ----------
    estimator : object
        A `BlackBox`, a fitted explainer (its layout, batches and memory apply), or a
        model or callable that takes images channels last.

    Returns
    -------
    BlackBox
        To be asked.
    """
    if isinstance(estimator, BlackBox):
        return estimator
    if hasattr(estimator, "get_black_box"):
        return estimator.get_black_box()
    return BlackBox(estimator)
