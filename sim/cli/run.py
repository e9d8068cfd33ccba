"""``sim run``: one policy, one draw of beliefs, one draw of chance."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import api
from sim.cli.common import Parser, print_json, print_table, setting_words, split
from sim.cli.logs import add_options, followed
from sim.cli.progress import Progress
from sim.errors import BadRequest

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["main"]

_HEADLINE = (
    "funding_per_pupil",
    "early_years_score",
    "ks2_score",
    "attainment8",
    "progress8",
    "level3_rate",
    "he_rate",
    "professional_job_rate",
    "pay",
)
_GAPS = ("attainment8_gap", "resource_gap")
_GROUPS = ("all", "disadvantaged", "other")
_WORDS = """one scenario (sim list scenarios; a file of your own in ./scenarios), then settings:
world=tiny, region, tenth or england; years=12; seed=3; draw=1 (of beliefs) and replicate=1 (of
chance); policy.targeting.envelope_gbp=5e8 and other levers (sim list NAME tells those of a
scenario); beliefs.money.return_per_thousand=0.02 and other beliefs (sim list beliefs);
machine.threads=4; machine.outputs=FOLDER (outputs). Every key stands with a comment in
conf/config.yaml; sim check tells where that is."""


def main(words: list[str]) -> int:
    """Run one cell and print its digest, path and headline; return the exit status."""
    parser = Parser(
        "run",
        "Run one policy once and keep its result. A result that exists already is not run again.",
        "sim run gap_triggered world=tiny years=8 seed=3\n"
        "  sim run pupil_need policy.targeting.envelope_gbp=5e8 draw=3",
    )
    parser.add_argument(
        "words",
        nargs="+",
        metavar="SCENARIO | key=value",
        help=_WORDS,
    )
    parser.add_argument(
        "--profile",
        action="store_true",
        help="live the years here and now, keep nothing, and print the seconds of each process",
    )
    add_options(parser)
    parser.add_scenarios_folder()
    parser.add_outside_range()
    given = parser.parse_intermixed_args(words)
    names, settings = split(given.words)
    if len(names) != 1:
        raise BadRequest(
            f"sim run takes one scenario, not {len(names)} ({', '.join(names) or 'none'}). "
            f"Several at once: sim compare {' '.join(names)}".rstrip()
        )
    asked = setting_words(settings, given.scenarios, given.outside_range)
    if given.profile:
        return _profile(names[0], asked, as_json=given.json)
    from sim.config.marks import marks

    started = time.perf_counter()
    with followed(given), Progress(quiet=given.json):
        dataset = api.run(names[0], *asked)
    record = _record(dataset, names[0], asked, time.perf_counter() - started)
    if given.json:
        print_json(record)
        return 0
    print(f"{names[0]}: {record['digest']}")
    print(f"{record['path']}  ({record['seconds']:.1f} s, {record['peak_mb']:.0f} MB)\n")
    _print_headline(dataset)
    for mark in marks(dataset.attrs):
        print(f"\n{mark}")
    return 0


def _profile(scenario: str, overrides: list[str], *, as_json: bool) -> int:
    """Live the years and print what each process of the year takes, the slowest first."""
    from sim.config import compose
    from sim.model import SchoolsModel
    from sim.study.warmup import warm_up

    warm_up()
    started = time.perf_counter()
    model = SchoolsModel(compose(scenario, overrides))
    spent = {"the world and its past before the first year": [time.perf_counter() - started]}
    model.run()
    spent |= model.seconds
    model.close()
    rows: list[dict[str, Any]] = [
        {
            "process": name,
            "seconds": round(sum(each), 3),
            "milliseconds a year": round(1000 * sum(each) / len(each), 1),
            "years": len(each),
        }
        for name, each in sorted(spent.items(), key=lambda item: -sum(item[1]))
    ]
    if as_json:
        print_json(rows)
    else:
        print_table(rows, tuple(rows[0]))
    return 0


def _record(
    dataset: xr.Dataset, scenario: str, overrides: list[str], seconds: float
) -> dict[str, Any]:
    """Say which cell it is, where it is kept and what it took this process to get it."""
    from sim.config import compose
    from sim.results.store import Store

    digest = str(dataset.attrs["digest"])
    outputs = compose(scenario, overrides).machine.outputs
    return {
        "digest": digest,
        "path": str(Store(Path(outputs) / "cells").path(digest)),
        "seconds": round(seconds, 3),
        "peak_mb": round(_peak_mb(), 1),
    }


def _peak_mb() -> float:
    """Return the largest memory this process has held, in megabytes."""
    import resource
    import sys

    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _print_headline(dataset: xr.Dataset) -> None:
    """Print a few measures at the end of the run, level and gap."""
    from sim.results.shapes import as_cells
    from sim.tabulate import frame, measure

    dataset = as_cells(dataset)  # put into shape once, not once a measure
    rows = []
    for name in (*_HEADLINE, *_GAPS):
        table = measure(dataset, name)
        row: dict[str, Any] = {"measure": table.attrs.get("label", name)}
        for one in frame(table).to_dict("records"):
            group = one.get("group", "all")
            row[str(group)] = (
                f"{one['value']:,.2f}" if one["value"] == one["value"] else "not reached"
            )
        rows.append({**row, "unit": table.attrs.get("unit", "")})
    print_table(rows, ("measure", *_GROUPS, "unit"))
