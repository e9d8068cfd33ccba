"""``sim list``: what there is, with meaning, unit and source."""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

from sim.cli.catalogue import TOPICS, counts, find
from sim.cli.common import Parser, print_json, print_table, setting_words, wrap
from sim.errors import BadRequest

__all__ = ["main"]

_COLUMNS = {
    "scenarios": ("name", "claims", "title"),
    "rules": ("name", "title"),
    "metrics": ("name", "direction", "unit", "title"),
    "beliefs": ("name", "value", "range", "unit", "kind", "meaning"),
    "worlds": ("name", "title"),
    "claims": ("name", "status", "title"),
}


def main(words: list[str]) -> int:
    """Print one kind of thing, or all that is known under one name; return the exit status."""
    parser = Parser(
        "list", "What there is, with meaning, unit and source.", "sim list beliefs\n  sim list flat"
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
    named = given.what not in TOPICS
    records = find(given.what, settings) if named else TOPICS[given.what](settings)
    broken = [record["problem"] for record in records if record.get("problem")]
    if named and broken:
        raise BadRequest("\n".join(broken))
    (_print_named if named else partial(_print_topic, given.what))(records, given.json)
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
    there = [_in_short(r) for r in records if not (r.get("absent") or r.get("problem"))]
    print_table(there, _COLUMNS[topic])
    absent = [record for record in records if record.get("absent")]
    if absent:
        print("\nNot there yet:")
        print_table(absent, ("name", "absent"))


def _in_short(record: dict[str, Any]) -> dict[str, Any]:
    """Give a belief a range in one column, and a table of numbers its size."""
    if "low" not in record:
        return record
    if isinstance(record["value"], list):
        return {**record, "value": f"{len(record['value'])} numbers", "range": "each its own"}
    if record["low"] == record["high"]:
        return {**record, "range": "fixed"}
    return {**record, "range": f"{record['low']:g} to {record['high']:g}"}


def _print_named(records: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        print_json(records)
        return
    for number, record in enumerate(records):
        print(("\n" if number else "") + f"{record['name']} ({record['what']})")
        for key, value in record.items():
            if key not in ("name", "what") and value not in (None, "", [], {}):
                print(wrap(f"{key.replace('_', ' ')}: {_shown(value)}", indent=2))


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_shown(entry)}" for key, entry in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_shown(entry) for entry in value)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
