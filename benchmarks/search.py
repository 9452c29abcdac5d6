"""What a search asks the black box, with `memory` and without.

Grids of 1 to 24 candidates, surrogates times kernel widths, over three photographs;
scored by fidelity, which asks nothing more, and by the default score, faithfulness,
which asks about each candidate's own order of segments. Then a grid of numbers of
perturbations. The black box counts its rows and is free, so seconds are sklime's own;
a network's come on top, for each row. Every search starts with an empty folder. About
a minute.
"""
# SPDX-License-Identifier: BSD-3-Clause

import tempfile
import time
import warnings

import matplotlib.pyplot as plt
import numpy as np
from report import save_figure, write_table
from skimage import data, transform
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsRegressor
from sklearn.tree import DecisionTreeRegressor

from sklime import ImageLimeExplainer
from sklime.metrics import fidelity_scorer
from sklime.segmentation import SlicSegmenter

SIZE, N_PERTURBATIONS = 96, 128
SURROGATES = [
    Ridge(),
    Ridge(10),
    LinearRegression(),
    DecisionTreeRegressor(max_depth=3, random_state=0),
    DecisionTreeRegressor(max_depth=5, random_state=0),
    KNeighborsRegressor(),
]
WIDTHS = [0.25, 0.5, 1.0, 0.1]
SHAPES = [(1, 1), (2, 1), (2, 2), (4, 2), (4, 4), (6, 4)]  # surrogates, widths
COUNTS = [64, 128, 256, 512]
SCORES = {"fidelity": fidelity_scorer, "faithfulness (default)": None}
COLOURS = {"fidelity": "#0072B2", "faithfulness (default)": "#D55E00"}


class Redness:
    """Answer how red the middle of an image is, and count.

    Attributes
    ----------
    n_rows : int
        How many images it was asked about.
    """

    def __init__(self):
        self.n_rows = 0

    def __call__(self, images):
        """Return a value in [0, 1] of each image, an array of shape (n,)."""
        self.n_rows += len(images)
        quarter = SIZE // 4
        middle = images[:, quarter:-quarter, quarter:-quarter].mean(axis=(1, 2))
        red, green, blue = np.moveaxis(middle / 255, -1, 0)
        return 1 / (1 + np.exp(-8 * (red - (green + blue) / 2)))


def read_photographs():
    """Return a face, a cup and a cat, an array of shape (3, SIZE, SIZE, 3), uint8."""
    images = [
        transform.resize(read(), (SIZE, SIZE), anti_aliasing=True)
        for read in (data.astronaut, data.coffee, data.chelsea)
    ]
    return np.rint(255 * np.array(images)).astype(np.uint8)


def search(images, grid, scoring, memory):
    """Return what a search asks and takes, a dict."""
    black_box, every = Redness(), np.arange(len(images))
    explainer = ImageLimeExplainer(
        black_box,
        segmenter=SlicSegmenter(n_segments=40),
        n_perturbations=N_PERTURBATIONS,
        memory=memory,
        memory_key="redness" if memory else None,
        random_state=0,
    )
    candidates = GridSearchCV(
        explainer, grid, scoring=scoring, cv=[(every, every)], error_score="raise"
    )
    start = time.perf_counter(), time.process_time()
    candidates.fit(images)
    return {
        "rows": black_box.n_rows,
        "seconds": time.perf_counter() - start[0],
        "processor seconds": time.process_time() - start[1],
    }


def compare(images, name, grid, n_candidates, score):
    """Return a row of the table: one search without memory, and one with it."""
    row = {"grid": name, "score": score, "candidates": n_candidates}
    with tempfile.TemporaryDirectory() as folder:
        found = {
            "no memory": search(images, grid, SCORES[score], None),
            "memory": search(images, grid, SCORES[score], folder),
        }
    for measure in found["memory"]:
        row |= {f"{measure}, {kind}": of[measure] for kind, of in found.items()}
    ratio = row["rows, no memory"] / row["rows, memory"]
    return row | {"rows without / with": ratio}


def compare_all(images):
    """Return the rows of the table."""
    rows = []
    for score in SCORES:
        for n_surrogates, n_widths in SHAPES:
            grid = {
                "surrogate": SURROGATES[:n_surrogates],
                "kernel_width": WIDTHS[:n_widths],
            }
            size = n_surrogates * n_widths
            rows.append(compare(images, "surrogate, width", grid, size, score))
    for number in range(1, len(COUNTS) + 1):
        grid = {"n_perturbations": COUNTS[:number]}
        rows.append(compare(images, "n_perturbations", grid, number, "fidelity"))
    return rows


def draw(rows):
    """Draw rows asked and seconds against candidates, with memory and without."""
    figure, panels = plt.subplots(1, 2, figsize=(9.5, 4))
    rows = [row for row in rows if row["grid"] == "surrogate, width"]
    for ax, measure in zip(panels, ("rows", "processor seconds"), strict=True):
        for score, colour in COLOURS.items():
            of = [row for row in rows if row["score"] == score]
            counts = [row["candidates"] for row in of]
            for kind, style in (("no memory", "o--"), ("memory", "D-")):
                values = [row[f"{measure}, {kind}"] for row in of]
                label = f"{score}, {kind}"
                ax.plot(counts, values, style, color=colour, label=label, ms=5)
        ax.set(xlabel="candidates", xticks=counts, ylim=(0, None))
        ax.grid(alpha=0.3)
        ax.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel("rows that the black box is asked\nfor three photographs")
    panels[1].set_ylabel("processor seconds of sklime\n(the black box is free)")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper center", ncols=4, frameon=False)
    figure.tight_layout(rect=(0, 0, 1, 0.93))
    return figure


if __name__ == "__main__":
    warnings.filterwarnings("ignore", "All weights of a label are zero")
    rows = compare_all(read_photographs())
    write_table("search", rows)
    save_figure(draw(rows), "search")
