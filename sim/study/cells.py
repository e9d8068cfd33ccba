"""One cell: a scenario under one draw of beliefs and one draw of chance in one world."""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.cache import PACKAGE, source_files
from sim.config.identity import identity
from sim.config.marks import LIST, OUTSIDE
from sim.config.models import Settings
from sim.config.problems import refuse
from sim.config.roots import refuse_unwritable
from sim.data import facts
from sim.data.base_year import DEFAULT
from sim.errors import WorkFailed
from sim.model import Past, SchoolsModel
from sim.registry import RULES
from sim.results import Store, to_dataset
from sim.study.feasible import as_failure, policy_problems
from sim.study.lists import list_note, refuse_list

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "Desk",
    "at",
    "code_digest",
    "dataset",
    "digest",
    "prepare",
    "restore_records",
    "run_cell",
    "run_group",
    "simulate",
    "with_rules",
]

ABOVE_MODEL = {
    "api",
    "cli",
    "evidence",
    "metrics",
    "show",
    "study",
    "tabulate",
    "__main__.py",
}


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Return a digest of every module at or below the model."""
    total = hashlib.sha256()
    for path in source_files(PACKAGE):
        name = path.relative_to(PACKAGE)
        if name.parts[0] not in ABOVE_MODEL:
            total.update(name.as_posix().encode() + path.read_bytes())
    return total.hexdigest()


def with_rules(code: str, rules: Iterable[str] | None = None) -> str:
    """Return a digest of ``code`` and of the distributions that bring these rules.

    Rules of our own are in ``code`` already and change nothing, so a plug-in that comes or goes
    leaves every cell of other rules its name.

    Args:
        code: Digest of our own code.
        rules: Names of rules; default all that there are.
    """
    names = sorted(RULES.names() if rules is None else set(rules))
    strangers = {name: own for name in names if (own := RULES.code(name)) is not None}
    if not strangers:
        return code
    told = json.dumps([code, strangers], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def at(settings: Settings, draw: int, replicate: int) -> Settings:
    """Return the settings of another cell: beliefs redrawn, luck its own."""
    cell = settings.at(draw, replicate)
    return cell.model_copy(update={"beliefs": settings.beliefs.drawn(draw, settings.seed)})


def digest(settings: Settings) -> str:
    """Return the name of a cell: what it depends on, nothing else."""
    code = with_rules(code_digest(), [settings.policy.funding.rule])
    named = {"settings": identity(settings), "data": facts.data_digest(), "code": code}
    text = json.dumps(named, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def prepare(settings: Settings) -> None:
    """Check what needs data or sees levers together; see `sim.study.feasible` for the rest.

    The rule exists, every lever has a meaning beside the others, and a list of areas has one in
    the world.

    Raises:
        BadRequest: What is wrong and what to do.
    """
    RULES.get(settings.policy.funding.rule)
    refuse(list(policy_problems(settings)))
    refuse_list(settings)


def dataset(model: SchoolsModel, settings: Settings) -> xr.Dataset:
    """Label the record of a finished run."""
    world, final = model.world, model.recorder.final
    table, rows = world.facts, world.areas.facts_row
    coords: dict[str, Any] = {
        "year": np.array(model.recorder.years),
        "area": table.code[rows],
        "area_name": table.name[rows],
        "region": table.region[rows],
        "area_type": table.area_type[rows],
        "affluence": table.affluence_fifth[rows],
        "isolation": table.isolation_fifth[rows],
        "listed_eia": table.education_investment_area[rows].astype(np.int8),
        "listed_oa": table.opportunity_area[rows],
        "weight": world.areas.weight,
        "clause": final["clause"],
        "school": final["school"],
        "child": np.concatenate([part["child"] for part in model.recorder.panel]),
    }
    kept = {"premium_reach": settings.beliefs.values.plans.premium_reach}
    arrays = {**model.recorder.arrays(), **model.memory.scales, **kept}
    attrs = {
        "scenario": settings.scenario,
        "title": settings.title,
        "draw": settings.draw,
        "replicate": settings.replicate,
        "seed": settings.seed,
        "world": settings.world.name,
        "region_of_world": settings.world.region or "",
        "years": settings.years,
        "past": settings.past,
        "need_weight": settings.beliefs.values.money.need_weight,
        "digest": digest(settings),
        "invariants": "pupils, pence, ids, ranges" if settings.invariants else "not checked",
    }
    if settings.base_year != DEFAULT:
        attrs["base_year"] = settings.base_year
    if outside := settings.beliefs.outside:
        attrs[OUTSIDE] = ", ".join(outside)
    if note := list_note(settings):
        attrs[LIST] = note
    return to_dataset(arrays, coords, attrs)


def simulate(settings: Settings, past: Past | None = None) -> xr.Dataset:
    """Run one cell, from the start or from a past, and return its labelled record."""
    model = SchoolsModel(settings, past)
    try:
        model.run()
        return dataset(model, settings)
    finally:
        model.close()


def _run_record(seconds: float) -> dict[str, Any]:
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": round(seconds, 3),
        "peak_mb": round(peak, 1),
        "python": platform.python_version(),
        "machine": platform.machine(),
    }


def run_cell(settings: Settings, store: Store) -> xr.Dataset:
    """Return a cell from the store, or run it and keep it there."""
    prepare(settings)
    name = digest(settings)
    if store.has(name):
        restore_records([settings], store)
        # A cell keeps the name it was first run under; what it is called is the request's.
        return store.get(name).assign_attrs(scenario=settings.scenario, title=settings.title)
    refuse_unwritable(store.root)
    started = time.perf_counter()
    cell = simulate(settings)
    store.put(
        name, {"settings": identity(settings)}, cell, _run_record(time.perf_counter() - started)
    )
    return cell


def restore_records(cells: Iterable[Settings], store: Store) -> None:
    """Write anew what was asked of cells that are there while that record is gone."""
    bare = store.bare()
    for cell in cells if bare else ():
        if (name := digest(cell)) in bare:
            with suppress(WorkFailed):  # nothing hangs on it
                store.put_record(name, {"settings": identity(cell)})


class Desk:
    """Who is told what becomes of a cell; this one lets every failure through."""

    def begin(self, name: str) -> None:
        """Note that a cell is being run."""

    def end(self, name: str) -> None:
        """Note that it is no longer."""

    def fail(self, name: str, cell: Settings, error: Exception) -> None:
        """Note that it failed."""
        raise error


def run_group(group: list[Settings], store: Store, desk: Desk | None = None) -> Iterator[str]:
    """Run cells that share draw, replicate and world from one past; yield each digest when kept.

    The past is the baseline's and does not depend on the scenario, so it is lived once. Branches
    are bit for bit what separate runs would be.

    Args:
        group: The cells.
        store: Where they go; those that are there are not run again.
        desk: Told of each cell that begins, ends or fails; without one a failure ends it all.
    """
    each: dict[str, Settings] = {}
    for cell in group:
        each.setdefault(digest(cell), cell)  # two names may be one cell
    todo = [cell for name, cell in each.items() if not store.has(name)]
    if not todo:
        yield from (digest(cell) for cell in group)
        return
    desk = desk or Desk()
    started = time.perf_counter()
    past: Past | None = None
    for number, cell in enumerate(todo):
        name = digest(cell)
        desk.begin(name)
        try:
            try:
                past = SchoolsModel(cell).live_past() if past is None else past
                last = number + 1 == len(todo)
                result = simulate(cell, past if last else past.copy())
            except Exception as error:
                desk.fail(name, cell, as_failure(cell, error))
                continue
            spent, started = time.perf_counter() - started, time.perf_counter()
            store.put(name, {"settings": identity(cell)}, result, _run_record(spent))
        finally:
            desk.end(name)
        yield name
