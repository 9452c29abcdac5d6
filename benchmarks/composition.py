"""What it costs to write 1000 perturbed images, in multiples of a plain copy.

The copy writes as many bytes into a buffer that stays in cache; another one goes
through main memory. All ways make the same images, preparation included, in batches
of 4 MiB, which suit all of them, and let go of each batch before the next. Then the
batch size, and fills that are drawn anew. Processor seconds on one thread, medians of
rounds in turn; about two minutes.
"""
# SPDX-License-Identifier: BSD-3-Clause

import argparse
import time
from statistics import median

import matplotlib.pyplot as plt
import numpy as np
from report import make_picture, save_figure, write_table
from threadpoolctl import threadpool_limits

from sklime import ImageLimeExplainer
from sklime.perturbation import Composer
from sklime.segmentation import PrecomputedSegmenter, SlicSegmenter, create_segments

N_IMAGES = 1000
N_SLOW = 96  # images that the slow ways write, scaled
BATCH_BYTES = 4 * 2**20
CACHE, MEMORY = 3 * 2**19, 2**28  # bytes of the buffers that a copy is written to
BATCHES = (8, 16, 32, 64, 111, 222, 445)
CELLS = [  # pixels a side, segments asked for, dtype, channels, where they are
    (224, 66, "uint8", 3, 2),
    (224, 270, "uint8", 3, 2),
    (224, 1100, "uint8", 3, 2),
    (299, 66, "uint8", 3, 2),
    (512, 66, "uint8", 3, 2),
    (224, 66, "float32", 3, 2),
    (224, 66, "float64", 3, 2),
    (224, 66, "uint8", 3, 0),
    (224, 66, "uint8", 32, 2),
]


def where(image, background, labels):
    """Select with an index and a branch for every value."""
    return lambda samples: np.where(samples[:, labels], image, background)


def copyto(image, background, labels):
    """Write the image over the background where a segment is shown."""

    def compose(samples):
        images = np.empty((len(samples), *image.shape), image.dtype)
        images[:] = background
        np.copyto(images, image, where=samples[:, labels])
        return images

    return compose


def take(image, background, labels):
    """Take the mask of every value, and select by two bitwise operations."""
    every, hidden, difference = as_words(image, background, labels)

    def compose(samples):
        mask = np.take(as_masks(samples, hidden.dtype), every, axis=1)
        mask &= difference
        mask ^= hidden
        return mask.view(image.dtype).reshape(-1, *image.shape)

    return compose


def planes(image, background, labels):
    """Take the mask of every pixel, and select one channel after the other.

    The images have their channels first in memory, wherever they are wanted.
    """
    axis = labels.shape.index(1)
    image, background = (
        np.ascontiguousarray(np.moveaxis(a, axis, 0)) for a in (image, background)
    )
    _, hidden, difference = as_words(image, background, np.moveaxis(labels, axis, 0))

    def compose(samples):
        images = np.empty((len(samples), *image.shape), image.dtype)
        words = images.view(hidden.dtype).reshape(len(samples), len(image), -1)
        mask = np.take(as_masks(samples, hidden.dtype), labels.ravel(), axis=1)
        ways = hidden.reshape(len(image), -1), difference.reshape(len(image), -1)
        for channel, (old, change) in enumerate(zip(*ways, strict=True)):
            np.bitwise_and(mask, change, out=words[:, channel])
            words[:, channel] ^= old
        return np.moveaxis(images, 1, axis + 1)

    return compose


def runs(image, background, labels):
    """Repeat the mask along runs of values, and select by two bitwise operations."""
    every, hidden, difference = as_words(image, background, labels)
    starts = np.flatnonzero(np.diff(every, prepend=-1))
    lengths = np.diff(starts, append=len(every))

    def compose(samples):
        masks = as_masks(samples, hidden.dtype)[:, every[starts]]
        mask = np.repeat(masks, lengths, axis=1)
        mask &= difference
        mask ^= hidden
        return mask.view(image.dtype).reshape(-1, *image.shape)

    return compose


def patterns(image, background, labels):
    """Copy from a table of all that short stretches can show, as sklime does."""
    axis = labels.shape.index(1)
    image, background = (np.moveaxis(a, axis, -1) for a in (image, background))
    return Composer(image, background, labels.squeeze(axis), axis)


def as_words(image, background, labels):
    """Return labels, background and difference of all values, of one dimension."""
    word = f"u{image.itemsize}"
    every = np.broadcast_to(labels, image.shape).ravel()
    shown, hidden = (array.view(word).ravel() for array in (image, background))
    return every, hidden, shown ^ hidden


def as_masks(samples, word):
    """Return words of ones where a segment is shown."""
    return np.negative(samples.astype(word))


WAYS = {
    "np.where": (where, N_SLOW),
    "np.copyto": (copyto, N_SLOW),
    "take, blend": (take, N_SLOW),
    "channel planes": (planes, N_SLOW),
    "runs, blend": (runs, N_SLOW),
    "pattern table": (patterns, N_IMAGES),
}
STYLES = {  # colours of Okabe and Ito
    "np.where": ("#000000", "s"),
    "np.copyto": ("#999999", "v"),
    "take, blend": ("#E69F00", "^"),
    "channel planes": ("#56B4E9", "o"),
    "runs, blend": ("#D55E00", "P"),
    "pattern table": ("#0072B2", "D"),
}
DTYPES = {"uint8": ("#0072B2", "D"), "float32": ("#D55E00", "o")}


def processor_seconds(routine, *arguments):
    """Return how long one call keeps the processor busy, and its result."""
    start = time.process_time()
    result = routine(*arguments)
    return time.process_time() - start, result


def write_all(compose, samples, batch):
    """Write images and let them go, batch by batch."""
    for start in range(0, len(samples), batch):
        compose(samples[start : start + batch])


def copy(image, n_bytes):
    """Return the seconds of writing the image `N_IMAGES` times, round and round."""
    buffer = np.zeros((max(1, n_bytes // image.nbytes), *image.shape), image.dtype)
    buffer[:] = image  # or the first round meets memory that was never touched

    def write():
        for number in range(N_IMAGES):
            np.copyto(buffer[number % len(buffer)], image)

    return processor_seconds(write)[0]


def time_way(way, scene, samples):
    """Return the seconds of preparing and of writing `N_IMAGES` images."""
    prepare, n_rows = WAYS[way]
    preparation, compose = processor_seconds(prepare, *scene)
    batch = max(1, BATCH_BYTES // scene[0].nbytes)
    writing, _ = processor_seconds(write_all, compose, samples[:n_rows], batch)
    return preparation, writing * N_IMAGES / n_rows


def make_scene(size, n_segments, dtype, n_channels=3, axis=2):
    """Return image, background and labels, and which segments are shown.

    The labels have one channel, where the image has its channels.
    """
    picture = make_picture(size)
    segmenter = SlicSegmenter(n_segments, data_range=(0, 255))
    segments, segment_ids = create_segments(picture, segmenter)
    image = np.tile(picture, -(-n_channels // 3))[..., :n_channels].astype(dtype)
    image = np.ascontiguousarray(np.moveaxis(image, -1, axis))
    samples = np.random.default_rng(0).random((N_IMAGES, len(segment_ids))) < 0.5
    scene = image, np.full_like(image, 128), np.expand_dims(segments, axis)
    return scene, samples


def check_equal(scene, samples):
    """Raise an error unless all ways make the same images."""
    expected = where(*scene)(samples)
    for prepare, _ in WAYS.values():
        images = prepare(*scene)(samples)
        assert images.dtype == expected.dtype
        assert np.array_equal(images, expected)


def compare_ways(cell, rounds):
    """Return a row of the table: each way in multiples of the copy in cache."""
    scene, samples = make_scene(*cell)
    check_equal(scene, samples[:16])
    found = []
    for _ in range(rounds):
        floor = copy(scene[0], CACHE)
        row = {"through main memory": copy(scene[0], MEMORY) / floor}
        for way in WAYS:
            preparation, writing = time_way(way, scene, samples)
            row[way] = (preparation + writing) / floor
        row["preparing the table"] = preparation / floor
        row["copy, ms"] = 1000 * floor
        found.append(row)
    shape = "x".join(map(str, scene[0].shape))
    row = {"image": f"{shape} {scene[0].dtype}", "segments": samples.shape[1]}
    return row | {key: median(row[key] for row in found) for key in found[0]}


def compare_batches(dtype, rounds):
    """Return a row for each batch size: the table in multiples of the copy."""
    scene, samples = make_scene(224, 66, dtype)
    compose = patterns(*scene)
    found = {batch: [] for batch in BATCHES}
    for _ in range(rounds):
        floor = copy(scene[0], CACHE)
        for batch in BATCHES:
            seconds, _ = processor_seconds(write_all, compose, samples, batch)
            found[batch].append(seconds / floor)
    return [
        {
            "dtype": dtype,
            "images a batch": batch,
            "MiB a batch": batch * scene[0].nbytes / 2**20,
            "writing / copy": median(ratios),
        }
        for batch, ratios in found.items()
    ]


def compare_fills(rounds):
    """Return a row for each fill: whole explanations, asking a free black box."""
    (image, _, labels), _ = make_scene(224, 66, "uint8")
    found = {"mean": [], "randomise": [], "randomise-patch": []}
    explainers = {
        fill: ImageLimeExplainer(
            lambda images: images[:, 100, 100, 0],
            segmenter=PrecomputedSegmenter(labels[..., 0]),
            occluder=fill,
            n_perturbations=N_IMAGES,
            random_state=0,
        ).fit(image)
        for fill in found
    }
    for _ in range(rounds):
        floor = copy(image, MEMORY)
        for fill, explainer in explainers.items():
            seconds, _ = processor_seconds(explainer.explain, image)
            found[fill].append(seconds / floor)
    ratios = {fill: median(values) for fill, values in found.items()}
    return [
        {
            "fill": fill,
            "explanation / copy through main memory": ratio,
            "explanation / that with the mean": ratio / ratios["mean"],
        }
        for fill, ratio in ratios.items()
    ]


def draw_ways(rows):
    """Draw a line for each cell, with a mark for each way."""
    figure, ax = plt.subplots(figsize=(8.5, 5))
    for place, row in enumerate(rows):
        ax.axhline(place, color="#dddddd", lw=0.8, zorder=0)
        ax.plot(row["through main memory"], place, "|", color="black", ms=14, mew=2)
        for number, (way, (colour, marker)) in enumerate(STYLES.items()):
            height = place + 0.08 * (number - 2.5)  # so that none hides another
            ax.plot(row[way], height, marker, color=colour, ms=7, mec="white", mew=0.5)
    ax.axvline(1, color="black", lw=1)
    handles = [
        plt.Line2D([], [], color=colour, marker=marker, ls="", ms=8, label=way)
        for way, (colour, marker) in STYLES.items()
    ]
    for width, label in ((2, "copy through main memory"), (1, "copy in cache")):
        tick = plt.Line2D([], [], color="black", marker="|", ls="", ms=12, mew=width)
        tick.set_label(label)
        handles.append(tick)
    figure.legend(handles=handles, loc="upper center", ncols=4, frameon=False)
    ax.set(xscale="log", yticks=range(len(rows)), xlim=(0.8, None))
    ax.set_yticklabels([f"{row['image']}, {row['segments']} segments" for row in rows])
    ax.set_xlabel("processor time to write 1000 images / plain copy in cache")
    finish(ax)
    ax.invert_yaxis()
    figure.tight_layout(rect=(0, 0, 1, 0.89))
    return figure


def draw_batches(rows):
    """Draw what writing costs against the memory of one batch."""
    figure, ax = plt.subplots(figsize=(6, 3.6))
    for dtype, (colour, marker) in DTYPES.items():
        of = [row for row in rows if row["dtype"] == dtype]
        sizes, ratios = (
            [row[key] for row in of] for key in ("MiB a batch", "writing / copy")
        )
        ax.plot(sizes, ratios, color=colour, marker=marker, label=f"224x224x3, {dtype}")
    ax.axvline(16, color="black", lw=1, ls=":")
    ax.text(17, 0.4, "default")
    ax.set(xscale="log", ylim=(0, None), xlabel="MiB of one batch")
    ax.set_ylabel("processor time of writing\n/ plain copy in cache")
    ax.set_xticks([1, 2, 4, 8, 16, 32, 64, 128, 256])
    ax.legend(frameon=False, loc="upper left")
    finish(ax)
    figure.tight_layout()
    return figure


def finish(ax):
    """Write plain numbers along x."""
    ax.xaxis.set_major_formatter("{x:g}")
    ax.minorticks_off()
    ax.grid(axis="x", alpha=0.3)
    ax.spines[["top", "right"]].set_visible(False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with threadpool_limits(1):
        ways = [compare_ways(cell, rounds) for cell in CELLS]
        batches = [row for dtype in DTYPES for row in compare_batches(dtype, rounds)]
        fills = compare_fills(rounds)
    write_table("composition", ways)
    save_figure(draw_ways(ways), "composition")
    write_table("batches", batches)
    save_figure(draw_batches(batches), "batches")
    write_table("fills", fills)
