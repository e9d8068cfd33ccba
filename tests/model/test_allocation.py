"""Allocation: last year's census pays this year's schools."""

from __future__ import annotations

import numpy as np

from sim.model import allocation
from tests.model.stage import before, columns, written

MONEY = columns("schools", "budget premium sparsity paid_pupils")


def test_it_writes_money_and_keeps_the_grants() -> None:
    with before(allocation.pay_schools) as nation:
        assert written(nation, allocation.pay_schools) == MONEY
        schools, made = nation.world.schools, nation.made
        assert (schools.budget == made.grants.total).all()
        assert (schools.paid_pupils == made.census.pupils).all()


def test_targeted_money_is_written_where_a_policy_targets() -> None:
    with before(allocation.pay_schools, scenario="pupil_need") as nation:
        assert "schools.targeted" in written(nation, allocation.pay_schools)


def test_it_reads_last_years_rolls() -> None:
    with before(allocation.pay_schools) as nation:
        schools = nation.world.schools
        largest = int(schools.pupils.argmax())
        for column in ("pupils", "fsm", "ever6", "mobile", "eal3", "low_prior"):
            schools.get(column)[largest] = 0
        schools.get("idaci")[largest] = 0
        allocation.pay_schools(nation, nation.year)
        assert schools.budget[largest] == 0, "a school without a pupil is closed"


def test_the_census_of_a_year_is_a_copy() -> None:
    with before(allocation.pay_schools) as nation:
        census = allocation.census(nation)
        nation.world.schools.pupils = 0
        assert census.pupils.sum() > 0


def test_switched_off_nothing_is_known_of_needs() -> None:
    with before(allocation.pay_schools, without="allocation") as nation:
        census = allocation.census(nation)
        assert not np.concatenate([census.fsm, census.ever6, census.mobile]).any()
        assert not census.idaci.any()
