"""What occluders share."""
# SPDX-License-Identifier: BSD-3-Clause

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from sklime._data_range import check_data_range, resolve_data_range
from sklime._docs_link import DocsLink
from sklime._parameters import draw_seed
from sklime._sklearn_private import fit_context
from sklime._typing import Array, Images


class BaseOccluder(DocsLink, BaseEstimator):
    """What all occluders share: a subclass defines ``fill(image, segments)``.

    Attributes
    ----------
    redraw : bool
        Whether the fill is drawn anew for each perturbation. Then it is
        ``fill(image, segments, draw)``, the same for the same number `draw`.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.occlusion import BaseOccluder, create_background
    >>> class MedianOccluder(BaseOccluder):
    ...     def fill(self, image, segments):
    ...         return np.full(image.shape, np.median(image))
    >>> image = np.array([[1, 2, 9]], dtype=np.uint8)
    >>> create_background(image, np.zeros((1, 3), int), MedianOccluder())
    array([[2, 2, 2]], dtype=uint8)
    """

    _parameter_constraints: dict = {}
    redraw = False

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Images, y: Any = None) -> Self:
        """Check the parameters.

        Parameters
        ----------
        X : sequence of images
            Not used by occluders that learn nothing from images.
        y : Ignored
            Not used, present here for API consistency by convention.

        Returns
        -------
        self : object
            Returns the instance itself.
        """
        if getattr(self, "data_range", None) is not None:
            check_data_range(self.data_range)
        return self

    def __sklearn_is_fitted__(self):
        return True

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        return tags


class FlatOccluder(BaseOccluder):
    """What occluders share that show one colour in a segment.

    A subclass defines ``colours(image, segments)``: these few numbers are rounded to
    the image's own type before they are painted, not every pixel.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.occlusion import FlatOccluder
    >>> class LabelOccluder(FlatOccluder):
    ...     def colours(self, image, segments):
    ...         return np.arange(segments.max() + 1)
    >>> LabelOccluder().fill(np.array([[7, 8, 9]]), np.array([[0, 1, 1]]))
    array([[0, 1, 1]])
    """

    def fill(self, image: Array, segments: Array, draw: int | None = None) -> Array:
        """Return the colour of each segment in its place.

        Parameters
        ----------
        image : ndarray of shape (H, W) or (H, W, C)
            The image, channels last.
        segments : ndarray of shape (H, W)
            Labels 0..d-1.
        draw : int, default=None
            Which draw, where `redraw` is true.

        Returns
        -------
        ndarray of shape (H, W) or (H, W, C)
            The background, in float.
        """
        which = [] if draw is None else [draw]
        return np.take(self.colours(image, segments, *which), segments, axis=0)


class RandomOccluder(BaseOccluder):
    """What occluders share whose fill is drawn: a seed, and which draw it is.

    Attributes
    ----------
    seed_ : int
        Drawn from `random_state` in `fit`.

    See Also
    --------
    RandomColourOccluder, NoiseOccluder : Such occluders.

    Examples
    --------
    >>> import numpy as np
    >>> from sklime.occlusion import RandomOccluder
    >>> class FadingOccluder(RandomOccluder):
    ...     redraw = True
    ...
    ...     def __init__(self, random_state=None) -> None:
    ...         self.random_state = random_state
    ...
    ...     def fill(self, image, segments, draw=0):
    ...         rng = np.random.RandomState([self.seed_, draw])
    ...         return image * rng.uniform()
    >>> image = np.full((1, 2), 100.0)
    >>> FadingOccluder(random_state=0).fit([image]).fill(image, None).shape
    (1, 2)
    """

    _parameter_constraints = {
        "redraw": ["boolean"],
        "data_range": ["array-like", None],
        "random_state": ["random_state"],
    }

    def fit(self, X: Images, y: Any = None) -> Self:
        """Check the parameters and draw a seed.

        Parameters
        ----------
        X : sequence of images
            Not used.
        y : Ignored
            Not used, present here for API consistency by convention.

        Returns
        -------
        self : object
            Returns the instance itself.
        """
        super().fit(X, y)
        self.seed_ = draw_seed(self.random_state)
        return self

    def _draw_colours(self, image, shape, draw):
        """Return random colours of shape (*shape, C), opaque where C is 4."""
        check_is_fitted(self)
        rng = np.random.RandomState([self.seed_, draw])
        low, high = resolve_data_range(image, self.data_range)
        colours = rng.uniform(low, high, size=(*shape, *image.shape[2:]))
        if image.shape[2:] == (4,):
            colours[..., 3] = high
        return colours

    def __sklearn_is_fitted__(self):
        return hasattr(self, "seed_")

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = True
        return tags
