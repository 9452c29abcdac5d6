"""Send something heavy to each worker once, however many tasks need it there."""
# SPDX-License-Identifier: BSD-3-Clause

import pickle
from threading import Lock
from uuid import uuid4

import numpy as np
from joblib import parallel_config, wrap_non_picklable_objects

# A worker keeps what it unpacked last, for two callers that take turns.
N_OPEN = 2
OPENED: dict = {}
OPENED_LOCK = Lock()


class Parcel:
    """A callable that is pickled once and unpickled once in each process.

    Joblib would pickle the model anew with every task. As an array of bytes it is
    written to shared memory once by loky (above a megabyte), and scattered once by
    dask. Threads get the callable itself.

    Parameters
    ----------
    function : callable
        What is called in the worker; it may hold lambdas and local functions.

    Examples
    --------
    >>> import pickle
    >>> parcel = Parcel(lambda number: number + 1)
    >>> pickle.loads(pickle.dumps(parcel))(1)
    2
    """

    def __init__(self, function):
        self._function = function
        self._name = uuid4().hex
        self._lock = Lock()
        self._bytes = None
        self._has_arrived = False

    def __call__(self, *args):
        """Call the function; in a worker its own parallel parts stay there."""
        if not self._has_arrived:
            return self._function(*args)
        # dask would have a forest inside a task use all workers of the cluster
        with parallel_config(backend="threading", n_jobs=1):
            return self._function(*args)

    def __sizeof__(self):
        return 2**20  # dask scatters what has more than a kilobyte

    def pack(self):
        """Return the pickle, which is made once.

        Raises
        ------
        PicklingError
            If it cannot be made.
        """
        with self._lock:  # one array: joblib knows it again by its identity
            if self._bytes is None:
                function = wrap_non_picklable_objects(self._function, False)
                try:
                    data = pickle.dumps(function)
                except Exception as error:
                    raise pickle.PicklingError(str(error)) from error
                self._bytes = np.frombuffer(data, dtype=np.uint8)
        return self._bytes

    def __reduce__(self):
        return open_parcel, (self._name, self.pack())


def open_parcel(name, data):
    """Return a parcel that arrived, unpickled unless it was before.

    Parameters
    ----------
    name : str
        Tells parcels apart.
    data : ndarray of uint8
        The pickle.

    Returns
    -------
    Parcel
        The same object for the same name, in this process.
    """
    with OPENED_LOCK:
        if name not in OPENED:
            parcel = Parcel(pickle.loads(data))
            parcel._name, parcel._has_arrived = name, True
            OPENED[name] = parcel
            for old in list(OPENED)[:-N_OPEN]:
                del OPENED[old]
        return OPENED[name]
