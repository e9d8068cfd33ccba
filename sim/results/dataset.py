"""From the recorder's arrays to one labelled cell, and the digest that says two cells are equal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from sim.errors import WorkFailed, did_you_mean
from sim.record import flag_variables, money_variables
from sim.record.adult_variables import LABELS
from sim.record.variables import (
    BINS,
    COORDINATES,
    GROUPS,
    PHASES,
    QUARTERS,
    SCHEMA,
    STAGES,
    VARIABLES,
    Variable,
    bin_edges,
    exposure,
)

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["IDENTITY", "content_digest", "to_dataset"]

IDENTITY = frozenset(
    {
        "scenario",
        "title",
        "labels",
        "digest",
        "content_digest",
        "draw",
        "replicate",
        "list_in_world",
    }
)
"""Attributes that name a cell or say in words what was asked of it; they lie outside its content
digest, like flag variables."""

_FIXED: dict[str, Any] = {
    "group": GROUPS,
    "quarter": range(QUARTERS),
    "stage": STAGES,
    "bin": range(BINS),
    "phase": PHASES,
    **{
        name: values
        for name, (values, *_) in (LABELS | flag_variables.LABELS | money_variables.LABELS).items()
    },
}


def to_dataset(
    arrays: Mapping[str, ArrayLike],
    coords: Mapping[str, ArrayLike | range],
    attrs: Mapping[str, object],
) -> xr.Dataset:
    """Label, type and check the arrays of one run.

    Args:
        arrays: every variable of `sim.record.variables.VARIABLES` that is not optional, in the
            shape declared there.
        coords: ``year``; ``area`` and what describes it (``area_name``, ``region``,
            ``area_type``, ``affluence``, ``isolation``, ``listed_eia``, ``listed_oa``,
            ``weight``); ``clause``, ``school``, ``child``. Groups, quarters, stages, bins, phases,
            exposure and the labels of what comes after school are added here.
        attrs: at least ``scenario``, ``draw`` and ``replicate``; text, numbers and
            one-dimensional arrays of numbers.

    Raises:
        WorkFailed: a variable is missing, unknown, of the wrong shape, or would lose value in
            its type; or an attribute that names the cell is missing.
    """
    import xarray as xr

    lacking = [name for name in ("scenario", "draw", "replicate") if name not in attrs]
    if lacking:
        raise WorkFailed(f"results: attributes missing from the record: {', '.join(lacking)}.")
    filled = {**_FIXED, **coords}
    filled["exposure"] = np.stack([exposure(s, filled["year"]) for s in STAGES])
    _check_names(arrays, VARIABLES, "variable")
    _check_names(filled, COORDINATES, "coordinate")
    labels = {n: (COORDINATES[n].dims, _typed(v, COORDINATES[n])) for n, v in filled.items()}
    data = {n: (VARIABLES[n].dims, _typed(arrays[n], VARIABLES[n])) for n in sorted(arrays)}
    try:
        cell = xr.Dataset(data, coords=labels)
    except ValueError as error:
        raise WorkFailed(f"results: shapes do not fit together: {error}") from error
    given = {"schema": SCHEMA, **_edges(), **attrs}
    cell.attrs = {str(k): _attribute(str(k), v) for k, v in given.items()}
    return cell


def _edges() -> dict[str, Any]:
    return {f"bin_edges_{stage}": bin_edges(stage) for stage in STAGES}


def _attribute(name: str, value: object) -> Any:
    """Bring an attribute to the one form that survives a netCDF file unchanged."""
    if isinstance(value, str):
        return value
    numbers = np.asarray(value)
    if numbers.dtype.kind not in "biuf" or numbers.ndim > 1 or numbers.size == 0:
        raise WorkFailed(f"results: attribute {name!r} must be text, a number or numbers.")
    wide = numbers.astype(np.float64 if numbers.dtype.kind == "f" else np.int64)
    return wide.item() if wide.size == 1 else wide


def _check_names(given: Iterable[str], declared: Mapping[str, Variable], kind: str) -> None:
    names = set(given)
    for name in sorted(names - set(declared)):
        hint = did_you_mean(name, declared) if kind == "coordinate" else _nearest(name, declared)
        raise WorkFailed(f"results: {kind} {name!r} is not in the schema. {hint}")
    required = {n for n, v in declared.items() if not v.optional}
    missing = sorted(required - names)
    if missing:
        raise WorkFailed(f"results: {kind}s missing from the record: {', '.join(missing)}.")


def _nearest(name: str, declared: Mapping[str, Variable]) -> str:
    hint = did_you_mean(name, declared)
    return hint if hint.startswith("Did") else "Declare it in sim/record/variables.py first."


def _typed(values: Any, variable: Variable) -> np.ndarray[Any, np.dtype[Any]]:
    if variable.dtype == "str":
        return np.asarray([str(v) for v in values], dtype=object)
    given = np.asarray(list(values) if isinstance(values, range) else values)
    if given.ndim != len(variable.dims):
        raise WorkFailed(
            f"results: {variable.name} has {given.ndim} dimensions, the schema declares "
            f"{variable.dims}."
        )
    typed = given.astype(variable.dtype)
    if typed.dtype.kind in "iu" and not np.array_equal(typed, given):
        raise WorkFailed(f"results: {variable.name} does not fit {variable.dtype} without loss.")
    return typed


def content_digest(cell: xr.Dataset) -> str:
    """Return sha256 over name, dtype, shape, little-endian bytes and attributes of a cell.

    Names that identify a cell and flag variables are left out, so two runs with equal outcomes
    have equal digests. Order of variables and of attributes does not matter.
    """
    total = hashlib.sha256()
    for name in sorted(str(n) for n in cell.variables):
        declared = VARIABLES.get(name) or COORDINATES.get(name)
        if declared is not None and declared.flag:
            continue
        _feed(total, name, cell.variables[name].values)
    kept = {str(k): v for k, v in cell.attrs.items() if k not in IDENTITY}
    total.update(json.dumps(kept, sort_keys=True, default=_plain).encode())
    return total.hexdigest()


def _feed(total: hashlib._Hash, name: str, values: np.ndarray[Any, np.dtype[Any]]) -> None:
    if values.dtype.kind in "OUT":
        body = "\0".join(str(v) for v in values.ravel()).encode()
        kind = "str"
    else:
        little = values.dtype.newbyteorder("<")
        body = np.ascontiguousarray(values, dtype=little).tobytes()
        kind = values.dtype.name
    total.update(f"{name}|{kind}|{values.shape}|{len(body)}|".encode())
    total.update(body)


def _plain(value: object) -> Any:
    return np.asarray(value).tolist()
