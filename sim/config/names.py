"""Check names that live outside the configuration: funding rules and areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.errors import BadRequest, did_you_mean

__all__ = ["area_codes", "known_areas", "rule_problem"]


def rule_problem(rule: object) -> str | None:
    """Return a message if no funding rule has this name."""
    from sim.registry import RULES

    if not isinstance(rule, str) or rule in RULES.names():
        return None  # a wrong type is reported with the other types
    try:
        RULES.get(rule)
    except BadRequest as error:
        told = str(error).replace(f"rule {rule!r} is not known", f"{rule!r} is not a rule")
        return f"policy.funding.rule: {told}"
    return None


def known_areas() -> dict[str, str]:
    """Return the name of every area by its nine-character code."""
    from sim.facts import areas

    table = areas()
    return {str(code): str(name) for code, name in zip(table.code, table.name, strict=True)}


def area_codes(given: Sequence[str], known: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the codes of areas given by code or name, and a message for every unknown one.

    Case does not matter, and the part of a name before a comma is enough.

    >>> area_codes(["bristol", "E2"], {"E1": "Bristol, City of", "E2": "Leeds"})
    (['E1', 'E2'], [])
    """
    lookup = {}
    for code, name in known.items():
        lookup[name.partition(",")[0].casefold()] = code
    for code, name in known.items():
        lookup[name.casefold()] = lookup[code.casefold()] = code
    codes = [lookup[area.casefold()] for area in given if area.casefold() in lookup]
    unknown = [area for area in given if area.casefold() not in lookup]
    return codes, [
        f"policy.targeting.areas: {area!r} is not an area. {_near(area, known.values())}"
        for area in unknown
    ]


def _near(area: str, names: object) -> str:
    hint = did_you_mean(area.title(), list(names))  # type: ignore[call-overload]
    return hint if hint.startswith("Did") else "Give names or codes of English authorities."
