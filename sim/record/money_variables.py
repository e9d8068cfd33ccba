"""What a cell says of a year's money by phase: what met the pot, and what protected schools.

They follow from all the rest of a cell, so they lie outside its content digest, like flags.
"""

from __future__ import annotations

__all__ = ["GENTLENESS", "LABELS", "TABLES"]

GENTLENESS = ("transition", "held_back", "minimum", "floor", "scaling")
"""Clauses that keep schools from losing, and those that take from schools that gain (nought or
less). ``transition`` is what a year on the way leaves schools beyond the new rule, ``held_back``
what it keeps from others, both before floors; ``minimum``, ``floor`` and ``scaling`` are lines of
the grant, and under a cap ``scaling`` is what the cap takes."""

LABELS: dict[str, tuple[tuple[str, ...], str, str, str]] = {
    "protection": (GENTLENESS, "str", "name", "clause that protects schools, or pays for it"),
}
"""By name of a coordinate: labels, type, unit, meaning."""

TABLES: dict[str, tuple[tuple[str, ...], str, str, str]] = {
    "solved_factor": (
        ("year", "phase"),
        "float64",
        "factor",
        "what the rates of the line that meets the pot are multiplied by",
    ),
    "clause_pence": (
        ("year", "phase", "protection"),
        "int64",
        "pence",
        "what keeping schools from losing costs, by clause, national, weighted; below nought: what "
        "schools that gain give up for it",
    ),
}
"""Dimensions, type, unit, meaning."""
