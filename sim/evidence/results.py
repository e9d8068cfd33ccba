"""Readings of results at 5, 11 and 16 that published figures can be held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Numbers
from sim.codes import REGION_COUNT, SECONDARY, phase_of
from sim.data import facts
from sim.model import SchoolsModel
from sim.nation import Sitting
from sim.world.needs import need_in

__all__ = ["Results", "attainment", "patterns"]

Floats = NDArray[np.float64]


@dataclass
class Results:
    """One cohort's results with who and where."""

    score: Floats
    points: Floats
    gained: Floats
    passed: NDArray[np.bool_]
    earlier: Floats
    dis: NDArray[np.bool_]
    fsm: NDArray[np.bool_]
    area: NDArray[np.int32]
    school: NDArray[np.int32]
    weight: Floats
    heritage: NDArray[np.int8]
    girl: NDArray[np.bool_]
    need: NDArray[np.uint8]

    @classmethod
    def of(cls, model: SchoolsModel, sitting: Sitting) -> Results:
        """Read a sitting; children on no roll are left out."""
        world, pupils = model.world, sitting.pupils
        here = world.enrolled(pupils)
        area = world.small.area[pupils.small[here]]
        earlier = (pupils.early, pupils.early, pupils.ks2)[sitting.stage]
        return cls(
            sitting.score[here].astype(float),
            sitting.points[here].astype(float),
            sitting.gained[here].astype(float),
            sitting.passed[here],
            earlier[here].astype(float),
            sitting.group[here] > 0,
            (pupils.registered[here] & model.terms.bits.fsm) != 0,
            area,
            pupils.school[here],
            world.areas.weight[area].astype(float),
            pupils.heritage[here],
            pupils.girl[here],
            need_in(pupils, phase_of(pupils.grade(model.year)))[here],
        )

    def mean(self, values: Numbers, chosen: NDArray[np.bool_]) -> float:
        """Weighted mean of some children; progress of those who have any."""
        chosen = chosen & ~np.isnan(values)
        return float(np.average(values[chosen], weights=self.weight[chosen]))

    def gap(self, values: Numbers) -> float:
        """Others' mean less that of disadvantaged pupils."""
        return self.mean(values, ~self.dis) - self.mean(values, self.dis)

    def correlation(self) -> float:
        """Correlation with the earlier mark, of those who have one."""
        both = ~np.isnan(self.earlier)
        return float(np.corrcoef(self.earlier[both], self.score[both])[0, 1])

    def gap_index(self) -> float:
        """DfE gap index: 20 x the difference of mean fractional ranks."""
        order = np.argsort(self.score, kind="stable")
        place = np.cumsum(self.weight[order]) - self.weight[order] / 2
        rank = np.empty(order.size)
        rank[order] = place / self.weight.sum()
        return 20 * self.gap(rank)

    def by_area(self, values: Numbers, chosen: NDArray[np.bool_], areas: int) -> Floats:
        """Mean of some children in each area; progress of those who have any."""
        chosen = chosen & ~np.isnan(values)
        count = np.bincount(self.area[chosen], minlength=areas)
        total = np.bincount(self.area[chosen], values[chosen], minlength=areas)
        return np.asarray(total / np.maximum(count, 1))


def attainment(model: SchoolsModel) -> dict[str, float]:
    """Return the readings of targets 11 to 23, 33, 37, 39, 40, 55 and 56."""
    early, ks2, ks4 = (Results.of(model, s) for s in model.nation.made.sittings)
    out = {
        "gap_index_ks4": ks4.gap_index(),
        "gap_index_ks2": ks2.gap_index(),
        "good_level_fsm": 100 * early.mean(early.passed, early.fsm),
        "good_level_other": 100 * early.mean(early.passed, ~early.fsm),
        "attainment8_mean": ks4.mean(ks4.points, ks4.weight > 0),
        "attainment8_gap": ks4.gap(ks4.points),
        "progress8_gap": ks4.gap(ks4.gained),
        "ks2_expected_disadvantaged": 100 * ks2.mean(ks2.passed, ks2.dis),
        "ks2_expected_other": 100 * ks2.mean(ks2.passed, ~ks2.dis),
        "ks2_ks4_correlation": ks4.correlation(),
        "early_ks2_correlation": ks2.correlation(),
        "teacher_exit_ratio": exit_ratio(model),
    }
    spread = np.average((ks4.points - out["attainment8_mean"]) ** 2, weights=ks4.weight)
    out["attainment8_sd"] = float(np.sqrt(spread))
    out.update(_between_schools(model, ks4))
    out.update(_regions(model, ks2, ks4))
    return out


def exit_ratio(model: SchoolsModel) -> float:
    """Teachers leaving the most deprived tenth of secondaries over the least deprived tenth."""
    schools = model.world.schools
    mine = np.flatnonzero((schools.phase == SECONDARY) & (schools.pupils > 0))
    share = schools.ever6[mine] / schools.pupils[mine]
    order = mine[np.argsort(share, kind="stable")]
    tenth = max(1, order.size // 10)
    leaving = schools.leaving
    return float(leaving[order[-tenth:]].mean() / leaving[order[:tenth]].mean())


def variance_share(values: Floats, school: NDArray[np.int32]) -> tuple[float, Floats, Floats]:
    """Return the share of variance between schools (one-way), school means and counts.

    Children without a value (no progress) are left out.
    """
    known = ~np.isnan(values)
    values, school = values[known], school[known]
    count = np.bincount(school).astype(float)
    mean = np.bincount(school, values) / np.maximum(count, 1)
    used, total = int((count > 0).sum()), count.sum()
    within = (np.sum(values**2) - np.sum(count * mean**2)) / (total - used)
    typical = (total - np.sum(count**2) / total) / (used - 1)
    squares = np.sum(count * (mean - values.mean()) ** 2) / (used - 1)
    between = max(0.0, (squares - within) / typical)
    return float(between / (between + within)), mean, count


def _between_schools(model: SchoolsModel, ks4: Results) -> dict[str, float]:
    areas = model.world.areas
    share, mean, count = variance_share(ks4.points, ks4.school)
    added, gained, _ = variance_share(ks4.gained, ks4.school)
    known = count > 0
    weight = np.zeros(count.size)
    weight[known] = count[known] * model.world.weight_of(model.world.schools)[: count.size][known]
    centre = np.average(mean[known], weights=weight[known])
    sd = np.sqrt(np.average((mean[known] - centre) ** 2, weights=weight[known]))
    big = count > 10
    poor = np.bincount(ks4.school, ks4.dis, minlength=count.size) / np.maximum(count, 1)
    gained = np.pad(gained, (0, count.size - gained.size))
    by_area = ks4.by_area(ks4.points, ks4.weight > 0, len(areas))
    many = np.bincount(ks4.area, ks4.weight, minlength=len(areas))
    middle = np.average(by_area, weights=many)
    return {
        "attainment8_school_sd": float(sd),
        "school_share_raw": share,
        "school_share_value_added": added,
        "ever6_progress8_schools": _weighted_correlation(poor[big], gained[big], weight[big]),
        "ever6_attainment8_schools": _weighted_correlation(poor[big], mean[big], weight[big]),
        "attainment8_area_sd": float(np.sqrt(np.average((by_area - middle) ** 2, weights=many))),
    }


def _weighted_correlation(one: Floats, other: Floats, weight: Floats) -> float:
    table = np.cov(one, other, aweights=weight)
    return float(table[0, 1] / np.sqrt(table[0, 0] * table[1, 1]))


def _regions(model: SchoolsModel, ks2: Results, ks4: Results) -> dict[str, float]:
    names = np.unique(model.world.facts.region)
    areas = model.world.areas
    out: dict[str, float] = {}
    every = ks4.mean(ks4.points, ks4.dis)
    where = {str(names[r]): areas.region[ks4.area] == r for r in np.unique(areas.region)}
    for name, mine in where.items():
        out[f"attainment8_disadvantaged_{_as_key(name)}"] = (
            ks4.mean(ks4.points, mine & ks4.dis) - every
        )
    out.update(_gaps_of_regions(ks4, where))
    if "London" in where and len(where) > 1:
        london = where["London"]
        out["london_attainment8"] = ks4.mean(ks4.points, london) - ks4.mean(ks4.points, ~london)
        out["london_progress8"] = ks4.mean(ks4.gained, london) - ks4.mean(ks4.gained, ~london)
        outside = areas.region != list(names).index("London")
        poor = ks4.by_area(ks4.points, ks4.dis, len(areas))
        out["attainment8_disadvantaged_area_sd"] = float(poor[outside].std())
    if "London" in where and "South West" in where:
        gaps = []
        for name in ("London", "South West"):
            mine = areas.region[ks2.area] == list(names).index(name)
            gaps.append(ks2.mean(ks2.score, mine & ~ks2.dis) - ks2.mean(ks2.score, mine & ks2.dis))
        out["ks2_gap_london_south_west"] = gaps[0] / gaps[1]
    return out


def _as_key(region: str) -> str:
    return region.lower().replace(" ", "_")


def _gaps_of_regions(ks4: Results, where: Mapping[str, NDArray[np.bool_]]) -> dict[str, float]:
    """Return each region's gap in Progress 8 and, of all nine, how they go with published ones."""
    gaps = {
        f"progress8_gap_{_as_key(name)}": ks4.mean(ks4.gained, mine & ~ks4.dis)
        - ks4.mean(ks4.gained, mine & ks4.dis)
        for name, mine in where.items()
    }
    told = {t.name: t.value for t in facts.targets() if t.name in gaps}
    if len(told) < REGION_COUNT:
        return gaps
    both = np.corrcoef([gaps[name] for name in told], list(told.values()))
    return gaps | {"progress8_gap_regions_agreement": float(both[0, 1])}


def patterns(model: SchoolsModel) -> dict[str, float]:
    """Return correlations over areas outside London that are looked at and never fitted."""
    world = model.world
    areas = len(world.areas)
    outside = world.facts.region[world.areas.facts_row] != "London"
    fsm = world.facts.fsm_2019[world.areas.facts_row][outside]
    eal = world.facts.eal_primary[world.areas.facts_row][outside]
    early, ks2, ks4 = (Results.of(model, s) for s in model.nation.made.sittings)
    tables = {
        "early_disadvantaged": early.by_area(early.passed, early.fsm, areas),
        "early_other": early.by_area(early.passed, ~early.fsm, areas),
        "ks2_disadvantaged": ks2.by_area(ks2.passed, ks2.dis, areas),
        "ks2_other": ks2.by_area(ks2.passed, ~ks2.dis, areas),
        "attainment8_disadvantaged": ks4.by_area(ks4.points, ks4.dis, areas),
        "attainment8_other": ks4.by_area(ks4.points, ~ks4.dis, areas),
    }
    tables["attainment8_gap"] = tables["attainment8_other"] - tables["attainment8_disadvantaged"]
    out: dict[str, float] = {}
    for name, values in tables.items():
        out[f"fsm_with_{name}"] = float(np.corrcoef(fsm, values[outside])[0, 1])
        out[f"eal_with_{name}"] = float(np.corrcoef(eal, values[outside])[0, 1])
    fifth = np.where(outside, world.facts.affluence_fifth[world.areas.facts_row], 0)
    by_fifth = _by_fifth(ks4, ks4.gained, fifth)
    out.update({f"progress8_disadvantaged_{name}": value for name, value in by_fifth.items()})
    by_fifth = _by_fifth(ks2, 100 * ks2.passed, fifth)
    for tail in ("", "_areas"):
        mean = np.mean([by_fifth[f"fifth_{one}{tail}"] for one in range(1, 6)])
        for one in range(1, 6):
            by_fifth[f"fifth_{one}{tail}"] -= float(mean)
    out.update({f"ks2_expected_disadvantaged_{name}": value for name, value in by_fifth.items()})
    return out


def _by_fifth(results: Results, values: NDArray[Any], fifth: NDArray[np.int_]) -> dict[str, float]:
    """Return means of disadvantaged pupils by fifth of areas, 1 most affluent, and their slope.

    Each pupil counts once, and (``_areas``) each area once. An area with fifth 0 is left out.
    """
    areas = fifth.size
    sat = np.bincount(results.area[results.dis], minlength=areas) > 0
    mean = results.by_area(values, results.dis, areas)
    out: dict[str, float] = {}
    for one in range(1, 6):
        mine = fifth == one
        out[f"fifth_{one}"] = results.mean(values, results.dis & mine[results.area])
        out[f"fifth_{one}_areas"] = float(mean[mine & sat].mean())
    for tail in ("", "_areas"):
        out[f"slope{tail}"] = out[f"fifth_5{tail}"] - out[f"fifth_1{tail}"]
    return out
