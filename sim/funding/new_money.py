"""New money from outside the pot, or money taken out of schools: nobody's slice pays for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.codes import PENCE, PHASES
from sim.funding.census import Census
from sim.funding.grants import rows_of
from sim.money import IntArray, apportion, ratio_half_up

if TYPE_CHECKING:
    from sim.config.models import Funding

__all__ = ["extra_money"]


def extra_money(
    census: Census,
    funding: Funding,
    year: int,
    budget: IntArray,
    england: tuple[dict[int, int], int],
) -> IntArray:
    """Return new money [n], pence, of a policy year; below nought where money is taken.

    A sum for England is so large a share of a phase's pot as it is of England's, and every school
    of the phase gets the same share of its money before any slice; pounds a pupil go by rolls.

    Args:
        census: What the year is paid by.
        funding: Of the policy.
        year: The policy year; the past (nought or less) has none.
        budget: Money before any slice [n].
        england: Pots by phase, and pounds that the formula pays all of England.
    """
    found = np.zeros(len(census), dtype=np.int64)
    if 0 < year <= funding.extra_years:
        found += np.where(census.funded, census.pupils, 0) * round(
            funding.extra_gbp_per_pupil * PENCE
        )
    pence, (pots, whole) = round(funding.new_money_gbp * PENCE), england
    if year <= 0 or not pence:
        return found
    for phase in range(len(PHASES)):
        rows = rows_of(census, phase)
        due = ratio_half_up(pots.get(phase, 0), abs(pence), whole * PENCE)
        if due and rows.size:
            many, keys = census.multiplicity[rows], census.school[rows]
            share, _ = apportion(due, budget[rows], keys, many)
            found[rows] += share if pence > 0 else -share
    return found
