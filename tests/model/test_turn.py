"""The year turns: the oldest leave, a Reception is born, households have a year."""

from __future__ import annotations

import numpy as np

from sim.codes import LAST_GRADE, STARTING_AGE
from sim.model import turn
from tests.model.stage import before, columns, written

HOUSEHOLDS = columns("pupils", "transitory registered spells")


def test_it_writes_households_and_cohorts_come_and_go() -> None:
    with before(turn.turn_year) as nation:
        year, oldest = nation.year, nation.world.cohorts[nation.year - STARTING_AGE - LAST_GRADE]
        assert written(nation, turn.turn_year) == HOUSEHOLDS | {"pupils", "adults"}
        assert nation.year == year + 1
        assert oldest.birth_year not in nation.world.cohorts
        assert oldest.birth_year in nation.after.adults
        assert nation.year - STARTING_AGE in nation.world.cohorts


def test_the_newborn_have_homes_and_parents_and_no_school_yet() -> None:
    with before(turn.turn_year) as nation:
        turn.turn_year(nation, nation.year)
        young = nation.world.cohorts[nation.year - STARTING_AGE]
        assert (young.school == len(nation.world.schools)).all()
        assert np.unique(young.id).size == young.rows
        assert abs(young.parents.mean()) < 0.2


def test_where_incomes_are_high_nobody_is_registered() -> None:
    with before(turn.turn_year) as nation:
        for cohort in nation.world.cohorts.values():
            cohort.income = 50
        turn.register(nation.world, nation.year + 1, nation.terms, nation.crew)
        assert not any((p.registered & 1).any() for p in nation.world.cohorts.values())
