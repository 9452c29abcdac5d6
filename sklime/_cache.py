"""Keep on disk what is dear to compute: segments, and answers of the black box.

Everything lies in the folder of a `joblib.Memory`, in one folder for each thing that
the content depends on, named by 32 hexadecimal digits: so `Memory.clear` and
`Memory.reduce_size` know it. Files are written aside and then renamed, never changed:
a run that is killed leaves whole files only, and any number of processes may share a
folder without locks.
"""
# SPDX-License-Identifier: BSD-3-Clause

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import numpy as np
from sklearn.utils.validation import check_memory

from sklime._warnings import warn

# Of the files. A later sklime that writes others finds none of these, and asks again.
FORMAT = 1


def open_cache(memory):
    """Return the folder that a user's `memory` stands for.

    Parameters
    ----------
    memory : str, path, joblib.Memory or None
        As in `sklearn.pipeline.Pipeline`.

    Returns
    -------
    Path or None
        A folder that can be written to; None where nothing is to be kept.

    Raises
    ------
    OSError
        If it cannot be written to.
    TypeError
        If it is something else.
    """
    if isinstance(memory, os.PathLike):
        memory = os.fspath(memory)
    try:
        store = getattr(check_memory(memory), "store_backend", memory)
        if store is None:
            return None
        folder = Path(store.location).absolute() / "sklime" / f"format-{FORMAT}"
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise type(error)(
            f"memory must be a folder that can be written to. Got {memory!r}: {error}. "
            "Pass another folder, or memory=None."
        ) from error
    except (AttributeError, TypeError, ValueError) as error:
        raise TypeError(
            "memory must be a folder, a joblib.Memory that keeps files, or None. Got "
            f"{memory!r}."
        ) from error
    return folder


class Shelf:
    """Rows of numbers under keys, in one folder.

    Parameters
    ----------
    folder : Path
        Made when something is added.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from pathlib import Path
    >>> shelf = Shelf(Path(tempfile.mkdtemp()) / "answers")
    >>> keys = np.array([[0, 1], [0, 2]], dtype=np.uint8)
    >>> shelf.add(keys, np.array([[0.5], [0.7]]))
    >>> shelf.find(np.array([[0, 2], [9, 9]], dtype=np.uint8))
    {0: array([0.7])}
    """

    def __init__(self, folder):
        self.folder = folder

    def add(self, keys, rows):
        """Keep rows.

        Parameters
        ----------
        keys : ndarray of shape (n, n_bytes), dtype uint8
            What each row will be found by.
        rows : ndarray of shape (n, n_numbers), dtype float64
            What to keep.
        """
        write_arrays(self.folder, keys=keys, rows=rows)

    def find(self, keys):
        """Return the rows that are there.

        Parameters
        ----------
        keys : ndarray of shape (n, n_bytes), dtype uint8
            What to look for.

        Returns
        -------
        dict of int to ndarray of shape (n_numbers,)
            Found rows, by their index in `keys`.
        """
        kept: dict[bytes, np.ndarray] = {}
        for arrays in read_arrays(self.folder, ("keys", "rows")):
            if arrays["rows"].ndim == 2 and len(arrays["rows"]) == len(arrays["keys"]):
                kept.update(zip(_as_bytes(arrays["keys"]), arrays["rows"], strict=True))
        wanted = enumerate(_as_bytes(keys))
        return {index: kept[key] for index, key in wanted if key in kept}


def _as_bytes(keys):
    return [key.tobytes() for key in keys]


def write_arrays(folder, **arrays):
    """Write arrays into a file of a folder, whole or not at all.

    Parameters
    ----------
    folder : Path
        Made if it does not exist.
    **arrays : dict of str to ndarray
        What to write.

    Raises
    ------
    OSError
        If the disk is full, or the folder gone or protected.
    """
    aside = folder / f"{uuid4().hex}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with aside.open("xb") as file:
            np.savez(file, **arrays)
        aside.rename(aside.with_suffix(".npz"))
    except OSError as error:
        with suppress(OSError):
            aside.unlink()
        error.add_note(f"Raised by the parameter 'memory', which keeps {folder}.")
        raise


def read_arrays(folder, names):
    """Yield the arrays of each file of a folder.

    Parameters
    ----------
    folder : Path
        Which may not exist.
    names : tuple of str
        The arrays that a file must have.

    Yields
    ------
    dict of str to ndarray
        The arrays of one file.

    Warns
    -----
    UserWarning
        For a file that cannot be read, which then counts as absent.
    """
    for path in sorted(folder.glob("*.npz")):
        try:
            # numpy would leave a broken file open
            with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
                arrays = {name: archive[name] for name in names}
        except Exception as error:  # zip, zlib and numpy have a dozen kinds of it
            warn(
                f"memory has a file that cannot be read, {path}: {error!r}. What was "
                "in it is computed again; delete it to be rid of this warning."
            )
            continue
        yield arrays
