"""Two-level orthogonal arrays: perturbations that balance segments against others.

The rows of an array are the 2 ** m vectors u over the field of two elements, column
j is the linear form ``<u, g_j>``. Any t columns are balanced, strength t, if any t of
the generators g_j are linearly independent [1]_. Strength 3: ``g_j = (v_j, 1)`` with
distinct v_j, a folded-over Hadamard matrix. Strength 4: ``g_j = (x_j, x_j ** 3)`` with
distinct x_j other than zero in the field of 2 ** r elements, the dual of the
double-error-correcting BCH code; strength 5: ``g_j = (x_j, x_j ** 3, 1)`` with distinct
x_j, the dual of the extended one.

.. [1] A. S. Hedayat, N. J. A. Sloane and J. Stufken, "Orthogonal Arrays", Springer,
   1999, chapters 4, 5 and 7.
"""
# SPDX-License-Identifier: BSD-3-Clause

from numbers import Integral

import numpy as np
from sklearn.utils import check_scalar

from sklime._parameters import make_rng

STRENGTHS = (5, 4, 3)


def orthogonal_array(n_segments, strength=3, random_state=None):
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
    n_rows = count_rows(n_segments, strength)
    return draw_rows(n_rows, n_segments, strength, make_rng(random_state))


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


def draw_rows(n_rows, n_segments, strength, rng):
    """Return a random part of a fresh array, all of it if it fits.

    Parameters
    ----------
    n_rows : int
        How many rows at most.
    n_segments : int
        Number of columns, d.
    strength : {3, 4, 5} or int
        Of the whole array; d or more for all combinations.
    rng : RandomState
        Where the randomisation is drawn from.

    Returns
    -------
    ndarray of shape (n_rows, d) or fewer rows, dtype bool
        In random order.
    """
    n_segments = int(n_segments)
    generators = _draw_generators(n_segments, strength, rng)
    rows = rng.permutation(count_rows(n_segments, strength))[:n_rows, np.newaxis]
    parities = np.bitwise_count(rows & generators) & 1
    return (parities ^ rng.randint(2, size=n_segments)).astype(bool)


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
