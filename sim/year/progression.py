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
from sim.arrays import Bools, Float32s, Int8s, Reals, UInt32s
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
)
from sim.config.values import ProgressionBeliefs
from sim.kernel import kernel
from sim.markets.jobs import Scene
from sim.rng import BLOCK, Luck, Purpose, draw_block, uniform
from sim.world.adults import Adults
from sim.world.employers import Employers

__all__ = ["bought", "hazard", "pay", "promote"]

_F = np.float32
_ZERO = np.uint32(0)
_PROMOTION = np.uint32(int(Purpose.PROMOTION))


class Climbing(NamedTuple):
    """Who may take a step, and who took one."""

    id: UInt32s
    job: Int8s
    region: Int8s
    occupation: Int8s
    grade_of_job: Int8s
    stepped: Bools


def hazard(employers: Employers, scene: Scene[ProgressionBeliefs]) -> NDArray[np.float32]:
    """Return (27, 3) chance of a step a year, by employers' row and parents' occupation."""
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
                row = JOB_LEVEL_COUNT * people.region[i] + people.job[i] - 1
                if uniform(words[PROMOTION_STEP, n]) < chance[row, people.occupation[i]]:
                    people.grade_of_job[i] += 1
                    stepped[i] = True


def bought(adults: Adults, employers: Employers) -> dict[str, Reals]:
    """Return the share of each person's employers that go by open criteria; 0 without work.

    Args:
        adults: One cohort.
        employers: Read: reform.
    """
    row = JOB_LEVEL_COUNT * adults.region.astype(np.intp) + adults.job - 1
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
    beliefs, on, key, _ = scene
    adults.pay[:] = 0
    rows = np.flatnonzero(adults.job > 0)
    job = adults.job[rows]
    total = np.log(beliefs.base_pay) + np.asarray(beliefs.level_pay)[job - 1]
    if on.progression:
        paid = beliefs.credential_pay
        low = (adults.occupation[rows] == OCCUPATION_WORKING) & bool(on.after_school_background)
        luck = rng.normals(rng.words(key, adults.id[rows], Purpose.PAY)[PAY_LASTING])
        # What got somebody the post beyond all that is recorded pays too: without it those of low
        # origin, who needed more of it to get in, would look poorer than they are.
        talent = rng.normals(rng.words(key, adults.id[rows], Purpose.JOB)[JOB_SCORE])
        total = (
            total
            + paid.good_class * (adults.degree[rows] == DEGREE_GOOD)
            + paid.high_tariff * (adults.entered[rows] == ENTRY_HIGH_TARIFF)
            + paid.attainment * adults.score[rows]
            + paid.degree * (adults.degree[rows] > 0)
            + paid.technical * ((adults.level3[rows] == LEVEL3_TECHNICAL) & (job == JOB_MIDDLE))
            + beliefs.region_pay * log_pay[adults.region[rows]]
            + beliefs.step_pay * adults.grade_of_job[rows]
            - beliefs.conditional_gap * low
            + beliefs.talent_pay * talent.astype(np.float64) * (job == JOB_PROFESSIONAL)
            + beliefs.pay_sd * luck.astype(np.float64)
        )
        if on.sex:
            total += _for_women(adults, scene) * (adults.girl[rows] - adults.girl.mean())
    adults.pay[rows] = np.exp(total)


def _for_women(adults: Adults, scene: Scene[ProgressionBeliefs]) -> float:
    """Log pay of women less that of men alike: an hour's, and hours; from 25 to 30 in a line."""
    beliefs, years = scene.beliefs, LAST_ADULT_GRADE - GRADE_AT_25
    at_25, at_30 = np.asarray(beliefs.women_pay) + np.asarray(beliefs.women_hours)
    return float(at_25 + (at_30 - at_25) * (adults.grade(scene.year) - GRADE_AT_25) / years)
