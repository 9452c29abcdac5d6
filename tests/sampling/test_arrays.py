"""Orthogonal arrays are as balanced as they claim."""

from itertools import combinations

import numpy as np
import pytest

from sklime.sampling import orthogonal_array
from sklime.sampling._arrays import _draw_generators


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
