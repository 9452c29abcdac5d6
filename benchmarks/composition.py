"""What it costs to write 1000 perturbed images, in multiples of a plain copy.

The copy writes as many bytes into a buffer that stays in cache. Every routine makes
the same images; processor seconds, medians of seven rounds in turn.
"""
# SPDX-License-Identifier: BSD-3-Clause

import time
from statistics import median

import numpy as np
from skimage import data, transform

from sklime.perturbation import Composer
from sklime.segmentation import SlicSegmenter, create_segments

N_PERTURBATIONS, BATCH, ROUNDS = 1000, 50, 7


def copy(image, background, segments, samples):
    """Write the image itself, ten at a time into one buffer."""
    buffer = np.empty((10, *image.shape), dtype=image.dtype)
    for _ in range(len(samples) // 10):
        np.copyto(buffer, image)


def where(image, background, segments, samples):
    """Select with an index and a branch for every pixel."""
    axes = (...,) if image.ndim == 2 else (..., np.newaxis)
    for start in range(0, len(samples), BATCH):
        shown = samples[start : start + BATCH][:, segments]
        np.where(shown[axes], image, background)


def ours(image, background, segments, samples):
    """Repeat bits along runs and select bitwise; preparation included."""
    compose = Composer(image, background, segments)
    for start in range(0, len(samples), BATCH):
        compose(samples[start : start + BATCH])


def processor_seconds(routine, *arguments):
    """Return how long one call keeps the processor busy."""
    start = time.process_time()
    routine(*arguments)
    return time.process_time() - start


def compare(size, n_segments, dtype):
    """Return the ratios of `where` and `ours` to `copy`, and the segments found."""
    picture = transform.resize(data.astronaut(), (size, size)) * 255
    image = np.rint(picture).astype(dtype)
    segmenter = SlicSegmenter(n_segments, data_range=(0, 255))
    segments, segment_ids = create_segments(image, segmenter)
    samples = np.random.default_rng(0).random((N_PERTURBATIONS, len(segment_ids))) < 0.5
    arguments = (image, np.full_like(image, 128), segments, samples)
    rounds = [
        [processor_seconds(routine, *arguments) for routine in (copy, where, ours)]
        for _ in range(ROUNDS)
    ]
    ratios = [(slow / floor, fast / floor) for floor, slow, fast in rounds]
    return *map(median, zip(*ratios, strict=True)), len(segment_ids)


if __name__ == "__main__":
    print("size  segments  dtype    np.where / copy  ours / copy  np.where / ours")
    for size, n_segments, dtype in [
        (224, 65, "uint8"),
        (224, 260, "uint8"),
        (224, 65, "float32"),
        (512, 65, "uint8"),
    ]:
        slow, fast, found = compare(size, n_segments, dtype)
        print(
            f"{size:4d}  {found:8d}  {dtype:7s}  {slow:15.0f}  {fast:11.1f}"
            f"  {slow / fast:15.0f}"
        )
