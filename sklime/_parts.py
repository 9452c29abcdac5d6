"""Fit clones of the segmenter and the occluder that a user chose."""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np
from sklearn.base import clone

from sklime._parameters import fill_random_states
from sklime.occlusion import BaseOccluder, create_background
from sklime.segmentation import BaseSegmenter


def fit_part(part, images, first, *, channel_axis, data_range, rng):
    """Return a fitted clone of a part.

    Parameters
    ----------
    part : object
        A segmenter or an occluder. One of ours is told the layout of the images, and
        their range where its own is None.
    images : sequence of images
        Those given to `fit`.
    first : ndarray
        The first of them: all that a part of ours that learns nothing is given, so
        that lazy images are not read once more.
    channel_axis : int or None
        The channel axis of one image.
    data_range : tuple of float
        ``(low, high)`` of the pixel values.
    rng : RandomState
        Where seeds that are None are drawn from.

    Returns
    -------
    object
        The clone.
    """
    part = fill_random_states(clone(part, safe=False), rng)
    ours = isinstance(part, BaseSegmenter | BaseOccluder)
    params = part.get_params() if ours else {}
    if "channel_axis" in params:
        part.set_params(channel_axis=channel_axis)
    if "data_range" in params and part.data_range is None:
        part.set_params(data_range=data_range)
    learns = not ours or part.__sklearn_tags__().requires_fit
    part.fit(list(images) if learns else [first])
    return part


def try_fill(occluder, image, limits):
    """Try, and warn of, a fill that is the same whatever the segments are.

    Parameters
    ----------
    occluder : object
        Fitted.
    image : ndarray of shape (H, W) or (H, W, C)
        An image, channels last.
    limits : tuple of float
        Between which values a fill makes sense.
    """
    if not getattr(occluder, "uses_segments", True):
        one_segment = np.zeros(image.shape[:2], dtype=np.intp)
        create_background(image, one_segment, occluder, limits)
