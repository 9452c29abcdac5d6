"""Keep linear algebra on one thread where its last bits must not vary."""
# SPDX-License-Identifier: BSD-3-Clause

from contextlib import contextmanager
from threading import Lock

from sklime._sklearn_private import get_threadpool_controller

_lock = Lock()
_users: list = []
_limits: list = []


@contextmanager
def one_thread():
    """Run BLAS and OpenMP on one thread, also where several threads ask for it.

    A worker process has one thread for them and its parent has all: the same fit
    would differ in its last bits. On matrices as small as those of a surrogate one
    thread is faster besides. The first to enter sets the limit, the last to leave
    lifts it; each on their own would restore what another had set.
    """
    with _lock:
        if not _users:
            _limits.append(get_threadpool_controller().limit(limits=1))
        _users.append(1)
    try:
        yield
    finally:
        with _lock:
            _users.pop()
            if not _users:
                _limits.pop().restore_original_limits()
