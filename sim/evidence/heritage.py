"""Results by heritage group and disadvantage: what is published, and what a year shows.

Nothing here knows a place: figures are of the nation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Numbers
from sim.codes import BROAD_OF_HERITAGE, HERITAGE_COUNT
from sim.data import facts
from sim.data.choices import BROAD_MEMBERS, HERITAGE_MEMBERS
from sim.evidence.results import Results
from sim.model import SchoolsModel
from sim.year.assessment import attainment8, expect, progress

__all__ = ["Cells", "Shown", "Told", "cells_of", "heritage_results", "shown", "told"]

Floats = NDArray[np.float64]
BROAD = np.array(BROAD_OF_HERITAGE)
BROAD_COUNT = int(BROAD.max()) + 1
MIXED = BROAD_COUNT - 1
IN_CELLS = np.array([name != "any_other" for name in HERITAGE_MEMBERS])
"""Groups that results at 16 by disadvantage are published of; all others are told by them alone."""
SHORT = tuple(name.removesuffix("_any_other") for name in BROAD_MEMBERS)


class Cells(NamedTuple):
    """One result by heritage group: means and weights of all, of the poor and of the others."""

    everyone: Floats
    poor: Floats
    rest: Floats
    poor_share: Floats
    weight: Floats

    def gap(self, chosen: NDArray[np.bool_]) -> Floats:
        """Return others less the poor, by broad group: the mean of groups by their poor."""
        counts = chosen * self.poor_share * self.weight
        total = np.bincount(BROAD, counts * (self.rest - self.poor), minlength=BROAD_COUNT)
        return np.asarray(total / np.bincount(BROAD, counts, minlength=BROAD_COUNT))


@dataclass(frozen=True)
class Shown:
    """What a simulated year shows, on a scale of marks of its own.

    Attributes:
        early: Share at a good level at 5, by free meals.
        ks2: Share at the expected standard at 11, by disadvantage.
        attainment8: Points at 16.
        progress8: Grades at 16, of those with a mark at 11.
        middle: Mean of latent attainment with error at each stage: `mark_mean`.
        spread: Its standard deviation: `mark_sd`.
        gaps: National gaps of Progress 8 and of Attainment 8.
    """

    early: Cells
    ks2: Cells
    attainment8: Cells
    progress8: Cells
    middle: Floats
    spread: Floats
    gaps: tuple[float, float]


@dataclass(frozen=True)
class Told:
    """What is published: by group (11) or, of gaps at 16, by broad group (5); national gaps."""

    early: Floats
    early_poor: Floats
    ks2: Floats
    ks2_poor: Floats
    progress8: Floats
    attainment8: Floats
    progress8_gap: Floats
    attainment8_gap: Floats
    gaps: tuple[float, float]


def told() -> Told:
    """Return the published figures, from ``heritage_targets.csv`` and the table of targets."""
    found: dict[tuple[str, str], list[float]] = {}
    for row in facts.rows("heritage_targets"):
        found.setdefault((row["measure"], row["who"]), []).append(float(row["value"]))
    known = {key: np.array(values) for key, values in found.items()}
    nation = {target.name: target.value for target in facts.targets()}
    return Told(
        early=known["good_level", "all"],
        early_poor=known["good_level", "fsm"],
        ks2=known["ks2_expected", "all"],
        ks2_poor=known["ks2_expected", "disadvantaged"],
        progress8=known["progress8", "all"],
        attainment8=known["attainment8", "all"],
        progress8_gap=known["progress8", "gap"],
        attainment8_gap=known["attainment8", "gap"],
        gaps=(nation["progress8_gap"], nation["attainment8_gap"]),
    )


def cells_of(
    heritage: NDArray[np.int8], poor: NDArray[np.bool_], values: Numbers, weight: Floats
) -> Cells:
    """Return means by heritage group; whoever has no value (NaN) is left out.

    Args:
        heritage: Group of each child.
        poor: Who is disadvantaged, or eligible for free meals.
        values: The result of each child.
        weight: What each child counts.
    """
    known = ~np.isnan(values)
    group, side, value, counts = heritage[known], poor[known], values[known], weight[known]
    n = np.bincount(group, counts, minlength=HERITAGE_COUNT).astype(float)
    n_poor = np.bincount(group, counts * side, minlength=HERITAGE_COUNT)
    total = np.bincount(group, counts * value, minlength=HERITAGE_COUNT)
    of_poor = np.bincount(group, counts * side * value, minlength=HERITAGE_COUNT)
    tiny = np.finfo(float).tiny
    return Cells(
        total / np.maximum(n, tiny),
        of_poor / np.maximum(n_poor, tiny),
        (total - of_poor) / np.maximum(n - n_poor, tiny),
        n_poor / np.maximum(n, tiny),
        n,
    )


def shown(model: SchoolsModel) -> Shown:
    """Return results of the year a model is in, as if marks had been scaled to it."""
    assessment = model.terms.values.assessment
    sat = [Results.of(model, sitting) for sitting in model.nation.made.sittings]
    middles = [float(np.average(s.score, weights=s.weight)) for s in sat]
    spreads = [
        float(np.sqrt(np.average((s.score - m) ** 2, weights=s.weight)))
        for s, m in zip(sat, middles, strict=True)
    ]
    early, ks2, ks4 = ((s.score - m) / d for s, m, d in zip(sat, middles, spreads, strict=True))
    points = attainment8(ks4.astype(np.float32), assessment)
    earlier = ((sat[2].earlier - middles[1]) / spreads[1]).astype(np.float32)
    table = expect(earlier, points / np.float32(10), sat[2].weight)
    gained = progress(earlier, points / np.float32(10), table).astype(float)
    old_mean, old_sd = np.array(assessment.mark_mean), np.array(assessment.mark_sd)
    return Shown(
        early=_cells(sat[0], early > assessment.early_cut, sat[0].fsm),
        ks2=_cells(sat[1], ks2 > assessment.ks2_cut, sat[1].dis),
        attainment8=_cells(sat[2], points, sat[2].dis),
        progress8=_cells(sat[2], gained, sat[2].dis),
        middle=old_mean + old_sd * np.array(middles),
        spread=old_sd * np.array(spreads),
        gaps=(sat[2].gap(gained), sat[2].gap(points.astype(float))),
    )


def _cells(results: Results, values: Numbers, poor: NDArray[np.bool_]) -> Cells:
    return cells_of(results.heritage, poor, np.asarray(values, float), results.weight)


def heritage_results(model: SchoolsModel) -> dict[str, float]:
    """Return the readings of target 49: results by broad heritage group and disadvantage."""
    early, ks2, ks4 = (Results.of(model, s) for s in model.nation.made.sittings)
    out: dict[str, float] = {}
    for broad, name in enumerate(SHORT):
        mine = (broad == BROAD) & IN_CELLS
        in_5, in_11, in_16 = (mine[s.heritage] for s in (early, ks2, ks4))
        out[f"good_level_{name}_fsm"] = 100 * early.mean(early.passed, in_5 & early.fsm)
        passed = 100 * ks2.mean(ks2.passed, in_11 & ks2.dis)
        out[f"ks2_expected_{name}_disadvantaged"] = passed
        for side, chosen in (("disadvantaged", ks4.dis), ("other", ~ks4.dis)):
            out[f"progress8_{name}_{side}"] = ks4.mean(ks4.gained, in_16 & chosen)
            out[f"attainment8_{name}_{side}"] = ks4.mean(ks4.points, in_16 & chosen)
    return out
