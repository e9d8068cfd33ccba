"""Local formulae: every authority shares out again what the national formula pays its schools.

An authority mirrors the national formula by a share. As far as it does not, money for additional
needs goes into its basic entitlement. It pays from what the national formula pays its schools of a
phase, to the penny, and keeps to minimum levels and to a guarantee of its own: no school gets less
a pupil than the yearly floor allows on what it was paid last year, or than the national formula
would pay it, whichever is less.

Reference: DfE, *Schools operational guide 2024 to 2025* (local formulae, mirroring, the minimum
funding guarantee), from memory, not checked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.codes import MILLION, PHASES
from sim.funding.census import Census
from sim.funding.lines import total_of
from sim.funding.protection import Budgets, balance, floor_target
from sim.money import IntArray, exact_sum, half_up

__all__ = ["NEEDS", "Guarantee", "shared_locally"]

NEEDS = ("fsm", "fsm6", "idaci", "depth", "low_prior", "eal", "mobility")
"""Clauses of additional needs, which an authority may pay less for."""
_BASIC = "basic"
_ANEW = (_BASIC, "minimum", "floor")
"""Clauses that an authority settles anew."""


@dataclass(frozen=True)
class Guarantee:
    """What no school may fall below; pence [n] but for the floor, in millionths.

    ``level``: the budget that minimum levels demand; ``base``: last year's pupil-led money at this
    year's pupils, as it was paid; ``aside``: what the floor leaves aside.
    """

    level: IntArray
    base: IntArray
    aside: IntArray
    floor: int


def shared_locally(
    census: Census, lines: dict[str, IntArray], guarantee: Guarantee
) -> dict[str, IntArray]:
    """Return the lines [n] as authorities pay them; each phase of each keeps its total.

    Args:
        census: With the share of each school's authority, ``mirror``; all of it changes nothing.
        lines: As the national formula pays them, minimum levels and floors settled.
        guarantee: What schools are held at.
    """
    mirror = census.mirror
    if mirror is None or _BASIC not in lines:
        return lines
    paid = total_of(lines)
    target = floor_target(guarantee.base, guarantee.floor)
    held = np.where(target > 0, target + guarantee.aside, 0)
    held, level = np.minimum(held, paid), np.minimum(guarantee.level, paid)
    own = {clause: pence.copy() for clause, pence in lines.items()}
    for clause in (one for one in NEEDS if one in own):
        own[clause] = half_up(lines[clause] * mirror, MILLION)
    fixed = total_of({clause: pence for clause, pence in own.items() if clause not in _ANEW})
    for phase in range(len(PHASES)):
        mine = census.funded & (census.phase == phase) & (mirror < MILLION)
        for area in np.unique(census.area[mine]):
            rows = np.flatnonzero(mine & (census.area == area))
            _settle(census, own, rows, (paid, fixed, held, level))
    return own


def _settle(
    census: Census,
    own: dict[str, IntArray],
    rows: IntArray,
    money: tuple[IntArray, IntArray, IntArray, IntArray],
) -> None:
    """Set the basic entitlement of an authority so that its total is met, then what protects."""
    paid, fixed, held, level = (one[rows] for one in money)
    basic = own[_BASIC][rows]
    if not basic.any():
        return
    one = np.ones_like(paid)
    budgets = Budgets(basic, fixed, level, held, held, census.school[rows], one)
    line, left = balance(exact_sum(paid), budgets, np.maximum(held, level))
    core = line + fixed
    minimum = np.maximum(0, level - core)
    own[_BASIC][rows] = line
    own["minimum"][rows] = minimum
    own["floor"][rows] = np.maximum(0, held - core - minimum)
    own[_BASIC][rows[:1]] += left
