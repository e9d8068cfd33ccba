"""Everybody and everything after sixteen, and the jobs of regions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Float32s
from sim.codes import FIRST_ADULT_GRADE, LAST_ADULT_GRADE
from sim.config.values import Values
from sim.data.careers import careers, distances, pay_at_level, per_leaver
from sim.nation.terms import Terms
from sim.rng import Key
from sim.world import labour, offers, universities
from sim.world.adults import Adults
from sim.world.employers import Employers
from sim.world.tables import World
from sim.world.universities import Universities
from sim.year import recruitment

__all__ = ["After", "Workplace", "by_grade", "found"]


@dataclass
class After:
    """Everybody and everything after sixteen; what changes is copied for a branch.

    Attributes:
        adults: Cohorts by birth year.
        offers: What can be reached after sixteen, and older neighbours.
        universities: Table of universities.
        employers: Table of employers.
        distances: (areas, universities) kilometres from where children of an area live.
        fifth: Deprivation fifth of each small area, 1 the most deprived.
        professional: Share of workers in professional jobs around each area.
    """

    adults: dict[int, Adults]
    offers: offers.Offers
    universities: Universities
    employers: Employers
    distances: NDArray[np.float64]
    fifth: NDArray[np.int8]
    professional: NDArray[np.float64]

    def copy(self) -> After:
        """Return a branch of its own."""
        return replace(
            self,
            adults={year: block.copy() for year, block in self.adults.items()},
            offers=self.offers.copy(),
            universities=self.universities.copy(),
            employers=self.employers.copy(),
        )


def found(world: World, values: Values, key: Key) -> After:
    """Lay out sixth forms, colleges, universities and employers of a world."""
    rows = world.areas.facts_row
    places = universities.found(values.higher, key)
    return After(
        adults={},
        offers=offers.lay_out(world, values.offers),
        universities=places,
        employers=Employers(),
        distances=universities.kilometres(world, places),
        fifth=_fifths(world),
        professional=np.asarray(world.facts.professional_share[rows], float),
    )


def _fifths(world: World) -> NDArray[np.int8]:
    """Return the fifth of each small area by the share of its children registered for FSM."""
    small = world.small
    order = np.lexsort((small.id, -small.fsm_share))
    weight = world.areas.weight[small.area[order]].astype(float)
    place = (np.cumsum(weight) - weight / 2) / weight.sum()
    fifth = np.empty(len(small), np.int8)
    fifth[order] = np.minimum(5 * place, 4).astype(np.int8) + 1
    return fifth


def by_grade(after: After, year: int) -> dict[int, Adults]:
    """Return the cohorts by year group (12 after Year 11), those up to thirty."""
    found = {block.grade(year): block for block in after.adults.values()}
    return {g: b for g, b in sorted(found.items()) if FIRST_ADULT_GRADE <= g <= LAST_ADULT_GRADE}


@dataclass(frozen=True)
class Workplace:
    """What work needs of places; nothing in it changes.

    Attributes:
        places: Weights and regions of areas.
        demand: Posts for people, and distances between regions.
        log_pay: (9,) log of a region's pay over the English mean, at equal jobs if so switched.
        slack: (areas,) how much harder than elsewhere work is to find.
    """

    places: recruitment.Places
    demand: recruitment.Demand
    log_pay: NDArray[np.float64]
    slack: Float32s

    @classmethod
    def of(cls, world: World, terms: Terms) -> Workplace:
        """Read published figures on jobs and the weights and regions of areas."""
        table = careers()
        demand = recruitment.Demand(
            per_leaver(table, terms.values.recruitment.raised_abroad),
            table.by_age,
            distances(table),
        )
        places = recruitment.Places(world.areas.weight, world.areas.region.astype(np.int8))
        log_pay = table.log_pay
        if terms.on.pay_by_level:
            log_pay = pay_at_level(table, terms.values.progression.level_gap)
        return cls(places, demand, log_pay, labour.slack(world, terms.values.spells.place))
