"""Higher education: entry, degrees, and what universities decide."""

from __future__ import annotations

import numpy as np

from sim.codes import GRADUATION_GRADE, LEVELS_GRADE
from sim.model import higher
from sim.nation import by_grade
from tests.model.stage import before, columns, written

WRITTEN = columns("adults", "entered university at_home degree") | columns(
    "universities", "entrants places"
)


def test_it_writes_entry_degrees_and_places() -> None:
    with before(higher.go_to_university) as nation:
        assert written(nation, higher.go_to_university) == WRITTEN
        table, world = nation.after.universities, nation.world
        young = by_grade(nation.after, nation.year)[LEVELS_GRADE]
        went = young.university >= 0
        assert table.entrants.sum() == world.weight_of(young)[went].sum()


def test_it_reads_levels_and_without_level_3_few_enter() -> None:
    with before(higher.go_to_university) as nation:
        young = by_grade(nation.after, nation.year)[LEVELS_GRADE]
        young.level3 = np.where(np.arange(young.rows) % 2, 2, 0)
        higher.go_to_university(nation, nation.year)
        entered = young.entered > 0
        assert entered[1::2].mean() > 3 * entered[::2].mean()


def test_switched_off_nobody_enters() -> None:
    with before(higher.go_to_university, without="higher") as nation:
        higher.go_to_university(nation, nation.year)
        assert not by_grade(nation.after, nation.year)[LEVELS_GRADE].entered.any()


def test_universities_support_students_as_the_policy_asks() -> None:
    with before(higher.go_to_university, scenario="student_success") as nation:
        higher.go_to_university(nation, nation.year)
        assert (nation.after.universities.support == 1).all()
        ledger = list(higher.bought(nation, nation.year))
        assert [people.grade(nation.year) for people, _ in ledger] == list(
            range(LEVELS_GRADE, GRADUATION_GRADE)
        )
        for people, units in ledger:
            given = units["higher.student_success"]
            assert set(np.unique(given)) == {0, 1}
            assert (people.entered[given > 0] > 0).all() and (people.fifth[given > 0] <= 2).all()
