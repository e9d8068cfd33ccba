"""Minimum levels and floors, and who pays for them: four closures.

A *floor* keeps pupil-led money per pupil from falling faster than a yearly rate. With last year's
money ``b`` at this year's pupils, this year's ``x`` before protection, floor ``f``, ``L = sum b``
and ``g = sum x / L - 1``::

    sum max(0, x - (1 + f) b)  -  sum max(0, (1 + f) b - x)  =  (g - f) L

so gains can pay for a floor only if ``f <= g``: at a constant pot, never above 0. Closures:

* ``balance``: the rule's balancing line is set so that the pot is met after protection;
* ``lower_floor``: gains pay; if they do not suffice the floor is the highest they can pay for;
* ``scale_gains``: gains pay, and the request is refused if they do not suffice;
* ``external``: new money pays what gains above a named cap do not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from sim.codes import MILLION
from sim.data.base_year import BaseYear
from sim.errors import BadRequest, did_you_mean
from sim.funding.census import BoolArray
from sim.money import IntArray, apportion, exact_sum, half_up, multiply_divide

__all__ = [
    "CLOSURES",
    "PUBLISHED",
    "REFORM_FLOOR",
    "Budgets",
    "Settlement",
    "Terms",
    "balance",
    "floor_of",
    "floor_target",
    "settle",
]

CLOSURES = ("balance", "lower_floor", "scale_gains", "external")

"""Floors and caps are whole millionths inside the rules."""

PUBLISHED = "published"
"""What a rule writes for the yearly floor of the published formula, which the base year sets."""

REFORM_FLOOR = -0.015
"""Yearly floor of a rule that shares the pot anew, where it names no other."""


@dataclass(frozen=True)
class Budgets:
    """One pot's schools before it is settled; pence, shape [n].

    ``scaled`` is the balancing line at any level (only its proportions count), ``fixed`` the sum
    of the other lines, ``level`` the budget that minimum levels demand (0: none), ``base`` last
    year's pupil-led money at this year's pupils (0: none), ``school_led`` what the floor leaves
    aside.
    """

    scaled: IntArray
    fixed: IntArray
    level: IntArray
    base: IntArray
    school_led: IntArray
    keys: IntArray
    multiplicity: IntArray

    def take(self, rows: IntArray) -> Budgets:
        """Return some schools, in the order asked for."""
        return Budgets(*(getattr(self, part.name)[rows] for part in fields(self)))


@dataclass(frozen=True)
class Terms:
    """The floor (millionths), the cap on gains that is left to gainers, and who pays.

    ``solved``: a line gives way until the pot is met; if none does, new money is what is missed.
    """

    closure: str
    floor: int
    cap: int | None = None
    solved: bool = True


@dataclass(frozen=True)
class Settlement:
    """What settling made of a pot: lines in pence [n], and what it took.

    ``sum(multiplicity * (balanced + fixed + minimum + floor + scaling)) + rounding`` is the pot
    plus ``new_money``; ``scaling`` (nought or less) is what gainers pay; ``floor_used`` is in
    millionths.
    """

    balanced: IntArray
    minimum: IntArray
    floor: IntArray
    scaling: IntArray
    rounding: int
    floor_used: int
    new_money: int = 0


def floor_of(meta: Mapping[str, Any], year: BaseYear) -> float:
    """Return the yearly floor that a rule names of itself: a share, or the published formula's."""
    floor = meta.get("floor", REFORM_FLOOR)
    return year.yearly_floor / MILLION if floor == PUBLISHED else float(floor)


def floor_target(base: IntArray, floor: int) -> IntArray:
    """Return the least pupil-led money [n] that a floor (millionths) allows, rounded half up."""
    return half_up(base * max(0, MILLION + floor), MILLION)


def settle(pot: int, budgets: Budgets, terms: Terms) -> Settlement:
    """Meet ``pot`` to the penny under minimum levels, a floor and a closure.

    Raise `BadRequest` if the closure named cannot pay.
    """
    if terms.closure not in CLOSURES:
        raise BadRequest(
            f"policy.funding.closure={terms.closure!r} is not known. "
            f"{did_you_mean(terms.closure, CLOSURES)}"
        )
    if terms.closure == "balance":
        return _settle_by_balance(pot, budgets, terms)
    if not terms.solved:
        return _settle_as_written(pot, budgets, terms)
    balanced, rounding = balance(pot, budgets, budgets.level)
    lines, floor = _protected(budgets, balanced, terms)
    return _pay(budgets, lines, rounding, floor)


def _protected(
    budgets: Budgets, balanced: IntArray, terms: Terms
) -> tuple[tuple[IntArray, IntArray, IntArray, IntArray], int]:
    """Return the balancing line, minimum, what the floor adds and its room, and the floor."""
    core = balanced + budgets.fixed
    minimum = np.maximum(0, budgets.level - core)
    before = core + minimum
    led = before - np.minimum(budgets.school_led, before)
    kept = np.minimum(budgets.level, before)
    gains = _Gains(led, budgets.base, before - kept, budgets.multiplicity, terms)
    floor = _affordable(gains, terms)
    raised, room = gains.at(floor)
    return (balanced, minimum, raised, room), floor


def _settle_as_written(pot: int, budgets: Budgets, terms: Terms) -> Settlement:
    """Pay every line as it is written; new money (less than nothing: money left) meets the pot."""
    lines, floor = _protected(budgets, np.zeros_like(budgets.fixed), terms)
    settled = _pay(budgets, lines, 0, floor)
    paid = budgets.fixed + settled.minimum + settled.floor + settled.scaling
    spent = exact_sum(paid, budgets.multiplicity) + settled.rounding
    return replace(settled, new_money=spent - pot)


def balance(pot: int, budgets: Budgets, protected: IntArray) -> tuple[IntArray, int]:
    """Return the balancing line [n] with which ``pot`` is met, and the rounding.

    Exact: the rate r solves ``sum(multiplicity * max(r * scaled + fixed, protected)) = pot``, a
    rising, convex, piecewise linear equation, by Newton's method in integers (each step keeps the
    set of schools above their protection; the set only shrinks after the first). Schools above
    share what is left by `apportion`; the others' line is r times theirs, rounded half up, and
    their protection tops it up. Raise `BadRequest` if protection alone costs more than the pot.
    """
    scaled, fixed, many = budgets.scaled, budgets.fixed, budgets.multiplicity
    above: BoolArray = scaled > 0
    for _ in range(scaled.size + 2):
        spare = pot - exact_sum(np.where(above, fixed, protected), many)
        whole = exact_sum(scaled[above], many[above])
        if spare < 0 or whole == 0:
            _refuse_unless_paid(spare, whole)
            return np.zeros_like(scaled), spare
        share, rest = multiply_divide(scaled, spare, whole)
        money = share + fixed
        still = (money > protected) | ((money == protected) & (rest > 0))
        if np.array_equal(still, above):
            break
        above = still
    line = share + (2 * rest >= whole)
    rows = np.flatnonzero(above)
    line[rows], rounding = apportion(spare, scaled[rows], budgets.keys[rows], many[rows])
    return line, rounding


def _refuse_unless_paid(spare: int, whole: int) -> None:
    if spare < 0 or (whole == 0 and spare > 0):
        raise BadRequest(
            "minimum levels, the floor (the minimum funding guarantee, MFG) and the lines that do "
            f"not balance the pot cost more than the pot, by GBP {-spare / 100:,.0f}. A floor of 0 "
            "or somewhat below can cost money too, where rolls or needs move. Give a lower "
            "policy.funding.floor (such as -0.015) or need_weight, or say who pays with "
            "policy.funding.closure=lower_floor or external"
            if spare < 0
            else "there is money in the pot and no school that the rule gives any to"
        )


def _settle_by_balance(pot: int, budgets: Budgets, terms: Terms) -> Settlement:
    if terms.cap is not None:
        raise BadRequest(
            "policy.funding.cap has no meaning under closure 'balance'; name lower_floor, "
            "scale_gains or external, or leave the cap out"
        )
    target = floor_target(budgets.base, terms.floor)
    held = np.where(target > 0, target + budgets.school_led, 0)
    balanced, rounding = balance(pot, budgets, np.maximum(held, budgets.level))
    core = balanced + budgets.fixed
    minimum = np.maximum(0, budgets.level - core)
    floor = np.maximum(0, held - core - minimum)
    return Settlement(balanced, minimum, floor, np.zeros_like(floor), rounding, terms.floor)


@dataclass(frozen=True)
class _Gains:
    """Pupil-led money against last year's: what a floor costs, what gainers could pay."""

    led: IntArray
    base: IntArray
    above_level: IntArray
    multiplicity: IntArray
    terms: Terms

    def at(self, floor: int) -> tuple[IntArray, IntArray]:
        """Return what the floor adds to each school [n] and what can be taken from it [n]."""
        raised = np.maximum(0, floor_target(self.base, floor) - self.led)
        cap = self.terms.cap
        if cap is None and self.terms.closure == "external":
            return raised, np.zeros_like(raised)
        kept = floor_target(self.base, floor if cap is None else max(cap, floor))
        room = np.minimum(self.led - kept, self.above_level)
        spared = (raised > 0) | (self.base == 0)  # a school without a last year has no gain
        return raised, np.where(spared, 0, np.maximum(0, room))

    def shortfall(self, floor: int) -> int:
        """Return the floor's cost less what gainers could pay, pence."""
        raised, room = self.at(floor)
        return exact_sum(raised, self.multiplicity) - exact_sum(room, self.multiplicity)


def _affordable(gains: _Gains, terms: Terms) -> int:
    """Return the floor that the closure pays for, millionths."""
    if terms.closure == "external":
        return terms.floor
    short = gains.shortfall(terms.floor)
    if short <= 0:
        return terms.floor
    if terms.closure == "scale_gains":
        raise BadRequest(
            f"gains cannot pay for a floor of {terms.floor / MILLION:+.4f} (minimum funding "
            f"guarantee, MFG): {_from_gains(terms.cap)} GBP {short / 100:,.0f} less than the floor "
            "costs. Give a lower policy.funding.floor or policy.funding.cap, or name another "
            "policy.funding.closure: lower_floor or external"
        )
    return _highest(lambda floor: gains.shortfall(floor) <= 0, -MILLION, terms.floor)


def _from_gains(cap: int | None) -> str:
    if cap is None:
        return "scaling all gains down to the floor brings in"
    return f"scaling gains down to the cap of {cap / MILLION:+.4f} brings in"


def _highest(holds: Callable[[int], bool], low: int, high: int) -> int:
    """Return the largest whole number below ``high`` that ``holds``; ``low`` is known to."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _pay(
    budgets: Budgets,
    lines: tuple[IntArray, IntArray, IntArray, IntArray],
    rounding: int,
    floor: int,
) -> Settlement:
    """Take the floor's cost from the room of gainers; what they cannot pay is new money."""
    balanced, minimum, raised, room = lines
    cost = exact_sum(raised, budgets.multiplicity)
    most = exact_sum(room, budgets.multiplicity)
    if cost > most:
        return Settlement(balanced, minimum, raised, -room, rounding, floor, cost - most)
    # What the balancing line left over pays first, so that one rounding remains.
    due = cost - rounding
    if due <= 0:
        return Settlement(balanced, minimum, raised, np.zeros_like(room), -due, floor)
    cut, left = apportion(due, room, budgets.keys, budgets.multiplicity)
    return Settlement(balanced, minimum, raised, -cut, -left, floor)
