"""Teachers: who leaves, who comes, and what it does."""

from __future__ import annotations

from dataclasses import replace

from sim.model import teachers
from tests.model.stage import before, columns, written

STAFF = columns("schools", "leaving vacancy novice quality teaching")


def test_it_writes_the_staff_of_schools() -> None:
    with before(teachers.staff_schools, without="teachers_market") as nation:
        assert written(nation, teachers.staff_schools) == STAFF


def test_it_reads_what_schools_spend_on_keeping_teachers() -> None:
    found = []
    for eased in (0.0, 0.05):
        with before(teachers.staff_schools) as nation:
            nation.world.schools.eased = eased
            teachers.staff_schools(nation, nation.year)
            found.append(float(nation.world.schools.leaving.mean()))
    assert found[1] < found[0]


def test_switched_off_it_writes_nothing() -> None:
    with before(teachers.staff_schools, without="teachers") as nation:
        assert written(nation, teachers.staff_schools) == set()


def test_where_teachers_hear_of_money_it_also_writes_whom_offers_draw() -> None:
    with before(teachers.staff_schools) as nation:
        nation.terms = replace(
            nation.terms, on=nation.terms.on.model_copy(update={"teachers_market": True})
        )
        nation.world.schools.pay_more[::2] = 0.05
        assert written(nation, teachers.staff_schools) == STAFF | {"schools.drawn"}
