"""The store: one cell, one result file, found by its digest.

``<digest>.json`` says what was asked (identity, deterministic), ``<digest>.nc`` holds the result
with its content digest and comes last: where it is, the cell is whole. ``<digest>.run.json``
(times, memory) lies outside every promise of equality. There is no database and no lock: two jobs
that make the same cell write the same content, and the last rename wins.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import BadRequest, WorkFailed
from sim.record.variables import COORDINATES, SCHEMA
from sim.results.atomic import folder, names_in, sweep, write_whole
from sim.results.dataset import content_digest
from sim.results.netcdf import from_file, to_bytes
from sim.results.shapes import as_cells

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "Store",
    "check_content",
    "check_schema",
    "read_results",
    "results_bytes",
    "results_content",
    "write_results",
]

_DIGEST = re.compile(r"[0-9a-f]{32}")
"""The name of a cell. What else lies in the folder (copies that a cloud made) is nobody's cell."""


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
        """Every cell that is there, from one walk of the folder.

        Raises BadRequest when the folder may not be listed.
        """
        return self._named(".nc")

    def bare(self) -> frozenset[str]:
        """Cells that are there while the record of what was asked of them is gone."""
        return self.digests() - self._named(".json")

    def _named(self, ending: str) -> frozenset[str]:
        names = names_in(self.root)
        found = (name.removesuffix(ending) for name in names if name.endswith(ending))
        return frozenset(name for name in found if _DIGEST.fullmatch(name))

    def put(
        self,
        digest: str,
        identity: Mapping[str, object],
        dataset: xr.Dataset,
        run: Mapping[str, object] | None = None,
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
        write_whole(
            {
                self.root / f"{digest}.json": _record(digest, identity),
                self.root / f"{digest}.run.json": _json(run or {}),
                final: to_bytes(signed),
            }
        )
        return final

    def put_record(self, digest: str, identity: Mapping[str, object]) -> None:
        """Write anew what was asked of a cell, where that record is gone or damaged."""
        write_whole({self.root / f"{digest}.json": _record(digest, identity)})

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
        if names is None:
            check_content(cell, path, "Delete it and run again.")
        return cell

    def identity(self, digest: str) -> dict[str, Any]:
        """What was asked of a cell, as it was recorded.

        Raises BadRequest when the cell is not there, WorkFailed when only its record is gone or
        damaged; the result is whole then.
        """
        path = self.root / f"{digest}.json"
        if not self.has(digest):
            raise BadRequest(f"cell {digest} is not in {self.root}. Run it first.")
        try:
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["identity"]
        except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
            if isinstance(error, FileNotFoundError):
                what, help_ = "is gone", "Ask"
            else:
                what, help_ = f"is not JSON of a record ({error})", "Delete the record and ask"
            raise WorkFailed(
                f"{path}: the record {what}; the result itself can be read. {help_} for the same "
                f"cell again: the record is written anew and nothing is run."
            ) from None
        return found

    def run_record(self, digest: str) -> dict[str, Any]:
        """Times, memory and platform of the run that made a cell; nothing where that is lost."""
        if not self.has(digest):
            raise BadRequest(f"cell {digest} is not in {self.root}. Run it first.")
        try:
            told = json.loads((self.root / f"{digest}.run.json").read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return told if isinstance(told, dict) else {}


def check_schema(attrs: Mapping[str, object], path: Path) -> None:
    """Refuse a file of a schema this release does not read (its own and the one before)."""
    found = attrs.get("schema")
    if not isinstance(found, int):
        raise BadRequest(
            f"{path}: is not a result file of this package (it has no schema). Open tables, and "
            f"files of other programs, with xarray.open_dataset."
        )
    if found > SCHEMA:
        raise BadRequest(
            f"{path}: has schema {found}, this release reads up to {SCHEMA}. Update placematters."
        )
    if found < SCHEMA - 1:
        raise BadRequest(
            f"{path}: has schema {found}, too old to read; results are a cache. Run it again."
        )


def check_content(held: xr.Dataset, path: Path, advice: str) -> None:
    """Raise WorkFailed, with what to do about it, when content is not what its digest says."""
    if content_digest(held) != held.attrs.get("content_digest"):
        raise WorkFailed(f"{path}: the content is not what its digest says. {advice}")


def results_bytes(results: xr.Dataset) -> bytes:
    """Return many cells, as they are laid out, as a file with its content digest."""
    return to_bytes(_signed(results))


def results_content(results: xr.Dataset) -> str:
    """Return the content digest that a file of these results carries."""
    return str(_signed(results).attrs["content_digest"])


def _signed(results: xr.Dataset) -> xr.Dataset:
    flags = {n: v.astype("int8") for n, v in results.data_vars.items() if v.dtype.kind == "b"}
    named = results.assign(flags).assign_attrs(schema=SCHEMA)
    named.attrs.pop("content_digest", None)
    return named.assign_attrs(content_digest=content_digest(named))


def write_results(results: xr.Dataset, path: str | Path) -> Path:
    """Write many cells (along ``cell``) as one file, whole or not at all, with content digest."""
    final = Path(path)
    folder(final.parent)
    write_whole({final: results_bytes(as_cells(results))})
    return final


def read_results(path: str | Path, names: Collection[str] | None = None) -> xr.Dataset:
    """Read a file of many cells, along ``cell`` or as a grid, or of a single one.

    All of it is held to its content digest; of single variables only what is read is looked at.

    Raises:
        BadRequest: There is no such file, or it is of another kind or schema.
        WorkFailed: It is damaged.
    """
    final = Path(path)
    again = "Run the comparison or sweep again: it writes the file anew and runs no cell twice."
    if not final.is_file():
        raise BadRequest(f"{final}: there is no such results file.")
    if final.suffix != ".nc":
        raise BadRequest(f"{final}: is not a file of results (.nc). Name one, or its folder.")
    try:
        held = from_file(final, None if names is None else {*names, "present"})
    except WorkFailed as error:
        raise WorkFailed(
            f"{final}: cannot be read as results ({error.__cause__}). {again}"
        ) from error
    check_schema(held.attrs, final)
    if names is None and "content_digest" in held.attrs:
        part = "If it is a part that you chose, write it without the attribute content_digest."
        check_content(held, final, f"{again} {part}")
    labels = [
        n for n in held.data_vars if n in COORDINATES or n in ("scenario", "draw", "replicate")
    ]
    whole = held.set_coords(labels)  # files of earlier releases do not say which are
    if "cell" in whole.dims and not {"scenario", "draw", "replicate"} <= set(whole.coords):
        raise BadRequest(
            f"{final}: holds cells along one dimension, and does not say of each its scenario, "
            f"draw and replicate, without which none can be paired. Keep these coordinates when "
            f"you write it, or open the folder of the study or report again."
        )
    return whole.assign(present=whole["present"].astype(bool)) if "present" in whole else whole


def _record(digest: str, identity: Mapping[str, object]) -> bytes:
    return _json({"schema": SCHEMA, "digest": digest, "identity": dict(identity)})


def _json(record: Mapping[str, Any]) -> bytes:
    text = json.dumps(record, sort_keys=True, indent=1, allow_nan=False, ensure_ascii=False)
    return (text + "\n").encode()
