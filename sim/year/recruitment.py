"""Recruitment: posts opened by labour market and level of job, and the queue that fills them.

Professional posts are filled first, then middle ones, then lower ones. Who finds no post of a
level, or refuses one far from home, goes on to the next level. People in lower and middle posts
search again now and then and give up their post only for one of a higher level; what they give up
is filled in the same market.

Posts follow the number of young people raised in a market and, with an elasticity between 0 and 1
(the *response*), how many of them qualify. At 0 no policy for schools can add a professional job.

References:
    Social Mobility Commission (2026), *State of the Nation*, for posts; Langella and Manning (2022)
    on distance and attachment.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import rng
from sim.arrays import Bools, Float64s, Int8s, Int32s, Int64s
from sim.codes import (
    DEGREE_GOOD,
    ENTRY_HIGH_TARIFF,
    GRADUATION_GRADE,
    JOB_COUNT,
    JOB_LEVEL_COUNT,
    JOB_LEVELS,
    JOB_LOWER,
    JOB_MIDDLE,
    JOB_NONE,
    JOB_PROFESSIONAL,
    JOB_SCORE,
    JOB_SCORE_BELOW,
    JOB_SEARCH,
    LAST_ADULT_GRADE,
    LEVEL3_ACADEMIC,
    LEVEL3_TECHNICAL,
    LEVELS_GRADE,
    NOWHERE,
    OCCUPATION_WORKING,
    OFFER_MADE,
)
from sim.config.values import RecruitmentBeliefs
from sim.crew import ALONE, Crew
from sim.kernel import kernel
from sim.markets.jobs import (
    Assignment,
    Demand,
    Liking,
    People,
    Places,
    Scene,
    assign,
    commutes,
    queue,
)
from sim.rng import Purpose
from sim.world.adults import Adults
from sim.world.employers import Employers

__all__ = [
    "FIRST_WORK_GRADE",
    "Seekers",
    "count",
    "open_posts",
    "recruit",
    "responded",
    "score",
    "seek",
]

FIRST_WORK_GRADE = LEVELS_GRADE
"""The labour market has people of this year group to `LAST_ADULT_GRADE`: 19 to 30 years old."""
_QUALIFIED_FROM = GRADUATION_GRADE + 1

Rows = NDArray[np.intp]


class Counted(NamedTuple):
    """What of a cohort is counted by labour market."""

    area: Int32s
    degree: Int8s
    level3: Int8s
    job: Int8s
    market: Int8s
    without_work: Bools


class Seekers(NamedTuple):
    """People of one cohort who look for a post."""

    rows: Rows
    people: People
    before: NDArray[np.int8]
    """Level of the post held; 0 none."""
    place: NDArray[np.int8]
    """Labour market of the post held; -1 none."""
    professional: NDArray[np.float32]
    """What employers rank them by for professional posts."""
    other: NDArray[np.float32]
    """The same for middle and lower posts."""


# ---- posts -------------------------------------------------------------------------------------


def open_posts(
    employers: Employers,
    cohorts: Sequence[Adults],
    places: Places,
    demand: Demand,
    scene: Scene[RecruitmentBeliefs],
    crew: Crew = ALONE,
) -> None:
    """Set posts and vacancies of the year by last year's supply; then note this year's supply.

    Args:
        employers: Written: posts, held, vacancies, supply.
        cohorts: Cohorts of adults; those of other ages are passed over.
        places: Areas' weights and labour markets.
        demand: Posts per person.
        scene: Beliefs about recruitment, switches, luck, year.
        crew: Threads.
    """
    young = _of_working_age(cohorts, scene)
    many = demand.layout.region.size
    wanted = np.zeros((many, JOB_LEVEL_COUNT))
    held = np.zeros((many, JOB_COUNT), np.int64)
    (heads, people), qualified = np.zeros((2, many)), np.zeros((many, 2))
    counts = crew.map(lambda adults: count(adults, places, many), young)
    for adults, (raised, able, has) in zip(young, counts, strict=True):
        grade = adults.grade(scene.year)
        wanted += raised[:, None] * demand.by_age[grade - FIRST_WORK_GRADE]
        held += has
        people += raised
        if grade >= _QUALIFIED_FROM:
            heads += raised
            qualified += able
    for column, level in enumerate((JOB_PROFESSIONAL, JOB_MIDDLE, JOB_LOWER)):
        rows = employers.at(level)
        follows = level != JOB_LOWER
        response = scene.beliefs.vacancy_response if follows else 0.0
        ratio = responded(employers.supply[rows], employers.supply_base[rows], response)
        if scene.on.local_work:
            share = 1 - held[:, JOB_NONE] / np.maximum(people, 1)
            ratio = ratio * _at_work(employers, rows, share, scene)
        posts = np.rint(wanted[:, column] * demand.per_leaver[:, column] * ratio)
        employers.posts[rows], employers.held[rows] = posts, held[:, level]
        employers.vacancies[rows] = np.maximum(employers.posts[rows] - held[:, level], 0)
        if follows:
            employers.supply[rows] = qualified[:, column] / np.maximum(heads, 1)


def _at_work(
    employers: Employers, rows: slice, share: Float64s, scene: Scene[RecruitmentBeliefs]
) -> Float64s:
    """Return posts over those there would be if nobody were out of work; notes the share who work.

    Published shares of levels are of people at work. From year 1 on posts follow those who look for
    work as they follow those who qualify: part of the way.
    """
    employers.at_work[rows] = share
    base = employers.at_work_base[rows]
    followed = responded(share, base, scene.beliefs.vacancy_response)
    return np.where(base > 0, base * followed, share)


def _of_working_age(cohorts: Sequence[Adults], scene: Scene[RecruitmentBeliefs]) -> list[Adults]:
    return [c for c in cohorts if FIRST_WORK_GRADE <= c.grade(scene.year) <= LAST_ADULT_GRADE]


def responded(supply: Float64s, base: Float64s, response: float) -> Float64s:
    """Return (supply / base) ** response: what vacancies are multiplied by; 1 without a base.

    >>> responded(np.array([0.5, 0.5]), np.array([0.4, 0.0]), 1.0)
    array([1.25, 1.  ])
    """
    known = (base > 0) & (supply > 0)
    return np.where(known, np.where(known, supply, 1) / np.where(known, base, 1), 1.0) ** response


def count(adults: Adults, places: Places, markets: int) -> tuple[Int64s, Int64s, Int64s]:
    """Count by weight and market: raised there, qualified (markets, 2), posts held (markets, 4).

    Qualified for professional posts are graduates, for middle posts those with a technical Level 3.
    The first column of posts is no post: people raised there who are without work for a spell.
    """
    raised = np.zeros(markets, np.int64)
    able = np.zeros((markets, 2), np.int64)
    held = np.zeros((markets, JOB_COUNT), np.int64)
    _count(adults.view(Counted), places, raised, able, held)
    return raised, able, held


@kernel
def _count(people: Counted, places: Places, raised: Int64s, able: Int64s, held: Int64s) -> None:
    for i in range(people.area.size):
        w = places.weight[people.area[i]]
        m = places.market[people.area[i]]
        raised[m] += w
        if people.without_work[i]:
            held[m, JOB_NONE] += w
        if people.degree[i] > 0:
            able[m, 0] += w
        if people.level3[i] == LEVEL3_TECHNICAL:
            able[m, 1] += w
        if people.job[i] > 0:
            held[people.market[i], people.job[i]] += w


# ---- who looks for a post, and what employers see ----------------------------------------------


def seek(adults: Adults, places: Places, scene: Scene[RecruitmentBeliefs]) -> Seekers:
    """Return who of a cohort looks for a post this year, with their scores and wishes.

    Everybody of working age who has no post, is not studying and not without work for a spell, and
    a share of those in lower and middle posts.
    """
    beliefs, on, key, year = scene
    grade = adults.grade(year)
    free = (adults.entered == 0) | (grade >= GRADUATION_GRADE)
    could = np.flatnonzero(free & (adults.job < JOB_PROFESSIONAL) & ~adults.without_work)
    luck = rng.uniforms(rng.words(key, adults.id[could], Purpose.JOB, year=year)[JOB_SEARCH])
    rows = could[(adults.job[could] == 0) | (luck < beliefs.search_again)]
    low = (adults.occupation[rows] == OCCUPATION_WORKING) & bool(on.after_school_background)
    people = People(
        adults.id[rows],
        places.market[adults.area[rows]],
        _pull(adults, rows, low, beliefs) if on.attachment else np.zeros(rows.size, np.float32),
        places.weight[adults.area[rows]],
    )
    professional, other = score(adults, rows, grade, scene)
    return Seekers(rows, people, adults.job[rows], adults.market[rows], professional, other)


def _pull(
    adults: Adults, rows: Rows, low: NDArray[np.bool_], beliefs: RecruitmentBeliefs
) -> NDArray[np.float32]:
    """Return attachment to home, in units of taste."""
    pull = beliefs.attachment
    away = (adults.entered[rows] > 0) & ~adults.at_home[rows]
    return np.asarray(
        pull.everybody
        + pull.low_origin * (low - beliefs.low_share)
        + pull.high_tariff * (adults.entered[rows] == ENTRY_HIGH_TARIFF)
        + pull.studied_away * away,
        np.float32,
    )


def score(
    adults: Adults, rows: Rows, grade: int, scene: Scene[RecruitmentBeliefs]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return what employers rank people by, SD: for professional posts, and for all others."""
    beliefs, on, key, _ = scene
    luck = rng.normals(rng.words(key, adults.id[rows], Purpose.JOB)[: JOB_SCORE_BELOW + 1])
    if not on.recruitment:
        return luck[JOB_SCORE], luck[JOB_SCORE_BELOW]
    y = adults.score[rows].astype(np.float64)
    level3 = adults.level3[rows]
    top, rest = beliefs.professional, beliefs.middle
    by_origin = beliefs.origin * np.array([0.5, 0.0, -0.5]) * bool(on.after_school_background)
    professional = (
        top.degree * (adults.degree[rows] > 0)
        + top.attainment * y
        + top.good_class * (adults.degree[rows] == DEGREE_GOOD)
        + top.high_tariff * (adults.entered[rows] == ENTRY_HIGH_TARIFF)
        + top.academic * (level3 == LEVEL3_ACADEMIC)
        + top.technical * (level3 == LEVEL3_TECHNICAL)
        + by_origin[adults.occupation[rows]]
        + beliefs.experience * (grade - FIRST_WORK_GRADE)
        + beliefs.scheme * (adults.offer[rows] == OFFER_MADE)
        + luck[JOB_SCORE]
    )
    other = (
        rest.attainment * y
        + rest.academic * (level3 == LEVEL3_ACADEMIC)
        + rest.technical * (level3 == LEVEL3_TECHNICAL)
        + rest.level2 * adults.level2[rows]
        + beliefs.experience * (grade - FIRST_WORK_GRADE)
        + luck[JOB_SCORE_BELOW]
    )
    return professional.astype(np.float32), other.astype(np.float32)


# ---- the market --------------------------------------------------------------------------------


def recruit(
    cohorts: Sequence[Adults],
    employers: Employers,
    places: Places,
    demand: Demand,
    scene: Scene[RecruitmentBeliefs],
    crew: Crew = ALONE,
) -> None:
    """Clear this year's market of all ages and levels; write who works where and what was filled.

    Call after `open_posts`, and after the schemes of the year: those with an offer come first.

    Args:
        cohorts: Cohorts of adults. Written: job, market, region, grade_of_job, moved,
            left_to_get_on.
        employers: Read: vacancies. Written: vacancies (with posts given up), filled,
            filled_local, cutoff.
        places: Areas' weights and labour markets.
        demand: Labour markets and the distances between them.
        scene: Beliefs about recruitment, switches, luck, year.
        crew: Threads.
    """
    young = _of_working_age(cohorts, scene)
    if not young:
        return
    pools = crew.map(lambda adults: seek(adults, places, scene), young)
    market = _Market(pools, employers, crew)
    apart = np.asarray(scene.beliefs.distance * demand.distance, np.float32)
    for level in reversed(JOB_LEVELS):
        reserve = scene.beliefs.reserve[JOB_PROFESSIONAL - level]
        market.clear(level, Liking(apart, reserve, demand.layout), scene)
    market.settle(young, pools, demand.layout.region)


class _Market:
    """All seekers of a year in one pool, and the two queues they stand in."""

    def __init__(self, pools: Sequence[Seekers], employers: Employers, crew: Crew):
        self.employers = employers
        self.people = People.together([pool.people for pool in pools])
        self.before = np.concatenate([pool.before for pool in pools])
        self.place = np.concatenate([pool.place for pool in pools])
        self.professional = np.concatenate([pool.professional for pool in pools])
        self.other = np.concatenate([pool.other for pool in pools])
        ids = self.people.ids
        scores = [self.professional, self.other]
        self.first, self.second = crew.map(lambda score: queue(score, ids), scores)
        self.level = np.zeros(ids.size, np.int8)
        self.market = np.full(ids.size, NOWHERE, np.int8)
        self.moved = np.zeros(ids.size, np.bool_)
        self.forced = np.zeros(ids.size, np.bool_)

    def clear(self, level: int, liking: Liking, scene: Scene[RecruitmentBeliefs]) -> None:
        """Fill the posts of one level from those who hold and have found nothing as good."""
        at = self.employers.at(level)
        if level == JOB_PROFESSIONAL:
            score, line = self.professional, self.first
        else:
            score, waits = self.other, (self.level == 0) & (self.before < level)
            line = self.second[waits[self.second]]
        vacancies = self.employers.vacancies[at]
        found = assign(self.people, score, vacancies, liking, scene.key, line)
        rows = np.flatnonzero(found.market >= 0)
        self.level[rows] = level
        self.market[rows] = found.market[rows]
        away = rows[found.market[rows] != self.people.home[rows]]
        self.moved[away] = ~commutes(self.people.at(away), found.market[away], liking)
        self.forced[rows] = found.forced[rows] & self.moved[rows] & (level > JOB_LOWER)
        self._record(at, found, rows)
        self._give_up(rows)

    def _record(self, at: slice, found: Assignment, rows: Rows) -> None:
        local = self.people.at(rows[self.market[rows] == self.people.home[rows]])
        filled = np.bincount(local.home, local.weight, found.left.size)
        self.employers.filled[at] = self.employers.vacancies[at] - found.left
        self.employers.filled_local[at] = filled.astype(np.int64)
        self.employers.cutoff[at] = found.cutoff

    def _give_up(self, rows: Rows) -> None:
        """Open the posts that people leave for better ones."""
        for level in JOB_LEVELS[:-1]:
            left = rows[self.before[rows] == level]
            vacancies = self.employers.vacancies[self.employers.at(level)]  # a view
            posts = np.bincount(self.place[left], self.people.weight[left], vacancies.size)
            vacancies += posts.astype(np.int64)

    def settle(
        self, young: Sequence[Adults], pools: Sequence[Seekers], region: NDArray[np.int64]
    ) -> None:
        """Write what was found into the columns of each cohort."""
        end = 0
        for adults, pool in zip(young, pools, strict=True):
            start, end = end, end + pool.rows.size
            got = np.flatnonzero(self.level[start:end])
            rows = pool.rows[got]
            adults.job[rows] = self.level[start:end][got]
            adults.market[rows] = self.market[start:end][got]
            adults.region[rows] = region[adults.market[rows]]
            # Steps up the ladder of a middle post count on entering a professional one.
            adults.grade_of_job[rows] *= pool.before[got] == JOB_MIDDLE
            adults.moved[rows] = self.moved[start:end][got]
            adults.left_to_get_on[rows] = self.forced[start:end][got]
