"""Children as columns: one block a cohort, sorted by school, from Reception to Year 11.

Ageing moves no data. A block is sorted again only when children have changed school.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Int32s, Int64s
from sim.columns import Column
from sim.kernel import kernel
from sim.world.cohort import Cohort

__all__ = ["Pupils", "Rolls", "order_by_school"]

PLAIN = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}


class Rolls(NamedTuple):
    """Where each school's children stand in a sorted cohort, and the row of its first school.

    School ``first + s`` has the children from ``start[s]`` up to ``start[s + 1]``; those on no
    roll come last, as of one more school.
    """

    start: Int64s
    first: int


class Pupils(Cohort):
    """One cohort: the children who start Reception in one September."""

    id = Column("u4", "id", "(birth year - 1980) * 2^20 + number in the cohort")
    small = Column("i4", "row", "small area of the home")
    school = Column("i4", "row", "school; the number of schools = not on a roll here")
    heritage = Column("i1", "index", "ethnic-migration background, eleven groups")
    eal = Column("b1", "yes/no", "first language other than English")
    girl = Column("b1", "yes/no", "girl: single-sex schools take one of the two")
    needs = Column("u1", "bits", "special needs in primary (lowest two bits), in secondary")
    attends = Column("u1", "1/256", "lasting luck in attendance: share who miss less of school")
    catholic = Column("b1", "yes/no", "Catholic: goes first to a Catholic school")
    arrive = Column("i1", "year group", "first year group on a roll in the area")
    come = Column("i1", "year group", "first year group in England's schools; 0 = from the start")
    depart = Column("i1", "year group", "first year group no longer on a roll; 99 = none")
    since = Column("i1", "years", "since joining the school outside the normal time; 99 = never")
    income = Column("f4", "household SD", "lasting household income above the FSM line")
    parents = Column("f4", "SD", "parents' education")
    claims = Column("f4", "household SD", "depth of poverty below which FSM is claimed")
    transitory = Column("f4", "household SD", "this year's departure from lasting income")
    registered = Column("u2", "bits", "registered for FSM: this year (lowest bit) and 12 before")
    counted = Column(
        "u2",
        "bits",
        "the same by the rule that money follows, where a policy has one of its own",
        optional=True,
    )
    spells = Column("i1", "years", "years registered so far")
    attain = Column("f4", "pupil SD", "latent attainment")
    made = Column("f4", "pupil SD", "part of it that schools and early support made before 11")
    added = Column("f4", "pupil SD", "part of it that money has added since year 0")
    early = Column("f4", "SD", "mark at 5, standard score of year 0; NaN = was not in England yet")
    ks2 = Column("f4", "SD", "mark at 11, standard score of year 0; NaN = was not in England yet")

    def __init__(self, rows: int, birth_year: int):
        super().__init__(rows, birth_year)
        self.start = np.zeros(1, np.int64)
        self.first_school = 0

    @property
    def rolls(self) -> Rolls:
        """Where each school's children stand, as kernels take it; right after `sort`."""
        return Rolls(self.start, self.first_school)

    def on_roll(self, grade: int) -> NDArray[np.bool_]:
        """Return who is on a roll here in a year group."""
        here: NDArray[np.bool_] = (self.arrive <= grade) & (grade < self.depart)
        return here

    def sort(self, first: int, schools: int) -> None:
        """Sort the block by school; children on no roll come last.

        Args:
            first: Row of the first school of the phase.
            schools: Number of schools of the phase.

        Afterwards ``start`` (schools + 2) holds where each school's children begin.
        """
        self.first_school = first
        self.start, order = order_by_school(self.school, first, schools)
        for name, values in self.data.items():
            # One kernel a width of column, not one a type, so that fewer have to be loaded.
            plain = values.view(PLAIN[values.itemsize])
            fresh = np.empty_like(plain)
            _take(plain, order, fresh)
            self.data[name] = fresh.view(values.dtype)


def order_by_school(
    school: NDArray[np.int32], first: int, schools: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return where each school's children begin (schools + 2) and the rows in that order.

    Stable: children of one school keep their order; those on no roll come last.
    """
    start = np.empty(schools + 2, np.int64)
    order = np.empty(school.size, np.int32)
    _order_by_school(school, first, schools, start, order)
    return start, order


@kernel
def _order_by_school(
    school: Int32s, first: int, schools: int, start: Int64s, order: Int32s
) -> None:
    """Counting sort: stable, so children of one school keep their order."""
    start[:] = 0
    for i in range(school.size):
        s = min(school[i] - first, schools)
        start[s + 1] += 1
    for s in range(schools + 1):
        start[s + 1] += start[s]
    place = start[: schools + 1].copy()
    for i in range(school.size):
        s = min(school[i] - first, schools)
        order[place[s]] = i
        place[s] += 1


@kernel
def _take(values: NDArray[Any], order: NDArray[np.int32], out: NDArray[Any]) -> None:
    for i in range(order.size):
        out[i] = values[np.uint64(order[i])]
