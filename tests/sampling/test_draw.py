"""Any sampler is called alike, and what it draws is checked."""

import numpy as np
import pytest

from sklime.sampling import (
    BalancedSampler,
    BernoulliSampler,
    FunctionSampler,
    LocalSampler,
    ShapleySampler,
    SubsetSampler,
    check_sampler,
    draw_samples,
    is_enumeration,
)


@pytest.mark.parametrize(
    ("sampler", "n_segments", "n_perturbations", "n_rows"),
    [
        (BernoulliSampler(), 5, 32, 32),
        (BernoulliSampler(), 5, 40, 32),
        (BernoulliSampler(), 5, 31, 31),
        (BernoulliSampler(0.4), 5, 40, 40),
        (BalancedSampler(), 5, 1024, 32),
        (BalancedSampler(), np.int8(100), 64, 64),
        (BalancedSampler(), 1, 2, 2),
        (ShapleySampler(), 5, 32, 32),
        (LocalSampler(), 5, 40, 40),
        (SubsetSampler([0, 3, 4]), 7, 40, 8),
        (SubsetSampler(range(6), BernoulliSampler(0.4)), 7, 70, 70),
    ],
)
def test_all_combinations_where_they_fit(sampler, n_segments, n_perturbations, n_rows):
    samples = draw_samples(sampler, n_segments, n_perturbations, 0)
    assert len(samples) == n_rows
    assert samples[0].all()
    assert is_enumeration(samples) == (n_rows in (2, 8, 32))
    again = draw_samples(sampler, n_segments, n_perturbations, 0, repeat=True)
    assert len(again) == n_perturbations


class OwnSampler:
    def __init__(self, samples):
        self.samples = samples

    def sample(self, n_segments, n_perturbations, random_state):
        return self.samples


@pytest.mark.parametrize(
    ("samples", "error", "message"),
    [
        (np.ones((4, 3)), TypeError, "must return booleans.*float64"),
        (np.ones((4, 2), bool), ValueError, r"shape \(n, 3\).*\(4, 2\)"),
        (np.ones((1, 3), bool), ValueError, "at least two"),
        (np.ones((5, 3), bool), ValueError, "at most n_perturbations=4 "),
        ([[True, True, True], [True]], ValueError, "must return an array. OwnSampler"),
        (np.zeros((4, 3), bool), ValueError, "first row. OwnSampler hides 3"),
    ],
)
def test_own_samplers_are_checked(samples, error, message):
    with pytest.raises(error, match=message):
        draw_samples(OwnSampler(samples), 3, 4)


def test_names_and_objects():
    assert isinstance(check_sampler("bernoulli"), BernoulliSampler)
    own = OwnSampler(None)
    assert check_sampler(own) is own
    names = "'balanced', 'bernoulli', 'exhaustive', 'local', 'shapley'"
    with pytest.raises(ValueError, match=names):
        check_sampler("sobol")
    for bad in (3, BernoulliSampler):
        with pytest.raises(TypeError, match="method 'sample'"):
            check_sampler(bad)


def test_a_function_or_a_generator_of_rows():
    def one_by_one(n_segments, n_perturbations, random_state):
        assert random_state == 7
        yield np.ones(n_segments, dtype=bool)
        for hidden in range(10**9):
            yield np.arange(n_segments) != hidden % n_segments

    sampler = check_sampler(one_by_one)
    assert isinstance(sampler, FunctionSampler)
    samples = draw_samples(sampler, 4, 6, 7)
    assert samples.shape == (6, 4)
    assert (samples[1:].sum(axis=1) == 3).all()
    with pytest.raises(ValueError, match="FunctionSampler hides 2"):
        draw_samples(check_sampler(lambda d, n, _: np.zeros((n, d), bool)), 2, 5)


@pytest.mark.parametrize("sampler", ["balanced", "local", BernoulliSampler(0.7)])
def test_only_some_segments_are_varied(sampler):
    subset = SubsetSampler([5, 1, 8, 2, 19, 11, 7, 3], sampler)
    samples = draw_samples(subset, 20, 100, 0)
    varied = np.flatnonzero(~samples.all(axis=0))
    assert varied.tolist() == [1, 2, 3, 5, 7, 8, 11, 19]
    assert samples[0].all()
    assert hasattr(subset, "sample_weights") == (sampler == "local")


@pytest.mark.parametrize(
    "segments", [[], [0, 4], [-1], [1, 1], [0.5], ["sky"], [False, True], [[0], [1]]]
)
def test_no_subset(segments):
    with pytest.raises(ValueError, match="different indices from 0 to 3, at least one"):
        draw_samples(SubsetSampler(segments), 4, 10)


@pytest.mark.parametrize(
    ("n_segments", "n_perturbations"), [(0, 8), (-1, 8), (2.5, 8), (3, 1), (3, 8.5)]
)
def test_numbers_that_are_none(n_segments, n_perturbations):
    for sampler in ("balanced", "bernoulli", "local", "shapley"):
        with pytest.raises((TypeError, ValueError), match=r"n_segments|n_perturb"):
            draw_samples(sampler, n_segments, n_perturbations)
        with pytest.raises((TypeError, ValueError), match=r"n_segments|n_perturb"):
            check_sampler(sampler).sample(n_segments, n_perturbations - 1)


def test_too_many_to_list_are_drawn(monkeypatch):
    monkeypatch.setattr("sklime.sampling._draw.MAX_ENUMERATED_SEGMENTS", 5)
    samples = draw_samples("bernoulli", 6, 64, 0)
    assert samples.shape == (64, 6)
    assert not is_enumeration(samples)


@pytest.mark.parametrize("sampler", ["balanced", "bernoulli", "local", "shapley"])
def test_one_row_is_the_image(sampler):
    assert check_sampler(sampler).sample(3, 1, random_state=0).tolist() == [[True] * 3]
