"""Learning: what children have on entry, and learn in a year."""

from __future__ import annotations

import numpy as np

from sim.codes import STARTING_AGE
from sim.model import learning
from tests.model.stage import before, columns, written


def test_it_writes_attainment_and_what_schools_made_of_it() -> None:
    with before(learning.teach) as nation:
        assert written(nation, learning.teach) == columns("pupils", "attain made added")


def test_it_reads_what_money_adds_in_a_school() -> None:
    found = []
    for flow in (0.0, 0.5):
        with before(learning.teach) as nation:
            nation.world.schools.flow_all = flow
            learning.teach(nation, nation.year)
            children = np.concatenate([p.attain for p in nation.world.cohorts.values()])
            found.append(float(children.mean()))
    assert 0.4 < found[1] - found[0] <= 0.5


def test_switched_off_nobody_learns() -> None:
    with before(learning.teach, without="learning") as nation:
        assert written(nation, learning.teach) == set()


def test_children_are_endowed_with_more_where_there_is_early_support() -> None:
    found = []
    for off in ("", "early_support"):
        with before(learning.teach, without=off) as nation:
            young = nation.world.cohorts[nation.year - STARTING_AGE].copy()
            young.attain, young.registered = 0, 1
            learning.endow(nation.world, young, nation.terms)
            found.append(float(young.attain.mean()))
    assert found[0] > found[1]


def test_registrations_count_from_the_year_that_is_lived_again() -> None:
    with before(learning.teach) as nation:
        now = learning.ever6_bits(nation.terms, 0)
        assert learning.ever6_bits(nation.terms, 2) == now << 2 & learning.REGISTER
