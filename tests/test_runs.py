"""Many images: in order, with bounded memory, and no failure takes others along."""

import pickle
import threading
import time
from contextlib import contextmanager, nullcontext

import joblib
import numpy as np
import pytest

from sklime import ImageLimeExplainer
from sklime._runs import N_AHEAD, run_in_order
from sklime.segmentation import GridSegmenter, SlicSegmenter
from sklime.surrogate import PriorBayesianRidge


def double(number):
    return 2 * number


@contextmanager
def dask_cluster():
    """Two worker processes of one thread each, as joblib's backend."""
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0"}
    with (
        distributed.LocalCluster(**options) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config(backend="dask"),
    ):
        yield


@contextmanager
def two_jobs(backend):
    with joblib.parallel_config(backend=backend, n_jobs=2):
        yield


BACKENDS = {
    "loky": lambda: two_jobs("loky"),
    "threading": lambda: two_jobs("threading"),
    "dask": dask_cluster,
}


@pytest.mark.parametrize("n_jobs", [None, 1, 2])
@pytest.mark.parametrize("n_images", [0, 1, 2, 17, 40])
def test_order(n_jobs, n_images):
    with joblib.parallel_config(backend="threading"):
        results = list(run_in_order(double, lambda i: i + 1, n_images, n_jobs=n_jobs))
    assert results == [2 * (i + 1) for i in range(n_images)]


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_no_more_is_read_than_is_taken(n_jobs):
    """A slow caller must not let images and results pile up."""
    read = []
    with joblib.parallel_config(backend="threading"):
        results = run_in_order(
            double, lambda i: read.append(i) or i, 100, n_jobs=n_jobs
        )
        assert read == []
        for taken in range(40):
            next(results)
            ahead = 1 if n_jobs == 1 else N_AHEAD * n_jobs
            assert taken < len(read) <= taken + ahead
        time.sleep(0.1)
        assert len(read) <= 40 + ahead
        results.close()


def break_at_three(number):
    if number == 3:
        raise ValueError("three")
    return number


@pytest.mark.parametrize("backend", ["loky", "threading"])
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_errors_name_the_image(backend, n_jobs):
    with joblib.parallel_config(backend=backend):
        results = run_in_order(break_at_three, lambda i: i, 5, n_jobs=n_jobs)
        with pytest.raises(ValueError, match="three") as raised:
            list(results)
    assert raised.value.__notes__ == ["Raised when X[3] was explained."]


@pytest.mark.parametrize("backend", ["loky", "threading"])
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_none_in_the_place_of_what_failed(backend, n_jobs):
    def read(index):
        if index == 1:
            raise OSError("no such file")
        return index

    with joblib.parallel_config(backend=backend):
        results = run_in_order(break_at_three, read, 5, n_jobs=n_jobs, on_error="warn")
        with pytest.warns(UserWarning, match="None is in its place") as warned:
            assert list(results) == [0, None, 2, None, 4]
    first, second = [str(w.message) for w in warned]
    assert first.startswith("X[1] could not be explained")
    assert "OSError: no such file" in first
    assert "X[3]" in second
    assert "ValueError: three" in second


def interrupt(number):
    raise KeyboardInterrupt


def test_an_interrupt_is_no_failure_of_an_image():
    with pytest.raises(KeyboardInterrupt):
        list(run_in_order(interrupt, lambda i: i, 5, on_error="warn"))


class Lazy:
    """A sequence whose images are checked when they are read, not before."""

    def __init__(self, images):
        self.images = images

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        return self.images[index]


FIELDS = ("segments", "background", "samples", "sample_predictions", "distances")
FIELDS += ("sample_weights", "weights", "intercepts", "local_predictions", "fidelity")


def assert_same(explanations, others):
    assert len(explanations) == len(others)
    for explanation, other in zip(explanations, others, strict=True):
        for field in FIELDS:
            np.testing.assert_array_equal(
                getattr(explanation, field), getattr(other, field), err_msg=field
            )


class Model:
    """Answers that do not vary with the batch, from a function of the user's."""

    def __init__(self, function):
        self.function = function

    def predict_proba(self, images):
        bright = self.function(images)
        return bright / bright.sum(axis=1, keepdims=True)


@pytest.fixture(scope="module")
def explained_tiles(photographs, quarters):
    """A fitted explainer, 64 tiles of photographs, and their explanations."""
    tiles = [
        photograph[row : row + 16, column : column + 16]
        for photograph in list(photographs.values())[:3]
        for row in range(0, 64, 16)
        for column in range(0, 49, 8)
    ][:64]
    explainer = ImageLimeExplainer(
        Model(quarters), occluder=0, n_perturbations=64, top_labels=2, random_state=0
    ).fit(tiles)
    return explainer, tiles, explainer.explain(tiles)


@pytest.mark.filterwarnings("ignore:Creating scratch directories:UserWarning")
@pytest.mark.parametrize("backend", sorted(BACKENDS))
def test_64_images_have_the_same_bits_everywhere(explained_tiles, backend):
    explainer, tiles, expected = explained_tiles
    assert len(expected) == 64
    with BACKENDS[backend]():
        if backend == "dask":  # which would wait for ever
            lock = threading.Lock()
            locked = ImageLimeExplainer(lambda images: lock and images.mean((1, 2)))
            locked.fit(tiles[0])
            with pytest.raises(pickle.PicklingError, match="cannot pickle"):
                locked.explain(tiles[:2])
        assert_same(explainer.explain(tiles), expected)
        assert_same(list(explainer.iter_explain(tiles[:3])), expected[:3])
    assert_same([explainer.explain(tiles[7])], expected[7:8])


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_iter_explain_is_lazy_and_in_order(photographs, quarters, recorder, n_jobs):
    black_box, read = recorder(quarters), []

    class Reading(Lazy):
        def __getitem__(self, index):
            read.append(index)
            return photographs["coffee"] + np.uint8(self.images[index])

    explainer = ImageLimeExplainer(
        black_box,
        segmenter=GridSegmenter(2, 3),
        occluder=0,
        n_perturbations=64,
        n_jobs=n_jobs,
        random_state=0,
    ).fit(photographs["coffee"])
    black_box.batches.clear()
    with joblib.parallel_config(backend="threading"):
        explanations = explainer.iter_explain(Reading(range(30)))
        assert (read, black_box.batches) == ([], [])
        for index, explanation in enumerate(explanations):
            np.testing.assert_array_equal(
                explanation.image, photographs["coffee"] + np.uint8(index)
            )
            assert len(read) <= index + (1 if n_jobs is None else 2 * N_AHEAD)
    assert read == list(range(30))


def test_iter_explain_checks_before_the_first(photographs, quarters):
    explainer = ImageLimeExplainer(quarters, random_state=0).fit(photographs["coffee"])
    with pytest.raises(ValueError, match="label"):
        explainer.iter_explain([photographs["coffee"]], labels=["unknown"])
    explainer.set_params(on_error="ignore")
    with pytest.raises(ValueError, match="on_error"):
        explainer.iter_explain([photographs["coffee"]])


def test_iter_explain_of_one_image(photographs, quarters):
    explainer = ImageLimeExplainer(quarters, random_state=0).fit(photographs["coffee"])
    (explanation,) = explainer.iter_explain(photographs["coffee"])
    assert_same([explanation], [explainer.explain(photographs["coffee"])])


def test_doubts_are_said_at_the_end_of_a_generator(photographs, quarters):
    explainer = ImageLimeExplainer(
        quarters, segmenter=GridSegmenter(1, 1), random_state=0
    ).fit(photographs["coffee"])
    explanations = explainer.iter_explain([photographs["coffee"]] * 3)
    assert next(explanations).n_segments == next(explanations).n_segments == 1
    with pytest.warns(UserWarning, match="single segment in 3 of 3 images") as warned:
        list(explanations)
    assert __file__ in {w.filename for w in warned}


class SometimesBroken:
    """A black box that refuses bright images, in the second batch."""

    def __init__(self, function):
        self.function = function

    def __call__(self, images):
        if (images.reshape(len(images), -1).max(axis=1) == 255).any():
            raise RuntimeError("too bright")
        return self.function(images)


@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_one_failing_image_of_many(photographs, quarters, backend):
    dark, grey = np.minimum(photographs["coffee"], 200), photographs["camera"]
    images = [dark, dark // 2, np.maximum(dark, 255), dark // 3, grey, dark]
    explainer = ImageLimeExplainer(
        SometimesBroken(quarters),
        segmenter=SlicSegmenter(20),
        occluder=0,
        n_perturbations=64,
        on_error="warn",
        random_state=0,
    ).fit(dark)
    alone = explainer.explain(dark)
    with two_jobs(backend), pytest.warns(UserWarning, match="X.[24]") as warned:
        explanations = explainer.explain(Lazy(images))
    assert [index for index, e in enumerate(explanations) if e is None] == [2, 4]
    messages = [str(w.message) for w in warned]
    assert len(messages) == 2
    assert "X[2]" in messages[0]
    assert "RuntimeError: too bright" in messages[0]
    assert "batch 1 of 1" in messages[0]
    assert "X[4] must have the channels" in messages[1]
    assert not any(".." in message for message in messages)
    assert_same([explanations[0], explanations[5]], [alone, alone])
    explainer.set_params(on_error="raise")
    with two_jobs(backend), pytest.raises(RuntimeError, match="too bright") as raised:
        explainer.explain(Lazy(images[:4]))
    assert "Raised when X[2] was explained." in raised.value.__notes__


def test_a_single_image_that_fails(photographs, quarters):
    dark = np.minimum(photographs["coffee"], 200)
    explainer = ImageLimeExplainer(
        SometimesBroken(quarters), on_error="warn", random_state=0
    ).fit(dark)
    with pytest.warns(UserWarning, match=r"X\[0\] could not be explained"):
        assert explainer.explain(np.maximum(dark, 255)) is None


@pytest.mark.parametrize("method", ["transform", "score"])
def test_numbers_have_no_gaps(photographs, quarters, method):
    """A mean over what worked would reward a candidate for what it cannot do."""
    dark = np.minimum(photographs["coffee"], 200)
    explainer = ImageLimeExplainer(
        SometimesBroken(quarters), on_error="warn", random_state=0
    ).fit(dark)
    with pytest.raises(RuntimeError, match="too bright"):
        getattr(explainer, method)([dark, np.maximum(dark, 255)])


def test_what_cannot_be_pickled_goes_through_threads(photographs, quarters):
    lock = threading.Lock()

    def locked(images):
        with lock:
            return quarters(images)

    images = [photographs["coffee"], photographs["rocket"]]
    explainer = ImageLimeExplainer(locked, random_state=0).fit(images)
    expected = explainer.explain(images)
    with two_jobs("threading"):
        assert_same(explainer.explain(images), expected)
    with (
        two_jobs("loky"),
        pytest.raises((TypeError, pickle.PicklingError)) as raised,
    ):
        explainer.explain(images)
    assert "parallel_config(backend='threading')" in " ".join(raised.value.__notes__)


def test_any_surrogate_travels_back(photographs, quarters):
    images = [photographs["coffee"]] * 3
    explainer = ImageLimeExplainer(
        quarters,
        segmenter=GridSegmenter(3, 3),
        surrogate=PriorBayesianRidge(),
        n_perturbations=64,
        random_state=0,
    ).fit(images)
    with two_jobs("loky"):
        explanations = explainer.explain(images)
    rows = explanations[0].samples
    predicted = explanations[2].surrogates[0].predict(rows.astype(float))
    np.testing.assert_allclose(
        predicted, explanations[0].surrogates[0].predict(rows.astype(float))
    )


class Meeting:
    """A job that ends only when two are at work at the same time."""

    def __init__(self):
        self.barrier = threading.Barrier(2)

    def __call__(self, number):
        self.barrier.wait(timeout=20)
        return number


def test_jobs_run_side_by_side():
    with joblib.parallel_config(backend="threading"):
        results = run_in_order(Meeting(), lambda i: i, 40, n_jobs=2)
        assert list(results) == list(range(40))
    with two_jobs("threading"):  # n_jobs=None asks the context
        assert len(list(run_in_order(Meeting(), lambda i: i, 20))) == 20


@pytest.mark.parametrize("n_jobs", [1, 2])
@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_what_came_before_a_failure_is_not_lost(backend, n_jobs):
    """A caller that saves results as they come has all but the failed one."""
    with joblib.parallel_config(backend=backend):
        results = run_in_order(break_at_three, lambda i: i, 9, n_jobs=n_jobs)
        assert [next(results) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(ValueError, match="three"):
            next(results)


class TwoArgumentsError(Exception):
    """An error that can be pickled and not unpickled."""

    def __init__(self, service, code):
        super().__init__(f"{service} answered {code}")


class LockedError(Exception):
    """An error that cannot be pickled."""

    def __init__(self):
        super().__init__("locked")
        self.lock = threading.Lock()


def fail_with_two_arguments(number):
    raise TwoArgumentsError("service", 503)


def fail_locked(number):
    raise LockedError


def stop(number):
    raise StopIteration("no more")


@pytest.mark.parametrize(
    ("job", "kind", "words"),
    [
        (fail_with_two_arguments, TwoArgumentsError, "service answered 503"),
        (fail_locked, LockedError, "locked"),
        (stop, StopIteration, "no more"),
    ],
)
@pytest.mark.parametrize("backend", [None, "threading", "loky"])
def test_errors_that_do_not_travel(job, kind, words, backend):
    """The worker must not die of an error that it cannot send."""
    is_sent = backend == "loky" or kind is StopIteration
    with two_jobs(backend) if backend else nullcontext():
        with pytest.raises(RuntimeError if is_sent else kind, match=words) as raised:
            list(run_in_order(job, lambda i: i, 3))
        notes = " ".join(getattr(raised.value, "__notes__", []))
        assert "X[0]" in f"{raised.value} {notes}"
        if is_sent:
            assert kind.__name__ in str(raised.value)
        with pytest.warns(UserWarning, match=words) as warned:
            results = list(run_in_order(job, lambda i: i, 3, on_error="warn"))
    assert results == [None] * 3
    assert len(warned) == 3
    assert all(kind.__name__ in str(w.message) for w in warned)


def test_a_traceback_comes_home():
    """The line that failed in another process, and the error's own type."""
    with two_jobs("loky"), pytest.raises(ValueError, match="three") as raised:
        list(run_in_order(break_at_three, lambda i: i, 5))
    assert "in break_at_three" in str(raised.value.__cause__)
    assert 'raise ValueError("three")' in str(raised.value.__cause__)


@pytest.mark.parametrize("bad", [np.full((64, 64, 3), np.nan), np.zeros((64, 64, 1))])
def test_images_in_memory_may_fail_too(photographs, quarters, bad):
    """They are checked before the first is explained, unless failures are allowed."""
    image = photographs["coffee"] / 255
    explainer = ImageLimeExplainer(
        quarters, segmenter=GridSegmenter(3, 3), n_perturbations=64, random_state=0
    ).fit(image)
    with pytest.raises(ValueError, match=r"X\[1\]"):
        explainer.explain([image, bad, image])
    explainer.set_params(on_error="warn")
    with pytest.warns(UserWarning, match=r"X\[1\] could not be explained"):
        explanations = explainer.explain([image, bad, image])
    assert [e is None for e in explanations] == [False, True, False]


class NotHere:
    """A black box whose class a worker cannot find."""

    def __call__(self, images):
        return images.mean(axis=(1, 2, 3))

    def __reduce__(self):
        return getattr, (ImageLimeExplainer, "of_another_script")


def test_what_cannot_be_unpickled_goes_through_threads(photographs):
    images = [photographs["coffee"], photographs["rocket"]]
    explainer = ImageLimeExplainer(NotHere(), random_state=0).fit(images)
    with two_jobs("loky"), pytest.raises(Exception, match="un-serialize") as raised:
        explainer.explain(images)
    assert "parallel_config(backend='threading')" in " ".join(raised.value.__notes__)
    with two_jobs("threading"):
        assert len(explainer.explain(images)) == 2


@pytest.mark.parametrize("notes", ["a note", 7, None])
@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_an_error_whose_notes_are_no_list(backend, notes):
    def fail(number):
        error = ZeroDivisionError("three")
        error.__notes__ = notes
        raise error

    with joblib.parallel_config(backend=backend):
        with pytest.raises(ZeroDivisionError) as caught:
            list(run_in_order(fail, lambda i: i, 2, n_jobs=2))
        assert caught.value.args == ("three",)
        with pytest.warns(UserWarning, match=r"ZeroDivisionError: three\.$"):
            list(run_in_order(fail, lambda i: i, 1, n_jobs=2, on_error="warn"))
