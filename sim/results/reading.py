"""Many cells as one Dataset: stacked along ``cell``, or as a grid of scenario, draw, replicate.

The ragged design (draw 0 has many replicates, each other draw one) fits a single dimension
``cell`` with coordinates ``scenario``, ``draw``, ``replicate``. People like the grid better; it
holds NaN where no cell was run and says so in ``present``. Every function that takes results
takes either, or one single cell.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeGuard

import numpy as np

from sim.errors import BadRequest, did_you_mean
from sim.record.variables import COORDINATES, VARIABLES
from sim.results.attributes import described
from sim.results.index import INDEX, Asked, chosen, named, read_index, swept
from sim.results.store import Store, read_results

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "AXES",
    "as_cells",
    "as_grid",
    "open_results",
    "open_rows",
    "refuse_mixed",
    "stack_cells",
]

AXES = ("scenario", "draw", "replicate")
RESULTS = "results.nc"
Layout = Literal["grid", "cells"]
_LAYOUTS = ("grid", "cells")
_RAGGED = {"school", "child", "clause"}
_DIMENSIONS = {dim for v in VARIABLES.values() for dim in v.dims} - _RAGGED
_OWN = (*AXES, "digest", "content_digest", "title")


def open_results(
    source: str | Path | Sequence[str | Asked],
    names: Collection[str] | None = None,
    *,
    store: str | Path = "outputs/cells",
    layout: Layout | None = None,
    where: Mapping[str, object] | None = None,
) -> xr.Dataset:
    """Read many cells as one Dataset.

    Args:
        source: a folder of a study (it holds ``index.json``), of a report (``results.nc``) or of
            cells, a ``.nc`` file of one cell or of many, or cells in ``store``: digests, or
            `Asked` with the names to show them under.
        names: variables to read; every other one is left on the disk. Default: all that have the
            same length in every cell (schools and children do not: see `open_rows`).
        store: folder of the cells when ``source`` is a list of digests.
        layout: default: a grid, or cells for a study that swept other settings, whose values are
            then coordinates along ``cell``. ``grid``: dimensions scenario, draw, replicate, NaN
            where none was run. ``cells``: one dimension ``cell``; smaller when replicates are
            many, and the only one for a sweep over other settings.
        where: of a study, only the cells with these values of swept keys.

    Raises:
        BadRequest: nothing is there, or the cells do not fit together.
    """
    if layout not in (None, "grid", "cells"):
        raise BadRequest(f"layout={layout!r} is not known. {did_you_mean(layout, _LAYOUTS)}")
    path = None if _is_list(source) else Path(os.path.expanduser(str(source)))
    if path is not None and os.path.isfile(path / RESULTS) and not os.path.isfile(path / INDEX):
        path = path / RESULTS
    if path is not None and os.path.isfile(path):
        if where:
            raise BadRequest("where: chooses cells of the folder of a study; this is a file.")
        together = read_results(path, names)
    else:
        together = _read(source if path is None else path, store, names, where or {})
    along = {str(n) for n, c in together.coords.items() if c.dims == ("cell",)}
    layout = layout or ("cells" if along - set(AXES) else "grid")
    return described(as_cells(together) if layout == "cells" else as_grid(together))


def _read(
    source: Path | Sequence[str | Asked], store: str | Path, names: Collection[str] | None,
    where: Mapping[str, object],
) -> xr.Dataset:  # fmt: skip
    """Read the cells that a source means along ``cell``, each under the name it was asked for."""
    keep, rows, is_study = _find(source, store)
    rows = chosen(rows, where)
    digests = list(dict.fromkeys(row.digest for row in rows))
    if not digests and isinstance(source, Path):
        raise BadRequest(
            f"{source}: there is no cell to read, nor a {RESULTS}. Name the folder of a study, of "
            "a report or of cells; if a comparison was here, run it again: no cell runs twice."
        )

    def read(some: Sequence[str]) -> xr.Dataset:
        return stack_cells(keep.get(d, _regular(names)) for d in some)

    if names is None or not is_study or not isinstance(source, Path):
        together = read(digests)
    else:
        from sim.results.combined import together as from_study

        words = [*names, *(f"{key}={value}" for key, value in where.items())]
        together = from_study(source, digests, words, read)
    together = _as_asked(together, digests, rows)
    return together.assign_coords({k: ("cell", v) for k, v in swept(rows).items()})


def _as_asked(cells: xr.Dataset, digests: list[str], rows: list[Asked]) -> xr.Dataset:
    """Return a cell for each row, under the row's name: rows may share a cell of the store."""
    place = {digest: n for n, digest in enumerate(digests)}
    found = [place[row.digest] for row in rows]
    if found != list(range(len(digests))):
        cells = cells.isel(cell=found)
    own = cells["scenario"].values.astype(str).tolist()
    names = [name if row.scenario is None else row.scenario
             for row, name in zip(rows, own, strict=True)]  # fmt: skip
    return cells.assign_coords(scenario=("cell", np.asarray(names)))


def open_rows(
    source: str | Path | Sequence[str | Asked], axis: str, *, store: str | Path = "outputs/cells"
) -> xr.Dataset:
    """Read schools or children (``axis`` ``school`` or ``child``) of many cells, end to end.

    Dimension ``row``; coordinates ``school`` or ``child`` (ids, the same in every scenario),
    ``scenario``, ``draw``, ``replicate``. Children pair across scenarios by id.
    """
    import xarray as xr

    if axis not in ("school", "child"):
        raise BadRequest(f"axis={axis!r} is not known. {did_you_mean(axis, ['school', 'child'])}")
    names = [n for n, v in VARIABLES.items() if v.dims[-1:] == (axis,)]
    keep, asked, _ = _find(source if _is_list(source) else Path(str(source)), store)
    parts = []
    for row in asked:
        one = keep.get(row.digest, names)
        if row.scenario is not None:
            one = one.assign_attrs(scenario=row.scenario)
        rows = one.drop_dims([d for d in one.dims if d not in (axis, "clause")])
        rows = rows.rename_dims({axis: "row"}).reset_index(axis, drop=False)
        who = {a: ("row", np.full(rows.sizes["row"], one.attrs[a])) for a in AXES}
        parts.append(rows.assign_coords(who))
    together = xr.concat(parts, "row", coords="different", compat="equals", join="exact")
    return together.assign_attrs(_common([p.attrs for p in parts]))


def _is_list(source: str | Path | Sequence[str | Asked]) -> TypeGuard[Sequence[str | Asked]]:
    return not isinstance(source, str | Path)


def _find(
    source: Path | Sequence[str | Asked], store: str | Path
) -> tuple[Store, list[Asked], bool]:
    """Store and rows that a source means, in order, and whether it is a study."""
    if not isinstance(source, Path):
        return Store(store), named(source), False
    if os.path.isfile(source / INDEX):
        root, rows = read_index(source / INDEX)
        keep = Store(root)
        here = keep.digests()
        return keep, [row for row in rows if row.digest in here], True
    if os.path.isdir(source / "cells"):
        source = source / "cells"
    if not os.path.isdir(source):
        raise BadRequest(f"{source}: there are no results here. Run a comparison or a sweep first.")
    keep = Store(source)
    return keep, named(sorted(keep.digests())), False


def _regular(names: Collection[str] | None) -> Collection[str]:
    """Names to read: those asked for, else all that have the same length in every cell."""
    if names is not None:
        return names
    return [n for n, v in VARIABLES.items() if not _RAGGED & set(v.dims)]


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
    return xr.Dataset(data, coords={**kept, **axes}, attrs=_common(attrs))


def _ragged(values: xr.DataArray) -> bool:
    return bool(_RAGGED & set(map(str, values.dims)))


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
    for name in flat.data_vars:
        declared = VARIABLES.get(str(name))
        if declared is not None and flat[name].dtype != declared.dtype:
            flat[name] = flat[name].astype(declared.dtype)
    return flat.transpose("cell", ...)


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
            "settings. Open the study or report they were made for, such as "
            "outputs/studies/NAME, or call sim.results.open_results with layout='cells'."
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


def _common(attrs: Sequence[dict[Any, Any]]) -> dict[Any, Any]:
    """Attributes that every cell shares."""
    first = attrs[0]

    def shared(key: Any) -> bool:
        return all(key in own and np.array_equal(own[key], first[key]) for own in attrs[1:])

    return {k: v for k, v in first.items() if k not in _OWN and shared(k)}
