"""Calling a measure: what it does wrong is told with its name, and what it gives is looked at."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stdout

import numpy as np
import xarray as xr

from sim.errors import MeasureFailed, SimError
from sim.registry import MEASURES
from sim.tabulate.description import Description

__all__ = ["derived", "failed", "figures", "nothing_known"]

_DIMS = ("cell", "year", "place", "group", "part")


def failed(one: Description, what: str) -> MeasureFailed:
    """Return the error of a measure, with its name and its package."""
    owner = MEASURES.owner(one.name)
    told = f"measure {one.name!r}" if owner is None else f"measure {one.name!r} of {owner}"
    return MeasureFailed(f"{told} {what}")


def figures(one: Description, sums: xr.Dataset) -> xr.DataArray:
    """Return what a measure makes of sums.

    Raises:
        MeasureFailed: It raised, or what it gave is not a figure for each cell and place.
    """
    found = _called(one, one.function, sums)
    problem = _problem(found, sums)
    if problem is None and MEASURES.owner(one.name) is not None and np.isinf(found).any():
        problem = "endless values (inf). Divide only where there is something to divide by."
    if problem is not None:
        raise failed(one, f"gave {problem}")
    return xr.DataArray(found)


def derived(one: Description, sums: xr.Dataset) -> xr.Dataset:
    """Return what a measure makes of sums before places are added up."""
    if one.derive is None:
        return sums
    found = _called(one, one.derive, sums)
    if not isinstance(found, xr.Dataset):
        raise failed(one, f"derived a {type(found).__name__}; that has to be a Dataset of sums")
    return found


def nothing_known(one: Description, found: xr.DataArray) -> bool:
    """Say whether a stranger's measure gave no number to anybody.

    One of ours may: in a small world there are places and groups that nobody is in.
    """
    if MEASURES.owner(one.name) is None or not found.size:
        return False
    return not bool(np.isfinite(found.values).any())


def _called(
    one: Description, function: Callable[..., xr.Dataset | xr.DataArray], sums: xr.Dataset
) -> xr.Dataset | xr.DataArray:
    try:
        with redirect_stdout(sys.stderr):  # our output is ours: it may be JSON
            return function(sums)
    except SimError as error:
        raise failed(one, f"failed: {error}") from error
    except (Exception, SystemExit) as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        home = getattr(getattr(function, "__code__", None), "co_filename", "")
        own = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == home]
        where = own[-1] if own else frame
        told = f"{type(error).__name__}: {error}".strip().removesuffix(":")
        raise failed(one, f"failed: {told} ({where.filename}, line {where.lineno})") from error


def _problem(found: object, sums: xr.Dataset) -> str | None:
    """Say what is wrong with what a measure gave, if anything."""
    if found is None:
        return "nothing (None). A measure returns a DataArray."
    if not isinstance(found, xr.DataArray):
        return f"a {type(found).__name__}. A measure returns a DataArray."
    if found.dtype.kind not in "fiu":
        return f"values of type {found.dtype}. A measure returns numbers."
    strange = [str(dim) for dim in found.dims if dim not in _DIMS]
    if strange:
        return f"a dimension {strange[0]!r}. It may have {', '.join(_DIMS)}."
    for dim in ("cell", "year", "place"):
        if dim in sums.dims and found.sizes.get(dim) != sums.sizes[dim]:
            if dim == "place" and "weight" in sums:
                continue  # a measure across places has none left
            return f"{_size(found, dim)} for {dim!r}; there are {sums.sizes[dim]} in the sums."
    labels = ("scenario", "draw", "place", "group")
    lost = [n for n in labels if (n in found.dims or (n in sums.coords and "cell" in sums[n].dims))]
    lost = [n for n in lost if n not in found.coords]
    if lost:
        return f"values without the labels of {lost[0]!r}. Compute with the sums it is given."
    return None


def _size(found: xr.DataArray, dim: str) -> str:
    return f"{found.sizes[dim]} values" if dim in found.dims else "no value"
