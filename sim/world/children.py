r"""What is a child's own in a stage: sex and special needs, beside what home gives.

Each term is taken less what is expected of such a child, so that no national mean and no gap by
income moves: a girl's from the mean of the two sexes, a need's from what children of the same sex
and income have. What they add to the spread of a stage is taken from its unexplained noise, so
that national spreads stand too. Both are nothing while their switches are off.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Float32s, UInt8s
from sim.codes import (
    FIRST_SECONDARY,
    NEED_BITS,
    PRIMARY,
    SECONDARY,
    STAGE_EARLY,
    STAGE_KS2,
    STAGE_KS4,
)
from sim.config.models import Switches
from sim.config.values import ChildrenBeliefs, PeopleBeliefs, Values
from sim.kernel import kernel
from sim.world.attendance import misses
from sim.world.needs import GRID, REACH, chances, grid
from sim.world.pupils import Pupils

__all__ = ["Own", "add_own", "noise_left", "own_terms"]

_F = np.float32
_NEED = np.uint8((1 << NEED_BITS) - 1)
Floats = NDArray[np.float64]
Three = tuple[float, ...]


class Child(NamedTuple):
    """What is a child's own."""

    girl: Bools
    needs: UInt8s
    income: Float32s


class Own(NamedTuple):
    """What a stage gives girls and boys, and by need: less what is expected at sex and income.

    Attributes:
        sex: For boys, for girls.
        need: For none, support, a plan; empty where special needs are not on.
        expected: (2 sexes, incomes) of it.
        shift: Bits by which the need of the phase stands in the column.
        mean: Mean of income.
        scale: Steps of the table of expectations a unit of income.
        reach: Steps from its first income to the mean.
    """

    sex: Float32s
    need: Float32s
    expected: Float32s
    shift: np.uint8
    mean: np.float32
    scale: np.float32
    reach: np.float32


class Effects(NamedTuple):
    """What stages give, SD: by stage (5, 11, 16), and share carried over to 11 and to 16."""

    sex: Three
    need: tuple[Three, Three, Three]
    carry: tuple[float, float]


def _effects(values: Values, on: Switches, carry_secondary: float) -> Effects:
    children, nothing = values.children, (0.0, 0.0, 0.0)
    need = (children.needs_early, children.needs_primary, children.needs_secondary)
    return Effects(
        sex=(children.girls_early, children.girls_primary, children.girls_secondary)
        if on.sex
        else nothing,
        need=tuple((0.0, *one) if on.special_needs else nothing for one in need),  # type: ignore[arg-type]
        carry=(values.learning.carry_primary, carry_secondary),
    )


def _stage_of(grade: int) -> int:
    if grade == 0:
        return STAGE_EARLY
    return STAGE_KS2 if grade < FIRST_SECONDARY else STAGE_KS4


def own_terms(values: Values, on: Switches, grade: int) -> Own | None:
    """Return what the stage of a year group gives by sex and need; None: nothing to anybody.

    Args:
        values: Beliefs.
        on: Switches; ``sex``, ``special_needs`` and ``background`` act here.
        grade: Year group.
    """
    if not (on.background and (on.sex or on.special_needs)):
        return None
    stage, people = _stage_of(grade), values.people
    effects = _effects(values, on, values.learning.carry_secondary)
    phase = PRIMARY if grade < FIRST_SECONDARY else SECONDARY
    gain, girls = effects.sex[stage], people.girls
    expected = np.zeros((2, 1))
    if on.special_needs:
        by_need = chances(values.children, people).sum(axis=3 - phase)
        expected = by_need @ np.array(effects.need[stage])
    return Own(
        sex=np.array([-girls * gain, (1 - girls) * gain], _F),
        need=np.array(effects.need[stage] if on.special_needs else (), _F),
        expected=expected.astype(_F),
        shift=np.uint8(NEED_BITS * phase),
        mean=_F(people.income_mean),
        scale=_F(GRID / people.income_sd),
        reach=_F(GRID * REACH),
    )


def add_own(pupils: Pupils, own: Own | None, to: Float32s) -> None:
    """Add what a stage gives each child by sex and need, SD, to an array a child."""
    if own is not None:
        _add(pupils.view(Child), own, to)


@kernel
def _add(child: Child, own: Own, to: Float32s) -> None:
    last = _F(own.expected.shape[1] - 1)
    for i in range(to.size):
        s = 1 if child.girl[i] else 0
        to[i] += own.sex[s]
        if own.need.size:
            y = (child.income[i] - own.mean) * own.scale + own.reach + _F(0.5)
            at = int(min(max(y, _F(0.0)), last))
            to[i] += own.need[(child.needs[i] >> own.shift) & _NEED] - own.expected[s, at]


def noise_left(noise: float, values: Values, on: Switches, grade: int, relative: float) -> float:
    """Return what is left of a stage's unexplained spread when what is a child's own is told.

    Args:
        noise: Spread of the stage that nothing explains, SD.
        values: Beliefs.
        on: Switches.
        grade: Year group.
        relative: Carry-over to 16 relative to that of others, for disadvantaged pupils.
    """
    if not (on.background and (on.sex or on.special_needs or on.attendance)):
        return noise
    stage, people = _stage_of(grade), values.people
    effects = _effects(values, on, relative * values.learning.carry_secondary)
    added = _sex_added(effects, people.girls, stage)
    if on.special_needs:
        added += _need_added(effects, values.children, people, stage)
    if on.attendance:
        added += _absence_added(values, effects.carry[1], stage)
    return float(np.sqrt(max(noise * noise - added, 0.0)))


def _absence_added(values: Values, carry: float, stage: int) -> float:
    """Return the same of luck in attendance, which lasts: what it cost in primary is carried."""
    if stage == STAGE_EARLY:
        return 0.0
    cost = values.attendance.cost
    primary = cost.primary * misses(values, PRIMARY)
    if stage == STAGE_KS2:
        return primary**2
    carried = carry * primary
    return (carried + cost.secondary * misses(values, SECONDARY)) ** 2 - carried**2


def _sex_added(effects: Effects, girls: float, stage: int) -> float:
    """Return what differences by sex add to the variance of a stage beyond what is carried over."""
    total, before, carry = 0.0, 0.0, 0.0
    for at in range(stage + 1):
        carry = effects.carry[at - 1] if at else 0.0
        before, total = total, carry * total + effects.sex[at]
    return girls * (1 - girls) * (total**2 - (carry * before) ** 2)


@lru_cache(maxsize=16)  # by stage and carry-over; the same in every cohort and year
def _need_added(
    effects: Effects, children: ChildrenBeliefs, people: PeopleBeliefs, stage: int
) -> float:
    """Return the same of special needs, among children of the same sex and income."""
    having, girls = chances(children, people), people.girls
    early, primary, secondary = (np.array(one) for one in effects.need)
    at_11 = effects.carry[0] * early + primary
    if stage == STAGE_EARLY:
        return _spread(early[:, None], having, girls)
    if stage == STAGE_KS2:
        carried = effects.carry[0] * early
        return _spread(at_11[:, None], having, girls) - _spread(carried[:, None], having, girls)
    carried = (effects.carry[1] * at_11)[:, None]
    return _spread(carried + secondary, having, girls) - _spread(carried, having, girls)


def _spread(term: Floats, having: Floats, girls: float) -> float:
    """Variance of a term, by need in primary (and in secondary), given sex and income."""
    term = np.broadcast_to(term, having.shape[2:])
    mean = (having * term).sum(axis=(2, 3))
    inside = (having * term**2).sum(axis=(2, 3)) - mean**2
    heads = np.exp(-(grid() ** 2) / 2)
    by_sex = inside @ (heads / heads.sum())
    return float((1 - girls) * by_sex[0] + girls * by_sex[1])
