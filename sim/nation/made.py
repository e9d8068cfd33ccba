"""What the processes of a year make for those that come after them in the same year."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Int64s, Reals
from sim.funding.census import Census
from sim.funding.grants import Grants
from sim.world.adults import Adults
from sim.world.pupils import Pupils
from sim.world.tables import Schools
from sim.year.assessment import Expected

__all__ = ["Bought", "Choices", "Made", "Sitting", "YearResults"]


@dataclass
class Choices:
    """What schools choose between this year, as lists that agents read fast.

    ``order`` has the programmes that a school's margin can make work, the most trusted first.
    """

    margin: list[int]
    least: list[list[int]]
    full: list[list[int]]
    order: list[list[int]]


@dataclass
class Sitting:
    """One cohort's assessment.

    Attributes:
        stage: 0 at 5, 1 at 11, 2 at 16.
        pupils: The cohort, sorted by school.
        group: Results group of each child.
        score: Mark as a standard score of year 0.
        points: What is summed: the mark, at 16 Attainment 8.
        gained: Progress, SD; at 16 in Attainment 8 points / 10; NaN for those who came too late.
        passed: Whether the standard was reached.
    """

    stage: int
    pupils: Pupils
    group: NDArray[np.int8]
    score: NDArray[np.float32]
    points: NDArray[np.float32]
    gained: NDArray[np.float32]
    passed: NDArray[np.bool_]


@dataclass
class YearResults:
    """What schools and the next year learn from this year's results.

    Attributes:
        level: (schools, 6) counts, sums and squares of leavers' results: disadvantaged, others.
        progress: The same for progress since the stage before, SD.
        progress_mean: Mean progress of each school's leavers, SD.
        sat: How many leavers have progress.
        expected: Tables of expected marks at 11 and at 16.
    """

    level: Int64s
    progress: Int64s
    progress_mean: NDArray[np.float64]
    sat: Int64s
    expected: tuple[Expected, Expected]


class Bought(NamedTuple):
    """What levers buy for a cohort, or for schools, this year, in units of their prices.

    Attributes:
        people: The cohort, or the table of schools.
        units: By the lever's key under ``policy``, for each person or school.
    """

    people: Adults | Schools
    units: dict[str, Reals]


@dataclass
class Made:
    """What this year has made so far; a process that asks for what is not yet made is an error.

    Attributes:
        census: Last year's census, by which schools are paid.
        grants: What schools are paid.
        choices: What schools choose between, as agents read it.
        applicants: By entry year group, children that apply in each area.
        groups: Results group of each child, by birth year.
        marks_at_16: Marks of Year 11, SD, in the order of its block.
        sittings: Assessments at 5, 11 and 16.
        results: What schools and the next year learn from them.
    """

    census: Census = field(init=False)
    grants: Grants = field(init=False)
    choices: Choices = field(init=False)
    applicants: list[NDArray[np.int64]] = field(init=False)
    groups: dict[int, NDArray[np.int8]] = field(init=False)
    marks_at_16: NDArray[np.float32] = field(init=False)
    sittings: list[Sitting] = field(init=False)
    results: YearResults = field(init=False)
