"""Young people made from children of a small world: what tests of life after school stand on."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.config.beliefs import Group, Values
from sim.world import parents
from sim.world.adults import Adults
from sim.year import assessment, census


def leavers(world: Any, pupils: Any, score: Any, group: Any, ever6: int, values: Any) -> Adults:
    """Return the block of everybody on a roll in Year 11, in the order of the pupils' block."""
    here = np.flatnonzero(pupils.school < len(world.schools))
    adults = Adults(here.size, pupils.birth_year)
    for name in ("id", "small", "heritage"):
        adults.set(name, pupils.get(name)[here])
    adults.area = world.small.area[adults.small]
    adults.fsm15 = (pupils.registered[here] & np.uint16(1)) != 0
    adults.ever6 = (pupils.registered[here] & np.uint16(ever6)) != 0
    adults.group, adults.score = group[here], score[here]
    adults.fifth = fifths(world)[adults.small]
    local = world.facts.professional_share[world.areas.facts_row][adults.area]
    adults.occupation = parents.occupation(
        adults.id, pupils.parents[here], adults.fsm15, local, values.parents, world.key
    )
    return adults


def fifths(world: Any) -> Any:
    """Return the deprivation fifth of each small area within the world, 1 = most deprived."""
    weight = world.areas.weight[world.small.area].astype(float)
    order = np.argsort(-world.small.fsm_share, kind="stable")
    place = np.empty(order.size)
    place[order] = (np.cumsum(weight[order]) - weight[order] / 2) / weight.sum()
    return np.minimum(5 * place, 4).astype(np.int8) + 1


def graduating_class(model: Any) -> Adults:
    """Return the leavers of a model's present Year 11."""
    world, fixed = model.world, model.terms
    pupils = next(p for p in world.cohorts.values() if p.grade(model.year) == 11)
    scale = assessment.scale(fixed.values.assessment, fixed.on, 11)
    score = assessment.marks(pupils, model.year, fixed.key, scale)
    people, ever6 = fixed.values.people, int(fixed.bits.ever6)
    _, _, group = census.count(
        pupils, 11, len(world.schools) - world.primaries, world.small.band,
        (int(fixed.bits.fsm), ever6), (0.0, 0.0), people.deep_income, people.long_share,
    )  # fmt: skip
    return leavers(world, pupils, score, group, ever6, fixed.values)


def alike(people: int, **columns: Any) -> Adults:
    """Return many people alike but for their luck: middling, of the majority, no background."""
    adults = Adults(people, 2007)
    adults.id = np.arange(people)
    adults.fifth, adults.occupation, adults.route = 3, 1, 2
    for name, value in columns.items():
        adults.set(name, value)
    return adults


def believing(values: Any, **groups: dict[str, Any]) -> Any:
    """Return beliefs with some values changed: ``believing(values, post16={"travel": 0.0})``."""
    content = {name: dict(values._content[name]._content) for name in values._content}
    for name, changes in groups.items():
        content[name].update(changes)
    return Values({name: Group(name, named) for name, named in content.items()})


def shuffled(adults: Adults) -> tuple[Adults, Any]:
    """Return the same people in another order, and where each came from."""
    order = np.random.default_rng(5).permutation(len(adults))
    twin = adults.copy()
    for name, values in adults.data.items():
        twin.data[name] = values[order].copy()
    return twin, order
