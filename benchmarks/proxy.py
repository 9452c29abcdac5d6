"""Whether a cheap proxy of the black box saves calls.

A proxy learns the answers of a design, and is read linearly in three ways: by ridge on
its answers to 16,384 rows that cost no call (`free rows`), by its average effects over
the rows that were asked (`effects`, what ``surrogate=GradientBoostingRegressor()``
does in sklime), and by the first plus a ridge on what the proxy leaves of the true
answers (`residuals`). Each is compared with plain ridge on the same rows. Ridge whose
penalty is chosen by cross-validation stands beside them: what it gains is no merit of
a proxy. Answers of the network come from the folder of ``calls.py``.
"""
# SPDX-License-Identifier: BSD-3-Clause

import argparse
from functools import lru_cache
from pathlib import Path

import joblib
import matplotlib.pyplot as plt
import numpy as np
from calls import ANSWERS, DESIGNS, fit_ridge, make_network_boxes, sample_balanced
from cheap_boxes import MODELS, make_cheap_boxes
from report import save_figure, write_table
from sklearn.ensemble import (
    GradientBoostingRegressor,
    HistGradientBoostingRegressor,
    RandomForestRegressor,
)
from sklearn.linear_model import RidgeCV

from sklime.locality import weigh_samples
from sklime.surrogate import compute_average_effects, fit_surrogate

COUNTS = (64, 128, 256, 512, 1024)
N_ROWS_OF_ALL = 128  # where the slower proxies are measured too
N_FREE, FREE_SEED = 16384, 2_000_000
PROXIES = {
    "boosting": GradientBoostingRegressor(n_estimators=150, max_depth=3),
    "hist boosting": HistGradientBoostingRegressor(
        max_iter=150, max_depth=3, min_samples_leaf=5
    ),
    "forest": RandomForestRegressor(n_estimators=100),
}
READINGS = ("free rows", "effects", "residuals")
VARIANTS = ("RidgeCV", *(f"{p}, {r}" for p in PROXIES for r in READINGS))
ALPHAS = np.logspace(-1, 2, 13)
STYLES = {  # colours of Okabe and Ito
    "boosting, free rows": {"color": "#0072B2", "marker": "D"},
    "boosting, effects": {"color": "#D55E00", "marker": "o"},
    "boosting, residuals": {"color": "#56B4E9", "marker": "s", "ls": "--"},
    "RidgeCV": {"color": "#999999", "marker": "^", "ls": ":"},
}


@lru_cache
def draw_free(n_segments):
    """Return rows that only a proxy is asked."""
    return sample_balanced(n_segments, N_FREE, FREE_SEED)


def read(proxy, samples, answers, free):
    """Return the weights of three readings of a proxy, an array of shape (3, d).

    Parameters
    ----------
    proxy : regressor
        Not fitted.
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown in the rows that were asked.
    answers : ndarray of shape (n,)
        Of the black box.
    free : ndarray of shape (n_free, d), dtype bool
        Rows that only the proxy is asked.

    Returns
    -------
    ndarray of shape (3, d)
        In the order of `READINGS`.
    """
    _, sample_weights = weigh_samples(samples)
    fitted = fit_surrogate(samples, answers, sample_weights, proxy)
    from_free = fit_ridge(free, fitted.predict(free.astype(np.float64)))
    effects = compute_average_effects(fitted, samples, sample_weights)
    left = answers - fitted.predict(samples.astype(np.float64))
    return np.array([from_free, effects, from_free + fit_ridge(samples, left)])


def explain(box, design, n_rows, seed, names):
    """Return the squared error of plain ridge and of each variant, a dict."""
    samples = DESIGNS[design](box.n_segments, n_rows, seed)
    free = draw_free(box.n_segments)
    answers = box.ask(samples)
    _, sample_weights = weigh_samples(samples)
    chosen = fit_surrogate(samples, answers, sample_weights, RidgeCV(ALPHAS))
    weights = {"ridge": fit_ridge(samples, answers), "RidgeCV": chosen.coef_}
    for name in names:
        found = read(PROXIES[name], samples, answers, free)
        weights |= zip([f"{name}, {r}" for r in READINGS], found, strict=True)
    scale = box.limit @ box.limit
    return {
        name: float(((found - box.limit) ** 2).sum() / scale)
        for name, found in weights.items()
    }


def average(boxes, design, n_rows, options):
    """Return the mean squared errors over boxes and seeds, a dict."""
    compare_all = design == "balanced" and n_rows == N_ROWS_OF_ALL
    names = PROXIES if compare_all else ["boosting"]
    tasks = [(box, seed) for box in boxes for seed in range(options.seeds)]
    # Threads: a box holds a network, and trees leave the interpreter to others.
    with joblib.parallel_config(backend="threading", n_jobs=options.jobs):
        found = joblib.Parallel()(
            joblib.delayed(explain)(box, design, n_rows, seed, names)
            for box, seed in tasks
        )
    return {name: float(np.mean([e[name] for e in found])) for name in found[0]}


def tabulate(groups, options):
    """Return a row for each black box, design and number of calls."""
    rows = []
    for name, boxes in groups.items():
        for design in ("balanced", "lime"):
            for n_rows in COUNTS:
                errors = average(boxes, design, n_rows, options)
                ridge = errors["ridge"]
                row = {"black box": name, "design": design, "calls": n_rows}
                row |= {"error of ridge": ridge}
                row |= {v: ridge / errors[v] if v in errors else "-" for v in VARIANTS}
                rows.append(row)
    return rows


def draw(rows, design="balanced"):
    """Draw what each reading of boosting gains, a column for each black box."""
    names = list(dict.fromkeys(row["black box"] for row in rows))
    figure, axes = plt.subplots(
        1, len(names), figsize=(2.7 * len(names), 3.4), sharey=True
    )
    for ax, name in zip(axes, names, strict=True):
        of = [r for r in rows if r["black box"] == name and r["design"] == design]
        for variant, style in STYLES.items():
            gains = [row[variant] for row in of]
            ax.plot(COUNTS, gains, label=variant, ms=4, **style)
        ax.axhline(1, color="black", lw=0.8)
        ax.set(title=name, xscale="log", yscale="log", xlabel="calls")
        ax.set(xticks=COUNTS, xticklabels=COUNTS, yticks=(0.5, 1, 2, 4))
        ax.set_yticklabels(("0.5", "1", "2", "4"))
        ax.minorticks_off()
        ax.tick_params(axis="x", labelrotation=45)
        ax.grid(alpha=0.3)
        ax.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("squared error, ridge / variant")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper center", ncols=4, frameon=False)
    figure.tight_layout(rect=(0, 0, 1, 0.92))
    return figure


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=Path, default=ANSWERS, help="folder to keep")
    parser.add_argument("--seeds", type=int, default=10, help="explanations of each")
    parser.add_argument("--digits", type=int, default=4, help="of each cheap model")
    parser.add_argument("--jobs", type=int, default=1, help="threads")
    options = parser.parse_args()
    groups = {box.name: [box] for box in make_network_boxes(options.answers)}
    for box in make_cheap_boxes(list(MODELS), options.digits):
        groups.setdefault(box.name, []).append(box)
    rows = tabulate(groups, options)
    write_table("proxy", rows)
    save_figure(draw(rows), "proxy")
