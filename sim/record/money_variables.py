"""What a cell says of a year's money by phase: what met the pot, and what protected schools.

They follow from all the rest of a cell, so they lie outside its content digest, like flags.
"""

from __future__ import annotations

__all__ = ["PROTECTION", "TABLES"]

PROTECTION = ("minimum", "floor", "scaling")
"""Clauses that protect schools, and what gainers pay for it (nought or less)."""

_BY_PHASE = ("year", "phase")
TABLES: dict[str, tuple[tuple[str, ...], str, str, str]] = {
    "solved_factor": (
        _BY_PHASE,
        "float64",
        "factor",
        "what the rates of the line that meets the pot are multiplied by",
    ),
    "minimum_pence": (_BY_PHASE, "int64", "pence", "top-ups to minimum levels, national, weighted"),
    "floor_pence": (_BY_PHASE, "int64", "pence", "top-ups to the floor, national, weighted"),
    "scaling_pence": (
        _BY_PHASE,
        "int64",
        "pence",
        "what gainers give up for floors, nought or less, national, weighted",
    ),
    "kept_pence": (
        _BY_PHASE,
        "int64",
        "pence",
        "what a transition leaves schools beyond the new rule, before floors, national, weighted",
    ),
}
"""Dimensions, type, unit, meaning."""
