"""Results: what this year's marks say to schools, to families and to the next year.

Between assessment and the record: turn the record off and the same children live the same lives.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Float32s, Int8s, Int64s
from sim.codes import (
    FIXED_POINT,
    LAST_GRADE,
    STAGE_EARLY,
    STAGE_KS2,
    STAGE_KS4,
    STARTING_AGE,
)
from sim.kernel import kernel
from sim.nation import Leavers, Nation, Sitting, YearResults
from sim.record.tally import quarters, year_zero_scales
from sim.world import schooling
from sim.world.pupils import Pupils
from sim.world.tables import World
from sim.year import assessment
from sim.year.admissions import update_reputation
from sim.year.assessment import Expected, attainment8, expect, progress

__all__ = ["learn_from_results", "publish_results"]

_F = np.float32


def publish_results(nation: Nation, year: int) -> None:
    """Turn marks into results of cohorts and schools; in year 0, fix what stays as it is."""
    made = nation.made
    made.sittings, tables = _sit(nation, year)
    one_sd = nation.terms.values.assessment.attainment8_sd
    made.results = _school_results(nation.world, made.sittings, tables, one_sd)
    if nation.policy_year == 0:
        _freeze(nation)


def learn_from_results(nation: Nation, year: int) -> None:
    """Remember what this year's results said: reputations, gaps, and tables up to year 0."""
    made, memory, schools = nation.made, nation.memory, nation.world.schools
    results, choice = made.results, nation.terms.values.admissions
    if nation.terms.on.reputation:
        scale = np.asarray(choice.reputation_scale)[schools.phase]
        update_reputation(schools, results.progress_mean, results.sat, scale, choice.inertia)
    for name, sums in (("gap_level", results.level), ("gap_progress", results.progress)):
        ring = schools.get(name).reshape(-1, 6, 3)
        ring[:, :, :-1] = ring[:, :, 1:]
        ring[:, :, -1] = sums
    if nation.policy_year <= 0:
        memory.expected = results.expected
    memory.leavers = Leavers(made.marks_at_16, made.groups[year - STARTING_AGE - LAST_GRADE])


def _sit(nation: Nation, year: int) -> tuple[list[Sitting], tuple[Expected, Expected]]:
    """Return the three cohorts' results, against the tables of year 0 or, before, their own."""
    world, values = nation.world, nation.terms.values
    groups, marks_at_16 = nation.made.groups, nation.made.marks_at_16
    cohorts = {p.grade(year): p for p in world.cohorts.values()}
    early, ks2, ks4 = (cohorts[grade] for grade in assessment.ASSESSED)
    points = attainment8(marks_at_16, values.assessment)
    if nation.policy_year <= 0:
        tables = (
            expect(ks2.early, ks2.ks2, _weights(world, ks2)),
            expect(ks4.ks2, points / 10, _weights(world, ks4)),
        )
    else:
        tables = nation.memory.expected
    cut, none = values.assessment, np.zeros(early.rows, _F)
    in_5, in_11, in_16 = (groups[p.birth_year] for p in (early, ks2, ks4))
    to_11, to_16 = (
        progress(ks2.early, ks2.ks2, tables[0]),
        progress(ks4.ks2, points / 10, tables[1]),
    )
    passed = marks_at_16 > cut.english_maths_cut
    return [
        Sitting(
            STAGE_EARLY, early, in_5, early.early, early.early, none, early.early > cut.early_cut
        ),
        Sitting(STAGE_KS2, ks2, in_11, ks2.ks2, ks2.ks2, to_11, ks2.ks2 > cut.ks2_cut),
        Sitting(STAGE_KS4, ks4, in_16, marks_at_16, points, to_16, passed),
    ], tables


def _freeze(nation: Nation) -> None:
    """Fix in year 0 what is the same in every scenario: spreads and quarters of schools."""
    nation.world.schools.quarter = quarters(nation.world)
    schooling.remember_year_0(nation.world.schools)
    nation.memory.scales = year_zero_scales(nation, nation.made.sittings[STAGE_KS4])


def _weights(world: World, pupils: Pupils) -> NDArray[np.float64]:
    """Weight of each child, nought for those on no roll."""
    here = world.enrolled(pupils)
    return np.where(here, world.areas.weight[world.small.area[pupils.small]], 0).astype(float)


def _school_results(
    world: World, sittings: list[Sitting], tables: tuple[Expected, Expected], one_sd: float
) -> YearResults:
    schools = len(world.schools)
    level, gained = np.zeros((schools, 6), np.int64), np.zeros((schools, 6), np.int64)
    for sitting in sittings[1:]:
        pupils = sitting.pupils
        # Progress at 16 is in Attainment 8 points / 10; bring it to the SD of the score, which is
        # a constant: a policy that spreads results must not shrink what schools are known by.
        unit = 10 / one_sd if sitting.stage == STAGE_KS4 else 1.0
        for out, values in ((level, sitting.score), (gained, sitting.gained * _F(unit))):
            sums = np.zeros((pupils.start.size - 2, 6), np.int64)
            _by_school(pupils.start, sitting.group, values.astype(_F), sums)
            out[pupils.first_school : pupils.first_school + sums.shape[0]] += sums
    sat = gained[:, 0] + gained[:, 3]
    mean = (gained[:, 1] + gained[:, 4]) / FIXED_POINT / np.maximum(sat, 1)
    return YearResults(level, gained, mean, sat, tables)


@kernel
def _by_school(start: Int64s, group: Int8s, values: Float32s, out: Int64s) -> None:
    for s in range(out.shape[0]):
        for i in range(start[s], start[s + 1]):
            if np.isnan(values[i]):  # no progress without an earlier mark
                continue
            side = 0 if group[i] > 0 else 3
            v = np.float64(values[i])
            out[s, side] += 1
            out[s, side + 1] += np.int64(np.round(v * FIXED_POINT))
            out[s, side + 2] += np.int64(np.round(v * v * FIXED_POINT))
