"""What a library adds around the calls of the black box: seconds and memory.

Every measurement is a process of its own, on one thread: after the explanation of a
tiny image, which loads what is loaded late, the median of up to five of the same image.
Seconds are the processor's; memory is the peak above what was held before. The
libraries take turns inside a round; ratios are medians over rounds of ratios inside a
round. `peers.py` has the calls.

    python overhead.py --check    are these explanations?
    python overhead.py --quick    one cell, one round
    python overhead.py            all cells, three rounds, about an hour
"""
# SPDX-License-Identifier: BSD-3-Clause

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from itertools import chain, product
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np
import peers
from peers import COPIES, LIBRARIES, PEERS, REFERENCES
from report import RESULTS, make_picture, save_figure, write_table
from skimage.segmentation import slic

ONE_THREAD = dict.fromkeys(
    ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"], "1"
)
MEMORY = 8e9  # bytes that no measurement should need more of


class Cell(NamedTuple):
    """What is explained: pixels a side, segments asked for, perturbations."""

    size: int
    segments: int
    perturbations: int

    def __str__(self):
        return f"{self.size}px-{self.segments}segments-{self.perturbations}"


BASE = Cell(224, 50, 1000)
AXES = {
    "segments": [Cell(224, segments, 1000) for segments in (10, 50, 200, 800)],
    "size": [Cell(128, 50, 1000), BASE, Cell(512, 50, 1000), Cell(1024, 50, 250)],
    "perturbations": [Cell(224, 50, number) for number in (250, 1000, 4000)],
}
OTHERS = [
    Cell(128, 200, 1000),
    Cell(512, 200, 1000),
    Cell(1024, 200, 250),
    Cell(224, 200, 250),
    Cell(224, 200, 4000),
    Cell(128, 10, 250),
    Cell(128, 200, 250),
]
CELLS = list(dict.fromkeys([BASE, *chain(*AXES.values()), *OTHERS]))


def save_scene(cell, folder):
    """Write image and label map of a cell to a file; return it and the segments found.

    slic finds fewer segments than it is asked for: it is asked for more and more.
    """
    path = Path(folder) / f"{cell.size}-{cell.segments}.npz"
    if not path.exists():
        image, asked, found = make_picture(cell.size), cell.segments, 0
        while found < cell.segments:
            segments = slic(image, n_segments=asked, start_label=0)
            found = len(np.unique(segments))
            asked += max(1, cell.segments // 20)
        np.savez(path, image=image, segments=segments)
    with np.load(path) as arrays:
        return path, int(arrays["segments"].max()) + 1


def limit_perturbations(name, cell):
    """Return how many perturbations fit into memory.

    visualime holds all perturbed images and their differences in float64, 17 bytes for
    each value.
    """
    number = cell.perturbations
    while name == "visualime" and 17 * 3 * cell.size**2 * number > MEMORY:
        number //= 2
    return number


def run(name, cell, folder):
    """Measure in a new process; return a record, or None if the library failed."""
    scene, found = save_scene(cell, folder)
    number = limit_perturbations(name, cell)
    done = subprocess.run(
        [sys.executable, peers.__file__, name, str(scene), str(number)],
        env={**os.environ, **ONE_THREAD},
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        print(f"{name} failed at {cell}:\n{done.stderr}", file=sys.stderr)
        return None
    measured = json.loads(done.stdout.splitlines()[-1])
    scale = cell.perturbations / number
    measured["seconds"] *= scale
    measured["megabytes"] *= scale
    return {"name": name, **cell._asdict(), "found": found, "scale": scale, **measured}


def run_all(cells, n_rounds, raw):
    """Measure what the file does not hold yet and append it, a line a measurement."""
    done = gather(read(raw))
    with tempfile.TemporaryDirectory() as folder, open(raw, "a") as file:
        names = (*LIBRARIES, *COPIES)
        for round_, cell, name in product(range(n_rounds), cells, names):
            if round_ in done[cell][name]:
                continue
            record = run(name, cell, folder)
            if record is not None:
                del record["weights"]
                print(json.dumps({"round": round_, **record}), file=file, flush=True)
                print(f"{round_}  {cell}  {name}  {record['seconds']:.3f} s")


def read(raw):
    """Return all measurements of a file, a list of dictionaries."""
    return [json.loads(line) for line in raw.read_text().splitlines()]


def find_cell(record):
    """Return the cell of a record."""
    return Cell(*(record[key] for key in Cell._fields))


def check():
    """Print how the weights of each library agree with those of sklime."""
    with tempfile.TemporaryDirectory() as folder:
        ours = {name: run(name, BASE, folder)["weights"] for name in REFERENCES}
        theirs = {name: run(name, BASE, folder)["weights"] for name in PEERS}
    print("library        weights  largest  its segment  correlation with sklime")
    for name, weights in {**ours, **theirs}.items():
        fill = "sklime, black" if name in ("visualime", "sklime, black") else "sklime"
        correlation = np.corrcoef(weights, ours[fill])[0, 1]
        segment = np.abs(weights).argmax()
        print(
            f"{name:13s}  {len(weights):7d}  {weights[segment]:7.2f}"
            f"  {segment:11d}  {correlation:23.3f}"
        )


# What is made of them


def gather(records):
    """Return the records by cell, by name and by round."""
    gathered = defaultdict(lambda: defaultdict(dict))
    for record in records:
        gathered[find_cell(record)][record["name"]][record["round"]] = record
    return gathered


def typical(by_round, key):
    """Return the median over rounds, NaN if there are none."""
    return median(record[key] for record in by_round.values()) if by_round else np.nan


def compare(by_round, others):
    """Return the median over rounds of the ratio of seconds inside a round."""
    ratios = [
        by_round[round_]["seconds"] / others[round_]["seconds"]
        for round_ in by_round.keys() & others.keys()
    ]
    return median(ratios) if ratios else np.nan


def is_scaled(by_round):
    """Return whether fewer perturbations were measured, and scaled."""
    return any(record["scale"] > 1 for record in by_round.values())


def count_segments(names):
    """Return how many segments slic found."""
    return next(iter(chain(*map(dict.values, names.values()))))["found"]


def make_row(cell, names):
    """Return a row of the table; a star marks what was scaled."""
    ours = names["sklime"]
    ratios = {name: compare(names[name], ours) for name in PEERS}
    memory = {name: typical(names[name], "megabytes") for name in PEERS}

    def mark(value, name):
        return f"{value:.3g}*" if is_scaled(names[name]) else value

    return {
        "size": cell.size,
        "segments": count_segments(names),
        "perturbations": cell.perturbations,
        "rounds": max(map(len, names.values())),
        "sklime s": typical(ours, "seconds"),
        "fit_explain s": typical(names["fit_explain"], "seconds"),
        **{f"{name} / sklime": mark(ratios[name], name) for name in PEERS},
        "best peer / sklime": float(np.nanmin([*ratios.values()])),
        **{f"sklime / {name}": compare(ours, names[name]) for name in COPIES},
        "sklime MB": typical(ours, "megabytes"),
        **{f"{name} MB": mark(memory[name], name) for name in PEERS},
    }


# colours of Okabe and Ito, marker, line
STYLES = {
    "FAT-Forensics": ("#D55E00", "s", "-"),
    "visualime": ("#CC79A7", "D", "-"),
    "lime": ("#009E73", "^", "-"),
    "captum": ("#0072B2", "v", "-"),
    "sklime": ("#000000", "o", "-"),
    "copy to memory": ("#777777", "", "--"),
    "copy in cache": ("#777777", "", ":"),
}
PANELS = {
    "segments": "segments\n(224 x 224 pixels, 1000 perturbations)",
    "size": "pixels a side\n(about 50 segments, 1000 perturbations)",
    "perturbations": "perturbations\n(224 x 224 pixels, about 50 segments)",
}


def draw(gathered):
    """Return a figure: seconds against segments, pixels and perturbations."""
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(
        1, 3, figsize=(11, 4.6), sharey=True, layout="constrained"
    )
    for panel, axis in zip(panels, PANELS, strict=True):
        panel.set(xscale="log", yscale="log", xlabel=PANELS[axis])
        for name in STYLES:
            draw_line(panel, find_points(axis, name, gathered), name)
        panel.spines[["top", "right"]].set_visible(False)
        panel.grid(alpha=0.3)
    panels[0].set_ylabel("processor seconds of one explanation")
    panels[0].yaxis.set_major_formatter("{x:g}")
    figure.supxlabel(
        "Hollow: fewer perturbations were measured, and scaled. "
        "Copies write as many bytes and do nothing else.",
        size="small",
    )
    label_lines(panels[-1])
    return figure


def find_points(axis, name, gathered):
    """Return place, seconds and whether they were scaled, for each cell of an axis."""
    points = []
    for cell in AXES[axis]:
        by_round = gathered.get(cell, {}).get(name)
        if by_round:
            found = count_segments(gathered[cell])
            place = found if axis == "segments" else getattr(cell, axis)
            factor = BASE.perturbations / cell.perturbations if axis == "size" else 1
            scaled = factor > 1 or is_scaled(by_round)
            points.append((place, factor * typical(by_round, "seconds"), scaled))
    return points


def draw_line(panel, points, name):
    """Draw one library; hollow marks stand for fewer perturbations, scaled."""
    colour, marker, line = STYLES[name]
    places, seconds, _ = zip(*points, strict=True)
    width = 2.5 if name == "sklime" else 1.5
    panel.plot(places, seconds, line, color=colour, linewidth=width, label=name)
    for place, second, scaled in points:
        face = "white" if scaled else colour
        panel.plot(place, second, marker=marker, color=colour, markerfacecolor=face)
    panel.set_xticks(places, [str(place) for place in places])
    panel.set_xticks([], minor=True)


def label_lines(panel, gap=0.24):
    """Write the lines' names at their right ends, ``gap`` in log10 apart."""
    lines = [line for line in panel.lines if line.get_label() in STYLES]
    height = -np.inf
    for line in sorted(lines, key=lambda line: line.get_ydata()[-1]):
        height = max(height + gap, np.log10(line.get_ydata()[-1]))
        panel.annotate(
            line.get_label(),
            (1.03, 10**height),
            xycoords=("axes fraction", "data"),
            color=line.get_color(),
            va="center",
        )


def read_arguments():
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description="See the top of this file.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cells", nargs="+", help="numbers, or parts of names")
    parser.add_argument("--quick", action="store_true", help="one cell, one round")
    parser.add_argument("--check", action="store_true", help="compare the weights")
    parser.add_argument("--raw", type=Path, help="file of all measurements")
    parser.add_argument("--resume", action="store_true", help="go on with that file")
    return parser.parse_args()


def choose_cells(wanted):
    """Return the cells whose number, or part of whose name, is wanted."""
    chosen = {
        cell
        for part in wanted
        for number, cell in enumerate(CELLS)
        if (part == str(number) if part.isdigit() else part in str(cell))
    }
    if not chosen:
        listed = "\n".join(f"{number:3d}  {cell}" for number, cell in enumerate(CELLS))
        raise SystemExit(f"--cells {' '.join(wanted)} names none of\n{listed}")
    return [cell for cell in CELLS if cell in chosen]


def main():
    """Measure, write the table and, if no cell is missing, draw the figure."""
    options = read_arguments()
    if options.check:
        check()
        return
    cells = choose_cells(options.cells) if options.cells else CELLS
    if options.quick:
        cells, options.rounds = [BASE], 1
    name = "overhead" if cells == CELLS else "overhead_part"
    raw = options.raw or RESULTS / f"{name}.jsonl"
    raw.parent.mkdir(exist_ok=True)
    if not options.resume or not raw.exists():
        raw.write_text("")
    run_all(cells, options.rounds, raw)
    gathered = gather(read(raw))
    rows = [make_row(cell, gathered[cell]) for cell in CELLS if cell in gathered]
    whole = len(rows) == len(CELLS)
    write_table("overhead" if whole else "overhead_part", rows)
    if whole:
        save_figure(draw(gathered), "overhead")


if __name__ == "__main__":
    main()
