"""What ``--dry-run`` says: how many cells and why so many, how long they take, how large they are.

A cell is one policy under one set of beliefs and one run of luck.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.api import refuse_alone, refuse_stranger
from sim.cli.common import print_json, wrap
from sim.cli.progress import Progress

if TYPE_CHECKING:
    from sim.config.models import Settings
    from sim.study.cost import Cost
    from sim.study.design import Design
    from sim.study.request import Request
    from sim.study.sweep import Study

__all__ = ["plan_comparison", "plan_replay", "plan_sweep", "short"]

_SHOWN = 5
_LONGEST = 24
_MOST_AXES = 10


def plan_comparison(
    given: argparse.Namespace,
    names: Sequence[str],
    words: Sequence[str],
    places: Sequence[str] = (),
) -> int:
    """Say what running a comparison would take, were there no budget.

    ``places``: codes of the areas that were asked for.
    """
    from sim.config import compose_all
    from sim.study.ends import groups_at_ends
    from sim.study.request import Request

    refuse_alone(names)
    names = names if "baseline" in names else ["baseline", *names]
    every = compose_all(names, words)
    refuse_stranger(given.against, every)
    ends = {} if given.no_ends else groups_at_ends(names, words)
    request = Request(every, ends, places=tuple(places))
    _plan(request, given.name or "compare", given.budget, as_json=given.json)
    return 0


def plan_replay(request: Request, name: str, *, as_json: bool) -> int:
    """Say what running a record again would take; nothing cuts it short.

    ``name``: of the new report.
    """
    _plan(request, name, math.inf, as_json=as_json)
    return 0


def _plan(request: Request, name: str, budget: float, *, as_json: bool) -> None:
    """Check a request as running it would, and say what it takes."""
    from sim.study.cells import prepare
    from sim.study.cost import cost_of_comparison
    from sim.study.doses import dose_notes
    from sim.study.feasible import foresee
    from sim.study.ledger import Ledger

    every = request.every
    Ledger(Path(every[0].machine.outputs), name).refuse_sweep()
    for settings in every:
        prepare(settings)
    foresee(every)
    cost, within = cost_of_comparison(request, budget)
    notes, first = dose_notes(every), every[0]
    asked_for = _places_told(request.places, first)
    if as_json:
        print_json(
            {
                **asdict(cost),
                "budget": budget if math.isfinite(budget) else None,
                "in_budget": within.cells,
                "notes": notes,
                **asked_for,
            }
        )
        return
    print(f"{_asked(cost.cells + cost.there, len(every), first, cut=bool(request.only))}.")
    print(f"  policies: {', '.join(settings.scenario for settings in every)}")
    for where in asked_for.get("places", ()):
        print(f"  place: {where['name']} ({where['code']})")
    _print_base_years([first.base_year])
    if cost.there:
        print(f"  {cost.there} of them kept from before")
    print(f"To run: {cost}." if cost.cells else "To run: nothing.")
    if within.cells < cost.cells:
        print(_cut(within, budget, first.draws))
    _tell(notes)
    if asked_for:
        print(wrap(asked_for["places_note"]))


def _asked(cells: int, policies: int, first: Settings, *, cut: bool) -> str:
    """Say of how many cells a comparison is, and of which; ``cut``: there may be fewer of them."""
    mine = policies * (first.draws + first.replicates)
    product = _times(1, policies, first.replicates, first.draws)
    if cut and cells not in (mine, mine + 2 * policies * first.replicates):
        return f"{cells} cells, which the record holds, of {mine}: {product}"
    if cells <= mine:
        return f"{cells} cells: {product}"
    return (
        f"{cells} cells: {mine} for {product}, and {cells - mine} where posts do not follow those "
        f"who qualify, or in full: 2 ends x {_many(policies, 'policy')} x "
        f"{_many(first.replicates, 'replicate')}"
    )


def _places_told(places: Sequence[str], first: Settings) -> dict[str, Any]:
    """Return the areas that were asked for, and what has to be known of them; nothing if none."""
    from sim.config.marks import PLACES, PLACES_NOTE
    from sim.study.asked_places import place_names, places_note

    if not places:
        return {}
    return {PLACES: place_names(places), PLACES_NOTE: places_note(places, first.world)}


def _tell(notes: Sequence[str]) -> None:
    """Print what has to be known before a run."""
    for note in notes:
        print(f"Note: {note}")


def _cut(within: Cost, budget: float, draws: int) -> str:
    """Say how many cells a budget lets through, and which it never cuts."""
    from sim.study.cost import span
    from sim.tabulate.verdicts import ENOUGH_DRAWS

    sure = "the first replicate"
    if draws >= ENOUGH_DRAWS:
        sure += f" and draws 1 to {ENOUGH_DRAWS}"
    verb = "are" if draws >= ENOUGH_DRAWS else "is"
    return (
        f"The budget of {budget:g} s a core (--budget) lets about {within.cells} of them through, "
        f"in about {span(within.seconds)}; {sure} {verb} run whatever it says."
    )


def plan_sweep(study: Study, given: argparse.Namespace) -> int:
    """Say what running a study would take."""
    from sim.study.cost import cost_of
    from sim.study.sweep import foresee

    with Progress(quiet=given.json):
        notes = foresee(study)
        cost = cost_of(study, retry=given.retry)
    cells, todo = len(study.record.digests), cost.cells
    told = {
        "study": study.ledger.name,
        "cells": cells,
        "to_run": todo,
        "seconds": round(cost.seconds, 1),
        "compile_seconds": round(cost.compile_seconds, 1),
        "processes": cost.processes,
        "memory_mb": round(cost.processes * cost.memory_mb),
        "memory_mb_per_process": round(cost.memory_mb),
        "disk_mb": round(cost.disk_mb, 1),
        "measured_on": cost.measured,
        "notes": notes,
    }
    if given.json:
        print_json(told)
        return 0
    print(f"{study.ledger.name}: {cells} cells{_parts(study, retry=given.retry)}")
    why = composition(study.design)
    axes = list(study.design.axes.items())
    if why:
        swept = any(key.startswith("beliefs") for key, _ in axes)
        print(f"  {why}{', but for the beliefs below' if swept else ''}")
    for key, values in axes[:_MOST_AXES]:
        shown = ", ".join(map(short, values[:_SHOWN])) + (" ..." if len(values) > _SHOWN else "")
        print(f"  {key}: {shown} ({len(values)})")
    if len(axes) > _MOST_AXES:
        print(f"  ... and {len(axes) - _MOST_AXES} more keys")
    print(f"  scenarios: {', '.join(study.design.scenarios)}")
    words = [word.split("=", 1) for word in study.design.fixed]
    fixed = [value for key, value in words if key == "base_year"]
    _print_base_years(study.design.axes.get("base_year") or fixed)
    if todo and given.on == "slurm":
        print(_there(study, cost, given))
    else:
        print(f"To run: {cost}." if todo else "To run: nothing.")
    _tell(notes)
    return 0


def _there(study: Study, cost: Cost, given: argparse.Namespace) -> str:
    """Say what would be asked of SLURM; the first cell, which is run here, may tell otherwise."""
    from sim.study.cost import gigabytes, span
    from sim.study.slurm import Cluster, asked_of, options_of
    from sim.study.tasks import expected_tasks

    cluster = Cluster(given.tasks, given.partition, options_of(given.slurm))
    seconds = cost.work / cost.cells
    many, longest = expected_tasks(study, seconds)
    asked = asked_of(cluster, seconds, longest, cost.memory_mb)
    memory = cluster.options.get("mem", gigabytes(1000 * asked["mem_gb"]))
    minutes = cluster.options.get("time", asked["timeout_min"])
    at_a_time = f", at most {cluster.tasks} at a time" if many > cluster.tasks else ""
    return (
        f"To run: {_many(cost.cells, 'cell')}, about {span(cost.work)} of one core in all and "
        f"{cost.disk_mb:,.0f} MB of disk ({cost.basis}){cost.compiling}.\n"
        f"On SLURM: one cell here first, the rest in about {_many(many, 'task')}{at_a_time}, each "
        f"asking for one core, {memory} of memory and {minutes} minutes."
    )


def _print_base_years(years: Sequence[str]) -> None:
    """Say which base years hold where it is not the usual one alone, and what they lack."""
    from sim.data.base_year import DEFAULT, base_year

    for year in years:
        if year != DEFAULT:
            told = f"base year {year}: money in its pounds"
            for lack in base_year(year).carried:
                told += f"; as in {DEFAULT}, for want of a figure: {lack}"
            print(wrap(f"{told}.", indent=2))


def composition(design: Design) -> str:
    """Say why a design has so many cells; nothing where it is no full grid.

    A grid is every setting by every policy by the usual pairs of draw and replicate.
    """
    from sim.study.design import pairs_of

    pairs = list(dict.fromkeys((row.draw, row.replicate) for row in design.rows))
    settings = len({row.keys for row in design.rows})
    draws = sum(draw > 0 for draw, _ in pairs)
    replicates = len(pairs) - draws
    whole = settings * len(design.scenarios) * len(pairs) == len(design.rows)
    if not whole or set(pairs) != set(pairs_of(draws, replicates)):
        return ""
    return _times(settings, len(design.scenarios), replicates, draws)


def _times(settings: int, policies: int, replicates: int, draws: int) -> str:
    """Write a number of cells as the product it is.

    >>> _times(1, 3, 4, 8)
    '3 policies x (4 replicates under the central beliefs + 8 draws of beliefs)'
    >>> _times(3, 2, 1, 0)
    '3 settings x 2 policies x 1 replicate under the central beliefs'
    """
    luck = f"{_many(replicates, 'replicate')} under the central beliefs"
    if draws:
        luck = f"({luck} + {_many(draws, 'draw')} of beliefs)"
    parts = [_many(policies, "policy"), luck]
    return " x ".join([_many(settings, "setting"), *parts] if settings > 1 else parts)


def _many(number: int, what: str) -> str:
    plural = f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
    return f"{number} {what if number == 1 else plural}"


def _parts(study: Study, *, retry: bool) -> str:
    """Say how many cells of a study are alike, in this share, there, and known to fail."""
    cells, mine = len(study.record.digests), study.mine()
    different = len(set(study.record.digests))
    there = mine & study.ledger.store.digests()
    failed = (mine & study.ledger.tracker.failed()) - there
    alike = f", {cells - different} of them the same under two names"
    again = "run again now" if retry else "not run again without --retry"
    told = [
        (different < cells, alike),
        (study.share is not None, f", {len(mine)} of them in share {study.share}"),
        (bool(there), f", {len(there)} of them kept from before"),
        (bool(failed), f", {len(failed)} of them failed before ({again})"),
    ]
    return "".join(words for holds, words in told if holds)


def short(text: str) -> str:
    """Write a long number in four digits, and cut a table of them.

    >>> short("0.0123456789"), short("[187.69256653274633, 117.1, 3.0]"), short("nff")
    ('0.01235', '[187.7, 117.1, ...]', 'nff')
    """
    if text.startswith("[") and text.count(",") > 1:
        first = [short(part.strip(" []")) for part in text.split(",")[:2]]
        return f"[{', '.join(first)}, ...]"
    try:
        return text if len(text) < 8 else f"{float(text):.4g}"
    except ValueError:
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
