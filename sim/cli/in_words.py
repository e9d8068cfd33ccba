"""What ``sim list NAME`` tells of one thing: records turned into words a reader can use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sim.cli.levers import CLOSURES
from sim.codes import MILLION

__all__ = ["in_words", "shown"]

Record = Mapping[str, Any]


def in_words(record: Record) -> dict[str, Any]:
    """Return what is told of a record, by the words that stand before it."""
    return _KINDS_OF_RECORD.get(record["what"], dict)(record)


def shown(value: object) -> str:
    """Write a value, a list or a mapping as a reader takes it: yes and no, parts by commas."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {shown(entry)}" for key, entry in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(shown(entry) for entry in value)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _scenario_in_words(record: Record) -> dict[str, Any]:
    """Return a scenario as it is told to a reader; its levers follow by themselves."""
    told = {key: record.get(key) for key in ("name", "what", "title", "question")}
    for claim, words in (record.get("claims_in_words") or {}).items():
        told[f"bears on claim {claim}"] = words
    told["file"] = record.get("file")
    told["whose"] = (
        "comes with the project; for one of your own, copy the file under another name into a "
        "folder scenarios/"
        if record.get("ours")
        else "yours"
    )
    return told


def _belief_in_words(record: Record) -> dict[str, Any]:
    """Return a belief as it is told to a reader."""
    told = {key: record[key] for key in ("name", "what", "title", "value", "unit")}
    if record["entries"]:
        told["value"] = dict(zip(record["entries"], record["value"], strict=True))
    low, high = record["low"], record["high"]
    if low == high:
        told["range"] = "none: a fixed number"
    else:
        told["range"] = f"{_ranges(record)}: what is believed; {_drawn(record)}"
    told |= {"source": record["source"], "strength of the evidence": record["strength"]}
    told["kind"] = _KINDS[record["kind"]]
    told["moves"] = ", ".join(
        f"{reading} {'up' if sign == '+' else 'down'}" for reading, sign in record["moves"].items()
    )
    under = record.get("moves_scenario")
    told["how that is checked"] = (
        "at once, on the process where it acts"
        if record["moves_how"] == "stage"
        else f"in runs of the model under {_under(under)}, at its low and at its high end"
    )
    if record.get("moves_switch"):
        told["acts only with"] = f"switches.{record['moves_switch']}=true, which is off by default"
    return told


def _drawn(record: Record) -> str:
    """Say what draws do with a belief that has a range."""
    if record["kind"] != "response":
        return "draws leave it at its value"
    if record["held"]:
        return "every draw holds it at its value"
    return (
        f"every draw but draw 0 takes a value from it ({record['distribution']}), unless a request "
        f"gives one (beliefs.{record['name']}=VALUE), which holds in every draw"
    )


def _ranges(record: Record) -> str:
    """Return the range of a number, or of each entry of a table.

    >>> _ranges({"low": [1, 2], "high": [3, 2], "entries": ["primary", "secondary"]})
    'primary 1 to 3, secondary 2 to 2'
    """
    low, high, words = record["low"], record["high"], record["entries"]
    if not words:
        return f"low {shown(low)} to high {shown(high)}"
    every = zip(words, low, high, strict=True)
    return ", ".join(f"{word} {shown(least)} to {shown(most)}" for word, least, most in every)


def _under(scenario: str | None) -> str:
    return f"the scenario {scenario} (sim list {scenario})" if scenario else "the baseline"


_KINDS = {
    "response": "response: about what policy does, so draws vary it",
    "level": "level: shapes the baseline; differences between policies move with it by too little "
    "to be drawn (sim/evidence/doubt.csv)",
}
_BETTER = {"up": "more of it", "down": "less of it", "none": "neither more nor less"}
_SHELVES = {
    "opportunity": "opportunity: what is given",
    "attainment": "attainment: results at school",
    "outcome": "outcome: what came of it",
}
_AGES = {
    "none": "all ages at school",
    "early": "5",
    "ks2": "11",
    "ks4": "16",
    "post16": "17",
    **{f"age{age}": str(age) for age in (19, 22, 23, 24, 25, 30)},
}
"""Ages at which measures are read, by the word of the schema."""


def _metric_in_words(record: Record) -> dict[str, Any]:
    """Return a measure as it is told to a reader."""
    if "direction" not in record:
        return dict(record)
    told = {key: record[key] for key in ("name", "what", "title", "meaning", "unit")}
    told["better"] = _BETTER[record["direction"]]
    told["smallest difference that matters"] = record["smallest_difference_that_matters"]
    told["read at age"] = _AGES[record["age"]]
    told["kind"] = _SHELVES[record["shelf"]]
    told["whom it counts by area"] = record["by_area_it_counts"]
    told["exists by (england: over all areas)"] = record["by"]
    if record["status"] != "available":
        told["status"] = record["status"]
    return told


def _rule_in_words(record: Record) -> dict[str, Any]:
    """Return a funding rule as it is told to a reader."""
    told = {key: record.get(key) for key in ("name", "what", "title", "meaning")}
    if (clause := record.get("balance")) is not None:
        told["makes all payments meet the pot"] = f"the clause {clause} (sim list {clause})"
    if (floor := record.get("floor")) is not None:
        from sim.funding.protection import PUBLISHED

        change = _floor_by_year() if floor == PUBLISHED else _change(floor)
        told["floor"] = f"least yearly change in pounds a pupil, if a policy sets none: {change}"
    if (closure := record.get("closure")) is not None:
        told["who pays for floors"] = CLOSURES.get(closure, closure)
    return told


def _base_year_in_words(record: Record) -> dict[str, Any]:
    """Return a base year as it is told to a reader: pounds with commas, shares in percent."""

    def pounds(key: str, *whose: str) -> str:
        amounts = record[key] if whose else [record[key]]
        parts = (f"{one:,.0f} {who}" for one, who in zip(amounts, whose or ("",), strict=True))
        return f"GBP {', '.join(parts)}".rstrip()

    taken = ", ".join(f"{share:.0%}" for share in record["tax_and_national_insurance"])
    return {
        **{key: record[key] for key in ("name", "what", "title", "use")},
        "basic amount": pounds("basic_amount", "primary", "key stage 3", "key stage 4"),
        "lump sum": pounds("lump_sum"),
        "minimum level": pounds("minimum_level", "primary", "key stage 3", "key stage 4"),
        "pupil premium": pounds("pupil_premium", "primary", "secondary"),
        "yearly floor of the formula": _change(record["yearly_floor"]),
        "all that the formula pays England's mainstream schools": pounds("pot_of_england"),
        "standard staffing": f"{record['staffing']:g} of what it costs in 2024-25",
        "tax and National Insurance": f"{taken} of pay from "
        + pounds("tax_thresholds", "", "", "").replace(" ,", ","),
        "as in 2024-25, for want of a figure": record["carried"],
    }


def _formula_in_words(record: Record) -> dict[str, Any]:
    """Return a written formula as it is told: one line a rate, in pounds."""

    def pounds(told: float | dict[str, float]) -> str:
        if isinstance(told, dict):
            return ", ".join(f"{part} {pounds(worth)}" for part, worth in told.items())
        return f"GBP {told:,.2f}".removesuffix(".00")

    first = {key: record[key] for key in ("name", "what", "title", "use")}
    last = {
        "line that meets the pot": record["solve"],
        "times area cost": record["area_cost"],
        "yearly floor": None if record["floor"] is None else _change(record["floor"]),
        "who pays for levels and the floor": record["closure"],
        "file": record["file"],
    }
    return {**first, **{name: pounds(told) for name, told in record["rates_gbp"].items()}, **last}


def _floor_by_year() -> str:
    """Say what the published formula's floor is in each base year."""
    from sim.data.base_year import base_year, base_years

    floors = {year: base_year(year).yearly_floor / MILLION for year in base_years()}
    return ", ".join(f"{_change(floor)} in base year {year}" for year, floor in floors.items())


def _change(floor: float) -> str:
    return f"{abs(floor):.1%} {'less' if floor < 0 else 'more'}"


_KINDS_OF_RECORD: Mapping[str, Callable[[Record], dict[str, Any]]] = MappingProxyType(
    {
        "scenario": _scenario_in_words,
        "belief": _belief_in_words,
        "metric": _metric_in_words,
        "rule": _rule_in_words,
        "base_year": _base_year_in_words,
        "formula": _formula_in_words,
    }
)
