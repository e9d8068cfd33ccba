"""One number that an opening line may tell, in whole pupils or people where it counts heads."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.show import minima
from sim.show.clear import clearness, direction, matters
from sim.show.fifths import IN_FIFTHS
from sim.show.headlines import JOB_HEADS
from sim.show.words import bound, label, number

__all__ = [
    "ALL_AREAS",
    "DIFFERENCES",
    "ENDS",
    "HEADS",
    "INTERVAL",
    "JOBS",
    "MISSED",
    "PLACES",
    "POINTS",
    "WHO",
    "Finding",
    "whole",
]

POINTS, JOBS, HEADS, MISSED = "points", "jobs", "heads", "missed"
ALL_AREAS, ENDS = 0, -1
PLACES = {
    ALL_AREAS: "over all areas",
    **IN_FIFTHS,
    ENDS: "in the most affluent fifth, less the least affluent",
}
WHO = {"disadvantaged": "disadvantaged pupils", "other": "other pupils"}
DIFFERENCES = (POINTS, JOBS)
"""Kinds of differences from the baseline."""
INTERVAL = "90\u00a0%\u00a0interval "
CORE = (1, 5, ALL_AREAS)


@dataclass(frozen=True)
class Finding:
    """One number with its interval and verdict, and of whom, where and under which policy.

    ``kind``: points of Attainment 8; people of 10,000 with a professional job (jobs); pupils in
    a hundred whose group gains (positive) or loses (negative; heads); or disadvantaged pupils in
    a hundred reached by no targeted pound (missed). ``place``: a fifth, 0 for all areas, -1 for
    the most less the least affluent fifth, which is a gain of nobody and so has no sign.
    """

    kind: str
    scenario: str
    who: str
    place: int
    value: float
    low: float
    high: float
    verdict: str

    @property
    def sign(self) -> int:
        """1 for a gain, -1 for a loss, 0 where the verdict names no direction."""
        return 0 if self.place == ENDS else direction(self.verdict)

    @property
    def is_core(self) -> bool:
        """Whether it is a number the study was declared for, or one of the two fifths in it."""
        return self.kind == POINTS and self.who == "disadvantaged" and self.place in CORE

    @property
    def size(self) -> float:
        """How large it is beside the smallest difference that matters; of heads, the count."""
        return abs(self.value) / {POINTS: minima.MINIMUM, JOBS: minima.MINIMUM_JOB}.get(
            self.kind, 1.0
        )

    @property
    def clear(self) -> tuple[bool, float, float]:
        """What matters first, then what is clearest by its interval, then what is largest."""
        return matters(self.verdict), clearness(self.value, self.low, self.high), self.size

    @property
    def rank(self) -> tuple[bool, bool, float, float]:
        """What leads: what matters, of that the declared outcomes, of those the largest.

        Size is told in smallest differences that matter, so that points and jobs compare. A
        number whose interval holds 0 has no sign and never leads.
        """
        return matters(self.verdict), self.is_core, self.size, self.clear[1]

    def told(self, policy: bool = True) -> str:
        """Say it in one clause with its interval; ``policy`` says whether to name it."""
        under = f" under {label(self.scenario)}" if policy else ""
        return f"{self.clause}{under}{self.between()}"

    def between(self) -> str:
        """Write the interval in brackets, in the unit of the number; nothing if it has no width."""
        towards = 1 if self.value >= 0 else -1
        low, high = sorted((towards * self.low, towards * self.high))
        ends = list(dict.fromkeys(self._written(end) for end in (low, high)))
        if not (math.isfinite(low) and math.isfinite(high)) or len(ends) == 1:
            return ""
        return f" ({INTERVAL}{' to '.join(ends)})"

    @property
    def base(self) -> int:
        """Of how many heads it is told: so many that at least one whole head appears."""
        if self.kind == JOBS:
            return JOB_HEADS
        return next((base for base in (100, 1000) if abs(self.value) * base >= 100), 10_000)

    def _written(self, value: float) -> str:
        if self.kind == POINTS:
            return bound(value, 2)
        return bound(value, 0) if self.kind == JOBS else number(self._heads(value), 0)

    def _heads(self, value: float) -> float:
        """Return how many heads of the base a value is; shares are kept in a hundred."""
        return value if self.kind == JOBS else value * self.base / 100

    def _where(self) -> str:
        """Name the place; a fifth between the ends with its number too, as charts head it."""
        return f"{PLACES[self.place]}{f' (fifth {self.place})' if self.place in (2, 3, 4) else ''}"

    @property
    def clause(self) -> str:
        """Say it without policy and interval."""
        who, where, gains = WHO[self.who], self._where(), self.value > 0
        verb = "gain" if gains else "lose"
        if self.kind == POINTS:
            return f"{who} {where} {verb} {number(abs(self.value), 2)} points of Attainment 8"
        count, start = whole(self._heads(abs(self.value))), f"of {self.base:,} {who}"
        if self.kind == HEADS:
            return f"{start}, {count} are in groups that {verb}"
        if self.kind == MISSED:
            return f"{count} {start} {where}"
        more = "more" if gains else "fewer"
        return f"{start} {where}, {count} {more} have a professional job at 25"


def whole(heads: float) -> str:
    """Write a count of heads as a whole number.

    >>> whole(0.0), whole(0.3), whole(33.4)
    ('none', 'fewer than 1', '33')
    """
    if heads == 0:
        return "none"
    return number(heads, 0) if round(heads) else "fewer than 1"
