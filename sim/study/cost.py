"""What running cells will take: time, memory and disk, before any of them runs.

What one cell takes stands in `sim.study.sizes`; cells of the same world that lie in the store say
how much faster or slower this machine is.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from sim import kernel
from sim.cache import is_whole, not_kept
from sim.config.models import Settings
from sim.errors import SimError
from sim.results import Store
from sim.study import batch
from sim.study.cells import digest
from sim.study.design import Design, Row, cells
from sim.study.request import Request
from sim.study.sizes import disk_mb, memory_mb, past_seconds, policy_seconds, room_mb
from sim.study.sweep import FEWEST_CELLS, LARGEST_GROUP, TURNS, Study

__all__ = [
    "Cost",
    "cost_of",
    "cost_of_comparison",
    "gigabytes",
    "in_budget",
    "own_memory_mb",
    "own_seconds",
    "span",
]

START_SECONDS = 4.0
"""Until the first worker has loaded what it needs."""
COMPILE_SECONDS = 60.0
"""Once for a machine and a version, if nobody has compiled yet."""
COMPILING = ", plus about a minute to compile, "
REPORT_SECONDS = 12.0
SAMPLE = 50
"""Cells that are looked at, and cells of a design that stand for all."""


@dataclass(frozen=True)
class Cost:
    """What running cells takes: seconds until the end, megabytes of disk and of each process."""

    cells: int
    seconds: float
    processes: int
    memory_mb: float
    """What to have for each process: more than it holds at its peak; see `sim.study.sizes`."""
    disk_mb: float
    measured: int
    """Cells of this world in the store that the time rests on; 0: figures of another machine."""
    compile_seconds: float = 0.0
    """What compiling takes before anything can be run; 0 where it is done. Not in ``seconds``."""
    there: int = 0
    """Cells of the request that are there and are not run."""
    work: float = 0.0
    """Seconds of processor time that all of the cells take."""

    @property
    def basis(self) -> str:
        """What the figures rest on, in words."""
        told = f"as {self.measured} cells of this world took"
        return told if self.measured else "a guess, from the speed of another machine"

    @property
    def compiling(self) -> str:
        """What comes on top where nothing is compiled yet, in words; else nothing."""
        kept = not_kept(kernel.CACHE_FOLDER) is None
        often = "once for this machine" if kept else "each time, since it cannot be kept"
        return COMPILING + often if self.compile_seconds else ""

    def __str__(self) -> str:
        cells = "cell" if self.cells == 1 else "cells"
        where = f"{self.processes} processes" if self.processes > 1 else "one process"
        return (
            f"{self.cells} {cells}, about {span(self.seconds)} in {where}, "
            f"{gigabytes(self.processes * self.memory_mb)} of memory and {self.disk_mb:,.0f} MB of "
            f"disk ({self.basis}){self.compiling}"
        )


def cost_of(study: Study, *, retry: bool = False) -> Cost:
    """Estimate what the cells of a study that are not there will take."""
    todo = study.todo(retry=retry)
    rows = [study.design.rows[n] for n in todo]
    pasts = Counter(
        (row.draw, row.replicate, tuple(k for k in row.keys if not k[0].startswith("policy.")))
        for row in rows
    )
    return _cost(_sample(study.design, rows), list(pasts.values()), study.ledger.store)


def cost_of_comparison(request: Request, budget: float = math.inf) -> tuple[Cost, Cost]:
    """Estimate what a comparison will take, with its report: all of it, and what is in a budget.

    Args:
        request: What is compared.
        budget: Seconds of processor time, of each core at work.
    """
    every, at_ends = request.every, request.groups_at_ends
    groups = [*request.groups, *(group for own in at_ends.values() for group in own)]
    store = Store(Path(every[0].machine.outputs) / "cells")
    there = store.digests()
    names_of = [[digest(cell) for cell in group] for group in groups]
    sizes = [len(set(group) - there) for group in names_of]
    found = sum(len(set(group) & there) for group in names_of)
    cost = _cost(list(every), [size for size in sizes if size], store)
    cost = replace(cost, seconds=cost.seconds + REPORT_SECONDS, there=found)
    cores = cost.processes * max(1, every[0].machine.threads // cost.processes)
    each = cost.work / cost.cells if cost.cells else 0.0
    most = budget * cores / each if each else math.inf
    return cost, _part(cost, in_budget(sizes, batch.groups_for_words(groups), most))


def in_budget(sizes: Sequence[int], always: int, most: float) -> int:
    """Return how many cells are run of groups that are begun in order within a budget of cells.

    >>> in_budget([3, 3, 3, 3], 1, 10), in_budget([3, 3, 3, 3], 2, 1), in_budget([0, 3], 1, 1)
    (9, 6, 0)
    """
    begun = 0
    for number, size in enumerate(sizes):
        if number >= always and begun + size > most:
            break
        begun += size
    return begun


def _part(cost: Cost, cells: int) -> Cost:
    """Return what so many of its cells take."""
    if cells >= cost.cells:
        return cost
    share = cells / cost.cells
    fixed = START_SECONDS + REPORT_SECONDS
    return replace(
        cost,
        cells=cells,
        seconds=fixed + share * (cost.seconds - fixed),
        disk_mb=share * cost.disk_mb,
        work=share * cost.work,
    )


def _cost(sample: Sequence[Settings], pasts: Sequence[int], store: Store) -> Cost:
    """Estimate cells that are like a sample; ``pasts`` counts the cells that share each past."""
    many = sum(pasts)
    if not sample or not many:
        return Cost(0, 0.0, 1, 0.0, 0.0, 0)
    speed, measured, peak = _here(sample[0], store)
    running = batch.processes(sample[0], many)
    largest = min(LARGEST_GROUP, max(FEWEST_CELLS, many // (TURNS * running)))
    groups = sum(math.ceil(size / largest) for size in pasts)
    running = batch.processes(sample[0], groups)
    policy, past, disk = (
        sum(part(cell) for cell in sample) / len(sample)
        for part in (policy_seconds, past_seconds, disk_mb)
    )
    work = (many * policy + groups * past) * speed
    # Groups are whole: seven of one size in two processes take as long as eight.
    turns = math.ceil(groups / running) * running / groups
    memory = room_mb(max(peak, _worlds_mb(sample)))
    seconds = START_SECONDS + work * turns / running
    compiling = 0.0 if is_whole(kernel.CACHE_FOLDER) else COMPILE_SECONDS
    return Cost(many, seconds, running, memory, many * disk, measured, compiling, work=work)


# ---- by what is there --------------------------------------------------------------------------


def _here(like: Settings, store: Store) -> tuple[float, int, float]:
    """Return how slow cells of this world were against the figures above, how many, and memory."""
    ratios: list[float] = []
    peaks: list[float] = []
    for name in sorted(store.digests())[: 4 * SAMPLE]:
        if len(ratios) >= SAMPLE:
            break
        try:
            told, run = store.identity(name)["settings"], store.run_record(name)
            if told["world"] != like.world.model_dump(mode="json"):
                continue
            cell = like.model_copy(update={"years": int(told["years"]), "past": int(told["past"])})
            ratios.append(float(run["seconds"]) / _expected(cell))
            peaks.append(float(run["peak_mb"]))
        except (SimError, KeyError, TypeError, ValueError, OSError):
            continue  # a record that is damaged or gone tells nothing
    if not ratios or not peaks:
        return 1.0, 0, 0.0
    return min(max(median(ratios), 0.1), 20.0), len(ratios), median(peaks)


def _expected(cell: Settings) -> float:
    """Seconds of a cell that lives its share of a past among four."""
    return policy_seconds(cell) + past_seconds(cell) / 4


def own_seconds(study: Study) -> float:
    """Return the seconds of one process that a cell of a study takes, by its own cells if any."""
    store, there = study.ledger.store, study.ledger.store.digests()
    known = [name for name in dict.fromkeys(study.record.digests) if name in there][:SAMPLE]
    records: list[dict[str, Any]] = [store.run_record(name) for name in known]
    seconds = [r["seconds"] for r in records if isinstance(r.get("seconds"), int | float)]
    return median(seconds) if seconds else _expected(cells(study.design, study.design.rows[:1])[0])


def own_memory_mb(study: Study) -> float:
    """Return what to have for each process of a study: by its worlds, or its own cells if more."""
    store, there = study.ledger.store, study.ledger.store.digests()
    known = [name for name in dict.fromkeys(study.record.digests) if name in there][:SAMPLE]
    told = (store.run_record(name).get("peak_mb") for name in known)
    peaks = [float(peak) for peak in told if isinstance(peak, int | float)]
    return room_mb(max([*peaks, _worlds_mb(_sample(study.design, study.design.rows))]))


def _sample(design: Design, rows: Sequence[Row]) -> list[Settings]:
    """Return cells that stand for all."""
    return cells(design, rows[:: max(1, len(rows) // SAMPLE)][:SAMPLE]) if rows else []


def _worlds_mb(sample: Sequence[Settings]) -> float:
    """Return what a process holds at its peak in the largest of the worlds."""
    return max(memory_mb(cell.world.name, cell.world.region) for cell in sample)


def gigabytes(megabytes: float) -> str:
    """Write an amount of memory to have, never less of it than is meant.

    >>> gigabytes(2987.5), gigabytes(3010.0)
    ('3.0 GB', '3.1 GB')
    """
    return f"{math.ceil(megabytes / 100) / 10:.1f} GB"


def span(seconds: float) -> str:
    """Write a span of time in the unit that fits."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
