"""How much of school is missed: what a year shows by free meals, phase and place.

National figures are looked at beside the beliefs that were calibrated on them; those by place are
a test of the mechanism, and no result of a place enters it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.codes import PHASES, REGIONS, SECONDARY, phase_of
from sim.model import SchoolsModel
from sim.world.attendance import PERSISTENT, absence, absence_terms

__all__ = ["absence_results"]

Floats = NDArray[np.float64]
FIFTHS = range(1, 6)


@dataclass
class Absent:
    """Children of a phase on a roll: what they miss, free meals, area of the school, weight."""

    missed: Floats
    fsm: NDArray[np.bool_]
    area: NDArray[np.int32]
    weight: Floats

    def mean(self, values: Floats, chosen: NDArray[np.bool_]) -> float:
        """Return the weighted mean of some children."""
        return float(np.average(values[chosen], weights=self.weight[chosen]))


def absence_results(model: SchoolsModel) -> dict[str, float]:
    """Return the readings of target 53, where ``attendance`` is on."""
    if not model.terms.on.attendance:
        return {}
    found: dict[str, float] = {}
    for phase, name in enumerate(PHASES):
        all_of_phase = _of_phase(model, phase)
        for word, mine in (("fsm", all_of_phase.fsm), ("other", ~all_of_phase.fsm)):
            found[f"absence_{name}_{word}"] = all_of_phase.mean(all_of_phase.missed, mine)
            often = np.where(all_of_phase.missed >= PERSISTENT, 100.0, 0.0)
            found[f"persistent_{name}_{word}"] = all_of_phase.mean(often, mine)
    return found | _by_place(model, _of_phase(model, SECONDARY))


def _of_phase(model: SchoolsModel, phase: int) -> Absent:
    world, terms = model.world, model.terms
    parts = []
    for pupils in world.cohorts.values():
        grade = pupils.grade(model.year)
        if phase_of(grade) == phase:
            by = absence_terms(terms.values, terms.on, grade)
            here = world.enrolled(pupils)
            missed = absence(pupils, by, int(terms.bits.ever6))[0][here]
            area = world.schools.area[pupils.school[here]]
            now = (pupils.registered[here] & np.uint16(1)) != 0  # as in 2018/19: this year's
            parts.append((missed.astype(float), now, area))
    area = np.concatenate([part[2] for part in parts])
    return Absent(
        np.concatenate([part[0] for part in parts]),
        np.concatenate([part[1] for part in parts]),
        area,
        world.areas.weight[area].astype(float),
    )


def _by_place(model: SchoolsModel, there: Absent) -> dict[str, float]:
    """Return absence of pupils with free meals by fifth of areas outside London, and of regions."""
    world = model.world
    region = world.areas.region
    outside = region != REGIONS.index("London")
    fifth = np.where(outside, world.facts.affluence_fifth[world.areas.facts_row], 0)
    where = {f"fifth_{one}": fifth == one for one in FIFTHS}
    for name in ("London", "South East"):
        where[name.lower().replace(" ", "_")] = region == REGIONS.index(name)
    chosen = {name: mine[there.area] & there.fsm for name, mine in where.items()}
    return {
        f"absence_secondary_fsm_{name}": there.mean(there.missed, mine)
        for name, mine in chosen.items()
        if mine.any()
    }
