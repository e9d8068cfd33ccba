"""A designed formula: what was asked, what was found, and the files that tell it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sim.codes import PENCE, PHASES
from sim.config.formula import WRITTEN
from sim.config.models import Funding, Policy, Settings
from sim.config.rates_text import file_of
from sim.errors import BadRequest
from sim.study.chosen_rates import Choice, with_rates
from sim.study.trials import Found, Point, Space, Trial, search
from sim.study.tried import AIMS, Outcome, Still, refuse_aims

__all__ = ["NOT_RESULTS", "Designed", "Named", "design", "funding_of"]

NOT_RESULTS = (
    "Static: pounds of the first policy year on the census of year 0, and what the model's beliefs "
    "expect of a year of them. Nobody moves, nothing adds up over years: these are pounds, not "
    "results."
)
"""What has to be said wherever a static answer stands."""

WRITTEN_NAME = "as_written"
"""What the formula that a design starts from is called among its files."""

_KEPT = ("rule", "rates", "floor", "cap", "closure", "transition")
"""Of a policy's funding, what a file of rates can say."""


@dataclass(frozen=True)
class Named:
    """A trial with a name: the written formula, the best for an aim, or one between them."""

    name: str
    title: str
    trial: Trial


@dataclass(frozen=True)
class Designed:
    """What a design found.

    Attributes:
        settings: Of the world, and of the written formula as its policy.
        chosen: The rates that were chosen.
        found: All trials.
    """

    settings: Settings
    chosen: tuple[Choice, ...]
    found: Found

    @property
    def named(self) -> list[Named]:
        """Return the written formula, the best for each aim, and what lies between; each once."""
        found = self.found
        told = [Named(WRITTEN_NAME, "as written", found.trials[0])]
        more = [Named(f"best_{aim}", f"best for {aim}", found.best(aim)) for aim in found.aims]
        if found.between is not None:
            more.insert(1, Named("between", "between the two", found.between))
        for one in more:
            if one.trial.number not in {other.trial.number for other in told}:
                told.append(one)
        return told

    @property
    def ends(self) -> list[Named]:
        """Return the best for each aim, each once; the written formula among them if it is one."""
        best = {self.found.best(aim).number for aim in self.found.aims}
        return [one for one in self.named if one.trial.number in best]

    def file(self, one: Named) -> str:
        """Return a trial as an ordinary file of rates."""
        funding = _with(self.settings.policy.funding, self.chosen, one.trial.pence)
        written = self.settings.title or self.settings.scenario
        rates = ", ".join(
            f"{choice.told} {pence / PENCE:,.0f} (was {choice.written / PENCE:,.0f})"
            for choice, pence in zip(self.chosen, one.trial.pence, strict=True)
        )
        words = (
            f"Made by sim design from {self.settings.scenario}: {one.title}, of "
            f"{len(self.found.trials)} trials.\nGBP: {rates}.\n{NOT_RESULTS}"
        )
        label = one.title.capitalize()
        return file_of(funding, f"{written}, {one.title}", label, words)

    def table(self, trials: Sequence[Trial]) -> str:
        """Return trials as a table: rates in pounds, every aim, and what the pots solved for."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        front = {one.number for one in self.found.front}
        rates = [f"{choice.name}_gbp" for choice in self.chosen]
        solved = [f"solved_factor_{phase}" for phase in PHASES]
        writer.writerow(["trial", *rates, *AIMS, *solved, "on_front", "problem"])
        for one in trials:
            pounds = [f"{pence / PENCE:.10g}" for pence in one.pence]
            told = [""] * (len(AIMS) + len(solved)) if one.outcome is None else _row(one.outcome)
            is_best = int(one.number in front)
            writer.writerow([one.number, *pounds, *told, is_best, one.problem])
        return text.getvalue()


def funding_of(settings: Settings) -> Funding:
    """Return the funding of a formula that can be designed.

    Raises:
        BadRequest: It is not a written formula that meets its pot, or a file of rates could not
            say all that the policy does.
    """
    funding = settings.policy.funding
    who = f"sim design {settings.scenario}"
    if funding.rule != WRITTEN or funding.rates is None:
        raise BadRequest(
            f"{who}: is no formula written in pounds. Name a file of conf/rates, such as "
            f"nff_2024_25 (sim list rates), or give a path such as ./mine.yaml."
        )
    if funding.rates.solve is None:
        raise BadRequest(
            f"{who}: solve: none, so that no line meets the pot and budgets would differ from "
            f"trial to trial. Name a line with solve, such as basic."
        )
    said = Policy(funding=Funding(**{key: getattr(funding, key) for key in _KEPT}))
    if settings.policy != said:
        raise BadRequest(
            f"{who}: sets levers that a file of rates cannot say, so the file that is written "
            f"would not be what was tried. Name a formula with rates, floor, cap, closure and "
            f"transition only, and add other levers where you compare it."
        )
    return funding


def _with(funding: Funding, chosen: Sequence[Choice], pence: Point) -> Funding:
    assert funding.rates is not None, "a written formula"
    return funding.model_copy(update={"rates": with_rates(funding.rates, chosen, pence)})


def _row(outcome: Outcome) -> list[str]:
    """Write the figures of a trial, and the factor of each phase."""
    both = [outcome.solved.get(phase, 1.0) for phase in range(len(PHASES))]
    return [f"{one:.10g}" for one in (*(outcome.figures[aim] for aim in AIMS), *both)]


def design(
    settings: Settings,
    chosen: Sequence[Choice],
    aims: tuple[str, ...],
    trials: int,
    there: Still,
    progress: Callable[[int], None],
) -> Designed:
    """Choose rates that meet one aim, or two, as well as can be found in so many trials.

    A transition is passed over: what is tried is the formula in full.

    Args:
        settings: With the written formula as policy.
        chosen: Which rates, within what ranges.
        aims: One or two names of `AIMS`.
        trials: How many.
        there: The year they are tried in.
        progress: Called with the number of trials so far.

    Raises:
        BadRequest: An aim has no meaning in this world, or the written formula cannot be paid.
    """
    refuse_aims(there, aims)
    funding = funding_of(settings).model_copy(update={"transition": 0})
    policy = settings.policy

    def tried(pence: Point) -> Outcome:
        own = _with(funding, chosen, pence)
        return there.tried(policy.model_copy(update={"funding": own}))

    found = Found(aims, tuple(AIMS[aim].way for aim in aims))
    low, high, start = zip(*((one.low, one.high, one.written) for one in chosen), strict=True)
    space = Space(low, high, start)
    search(space, tried, found, (trials, settings.seed), progress)
    return Designed(settings, tuple(chosen), found)
