"""Draw boxes around the areas of an explanation."""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np
from skimage import measure

from sklime._typing import Array, Integers


def find_boxes(areas: Array, merge: bool = False) -> Integers:
    """Return a box around each connected area.

    Parameters
    ----------
    areas : ndarray of shape (H, W)
        Pixels of different numbers belong to different areas, pixels of 0 to none;
        neighbours share an edge.
    merge : bool, default=False
        Whether to return one box around all areas.

    Returns
    -------
    ndarray of int of shape (n_boxes, 4)
        ``(min_row, min_col, max_row, max_col)``, the last two exclusive, as in
        `skimage.measure.regionprops`; in the order of the areas' first pixels.

    Examples
    --------
    >>> import numpy as np
    >>> areas = np.array([[1, 0, 0], [0, 0, 1], [0, 0, 1]])
    >>> find_boxes(areas).tolist()
    [[0, 0, 1, 1], [1, 2, 3, 3]]
    >>> find_boxes(areas, merge=True).tolist()
    [[0, 0, 3, 3]]
    """
    if merge:
        labels = (np.asarray(areas) != 0).astype(np.uint8)
    else:  # background 0 is none of the segments: these are told by sign, not number
        labels = measure.label(areas, background=0, connectivity=1)
    boxes = [region.bbox for region in measure.regionprops(labels)]
    return np.array(boxes, dtype=np.intp).reshape(-1, 4)
