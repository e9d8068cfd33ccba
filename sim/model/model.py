"""The model: schools and areas as agents, children as columns, and the order of the year."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

import mesa

from sim.config.models import Settings
from sim.crew import Crew
from sim.data import facts
from sim.model import (
    admissions,
    allocation,
    assessment,
    census,
    checks,
    drift,
    first_year,
    higher,
    history,
    learning,
    plans,
    post16,
    progression,
    record,
    results,
    teachers,
    turn,
    work,
)
from sim.model.agents import Area, Employer, School, University
from sim.nation import YEAR_ZERO, After, Agents, Memory, Nation, Terms, Workplace
from sim.nation.after import found
from sim.record.recorder import Recorder
from sim.rng import Key
from sim.world import World, build
from sim.world.build import birth_table

__all__ = ["ORDER", "Past", "Process", "SchoolsModel", "name_of"]

Process = Callable[[Nation, int], None]

ORDER: tuple[Process, ...] = (
    allocation.pay_schools,
    plans.make_plans,
    teachers.staff_schools,
    drift.move_on,
    admissions.admit,
    census.count_rolls,
    learning.teach,
    assessment.mark,
    post16.choose_routes,
    higher.go_to_university,
    work.find_work,
    progression.progress,
    checks.check,
    results.publish_results,
    record.write_down,
    results.learn_from_results,
)
"""The school year, in the order in which it happens. Then the year turns (`sim.model.turn`)."""


def name_of(process: Process) -> str:
    """Return the file and name of a process, as the map of the code has them.

    >>> name_of(learning.teach)
    'learning.teach'
    """
    return f"{process.__module__.rpartition('.')[2]}.{process.__name__}"


@dataclass
class Past:
    """A baseline lived up to year 0, from which scenarios branch."""

    world: World
    memory: Memory
    recorder: Recorder
    after: After
    year: int

    def copy(self) -> Past:
        """Return a past of its own: one copy of arrays."""
        parts = (self.world.copy(), self.memory.copy(), self.recorder.copy(), self.after.copy())
        return Past(*parts, self.year)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep Python from searching for circular garbage while a world is built and years are lived.

    They make none, but agents and the lists that schools plan with set the search off, and each
    search passes over every object there is: a fifth of the time of a run.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class SchoolsModel(mesa.Model):
    """Schools of a world under one policy, year after year."""

    def __init__(self, settings: Settings, past: Past | None = None):
        """Build the world, or go on from a past that was lived before.

        Args:
            settings: Frozen settings (`sim.config.Settings`).
            past: A copy of a past to branch from; it is consumed.
        """
        super().__init__(rng=settings.seed)
        self.settings = settings
        self.watch: Callable[[SchoolsModel], None] | None = None
        self.seconds: dict[str, list[float]] = {}  # of each process, year by year
        crew = Crew(settings.machine.threads)
        with _collector_at_rest():
            self.nation = _met(settings, crew) if past is None else _nation(settings, past, crew)
            self.nation.agents = self._deciders()
            if past is None:
                first_year.live_up_to(self.nation)

    def _deciders(self) -> Agents:
        """Make an agent of every row that decides."""
        world, after = self.nation.world, self.nation.after
        tables = world.areas, world.schools, after.universities, after.employers
        kinds = Area, School, University, Employer
        for kind, table in zip(kinds, tables, strict=True):
            for row in range(len(table)):
                kind(self, row)
        return Agents(*(self.agents_by_type[kind] for kind in kinds))

    @property
    def world(self) -> World:
        """Places, schools and cohorts of children."""
        return self.nation.world

    @property
    def after(self) -> After:
        """People, universities and employers after sixteen."""
        return self.nation.after

    @property
    def terms(self) -> Terms:
        """Beliefs, switches, luck and eligibility."""
        return self.nation.terms

    @property
    def memory(self) -> Memory:
        """What one year says to the next."""
        return self.nation.memory

    @property
    def recorder(self) -> Recorder:
        """What was written down."""
        return self.nation.recorder

    @property
    def year(self) -> int:
        """The school year, named by the calendar year in which it ends."""
        return self.nation.year

    @property
    def policy_year(self) -> int:
        """The year counted from the start of policy; 0 and less lie in the past."""
        return self.nation.policy_year

    def step(self) -> None:
        """Live one school year, in the order in which it happens."""
        year = self.year
        for process in ORDER:
            self._live(process, year)
        if self.watch is not None:
            self.watch(self)
        self._live(turn.turn_year, year)

    def _live(self, process: Process, year: int) -> None:
        """Let a process of the year happen, and note the seconds it took."""
        started = perf_counter()
        process(self.nation, year)
        self.seconds.setdefault(name_of(process), []).append(perf_counter() - started)

    def run(self) -> None:
        """Live all years: the past, then policy."""
        with _collector_at_rest():
            while self.policy_year <= self.settings.years:
                self.step()

    def live_past(self) -> Past:
        """Live up to the end of year 0, hand the past over for branching, and close."""
        with _collector_at_rest():
            while self.policy_year < 1:
                self.step()
        nation = self.nation
        past = Past(nation.world, nation.memory, nation.recorder, nation.after, nation.year)
        self.close()
        return past

    def close(self) -> None:
        """Let go of everything, so that memory is freed (Mesa 3.3 keeps models alive otherwise)."""
        self.nation.crew.close()
        self.remove_all_agents()
        del self.nation
        getattr(mesa.Agent, "_ids", {}).pop(self, None)


def _met(settings: Settings, crew: Crew) -> Nation:
    """Return a nation that is met in mid-school, in the first year of its past."""
    key, year = Key(settings.seed, settings.luck), YEAR_ZERO - settings.past
    world = build(settings, facts.areas(), facts.national(), key, year)
    terms = Terms.of(settings, world)
    history.begin(world, terms, crew)
    met = Past(world, Memory(), Recorder(settings), found(world, terms, key), year)
    return _nation(settings, met, crew, terms)


def _nation(settings: Settings, past: Past, crew: Crew, terms: Terms | None = None) -> Nation:
    """Return a nation that goes on from a past, under settings of its own."""
    past.recorder.settings = settings
    terms = terms or Terms.of(settings, past.world)
    return Nation(
        settings=settings,
        terms=terms,
        world=past.world,
        after=past.after,
        memory=past.memory,
        work=Workplace.of(past.world, terms),
        births=birth_table(facts.national()),
        crew=crew,
        recorder=past.recorder,
        year=past.year,
    )
