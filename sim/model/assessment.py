"""Assessment: marks at the end of Reception, Year 6 and Year 11.

The arithmetic is `sim.year.assessment`.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.codes import LAST_GRADE
from sim.crew import Crew
from sim.nation import Nation, Terms
from sim.world.pupils import Pupils
from sim.world.tables import World
from sim.year import assessment

__all__ = ["assess", "mark"]


def mark(nation: Nation, year: int) -> None:
    """Mark the year groups that are assessed; marks at 16 are kept for the results."""
    nation.made.marks_at_16 = assess(nation.world, year, nation.terms, nation.crew)


def assess(world: World, year: int, terms: Terms, crew: Crew) -> NDArray[np.float32]:
    """Mark the children at the end of Reception, Year 6 and Year 11; returns the marks at 16."""
    at16: list[NDArray[np.float32]] = []

    def one(pupils: Pupils, grade: int) -> None:
        scale = assessment.scale(terms.values.assessment, terms.on, grade)
        score = assessment.marks(pupils, year, terms.key, scale)
        if grade == LAST_GRADE:
            at16.append(score)
        else:
            assessment.sit(pupils, grade, score)

    cohorts = {p.grade(year): p for p in world.cohorts.values()}
    crew.run([partial(one, cohorts[g], g) for g in assessment.ASSESSED if g in cohorts])
    return at16[0] if at16 else np.zeros(0, np.float32)
