"""Teachers, worked by hand for two schools."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim import rng
from sim.rng import Key, Purpose
from sim.world.tables import Areas, Schools
from sim.year import returns, teachers
from tests.twins.cohorts import believed, switches

KEY = Key(3, 0)
KNOWN: dict[str, Any] = {
    "school_part": 0.75, "ever6_mean": 0.25, "recruit_sorting": (0.1, 0.2), "leaving": 0.15,
    "leaving_slope": 0.2, "novice_recruits": 0.4, "novice_slope": 0.2, "leaving_sd": 0.0,
    "recruit_sd": 0.0, "vacancy": 0.02, "vacancy_isolation": 0.01, "vacancy_leaving": 0.1,
    "effect_sd": 0.13, "turnover_harm": 0.08, "novice_penalty": 0.07, "vacancy_harm": 0.06,
}  # fmt: skip


def beliefs(**changes: Any) -> Any:
    return believed(teachers={**KNOWN, **changes})


def places() -> tuple[Schools, Areas]:
    """A secondary with many disadvantaged pupils in a poor, far place, and a primary with few."""
    schools, areas = Schools(2), Areas(2)
    schools.id, schools.phase, schools.area = [7, 8], [1, 0], [0, 1]
    schools.pupils, schools.ever6 = [1000, 200], [500, 20]
    areas.ever6_share, areas.log_isolation = [0.4, 0.2], [1.5, -0.5]
    return schools, areas


def test_a_school_is_hard_to_staff_by_its_own_and_its_areas_disadvantage() -> None:
    schools, areas = places()
    found = teachers.difficulty(schools, areas, beliefs().teachers)
    assert found.tolist() == pytest.approx([0.75 * 0.5 + 0.25 * 0.4 - 0.25, 0.125 - 0.25])
    schools.pupils = 0
    assert teachers.difficulty(schools, areas, beliefs().teachers).tolist() == [0, 0]


def test_a_settled_staff_worked_by_hand() -> None:
    schools, areas = places()
    teachers.settle(schools, areas, beliefs(), switches())
    hard = 0.225
    leaving, recruits = 0.15 + 0.2 * hard, 0.4 + 0.2 * hard
    assert schools.leaving[0] == pytest.approx(leaving)
    assert schools.novice[0] == pytest.approx(2 * leaving * recruits)
    assert schools.quality[0] == pytest.approx(-0.2 * hard)
    assert schools.quality[1] == pytest.approx(0.1 * 0.125)


def test_without_luck_and_money_a_settled_staff_stays_as_it_is() -> None:
    schools, areas = places()
    teachers.settle(schools, areas, beliefs(), switches())
    before = {name: schools.get(name).copy() for name in ("leaving", "novice", "quality")}
    for year in range(2020, 2030):
        teachers.staff(schools, areas, year, KEY, beliefs(), switches())
    for name, values in before.items():
        assert schools.get(name) == pytest.approx(values, abs=1e-6), name


def test_vacancies_follow_isolation_and_leaving() -> None:
    schools, areas = places()
    teachers.staff(schools, areas, 2020, KEY, beliefs(), switches())
    assert schools.vacancy[0] == pytest.approx(0.02 + 0.01 * 1.5 + 0.1 * 0.2 * 0.225)
    assert schools.vacancy[1] == pytest.approx(0.02 - 0.005 - 0.1 * 0.2 * 0.125)


def test_what_teachers_do_to_learning_worked_by_hand() -> None:
    schools, areas = places()
    teachers.settle(schools, areas, beliefs(), switches())
    teachers.staff(schools, areas, 2020, KEY, beliefs(), switches())
    hard = 0.225
    leaving, recruits = 0.15 + 0.2 * hard, 0.4 + 0.2 * hard
    assert schools.teaching[0] == pytest.approx(
        0.13 * -0.2 * hard
        - 0.08 * 0.2 * hard
        - 0.07 * 2 * (leaving * recruits - 0.15 * 0.4)
        - 0.06 * (0.01 * 1.5 + 0.1 * 0.2 * hard),
        abs=1e-6,
    )


def test_money_that_keeps_teachers_is_worth_what_plans_count_on() -> None:
    """A share that leaves no longer spares its turnover, two years of novices and vacancies."""
    known = beliefs(novice_slope=0.0)
    schools, areas = places()
    teachers.settle(schools, areas, known, switches())
    for year in range(2020, 2040):
        teachers.staff(schools, areas, year, KEY, known, switches())
    before = schools.teaching.copy()
    schools.eased = 0.03
    for year in range(2040, 2060):
        teachers.staff(schools, areas, year, KEY, known, switches())
    # Quality apart: who stays longer stays as good as before, which takes the longer to change.
    gained = (schools.teaching - before) / 0.03
    assert gained == pytest.approx(returns.harm(known.teachers), rel=1e-3)


def test_luck_is_keyed_and_of_the_believed_size() -> None:
    many, areas = Schools(20_000), Areas(1)
    many.id, many.pupils, many.ever6 = np.arange(20_000), 100, 25
    areas.ever6_share = 0.25
    known = beliefs(leaving_sd=0.03, recruit_sd=0.2)
    teachers.staff(many, areas, 2020, KEY, known, switches())
    luck = rng.normals(rng.words(KEY, many.id, Purpose.SCHOOL_YEAR, year=2020)[:2])
    assert many.leaving == pytest.approx(0.15 + 0.03 * luck[1], abs=1e-6)
    assert many.quality == pytest.approx(many.leaving * 0.2 * luck[0], abs=1e-6)
    assert many.leaving.std() == pytest.approx(0.03, rel=0.03)


def test_switched_off_all_schools_are_staffed_alike() -> None:
    schools, areas = places()
    for act in (
        lambda: teachers.settle(schools, areas, beliefs(), switches(teachers=False)),
        lambda: teachers.staff(schools, areas, 2020, KEY, beliefs(), switches(teachers=False)),
    ):
        act()
        for name in ("leaving", "novice", "quality", "vacancy", "teaching"):
            assert not schools.get(name).any()


def test_shares_stay_shares_whatever_happens() -> None:
    schools, areas = places()
    known = beliefs(leaving=0.9, leaving_slope=3.0, vacancy=0.9, vacancy_isolation=2.0)
    for eased in (0.0, 5.0):
        schools.eased = eased
        for year in range(2020, 2024):
            teachers.staff(schools, areas, year, KEY, known, switches())
        for name in ("leaving", "novice", "vacancy"):
            assert np.all((schools.get(name) >= 0) & (schools.get(name) <= 1)), name
