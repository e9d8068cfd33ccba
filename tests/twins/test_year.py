"""Households, learning and marks equal their plain twins bit for bit."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from sim.world.pupils import Pupils
from sim.world.schooling import SchoolTerms, Taught
from sim.year import assessment, households, learning
from tests.twins import plain_year as plain
from tests.twins.cohorts import (
    FIRST,
    HOMES,
    KEY,
    NOBODY,
    SCHOOLS,
    cohort,
    same_bits,
    switches,
    values,
)

EVER6 = 0b1111_1111
F = np.float32


# ---- Households --------------------------------------------------------------------------------


def household(pupils: Pupils, i: int) -> plain.Household:
    columns = (pupils.id, pupils.income, pupils.claims, pupils.transitory, pupils.registered)
    who, income, claims, transitory, registered = (column[i] for column in columns)
    return plain.Household(
        int(who), income, claims, transitory, int(registered), int(pupils.spells[i]),
        int(pupils.come[i]),
    )  # fmt: skip


@pytest.mark.parametrize("grade", [0, 1, 6, 11])
def test_a_year_of_households_equals_its_twin(grade: int) -> None:
    pupils = cohort(1300)
    homes = [household(pupils, i) for i in range(pupils.rows)]
    people = values().people
    year = pupils.birth_year + 5 + grade
    households.turn(pupils, year, KEY, households.path(people))
    for home in homes:
        for at in (-1, 0) if grade == 0 else (grade,):
            home.turn(year - grade + at, at, KEY, people)
    assert same_bits(pupils.transitory, [home.transitory for home in homes])
    assert pupils.registered.tolist() == [home.registered for home in homes]
    assert pupils.spells.tolist() == [home.spells for home in homes]


def test_a_whole_childhood_relived_equals_its_twin() -> None:
    pupils = cohort(200)
    pupils.registered, pupils.spells, pupils.transitory = 0, 0, 0
    homes = [household(pupils, i) for i in range(pupils.rows)]
    people = values().people
    households.relive(pupils, pupils.birth_year + 5 + 9, KEY, households.path(people))
    for home in homes:
        for grade in range(-1, 10):
            home.turn(pupils.birth_year + 5 + grade, grade, KEY, people)
    assert same_bits(pupils.transitory, [home.transitory for home in homes])
    assert pupils.registered.tolist() == [home.registered for home in homes]


@pytest.mark.parametrize("grade", [0, 3, 11])
def test_below_the_critical_shift_of_income_a_child_is_eligible_and_above_it_is_not(
    grade: int,
) -> None:
    people = values().people
    walk = households.path(people)
    for push, eligible in ((-1e-4, True), (1e-4, False)):
        pupils = cohort(800)
        pupils.come = np.minimum(
            pupils.come, grade
        )  # who is yet to come can be made eligible by none
        pupils.registered, pupils.spells, pupils.transitory = 0, 0, 0
        year = pupils.birth_year + 5 + grade
        pupils.income = pupils.income + households.critical_shift(pupils, year, KEY, walk) + push
        households.relive(pupils, year, KEY, walk)
        seen = (pupils.registered & households.eligibility(protected=True).fsm) != 0
        assert np.all(seen == eligible)


# ---- Learning ----------------------------------------------------------------------------------


def school_terms() -> SchoolTerms:
    draw = np.random.default_rng(8)
    return SchoolTerms(
        *((s * draw.standard_normal(FIRST + SCHOOLS)).astype(F) for s in (0.3, 0.1, 0.02, 0.02))
    )


def columns_of(pupils: Pupils, row: int) -> dict[str, Any]:
    """What the twin of a child holds under the names of columns: whole numbers as Python's."""
    names = {field.name for field in fields(plain.Child)} & set(Pupils.columns)
    found = {name: pupils.get(name)[row] for name in names}
    return {n: v if isinstance(v, np.floating) else v.item() for n, v in found.items()}


def classes(pupils: Pupils) -> list[tuple[int, list[plain.Child]]]:
    """Children by row of their school, in order; the last are on no roll."""
    found: dict[int, list[plain.Child]] = {}
    for i in range(pupils.rows):
        poor = bool(pupils.registered[i] & EVER6)
        child = plain.Child(who=int(pupils.id[i]), poor=poor, **columns_of(pupils, i))
        found.setdefault(int(pupils.school[i]), []).append(child)
    return sorted(found.items())


@pytest.mark.parametrize("grade", [0, 1, 6, 7, 11])
def test_a_year_of_learning_equals_its_twin(grade: int) -> None:
    pupils = cohort(700)
    pupils.registered[::17] = 1 << 9  # long ago: no longer disadvantaged
    rooms = classes(pupils)
    year = pupils.birth_year + 5 + grade
    given = school_terms()
    learning.grow(pupils, year, KEY, values(), switches(), EVER6, Taught(given, given))
    for row, children in rooms:
        school = plain.School(*(term[row] for term in given)) if row != NOBODY else None
        if grade > 0:
            plain.grow(children, school, grade, year, KEY, values())
        elif school is not None:
            plain.reception(children, school)
    told = [child for _, children in rooms for child in children]
    assert same_bits(pupils.attain, [child.attain for child in told])
    assert same_bits(pupils.made, [child.made for child in told])


def test_what_children_bring_to_reception_equals_its_twin() -> None:
    pupils, draw = cohort(700), np.random.default_rng(5)
    support, place = (draw.standard_normal((2, HOMES)) / 5).astype(F)
    told, luck = [child for _, room in classes(pupils) for child in room], pupils.attain.copy()
    learning.endow(pupils, values(), switches(), learning.Ground(support, place), EVER6)
    for i, child in enumerate(told):
        home = int(pupils.small[i])
        plain.endow(child, support[home], place[home], luck[i], values())
    assert same_bits(pupils.attain, [child.attain for child in told])
    assert same_bits(pupils.made, [child.made for child in told])
    assert (pupils.made[pupils.come > 0] == 0).all()


# ---- Marks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("at", "grade"), list(enumerate(assessment.ASSESSED)))
def test_marks_equal_their_twin(at: int, grade: int) -> None:
    pupils = cohort(1300)
    year = pupils.birth_year + 5 + grade
    scale = assessment.scale(values().assessment, switches(), grade)
    found = assessment.marks(pupils, year, KEY, scale)
    told = [
        plain.mark(int(who), attain, at, year, KEY, values().assessment)
        for who, attain in zip(pupils.id, pupils.attain, strict=True)
    ]
    assert same_bits(found, told)
