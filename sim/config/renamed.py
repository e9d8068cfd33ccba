"""Old names, and what stands in their place: whoever gives one is told, never guessed at."""

from __future__ import annotations

__all__ = ["SCENARIOS", "VALUES", "new_name", "new_value"]

SCENARIOS = {
    "gap_triggered_cliff": "gap_cliff",
    "gap_triggered_level": "gap_level_national",
    "gap_triggered_own_place": "gap_progress_own_school",
}
"""Scenarios by their old name. Add a line when one is renamed; a file of the user's own wins."""

VALUES = {
    ("policy.targeting.trigger.against", "own_place"): (
        "own_school",
        "it meant the school. own_area, the others of the whole area, is another yardstick",
    ),
}
"""New value of a setting, and why, by its full key and old value."""


def new_name(scenario: str) -> str | None:
    """Say what a scenario is called now, or None if the name was never one.

    >>> new_name("gap_triggered_cliff")
    "scenario 'gap_triggered_cliff' is called 'gap_cliff' now. Write gap_cliff."
    """
    now = SCENARIOS.get(scenario)
    return now and f"scenario {scenario!r} is called {now!r} now. Write {now}."


def new_value(key: str, value: object) -> str | None:
    """Say what to write for an old value of a setting, or None if it was never one.

    >>> new_value("policy.targeting.trigger.against", "own_place").partition(":")[0]
    "'own_place' is called 'own_school' now"
    """
    found = VALUES.get((key, value)) if isinstance(value, str) else None
    if found is None:
        return None
    now, why = found
    return f"{value!r} is called {now!r} now: {why}. Write {now}."
