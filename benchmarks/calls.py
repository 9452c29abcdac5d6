"""How near an explanation comes to its limit, and how stable it is, for its calls.

Designs that say which segments are shown: lime's own draw, pairs of complements, Sobol
bits and sklime's balanced arrays. Everything else is the same, and lime's: the cosine
kernel of width 0.25 and ``Ridge(alpha=1)``. Black boxes: EfficientNet-Lite0 on two
photographs (the extra ``examples``), and those of ``cheap_boxes``, whose limit is
exact. The network's 100,000 answers are kept in a folder: a second run asks nothing.
"""
# SPDX-License-Identifier: BSD-3-Clause

import argparse
import sys
from pathlib import Path

import joblib
import matplotlib.pyplot as plt
import numpy as np
from cheap_boxes import explain_limit, make_cheap_boxes
from matplotlib.ticker import LogLocator
from report import save_figure, write_table
from scipy.stats import qmc
from skimage import data
from sklearn.utils import check_random_state

from sklime.locality import weigh_samples
from sklime.metrics import jaccard_top_k
from sklime.occlusion import MeanOccluder
from sklime.perturbation import create_perturbations
from sklime.sampling import BalancedSampler, orthogonal_array
from sklime.segmentation import SlicSegmenter, create_segments
from sklime.surrogate import fit_surrogate

BATCH, SAVE_EVERY = 32, 1024
REFERENCE_SEEDS = (1_000_001, 1_000_002, 1_000_003)
COUNTS = {
    "network": (64, 128, 256, 512, 1024),
    "cheap": (64, 128, 256, 512, 1024, 2048),
}
# slic finds 36 and 41 segments
CHEAP = ("MLP", "forest")
JUDGED = ("lime", "balanced")  # the others save 20,000 calls of the network
ANSWERS = Path.home() / ".cache" / "sklime-benchmarks"
PICTURES = {"cat": (data.chelsea, 40), "espresso": (data.coffee, 45)}


def sample_as_lime(n_segments, n_rows, seed):
    """Return independent fair coins, by the calls that lime makes."""
    coins = check_random_state(seed).randint(0, 2, n_rows * n_segments)
    samples = coins.reshape(n_rows, n_segments).astype(bool)
    samples[0] = True
    return samples


def sample_pairs(n_segments, n_rows, seed):
    """Return rows of coins, each followed by its complement."""
    coins = check_random_state(seed).randint(0, 2, (n_rows // 2, n_segments)) > 0
    samples = np.stack([coins, ~coins], axis=1).reshape(n_rows, n_segments)
    samples[0] = True
    return samples


def sample_sobol(n_segments, n_rows, seed):
    """Return the leading bits of a scrambled Sobol sequence."""
    samples = qmc.Sobol(n_segments, scramble=True, rng=seed).random(n_rows) < 0.5
    samples[0] = True
    return samples


def sample_balanced(n_segments, n_rows, seed):
    """Return sklime's default."""
    return BalancedSampler().sample(n_segments, n_rows, seed)


DESIGNS = {
    "lime": sample_as_lime,
    "pairs": sample_pairs,
    "sobol": sample_sobol,
    "balanced": sample_balanced,
}


STYLES = {  # colours of Okabe and Ito
    "lime": {"color": "#D55E00", "marker": "o", "ms": 4},
    "pairs": {"color": "#999999", "marker": "^", "ms": 4, "lw": 1},
    "sobol": {"color": "#56B4E9", "marker": "s", "ms": 4, "lw": 1},
    "balanced": {"color": "#0072B2", "marker": "D", "ms": 5, "lw": 2.2},
}


class NetworkBox:
    """EfficientNet-Lite0's probability of the class that it sees in a photograph.

    Parameters
    ----------
    name : str
        A key of `PICTURES`.
    network : EfficientNetLite
        With `predict_proba`.
    image : ndarray of shape (224, 224, 3), dtype uint8
        The photograph.
    folder : Path
        Where answers are kept.

    Attributes
    ----------
    n_segments : int
        Number of segments, d.
    limit : ndarray of shape (d,)
        What the weights tend to, from 12,288 calls.
    limit_error : float
        Its squared standard error, relative to its squared length.
    """

    def __init__(self, name, network, image, folder):
        self.name, self.network, self.image = name, network, image
        segmenter = SlicSegmenter(n_segments=PICTURES[name][1], data_range=(0, 255))
        self.segments, segment_ids = create_segments(image, segmenter)
        self.n_segments = len(segment_ids)
        background = MeanOccluder().fill(image, self.segments)
        self.background = np.rint(background).astype(np.uint8)
        self.label = network.predict_proba(image[np.newaxis])[0].argmax()
        key = joblib.hash((image, self.segments, self.background, int(self.label)))
        self.file = folder / f"{name}-{key[:12]}.npz"
        self.known = self._load()
        self.limit, self.limit_error = self._find_limit()

    def ask(self, samples):
        """Return an answer for each row, an array of shape (n,)."""
        keys = [row.tobytes() for row in np.packbits(samples, axis=1)]
        places = {key: i for i, key in enumerate(keys) if key not in self.known}
        missing = list(places.values())
        for start in range(0, len(missing), BATCH):
            rows = missing[start : start + BATCH]
            images = create_perturbations(
                self.image, self.background, self.segments, samples[rows]
            )
            answers = self.network.predict_proba(images)[:, self.label]
            self.known |= zip([keys[i] for i in rows], answers.tolist(), strict=True)
            if start % SAVE_EVERY == 0 or rows[-1] == missing[-1]:
                self._save()
        return np.array([self.known[key] for key in keys])

    def _load(self):
        if not self.file.exists():
            return {}
        with np.load(self.file) as kept:
            keys = [row.tobytes() for row in kept["rows"]]
            return dict(zip(keys, kept["answers"].tolist(), strict=True))

    def _save(self):
        rows = [np.frombuffer(key, dtype=np.uint8) for key in self.known]
        unfinished = self.file.with_suffix(".part.npz")
        np.savez(unfinished, rows=rows, answers=list(self.known.values()))
        unfinished.replace(self.file)

    def _find_limit(self):
        """Return the mean of least squares on three arrays of strength 4."""
        arrays = [orthogonal_array(self.n_segments, 4, s) for s in REFERENCE_SEEDS]
        limits = np.array([explain_limit(rows, self.ask(rows)) for rows in arrays])
        limit = limits.mean(axis=0)
        variance = limits.var(axis=0, ddof=1).sum() / len(limits)
        return limit, variance / (limit @ limit)


def make_network_boxes(folder):
    """Return a box for each photograph."""
    sys.path.append(str(Path(__file__).parent.parent / "examples"))
    from efficientnet_lite import EfficientNetLite, crop_and_resize

    folder.mkdir(parents=True, exist_ok=True)
    network = EfficientNetLite(threads=0)  # as many as onnxruntime likes
    return [
        NetworkBox(name, network, crop_and_resize(read()), folder)
        for name, (read, _) in PICTURES.items()
    ]


def explain(box, design, n_rows, n_seeds):
    """Return the weights of `n_seeds` explanations, a row each."""
    draws = [DESIGNS[design](box.n_segments, n_rows, s) for s in range(n_seeds)]
    return np.array([fit_ridge(samples, box.ask(samples)) for samples in draws])


def fit_ridge(samples, answers):
    """Return the weights of sklime's default surrogate, which is lime's."""
    _, sample_weights = weigh_samples(samples)
    return fit_surrogate(samples, answers, sample_weights).coef_


def score(weights, limit):
    """Return the mean relative squared error and two agreements of the top five.

    Parameters
    ----------
    weights : ndarray of shape (m, d)
        Of several explanations.
    limit : ndarray of shape (d,)
        What they tend to.

    Returns
    -------
    ndarray of shape (3,)
        Error, Jaccard index between explanations, and with the limit.
    """
    errors = ((weights - limit) ** 2).sum(axis=1) / (limit @ limit)
    with_limit = [jaccard_top_k([row, limit]) for row in weights]
    return np.array([errors.mean(), jaccard_top_k(weights), np.mean(with_limit)])


def score_designs(box, n_seeds):
    """Return scores of shape (n_designs, n_counts, 3), NaN where none was asked for."""
    scores = np.full((len(DESIGNS), len(count_rows(box)), 3), np.nan)
    for i, design in enumerate(DESIGNS):
        for j, n_rows in enumerate(count_rows(box)):
            if design in JUDGED or n_rows <= 512 or not isinstance(box, NetworkBox):
                weights = explain(box, design, n_rows, n_seeds)
                scores[i, j] = score(weights, box.limit)
    return scores


def count_rows(box):
    """Return the numbers of calls at which a box is asked."""
    return COUNTS["network" if isinstance(box, NetworkBox) else "cheap"]


def calls_needed(counts, agreement, wanted):
    """Return at how many calls agreement gets as good as wanted.

    Linear in the logarithm of calls between those that were measured; the smallest if
    that is good enough, infinity if none is.
    """
    reached = np.flatnonzero(np.asarray(agreement) >= wanted)
    if len(reached) == 0:
        return np.inf
    if reached[0] == 0:
        return counts[0]
    around = slice(reached[0] - 1, reached[0] + 1)
    return float(np.exp(np.interp(wanted, agreement[around], np.log(counts[around]))))


def tabulate(name, counts, scores):
    """Return a row for each number of calls."""
    rows = []
    for i, n in enumerate(counts):
        of = dict(zip(DESIGNS, scores[:, i], strict=True))
        row = {"black box": name, "calls": n}
        row |= {f"error {design}": float(of[design][0]) for design in DESIGNS}
        row["lime / balanced"] = float(of["lime"][0] / of["balanced"][0])
        for column, title in ((1, "seeds"), (2, "limit")):
            for design in JUDGED:
                row[f"top 5 {title} {design}"] = float(of[design][column])
        rows.append(row)
    return rows


def tabulate_needed(name, counts, scores, limit_error):
    """Return the calls that balanced rows need for lime's agreement at 1024."""
    of = dict(zip(DESIGNS, scores, strict=True))
    row = {"black box": name}
    for column, title in ((1, "seeds"), (2, "limit")):
        wanted = of["lime"][counts.index(1024), column]
        row[f"top 5 {title} lime at 1024"] = float(wanted)
        needed = calls_needed(counts, of["balanced"][:, column], wanted)
        row[f"calls balanced {title}"] = needed
    return row | {"squared error of the limit": float(limit_error)}


def draw(groups):
    """Draw error and agreement against calls, a column for each black box."""
    figure, axes = plt.subplots(
        2, len(groups), figsize=(3.1 * len(groups), 6), sharex="col"
    )
    for column, (name, (counts, scores, _)) in zip(axes.T, groups.items(), strict=True):
        for design, values in zip(DESIGNS, scores, strict=True):
            for ax, measured in zip(column, (values[:, 0], values[:, 1]), strict=True):
                ax.plot(counts, measured, label=design, **STYLES[design])
        wanted = scores[0, counts.index(1024), 1]
        color = STYLES["lime"]["color"]
        column[1].axhline(wanted, color=color, lw=0.8, ls=":")
        if column[1] is axes[1, 0]:
            column[1].text(counts[0], wanted + 0.01, "lime at 1024", color=color)
        column[0].set(title=name, yscale="log")
        column[0].yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        column[0].yaxis.set_major_formatter("{x:g}")
        column[1].set(xscale="log", xlabel="calls", ylim=(0.2, 1.03))
        column[1].set(xticks=counts, xticklabels=counts)
        for ax in column:
            ax.minorticks_off()
        column[1].tick_params(axis="x", labelrotation=45)
        for ax in column:
            ax.grid(alpha=0.3, which="major")
            ax.spines[["top", "right"]].set_visible(False)
    axes[0, 0].set_ylabel("relative squared error")
    axes[1, 0].set_ylabel("agreement of the top 5\nbetween seeds (Jaccard)")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper center", ncols=4, frameon=False)
    figure.tight_layout(rect=(0, 0, 1, 0.95))
    return figure


def group_scores(boxes, n_seeds):
    """Return for each name of a box the counts, mean scores and errors of the limit."""
    groups = {}
    for box in boxes:
        groups.setdefault(box.name, []).append(box)
    return {
        name: (
            count_rows(members[0]),
            np.mean([score_designs(box, n_seeds) for box in members], axis=0),
            np.mean([box.limit_error for box in members]),
        )
        for name, members in groups.items()
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=Path, default=ANSWERS, help="folder to keep")
    parser.add_argument("--seeds", type=int, default=10, help="explanations of each")
    options = parser.parse_args()
    boxes = [*make_network_boxes(options.answers), *make_cheap_boxes(CHEAP)]
    groups = group_scores(boxes, options.seeds)
    save_figure(draw(groups), "calls")
    both = [groups[name] for name in PICTURES]
    groups["cat, espresso"] = (
        both[0][0],
        np.mean([scores for _, scores, _ in both], axis=0),
        np.mean([error for *_, error in both]),
    )
    tables = [tabulate(name, *group[:2]) for name, group in groups.items()]
    write_table("calls", [row for table in tables for row in table])
    needed = [tabulate_needed(name, *group) for name, group in groups.items()]
    write_table("calls_needed", needed)
