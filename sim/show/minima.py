"""The smallest differences that matter, as measures declare them, in the units of charts.

They are looked up when first used: measures take a while to load.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sim.show.headlines import JOB_HEADS

__all__ = ["MINIMUM", "MINIMUM_INDEX", "MINIMUM_JOB"]

if TYPE_CHECKING:
    MINIMUM: float
    """Of Attainment 8, points: 0.02 SD."""
    MINIMUM_JOB: float
    """Of professional jobs, people of 10,000."""
    MINIMUM_INDEX: float
    """Of an index of opportunity or of outcome, in the unit of its parts."""

_DECLARED = {
    "MINIMUM": ("attainment8", 1),
    "MINIMUM_JOB": ("professional_job_rate", JOB_HEADS),
    "MINIMUM_INDEX": ("opportunity_index", 1),
}


@cache
def __getattr__(name: str) -> float:
    from sim.tabulate import describe

    if name not in _DECLARED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    measure, people = _DECLARED[name]
    return people * describe(measure).minimum
