"""Household income from year to year, and who is registered for free school meals.

Income = a lasting part + a departure that fades by a factor a year and is drawn anew. A family
below the line registers unless its poverty is too shallow for it to claim, and once the child has
come to England. Registration is kept as bits, this year lowest: eligibility with transitional
protection, ever-6 and both without protection are read off the same bits.

A policy may let money follow another rule, from an autumn on: all below the line of Universal
Credit, who claim it as they would the old one. That register stands beside the first, which it
holds (`Credit`); the first alone is what a child is known by.

References:
    Department for Education, *Free school meals: guidance*, transitional protection since 2018;
    announcement of 4 June 2025 (all households on Universal Credit from September 2026).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Float32s, Int8s, UInt16s, UInt32s
from sim.codes import LAST_GRADE, TIME_BITS, YEAR_INCOME
from sim.config.values import PeopleBeliefs
from sim.kernel import kernel
from sim.rng import BLOCK, Key, Luck, Purpose, draw, luck, normal
from sim.world.pupils import Pupils

__all__ = [
    "Credit",
    "Eligibility",
    "Path",
    "counting",
    "critical_shift",
    "eligibility",
    "path",
    "relive",
    "turn",
]

_F = np.float32
_YEAR = np.uint32(int(Purpose.YEAR))
_ZERO = np.uint32(0)
_ONE = np.uint16(1)
_MIDDLE = _F(LAST_GRADE / 2)
PROTECTED_YEARS = 6
_ECHO = PROTECTED_YEARS - 1
"""Years for which those who were protected at the last are still seen in ever-6."""
THIS_YEAR = np.uint16(1)
SIX_YEARS = np.uint16(0b11_1111)
EIGHT_YEARS = np.uint16(0b1111_1111)
KEPT_YEARS = np.uint16(0b1_1111_1111_1111)


class Household(NamedTuple):
    """What is read and written of a child's household."""

    id: UInt32s
    come: Int8s
    income: Float32s
    claims: Float32s
    transitory: Float32s
    registered: UInt16s
    spells: Int8s


class Path(NamedTuple):
    """How income moves: standard deviation and yearly correlation of its passing part, trend."""

    sd: np.float32
    keep: np.float32
    age_slope: np.float32


class Eligibility(NamedTuple):
    """Which bits of registration count as eligible now and as eligible in six years."""

    fsm: np.uint16
    ever6: np.uint16


class Credit(NamedTuple):
    """Eligibility by Universal Credit: where its line lies, and from when on it holds.

    ``first`` is a school year by the year in which it ends, ``line`` in household SD above that of
    free meals; ``ends`` says that transitional protection ends then.
    """

    first: int
    line: np.float32
    ends: bool

    def bits(self, usual: Eligibility, year: int) -> Eligibility:
        """Return which bits of the register that money follows count in a school year.

        Without protection the year itself counts as eligible now, and six years as ever-6. But who
        was protected at the last counts as having been eligible then: for five years ever-6 reaches
        back as far as before.
        """
        if not self.ends:
            return usual
        return Eligibility(THIS_YEAR, SIX_YEARS if year >= self.first + _ECHO else usual.ever6)


def path(people: PeopleBeliefs) -> Path:
    """Read the income path from the beliefs about people."""
    return Path(_F(people.transitory_sd), _F(people.transitory_keep), _F(people.income_age_slope))


def eligibility(*, protected: bool) -> Eligibility:
    """Return the bits that count, with or without transitional protection.

    With protection FSM reaches back six years. Ever-6 looks back six years at FSM that was itself
    protected, but protection began in 2018: in 2024 the two together reach back about eight years.
    """
    if protected:
        return Eligibility(SIX_YEARS, EIGHT_YEARS)
    return Eligibility(THIS_YEAR, SIX_YEARS)


def turn(pupils: Pupils, year: int, key: Key, walk: Path, credit: Credit | None = None) -> None:
    """Move every child's household to a new school year and register it, or not.

    Before Reception comes a year in nursery, in which registration counts too.

    Args:
        pupils: The cohort.
        year: School year.
        key: Luck.
        walk: How income moves.
        credit: The rule that money follows, where it is another; a child's second register begins
            as its first.
    """
    grade = pupils.grade(year)
    home = pupils.view(Household)
    other = credit if credit is not None and year >= credit.first else None
    if other is not None and not pupils.has("counted"):
        pupils.add("counted")
        pupils.counted = pupils.registered
    for at in (-1, 0) if grade == 0 else (grade,):
        _turn(home, luck(key, year - grade + at), _F(at), walk)
        if other is not None:
            line = other.line if year - grade + at >= other.first else _F(0.0)
            _count(home, pupils.counted, _F(at), walk, line)


def counting(pupils: Pupils, bits: np.uint16) -> NDArray[np.bool_]:
    """Return who counts by the register that money follows; nobody where there is none."""
    if not pupils.has("counted"):
        return np.zeros(pupils.rows, np.bool_)
    return np.asarray((pupils.counted & bits) != 0)


@kernel
def _count(
    home: Household, counted: UInt16s, grade: np.float32, walk: Path, line: np.float32
) -> None:
    """Register a year by a line that may lie higher; at a line of 0, as `_turn` does."""
    older = walk.age_slope * (grade - _MIDDLE)
    now = np.int8(max(grade, _F(0.0)))
    income, transitory = home.income, home.transitory
    for i in range(counted.size):
        needs = income[i] + transitory[i] + older < line - home.claims[i]
        poor = needs & (home.come[i] <= now)
        counted[i] = (np.uint16(counted[i] << _ONE) & KEPT_YEARS) | np.uint16(poor)


@kernel
def _turn(home: Household, luck: Luck, grade: np.float32, walk: Path) -> None:
    first = grade < _F(0.0)
    fresh = walk.sd if first else _F(np.sqrt(_F(1.0) - walk.keep * walk.keep)) * walk.sd
    older = walk.age_slope * (grade - _MIDDLE)
    now = np.int8(max(grade, _F(0.0)))
    income, transitory, registered = home.income, home.transitory, home.registered
    for i in range(home.id.size):
        z = normal(draw(home.id[i], luck.when, _YEAR, _ZERO, luck.k0, luck.k1)[YEAR_INCOME])
        transitory[i] = walk.keep * transitory[i] + fresh * z
    for i in range(home.id.size):
        needs = income[i] + transitory[i] + older < -home.claims[i]
        poor = needs & (home.come[i] <= now)
        registered[i] = (np.uint16(registered[i] << _ONE) & KEPT_YEARS) | np.uint16(poor)
    if not first:
        for i in range(home.id.size):
            home.spells[i] += np.int8(registered[i] & _ONE)


def relive(pupils: Pupils, year: int, key: Key, walk: Path) -> None:
    """Live through every school year up to ``year`` for a cohort met in mid-school."""
    for grade in range(pupils.grade(year) + 1):
        turn(pupils, year - pupils.grade(year) + grade, key, walk)


def critical_shift(pupils: Pupils, year: int, key: Key, walk: Path) -> NDArray[np.float32]:
    """Return, for each child, the income shift below which it is eligible in ``year``.

    With transitional protection: registered in this year or any of the five before, in England.
    For a child yet to come no shift is low enough.
    """
    out = np.empty(pupils.rows, np.float32)
    _critical(pupils.view(Household), luck(key), year, pupils.grade(year), walk, out)
    return out


@kernel
def _critical(
    home: Household, luck: Luck, year: int, grade: int, walk: Path, out: Float32s
) -> None:
    fresh = _F(np.sqrt(_F(1.0) - walk.keep * walk.keep)) * walk.sd
    t = np.zeros(BLOCK, np.float32)
    lowest = np.empty(BLOCK, np.float32)
    for low in range(0, home.id.size, BLOCK):
        part, known = home.id[low : low + BLOCK], home.come[low : low + BLOCK]
        lowest[:] = _F(np.inf)
        for g in range(-1, grade + 1):
            when = np.uint32((year - grade + g) << TIME_BITS)
            older = walk.age_slope * (_F(g) - _MIDDLE)
            keep = _F(0.0) if g < 0 else walk.keep
            spread = walk.sd if g < 0 else fresh
            for i in range(part.size):
                z = normal(draw(part[i], when, _YEAR, _ZERO, luck.k0, luck.k1)[YEAR_INCOME])
                t[i] = keep * t[i] + spread * z
            if g > grade - PROTECTED_YEARS:
                for i in range(part.size):
                    if known[i] <= max(g, 0):
                        lowest[i] = min(lowest[i], t[i] + older)
        y = home.income[low : low + BLOCK]
        d = home.claims[low : low + BLOCK]
        result = out[low : low + BLOCK]
        for i in range(part.size):
            result[i] = -d[i] - y[i] - lowest[i]
