"""Check the parts that a user chose, and fit clones of those that learn."""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from sklime._data_range import is_off_scale
from sklime._parameters import fill_random_states, name_call, validate_part
from sklime._warnings import warn
from sklime.occlusion import (
    BaseOccluder,
    ColourOccluder,
    ImageOccluder,
    check_occluder,
    create_background,
)
from sklime.segmentation import BaseSegmenter, check_segmenter

OURS = BaseSegmenter | BaseOccluder


def check_parts(segmenter, occluder, sampler):
    """Refuse parts that no stage could use.

    Parameters
    ----------
    segmenter, occluder : object
        The user's parameters.
    sampler : object
        What `check_sampler` made of the user's.

    Raises
    ------
    TypeError, ValueError
        Naming the parameter.
    """
    check_segmenter(segmenter)
    check_occluder(occluder)
    validate_part(sampler, "sampler")


def fit_part(part, images, *, name, channel_axis, data_range, rng):
    """Return a fitted clone of a part.

    Parameters
    ----------
    part : object
        A segmenter or an occluder. One of ours, or the first step of a pipeline, is
        told the layout of the images, and their range where its own is None.
    images : ImageSequence
        Those given to `fit`. Parts of ours read them one by one, and only if they
        learn from them; others get a list.
    name : str
        The parameter that it was passed for.
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
    seer = _find_first_step(part)
    params = seer.get_params() if isinstance(seer, OURS) else {}
    if "channel_axis" in params:
        seer.set_params(channel_axis=channel_axis)
    if "data_range" in params and seer.data_range is None:
        seer.set_params(data_range=data_range)
    images = images if isinstance(part, OURS) else list(images)
    with name_call(name, part, "fit", "images"):
        part.fit(images)
    return part


def _find_first_step(part):
    """Return the first step of a pipeline, which is given the images as they are."""
    if not isinstance(part, Pipeline):
        return part
    steps = [step for _, step in part.steps if step not in (None, "passthrough")]
    return _find_first_step(steps[0]) if steps else part


def try_fill(occluder, image, limits):
    """Try a fill on an image of one segment, and warn of one on another scale.

    Parameters
    ----------
    occluder : object
        Fitted.
    image : ndarray of shape (H, W) or (H, W, C)
        An image, channels last.
    limits : tuple of float
        Between which values a fill makes sense.

    Warns
    -----
    UserWarning
        If it fills with fractions up to one where values run to many.
    """
    one_segment = np.zeros(image.shape[:2], dtype=np.intp)
    create_background(image, one_segment, occluder, limits)
    if isinstance(occluder, ColourOccluder | ImageOccluder):
        fill = np.asarray(occluder.fill(image, one_segment), dtype=np.float64)
        low, high = fill.min(), fill.max()
        whole = np.array_equal(fill, np.rint(fill))
        if not whole and is_off_scale(fill.dtype, low, high, limits, learnt=True):
            warn(
                f"occluder fills with values in [{low:g}, {high:g}], which are next to "
                f"nothing in the images' range {limits}. Pass a fill on their scale."
            )
