"""Made-up cohorts for the twins, and beliefs and switches as the model has them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from sim.config import Settings, compose
from sim.config.beliefs import Group, Values
from sim.markets.choosing import Families, Known
from sim.rng import Key
from sim.world.pupils import Pupils

KEY = Key(20, 3)
FIRST, SCHOOLS, NOBODY, HOMES = 4, 9, 99, 40
"""Row of the first school of the phase, how many there are, none, and small areas."""


@cache
def settings() -> Settings:
    return compose("baseline", ["world=tiny", "machine.threads=1"])


def values() -> Any:
    return settings().beliefs.values


def believed(**groups: dict[str, Any]) -> Any:
    """Central beliefs but for those given: ``believed(learning={"fade": 0.5})``."""
    central = values()
    return Values(
        {
            group: Group(
                group,
                {
                    name: groups.get(group, {}).get(name, getattr(getattr(central, group), name))
                    for name in dir(getattr(central, group))
                },
            )
            for group in dir(central)
        }
    )


def doubled(group: str) -> Any:
    """Central beliefs, those of one group twice as large."""
    central = getattr(values(), group)
    return believed(**{group: {name: _twice(getattr(central, name)) for name in dir(central)}})


def _twice(value: Any) -> Any:
    return tuple(2 * v for v in value) if isinstance(value, tuple) else 2 * value


PLAIN = (
    "heritage_gaps", "late_arrivals", "parents_by_place", "fade_by_source", "drift",
    "cohort_shocks", "sex", "special_needs", "attendance", "teachers_market", "local_work",
    "causal_gains", "pay_by_level", "tariff_places",
)  # fmt: skip
"""Mechanisms that no twin has and that hand-worked cases leave out; each has laws of its own."""


def switches(**given: bool) -> Any:
    """Every switch as it is by default, but for those of `PLAIN`, which are off unless given."""
    return settings().switches.model_copy(update=dict.fromkeys(PLAIN, False) | given)


def cohort(rows: int = 700, *, birth_year: int = 2008, seed: int = 1) -> Pupils:
    """A cohort sorted by school: one school is empty, some children are on no roll."""
    draw = np.random.default_rng(seed)
    pupils = Pupils(rows, birth_year)
    pupils.id = ((birth_year - 1980) << 20) + 3 * draw.permutation(rows)
    pupils.small = draw.integers(0, HOMES, rows)
    school = FIRST + draw.integers(0, SCHOOLS, rows)
    school[school == FIRST + 5] = NOBODY
    pupils.school = school
    pupils.heritage = draw.integers(0, 11, rows)
    pupils.eal = draw.random(rows) < 0.3
    pupils.arrive = np.where(draw.random(rows) < 0.8, 0, draw.integers(0, 12, rows))
    pupils.come = np.where(draw.random(rows) < 0.6, pupils.arrive, 0)
    pupils.depart = np.where(draw.random(rows) < 0.9, 99, draw.integers(1, 12, rows))
    pupils.since = np.where(draw.random(rows) < 0.8, 99, draw.integers(0, 5, rows))
    pupils.income = 1.2 * draw.standard_normal(rows) + 1.2
    pupils.parents = draw.standard_normal(rows)
    pupils.claims = 0.8 * draw.random(rows)
    pupils.transitory = 0.5 * draw.standard_normal(rows)
    pupils.registered = draw.integers(0, 2**13, rows) * (draw.random(rows) < 0.4)
    pupils.spells = draw.integers(0, 8, rows)
    pupils.attain = draw.standard_normal(rows)
    pupils.made = 0.2 * draw.standard_normal(rows)
    pupils.early = draw.standard_normal(rows)
    pupils.ks2 = draw.standard_normal(rows)
    other = np.random.default_rng([seed, 1])
    for values in pupils.data.values():
        if not values.any():  # a column that nothing above knows of: twins that read it see it vary
            values[:] = other.integers(0, 2, rows)
    pupils.sort(FIRST, SCHOOLS)
    return pupils


def families(pupils: Pupils, applies: Any, eleven: Any = ()) -> Families:
    """The families of a cohort, with who applies and, where a school selects, marks."""
    marks = np.asarray(eleven, np.float32)
    return Families(
        pupils.id, pupils.small, pupils.income, pupils.girl, pupils.catholic, applies, marks
    )


def known(near: Any) -> Known:
    """Schools near each small area, all equally far away."""
    nothing = np.zeros(near.shape, np.float32)
    return Known(near, nothing, nothing, FIRST)


def genders(rows: int) -> Any:
    """Whom each of so many schools takes: most take all, some girls or boys only."""
    return np.where(np.arange(rows) % 5 == 1, 1 + np.arange(rows) // 5 % 2, 0).astype(np.int8)


def same_bits(found: Any, told: Any) -> bool:
    """Whether two float32 columns agree in every bit."""
    one = np.ascontiguousarray(found, np.float32).view(np.uint32)
    return np.array_equal(one, np.array(told, np.float32).view(np.uint32))
