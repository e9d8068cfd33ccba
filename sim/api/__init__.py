"""What programs call: run, compare, open_results, and what the commands need.

A run follows children from Reception to 30. A measure of an age that no fully exposed cohort has
reached is missing, not a number, and its table says so in ``attrs["note"]``: ``not reached``.

>>> from sim import api
>>> callable(api.run)
True
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.api.comparing import carry_out
from sim.errors import BadRequest, did_you_mean

if TYPE_CHECKING:
    import xarray as xr

    from sim.config.models import Settings
    from sim.study.look import Watch
    from sim.study.request import Request

__all__ = [
    "again_name",
    "compare",
    "explain_area",
    "explain_school",
    "open_results",
    "recorded",
    "refuse_alone",
    "refuse_stranger",
    "replay",
    "run",
    "validate",
]


def run(scenario: str, *overrides: str) -> xr.Dataset:
    """Run one cell, or read it if it was run before, and return it.

    Args:
        scenario: Name of a scenario.
        overrides: ``key=value`` in Hydra's grammar.

    Returns:
        Sums and counts by year, area and group; see `sim.record.variables`.

    Raises:
        BadRequest: The request is wrong; nothing is run or written.
        WorkFailed: The run stopped; nothing of it is kept.

    Example:
        one = sim.run("flat", "world=tiny", "years=1")
        print(one.attrs["scenario"], dict(one.sizes))
    """
    from sim.config import compose
    from sim.results import Store
    from sim.study.cells import at, digest, prepare, run_cell
    from sim.study.doses import tell_doses
    from sim.study.lists import tell_lists
    from sim.study.unheard import tell_unheard
    from sim.study.warmup import warm_up

    settings = compose(scenario, overrides)
    cell = at(settings, settings.draw, settings.replicate)
    store = Store(Path(settings.machine.outputs) / "cells")
    is_there = store.has(digest(cell))
    if not is_there:
        prepare(settings)
    tell_lists([settings])
    tell_unheard([settings])
    tell_doses([settings])
    if not is_there:
        warm_up()
    return run_cell(cell, store)


def compare(
    scenarios: Sequence[str],
    *overrides: str,
    name: str | None = None,
    budget: float = 1e9,
    watch: Watch | None = None,
    ends: bool = True,
    against: str = "baseline",
    places: str | Sequence[str] = (),
) -> xr.Dataset:
    """Run scenarios side by side under the same luck and return all cells.

    Args:
        scenarios: Names; the baseline is added if it is not among them.
        overrides: ``key=value``; ``draws`` and ``replicates`` say how many cells.
        name: Write a report to ``outputs/reports/<name>``.
        budget: Seconds of processor time, of each core at work, after which no more is
            begun. The first replicate and as many draws as a verdict needs are run whatever it
            says; left out are further replicates, then further draws.
        watch: Called with cells done, cells planned, seconds left and, when there is another
            balanced set of cells, a function that reads and returns the results so far.
        ends: With a report: run draw 0 also where posts do not follow those who qualify, and
            where they follow in full; see `sim.study.ends`. These cells are shown, not returned.
        against: Name of the policy that the main table takes away from each of the others.
        places: Areas that get rows and a chart of their own in the report, by name, ONS code or
            DfE number. Rules are compared at places like these: their schools are stand-ins.

    Returns:
        The cells with dimensions scenario, draw and replicate.

    Raises:
        BadRequest: The request is wrong; nothing is run or written.
        WorkFailed: Runs stopped, or the report could not be written; whole cells are kept.

    Example:
        words = ["world=tiny", "years=1", "draws=0", "replicates=2"]
        results = sim.compare(["baseline", "flat"], *words, name="first")
    """
    from sim.config import compose_all
    from sim.study.asked_places import find_places, places_word
    from sim.study.ends import groups_at_ends
    from sim.study.record import command_of
    from sim.study.request import Request

    names = list(scenarios)
    if "baseline" not in names:
        names.insert(0, "baseline")
    if name is not None:
        refuse_alone(names)
    every = compose_all(names, overrides)
    refuse_stranger(against, every)
    codes = find_places(places, every[0].world) if len(places) else ()
    if name is None:
        return carry_out(Request(every, against=against, places=codes), None, budget, watch)[0]
    both = groups_at_ends(names, overrides) if ends else {}
    options = ["--name", name, *([] if ends else ["--no-ends"])]
    options += [] if against == "baseline" else ["--against", against]
    asked = [*overrides, places_word(codes)] if codes else overrides
    words = tuple(command_of(names, asked, *options))
    return carry_out(Request(every, both, words, against, codes), name, budget, watch)[0]


def replay(
    record: str | Path, *overrides: str, name: str | None = None, watch: Watch | None = None
) -> tuple[xr.Dataset, tuple[str, ...]]:
    """Run the comparison of a report again from its record, and say whether it found the same.

    Levers, settings and beliefs are those of the record, whatever scenario files say now. Cells
    that are there are not run again: ``machine.outputs=FOLDER`` runs them all anew.

    Args:
        record: ``record.json`` of a report, or the report's folder.
        overrides: Keys of ``machine`` only: they change no result.
        name: Of the new report; default: the old folder's name and ``-again``.
        watch: As in `compare`.

    Returns:
        The cells, and what is not the same, with what may be why; empty when all content is.

    Raises:
        BadRequest: The file is no record, or an override is of more than the machine.
        WorkFailed: Runs stopped, or the report could not be written; whole cells are kept.
    """
    from sim.study.record import differences

    old, request = recorded(record, *overrides)
    results, new = carry_out(request, name or again_name(record), 1e9, watch)
    return results, differences(old, new)


def recorded(record: str | Path, *overrides: str) -> tuple[dict[str, Any], Request]:
    """Return a record of a report and the request in it; arguments and errors as of `replay`."""
    from sim.config import compose
    from sim.study.record import read_record

    theirs = [word for word in overrides if not word.startswith("machine.")]
    if theirs:
        raise BadRequest(
            f"{theirs[0]}: a record is run again as it is; only machine.* may be given beside it."
        )
    machine = compose("baseline", overrides).machine
    return read_record(Path(record).expanduser(), machine)


def refuse_alone(names: Sequence[str]) -> None:
    """Raise `BadRequest` for a comparison of the baseline with nothing."""
    if set(names) <= {"baseline"}:
        raise BadRequest(
            "the baseline alone is no comparison. Name a policy beside it, such as: sim compare "
            "baseline flat. To run it alone: sim run baseline."
        )


def refuse_stranger(against: str, every: Sequence[Settings]) -> None:
    """Raise `BadRequest` for a policy to compare with that is not among those compared."""
    names = [settings.scenario for settings in every]
    if against not in names:
        raise BadRequest(
            f"--against {against}: is not among the policies compared ({', '.join(names)}). "
            f"{did_you_mean(against, names)}"
        )


def again_name(record: str | Path) -> str:
    """Return the name of the report that a record is run again into, unless another is given."""
    path = Path(record).expanduser().resolve()
    return f"{(path if os.path.isdir(path) else path.parent).name or 'report'}-again"


def open_results(
    source: str | Path,
    measures: Sequence[str] | None = None,
    *,
    where: Mapping[str, object] | None = None,
) -> xr.Dataset:
    """Open stored results, loading only what the measures asked for need.

    Args:
        source: Folder of a report, of a study or of cells, or a file of results: a report's
            ``results.nc``, or what you kept of such results with ``to_netcdf``.
        measures: Names of measures; default all that have the same length in every cell.
        where: Of a study, only the cells with these values of swept keys: ``{"years": 4}``, or
            one of several, ``{"years": [4, 8]}``.

    Returns:
        The cells with dimensions scenario, draw and replicate; of a sweep over other settings
        along one dimension ``cell``, with the swept keys as coordinates.

    Raises:
        BadRequest: There are no such results, they cannot be read, or a measure is not known.

    Example:
        results = sim.open_results("outputs/reports/first", ["funding_per_pupil"])
    """
    from sim.results import open_results as opened
    from sim.tabulate import variables_for

    return opened(source, None if measures is None else variables_for(measures), where=where)


def validate(*overrides: str, years_after: int = 0) -> dict[str, Any]:
    """Hold the baseline against published figures; see `sim.evidence.scorecard.scorecard`.

    Args:
        overrides: ``key=value`` in Hydra's grammar.
        years_after: Years lived after year 0, at least six, to see how far results of areas
            persist; 0 leaves those figures out.
    """
    from sim.config import compose
    from sim.evidence.scorecard import scorecard

    return scorecard(compose("baseline", overrides), years_after)


def explain_school(
    school: int,
    scenario: str = "baseline",
    *overrides: str,
    year: int | None = None,
    against: str = "baseline",
) -> list[dict[str, Any]]:
    """Return one school's pounds clause by clause; they sum to its total, in pence.

    Lines with a rate have ``workings``: ``part`` (whom it is for), ``count``, ``rate_pence``,
    ``area_cost`` and their product ``pence``, rounded once. Under a policy each line also has
    ``baseline_pence`` (and ``baseline_workings``), of the same year under the baseline or another
    policy and the same luck, and ``difference_pence``. The list has ``pupils``, those it was paid
    for (and ``baseline_pupils``), and ``notes``: sentences on lines that change unasked, on doses
    that no study has seen, and on this year's rule.

    Args:
        school: Its number in the world, from 1; `sim list schools` gives them.
        scenario: Name of a scenario.
        overrides: ``key=value`` in Hydra's grammar.
        year: Policy year; default the last.
        against: Name of the policy that stands beside it.

    Raises:
        BadRequest: No such school in this world, or no such year. Nothing is simulated.
    """
    from sim.study.pounds import Asked, of_school

    return of_school(school, Asked(scenario, overrides, year, against))


def explain_area(
    area: str,
    scenario: str = "baseline",
    *overrides: str,
    year: int | None = None,
    against: str = "baseline",
) -> list[dict[str, Any]]:
    """Return the pounds of an area's schools, clause by clause, in pence.

    Lines, ``pupils`` and ``notes`` are those of `explain_school`.

    Args:
        area: Name or code, in any case.
        scenario: Name of a scenario.
        overrides: ``key=value`` in Hydra's grammar.
        year: Policy year; default the last.
        against: Name of the policy that stands beside it.

    Raises:
        BadRequest: No such area in this world, or no such year. Nothing is simulated.
    """
    from sim.study.pounds import Asked, of_area

    return of_area(area, Asked(scenario, overrides, year, against))
