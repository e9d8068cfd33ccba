"""Incomes of areas and broad groups: what makes as many children eligible as are published."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from sim.arrays import Bools, Float32s, Float64s, Int32s, Int64s
from sim.config.values import PeopleBeliefs
from sim.data.facts import Areas as AreaFacts
from sim.kernel import kernel
from sim.world.people import BROAD
from sim.world.pupils import Pupils
from sim.world.tables import Areas, SmallAreas

__all__ = ["cell_rates", "solve_incomes"]

_F = np.float32
RATES = 0.005, 0.9
"""Bounds on published rates by group, so that each has a quantile; none lies beyond."""
BRACKET = 2.0
"""Probits either side of a published rate in which that of an area is searched."""
BINS, FARTHEST = 12_000, 6.0
"""Steps between the least and the greatest shift of income that is searched, household SD."""


def cell_rates(
    facts: AreaFacts, rows: NDArray[np.int64], people: PeopleBeliefs
) -> NDArray[np.float64]:
    """Return the FSM rate of 2024 for five broad groups in each area, shape (areas, 5).

    The published rates of 2019 by group, shifted alike on the probit scale until the rate of 2024
    of those who live in the area is met; small groups are drawn towards the area's rate and the
    national difference.
    """
    mix = facts.heritage[rows]
    broad = np.stack([mix[:, b == BROAD].sum(axis=1) for b in range(5)], axis=1)
    young, old = facts.pupils_home_primary[rows], facts.pupils_home_secondary[rows]
    pupils = young + old
    target = (facts.fsm_home_primary[rows] * young + facts.fsm_home_secondary[rows] * old) / pupils
    at = ndtri(np.clip(facts.fsm_by_broad_group[rows], *RATES))
    size = broad * pupils[:, None]
    trust = size / (size + people.cell_trust)
    at = trust * at + (1 - trust) * (at[:, :1] + np.array(people.broad_offset))
    low, high = np.full(len(rows), -BRACKET), np.full(len(rows), BRACKET)
    for _ in range(40):
        middle = (low + high) / 2
        short = (broad * ndtr(at + middle[:, None])).sum(axis=1) < target
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.asarray(ndtr(at + low[:, None]))


def solve_incomes(
    areas: Areas,
    small: SmallAreas,
    blocks: list[tuple[Pupils, NDArray[np.float32]]],
    rates: NDArray[np.float64],
    grades: list[int],
) -> NDArray[np.float32]:
    """Return the income shift of each area and broad group that meets its FSM rate.

    Args:
        areas: Areas.
        small: Small areas.
        blocks: Cohorts with, for each child, the shift below which it counts as eligible.
        rates: FSM rates to meet, shape (areas, 5).
        grades: Year group of each cohort.
    """
    bins, low, high = BINS, -FARTHEST, FARTHEST
    counts = np.zeros((len(areas) * 5, bins), np.int32)
    for (pupils, critical), grade in zip(blocks, grades, strict=True):
        cell = (small.area[pupils.small] * 5 + BROAD[pupils.heritage]).astype(np.int32)
        here, scale = pupils.on_roll(grade), _F(bins / (high - low))
        _count_critical(critical, cell, here, _F(low), scale, counts)
    wanted = rates.reshape(-1) * np.maximum(counts.sum(axis=1), 1)
    first = np.zeros(counts.shape[0], np.int64)
    _highest_bin(counts, wanted, first)
    shift = low + first * (high - low) / bins
    return np.asarray(shift.reshape(-1, 5), np.float32)


@kernel
def _highest_bin(counts: Int32s, wanted: Float64s, first: Int64s) -> None:
    """Write, by cell, the bin below the highest from which up more than ``wanted`` are counted."""
    for cell in range(counts.shape[0]):
        above = 0
        for b in range(counts.shape[1] - 1, -1, -1):
            above += counts[cell, b]
            if above > wanted[cell]:
                first[cell] = b + 1
                break


@kernel
def _count_critical(
    critical: Float32s,
    cell: Int32s,
    here: Bools,
    low: np.float32,
    scale: np.float32,
    counts: Int32s,
) -> None:
    last = counts.shape[1] - 1
    for i in range(critical.size):
        if here[i]:
            b = np.int64((critical[i] - low) * scale)
            counts[cell[i], min(max(b, 0), last)] += 1
