"""The search for rates: points spread over all ranges, then a local search for each aim and mix.

Trials are counted, keyed by a seed, and all kept. The local search is Nelder and Mead's simplex,
which asks for no slopes: money has steps where floors and minimum levels begin to bind. Between two
aims, the mixes are those of Tchebycheff, which also find fronts that bend inwards.

References:
    Nelder and Mead (1965), *A simplex method for function minimization*; Steuer and Choo (1983),
    *An interactive weighted Tchebycheff procedure for multiple objective programming*.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.codes import PENCE
from sim.errors import BadRequest
from sim.study.sampling import sample
from sim.study.tried import Outcome

__all__ = ["Found", "Space", "Trial", "search"]

_SPREAD = 3  # a third of all trials are spread over the ranges
_MIXES = ((1.0, 0.0), (0.0, 1.0), (0.5, 0.5), (0.75, 0.25), (0.25, 0.75))
_ALSO = 0.02  # weight of the sum beside the worst, so that no aim is given away for nothing
_NO_FIT = 1e6  # badness of rates that cannot be paid
_NEAR, _FIRST_STEP = 1e-3, 0.12  # shares of a range: where a search ends, and how it begins
_ROUNDS = 4

Point = tuple[int, ...]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Trial:
    """One set of rates in pence, and what it does; no outcome: it cannot be paid, and why."""

    number: int
    pence: Point
    outcome: Outcome | None
    problem: str = ""


@dataclass(frozen=True)
class Space:
    """Where to search: least and most pence of each rate, and where to start."""

    low: Point
    high: Point
    start: Point

    def at(self, place: Floats) -> Point:
        """Return the rates, in whole pounds, at a place in the cube."""
        low, high = np.asarray(self.low), np.asarray(self.high)
        pence = low + np.clip(place, 0, 1) * (high - low)
        pounds = np.rint(pence / PENCE) * PENCE
        return tuple(int(one) for one in np.clip(pounds, low, high))

    def place(self, point: Point) -> Floats:
        """Return where rates lie in the cube."""
        low, high = np.asarray(self.low, float), np.asarray(self.high, float)
        return np.asarray((np.asarray(point) - low) / (high - low))


class _Enough(Exception):
    """All trials are spent."""


class _Paused(Exception):
    """The trials of one local search are spent."""


@dataclass
class Found:
    """All trials of a search; the first is the start."""

    aims: tuple[str, ...]
    ways: tuple[int, ...]
    trials: list[Trial] = field(default_factory=list)

    def scores(self) -> tuple[list[Trial], Floats]:
        """Return the trials that can be paid and how good each is by aim; more is better."""
        paid = [one for one in self.trials if one.outcome is not None]
        told = [self.score(one) for one in paid]
        return paid, np.asarray(told, float).reshape(-1, len(self.aims))

    @property
    def front(self) -> list[Trial]:
        """Trials that no other beats on every aim, by the first aim; of equals the earliest."""
        paid, scores = self.scores()
        kept: dict[tuple[float, ...], Trial] = {}
        for one, own in zip(paid, scores, strict=True):
            beaten = (scores >= own).all(axis=1) & (scores > own).any(axis=1)
            if not beaten.any():
                kept.setdefault(tuple(own.tolist()), one)
        return [kept[key] for key in sorted(kept, reverse=True)]

    def best(self, aim: str) -> Trial:
        """Return the trial that meets one aim best; of equals the best on the others."""
        paid, scores = self.scores()
        order = [self.aims.index(aim), *(n for n, one in enumerate(self.aims) if one != aim)]
        return max(zip(paid, scores, strict=True), key=lambda each: tuple(each[1][order]))[0]

    @property
    def between(self) -> Trial | None:
        """Return the trial of the front whose worst aim is nearest to its best; None: no such."""
        ends = {self.best(aim).number for aim in self.aims}
        inner = [one for one in self.front if one.number not in ends]
        if len(self.aims) == 1 or not inner:
            return None
        edge = np.array([self.score(self.best(aim)) for aim in self.aims])
        return min(inner, key=lambda one: float(_far(self.score(one), edge).max()))

    def score(self, trial: Trial) -> Floats:
        """Return how good a trial that can be paid is, by aim; more is better."""
        assert trial.outcome is not None, "it can be paid"
        return np.array([trial.outcome.figures[aim] for aim in self.aims]) * self.ways


def search(
    space: Space,
    tried: Callable[[Point], Outcome],
    found: Found,
    plan: tuple[int, int],
    tell: Callable[[int], None],
) -> None:
    """Try rates until all trials are spent, and keep them in ``found``.

    Args:
        space: Ranges and start.
        tried: What rates do; raises `BadRequest` where they cannot be paid.
        found: With the aims; trials are added.
        plan: How many trials, and the seed of the first points.
        tell: Called with the number of trials so far.

    Raises:
        BadRequest: The start cannot be paid.
    """
    trials, seed = plan
    hunt = _Hunt(space, tried, found, trials, tell)
    hunt.point(space.start)
    if found.trials[0].outcome is None:
        raise BadRequest(found.trials[0].problem)
    try:
        spread = 2 ** max(1, int(np.log2(max(trials // _SPREAD, 2))))
        for place in sample("sobol", spread, len(space.low), seed):
            hunt.point(space.at(place))
        mixes = _MIXES if len(found.aims) > 1 else ((1.0,),)
        for again in range(_ROUNDS):
            left = trials - len(found.trials)
            for mix in mixes:
                hunt.local(mix, max(left // len(mixes), len(space.low) + 2), again)
    except _Enough:
        return


@dataclass
class _Hunt:
    """A search under way."""

    space: Space
    tried: Callable[[Point], Outcome]
    found: Found
    most: int
    tell: Callable[[int], None]
    known: dict[Point, Trial] = field(default_factory=dict)

    def point(self, point: Point) -> Trial:
        """Try rates that were not tried before."""
        if point in self.known:
            return self.known[point]
        if len(self.found.trials) >= self.most:
            raise _Enough
        number = len(self.found.trials)
        try:
            trial = Trial(number, point, self.tried(point))
        except BadRequest as error:
            trial = Trial(number, point, None, str(error))
        self.known[point] = trial
        self.found.trials.append(trial)
        self.tell(number + 1)
        return trial

    def local(self, mix: Sequence[float], most: int, again: int) -> None:
        """Search around what is best so far for a mix of aims."""
        from scipy.optimize import minimize

        badness = self._badness(mix)
        paid, _ = self.found.scores()
        best = self.space.place(min(paid, key=badness).pence)
        step = _FIRST_STEP / (1 + again)
        corners = [best, *(best + step * _inward(best, axis) for axis in range(best.size))]
        before = len(self.found.trials)

        def value(place: Floats) -> float:
            if len(self.found.trials) - before >= most:
                raise _Paused
            return badness(self.point(self.space.at(place)))

        try:
            minimize(
                value,
                best,
                method="Nelder-Mead",
                bounds=[(0.0, 1.0)] * best.size,
                options={
                    "initial_simplex": np.array(corners),
                    "xatol": _NEAR,
                    "fatol": 0.0,
                    "maxfev": 10 * most,
                },
            )
        except _Paused:
            return

    def _badness(self, mix: Sequence[float]) -> Callable[[Trial], float]:
        """Return how far a trial is from the best of each aim so far, weighed by a mix."""
        _, scores = self.found.scores()
        weights = np.asarray(mix)

        def badness(trial: Trial) -> float:
            if trial.outcome is None:
                return _NO_FIT
            far = _far(self.found.score(trial), scores)
            return float((weights * far).max() + _ALSO * far.sum())

        return badness


def _far(own: Floats, scores: Floats) -> Floats:
    """Return how far a score is from the best of several, by aim, 1 being as far as the worst."""
    best, worst = scores.max(axis=0), scores.min(axis=0)
    return np.asarray((best - own) / np.where(best > worst, best - worst, 1.0))


def _inward(place: Floats, axis: int) -> Floats:
    """Return a step along one axis that stays in the cube."""
    step = np.zeros_like(place)
    step[axis] = 1.0 if place[axis] <= 0.5 else -1.0
    return step
