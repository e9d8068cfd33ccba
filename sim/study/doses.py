"""What a policy will pay for each pupil it reaches, told before anything runs.

Pot and pupils of a world are in the published table of areas, so the dose of an area list, or of
money for all disadvantaged pupils, is known to within a tenth without a run. Whom a gap trigger
reaches is not: never more than everybody, so its dose is at least that of all.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import NamedTuple

from sim.config.models import Settings
from sim.config.other_money import (
    BESIDE,
    NO_EARMARK,
    PREMIUM_FOLLOWS,
    beside_the_formula,
    other_money,
)
from sim.data import facts
from sim.funding.doses import EVIDENCE_GBP, EVIDENCE_SOURCE
from sim.study.lists import listed_share
from sim.world.build import area_weights

__all__ = ["Expected", "dose_note", "dose_notes", "expected_dose", "tell_doses"]

MOST = 5
"""Doses told one by one."""


class Expected(NamedTuple):
    """Pounds a year for each disadvantaged pupil of the schools reached, and how well known.

    ``how``: ``just``, ``about`` or ``at least``.
    """

    pounds: float
    how: str


def expected_dose(settings: Settings) -> Expected | None:
    """Return the largest dose that a policy pays any of the places it names; None without one."""
    targeting = settings.policy.targeting
    if not targeting.funded or targeting.arm == "none":
        return None
    if targeting.dose_gbp is not None:
        return Expected(targeting.dose_gbp, "just")
    table = facts.areas()
    weight = area_weights(table, settings.world.name, settings.world.region)
    poor = weight * table.disadvantaged
    # The pot follows pupils, and a world raises the share of the envelope that its pot is.
    raised = targeting.envelope_gbp * float((weight * table.pupils).sum() / table.pupils.sum())
    everywhere = raised / float(poor.sum())
    shares, there = dict(targeting.shares), 0.0
    if "area_list" in targeting.arms:
        listed = float((listed_share(table, targeting.areas) * poor).sum())
        there = raised / listed if listed else 0.0
    part = shares.get("area_list", 0.0)
    how = "at least" if "gap_triggered" in targeting.arms else "about"
    return Expected(part * there + (1 - part) * everywhere, how)


def dose_note(settings: Settings) -> str:
    """Say that a policy will pay more a pupil than any study has seen; else nothing."""
    found = expected_dose(settings)
    if found is None or found.pounds <= EVIDENCE_GBP:
        return ""
    power = 10 ** (len(f"{found.pounds:.0f}") - 2)  # two digits are as good as known
    pounds = found.pounds if found.how == "just" else round(found.pounds / power) * power
    how = "" if found.how == "just" else f"{found.how} "
    return (
        f"{settings.scenario} pays {how}GBP {pounds:,.0f} a year for each disadvantaged pupil it "
        f"reaches, which is outside the evidence: it ends at about GBP {EVIDENCE_GBP:,} "
        f"({EVIDENCE_SOURCE}). Do not read the effect as known; for less give "
        f"policy.targeting.dose_gbp or a smaller policy.targeting.envelope_gbp."
    )


def dose_notes(every: Iterable[Settings]) -> list[str]:
    """Return what `dose_note` says of settings, each once, and of many that there are more.

    What has to be known of money beside doses comes after: new money, a premium without earmark.
    """
    alike = {(one.scenario, one.policy.model_dump_json(), one.world): one for one in every}
    notes = list(dict.fromkeys(filter(None, map(dose_note, alike.values()))))
    more = len(notes) - MOST
    told = [*notes[:MOST], f"{more} more pay doses outside the evidence."] if more > 0 else notes
    return [*told, *dict.fromkeys(filter(None, map(_money_note, alike.values())))]


def _money_note(settings: Settings) -> str:
    """Say that a policy has other money than the baseline, or has the premium in the pot."""
    funding = settings.policy.funding
    told = []
    more = {
        PREMIUM_FOLLOWS: bool(settings.policy.eligibility.premium),
        BESIDE: beside_the_formula(settings.policy),
    }
    if words := other_money({**funding.model_dump(), **more}):
        told.append(
            f"{settings.scenario} has other money than the baseline ({words}): it stands in no "
            f"ranking of policies that share one pot."
        )
    if funding.premium == "in_pot":
        told.append(f"{settings.scenario}: {NO_EARMARK}.")
    return " ".join(told)


def tell_doses(every: Iterable[Settings]) -> None:
    """Log what `dose_notes` says."""
    for note in dose_notes(every):
        logging.getLogger("sim").warning(note)
