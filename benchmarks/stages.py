"""Where the time of one explanation goes, around the calls of the black box.

An image of 224x224 in colour, the default segmenter, 1024 perturbations and a black box
that is free. Then segmenting against scikit-image's own calls. Processor milliseconds
on one thread, medians of rounds in turn; about a minute.
"""
# SPDX-License-Identifier: BSD-3-Clause

import io
import pickle
import time
from functools import partial
from statistics import median

import numpy as np
from report import make_picture, write_table
from skimage import filters, segmentation
from threadpoolctl import threadpool_limits

from sklime import ImageLimeExplainer
from sklime.locality import weigh_samples
from sklime.occlusion import create_background
from sklime.perturbation import Composer, query_samples
from sklime.sampling import draw_samples
from sklime.segmentation import (
    FelzenszwalbSegmenter,
    QuickshiftSegmenter,
    SlicSegmenter,
    WatershedSegmenter,
    create_segments,
)

ROUNDS, BATCH = 15, 111  # images in 16 MiB


class Glance:
    """Answer ten classes by one pixel of each image."""

    def predict_proba(self, images):
        """Return rows that sum to 1, an array of shape (n, 10)."""
        answers = 0.1 + images[:, 100:101, 100, 0] * [[0.0] * 9 + [1.0]]
        return answers / answers.sum(axis=1, keepdims=True)


def milliseconds(routines):
    """Return the median of what each of some routines takes, called in turn."""
    found = {name: [] for name in routines}
    for _ in range(ROUNDS):
        for name, routine in routines.items():
            start = time.process_time()
            routine()
            found[name].append(1000 * (time.process_time() - start))
    return {name: median(taken) for name, taken in found.items()}


def write_images(explanation):
    """Compose all images, a batch at a time."""
    compose = Composer(explanation.image, explanation.background, explanation.segments)
    for start in range(0, len(explanation.samples), BATCH):
        compose(explanation.samples[start : start + BATCH])


def measure_stages(image):
    """Return a row for each stage, then for what may be done later.

    All stages but those that are part of the next make the whole.
    """
    explainer = ImageLimeExplainer(Glance(), random_state=0).fit(image)
    explanation = explainer.explain(image)
    samples, segments = explanation.samples, explanation.segments
    scene = explanation.image, explanation.background, segments
    stages = {
        "segments": lambda: create_segments(image, explainer.segmenter_),
        "background": lambda: create_background(
            image, segments, explainer.occluder_, (0, 255)
        ),
        "samples": lambda: draw_samples(
            "balanced", explanation.n_segments, len(samples), 0
        ),
        "table of patterns (part of the next)": lambda: Composer(*scene),
        "table, images (part of the next)": lambda: write_images(explanation),
        "table, images, asking": lambda: query_samples(
            samples, Composer(*scene), Glance()
        ),
        "distances, sample weights": lambda: weigh_samples(samples),
        "surrogate, weights, fidelity": explanation.refit,
    }
    later = {
        "later: pickling there and back": lambda: pickle.loads(
            pickle.dumps(explanation)
        ),
        "later: saving to a file": lambda: explanation.save(io.BytesIO()),
    }
    whole = {"whole": lambda: explainer.explain(image)}
    found = milliseconds(whole | stages | later)
    sizes = {"segments": explanation.n_segments, "rows": len(samples)}
    return [
        {"stage": name, **sizes, "ms": taken, "share": taken / found["whole"]}
        for name, taken in found.items()
    ]


def flood(image):
    """Return the basins of the gradient, the largest of the channels."""
    gradients = [filters.sobel(plane) for plane in np.moveaxis(image, -1, 0)]
    return segmentation.watershed(np.max(gradients, axis=0), 100, compactness=0.001)


def compare_segmenters(image):
    """Return a row for each segmenter: its time, and scikit-image's own."""
    quickshift = {"ratio": 0.5, "kernel_size": 3, "max_dist": 20}
    felzenszwalb = {"scale": 100, "sigma": 0.8, "min_size": 100}
    pairs = {
        "slic": (
            SlicSegmenter(100, 20.0),
            partial(segmentation.slic, n_segments=100, compactness=20, start_label=0),
        ),
        "felzenszwalb": (
            FelzenszwalbSegmenter(**felzenszwalb),
            partial(segmentation.felzenszwalb, **felzenszwalb),
        ),
        "quickshift": (
            QuickshiftSegmenter(**quickshift, random_state=0),
            partial(segmentation.quickshift, **quickshift, rng=0),
        ),
        "watershed": (
            WatershedSegmenter(markers=100, compactness=0.001),
            flood,
        ),
    }
    rows = []
    for name, (segmenter, function) in pairs.items():
        segmenter = segmenter.set_params(data_range=(0, 255)).fit(image)
        found = milliseconds(
            {
                "ours": partial(create_segments, image, segmenter),
                "theirs": partial(function, image),
            }
        )
        rows.append(
            {
                "segmenter": name,
                "segments": len(create_segments(image, segmenter)[1]),
                "segments of scikit-image": len(set(function(image).flat)),
                "ms": found["ours"],
                "ms of scikit-image": found["theirs"],
                "ratio": found["ours"] / found["theirs"],
            }
        )
    return rows


if __name__ == "__main__":
    picture = make_picture(224)
    with threadpool_limits(1):
        write_table("stages", measure_stages(picture))
        write_table("segmentation", compare_segmenters(picture))
