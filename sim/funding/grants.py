"""What comes out of allocation, and what it carries to the next year."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Self

import numpy as np

from sim.codes import PHASES
from sim.data.base_year import BaseYear, base_year
from sim.errors import InvariantBroken
from sim.funding.census import BoolArray, Census
from sim.funding.lines import total_of
from sim.funding.trigger import UNKNOWN, TriggerReport
from sim.money import IntArray, exact_sum, half_up

__all__ = ["BOTH", "FundingMemory", "Grants", "Way", "When", "rows_of"]

BOTH = 2
"""Key of the one pot over both phases under ``phase: free``; 0 and 1 are the phases' own."""


@dataclass(frozen=True)
class When:
    """The policy year (nought or less: the past), whether it is the first, and at whose rates."""

    policy_year: int
    first_past: bool = False
    base: BaseYear = field(default_factory=base_year)


@dataclass(frozen=True)
class Way:
    """A year on the way from the published formula to another: year ``year`` of ``years``.

    By pot: ``before`` is what the basic rates of the published formula were multiplied by, and
    ``mixed`` what the line that meets the pot was multiplied by again, once both were mixed.
    ``clauses`` are those that the new rule pays.
    """

    year: int
    years: int
    before: dict[int, float]
    mixed: dict[int, float]
    clauses: tuple[str, ...]


def _no_numbers() -> IntArray:
    return np.zeros(0, dtype=np.int64)


def _one_number() -> IntArray:
    return np.zeros(1, dtype=np.int64)


def _by_phase() -> IntArray:
    return np.zeros(len(PHASES), dtype=np.int64)


@dataclass
class FundingMemory:
    """What allocation carries from year to year: arrays only, so that a branch is one copy.

    ``school`` ids [n] of last year's census; ``led`` their pupil-led pence after protection and
    before any slice, ``national`` the same as the national formula had it (which differs under
    local formulae), ``pupils`` their roll; ``awards`` of the gap ramp in thousandths (below 0:
    none yet). ``pence`` and ``roll`` [2], by phase and weighted: what the published formula paid
    in year 0, and for how many pupils. ``high_needs`` [1]: what high needs got in year 0.
    """

    school: IntArray = field(default_factory=_no_numbers)
    led: IntArray = field(default_factory=_no_numbers)
    national: IntArray = field(default_factory=_no_numbers)
    pupils: IntArray = field(default_factory=_no_numbers)
    awards: IntArray = field(default_factory=_no_numbers)
    pence: IntArray = field(default_factory=_by_phase)
    roll: IntArray = field(default_factory=_by_phase)
    high_needs: IntArray = field(default_factory=_one_number)

    def copy(self) -> Self:
        """Return a memory of its own with the same numbers."""
        return type(self)(**{part.name: getattr(self, part.name).copy() for part in fields(self)})

    def base(self, census: Census, *, local: bool = False) -> IntArray:
        """Return last year's pupil-led pence [n] at this year's pupils; 0 without a last year.

        As the national formula has it, or with ``local`` as authorities paid it.
        """
        pupils, led = self._last(census, self.pupils, 0), self.led if local else self.national
        paid = half_up(self._last(census, led, 0) * census.pupils, np.maximum(pupils, 1))
        base: IntArray = np.where(pupils > 0, paid, 0)
        return base

    def last_awards(self, census: Census) -> IntArray:
        """Return last year's awards [n] in thousandths; below 0 where there is none."""
        return self._last(census, self.awards, UNKNOWN)

    def turn(
        self,
        census: Census,
        before_slice: IntArray,
        aside: IntArray,
        awards: IntArray,
        national: IntArray,
    ) -> None:
        """Remember this year's money before the slice, less what floors leave aside."""
        self.school = census.school.copy()
        self.led, self.national = (
            paid - np.minimum(aside, paid) for paid in (before_slice, national)
        )
        self.pupils = np.where(census.funded, census.pupils, 0)
        self.awards = awards.copy()

    def _last(self, census: Census, values: IntArray, missing: int) -> IntArray:
        """Return last year's values by this year's rows, matched by the schools' ids."""
        if np.array_equal(self.school, census.school):
            return values
        found = np.full(len(census), missing, dtype=np.int64)
        if self.school.size:
            order = np.argsort(self.school)
            place = np.searchsorted(self.school, census.school, sorter=order)
            row = order[np.minimum(place, order.size - 1)]
            known = self.school[row] == census.school
            found[known] = values[row[known]]
        return found


@dataclass(frozen=True)
class Grants:
    """A year's money by school and clause, in pence, shape [n].

    ``lines`` sum to ``total``: the rule's own clauses, then ``minimum``, ``floor``, ``scaling``
    (nought or less: what gainers pay for the floor), ``slice`` (nought or less), ``targeted``,
    ``premium`` and ``extra``. ``from_pot`` is the total without ``extra`` and the ``premium`` paid
    once (what is paid beyond once comes off the pot): for each key of ``pots`` (0 primary, 1
    secondary; 2 both under ``phase: free``)
    ``sum(multiplicity * from_pot) + rounding == pots + new_money``, to the penny.

    ``slice`` is what is taken (nought or more); ``flags`` the schools the arm reaches, funded or
    not; ``awards`` of the gap ramp in thousandths (below 0: none yet); ``floor_used`` the yearly
    floor by pot, in millionths; ``on_floor`` the schools it holds up; ``solved`` what the rates of
    the line that meets a pot are multiplied by; ``kept`` what a transition leaves a school beyond
    what the new rule pays it (below nought: holds back), before floors; None: there is none;
    ``way`` the transition itself; ``high_needs`` what high needs get beside the pots.
    """

    lines: dict[str, IntArray]
    total: IntArray
    from_pot: IntArray
    premium: IntArray
    targeted: IntArray
    slice: IntArray
    pots: dict[int, int]
    rounding: dict[int, int]
    new_money: dict[int, int]
    floor_used: dict[int, int]
    on_floor: BoolArray
    flags: BoolArray
    awards: IntArray
    solved: dict[int, float] = field(default_factory=dict)
    kept: IntArray | None = None
    way: Way | None = None
    high_needs: int = 0
    trigger: TriggerReport | None = None
    notes: tuple[str, ...] = ()

    def clauses(self, school_row: int) -> list[tuple[str, int]]:
        """Return (clause, pence) of one school, in the order of the rule; they sum to its total."""
        return [(clause, int(pence[school_row])) for clause, pence in self.lines.items()]

    def check(self, census: Census) -> None:
        """Raise `InvariantBroken` unless every penny is accounted for."""
        if not np.array_equal(total_of(self.lines), self.total):
            raise InvariantBroken("allocation: a school's clauses do not sum to its total")
        if int(self.total.min(initial=0)) < 0:
            raise InvariantBroken("allocation: a school is paid less than nothing")
        largest = int(census.multiplicity.max(initial=1))
        for key, pot in self.pots.items():
            rows = rows_of(census, key)
            paid = exact_sum(self.from_pot[rows], census.multiplicity[rows])
            missing = pot + self.new_money[key] - paid - self.rounding[key]
            if missing or abs(self.rounding[key]) >= largest:
                raise InvariantBroken(
                    f"allocation: pot {key} of {pot} pence is missed by {missing} pence, with a "
                    f"rounding of {self.rounding[key]}"
                )


def rows_of(census: Census, key: int) -> IntArray:
    """Return the rows of the schools that one pot pays."""
    mine = census.funded if key == BOTH else census.funded & (census.phase == key)
    return np.flatnonzero(mine)
