"""Progression: steps up the ladder of a job, and pay.

People of low origin wait longer for each step unless their employer promotes by open criteria. Pay
is lower for them by a further few per cent at equal education, place and step. Both are causes
of one class pay gap and come from different sources; neither is fitted to the other.

References:
    Friedman and Laurison (2019), *The Class Ceiling*; Social Mobility Foundation, class pay gap;
    Bridge Group (2020 to 2022) on time to promotion.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import rng
from sim.arrays import Bools, Float32s, Float64s, Int8s, Reals, UInt32s
from sim.codes import (
    DEGREE_GOOD,
    ENTRY_HIGH_TARIFF,
    GRADE_AT_25,
    JOB_LEVEL_COUNT,
    JOB_MIDDLE,
    JOB_PROFESSIONAL,
    JOB_SCORE,
    LAST_ADULT_GRADE,
    LEVEL3_TECHNICAL,
    OCCUPATION_COUNT,
    OCCUPATION_WORKING,
    PAY_LASTING,
    PROMOTION_STEP,
    REGION_COUNT,
)
from sim.config.values import ProgressionBeliefs
from sim.kernel import kernel
from sim.markets.jobs import Scene
from sim.rng import BLOCK, Luck, Purpose, draw_block, normal, uniform
from sim.world.adults import Adults
from sim.world.employers import Employers

__all__ = ["bought", "hazard", "pay", "promote"]

_F = np.float32
_ZERO = np.uint32(0)
_PROMOTION = np.uint32(int(Purpose.PROMOTION))
_PAY, _JOB = np.uint32(int(Purpose.PAY)), np.uint32(int(Purpose.JOB))


class Climbing(NamedTuple):
    """Who may take a step, and who took one."""

    id: UInt32s
    job: Int8s
    market: Int8s
    occupation: Int8s
    grade_of_job: Int8s
    stepped: Bools


class Earning(NamedTuple):
    """What of a person decides its pay."""

    id: UInt32s
    job: Int8s
    region: Int8s
    occupation: Int8s
    degree: Int8s
    entered: Int8s
    level3: Int8s
    girl: Bools
    grade_of_job: Int8s
    score: Float32s


class PayTerms(NamedTuple):
    """What makes up log pay: by level of job and by region, and for what a person is or has.

    ``own`` is the spread of lasting luck, ``women`` what they earn more than men alike and
    ``are_women`` their share of the cohort.
    """

    level: Float64s
    region: Float64s
    good_class: float = 0.0
    high_tariff: float = 0.0
    attainment: np.float32 = _F(0.0)
    degree: float = 0.0
    technical: float = 0.0
    step: float = 0.0
    gap: float = 0.0
    talent: float = 0.0
    own: float = 0.0
    women: float = 0.0
    are_women: float = 0.0


def hazard(employers: Employers, scene: Scene[ProgressionBeliefs]) -> NDArray[np.float32]:
    """Return (employers, 3) chance of a step a year, by employers' row and parents' occupation."""
    beliefs, on = scene.beliefs, scene.on
    slower = (1 - beliefs.clock) * bool(on.after_school_background)
    kept = 1 - beliefs.reform_effect * employers.reform.astype(np.float64)
    chance = np.full((employers.rows, OCCUPATION_COUNT), beliefs.step_chance)
    chance[:, OCCUPATION_WORKING] *= 1 - slower * kept
    return chance.astype(np.float32)


def promote(adults: Adults, employers: Employers, scene: Scene[ProgressionBeliefs]) -> None:
    """Let those in middle and professional posts take a step, or wait another year.

    Args:
        adults: One cohort. Written: grade_of_job.
        employers: Read: reform.
        scene: Beliefs about progression, switches, luck, year.
    """
    if not scene.on.progression:
        return
    luck = rng.luck(scene.key, scene.year)
    chance = hazard(employers, scene)
    _promote(adults.view(Climbing), chance, np.int8(scene.beliefs.steps), luck)


@kernel
def _promote(people: Climbing, chance: Float32s, top: np.int8, luck: Luck) -> None:
    stepped = people.stepped
    words = np.empty((4, BLOCK), np.uint32)
    for low in range(0, people.id.size, BLOCK):
        part = people.id[low : low + BLOCK]
        draw_block(part, luck.when, _PROMOTION, _ZERO, luck.k0, luck.k1, words)
        for n in range(part.size):
            i = low + n
            stepped[i] = False
            if people.job[i] >= JOB_MIDDLE and people.grade_of_job[i] < top:
                row = JOB_LEVEL_COUNT * people.market[i] + people.job[i] - 1
                if uniform(words[PROMOTION_STEP, n]) < chance[row, people.occupation[i]]:
                    people.grade_of_job[i] += 1
                    stepped[i] = True


def bought(adults: Adults, employers: Employers) -> dict[str, Reals]:
    """Return the share of each person's employers that go by open criteria; 0 without work.

    Args:
        adults: One cohort.
        employers: Read: reform.
    """
    row = JOB_LEVEL_COUNT * adults.market.astype(np.intp) + adults.job - 1
    adopted = employers.reform[np.where(adults.job > 0, row, 0)].astype(np.float64)
    return {"progression.reform_adoption": adopted * (adults.job > 0)}


def pay(adults: Adults, log_pay: NDArray[np.float64], scene: Scene[ProgressionBeliefs]) -> None:
    """Write a year's pay of everybody in work, in prices of the base year.

    Only needed for cohorts about to be measured: nothing else reads it.

    Args:
        adults: One cohort. Written: pay, 0 without work.
        log_pay: (9,) log of a region's pay over the English mean.
        scene: Beliefs about progression, switches, luck, year.
    """
    total = np.empty(adults.rows)
    _log_pay(adults.view(Earning), _pay_terms(adults, log_pay, scene), rng.luck(scene.key), total)
    adults.pay = np.exp(total)


def _pay_terms(
    adults: Adults, log_pay: NDArray[np.float64], scene: Scene[ProgressionBeliefs]
) -> PayTerms:
    """Read beliefs and switches into what makes up log pay."""
    beliefs, on = scene.beliefs, scene.on
    level = np.log(beliefs.base_pay) + np.asarray(beliefs.level_pay)
    if not on.progression:
        return PayTerms(level, np.zeros(REGION_COUNT))
    paid = beliefs.credential_pay
    return PayTerms(
        level=level,
        region=beliefs.region_pay * log_pay,
        good_class=paid.good_class,
        high_tariff=paid.high_tariff,
        attainment=_F(paid.attainment),
        degree=paid.degree,
        technical=paid.technical,
        step=beliefs.step_pay,
        gap=beliefs.conditional_gap * bool(on.after_school_background),
        talent=beliefs.talent_pay,
        own=beliefs.pay_sd,
        women=_for_women(adults, scene) if on.sex else 0.0,
        are_women=float(adults.girl.mean()) if adults.rows else 0.0,
    )


@kernel
def _log_pay(people: Earning, of: PayTerms, luck: Luck, total: Float64s) -> None:
    """Work out log pay, minus infinity without work."""
    words, job_words = np.empty((4, BLOCK), np.uint32), np.empty((4, BLOCK), np.uint32)
    own, talent = np.empty((2, BLOCK), np.float32)  # in loops of their own, which become wide
    for low in range(0, people.id.size, BLOCK):
        part = people.id[low : low + BLOCK]
        draw_block(part, luck.when, _PAY, _ZERO, luck.k0, luck.k1, words)
        draw_block(part, luck.when, _JOB, _ZERO, luck.k0, luck.k1, job_words)
        for n in range(part.size):
            own[n] = normal(words[PAY_LASTING, n])
        # What got somebody the post beyond all that is recorded pays too: without it those of low
        # origin, who needed more of it to get in, would look poorer than they are.
        for n in range(part.size):
            talent[n] = normal(job_words[JOB_SCORE, n])
        for n in range(part.size):
            i = low + n
            job, degree = people.job[i], people.degree[i]
            if job <= 0:
                total[i] = -np.inf
                continue
            technical = people.level3[i] == LEVEL3_TECHNICAL and job == JOB_MIDDLE
            # Terms are added in this order; floats do not forgive another.
            t = of.level[job - 1]
            t += of.good_class if degree == DEGREE_GOOD else 0.0
            t += of.high_tariff if people.entered[i] == ENTRY_HIGH_TARIFF else 0.0
            t += np.float64(of.attainment * people.score[i])
            t += of.degree if degree > 0 else 0.0
            t += of.technical if technical else 0.0
            t += of.region[people.region[i]]
            t += of.step * np.float64(people.grade_of_job[i])
            t -= of.gap if people.occupation[i] == OCCUPATION_WORKING else 0.0
            t += of.talent * np.float64(talent[n]) if job == JOB_PROFESSIONAL else 0.0
            t += of.own * np.float64(own[n])
            total[i] = t + of.women * (np.float64(people.girl[i]) - of.are_women)


def _for_women(adults: Adults, scene: Scene[ProgressionBeliefs]) -> float:
    """Log pay of women less that of men alike: an hour's, and hours; from 25 to 30 in a line."""
    beliefs, years = scene.beliefs, LAST_ADULT_GRADE - GRADE_AT_25
    at_25, at_30 = np.asarray(beliefs.women_pay) + np.asarray(beliefs.women_hours)
    return float(at_25 + (at_30 - at_25) * (adults.grade(scene.year) - GRADE_AT_25) / years)
