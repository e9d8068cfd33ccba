"""Which cells make up a study, and the names they go by there.

A name belongs to a request, never to a cell: two scenarios with the same levers are one cell on
the disk, and a study that asked for both has a row for each. ``index.json`` keeps, row by row, the
digest of the cell, the scenario it was asked for as, and the keys that were swept, with their
values as text. Indexes of earlier releases hold digests alone; there the name that a cell was first
run under stands in.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import BadRequest, did_you_mean
from sim.results.atomic import write_whole

__all__ = ["INDEX", "Asked", "chosen", "index_bytes", "named", "read_index", "swept", "write_index"]

INDEX = "index.json"
_NULLS = frozenset({"null", "none", "~"})


@dataclass(frozen=True)
class Asked:
    """A cell as somebody asked for it; without a scenario, its own name is taken."""

    digest: str
    scenario: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    """The keys that a study swept, and their values here."""


def named(rows: Iterable[str | Asked]) -> list[Asked]:
    """Return requests for cells, of which some may be plain digests."""
    return [Asked(row) if isinstance(row, str) else row for row in rows]


def index_bytes(folder: Path, rows: Iterable[str | Asked], store: str | Path) -> bytes:
    """Return what ``folder/index.json`` holds for these rows of a study."""
    asked = named(rows)
    told: dict[str, Any] = {
        "store": os.path.relpath(Path(store).resolve(), folder.resolve()),
        "digests": [row.digest for row in asked],
    }
    if any(row.scenario is not None for row in asked):
        told["scenarios"] = [row.scenario for row in asked]
    if any(row.keys for row in asked):
        told["labels"] = [dict(row.keys) for row in asked]
    return json.dumps(told, sort_keys=True).encode()


def write_index(folder: str | Path, rows: Iterable[str | Asked], store: str | Path) -> Path:
    """Say in ``folder/index.json`` which cells of which store make up a study, and their names."""
    home = Path(folder)
    write_whole({home / INDEX: index_bytes(home, rows, store)})
    return home / INDEX


def read_index(path: Path) -> tuple[Path, list[Asked]]:
    """Return the store and the rows of an index.

    Raises:
        BadRequest: The file cannot be read or is no index of a study.
    """
    again = "Run the comparison or sweep again: it writes the file anew and runs no cell twice."
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadRequest(
            f"{path}: cannot be read ({error.strerror}). Make it readable for yourself."
        ) from None
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"{path}: is cut short or is not JSON ({error}). {again}") from None
    try:
        return path.parent / _text(told["store"]), _rows(told)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise BadRequest(f"{path}: is not the index of a study. {again}") from None


def _rows(told: dict[str, Any]) -> list[Asked]:
    digests = [_text(digest) for digest in _list(told["digests"])]
    names = told.get("scenarios", [None] * len(digests))
    labels = told.get("labels") or {}
    if isinstance(labels, dict):  # as earlier releases wrote them
        labels = [labels.get(digest, {}) for digest in digests]
    return [
        Asked(digest, name if name is None else _text(name), {k: _text(v) for k, v in own.items()})
        for digest, name, own in zip(digests, _list(names), _list(labels), strict=True)
    ]


def _list(found: object) -> list[Any]:
    if not isinstance(found, list):
        raise TypeError(found)
    return found


def _text(found: object) -> str:
    if not isinstance(found, str):
        raise TypeError(found)
    return found


# ---- of a study, only some cells -----------------------------------------------------------------


def chosen(rows: list[Asked], where: Mapping[str, object]) -> list[Asked]:
    """Return the rows whose swept keys have these values: a number, text, None, or a list of them.

    Raises:
        BadRequest: A key that was not swept, or values that no cell has.
    """
    keys = sorted({key for row in rows for key in row.keys})
    for key, value in where.items():
        if key not in keys:
            raise BadRequest(
                f"where: these results were not swept over {key!r}. {did_you_mean(key, keys)}"
            )
        held = dict.fromkeys(row.keys.get(key, "") for row in rows)
        wanted = _values(value)
        absent = [str(one) for one in wanted if not any(_same(text, one) for text in held)]
        if absent or not wanted:
            raise BadRequest(
                f"where: no cell has {key}={', '.join(absent) or value}. There are: "
                f"{', '.join(held)}."
            )
        rows = [row for row in rows if any(_same(row.keys.get(key, ""), one) for one in wanted)]
    return rows


def _values(value: object) -> list[object]:
    if isinstance(value, np.ndarray):
        return list(np.atleast_1d(value).tolist())
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping):
        return list(value)
    return [value]


def _same(text: str, value: object) -> bool:
    if value is None:
        return text.lower() in _NULLS
    try:
        return float(text) == float(str(value))
    except ValueError:
        return text.lower() == str(value).lower()


def swept(rows: Sequence[Asked]) -> dict[str, NDArray[Any]]:
    """Return the value of each swept key in each row of a study: numbers where all are."""
    keys = dict.fromkeys(key for row in rows for key in row.keys)
    return {key: _numbers([row.keys.get(key, "") for row in rows]) for key in keys}


def _numbers(texts: Sequence[str]) -> NDArray[Any]:
    try:
        return np.array([float(text) for text in texts])
    except ValueError:
        return np.array(texts, dtype=object)
