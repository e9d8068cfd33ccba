"""Which studies there are: files that come with the package, and what was run here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sim.config.scan import read_file
from sim.errors import SimError
from sim.results.atomic import names_in
from sim.results.index import INDEX, read_index
from sim.study.ledger import DESIGN, Ledger
from sim.study.study_file import known_studies, read_study, study_path

__all__ = ["studies"]

Record = dict[str, Any]


def studies(outputs: Path) -> list[Record]:
    """Return a record a study: name, title, how many cells, how far they are, and its file.

    Studies of the package come first, then those kept under ``outputs/studies``. One that is
    damaged has a ``status`` that says so, and troubles no other.
    """
    kept = {name: _kept(outputs, name) for name in sorted(_names(outputs))}
    records = []
    for name in known_studies():
        ours = _ours(name)
        here = kept.pop(name, None)
        records.append(ours if here is None else {**ours, "status": here["status"]})
    return [*records, *kept.values()]


def _names(outputs: Path) -> list[str]:
    folder = outputs / "studies"
    return [
        name
        for name in names_in(folder)
        if any(os.path.lexists(folder / name / file) for file in (DESIGN, INDEX))
    ]


def _ours(name: str) -> Record:

    path = study_path(name)
    assert path is not None  # it is known
    title = str(read_file(path).content.get("title", ""))
    cells = len(read_study(path, ()).rows)
    return {
        "name": name,
        "title": title,
        "cells": cells,
        "status": "not run here",
        "file": str(path),
    }


def _kept(outputs: Path, name: str) -> Record:
    folder = outputs / "studies" / name
    try:
        ledger = Ledger(outputs, name)
        record = ledger.read()
        if record is None:
            _, rows = read_index(folder / INDEX)
            there = ledger.store.digests()
            cells, done, failed = len(rows), sum(row.digest in there for row in rows), 0
            title = "a comparison"
        else:
            status = ledger.status(record)
            cells, done, failed = status.cells, status.done, status.failed
            title = _title(record.design.scenarios, list(record.design.axes))
    except SimError as error:
        return {
            "name": name,
            "title": "",
            "cells": None,
            "status": f"cannot be read: {error}",
            "file": str(folder),
        }
    told = "done" if done == cells else f"{done} of {cells} done"
    return {
        "name": name,
        "title": title,
        "cells": cells,
        "status": told + (f", {failed} failed" if failed else ""),
        "file": str(folder),
    }


def _title(scenarios: tuple[str, ...], axes: list[str]) -> str:
    over = f" over {', '.join(axes[:3])}{', ...' if len(axes) > 3 else ''}" if axes else ""
    return f"{', '.join(scenarios[:4])}{', ...' if len(scenarios) > 4 else ''}{over}"
