"""``sim explain``: one school's or one area's pounds, clause by clause."""

from __future__ import annotations

from typing import Any

from sim.cli.common import Parser, print_json, setting_words, split
from sim.errors import BadRequest, did_you_mean

__all__ = ["main"]

_KINDS = ("school", "area")


def main(words: list[str]) -> int:
    """Print where every penny of a school or an area comes from; return the exit status."""
    parser = Parser(
        "explain",
        "Where every penny of one school or one area comes from, clause by clause.\n"
        "A school is given by its number in the world, an area by name or code.",
        "sim explain area Blackpool gap_triggered world=tiny\n  sim explain school 7 world=tiny",
    )
    parser.add_argument("kind", metavar="school|area")
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
    lines = _explain(given, scenario, setting_words(settings, given.scenarios))
    if given.json:
        print_json(lines)
        return 0
    print(f"{given.kind} {given.which} under {scenario}\n")
    _print_pounds(lines)
    return 0


def _explain(given: Any, scenario: str, settings: list[str]) -> list[dict[str, Any]]:
    from sim import api

    if given.kind == "area":
        return list(api.explain_area(given.which, scenario, *settings, year=given.year))
    if not given.which.isdigit():
        raise BadRequest(f"school {given.which!r} is not a number. Give one such as 7.")
    return list(api.explain_school(int(given.which), scenario, *settings, year=given.year))


def _print_pounds(lines: list[dict[str, Any]]) -> None:
    rows = [(str(line["clause"]), int(line["pence"])) for line in lines]
    rows.append(("total", sum(pence for _, pence in rows)))
    width = max(len(clause) for clause, _ in rows)
    for clause, pence in rows:
        sign = "-" if pence < 0 else ""
        pounds, rest = divmod(abs(pence), 100)
        print(f"{clause:<{width}}  {f'{sign}GBP {pounds:,}.{rest:02d}':>22}")
