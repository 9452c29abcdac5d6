"""Least squares of folds in closed form are the numbers of scikit-learn's own fits."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import BayesianRidge, Lasso, LinearRegression, Ridge
from sklearn.metrics import r2_score
from sklearn.model_selection import KFold

from sklime.locality import weigh_samples
from sklime.sampling import BalancedSampler
from sklime.surrogate import compute_fidelity, fit_surrogates
from sklime.surrogate._ridge import find_penalty, solve_least_squares


def draw_rows(n_rows=200, n_segments=12, n_labels=3, seed=0):
    """Return samples, answers that are not linear in them, and lime's weights."""
    samples = BalancedSampler().sample(n_segments, n_rows, seed)
    rng = np.random.RandomState(seed)
    inner = samples @ rng.normal(size=(n_segments, n_labels))
    return samples, np.tanh(inner), weigh_samples(samples)[1]


def split_rows(n_rows):
    folds = KFold(5, shuffle=True, random_state=0)
    return list(folds.split(np.arange(n_rows)))


def refit(samples, values, sample_weights, splits, surrogate):
    """Return what scikit-learn predicts of each fold after a fit to the others."""
    rows, predicted = samples.astype(float), np.empty_like(values)
    for train, test in splits:
        model = surrogate.fit(rows[train], values[train], sample_weights[train])
        predicted[test] = model.predict(rows[test]).reshape(len(test), -1)
    return predicted


@pytest.mark.parametrize(
    "surrogate",
    [
        Ridge(),
        Ridge(alpha=0.01),
        Ridge(alpha=300, solver="cholesky"),
        Ridge(alpha=2, fit_intercept=False),
        LinearRegression(),
        LinearRegression(fit_intercept=False),
    ],
)
@pytest.mark.parametrize("offset", [0, 1e4])
@pytest.mark.parametrize("with_zeros", [False, True])
def test_the_same_as_five_fits(surrogate, offset, with_zeros):
    samples, values, sample_weights = draw_rows()
    if with_zeros:
        sample_weights = np.where(np.arange(200) % 3, sample_weights, 0)
    values = values + offset
    splits = split_rows(len(samples))
    tests = [test for _, test in splits]
    found = solve_least_squares(samples, values, sample_weights, tests, surrogate)
    expected = refit(samples, values, sample_weights, splits, surrogate)
    np.testing.assert_allclose(found.predicted, expected, rtol=1e-10, atol=1e-10)
    model = surrogate.fit(samples.astype(float), values, sample_weights)
    np.testing.assert_allclose(found.coef, model.coef_, rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(
        found.intercepts, model.intercept_, rtol=1e-10, atol=1e-10
    )


def test_many_segments_few_rows():
    """Nearly as many as rows: the penalty alone makes the answer unique."""
    samples, values, sample_weights = draw_rows(n_rows=130, n_segments=120)
    splits = split_rows(130)
    tests = [test for _, test in splits]
    found = solve_least_squares(samples, values, sample_weights, tests, Ridge())
    expected = refit(samples, values, sample_weights, splits, Ridge())
    np.testing.assert_allclose(found.predicted, expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(
    ("surrogate", "n_rows", "n_segments"),
    [(LinearRegression(), 130, 120), (Ridge(alpha=1e-9), 200, 12), (Ridge(), 64, 64)],
)
def test_where_it_would_be_inexact_or_slow_there_is_none(surrogate, n_rows, n_segments):
    samples, values, sample_weights = draw_rows(n_rows, n_segments)
    samples[:, 1] = samples[:, 0]  # the same segment twice
    tests = [test for _, test in split_rows(n_rows)]
    assert not solve_least_squares(samples, values, sample_weights, tests, surrogate)
    score = compute_fidelity(samples, values[:, 0], sample_weights, surrogate)
    splits = split_rows(n_rows)
    expected = refit(samples, values[:, :1], sample_weights, splits, surrogate)
    reference = r2_score(values[:, 0], expected[:, 0], sample_weight=sample_weights)
    assert score == pytest.approx(reference, rel=1e-6)


@pytest.mark.parametrize(
    ("surrogate", "penalty"),
    [
        (Ridge(), 1.0),
        (LinearRegression(), 0.0),
        (Ridge(solver="svd"), None),
        (Ridge(solver="sag"), None),
        (Ridge(solver="lsqr"), None),
        (Ridge(positive=True), None),
        (Ridge(alpha=np.array([1.0, 2.0])), None),
        (LinearRegression(positive=True), None),
        (Lasso(), None),
        (BayesianRidge(), None),
        (type("Mine", (Ridge,), {})(), None),
    ],
)
def test_only_what_is_solved_exactly(surrogate, penalty):
    assert find_penalty(surrogate) == penalty


@pytest.mark.parametrize("segment_subset", [None, [7, 2, 2, 5]])
@pytest.mark.parametrize(
    "surrogate", [Ridge(), LinearRegression(), Ridge(fit_intercept=False)]
)
def test_labels_together_are_labels_apart(surrogate, segment_subset):
    """One factorisation serves all labels; each still has a model of its own."""
    samples, values, sample_weights = draw_rows(n_labels=4)
    values[:, 2] = 0.25  # a constant among them
    options = {"segment_subset": segment_subset}
    together = fit_surrogates(samples, values, sample_weights, surrogate, **options)
    rows = samples.astype(float)
    for label in range(4):
        alone = fit_surrogates(
            samples,
            values,
            sample_weights,
            surrogate,
            label_indices=[label],
            **options,
        )
        for name in ("weights", "intercepts", "local_predictions", "fidelity"):
            np.testing.assert_allclose(
                getattr(together, name)[label], getattr(alone, name)[0], atol=1e-12
            )
        one, other = together.surrogates[label], alone.surrogates[0]
        assert type(one) is type(other)
        np.testing.assert_allclose(one.predict(rows), other.predict(rows), atol=1e-12)
        assert one.predict(rows).shape == (len(rows),)
    assert len(set(map(id, together.surrogates))) == 4


def test_a_getter_sees_the_surrogate_of_one_label():
    samples, values, sample_weights = draw_rows()
    shapes = []

    def get_share(model):
        shapes.append(model.coef_.shape)
        return model.coef_ / np.abs(model.coef_).sum()

    fit = fit_surrogates(samples, values, sample_weights, importance_getter=get_share)
    assert shapes == [(12,)] * 3
    np.testing.assert_allclose(np.abs(fit.weights).sum(axis=1), 1)


@pytest.mark.parametrize("n_segments", [1, 4, 12])
@pytest.mark.parametrize(
    "surrogate", [Ridge(alpha=0.3), Ridge(alpha=2, fit_intercept=False)]
)
def test_ridge_is_what_its_own_fit_leaves(surrogate, n_segments):
    """Another solver is fitted: every public number of it is compared."""
    samples, values, sample_weights = draw_rows(96, n_segments)
    solved = fit_surrogates(samples, values, sample_weights, surrogate)
    other = clone(surrogate).set_params(solver="svd")
    fitted = fit_surrogates(samples, values, sample_weights, other)
    for name in ("weights", "intercepts", "local_predictions", "fidelity"):
        np.testing.assert_allclose(
            getattr(solved, name), getattr(fitted, name), rtol=1e-10, atol=1e-10
        )
    for one, two in zip(solved.surrogates, fitted.surrogates, strict=True):
        assert set(vars(one)) == set(vars(two))
        assert (one.n_features_in_, one.solver_) == (n_segments, "cholesky")
        np.testing.assert_allclose(one.coef_, two.coef_, atol=1e-10)
        np.testing.assert_allclose(one.predict(samples), two.predict(samples))
        assert pickle.loads(pickle.dumps(clone(one))).alpha == surrogate.alpha
    assert not hasattr(surrogate, "coef_")


def test_too_few_rows_for_folds():
    samples, values, sample_weights = draw_rows(4, 3, n_labels=2)
    samples[1:] = [[True, False, True], [False, True, True], [True, True, False]]
    fit = fit_surrogates(samples, values[:4], sample_weights[:4])
    assert np.isnan(fit.fidelity).all()
    model = Ridge().fit(samples.astype(float), values, sample_weights)
    np.testing.assert_allclose(fit.weights, model.coef_, atol=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_weights_that_are_all_in_one_fold(seed):
    """What is left is next to nothing, and no difference of two large numbers."""
    samples, values, _ = draw_rows(60, 5, n_labels=1)
    splits = split_rows(60)
    sample_weights = np.full(60, 1e-18)
    sample_weights[splits[seed % 5][1]] = 1.0
    tests = [test for _, test in splits]
    found = solve_least_squares(samples, values, sample_weights, tests, Ridge(1e-17))
    ridge = Ridge(1e-17, solver="svd")
    expected = refit(samples, values, sample_weights, splits, ridge)
    np.testing.assert_allclose(found.predicted, expected, rtol=1e-6)
    found = solve_least_squares(samples, values, sample_weights, tests, Ridge())
    expected = refit(samples, values, sample_weights, splits, Ridge(solver="svd"))
    np.testing.assert_allclose(found.predicted, expected, rtol=1e-9)


@pytest.mark.parametrize("offset", [1e8, -3e10])
def test_a_large_constant_beside_small_changes(offset):
    """Centred before products are taken, as scikit-learn does."""
    samples, values, sample_weights = draw_rows()
    tests = [test for _, test in split_rows(200)]
    near = solve_least_squares(samples, values, sample_weights, tests, Ridge())
    far = solve_least_squares(samples, values + offset, sample_weights, tests, Ridge())
    rounding = np.spacing(abs(offset))  # four and more of these without
    np.testing.assert_allclose(far.coef, near.coef, atol=rounding / 2)
    shift = far.predicted - near.predicted
    np.testing.assert_allclose(shift, offset, rtol=0, atol=2 * rounding)


def test_a_heavy_row_among_many_segments():
    samples, values, sample_weights = draw_rows(n_rows=130, n_segments=120)
    sample_weights = np.where(np.arange(130) == 3, 1e9, 1.0)
    splits = split_rows(130)
    tests = [test for _, test in splits]
    found = solve_least_squares(samples, values, sample_weights, tests, Ridge())
    expected = refit(samples, values, sample_weights, splits, Ridge(solver="svd"))
    np.testing.assert_allclose(found.predicted, expected, atol=1e-7)


@pytest.mark.parametrize(
    "params",
    [{"alpha": -1.0}, {"alpha": np.nan}, {"tol": "x"}, {"max_iter": -5}],
)
def test_parameters_of_ridge_are_checked(params):
    """Its own `fit`, which checks them, is not called."""
    with pytest.raises(ValueError, match=f"'{next(iter(params))}'"):
        fit_surrogates(*draw_rows(), Ridge(**params))
    samples, values, sample_weights = draw_rows()
    with pytest.raises(ValueError, match=f"'{next(iter(params))}'"):
        compute_fidelity(samples, values[:, 0], sample_weights, Ridge(**params))


def test_a_seed_is_given_to_ridge_as_to_any_surrogate():
    solved = fit_surrogates(*draw_rows(), Ridge(), random_state=3)
    fitted = fit_surrogates(*draw_rows(), Ridge(solver="svd"), random_state=3)
    seeds = [fit.surrogates[0].random_state for fit in (solved, fitted)]
    assert seeds[0] == seeds[1] is not None


def test_what_is_no_ridge_for_one_label_is_fitted():
    linear = fit_surrogates(*draw_rows(), LinearRegression())
    assert all(model.rank_ == 12 for model in linear.surrogates)
    shared = fit_surrogates(*draw_rows(), Ridge(), multi_output=True)
    assert len(set(map(id, shared.surrogates))) == 1
    assert shared.surrogates[0].coef_.shape == (3, 12)
