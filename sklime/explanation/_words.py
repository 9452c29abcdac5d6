"""Tell what an explanation says in names, pairs, tables and rules."""
# SPDX-License-Identifier: BSD-3-Clause

from typing import TYPE_CHECKING, Any

import numpy as np

from sklime.explanation._record import ExplanationRecord
from sklime.surrogate import export_tree

if TYPE_CHECKING:
    import pandas as pd


class Words(ExplanationRecord):
    """Methods of `ImageExplanation` that tell weights by the names of segments."""

    def __repr__(self):
        size = "x".join(map(str, self.image.shape))
        return (
            f"ImageExplanation({size} {self.image.dtype}, {self.n_segments} segments, "
            f"label {self.labels[0]}: {self.predictions[0]:.3g}, "
            f"fidelity {self.fidelity[0]:.2f})"
        )

    def as_list(self, label: Any = None) -> list[tuple[str, float]]:
        """Return the name and the weight of each segment.

        Parameters
        ----------
        label : object, default=None
            One of `labels`; None is the first.

        Returns
        -------
        list of tuple of str and float
            Largest absolute weight first; equal ones in the order of segments. With
            ``dict`` they become weights by name.
        """
        weights = self.weights[self.position(label)]
        order = np.argsort(-np.abs(weights), kind="stable")
        return [(self.segment_names[i], float(weights[i])) for i in order]

    def to_frame(self) -> "pd.DataFrame":
        """Return weights and sizes of all segments for all labels.

        Returns
        -------
        pandas.DataFrame
            A row for each label and segment, with the columns ``label``,
            ``label_index``, ``segment`` (index into `weights`), ``segment_id``,
            ``name``, ``area``, the share of the image's pixels, and ``weight``.

        Raises
        ------
        ImportError
            Without pandas.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise ImportError(
                "ImageExplanation.to_frame requires pandas. You can install it with "
                "`pip install sklime[pandas]`."
            ) from error
        columns: dict[str, Any] = {
            "segment": np.arange(self.n_segments),
            "segment_id": self.segment_ids,
            "name": self.segment_names,
            "area": self.segment_sizes / self.segments.size,
        }
        n_labels = len(self.labels)
        return pd.DataFrame(
            {
                "label": np.repeat(
                    self.class_names[self.label_indices], self.n_segments
                ),
                "label_index": np.repeat(self.label_indices, self.n_segments),
                **{name: np.tile(values, n_labels) for name, values in columns.items()},
                "weight": self.weights.ravel(),
            }
        )

    def export_text(self, label: Any = None, *, decimals: int = 2) -> str:
        """Return the rules of a tree, with the names of segments and classes.

        Parameters
        ----------
        label : object, default=None
            One of `labels`; None is the first.
        decimals : int, default=2
            Digits of numbers.

        Returns
        -------
        str
            A segment is hidden on the side of ``<=``; the values of several labels
            are in the order of `labels`. See `sklime.surrogate.export_tree`.

        Raises
        ------
        TypeError
            If the surrogate is no tree.
        ValueError
            If the explanation was read from a file, which holds no surrogates.
        """
        row = self.position(label)
        if self.surrogates is None:
            raise ValueError(
                "An explanation that was loaded has no fitted surrogates. Call refit "
                "first: it fits them to the stored answers."
            )
        one_vs_rest = self.settings.target == "one-vs-rest"
        rest = [f"not {self.labels[row]}", self.labels[row]]
        names = rest if one_vs_rest else self.class_names
        return export_tree(self.surrogates[row], self.segment_names, names, decimals)
