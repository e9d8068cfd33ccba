"""The record of a run: sums and counts only, year by year, in the shape `sim.results` declares.

Sums over children are fixed point (2^-20) and integer, so that neither order nor threads can
change them. Ratios, gaps and indices are made later, by measures.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim import rng
from sim.arrays import Float32s, Int8s, Int64s
from sim.codes import (
    FIRST_ADULT_GRADE,
    FIXED_POINT,
    PANEL_MEMBER,
    SECONDARY,
    STAGE_EARLY,
    STAGE_KS2,
    STAGE_KS4,
)
from sim.config.models import Settings
from sim.flagged import Followed
from sim.kernel import kernel
from sim.pupils import Pupils
from sim.rng import Purpose
from sim.rules.grants import Grants
from sim.tally import Sitting
from sim.world.tables import World
from sim.year import assessment
from sim.year.assessment import Expected, attainment8, expect, progress

if TYPE_CHECKING:
    from sim.model import SchoolsModel

__all__ = ["FIRST_RECORDED", "Recorder", "YearResults"]

FIRST_RECORDED = -3
PANEL = 8000
PANEL_YEARS = 5
_F = np.float32
Sums = NDArray[np.int64]


@dataclass
class YearResults:
    """What schools and the next year learn from this year's results.

    Attributes:
        level: (schools, 6) counts, sums and squares of leavers' results: disadvantaged, others.
        progress: The same for progress since the stage before, SD.
        progress_mean: Mean progress of each school's leavers, SD.
        sat: How many leavers have progress.
        expected: Tables of expected marks at 11 and at 16.
    """

    level: Sums
    progress: Sums
    progress_mean: NDArray[np.float64]
    sat: Sums
    expected: tuple[Expected, Expected]


class Recorder:
    """Collects the arrays of a cell while a run goes on."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.years: list[int] = []
        self.rows: dict[str, list[Any]] = {}
        self.panel: list[dict[str, NDArray[Any]]] = []
        self.final: dict[str, Any] = {}
        self.whole: Mapping[str, ArrayLike] = {}  # tables over the years of a run
        self.sittings: list[Sitting] = []
        self.followed: Followed | None = None  # from policy year 1 on, so no past carries one

    def copy(self) -> Recorder:
        """Return a record of its own that goes on from here."""
        twin = copy.copy(self)
        twin.years, twin.panel = list(self.years), list(self.panel)
        twin.rows = {name: list(values) for name, values in self.rows.items()}
        twin.final = dict(self.final)
        twin.sittings = []
        return twin

    def record(
        self, model: SchoolsModel, grants: Grants, groups: dict[int, NDArray[np.int8]],
        marks_at_16: NDArray[np.float32],
    ) -> YearResults:  # fmt: skip
        """Add a year; returns what the model itself needs of it."""
        sittings, tables = self._sit(model, groups, marks_at_16)
        self.sittings = sittings
        one_sd = model.fixed.values.assessment.attainment8_sd
        results = _school_results(model.world, sittings, tables, one_sd)
        if model.policy_year == 0:
            self._freeze(model, sittings)
        if model.policy_year >= FIRST_RECORDED:
            self.years.append(model.policy_year)
            from sim.tally import people_rows, result_rows, school_rows

            self._add(result_rows(model.world, sittings))
            self._add(school_rows(model, grants))
            self._add(people_rows(model, groups))
            self._add(self._grown_up(model))
        if model.policy_year > 0:
            self._follow(model, results)
        if model.policy_year > self.settings.years - PANEL_YEARS:
            self._panel(model, sittings[2])
        if model.policy_year == self.settings.years:
            self._last(model, grants, sittings[2])
        return results

    def _follow(self, model: SchoolsModel, results: YearResults) -> None:
        """Keep how the schools do that were flagged first as the policy began."""
        schools, areas = model.world.schools, model.world.areas
        if model.policy_year == 1:
            self.followed = Followed.begin(model.memory.flagged, len(areas))
            self.followed.add_past(schools)
        if self.followed is not None:
            self.followed.add(model.policy_year, schools, results.level, results.progress)
            if model.policy_year == self.settings.years:
                self.whole = self.followed.arrays(schools, areas.weight)

    def _grown_up(self, model: SchoolsModel) -> Mapping[str, ArrayLike]:
        """Return the rows of everybody after sixteen."""
        from sim.after import by_grade, reach
        from sim.after_costs import lever_costs
        from sim.after_work import vacant
        from sim.tally_adults import Homes, adult_rows

        world, after = model.world, model.after
        blocks = by_grade(after, model.year)
        quarter = world.schools.quarter[world.near[SECONDARY].school[:, 0]]
        homes = Homes(quarter, world.areas.region.astype(np.int8), world.areas.weight)
        near = reach(world, after, blocks[FIRST_ADULT_GRADE], model.fixed, model.policy())
        rows = adult_rows(list(blocks.values()), model.year, homes, near, vacant(after), model.crew)
        costs = lever_costs(world, after, model.year, model.fixed, model.policy())
        return {**rows, "lever_cost": costs}

    def _add(self, row: Mapping[str, ArrayLike]) -> None:
        for name, values in row.items():
            self.rows.setdefault(name, []).append(values)

    def _sit(
        self,
        model: SchoolsModel,
        groups: dict[int, NDArray[np.int8]],
        marks_at_16: NDArray[np.float32],
    ) -> tuple[list[Sitting], tuple[Expected, Expected]]:
        """Return the three cohorts' results, against the tables of year 0 or, before, their own."""
        world, values = model.world, model.fixed.values
        cohorts = {p.grade(model.year): p for p in world.cohorts.values()}
        early, ks2, ks4 = (cohorts[grade] for grade in assessment.ASSESSED)
        points = attainment8(marks_at_16, values.assessment)
        if model.policy_year <= 0:
            tables = (
                expect(ks2.early, ks2.ks2, _weights(world, ks2)),
                expect(ks4.ks2, points / 10, _weights(world, ks4)),
            )
        else:
            tables = model.memory.expected
        cut = values.assessment
        none = np.zeros(early.rows, _F)
        return [
            Sitting(STAGE_EARLY, early, groups[early.birth_year], early.early, early.early, none,
                    early.early > cut.early_cut),
            Sitting(STAGE_KS2, ks2, groups[ks2.birth_year], ks2.ks2, ks2.ks2,
                    progress(ks2.early, ks2.ks2, tables[0]), ks2.ks2 > cut.ks2_cut),
            Sitting(STAGE_KS4, ks4, groups[ks4.birth_year], marks_at_16, points,
                    progress(ks4.ks2, points / 10, tables[1]),
                    marks_at_16 > cut.english_maths_cut),
        ], tables  # fmt: skip

    def _freeze(self, model: SchoolsModel, sittings: list[Sitting]) -> None:
        """Fix in year 0 what is the same in every scenario: spreads and quarters of schools."""
        from sim.tally import quarters, year_zero_scales

        model.world.schools.quarter = quarters(model.world)
        model.memory.scales = year_zero_scales(model, sittings[2])

    def _panel(self, model: SchoolsModel, sitting: Sitting) -> None:
        """Keep the children of the panel who reach 16 this year."""
        pupils = sitting.pupils
        here = pupils.school < len(model.world.schools)
        share = 0.95 * PANEL / (PANEL_YEARS * max(1, int(here.sum())))
        luck = rng.uniforms(rng.words(model.key, pupils.id, Purpose.PANEL)[PANEL_MEMBER])
        chosen = np.flatnonzero(here & (luck < share))
        chosen = chosen[np.argsort(pupils.id[chosen])][: PANEL // PANEL_YEARS]
        self.panel.append(
            {
                "child": pupils.id[chosen].astype(np.int64),
                "child_group": sitting.group[chosen],
                "child_area": model.world.small.area[pupils.small[chosen]],
                "child_heritage": pupils.heritage[chosen],
                "child_early": pupils.early[chosen],
                "child_ks2": pupils.ks2[chosen],
                "child_attainment8": sitting.points[chosen],
                "child_year": np.full(chosen.size, model.policy_year, np.int32),
            }
        )

    def _last(self, model: SchoolsModel, grants: Grants, sitting: Sitting) -> None:
        """Keep the final year school by school."""
        schools = model.world.schools
        local = sitting.pupils.school
        here = local < len(schools)
        points = np.rint(sitting.points[here].astype(float) * FIXED_POINT)
        self.final = {
            "school": schools.id.astype(np.int64),
            "clause": list(grants.lines),
            "school_area": schools.area.copy(),
            "school_phase": schools.phase.copy(),
            "school_quarter": schools.quarter.copy(),
            "school_pupils": schools.pupils.copy(),
            "school_ever6": schools.ever6.copy(),
            "school_ks4_n": np.bincount(local[here], minlength=len(schools)),
            "school_attainment8_sum": np.bincount(local[here], points, minlength=len(schools))
            / FIXED_POINT,
            "school_pence": np.stack(list(grants.lines.values())),
        }

    def arrays(self) -> Mapping[str, ArrayLike]:
        """Return every variable of the cell, as `sim.results` declares them."""
        out: dict[str, ArrayLike] = {name: np.stack(values) for name, values in self.rows.items()}
        for name in self.panel[0] if self.panel else ():
            out[name] = np.concatenate([part[name] for part in self.panel])
        out.update({name: v for name, v in self.final.items() if name.startswith("school_")})
        out.update(self.whole)
        out.pop("child", None)
        return out


def _weights(world: World, pupils: Pupils) -> NDArray[np.float64]:
    """Weight of each child, nought for those on no roll."""
    here = pupils.school < len(world.schools)
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
