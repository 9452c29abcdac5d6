"""An identity changes with all that a model does, and with nothing else."""

import copy
import pickle
import subprocess
import sys
import threading
from functools import lru_cache, partial

import numpy as np
import pytest
from sklearn import ensemble, linear_model, svm
from sklearn.datasets import load_digits
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from sklime._identity import UnidentifiedError, digest, identify

MODELS = [
    linear_model.LogisticRegression(max_iter=5000, C=0.01),
    make_pipeline(StandardScaler(), FunctionTransformer(np.tanh), svm.SVC()),
    ensemble.RandomForestClassifier(5, random_state=0),
    ensemble.GradientBoostingClassifier(n_estimators=2, random_state=0),
    ensemble.HistGradientBoostingClassifier(max_iter=3, random_state=0),
    ensemble.VotingClassifier([("svc", svm.SVC())]),
    ensemble.AdaBoostClassifier(n_estimators=2, random_state=0),
]


@pytest.fixture(scope="module")
def fitted():
    X, y = load_digits(return_X_y=True)
    X, y = X[y < 3][:150], y[y < 3][:150]
    return {type(m).__name__: m.fit(X, y) for m in MODELS}


@pytest.mark.parametrize("name", [type(m).__name__ for m in MODELS])
def test_a_copy_is_the_same(fitted, name):
    """Bytes between the fields of a tree's nodes differ from copy to copy."""
    model = fitted[name]
    identity = identify(model)
    assert identify(model) == identity
    assert identify(copy.deepcopy(model)) == identity
    assert identify(pickle.loads(pickle.dumps(model))) == identity


@pytest.mark.parametrize("name", [type(m).__name__ for m in MODELS])
def test_another_fit_is_another(fitted, name):
    X, y = load_digits(return_X_y=True)
    other = copy.deepcopy(fitted[name]).fit(X[200:400], y[200:400] % 2)
    assert identify(other) != identify(fitted[name])


def test_one_number_in_one_array(fitted):
    model = copy.deepcopy(fitted["LogisticRegression"])
    before = identify(model)
    model.coef_[2, 63] = np.nextafter(model.coef_[2, 63], 1)
    assert identify(model) != before
    tree = copy.deepcopy(fitted["RandomForestClassifier"])
    before = identify(tree)
    tree.estimators_[3].tree_.value[-1] += 1e-9
    assert identify(tree) != before
    tree.estimators_[3].tree_.threshold[0] += 1e-9
    assert identify(tree) not in (before, identify(fitted["RandomForestClassifier"]))


def test_arrays_count_by_their_values():
    """The layout in memory changes with the first copy, and in a worker."""
    values = np.arange(12.0).reshape(3, 4)
    record = np.zeros(3, dtype=[("a", "u1"), ("b", "f8")])
    same = [values, np.asfortranarray(values), np.tile(values, 2)[:, :4]]
    assert len({identify(array) for array in same}) == 1
    others = [values.T, values.reshape(4, 3), values.astype(np.float32), values + 1e-15]
    others += [values.astype(">f8"), values[:2], record, values.astype(object)]
    assert len({identify(array) for array in [values, *others]}) == 9
    changed = record.copy()
    changed["b"][2] = 1e-300
    assert identify(record) != identify(changed)


def test_methods_of_a_model_are_told_apart(fitted):
    model = fitted["LogisticRegression"]
    assert identify(model.predict_proba) == identify(model.predict_proba)
    assert identify(model.predict_proba) != identify(model.predict)


SCRIPT = """
import enum
from sklearn.datasets import load_digits
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier
from sklearn.pipeline import make_pipeline
from sklime._identity import identify
X, y = load_digits(return_X_y=True)
class Kind(enum.Enum):
    ONE = "one"
class Scaled:
    parts = {"b", "a", "c"}
    def __init__(self, model):
        self.model = model
        self.names = {"one", "two", "three", "four"}
        self.kind = Kind.ONE
    def predict_proba(self, images):
        return "x" in {"x", "y", "z"} and self.model.predict_proba(images / 16)
for model in (GradientBoostingClassifier, HistGradientBoostingClassifier):
    print(identify(Scaled(model(random_state=0).fit(X[:99, 20:30], y[:99] % 2))))
"""


def test_another_process_finds_the_same():
    """Hash randomisation must not show, or no run would find what another kept."""
    outputs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    assert len(set(outputs[0].split())) == 2


def make_class(source):
    """Return the class M of a module that a user might be editing."""
    names = {"__name__": "__main__", "np": np}
    exec(source, names)
    return names["M"]


BASE = """
from functools import cached_property
from sklearn.preprocessing import StandardScaler
from sklearn.utils.metaestimators import available_if

def helper(x):
    return x

class Base:
    def scale(self, images):
        return images / 255

class M(Base):
    threshold = 0.5
    levels = (1, 2)
    parts = {"a", "b"}
    scaler = StandardScaler()
    __slots__ = ("weight", "other")

    def __init__(self, weight=2.0):
        self.weight = weight

    @property
    def slope(self):
        return 3

    @cached_property
    def offset(self):
        return 5

    @available_if(lambda self: True)
    def decision(self, images):
        return 7

    @staticmethod
    def flip(images):
        return images[::-1]

    def __call__(self, images, power=2):
        return [self.weight * v.mean() for v in self.scale(images)]
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("images / 255", "images / 256"),
        ("threshold = 0.5", "threshold = 0.6"),
        ("(1, 2)", "(1, 3)"),
        ("return 3", "return 4"),
        ("return 5", "return 6"),
        ("return 7", "return 8"),
        ('{"a", "b"}', '{"a", "c"}'),
        ("StandardScaler()", "StandardScaler(with_std=False)"),
        ("[::-1]", "[::-2]"),
        ("v.mean()", "v.max()"),
        ("v.mean()", "helper(v.mean())"),
        ("class M(Base)", "class M"),
        ("self.weight * v", "self.weight + v"),
        ("power=2", "power=3"),
    ],
)
def test_the_code_of_a_users_class_counts(old, new):
    """A class edited between two runs of a notebook has the same pickle."""
    assert old in BASE
    before, after = make_class(BASE)(), make_class(BASE.replace(old, new))()
    assert identify(before) != identify(after)
    assert identify(make_class(BASE)()) == identify(before)
    assert identify(make_class(BASE)(2.5)) != identify(before)


WRAPPED = """
import enum
import functools

def scaled(factor):
    def decorate(method):
        @functools.wraps(method)
        def scale(self, images):
            return factor * method(self, images)
        return scale
    return decorate

def make(shift):
    def call(images, power=1):
        return images ** power + shift
    return call

class Meta(type):
    def shift(cls):
        return 10

class Kind(enum.Enum):
    ONE = 21
    TWO = 22

class Callee:
    def __init__(self, number):
        self.number = number

    def __call__(self, images):
        return self.number

class M(metaclass=Meta):
    partial = functools.partialmethod(lambda self, images, k: k, k=31)
    bound = staticmethod(functools.partial(make(0), power=41))
    __add__ = Callee(51)
    table = {"function": make(61)}
    cached = functools.lru_cache(make(71))

    def __init__(self, kind=Kind.ONE):
        self.kind = kind
        self.names = {"one", "two", "three"}

    @scaled(81)
    def __call__(self, images):
        return images.mean()

    def with_default(self, *, power=91):
        return power

    def by_class(self):
        return __class__

M.default = M()
"""


@pytest.mark.parametrize("old", ["10", "21", "31", "41", "51", "61", "71", "81", "91"])
def test_what_is_wrapped_counts(old):
    """A number in a closure, a decorator or bound arguments is code as well."""
    assert WRAPPED.count(old) == 1
    before = make_class(WRAPPED)()
    assert identify(before) == identify(make_class(WRAPPED)())
    after = make_class(WRAPPED.replace(old, old + "0"))()
    assert identify(before) != identify(after)
    assert identify(copy.deepcopy(before)) == identify(before)


def test_what_is_shared_is_looked_at_once():
    """Layers that skip others are shared: paths through them double with each."""

    def build(n_layers, last):
        layers = [Layer([]), Layer([])]
        for _ in range(n_layers):
            layers.append(Layer(layers[-2:]))
        layers[0].inputs.append(last)
        return layers[-1]

    assert identify(build(60, 1)) == identify(build(60, 1))
    assert identify(build(60, 1)) != identify(build(60, 2))
    cyclic = build(3, 1)
    cyclic.inputs.append(cyclic)
    assert identify(cyclic) == identify(copy.deepcopy(cyclic)) != identify(build(3, 1))


class Layer:
    def __init__(self, inputs):
        self.inputs = inputs


class Tensor:
    """Like those of PyTorch, whose pickles hold an address."""

    def __init__(self, values):
        self.values = values

    def detach(self):
        return self

    cpu = detach

    def numpy(self):
        return self.values

    def __reduce__(self):
        return Tensor, (id(self),)


def test_tensors_count_by_their_values():
    first, second = Tensor(np.arange(3.0)), Tensor(np.arange(3.0))
    assert identify([first]) == identify([second])
    assert identify(first) != identify(Tensor(np.arange(3.0, dtype=np.float32)))
    assert identify(first) != identify(Tensor(np.arange(1.0, 4)))


@lru_cache
def cached_function(images):
    return images


class ByName:
    def __reduce__(self):
        return "SINGLETON"


SINGLETON = ByName()


class Marked(np.ndarray):
    """An array with a state of its own."""


@pytest.mark.parametrize("thing", [cached_function, SINGLETON, partial(max, SINGLETON)])
def test_whatever_is_pickled_by_name_is_refused(thing):
    with pytest.raises(UnidentifiedError, match="by its name, as functions are"):
        identify(thing)


def test_installed_code_is_taken_by_name():
    assert identify(np.tanh) != identify(np.sinh)
    assert identify(make_pipeline) == identify(make_pipeline)


def test_kinds_of_arrays():
    values = np.arange(4.0)
    assert identify(values.view(Marked)) != identify(values)
    record = np.zeros(2, dtype=[("a", "f8")])
    assert identify(record) != identify(np.zeros(2, dtype=[("b", "f8")]))
    objects = np.array([1, "a"], dtype=object)
    assert identify(objects) != identify(np.array([1, "b"], dtype=object))


def test_where_a_class_stands_does_not_count():
    moved = "# a comment\n\n" + BASE.replace("helper(x):", "helper(x):  # here")
    assert identify(make_class(moved)()) == identify(make_class(BASE)())


def black_box(images):
    return images.mean(axis=(1, 2))


@pytest.mark.parametrize(
    "thing",
    [
        black_box,
        lambda images: images,
        partial(black_box),
        partial(partial(black_box), 1),
        make_pipeline(FunctionTransformer(black_box), StandardScaler()),
    ],
)
def test_functions_of_the_user_are_refused(thing):
    """They are pickled by name: another one under that name would have its answers."""
    with pytest.raises(UnidentifiedError, match="pickled by its name"):
        identify(thing)


def test_what_cannot_be_pickled_is_refused():
    """Two sessions of a runtime have one joblib.hash, and other weights."""
    with pytest.raises(UnidentifiedError, match="pickle"):
        identify(threading.Lock())
    with pytest.raises(UnidentifiedError, match="pickle"):
        identify([1, {"session": threading.Lock()}])


def test_a_model_that_holds_itself():
    cyclic = [1, 2]
    cyclic.append(cyclic)
    other = [1, 3]
    other.append(other)
    assert identify(cyclic) == identify(cyclic)
    assert identify(cyclic) != identify(other)


def test_digests_tell_type_shape_and_borders_apart():
    values = np.arange(6, dtype=np.uint8)
    digests = [
        digest(values),
        digest(values.reshape(2, 3)),
        digest(values.reshape(3, 2)),
        digest(values.astype(np.int8)),
        digest(values[:3], values[3:]),
        digest("ab", "c"),
        digest("a", "bc"),
        digest("abc"),
        digest(1),
        digest(1.0),
        digest(12, 3),
        digest(1, 23),
        digest("1"),
    ]
    assert len(set(digests)) == len(digests)
    assert all(len(d) == 32 for d in digests)
    strided = np.arange(12, dtype=np.uint8)[::2]
    assert digest(strided) == digest(strided.copy())
