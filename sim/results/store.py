"""The store: one cell, one result file, found by its digest.

``<digest>.json`` says what was asked (identity, deterministic), ``<digest>.nc`` holds the result
with its content digest and comes last: where it is, the cell is whole. ``<digest>.run.json``
(times, memory) lies outside every promise of equality. There is no database and no lock: two jobs
that make the same cell write the same content, and the last rename wins.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import BadRequest, WorkFailed
from sim.results.atomic import folder, names_in, sweep, write_whole
from sim.results.dataset import content_digest
from sim.results.netcdf import from_file, to_bytes
from sim.results.schema import SCHEMA

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Store", "check_schema", "read_results", "write_results"]


class Store:
    """Cells in a folder, by digest. Making a Store writes nothing."""

    def __init__(self, root: str | Path) -> None:
        self.root = folder(Path(root))
        self._swept = False

    def path(self, digest: str) -> Path:
        """Where the result of a cell is, or would be."""
        return self.root / f"{digest}.nc"

    def has(self, digest: str) -> bool:
        """Whether the cell is there, whole."""
        return os.path.exists(self.path(digest))  # False, too, where nobody may look

    def digests(self) -> frozenset[str]:
        """Every cell that is there, from one walk of the folder."""
        names = names_in(self.root)
        return frozenset(n[:-3] for n in names if n.endswith(".nc") and not n.startswith("."))

    def put(
        self,
        digest: str,
        identity: Mapping[str, Any],
        dataset: xr.Dataset,
        run: Mapping[str, Any] | None = None,
    ) -> Path:
        """Keep a cell and return its path; a cell that is there already is left as it is.

        ``identity`` must be the same whenever the same cell is run; ``run`` need not be. Raises
        WorkFailed when the disk is full: cells already there are untouched, this one is absent.
        """
        final = self.path(digest)
        if final.exists():
            return final
        if not self._swept and self.root.is_dir():
            sweep(self.root)
            self._swept = True
        named = dataset.assign_attrs(digest=digest)
        signed = named.assign_attrs(content_digest=content_digest(named))
        record = {"schema": SCHEMA, "digest": digest, "identity": dict(identity)}
        write_whole(
            {
                self.root / f"{digest}.json": _json(record),
                self.root / f"{digest}.run.json": _json(run or {}),
                final: to_bytes(signed),
            }
        )
        return final

    def get(self, digest: str, names: Collection[str] | None = None) -> xr.Dataset:
        """Read a cell: all of it, its content digest checked, or only the variables named.

        Raises BadRequest when it is not there or of another schema, WorkFailed when what is read
        is not what was written.
        """
        path = self.path(digest)
        if not path.exists():
            raise BadRequest(f"cell {digest} is not in {self.root}. Run it first.")
        cell = from_file(path, names)
        check_schema(cell.attrs, path)
        if names is None and content_digest(cell) != cell.attrs.get("content_digest"):
            raise WorkFailed(
                f"{path}: the content is not what its digest says. Delete it and run again."
            )
        return cell

    def identity(self, digest: str) -> dict[str, Any]:
        """What was asked of a cell, as it was recorded."""
        return self._record(digest, ".json")["identity"]  # type: ignore[no-any-return]

    def run_record(self, digest: str) -> dict[str, Any]:
        """Times, memory and platform of the run that made a cell."""
        return self._record(digest, ".run.json")

    def _record(self, digest: str, ending: str) -> dict[str, Any]:
        path = self.root / f"{digest}{ending}"
        try:
            record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise BadRequest(f"cell {digest} is not in {self.root}. Run it first.") from None
        except ValueError as error:
            raise WorkFailed(f"{path}: is not JSON ({error}). Delete it and run again.") from error
        return record


def check_schema(attrs: Mapping[Any, Any], path: Path) -> None:
    """Refuse a file of a schema this release does not read (its own and the one before)."""
    found = attrs.get("schema")
    if not isinstance(found, int):
        raise BadRequest(f"{path}: is not a result file of this package (it has no schema).")
    if found > SCHEMA:
        raise BadRequest(
            f"{path}: has schema {found}, this release reads up to {SCHEMA}. Update placematters."
        )
    if found < SCHEMA - 1:
        raise BadRequest(
            f"{path}: has schema {found}, too old to read; results are a cache. Run it again."
        )


def write_results(results: xr.Dataset, path: str | Path) -> Path:
    """Write many cells (along ``cell``) as one file, whole or not at all, with content digest."""
    from sim.results.reading import as_cells

    cells = as_cells(results).assign_attrs(schema=SCHEMA)
    signed = cells.assign_attrs(content_digest=content_digest(cells))
    final = Path(path)
    folder(final.parent)
    write_whole({final: to_bytes(signed)})
    return final


def read_results(path: str | Path, names: Collection[str] | None = None) -> xr.Dataset:
    """Read a file written by :func:`write_results`; dimensions ``cell``, ``year`` ..."""
    final = Path(path)
    if not final.is_file():
        raise BadRequest(f"{final}: there is no such results file.")
    cells = from_file(final, names)
    check_schema(cells.attrs, final)
    return cells


def _json(record: Mapping[str, Any]) -> bytes:
    text = json.dumps(record, sort_keys=True, indent=1, allow_nan=False, ensure_ascii=False)
    return (text + "\n").encode()
