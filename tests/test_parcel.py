"""Something heavy travels once, whatever asks for it."""

import os
import pickle
import threading

import joblib
import numpy as np
import pytest

from sklime import _parcel
from sklime._parcel import Parcel


class Heavy:
    """A callable that writes down where it is pickled and unpickled."""

    def __init__(self, log, n_values):
        self.log = str(log)
        self.values = np.arange(float(n_values))

    def __call__(self, number):
        return self.values.sum() + number

    def _note(self, word):
        with open(self.log, "a") as file:
            file.write(f"{word} {os.getpid()}\n")

    def __getstate__(self):
        self._note("pickled")
        return self.__dict__

    def __setstate__(self, state):
        self.__dict__.update(state)
        self._note("unpickled")


@pytest.mark.parametrize("n_values", [10, 400_000])
def test_once_for_each_worker(tmp_path, n_values):
    """Joblib pickles what is heavy with every task; lambdas travel too."""
    heavy = Heavy(tmp_path / "log", n_values)
    parcel = Parcel(lambda number: heavy(number))
    with joblib.Parallel(n_jobs=2, backend="loky") as parallel:
        for start in (0, 20):
            found = parallel(
                joblib.delayed(parcel)(i) for i in range(start, start + 20)
            )
            assert found == [heavy(i) for i in range(start, start + 20)]
    lines = (tmp_path / "log").read_text().split("\n")[:-1]
    assert sum(line == f"pickled {os.getpid()}" for line in lines) == 1
    workers = [line for line in lines if line.startswith("unpickled")]
    assert len(workers) == len(set(workers)) <= 2


def test_threads_get_the_thing_itself():
    lock = threading.Lock()  # which cannot be pickled
    parcel = Parcel(lambda number: (id(lock), number))
    found = joblib.Parallel(n_jobs=2, backend="threading")(
        joblib.delayed(parcel)(i) for i in range(4)
    )
    assert found == [(id(lock), i) for i in range(4)]


def test_a_worker_keeps_no_more_than_two():
    """Yesterday's models would fill the memory of a worker that lives for days."""
    parcels = [pickle.loads(pickle.dumps(Parcel(lambda n=n: n))) for n in range(5)]
    assert [parcel() for parcel in parcels] == list(range(5))
    assert list(_parcel.OPENED.values()) == parcels[-2:]


def test_an_opened_parcel_can_travel_on(tmp_path):
    """Workers of a cluster hand it to each other."""
    first = pickle.loads(pickle.dumps(Parcel(Heavy(tmp_path / "log", 3))))
    assert pickle.loads(pickle.dumps(first)) is first
    assert first(1) == 4


def test_what_is_parallel_inside_stays_in_the_worker():
    """Under dask a forest in a task would ask for all workers of the cluster."""
    parcel = Parcel(lambda: joblib.effective_n_jobs(None))
    with joblib.parallel_config(backend="threading", n_jobs=4):
        assert parcel() == 4
        assert pickle.loads(pickle.dumps(parcel))() == 1


def test_what_cannot_be_pickled_says_so():
    parcel = Parcel(threading.Lock())
    for pack in (parcel.pack, lambda: pickle.dumps(parcel)):
        with pytest.raises(pickle.PicklingError, match="cannot pickle"):
            pack()


def test_dask_would_scatter_it():
    """It moves once what it takes to be larger than a kilobyte."""
    sizeof = pytest.importorskip("dask.sizeof").sizeof
    assert sizeof(Parcel(print)) > 1e3
