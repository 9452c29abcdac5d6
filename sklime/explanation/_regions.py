"""Show which parts of the image an explanation speaks of, as arrays."""
# SPDX-License-Identifier: BSD-3-Clause

from typing import Any, Literal

import numpy as np

from sklime._segment_names import resolve_segments
from sklime._typing import Array, Booleans, DataRange, Integers, Segments, Sign
from sklime.explanation._boxes import find_boxes
from sklime.explanation._choose import check_count, choose_segments
from sklime.explanation._record import ExplanationRecord
from sklime.perturbation import create_perturbations
from sklime.segmentation import paint_segments

N_SHOWN = 5


class Regions(ExplanationRecord):
    """Methods of `ImageExplanation` that turn weights into parts of the image."""

    def heatmap(self, label: Any = None) -> Array:
        """Return the weight of each pixel's segment.

        Parameters
        ----------
        label : object, default=None
            One of `labels`; None is the first.

        Returns
        -------
        ndarray of shape (H, W)
            Signed weights.
        """
        return paint_segments(self.weights[self.position(label)], self.segments)

    def top_segments(
        self,
        n: int | None = None,
        sign: Sign = "both",
        *,
        coverage: float | DataRange | None = None,
        min_weight: float = 0.0,
        label: Any = None,
    ) -> Integers:
        """Return the segments that matter most.

        Parameters
        ----------
        n : int, default=None
            How many at most; None is all of that sign.
        sign : {"positive", "negative", "both"}, default="both"
            Whether they speak for the label, against it, or either. A segment whose
            weight is zero does neither.
        coverage : float or pair of float, default=None
            The largest share of the image's area that they may cover, which is never
            exceeded, or the smallest and the largest: where `n` segments do not reach
            the smallest, more are taken. A weaker segment is never taken in the place
            of a stronger one that does not fit.
        min_weight : float, default=0.0
            Smallest absolute weight, inclusive.
        label : object, default=None
            One of `labels`; None is the first.

        Returns
        -------
        ndarray of int
            Indices into `weights`, largest absolute weight first.

        Raises
        ------
        ValueError
            For an unknown sign or label, a number of segments or a weight that is not
            one, or a coverage outside [0, 1].

        Warns
        -----
        UserWarning
            If the smallest coverage cannot be reached, or nothing fits the largest.
        """
        return self._choose(check_count(n), sign, coverage, min_weight, label)

    def _choose(self, n, sign, coverage, min_weight, label):
        return choose_segments(
            self.weights[self.position(label)],
            self.segment_sizes,
            self.segments.size,
            n,
            sign,
            coverage=coverage,
            min_weight=min_weight,
        )

    def _choose_shown(self, sign, n_segments, coverage, min_weight, label):
        """Return the segments of a mask: five where nothing else limits them."""
        if isinstance(n_segments, str) and n_segments == "auto":
            limited = coverage is not None or min_weight
            n_segments = None if limited else N_SHOWN
        check_count(n_segments, "n_segments")
        return self._choose(n_segments, sign, coverage, min_weight, label)

    def mask(
        self,
        sign: Sign = "positive",
        n_segments: int | Literal["auto"] | None = "auto",
        *,
        coverage: float | DataRange | None = None,
        min_weight: float = 0.0,
        label: Any = None,
    ) -> Booleans:
        """Return where the most important segments are.

        Parameters
        ----------
        sign : {"positive", "negative", "both"}, default="positive"
            See `top_segments`.
        n_segments : int, default="auto"
            How many segments at most; None is all of that sign. "auto" is five, or as
            many as `coverage` and `min_weight` allow.
        coverage : float or pair of float, default=None
            The largest share of the image's area, never exceeded, or the smallest and
            the largest, see `top_segments`.
        min_weight : float, default=0.0
            Smallest absolute weight, inclusive.
        label : object, default=None
            One of `labels`; None is the first.

        Returns
        -------
        ndarray of shape (H, W), dtype bool
            True in the chosen segments.

        Raises
        ------
        ValueError
            As for `top_segments`, which also says what is warned of.
        """
        chosen = self._choose_shown(sign, n_segments, coverage, min_weight, label)
        return np.isin(self.segments, chosen)

    def cutout(
        self,
        sign: Sign = "positive",
        n_segments: int | Literal["auto"] | None = "auto",
        *,
        coverage: float | DataRange | None = None,
        min_weight: float = 0.0,
        label: Any = None,
    ) -> Array:
        """Return the image with all but the most important segments hidden.

        Parameters
        ----------
        sign : {"positive", "negative", "both"}, default="positive"
            See `mask`.
        n_segments : int, default="auto"
            See `mask`.
        coverage : float or pair of float, default=None
            See `mask`.
        min_weight : float, default=0.0
            See `mask`.
        label : object, default=None
            See `mask`.

        Returns
        -------
        ndarray of the image's shape and dtype
            The chosen segments from `image`, the others from `background`.
        """
        chosen = self._choose_shown(sign, n_segments, coverage, min_weight, label)
        return self.perturbed(shown=chosen)

    def bounding_boxes(
        self,
        sign: Sign = "positive",
        n_segments: int | Literal["auto"] | None = "auto",
        *,
        coverage: float | DataRange | None = None,
        min_weight: float = 0.0,
        label: Any = None,
        merge: bool = False,
    ) -> Integers:
        """Return boxes around the most important segments.

        Parameters
        ----------
        sign : {"positive", "negative", "both"}, default="positive"
            See `mask`. With "both" an area for the label and one against it have
            boxes of their own, even where they touch.
        n_segments : int, default="auto"
            See `mask`.
        coverage : float or pair of float, default=None
            See `mask`.
        min_weight : float, default=0.0
            See `mask`.
        label : object, default=None
            See `mask`.
        merge : bool, default=False
            Whether to return one box around all, not one for each connected area.

        Returns
        -------
        ndarray of int of shape (n_boxes, 4)
            ``(min_row, min_col, max_row, max_col)``, the last two exclusive, as in
            `skimage.measure.regionprops`; in the order of the areas' first pixels.
        """
        chosen = self._choose_shown(sign, n_segments, coverage, min_weight, label)
        signs = np.zeros(self.n_segments, dtype=np.intp)
        row = self.position(label)
        signs[chosen] = np.sign(self.weights[row, chosen])
        return find_boxes(paint_segments(signs, self.segments), merge=merge)

    def perturbed(
        self, shown: Segments | None = None, hidden: Segments | None = None
    ) -> Array:
        """Return the image with some segments hidden.

        It is what the black box sees, but for fills that are drawn anew for each
        perturbation: of these it is the first draw.

        Parameters
        ----------
        shown : int, str or sequence of int or str, default=None
            Segments to show, by index or name; the others are hidden.
        hidden : int, str or sequence of int or str, default=None
            Segments to hide; the others are shown.

        Returns
        -------
        ndarray of the image's shape and dtype
            Hidden segments from `background`, all else from `image`.

        Raises
        ------
        ValueError
            For an unknown segment, or unless one of the two is given.
        """
        if (shown is None) == (hidden is None):
            raise ValueError(
                "Pass either shown or hidden, segments by index or name. Got "
                f"shown={shown!r} and hidden={hidden!r}."
            )
        row = np.full((1, self.n_segments), shown is None)
        name, chosen = ("hidden", hidden) if shown is None else ("shown", shown)
        row[0, resolve_segments(chosen, self.segment_names, name)] = shown is not None
        return create_perturbations(self.image, self.background, self.segments, row)[0]
