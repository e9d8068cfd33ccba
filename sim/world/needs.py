r"""Special needs: who has support in school (SEN support), and who a plan (EHCP).

A child's lasting liability decides in both phases, against cuts at which published rates come out:

.. math:: need = a\, girl - b\, y + c\, month + z

with income y in standard deviations, month of birth in the school year (standardised, the youngest
highest) and luck z. Nothing in it knows where a child lives.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from sim.codes import NEED_BITS, NEED_PLAN, NEED_SUPPORT, NEEDS_LUCK, NEEDS_MONTH
from sim.config.values import ChildrenBeliefs, PeopleBeliefs
from sim.rng import Key, Purpose, normals, uniforms, words
from sim.world.pupils import Pupils

__all__ = [
    "Liability",
    "assign",
    "chances",
    "cuts",
    "grid",
    "liability",
    "month_of_birth",
    "need_in",
]

MONTHS = 12
STEPS = 60  # of the search for cuts: halvings of a wide interval
WIDE = 8
GRID = 16  # bins of an SD of income
REACH = 4  # SD of income on each side
Floats = NDArray[np.float64]


class Liability(NamedTuple):
    """What makes a need likelier, and the share of girls."""

    girls: float
    income: float
    month: float
    girl_share: float


def liability(children: ChildrenBeliefs, people: PeopleBeliefs) -> Liability:
    """Read what makes a need likelier from the beliefs."""
    return Liability(
        children.needs_girls, children.needs_income, children.needs_month, people.girls
    )


def _months() -> Floats:
    """Return the twelve months of a school year, September first, with mean 0 and SD 1."""
    month = np.arange(MONTHS, dtype=float)
    return np.asarray((month - month.mean()) / month.std())


def grid() -> Floats:
    """Return incomes, SD, for which expectations are tabled."""
    return np.linspace(-REACH, REACH, 2 * REACH * GRID + 1)


@lru_cache(maxsize=4)
def cuts(children: ChildrenBeliefs, people: PeopleBeliefs) -> Floats:
    """Return liabilities from which children have support and a plan: (2 phases, 2)."""
    rates = (children.needs_primary_rates, children.needs_secondary_rates)
    return np.array([_cuts(rate, liability(children, people)) for rate in rates])


def _cuts(rates: tuple[float, ...], by: Liability) -> tuple[float, float]:
    """Return the two cuts of a phase at which the nation has the rates, by halving."""
    support, plan = rates
    want = np.array([support + plan, plan])
    sd = np.hypot(1.0, by.income)
    middle = np.add.outer([0.0, by.girls], by.month * _months())[..., None]
    weight = np.array([1 - by.girl_share, by.girl_share]) / MONTHS
    low, high = np.array([-WIDE, -WIDE], float), np.array([WIDE, WIDE], float)
    for _ in range(STEPS):
        cut = (low + high) / 2
        found = np.tensordot(weight, ndtr((middle - cut) / sd).sum(axis=1), 1)
        low, high = np.where(found > want, cut, low), np.where(found > want, high, cut)
    return float(cut[0]), float(cut[1])


@lru_cache(maxsize=4)  # a draw of beliefs has its own, and a process lives many
def chances(children: ChildrenBeliefs, people: PeopleBeliefs) -> Floats:
    """Return (2 sexes, incomes, 3 needs in primary, 3 in secondary) of what a child may have.

    Incomes are those of `grid`; months of birth are averaged over. One liability decides in both
    phases, so that most who have a need have it in both.
    """
    by = liability(children, people)
    middle = np.add.outer([0.0, by.girls], -by.income * grid())
    middle = np.add.outer(middle, by.month * _months())[..., None, None]
    edge = np.array([(-np.inf, *each, np.inf) for each in cuts(children, people)])
    lower = np.maximum(edge[0, :-1, None], edge[1, None, :-1])
    upper = np.minimum(edge[0, 1:, None], edge[1, None, 1:])
    each = np.maximum(ndtr(upper - middle) - ndtr(lower - middle), 0)
    return np.asarray(each.mean(axis=2))


def month_of_birth(pupils: Pupils, key: Key) -> NDArray[np.int64]:
    """Return each child's month of birth in the school year: 0 is September, 11 August."""
    drawn = uniforms(words(key, pupils.id, Purpose.NEEDS)[NEEDS_MONTH])
    return np.asarray(drawn.astype(np.float64) * MONTHS, np.int64)


def assign(pupils: Pupils, children: ChildrenBeliefs, people: PeopleBeliefs, key: Key) -> None:
    """Write who has a special need, in primary and in secondary; incomes are known.

    Args:
        pupils: A cohort. Written: needs.
        children: Beliefs about children, for rates and what makes a need likelier.
        people: Beliefs about people, for incomes and the share of girls.
        key: Luck.
    """
    by, cut = liability(children, people), cuts(children, people)
    need = normals(words(key, pupils.id, Purpose.NEEDS)[NEEDS_LUCK]).astype(np.float64)
    need += by.girls * pupils.girl + by.month * _months()[month_of_birth(pupils, key)]
    need -= by.income * (pupils.income - people.income_mean) / people.income_sd
    code = np.zeros(pupils.rows, np.uint8)
    for phase in range(2):
        has = np.where(need > cut[phase, 1], NEED_PLAN, (need > cut[phase, 0]) * NEED_SUPPORT)
        code |= has.astype(np.uint8) << np.uint8(NEED_BITS * phase)
    pupils.needs = code


def need_in(pupils: Pupils, phase: int) -> NDArray[np.uint8]:
    """Return what each child has in a phase: 0 nothing, 1 support, 2 a plan."""
    lowest = np.uint8((1 << NEED_BITS) - 1)
    return np.asarray((pupils.needs >> np.uint8(NEED_BITS * phase)) & lowest, np.uint8)
