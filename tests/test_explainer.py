"""The estimator: what goes in, what it promises, and what it refuses."""

import pickle
import threading
import warnings

import numpy as np
import pytest
from joblib import parallel_config
from sklearn.base import BaseEstimator, clone
from sklearn.cluster import KMeans
from sklearn.ensemble import RandomForestRegressor
from sklearn.exceptions import NotFittedError
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LassoCV, LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, KFold, cross_val_score
from sklearn.multioutput import ClassifierChain
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVC, SVR
from sklearn.tree import DecisionTreeRegressor
from sklearn.utils import get_tags

from sklime import ImageExplanation, ImageLimeExplainer
from sklime.occlusion import ColourOccluder
from sklime.sampling import BernoulliSampler
from sklime.segmentation import (
    GridSegmenter,
    PrecomputedSegmenter,
    SlicSegmenter,
    relabel_segments,
)


def explainer_of(black_box, **options):
    """Return an explainer that is cheap to run."""
    defaults = {
        "segmenter": GridSegmenter(4, 4),
        "occluder": 0,
        "n_perturbations": 64,
        "random_state": 0,
    }
    return ImageLimeExplainer(black_box, **defaults | options)


def same_explanation(a, b):
    """Return whether two explanations agree to the last bit."""
    names = ("weights", "intercepts", "fidelity", "samples", "sample_predictions")
    return all(np.array_equal(getattr(a, n), getattr(b, n)) for n in names)


# What goes in, and what it means


@pytest.mark.parametrize(
    "convert",
    [
        lambda x: x,
        lambda x: (x * 257.0).astype(np.uint16),
        lambda x: x / 255,
        lambda x: (x / 255).astype(np.float32),
        lambda x: x / 127.5 - 1,
        lambda x: x.astype(np.float64),
        lambda x: x.astype(np.int64),
    ],
    ids=["uint8", "uint16", "unit", "float32", "signed", "float255", "int64"],
)
@pytest.mark.parametrize("channels", ["grey", "one", "rgb", "rgba", "seven"])
def test_every_type_range_and_number_of_channels(coffee, quarters, convert, channels):
    """The same picture has the same explanation, up to the scale of the answers."""
    image = {
        "grey": coffee[..., 0],
        "one": coffee[..., :1],
        "rgb": coffee,
        "rgba": np.concatenate([coffee, np.full_like(coffee[..., :1], 255)], axis=-1),
        "seven": np.tile(coffee, 3)[..., :7],
    }[channels]
    X, reference = convert(image), image
    if channels == "seven":
        X, reference = X[None], reference[None]
    options = {"segmenter": SlicSegmenter(12), "occluder": "mean"}
    found = explainer_of(quarters, **options).fit_explain(X, labels=[0, 3])
    expected = explainer_of(quarters, **options).fit_explain(reference, labels=[0, 3])
    if channels == "seven":
        found, expected = found[0], expected[0]
    np.testing.assert_array_equal(found.segments, expected.segments)
    np.testing.assert_array_equal(found.samples, expected.samples)
    assert found.image.dtype == X.dtype
    scale = np.ptp(found.data_range) / 255
    # Means are rounded on integers and not on floats: half a grey level.
    np.testing.assert_allclose(found.weights / scale, expected.weights, atol=0.6)


def test_one_gives_one_and_many_give_a_list(coffee, quarters):
    explainer = explainer_of(quarters).fit(coffee)
    assert isinstance(explainer.explain(coffee), ImageExplanation)
    for many in (coffee[None], [coffee], (coffee, coffee)):
        explanations = explainer.explain(many)
        assert isinstance(explanations, list)
        assert len(explanations) == len(many)


def test_transform_is_images_first(coffee, quarters):
    explainer = explainer_of(quarters)
    maps = explainer.fit_transform(np.stack([coffee, coffee[::-1]]))
    assert maps.shape == (2, 64, 64)
    np.testing.assert_array_equal(maps[0], explainer.explain(coffee).heatmap())
    assert explainer.transform(coffee).shape == (1, 64, 64)
    ragged = explainer.transform([coffee, coffee[:32]])
    assert [heatmap.shape for heatmap in ragged] == [(64, 64), (32, 64)]


def test_a_batch_of_grey_images(digits, digit_model):
    images, target = digits
    explainer = ImageLimeExplainer(
        digit_model, channel_axis=None, data_range=(0, 16), occluder=0, random_state=0
    )
    explanations = explainer.fit(images[:3]).explain(images[3:8])
    assert [e.labels[0] for e in explanations] == target[3:8].tolist()
    assert explainer.explain(images[9]).image.shape == (8, 8)
    assert (explanations[0].samples[0] == 1).all()


def test_seven_channels_need_a_batch_of_one_in_fit_only(coffee, quarters):
    image = np.tile(coffee, 3)[..., :7]
    explainer = explainer_of(quarters)
    with pytest.raises(ValueError, match=r"X\[None\]"):
        explainer.fit(image)
    explanation = explainer.fit(image[None]).explain(image)
    assert explanation.image.shape == (64, 64, 7)


def test_channels_first(coffee):
    """The black box gets its own layout, the explanation is channels last."""
    seen = []

    def black_box(images):
        seen.append(images.shape)
        return images[:, 0].mean(axis=(1, 2))

    options = {"segmenter": SlicSegmenter(20), "occluder": "mean", "surrogate": Ridge()}
    explainer = explainer_of(black_box, channel_axis=0, **options)
    explanation = explainer.fit_explain(np.moveaxis(coffee, -1, 0))
    assert {shape[1:] for shape in seen} == {(3, 64, 64)}
    assert explanation.image.shape == (64, 64, 3)
    last = explainer_of(lambda x: x[..., 0].mean(axis=(1, 2)), **options)
    expected = last.fit_explain(coffee)
    np.testing.assert_allclose(explanation.weights, expected.weights, atol=1e-12)


def test_inputs_are_read_only_and_stay_as_they_are(coffee, quarters):
    assert not coffee.flags.writeable
    explainer_of(quarters, occluder="mean").fit_explain([coffee, coffee])


def test_images_are_read_one_by_one(coffee, quarters):
    class Loader:
        """Hands out the same buffer again and again."""

        buffer = np.empty_like(coffee)

        def __len__(self):
            return 4

        def __getitem__(self, index):
            self.buffer[:] = np.roll(coffee, index, axis=0)
            return self.buffer

    loader = Loader()
    explanations = explainer_of(quarters).fit(loader).explain(loader)
    for index, explanation in enumerate(explanations):
        np.testing.assert_array_equal(explanation.image, np.roll(coffee, index, axis=0))


def test_data_range_reaches_segments_fill_and_explanation(coffee, quarters):
    dark = coffee.astype(float) / 5  # at most 51: no convention fits
    with pytest.warns(UserWarning, match="data_range is taken to be"):
        guessed = explainer_of(quarters).fit(dark)
    assert guessed.data_range_ == (dark.min(), dark.max())
    explainer = explainer_of(quarters, data_range=(0, 255), segmenter=SlicSegmenter(9))
    explainer.fit(dark)
    assert explainer.data_range_ == (0, 255)
    assert explainer.segmenter_.data_range == (0, 255)
    assert explainer.segmenter.data_range is None
    assert explainer.explain(dark).data_range == (0, 255)


def test_a_fill_outside_a_guessed_range_is_kept(coffee, quarters):
    """Zero is a sensible fill for radiances from 1000 to 5000."""
    radiances = 1000.0 + 15 * coffee
    with pytest.warns(UserWarning, match="data_range is taken to be") as warned:
        explanation = explainer_of(quarters).fit_explain(radiances)
    assert len(warned) == 1
    assert (explanation.background == 0).all()
    given = explainer_of(quarters, data_range=(1000, 5000))
    with pytest.warns(UserWarning, match="they are clipped"):
        assert (given.fit_explain(radiances).background == 1000).all()


# Labels


def test_top_labels_highest_first_and_ties_in_order(coffee):
    """Trap L8 of lime: ties came out in reversed order."""

    def black_box(images):
        brightness = images.mean(axis=(1, 2, 3))[:, np.newaxis] / 255
        return np.array([[0.1, 0.4, 0.1, 0.4, 0.1]]) + brightness

    explanation = explainer_of(black_box, top_labels=4).fit_explain(coffee)
    assert explanation.labels == [1, 3, 0, 2]
    assert explainer_of(black_box, top_labels=9).fit_explain(coffee).labels[-1] == 4


def test_given_labels_win(coffee, quarters):
    """Trap L8 of lime: `top_labels` silently won over `labels`."""
    explainer = explainer_of(quarters, top_labels=3, class_names=list("abcd"))
    assert explainer.fit_explain(coffee, labels="d").labels == ["d"]
    assert explainer.explain(coffee, labels=["b", 0]).labels == ["b", "a"]


def test_classes_of_a_fitted_classifier(digits):
    images, target = digits
    names = np.array(["zero", "one", "two", "three"])
    few = target < 4
    model = make_pipeline(
        FunctionTransformer(lambda X: X.reshape(len(X), -1) / 16),
        LogisticRegression(),
    ).fit(images[few], names[target[few]])
    explainer = explainer_of(model, channel_axis=None, data_range=(0, 16))
    explainer.set_params(segmenter__n_rows=2, segmenter__n_cols=2)
    explanation = explainer.fit(images[few]).explain(images[2], labels="two")
    assert explainer.classes_.tolist() == sorted(names)
    assert explainer.n_outputs_ == 4
    assert explanation.class_names[explanation.label_indices[0]] == "two"


@pytest.mark.parametrize("response_method", ["decision_function", "predict"])
def test_other_responses(digits, response_method):
    images, target = digits
    model = SVC(gamma=0.001).fit(images.reshape(-1, 64)[:300], target[:300])
    explainer = explainer_of(
        model, channel_axis=None, data_range=(0, 16), response_method=response_method
    )
    explanation = explainer.fit(images).explain(images[0])
    assert explanation.labels == [target[0]]
    if response_method == "predict":
        assert set(np.unique(explanation.sample_predictions)) == {0, 1}


# The tools of model selection


@pytest.mark.parametrize("kind", ["array", "ragged"])
@pytest.mark.parametrize("n_jobs", [None, 2])
def test_grid_search(photographs, quarters, kind, n_jobs):
    """Segmenter and surrogate are searched; the model stays what it is."""
    images = [photographs[name] for name in ("coffee", "chelsea", "rocket")]
    model = make_pipeline(FunctionTransformer(quarters), Ridge())
    model.fit(np.stack(images), [1.0, 5.0, 3.0])
    before = pickle.dumps(model)
    X = np.stack(images)
    if kind == "ragged":
        X = [image[: 64 - 8 * k] for k, image in enumerate(images)]
    explainer = ImageLimeExplainer(
        model,
        segmenter=SlicSegmenter(),
        occluder=0,
        n_perturbations=64,
        random_state=0,
    )
    search = GridSearchCV(
        explainer,
        {
            "segmenter__n_segments": [10, 20],
            "surrogate": [Ridge(), DecisionTreeRegressor(max_depth=4)],
        },
        scoring=lambda e, X, y=None: e.explain(X)[0].fidelity[0],
        cv=2,
        error_score="raise",
        n_jobs=n_jobs,
    ).fit(X)
    assert search.best_estimator_.estimator is model
    assert pickle.dumps(model) == before
    assert isinstance(search.best_params_["surrogate"], Ridge)
    scores = search.cv_results_["mean_test_score"]
    assert np.isfinite(scores).all()
    assert len(np.unique(scores)) == 4


def test_a_grid_may_swap_an_object_and_set_its_parameters(coffee, quarters):
    search = GridSearchCV(
        explainer_of(quarters),
        {
            "segmenter": [GridSegmenter(2, 2), SlicSegmenter(20)],
            "segmenter__data_range": [(0, 255)],
        },
        scoring=lambda e, X, y=None: e.segmenter_.data_range[1],
        cv=2,
        error_score="raise",
    ).fit([coffee, coffee])
    assert search.best_score_ == 255


def test_cross_val_score_and_pipeline(photographs, quarters):
    X = np.stack([photographs["coffee"], photographs["chelsea"]] * 3)
    explainer = explainer_of(quarters)
    scores = cross_val_score(
        explainer, X, scoring=lambda e, X, y=None: e.explain(X)[0].fidelity[0], cv=3
    )
    assert scores.shape == (3,)
    flatten = FunctionTransformer(lambda maps: maps.reshape(len(maps), -1))
    clusters = make_pipeline(
        explainer, flatten, StandardScaler(), KMeans(2, random_state=0)
    )
    labels = clusters.fit_predict(X)
    assert labels[0] != labels[1]
    assert (labels[::2] == labels[0]).all()


def test_pickle(coffee, quarters):
    explainer = explainer_of(quarters).fit(coffee)
    copy = pickle.loads(pickle.dumps(explainer))
    assert same_explanation(copy.explain(coffee), explainer.explain(coffee))


# The same parameters and seed give the same bits


@pytest.mark.parametrize(
    "surrogate",
    [
        Ridge(),
        DecisionTreeRegressor(max_depth=3, max_features=4),
        RandomForestRegressor(5),
    ],
    ids=lambda model: type(model).__name__,
)
def test_same_bits_whatever_batch_jobs_backend_and_company(
    photographs, quarters, surrogate
):
    images = [photographs[name] for name in ("coffee", "chelsea", "rocket")]
    explainer = explainer_of(quarters, occluder="mean", surrogate=surrogate)
    explainer.fit(images)
    expected = [explainer.explain(image) for image in images]
    variants = {
        "again": explainer.explain(images),
        "reversed": explainer.explain(images[::-1])[::-1],
        "fitted to one": clone(explainer).fit(images[2]).explain(images),
        "batches of 1": clone(explainer)
        .set_params(batch_size=1)
        .fit(images)
        .explain(images),
        "batches of 7": clone(explainer)
        .set_params(batch_size=7)
        .fit(images)
        .explain(images),
        "two jobs": clone(explainer).set_params(n_jobs=2).fit(images).explain(images),
    }
    with parallel_config(backend="threading", n_jobs=2):
        variants["threads"] = explainer.explain(images)
    for name, found in variants.items():
        for a, b in zip(expected, found, strict=True):
            assert same_explanation(a, b), name


def test_same_bits_of_linear_algebra_in_worker_processes(photographs):
    """A worker has one thread for BLAS, its parent more: ridge differed by 1e-15."""
    images = [photographs["coffee"], photographs["chelsea"], photographs["rocket"]]
    images = [np.kron(image, np.ones((2, 2, 1), np.uint8)) for image in images]

    def corner(batch):
        return batch[:, :64].mean(axis=(1, 2, 3)) + batch[:, 10, 10, 0]

    explainer = explainer_of(corner, segmenter=None, n_perturbations=128).fit(images)
    expected = explainer.explain(images)
    found = clone(explainer).set_params(n_jobs=2).fit(images).explain(images)
    for a, b in zip(expected, found, strict=True):
        assert same_explanation(a, b)


@pytest.mark.parametrize(
    "surrogate",
    [
        GridSearchCV(
            DecisionTreeRegressor(),
            {"max_depth": [1, 2, 3, 4]},
            cv=KFold(3, shuffle=True),
        ),
        LassoCV(alphas=[0.1, 1.0, 10.0], cv=KFold(3, shuffle=True)),
    ],
    ids=["search", "lasso"],
)
def test_a_splitter_without_a_seed_gets_one(coffee, quarters, surrogate):
    def spotted(images):
        return quarters(images)[:, :2] * (images[:, 10, 10, :1] > 0)

    first, second = (
        explainer_of(spotted, surrogate=surrogate).fit_explain(coffee) for _ in range(2)
    )
    assert same_explanation(first, second)
    assert surrogate.cv.random_state is None


def test_another_seed_another_draw(coffee, quarters):
    """Traps C7 of Captum: no seed at all; L9 of lime: its state advances."""
    first = explainer_of(quarters).fit_explain(coffee)
    second = explainer_of(quarters, random_state=1).fit_explain(coffee)
    assert (first.samples != second.samples).any()


def test_a_random_state_instance_advances_between_calls(coffee, quarters):
    explainer = explainer_of(quarters, random_state=np.random.RandomState(0)).fit(
        coffee
    )
    one, two = explainer.explain([coffee, coffee])
    assert same_explanation(one, two)
    assert not same_explanation(one, explainer.explain(coffee))


def test_no_global_random_state(coffee, quarters):
    np.random.seed(3)
    state = np.random.get_state()[1].copy()
    explainer_of(quarters, surrogate=RandomForestRegressor(3)).fit_explain(coffee)
    again = [
        explainer_of(quarters, random_state=None).fit_explain(coffee) for _ in range(2)
    ]
    np.testing.assert_array_equal(np.random.get_state()[1], state)
    assert not same_explanation(*again)


def test_the_users_parts_are_cloned(coffee, quarters):
    segmenter, occluder, surrogate = SlicSegmenter(9), ColourOccluder(3), Ridge()
    explainer = explainer_of(
        quarters, segmenter=segmenter, occluder=occluder, surrogate=surrogate
    ).fit(coffee)
    explainer.explain(coffee)
    assert segmenter.data_range is None
    assert explainer.segmenter_ is not segmenter
    assert explainer.occluder_ is not occluder
    assert not hasattr(surrogate, "coef_")
    assert surrogate.random_state is None


# Segments


def test_phantom_segments_and_gaps(coffee, quarters):
    """Trap L1 of lime: labels from 1 left the last segment shown in every copy."""
    grid = GridSegmenter(4, 4).fit_transform(coffee)[0]
    odd = grid * 3 + 1
    found = explainer_of(quarters, segmenter=PrecomputedSegmenter(odd)).fit_explain(
        coffee
    )
    expected = explainer_of(quarters).fit_explain(coffee)
    assert same_explanation(found, expected)
    np.testing.assert_array_equal(found.segment_ids, np.arange(16) * 3 + 1)
    assert found.segment_names[15] == "segment 46"
    assert relabel_segments(odd)[0].max() == 15


def test_one_segment_works_end_to_end(coffee, quarters):
    """Felzenszwalb returns one segment for a constant image; the peers fail."""
    explainer = explainer_of(quarters, segmenter=GridSegmenter(1, 1))
    with pytest.warns(UserWarning, match=r"a single segment in 1 of 1 images.*X\[0\]"):
        explanation = explainer.fit_explain(coffee)
    assert explanation.samples.tolist() == [[True], [False]]
    total = explanation.sample_predictions[0, explanation.label_indices[0]]
    exact = explanation.refit(surrogate=LinearRegression())
    assert exact.weights[0, 0] == pytest.approx(total)
    assert explanation.mask().all()


def test_few_segments_are_enumerated(coffee, recorder):
    box = recorder()
    explainer = explainer_of(box, segmenter=GridSegmenter(2, 2), n_perturbations=1024)
    explanation = explainer.fit_explain(coffee)
    assert explanation.samples.shape == (16, 4)
    assert box.n_images == 2 + 16


def test_calls_are_no_more_than_needed(coffee, recorder):
    box = recorder()
    explainer = explainer_of(box, n_perturbations=200, batch_size=64)
    explainer.fit(coffee)
    assert [len(batch) for batch in box.batches] == [2]
    np.testing.assert_array_equal(box.batches[0], [coffee, coffee])
    explanation = explainer.explain(coffee)
    assert box.n_images - 2 == len(np.unique(explanation.samples, axis=0))
    assert max(map(len, box.batches)) == 64
    np.testing.assert_array_equal(box.batches[1][0], coffee)


def test_a_black_box_may_write_into_what_it_gets(coffee, quarters):
    def rude(images):
        answer = quarters(images)
        images[:] = 0
        return answer

    expected = explainer_of(quarters).fit_explain(coffee)
    assert same_explanation(explainer_of(rude).fit_explain(coffee), expected)


class Weighing(BernoulliSampler):
    """A sampler that brings weights of its own."""

    def sample_weights(self, samples):
        return 1.0 + np.arange(len(samples))


def test_a_sampler_may_bring_its_own_weights(coffee, quarters):
    explanation = explainer_of(quarters, sampler=Weighing(0.4)).fit_explain(coffee)
    own = 1.0 + np.arange(64)
    np.testing.assert_array_equal(explanation.sample_weights, own)
    kept = explanation.refit(labels=3, surrogate=LinearRegression())
    np.testing.assert_array_equal(kept.sample_weights, own)
    narrow = explainer_of(quarters, sampler=Weighing(0.4), kernel_width=1e-3)
    assert narrow.fit_explain(coffee).fidelity[0] > 0  # the kernel is not asked
    for options in ({"kernel_width": 0.3}, {"distance": "area"}, {"kernel": "uniform"}):
        with pytest.raises(ValueError, match=r"the sampler weighs .*, as Weighing did"):
            explanation.refit(**options)

    class Negative(Weighing):
        def sample_weights(self, samples):
            return -own

    with pytest.raises(ValueError, match=r"sampler must give finite numbers.*64 neg"):
        explainer_of(quarters, sampler=Negative()).fit_explain(coffee)


@pytest.mark.parametrize(
    "weights", [[1.0] * 63 + [-1], None, ["a"] * 64, [1.0], [0.0] * 64]
)
def test_weights_of_a_sampler_are_checked_before_the_black_box_is_asked(
    coffee, recorder, weights
):
    class Bad(BernoulliSampler):
        def sample_weights(self, samples):
            return weights

    box = recorder()
    with pytest.raises(ValueError, match="sampler must give"):
        explainer_of(box, sampler=Bad(0.4)).fit_explain(coffee)
    assert len(box.batches) == 1


def test_a_background_comes_in_the_layout_of_the_images(photographs):
    coffee, rocket = photographs["coffee"], photographs["rocket"]

    def red(images):
        return images[:, 0].mean(axis=(1, 2))

    first = np.moveaxis(coffee, -1, 0)
    explanation = explainer_of(
        red, channel_axis=0, occluder=np.moveaxis(rocket, -1, 0)
    ).fit_explain(first)
    np.testing.assert_array_equal(explanation.background, rocket)


def test_parts_of_others_that_change_what_they_get_or_return_nothing(coffee, quarters):
    class Silent(BaseEstimator):
        def fit(self, X, y=None):
            assert isinstance(X, list)

        def transform(self, X):
            return [np.indices(image.shape[:2]).sum(axis=0) // 32 for image in X]

    class Painting(BaseEstimator):
        def fit(self, X, y=None):
            pass

        def fill(self, image, segments):
            image[:] = 0
            return image

    explanation = explainer_of(quarters, segmenter=Silent()).fit_explain(coffee)
    assert explanation.n_segments == 4
    with pytest.raises(ValueError, match="read-only"):
        explainer_of(quarters, occluder=Painting()).fit_explain(coffee)

    def squaring(distances):
        distances **= 2
        return 1 - distances

    explanation = explainer_of(quarters, kernel=squaring).fit_explain(coffee)
    expected = 1 - np.sqrt(explanation.samples.mean(axis=1))
    np.testing.assert_array_equal(explanation.distances, expected)


def test_later_changes_of_a_users_object_do_not_reach_the_explanation(coffee, quarters):
    surrogate = DecisionTreeRegressor(max_depth=2)
    explanation = explainer_of(quarters, surrogate=surrogate).fit_explain(coffee)
    refitted = explanation.refit(surrogate=surrogate)
    surrogate.max_depth = 1
    for kept in (explanation, refitted):
        assert kept.refit(labels=3).surrogates[0].get_depth() == 2


def test_parts_without_a_seed_get_one_and_with_one_keep_it(coffee, quarters):
    class Noisy(BaseEstimator):
        def __init__(self, random_state=None, data_range="mine"):
            self.random_state = random_state
            self.data_range = data_range

        def fit(self, X, y=None):
            return self

        def transform(self, X):
            rng = np.random.RandomState(self.random_state)
            return [rng.randint(0, 5, size=image.shape[:2]) for image in X]

    first, second, third = (
        explainer_of(quarters, segmenter=Noisy(seed), random_state=state).fit(coffee)
        for seed, state in ((None, 0), (None, 0), (7, 0))
    )
    assert isinstance(first.segmenter_.random_state, int)
    assert first.segmenter_.random_state == second.segmenter_.random_state
    assert third.segmenter_.random_state == 7
    assert first.segmenter_.data_range == "mine"
    other = explainer_of(quarters, segmenter=Noisy(), random_state=1).fit(coffee)
    assert other.segmenter_.random_state != first.segmenter_.random_state
    mine = SlicSegmenter(9, data_range=(0, 100))
    fitted = explainer_of(quarters, segmenter=mine).fit(coffee)
    assert fitted.segmenter_.data_range == (0, 100)


def test_the_seed_reaches_the_surrogate(coffee, quarters):
    tree = DecisionTreeRegressor(max_features=2)
    seeds = [
        explainer_of(quarters, surrogate=tree, random_state=state)
        .fit_explain(coffee)
        .surrogates[0]
        .random_state
        for state in (0, 0, 1)
    ]
    assert seeds[0] == seeds[1] != seeds[2]


def test_only_parts_that_learn_read_all_images(photographs, quarters):
    class Lazy:
        def __init__(self):
            self.n_read = 0

        def __len__(self):
            return 3

        def __getitem__(self, index):
            self.n_read += 1
            return photographs[("coffee", "chelsea", "rocket")[index]]

    class Learner(BaseEstimator):
        def fit(self, X, y=None):
            self.n_images_ = len(X)

        def transform(self, X):
            return [np.indices(image.shape[:2]).sum(axis=0) // 32 for image in X]

    n_read = {}
    for name, options in {
        "none": {},
        "segmenter": {"segmenter": Learner()},
        "reference": {"occluder": "reference"},
    }.items():
        images = Lazy()
        explainer = explainer_of(quarters, **options).fit(images)
        n_read[name] = images.n_read
        if name == "segmenter":
            assert explainer.segmenter_.n_images_ == 3
    assert n_read["none"] == 4  # each once, and the first for the black box
    assert n_read["segmenter"] == n_read["none"] + 3
    assert n_read["reference"] == n_read["none"] + 4


def test_tags_say_that_images_are_wanted(quarters):
    tags = get_tags(explainer_of(quarters)).input_tags
    assert tags.three_d_array
    assert not tags.two_d_array


def test_kernels_and_distances_that_need_real_samples(coffee, quarters):
    """They were tried on an image of two segments that nobody has."""
    areas = np.arange(16.0)
    explanation = explainer_of(
        quarters,
        distance=lambda a, b: abs(a - b) @ areas,
        kernel=lambda d: ((d > 0) & (d < 70)) * 1.0,
    ).fit_explain(coffee)
    assert explanation.distances.max() <= areas.sum()
    assert set(explanation.sample_weights) == {0, 1}


# Warnings, once


def test_one_warning_for_a_fill_outside_the_range(photographs, quarters):
    images = [image / 255 for image in photographs.values() if image.ndim == 3]
    with pytest.warns(UserWarning, match="they are clipped") as warned:
        explainer_of(quarters, occluder=300.0, n_jobs=2).fit_explain(images)
    assert len(warned) == 1
    assert warned[0].filename == __file__


def test_a_segmenter_cannot_write_into_the_image(coffee, quarters):
    def paint(images):
        images[0][:] = 0
        return [np.zeros(image.shape[:2], dtype=int) for image in images]

    mine = coffee.copy()
    with pytest.raises(ValueError, match="read-only"):
        explainer_of(quarters, segmenter=FunctionTransformer(paint)).fit_explain(mine)
    np.testing.assert_array_equal(mine, coffee)


def test_one_warning_for_a_fill_that_changes_nothing(digits, digit_model):
    images, _ = digits
    explainer = ImageLimeExplainer(
        digit_model,
        segmenter=GridSegmenter(8, 8),
        channel_axis=None,
        data_range=(0, 16),
        n_perturbations=128,
        random_state=0,
    ).fit(images[:3])
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        explainer.explain(images[:3])
    unchanged, zero = (str(warning.message) for warning in warned)
    assert "occluder ('mean') changes nothing visible" in unchanged
    assert "3 of 3 images" in unchanged
    assert "All weights of a label are zero for 3 of 3 images" in zero


def test_no_warning_for_a_photograph(photographs, quarters):
    for image in photographs.values():
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            ImageLimeExplainer(
                quarters, n_perturbations=128, random_state=0
            ).fit_explain(image)


def test_progress(coffee, quarters, capsys):
    explainer_of(quarters).fit_explain([coffee] * 2)
    assert capsys.readouterr().err == ""
    explainer_of(quarters, verbose=1).fit_explain([coffee] * 2)
    shown = capsys.readouterr().err
    assert "2/2" in shown
    assert "batch" not in shown
    explainer_of(quarters, verbose=2, batch_size=16).fit_explain(coffee)
    assert "batch" in capsys.readouterr().err


# Bad input is refused before a second batch is sent


class Mute:
    def fit(self, X, y=None, sample_weight=None):
        return self

    def get_params(self, deep=True):
        return {}


class Floats(SlicSegmenter):
    def _transform_one(self, image):
        return np.zeros(image.shape[:2])


class Turned(SlicSegmenter):
    def _transform_one(self, image):
        return np.zeros((image.shape[1] + 1, image.shape[0]), dtype=int)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_perturbations": 1}, r"'n_perturbations'.*range \[2, inf\). Got 1"),
        ({"kernel_width": 0}, r"'kernel_width'.*range \(0.0, inf\). Got 0"),
        ({"kernel_width": None}, "'kernel_width'.*Got None"),
        ({"kernel": "gauss"}, "'kernel'.*'exponential'"),
        ({"batch_size": 0}, r"'batch_size'.*range \[1, inf\)"),
        ({"top_labels": 0}, "'top_labels'"),
        ({"channel_axis": 7}, "'channel_axis'"),
        (
            {"sampler": "sobol"},
            "'sampler'(?=.*'balanced').*'bernoulli'",
        ),
        ({"sampler": 3}, "'sampler'"),
        ({"sampler": BernoulliSampler}, "sampler must be.*BernoulliSampler()"),
        ({"sampler": "exhaustive"}, r"n_perturbations of at least 2\*\*16"),
        ({"occluder": "gris"}, "occluder must be one of.*'inpaint', 'mean'.*CSS"),
        ({"occluder": (1, 2)}, "a value for each channel.*3 channels"),
        ({"occluder": np.zeros((3, 3))}, r"\(64, 64, 3\)\. Got shape \(3, 3\)"),
        ({"distance": "far"}, "distance must be.*'euclidean'"),
        ({"distance": 3}, "'distance'"),
        ({"distance": [1, 2, 3]}, "each of the 64 perturbations"),
        ({"surrogate": Mute()}, "surrogate must be.*'predict'.*Got <"),
        ({"surrogate": StandardScaler()}, "surrogate must be.*regressor"),
        ({"target": "rest"}, "'target'.*'one-vs-rest'"),
        ({"multi_output": "yes"}, "'multi_output'"),
        (
            {"multi_output": True, "surrogate": SVR()},
            "surrogate must be able to predict several.*Got SVR; wrap",
        ),
        (
            {"multi_output": True, "surrogate": LogisticRegression()},
            "multi_output=True is for regressors.*Got LogisticRegression",
        ),
        (
            {"surrogate": ClassifierChain(LogisticRegression())},
            "surrogate must be a regressor, or a classifier.*Got ClassifierChain",
        ),
        ({"feature_selector": "best"}, "feature_selector must be .*'lasso_path'"),
        ({"feature_selector": Ridge()}, "feature_selector must be .*'get_support'"),
        ({"feature_selector": "lasso_path"}, "'lasso_path' needs max_segments"),
        ({"max_segments": 0}, "max_segments must be an integer of at least 1"),
        ({"max_segments": 1.5}, "max_segments must be .*Got 1.5"),
        (
            {"max_segments": 3, "feature_selector": SelectKBest()},
            "max_segments must be None where feature_selector decides",
        ),
        ({"surrogate": Ridge}, "surrogate must be.*such as Ridge()"),
        ({"surrogate": "ridge"}, "'surrogate'"),
        ({"segmenter": "slic"}, r"segmenter must be .*SlicSegmenter\(\).*Got 'slic'"),
        ({"segmenter": lambda image: image[..., 0] / 2}, "must return integer labels"),
        ({"occluder": float("nan")}, "occluder must be finite. Got nan"),
        ({"occluder": True}, "occluder must be a name .*mean.*Got True"),
        ({"segmenter": SlicSegmenter}, r"such as SlicSegmenter\(\)"),
        ({"segmenter": SlicSegmenter(0)}, "'n_segments' parameter of SlicSegmenter"),
        ({"segmenter": Floats()}, "must return integer labels"),
        ({"segmenter": Turned()}, r"height and width, \(64, 64\)"),
        ({"response_method": "score"}, "'response_method'"),
        ({"class_names": ["a", "b"]}, "each of the 4 outputs.*Got 2"),
        ({"data_range": (1, 0)}, "low < high"),
        ({"data_range": 5}, "'data_range'"),
        ({"random_state": "seed"}, "'random_state'"),
    ],
    ids=str,
)
def test_bad_parameters(coffee, recorder, options, message):
    box = recorder()
    with pytest.raises((ValueError, TypeError), match=message):
        explainer_of(box, **options).fit_explain(coffee)
    assert len(box.batches) <= 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"surrogate": Ridge(alpha=-1)}, "'alpha' parameter of Ridge"),
        ({"surrogate": make_pipeline(Ridge(alpha=-1))}, "'alpha' parameter of Ridge"),
        ({"feature_selector": SelectKBest(k=-1)}, "'k' parameter of SelectKBest"),
    ],
    ids=str,
)
def test_parameters_of_parts_cost_no_call(coffee, recorder, options, message):
    """A surrogate is fitted after the black box was asked, and checked before."""
    box = recorder()
    with pytest.raises(ValueError, match=message):
        explainer_of(box, **options).fit(coffee)
    assert not box.batches


@pytest.mark.parametrize(
    "options", [{"surrogate": LogisticRegression()}, {"target": "one-vs-rest"}]
)
def test_a_single_output_has_no_predicted_class(coffee, recorder, options):
    """It may be the probability of a class, or a regression: nothing says which."""
    box = recorder(lambda images: images.mean(axis=(1, 2, 3)) / 255)
    with pytest.raises(ValueError, match=r"single one.*the two columns 1 - p and p"):
        explainer_of(box, **options).fit(coffee)
    assert len(box.batches) == 1


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.zeros(5), "2 or 3 dimensions|one image"),
        (np.zeros((2, 2, 8, 8, 3)), r"Got an array of shape \(2, 2, 8, 8, 3\)"),
        (np.zeros((10, 28, 28)), "channel_axis=None"),
        (np.full((8, 8), np.nan), "NaN or infinity"),
        (np.full((8, 8, 3), np.inf), "nan_to_num"),
        (np.zeros((0, 8, 3)), "at least one pixel"),
        ([], "at least one image"),
        (["a.png"], "must hold numbers"),
        ("a.png", "imread"),
        ([np.zeros((8, 8, 3)), np.zeros((8, 8))], "channels of the first image"),
        ([np.zeros((8, 8, 3)), np.full((8, 8, 3), np.nan)], r"X\[1\] must be finite"),
    ],
    ids=range(11),
)
def test_bad_images(recorder, X, message):
    box = recorder()
    with pytest.raises((ValueError, TypeError), match=message):
        explainer_of(box).fit(X)
    assert not box.batches


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda n: np.zeros(n + 1), r"for a batch of 2 images. Got shape \(3, 1\)"),
        (lambda n: np.zeros(1), r"Got shape \(1, 1\)"),
        (lambda n: np.full((n, 3), np.nan), "NaN or infinity for 2 of 2"),
        (lambda n: "cat", "must return numbers"),
        (lambda n: [[1], [1, 2]], "no array"),
    ],
    ids=range(5),
)
def test_bad_answers(coffee, recorder, answer, message):
    box = recorder(lambda images: answer(len(images)))
    with pytest.raises((ValueError, TypeError), match=message):
        explainer_of(box).fit_explain(coffee)
    assert len(box.batches) == 1


def test_another_number_of_outputs_than_in_fit(coffee, recorder):
    box = recorder(lambda images: np.zeros((len(images), 2 if len(images) == 2 else 3)))
    explainer = explainer_of(box, batch_size=16).fit(coffee)
    with pytest.raises(ValueError, match=r"as many outputs as in fit, 2\. Got 3"):
        explainer.explain(coffee)
    assert len(box.batches) == 2


@pytest.mark.parametrize("labels", ["z", 9, [0, 9], []])
def test_bad_labels(coffee, recorder, labels):
    box = recorder()
    explainer = explainer_of(box).fit(coffee)
    with pytest.raises(ValueError, match="label"):
        explainer.explain(coffee, labels=labels)
    assert len(box.batches) == 1


def test_a_bad_image_at_the_end_of_a_list(coffee, recorder):
    box = recorder()
    explainer = explainer_of(box).fit(coffee)
    bad = coffee.astype(float)
    bad[0, 0, 0] = np.nan
    with pytest.raises(ValueError, match=r"X\[2\] must be finite"):
        explainer.explain([coffee, coffee, bad])
    assert len(box.batches) == 1


def test_a_failed_fit_leaves_the_explainer_unfitted(coffee):
    explainer = explainer_of(lambda images: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        explainer.fit(coffee)
    with pytest.raises(NotFittedError):
        explainer.explain(coffee)


def test_a_black_box_that_cannot_be_pickled_works_in_threads(coffee, quarters):
    class Locked:
        lock = None

        def __call__(self, images):
            with self.lock:
                return quarters(images)

    box = Locked()
    box.lock = threading.Lock()
    explainer = explainer_of(box, n_jobs=2).fit(coffee)
    with pytest.raises(Exception, match="pickle") as caught:
        explainer.explain([coffee, coffee])
    assert "backend='threading'" in caught.value.__notes__[-1]
    with parallel_config(backend="threading"):
        assert len(explainer.explain([coffee, coffee])) == 2


def test_unfitted_explainer_and_black_box(coffee, quarters):
    with pytest.raises(NotFittedError, match="ImageLimeExplainer"):
        explainer_of(quarters).explain(coffee)
    with pytest.raises(NotFittedError, match="estimator must be fitted before"):
        explainer_of(LogisticRegression()).fit(coffee)


@pytest.mark.parametrize("bad", [None, 3, "model", LogisticRegression, object()])
def test_no_black_box(coffee, bad):
    with pytest.raises((ValueError, TypeError), match="estimator"):
        explainer_of(bad).fit(coffee)


@pytest.mark.parametrize("key", ["distance__p", "kernel__width"])
def test_nested_parameters_of_plain_values(quarters, key):
    with pytest.raises(ValueError, match=f"{key}.*has no parameters of its own"):
        explainer_of(quarters).set_params(**{key: 1})


def test_images_unlike_those_of_fit(coffee, quarters):
    explainer = explainer_of(quarters).fit(coffee)
    for other in (coffee[..., 0], np.concatenate([coffee, coffee[..., :1]], axis=-1)):
        with pytest.raises(ValueError, match="channels of the"):
            explainer.explain([other])
    unit = explainer_of(quarters).fit(coffee / 255)
    with pytest.warns(UserWarning, match="on another scale than data_range_"):
        unit.explain(coffee.astype(float))


@pytest.mark.parametrize(
    ("name", "value"),
    [("kernel_width", -1), ("surrogate", StandardScaler()), ("distance", "far")],
)
def test_parameters_changed_after_fit_are_checked_again(coffee, recorder, name, value):
    box = recorder()
    explainer = explainer_of(box).fit(coffee)
    with pytest.raises((ValueError, TypeError), match=name):
        explainer.set_params(**{name: value}).explain(coffee)
    assert len(box.batches) == 1


def test_a_classifier_after_fit_needs_two_outputs(coffee, recorder):
    box = recorder(lambda images: images.mean(axis=(1, 2, 3)) / 255)
    explainer = explainer_of(box).fit(coffee)
    with pytest.raises(ValueError, match="single one"):
        explainer.set_params(surrogate=LogisticRegression()).explain(coffee)
    assert len(box.batches) == 1


def test_a_selector_s_parameters_need_a_selector(quarters):
    with pytest.raises(
        ValueError, match=r"feature_selector=SelectKBest\(f_regression\) is"
    ):
        explainer_of(quarters).set_params(feature_selector__k=3)


def test_a_share_of_one_is_all_segments(coffee, quarters):
    few, whole = (
        explainer_of(quarters, max_segments=share).fit_explain(coffee)
        for share in (0.5, 1.0)
    )
    assert np.count_nonzero(few.weights) == 8
    everything = explainer_of(quarters).fit_explain(coffee)
    np.testing.assert_allclose(whole.weights, everything.weights, atol=1e-10)
