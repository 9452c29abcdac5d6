"""What `import sklime` adds to importing what it uses of scikit-learn and scikit-image.

In a fresh process these modules are imported first, then sklime; in another one sklime
alone. sklime's own modules are also timed by ``python -X importtime``, without what
they import. Milliseconds, medians of rounds in turn; about a minute.
"""
# SPDX-License-Identifier: BSD-3-Clause

import subprocess
import sys

import numpy as np
from report import write_table

ROUNDS = 11
TIMED = """
import importlib, time
for names in {steps!r}:
    start = time.perf_counter(), time.process_time()
    for name in names:
        importlib.import_module(name)
    print(time.perf_counter() - start[0], time.process_time() - start[1])
"""


def run(*arguments):
    """Run Python and return what it prints, and what it says on the error stream."""
    done = subprocess.run(
        [sys.executable, *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout, done.stderr


def list_modules():
    """Return the modules of scikit-learn and scikit-image that sklime imports."""
    printed, _ = run("-c", "import sys, sklime; print(*sys.modules)")
    return [
        name for name in printed.split() if name.split(".")[0] in ("sklearn", "skimage")
    ]


def time_imports(*steps):
    """Return wall-clock and processor milliseconds of importing lists of modules."""
    printed, _ = run("-c", TIMED.format(steps=steps))
    return [[1000 * float(n) for n in line.split()] for line in printed.splitlines()]


def time_own_modules():
    """Return the milliseconds of sklime's own modules, without what they import."""
    _, said = run("-X", "importtime", "-c", "import sklime")
    lines = [line.removeprefix("import time:").split("|") for line in said.splitlines()]
    own = [int(spent) for spent, _, name in lines if name.strip().startswith("sklime")]
    return sum(own) / 1000


def measure():
    """Return the rows of the table."""
    used = list_modules()
    names = [
        f"{len(used)} modules of scikit-learn and scikit-image",
        "then sklime",
        "sklime alone, with all that it imports",
        "sklime's own modules (-X importtime)",
    ]
    rounds = [
        [
            *time_imports(used, ["sklime"]),
            *time_imports(["sklime"]),
            [time_own_modules(), np.nan],
        ]
        for _ in range(ROUNDS)
    ]
    medians = np.median(rounds, axis=0).tolist()
    return [
        {"import": name, "ms": wall, "processor ms": busy}
        for name, (wall, busy) in zip(names, medians, strict=True)
    ]


if __name__ == "__main__":
    write_table("start_up", measure())
