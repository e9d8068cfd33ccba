"""A formula tried on the census of year 0: whose money moves, and what it could do, in no time.

One past is lived; then any number of formulae share out the first policy year of the same schools.
Nobody moves, no census follows and no result is marked: what a static trial says is pounds, and
what the model's own beliefs expect of them, not what becomes of children.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.config.models import Policy, Settings
from sim.errors import BadRequest
from sim.funding.census import Census
from sim.funding.grants import FundingMemory, Grants, When
from sim.model import SchoolsModel, plans
from sim.model import allocation as funding
from sim.nation import Nation
from sim.record.tally import need_adjusted
from sim.study.warmup import warm_up
from sim.tabulate.winners import LEAST
from sim.year.allocation import allocate

__all__ = ["AIMS", "Aim", "Outcome", "Still", "refuse_aims", "still"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Aim:
    """What a formula can be designed for: in words, its unit, and 1 if more is better, else -1."""

    title: str
    unit: str
    way: int
    digits: int
    fifth: int = 0

    @property
    def of_learning(self) -> bool:
        """Whether it is what money is expected to do, not the money itself."""
        return self.unit == _RESULT


_RESULT = "SD a year, less the baseline"
_MONEY = "GBP a pupil a year"
AIMS = {
    "gap": Aim(
        "need-adjusted money at the schools of disadvantaged pupils, less those of others",
        "GBP a year a need-weighted pupil",
        1,
        1,
    ),
    "money_1": Aim(
        "money at disadvantaged pupils' schools, most affluent fifth of areas", _MONEY, 1, 1, 1
    ),
    "money_5": Aim(
        "money at disadvantaged pupils' schools, least affluent fifth of areas", _MONEY, 1, 1, 5
    ),
    "learning_1": Aim(
        "learning expected of disadvantaged pupils, most affluent fifth of areas", _RESULT, 1, 5, 1
    ),
    "learning_5": Aim(
        "learning expected of disadvantaged pupils, least affluent fifth of areas", _RESULT, 1, 5, 5
    ),
    "losers": Aim(
        "pupils in schools that lose GBP 1 a pupil or more against the baseline",
        "share of pupils",
        -1,
        4,
    ),
}
"""What can be asked for, in the order of tables."""


@dataclass(frozen=True)
class Outcome:
    """What a formula does on the census: a figure for each aim, and by pot what it solved for."""

    figures: dict[str, float]
    solved: dict[int, float]


@dataclass
class Still:
    """A year in which formulae are tried, one after another, on the same schools."""

    nation: Nation
    census: Census
    memory: FundingMemory
    when: When
    before: Grants
    learnt: Floats

    def tried(self, policy: Policy) -> Outcome:
        """Share out the year by a policy's funding, and read what it does.

        Raises:
            BadRequest: The policy cannot be paid.
        """
        grants = allocate(self.census, policy, self.memory.copy(), self.when)
        learnt = _for_disadvantaged(self.nation, grants) - self.learnt
        schools, world = self.nation.world.schools, self.nation.world
        pounds, _, needed = need_adjusted(schools, self.nation.terms.values.money.need_weight)
        weight = world.weight_of(schools).astype(float)
        poor, others = weight * schools.ever6, weight * (schools.paid_pupils - schools.ever6)
        fifth = world.areas.fifth[schools.area]
        figures = {}
        for name, aim in AIMS.items():
            if name == "gap":
                figures[name] = _mean(needed, poor) - _mean(needed, others)
            elif name == "losers":
                figures[name] = _mean(self._loses(grants), weight * schools.paid_pupils)
            else:
                here = np.where(fifth == aim.fifth, poor, 0.0)
                figures[name] = _mean(learnt if aim.of_learning else pounds, here)
        return Outcome(figures, dict(grants.solved))

    def _loses(self, grants: Grants) -> Floats:
        """Return 1 for every school that is paid at least a pound a pupil less than before."""
        less = (self.before.total - grants.total) / np.maximum(self.census.pupils, 1)
        return np.asarray(less >= LEAST, float)


@contextmanager
def still(settings: Settings) -> Iterator[Still]:
    """Live the past of a world, plan its first policy year under the baseline, and stop there.

    Args:
        settings: Of the world, with the beliefs and the luck of one cell; what policy they name
            does not matter.
    """
    warm_up()
    base = settings.model_copy(update={"policy": Policy()})
    model = SchoolsModel(base, SchoolsModel(base).live_past())
    try:
        nation = model.nation
        census, memory = funding.census(nation), nation.memory.funding.copy()
        funding.pay_schools(nation, model.year)
        plans.make_plans(nation, model.year)
        before, when = nation.made.grants, funding.when(nation)
        assert before is not None, "schools were paid"
        learnt = _for_disadvantaged(nation, before)
        yield Still(nation, census, memory, when, before, learnt)
    finally:
        model.close()


def refuse_aims(there: Still, aims: tuple[str, ...]) -> None:
    """Refuse aims that nothing in this world can tell of.

    Raises:
        BadRequest: No area of the fifth, or money is switched off.
    """
    on = there.nation.terms.on
    fifths = set(there.nation.world.areas.fifth.tolist())
    for name in aims:
        if AIMS[name].fifth and AIMS[name].fifth not in fifths:
            raise BadRequest(
                f"--aim {name}: no area of this world lies in affluence fifth "
                f"{AIMS[name].fifth}. Choose another world (tenth or england) or another aim."
            )
        if AIMS[name].of_learning and not on.money:
            raise BadRequest(
                f"--aim {name}: money does nothing for learning with switches.money=false. Leave "
                f"the switch on, or choose another aim."
            )


def _for_disadvantaged(nation: Nation, grants: Grants) -> Floats:
    """Return what grants add to a disadvantaged pupil's learning at each school, SD a year."""
    everyone, further = plans.expected(nation, grants)
    return everyone + further


def _mean(values: Floats, weight: Floats) -> float:
    whole = float(weight.sum())
    return float(values @ weight) / whole if whole else float("nan")
