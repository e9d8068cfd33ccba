"""Assessment: marks at 5, 11 and 16."""

from __future__ import annotations

import numpy as np

from sim.codes import LAST_GRADE, STARTING_AGE
from sim.model import assessment
from sim.year.assessment import ASSESSED
from tests.model.stage import before, columns, written


def test_it_writes_marks_and_keeps_those_at_16() -> None:
    with before(assessment.mark) as nation:
        assert written(nation, assessment.mark) == columns("pupils", "early ks2")
        oldest = nation.world.cohorts[nation.year - STARTING_AGE - LAST_GRADE]
        assert nation.made.marks_at_16.shape == (oldest.rows,)


def test_only_the_years_that_are_assessed_get_a_mark() -> None:
    with before(assessment.mark) as nation:
        was = {p.birth_year: (p.early.copy(), p.ks2.copy()) for p in nation.world.cohorts.values()}
        assessment.mark(nation, nation.year)
        changed = {
            p.grade(nation.year)
            for p in nation.world.cohorts.values()
            if not all(map(same, was[p.birth_year], (p.early, p.ks2)))
        }
        assert changed == set(ASSESSED) - {LAST_GRADE}


def same(one: np.ndarray, other: np.ndarray) -> bool:
    return np.array_equal(one, other, equal_nan=True)


def test_switched_off_marks_are_attainment_without_error() -> None:
    with before(assessment.mark, without="assessment") as nation:
        assessment.mark(nation, nation.year)
        oldest = nation.world.cohorts[nation.year - STARTING_AGE - LAST_GRADE]
        here = np.isfinite(oldest.ks2)  # who came late falls short of the others
        marks = nation.made.marks_at_16[here]
        assert np.corrcoef(oldest.attain[here], marks)[0, 1] > 1 - 1e-6


def test_without_anybody_of_16_there_are_no_marks_at_16() -> None:
    with before(assessment.mark) as nation:
        nation.world.cohorts.pop(nation.year - STARTING_AGE - LAST_GRADE)
        found = assessment.assess(nation.world, nation.year, nation.terms, nation.crew)
        assert found.size == 0
