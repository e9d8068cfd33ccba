r"""Attendance: what share of school sessions a child misses in a year, and what that costs it.

.. math:: \ln a = m - b\, y\,(1 - flat_g) + d\, D + h_g\,(o + (1-o)\, D) + s\, z

with income y in standard deviations, D for a disadvantaged child, heritage group g (in primaries a
part of it) and lasting luck z; nobody misses more than `MOST` per cent. Nothing in it knows where a
child lives. A point missed costs the stage c standard deviations, around what such homes miss on
average: what homes differ in is in their terms already, so that no national mean and no gap moves.
Without the switch ``attendance`` every child misses what such homes miss on average.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Float32s, Int8s, UInt8s, UInt16s
from sim.codes import (
    ABSENCE_LUCK,
    FIRST_SECONDARY,
    HERITAGE_COUNT,
    MIGRANT_HERITAGES,
    PRIMARY,
    SECONDARY,
)
from sim.config.models import Switches
from sim.config.values import Values
from sim.kernel import kernel
from sim.rng import BYTE_NORMALS, Key, Purpose, words
from sim.world.pupils import Pupils

__all__ = [
    "MOST",
    "PERSISTENT",
    "Attendance",
    "absence",
    "absence_terms",
    "add_absence",
    "assign",
    "misses",
]

MOST = 60
"""Per cent of sessions: nobody is on a roll and misses more."""
PERSISTENT = 10
"""Per cent of sessions from which absence is called persistent."""
FIRST, LAST, STEPS = -4, 5, 64  # of the tables by home: log per cent, and steps of 1
_LUCK_BITS = np.uint32(24)  # of a word that are left when only so many lucks are told apart
_F = np.float32
Floats = NDArray[np.float64]


class Child(NamedTuple):
    """What tells how much of school a child misses."""

    heritage: Int8s
    income: Float32s
    registered: UInt16s
    attends: UInt8s


class Attendance(NamedTuple):
    """How absence follows from home and luck in a phase, and what it costs.

    Attributes:
        level: Log per cent, by disadvantage (2) and heritage (11).
        income: How it falls with income, by heritage (11).
        mean: Mean of income.
        typical: Per cent by log per cent without luck, from `FIRST` in steps of 1 / `STEPS`.
        factor: What it is multiplied by, by luck (256).
        expected: Mean per cent over luck, likewise.
        often: Share who miss `PERSISTENT` per cent or more, likewise.
        cost: SD of a stage a point.
        kept: What is left of absence where schools work on it.
        lucky: Whether children have luck of their own.
    """

    level: Float32s
    income: Float32s
    mean: np.float32
    typical: Float32s
    factor: Float32s
    expected: Float32s
    often: Float32s
    cost: np.float32
    kept: np.float32
    lucky: bool


def absence_terms(values: Values, on: Switches, grade: int, effort: float = 0.0) -> Attendance:
    """Return how absence follows from home and luck in a year group.

    Args:
        values: Beliefs.
        on: Switches; ``attendance`` acts here.
        grade: Year group.
        effort: How far schools work on attendance, 0 to 1 (the lever).
    """
    phase = PRIMARY if grade < FIRST_SECONDARY else SECONDARY
    believed, people = values.attendance, values.people
    part = believed.heritage_primary if phase == PRIMARY else 1.0
    poor = np.array([[0.0], [1.0]])
    of_group = (
        part * np.asarray(believed.heritage) * (believed.others + (1 - believed.others) * poor)
    )
    migrant = np.isin(np.arange(HERITAGE_COUNT), MIGRANT_HERITAGES)
    slope = believed.income[phase] / people.income_sd
    kept = 1 - believed.work_effect * effort
    homes = _homes(believed.spread[phase], kept)
    return Attendance(
        level=(believed.level[phase] + believed.disadvantaged[phase] * poor + of_group).astype(_F),
        income=(slope * (1 - believed.migrant_flatter * migrant)).astype(_F),
        mean=_F(people.income_mean),
        typical=homes.typical,
        factor=homes.factor,
        expected=homes.expected,
        often=homes.often,
        cost=_F(0.0 if grade == 0 else believed.cost[phase]),
        kept=_F(kept),
        lucky=on.attendance,
    )


class _Homes(NamedTuple):
    """Tables by home and by luck, as in `Attendance`."""

    typical: Float32s
    factor: Float32s
    expected: Float32s
    often: Float32s


@lru_cache(maxsize=8)  # the same for every cohort of a phase, in every year
def _homes(sd: float, kept: float) -> _Homes:
    typical = np.exp(np.arange(FIRST * STEPS, LAST * STEPS + 1) / STEPS)
    factor = _factor(sd)
    missed = np.minimum(np.multiply.outer(typical, factor), MOST)
    often = (kept * missed >= PERSISTENT).mean(axis=1)
    return _Homes(*(table.astype(_F) for table in (typical, factor, missed.mean(axis=1), often)))


def _factor(sd: float) -> Floats:
    """Return what luck multiplies absence by: the middles of equally likely lucks."""
    return np.asarray(np.exp(sd * BYTE_NORMALS))


def misses(values: Values, phase: int) -> float:
    """Return the spread of absence among children of one kind of home, per cent.

    Of White British homes of mean income, disadvantaged or not.
    """
    believed, share = values.attendance, values.teachers.ever6_mean
    typical = np.exp(believed.level[phase] + np.array([0.0, believed.disadvantaged[phase]]))
    missed = np.minimum(np.multiply.outer(typical, _factor(believed.spread[phase])), MOST)
    inside = missed.var(axis=1)
    return float(np.sqrt((1 - share) * inside[0] + share * inside[1]))


def assign(pupils: Pupils, key: Key) -> None:
    """Write each child's lasting luck in attendance; more is more absence."""
    pupils.attends = words(key, pupils.id, Purpose.ABSENCE)[ABSENCE_LUCK] >> _LUCK_BITS


def absence(pupils: Pupils, terms: Attendance, ever6: int) -> tuple[Float32s, Float32s]:
    """Return what each child of a cohort misses in a year, and whether that is much.

    Per cent of sessions; and 1 where it is `PERSISTENT` or more, else 0. Where nobody has luck of
    their own it is the mean of such homes, and the share of their children who miss so much.

    Args:
        pupils: The cohort.
        terms: From `absence_terms`.
        ever6: Bits of registration that make a child disadvantaged.
    """
    missed, often = np.empty((2, pupils.rows), np.float32)
    none = np.empty(0, np.float32)
    _miss(pupils.view(Child), terms, np.uint16(ever6), missed, none, often)
    return missed, often


def add_absence(pupils: Pupils, terms: Attendance, ever6: int, to: Float32s) -> None:
    """Take what absence costs each child in a stage, SD, from an array a child."""
    missed, usual = np.empty((2, pupils.rows), np.float32)
    none = np.empty(0, np.float32)
    _miss(pupils.view(Child), terms, np.uint16(ever6), missed, usual, none)
    to += terms.cost * (usual - missed)


@kernel
def _miss(
    child: Child,
    terms: Attendance,
    ever6: np.uint16,
    missed: Float32s,
    usual: Float32s,
    often: Float32s,
) -> None:
    """Write what each child misses; what such homes do and whether it is much, where asked for."""
    steps, last, most = _F(STEPS), terms.expected.size - 1, _F(MOST)
    for i in range(missed.size):
        g, poor = child.heritage[i], 1 if child.registered[i] & ever6 else 0
        log = terms.level[poor, g] - terms.income[g] * (child.income[i] - terms.mean)
        at = int((log - _F(FIRST)) * steps + _F(0.5))
        at = min(max(at, 0), last)
        if usual.size:
            usual[i] = terms.expected[at]
        if terms.lucky:
            missed[i] = terms.kept * min(terms.typical[at] * terms.factor[child.attends[i]], most)
        else:
            missed[i] = terms.kept * terms.expected[at]
        if often.size:
            much = _F(1.0) if missed[i] >= _F(PERSISTENT) else _F(0.0)
            often[i] = much if terms.lucky else terms.often[at]
