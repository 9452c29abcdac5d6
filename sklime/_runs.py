"""Run one job for many images: side by side, in order, with bounded memory."""
# SPDX-License-Identifier: BSD-3-Clause

from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pickle import PicklingError

from joblib import effective_n_jobs
from sklearn.utils.parallel import Parallel, delayed

from sklime._parcel import Parcel
from sklime._threads import one_thread_if_parallel
from sklime._warnings import warn

# How many images each worker may be ahead of the last one that was taken.
N_AHEAD = 8


@dataclass(frozen=True)
class Failure:
    """What stands in the place of a result until the user is told.

    Attributes
    ----------
    reason : str
        The error and its notes.
    """

    reason: str


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
        That of the job, with a note that names the image.
    """
    n_workers = effective_n_jobs(n_jobs)
    n_together = N_AHEAD * n_workers if n_workers > 1 else 1
    parcel = Parcel(partial(_attempt, job, on_error))
    with Parallel(n_jobs=n_jobs) as parallel:
        for start in range(0, n_images, n_together):
            indices = range(start, min(start + n_together, n_images))
            tasks = (
                delayed(_call)(parcel, index, _attempt(read, on_error, index, index))
                for index in indices
            )
            with one_thread_if_parallel(n_jobs), _explain_pickling():
                results = parallel(tasks)
            yield from map(_tell, indices, results)


def _call(parcel, index, image):
    return parcel(index, image)


def _attempt(function, on_error, index, argument):
    """Return a function's result, or why it failed; errors name the image."""
    if isinstance(argument, Failure):
        return argument
    try:
        return function(argument)
    except Exception as error:
        if on_error == "raise":
            error.add_note(f"Raised when X[{index}] was explained.")
            raise
        parts = [f"{type(error).__name__}: {error}", *getattr(error, "__notes__", [])]
        return Failure(" ".join(f"{part.rstrip('.')}." for part in parts))


def _tell(index, result):
    """Return a result, or None after a warning that says why."""
    if not isinstance(result, Failure):
        return result
    warn(f"X[{index}] could not be explained, None is in its place. {result.reason}")
    return None


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
