"""Choose segments and fit a surrogate to them, the same way for every part of rows."""
# SPDX-License-Identifier: BSD-3-Clause

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.pipeline import make_pipeline

from sklime.surrogate._fit import fit_surrogate
from sklime.surrogate._keep import KeepSegments
from sklime.surrogate._respond import respond
from sklime.surrogate._ridge import find_penalty
from sklime.surrogate._selection import select_segments


class Fitted(NamedTuple):
    """A surrogate of some segments.

    Attributes
    ----------
    model : fitted regressor or classifier
        Takes a column for each chosen segment.
    support : ndarray of shape (d,), dtype bool
        The chosen segments.
    classes : list or None
        Which classes are read, see `respond`.
    """

    model: Any
    support: np.ndarray
    classes: list | None

    @property
    def is_constant(self):
        """Whether the model is one that looks at no segment."""
        return not self.support.any()

    def respond(self, samples):
        """Return an array of shape (n, n_labels) for samples of shape (n, d)."""
        rows = samples[:, self.support].astype(np.float64)
        return respond(self.model, rows, self.classes)

    def as_surrogate(self):
        """Return a fitted model that takes a column for every segment."""
        if self.support.all() or self.is_constant:  # a constant takes any columns
            return self.model
        keep = KeepSegments(np.flatnonzero(self.support))
        keep.set_output(transform="default")  # the model was fitted to arrays
        return make_pipeline(keep.fit(np.zeros((1, len(self.support)))), self.model)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How segments are chosen and a surrogate is fitted to them.

    Attributes
    ----------
    surrogate : regressor or classifier
        Unfitted.
    feature_selector, max_segments, segment_subset : object
        See `select_segments`.
    random_state : int
        Seed of surrogate and selector.
    """

    surrogate: Any
    feature_selector: Any = None
    max_segments: Any = None
    segment_subset: Any = None
    random_state: int = 0

    @property
    def is_least_squares(self):
        """Whether `solve_least_squares` finds what fits to rows would."""
        free = self.feature_selector is None and self.max_segments is None
        return free and find_penalty(self.surrogate) is not None

    def fit(self, samples, task, sample_weights):
        """Return what a task's surrogate has learnt from some rows.

        Parameters
        ----------
        samples : ndarray of shape (n, d), dtype bool
            Which segments are shown.
        task : Task
            Of the same rows.
        sample_weights : ndarray of shape (n,)
            Weight of each row.

        Returns
        -------
        Fitted
            A constant where rows that weigh anything have one class, which most
            classifiers refuse, or no segment was chosen.
        """
        seen = sample_weights > 0  # classes that weigh nothing are refused too
        samples, task = samples[seen], task.take(seen)
        sample_weights = sample_weights[seen]
        support = self.choose(samples, task, sample_weights)
        surrogate = self.surrogate
        if not support.any():
            surrogate = DummyRegressor() if task.classes is None else DummyClassifier()
        model = fit_surrogate(
            samples[:, support],
            task.targets,
            sample_weights,
            surrogate,
            self.random_state,
        )
        return Fitted(model, support, task.classes)

    def choose(self, samples, task, sample_weights):
        """Return the segments to use: none to foretell what is always the same class.

        Selectors fail on constant numbers, which regressors take.
        """
        if task.is_constant and task.classes is not None:
            return np.zeros(samples.shape[1], dtype=bool)
        named = self.feature_selector is None or isinstance(self.feature_selector, str)
        return select_segments(
            samples,
            task.numeric_targets if named else task.targets,
            sample_weights,
            feature_selector=None if task.is_constant else self.feature_selector,
            max_segments=self.max_segments,
            segment_subset=self.segment_subset,
            random_state=self.random_state,
        )
