"""Hold: the explanation of one image, arrays and small methods.

Nothing here calls the black box: `ImageExplanation.refit` explains another label,
or with another surrogate, from the answers that are stored.
"""
# SPDX-License-Identifier: BSD-3-Clause

from dataclasses import dataclass, replace
from numbers import Integral

import numpy as np

from sklime._doubts import warn_of_unreliable
from sklime._labels import MAX_LISTED, resolve_label, resolve_labels
from sklime._segment_names import rename_segments, resolve_segments
from sklime._settings import LocalSettings
from sklime.perturbation import create_perturbations
from sklime.segmentation import paint_segments

__all__ = ["ImageExplanation"]

SIGNS = ("positive", "negative", "both")


@dataclass(eq=False, repr=False, kw_only=True)
class ImageExplanation:
    """What a surrogate says about one image, and all that it rests on.

    Made by `ImageLimeExplainer.explain`. Images are channels last here, whatever
    layout the black box wants. In the methods, `label` is one of `labels`, None the
    first.

    Attributes
    ----------
    image : ndarray of shape (H, W) or (H, W, C)
        The explained image.
    segments : ndarray of shape (H, W)
        The segment of each pixel, 0..d-1; -1 where a pixel belongs to none.
    segment_ids : ndarray of shape (d,)
        The segmenter's own label of each segment.
    segment_names : list of str
        What each segment is called: by its `segment_ids`, until `name_segments`.
    n_segments : int
        Number of segments, d.
    background : ndarray of the image's shape and dtype
        What hidden segments show; the first draw of a fill that is drawn anew for
        each perturbation.
    data_range : tuple of float
        ``(low, high)`` of the pixel values.
    class_names : ndarray of shape (n_outputs,)
        The label of each output of the black box.
    labels : list of length n_labels
        The explained labels.
    label_indices : list of int of length n_labels
        Their outputs' columns.
    samples : ndarray of shape (n, d), dtype bool
        Which segments each perturbation shows; row 0 is the image.
    sample_predictions : ndarray of shape (n, n_outputs)
        What the black box answered.
    distances : ndarray of shape (n,)
        Distance of each perturbation from the image.
    sample_weights : ndarray of shape (n,)
        What each perturbation counts in the fit.
    predictions : ndarray of shape (n_labels,)
        The black box at the image.
    surrogates : list of n_labels regressors
        Fitted.
    weights : ndarray of shape (n_labels, d)
        Signed weight of each segment, on the scale of the black box's output.
    intercepts : ndarray of shape (n_labels,)
        The surrogate's prediction with every segment hidden.
    local_predictions : ndarray of shape (n_labels,)
        The surrogate's prediction at the image.
    fidelity : ndarray of shape (n_labels,)
        Weighted R² of the surrogate on perturbations that it did not see, see
        `sklime.surrogate.compute_fidelity`.
    settings : LocalSettings
        How the perturbations were weighed and the surrogates fitted.

    Examples
    --------
    >>> from skimage import data
    >>> from sklime import ImageLimeExplainer
    >>> from sklime.segmentation import GridSegmenter
    >>> def brightness_of_top(images):
    ...     return images[:, :256].mean(axis=(1, 2)) / 255
    >>> explainer = ImageLimeExplainer(
    ...     brightness_of_top, segmenter=GridSegmenter(2, 2), occluder=0
    ... )
    >>> explanation = explainer.fit_explain(data.camera())
    >>> explanation
    ImageExplanation(512x512 uint8, 4 segments, label 0: 0.597, fidelity 0.86)
    >>> explanation.top_segments(n=2)
    array([1, 0])
    """

    image: np.ndarray
    segments: np.ndarray
    segment_ids: np.ndarray
    background: np.ndarray
    data_range: tuple
    class_names: np.ndarray
    samples: np.ndarray
    sample_predictions: np.ndarray
    label_indices: list
    distances: np.ndarray
    sample_weights: np.ndarray
    surrogates: list
    weights: np.ndarray
    intercepts: np.ndarray
    local_predictions: np.ndarray
    fidelity: np.ndarray
    settings: LocalSettings
    segment_names: list = None  # type: ignore[assignment]

    def __post_init__(self):
        if self.segment_names is None:
            self.segment_names = [f"segment {number}" for number in self.segment_ids]
        self.segment_names = list(self.segment_names)  # refitted ones have their own

    @property
    def n_segments(self):
        """Number of segments, d."""
        return len(self.segment_ids)

    @property
    def labels(self):
        """The explained labels, members of `class_names`."""
        return self.class_names[self.label_indices].tolist()

    @property
    def predictions(self):
        """The black box's outputs for the labels at the image."""
        return self.sample_predictions[0, self.label_indices]

    def __repr__(self):
        size = "x".join(map(str, self.image.shape))
        return (
            f"ImageExplanation({size} {self.image.dtype}, {self.n_segments} segments, "
            f"label {self.labels[0]}: {self.predictions[0]:.3g}, "
            f"fidelity {self.fidelity[0]:.2f})"
        )

    def position(self, label=None):
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
        if self.labels.count(label) == 1:  # a name may stand twice in class_names
            return self.labels.index(label)
        column = resolve_label(label, self.class_names)
        if column not in self.label_indices:
            known = ", ".join(map(str, self.labels[:MAX_LISTED]))
            raise ValueError(
                f"label must be one that was explained: {known}. Got {label!r}; "
                "refit(labels=...) explains it without another call of the black box."
            )
        return self.label_indices.index(column)

    def name_segments(self, names):
        """Return the same explanation with other names for the segments.

        Parameters
        ----------
        names : sequence of str or dict
            A name for each segment, in the order of `weights`; or names for some of
            them, by index or present name.

        Returns
        -------
        ImageExplanation
            A new one; this one stays as it is.

        Raises
        ------
        ValueError
            If there are too few or too many names, or one stands twice.
        """
        return replace(self, segment_names=rename_segments(names, self.segment_names))

    def find_segments(self, segments):
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

    def heatmap(self, label=None):
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

    def top_segments(self, n=None, sign="both", *, min_weight=0.0, label=None):
        """Return the segments that matter most.

        Parameters
        ----------
        n : int, default=None
            How many at most; None is all of that sign.
        sign : {"positive", "negative", "both"}, default="both"
            Whether they speak for the label, against it, or either. A segment whose
            weight is zero does neither.
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
            For an unknown sign or label, or a negative number.
        """
        if sign not in SIGNS:
            raise ValueError(f"sign must be one of {SIGNS}. Got {sign!r}.")
        if n is not None and (not isinstance(n, Integral) or n < 0):
            raise ValueError(
                f"n must be an integer of at least 0, or None for all. Got {n!r}."
            )
        weights = self.weights[self.position(label)]
        strength = {"positive": weights, "negative": -weights}.get(sign, abs(weights))
        order = np.argsort(-strength, kind="stable")
        chosen = order[(strength[order] > 0) & (strength[order] >= min_weight)]
        return chosen[:n]

    def mask(self, sign="positive", n_segments=5, *, min_weight=0.0, label=None):
        """Return where the most important segments are.

        Parameters
        ----------
        sign : {"positive", "negative", "both"}, default="positive"
            See `top_segments`.
        n_segments : int, default=5
            How many segments at most; None is all of that sign.
        min_weight : float, default=0.0
            Smallest absolute weight, inclusive.
        label : object, default=None
            One of `labels`; None is the first.

        Returns
        -------
        ndarray of shape (H, W), dtype bool
            True in the chosen segments.
        """
        chosen = self.top_segments(n_segments, sign, min_weight=min_weight, label=label)
        return np.isin(self.segments, chosen)

    def cutout(self, sign="positive", n_segments=5, *, min_weight=0.0, label=None):
        """Return the image with all but the most important segments hidden.

        Parameters
        ----------
        sign : {"positive", "negative", "both"}, default="positive"
            See `top_segments`.
        n_segments : int, default=5
            How many segments at most; None is all of that sign.
        min_weight : float, default=0.0
            Smallest absolute weight, inclusive.
        label : object, default=None
            One of `labels`; None is the first.

        Returns
        -------
        ndarray of the image's shape and dtype
            The chosen segments from `image`, the others from `background`.
        """
        chosen = self.top_segments(n_segments, sign, min_weight=min_weight, label=label)
        return self.perturbed(shown=chosen)

    def perturbed(self, shown=None, hidden=None):
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
        row[0, self.find_segments(hidden if shown is None else shown)] = (
            shown is not None
        )
        return create_perturbations(self.image, self.background, self.segments, row)[0]

    def refit(
        self,
        labels=None,
        *,
        surrogate=None,
        distance=None,
        kernel=None,
        kernel_width=None,
        importance_getter=None,
    ):
        """Explain again from the stored answers, without the black box.

        Parameters
        ----------
        labels : label or sequence of labels, default=None
            Members of `class_names`; None keeps the labels.
        surrogate : regressor, default=None
            Another surrogate; None keeps the one that was used, here and below.
        distance : str, callable, array-like of shape (n,) or object, default=None
            See `sklime.locality.compute_distances`.
        kernel : str or callable, default=None
            See `sklime.locality.compute_sample_weights`.
        kernel_width : float, default=None
            Width of the exponential kernel.
        importance_getter : str or callable, default=None
            See `sklime.surrogate.compute_weights`.

        Returns
        -------
        ImageExplanation
            A new one; this one stays as it is.

        Raises
        ------
        TypeError, ValueError
            For an unknown label, a parameter that cannot be used, or another weighing
            of perturbations that the sampler weighed itself.
        """
        weighing = _given(distance=distance, kernel=kernel, kernel_width=kernel_width)
        fitting = _given(surrogate=surrogate, importance_getter=importance_getter)
        settings = replace(self.settings, **weighing, **fitting).copy()
        distances, sample_weights = self.distances, self.sample_weights
        if weighing:  # else keep weights that a sampler may have brought
            distances, sample_weights = settings.weigh_again(
                self.samples,
                image=self.image,
                background=self.background,
                segments=self.segments,
                data_range=self.data_range,
            )
        columns = list(self.label_indices)
        if labels is not None:
            columns = resolve_labels(labels, self.class_names)
        local_fit = settings.fit(
            self.samples, self.sample_predictions[:, columns], sample_weights
        )
        explanation = replace(
            self,
            label_indices=columns,
            distances=distances,
            sample_weights=sample_weights,
            settings=settings,
            **local_fit._asdict(),
        )
        warn_of_unreliable([explanation])
        return explanation


def _given(**changes):
    """Return the arguments that are not None."""
    return {name: value for name, value in changes.items() if value is not None}
