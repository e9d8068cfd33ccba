"""``sim compare``: policies side by side, with intervals and a report."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.common import Parser, folder_of, print_json, setting_words, split
from sim.cli.logs import add_options, followed

if TYPE_CHECKING:
    import argparse

    import xarray as xr

__all__ = ["DEFAULT", "main"]

DEFAULT = ("baseline", "flat", "area_list_eia", "pupil_need", "gap_triggered")
"""Scenarios compared when none is named."""


def main(words: list[str]) -> int:
    """Run scenarios, print a comparison, write its report; return the exit status."""
    given = _parser().parse_intermixed_args(words)
    names, settings = split(given.words)
    scenarios = names or list(DEFAULT)
    asked = setting_words(settings, given.scenarios, given.outside_range)
    from sim import api
    from sim.cli.progress import Progress
    from sim.config import compose_all

    first = compose_all(scenarios, asked)[0]
    folder = folder_of(first.machine.outputs, "reports", given.name, "--name")

    if given.dry_run:
        return _plan(given, scenarios, asked)
    started = time.perf_counter()
    with followed(given), Progress(quiet=given.json) as progress:
        results = api.compare(
            scenarios, *asked, name=given.name, budget=given.budget, watch=progress.watch,
            ends=not given.no_ends,
        )  # fmt: skip
    record = {
        "report": str(folder),
        "cells": _cells(results),
        "planned": len(scenarios) * (first.draws + first.replicates),
        "budget": given.budget,
        "seconds": round(time.perf_counter() - started, 1),
    }
    _print(results, record, given.json)
    return 0


def _parser() -> Parser:
    parser = Parser(
        "compare",
        f"Run policies side by side under the same luck, print a comparison with intervals and\n"
        f"write a report. Without names: {' '.join(DEFAULT)}.",
        "sim compare baseline flat world=tiny years=12 --name first",
    )
    parser.add_argument("words", nargs="*", metavar="SCENARIO | key=value")
    parser.add_argument("--name", default="compare", help="folder of the report (compare)")
    parser.add_argument(
        "--budget",
        type=_seconds,
        default=120.0,
        metavar="SECONDS",
        help="seconds of processor time, of each core at work, after which draws are cut, in "
        "balanced order (120); compiling does not count, and as many draws as a verdict needs "
        "are run whatever it says",
    )
    parser.add_argument(
        "--no-ends",
        action="store_true",
        help="leave out the runs in which posts do not follow those who qualify, or in full",
    )
    parser.add_argument("--dry-run", action="store_true", help="say how many, how long, how large")
    add_options(parser)
    parser.add_scenarios_folder()
    parser.add_outside_range()
    return parser


def _plan(given: argparse.Namespace, names: list[str], words: list[str]) -> int:
    """Say what running it would take, were there no budget."""
    from sim.config import compose_all
    from sim.study.cells import prepare
    from sim.study.cost import cost_of_comparison

    every = compose_all(names if "baseline" in names else ["baseline", *names], words)
    for settings in every:
        prepare(settings)
    cost = cost_of_comparison(every, words, ends=not given.no_ends)
    if given.json:
        print_json({**asdict(cost), "budget": given.budget})
    else:
        print(f"To run: {cost}, if the budget of {given.budget:g} s a core lasts.")
    return 0


def _cells(results: xr.Dataset) -> int:
    """Count the cells in results, which may be a list of cells or a grid with gaps."""
    from sim.results.reading import as_cells

    return int(as_cells(results).sizes["cell"])


def _print(results: xr.Dataset, record: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json({**record, "rows": _rows(results)})
        return
    from sim.show.terminal import print_comparison

    print_comparison(results, sys.stdout)
    if record["cells"] < record["planned"]:
        print(
            f"The budget of {record['budget']:.0f} s allowed {record['cells']} of "
            f"{record['planned']} cells: intervals are wider than they could be. Run it again to "
            f"go on from there, or give --budget more."
        )
    print(f"Report: {Path(record['report']) / 'index.html'}")


def _rows(results: xr.Dataset) -> list[dict[str, Any]]:
    """Return the main table as plain records; what is not a number is null."""
    from sim.show.tables import headline

    return [
        {str(key): None if value != value else value for key, value in row.items()}
        for row in headline(results).to_dict("records")
    ]


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 1 <= seconds <= 1e7:
        raise ValueError(text)
    return seconds


_seconds.__name__ = "number of seconds from 1 up"  # what argparse calls the type in an error
