"""One name for everything a result depends on."""

from __future__ import annotations

import hashlib
import json

from sim.config.income_depth import Depth
from sim.config.models import Funding, Settings
from sim.data.base_year import DEFAULT

__all__ = ["digest", "identity"]

_NAMES = {"scenario", "title", "label", "machine", "draws", "replicates", "beliefs"}
_LATER = ("transition", "local", "premium", "premium_times", "new_money_gbp")
"""Levers of funding that came later; left out where they are at their defaults."""
_BELIEF_PARTS = {"value", "low", "high", "distribution", "kind"}


def identity(settings: Settings) -> dict[str, object]:
    """Return the settings that a cell's result depends on, as plain data.

    Left out: names and titles, the machine, how many cells a comparison runs, and the words of
    beliefs (a corrected source changes no result); the name of a file of rates, whose rates are
    there; and the base year, the rates, later levers, steps of income or a rule of eligibility
    where none were chosen, so that records from before there was a choice still agree.
    """
    plain = settings.model_dump(mode="json", exclude=_NAMES)
    if settings.base_year == DEFAULT:
        del plain["base_year"]
    funding = plain["policy"]["funding"]
    if funding["rates"] is None:
        del funding["rates"]
    else:
        del funding["rates"]["name"]
    for name in _LATER:
        if funding[name] == Funding.model_fields[name].default:
            del funding[name]
    if settings.policy.funding.depth == Depth():
        del funding["depth"]
    if settings.policy.eligibility.universal_credit_from is None:
        del plain["policy"]["eligibility"]
    plain["beliefs"] = {
        group: {
            name: belief.model_dump(mode="json", include=_BELIEF_PARTS)
            for name, belief in named.items()
        }
        for group, named in settings.beliefs.records.items()
    }
    return plain


def digest(settings: Settings) -> str:
    """Return the sha256, in hexadecimal, of the canonical JSON of `identity`."""
    canonical = json.dumps(
        identity(settings), sort_keys=True, separators=(",", ":"), ensure_ascii=True
    )
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()
