"""Teachers: who leaves, who comes, how many are new to the work, and what it does to learning.

Posts are harder to fill where many pupils are disadvantaged and where the place is isolated. A
school's mean quality changes only through who leaves and who is recruited.

References:
    Allen and Sims (2018); Ronfeldt, Loeb and Wyckoff (2013) on turnover; Rockoff (2004) on
    novices; Slater, Davies and Burgess (2012) on the spread of teacher effectiveness.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim import rng
from sim.codes import SCHOOL_YEAR_LEAVING, SCHOOL_YEAR_RECRUITS
from sim.config.models import Switches
from sim.config.values import TeachersBeliefs, Values
from sim.rng import Key, Purpose
from sim.world.tables import Areas, Schools

__all__ = ["Arrivals", "Labour", "difficulty", "settle", "staff", "usual_leaving"]

Floats = NDArray[np.float64]


class Arrivals(Protocol):
    """What offers of schools change in who comes, see `sim.year.staffing.Arrivals`."""

    @property
    def vacancy(self) -> Floats:
        """Further posts left open, share."""

    @property
    def novices(self) -> Floats:
        """Further share of novices among recruits."""

    @property
    def quality(self) -> Floats:
        """What is added to the quality of recruits, teacher SD."""


class Labour(Protocol):
    """A market in which teachers hear of money, see `sim.year.staffing.Market`."""

    @property
    def level(self) -> float:
        """What who stays for offers of year 0 does for a year's learning, SD."""

    def stay(self, leaving: Floats) -> Floats:
        """Return the share that leaves once offers count."""

    def arrive(self, leaving: Floats, vacancy: Floats, novices: Floats) -> Arrivals:
        """Return what offers change in who comes."""


def difficulty(schools: Schools, areas: Areas, teachers: TeachersBeliefs) -> Floats:
    """Return how hard a school is to staff: ever-6 share of school and area, less the mean."""
    share = schools.ever6 / np.maximum(schools.pupils, 1)
    part = teachers.school_part
    local = part * share + (1 - part) * areas.ever6_share[schools.area]
    return np.where(schools.pupils > 0, local - teachers.ever6_mean, 0.0)


def _expected(
    schools: Schools, areas: Areas, teachers: TeachersBeliefs
) -> tuple[Floats, Floats, Floats]:
    """Return leaving, recruits who are novices, and recruits' quality, before luck and money."""
    hard = difficulty(schools, areas, teachers)
    sorting = np.asarray(teachers.recruit_sorting)[schools.phase]
    leaving = teachers.leaving + teachers.leaving_slope * hard
    novices = teachers.novice_recruits + teachers.novice_slope * hard
    return leaving, np.clip(novices, 0, 1), -sorting * hard


def usual_leaving(schools: Schools, areas: Areas, teachers: TeachersBeliefs) -> Floats:
    """Return the share that leaves each school by hardship, before luck and money."""
    return _expected(schools, areas, teachers)[0]


def settle(schools: Schools, areas: Areas, values: Values, on: Switches) -> None:
    """Put every school's staff where they would be after many years like this one."""
    if not on.teachers:
        return
    leaving, novices, quality = _expected(schools, areas, values.teachers)
    leaving = leaving - schools.eased
    schools.leaving = np.clip(leaving, 0, 1)
    schools.novice = np.clip(2 * leaving * novices, 0, 1)
    schools.quality = quality
    schools.teaching = _teaching(schools, values.teachers)


def staff(
    schools: Schools,
    areas: Areas,
    year: int,
    key: Key,
    values: Values,
    on: Switches,
    market: Labour | None = None,
) -> None:
    """Let teachers leave and be replaced for a year.

    Args:
        schools: Reads census, ``eased``; writes leaving, vacancy, novice, quality, teaching.
        areas: Reads isolation and ever-6 share.
        year: School year.
        key: Luck.
        values: Beliefs.
        on: Switches; with ``teachers`` off all schools are staffed alike.
        market: Where teachers hear of money; none: who leaves and comes hangs on hardship alone.
    """
    teachers = values.teachers
    if not on.teachers:
        return
    leaving, novices, quality = _expected(schools, areas, teachers)
    luck = rng.normals(rng.words(key, schools.id, Purpose.SCHOOL_YEAR, year=year))
    leaving = np.clip(
        leaving - schools.eased + teachers.leaving_sd * luck[SCHOOL_YEAR_LEAVING], 0, 1
    )
    if market is not None:
        leaving = market.stay(leaving)
    hardship = teachers.vacancy_isolation * areas.log_isolation[schools.area]
    schools.vacancy = np.clip(
        teachers.vacancy + hardship + teachers.vacancy_leaving * (leaving - teachers.leaving), 0, 1
    )
    if market is not None:
        came = market.arrive(leaving, schools.vacancy.astype(float), novices)
        schools.vacancy = np.clip(schools.vacancy + came.vacancy, 0, 1)
        novices = np.clip(novices + came.novices, 0, 1)
        quality = quality + came.quality
    fresh = leaving * novices
    schools.novice = np.clip(fresh + np.minimum(schools.novice, 1) * 0.5, 0, 1)
    recruits = quality + teachers.recruit_sd * luck[SCHOOL_YEAR_RECRUITS]
    schools.quality = schools.quality + leaving * (recruits - schools.quality)
    schools.leaving = leaving
    schools.teaching = _teaching(schools, teachers) + (0.0 if market is None else market.level)


def _teaching(schools: Schools, teachers: TeachersBeliefs) -> Floats:
    """Return what turnover, novices, vacancies and quality do to a year's learning, SD."""
    mean_novice = 2 * teachers.leaving * teachers.novice_recruits
    return np.asarray(
        teachers.effect_sd * schools.quality
        - teachers.turnover_harm * (schools.leaving - teachers.leaving)
        - teachers.novice_penalty * (schools.novice - mean_novice)
        - teachers.vacancy_harm * (schools.vacancy - teachers.vacancy)
    )
