"""Readings of a simulated year that published figures can be held against.

Every reading is a plain number named as in the table of targets (`sim.data.facts.targets`). Areas
count with their weight; a reading over places leaves out what the world cannot show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import ranks
from sim.codes import PHASES, PRIMARY, phase_of
from sim.evidence.geography import distances
from sim.model import SchoolsModel

__all__ = ["Roll", "structure"]

PENCE_IN_A_MILLION = 100_000_000
Floats = NDArray[np.float64]
REGIONS_BY_FSM = (
    "North East",
    "West Midlands",
    "North West",
    "London",
    "Yorkshire and The Humber",
    "East Midlands",
    "South West",
    "East of England",
    "South East",
)


@dataclass
class Roll:
    """Children on a roll: school, area, weight and four kinds of eligibility."""

    school: NDArray[np.int32]
    area: NDArray[np.int32]
    phase: NDArray[np.int8]
    weight: Floats
    fsm: NDArray[np.bool_]
    ever6: NDArray[np.bool_]
    now: NDArray[np.bool_]

    @classmethod
    def of(cls, model: SchoolsModel) -> Roll:
        """Read the rolls of the year the model is in."""
        world = model.world
        parts = []
        for pupils in world.cohorts.values():
            here = np.flatnonzero(world.enrolled(pupils))
            area = world.small.area[pupils.small[here]]
            bits = pupils.registered[here]
            phase = phase_of(pupils.grade(model.year))
            parts.append(
                (
                    pupils.school[here],
                    area,
                    np.full(here.size, phase, np.int8),
                    world.areas.weight[area].astype(float),
                    (bits & model.terms.bits.fsm) != 0,
                    (bits & model.terms.bits.ever6) != 0,
                    (bits & 1) != 0,
                )
            )
        return cls(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def structure(model: SchoolsModel) -> dict[str, float]:
    """Return the readings of structure targets 1 to 10, 34 and 35."""
    roll = Roll.of(model)
    out: dict[str, float] = {}
    for phase, name in ((0, "primary"), (1, "secondary")):
        mine = roll.phase == phase
        out[f"fsm_rate_{name}"] = 100 * float(np.average(roll.fsm[mine], weights=roll.weight[mine]))
        out[f"ever6_rate_{name}"] = 100 * float(
            np.average(roll.ever6[mine], weights=roll.weight[mine])
        )
    out["fsm_rate_all"] = 100 * float(np.average(roll.fsm, weights=roll.weight))
    out["fsm_rate_unprotected"] = 100 * float(np.average(roll.now, weights=roll.weight))
    out.update(_over_areas(model, roll))
    out.update(_over_schools(model, roll))
    out.update(_sizes(model))
    grants = model.nation.made.grants
    weight = model.world.weight_of(model.world.schools).astype(float)
    paid = float(np.sum(weight * grants.from_pot))
    sparse = weight * grants.lines["sparsity"]
    primary = model.world.schools.phase == PRIMARY
    out["sparsity_primaries"] = float(weight[primary & (sparse > 0)].sum())
    out["sparsity_money"] = float(sparse.sum()) / PENCE_IN_A_MILLION
    out["basic_share"] = 100 * float(np.sum(weight * grants.lines["basic"])) / paid
    return out


def _rate(values: NDArray[Any], index: NDArray[Any], size: int) -> tuple[Floats, Floats]:
    """Return rate and number in each cell."""
    count = np.bincount(index, minlength=size).astype(float)
    return np.bincount(index, values, minlength=size) / np.maximum(count, 1), count


def _over_areas(model: SchoolsModel, roll: Roll) -> dict[str, float]:
    areas = model.world.areas
    rate, count = _rate(roll.fsm, roll.area, len(areas))
    many = count * areas.weight
    mean = np.average(rate, weights=many)
    out = {"fsm_area_sd": 100 * float(np.sqrt(np.average((rate - mean) ** 2, weights=many)))}
    order = np.argsort(rate)
    share = np.cumsum(many[order]) / many.sum()
    poor = np.cumsum((many * rate)[order]) / (many * rate).sum()
    out["fsm_share_poorer_half"] = 100 * float(np.interp(0.5, share, poor))
    now, _ = _rate(roll.now, roll.area, len(areas))
    mean_now = np.average(now, weights=many)
    spread = np.average((now - mean_now) ** 2, weights=many)
    out["fsm_variance_between_areas"] = 100 * float(spread / (mean_now * (1 - mean_now)))
    names = np.unique(model.world.facts.region)
    known = np.unique(areas.region)
    if known.size == len(REGIONS_BY_FSM):
        by = [np.average(rate[areas.region == r], weights=many[areas.region == r]) for r in known]
        wanted = [REGIONS_BY_FSM.index(str(names[r])) for r in known]
        got = ranks(-np.array(by))
        out["fsm_region_order"] = float(np.corrcoef(wanted, got)[0, 1])
    return out


def _over_schools(model: SchoolsModel, roll: Roll) -> dict[str, float]:
    """Segregation between schools with protection off, as in 2019."""
    schools, areas = model.world.schools, model.world.areas
    rate, count = _rate(roll.now, roll.school, len(schools))
    many = count * model.world.weight_of(schools)
    mean = np.average(rate, weights=many)
    between = np.average((rate - mean) ** 2, weights=many) / (mean * (1 - mean))
    out = {"fsm_variance_between_schools": 100 * float(between)}
    order = np.argsort(-rate)
    place = np.cumsum(many[order]) / many.sum()
    held = np.cumsum((many * rate)[order]) / (many * rate).sum()
    out["fsm_share_top_quarter"] = 100 * float(np.interp(0.25, place, held))
    for phase, name in enumerate(PHASES):
        own = roll.phase == phase
        poor, heads = _rate(roll.ever6[own], roll.school[own], len(schools))
        mean = np.average(poor, weights=heads)
        spread = np.average((poor - mean) ** 2, weights=heads)
        out[f"ever6_variance_{name}"] = 100 * float(spread / (mean * (1 - mean)))
        values = []
        for area in range(len(areas)):
            mine = (schools.area == area) & (schools.phase == phase)
            poor, rest = (rate * count)[mine], ((1 - rate) * count)[mine]
            if poor.sum() > 0 and rest.sum() > 0 and mine.sum() > 1:
                values.append(0.5 * np.abs(poor / poor.sum() - rest / rest.sum()).sum())
        out[f"dissimilarity_{name}"] = float(np.median(values))
    return out


def _sizes(model: SchoolsModel) -> dict[str, float]:
    schools = model.world.schools
    out: dict[str, float] = {}
    weight = model.world.weight_of(schools)
    for phase, name in ((0, "primary"), (1, "secondary")):
        mine = (schools.phase == phase) & (schools.pupils > 0)
        for percent in (10, 50, 90):
            rolls = np.repeat(schools.pupils[mine], weight[mine])
            out[f"{name}_size_p{percent}"] = float(np.percentile(rolls, percent))
    return out | distances(model)
