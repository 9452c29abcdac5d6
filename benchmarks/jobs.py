"""What more workers gain: 64 images, in processes, in threads and on a dask cluster.

One black box waits 20 ms for each row, as one does that asks a graphics card or a
server, and leaves the processor to others. The other is free: what is left is what
sklime does, and what it costs to send images out and explanations back. One worker is
``n_jobs=1``, without a backend; workers are started before anything is timed.
Wall-clock seconds; about three minutes.
"""
# SPDX-License-Identifier: BSD-3-Clause

import logging
import os
import time
from contextlib import contextmanager
from importlib.util import find_spec
from statistics import median

import joblib
import matplotlib.pyplot as plt
from report import make_picture, save_figure, write_table

from sklime import ImageLimeExplainer
from sklime.segmentation import GridSegmenter

SIZE, WORKERS = 64, (1, 2, 4)
BACKENDS = (
    ["loky", "threading", "dask"] if find_spec("distributed") else ["loky", "threading"]
)
STYLES = {  # colours of Okabe and Ito
    "loky": {"color": "#0072B2", "marker": "D", "ls": "-"},
    "threading": {"color": "#D55E00", "marker": "o", "ls": "--"},
    "dask": {"color": "#009E73", "marker": "^", "ls": "-."},
}


class Waiter:
    """Answer after a while for each image."""

    def __init__(self, seconds):
        self.seconds = seconds

    def predict(self, images):
        """Return a value of each image, an array of shape (n,)."""
        time.sleep(self.seconds * len(images))
        return images[:, ::16, ::16].mean(axis=(1, 2, 3))


BLACK_BOXES = {  # black box, perturbations, rounds
    "waits 20 ms a row": (Waiter(0.02), 16, 1),
    "free": (Waiter(0), 1024, 3),
}


def cut_tiles():
    """Return tiles of a photograph, an array of shape (64, 64, 64, 3)."""
    rows = make_picture(8 * SIZE).reshape(8, SIZE, 8, SIZE, 3).swapaxes(1, 2)
    return rows.reshape(-1, SIZE, SIZE, 3)


def start_worker():
    """Load what a worker needs, and stay long enough for every worker to get one."""
    import sklime  # noqa: F401

    time.sleep(2)


@contextmanager
def workers_of(backend, n_workers):
    """Give joblib its workers, for as long as the context lasts."""
    if backend != "dask":
        with joblib.parallel_config(backend=backend, n_jobs=n_workers):
            joblib.Parallel()(joblib.delayed(start_worker)() for _ in range(n_workers))
            yield
        return
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=n_workers,
            threads_per_worker=1,
            dashboard_address=None,
            silence_logs=logging.ERROR,
        ) as cluster,
        Client(cluster) as client,
        joblib.parallel_config(backend="dask"),
    ):
        client.run(start_worker)
        yield


def seconds(explainer, images, rounds):
    """Return how long it takes to explain the images, the median of some rounds."""
    explainer.explain(images[:4])  # the first one loads what is loaded late
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        explainer.explain(images)
        found.append(time.perf_counter() - start)
    return median(found)


def compare(name, tiles):
    """Return a row for each backend and number of workers."""
    model, n_perturbations, rounds = BLACK_BOXES[name]
    explainer = ImageLimeExplainer(
        model,
        segmenter=GridSegmenter(3, 3),
        occluder=128,
        n_perturbations=n_perturbations,
        random_state=0,
    ).fit(tiles)
    alone = seconds(explainer.set_params(n_jobs=1), tiles, rounds)
    explainer.set_params(n_jobs=None)
    rows = []
    for backend in BACKENDS:
        for n_workers in WORKERS:
            taken = alone
            if n_workers > 1:
                with workers_of(backend, n_workers):
                    taken = seconds(explainer, tiles, rounds)
            rows.append(
                {
                    "black box": name,
                    "backend": backend,
                    "workers": n_workers,
                    "images": len(tiles),
                    "seconds": taken,
                    "images per second": len(tiles) / taken,
                    "ratio to one worker": alone / taken,
                }
            )
    return rows


def draw(rows):
    """Draw images per second against workers, a panel for each black box."""
    figure, panels = plt.subplots(1, len(BLACK_BOXES), figsize=(9, 3.8))
    for ax, name in zip(panels, BLACK_BOXES, strict=True):
        of = [row for row in rows if row["black box"] == name]
        ideal = [of[0]["images per second"] * number for number in WORKERS]
        ax.plot(WORKERS, ideal, color="black", lw=1, ls=":", label="ideal")
        for backend in BACKENDS:
            rates = [r["images per second"] for r in of if r["backend"] == backend]
            ax.plot(WORKERS, rates, label=backend, ms=6, **STYLES[backend])
        ax.set(title=f"black box: {name}", xlabel="workers", xticks=WORKERS)
        ax.set(ylim=(0, None), ylabel="images per second")
        ax.grid(alpha=0.3)
        ax.spines[["top", "right"]].set_visible(False)
    panels[0].legend(frameon=False)
    cores = os.cpu_count()
    figure.supxlabel(
        f"{cores} cores: with more workers than that only waiting overlaps.",
        size="small",
    )
    figure.tight_layout()
    return figure


if __name__ == "__main__":
    tiles = cut_tiles()
    rows = [row for name in BLACK_BOXES for row in compare(name, tiles)]
    write_table("jobs", rows)
    save_figure(draw(rows), "jobs")
