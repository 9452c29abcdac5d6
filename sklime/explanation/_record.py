"""Hold the arrays of an explanation, and find labels and segments in them."""
# SPDX-License-Identifier: BSD-3-Clause

from dataclasses import dataclass
from typing import Any

import numpy as np

from sklime._labels import MAX_LISTED, resolve_label
from sklime._segment_names import resolve_segments
from sklime._settings import LocalSettings
from sklime._typing import Array, Booleans, DataRange, Floats, Integers, Segments


@dataclass(eq=False, repr=False, kw_only=True)
class ExplanationRecord:
    """What `ImageExplanation` holds, which says what each attribute is."""

    image: Array
    segments: Integers
    segment_ids: Integers
    background: Array
    data_range: DataRange
    class_names: Array
    samples: Booleans
    sample_predictions: Floats
    label_indices: list[int]
    distances: Floats
    sample_weights: Floats
    surrogates: list[Any] | None
    weights: Floats
    intercepts: Floats
    local_predictions: Floats
    fidelity: Floats
    settings: LocalSettings
    segment_names: list[str] = None  # type: ignore[assignment]

    def __post_init__(self):
        if self.segment_names is None:
            self.segment_names = [f"segment {number}" for number in self.segment_ids]
        self.segment_names = list(self.segment_names)  # refitted ones have their own
        self.label_indices = [int(column) for column in self.label_indices]

    @property
    def n_segments(self) -> int:
        """Number of segments, d."""
        return len(self.segment_ids)

    @property
    def labels(self) -> list[Any]:
        """The explained labels, members of `class_names`."""
        return self.class_names[self.label_indices].tolist()

    @property
    def predictions(self) -> Array:
        """The black box's outputs for the labels at the image."""
        return self.sample_predictions[0, self.label_indices]

    def position(self, label: Any = None) -> int:
        """Return the row of a label in `weights` and its like.

        Parameters
        ----------
        label : object, default=None
            One of `labels`; None is the first.

        Returns
        -------
        int
            Index into `labels`.

        Raises
        ------
        ValueError
            If the label is unknown or was not explained.
        """
        if label is None:
            return 0
        # A name may stand twice in class_names, and once among those explained.
        if np.ndim(label) == 0 and self.labels.count(label) == 1:
            return self.labels.index(label)
        column = resolve_label(label, self.class_names)
        if column not in self.label_indices:
            known = ", ".join(map(str, self.labels[:MAX_LISTED]))
            raise ValueError(
                f"label must be one that was explained: {known}. Got {label!r}; "
                "refit(labels=...) explains it without another call of the black box."
            )
        return self.label_indices.index(column)

    def find_segments(self, segments: Segments) -> Integers:
        """Return the indices of segments given by index or name.

        Parameters
        ----------
        segments : int, str or sequence of int or str
            Integers are indices into `weights`, strings members of `segment_names`.

        Returns
        -------
        ndarray of int
            Indices into `weights`.

        Raises
        ------
        ValueError
            For an unknown segment.
        """
        return resolve_segments(segments, self.segment_names)

    @property
    def segment_sizes(self) -> Integers:
        """Number of pixels of each segment."""
        inside = self.segments[self.segments >= 0]
        return np.bincount(inside, minlength=self.n_segments)
