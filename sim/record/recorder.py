"""The record of a run: sums and counts only, year by year, in the shape `sim.results` declares.

Sums over children are fixed point (2^-20) and integer, so that neither order nor threads can
change them. Ratios, gaps and indices are made later, by measures.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim import rng
from sim.arrays import Bools
from sim.codes import (
    FIXED_POINT,
    PANEL_MEMBER,
    SECONDARY,
    STAGE_KS4,
)
from sim.config.models import Settings
from sim.funding.grants import Grants
from sim.nation import Nation, Sitting, YearResults
from sim.record.absence import absence_rows
from sim.record.flagged import Followed
from sim.record.tally import people_rows, result_rows, school_rows
from sim.record.tally_adults import Homes, adult_rows
from sim.rng import Purpose
from sim.world.adults import Adults

__all__ = ["FIRST_RECORDED", "Grown", "Recorder"]

FIRST_RECORDED = -3
PANEL = 8000
PANEL_YEARS = 5
PANEL_DRAWN = 0.95
"""Share of the panel's room that is drawn on average, so that luck hardly ever fills it."""


@dataclass(frozen=True)
class Grown:
    """People after sixteen at the end of a year.

    Attributes:
        blocks: Cohorts, youngest first.
        near: (people of the youngest, 4) kinds of post-16 offer in reach.
        vacant: Posts left open, by region and level.
        costs: Cost of each lever, GBP.
    """

    blocks: list[Adults]
    near: Bools
    vacant: NDArray[np.int64]
    costs: NDArray[np.float64]


class Recorder:
    """Collects the arrays of a cell while a run goes on."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.years: list[int] = []
        self.rows: dict[str, list[Any]] = {}
        self.panel: list[dict[str, NDArray[Any]]] = []
        self.final: dict[str, Any] = {}
        self.whole: Mapping[str, ArrayLike] = {}  # tables over the years of a run
        self.followed: Followed | None = None  # from policy year 1 on, so no past carries one
        self.roll_0: NDArray[np.integer] | None = None

    def copy(self) -> Recorder:
        """Return a record of its own that goes on from here."""
        twin = copy.copy(self)
        twin.years, twin.panel = list(self.years), list(self.panel)
        twin.rows = {name: list(values) for name, values in self.rows.items()}
        twin.final = dict(self.final)
        return twin

    def asks_for(self, policy_year: int) -> bool:
        """Say whether sums of a policy year are kept."""
        return policy_year >= FIRST_RECORDED

    def record(self, nation: Nation, grown: Grown | None) -> None:
        """Add a year.

        Args:
            nation: The nation at the end of the year; nothing in it is changed.
            grown: People after sixteen, in years whose sums are kept.
        """
        made, last = nation.made, nation.made.sittings[STAGE_KS4]
        if grown is not None:
            self.years.append(nation.policy_year)
            self._add(result_rows(nation.world, made.sittings))
            self._add(school_rows(nation, made.grants))
            self._add(people_rows(nation, made.groups))
            self._add(absence_rows(nation, made.groups))
            self._add(self._grown_up(nation, grown))
        if nation.policy_year == 0:
            self.roll_0 = nation.world.schools.pupils.copy()
        if nation.policy_year > 0:
            self._follow(nation, made.results)
        if nation.policy_year > self.settings.years - PANEL_YEARS:
            self._panel(nation, last)
        if nation.policy_year == self.settings.years:
            self._last(nation, made.grants, last)

    def _follow(self, nation: Nation, results: YearResults) -> None:
        """Keep how the schools do that were flagged first as the policy began."""
        schools, areas = nation.world.schools, nation.world.areas
        if nation.policy_year == 1:
            self.followed = Followed.begin(nation.memory.flagged, len(areas))
            self.followed.add_past(schools)
        if self.followed is not None:
            self.followed.add(nation.policy_year, schools, results.level, results.progress)
            if nation.policy_year == self.settings.years:
                self.whole = self.followed.arrays(schools, areas.weight)

    def _grown_up(self, nation: Nation, grown: Grown) -> Mapping[str, ArrayLike]:
        """Return the rows of everybody after sixteen."""
        world = nation.world
        quarter = world.schools.quarter[world.near[SECONDARY].school[:, 0]]
        region, tax = world.areas.region.astype(np.int8), nation.terms.base.tax
        homes = Homes(quarter, region, world.areas.weight, tax)
        rows = adult_rows(grown.blocks, nation.year, homes, grown.near, grown.vacant, nation.crew)
        return {**rows, "lever_cost": grown.costs}

    def _add(self, row: Mapping[str, ArrayLike]) -> None:
        for name, values in row.items():
            self.rows.setdefault(name, []).append(values)

    def _panel(self, nation: Nation, sitting: Sitting) -> None:
        """Keep the children of the panel who reach 16 this year."""
        pupils = sitting.pupils
        here = nation.world.enrolled(pupils)
        share = PANEL_DRAWN * PANEL / (PANEL_YEARS * max(1, int(here.sum())))
        luck = rng.uniforms(rng.words(nation.terms.key, pupils.id, Purpose.PANEL)[PANEL_MEMBER])
        chosen = np.flatnonzero(here & (luck < share))
        chosen = chosen[np.argsort(pupils.id[chosen])][: PANEL // PANEL_YEARS]
        self.panel.append(
            {
                "child": pupils.id[chosen].astype(np.int64),
                "child_group": sitting.group[chosen],
                "child_area": nation.world.small.area[pupils.small[chosen]],
                "child_heritage": pupils.heritage[chosen],
                "child_early": pupils.early[chosen],
                "child_ks2": pupils.ks2[chosen],
                "child_attainment8": sitting.points[chosen],
                "child_year": np.full(chosen.size, nation.policy_year, np.int32),
            }
        )

    def _last(self, nation: Nation, grants: Grants, sitting: Sitting) -> None:
        """Keep the final year school by school."""
        schools = nation.world.schools
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
            "school_pupils_0": self.roll_0,
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
