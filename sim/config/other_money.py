"""Money that a policy has and the baseline has not: said wherever policies are held together.

Policies share one pot, so that they differ in who gets it and in nothing else. One with more money,
or with less, answers another question, and stands in no ranking of the others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sim.config.levers import declared
from sim.config.marks import SHARING
from sim.config.models import Policy
from sim.config.variants import in_short

__all__ = [
    "BESIDE",
    "NO_EARMARK",
    "PREMIUM_FOLLOWS",
    "beside_the_formula",
    "other_money",
    "told_apart",
]

BESIDE = "beside"
"""Key under which a policy says what public money pays beside the formula, in words."""

PREMIUM_FOLLOWS = "premium_follows"
"""Key under which a policy says that the premium follows who becomes eligible."""
NO_EARMARK = (
    "the pupil premium is in the pot and the rule shares it: no pound of it is earmarked for "
    "disadvantaged pupils any more"
)
"""What a premium in the pot does, wherever the policy is told of."""


def beside_the_formula(policy: Policy) -> list[str]:
    """Return what a policy pays for with public money that the formula does not give, in words.

    >>> beside_the_formula(Policy())
    []
    """
    told, usual = [], Policy()
    for key, lever in declared(Policy).items():
        group, name = key.split(".")
        set_to = getattr(getattr(policy, group), name)
        if lever.payer == "public" and set_to != getattr(getattr(usual, group), name):
            told.append(lever.meaning)
    return told


def other_money(funding: Mapping[str, Any]) -> str:
    """Say what money a policy has that the baseline has not; nothing where the pot is the same.

    Args:
        funding: What the policy sets of ``policy.funding``, and what goes on beside it.

    >>> other_money({"new_money_gbp": -1e9})
    'GBP 1bn a year less in England, taken out of schools'
    >>> other_money({"extra_gbp_per_pupil": 1000.0, "extra_years": 4})
    'GBP 1,000 a pupil of new money for 4 years'
    >>> other_money({"rule": "flat"})
    ''
    """
    told = []
    if pounds := float(funding.get("new_money_gbp") or 0.0):
        word = (
            "more in England, new money from outside the pot"
            if pounds > 0
            else "less in England, taken out of schools"
        )
        told.append(f"GBP {in_short(abs(pounds))} a year {word}")
    if extra := float(funding.get("extra_gbp_per_pupil") or 0.0):
        years = int(funding["extra_years"])
        told.append(f"GBP {extra:,.10g} a pupil of new money for {years} years")
    if funding.get("closure") == "external":
        told.append("new money for what floors cost beyond the pot")
    if funding.get(PREMIUM_FOLLOWS) and funding.get("premium") != "in_pot":
        told.append("new money for the premium of the newly eligible")
    if funding.get("pupil_premium") is False:
        told.append("no pupil premium, which is paid to nobody")
    told += [f"public money beside the formula: {what}" for what in funding.get(BESIDE, ())]
    return "; ".join(told)


def told_apart(told: Mapping[Any, Any]) -> dict[str, str]:
    """Return the policies of a comparison that have other money, and what, by name.

    Args:
        told: Attributes of results.
    """
    text = told.get(SHARING)
    found = json.loads(text) if isinstance(text, str) and text else {}
    words = {str(name): other_money(one) for name, one in found.items()}
    return {name: text for name, text in words.items() if text}
