"""What happens to a child in a year, written again child by child in plain Python.

Floats are `np.float32`, one operation at a time, in the order in which the equations are written.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.twins import plain_rng

F = np.float32
NONE = F(0)
YEAR = 8
THIRTEEN_BITS = 0b1_1111_1111_1111
ONE = 2**20


# ---- Households --------------------------------------------------------------------------------


@dataclass
class Household:
    """One child's household from year to year."""

    who: int
    income: np.float32
    claims: np.float32
    transitory: np.float32
    registered: int
    spells: int
    come: int = 0

    def turn(self, year: int, grade: int, key: tuple[int, int], people: Any) -> None:
        """Live a school year; -1 is the year in nursery, when passing income starts afresh."""
        sd, keep = F(people.transitory_sd), F(people.transitory_keep)
        luck = plain_rng.normal(plain_rng.words(key, self.who, YEAR, year)[1])
        fresh = sd if grade < 0 else np.sqrt(F(1) - keep * keep) * sd
        self.transitory = keep * self.transitory + fresh * luck
        older = F(people.income_age_slope) * (F(grade) - F(5.5))
        poor = bool(self.income + self.transitory + older < -self.claims)
        poor = poor and self.come <= max(grade, 0)
        self.registered = (self.registered * 2 & THIRTEEN_BITS) | poor
        self.spells += poor and grade >= 0


# ---- Learning ----------------------------------------------------------------------------------


@dataclass
class Child:
    """One child at school."""

    who: int
    heritage: int
    income: np.float32
    parents: np.float32
    poor: bool
    attain: np.float32
    made: np.float32
    come: int = 0


@dataclass
class School:
    """What a school adds: stage effects and flows, for all and further for the disadvantaged."""

    lasting: np.float32 = NONE
    further: np.float32 = NONE
    flow: np.float32 = NONE
    flow_dis: np.float32 = NONE


def reception(children: list[Child], school: School) -> None:
    for child in children:
        if child.come > 0:
            continue
        extra = school.flow
        if child.poor:
            extra = extra + school.flow_dis
        child.attain = child.attain + extra
        child.made = child.made + extra


@dataclass
class Terms:
    """Yearly coefficients of a stage for one kind of child."""

    carry: np.float32
    share: np.float32
    noise: np.float32

    @classmethod
    def of(cls, total: float, years: int, noise: float) -> Terms:
        """From what a stage carries over, how long it is and its unexplained spread."""
        carry = total ** (1 / years)
        squares = sum(carry ** (2 * k) for k in range(years))
        return cls(F(carry), F((1 - carry) / (1 - total)), F(noise * (1 / math.sqrt(squares))))


def terms(learning: Any, grade: int) -> tuple[Terms, Terms]:
    """Coefficients for others and for disadvantaged pupils."""
    if grade < 7:
        alike = Terms.of(learning.carry_primary, 6, learning.noise_primary)
        return alike, alike
    total, noise = learning.carry_secondary, learning.noise_secondary
    return Terms.of(total, 5, noise), Terms.of(
        total * learning.carry_disadvantaged, 5, noise * learning.noise_disadvantaged
    )


def endow(
    child: Child, support: np.float32, place: np.float32, luck: np.float32, values: Any
) -> None:
    """Attainment on entry to Reception; who comes later has met neither support nor the place."""
    learning, people = values.learning, values.people
    slope = F(1 - learning.heritage_flatter[child.heritage])
    y = (child.income - F(people.income_mean)) * F(1 / people.income_sd)
    child.made = support * (F(1) if child.poor else F(learning.support_others))
    if child.come > 0:
        child.made = place = F(0)
    home = F(learning.income_early) * y * slope + F(learning.education_early) * child.parents
    level = home + F(learning.heritage_early[child.heritage]) + child.made + place
    child.attain = level + F(learning.noise_early) * luck


def grow(
    children: list[Child], school: School | None, grade: int, year: int, key: tuple[int, int],
    values: Any,
) -> None:  # fmt: skip
    """Teach the children of one school for a year; no school: they are on no roll."""
    learning, people = values.learning, values.people
    primary = grade < 7
    stage = "primary" if primary else "secondary"
    here = school or School()
    # The mean is taken over whole 2^-20ths, so that no order of children can change it.
    total = sum(int(child.attain * F(ONE)) for child in children)
    mean = F(total / (ONE * len(children)))
    peers = F(getattr(learning, f"peers_{stage}")) * mean if school else F(0)
    setting = F(0 if primary else learning.setting)
    income = F(getattr(learning, f"income_{stage}"))
    education = F(getattr(learning, f"education_{stage}"))
    other, dis = terms(learning, grade)
    for child in children:
        slope = F(1 - learning.heritage_flatter[child.heritage])
        level = F(getattr(learning, f"heritage_{stage}")[child.heritage])
        poor = F(child.poor)
        y = (child.income - F(people.income_mean)) * F(1 / people.income_sd)
        home = income * y * slope + education * child.parents + level
        there = F(child.come <= grade)
        push = there * (here.lasting + poor * here.further)
        below = max(mean - child.attain, F(0))
        extra = there * (here.flow + poor * here.flow_dis)
        carry = other.carry + poor * (dis.carry - other.carry)
        share = other.share + poor * (dis.share - other.share)
        noise = other.noise + poor * (dis.noise - other.noise)
        luck = plain_rng.normal(plain_rng.words(key, child.who, YEAR, year)[0])
        around = home + push + there * peers - setting * poor * below
        child.attain = carry * child.attain + share * around + extra + noise * luck
        if primary:
            child.made = carry * child.made + share * push + extra


# ---- Marks -------------------------------------------------------------------------------------


def mark(
    who: int, attain: np.float32, at: int, year: int, key: tuple[int, int], assessment: Any
) -> np.float32:
    """Mark of a child at stage ``at`` (0, 1, 2: at 5, 11, 16)."""
    error = F(math.sqrt(1 / assessment.reliability[at] - 1))
    luck = plain_rng.normal(plain_rng.words(key, who, YEAR, year)[2])
    inverse = F(1) / F(assessment.mark_sd[at])
    return (attain + error * luck - F(assessment.mark_mean[at])) * inverse
