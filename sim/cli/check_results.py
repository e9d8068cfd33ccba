"""Is a result what its record says: cells, studies, reports, files of results."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import BadRequest, SimError, WorkFailed

if TYPE_CHECKING:
    from sim.results.store import Store

__all__ = ["Finding", "looked", "results_at"]

REPORT = ("index.html", "record.json", "results.nc", "tables/headline.csv")
"""What every report holds."""
_AGAIN = "Run the comparison again under the same name: the report is written anew."
_LONGEST = 80  # characters of a path that a message repeats
_DIGEST = re.compile(r"[0-9a-f]{32}")


class Finding(NamedTuple):
    """One thing looked at: what, whether it is as it should be, and what was seen."""

    name: str
    fit: bool
    title: str
    content: str = ""
    """Its content digest, where it has one and is fit."""


def looked(name: str, look: Callable[[], str | tuple[str, str]]) -> Finding:
    """Turn what a look says (and the content digest it found), or its error, into a finding."""
    try:
        told = look()
    except (SimError, ImportError, OSError) as error:
        return Finding(name, False, str(error))
    return Finding(name, True, *([told] if isinstance(told, str) else told))


def results_at(path: Path) -> Iterator[Finding]:
    """Read every result at a path whole, its content held to its digest.

    Raises:
        BadRequest: Nothing there is a result.
    """
    from sim.results.index import INDEX
    from sim.results.store import Store

    if path.suffix == ".nc" and os.path.isfile(path):
        if _DIGEST.match(path.stem) or not os.path.exists(path.parent / "record.json"):
            return iter([looked(path.stem[:12], partial(_cell, Store(path.parent), path.stem))])
        return iter([looked(path.name, partial(_results, path))])
    if os.path.isdir(path) and not os.access(path, os.R_OK | os.X_OK):
        raise BadRequest(f"{path}: cannot be read: no permission to list it. Allow it to yourself.")
    if not os.path.isdir(path):
        raise BadRequest(
            f"{_short(path)}: is neither a cell (.nc) nor a folder of cells, of a study or of a "
            f"report. Name one."
        )
    if os.path.isfile(path / INDEX):
        return _study(path / INDEX)
    if _is_report(path):
        return _report(path)
    return _cells(path)


def _short(path: Path) -> str:
    text = str(path)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _cells(path: Path) -> Iterator[Finding]:
    """Look at the cells of a folder, and at the reports beside them or in it."""
    from sim.results.store import Store

    store = Store(path / "cells" if os.path.isdir(path / "cells") else path)
    digests = sorted(store.digests())
    inside = path / "reports" if os.path.isdir(path / "reports") else path
    reports = sorted(place for place in inside.iterdir() if _is_report(place))
    if not digests and not reports:
        raise BadRequest(
            f"{path}: holds no cells. Run one first: sim run baseline world=tiny. Or name a cell "
            f"(.nc), or the folder of a study or of a report."
        )
    for digest in digests:
        yield looked(digest[:12], partial(_cell, store, digest))
    for report in reports:
        for finding in _report(report):
            yield finding._replace(name=f"{report.name}/{finding.name}")


def _cell(store: Store, digest: str) -> tuple[str, str]:
    cell = store.get(digest)
    own = cell.attrs.get("digest")
    if own != digest:
        raise WorkFailed(f"is the result of another cell ({own}), or a copy of it. Delete it.")
    store.identity(digest)
    name = cell.attrs.get("scenario", "a cell")
    told = f"{name}: the content is what its digest says (named as it was first asked for)"
    return told, str(cell.attrs["content_digest"])


def _study(index: Path) -> Iterator[Finding]:
    from sim.results.index import read_index
    from sim.results.store import Store

    root, rows = read_index(index)
    store = Store(root)
    there, wanted = store.digests(), sorted({row.digest for row in rows})
    found = []
    for digest in wanted:
        if digest in there:
            found.append(looked(digest[:12], partial(_cell, store, digest)))
            yield found[-1]
    missing = len(set(wanted) - there)
    told = f"{len(rows)} rows, {len(wanted)} cells in {root}"
    if missing:
        more = f"; {missing} are not there: run the same request again, it runs what is missing"
        yield Finding(index.name, False, told + more)
    elif all(one.fit for one in found):
        total = _total(one.content for one in found)
        more = f", all there; together their content digest is {total}"
        yield Finding(index.name, True, told + more, total)
    else:
        yield Finding(index.name, True, f"{told}, all there")


def _total(contents: Iterable[str]) -> str:
    """Return one content digest of many, whatever their order, names or code."""
    return hashlib.sha256("\n".join(sorted(contents)).encode()).hexdigest()


def _is_report(path: Path) -> bool:
    return any(os.path.isfile(path / name) for name in REPORT)


def _report(path: Path) -> Iterator[Finding]:
    """Look at the files of a report, one by one; what is lacking is named."""
    for name in REPORT:
        if not os.path.isfile(path / name):
            yield Finding(name, False, f"is not there. {_AGAIN}")
        elif name == "record.json":
            yield looked(name, partial(_record, path / name))
        elif name == "results.nc":
            yield looked(name, partial(_results, path / name))
        else:
            yield looked(name, partial(_not_empty, path / name))


def _not_empty(path: Path) -> str:
    if not path.stat().st_size:
        raise WorkFailed(f"is empty. {_AGAIN}")
    return "is there"


def _record(path: Path) -> str:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        names = ", ".join(found["scenarios"])
    except (ValueError, LookupError, TypeError, RecursionError):
        raise WorkFailed(f"is damaged. {_AGAIN}") from None
    return f"the record of {names}"


def _results(path: Path) -> str | tuple[str, str]:
    from sim.results.store import read_results

    held = read_results(path)
    digest = held.attrs.get("content_digest")
    if digest is None:
        return "can be read; an earlier release wrote it, without a digest to hold it to"
    told = _told(path.parent / "record.json")
    if told is not None and told != digest:
        raise WorkFailed(f"is sound, but record.json beside it tells of other results. {_AGAIN}")
    return "the content is what its digest says", str(digest)


def _told(record: Path) -> str | None:
    """Return the content digest of the results that a record tells of, if it does."""
    try:
        told = json.loads(record.read_text(encoding="utf-8"))["content"]["results.nc"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
    return str(told)
