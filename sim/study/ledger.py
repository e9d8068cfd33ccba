"""The ledger of a study: its design, and what has become of each cell. No database, no locks.

``outputs/studies/NAME/design.json`` holds what was asked, ``index.json`` which cells answer it.
Cells themselves lie in ``outputs/cells``, shared by all studies. A failed cell leaves its traceback
in ``outputs/failed``, a cell being run a note in ``outputs/running``; the store alone says what is
done.
"""

from __future__ import annotations

import json
import os
import socket
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.config.models import Settings
from sim.config.roots import refuse_unwritable
from sim.errors import BadRequest
from sim.record.variables import SCHEMA
from sim.results import Store
from sim.results.atomic import folder, names_in, write_whole
from sim.results.index import INDEX, Asked, index_bytes
from sim.study.cells import Desk
from sim.study.design import Design, Row

__all__ = ["Ledger", "Record", "Status", "Tracker"]

DESIGN = "design.json"
LAYOUT = 1
PACE_SECONDS = 600
STALE_SECONDS = 6 * 3600
"""A note of a running cell on another machine that is older than this is nobody's."""


@dataclass(frozen=True)
class Record:
    """A design as it was kept: rows, the digest of each, and the code that named them."""

    design: Design
    digests: tuple[str, ...]
    code: str
    request: str


@dataclass(frozen=True)
class Status:
    """How far a study is, in rows: two names for the same levers share a cell and count as two.

    ``other_code`` counts cells made by earlier code, in no other number; ``per_minute`` cells that
    were finished of late, wherever that was, while some are running.
    """

    study: str
    cells: int
    done: int
    running: int
    failed: int
    missing: int
    other_code: int = 0
    per_minute: float | None = None


class Tracker(Desk):
    """Notes of cells that are being run, and of those that failed."""

    def __init__(self, outputs: Path):
        self.running_folder = outputs / "running"
        self.failed_folder = outputs / "failed"

    def begin(self, name: str) -> None:
        """Leave a note; a disk without room for it has none for a result either."""
        note = {"host": socket.gethostname(), "pid": os.getpid(), "since": time.time()}
        write_whole({self.running_folder / f"{name}.json": json.dumps(note).encode()})

    def end(self, name: str) -> None:
        """Take the note away."""
        (self.running_folder / f"{name}.json").unlink(missing_ok=True)

    def fail(self, name: str, cell: Settings, error: Exception) -> None:
        """Keep the traceback, and let the other cells go on."""
        told = {
            "digest": name,
            "scenario": cell.scenario,
            "draw": cell.draw,
            "replicate": cell.replicate,
            "error": f"{type(error).__name__}: {error}",
            "traceback": "".join(traceback.format_exception(error)),
        }
        body = json.dumps(told, indent=1, sort_keys=True).encode()
        write_whole({self.failed_folder / f"{name}.json": body})

    def failed(self) -> frozenset[str]:
        """Digests of cells that failed and were not retried since."""
        return _stems(self.failed_folder)

    def why(self, name: str) -> dict[str, Any]:
        """What is known of a failure; ``error`` is there even if the note of it is damaged."""
        path = self.failed_folder / f"{name}.json"
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(told, dict) and str(told["error"]).strip():
                return told
        except (OSError, ValueError, RecursionError, KeyError):
            pass
        return {"error": "the note of what happened is damaged"}

    def forgive(self, names: Sequence[str]) -> None:
        """Let failed cells be run again."""
        for name in names:
            (self.failed_folder / f"{name}.json").unlink(missing_ok=True)

    def running(self) -> frozenset[str]:
        """Digests of cells that somebody is running; notes of the dead are swept away."""
        alive = set()
        for name in _stems(self.running_folder):
            path = self.running_folder / f"{name}.json"
            try:
                note = json.loads(path.read_text(encoding="utf-8"))
            except FileNotFoundError:
                continue  # it ended just now
            except (OSError, ValueError, RecursionError):
                note = None
            if _lives(note):
                alive.add(name)
            else:
                with suppress(OSError):  # what may not be written to can still be looked at
                    path.unlink(missing_ok=True)
        return frozenset(alive)


def _lives(note: object) -> bool:
    """Say whether the process that left a note may still run; a note that is none is nobody's."""
    if not isinstance(note, dict):
        return False
    if note.get("host") != socket.gethostname():
        since = note.get("since")
        if not isinstance(since, int | float) or isinstance(since, bool):
            return False
        return time.time() - since < STALE_SECONDS
    number = note.get("pid")
    if not isinstance(number, int) or isinstance(number, bool) or number <= 0:
        return False  # nought and less stand for groups of processes, and for all of them
    try:
        os.kill(number, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _stems(path: Path) -> frozenset[str]:
    names = (name for name in names_in(path) if not name.startswith("."))
    return frozenset(name.removesuffix(".json") for name in names if name.endswith(".json"))


class Ledger:
    """The folder of one study."""

    def __init__(self, outputs: Path, name: str):
        self.name, self.outputs = name, outputs
        self.folder = folder(outputs / "studies" / name)
        self.store = Store(outputs / "cells")
        self.tracker = Tracker(outputs)

    def read(self) -> Record | None:
        """Return what was asked before under this name, if anything.

        Raises:
            BadRequest: The file is of a newer release, or is not a design.
        """
        path = self.folder / DESIGN
        if not os.path.lexists(path):
            return None
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            if told["layout"] > LAYOUT or told.get("schema", SCHEMA) > SCHEMA:
                raise BadRequest(
                    f"{path}: was written by a newer release (layout {told['layout']}, schema of "
                    f"cells {told.get('schema')}; this one reads {LAYOUT} and {SCHEMA}). Update "
                    f"placematters, or choose another name."
                )
            return _record(told)
        except OSError as error:
            raise BadRequest(
                f"{path}: cannot be read ({error.strerror or error}). Make it readable for "
                f"yourself, or choose another name."
            ) from None
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
            raise BadRequest(
                f"{path}: is not the design of a study ({error}). Move the folder away."
            ) from None

    def refuse_comparison(self) -> None:
        """Refuse the name of a comparison: its entry would be replaced by that of a sweep.

        Raises:
            BadRequest: The name is that of a comparison in the same outputs.
        """
        if not os.path.lexists(self.folder / DESIGN) and os.path.lexists(self.folder / INDEX):
            raise BadRequest(
                f"study {self.name!r} is there already: a comparison is called so ({self.folder}). "
                f"Give the sweep another name."
            )

    def refuse_sweep(self) -> None:
        """Refuse the name of a sweep: its entry would be replaced by that of a comparison.

        Raises:
            BadRequest: The name is that of a sweep in the same outputs.
        """
        if os.path.lexists(self.folder / DESIGN):
            raise BadRequest(
                f"study {self.name!r} is there already: a sweep is called so ({self.folder}). "
                f"Give the comparison another name: --name NAME."
            )

    def refuse_unwritable(self) -> None:
        """Refuse, before anything is run, outputs that cannot be written to or listed."""
        tracker = self.tracker
        refuse_unwritable(
            self.store.root, self.folder, tracker.running_folder, tracker.failed_folder
        )

    def write(self, record: Record) -> None:
        """Keep a design and the index that `sim.open_results` reads."""
        design = record.design
        told = {
            "layout": LAYOUT,
            "schema": SCHEMA,
            "name": self.name,
            "fixed": design.fixed,
            "axes": dict(design.axes),
            "source": design.source,
            "rows": [(r.scenario, r.draw, r.replicate, r.keys) for r in design.rows],
            "digests": record.digests,
            "code": record.code,
            "request": record.request,
        }
        asked = [
            Asked(digest, row.scenario, dict(row.keys))
            for digest, row in zip(record.digests, design.rows, strict=True)
        ]
        write_whole(  # the design first: an index alone is that of a comparison
            {
                self.folder / DESIGN: json.dumps(told, sort_keys=True).encode(),
                self.folder / INDEX: index_bytes(self.folder, asked, self.store.root),
            }
        )

    def status(self, record: Record, old: Record | None = None) -> Status:
        """Return how far the cells of a design are, from the store and the notes."""
        there, wanted = self.store.digests(), set(record.digests)
        rows = Counter(record.digests)  # two names may share a cell; each is a row of the study
        done = sum(rows[name] for name in wanted & there)
        running = sum(rows[name] for name in (self.tracker.running() & wanted) - there)
        failed = sum(rows[name] for name in (self.tracker.failed() & wanted) - there)
        other = 0
        if old is not None and old.code != record.code:
            other = len((set(old.digests) & there) - wanted)
        return Status(
            self.name,
            rows.total(),
            done,
            running,
            failed,
            rows.total() - done - running - failed,
            other,
            self._pace(wanted) if running else None,
        )

    def _pace(self, wanted: set[str]) -> float | None:
        """Cells of a study a minute, by the times of their files; None when too few are young."""
        if not self.store.root.is_dir():
            return None
        now = time.time()
        ages = [
            now - entry.stat().st_mtime
            for entry in os.scandir(self.store.root)
            if entry.name.removesuffix(".nc") in wanted
        ]
        young = [max(age, 1.0) for age in ages if age < PACE_SECONDS]
        return round(60 * len(young) / max(young), 2) if len(young) > 1 else None


def _record(told: dict[str, Any]) -> Record:
    """Return a kept design; KeyError, TypeError or ValueError if it is damaged."""
    rows = []
    for scenario, draw, replicate, keys in told["rows"]:
        pairs = tuple((str(key), str(text)) for key, text in keys)
        if not isinstance(scenario, str) or not all(type(n) is int for n in (draw, replicate)):
            raise ValueError(f"{scenario!r}, {draw!r}, {replicate!r} is no row")
        rows.append(Row(scenario, draw, replicate, pairs))
    digests, fixed = tuple(told["digests"]), tuple(told["fixed"])
    if len(digests) != len(rows) or not rows:
        raise ValueError(f"{len(rows)} rows and {len(digests)} cells")
    if not all(isinstance(text, str) for text in (*digests, *fixed, told["code"], told["request"])):
        raise ValueError("a text is missing")
    axes = {key: tuple(map(str, values)) for key, values in told["axes"].items()}
    design = Design(tuple(rows), fixed, axes, str(told.get("source", "")))
    return Record(design, digests, told["code"], told["request"])
