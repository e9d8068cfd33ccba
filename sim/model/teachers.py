"""Teachers: who leaves, who moves, who is found. The arithmetic is `sim.year.teachers`."""

from __future__ import annotations

from sim.nation import Nation
from sim.year import teachers

__all__ = ["staff_schools"]


def staff_schools(nation: Nation, year: int) -> None:
    """Let teachers leave, move and be found; schools' quality, novices and vacancies follow."""
    world, terms = nation.world, nation.terms
    teachers.staff(world.schools, world.areas, year, terms.key, terms.values, terms.on)
