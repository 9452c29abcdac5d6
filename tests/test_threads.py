"""Linear algebra runs on one thread inside, and as before afterwards."""

from threading import Barrier, Thread

import numpy as np
import pytest
from joblib import Parallel, delayed, parallel_config
from threadpoolctl import threadpool_info, threadpool_limits

from sklime._threads import one_thread, one_thread_if_parallel


def blas_threads():
    return {p["num_threads"] for p in threadpool_info() if p["user_api"] == "blas"}


@pytest.fixture(autouse=True)
def _two_threads_before():
    np.ones((2, 2)) @ np.ones((2, 2))  # load the library
    with threadpool_limits(2):
        yield


def test_one_inside_two_outside():
    assert blas_threads() == {2}
    with one_thread():
        assert blas_threads() == {1}
        with one_thread():
            assert blas_threads() == {1}
        assert blas_threads() == {1}
    assert blas_threads() == {2}


def test_one_for_all_jobs_in_threads():
    def fit():
        with one_thread():
            return blas_threads()

    with parallel_config(backend="threading", n_jobs=2):
        with one_thread_if_parallel(None):
            seen = Parallel()(delayed(fit)() for _ in range(8))
        assert seen == [{1}] * 8
    assert blas_threads() == {2}


def test_other_threads_leave_the_limit_alone():
    """Set and lifted by several in turn, it stayed on for the whole process."""

    def overlap():
        with one_thread():
            barrier.wait()
        barrier.wait()

    barrier = Barrier(2)
    threads = [Thread(target=overlap) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert blas_threads() == {2}


def test_a_black_box_that_runs_alone_keeps_its_threads():
    with one_thread_if_parallel(None), one_thread_if_parallel(1):
        assert blas_threads() == {2}
