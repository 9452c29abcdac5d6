"""Segments by any clusterer of scikit-learn."""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Real

import numpy as np
from sklearn.base import clone

from sklime._parameters import fill_random_states
from sklime._sklearn_private import HasMethods, Interval
from sklime._threads import one_thread
from sklime._typing import Array
from sklime.segmentation._base import (
    BaseSegmenter,
    count_default_segments,
    measure_lightness,
)


def describe_pixels(image: Array, spatial_weight: float = 1.0) -> Array:
    """Return colour and position of each pixel as a row of features.

    Parameters
    ----------
    image : ndarray of shape (H, W) or (H, W, C)
        Values in [0, 1].
    spatial_weight : float, default=1.0
        The length of the image's longer side, where black and white are 1 apart.

    Returns
    -------
    ndarray of shape (H * W, n_channels + 2)
        A row for each pixel in raster order: colours (see `measure_lightness`, divided
        by 100), then row and column.

    Examples
    --------
    >>> import numpy as np
    >>> describe_pixels(np.zeros((1, 2, 5)), spatial_weight=3).tolist()
    [[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.5]]
    """
    height, width = image.shape[:2]
    colours = measure_lightness(image).reshape(height * width, -1) / 100
    positions = np.indices((height, width)).reshape(2, -1).T
    return np.hstack([colours, positions * (spatial_weight / max(height, width))])


class ClusterSegmenter(BaseSegmenter):
    """Clusters of pixels by colour and position, with any clusterer of scikit-learn.

    Unlike the segments of `SlicSegmenter` clusters need not be connected.

    Parameters
    ----------
    clusterer : clusterer, default=None
        With `fit_predict`; a clone is fitted to the pixels of each image. None is
        ``MiniBatchKMeans`` with 100 clusters, but no more than one for 16 pixels.
        Pixels that it leaves out (-1) form a segment of their own.
    spatial_weight : float, default=1.0
        How much nearness counts: the length of the image's longer side where black and
        white are 1 apart. Zero looks at colours only.
    random_state : int, RandomState instance or None, default=None
        Seed of the clusterer, where its own is None.
    channel_axis : int or None, default=-1
        The channel axis of one image; `ImageLimeExplainer` sets it on its clone.
    data_range : tuple of float, default=None
        ``(low, high)`` of the pixel values. None infers it from each image;
        `ImageLimeExplainer` sets it on its clone.

    See Also
    --------
    MergeSegments : Splits scattered clusters and merges small pieces.
    SlicSegmenter : Connected clusters, faster.

    Examples
    --------
    >>> from skimage import data, transform
    >>> from sklearn.cluster import KMeans
    >>> from sklime.segmentation import ClusterSegmenter
    >>> image = transform.resize(data.coffee(), (80, 120), anti_aliasing=True)
    >>> segmenter = ClusterSegmenter(KMeans(8), random_state=0)
    >>> segmenter.fit_transform(image).max()
    np.int32(7)
    """

    _parameter_constraints = {
        **BaseSegmenter._parameter_constraints,
        "clusterer": [HasMethods(["fit_predict", "get_params"]), None],
        "spatial_weight": [Interval(Real, 0, None, closed="left")],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        clusterer=None,
        spatial_weight=1.0,
        *,
        random_state=None,
        channel_axis=-1,
        data_range=None,
    ) -> None:
        self.clusterer = clusterer
        self.spatial_weight = spatial_weight
        self.random_state = random_state
        self.channel_axis = channel_axis
        self.data_range = data_range

    def _segment(self, image):
        pixels = describe_pixels(image, self.spatial_weight)
        if self.clusterer is None:
            clusterer = _make_default(count_default_segments(len(pixels)))
        else:
            clusterer = clone(self.clusterer)
        fill_random_states(clusterer, self.random_state)
        labels = _cluster(pixels, clusterer)
        left_out = labels.max() + 1  # the others keep their labels
        return np.where(labels < 0, left_out, labels).reshape(image.shape[:2])


def _make_default(n_clusters):
    from sklearn.cluster import MiniBatchKMeans  # loads slowly, seldom wanted

    return MiniBatchKMeans(n_clusters)


def _cluster(pixels, clusterer):
    try:
        with one_thread():  # sums of several threads differ in the last bits
            return clusterer.fit_predict(pixels)
    except ValueError as error:
        error.add_note(
            f"Raised by the clusterer of ClusterSegmenter, {clusterer!r}, for the "
            f"{len(pixels)} pixels of an image."
        )
        raise
