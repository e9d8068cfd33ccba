"""Shapes of many cells: stacked along ``cell``, or as a grid of scenario, draw, replicate.

The ragged design (draw 0 has many replicates, each other draw one) fits a single dimension
``cell`` with coordinates ``scenario``, ``draw``, ``replicate``. People like the grid better; it
holds NaN where no cell was run and says so in ``present``. Every function that takes results
takes either, or one single cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import BadRequest
from sim.record.variables import COORDINATES, VARIABLES

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "AXES",
    "RAGGED",
    "as_cells",
    "as_grid",
    "grid_of",
    "refuse_mixed",
    "shared",
    "stack_cells",
]

AXES = ("scenario", "draw", "replicate")
RAGGED = {"school", "child", "clause"}
"""Dimensions that differ in length from cell to cell."""
_DIMENSIONS = {dim for v in VARIABLES.values() for dim in v.dims} - RAGGED
_OWN = (*AXES, "digest", "content_digest", "title")


def stack_cells(cells: Iterable[xr.Dataset]) -> xr.Dataset:
    """Stack single cells along ``cell``; what differs in length (schools, children) is left out.

    Cells are taken one by one, so a generator that reads them keeps only what is stacked. Raises
    BadRequest when the cells are of different worlds or years.
    """
    import xarray as xr

    first: xr.Dataset | None = None
    columns: dict[str, list[Any]] = {}
    attrs: list[dict[Any, Any]] = []
    for one in cells:
        if first is None:
            first = one
            columns = {str(n): [] for n in one.data_vars if not _ragged(one[n])}
        refuse_mixed(first, one)
        attrs.append(one.attrs)
        for name in [n for n in columns if n not in one]:
            del columns[name]
        for name, values in columns.items():
            values.append(one[name].values)
    if first is None:
        raise BadRequest("results: there is no cell to read. Run a scenario first.")
    dims = {n: ("cell", *first[n].dims) for n in columns}
    data = {n: (dims[n], np.stack(columns.pop(n))) for n in list(columns)}
    axes = {a: ("cell", np.asarray([own[a] for own in attrs])) for a in AXES}
    kept = {str(n): c for n, c in first.coords.items() if not _ragged(c)}
    return xr.Dataset(data, coords={**kept, **axes}, attrs=shared(attrs))


def _ragged(values: xr.DataArray) -> bool:
    return bool(RAGGED & set(map(str, values.dims)))


def as_cells(results: xr.Dataset) -> xr.Dataset:
    """Return results along ``cell``, whether given so, as a grid, or as one single cell.

    A single year, area or group that was selected becomes a dimension of length one again. What
    variables say of themselves is left out: it would pass to whatever is made of them.
    """
    results = _with_dimensions(_silent(results))
    if "cell" in results.dims:
        return results
    if not set(AXES) <= set(results.dims):
        return _from_part(results)
    flat = results.stack(cell=AXES, create_index=False)
    if "present" in flat:
        flat = flat.isel(cell=np.flatnonzero(flat["present"].values)).drop_vars("present")
    elif flat.data_vars:  # left out by whoever chose variables: what was never run holds nothing
        flat = flat.isel(cell=np.flatnonzero(_holds_something(flat)))
    for name in flat.data_vars:
        declared = VARIABLES.get(str(name))
        if declared is not None and flat[name].dtype != declared.dtype:
            flat[name] = flat[name].astype(declared.dtype)
    return flat.transpose("cell", ...)


def _holds_something(cells: xr.Dataset) -> NDArray[np.bool_]:
    """Say of each cell whether any variable has a number there."""
    found = np.zeros(cells.sizes["cell"], dtype=bool)
    for values in cells.data_vars.values():
        if "cell" in values.dims:
            found |= values.notnull().any([d for d in values.dims if d != "cell"]).values
    return found


def _silent(results: xr.Dataset) -> xr.Dataset:
    if not any(variable.attrs for variable in results.variables.values()):
        return results
    # Not drop_attrs(): that copies every array's description once for each variable, 1 s in all.
    silent = results.copy(deep=False)
    for variable in silent.variables.values():
        variable.attrs = {}
    return silent


def _with_dimensions(results: xr.Dataset) -> xr.Dataset:
    """Give back dimensions of which a single label was selected, to all that had them."""
    import xarray as xr

    single = {str(n) for n, c in results.coords.items() if not c.dims and n in _DIMENSIONS}
    if not single:
        return results
    whole = {}
    for name, held in results.variables.items():
        declared = VARIABLES.get(str(name)) or COORDINATES.get(str(name))
        lost = [d for d in declared.dims if d in single] if declared else []
        if declared is not None and lost:
            shape = ((1,) * len(lost)) + held.shape
            wide = xr.Variable((*lost, *held.dims), held.values.reshape(shape))
            whole[name] = wide.transpose(..., *(d for d in declared.dims if d in wide.dims))
    labels = {n: v for n, v in whole.items() if n in results.coords}
    rest = {n: v for n, v in whole.items() if n not in labels}
    return results.drop_vars(list(whole)).assign_coords(labels).assign(rest)


def _from_part(results: xr.Dataset) -> xr.Dataset:
    """Give back the axes that a selection dropped, or that a single cell never had."""
    whole = results
    for axis in AXES:
        if axis in whole.dims:
            continue
        if axis not in whole.coords:
            whole = whole.assign_coords({axis: whole.attrs.get(axis, 0)})
        whole = whole.expand_dims(axis)
    return as_cells(whole)


def grid_of(parts: Sequence[xr.Dataset], keys: Sequence[tuple[str, int, int]]) -> xr.Dataset:
    """Return what was read of each cell as a grid; ``keys``: scenario, draw, replicate of each."""
    import xarray as xr

    columns = zip(AXES, zip(*keys, strict=True), strict=True)
    who = {axis: ("cell", list(own)) for axis, own in columns}
    return as_grid(xr.concat(parts, "cell").assign_coords(who))


def as_grid(results: xr.Dataset) -> xr.Dataset:
    """Return results with dimensions scenario, draw and replicate; NaN where no cell was run.

    Scenarios keep their order of first appearance. Raises BadRequest when two cells share the
    same scenario, draw and replicate (a sweep over other settings): keep those along ``cell``.
    """
    import xarray as xr

    cells = as_cells(results)
    labels = {a: _labels(cells[a].values) for a in AXES}
    shape = tuple(len(labels[a]) for a in AXES)
    place = [np.asarray([labels[a].index(v) for v in cells[a].values.tolist()]) for a in AXES]
    where = np.ravel_multi_index(place, shape)
    if len(np.unique(where)) < len(where):
        raise BadRequest(
            "results: several cells share one scenario, draw and replicate: they differ in other "
            "settings, or in the code that made them. Open the study or report "
            "they were made for, such as outputs/studies/NAME, or call sim.results.open_results "
            "with layout='cells'."
        )
    data: dict[str, Any] = {str(n): _spread(v, where, shape) for n, v in cells.data_vars.items()}
    present = np.zeros(int(np.prod(shape)), dtype=bool)
    present[where] = True
    data["present"] = (AXES, present.reshape(shape))
    kept = {str(n): c for n, c in cells.coords.items() if "cell" not in c.dims}
    return xr.Dataset(data, coords={**kept, **labels}, attrs=cells.attrs)


def _spread(values: xr.DataArray, where: Any, shape: tuple[int, ...]) -> Any:
    found = values.transpose("cell", ...)
    rest = found.shape[1:]
    whole = len(where) == int(np.prod(shape))
    dtype = found.dtype if whole else np.result_type(found.dtype, np.float64)
    out = np.full((int(np.prod(shape)), *rest), 0 if whole else np.nan, dtype=dtype)
    out[where] = found.values
    return ((*AXES, *found.dims[1:]), out.reshape(*shape, *rest))


def _labels(values: Any) -> list[Any]:
    seen = list(dict.fromkeys(values.tolist()))
    return seen if isinstance(seen[0], str) else sorted(seen)


def refuse_mixed(one: xr.Dataset, two: xr.Dataset) -> None:
    """Raise BadRequest for cells of different worlds or years."""
    alike = all(
        one.sizes[d] == two.sizes[d] and np.array_equal(one[d].values, two[d].values)
        for d in ("year", "area", "group")
        if d in one.dims or d in two.dims
    )
    if not alike:
        raise BadRequest(
            "results: these cells have different areas or years and cannot be read together. "
            "Open cells of one world and one length of run; of a study, with where={'years': 4}."
        )


def shared(attrs: Sequence[dict[Any, Any]]) -> dict[Any, Any]:
    """Return the attributes that every cell has, with the same value."""
    first = attrs[0]

    def same(key: Any) -> bool:
        return all(key in own and np.array_equal(own[key], first[key]) for own in attrs[1:])

    return {k: v for k, v in first.items() if k not in _OWN and same(k)}
