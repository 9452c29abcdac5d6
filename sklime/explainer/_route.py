"""The way of an image through all stages, in order."""
# SPDX-License-Identifier: BSD-3-Clause

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from sklime._settings import LocalSettings
from sklime._validation import channels_last
from sklime.explanation import ImageExplanation
from sklime.occlusion import create_background
from sklime.perturbation import BlackBox, Composer, RedrawingComposer
from sklime.sampling import draw_samples
from sklime.segmentation import recall_segments


@dataclass(frozen=True, kw_only=True)
class Route:
    """What one call of `explain` does with each image; it travels to workers.

    Attributes
    ----------
    segmenter : transformer
        Fitted.
    segments_cache : Path or None
        Where segments are kept.
    occluder : object
        Fitted.
    fill_limits : tuple of float
        Between which values a fill makes sense.
    channel_axis : int or None
        The channel axis of one image.
    data_range : tuple of float
        ``(low, high)`` of the pixel values.
    sampler : object
        With a method `sample`.
    n_perturbations : int
        How many, the image itself included.
    settings : LocalSettings
        How they are weighed and surrogates fitted, and the seed.
    black_box : BlackBox
        What is asked.
    class_names : ndarray of shape (n_outputs,)
        The label of each of its outputs.
    label_indices : list of int or None
        The outputs to explain; None are the `top_labels` highest.
    top_labels : int
        How many then.
    """

    segmenter: object
    segments_cache: Path | None
    occluder: object
    fill_limits: tuple
    channel_axis: int | None
    data_range: tuple
    sampler: object
    n_perturbations: int
    settings: LocalSettings
    black_box: BlackBox
    class_names: np.ndarray
    label_indices: list | None
    top_labels: int

    def __call__(self, image):
        """Return the `ImageExplanation` of an image in its own layout."""
        segments, segment_ids = recall_segments(
            image,
            self.segmenter,
            channel_axis=self.channel_axis,
            cache=self.segments_cache,
        )
        image = np.array(channels_last(image, self.channel_axis), order="C")
        pictures = {
            "image": image,
            "background": self._draw_background(image, segments),
            "segments": segments,
            "data_range": self.data_range,
        }
        settings = self.settings.copy()
        samples = draw_samples(
            self.sampler,
            len(segment_ids),
            self.n_perturbations,
            settings.random_state,
            repeat=settings.redraws,
        )
        distances, sample_weights = settings.weigh(samples, self.sampler, **pictures)
        compose = self._make_composer(image, pictures["background"], segments)
        predictions = self.black_box.ask_composed(samples, compose)
        columns = self._choose_labels(predictions[0])
        local_fit = settings.fit(samples, predictions, columns, sample_weights)
        return ImageExplanation(
            **pictures,
            segment_ids=segment_ids,
            class_names=self.class_names,
            samples=samples,
            sample_predictions=predictions,
            label_indices=columns,
            distances=distances,
            sample_weights=sample_weights,
            settings=settings,
            **local_fit._asdict(),
        )

    def _draw_background(self, image, segments, draw=0):
        return create_background(
            image, segments, self.occluder, self.fill_limits, draw=draw, quiet=True
        )

    def _make_composer(self, image, background, segments):
        if not self.settings.redraws:
            return Composer(image, background, segments, self.channel_axis)
        draw = partial(self._draw_background, image, segments)
        return RedrawingComposer(image, draw, segments, self.channel_axis)

    def _choose_labels(self, outputs):
        if self.label_indices is not None:
            return self.label_indices
        highest_first = np.argsort(-outputs, kind="stable")
        return highest_first[: self.top_labels].tolist()
