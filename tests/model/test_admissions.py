"""Admissions: Reception and Year 7 enter schools, others move."""

from __future__ import annotations

import numpy as np

from sim.codes import FIRST_SECONDARY, STARTING_AGE, phase_of
from sim.model import admissions
from sim.world.tables import World
from tests.model.stage import before, columns, written

WRITTEN = {"schools.seats"} | columns("pupils", "school since attain made ks2 needs attends")


def in_the_right_school(world: World, year: int) -> bool:
    """Whether everybody on a roll has a school of the phase, and nobody else has one."""
    for cohort in world.cohorts.values():
        grade = cohort.grade(year)
        rows, here = world.rows(phase_of(grade)), cohort.on_roll(grade)
        inside = (cohort.school >= rows.start) & (cohort.school < rows.stop)
        if not np.array_equal(here, inside):
            return False
    return True


def test_it_writes_places_and_what_children_bring() -> None:
    with before(admissions.admit) as nation:
        assert not in_the_right_school(nation.world, nation.year)
        assert written(nation, admissions.admit) == WRITTEN
        assert in_the_right_school(nation.world, nation.year)


def test_it_reads_who_is_on_a_roll_and_offers_seats_for_them() -> None:
    with before(admissions.admit) as nation:
        admissions.admit(nation, nation.year)
        applicants = sum(int(phase.sum()) for phase in nation.made.applicants)
        entering = [nation.world.cohorts[nation.year - STARTING_AGE - g]
                    for g in (0, FIRST_SECONDARY)]  # fmt: skip
        assert applicants == sum(p.on_roll(p.grade(nation.year)).sum() for p in entering)
        assert nation.world.schools.seats.sum() >= applicants


def test_without_moves_only_who_comes_or_goes_has_another_school() -> None:
    with before(admissions.admit, without="moves") as nation:
        cohort = nation.world.cohorts[nation.year - STARTING_AGE - 3]
        nobody = len(nation.world.schools)
        was = dict(zip(cohort.id.tolist(), cohort.school.tolist(), strict=True))
        admissions.admit(nation, nation.year)
        now = dict(zip(cohort.id.tolist(), cohort.school.tolist(), strict=True))
        changed = [one for one in now if now[one] != was[one]]
        assert changed
        assert all(nobody in (was[one], now[one]) for one in changed)


def test_without_preferences_nearly_all_go_to_the_nearest_school() -> None:
    shares = []
    for off in ("", "admissions"):
        with before(admissions.admit, without=off) as nation:
            admissions.admit(nation, nation.year)
            new = nation.world.cohorts[nation.year - STARTING_AGE]
            nearest = nation.world.near[0].school[new.small, 0]
            shares.append(float((new.school == nearest)[nation.world.enrolled(new)].mean()))
    assert shares[1] > shares[0]


def test_how_far_a_school_is_behind_its_known_roll_adds_up_to_nothing() -> None:
    with before(admissions.admit) as nation:
        world, year = nation.world, nation.year
        behind = admissions.behind_known_roll(world, 0, year, over=0)
        rows = world.rows(0)
        market = world.areas.market[world.schools.area[rows]]
        assert np.abs(np.bincount(market, behind)).max() < 1e-6
        there = [p for p in world.cohorts.values() if 0 < p.grade(year) < FIRST_SECONDARY]
        roll = sum(np.bincount(p.school, minlength=len(world.schools) + 1)[rows] for p in there)
        share = np.bincount(market, roll)[market] * world.schools.share[rows]
        assert np.allclose(behind, share - roll)


def test_a_school_behind_its_known_roll_has_as_many_more_places_and_one_ahead_fewer() -> None:
    with before(admissions.admit) as nation:
        world, year = nation.world, nation.year
        pupils, rows = world.cohorts[year - STARTING_AGE], world.rows(0)
        usual, _ = admissions.apply(world, pupils, year, nation.terms)
        behind = np.where(np.arange(rows.stop) % 2, 7.4, -4.0)
        entry, _ = admissions.apply(world, pupils, year, nation.terms, behind=behind)
        assert np.array_equal(entry.seats, np.maximum(np.rint(usual.seats + behind), 1))
