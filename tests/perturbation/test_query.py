"""Any model is asked, and every answer is checked before it is believed."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import IsolationForest, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.multioutput import MultiOutputClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC, LinearSVC

from sklime.perturbation import (
    Composer,
    find_classes,
    find_response,
    query,
    query_samples,
)
from sklime.sampling import enumerate_samples

IMAGES = np.arange(2 * 4 * 4 * 3, dtype=float).reshape(2, 4, 4, 3)


@pytest.fixture(scope="module")
def rows():
    """Sixty rows of 48 numbers in three classes with names."""
    rng = np.random.RandomState(0)
    target = np.repeat([0, 1, 2], 20)
    return rng.normal(size=(60, 48)) + target[:, None], np.array(["a", "b", "c"])[
        target
    ]


def test_methods_in_order_of_preference(rows):
    assert find_response(LogisticRegression())[1] == "predict_proba"
    assert find_response(LinearSVC())[1] == "decision_function"
    assert find_response(Ridge())[1] == "predict"
    assert find_response(len) == (len, "__call__")
    assert find_response(LogisticRegression(), "predict")[1] == "predict"


def test_a_bound_method_stands_for_its_fitted_model(rows):
    model = LogisticRegression().fit(*rows)
    assert find_response(model.predict, "predict_proba") == (model, "predict")
    np.testing.assert_array_equal(
        query(IMAGES, model.predict_proba), query(IMAGES, model)
    )


def test_bound_methods_of_models_fitted_to_rows(rows):
    X, _ = rows
    for method in (
        Ridge().fit(X, X[:, 0]).predict,
        IsolationForest(n_estimators=10).fit(X).decision_function,
    ):
        assert query(IMAGES, method).shape == (2, 1)


def test_several_sets_of_classes_are_no_names():
    """Labels of a multi-label model are its columns."""
    rng = np.random.RandomState(0)
    targets = np.c_[np.arange(30) % 2, np.arange(30) % 3]
    model = MultiOutputClassifier(LinearSVC()).fit(rng.normal(size=(30, 48)), targets)
    assert query(IMAGES, model).shape == (2, 2)
    assert find_classes(model, 2).tolist() == [0, 1]
    with pytest.raises(ValueError, match="class_names must be strings or numbers"):
        find_classes(model, 2, class_names=[("a", 1), ("b", 2)])


@pytest.mark.parametrize("answer", [[0.3, 0.4], [0, 1], ["dog", "bird"]])
def test_crisp_answers_that_are_no_classes(answer):
    """They became columns of zeros, with a fidelity of 1."""

    class Model:
        classes_ = np.array(["cat", "dog"])

        def predict(self, images):
            return np.array(answer)

    with pytest.raises(ValueError, match=r"members of them\. Got .* none of \['cat'"):
        query(IMAGES, Model())


@pytest.mark.parametrize("bad", [3, "model", None, LogisticRegression, object()])
def test_nothing_to_ask(bad):
    with pytest.raises(TypeError, match="estimator must be a fitted model"):
        find_response(bad)


def test_a_method_that_is_not_there():
    with pytest.raises(
        ValueError, match=r"\('predict'\)\. Got 'predict_proba' for Ridge"
    ):
        find_response(Ridge(), "predict_proba")


def test_rows_for_a_model_fitted_to_rows(rows):
    model = LogisticRegression().fit(*rows)
    np.testing.assert_array_equal(
        query(IMAGES, model), model.predict_proba(IMAGES.reshape(2, 48))
    )


def test_images_for_everything_else():
    """Trap F8 of FAT Forensics: a model had to have `fit`, and was given a list."""
    seen = []

    def remember(images):
        seen.append((type(images), images.shape))
        return np.zeros(len(images))

    class WithoutFit:
        def predict_proba(self, images):
            return np.c_[remember(images), remember(images)]

    query(IMAGES, remember)
    assert query(IMAGES, WithoutFit()).shape == (2, 2)
    assert seen == [(np.ndarray, (2, 4, 4, 3))] * 3


def test_binary_scores_become_two_columns(rows):
    X, y = rows
    model = LinearSVC().fit(X[:40], y[:40])
    scores = model.decision_function(IMAGES.reshape(2, 48))
    np.testing.assert_array_equal(query(IMAGES, model), np.c_[-scores, scores])
    np.testing.assert_array_equal(find_classes(model, 2), ["a", "b"])


def test_crisp_classes_become_one_column_each(rows):
    model = KNeighborsClassifier(1).fit(*rows)
    answer = query(IMAGES, model, response_method="predict")
    expected = model.predict(IMAGES.reshape(2, 48))[:, None] == model.classes_
    np.testing.assert_array_equal(answer, expected)
    assert answer.dtype == np.float64


def test_one_column_is_one_output(rows):
    X, _ = rows
    for model in (Ridge().fit(X, X[:, 0]), IsolationForest(n_estimators=10).fit(X)):
        assert query(IMAGES, model).shape == (2, 1)
        np.testing.assert_array_equal(find_classes(model, 1), [0])
    assert query(IMAGES, lambda images: np.zeros((2, 1))).shape == (2, 1)
    assert find_classes(Ridge(), 1, class_names=["angle"]).tolist() == ["angle"]


@pytest.mark.parametrize("n_classes", [3, 4])
def test_one_vs_one_scores_are_not_classes(n_classes):
    """With three classes there are three pairs, which would take their names."""
    rng = np.random.RandomState(0)
    model = SVC(decision_function_shape="ovo")
    model.fit(rng.normal(size=(40, 48)), np.arange(40) % n_classes)
    with pytest.raises(ValueError, match=r"'ovo' gives one for each pair; use 'ovr'"):
        find_classes(model, query(IMAGES, model).shape[1])


def test_a_bound_method_of_a_finished_model_keeps_its_names():
    """A model need not have a `fit`: its classes are enough."""

    class Finished:
        classes_ = np.array(["cat", "dog"])

        def predict_proba(self, images):
            return np.full((len(images), 2), 0.5)

    assert find_classes(Finished().predict_proba, 2).tolist() == ["cat", "dog"]


def test_class_names_replace_classes(rows):
    model = LogisticRegression().fit(*rows)
    assert find_classes(model, 3).tolist() == ["a", "b", "c"]
    assert find_classes(model, 3, class_names=["x", "y", "z"]).tolist() == list("xyz")
    renamed = find_classes(model, 3, class_names={"b": "bee"})
    assert renamed.tolist() == ["a", "bee", "c"]
    by_column = find_classes(model, 3, class_names={1: "bee"})
    assert by_column.tolist() == ["a", "bee", "c"]
    mixed = find_classes(len, 3, class_names={1: "one"})
    assert mixed.tolist() == [0, "one", 2]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["x", "y"], "each of the 3 outputs.*Got 2 in class_names"),
        ({"q": "x"}, "must be one of 'a', 'b', 'c'. Got 'q'"),
    ],
)
def test_wrong_class_names(rows, names, message):
    with pytest.raises(ValueError, match=message):
        find_classes(LogisticRegression().fit(*rows), 3, class_names=names)


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        (np.zeros(3), ValueError, r"for a batch of 2 images. Got shape \(3, 1\)"),
        (np.zeros((1, 5)), ValueError, r"Got shape \(1, 5\)"),
        (np.zeros((2, 3, 4)), ValueError, r"Got shape \(2, 3, 4\)"),
        (0.5, ValueError, r"Got shape \(\)"),
        (np.zeros((2, 0)), ValueError, r"Got shape \(2, 0\)"),
        ([0.5, np.nan], ValueError, "NaN or infinity for 1 of 2 images"),
        ([np.inf, -np.inf], ValueError, "NaN or infinity for 2 of 2 images"),
        ("cat", TypeError, "pass the classifier itself"),
        (["cat", "dog"], TypeError, "must return numbers"),
        (None, TypeError, "Got dtype object"),
        ([[1, 2], [3]], ValueError, "no array"),
    ],
)
def test_answers_that_cannot_be_used(answer, error, message):
    with pytest.raises(error, match=message):
        query(IMAGES, lambda images: answer)


def test_another_number_of_outputs_than_expected():
    with pytest.raises(ValueError, match=r"as many outputs as in fit, 3\. Got 4"):
        query(IMAGES, lambda images: np.zeros((2, 4)), n_outputs=3)


def test_a_several_output_classifier_is_refused():
    rng = np.random.RandomState(0)
    model = RandomForestClassifier(3, random_state=0)
    model.fit(rng.normal(size=(30, 48)), rng.randint(0, 2, size=(30, 2)))
    with pytest.raises(ValueError, match="estimator must return an array of shape"):
        query(IMAGES, model)


def test_unfitted():
    with pytest.raises(
        ValueError, match=r"estimator must be fitted.*LogisticRegression"
    ):
        query(IMAGES, LogisticRegression())


def test_an_error_in_the_black_box_keeps_its_type_and_says_what_was_asked():
    def broken(images):
        raise KeyError("weights")

    with pytest.raises(KeyError) as caught:
        query(IMAGES, broken)
    assert "2 images as an array of shape (2, 4, 4, 3)" in caught.value.__notes__[0]


def test_integers_and_float32_become_float64():
    for dtype in ("int64", "float32", "bool"):
        answer = query(IMAGES, lambda images, t=dtype: np.ones(2, dtype=t))
        assert answer.dtype == np.float64


class CountingModel(BaseEstimator):
    def __init__(self):
        self.sizes = []

    def predict(self, images):
        self.sizes.append(len(images))
        return images.reshape(len(images), -1).sum(axis=1)


@pytest.mark.parametrize(
    ("batch_size", "sizes"), [(None, [6]), (1, [1] * 6), (4, [4, 2]), (99, [6])]
)
def test_equal_rows_are_asked_once_in_batches(batch_size, sizes):
    image = np.arange(6.0).reshape(2, 3)
    segments = np.array([[0, 0, 1], [2, 2, 1]])
    codes = np.array([7, 2, 2, 5, 7, 0, 1, 5, 3])  # six different ones
    samples = (codes[:, np.newaxis] >> np.arange(3) & 1).astype(bool)
    model = CountingModel()
    compose = Composer(image, np.zeros_like(image), segments)
    answers = query_samples(samples, compose, model, batch_size=batch_size)
    assert model.sizes == sizes
    expected = np.where(samples[:, segments], image, 0).sum(axis=(1, 2))
    np.testing.assert_array_equal(answers[:, 0], expected)


def test_the_image_is_asked_first():
    asked = []

    def remember(images):
        asked.extend(images[:, 0, 0])
        return np.zeros(len(images))

    image, background = np.ones((1, 2)), np.zeros((1, 2))
    compose = Composer(image, background, np.array([[0, 1]]))
    query_samples(np.array([[1, 1], [0, 0], [0, 1]], dtype=bool), compose, remember)
    assert asked == [1, 0, 0]


def test_a_batch_holds_about_16_mib():
    sizes = []

    def remember(images):
        sizes.append(images.nbytes)
        return np.zeros(len(images))

    image = np.zeros((1024, 1024, 3), dtype=np.uint8)
    segments = np.arange(1024)[:, np.newaxis].repeat(1024, axis=1) // 205
    compose = Composer(image, image, segments)
    query_samples(enumerate_samples(5), compose, remember)
    assert 15 * 2**20 <= max(sizes) <= 16 * 2**20


def test_dummy_regressor_gets_images():
    model = DummyRegressor().fit(np.zeros((3, 2)), [1.0, 2.0, 3.0])
    assert query(IMAGES, model).tolist() == [[2.0], [2.0]]
