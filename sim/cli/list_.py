"""``sim list``: what there is, with meaning, unit and source."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from sim.cli.catalogue import TOPICS, counts, find
from sim.cli.common import Parser, print_json, print_table, setting_words, wrap
from sim.cli.progress import Progress
from sim.errors import BadRequest

__all__ = ["main"]

_COLUMNS = {
    "scenarios": ("name", "claims", "title"),
    "rules": ("name", "title"),
    "clauses": ("name", "title"),
    "metrics": ("name", "direction", "unit", "title"),
    "beliefs": ("name", "value", "range", "unit", "kind", "meaning"),
    "worlds": ("name", "title"),
    "areas": ("name", "code", "schools", "pupils", "fsm", "fifth"),
    "areas, wide": ("name", "code", "region", "stands_for", "schools", "pupils", "fsm", "fifth"),
    "schools": ("number", "phase", "area", "pupils", "fsm", "grammar"),
    "studies": ("name", "cells", "status", "title"),
    "claims": ("name", "status", "title"),
}
_WIDE = 120  # columns of a terminal on which more is shown
_NOTES = {
    "areas": "schools of 2019; pupils of 2023-24, as published (sim explain counts those simulated "
    "in the year that it tells of, which follow births); fsm: share of them eligible for free "
    "school meals, January 2024; fifth: of all areas by that share, 1: most affluent, 5: least.",
    "beliefs": "sim list NAME tells the source of each. From memory, not checked: remembered from "
    "the source that is named, or from general knowledge, and not looked up in its table: check "
    "such a number before anything rests on it.",
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
        "what", nargs="?", metavar="WHAT", help=f"{' | '.join(TOPICS)} | any NAME among them"
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
    (_print_named if named else partial(_print_topic, topic))(records, given.json)
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
        for key, value in _IN_WORDS.get(record["what"], dict)(record).items():
            if key not in ("name", "what") and value not in (None, "", [], {}):
                print(wrap(f"{key.replace('_', ' ')}: {_shown(value)}", indent=2))
        _print_levers(record.get("levers") or [])


def _scenario_in_words(record: dict[str, Any]) -> dict[str, Any]:
    """Return a scenario as it is told to a reader; its levers follow by themselves."""
    told = {key: record.get(key) for key in ("name", "what", "title", "question")}
    for claim, words in (record.get("claims_in_words") or {}).items():
        told[f"bears on claim {claim}"] = words
    told["file"] = record.get("file")
    told["whose"] = (
        "comes with the project; for one of your own, copy the file under another name into a "
        "folder scenarios/" if record.get("ours") else "yours"
    )  # fmt: skip
    return told


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


def _belief_in_words(record: dict[str, Any]) -> dict[str, Any]:
    """Return a belief as it is told to a reader."""
    told = {key: record[key] for key in ("name", "what", "title", "value", "unit")}
    if record["entries"]:
        told["value"] = dict(zip(record["entries"], record["value"], strict=True))
    low, high = record["low"], record["high"]
    if low == high:
        told["range"] = "none: a fixed number"
    else:
        drawn = (
            f"every draw but draw 0 takes a value from it ({record['distribution']})"
            if record["kind"] == "response" else "draws leave it at its value"
        )  # fmt: skip
        told["range"] = f"{_ranges(record)}: what is believed; {drawn}"
    told |= {"source": record["source"], "strength of the evidence": record["strength"]}
    told["kind"] = _KINDS[record["kind"]]
    told["moves"] = ", ".join(
        f"{reading} {'up' if sign == '+' else 'down'}" for reading, sign in record["moves"].items()
    )
    under = record.get("moves_scenario")
    told["how that is checked"] = (
        "at once, on the process where it acts" if record["moves_how"] == "stage"
        else f"in runs of the model under {_under(under)}, at its low and at its high end"
    )  # fmt: skip
    return told


def _ranges(record: dict[str, Any]) -> str:
    """Return the range of a number, or of each entry of a table.

    >>> _ranges({"low": [1, 2], "high": [3, 2], "entries": ["primary", "secondary"]})
    'primary 1 to 3, secondary 2 to 2'
    """
    low, high, words = record["low"], record["high"], record["entries"]
    if not words:
        return f"low {_shown(low)} to high {_shown(high)}"
    every = zip(words, low, high, strict=True)
    return ", ".join(f"{word} {_shown(least)} to {_shown(most)}" for word, least, most in every)


def _under(scenario: str | None) -> str:
    return f"the scenario {scenario} (sim list {scenario})" if scenario else "the baseline"


_KINDS = {
    "response": "response: about what policy does, so draws vary it",
    "level": "level: shapes the baseline only, and draws leave it",
}
_IN_WORDS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "scenario": _scenario_in_words,
    "belief": _belief_in_words,
}


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_shown(entry)}" for key, entry in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_shown(entry) for entry in value)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
