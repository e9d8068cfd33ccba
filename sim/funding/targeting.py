"""Targeted money: one envelope, sliced off basic entitlement, given to whom an arm names.

Every arm raises the same money in the same way, so arms differ only in who gets it. Each phase
pays for its own share. Minimum levels and floors are settled before the slice and do not see
targeted money.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    """Whom an arm reaches: weights [n] of its money, schools reached, awards (gap arms)."""

    weights: IntArray
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
    reached = reach(census, targeting, last_awards)
    nothing = np.zeros(len(census), dtype=np.int64)
    if targeting.arm == "none" or not targeting.funded:
        return Targeted(nothing, nothing, settled.rounding, reached)
    need = _count(census, targeting)
    taken, given, rounding, notes = nothing.copy(), nothing.copy(), dict(settled.rounding), []
    for phase, name in enumerate(PHASES):
        rows = np.flatnonzero((census.phase == phase) & census.funded)
        weights = (reached.weights[rows], need[rows])
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
    """Return whom an arm reaches, whether or not it is funded."""
    nothing = np.zeros(len(census), dtype=np.int64)
    count = _count(census, targeting)
    if targeting.arm == "none":
        return Reach(nothing, nothing > 0, last_awards)
    if targeting.arm == "pupil_need":
        return Reach(count, count > 0, last_awards)
    if targeting.arm == "area_list":
        inside = listed(census, targeting.areas)
        return Reach(np.where(inside, count, 0), inside, last_awards)
    if targeting.arm == "gap_triggered":
        found = award(census, targeting.trigger, last_awards)
        weights = np.maximum(found.thousandths, 0) * count
        return Reach(weights, weights > 0, found.thousandths, found.report)
    raise BadRequest(
        f"policy.targeting.arm={targeting.arm!r} is not known; give none, area_list, pupil_need "
        "or gap_triggered"
    )


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
    pupils = census.ever6 if targeting.per == "disadvantaged" else census.pupils
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
    weights: tuple[IntArray, IntArray],
) -> tuple[int, int]:
    """Return one phase's pence for the arm and for need everywhere (the mix).

    A dose pays so many pounds a disadvantaged pupil reached; otherwise the phase pays ``whole``,
    the share of its pot that the envelope is of England's. What finds nobody is not raised.
    """
    many, poor = census.multiplicity[rows], census.ever6[rows]
    mix = round(targeting.mix * MILLION)
    shares = (MILLION - mix, mix)
    if targeting.dose_gbp is None:
        need = ratio_half_up(whole, mix, MILLION)
        parts = [whole - need, need]
    else:
        dose = round(targeting.dose_gbp * PENCE)
        pupils = [exact_sum(poor[weight > 0], many[weight > 0]) for weight in weights]
        parts = [
            ratio_half_up(dose * count, share, MILLION)
            for count, share in zip(pupils, shares, strict=True)
        ]
    found = [bool(weight.any()) for weight in weights]
    return (parts[0] if found[0] else 0, parts[1] if found[1] else 0)


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
    parts: tuple[int, int],
    weights: tuple[IntArray, IntArray],
    keys: IntArray,
    many: IntArray,
) -> IntArray:
    """Share what was raised: need first, then all that is left to the arm."""
    need = ratio_half_up(due, parts[1], sum(parts))
    everywhere, left = apportion(need, weights[1], keys, many) if need else (0 * keys, 0)
    rest = due - need + left
    if parts[0] == 0:
        return everywhere
    return everywhere + apportion(rest, weights[0], keys, many)[0]


def _dose_note(
    census: Census, rows: IntArray, given: IntArray, flags: BoolArray, phase: str
) -> list[str]:
    """Return a warning where the dose lies outside all evidence on the effect of money."""
    many = census.multiplicity[rows]
    pupils = exact_sum(census.ever6[rows][given > 0], many[given > 0])
    dose = exact_sum(given, many) / PENCE / pupils if pupils else 0.0
    mark = dose_mark(dose, f"disadvantaged pupil reached in {phase} schools")
    return [mark] if mark else []
