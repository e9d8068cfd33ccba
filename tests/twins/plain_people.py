"""Births, choices, counts and sums, written again child by child in plain Python."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.twins import plain_rng
from tests.twins.plain_rng import F, normal, uniform

BIRTH, BIRTH_MORE = 6, 7
BROAD = (0, 1, 2, 2, 2, 2, 3, 3, 4, 4, 4)
RECENT = (False, True, True, True, True, True, True, False, False, False, True)
ONE = 2**20


# ---- Births ------------------------------------------------------------------------------------


@dataclass
class Place:
    """What a child's area gives it: homes, mix of groups, rates."""

    homes: list[np.float32]
    lives: list[float]
    mix: list[float]
    cell: list[np.float32]
    under: np.float32
    keep: np.float32
    births: int
    yearly: int
    adult: np.float32
    independents: list[np.float32]


@dataclass
class Newborn:
    """A child as born; ``home`` counts within the area."""

    home: int
    heritage: int
    income: np.float32
    parents: np.float32
    claims: np.float32
    attain: np.float32
    arrive: int
    come: int
    depart: int
    eal: bool
    girl: bool
    catholic: bool


def claim_depth(luck: np.float32, under: np.float32, slope: np.float32) -> np.float32:
    """The depth at which a family with this luck no longer stays away: none, where all register."""
    if under <= 0:
        return F(0)
    return max((F(2) - (F(1) - luck) / under) / slope, F(0))


def near(home: int, place: Place, people: Any) -> float:
    """How many times likelier than elsewhere a home's children leave, by independents near."""
    return 1 + people.leave_near * (float(place.independents[home]) - 1)


def leaves(own: np.float32, home: int, place: Place, people: Any) -> np.float32:
    """How many times likelier than the area's mean a family leaves at 11."""
    slope = people.leave_income / people.income_sd
    shares = [upto - low for low, upto in zip([0.0, *place.lives], place.lives, strict=False)]
    many = zip(place.homes, shares, strict=True)
    homes = sum(
        share * math.exp(slope * float(home)) * near(h, place, people)
        for h, (home, share) in enumerate(many)
    )
    before, groups = 0.0, 0.0
    for upto, offset in zip(place.mix, people.income_offset, strict=True):
        groups += (upto - before) * math.exp(slope * float(F(offset)))
        before = upto
    mean = homes * groups / before * math.exp(slope * slope / 2)
    return F(math.exp(slope * float(own)) / mean) * F(near(home, place, people))


def stay(
    number: int, place: Place, coming: np.float32, going: np.float32, arrivals: np.float32,
    likelier: np.float32,
) -> tuple[int, int]:  # fmt: skip
    """First year group here and first no longer, of the child of a number in its area."""
    arrive = 0
    if number >= place.births:
        arrive = 7 if number >= place.births + place.yearly else 1 + int(coming * F(11))
    yearly = F(11) * arrivals
    leave = max(F(1) - place.keep, F(0)) * likelier
    depart = 99
    if going < yearly:
        depart = 1 + int(going / arrivals)
    elif going < yearly + leave:
        depart = 7
    return arrive, depart if depart > arrive else 99


def born(who: int, number: int, place: Place, key: tuple[int, int], people: Any) -> Newborn:
    first = plain_rng.words(key, who, BIRTH)
    second = plain_rng.words(key, who, BIRTH_MORE)
    home = next(h for h, upto in enumerate(place.lives) if upto > first[0] / 2**32)
    luck = float(uniform(first[1]))
    heritage = next((g for g, upto in enumerate(place.mix[:-1]) if luck <= upto), 10)
    income = place.homes[home] + F(people.income_offset[heritage])
    own = income + normal(first[2])
    income = own + place.cell[BROAD[heritage]]
    arrive, depart = stay(
        number, place, uniform(second[1]), uniform(second[2]), F(people.arrivals),
        leaves(own, home, place, people),
    )  # fmt: skip
    speaks, come = F(people.eal[heritage]), 0
    if arrive > 0 and number < place.births + place.yearly:
        come = arrive
        speaks = max(speaks, F(people.newcomer_eal))
    return Newborn(
        home, heritage, income, normal(first[3]),
        claim_depth(uniform(second[0]), place.under, F(people.under_registration_depth)),
        normal(second[3]), arrive, come, depart, bool(F(second[0] % 65536) * F(2.0**-16) < speaks),
        bool(F(first[3] % 512) * F(2.0**-9) < F(people.girls)),
        bool(F(second[1] % 256 * 256 + second[2] % 256) * F(2.0**-16)
             < F(people.catholic[BROAD[heritage]])),
    )  # fmt: skip


def parents_education(child: Newborn, place: Place, people: Any) -> np.float32:
    y = (child.income - F(people.income_mean)) * F(1 / people.income_sd)
    none, whole = (F(bound) for bound in people.parents_area_income)
    counts = min(max((y - none) / (whole - none), F(0)), F(1))
    recent = RECENT[child.heritage]
    slope = people.parents_income_migrant if recent else people.parents_income
    drawn = F(slope) * y + F(people.parents_area) * place.adult * counts
    drawn = drawn + F(people.parents_migrant if recent else 0)
    drawn = drawn + F(people.parents_noise) * child.parents
    return (drawn - F(people.parents_mean)) * F(1 / people.parents_sd)


# ---- Choosing a school -------------------------------------------------------------------------


@dataclass
class Known:
    """A school as a family sees it."""

    row: int
    who: int
    km: np.float32
    reputation: np.float32
    intake: np.float32
    appeal: np.float32
    grammar: bool
    cost: np.float32
    catholic: bool


def judge(
    who: int, income: np.float32, eleven: np.float32 | None, believes: bool, school: Known,
    phase: int, year: int, key: tuple[int, int], values: Any,
) -> tuple[np.float32, np.float32]:  # fmt: skip
    """Utility of a school to a child, and the school's priority for it (lowest first)."""
    choice, people = values.admissions, values.people
    words = plain_rng.words(key, who, (9, 10)[phase], year, other=school.who)
    y = (income - F(people.income_mean)) * F(1 / people.income_sd)
    alike = y * school.intake
    pull = F(choice.pull) + F(choice.pull_class) * y
    distance = F(choice.distance[phase])
    liking = pull * school.reputation + F(choice.likeness[phase]) * alike
    liking = liking + school.appeal - school.cost
    utility = F(choice.taste) * normal(words[0]) + liking
    priority = F(choice.lottery) * uniform(words[1])
    priority = priority + (school.km - F(choice.access[phase]) * alike)
    if believes and school.catholic:
        nearer = F(1) - F(choice.catholic_distance)
        utility = utility + (F(choice.catholic_pull) + nearer * distance * school.km)
        priority = priority - F(1000)
    if school.grammar and eleven is not None:
        nearer = F(1) - F(choice.grammar_distance)
        utility = utility + (F(choice.grammar_pull) + nearer * distance * school.km)
        priority = -eleven
    return utility, priority


# ---- Counts and sums ---------------------------------------------------------------------------


def results_group(
    bits: int, ever6: int, income: float, deep: float, spells: int, long: float
) -> int:
    if not bits & ever6:
        return 0
    return 1 + 2 * (income < deep) + (spells >= long)


def nearest_whole(value: float) -> int:
    """Whole 2^-20ths nearest to a number, halves to the even one."""
    return round(value * ONE)
