"""One year's learning of 100,000 pupils: our kernels against Mesa's own `do`, in one process.

Both sides do the same arithmetic for the same children in schools of real sizes: the pupils of a
primary and of a secondary year group. The kernels draw every child's luck with Philox; the agents
take it from Python's own generator. One round without a clock, in which the agents are handed the
luck that the kernels drew, shows that both come to the same attainment.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np

from sim.config import compose
from sim.rng import Key, luck
from sim.world.home import home_terms
from sim.world.pupils import Pupils
from sim.world.schooling import SchoolTerms, Taught
from sim.year import households, learning

__all__ = ["Update", "compare"]

YEAR = 2026
KEY = Key(1, 0)
PUPILS = 100_000
# Year group, share of the pupils of both phases, pupils a school and year group.
BLOCKS = ((3, 7 / 12, 40), (9, 5 / 12, 180))
CALLS = 20
CLOSE = 1e-4
# What home gives alike to all children of a year group.
ALIKE = ("income", "education", "mean", "scale")


@dataclass(frozen=True)
class Update:
    """What was measured; nanoseconds are per pupil and year, medians over rounds.

    Attributes:
        ratio: Mesa's time over ours.
        over_draws: Our time over the time of drawing the luck alone.
        mesa_ns: Mesa's `do` on the pupils.
        kernel_ns: Our update, schools' means included.
        same: Whether both came to the same attainment under the same luck.
    """

    ratio: float
    over_draws: float
    mesa_ns: float
    kernel_ns: float
    same: bool


class Block:
    """A year group on our side: the pupils and what their schools add."""

    def __init__(self, settings: Any, grade: int, rows: int, size: int):
        dice = np.random.default_rng(grade)
        self.values, self.on = settings.beliefs.values, settings.switches
        self.ever6 = int(households.eligibility(protected=True).ever6)
        self.grade, self.schools = grade, rows // size
        self.pupils = Pupils(rows, YEAR - 5 - grade)
        self.pupils.id = np.arange(rows) + (grade << 20)
        self.pupils.school = dice.integers(0, self.schools, rows)
        self.pupils.heritage = dice.integers(0, 11, rows)
        for name in ("income", "parents", "attain", "made"):
            self.pupils.set(name, dice.normal(size=rows))
        self.pupils.registered = dice.choice([0, 1], rows, p=[0.75, 0.25])
        self.pupils.sort(0, self.schools)
        self.terms = SchoolTerms(
            *((0.05 * dice.normal(size=self.schools)).astype(np.float32) for _ in range(4))
        )

    def grow(self) -> None:
        """Let the block learn for a year, as the model does."""
        given = Taught(self.terms, self.terms)
        learning.grow(self.pupils, YEAR, KEY, self.values, self.on, self.ever6, given)

    def draw(self) -> np.ndarray[Any, Any]:
        """Draw the luck alone, by the model's own kernel."""
        out = np.empty(self.pupils.rows, np.float32)
        learning._draw(self.pupils.id, luck(KEY, YEAR), out)
        return out


class School(mesa.Agent):
    """A school as plain Mesa has it."""

    def __init__(self, model: Any, terms: tuple[float, ...], stage: Any, primary: bool):
        super().__init__(model)
        self.lasting, self.further, self.flow, self.flow_dis = terms
        self.stage, self.primary = stage, primary
        self.pupils: list[Pupil] = []
        self.mean = 0.0

    def take_stock(self) -> None:
        """Note the mean attainment of the year group."""
        self.mean = sum(pupil.attain for pupil in self.pupils) / len(self.pupils)


class Pupil(mesa.Agent):
    """A pupil as plain Mesa has it: Python numbers in attributes."""

    def __init__(self, model: Any, school: School, own: tuple[float, ...], poor: bool):
        super().__init__(model)
        self.school, self.poor = school, float(poor)
        self.income, self.parents, self.attain, self.made, self.slope, self.progress = own
        school.pupils.append(self)

    def learn(self) -> None:
        """Learn for a year: the equation of `sim.year.learning`, line by line."""
        school, poor = self.school, self.poor
        stage = school.stage
        y = (self.income - stage.mean) * stage.scale
        home = stage.income * y * self.slope + stage.education * self.parents + self.progress
        push = school.lasting + poor * school.further
        below = max(school.mean - self.attain, 0.0)
        carry = stage.carry + poor * (stage.carry_dis - stage.carry)
        share = stage.share + poor * (stage.share_dis - stage.share)
        noise = stage.noise + poor * (stage.noise_dis - stage.noise)
        extra = school.flow + poor * school.flow_dis
        peers = stage.peers * school.mean
        self.attain = (
            carry * self.attain
            + share * (home + push + peers - stage.setting * poor * below)
            + extra
            + noise * self.random.gauss(0.0, 1.0)
        )
        if school.primary:
            self.made = carry * self.made + share * push + extra


class Drawn:
    """Stands in for a generator and hands out luck that was drawn elsewhere, in order."""

    def __init__(self, luck: list[float]):
        self.luck = iter(luck)

    def gauss(self, mean: float, spread: float) -> float:
        """Return the next draw."""
        return mean + spread * next(self.luck)


def _settle(model: Any, block: Block) -> None:
    """Make agents of a block's schools and pupils, in the block's order."""
    stage = learning.stage(block.values, block.on, block.grade)
    home = home_terms(block.values, block.on, block.grade)
    slope, progress = home.slope, home.progress
    known = stage._asdict() | {name: getattr(home, name) for name in ALIKE}
    plain = SimpleNamespace(**{name: float(number) for name, number in known.items()})
    schools = [
        School(model, terms, plain, block.grade < 7)
        for terms in zip(*(term.tolist() for term in block.terms), strict=True)
    ]
    p = block.pupils
    own = zip(
        *(p.get(name).tolist() for name in ("income", "parents", "attain", "made")),
        slope[p.heritage].tolist(), progress[p.heritage].tolist(), strict=True,
    )  # fmt: skip
    poor = ((p.registered & block.ever6) != 0).tolist()
    for school, numbers, is_poor in zip(p.school.tolist(), own, poor, strict=True):
        Pupil(model, schools[school], numbers, is_poor)


def _same(model: Any, blocks: list[Block]) -> bool:
    """Live one year on both sides under the same luck, and compare."""
    generator = model.random
    model.random = Drawn([float(z) for block in blocks for z in block.draw()])
    model.agents_by_type[School].do("take_stock")
    model.agents_by_type[Pupil].do("learn")
    model.random = generator
    for block in blocks:
        block.grow()
    agents = model.agents_by_type[Pupil]
    ours = [np.concatenate([b.pupils.get(name) for b in blocks]) for name in ("attain", "made")]
    theirs = [np.array(agents.get(name)) for name in ("attain", "made")]
    return all(float(np.abs(a - b).max()) < CLOSE for a, b in zip(ours, theirs, strict=True))


def _seconds(action: Callable[[], object], calls: int) -> float:
    """Median seconds of a call, on this thread."""
    spent = []
    for _ in range(calls):
        start = time.thread_time()
        action()
        spent.append(time.thread_time() - start)
    return statistics.median(spent)


def compare(rounds: int) -> Update:
    """Time both sides in turn, on one thread.

    Args:
        rounds: How many times; medians are over rounds, ratios are taken within one.
    """
    settings = compose("baseline", ["world=tiny"])
    blocks = [Block(settings, grade, round(PUPILS * part), size) for grade, part, size in BLOCKS]
    model = mesa.Model(seed=1)
    for block in blocks:
        _settle(model, block)
    same = _same(model, blocks)
    pupils, schools = model.agents_by_type[Pupil], model.agents_by_type[School]

    def grow() -> None:
        for block in blocks:
            block.grow()

    def draw() -> None:
        for block in blocks:
            block.draw()

    found = []
    gc.disable()  # as a run of the model does
    for _ in range(rounds):
        # Both sides find the means of schools; Mesa's time is that of the pupils alone.
        schools.do("take_stock")
        theirs = _seconds(lambda: pupils.do("learn"), 1)
        ours, draws = _seconds(grow, CALLS), _seconds(draw, CALLS)
        found.append((theirs / ours, ours / draws, theirs, ours))
    gc.enable()
    ratio, over, theirs, ours = (statistics.median(column) for column in zip(*found, strict=True))
    return Update(ratio, over, theirs / PUPILS * 1e9, ours / PUPILS * 1e9, same)
