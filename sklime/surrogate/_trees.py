"""Read average effects from the nodes of trees instead of asking for each segment.

To show or hide a segment changes what a tree answers to a row only where the path of
the row splits on it. So each row walks down each tree once, and then from each node of
its path down the side that it did not take: at most depth² steps, however many segments
there are.
"""
# SPDX-License-Identifier: BSD-3-Clause

from typing import NamedTuple

import numpy as np
from sklearn.base import is_classifier
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.tree import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    ExtraTreeClassifier,
    ExtraTreeRegressor,
)

from sklime._rows import find_distinct_rows

TREES = (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    ExtraTreeClassifier,
    ExtraTreeRegressor,
)
FORESTS = (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
# How far, of the largest response, the trees' sum may be from the surrogate's answer.
TREE_TOLERANCE = 1e-12
# Trees walk together until they make so many flips: enough for numpy's calls not to
# matter, and few enough to stay in the processor's cache.
FLIPS_AT_ONCE = 2**15


class Nodes(NamedTuple):
    """The m nodes of some trees in one table.

    Attributes
    ----------
    segments : ndarray of shape (m,), dtype intp
        The segment that a node asks for, 0 in a leaf.
    children : ndarray of shape (2 * m,), dtype intp
        Where a row goes from node i: to ``children[2 * i]`` with that segment hidden,
        else to the next entry. Both are the same where a node does not split rows of 0
        and 1, and the node itself in a leaf.
    values : ndarray of shape (m, n_labels)
        What a leaf adds to the answer.
    roots : ndarray of shape (n_trees,), dtype intp
        The first node of each tree.
    depth : int
        Steps to the deepest leaf.
    """

    segments: np.ndarray
    children: np.ndarray
    values: np.ndarray
    roots: np.ndarray
    depth: int


def compute_tree_effects(surrogate, samples, shares, responses, classes=None):
    """Return the average effects of a surrogate whose answer is a sum over trees.

    Parameters
    ----------
    surrogate : fitted regressor or classifier
        Takes rows of d numbers 0 and 1.
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    shares : ndarray of shape (n,)
        Weight of each perturbation; their sum is 1.
    responses : ndarray of shape (n, n_labels)
        What the surrogate answers to `samples`, see `respond`.
    classes : sequence of length n_labels, default=None
        For a classifier, the classes to read (see `respond`).

    Returns
    -------
    ndarray of shape (n_labels, d) or None
        The numbers of `compute_average_effects`. None for a model that is not one of
        scikit-learn's trees, forests and sums of boosted trees, or whose responses are
        something else than what its trees say and a constant.
    """
    trees, factor = _find_trees(surrogate, classes)
    if not trees:
        return None
    if 2 ** samples.shape[1] < len(samples):  # some rows are equal
        first, which = find_distinct_rows(samples)
        samples, responses = samples[first], responses[first]
        shares = np.bincount(which, shares)
    n_steps = len(samples) * max(1, *(tree.max_depth for tree in trees))
    n_at_once = max(1, FLIPS_AT_ONCE // n_steps)
    effects = np.zeros((responses.shape[1], samples.shape[1]))
    rest = responses.copy()
    for start in range(0, len(trees), n_at_once):
        some = trees[start : start + n_at_once]
        values = [factor * _read_values(tree, surrogate, classes) for tree in some]
        answers, more = _walk(_join(some, np.concatenate(values)), samples, shares)
        rest -= answers
        effects += more
    error = np.ptp(rest, axis=0).max()
    return effects if error <= TREE_TOLERANCE * np.abs(responses).max() else None


def _find_trees(surrogate, classes):
    """Return the trees that a surrogate sums, and their common factor; or no trees.

    A subclass may answer in a way of its own, so only the exact type tells.
    """
    models, factor = [], 1.0
    if type(surrogate) in TREES:
        models = [surrogate]
    elif type(surrogate) in FORESTS:
        models = surrogate.estimators_
        factor = 1 / len(models)
    elif type(surrogate) is GradientBoostingRegressor:
        if type(surrogate.init_) in (str, DummyRegressor):  # "zero" or a constant
            models = surrogate.estimators_[:, 0]
        factor = surrogate.learning_rate
    trees = [model.tree_ for model in models if type(model) in TREES]
    if not trees or len(trees) < len(models):
        return [], factor
    # A classifier that is not asked for classes answers with one, which is no sum.
    is_sum = classes is not None or not is_classifier(surrogate)
    return (trees if is_sum else []), factor


def _read_values(tree, surrogate, classes):
    """Return what each of m nodes says of each label, of shape (m, n_labels)."""
    if classes is None:
        return tree.value[:, :, 0]
    chosen = [np.asarray(surrogate.classes_ == label, dtype=float) for label in classes]
    return tree.value[:, 0] @ np.transpose(chosen)


def _join(trees, values):
    """Return the `Nodes` of some trees."""
    sizes = [tree.node_count for tree in trees]
    roots = np.cumsum([0, *sizes[:-1]])
    shift = np.repeat(roots, sizes)
    segments = np.concatenate([tree.feature for tree in trees])
    thresholds = np.concatenate([tree.threshold for tree in trees])
    left = np.concatenate([tree.children_left for tree in trees]) + shift
    right = np.concatenate([tree.children_right for tree in trees]) + shift
    leaves = np.flatnonzero(segments < 0)
    segments[leaves] = 0
    left[leaves] = right[leaves] = leaves
    sides = [np.where(shown <= thresholds, left, right) for shown in (0, 1)]
    children = np.stack(sides, axis=1)
    _settle_repeats(segments, children)
    depth = max(tree.max_depth for tree in trees)
    return Nodes(segments, children.ravel(), values, roots, depth)


def _settle_repeats(segments, children):
    """Let no path split twice on one segment; changes `children`, of shape (m, 2).

    The first split has told whether the segment is shown, so a row can leave the second
    on one side only. Once that is the only way out, a flip below the first split needs
    no memory of which segment was flipped.
    """
    nodes = np.arange(len(segments))
    parents, sides = np.full_like(nodes, -1), np.zeros_like(nodes)
    for side, child in enumerate(children.T):
        inner = np.flatnonzero(child != nodes)
        parents[child[inner]], sides[child[inner]] = inner, side
    splits = children[:, 0] != children[:, 1]
    node = below = np.flatnonzero(splits)
    settled = [(node[:0], below[:0])]
    while node.size:  # climb from every split to the root
        above = parents[below]
        again = (above >= 0) & splits[above] & (segments[above] == segments[node])
        settled.append((node[again], sides[below[again]]))
        on = (above >= 0) & ~again
        node, below = node[on], above[on]
    known, branch = map(np.concatenate, zip(*settled, strict=True))
    children[known] = children[known, branch][:, np.newaxis]


def _walk(nodes, samples, shares):
    """Return what some trees answer to n rows, and their average effects.

    Returns
    -------
    answers : ndarray of shape (n, n_labels)
        Sum over the trees.
    effects : ndarray of shape (n_labels, d)
        Of that sum.
    """
    n_rows, n_segments = samples.shape
    numbers = samples.astype(np.intp).ravel()
    rows = np.tile(np.arange(n_rows), len(nodes.roots))
    leaves, flips = _walk_down(nodes, numbers, rows * n_segments, n_rows)
    walker, ends, segments, shown = flips
    signed = shares[rows[walker]] * (2 * shown - 1)
    answers, effects = [], []
    for values in nodes.values.T:
        answer = values[leaves]
        change = signed * (answer[walker] - values[ends])
        answers.append(answer.reshape(-1, n_rows).sum(axis=0))
        effects.append(np.bincount(segments, change, n_segments))
    return np.transpose(answers), np.array(effects)


def _walk_down(nodes, numbers, offsets, n_rows):
    """Return the leaf of each walker, and where it would end with a segment flipped.

    Parameters
    ----------
    nodes : Nodes
        Of some trees; each row has a walker in each of them.
    numbers : ndarray of shape (n * d,), dtype intp
        The rows, 0 and 1, one after the other.
    offsets : ndarray of shape (n_trees * n,), dtype intp
        Where in `numbers` the row of each walker begins.
    n_rows : int
        Number of rows, n.

    Returns
    -------
    leaves : ndarray of shape (n_trees * n,), dtype intp
        Where each walker ends.
    flips : tuple of four ndarrays of shape (n_flips,), dtype intp
        Walker, leaf, segment and whether it is shown, for each split on each path.
    """
    node = np.repeat(nodes.roots, n_rows)
    flips = [(node[:0],) * 4]
    for _ in range(nodes.depth):
        segment = nodes.segments[node]
        shown = numbers[offsets + segment]
        other = nodes.children[2 * node + 1 - shown]
        node = nodes.children[2 * node + shown]
        split = np.flatnonzero(other != node)
        flips.append((split, other[split], segment[split], shown[split]))
    sizes = [len(flip[0]) for flip in flips]
    walker, other, segment, shown = map(np.concatenate, zip(*flips, strict=True))
    offsets = offsets[walker]
    # Those that left the path at its last node are at a leaf, the others farther up.
    for end in np.cumsum(sizes)[-2::-1]:
        some = other[:end]
        value = numbers[offsets[:end] + nodes.segments[some]]
        other[:end] = nodes.children[2 * some + value]
    return node, (walker, other, segment, shown)
