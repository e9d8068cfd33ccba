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
        here = pupils.on_roll(grade)
        placed = pupils.school < len(schools)
        if not np.array_equal(here, placed):
            _stop("A child lost or gained a school", f"cohort born {pupils.birth_year}", year)
        rows = world.rows(phase)
        inside = (pupils.school >= rows.start) & (pupils.school < rows.stop)
        if not np.array_equal(inside, placed):
            _stop("A child is in a school of another phase", f"born {pupils.birth_year}", year)
        counted += np.bincount(pupils.school[placed], minlength=len(schools))
        if _repeated(pupils.id):
            _stop("Two children have one id", f"cohort born {pupils.birth_year}", year)
    wrong = np.flatnonzero(counted != schools.pupils)
    if wrong.size:
        _stop(
            f"The census counts {schools.pupils[wrong[0]]} pupils of {counted[wrong[0]]}",
            f"school {schools.id[wrong[0]]}", year,
        )  # fmt: skip


@kernel
def _repeated(ids: Any) -> bool:
    """Whether an id stands twice in a cohort, whose ids differ in the lowest 20 bits only."""
    seen = np.zeros(1 << 20, np.bool_)
    for i in range(ids.size):
        number = ids[i] & np.uint32(0xFFFFF)
        if seen[number]:
            return True
        seen[number] = True
    return False


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
    grants.check(census)


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
        bad = np.flatnonzero(~(np.abs(pupils.attain) < FARTHEST))
        if bad.size:
            _stop(f"Attainment is {pupils.attain[bad[0]]}", f"child {pupils.id[bad[0]]}", year)
