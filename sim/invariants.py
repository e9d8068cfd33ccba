"""What must never happen: a pupil or a penny that appears or vanishes.

Checked after every year. A broken one stops the run and says what, where and when.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.errors import InvariantBroken
from sim.kernel import kernel
from sim.pupils import FIRST_SECONDARY

__all__ = ["check_money", "check_pupils", "check_ranges", "check_year"]

RANGES = {"leaving": (0, 1), "novice": (0, 1), "vacancy": (0, 1), "quality": (-5, 5)}
FARTHEST = 12.0
BROKEN_ROLLS = {
    1: ("A child lost or gained a school", "cohort born"),
    2: ("A child is in a school of another phase", "born"),
    3: ("Two children have one id", "cohort born"),
}


def check_year(world: Any, grants: Any, census: Any, year: int) -> None:
    """Check pupils, pence and ranges of a year.

    Raises:
        InvariantBroken: What is wrong, where and when.
    """
    check_pupils(world, year)
    check_money(world, grants, census, year)
    check_ranges(world, year)


def _stop(what: str, where: str, year: int) -> None:
    raise InvariantBroken(
        f"{what}: {where}, school year ending {year}. The run has stopped; nothing is recorded."
    )


def check_pupils(world: Any, year: int) -> None:
    """Every child on a roll is in exactly one school of the right phase, and is counted once."""
    schools = world.schools
    counted = np.zeros(len(schools), np.int64)
    for pupils in world.cohorts.values():
        if pupils.id.size != pupils.rows:
            _stop("A child appeared or vanished", f"cohort born {pupils.birth_year}", year)
        grade = pupils.grade(year)
        phase = 0 if grade < FIRST_SECONDARY else 1
        rows = world.rows(phase)
        broken = _check_rolls(
            pupils.id, pupils.arrive, pupils.depart, pupils.school, grade, rows.start, rows.stop,
            len(schools), counted,
        )  # fmt: skip
        if broken:
            what, where = BROKEN_ROLLS[broken]
            _stop(what, f"{where} {pupils.birth_year}", year)
    wrong = np.flatnonzero(counted != schools.pupils)
    if wrong.size:
        _stop(
            f"The census counts {schools.pupils[wrong[0]]} pupils of {counted[wrong[0]]}",
            f"school {schools.id[wrong[0]]}", year,
        )  # fmt: skip


@kernel
def _check_rolls(
    ids: Any, arrive: Any, depart: Any, school: Any, grade: int, first: int, stop: int,
    nobody: int, counted: Any,
) -> int:  # fmt: skip
    """Add a cohort to the counts of schools; returns a key of `BROKEN_ROLLS`, 0 if all is well.

    Ids of a cohort differ in the lowest 20 bits only.
    """
    seen = np.zeros(1 << 15, np.uint32)
    for i in range(ids.size):
        number = ids[i] & np.uint32(0xFFFFF)
        bit = np.uint32(1) << (number & np.uint32(31))
        if seen[number >> np.uint32(5)] & bit:
            return 3
        seen[number >> np.uint32(5)] |= bit
        here = arrive[i] <= grade and grade < depart[i]
        placed = school[i] < nobody
        if here != placed:
            return 1
        if placed:
            if school[i] < first or school[i] >= stop:
                return 2
            counted[school[i]] += 1
    return 0


def check_money(world: Any, grants: Any, census: Any, year: int) -> None:
    """Every pound of a school traces to a clause, and all of them to the pot."""
    schools = world.schools
    lines = sum(grants.lines.values())
    wrong = np.flatnonzero((lines != grants.total) | (schools.budget != grants.total))
    if wrong.size:
        _stop("Clauses do not add up to the budget", f"school {schools.id[wrong[0]]}", year)
    if np.any(grants.total < 0):
        first = np.flatnonzero(grants.total < 0)[0]
        _stop("A budget is negative", f"school {schools.id[first]}", year)
    try:
        grants.check(census)
    except InvariantBroken as error:
        _stop("A pot is not met", str(error), year)


def check_ranges(world: Any, year: int) -> None:
    """No number is missing, infinite or out of range."""
    for name, (low, high) in RANGES.items():
        values = world.schools.get(name)
        bad = np.flatnonzero(~((values >= low) & (values <= high)))
        if bad.size:
            _stop(f"{name} is {values[bad[0]]}", f"school {world.schools.id[bad[0]]}", year)
    for name, values in world.schools.data.items():
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            bad = np.argwhere(~np.isfinite(values))[0]
            _stop(f"{name} is {values[tuple(bad)]}", f"school {world.schools.id[bad[0]]}", year)
    for pupils in world.cohorts.values():
        row = _first_outside(pupils.attain, np.float32(FARTHEST))
        if row >= 0:
            _stop(f"Attainment is {pupils.attain[row]}", f"child {pupils.id[row]}", year)


@kernel
def _first_outside(values: Any, limit: Any) -> int:
    """Return the first row whose number is missing or not below the limit in size, or -1."""
    for i in range(values.size):
        if not abs(values[i]) < limit:
            return i
    return -1
