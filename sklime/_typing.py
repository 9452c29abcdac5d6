"""Short names for the types in signatures."""
# SPDX-License-Identifier: BSD-3-Clause

from collections.abc import Sequence
from os import PathLike
from typing import IO, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Array",
    "ArrayLike",
    "Batch",
    "Booleans",
    "DataRange",
    "File",
    "Floats",
    "Images",
    "Indices",
    "Integers",
    "RandomState",
    "Segments",
    "Sign",
]

Array: TypeAlias = NDArray[Any]
Booleans: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.integer[Any]]

# One image or many, whatever holds them; and what is many for certain.
Images: TypeAlias = ArrayLike | Sequence[Any]
Batch: TypeAlias = Sequence[Array]

DataRange: TypeAlias = tuple[float, float]
File: TypeAlias = str | PathLike[str] | IO[bytes]
Indices: TypeAlias = Sequence[int] | Integers
RandomState: TypeAlias = int | np.random.RandomState | None
# Segments by index or name.
Segments: TypeAlias = int | str | Sequence[int | str] | Array
Sign: TypeAlias = Literal["positive", "negative", "both"]
