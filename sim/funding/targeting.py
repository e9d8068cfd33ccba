"""Targeted money: one envelope, sliced off basic entitlement, given to whom an arm names.

Every arm raises the same money in the same way, so arms differ only in who gets it. Each phase
pays for its own share. Minimum levels and floors are settled before the slice and do not see
targeted money.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.codes import MILLION, PENCE, PHASES
from sim.data.facts import areas
from sim.errors import BadRequest, did_you_mean
from sim.funding.census import BoolArray, Census
from sim.funding.doses import dose_mark
from sim.funding.trigger import TriggerReport, award
from sim.money import IntArray, apportion, exact_sum, ratio_half_up

if TYPE_CHECKING:
    from sim.config.models import Targeting

__all__ = ["Reach", "Settled", "Targeted", "listed", "reach", "target"]


@dataclass(frozen=True)
class Settled:
    """Money before the slice: the sliced line and all of it [n], pots and their roundings.

    ``england_pot``: pounds that the formula pays all of England; an envelope is a share of it.
    """

    sliced: IntArray
    budget: IntArray
    pots: dict[int, int]
    rounding: dict[int, int]
    england_pot: int


@dataclass(frozen=True)
class Reach:
    """Whom a policy reaches: schools [n], and awards where gaps count."""

    flags: BoolArray
    awards: IntArray
    report: TriggerReport | None = None


@dataclass(frozen=True)
class Targeted:
    """Pence taken and given [n] (both nought or more), roundings by pot, whom it reaches."""

    slice: IntArray
    money: IntArray
    rounding: dict[int, int]
    reach: Reach
    notes: tuple[str, ...] = ()


def target(
    census: Census, targeting: Targeting, settled: Settled, last_awards: IntArray
) -> Targeted:
    """Return the slice that pays for an arm, to the penny, and the money it gives.

    Raise `BadRequest` if an area list reaches no school of this world or if the envelope is more
    than the line it is sliced off.
    """
    arms = _by_arm(census, targeting, last_awards)
    reached = _together(arms, last_awards)
    nothing = np.zeros(len(census), dtype=np.int64)
    if targeting.arm == "none" or not targeting.funded:
        return Targeted(nothing, nothing, settled.rounding, reached)
    taken, given, rounding, notes = nothing.copy(), nothing.copy(), dict(settled.rounding), []
    for phase, name in enumerate(PHASES):
        rows = np.flatnonzero((census.phase == phase) & census.funded)
        weights = [arms[arm].weights[rows] for arm, _ in targeting.shares]
        pot = settled.pots.get(phase, exact_sum(settled.budget[rows], census.multiplicity[rows]))
        whole = ratio_half_up(
            pot, round(targeting.envelope_gbp * PENCE), settled.england_pot * PENCE
        )
        parts = _envelope(census, targeting, whole, rows, weights)
        if sum(parts) == 0:
            if _asked(targeting) and rows.size:
                notes.append(f"nobody to target in {name} schools this year: no slice there")
            continue
        key = phase if phase in rounding else max(rounding)
        many, keys = census.multiplicity[rows], census.school[rows]
        taken[rows] = _take(sum(parts), settled.sliced[rows], keys, many, name)
        due = max(0, exact_sum(taken[rows], many) + rounding[key])
        given[rows] = _give(due, parts, weights, keys, many)
        rounding[key] += exact_sum(taken[rows], many) - exact_sum(given[rows], many)
        notes += _dose_note(census, rows, given[rows], reached.flags[rows], name)
    return Targeted(taken, given, rounding, reached, tuple(notes))


def reach(census: Census, targeting: Targeting, last_awards: IntArray) -> Reach:
    """Return whom a policy reaches, whether or not it is funded."""
    return _together(_by_arm(census, targeting, last_awards), last_awards)


@dataclass(frozen=True)
class _Arm:
    """One arm: weights [n] of its money, and whom it reaches."""

    weights: IntArray
    reached: Reach


def _by_arm(census: Census, targeting: Targeting, last_awards: IntArray) -> dict[str, _Arm]:
    """Return what each arm of a policy points at."""
    arms = sorted(targeting.arms) or ["none"]
    return {arm: _arm(census, targeting, arm, last_awards) for arm in arms}


def _arm(census: Census, targeting: Targeting, arm: str, last_awards: IntArray) -> _Arm:
    count = _count(census, targeting)
    if arm == "none":
        return _Arm(0 * count, Reach(count < 0, last_awards))
    if arm == "pupil_need":
        return _Arm(count, Reach(count > 0, last_awards))
    if arm == "area_list":
        inside = listed(census, targeting.areas)
        return _Arm(np.where(inside, count, 0), Reach(inside, last_awards))
    found = award(census, targeting.trigger, last_awards)
    weights = np.maximum(found.thousandths, 0) * count
    return _Arm(weights, Reach(weights > 0, found.thousandths, found.report))


def _together(arms: dict[str, _Arm], last_awards: IntArray) -> Reach:
    """Return whom arms point at together; need everywhere adds no school beside another arm."""
    several = {name: one for name, one in arms.items() if name != "pupil_need"} or arms
    flags = np.logical_or.reduce([one.reached.flags for one in several.values()])
    gap = arms.get("gap_triggered")
    return Reach(flags, last_awards) if gap is None else replace(gap.reached, flags=flags)


def listed(census: Census, named: str | tuple[str, ...] | list[str]) -> BoolArray:
    """Return the funded schools [n] that an area list covers.

    A list is ``opportunity_areas`` (by the school's own small area), ``education_investment_areas``
    or names or codes of areas. Raise `BadRequest` if it covers none in this world.
    """
    if named == "opportunity_areas":
        inside = census.opportunity_area & census.funded
    elif named == "education_investment_areas":
        inside = census.education_investment_area & census.funded
    else:
        rows = _rows_named(census, (named,) if isinstance(named, str) else tuple(named))
        inside = np.isin(census.area, rows) & census.funded
    if not inside.any():
        what = named if isinstance(named, str) else ", ".join(named)
        raise BadRequest(
            f"policy.targeting.areas: no school of this world lies in {what}; choose another "
            "world (tenth or england) or another list"
        )
    return inside


def _rows_named(census: Census, named: tuple[str, ...]) -> IntArray:
    """Return rows of the table of areas, given names or ONS codes."""
    england = areas()
    code_of = dict(zip(england.name.tolist(), england.code.tolist(), strict=True))
    codes = census.area_codes or tuple(england.code.tolist())
    known = {*code_of, *code_of.values()}
    unknown = [name for name in named if name not in known]
    if unknown:
        raise BadRequest(
            f"policy.targeting.areas: {unknown[0]!r} is not an area. "
            f"{did_you_mean(unknown[0], code_of)}"
        )
    wanted = {code_of.get(name, name) for name in named}
    rows = [row for row, code in enumerate(codes) if code in wanted]
    return np.array(rows, dtype=np.int64)


def _count(census: Census, targeting: Targeting) -> IntArray:
    pupils = census.for_targeting if targeting.per == "disadvantaged" else census.pupils
    count: IntArray = np.where(census.funded, pupils, 0)
    return count


def _asked(targeting: Targeting) -> bool:
    gbp = targeting.envelope_gbp if targeting.dose_gbp is None else targeting.dose_gbp
    return gbp > 0


def _envelope(
    census: Census,
    targeting: Targeting,
    whole: int,
    rows: IntArray,
    weights: Sequence[IntArray],
) -> list[int]:
    """Return one phase's pence for each part of the money, in the order of `Targeting.shares`.

    A dose pays so many pounds a disadvantaged pupil reached; otherwise the phase pays ``whole``,
    the share of its pot that the envelope is of England's. What finds nobody is not raised.
    """
    many, poor = census.multiplicity[rows], census.for_targeting[rows]
    shares = [round(share * MILLION) for _, share in targeting.shares]
    shares[-1] = MILLION - sum(shares[:-1])
    if targeting.dose_gbp is None:
        parts = [ratio_half_up(whole, share, MILLION) for share in shares[:-1]]
        parts.append(whole - sum(parts))
    else:
        dose = round(targeting.dose_gbp * PENCE)
        pupils = [exact_sum(poor[weight > 0], many[weight > 0]) for weight in weights]
        parts = [
            ratio_half_up(dose * count, share, MILLION)
            for count, share in zip(pupils, shares, strict=True)
        ]
    return [part if weight.any() else 0 for part, weight in zip(parts, weights, strict=True)]


def _take(pence: int, sliced: IntArray, keys: IntArray, many: IntArray, phase: str) -> IntArray:
    """Return what each school's basic entitlement loses, in proportion to it."""
    most = exact_sum(sliced, many)
    if pence > most:
        raise BadRequest(
            f"policy.targeting: GBP {pence / PENCE:,.0f} to slice off GBP {most / PENCE:,.0f} of "
            f"basic amount of {phase} schools; lower envelope_gbp or dose_gbp"
        )
    return apportion(pence, sliced, keys, many)[0]


def _give(
    due: int,
    parts: Sequence[int],
    weights: Sequence[IntArray],
    keys: IntArray,
    many: IntArray,
) -> IntArray:
    """Share what was raised: part by part, and all that is left to the last."""
    live = [(part, weight) for part, weight in zip(parts, weights, strict=True) if part]
    given, left = np.zeros_like(keys), due
    for number, (part, weight) in enumerate(live, start=1):
        mine = left if number == len(live) else ratio_half_up(due, part, sum(parts))
        if mine:
            given += apportion(mine, weight, keys, many)[0]
        left = due - exact_sum(given, many)
    return given


def _dose_note(
    census: Census, rows: IntArray, given: IntArray, flags: BoolArray, phase: str
) -> list[str]:
    """Return a warning where the dose lies outside all evidence on the effect of money."""
    many = census.multiplicity[rows]
    pupils = exact_sum(census.for_targeting[rows][given > 0], many[given > 0])
    dose = exact_sum(given, many) / PENCE / pupils if pupils else 0.0
    mark = dose_mark(dose, f"disadvantaged pupil reached in {phase} schools")
    return [mark] if mark else []
