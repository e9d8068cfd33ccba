"""``sim compare``: policies side by side, with intervals and a report."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import api
from sim.cli.common import Parser, folder_of, print_json, setting_words, split
from sim.cli.dry_run import plan_comparison, plan_replay
from sim.cli.logs import add_options, followed
from sim.cli.progress import Progress
from sim.errors import BadRequest

if TYPE_CHECKING:
    import argparse

    import pandas as pd
    import xarray as xr

    from sim.study.look import Read

__all__ = ["DEFAULT", "default_scenarios", "main"]

DEFAULT = ("baseline", "flat", "area_list_eia", "pupil_need", "gap_triggered", "gap_progress")
"""Scenarios compared when none is named."""


def main(words: list[str]) -> int:
    """Run scenarios, print a comparison, write its report; return the exit status."""
    given = _parser().parse_intermixed_args(words)
    names, settings = split(given.words)
    places, settings = _places(settings)
    asked = setting_words(settings, given.scenarios, given.outside_range)
    if given.record is not None:
        if places is not None:
            raise BadRequest("sim compare: --from takes places from its record. Leave them out.")
        return _replay(given, names, asked)
    from sim.config import compose_all
    from sim.study.asked_places import find_places

    scenarios = names or default_scenarios(asked)
    first = compose_all(scenarios, asked)[0]
    folder = folder_of(first.machine.outputs, "reports", given.name or "compare", "--name")

    codes = () if places is None else find_places(places, first.world)
    if given.dry_run:
        return plan_comparison(given, scenarios, asked, codes)
    started = time.perf_counter()
    counts = [0, 0]  # cells there are of how many, as progress counts them: those at the ends too
    with followed(given), Progress(quiet=given.json) as progress:

        def watch(done: int, planned: int, left: float | None, read: Read) -> None:
            counts[:] = [done, planned]
            progress.watch(done, planned, left, read)

        results = api.compare(
            scenarios,
            *asked,
            name=folder.name,
            budget=given.budget,
            watch=watch,
            ends=not given.no_ends,
            against=given.against,
            places=codes,
        )
    record = {
        "report": str(folder),
        "cells": _cells(results),
        "planned": len({"baseline", *scenarios}) * (first.draws + first.replicates),
        "budget": given.budget,
        "seconds": round(time.perf_counter() - started, 1),
    }
    _print(results, record, given.json, _cut(counts, given.budget))
    return 0


def _cut(counts: Sequence[int], budget: float) -> str:
    """Say how many cells a budget left out; nothing if none.

    >>> _cut([54, 120], 110.0).partition(":")[0]
    'The budget of 110 s a core allowed 54 of 120 cells'
    >>> _cut([120, 120], 110.0)
    ''
    """
    done, planned = counts
    if done >= planned:
        return ""
    return (
        f"The budget of {budget:.0f} s a core allowed {done} of {planned} cells: intervals rest on "
        f"fewer runs than they could. Run it again to go on from there, or give --budget more.\n"
    )


def _places(settings: Sequence[str]) -> tuple[str | None, list[str]]:
    """Part the areas that were asked for, if any, from key=value words that settings are of.

    >>> _places(["world=tenth", "places=Luton,Bexley"])
    ('Luton,Bexley', ['world=tenth'])
    """
    found = [word for word in settings if word.partition("=")[0] == "places"]
    if len(found) > 1:
        raise BadRequest("sim compare: places is given twice. Write one list: places=Luton,Bexley.")
    others = [word for word in settings if word not in found]
    return (found[0].partition("=")[2] if found else None), others


def default_scenarios(asked: Sequence[str]) -> list[str]:
    """Return the scenarios taken when none is named, but for lists that no such world holds."""
    from sim.config import compose_all
    from sim.study.lists import carried

    names, left_out = carried(compose_all(DEFAULT, asked))
    for why in left_out:
        print(f"sim: left out. {why}", file=sys.stderr)
    return names


def _replay(given: argparse.Namespace, names: list[str], asked: list[str]) -> int:
    """Run a report's record again; say whether the content is the same, and return 1 if not."""
    if names:
        raise BadRequest(
            f"sim compare --from takes the scenarios of the record, not {', '.join(names)} too. "
            f"Leave them out, or leave out --from."
        )
    if given.against != "baseline":
        raise BadRequest("sim compare: --from takes --against from its record. Leave it out.")
    from sim.config import compose

    name = given.name or api.again_name(given.record)
    folder = folder_of(compose("baseline", asked).machine.outputs, "reports", name, "--name")
    if given.dry_run:
        return plan_replay(api.recorded(given.record, *asked)[1], name, as_json=given.json)
    started = time.perf_counter()
    first: list[int] = []  # cells there are of how many, when it is looked the first time
    with followed(given), Progress(quiet=given.json) as progress:
        progress.say(f"running {given.record} again; the new report goes into {folder}")

        def watch(done: int, planned: int, left: float | None, read: Read) -> None:
            first.extend([] if first else [done, planned])
            progress.watch(done, planned, left, read)

        results, other = api.replay(given.record, *asked, name=name, watch=watch)
    cells = _cells(results)
    kept, wanted = first or [0, cells]
    record = {
        "report": str(folder),
        "cells": cells,
        "planned": cells,
        "kept": kept,
        "ran": wanted - kept,
        "same_content": not other,
        "differences": list(other),
        "seconds": round(time.perf_counter() - started, 1),
    }
    _print(results, record, given.json)
    if not given.json:
        print(f"Run again from {given.record}; the new report is called {name}.")
        print(_verdict(other))
        print(_proof(kept, wanted - kept))
    return 1 if other else 0


def _proof(kept: int, ran: int) -> str:
    """Say how many cells were run now: those that were there before prove nothing.

    >>> _proof(0, 36)
    '0 cells kept from before, 36 run now.'
    """
    told = f"{kept} {'cell' if kept == 1 else 'cells'} kept from before, {ran or 'none'} run now."
    if not kept:
        return told
    return (
        f"{told} Kept cells prove nothing: for a proof, run the record in an empty folder, or with "
        f"machine.outputs=FOLDER."
    )


def _verdict(other: tuple[str, ...]) -> str:
    if not other:
        return "The content is the same as in the record: every content digest is equal."
    told = "\n".join(f"  - {one}" for one in other)
    return f"The content is not the same as in the record:\n{told}"


def _parser() -> Parser:
    parser = Parser(
        "compare",
        f"Run policies side by side under the same luck, print a comparison with intervals and\n"
        f"write a report: replicates=4 synthetic Englands at the central beliefs, and draws=8\n"
        f"other sets of beliefs, are the default. Without names: {' '.join(DEFAULT)}.\n"
        f"places=Cornwall,Hackney gives these areas (names or codes) rows and a chart of their\n"
        f"own. Rules are compared at places like these: the ground is real, the schools are\n"
        f"stand-ins. sim list areas world=tenth says which areas a world holds.",
        "sim compare baseline flat world=tiny years=15 --name first\n"
        "  sim compare baseline flat world=tiny years=15 places=Blackpool --name places\n"
        "  sim compare --from outputs/reports/first/record.json",
    )
    parser.add_argument("words", nargs="*", metavar="SCENARIO | key=value")
    parser.add_argument(
        "--name",
        help="folder in outputs/reports (compare; with --from that of the record, and -again)",
    )
    parser.add_argument(
        "--from",
        dest="record",
        metavar="RECORD",
        help="run a report again from its record.json and say whether the content is the same; the "
        "new report goes into the folder of the old name and -again, such as first-again, or of "
        "--name, and the old one stays; beside it only machine.* may be set",
    )
    parser.add_argument(
        "--budget",
        type=_seconds,
        default=110.0,
        metavar="SECONDS",
        help="seconds of processor time, of each core at work, after which no more "
        "cells are begun (110); compiling does not count; the first replicate and as many draws "
        "as a verdict needs (8) are run whatever it says",
    )
    parser.add_argument(
        "--no-ends",
        action="store_true",
        help="leave out the runs in which the number of professional posts does not follow the "
        "number of people who qualify for them, or follows it in full",
    )
    parser.add_argument(
        "--against",
        default="baseline",
        metavar="NAME",
        help="policy that the main table, and only it, takes from the others (the baseline)",
    )
    parser.add_argument("--dry-run", action="store_true", help="say how many, how long, how large")
    add_options(parser)
    parser.add_scenarios_folder()
    parser.add_outside_range()
    return parser


def _cells(results: xr.Dataset) -> int:
    """Count the cells in results, which may be a list of cells or a grid with gaps."""
    from sim.results.shapes import as_cells

    return int(as_cells(results).sizes["cell"])


def _print(results: xr.Dataset, record: dict[str, Any], as_json: bool, left_out: str = "") -> None:
    if as_json:
        print_json({**record, "rows": _rows(results), **_place_rows(results)})
        return
    from sim.show.terminal import print_comparison

    print_comparison(results, sys.stdout)
    print(left_out, end="")
    print(f"Report: {Path(record['report']) / 'index.html'}")


def _rows(results: xr.Dataset) -> list[dict[str, Any]]:
    """Return the main table as plain records; what is not a number is null."""
    from sim.show.tables import headline

    return _plain(headline(results))


def _plain(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(key): None if value != value else value for key, value in row.items()}
        for row in rows.to_dict("records")
    ]


def _place_rows(results: xr.Dataset) -> dict[str, Any]:
    """Return the rows of the areas that were asked for, if any, and what to know of them."""
    from sim.config.marks import PLACES, PLACES_NOTE
    from sim.show.placed import note_of, placed

    rows = placed(results)
    return {PLACES: _plain(rows), PLACES_NOTE: note_of(results)} if len(rows) else {}


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 1 <= seconds <= 1e7:
        raise ValueError(text)
    return seconds


_seconds.__name__ = "number of seconds from 1 up"  # what argparse calls the type in an error
