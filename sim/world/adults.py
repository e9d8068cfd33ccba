"""Young people after school: one block a cohort, from the autumn after Year 11 to age 30.

Rows stay in the order in which the children left school and are never moved. Only children who
were on a roll in Year 11 are here.
"""

from __future__ import annotations

from sim.codes import NOWHERE, OFFER_NOT_APPLIED, STARTING_AGE
from sim.columns import Column
from sim.world.cohort import Cohort

__all__ = ["Adults"]


class Adults(Cohort):
    """One cohort from the autumn after Year 11 (age 17 in that school year) to age 30."""

    id = Column("u4", "id", "the child's id")
    small = Column("i4", "row", "small area of the home at 16")
    area = Column("i4", "row", "area of the home at 16")
    heritage = Column("i1", "index", "ethnic-migration background, eleven groups")
    occupation = Column("i1", "index", "parents': 0 professional, 1 intermediate, 2 working")
    girl = Column("b1", "yes/no", "woman")
    fsm15 = Column("b1", "yes/no", "registered for FSM at 15, without transitional protection")
    ever6 = Column("b1", "yes/no", "registered at any time in the last six years of school")
    group = Column("i1", "index", "results group at 16, 0 = other; frozen")
    fifth = Column(
        "i1", "1 to 5", "national deprivation fifth of the small area, 1 = most deprived"
    )
    score = Column("f4", "SD", "what Attainment 8 at 16 counts for later, score of year 0")
    trait = Column("f4", "SD", "what Level 3 and higher education share beyond attainment")

    route = Column(
        "i1", "index", "`sim.codes.ROUTES`: where they are six months after Year 11", fill=-1
    )
    sustained = Column("b1", "yes/no", "in education, training or work for those six months")
    level2 = Column("b1", "yes/no", "five good GCSEs or the like by 19")
    level3 = Column("i1", "index", "by 19: 0 none, 1 academic, 2 technical")
    entered = Column("i1", "index", "higher education by 19: 0 no, 1 yes, 2 high tariff")
    university = Column("i2", "row", "university entered; -1 none", fill=-1)
    at_home = Column("b1", "yes/no", "lives with the family while studying")
    degree = Column("i1", "index", "0 none, 1 lower class, 2 first or upper second, 3 later degree")
    offer = Column(
        "i1",
        "index",
        "schemes: -1 not applied, 0 none, 1 sifted in, 2 offer",
        fill=OFFER_NOT_APPLIED,
    )

    spells = Column("u2", "bits", "years without work or study, from 19 (lowest) to 30")
    without_work = Column("b1", "yes/no", "neither studies nor looks for work this year")
    job = Column("i1", "index", "`sim.codes.JOBS`: 0 none yet, 1 lower, 2 middle, 3 professional")
    market = Column("i1", "index", "labour market of the job; -1 none", fill=NOWHERE)
    region = Column("i1", "index", "region of work, as of areas; -1 none", fill=NOWHERE)
    grade_of_job = Column("i1", "steps", "promotions so far")
    stepped = Column("b1", "yes/no", "took a step this year")
    pay = Column("f4", "GBP a year", "pay in prices of the base year; 0 without work")
    moved = Column("b1", "yes/no", "works too far from home to go there every day")
    left_to_get_on = Column("b1", "yes/no", "moved because the job was not to be had at home")

    def age(self, year: int) -> int:
        """Return the age in years at the end of that school year: 16 at the end of Year 11."""
        return self.grade(year) + STARTING_AGE
