"""The words around the charts: summary, how sure, what is not in here. Computed, never pasted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.config.marks import LIST, marks
from sim.data.base_year import DEFAULT, in_prices
from sim.show import leads, minima
from sim.show.finding import POINTS
from sim.show.headlines import GROUP, JOB_HEADS
from sim.show.style import NOTE
from sim.show.words import join, label, times
from sim.tabulate.verdicts import ENOUGH_DRAWS

if TYPE_CHECKING:
    from sim.show.scope import Scope

__all__ = ["LIMITS", "Summary", "how_sure", "opening", "reading", "standfirst", "summary"]

LIMITS = (
    "Careers end at 30, and a run of 24 years sees at 25 the first children on whom money acted "
    "in all their school years: pay at 30 takes years=30.",
    "Universities and employers are synthetic, from national margins; sixth forms and colleges "
    "stand where they do. Men and women, hours worked and health are not told apart after school.",
    "How far posts follow qualified people is a belief from 0 to 1; where they do not, one "
    "person's better job is another's loss.",
    "Mainstream state schools only; special and independent schools are outside.",
    "The ground is real, the schools are stand-ins: small areas, sites and sizes of schools are "
    "published figures; what a school does, and every child, is drawn. No named school is in here.",
    "Families choose across the borders of local authorities in world=england only; in smaller "
    "worlds each area is closed, and those who go to school elsewhere are folded back.",
    "How much a pound teaches is a belief drawn from its range; it was not fitted to the "
    "differences between places, because those are confounded.",
    "Policies are compared with the baseline, each place with itself. No area serves as "
    "the model for the others, and small differences between areas are not a ranking.",
)


NO_COHORT = (
    "No year group has lived under a policy for its whole school life yet: run more years to see "
    "what it does to attainment at 16."
)


def opening(scope: Scope) -> str:
    """Say what the opening lines cannot be read without: of whom, against what, in what."""
    stands = f" {scope.stands_for}" if scope.stands_for else ""
    rules = in_prices(NOTE, scope.base_year or DEFAULT)
    return (
        f"{rules}{stands} One point of Attainment 8 is one GCSE grade in one subject (in English "
        "or mathematics, which count twice, half a grade). Intervals hold nine cases in ten if the "
        "model is right in the rest; the true doubt is wider."
    )


def reading(jobs: bool = False) -> str:
    """Say how to read the numbers of a page; ``jobs``: whether it tells of jobs."""
    posts = (
        " Where posts do not grow with those who qualify, one person's better job is another's "
        "loss."
    )
    return (
        "Attainment 8 is the sum of GCSE grades over eight slots, English and mathematics counted "
        f"twice; a difference under {minima.MINIMUM:g} points (before it is rounded) is "
        "called less than matters. "
        f"A group is {GROUP}. Fifths are of areas, by the share of pupils on free school meals: "
        "the least affluent has the most. Intervals are over what nobody knows exactly and over "
        "chance; beliefs that only shape the country without a policy are the same in every draw."
        f"{posts if jobs else ''}"
    )


@dataclass(frozen=True)
class Summary:
    """Opening lines as (heading, sentence), then a few sentences a policy as (name, text)."""

    lead: tuple[tuple[str, str], ...]
    policies: tuple[tuple[str, str], ...]


def standfirst(scope: Scope, scenarios: Sequence[str], apart: Collection[str] = ()) -> str:
    """Say in one sentence what was compared with what; ``apart``: policies with other money."""
    policies = join(label(name) for name in scenarios)
    each = ", each" if len(scenarios) > 1 else ""
    others = [label(name) for name in scenarios if name in apart]
    but = f" (but for {join(others)})" if others else ""
    return (
        f"{policies}{each} against the baseline: the same children, the same pot of money{but} "
        f"and the same luck, {scope.place}, "
        f"{times(scope.years, 'policy year')}, {times(scope.draws, 'draw')} of beliefs and "
        f"{times(scope.replicates, 'replicate')} of chance."
    )


def summary(
    found: Sequence[leads.Finding],
    scenarios: Sequence[str],
    known_as: Mapping[str, str] | None = None,
    apart: Mapping[str, str] | None = None,
) -> Summary:
    """Put who gains and who loses most clearly first, then the same for each policy.

    Args:
        found: what :func:`sim.show.leads.findings` gave for the comparison.
        scenarios: policies, in order.
        known_as: titles of scenarios, to stand beside their names.
        apart: policies with other money than the baseline, and what: they lead only where there
            is no other policy.
    """
    alike = [one for one in found if one.scenario not in (apart or {})]
    lead = leads.lead(alike or found)
    if not any(one.kind == POINTS and one.place in (1, 2, 3, 4, 5) for one in found):
        lead = [("Run more years", NO_COHORT)]
    if apart:
        lead = [*lead, ("Not the same money", _apart(apart, bool(alike)))]
    told = [
        (_heading(name, (known_as or {}).get(name, "")), leads.of_policy(found, name))
        for name in scenarios
    ]
    return Summary(tuple(lead), tuple(told))


def _apart(told: Mapping[str, str], others: bool) -> str:
    """Say which policies are left out of what leads and of rankings, and why.

    ``others``: whether there are policies that share one pot.
    """
    each = "; ".join(f"{label(name)}: {words}" for name, words in told.items())
    if not others:
        return f"{each}. What is gained or lost above comes with that difference in money."
    return (
        f"{each}. Lines above and rankings are of policies that share one pot, and leave "
        f"{'it' if len(told) == 1 else 'them'} out."
    )


def _heading(name: str, title: str) -> str:
    return f"{label(name)}: {title}" if title else label(name)


def how_sure(draws: int, replicates: int, record: Mapping[str, Any]) -> list[str]:
    """Tell doubt from chance, and say what the draws leave out."""
    lines = [
        "Two things make a result unsure. Chance: in another synthetic country, with places drawn "
        "anew (a replicate), the same policy turns out a little differently; thick bars around "
        "the estimate are as wide as chance alone would be. Doubt: nobody knows exactly how "
        "strongly schools, teachers and families respond; thin lines show doubt and chance "
        "together, as a 90 % interval.",
        "Every difference is taken child by child under the same luck, so in the model nothing "
        "but the policy causes it. Whether real schools would answer as the model does is "
        "another question.",
        "How much a pound does is put in, not found: it is the belief money.return_per_thousand. "
        "What money gains or costs grows nearly in proportion to it, so the size of such an effect "
        "is that belief read back; who gains, who loses and where is what the model adds. With "
        "switches.money=false all of it is nothing.",
        "Draws move response beliefs only (what a policy does). Level beliefs, which shape the "
        "baseline, are such that it resembles published figures (those of learning were fitted to "
        "national results, those after 16 were set by hand), and are the same in every draw: the "
        "true doubt is wider.",
        f"A difference below {minima.MINIMUM:g} Attainment 8 points (0.02 SD), or below "
        f"{minima.MINIMUM_JOB:g} of {JOB_HEADS:,} people in professional jobs, is less than "
        "matters. Higher or lower: the interval leaves out zero and the estimate is at least that "
        'size; "less than matters" is added where it leaves out zero but the estimate is smaller. '
        "Practically the same: the interval holds zero and lies within that size. Otherwise we "
        "cannot tell. Sentences use the words of the table.",
        "Each number is judged by its own interval. Four numbers of each policy were declared "
        "beforehand, all of disadvantaged pupils: Attainment 8 and a professional job at 25, in "
        "the most affluent fifth of areas less the least affluent, and in all areas "
        "(tables/declared.csv). Of the many others about one in ten shows a direction by luck "
        "alone.",
    ]
    lines.append(
        "An interval says where one more world of beliefs, with luck of its own, would fall; it "
        "does not shrink as more is run, because ignorance does not. The mean over draws, which "
        "does, has its interval in the columns mean_low and mean_high of the tables."
    )
    if draws < ENOUGH_DRAWS:
        lines.append(
            f"Only {times(draws, 'draw')} of beliefs finished; a verdict needs {ENOUGH_DRAWS}. "
            "Run longer before using any direction in this report."
        )
    if replicates < 2:
        lines.append("With one replicate there is no interval for chance alone.")
    lines[:0] = marks(record)
    lines += [f"{label(name)}: {note}" for name, note in (record.get(LIST) or {}).items()]
    lines += record.get("doubt", ())
    note = record.get("budget")
    if note:
        lines.append(str(note))
    return lines
