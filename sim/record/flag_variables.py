"""Names and tables of the flag cohorts: schools that a trigger flags first in policy year 1.

Those flags rest on years that all scenarios share, so the schools are the same in every cell,
whoever gets money there.
"""

from __future__ import annotations

__all__ = ["AFTER", "BEFORE", "FALSE_YEARS", "FLAG_YEARS", "LABELS", "SIDES", "TABLES", "TRIGGERS"]

TRIGGERS = ("level_own_school", "progress_national")
"""Triggers whose first flags every cell keeps: those of `gap_triggered` and `gap_progress`."""

SIDES = ("disadvantaged", "other")
FLAG_YEARS = range(-2, 7)
"""Policy years whose results are kept; the flags of year 1 rest on the first three."""

BEFORE, AFTER = (-2, -1, 0), (4, 5, 6)
"""Years a gap is read in: those that the flags rest on, and three to five years after year 1."""

FALSE_YEARS = (2, 3, 4, 5, 6)
"""Years whose pooled gap says whether a flag was right."""

LABELS: dict[str, tuple[tuple[str, ...] | range, str, str, str]] = {
    "trigger": (TRIGGERS, "str", "name", "trigger whose first flags make the cohort"),
    "side": (SIDES, "str", "name", "disadvantaged pupils, or the others of the same schools"),
    "flag_year": (FLAG_YEARS, "int32", "policy year", "year of results of flagged schools"),
}
"""Labels of the dimensions of these tables: values, type, unit, meaning."""

_BY_YEAR = ("flag_year", "area", "trigger", "phase", "side")
_WHOLE = ("area", "trigger", "phase")
_PUPILS = "disadvantaged pupils who left schools flagged in year 1, years 2 to 6"
TABLES: dict[str, tuple[tuple[str, ...], str, str, str]] = {
    "flagged_results_n": (
        _BY_YEAR,
        "int32",
        "pupils",
        "pupils who left schools flagged in year 1, with a result",
    ),
    "flagged_results_sum": (
        _BY_YEAR,
        "float64",
        "SD",
        "sum of their results as the trigger reads them: level, or progress since the stage before",
    ),
    "flagged_known_n": (_WHOLE, "int32", "pupils", f"{_PUPILS}, whose gap can be told"),
    "flagged_false_n": (
        _WHOLE,
        "int32",
        "pupils",
        f"{_PUPILS}, whose gap over those years lies below the nation's mean",
    ),
}
"""Dimensions, type, unit, meaning; years that a run does not reach hold 0."""
