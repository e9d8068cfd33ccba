"""Rows of the record: who got what this year, by area, quarter of reference school and group."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.arrays import Bools, Float32s, Float64s, Int8s, Int32s, Int64s
from sim.codes import (
    AREA_COST_UNIT,
    FIXED_POINT,
    GROUP_COUNT,
    PENCE,
    PRIMARY,
    QUARTER_COUNT,
    SECONDARY,
    STAGE_KS2,
    STAGE_KS4,
    STAGES,
    phase_of,
)
from sim.funding.grants import BOTH, Grants
from sim.kernel import kernel
from sim.nation import Nation, Sitting
from sim.record.gentleness import clause_pence
from sim.record.variables import AT_HOME, BINS, HISTOGRAM_RANGE, QUARTERS
from sim.world.pupils import Pupils
from sim.world.tables import Schools, World

__all__ = [
    "good_schools",
    "people_rows",
    "quarters",
    "result_rows",
    "school_rows",
    "year_zero_scales",
]

NAMES = (
    ("early_n", "early_sum", "", "early_pass", ""),
    ("ks2_n", "ks2_sum", "ks2_progress_sum", "ks2_pass", "ks2_progress_n"),
    ("ks4_n", "attainment8_sum", "progress8_sum", "english_maths_pass", "progress8_n"),
)


class Roll(NamedTuple):
    """Where each child of a cohort learns, see `Pupils`, and lives."""

    school: Int32s
    small: Int32s


class Results(NamedTuple):
    """What each child of a cohort got at an assessment, see `sim.nation.Sitting`."""

    group: Int8s
    points: Float32s
    gained: Float32s
    passed: Bools


class Neighbourhoods(NamedTuple):
    """Where small areas lie."""

    area: Int32s
    quarter: Int8s
    """4 x phase + quarter of the nearest school."""
    weight: Int64s
    """Areas that the area stands for."""


class Sums(NamedTuple):
    """What a cohort adds to the record of one stage."""

    by_area: Int64s
    """(areas, groups, 5), unweighted, where children live."""
    at_school: Int64s
    """The same where their schools stand."""
    by_quarter: Int64s
    """(quarters, groups, 6), weighted."""
    hist: Int64s
    """(groups, bins), weighted."""


class Money(NamedTuple):
    """Pounds a pupil of each school, in fixed point."""

    whole: Int64s
    targeted: Int64s


def result_rows(world: World, sittings: list[Sitting]) -> Mapping[str, ArrayLike]:
    """Return this year's results at 5, 11 and 16: sums by area and by quarter, histograms."""
    areas = len(world.areas)
    row: dict[str, Any] = {}
    hist = np.zeros((3, GROUP_COUNT, BINS), np.int64)
    for sitting in sittings:
        sums = Sums(
            by_area=np.zeros((areas, GROUP_COUNT, 5), np.int64),
            at_school=np.zeros((areas, GROUP_COUNT, 5), np.int64),
            by_quarter=np.zeros((QUARTERS, GROUP_COUNT, 6), np.int64),
            hist=hist[sitting.stage],
        )
        points = sitting.points.astype(np.float32)
        results = Results(sitting.group, points, sitting.gained, sitting.passed)
        homes = _homes(world, SECONDARY if sitting.stage == STAGE_KS4 else PRIMARY)
        low, high = HISTOGRAM_RANGE[STAGES[sitting.stage]]
        roll, at = sitting.pupils.view(Roll), world.schools.area
        _tally(roll, at, homes, results, low, BINS / (high - low), sums)
        row.update(_named(NAMES[sitting.stage], sums))
        if sitting.stage:
            square = {STAGE_KS2: "ks2_square_q", STAGE_KS4: "attainment8_square_q"}[sitting.stage]
            row[square] = sums.by_quarter[:, :, 5] / FIXED_POINT
    row["hist"] = hist
    return row


def _homes(world: World, phase: int) -> Neighbourhoods:
    quarter, weight = _reference_quarter(world, phase), world.weight_of(world.small)
    return Neighbourhoods(world.small.area, quarter, weight)


def _reference_quarter(world: World, phase: int) -> NDArray[np.int8]:
    """Return, by small area, 4 x phase + quarter of the nearest school, which no policy moves."""
    nearest = world.near[phase].school[:, 0]
    return np.asarray(world.schools.quarter[nearest] + QUARTER_COUNT * phase, np.int8)


def _named(names: tuple[str, ...], sums: Sums) -> Mapping[str, ArrayLike]:
    """Give counts and fixed-point sums their names; sums become plain numbers."""
    row: dict[str, Any] = {}
    for column, name in enumerate(names):
        if name:
            unit = FIXED_POINT if name.endswith("_sum") else 1
            for end, table in (("", sums.by_area), ("_q", sums.by_quarter), ("_s", sums.at_school)):
                values = table[:, :, column]
                row[f"{name}{end}"] = values / unit if unit > 1 else values
    return row


@kernel
def _tally(
    roll: Roll,
    at: Int32s,
    homes: Neighbourhoods,
    results: Results,
    low: float,
    per_bin: float,
    sums: Sums,
) -> None:
    for i in range(roll.school.size):
        s = roll.school[i]
        if s == at.size:  # not on a roll
            continue
        home = roll.small[i]
        g = results.group[i]
        w = homes.weight[home]
        v = np.float64(results.points[i])
        fixed = np.int64(np.round(v * FIXED_POINT))
        gained = results.gained[i]
        known = np.int64(not np.isnan(gained))
        more = np.int64(np.round(np.float64(gained) * FIXED_POINT)) if known else np.int64(0)
        square = np.int64(np.round(v * v * FIXED_POINT))
        ok = np.int64(results.passed[i])
        for local in (sums.by_area[homes.area[home], g], sums.at_school[at[s], g]):
            local[0] += 1
            local[1] += fixed
            local[2] += more
            local[3] += ok
            local[4] += known
        national = sums.by_quarter[homes.quarter[home], g]
        national[0] += w
        national[1] += w * fixed
        national[2] += w * more
        national[3] += w * ok
        national[4] += w * known
        national[5] += w * square
        b = np.int64(np.floor((v - low) * per_bin))
        sums.hist[g, min(max(b, 0), sums.hist.shape[1] - 1)] += w


def need_adjusted(schools: Schools, need_weight: float) -> tuple[Float64s, Float64s, Float64s]:
    """Return pounds a pupil, cost-adjusted pounds, and those per need-weighted pupil."""
    paid = np.maximum(schools.paid_pupils, 1)
    pounds = schools.budget / PENCE / paid
    cost = schools.area_cost / AREA_COST_UNIT
    adjusted = (schools.budget - schools.sparsity) / PENCE / paid / cost
    share = np.clip(schools.ever6 / np.maximum(schools.pupils, 1), 0, 1)
    return pounds, adjusted, adjusted / (1 + (need_weight - 1) * share)


def school_rows(nation: Nation, grants: Grants) -> Mapping[str, ArrayLike]:
    """Return money and teachers as pupils meet them, summed by area and group."""
    schools = nation.world.schools
    weight = nation.terms.values.money.need_weight
    pounds, adjusted, needed = need_adjusted(schools, weight)
    targeted = schools.targeted / PENCE / np.maximum(schools.paid_pupils, 1)
    met = {
        "pounds_sum": pounds,
        "cost_adjusted_sum": adjusted,
        "need_adjusted_sum": needed,
        "targeted_sum": targeted,
        "targeted_reached": schools.targeted > 0,
        "turnover_sum": schools.leaving,
        "novice_sum": schools.novice,
        "quality_sum": schools.quality,
        "needs_spill_sum": schools.spill / PENCE / np.maximum(schools.paid_pupils, 1),
        "poached_sum": np.maximum(-schools.drawn, 0),
        "flagged_n": grants.flags,
    }
    row: dict[str, Any] = {"pupils": _by_area(nation, np.ones(len(schools)), whole=True)}
    for name, value in met.items():
        whole = name in ("targeted_reached", "flagged_n")
        row[name] = _by_area(nation, np.asarray(value, float), whole=whole)
    needs = np.where(np.arange(GROUP_COUNT) > 0, weight, 1.0)
    row["need_weight_sum"] = row["pupils"] * needs
    row["targeted_unit_sum"] = _by_unit(nation)
    row["rounding"] = np.array([grants.rounding.get(k, 0) for k in (PRIMARY, SECONDARY)])
    row["pot"] = np.array([grants.pots.get(k, 0) for k in (PRIMARY, SECONDARY)])
    floors = list(grants.floor_used.values())
    row["floor_used"] = float(floors[0]) / 10**6 if floors else 0.0
    both = grants.solved.get(BOTH, 1.0)
    row["solved_factor"] = np.array([grants.solved.get(k, both) for k in (PRIMARY, SECONDARY)])
    many = nation.world.weight_of(schools)
    row["clause_pence"] = clause_pence(grants, schools.phase, many)
    many = many * (schools.paid_pupils > 0)
    row["on_floor"] = float(np.sum(many * grants.on_floor) / max(1, int(many.sum())))
    return row


def _by_area(nation: Nation, value: Float64s, *, whole: bool = False) -> NDArray[Any]:
    """Sum a school's value over its pupils, by area and group, in fixed point."""
    schools = nation.world.schools
    areas = len(nation.world.areas)
    fixed = np.rint(value * FIXED_POINT).astype(np.int64)
    sums = np.zeros((areas, GROUP_COUNT), np.int64)
    _add_up(schools.area, schools.groups, fixed, sums)
    return sums // FIXED_POINT if whole else sums / FIXED_POINT


@kernel
def _add_up(area: Int32s, groups: Int64s, value: Int64s, sums: Int64s) -> None:
    for s in range(area.size):
        for g in range(groups.shape[1]):
            sums[area[s], g] += groups[s, g] * value[s]


def _by_unit(nation: Nation) -> NDArray[Any]:
    """Targeted pounds by the pupil whose count attracted them: disadvantaged, or every pupil."""
    schools, targeting = nation.world.schools, nation.settings.policy.targeting
    areas = len(nation.world.areas)
    counts = schools.groups.astype(float).copy()
    if targeting.per == "disadvantaged" or "area_list" not in targeting.arms:
        counts[:, 0] = 0
    total = np.maximum(counts.sum(axis=1), 1)
    share = schools.targeted / PENCE / total
    fixed = np.rint(share * FIXED_POINT).astype(np.int64)
    sums = np.zeros((areas, GROUP_COUNT), np.int64)
    _add_up(schools.area, counts.astype(np.int64), fixed, sums)
    return sums / FIXED_POINT


def people_rows(nation: Nation, groups: dict[int, NDArray[np.int8]]) -> Mapping[str, ArrayLike]:
    """Return what pupils on roll meet: a good school in reach by area; money by quarter.

    Quarters are of the reference school, so no policy moves a child between them.
    """
    world, schools = nation.world, nation.world.schools
    paid = np.maximum(schools.paid_pupils, 1)
    money = Money(
        np.rint(schools.budget / PENCE / paid * FIXED_POINT).astype(np.int64),
        np.rint(schools.targeted / PENCE / paid * FIXED_POINT).astype(np.int64),
    )
    good = good_schools(nation)
    homes = [_homes(world, phase) for phase in (PRIMARY, SECONDARY)]
    cohorts = list(world.cohorts.values())
    lived = np.zeros((len(cohorts), len(world.areas), GROUP_COUNT, len(AT_HOME)), np.int64)
    met = np.zeros((len(cohorts), QUARTERS, GROUP_COUNT, 5), np.int64)

    def one(k: int, pupils: Pupils) -> None:
        phase = phase_of(pupils.grade(nation.year))
        roll, group = pupils.view(Roll), groups[pupils.birth_year]
        _meet(roll, schools.area, homes[phase], group, good[phase], money, lived[k], met[k])

    nation.crew.run([partial(one, k, pupils) for k, pupils in enumerate(cohorts)])
    by_area, by_quarter = lived.sum(axis=0), met.sum(axis=0)
    return {
        **{name: by_area[:, :, column] for column, name in enumerate(AT_HOME)},
        "pupils_q": by_quarter[:, :, 0],
        "home_pupils_q": by_quarter[:, :, 0],
        "own_area_n_q": by_quarter[:, :, 4],
        "targeted_reached_q": by_quarter[:, :, 1],
        "pounds_sum_q": by_quarter[:, :, 2] / FIXED_POINT,
        "targeted_sum_q": by_quarter[:, :, 3] / FIXED_POINT,
    }


@kernel
def _meet(
    roll: Roll,
    at: Int32s,
    homes: Neighbourhoods,
    group: Int8s,
    good: Bools,
    money: Money,
    lived: Int64s,
    met: Int64s,
) -> None:
    """Add up `AT_HOME` by area, and, by quarter, money of the school attended."""
    for i in range(roll.school.size):
        s = roll.school[i]
        if s == at.size:  # not on a roll
            continue
        home = np.uint64(roll.small[i])
        g = group[i]
        w = homes.weight[home]
        own = np.int64(homes.area[home] == at[s])
        local = lived[homes.area[home], g]
        local[0] += np.int64(good[home])
        local[1] += 1
        local[2] += own
        sums = met[homes.quarter[home], g]
        sums[0] += w
        sums[1] += w if money.targeted[s] > 0 else 0
        sums[2] += w * money.whole[s]
        sums[3] += w * money.targeted[s]
        sums[4] += w * own


def good_schools(nation: Nation) -> NDArray[np.bool_]:
    """Return whether each small area has a good primary and a good secondary among its nearest.

    Good: smoothed progress above a cut, among the three nearest. Progress is against the marks of
    year 0 and the cut never moves, so a school that improves becomes good, and one that falls
    behind is good no longer.
    """
    world = nation.world
    good = world.schools.reputation > nation.terms.values.assessment.good_school
    out = np.zeros((2, len(world.small)), np.bool_)
    for phase in (PRIMARY, SECONDARY):
        near = world.near[phase].school[:, :3]
        out[phase] = (good[near] & (near >= 0)).any(axis=1)
    return out


def quarters(world: World) -> NDArray[np.int8]:
    """Return each school's quarter of pupils by ever-6 share in its phase, 0 the most affluent."""
    schools = world.schools
    share = schools.ever6 / np.maximum(schools.pupils, 1)
    out = np.zeros(len(schools), np.int8)
    for phase in (PRIMARY, SECONDARY):
        rows = np.flatnonzero(schools.phase == phase)
        order = rows[np.lexsort((schools.id[rows], share[rows]))]
        many = (world.weight_of(schools) * schools.pupils)[order]
        place = (np.cumsum(many) - many / 2) / max(1, int(many.sum()))
        out[order] = np.minimum(QUARTER_COUNT * place, QUARTER_COUNT - 1).astype(np.int8)
    return out


def year_zero_scales(nation: Nation, sitting: Sitting) -> dict[str, float]:
    """Return year 0's spreads over pupils: Attainment 8, need-adjusted pounds, teacher quality."""
    world = nation.world
    schools = world.schools
    many = (world.weight_of(schools) * schools.pupils).astype(float)
    _, _, needed = need_adjusted(schools, nation.terms.values.money.need_weight)
    weight = world.weight_of(world.small)[sitting.pupils.small] * world.enrolled(sitting.pupils)
    return {
        "attainment8_sd": _spread(sitting.points.astype(float), weight.astype(float)),
        "need_adjusted_sd": _spread(needed, many),
        "quality_sd": _spread(schools.quality.astype(float), many),
    }


def _spread(values: Float64s, weight: Float64s) -> float:
    mean = float(np.average(values, weights=weight))
    return float(np.sqrt(np.average((values - mean) ** 2, weights=weight)))
