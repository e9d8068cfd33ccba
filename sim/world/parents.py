"""Parents: their education from a child's birth, their occupation once it is 16.

Occupation is professional, intermediate or working, given free meals at 15. No table in the open
data gives occupation jointly with free school meals: the shares are beliefs. Within a status the
better educated parents have the higher occupations, and regions differ.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim import rng
from sim.arrays import Bools, Float32s, Float64s, Int8s, UInt32s
from sim.codes import HERITAGE_COUNT, MIGRANT_HERITAGES, PARENTS_RANK
from sim.config.models import Switches
from sim.config.values import ParentsBeliefs, Values
from sim.kernel import kernel
from sim.rng import Key, Purpose
from sim.world.pupils import Pupils
from sim.world.tables import World

__all__ = ["education", "occupation"]

MIGRANT = np.isin(np.arange(HERITAGE_COUNT), MIGRANT_HERITAGES)
_F = np.float32


class Child(NamedTuple):
    """What tells of a child's parents; ``parents`` is written."""

    heritage: Int8s
    income: Float32s
    parents: Float32s


class Schooling(NamedTuple):
    """Coefficients of parents' education.

    The area counts in part from an income of ``none``, and in full from one of ``whole``.
    """

    mean: np.float32
    inverse: np.float32
    slope: np.float32
    slope_migrant: np.float32
    level_migrant: np.float32
    place: np.float32
    none: np.float32
    whole: np.float32
    own: np.float32
    middle: np.float32
    scale: np.float32


def education(world: World, pupils: Pupils, values: Values, on: Switches) -> None:
    """Turn the bare draw in ``parents`` into parents' education, given income and the area.

    Places differ in how many professional families they have: the area's adult qualifications
    count for the better off. With ``parents_by_place`` they differ in poor parents' education too,
    by how skilled the adults are among whom poor children live, given how poor those places are.
    """
    people = values.people
    area = world.small.area[pupils.small]
    level3 = world.facts.adult_level3[world.areas.facts_row]
    adult = (level3 - people.adult_level3_mean) / people.adult_level3_sd
    schooling = Schooling(
        mean=_F(people.income_mean),
        inverse=_F(1 / people.income_sd),
        slope=_F(people.parents_income),
        slope_migrant=_F(people.parents_income_migrant),
        level_migrant=_F(people.parents_migrant),
        place=_F(people.parents_area),
        none=_F(people.parents_area_income.begins),
        whole=_F(people.parents_area_income.in_full),
        own=_F(people.parents_noise),
        middle=_F(people.parents_mean),
        scale=_F(1 / people.parents_sd),
    )
    by_area = np.zeros((2, len(world.areas)), np.float32)
    by_area[0] = adult
    if on.parents_by_place:
        by_area[1] = people.parents_poor * world.facts.skill_poor[world.areas.facts_row]
    _education(pupils.view(Child), by_area[0][area], by_area[1][area], schooling)


@kernel
def _education(child: Child, adult: Float32s, skill: Float32s, by: Schooling) -> None:
    for i in range(adult.size):
        y = (child.income[i] - by.mean) * by.inverse
        migrant = MIGRANT[child.heritage[i]]
        better_off = min(max((y - by.none) / (by.whole - by.none), _F(0.0)), _F(1.0))
        drawn = (by.slope_migrant if migrant else by.slope) * y + by.place * adult[i] * better_off
        drawn += by.level_migrant if migrant else _F(0.0)
        own = (drawn + by.own * child.parents[i] - by.middle) * by.scale
        child.parents[i] = own + skill[i] * (_F(1.0) - better_off)


def occupation(
    ids: UInt32s,
    education: Float32s,
    fsm15: Bools,
    local: Float64s,
    values: ParentsBeliefs,
    key: Key,
) -> NDArray[np.int8]:
    """Return parents' occupation: 0 professional, 1 intermediate, 2 working.

    Args:
        ids: Children.
        education: Parents' education, SD.
        fsm15: Registered for FSM at 15.
        local: Share of the region's workers in professional jobs, 0 to 1.
        values: Beliefs about parents (`beliefs.values.parents`).
        key: Luck.
    """
    poor = fsm15.astype(np.int64)
    mean, spread = np.asarray(values.education_mean), np.asarray(values.education_sd)
    relative = (education - mean[poor]) / spread[poor]
    luck = rng.normals(rng.words(key, ids, Purpose.PARENTS)[PARENTS_RANK])
    load = values.education
    rank = load * relative + np.sqrt(1 - load * load) * luck
    rank += values.tilt * (local - values.local_mean) / values.local_sd
    cuts = np.stack([_cuts(values.other), _cuts(values.fsm)])[poor]
    return np.asarray((rank < cuts[:, 0]).astype(np.int8) + (rank < cuts[:, 1]), np.int8)


def _cuts(shares: tuple[float, ...]) -> NDArray[np.float64]:
    """Return ranks above which parents are professional, and at least intermediate."""
    return np.asarray(ndtri(1 - np.cumsum(shares)[:2]), np.float64)
