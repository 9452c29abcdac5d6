"""Write what a benchmark measured: a table, a figure, and on what machine."""
# SPDX-License-Identifier: BSD-3-Clause

import csv
import datetime
import os
import platform
from pathlib import Path

import numpy as np
from skimage import data, transform

RESULTS = Path(__file__).parent / "results"
IMAGES = Path(__file__).parent.parent / "docs" / "images"


def make_picture(size):
    """Return a photograph of size x size pixels, uint8 in colour."""
    picture = transform.resize(data.astronaut(), (size, size), anti_aliasing=True)
    return np.rint(picture * 255).astype(np.uint8)


def describe_machine():
    """Return the date and the machine's kind, in one line."""
    model = platform.machine()
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        names = [line.split(":")[1].strip() for line in lines if "model name" in line]
        model = names[0] if names else model
    today = datetime.date.today().isoformat()
    return (
        f"{today}: {os.cpu_count()} cores, {model}, Python "
        f"{platform.python_version()}, numpy {np.__version__}"
    )


def write_table(name, rows):
    """Write rows, dictionaries with the same keys, to ``results/name.csv``; print them.

    Numbers are written with three digits, which is more than they are good for.
    """
    rows = [{key: _shorten(value) for key, value in row.items()} for row in rows]
    RESULTS.mkdir(exist_ok=True)
    with open(RESULTS / f"{name}.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    widths = {k: max(len(k), *(len(row[k]) for row in rows)) for k in rows[0]}
    for row in [{key: key for key in rows[0]}, *rows]:
        print("  ".join(row[key].rjust(width) for key, width in widths.items()))
    print(describe_machine())


def save_figure(figure, name):
    """Save a matplotlib figure where the documentation shows it."""
    figure.savefig(IMAGES / f"performance_{name}.png", dpi=120, bbox_inches="tight")


def _shorten(value):
    return f"{value:.3g}" if isinstance(value, float) else str(value)
