"""Clauses of a grant in plain words: every pound paid to a school names the one that paid it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["CLAUSES", "in_words"]

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


def in_words(clause: str) -> str:
    """Return a clause in plain words; one of a rule of somebody else's says so.

    >>> in_words("slice")
    'given up to pay for targeted money'
    >>> in_words("uplift")
    "a line of the rule's own"
    """
    return CLAUSES.get(clause, "a line of the rule's own")
