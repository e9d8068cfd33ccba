"""Made-up cohorts of adults for tests and for fitting by hand: results by origin as published.

Attainment, Level 3, entry, tariff and class follow the order of size of the published figures by
parents' occupation (degrees 68, 50 and 36 % at 25 to 29), without any of the model's own stages.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from sim.data.careers import careers, distances, per_leaver
from sim.markets.jobs import Demand, Places
from sim.world.adults import Adults

YEAR = 2040


def demand(raised_abroad=(0.38, 0.16, 0.12)):
    """Return the published demand for labour."""
    table = careers()
    return Demand(per_leaver(table, raised_abroad), table.by_age, distances(table))


def nine_areas(weight=1):
    """Return one area a region, each standing for ``weight`` areas like it."""
    return Places(np.broadcast_to(np.int64(weight), 9).copy(), np.arange(9, dtype=np.int8))


def cohort(size, grade, *, seed=1, first_id=0, year=YEAR):
    """Return a cohort of ``size`` that is in ``grade`` in ``year``; later degrees from 24 on."""
    rng = np.random.default_rng(seed)
    adults = Adults(size, 0)
    adults.birth_year = year - 5 - grade
    assert adults.grade(year) == grade
    adults.id = first_id + np.arange(size)
    leavers = careers().leavers
    adults.area = rng.choice(9, size, p=leavers / leavers.sum())
    occupation = rng.choice(3, size, p=[0.46, 0.23, 0.31])
    adults.occupation = occupation
    adults.fsm15 = rng.random(size) < np.array([0.04, 0.11, 0.34])[occupation]
    london = adults.area == careers().regions.index("London")
    y = np.array([0.33, 0.0, -0.43])[occupation] + 0.12 * london - 0.03
    y = y + 0.93 * rng.normal(size=size)
    adults.score = y
    u = rng.random((7, size))
    shift = np.array([0.12, 0.0, -0.12])[occupation]
    has = u[0] < ndtr(0.30 + 0.80 * y + 0.5 * shift + 0.2 * london)
    technical = has & (u[1] < ndtr(-0.6 - 0.7 * y))
    adults.level3 = np.where(technical, 2, np.where(has, 1, 0))
    adults.level2 = has | (u[1] < ndtr(0.3 + y))
    into = has & (u[2] < ndtr(0.72 + 0.45 * y + 0.7 * shift - 1.0 * technical + 0.2 * london))
    high = into & (u[3] < ndtr(-0.84 + 1.0 * (y - 0.5) + shift))
    adults.entered = np.where(high, 2, np.where(into, 1, 0))
    adults.at_home = into & (u[4] < np.array([0.14, 0.24, 0.42])[occupation])
    adults.fifth = np.clip(3 + np.round(0.9 - occupation + rng.normal(size=size)), 1, 5)
    if grade >= 17:
        stays = into & (u[5] > ndtr(-1.19 - 0.28 * y - 0.15 * high + 0.076 * (3 - adults.fifth)))
        good = u[6] < ndtr(0.74 + 0.38 * (y - 0.7) + 0.15 * high - 0.114 * (3 - adults.fifth))
        later = ~stays & has & (rng.random(size) < np.array([0.95, 0.62, 0.38])[occupation])
        later &= rng.integers(18, 25, size) <= grade
        adults.degree = np.where(stays, np.where(good, 2, 1), np.where(later, 3, 0))
    return adults
