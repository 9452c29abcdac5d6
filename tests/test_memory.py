"""With `memory` nothing is asked twice, and no other model's answer is given.

Every image that the black box sees is counted, and its bytes are remembered.
"""

import os
import pickle
import subprocess
import sys
from collections import Counter
from functools import partial

import joblib
import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsRegressor
from sklearn.tree import DecisionTreeRegressor

from sklime import ImageLimeExplainer
from sklime.metrics import faithfulness_scorer, sensitivity_scorer, stability_scorer
from sklime.segmentation import FunctionSegmenter, GridSegmenter, SlicSegmenter


class Asked(Counter):
    """How often each image was seen, by its bytes."""


ASKED = Asked()


class Digits:
    """A model of digits that counts what it is asked, outside of its own state."""

    def __init__(self, model):
        self.model = model
        self.classes_ = model.classes_

    def predict_proba(self, images):
        ASKED.update(image.tobytes() for image in images)
        return self.model.predict_proba(images.reshape(len(images), -1))


@pytest.fixture(autouse=True)
def fresh():
    ASKED.clear()


@pytest.fixture(scope="module")
def images(digits):
    """Digits without a black border: whatever is hidden, it shows."""
    noise = np.random.RandomState(0).uniform(0.1, 1, size=(8, 8, 8))
    return np.clip(digits[0][:8], 1, 15) + noise


@pytest.fixture
def model(digit_model):
    return Digits(digit_model)


@pytest.fixture
def make(model, tmp_path):
    """Return a maker of explainers that share a folder."""
    options = {
        "segmenter": GridSegmenter(4, 4),
        "channel_axis": None,
        "data_range": (0, 16),
        "occluder": 0,
        "n_perturbations": 64,
        "memory": str(tmp_path / "memory"),
        "random_state": 0,
    }

    def make(estimator=model, **given):
        return ImageLimeExplainer(estimator, **options | given)

    return make


def count(function, *args, **kwargs):
    """Return how many images are asked about meanwhile, and the result."""
    before = ASKED.total()
    result = function(*args, **kwargs)
    return ASKED.total() - before, result


SURROGATES = [
    Ridge(),
    Ridge(alpha=10),
    LinearRegression(),
    DecisionTreeRegressor(max_depth=3),
    DecisionTreeRegressor(max_depth=5),
    KNeighborsRegressor(),
]


def fidelity(explainer, X, y=None):
    return np.mean([e.fidelity[0] for e in explainer.explain(X)])


def search(explainer, grid, **options):
    every = list(range(5))
    options = {"cv": [(every, every)], "error_score": "raise", **options}
    return GridSearchCV(explainer, grid, **options)


@pytest.mark.filterwarnings("ignore:All weights of a label are zero")
def test_24_candidates_cost_what_one_does(make, images, tmp_path):
    images = images[:5]
    one, _ = count(
        lambda: make(memory=str(tmp_path / "one")).fit(images).explain(images)
    )
    one = ASKED.total()
    ASKED.clear()
    grid = {"surrogate": SURROGATES, "kernel_width": [0.1, 0.25, 0.5, 1.0]}
    many, _ = count(search(make(), grid, scoring=fidelity).fit, images)
    assert many == one == 5 * 64 + 1
    # fit's check is one batch of two equal rows; nothing else is asked twice
    assert sorted(ASKED.values())[-2:] == [1, 2]
    assert count(search(make(), {}, scoring=fidelity, cv=5).fit, images)[0] == 0


@pytest.mark.filterwarnings("ignore:All weights of a label are zero")
def test_the_default_score_adds_at_most_42_rows(make, images):
    images = images[:5]
    make().fit(images).explain(images)
    grid = {"surrogate": SURROGATES, "kernel_width": [0.1, 1.0]}
    added, _ = count(search(make(), grid, refit=False).fit, images)
    assert 0 < added <= 42 * 5 * 12
    assert max(ASKED.values()) <= 2
    assert sum(n > 1 for n in ASKED.values()) == 1
    again, _ = count(search(make(), grid, refit=False).fit, images)
    assert again == 0


@pytest.mark.parametrize(
    "change",
    [
        {"surrogate": DecisionTreeRegressor(max_depth=2)},
        {"kernel_width": 1.0},
        {"kernel": "uniform"},
        {"distance": "area"},
        {"distance": "image"},
        {"max_segments": 3},
        {"feature_selector": "highest_weights", "max_segments": 2},
        {"target": "one-vs-rest"},
        {"multi_output": True, "top_labels": 3},
        {"top_labels": 2},
        {"importance_getter": "coef_"},
        {"class_names": list("abcdefghij")},
        {"batch_size": 7},
        {"verbose": 1},
        {"on_error": "warn"},
        {"response_method": "predict_proba"},
    ],
)
@pytest.mark.filterwarnings("ignore:All weights of a label are zero")
def test_what_answers_do_not_depend_on_costs_nothing(make, images, change):
    images = images[:3]
    make().fit(images).explain(images)
    asked, _ = count(lambda: make(**change).fit(images).explain(images))
    assert asked == 0


def test_labels_order_and_company_cost_nothing(make, images):
    images = images[:3]
    first = make().fit(images).explain(images)
    explainer = make().fit(images[::-1])
    asked, again = count(explainer.explain, images[1], labels=[4])
    assert asked == 0
    np.testing.assert_array_equal(again.sample_predictions, first[1].sample_predictions)
    assert count(explainer.explain, list(images[::-1]))[0] == 0


@pytest.mark.parametrize(
    "change",
    [
        {"occluder": 8},
        {"occluder": "blur"},
        {"segmenter": GridSegmenter(2, 4)},
        {"segmenter": SlicSegmenter(n_segments=9)},
        {"sampler": "bernoulli"},
        {"n_perturbations": 128},
        {"random_state": 1},
        {"memory_key": "another"},
    ],
)
def test_what_answers_depend_on_is_asked_anew(make, images, change):
    images = images[:2]
    make().fit(images).explain(images)
    alone = make(memory=None, **change).fit(images).explain(images)
    asked, explanations = count(lambda: make(**change).fit(images).explain(images))
    assert asked > 40
    for explanation, other in zip(explanations, alone, strict=True):
        np.testing.assert_allclose(explanation.weights, other.weights, atol=1e-12)


def test_an_image_that_changed_by_one_value(make, images):
    image = images[0].copy()
    make().fit(image).explain(image)
    image[7, 7] -= 1
    asked, explanation = count(lambda: make().fit(image).explain(image))
    assert asked == 2 + 63
    other = make(memory=None).fit(image).explain(image)
    np.testing.assert_allclose(explanation.weights, other.weights, atol=1e-12)


def test_another_type_of_the_same_image(make, images):
    image = images[0]
    make().fit(image).explain(image)
    other = image.astype(np.float32)
    assert count(make().fit, other)[0] == 2
    assert count(make().fit(image).explain, other)[0] == 63


@pytest.mark.parametrize("change", ["another", "refitted", "parameter", "in place"])
def test_a_changed_model_is_asked_anew(make, images, digits, model, change):
    """A cache that serves a model that is gone is worse than none."""
    rows, target = digits[0].reshape(-1, 64), digits[1]
    image = images[0]
    before = make().fit(image).explain(image)
    other = pickle.loads(pickle.dumps(model))
    if change == "another":
        other = Digits(LogisticRegression(max_iter=5000).fit(rows[:300], target[:300]))
    elif change == "refitted":
        other.model.fit(rows[:99], target[:99])
    elif change == "parameter":
        other.model.set_params(warm_start=True)
    else:
        other.model.coef_ *= 0.5
    asked, after = count(lambda: make(other).fit(image).explain(image))
    assert asked == 65
    if change != "parameter":
        assert abs(after.sample_predictions - before.sample_predictions).max() > 0.01
    assert count(lambda: make().fit(image).explain(image))[0] == 0


def test_a_model_that_changes_after_fit(make, images, model):
    """Its identity is taken anew by each call of explain."""
    image = images[0]
    model = pickle.loads(pickle.dumps(model))
    explainer = make(model).fit(image)
    first = explainer.explain(image)
    model.model.coef_ *= 0.1
    second = explainer.explain(image)
    assert abs(first.weights - second.weights).max() > 0.01


def test_the_method_counts(make, images, digit_model):
    image = images[0]
    first = make(digit_model).fit(image).explain(image)
    scores = make(digit_model, response_method="decision_function")
    second = scores.fit(image).explain(image)
    assert abs(first.sample_predictions - second.sample_predictions).max() > 1


def test_functions_need_a_key(make, images, quarters):
    image = images[0]
    for function in (quarters, lambda images: images.mean(axis=(1, 2))):
        with pytest.raises(TypeError, match=r"memory must know .*memory_key='\.\.\.'"):
            make(function).fit(image)
    explainer = make(quarters, memory_key="quarters 1").fit(image)
    weights = explainer.explain(image).weights
    explainer = make(lambda images: 1 / 0, memory_key="quarters 1").fit(image)
    np.testing.assert_array_equal(explainer.explain(image).weights, weights)
    with pytest.raises(ZeroDivisionError):
        make(lambda images: 1 / 0, memory_key="quarters 2").fit(image)


def test_a_key_whose_model_has_other_outputs(make, images, quarters, model):
    make(quarters, memory_key="mine").fit(images[0]).explain(images[0])
    explainer = make(lambda images: model.predict_proba(images), memory_key="mine")
    explainer.fit(images[1])
    with pytest.raises(ValueError, match=r"answers of 4 outputs .* has 10"):
        explainer.explain(images[0])


class CountsPickles:
    """A model that counts how often its state is looked at."""

    n_pickles = 0

    def __init__(self, model):
        self.model = model

    def __getstate__(self):
        type(self).n_pickles += 1
        return self.__dict__

    def predict_proba(self, images):
        return self.model.predict_proba(images.reshape(len(images), -1))


def test_the_identity_is_taken_once_for_each_call(make, images, digit_model):
    model = CountsPickles(digit_model)
    explainer = make(model, batch_size=4)
    for call in (
        partial(explainer.fit, images[:4]),
        partial(explainer.explain, images[:4]),
        partial(explainer.transform, images[:4]),
        partial(explainer.score, images[:4]),
    ):
        CountsPickles.n_pickles = 0
        call()
        assert CountsPickles.n_pickles == 1
    for scorer in (faithfulness_scorer, stability_scorer, sensitivity_scorer):
        CountsPickles.n_pickles = 0
        scorer(explainer, images[:2])
        assert CountsPickles.n_pickles == 1
    CountsPickles.n_pickles = 0
    make(model, memory_key="name").fit(images[0]).explain(images[:4])
    assert CountsPickles.n_pickles == 0


def test_a_seed_that_is_drawn_anew_is_doubted(make, images):
    with pytest.warns(UserWarning, match="memory finds answers .*random_state=None"):
        make(random_state=None).fit(images[0])


SEGMENTED = []


class Counting(GridSegmenter):
    """A segmenter that notes what it cuts, outside of its own state."""

    def _transform_one(self, image):
        SEGMENTED.append(image)
        return super()._transform_one(image)


def test_segments_are_found_once(make, images, tmp_path):
    SEGMENTED.clear()
    images = images[:3]
    for kernel_width in (0.25, 0.5):
        explainer = make(segmenter=Counting(4, 4), kernel_width=kernel_width)
        maps = [e.segments for e in explainer.fit(images).explain(images)]
    assert len(SEGMENTED) == 3
    make(segmenter=Counting(2, 2)).fit(images).explain(images)
    assert len(SEGMENTED) == 6
    expected = make(memory=None).fit(images).explain(images)
    for segments, explanation in zip(maps, expected, strict=True):
        np.testing.assert_array_equal(segments, explanation.segments)
        assert segments.dtype == explanation.segments.dtype


def test_a_segmenter_that_is_a_function_is_called_each_time(make, images):
    """Its code may have changed, and the answers depend on its segments anyway."""
    image = images[0]
    columns = np.arange(8)[np.newaxis].repeat(8, axis=0)
    for divisor in (2, 4):
        explainer = make(segmenter=FunctionSegmenter(lambda _, d=divisor: columns // d))
        explanation = explainer.fit(image).explain(image)
        assert explanation.n_segments == 8 // divisor


@pytest.mark.parametrize("channel_axis", [-1, 0])
def test_colour_in_both_layouts(coffee, quarters, tmp_path, channel_axis):
    image = np.moveaxis(coffee, -1, channel_axis)

    def ask(images):
        ASKED.update(image.tobytes() for image in images)
        return quarters(np.moveaxis(images, 1 + channel_axis % 3, 1).mean(axis=1))

    explainer = ImageLimeExplainer(
        ask,
        channel_axis=channel_axis,
        segmenter=GridSegmenter(4, 4),
        n_perturbations=64,
        memory=tmp_path,
        memory_key="quarters",
        random_state=0,
    )
    asked, first = count(explainer.fit_explain, image)
    assert asked == 65
    asked, second = count(explainer.fit_explain, image)
    assert asked == 0
    np.testing.assert_array_equal(first.weights, second.weights)


def test_fills_that_are_drawn_anew(make, images, tmp_path):
    """Equal rows have other images: each is known by what it looks like."""
    image = images[0]
    plain = make(occluder="randomise", memory=None).fit(image).explain(image)
    asked, first = count(lambda: make(occluder="randomise").fit(image).explain(image))
    assert asked >= 63
    asked, second = count(lambda: make(occluder="randomise").fit(image).explain(image))
    assert asked == 0
    for explanation in (first, second):
        np.testing.assert_allclose(explanation.weights, plain.weights, atol=1e-12)
    seeds = make(occluder="randomise", random_state=1)
    assert count(seeds.fit(image).explain, image)[0] >= 50


class LastBits(Digits):
    """A model whose answers do not vary with the batch in their last bits."""

    def __init__(self, model):
        super().__init__(model.model)

    def predict_proba(self, images):
        return super().predict_proba(images).astype(np.float32)


def test_the_same_bits_with_and_without(make, images, model):
    images = images[:4]
    make = partial(make, LastBits(model), response_method="predict_proba")
    plain = make(memory=None).fit(images).explain(images)
    for _ in range(2):
        kept = make().fit(images).explain(images)
        for explanation, other in zip(kept, plain, strict=True):
            for name in ("samples", "sample_predictions", "weights", "fidelity"):
                found = getattr(explanation, name)
                np.testing.assert_array_equal(found, getattr(other, name))


def test_a_failure_keeps_what_was_answered(make, images, model):
    """The error says which image and batch, and shows where it came from."""
    images = images[:3]
    model.limit = 2 + 63 + 24  # fit, the first image, three batches of the second

    def predict_proba(images):
        if ASKED.total() + len(images) > model.limit:
            raise ConnectionError("the service is down")
        return Digits.predict_proba(model, images)

    explainer = make(predict_proba, memory_key="service", batch_size=8).fit(images)
    with pytest.raises(ConnectionError, match="the service is down") as raised:
        explainer.explain(images)
    notes = " ".join(raised.value.__notes__)
    assert "batch 4 of 8" in notes
    assert "X[1]" in notes
    assert raised.traceback[-1].name == "predict_proba"
    model.limit = np.inf
    assert ASKED.total() == 2 + 63 + 24
    explainer.explain(images)
    assert ASKED.total() == 2 + 63 + 64 + 64  # row 0 of the first image was in fit


KILLED = """
import os
import numpy as np
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklime import ImageLimeExplainer
from sklime.metrics import faithfulness_scorer, sensitivity_scorer, stability_scorer
from sklime.segmentation import GridSegmenter

class Slow:
    def __call__(self, images):
        with open(os.environ["LOG"], "a") as log:
            log.write(",".join(image.tobytes().hex() for image in images) + "\\n")
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), 9)
        return images[:, :4].mean(axis=(1, 2))

left = int(os.environ["CALLS"])
images = np.random.RandomState(0).randint(0, 255, (3, 8, 8)).astype(np.uint8)
explainer = ImageLimeExplainer(
    Slow(), segmenter=GridSegmenter(4, 4), channel_axis=None, n_perturbations=64,
    occluder=0, batch_size=8, memory=os.environ["MEMORY"], random_state=0,
)
grid = {"surrogate": [Ridge(), LinearRegression()], "kernel_width": [0.25, 1.0]}
every = [0, 1, 2]
search = GridSearchCV(explainer, grid, cv=[(every, every)], error_score="raise")
print(search.fit(images).best_score_)
"""


@pytest.fixture(scope="module")
def run_search(tmp_path_factory):
    """Return a function that runs the search in a process which dies at some call."""
    folder = tmp_path_factory.mktemp("search")
    (folder / "search.py").write_text(KILLED)

    def run(name, memory, n_calls=10**6):
        """Return how it ended, the batches that were asked, and what it printed."""
        log = folder / name
        environment = os.environ | {
            "LOG": str(log),
            "CALLS": str(n_calls),
            "MEMORY": str(folder / memory),
        }
        done = subprocess.run(
            [sys.executable, folder / "search.py"],
            env=environment,
            capture_output=True,
            text=True,
        )
        batches = [line.split(",") for line in log.read_text().split()]
        return done.returncode, batches, done.stdout

    return run


@pytest.fixture(scope="module")
def whole_search(run_search):
    return run_search("whole", "whole memory")


def count_images(batches):
    return Counter(image for batch in batches for image in batch)


@pytest.mark.parametrize("n_calls", [0, 5, 37])
def test_a_killed_search_goes_on_where_it_stopped(run_search, whole_search, n_calls):
    """No image is asked twice but those of the batch that was never answered."""
    code, first, _ = run_search(f"first {n_calls}", f"memory {n_calls}", n_calls)
    assert code == -9
    assert len(first) == n_calls + 1
    code, second, printed = run_search(f"second {n_calls}", f"memory {n_calls}")
    assert code == 0
    answered, asked = count_images(first[:n_calls]), count_images(second)
    assert not set(answered) & set(asked)
    assert (0, printed) == (whole_search[0], whole_search[2])
    assert answered + asked == count_images(whole_search[1])


def test_jobs_share_a_folder(make, images, model):
    """Two processes explain other images, with one folder."""
    images = images[:6]
    plain = make(memory=None).fit(images).explain(images)
    for _ in range(2):
        with joblib.parallel_config(backend="loky", n_jobs=2):
            kept = make().fit(images).explain(images)
        for explanation, other in zip(kept, plain, strict=True):
            np.testing.assert_allclose(explanation.weights, other.weights, atol=1e-12)
    assert count(lambda: make().fit(images).explain(images))[0] == 0


def test_another_format_is_not_read(make, images, monkeypatch):
    """Files of a later version lie elsewhere: asked anew, and nothing breaks."""
    image = images[0]
    make().fit(image).explain(image)
    monkeypatch.setattr("sklime._cache.FORMAT", 2)
    assert count(lambda: make().fit(image).explain(image))[0] == 65
    monkeypatch.undo()
    assert count(lambda: make().fit(image).explain(image))[0] == 0


def test_a_folder_that_cannot_be_written_to(make, images, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="memory must be a folder that can be written to"):
        make(memory=str(tmp_path / "file" / "x")).fit(images[0])
    assert ASKED.total() == 0
