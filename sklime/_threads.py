"""Keep linear algebra on one thread where its last bits must not vary."""
# SPDX-License-Identifier: BSD-3-Clause

from contextlib import nullcontext
from threading import current_thread, main_thread

from joblib import effective_n_jobs

from sklime._sklearn_private import get_threadpool_controller


def one_thread():
    """Return a context in which BLAS and OpenMP have one thread.

    A worker process has one thread for them and its parent has all, so the same fit
    would differ in its last bits. On matrices as small as those of a surrogate one
    thread is faster besides. BLAS has one limit for the whole process, which threads
    that set and lift it in turn would leave on for ever: only the main thread may.
    """
    if current_thread() is not main_thread():
        return nullcontext()
    return get_threadpool_controller().limit(limits=1)


def one_thread_if_parallel(n_jobs):
    """Return `one_thread` where jobs run side by side, else a context that is none.

    Jobs in threads cannot set the limit themselves; processes get it from joblib.
    """
    return one_thread() if effective_n_jobs(n_jobs) > 1 else nullcontext()
