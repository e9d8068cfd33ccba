"""Levers that cost money and move nobody, since the mechanism they act through is off."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from sim.config.models import Settings

__all__ = ["tell_unheard", "unheard_note"]


def unheard_note(settings: Settings) -> str:
    """Say that pay moves no teacher under these settings; nothing where it does or none is paid."""
    on = settings.switches
    if not settings.policy.schools.retention_pay_gbp or (on.teachers and on.teachers_market):
        return ""
    off = "teachers_market" if on.teachers else "teachers"
    return (
        f"policy.schools.retention_pay_gbp is paid and moves no teacher: switches.{off} is off. "
        f"Add switches.{off}=true to see what it does"
    )


def tell_unheard(every: Iterable[Settings]) -> None:
    """Log once what `unheard_note` says of each scenario."""
    notes = {f"{one.scenario}: {note}.": None for one in every if (note := unheard_note(one))}
    for note in notes:
        logging.getLogger("sim").warning(note)
