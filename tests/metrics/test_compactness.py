"""Compactness against textbook formulas, and what it says of an empty explanation."""

import numpy as np
import pytest

from sklime.metrics import complexity, sparseness


def gini(values):
    """Half the relative mean absolute difference: the definition, pair by pair."""
    sizes = np.abs(values).ravel()
    differences = np.abs(sizes[:, np.newaxis] - sizes)
    return differences.mean() / (2 * sizes.mean())


@pytest.mark.parametrize("shape", [(1,), (7,), (40,), (6, 9)])
def test_sparseness_is_the_gini_index(shape):
    values = np.random.RandomState(0).normal(size=shape)
    assert sparseness(values) == pytest.approx(gini(values), abs=1e-12)


def test_complexity_is_the_entropy_in_nats():
    values = np.random.RandomState(0).normal(size=(5, 4))
    shares = np.abs(values).ravel() / np.abs(values).sum()
    expected = sum(-share * np.log(share) for share in shares)
    assert complexity(values) == pytest.approx(expected, abs=1e-12)
    normalised = complexity(values, normalize=True)
    assert normalised == pytest.approx(expected / np.log(20), abs=1e-12)


@pytest.mark.parametrize("scale", [1e-300, 1.0, 1.7e308])
def test_the_scale_does_not_matter(scale):
    """Sums of large values must not overflow, those of small ones not vanish."""
    values = np.array([0.9, -0.5, 1.0])
    assert complexity(values * scale) == pytest.approx(complexity(values))
    assert sparseness(values * scale) == pytest.approx(sparseness(values))


@pytest.mark.parametrize("n", [2, 10, 999])
def test_one_of_n_and_all_equal_are_the_extremes(n):
    single, equal = np.eye(1, n) * -3, np.full(n, 0.1)
    assert sparseness(single) == pytest.approx(1 - 1 / n)
    assert sparseness(equal) == pytest.approx(0, abs=1e-12)
    assert complexity(single) == 0
    assert complexity(equal) == pytest.approx(np.log(n))
    assert complexity(equal, normalize=True) == pytest.approx(1)


def test_an_explanation_that_says_nothing_never_wins():
    """The entropy of 0/0 would be NaN, or 0: as simple as it gets."""
    nothing, anything = np.zeros(8), np.arange(8.0)
    assert sparseness(nothing) == 0 < sparseness(anything)
    assert complexity(nothing) == pytest.approx(np.log(8))
    assert complexity(nothing) > complexity(anything)
    assert complexity(nothing, normalize=True) == 1


def test_a_single_value():
    assert sparseness([3.0]) == complexity([3.0]) == 0
    assert complexity([3.0], normalize=True) == complexity([0], normalize=True) == 0


@pytest.mark.parametrize("measure", [sparseness, complexity])
def test_input_is_left_alone(measure):
    """Quantus sorts and normalises the caller's array in place."""
    values = np.array([[3.0, -1.0], [2.0, 0.0]])
    values.flags.writeable = False
    measure(values)
    assert isinstance(measure(values.astype(np.float32)), float)


@pytest.mark.parametrize("measure", [sparseness, complexity])
@pytest.mark.parametrize("values", [[], [np.nan, 1], [np.inf]])
def test_values_that_cannot_be_judged(measure, values):
    with pytest.raises(ValueError, match="values must be at least one number"):
        measure(values)
