"""The lines of the National Funding Formula (direct, schools block), in pence a school.

Each line is rounded once, half up, after area cost. Not here: premises (rates, PFI, split
sites), growth, looked-after children.

References: the School and Early Years Finance and Childcare (England) Regulations 2024
(S.I. 2024/66), regulation 21 (sparsity); DfE, *National funding formula: technical note 2024 to
2025*. Rates and their sources: ``sim.data.rates.nff_rates``.
"""

from __future__ import annotations

import math

import numpy as np

from sim.codes import AREA_COST_UNIT, PRIMARY
from sim.data.rates import Rates
from sim.funding.census import Census
from sim.money import IntArray, half_up

__all__ = [
    "basic",
    "beyond_threshold",
    "formula_lines",
    "lump",
    "lump_sums",
    "minimum_level",
    "need_weighted_rates",
    "premium",
    "school_led",
    "sparsity",
    "sparsity_share",
    "total_of",
]

_YEARS_KS3, _YEARS_KS4 = 3, 2
_BITS = 61  # room for the doubling that rounding half up needs
_TENTHS = 10  # the limit on pupils a year group is kept in tenths


def formula_lines(census: Census, rates: Rates, need_weight: float = 1.0) -> dict[str, IntArray]:
    """Return clause -> pence [n] for the nine lines of the formula.

    ``need_weight`` multiplies the FSM, FSM6 and IDACI rates (each rounded to a penny).
    """
    fsm, fsm6, bands = need_weighted_rates(rates, need_weight)
    band_rates = np.array(bands, dtype=np.int64)[census.phase]
    above, of = beyond_threshold(census, rates)
    return {
        "basic": basic(census, rates),
        "fsm": _line(census, census.fsm * _by_phase(census, fsm)),
        "fsm6": _line(census, census.ever6 * _by_phase(census, fsm6)),
        "idaci": _line(census, (census.idaci * band_rates).sum(axis=1)),
        "low_prior": _line(
            census, census.low_prior * _by_phase(census, rates.low_prior), census.parts
        ),
        "eal": _line(census, census.eal3 * _by_phase(census, rates.eal), census.parts),
        "mobility": _line(census, above * _by_phase(census, rates.mobility), of),
        "lump": lump(census, rates),
        "sparsity": sparsity(census, rates),
    }


def beyond_threshold(census: Census, rates: Rates) -> tuple[IntArray, int]:
    """Return mid-year joiners [n] beyond the share that is not paid, and in what part of one."""
    over, of = rates.mobility_threshold
    above = np.maximum(0, of * census.mobile - over * census.pupils * census.parts)
    return above, of * census.parts


def need_weighted_rates(
    rates: Rates, need_weight: float
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[tuple[int, ...], ...]]:
    """Return the FSM, FSM6 and IDACI rates times ``need_weight``, in whole pence, half up."""

    def weigh(values: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(math.floor(value * need_weight + 0.5) for value in values)

    return weigh(rates.fsm), weigh(rates.fsm6), tuple(weigh(band) for band in rates.idaci)


def basic(census: Census, rates: Rates) -> IntArray:
    """Return basic entitlement [n]: primary pupils, key stage 3 and key stage 4 at their rates."""
    primary, ks3, ks4 = rates.basic
    young = np.where(census.phase == PRIMARY, census.pupils, 0)
    return _line(census, young * primary + census.ks3 * ks3 + census.ks4 * ks4)


def lump(census: Census, rates: Rates) -> IntArray:
    """Return the lump sum [n]."""
    return lump_sums(census, (rates.lump, rates.lump))


def lump_sums(census: Census, pair: tuple[int, ...]) -> IntArray:
    """Return a lump sum for each school [n], ``pair`` in pence by phase."""
    return _line(census, _by_phase(census, pair))


def sparsity(census: Census, rates: Rates) -> IntArray:
    """Return sparsity money [n]: the maximum times a weight for size and one for distance."""
    share, whole = sparsity_share(census, rates)
    return _line(census, _by_phase(census, rates.sparsity) * share, whole)


def sparsity_share(census: Census, rates: Rates) -> tuple[IntArray, IntArray]:
    """Return what part of the most that sparsity pays a school gets [n], and of how many.

    Size: 1 up to half the limit per year group, then falling to 0 at the limit. Distance: 0 up to
    0.8 of the threshold, then rising to 1 at it.
    """
    start, of = rates.sparsity_taper
    limit = _by_phase(census, rates.sparsity_year_group) * _by_phase(census, rates.year_groups)
    miles = _by_phase(census, rates.sparsity_miles)
    near = miles * start // of
    small = np.clip(2 * (limit - _TENTHS * census.pupils), 0, limit)
    far = np.clip(census.miles - near, 0, miles - near)
    return small * far, limit * (miles - near)


def school_led(census: Census, rates: Rates) -> IntArray:
    """Return what the formula pays a school whatever its pupils [n]: lump sum and sparsity.

    Floors protect the rest, pupil-led money, under every rule.
    """
    return lump(census, rates) + sparsity(census, rates)


def minimum_level(census: Census, rates: Rates) -> IntArray:
    """Return the budget that the minimum per-pupil level demands [n]; no area cost on it.

    A secondary's level is the mean over its year groups, whatever their sizes.
    """
    primary, ks3, ks4 = rates.minimum
    years = _YEARS_KS3 + _YEARS_KS4
    secondary = half_up(census.pupils * (_YEARS_KS3 * ks3 + _YEARS_KS4 * ks4), years)
    level = np.where(census.phase == PRIMARY, census.pupils * primary, secondary)
    return _paid(census, level)


def premium(census: Census, rates: Rates) -> IntArray:
    """Return the pupil premium [n]: a separate grant an ever-6 pupil, without area cost."""
    return _paid(census, census.for_premium * _by_phase(census, rates.premium))


def total_of(lines: dict[str, IntArray]) -> IntArray:
    """Return the sum of all lines [n]."""
    total: IntArray = np.sum(list(lines.values()), axis=0, dtype=np.int64)
    return total


def _by_phase(census: Census, pair: tuple[int, ...]) -> IntArray:
    values: IntArray = np.array(pair, dtype=np.int64)[census.phase]
    return values


def _line(census: Census, raw: IntArray, divisor: int | IntArray = 1) -> IntArray:
    """Return ``raw / divisor`` times area cost, rounded once."""
    if int(raw.max(initial=0)) * int(census.area_cost.max(initial=0)) >> _BITS:
        raise ValueError("a line passes 64 bits: count in coarser parts of a pupil")
    return _paid(census, half_up(raw * census.area_cost, divisor * AREA_COST_UNIT))


def _paid(census: Census, amount: IntArray) -> IntArray:
    paid: IntArray = np.where(census.funded, amount, 0)
    return paid
