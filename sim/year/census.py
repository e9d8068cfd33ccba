"""The school census: how many children of each kind are on each roll."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Float32s, Int8s, Int32s, Int64s, Numbers, UInt16s
from sim.codes import FIRST_SECONDARY, FIXED_POINT, LAST_GRADE
from sim.kernel import kernel
from sim.world.pupils import Pupils, Rolls

__all__ = ["COUNTS", "Counted", "count"]

COUNTS = ("pupils", "fsm", "ever6", "low_prior", "eal3", "mobile")
GROUP_COLUMNS, BAND_COLUMNS = slice(6, 11), slice(11, 17)
MARKED = 18  # column of those with an earlier mark
WIDTH = 19  # column 17 is for band G, which brings no money
THREE_YEARS = 3
_F = np.float32
_ZERO, _ONE, _TWO = np.int8(0), np.int8(1), np.int8(2)


class Child(NamedTuple):
    """What the census reads of children."""

    small: Int32s
    registered: UInt16s
    income: Float32s
    spells: Int8s
    eal: Bools
    arrive: Int8s
    come: Int8s
    since: Int8s


class Limits(NamedTuple):
    """Bits of registration that count, and marks, incomes and years that divide children.

    ``long`` are the years registered from which it is long, by the year group a child came in;
    ``low`` divides earlier marks, which are ``known`` from Year 1 on.
    """

    fsm: np.uint16
    ever6: np.uint16
    deep: np.float32
    long: Float32s
    low: np.float32
    known: bool


class Counted(NamedTuple):
    """What the census finds.

    Attributes:
        counts: (schools, 19) `COUNTS`, results groups (`GROUP_COLUMNS`), IDACI bands A to F
            (`BAND_COLUMNS`) and G, those with an earlier mark (`MARKED`).
        income: Sums of income by school in 2^-20.
        group: Results group of each child.
    """

    counts: Int64s
    income: Int64s
    group: Int8s


def count(
    pupils: Pupils,
    grade: int,
    schools: int,
    band: NDArray[np.int8],
    bits: tuple[int, int],
    low: tuple[float, float],
    deep: float,
    long_share: float,
) -> Counted:
    """Count one cohort.

    Args:
        pupils: The cohort, sorted by school.
        grade: Its year group.
        schools: Number of schools of the phase.
        band: IDACI band of each small area.
        bits: Bits of registration that count as FSM and as ever-6.
        low: Mark under which prior attainment is low: at 5 (for primaries), at 11.
        deep: Lasting income under which disadvantage is deep.
        long_share: Share of school years (in England) registered from which it is long.
    """
    found = Counted(
        counts=np.zeros((schools, WIDTH), np.int64),
        income=np.zeros(schools, np.int64),
        group=np.zeros(pupils.rows, np.int8),
    )
    primary = grade < FIRST_SECONDARY
    limits = Limits(
        fsm=np.uint16(bits[0]),
        ever6=np.uint16(bits[1]),
        deep=_F(deep),
        long=_long(long_share, grade),
        low=_F(low[0] if primary else low[1]),
        known=grade > 0,
    )
    prior = pupils.early if primary else pupils.ks2
    _count(pupils.view(Child), pupils.rolls, prior, band, limits, grade, found)
    return found


def _long(share: float, grade: int) -> NDArray[np.float32]:
    """Return the years registered from which it is long, by the year group a child came in."""
    return np.asarray(share * (grade + 1 - np.arange(LAST_GRADE + 1)), np.float32)


@kernel
def _results_group(child: Child, limits: Limits, group: Int8s) -> None:
    """Write 0 for others, else 1 to 4 by depth (shallow, deep) and duration (short, long)."""
    for i in range(group.size):
        depth = _TWO if child.income[i] < limits.deep else _ZERO
        long = limits.long[np.uint64(child.come[i])]
        duration = _ONE if _F(child.spells[i]) >= long else _ZERO
        poor = (child.registered[i] & limits.ever6) != 0
        group[i] = np.int8(_ONE + depth + duration) if poor else _ZERO


@kernel
def _count(
    child: Child,
    rolls: Rolls,
    prior: Float32s,
    band: Int8s,
    limits: Limits,
    grade: int,
    found: Counted,
) -> None:
    """Count school by school, one thing a loop: short loops become wide instructions."""
    _results_group(child, limits, found.group)
    last = rolls.start.size - 2
    nowhere = np.zeros(found.counts.shape[1], np.int64)
    newest = np.int8(grade - THREE_YEARS)
    for s in range(last + 1):
        n = found.counts[s] if s < last else nowhere
        a, b = rolls.start[s], rolls.start[s + 1]
        n[0] = b - a
        n[1] = _with_bits(child.registered[a:b], limits.fsm)
        n[2] = _with_bits(child.registered[a:b], limits.ever6)
        n[3] = _under(prior[a:b], limits.low) if limits.known else 0
        n[MARKED] = _under(prior[a:b], _F(np.inf)) if limits.known else 0
        n[4] = _newly_come(child.eal[a:b], child.arrive[a:b], newest)
        n[5] = _under(child.since[a:b], np.int8(THREE_YEARS))
        for i in range(a, b):
            n[6 + found.group[i]] += 1
            n[11 + band[np.uint64(child.small[i])]] += 1
        if s < last:
            found.income[s] = _fixed_sum(child.income[a:b])


@kernel
def _with_bits(values: UInt16s, bits: np.uint16) -> int:
    many: Any = 0
    for i in range(values.size):
        many += np.int64((values[i] & bits) != 0)
    return int(many)


@kernel
def _under(values: Numbers, limit: np.float32 | np.int8) -> int:
    many: Any = 0
    for i in range(values.size):
        many += np.int64(values[i] < limit)
    return int(many)


@kernel
def _newly_come(eal: Bools, arrive: Int8s, newest: np.int8) -> int:
    many: Any = 0
    for i in range(eal.size):
        many += np.int64(eal[i] and arrive[i] > newest)
    return int(many)


@kernel
def _fixed_sum(values: Float32s) -> int:
    total: Any = 0
    for i in range(values.size):
        total += np.int64(values[i] * _F(FIXED_POINT))
    return int(total)
