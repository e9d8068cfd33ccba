"""The nation: schools, children, adults, memory and the terms they live under."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.config.models import Policy, Settings
from sim.crew import Crew
from sim.nation.after import After, Workplace
from sim.nation.made import Made
from sim.nation.memory import Memory
from sim.nation.terms import Terms
from sim.world.tables import World

if TYPE_CHECKING:
    from mesa import AgentSet

    from sim.record.recorder import Recorder

__all__ = ["YEAR_ZERO", "Agents", "Nation"]

YEAR_ZERO = 2024
"""The school year that ends in 2024: the census behind the formula of 2024-25."""


class Agents(NamedTuple):
    """The agents of the model by kind, each a set that decides one by one."""

    areas: AgentSet[Any]
    schools: AgentSet[Any]
    universities: AgentSet[Any]
    employers: AgentSet[Any]


@dataclass
class Nation:
    """Everything that the processes of the year read and write.

    Attributes:
        settings: Frozen settings of the run.
        terms: Beliefs, switches, luck, eligibility: nothing in it changes.
        world: Places, schools, and cohorts of children.
        after: People, universities and employers after sixteen.
        memory: What one year says to the next.
        work: Jobs and pay of regions: nothing in it changes.
        births: Births by year.
        crew: Threads that processes share.
        recorder: Where a year is written down; nothing is read from it.
        year: School year, named by the calendar year in which it ends.
        agents: Schools, areas, universities and employers that decide.
        made: What this year has made so far.
    """

    settings: Settings
    terms: Terms
    world: World
    after: After
    memory: Memory
    work: Workplace
    births: dict[int, float]
    crew: Crew
    recorder: Recorder
    year: int
    agents: Agents = field(init=False)
    made: Made = field(default_factory=Made)

    @property
    def policy_year(self) -> int:
        """The year counted from the start of policy; 0 and less lie in the past."""
        return int(self.year - YEAR_ZERO)

    @property
    def policy(self) -> Policy:
        """The policy in force: before year 1 the world as it is."""
        return self.settings.policy if self.policy_year > 0 else Policy()
