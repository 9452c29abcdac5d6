"""What closed forms save: ridge regressions solved together, trees that are read.

Each model is compared with a subclass of itself that changes nothing. It might, so that
sklime fits it for each label and fold, and asks it about each segment. Processor
milliseconds on one thread, medians of rounds in turn; about a minute.
"""
# SPDX-License-Identifier: BSD-3-Clause

import time
from statistics import median

import numpy as np
from report import write_table
from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.tree import DecisionTreeRegressor
from threadpoolctl import threadpool_limits

from sklime.locality import weigh_samples
from sklime.sampling import BalancedSampler
from sklime.surrogate import compute_average_effects, fit_surrogates

ROUNDS = 5


def draw_answers(n_segments, n_labels):
    """Return 1024 rows, smooth answers that are not linear in them, and weights."""
    samples = BalancedSampler().sample(n_segments, 1024, random_state=0)
    rng = np.random.RandomState(0)
    answers = np.tanh(samples @ rng.normal(size=(n_segments, n_labels)) / 3)
    return samples, answers, weigh_samples(samples)[1]


def make_subclass(model):
    """Return a model of a class that adds nothing to the model's own."""
    return type(f"My{type(model).__name__}", (type(model),), {})(**model.get_params())


def compare(routines):
    """Return milliseconds of two routines that are called in turn."""
    taken = [[], []]
    for _ in range(ROUNDS):
        for routine, times in zip(routines, taken, strict=True):
            start = time.process_time()
            routine()
            times.append(1000 * (time.process_time() - start))
    return [median(times) for times in taken]


def make_row(what, model, sizes, routines):
    """Return a row of the table."""
    ours, theirs = compare(routines)
    return {
        "what": what,
        "model": type(model).__name__,
        **sizes,
        "ms": ours,
        "ms of a subclass": theirs,
        "subclass / ours": theirs / ours,
    }


def measure_fits():
    """Return rows for weights and fidelity of linear models."""
    rows = []
    for model in (Ridge(), LinearRegression()):
        for n_segments, n_labels in [(50, 1), (50, 5), (200, 1), (200, 5)]:
            data = draw_answers(n_segments, n_labels)
            routines = [
                lambda model=model, data=data: fit_surrogates(*data, model)
                for model in (model, make_subclass(model))
            ]
            sizes = {"segments": n_segments, "labels": n_labels}
            rows.append(make_row("weights, fidelity", model, sizes, routines))
    return rows


def measure_effects():
    """Return rows for the weights of trees that are fitted."""
    rows = []
    for model in (
        DecisionTreeRegressor(max_depth=3, random_state=0),
        DecisionTreeRegressor(random_state=0),
        RandomForestRegressor(random_state=0),
        GradientBoostingRegressor(random_state=0),
    ):
        for n_segments in (50, 100):
            samples, answers, weights = draw_answers(n_segments, 1)
            fitted = [
                kind.fit(samples, answers[:, 0], weights)
                for kind in (model, make_subclass(model))
            ]
            routines = [
                lambda model=model, samples=samples, weights=weights: (
                    compute_average_effects(model, samples, weights)
                )
                for model in fitted
            ]
            sizes = {"segments": n_segments, "labels": 1}
            depth = getattr(model, "max_depth", None)
            what = "weights" if depth is None else f"weights, depth {depth}"
            rows.append(make_row(what, model, sizes, routines))
    return rows


if __name__ == "__main__":
    with threadpool_limits(1):
        write_table("surrogates", measure_fits() + measure_effects())
