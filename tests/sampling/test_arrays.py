"""Orthogonal arrays are as balanced as they claim."""

from itertools import combinations

import numpy as np
import pytest

from sklime.sampling import orthogonal_array
from sklime.sampling._arrays import (
    _draw_generators,
    draw_balanced_rows,
    search_generators,
)


def counts_of_patterns(array, columns):
    """Return how often each combination of some columns stands in an array."""
    codes = array[:, columns] @ (1 << np.arange(len(columns)))
    return np.bincount(codes, minlength=2 ** len(columns))


@pytest.mark.parametrize("strength", [3, 4, 5])
@pytest.mark.parametrize("n_segments", range(1, 17))
def test_strength_by_brute_force(n_segments, strength):
    array = orthogonal_array(n_segments, strength, random_state=n_segments)
    assert array.dtype == bool
    size = min(strength, n_segments)
    for columns in combinations(range(n_segments), size):
        counts = counts_of_patterns(array, list(columns))
        assert (counts == len(array) / 2**size).all()


@pytest.mark.parametrize("n_segments", [40, 64, 100])
@pytest.mark.parametrize("strength", [4, 5])
def test_strength_of_large_arrays_in_random_columns(n_segments, strength):
    array = orthogonal_array(n_segments, strength, random_state=0)
    rng = np.random.RandomState(0)
    for _ in range(100):
        columns = rng.permutation(n_segments)[:strength]
        counts = counts_of_patterns(array, columns)
        assert (counts == len(array) / 2**strength).all()


# Published sizes: 2 * d for strength 3, BCH codes of length 2**r - 1 and 2**r for 4
# and 5; no more than all combinations.
@pytest.mark.parametrize(
    ("n_segments", "n_rows"),
    [
        (1, (2, 2, 2)),
        (2, (4, 4, 4)),
        (5, (16, 32, 32)),
        (7, (16, 64, 128)),
        (15, (32, 256, 512)),
        (16, (32, 1024, 512)),
        (17, (64, 1024, 2048)),
        (64, (128, 16384, 8192)),
    ],
)
def test_the_number_of_rows(n_segments, n_rows):
    for strength, n in zip((3, 4, 5), n_rows, strict=True):
        assert orthogonal_array(n_segments, strength).shape == (n, n_segments)


def test_arrays_are_randomised_row_by_row():
    """Each row of a randomised array is uniform: no combination is preferred."""
    first_rows = [orthogonal_array(4, random_state=seed)[0] for seed in range(1600)]
    counts = counts_of_patterns(np.array(first_rows), range(4))
    assert np.sum((counts - 100) ** 2 / 100) < 37.7  # chi-square, 15 df, p = 0.001


@pytest.mark.parametrize("strength", [2, 6, None])
def test_no_other_strength(strength):
    with pytest.raises(ValueError, match=f"strength must be 3, 4 or 5. Got {strength}"):
        orthogonal_array(8, strength=strength)


@pytest.mark.parametrize("strength", [4, 5])
def test_generators_are_drawn_anew(strength):
    """Any 10 of the 15 or 16 there are, in any order."""
    draws = [
        _draw_generators(10, strength, np.random.RandomState(s)) for s in range(40)
    ]
    assert len({tuple(sorted(draw)) for draw in draws}) > 30
    assert len({draw[0] for draw in draws}) > 10


def test_columns_are_drawn_anew():
    """Always the same ones would leave the same triples aliased with a segment."""
    products = set()
    for seed in range(20):
        signs = orthogonal_array(8, random_state=seed)[:, :4] * 2 - 1
        products.add(abs(int(signs.prod(axis=1).sum())))
    assert products == {0, 16}


def count_zero_sums(generators, size):
    """Return how many sets of some columns add up to zero, one set after another."""
    sets = np.array(list(combinations(generators.tolist(), size)))
    return int(np.sum(np.bitwise_xor.reduce(sets, axis=1) == 0))


def is_independent(vectors):
    """Return whether no set of them adds up to zero, by elimination."""
    reduced = []
    for vector in vectors:
        for other in reduced:
            vector = min(vector, vector ^ other)
        reduced.append(vector)
    return all(reduced)


@pytest.mark.parametrize("n_segments", range(4, 17))
def test_balanced_rows_have_strength_3_by_brute_force(n_segments):
    """Every power of two from the smallest array of strength 3 to 512 rows."""
    smallest = len(orthogonal_array(n_segments))
    for n_rows in 2 ** np.arange(np.log2(smallest), 10, dtype=int):
        rng = np.random.RandomState(n_rows)
        array = draw_balanced_rows(int(n_rows), n_segments, rng)
        assert array.shape == (n_rows, n_segments)
        for columns in combinations(range(n_segments), 3):
            counts = counts_of_patterns(array, list(columns))
            assert (counts == n_rows / 8).all()


@pytest.mark.parametrize(
    ("n_segments", "n_rows", "strength"),
    [(40, 256, 3), (512, 1024, 3), (60, 2048, 3), (31, 1024, 4), (64, 8192, 5)],
)
def test_balanced_rows_in_random_columns(n_segments, n_rows, strength):
    array = draw_balanced_rows(n_rows, n_segments, np.random.RandomState(0))
    rng = np.random.RandomState(1)
    for _ in range(60):
        columns = rng.permutation(n_segments)[:strength]
        counts = counts_of_patterns(array, columns)
        assert (counts == n_rows / 2**strength).all()


# Numbers of words of length four, published. 16 runs: A. Fries and W. G. Hunter,
# Technometrics 22 (4), 1980; 32 runs of eleven factors and more: J. Chen, D. X. Sun and
# C. F. J. Wu, International Statistical Review 61 (1), 1993.
@pytest.mark.parametrize(
    ("n_bits", "published"),
    [
        (4, {5: 1, 6: 3, 7: 7, 8: 14}),
        (5, {6: 0, 11: 25, 12: 38, 13: 55, 14: 77, 15: 105, 16: 140}),
    ],
)
def test_minimum_aberration_of_tables(n_bits, published):
    for n_segments, n_words in published.items():
        found = search_generators(n_segments, n_bits, np.random.RandomState(0))
        assert count_zero_sums(found, 4) == n_words


@pytest.mark.parametrize("n_segments", [7, 8, 9, 10])
def test_minimum_aberration_by_exhaustive_search(n_segments):
    """32 runs whose words all have even length: every choice of columns (v, 1)."""
    chosen = np.array(list(combinations(range(16), n_segments)))
    n_words = sum(
        np.bitwise_xor.reduce(chosen[:, columns], axis=1) == 0
        for columns in map(list, combinations(range(n_segments), 4))
    )
    for seed in range(5):
        found = search_generators(n_segments, 5, np.random.RandomState(seed))
        assert count_zero_sums(found, 4) == n_words.min()


@pytest.mark.parametrize(("n_segments", "n_bits"), [(16, 7), (16, 8), (24, 9)])
def test_fewer_sets_of_four_than_at_random(n_segments, n_bits):
    random, searched = [], []
    for seed in range(10):
        rng = np.random.RandomState(seed)
        vectors = rng.permutation(2 ** (n_bits - 1))[:n_segments]
        random.append(count_zero_sums(2 * vectors + 1, 4))
        searched.append(count_zero_sums(search_generators(n_segments, n_bits, rng), 4))
    assert np.mean(searched) < 0.85 * np.mean(random)
    assert max(searched) < np.mean(random)


@pytest.mark.parametrize(
    ("n_segments", "n_bits"), [(9, 8), (15, 8), (16, 9), (16, 10), (32, 11), (32, 12)]
)
def test_no_set_of_four_where_a_code_has_none(n_segments, n_bits):
    """Searched, or from the code that fits where the search does not find them."""
    for seed in range(4):
        found = search_generators(n_segments, n_bits, np.random.RandomState(seed))
        assert found.max() < 2**n_bits
        assert count_zero_sums(found, 3) == count_zero_sums(found, 4) == 0


def test_sets_of_six_come_second():
    """The extended BCH code of length 16 has 48 words of weight six, all in 512 rows.

    Each further bit at random would leave half of them.
    """
    for n_bits, at_random in ((9, 48), (10, 24), (11, 12)):
        found = search_generators(16, n_bits, np.random.RandomState(0))
        assert count_zero_sums(found, 6) <= at_random * (1 if n_bits == 9 else 0.8)


def test_all_combinations_come_from_independent_columns():
    assert is_independent(search_generators(7, 7, np.random.RandomState(0)))
    assert not is_independent(search_generators(8, 7, np.random.RandomState(0)))


def test_no_column_of_a_search_is_preferred():
    """The first one found stands anywhere, and any column may be left out."""
    draws = np.array(
        [search_generators(12, 5, np.random.RandomState(s)) for s in range(320)]
    )
    expected = 320 * 12 / 16
    counts = np.bincount(draws.ravel() // 2, minlength=16)
    assert np.sum((counts - expected) ** 2 / expected) < 37.7
    firsts = np.bincount(draws[:, 0] // 2, minlength=16)
    assert np.sum((firsts - 20) ** 2 / 20) < 37.7  # chi-square, 15 df, p = 0.001
