"""``sim list``: what there is, with meaning, unit and source."""

from __future__ import annotations

import shutil
import sys
from functools import partial
from typing import Any

from sim.cli.catalogue import TOPICS, counts, find
from sim.cli.common import Parser, print_json, print_table, setting_words, wrap
from sim.cli.in_words import in_words, shown
from sim.cli.progress import Progress
from sim.errors import BadRequest

__all__ = ["main"]

_COLUMNS = {
    "scenarios": ("name", "claims", "title"),
    "rules": ("name", "title"),
    "rates": ("name", "title"),
    "clauses": ("name", "title"),
    "metrics": ("name", "direction", "unit", "title"),
    "beliefs": ("name", "value", "range", "unit", "kind", "meaning"),
    "worlds": ("name", "title"),
    "base_years": ("name", "title"),
    "areas": ("name", "code", "schools", "pupils", "fsm", "fifth"),
    "areas, wide": (
        "name",
        "code",
        "region",
        "stands_for",
        "schools",
        "pupils",
        "fsm",
        "fifth",
        "isolation",
        "lists",
    ),
    "schools": ("number", "phase", "area", "pupils", "fsm", "grammar"),
    "studies": ("name", "cells", "status", "title"),
    "claims": ("name", "status", "title"),
}
_WIDE = 120  # columns of a terminal on which more is shown
_NOTES = {
    "scenarios": "claims: which of the claims under test a policy bears on (sim list claims). sim "
    "list NAME tells all that a policy sets.",
    "clauses": "sim list NAME says what a clause pays for.",
    "rates": "sim list NAME gives every rate in pounds; docs/formula.md tells how to write your "
    "own.",
    "metrics": "direction: up, more of it is better; down, less is; none, neither. share: between "
    "0 and 1; SD: standard deviations. sim list NAME tells at what age a measure is read, and "
    "which difference is too small to matter, and whom it counts by area: children in the area "
    "they grew up in, or pupils in the area their school stands in.",
    "claims": "Claims of a critique of the Social Mobility Action Plan of 2017. status is no "
    "verdict: has tests, tests of the project hold the mechanism; in part, something is missing; "
    "can be run, no test yet; not yet, the model lacks what it takes. A report tells whether it "
    "holds: sim list NAME tells what refutes it, with which scenarios and measures.",
    "worlds": "Weights: an area of tenth stands for several of England.",
    "base_years": "A base year sets money in every year of a run. Children and places are the same "
    "under each, those of 2023-24 and earlier. sim list YEAR tells its rates, and what of it is as "
    "in 2024-25 because no other figure is at hand.",
    "areas": "schools of 2019; pupils of 2023-24, as published (sim explain counts those simulated "
    "in the year that it tells of, which follow births); fsm: share of them eligible for free "
    "school meals, January 2024; fifth: of all areas by that share, 1: most affluent, 5: least.",
    "beliefs": "kind: response, about what a policy does, so draws vary it; level, shapes the "
    "baseline only. sim list NAME tells the source of each. From memory, not checked: remembered "
    "from the source that is named, or from general knowledge, and not looked up in its table: "
    "check such a number before anything rests on it.",
    "schools": "number: in this world, as sim explain school takes it. pupils, and fsm (share of "
    "them eligible for free school meals), are those of the first simulated year. Results keep "
    "a school by its id: --json.",
}


def main(words: list[str]) -> int:
    """Print one kind of thing, or all that is known under one name; return the exit status."""
    parser = Parser(
        "list",
        "What there is, with meaning, unit and source.",
        "sim list beliefs\n  sim list flat\n"
        "  sim list areas\n  sim list schools world=tiny area=Hackney",
    )
    parser.add_argument(
        "what",
        nargs="?",
        metavar="WHAT",
        help=f"{' | '.join(TOPICS)} | any NAME among them, or a group of beliefs such as money",
    )
    parser.add_argument("settings", nargs="*", metavar="key=value", help="such as beliefs=SET")
    parser.add_scenarios_folder()
    given = parser.parse_args(words)
    settings = setting_words(given.settings, given.scenarios)
    if given.what is None:
        _print_overview(given.json)
        return 0
    topic = given.what.casefold()
    named = topic not in TOPICS
    # Schools are made before they are listed, and what makes them may have to be compiled.
    with Progress(quiet=given.json or topic != "schools"):
        records = find(given.what, settings) if named else TOPICS[topic](settings)
    faulty = [record["fault"] for record in records if record.get("fault")]
    broken = [record["problem"] for record in records if record.get("problem")]
    if named and (broken or faulty):
        raise BadRequest("\n".join(broken + faulty))
    is_group = named and all(
        record["what"] == "belief" and record["name"].startswith(f"{topic}.") for record in records
    )
    in_short = partial(_print_topic, "beliefs" if named else topic)
    (_print_named if named and not is_group else in_short)(records, given.json)
    for fault in faulty:
        print(f"sim: left out: {fault}", file=sys.stderr)
    for problem in broken:
        print(f"sim: cannot be used: {problem}", file=sys.stderr)
    return 2 if broken else 0


def _print_overview(as_json: bool) -> None:
    rows = counts()
    if as_json:
        print_json(rows)
        return
    print_table(rows, ("name", "count", "title"))
    print("\nMore: sim list WHAT, or sim list NAME for one of them.")


def _print_topic(topic: str, records: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        print_json(records)
        return
    left_out = ("absent", "problem", "fault")
    there = [_in_short(r) for r in records if not any(r.get(key) for key in left_out)]
    wide = f"{topic}, wide" in _COLUMNS and shutil.get_terminal_size((100, 24)).columns >= _WIDE
    print_table(there, _COLUMNS[f"{topic}, wide" if wide else topic])
    absent = [record for record in records if record.get("absent")]
    if absent:
        print("\nNot there yet:")
        print_table(absent, ("name", "absent"))
    if topic in _NOTES:
        print("\n" + wrap(_NOTES[topic]))


def _in_short(record: dict[str, Any]) -> dict[str, Any]:
    """Give a belief a range in one column, a table its size, a share percent, a school a number."""
    if "fsm" in record:
        return {**record, "number": record["name"], "fsm": f"{100 * record['fsm']:.1f} %"}
    if "low" not in record:
        return record
    if isinstance(record["value"], list):
        return {**record, "value": f"{len(record['value'])} numbers", "range": "each its own"}
    if record["low"] == record["high"]:
        return {**record, "range": "fixed"}
    return {**record, "range": f"{_end(record['low'])} to {_end(record['high'])}"}


def _end(value: float) -> str:
    """Write an end of a range in full: 20,000 and never 2e+04.

    >>> _end(20000.0), _end(0.00005), _end(0), _end(1.5)
    ('20,000', '0.00005', '0', '1.5')
    """
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.10f}".rstrip("0").rstrip(".")
    return text or "0"


def _print_named(records: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        print_json(records)
        return
    for number, record in enumerate(records):
        print(("\n" if number else "") + f"{record['name']} ({record['what']})")
        for key, value in in_words(record).items():
            if key not in ("name", "what") and value not in (None, "", [], {}):
                print(wrap(f"{key.replace('_', ' ')}: {shown(value)}", indent=2))
        _print_levers(record.get("levers") or [])


def _print_levers(levers: list[dict[str, Any]]) -> None:
    """Print levers, those that the policy sets before those that act by default."""
    heads = (
        (True, "what it sets (its levers)"),
        (False, "what else acts, as it is by default"),
    )
    for is_set, head in heads:
        some = [lever for lever in levers if lever["is_set"] is is_set]
        if some:
            print(f"  {head}, each with policy. before it:")
        for lever in some:
            print(wrap(f"{lever['key']} = {_plain(lever['value'])}: {lever['meaning']}", indent=4))


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
