"""Write an explanation to a file and read it again, without pickle."""
# SPDX-License-Identifier: BSD-3-Clause

import json
import zipfile
from contextlib import contextmanager
from dataclasses import fields
from io import TextIOBase
from numbers import Number
from pathlib import Path
from uuid import uuid4

import numpy as np

from sklime._settings import LocalSettings, Lost

FORMAT = "sklime.ImageExplanation"
VERSION = 1
MAX_TEXT = 200
ARRAYS = (
    *("image", "segments", "segment_ids", "background", "samples"),
    *("sample_predictions", "label_indices", "distances", "sample_weights"),
    *("weights", "intercepts", "local_predictions", "fidelity"),
)


def write_archive(file, explanation):
    """Write all but the fitted surrogates.

    Parameters
    ----------
    file : path or binary file
        Where to. A path is taken as it is, and has the whole file or none.
    explanation : ImageExplanation
        What.

    Raises
    ------
    TypeError
        If class names are neither strings nor numbers, or the file is one of text.
    """
    names = explanation.class_names
    header = {
        "format": FORMAT,
        "version": VERSION,
        "data_range": list(explanation.data_range),
        "segment_names": explanation.segment_names,
        "class_names": names.tolist(),
        "class_names_dtype": names.dtype.str,
        "settings": {
            f.name: _as_json(getattr(explanation.settings, f.name))
            for f in fields(explanation.settings)
        },
    }
    arrays: dict = {name: np.asarray(getattr(explanation, name)) for name in ARRAYS}
    try:
        arrays["header"] = np.array(json.dumps(header, default=_plain))
    except TypeError as error:
        raise TypeError(
            f"class_names must be strings or numbers to be saved: {error}. Got "
            f"{names.tolist()!r:.200}; pass class_names to the explainer."
        ) from error
    with _open_to_write(file) as stream:  # numpy would add a suffix of its own
        np.savez_compressed(stream, **arrays)


def read_archive(file):
    """Return the parameters of an `ImageExplanation`.

    Parameters
    ----------
    file : path or binary file
        Written by `write_archive`.

    Returns
    -------
    dict
        Names and values; `surrogates` is None.

    Raises
    ------
    FileNotFoundError
        If there is none.
    ValueError
        If it is not one of ours, was cut off, or is of a newer version.
    """
    if _is_open(file):
        return _read_stream(file, file)
    with open(file, "rb") as stream:  # numpy leaves a broken file open
        return _read_stream(stream, file)


@contextmanager
def _open_to_write(file):
    """Yield a binary file; one of a path gets its name when it is whole."""
    if _is_open(file):
        yield file
        return
    path = Path(file)
    is_device = path.exists() and not path.is_file()  # which must not be replaced
    aside = path if is_device else path.with_name(f"{path.name}.{uuid4().hex}.part")
    try:
        with aside.open("wb") as stream:
            yield stream
    except BaseException:
        if not is_device:
            aside.unlink(missing_ok=True)
        raise
    aside.replace(path)


def _is_open(file):
    if isinstance(file, TextIOBase):
        raise TypeError(f"file must be a path or a binary file. Got {file!r}.")
    return hasattr(file, "read") or hasattr(file, "write")


def _read_stream(stream, name):
    """Return the parameters that a file holds, or say that it holds none."""
    try:
        if not zipfile.is_zipfile(stream):
            raise ValueError("no archive")
        stream.seek(0)
        with np.load(stream, allow_pickle=False) as archive:
            header = json.loads(str(archive["header"]))
            if header["format"] != FORMAT:
                raise ValueError(f"format {header['format']!r}")
            _check_version(header["version"], name)
            values = {array: archive[array] for array in ARRAYS}
            return {**values, **_read_header(header), "surrogates": None}
    except NewerVersionError:
        raise
    except Exception as error:  # zip, zlib, numpy and json have a dozen kinds of it
        raise ValueError(
            f"{name} is no explanation that ImageExplanation.save wrote, or was cut "
            f"off: {str(error).rstrip('.')}."
        ) from error


class NewerVersionError(ValueError):
    """The file was written by a later sklime than this one."""


def _check_version(version, name):
    if version > VERSION:
        raise NewerVersionError(
            f"{name} was saved by a newer sklime: its format is {version}, this one "
            f"reads up to {VERSION}. Upgrade sklime."
        )


def _read_header(header):
    names = np.array(header["class_names"], dtype=header["class_names_dtype"])
    settings = {name: _from_json(v) for name, v in header["settings"].items()}
    return {
        "data_range": tuple(header["data_range"]),
        "segment_names": header["segment_names"],
        "class_names": names,
        "settings": LocalSettings(**settings),
    }


def _plain(value):
    """Return a numpy scalar as json takes it."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} cannot be written")


def _as_json(value):
    """Return a plain value, or what is left of an object: how it looked."""
    if value is None or isinstance(value, str | bool | Number | np.generic):
        return value
    if isinstance(value, list) and all(isinstance(item, int) for item in value):
        return value
    return {"lost": repr(value)[:MAX_TEXT]}


def _from_json(value):
    return Lost(value["lost"]) if isinstance(value, dict) else value
