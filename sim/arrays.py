"""Short names for arrays of numbers, by what one number is; how many axes, docstrings say.

Kernels and processes of the year are written with these: ``Int8s`` is an array of int8. What is
asked of arrays everywhere has its word here, too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Bools",
    "Float32s",
    "Float64s",
    "Int8s",
    "Int16s",
    "Int32s",
    "Int64s",
    "Numbers",
    "Reals",
    "UInt8s",
    "UInt16s",
    "UInt32s",
    "UInt64s",
    "Wholes",
    "ranks",
    "row_of",
]

Bools = NDArray[np.bool_]
Int8s = NDArray[np.int8]
Int16s = NDArray[np.int16]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
UInt8s = NDArray[np.uint8]
UInt16s = NDArray[np.uint16]
UInt32s = NDArray[np.uint32]
UInt64s = NDArray[np.uint64]
Float32s = NDArray[np.float32]
Float64s = NDArray[np.float64]
Wholes = NDArray[np.integer]
"""Whole numbers of any width."""
Reals = NDArray[np.floating]
"""Floats of either width."""
Numbers = NDArray[np.number | np.bool_]
"""Numbers of any kind, yes and no among them."""


def ranks(values: Numbers) -> NDArray[np.intp]:
    """Return the place of each number in the order of size, from 0; of equal ones the first leads.

    >>> ranks(np.array([30, 10, 20, 10])).tolist()
    [3, 0, 2, 1]
    """
    return np.argsort(np.argsort(values, kind="stable"))


def row_of(numbers: Sequence[float]) -> Float32s:
    """Return numbers, such as a belief's, as float32 in an array free to be changed."""
    return np.array(numbers, np.float32)
