"""Two-level orthogonal arrays: perturbations that balance segments against others.

The rows of an array are the 2 ** m vectors u over the field of two elements, column
j is the linear form ``<u, g_j>``. Any t columns are balanced, strength t, if any t of
the generators g_j are linearly independent [1]_. Strength 3: ``g_j = (v_j, 1)`` with
distinct v_j, a folded-over Hadamard matrix. Strength 4: ``g_j = (x_j, x_j ** 3)`` with
distinct x_j other than zero in the field of 2 ** r elements, the dual of the
double-error-correcting BCH code; strength 5: ``g_j = (x_j, x_j ** 3, 1)`` with distinct
x_j, the dual of the extended one. Bits that a longer array has beyond those may be any.

Of two arrays of strength 3 the better one has fewer sets of four generators that add up
to zero: in such a set, the effect of three segments together cannot be told from that
of the fourth alone. Then it has fewer sets of six; sums of an odd number are never
zero. This is minimum aberration [2]_, here sought greedily, a column after the other.
At 256 rows of 16 columns it halves the squared error of stacked short arrays, see
``tests/sampling/test_uniform.py``; at 512 rows of about 40, EfficientNet-Lite0 has a
third of the error of independent rows, see ``benchmarks/calls.py``.

.. [1] A. S. Hedayat, N. J. A. Sloane and J. Stufken, "Orthogonal Arrays", Springer,
   1999, chapters 4, 5 and 7.
.. [2] A. Fries and W. G. Hunter, "Minimum aberration 2^(k-p) designs", Technometrics
   22 (4), 1980, 601-608.
"""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Integral

import numpy as np
from sklearn.utils import check_scalar

from sklime._parameters import make_rng
from sklime._typing import Booleans, RandomState

STRENGTHS = (5, 4, 3)


def orthogonal_array(
    n_segments: int, strength: int = 3, random_state: RandomState = None
) -> Booleans:
    """Return a randomised two-level orthogonal array.

    In any `strength` columns every combination of shown and hidden stands equally
    often, so that effects of up to ``strength - 1`` segments together leave the
    effect of a single one untouched. The columns are drawn without replacement from
    a longer array, and one random vector is added to every row, which makes each row
    uniform.

    Parameters
    ----------
    n_segments : int
        Number of columns, d.
    strength : {3, 4, 5}, default=3
        Its strength.
    random_state : int, RandomState instance or None, default=None
        Seed of the randomisation.

    Returns
    -------
    ndarray of shape (n, d), dtype bool
        n is a power of two: the smallest that is at least ``2 * d`` for strength 3, the
        smallest power of four that is at least ``(d + 1) ** 2`` for 4, twice that
        which is at least ``d ** 2`` for 5; all ``2 ** d`` combinations where these are
        fewer.

    Raises
    ------
    TypeError, ValueError
        For another strength, or a number of segments that is none.

    Examples
    --------
    >>> array = orthogonal_array(16, strength=5, random_state=0)
    >>> array.shape, array.sum(axis=0).tolist() == 16 * [256]
    ((512, 16), True)
    """
    if strength not in STRENGTHS:
        raise ValueError(f"strength must be 3, 4 or 5. Got {strength!r}.")
    check_scalar(n_segments, "n_segments", Integral, min_val=1)
    rng = make_rng(random_state)
    generators = _draw_generators(int(n_segments), strength, rng)
    n_rows = count_rows(n_segments, strength)
    return _span(generators, n_rows, n_rows, rng)


def draw_balanced_rows(n_rows, n_segments, rng):
    """Return the longest array that fits and, if rows are left over, a part of another.

    Parameters
    ----------
    n_rows : int
        How many rows, n.
    n_segments : int
        Number of columns, d.
    rng : RandomState
        Where the randomisation is drawn from.

    Returns
    -------
    ndarray of shape (n, d), dtype bool
        Arrays of as many rows as the largest power of two up to n, or of all
        combinations. Where n is nearly a power of two, 15 of 16 parts, a random part
        of that; so too of the smallest array of strength 3 where n is below it.
    """
    n_bits = (n_rows + n_rows // 15).bit_length() - 1
    length = 2 ** min(n_bits, n_segments)
    smallest = count_rows(n_segments, 3)
    if length < smallest:
        generators = _draw_generators(n_segments, 3, rng)
        return _span(generators, smallest, n_rows, rng)
    parts = []
    for start in range(0, n_rows, length):
        generators = search_generators(n_segments, length.bit_length() - 1, rng)
        parts.append(_span(generators, length, n_rows - start, rng))
    return np.concatenate(parts)


def search_generators(n_segments, n_bits, rng):
    """Return generators of which as few sets of four as can be found add up to zero.

    Parameters
    ----------
    n_segments : int
        Number of columns, d.
    n_bits : int
        Length of the generators, m, so that ``d <= 2 ** (m - 1)`` and ``m <= d``.
    rng : RandomState
        Where ties are drawn from.

    Returns
    -------
    ndarray of shape (d,)
        The bits of each in an integer; unit vectors if m is d. Those of a code, with
        bits at random beyond its own, if the search leaves sets of four that such a
        code has not. The order is random.
    """
    if n_bits == n_segments:
        return 1 << np.arange(n_segments)
    codes = [s for s in (5, 4) if _count_bits(n_segments, s) <= n_bits]
    vectors, n_fours = _search_vectors(n_segments, n_bits - 1, bool(codes), rng)
    if codes and n_fours:
        length = _count_bits(n_segments, codes[0])
        surplus = rng.randint(2 ** (n_bits - length), size=n_segments)
        return _draw_generators(n_segments, codes[0], rng) | surplus << length
    return 2 * rng.permutation(vectors) + 1


def _search_vectors(n_vectors, n_bits, count_sixes, rng):
    """Return distinct vectors, and how many sets of four of them add up to zero.

    Each vector adds as few such sets as it can, then of six if `count_sixes`: these
    cost sets of four later on, which is worth it only where there are none. ``sums[k,
    v]`` is in how many ways k of the vectors add up to v.
    """
    places = np.arange(2**n_bits)
    sums = np.zeros((6 if count_sixes else 5, len(places)), dtype=np.int64)
    sums[0, 0] = 1
    vectors = np.empty(n_vectors, dtype=np.int64)
    for i in range(n_vectors):
        best = np.flatnonzero(sums[1] == 0)
        for row in sums[3::2]:
            costs = row[best]
            best = best[costs == costs.min()]
        vectors[i] = best[rng.randint(len(best))]
        sums[1:] += sums[:-1].take(places ^ vectors[i], axis=1)
    return vectors, sums[4, 0]


def count_rows(n_segments, strength):
    """Return the number of rows of an array, a power of two.

    Parameters
    ----------
    n_segments : int
        Number of columns, d.
    strength : {3, 4, 5} or int
        Its strength; d or more for all combinations.

    Returns
    -------
    int
        The length of each column.
    """
    return 2 ** _count_bits(int(n_segments), strength)


def _count_bits(n_segments, strength):
    """Return m, the length of the generators; unit vectors need no more than d."""
    if strength >= n_segments:
        return n_segments
    degree = _degree_of_field(n_segments, strength)
    n_bits = {3: degree + 1, 4: 2 * degree, 5: 2 * degree + 1}[strength]
    return min(n_bits, n_segments)


def _degree_of_field(n_segments, strength):
    """Return r where the field of 2 ** r elements has enough of them for d columns."""
    return (n_segments if strength == 4 else n_segments - 1).bit_length()


def _span(generators, length, n_rows, rng):
    """Return a random part of an array plus a random row, all of it if it fits."""
    rows = rng.permutation(length)[:n_rows, np.newaxis]
    parities = np.bitwise_count(rows & generators) & 1
    return (parities ^ rng.randint(2, size=len(generators))).astype(bool)


def _draw_generators(n_segments, strength, rng):
    """Return a generator for each column, its bits in an integer."""
    if _count_bits(n_segments, strength) == n_segments:
        return 1 << np.arange(n_segments)
    degree = _degree_of_field(n_segments, strength)
    if strength == 3:
        return 2 * rng.permutation(2**degree)[:n_segments] + 1
    elements = _list_powers(degree)
    cubes = elements[3 * np.arange(len(elements)) % len(elements)]
    codes = elements | cubes << degree
    if strength == 5:
        codes = 2 * np.append(codes, 0) + 1
    return rng.permutation(codes)[:n_segments]


def _list_powers(degree):
    """Return the elements of the field of 2 ** degree but zero, in order of powers.

    Successive windows of a maximal shift register sequence are the powers of a
    primitive element, in some basis of the field over its two elements.
    """
    from scipy.signal import max_len_seq  # loads slowly, not wanted by all samplers

    bits = max_len_seq(degree)[0].astype(np.int64)
    return sum(np.roll(bits, -k) << k for k in range(degree))
