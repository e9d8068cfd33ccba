"""Many cells, whatever they differ in: what is asked, what is there, and running the difference.

The same request again finds everything done; a wider one runs what is new; two drivers at once end
with every cell once, because a cell that is there is never run again and is written whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sim.cache import PACKAGE
from sim.config import Settings
from sim.config.composing import files_behind
from sim.config.identity import identity
from sim.config.scan import content_of
from sim.data import facts
from sim.errors import BadRequest
from sim.results import Store
from sim.study import batch, feasible
from sim.study.cells import code_digest, digest, restore_records, run_group, with_rules
from sim.study.counting import counted
from sim.study.design import Design, cells, is_of_machine
from sim.study.doses import dose_notes, tell_doses
from sim.study.ledger import Ledger, Record, Tracker
from sim.study.lists import tell_lists
from sim.study.shares import Share, part
from sim.study.unheard import tell_unheard

__all__ = [
    "Study",
    "begin",
    "foresee",
    "grouped",
    "open_study",
    "run_here",
    "work",
]

LARGEST_GROUP = 20
"""Cells of one past that a worker takes at once: beyond it, living the past again costs little."""
FEWEST_CELLS = 5
TURNS = 4
"""Groups that each process should get, so that all end at about the same time."""
_FILES = ("machine.scenarios=", "beliefs=")
_HOLD = ("machine.scenarios=", "machine.outside_range=")
"""What of the machine a check of cells hangs on: other threads or outputs need none."""


@dataclass
class Study:
    """A request, checked: its ledger, its record, and what was kept under the name before."""

    ledger: Ledger
    record: Record
    before: Record | None
    share: Share | None = None
    """The part of it that is run here; all of it where there is none."""

    @property
    def design(self) -> Design:
        """What is run."""
        return self.record.design

    def todo(self, *, retry: bool = False) -> list[int]:
        """Return a row of each cell that is neither there nor known to fail."""
        tracker = self.ledger.tracker
        there = self.ledger.store.digests() | (frozenset() if retry else tracker.failed())
        first = {name: n for n, name in reversed(list(enumerate(self.record.digests)))}
        mine = self.mine()
        return sorted(n for name, n in first.items() if name in mine and name not in there)

    def mine(self) -> frozenset[str]:
        """Return the cells that are run here, those that are there among them."""
        if self.share is None:
            return frozenset(self.record.digests)
        return part(self.design.rows, self.record.digests, self.share)


def open_study(outputs: Path, name: str, design: Design, *, extend: bool = False) -> Study:
    """Check a request against what the name stands for, and return it with its digests.

    Cells are composed only if the request, the code or the configuration is another than last
    time: ten thousand finished cells are looked through in a second.

    Args:
        outputs: Folder of outputs.
        name: Name of the study.
        design: What is asked.
        extend: Keep the cells that the name already stands for, whatever they are.

    Raises:
        BadRequest: A cell is not sound, or the name stands for cells that this design lacks, or
            for a comparison.
    """
    ledger = Ledger(outputs, name)
    ledger.refuse_comparison()
    before = ledger.read()
    if before is not None:
        design = _grown(name, before.design, design, extend)
    request = _fingerprint(design)
    code = with_rules(code_digest())
    if before is not None and before.request == request and before.code == code:
        design = replace(design, rows=before.design.rows)
        return Study(ledger, Record(design, before.digests, code, request), before)
    made = counted(cells(design), "looking up cells", len(design.rows))
    digests = tuple(digest(cell) for cell in made)
    design, digests = _once(design, digests)
    return Study(ledger, Record(design, digests, code, request), before)


def _once(design: Design, digests: tuple[str, ...]) -> tuple[Design, tuple[str, ...]]:
    """Keep the first row of each cell under each name: two ways of asking for one are one.

    Rows of different scenarios stay, whatever cell they share: a name belongs to the request.
    """
    asked = [(row.scenario, name) for row, name in zip(design.rows, digests, strict=True)]
    first = {key: n for n, key in reversed(list(enumerate(asked)))}
    kept = sorted(first.values())
    rows = tuple(design.rows[n] for n in kept)
    return replace(design, rows=rows), tuple(digests[n] for n in kept)


def _grown(name: str, old: Design, new: Design, extend: bool) -> Design:
    """Return the design to run under a name that stands for one already."""
    alike = old.settings == new.settings
    if alike and set(old.rows) <= set(new.rows):
        return new
    if alike and extend:
        more = [row for row in new.rows if row not in set(old.rows)]
        axes = {**old.axes}
        for key, values in new.axes.items():
            axes[key] = tuple(dict.fromkeys((*axes.get(key, ()), *values)))
        return replace(new, rows=(*old.rows, *more), axes=axes)
    cells(new)  # what is no setting at all is told as that
    what = "cells that this request lacks" if alike else "other settings"
    offer = "Add --extend to keep them and run these too, or give" if alike else "Give"
    raise BadRequest(
        f"study {name!r} is there already, with {what} ({_told(old)}; now {_told(new)}). {offer} "
        f"this one another name."
    )


def _told(design: Design) -> str:
    scenarios = ",".join(design.scenarios[:4]) + (",..." if len(design.scenarios) > 4 else "")
    return f"{len(design.rows)} cells of {scenarios} {' '.join(design.fixed)}".rstrip()


def _fingerprint(design: Design) -> str:
    """Name everything that digests of a design hang on, but for the code of the model."""
    total = hashlib.sha256()
    fixed = [w for w in design.fixed if not is_of_machine(w) or w.lstrip("+").startswith(_HOLD)]
    told = [fixed, [(r.scenario, r.draw, r.replicate, r.keys) for r in design.rows]]
    total.update(json.dumps(told).encode() + facts.data_digest().encode())
    for words in dict.fromkeys(_choices(design)):
        for path in files_behind(words):
            total.update(path.as_posix().encode() + content_of(path))
    total.update((PACKAGE / "config" / "models.py").read_bytes())
    return total.hexdigest()


def _choices(design: Design) -> Iterator[tuple[str, ...]]:
    """Yield the words of a design that choose files, as they meet in rows."""
    fixed = [word for word in design.fixed if word.lstrip("+").startswith(_FILES)]
    yield tuple(fixed)
    for sets in {value for row in design.rows for key, value in row.keys if key == "beliefs"}:
        yield (*fixed, f"beliefs={sets}")


# ---- running -----------------------------------------------------------------------------------


def grouped(made: Sequence[Settings], largest: int = LARGEST_GROUP) -> list[list[Settings]]:
    """Return cells in groups that share a past, in the order of their first cell."""
    found: dict[str, list[Settings]] = {}
    for cell in made:
        known = {name: value for name, value in identity(cell).items() if name != "policy"}
        key = json.dumps(known, sort_keys=True)
        found.setdefault(hashlib.sha256(key.encode()).hexdigest(), []).append(cell)
    return [
        group[n : n + largest] for group in found.values() for n in range(0, len(group), largest)
    ]


def work(group: list[Settings], root: str) -> list[str]:
    """Run one group; a cell that fails leaves its traceback and the others go on."""
    store = Store(root)
    return list(run_group(group, store, Tracker(store.root.parent)))


def begin(study: Study, *, retry: bool) -> list[Settings]:
    """Keep the design, make ready, and return the cells to run; wherever they will be."""
    study.ledger.refuse_unwritable()
    todo = study.todo(retry=retry)
    made = cells(study.design, [study.design.rows[n] for n in todo])
    if made:
        tell_lists(made)
        tell_unheard(made)
        tell_doses(made)
        batch.warm_up()
        feasible.afford(made)
    study.ledger.write(study.record)
    bare = study.ledger.store.bare()
    rows = [
        row
        for row, name in zip(study.design.rows, study.record.digests, strict=True)
        if name in bare
    ]
    restore_records(cells(study.design, rows), study.ledger.store)
    if not todo:
        return []
    if retry:
        study.ledger.tracker.forgive([study.record.digests[n] for n in todo])
    return made


def foresee(study: Study) -> list[str]:
    """Refuse, before anything is run, what cannot be paid for; nothing is compiled for it.

    Returns:
        What has to be known of doses before anything runs: `sim.study.doses.dose_notes`.

    Raises:
        BadRequest: Every scenario and policy that costs more than there is.
    """
    made = cells(study.design, [study.design.rows[n] for n in study.todo()])
    feasible.foresee(made)
    return dose_notes(made)


def run_here(study: Study, watch: batch.Watch, *, retry: bool = False) -> None:
    """Run what is missing in processes of this machine; results go to the store as they come.

    Raises:
        WorkFailed: A worker died or the disk is full; whole cells are kept.
    """
    made = begin(study, retry=retry)
    if not made:
        return
    turns = TURNS * batch.processes(made[0], len(made))
    largest = min(LARGEST_GROUP, max(FEWEST_CELLS, len(made) // turns))
    batch.run_groups(
        grouped(made, largest),
        study.ledger.store,
        budget=1e12,
        watch=watch,
        work=work,
        left_out=study.ledger.tracker.failed,
        apart=_apart(study),
    )


def _apart(study: Study) -> dict[str, str]:
    """Return what the log says of a cell beside its labels: the values of the swept keys."""
    return {
        name: "".join(f", {key}={value}" for key, value in row.keys)
        for name, row in zip(study.record.digests, study.design.rows, strict=True)
    }
