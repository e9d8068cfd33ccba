"""Results from files: cells of a study, a report or a folder, read as one Dataset."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeGuard

import numpy as np

from sim.errors import BadRequest, did_you_mean
from sim.record.variables import VARIABLES
from sim.results.attributes import described
from sim.results.combined import together as from_study
from sim.results.index import INDEX, Asked, chosen, named, read_index, swept
from sim.results.shapes import AXES, RAGGED, as_cells, as_grid, shared, stack_cells
from sim.results.store import Store, read_results

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["open_results", "open_rows"]

RESULTS = "results.nc"
Layout = Literal["grid", "cells"]
_LAYOUTS = ("grid", "cells")


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
        together.attrs.pop("content_digest", None)  # was checked; a part of it has another
    else:
        together = _read(source if path is None else path, store, names, where or {})
    along = {str(n) for n, c in together.coords.items() if c.dims == ("cell",)}
    layout = layout or ("cells" if along - set(AXES) else "grid")
    return described(as_cells(together) if layout == "cells" else as_grid(together))


def _read(
    source: Path | Sequence[str | Asked],
    store: str | Path,
    names: Collection[str] | None,
    where: Mapping[str, object],
) -> xr.Dataset:
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
    names = [
        name if row.scenario is None else row.scenario for row, name in zip(rows, own, strict=True)
    ]
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
    return together.assign_attrs(shared([p.attrs for p in parts]))


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
    return [n for n, v in VARIABLES.items() if not RAGGED & set(v.dims)]
