"""The model: schools and areas as agents, children as columns, and the order of the year."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import mesa
import numpy as np
from numpy.typing import NDArray

from sim import after, after_work, flagged, history, invariants, steps
from sim import facts as figures
from sim.after_work import Workplace
from sim.codes import (
    FIRST_SECONDARY,
    HABIT_VIEW,
    LAST_ADULT_GRADE,
    LAST_GRADE,
    PRIMARY,
    SCHOOL_EFFECT_MONEY_USE,
    SECONDARY,
    STARTING_AGE,
)
from sim.config.models import Policy, Settings
from sim.crew import Crew
from sim.institutions import Area, Employer, School, University
from sim.memory import Memory
from sim.recorder import Recorder, YearResults
from sim.rng import Key, Purpose, normals, words
from sim.rules.census import Census, GapHistory, GapSums
from sim.rules.grants import FundingMemory, Grants, When
from sim.world import World, build
from sim.world.build import birth_table
from sim.world.people import born, cohort_index
from sim.year import allocation, plans, teachers

__all__ = ["YEAR_ZERO", "Past", "SchoolsModel"]

YEAR_ZERO = 2024
"""The school year that ends in 2024: the census behind the formula of 2024-25."""


@dataclass
class Past:
    """A baseline lived up to year 0, from which scenarios branch."""

    world: World
    memory: Memory
    recorder: Recorder
    after: after.After
    leavers: history.Leavers
    year: int

    def copy(self) -> Past:
        """Return a past of its own: one copy of arrays."""
        return Past(
            self.world.copy(), self.memory.copy(), self.recorder.copy(), self.after.copy(),
            self.leavers, self.year,
        )  # fmt: skip


@dataclass
class Choices:
    """What schools choose between this year, as lists that agents read fast."""

    margin: list[int]
    least: list[list[int]]
    full: list[list[int]]
    order: list[list[int]]


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep Python from searching for circular garbage while years are lived.

    A year makes none, but the lists that schools plan with set the search off, and each search
    passes over every object there is: a fifth of the time of a run.
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
        self.key = Key(settings.seed, settings.luck)
        self.births = birth_table(figures.national())
        self.crew = Crew(settings.machine.threads)
        self.watch: Callable[[SchoolsModel], None] | None = None
        self.year = YEAR_ZERO - settings.past
        if past is None:
            self.world = build(settings, figures.areas(), figures.national(), self.key, self.year)
            self.fixed = steps.Setting.of(settings, self.world)
            self.memory = Memory()
            self.recorder = Recorder(settings)
            history.begin(self.world, self.fixed, self.crew)
            self.after = after.found(self.world, self.fixed.values, self.key)
        else:
            self.world, self.memory, self.recorder = past.world, past.memory, past.recorder
            self.after, self.leavers = past.after, past.leavers
            self.recorder.settings = settings
            self.fixed = steps.Setting.of(settings, self.world)
            self.year = past.year
        self.areas = [Area(self, row) for row in range(len(self.world.areas))]
        self.schools = [School(self, row) for row in range(len(self.world.schools))]
        self.universities, self.employers = self.after.universities, self.after.employers
        self.unis = [University(self, row) for row in range(len(self.universities))]
        self.firms = [Employer(self, row) for row in range(len(self.employers))]
        self.work = Workplace.of(self.world, self.fixed)
        if past is None:
            self._first_views()
            self._first_money()
            self._older_people()
            self.turn_year()

    @property
    def policy_year(self) -> int:
        """The year counted from the start of policy; 0 and less lie in the past."""
        return int(self.year - YEAR_ZERO)

    def step(self) -> None:
        """Live one school year, in the order in which it happens."""
        world, fixed, year = self.world, self.fixed, self.year
        census = self.census()
        grants = allocation.allocate(census, self.policy(), self.memory.funding, self.when())
        self.pay(grants)
        self.make_plans()
        teachers.staff(world.schools, world.areas, year, self.key, fixed.values, fixed.on)
        self.admit()
        groups = steps.census_of(world, year, fixed, self.crew)
        steps.grow(world, year, fixed, self.crew)
        marks_at_16 = steps.assess(world, year, fixed, self.crew)
        after.choose_routes(world, self.after, year, fixed, self.policy(), self.crew)
        self.go_to_university()
        self.find_work()
        after_work.progress(world, self.after, self.work, year, fixed, self.crew)
        if self.settings.invariants:
            invariants.check_year(world, grants, census, year)
            invariants.check_adults(world, self.after, year)
        results = self.recorder.record(self, grants, groups, marks_at_16)
        self.learn_from(results)
        self.leavers = history.Leavers(marks_at_16, groups[self.year - STARTING_AGE - LAST_GRADE])
        self.last_results = results
        if self.watch is not None:
            self.watch(self)
        self.turn_year()

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
        past = Past(self.world, self.memory, self.recorder, self.after, self.leavers, self.year)
        self.close()
        return past

    # -- what the year asks of the model -----------------------------------------------------

    def policy(self) -> Policy:
        """Return the policy in force: before year 1 the world as it is."""
        return self.settings.policy if self.policy_year > 0 else Policy()

    def when(self) -> When:
        """Return the policy year, and whether it is the first year of all."""
        return When(self.policy_year, self.policy_year == 1 - self.settings.past)

    def census(self) -> Census:
        """Return last year's census as funding rules see it."""
        # A copy: the table is counted again before the year ends.
        world, s = self.world, self.world.schools.copy()
        level, progress = (
            GapSums(*np.moveaxis(s.get(name).reshape(-1, 6, 3), 1, 0))
            for name in ("gap_level", "gap_progress")
        )
        census = Census(
            school=s.id.astype(np.int64), area=s.area.astype(np.int64),
            phase=s.phase.astype(np.int64), multiplicity=world.areas.weight[s.area],
            pupils=s.pupils, ks3=s.ks3, ks4=s.ks4, fsm=s.fsm, ever6=s.ever6, idaci=s.idaci,
            low_prior=s.low_prior, eal3=10 * s.eal3, mobile=10 * s.mobile, area_cost=s.area_cost,
            miles=s.miles, open=s.pupils > 0, opportunity_area=s.opportunity,
            education_investment_area=s.listed, parts=10,
            gaps=GapHistory(level, progress, self.fixed.values.plans.gap_flicker),
            area_codes=tuple(world.facts.code[world.areas.facts_row]),
        )  # fmt: skip
        if self.fixed.on.allocation:
            return census
        # Switched off: schools are paid for heads, and nothing is known of needs.
        nobody = np.zeros_like(census.pupils)
        return replace(
            census, fsm=nobody, ever6=nobody, idaci=np.zeros_like(census.idaci),
            low_prior=nobody, eal3=nobody, mobile=nobody,
        )  # fmt: skip

    def pay(self, grants: Grants) -> None:
        """Write this year's money into the schools' table."""
        schools = self.world.schools
        schools.budget, schools.premium = grants.total, grants.premium
        schools.targeted = grants.targeted
        schools.sparsity = grants.lines.get("sparsity", 0)
        schools.paid_pupils = schools.pupils
        self.memory.grants = grants

    def make_plans(self) -> None:
        """Let every school plan with its margin, then work out what the money will do."""
        world, fixed = self.world, self.fixed
        schools, values, on = world.schools, fixed.values, fixed.on
        schools.margin = schools.budget - plans.standard_cost(schools, values.plans)
        plans.trust(schools, self.around, values.plans, on)
        dear, least, full = plans.offers(schools, values.plans, on)
        order = np.argsort(-schools.belief, axis=1, kind="stable")
        self.choices = Choices(
            schools.margin.tolist(), least.tolist(), full.tolist(), order.tolist()
        )
        if on.plans:
            schools.spend = self.agents_by_type[School].map("plan")
        if self.policy_year <= 0:
            weight = world.areas.weight[schools.area]
            self.memory.portfolio = plans.portfolio(schools, dear, weight, values)
        flows = plans.money_flows(schools, dear, self.memory.portfolio, self.money_use, values, on)
        plans.feel(schools, flows, round(values.money.lag))

    def admit(self) -> None:
        """Offer places, admit Reception and Year 7, let children move in the other year groups."""
        entering = [self.world.cohorts[self.year - STARTING_AGE - g] for g in (0, FIRST_SECONDARY)]
        self.applicants = [
            np.bincount(
                self.world.small.area[p.small[p.on_roll(p.grade(self.year))]],
                minlength=len(self.world.areas),
            )
            for p in entering
        ]
        self.agents_by_type[Area].do("offer_places")
        steps.enter_all(self.world, entering, self.year, self.fixed, self.crew)
        history.endow(self.world, entering[0], self.fixed)
        steps.move(self.world, self.year, self.fixed, self.crew)

    def go_to_university(self) -> None:
        """Let a cohort enter, others graduate; universities set places and support students."""
        universities = self.agents_by_type[University]
        universities.do("back_students", self.policy().higher.student_success)
        after.enter_higher(self.world, self.after, self.year, self.fixed, self.crew)
        entrants = np.bincount(self.universities.high, self.universities.entrants, minlength=2)
        for university in universities:
            university.offer(float(entrants[int(university.high)]))

    def find_work(self) -> None:
        """Let employers take up practices, open posts and fill them."""
        policy, values = self.policy(), self.fixed.values
        self.agents_by_type[Employer].do("adopt", policy, values.recruitment.adoption_pace)
        groups = policy.hiring.groups
        after_work.recruit(self.after, self.work, self.year, self.fixed, groups, self.crew)
        if self.policy_year == 0:
            self.employers.remember()

    def learn_from(self, results: YearResults) -> None:
        """Remember what this year's results said: reputations, gaps, and tables up to year 0."""
        choice = self.fixed.values.admissions
        from sim.year.admissions import update_reputation

        if self.fixed.on.reputation:
            schools = self.world.schools
            scale = np.asarray(choice.reputation_scale)[schools.phase]
            update_reputation(schools, results.progress_mean, results.sat, scale, choice.inertia)
        for name, sums in (("gap_level", results.level), ("gap_progress", results.progress)):
            ring = self.world.schools.get(name).reshape(-1, 6, 3)
            ring[:, :, :-1] = ring[:, :, 1:]
            ring[:, :, -1] = sums
        if self.policy_year <= 0:
            self.memory.expected = results.expected

    def turn_year(self) -> None:
        """Let the oldest leave, the next Reception be born, and every household have its year."""
        self.year += 1
        oldest = self.world.cohorts.pop(self.year - STARTING_AGE - LAST_GRADE - 1)
        grown = after.leave_school(
            self.world, self.after, oldest, self.leavers.score, self.leavers.group, self.fixed
        )
        if self.settings.invariants:
            invariants.check_leavers(self.world, oldest, grown, self.year)
        self.after.adults.pop(self.year - STARTING_AGE - LAST_ADULT_GRADE - 1, None)
        birth_year = self.year - STARTING_AGE
        index = cohort_index(birth_year, self.births, falling=self.settings.falling_rolls)
        pupils = born(self.world, birth_year, index, self.fixed.values)
        history.admit_newborn(self.world, pupils, self.fixed)
        steps.register(self.world, self.year, self.fixed, self.crew)
        if self.policy_year == 1:
            self.memory.flagged = flagged.first_flags(self.census())

    def close(self) -> None:
        """Let go of everything, so that memory is freed (Mesa 3.3 keeps models alive otherwise)."""
        self.crew.close()
        self.remove_all_agents()
        self.areas, self.schools, self.unis, self.firms = [], [], [], []
        for name in (
            "world", "memory", "recorder", "choices", "fixed", "after", "universities",
            "employers", "work", "leavers",
        ):  # fmt: skip
            self.__dict__.pop(name, None)
        getattr(mesa.Agent, "_ids", {}).pop(self, None)

    # -- constants of the run ------------------------------------------------------------------

    def _older_people(self) -> None:
        """Let the leavers of earlier years live up to now: the same functions, other luck."""
        now = self.year
        pupils = self.world.cohorts[now - STARTING_AGE - LAST_GRADE]
        youngest = after.leave_school(
            self.world, self.after, pupils, self.leavers.score, self.leavers.group, self.fixed
        )
        cohorts = LAST_ADULT_GRADE - LAST_GRADE
        after.older_leavers(self.after, youngest, cohorts)
        self.after.employers.contextual = Policy().hiring.contextual_adoption
        for self.year in range(now - cohorts + 1, now + 1):
            lived = self.world, self.after, self.year, self.fixed
            after.choose_routes(*lived, Policy(), self.crew)
            self.go_to_university()
            self.find_work()
            after_work.progress(self.world, self.after, self.work, self.year, self.fixed, self.crew)
        self.after.adults.pop(youngest.birth_year)

    def _first_views(self) -> None:
        """Give every school its own view of programmes."""
        schools, values = self.world.schools, self.fixed.values
        luck = np.stack(
            [
                normals(words(self.key, schools.id, Purpose.HABIT, slot=slot)[HABIT_VIEW])
                for slot in range(len(plans.PROGRAMMES))
            ],
            axis=1,
        )
        schools.habit = plans.first_views(luck, values.plans, self.fixed.on)
        schools.belief = schools.habit

    def _first_money(self) -> None:
        """Let the past before the first year have had the money that its census brings."""
        when = When(self.policy_year, first_past=True)
        self.pay(allocation.allocate(self.census(), self.policy(), FundingMemory(), when))
        self.make_plans()
        for name in ("flow_all", "flow_dis"):
            ring = self.world.schools.get(name)
            ring[...] = ring[:, -1:]
        self.leavers = history.live_again(self.world, self.fixed, self.crew)

    @property
    def around(self) -> NDArray[np.int32]:
        """Rows of the schools near each school, itself first; -1 where there are fewer."""
        schools, near = self.world.schools, self.world.near
        five = [near[phase].school[schools.small, :5] for phase in (PRIMARY, SECONDARY)]
        return np.where((schools.phase == PRIMARY)[:, None], five[PRIMARY], five[SECONDARY])

    @property
    def money_use(self) -> NDArray[np.float32]:
        """How well each school uses money, mean 1; lasting luck of the school."""
        schools = self.world.schools
        if not self.fixed.on.money:
            return np.ones(len(schools), np.float32)
        luck = normals(words(self.key, schools.id, Purpose.SCHOOL_EFFECT)[SCHOOL_EFFECT_MONEY_USE])
        spread = np.sqrt(np.log(1 + self.fixed.values.money.use_sd**2))
        return np.asarray(np.exp(spread * luck - spread * spread / 2), np.float32)
