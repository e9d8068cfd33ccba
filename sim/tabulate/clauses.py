"""Clauses of a grant in plain words: every pound paid to a school names the one that paid it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["CLAUSES", "PAYS_FOR", "in_words"]

CLAUSES: Mapping[str, str] = MappingProxyType(
    {
        "basic": "basic amount for every pupil",
        "fsm": "pupils on free school meals now",
        "fsm6": "free school meals in six years",
        "idaci": "homes in deprived small areas",
        "low_prior": "low results at the stage before",
        "eal": "new to English in school",
        "mobility": "pupils who joined in mid-year",
        "lump": "the same sum for every school",
        "sparsity": "small schools far from others",
        "flat": "the same pounds for every pupil",
        "depth": "depth of low income, how long, where",
        "minimum": "top-up to the least a pupil",
        "floor": "minimum funding guarantee (MFG)",
        "scaling": "given up by gainers for floors",
        "slice": "given up to pay for targeted money",
        "targeted": "targeted money received",
        "premium": "pupil premium, a grant beside it",
        "extra": "new money from outside the pot",
    }
)
"""In the order in which explanations give them. Short, to stand in a column."""

PAYS_FOR: Mapping[str, str] = MappingProxyType(
    {
        "basic": "every pupil on roll, at a rate of the phase and key stage, times area cost; "
        "three quarters of the formula",
        "fsm": "every pupil registered for free school meals at the time of the census",
        "fsm6": "every pupil registered for free school meals at any time in the last six years",
        "idaci": "every pupil whose home lies in one of the more deprived small areas, more in the "
        "most deprived (bands A to F of the income deprivation affecting children index)",
        "low_prior": "every pupil whose results at the stage before were below the expected level",
        "eal": "every pupil whose first language is not English, for three years at school",
        "mobility": "pupils who joined at an unusual time, beyond 6 % of the roll",
        "lump": "being a school: the same sum whatever its size, times area cost",
        "sparsity": "small schools far from the next one; less where they are larger or nearer",
        "flat": "every pupil, at one rate for the phase, times area cost, under the rule flat",
        "depth": "pupils by how far this year's income lies below the line of free meals or little "
        "above it, how long it has been low and where the home is, under the rule income_depth",
        "minimum": "what a school lacks of the least sum a pupil that the formula promises",
        "floor": "what a school lacks of last year's pupil-led pounds a pupil, less a fall allowed",
        "scaling": "nothing: what schools that gain give up so that others are kept on the floor",
        "slice": "nothing: what every school gives up of its basic amount for targeted money, or "
        "for a premium paid more than once, one share of it in all primary schools, another in all "
        "secondaries",
        "targeted": "disadvantaged pupils of the schools that a policy targets",
        "premium": "every pupil registered for free school meals in the last six years: the pupil "
        "premium, a grant outside the formula unless a policy puts it into the pot",
        "extra": "new money from outside the pot, in policies that have some: a sum a pupil, or "
        "the same share of every school's money; below nought where a policy takes money out",
    }
)
"""What each clause pays for, in a sentence."""


def in_words(clause: str) -> str:
    """Return a clause in plain words; one of a rule of somebody else's says so.

    >>> in_words("slice")
    'given up to pay for targeted money'
    >>> in_words("uplift")
    "a line of the rule's own"
    """
    return CLAUSES.get(clause, "a line of the rule's own")
