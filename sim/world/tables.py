"""What the world consists of: one table a kind of thing, every column with unit and meaning."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Int32s, Int64s
from sim.codes import PRIMARY
from sim.columns import Column, Table
from sim.data.facts import Areas as AreaFacts
from sim.rng import Key
from sim.world.pupils import Pupils

__all__ = ["GAP_SUMS", "Areas", "Near", "Schools", "SmallAreas", "World"]

GAP_SUMS = ("dis_n", "dis_sum", "dis_square", "oth_n", "oth_sum", "oth_square")
"""Blocks of three years (latest last) in the gap columns of schools."""
_GAPS = 3 * len(GAP_SUMS)


class Areas(Table):
    """Local authorities with education duties."""

    id = Column("u4", "id", "number of the area; never moves with row order")
    facts_row = Column("i4", "row", "row in the table of facts")
    weight = Column("i8", "areas", "how many areas like it this one stands for")
    fifth = Column("i1", "1 to 5", "affluence fifth, 1 = lowest FSM rate; frozen")
    region = Column("i2", "index", "region, in alphabetical order")
    fsm_rate = Column("f4", "share", "single-year FSM rate of 2019")
    early_residual = Column("f4", "pupil SD", "unexplained area difference at 5")
    ks2_residual = Column("f4", "pupil SD", "unexplained area difference made by 11")
    ks4_residual = Column("f4", "pupil SD", "unexplained area difference made by 16")
    log_isolation = Column("f4", "log km", "log km to third nearest secondary, less the mean")
    market = Column("i4", "row", "first area of those that share their schools: all, or each alone")
    first_number = Column("i8", "number", "number in its cohort of the area's first child")
    primary_births = Column("f8", "children", "children of an average cohort in primary schools")
    keep = Column("f8", "ratio", "Year 7 over Year 6: under 1 some leave, over 1 join")
    ever6_share = Column("f4", "share", "share of pupils who are ever-6 FSM, last year")


class SmallAreas(Table):
    """Homes at either side of the centre of a small area: some eight children a cohort each."""

    id = Column("u4", "id", "area id and number in the area")
    area = Column("i4", "row", "area")
    x = Column("f4", "km", "east of the origin of the National Grid")
    y = Column("f4", "km", "north of the origin of the National Grid")
    children = Column("f8", "pupils", "state pupils who live there, both phases")
    rural = Column("b1", "yes/no", "rural by the official classification")
    income = Column("f4", "household SD", "shared part of household income")
    band = Column("i1", "0 to 6", "IDACI band A (0) to G (6)")
    independents = Column("f4", "ratio", "places near at independent schools, 1 = as in England")
    fsm_share = Column("f4", "share", "children registered for FSM this year, at the start")


class Schools(Table):
    """Mainstream state schools: primaries first, then secondaries."""

    id = Column("u4", "id", "area id, phase and number")
    area = Column("i4", "row", "area")
    phase = Column("i1", "0 or 1", "0 primary (Reception to Year 6), 1 secondary (Years 7 to 11)")
    x = Column("f4", "km", "east of the origin of the National Grid, to a quarter")
    y = Column("f4", "km", "north of the origin of the National Grid, to a quarter")
    roll = Column("i8", "pupils", "of January 2025 at its site, without nursery and sixth form")
    share = Column("f8", "share", "share of its market's places in its phase")
    seats = Column("i8", "pupils", "places in the entry year group")
    grammar = Column("b1", "yes/no", "selects by an eleven-plus mark")
    gender = Column("i1", "0 to 2", "mixed, boys only, girls only")
    catholic = Column("b1", "yes/no", "Roman Catholic: takes Catholic children first")
    quarter = Column("i1", "0 to 3", "quarter by ever-6 share in year 0, 0 = lowest; frozen")
    miles = Column("i8", "mile/1000", "to the second nearest school, mean over nearest pupils")
    opportunity = Column("b1", "yes/no", "stands in an Opportunity Area")
    listed = Column("b1", "yes/no", "its area is an Education Investment Area")
    area_cost = Column("i8", "1/10000", "area cost adjustment")
    value_added = Column("f4", "pupil SD", "lasting effect on progress over the whole phase")
    differential = Column("f4", "pupil SD", "further lasting effect on disadvantaged pupils")

    pupils = Column("i8", "pupils", "on roll")
    ks3 = Column("i8", "pupils", "in Years 7 to 9")
    ks4 = Column("i8", "pupils", "in Years 10 and 11")
    fsm = Column("i8", "pupils", "eligible for free school meals, with protection")
    ever6 = Column("i8", "pupils", "eligible at any time in six years")
    idaci = Column("i8", "pupils", "in small areas of IDACI bands A to F", width=6)
    low_prior = Column("i8", "pupils/10", "below the expected standard at 5 or at 11")
    eal3 = Column("i8", "pupils", "not English, under three years in English schools")
    mobile = Column("i8", "pupils", "joined outside the normal time in three years")
    groups = Column("i8", "pupils", "by results group", width=5)
    with_support = Column("i8", "pupils", "with SEN support")
    with_plan = Column("i8", "pupils", "with an education, health and care plan")
    depth = Column("i8", "pupils", "on steps of low income, by place", width=10, optional=True)
    fsm_counted = Column(
        "i8", "pupils", "eligible now by the rule that money follows", optional=True
    )
    ever6_counted = Column("i8", "pupils", "the same, at any time in six years", optional=True)
    more_meals = Column(
        "i8", "pupils", "from Year 3 on, who eat free by that rule only", optional=True
    )
    reached = Column(
        "i8", "pupils", "whom programmes for disadvantaged pupils are for", optional=True
    )

    budget = Column("i8", "pence a year", "all grants")
    premium = Column("i8", "pence a year", "pupil premium, part of the budget")
    targeted = Column("i8", "pence a year", "targeted money, part of the budget")
    sparsity = Column("i8", "pence a year", "sparsity money, part of the budget")
    paid_pupils = Column("i8", "pupils", "pupils that the budget was paid for")
    spill = Column("i8", "pence a year", "what special needs take from the margin")
    margin = Column("i8", "pence a year", "budget less the cost of standard staffing")
    spend = Column("i8", "pence a year", "on each programme", width=5)
    granted = Column(
        "i8", "pence a year", "new money for each programme, no part of the budget", width=5
    )
    habit = Column("f4", "ratio", "own view of each programme's return, staff = 1", width=5)
    belief = Column("f4", "ratio", "perceived return of each programme, staff = 1", width=5)

    flow_all = Column("f4", "SD a year", "what money adds for every pupil, newest first", width=5)
    flow_dis = Column("f4", "SD a year", "further, for disadvantaged pupils", width=5)
    flow_reached = Column(
        "f4",
        "SD a year",
        "the same for those whom programmes reach, where these are others",
        width=5,
        optional=True,
    )
    flow_zero = Column("f4", "SD a year", "what money and teachers did in year 0; frozen")
    flow_dis_zero = Column("f4", "SD a year", "further, for disadvantaged pupils; frozen")
    eased = Column("f4", "share", "leaving avoided by spending on retention")
    carried = Column("f4", "SD a year", "what a margin does through who stays, for every pupil")
    pay_more = Column("f4", "share of pay", "what the school's own margin adds to teachers' pay")
    trained = Column("f4", "share", "of a full dose of teachers' development that is bought")
    drawn = Column("f4", "share of posts", "recruits more than if all schools offered alike")
    leaving = Column("f4", "share a year", "teachers who leave the school")
    vacancy = Column("f4", "share", "posts vacant or filled for a time only")
    novice = Column("f4", "share", "teachers in their first two years")
    quality = Column("f4", "teacher SD", "mean effectiveness of teachers")
    teaching = Column("f4", "SD a year", "what turnover, novices and quality do to learning")

    appeal = Column("f4", "utility", "lasting popularity, set so that rolls are as published")
    reputation = Column("f4", "school SD", "smoothed progress of pupils, as parents see it")
    intake = Column("f4", "school SD", "mean household income of pupils, less the area's")

    gap_level = Column("i8", "SD / 2^20", "results of leavers: see GAP_SUMS; 3 years", width=_GAPS)
    gap_progress = Column("i8", "SD / 2^20", "the same for progress; 3 years", width=_GAPS)


class Placed(Protocol):
    """A table whose rows lie in areas."""

    @property
    def area(self) -> Int32s:
        """Row of the area of each row."""


@dataclass
class Near:
    """Schools that families of a small area can think of, nearest first.

    Attributes:
        school: int32 (homes, candidates), row of the school or -1.
        km: float32, straight-line kilometres.
        across: bool, whether the school lies in another area than the home.
    """

    school: NDArray[np.int32]
    km: NDArray[np.float32]
    across: NDArray[np.bool_]


@dataclass
class World:
    """Everything that exists; the tables that change are copied for a branch, the rest shared."""

    key: Key
    areas: Areas
    small: SmallAreas
    schools: Schools
    near: tuple[Near, Near]
    around: NDArray[np.int32]
    heritage: NDArray[np.float64]
    cell_income: NDArray[np.float32]
    under: NDArray[np.float32]
    facts: AreaFacts
    first_year: int
    cohorts: dict[int, Pupils] = field(default_factory=dict)
    wanted: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    @property
    def primaries(self) -> int:
        """How many schools are primaries: rows before this one."""
        return int(np.searchsorted(self.schools.phase, 1))

    def rows(self, phase: int) -> slice:
        """Rows of the schools of a phase."""
        first = self.primaries
        return slice(0, first) if phase == PRIMARY else slice(first, len(self.schools))

    def enrolled(self, pupils: Pupils) -> Bools:
        """Return who of a cohort has a school here."""
        return np.asarray(pupils.school < len(self.schools))

    def weight_of(self, rows: Placed) -> Int64s:
        """Return how many areas like its own each school, small area or person stands for."""
        return np.asarray(self.areas.weight[rows.area])

    def copy(self) -> World:
        """Return a branch: its own areas, schools and children, the same places."""
        cohorts = {year: pupils.copy() for year, pupils in self.cohorts.items()}
        return replace(self, areas=self.areas.copy(), schools=self.schools.copy(), cohorts=cohorts)
