"""Everybody and everything after sixteen, and the jobs of regions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Float32s
from sim.codes import FIRST_ADULT_GRADE, LAST_ADULT_GRADE
from sim.config.values import RecruitmentBeliefs
from sim.data.careers import apart, careers, distances, pay_at_level, per_leaver
from sim.data.labour_markets import labour_markets, posts_per_person
from sim.markets.jobs import Demand, Layout, Places
from sim.nation.terms import Terms
from sim.rng import Key
from sim.world import labour, offers, universities
from sim.world.adults import Adults
from sim.world.employers import Employers
from sim.world.tables import World
from sim.world.universities import Universities

__all__ = ["After", "Workplace", "by_grade", "found"]

TENS_OF_KM = 10
"""Tens of kilometres in the hundred in which distances are."""


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


def found(world: World, terms: Terms, key: Key) -> After:
    """Lay out sixth forms, colleges, universities and employers of a world."""
    rows, values = world.areas.facts_row, terms.values
    local = terms.on.local_labour_markets
    places = universities.found(values.higher, key)
    return After(
        adults={},
        offers=offers.lay_out(world, values.offers),
        universities=places,
        employers=Employers(labour_markets().region) if local else Employers(),
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
        places: Weights and labour markets of areas.
        demand: Posts for people, and distances between labour markets.
        log_pay: (9,) log of a region's pay over the English mean, at equal jobs if so switched.
        slack: (areas,) how much harder than elsewhere work is to find.
    """

    places: Places
    demand: Demand
    log_pay: NDArray[np.float64]
    slack: Float32s

    @classmethod
    def of(cls, world: World, terms: Terms) -> Workplace:
        """Read published figures on jobs and the weights and regions of areas."""
        table = careers()
        posts = per_leaver(table, terms.values.recruitment.raised_abroad)
        demand = Demand(posts, table.by_age, distances(table))
        places = Places(world.areas.weight, world.areas.region.astype(np.int8))
        if terms.on.local_labour_markets:
            places, demand = _local(world, demand, terms.values.recruitment)
        log_pay = table.log_pay
        if terms.on.pay_by_level:
            log_pay = pay_at_level(table, terms.values.progression.level_gap)
        return cls(places, demand, log_pay, labour.slack(world, terms.values.spells.place))


def _local(world: World, regional: Demand, beliefs: RecruitmentBeliefs) -> tuple[Places, Demand]:
    """Return homes and posts by ITL2 region; all posts of a region are as many as they were."""
    table, areas = labour_markets(), world.areas
    market = table.rows_of(world.facts.labour_market[areas.facts_row])
    pupils = areas.weight * world.facts.pupils_home_secondary[areas.facts_row]
    raised = np.bincount(market, pupils, len(table.code)).astype(np.float64)
    posts = posts_per_person(table, regional.per_leaver, raised)
    distance = apart(table.centre)
    daily = np.asarray(TENS_OF_KM * beliefs.commute * distance, np.float32)
    parts = np.sqrt((1 - beliefs.market_taste, beliefs.market_taste))
    layout = Layout(table.region, daily, *parts.tolist())
    places = Places(areas.weight, market.astype(np.int8))
    return places, Demand(posts, regional.by_age, distance, layout)
