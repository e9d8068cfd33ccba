"""Verdict words: what one number may be called, by its own interval and nothing else.

The word of a paired difference rests on its estimate, its 90 % interval, the minimum that matters
and the number of draws, never on which other rows were asked for. Of many numbers with no true
difference about one in ten shows a direction by luck alone; so the numbers that answer the
question of the study were declared before any result was seen (:data:`DECLARED`).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "ALL_AREAS",
    "CANNOT_TELL",
    "DECLARED",
    "ENOUGH_DRAWS",
    "FIFTH_1_LESS_5",
    "HIGHER",
    "HIGHER_SMALL",
    "LOWER",
    "LOWER_SMALL",
    "RUN_LONGER",
    "SAME",
    "WORDS",
    "Declared",
    "direction",
    "verdict",
    "verdicts",
]

Numbers = NDArray[np.float64]

ENOUGH_DRAWS = 8
HIGHER, LOWER = "higher", "lower"
HIGHER_SMALL, LOWER_SMALL = "higher, less than matters", "lower, less than matters"
SAME, CANNOT_TELL, RUN_LONGER = "practically the same", "cannot tell", "run longer"
WORDS = (HIGHER, HIGHER_SMALL, SAME, LOWER_SMALL, LOWER, CANNOT_TELL)
"""All words of a number that rests on enough draws; each number has exactly one."""

_DIRECTIONS = {HIGHER: HIGHER, HIGHER_SMALL: HIGHER, LOWER: LOWER, LOWER_SMALL: LOWER}


class Declared(NamedTuple):
    """One number of every policy that answers the question of the study."""

    measure: str
    place: str
    group: str


ALL_AREAS = "All areas"  # what holds every area of a world, whichever the world
FIFTH_1_LESS_5 = "fifth 1 less fifth 5"
DECLARED = tuple(
    Declared(measure, place, "disadvantaged")
    for measure in ("attainment8", "professional_job_rate")
    for place in (FIFTH_1_LESS_5, ALL_AREAS)
)
"""Declared beforehand: the most less the least affluent fifth of areas, and all areas."""


def verdict(value: float, low: float, high: float, minimum: float, draws: int) -> str:
    """One word for a paired difference, by its 90 % interval and the minimum that matters.

    ``""`` where there is no value.

    >>> verdict(0.6, 0.3, 0.9, minimum=0.42, draws=8)
    'higher'
    >>> verdict(-0.244, -0.397, -0.091, minimum=0.42, draws=8)
    'lower, less than matters'
    >>> verdict(0.1, -0.1, 0.3, minimum=0.42, draws=8)
    'practically the same'
    >>> verdict(0.3, -0.1, 0.7, minimum=0.42, draws=8)
    'cannot tell'
    >>> verdict(0.6, 0.3, 0.9, minimum=0.42, draws=7)
    'run longer'
    """
    if math.isnan(value):
        return ""
    if draws < ENOUGH_DRAWS:
        return RUN_LONGER
    if low > 0:
        return HIGHER if value >= minimum else HIGHER_SMALL
    if high < 0:
        return LOWER if value <= -minimum else LOWER_SMALL
    if -minimum <= low <= 0 <= high <= minimum:
        return SAME
    return CANNOT_TELL


def direction(word: str) -> str:
    """Whether a verdict says ``higher`` or ``lower``, by however little; empty if neither.

    >>> direction("lower, less than matters"), direction("cannot tell")
    ('lower', '')
    """
    return _DIRECTIONS.get(word, "")


def verdicts(
    value: Numbers, low: Numbers, high: Numbers, minimum: float, draws: NDArray[np.int64]
) -> NDArray[np.object_]:
    """Return the verdict of every number of arrays that broadcast against each other."""
    words: NDArray[np.object_] = np.vectorize(verdict, otypes=[object])(
        value, low, high, minimum, draws
    )
    return words
