"""``sim explain``: one school's or one area's pounds, clause by clause."""

from __future__ import annotations

import re
import sys
from typing import Any

from sim.cli.common import Parser, print_json, setting_words, split
from sim.errors import BadRequest, did_you_mean

__all__ = ["main"]

_KINDS = ("school", "area")
_NUMBER = re.compile(r"[0-9]{1,12}")


def main(words: list[str]) -> int:
    """Print where every penny of a school or an area comes from; return the exit status."""
    parser = Parser(
        "explain",
        "Where every penny of one school or one area comes from, clause by clause.\n"
        "A school is given by its number in the world, from 1 (sim list schools world=tiny), an\n"
        "area by name or code, in any case (sim list areas).",
        "sim explain area Blackpool gap_triggered world=tiny\n  sim explain school 7 world=tiny",
    )
    parser.add_argument("kind", metavar="school|area", type=str.casefold)
    parser.add_argument("which", metavar="WHICH", help="number of the school; name of the area")
    parser.add_argument("words", nargs="*", metavar="[SCENARIO] [key=value ...]")
    parser.add_argument("--year", type=int, metavar="N", help="policy year (the last)")
    parser.add_scenarios_folder()
    given = parser.parse_intermixed_args(words)
    if given.kind not in _KINDS:
        raise BadRequest(f"sim explain {given.kind}: not there. {did_you_mean(given.kind, _KINDS)}")
    names, settings = split(given.words)
    if len(names) > 1:
        raise BadRequest(f"sim explain takes one scenario, not {len(names)}: {', '.join(names)}.")
    scenario = names[0] if names else "baseline"
    asked = setting_words(settings, given.scenarios)
    from sim.cli.progress import Progress

    with Progress(quiet=given.json) as progress:
        progress.say(f"living the years of {scenario}")
        lines = _explain(given, scenario, asked)
    if given.json:
        print_json(lines)
    else:
        print(f"{_heading(given, scenario, asked)}\n")
        _print_pounds(lines)
    for note in getattr(lines, "notes", ()):
        print(f"\nNote: {note}.", file=sys.stderr if given.json else sys.stdout)
    return 0


def _explain(given: Any, scenario: str, settings: list[str]) -> list[dict[str, Any]]:
    from sim import api

    if given.kind == "area":
        return api.explain_area(given.which, scenario, *settings, year=given.year)
    if not _NUMBER.fullmatch(given.which):
        raise BadRequest(
            f"school {given.which!r} is not a number. Schools are numbered from 1 in every world: "
            f"give one such as 7. See: sim list schools."
        )
    return api.explain_school(int(given.which), scenario, *settings, year=given.year)


def _heading(given: Any, scenario: str, asked: list[str]) -> str:
    """Say whose pounds these are, in which world and year."""
    from sim.config import compose
    from sim.study import roster

    settings = compose(scenario, asked)
    if given.kind == "area":
        row = roster.row_of_area(settings, given.which)
        whose = f"area {roster.areas(settings)[row]['name']}"
    else:
        row = roster.row_of_school(settings, int(given.which))
        whose = f"school {int(given.which)} ({roster.title_of_school(settings, row)})"
    year = settings.years if given.year is None else given.year
    return f"{whose} under {scenario}, world={settings.world.name}, policy year {year}"


def _print_pounds(lines: list[dict[str, Any]]) -> None:
    rows = [(str(line["clause"]), int(line["pence"])) for line in lines]
    rows.append(("total", sum(pence for _, pence in rows)))
    width = max(len(clause) for clause, _ in rows)
    for clause, pence in rows:
        sign = "-" if pence < 0 else ""
        pounds, rest = divmod(abs(pence), 100)
        print(f"{clause:<{width}}  {f'{sign}GBP {pounds:,}.{rest:02d}':>22}")
