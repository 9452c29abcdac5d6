"""Run one job for many images: side by side, in order, with bounded memory."""
# SPDX-License-Identifier: BSD-3-Clause

import pickle
import traceback
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from pickle import PicklingError

from joblib import effective_n_jobs, wrap_non_picklable_objects
from sklearn.utils.parallel import Parallel, delayed

from sklime._parameters import add_note, read_notes
from sklime._parcel import Parcel
from sklime._threads import one_thread_if_parallel
from sklime._warnings import warn

# How many images each worker may be ahead of the last one that was taken.
N_AHEAD = 8


class Failure:
    """What stands in the place of a result until its turn comes.

    Parameters
    ----------
    error : Exception
        Why there is none. From a worker process it brings its traceback along; one
        that cannot be pickled becomes a RuntimeError that says what it was.
    """

    def __init__(self, error):
        self.error = error

    @property
    def reason(self):
        """The error and its notes, in sentences."""
        parts = [f"{type(self.error).__name__}: {self.error}"]
        parts += map(str, read_notes(self.error))
        return " ".join(f"{part.rstrip('.')}." for part in parts)

    def __reduce__(self):
        trace = "".join(traceback.format_exception(self.error))
        try:
            data = pickle.dumps(wrap_non_picklable_objects(self.error, False))
            pickle.loads(data)  # some can be written and not read
        except Exception:  # of any kind, in the user's own class: send its text instead
            data = pickle.dumps(RuntimeError(self.reason))
        return _receive_failure, (data, trace)


class RemoteTraceback(Exception):
    """The traceback of an error in a worker process, as text."""

    def __str__(self):
        return f'\n"""\n{self.args[0]}"""'


def _receive_failure(data, trace):
    error = pickle.loads(data)
    error.__cause__ = RemoteTraceback(trace)
    return Failure(error)


def run_in_order(job, read, n_images, *, n_jobs=None, on_error="raise"):
    """Yield the result of a job for each image.

    Images are taken up in groups, as many as `N_AHEAD` for each worker, so that
    neither images nor results pile up while the caller is busy with an earlier one.

    Parameters
    ----------
    job : callable
        From an image to a result. Worker processes get one pickled copy.
    read : callable
        From an index to an image, called in this process.
    n_images : int
        How many.
    n_jobs : int, default=None
        As in `joblib.Parallel`.
    on_error : {"raise", "warn"}, default="raise"
        What to do about an image that cannot be read or explained.

    Yields
    ------
    object
        Results in order; None for an image that failed, after a warning.

    Raises
    ------
    Exception
        That of the first image that failed, with a note that names it, when its turn
        comes: what was explained before it is not lost.
    """
    n_workers = effective_n_jobs(n_jobs)
    n_together = N_AHEAD * n_workers if n_workers > 1 else 1
    parcel = Parcel(partial(_attempt, job))
    with Parallel(n_jobs=n_jobs) as parallel:
        backend = getattr(parallel, "_backend", None)
        if not getattr(backend, "supports_sharedmem", False):
            with _explain_pickling():
                parcel.pack()  # dask would wait for ever for what cannot be packed
        for start in range(0, n_images, n_together):
            indices = range(start, min(start + n_together, n_images))
            tasks = (delayed(_call)(parcel, _attempt(read, index)) for index in indices)
            with one_thread_if_parallel(n_jobs), _explain_pickling():
                results = parallel(tasks)
            for index, result in zip(indices, results, strict=True):
                yield _resolve(index, result, on_error)


def _call(parcel, image):
    return parcel(image)


def _attempt(function, argument):
    """Return a function's result, or why there is none."""
    if isinstance(argument, Failure):
        return argument
    try:
        return function(argument)
    except Exception as error:
        return Failure(error)


def _resolve(index, result, on_error):
    """Return a result; raise the error in its place, or warn and return None."""
    if not isinstance(result, Failure):
        return result
    error, reason = result.error, result.reason
    if on_error == "warn":
        warn(f"X[{index}] could not be explained, None is in its place. {reason}")
        return None
    if isinstance(error, StopIteration):  # a generator cannot raise it
        error = RuntimeError(reason)
    add_note(error, f"Raised when X[{index}] was ", "explained.")
    raise error


@contextmanager
def _explain_pickling():
    try:
        yield
    except (PicklingError, BrokenProcessPool) as error:
        error.add_note(
            "Worker processes need a copy of the black box (the parameter "
            "'estimator'), its class and memory for it. If it cannot be pickled or "
            "unpickled there, use n_jobs=None or threads: "
            "joblib.parallel_config(backend='threading')."
        )
        raise


def show_progress(items, n_items=None, *, unit, leave=True):
    """Return an iterable that shows a bar while it is gone through.

    Parameters
    ----------
    items : iterable
        What to go through.
    n_items : int, default=None
        How many, where they have no length.
    unit : str
        What they are.
    leave : bool, default=True
        Whether the bar stays when it is full.

    Returns
    -------
    iterable
        The same items.
    """
    from tqdm.auto import tqdm  # loads slowly, seldom wanted

    return tqdm(items, total=n_items, unit=unit, leave=leave)
