"""Hold: the explanation of one image, arrays and small methods.

Nothing here calls the black box: `ImageExplanation.refit` explains another label,
or with another surrogate, from the answers that are stored.
"""
# SPDX-License-Identifier: BSD-3-Clause

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from sklime._doubts import Evidence, warn_of_unreliable
from sklime._labels import resolve_labels
from sklime._rows import are_all_combinations
from sklime._segment_names import rename_segments, resolve_segments
from sklime._typing import File, Floats, Segments
from sklime.explanation._archive import read_archive, write_archive
from sklime.explanation._page import Page
from sklime.explanation._regions import Regions
from sklime.explanation._words import Words
from sklime.surrogate import standard_errors


class ImageExplanation(Regions, Words, Page):
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
    segment_sizes : ndarray of int of shape (d,)
        Number of pixels of each segment.
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
    surrogates : list of n_labels models, or None
        Fitted, one for each label or the same for all; None after `load`.
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

    def name_segments(
        self, names: Sequence[str] | dict[Any, str]
    ) -> "ImageExplanation":
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
            If there are too few or too many names, one stands twice or is no string,
            or a segment is unknown.
        """
        return replace(self, segment_names=rename_segments(names, self.segment_names))

    def refit(
        self,
        labels: Any = None,
        *,
        surrogate: Any = None,
        target: str | None = None,
        multi_output: bool | None = None,
        feature_selector: Any = None,
        max_segments: float | None = None,
        segment_subset: Segments | None = None,
        importance_getter: str | Callable[..., Any] | None = None,
        distance: Any = None,
        kernel: str | Callable[..., Any] | None = None,
        kernel_width: float | None = None,
    ) -> "ImageExplanation":
        """Explain again from the stored answers, without the black box.

        Parameters
        ----------
        labels : label or sequence of labels, default=None
            Members of `class_names`; None keeps the labels.
        surrogate : regressor or classifier, default=None
            Another surrogate; None keeps what was used, here and below.
        target : {"auto", "one-vs-rest"}, default=None
            See `ImageLimeExplainer`, here and in the next three.
        multi_output : bool, default=None
            Whether one regressor learns all labels.
        feature_selector : str or selector, default=None
            How the segments are chosen that the surrogate may use. A selector decides
            how many: an earlier `max_segments` is dropped.
        max_segments : int or float, default=None
            How many of them; 1.0 is all. An earlier selector is dropped.
        segment_subset : sequence of int or str, default=None
            The only segments to use, by index or name. Others have weight 0;
            ``range(explanation.n_segments)`` takes all again.
        importance_getter : str or callable, default=None
            See `sklime.surrogate.compute_weights`.
        distance : str, callable, array-like of shape (n,) or object, default=None
            See `sklime.locality.compute_distances`.
        kernel : str or callable, default=None
            See `sklime.locality.compute_sample_weights`.
        kernel_width : float, default=None
            Width of the exponential kernel.

        Returns
        -------
        ImageExplanation
            A new one; this one stays as it is.

        Raises
        ------
        TypeError, ValueError
            For an unknown label, a parameter that cannot be used, or another weighing
            of perturbations that the sampler weighed itself.

        Warns
        -----
        UserWarning
            As `ImageLimeExplainer.explain`, of explanations that say little.
        """
        weighing = _given(distance=distance, kernel=kernel, kernel_width=kernel_width)
        fitting = _given(
            surrogate=surrogate,
            target=target,
            multi_output=multi_output,
            feature_selector=feature_selector,
            max_segments=max_segments,
            segment_subset=self._find_subset(segment_subset),
            importance_getter=importance_getter,
        )
        settings = self.settings.change(**weighing, **fitting)
        settings.check_fit(len(self.class_names))
        settings = settings.copy()
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
            self.samples, self.sample_predictions, columns, sample_weights
        )
        explanation = replace(
            self,
            label_indices=columns,
            distances=distances,
            sample_weights=sample_weights,
            settings=settings,
            **local_fit._asdict(),
        )
        warn_of_unreliable([Evidence.from_explanation(explanation)])
        return explanation

    def _find_subset(self, segments):
        """Return the indices of the only segments to use, None for all."""
        if segments is None:
            return None
        name = "segment_subset"
        found = resolve_segments(segments, self.segment_names, name).tolist()
        if not found:
            raise ValueError("segment_subset must name at least one segment. Got none.")
        return found

    def standard_errors(self, label: Any = None) -> Floats:
        """Return how uncertain the weights are, see `sklime.surrogate.standard_errors`.

        Weight ± 1.96 standard errors holds the weight that endless perturbations would
        give 95 times in 100, where they are drawn independently as by
        ``sampler="bernoulli"``, and nearly always under balanced sampling, for which it
        is too wide. The choice of segments is taken as given.

        Parameters
        ----------
        label : object, default=None
            One of `labels`; None is the first.

        Returns
        -------
        ndarray of shape (d,)
            NaN for segments of weight zero, and for all where the answers are too few
            to tell, or the surrogate is neither `Ridge` nor `LinearRegression`. Zero
            where the perturbations are all combinations: nothing was left to chance.
        """
        row = self.position(label)
        errors = np.full(self.n_segments, np.nan)
        used = np.flatnonzero(self.weights[row])
        alpha = self.settings.find_penalty()
        if alpha is None:
            return errors
        if are_all_combinations(self.samples) and not self.settings.redraws:
            errors[used] = 0.0
            return errors
        answers = self.sample_predictions[:, self.label_indices[row]]
        with suppress(ValueError):  # not determined: too few rows that count
            errors[used] = standard_errors(
                self.samples[:, used], answers, self.sample_weights, alpha
            )
        return errors

    def save(self, file: File) -> None:
        """Write everything but the fitted surrogates to a file, without pickle.

        Parameters
        ----------
        file : path or binary file
            Where to, in numpy's compressed format; customarily ``.npz``.

        Raises
        ------
        TypeError
            If class names are neither strings nor numbers, or the file is one of text.

        See Also
        --------
        load : Read it again.
        """
        write_archive(file, self)

    @classmethod
    def load(cls, file: File) -> "ImageExplanation":
        """Read an explanation that `save` wrote.

        Its `surrogates` are None. `refit` fits them again; a surrogate, distance or
        other object that is not one of our names has to be passed to it, as no object
        was written.

        Parameters
        ----------
        file : path or binary file
            Where from. Nothing in it is ever executed.

        Returns
        -------
        ImageExplanation
            With the same arrays, bit for bit.

        Raises
        ------
        FileNotFoundError
            If there is none.
        ValueError
            If it is not one of ours, was cut off, or is of a newer version.
        """
        return cls(**read_archive(file))


def _given(**changes):
    """Return the arguments that are not None."""
    return {name: value for name, value in changes.items() if value is not None}
