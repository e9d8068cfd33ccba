"""Old names, and what stands in their place: whoever gives one is told, never guessed at."""

from __future__ import annotations

__all__ = [
    "BELIEFS",
    "SCENARIOS",
    "VALUES",
    "first_name",
    "new_belief",
    "new_name",
    "new_value",
]

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

_WITHIN = {
    "choice": (
        "admissions",
        "distance pull pull_class likeness taste access lottery grammar_pull "
        "grammar_distance slack intake_scale inertia reputation_scale first_reputation "
        "eleven_plus_mark eleven_plus_income eleven_plus_error",
    ),
    "hiring": (
        "recruitment",
        "raised_abroad vacancy_response search_again professional middle origin experience scheme "
        "attachment low_share distance reserve adoption_pace",
    ),
}
_SCHEMES = (
    "scheme_share invitations apply credentials leaks credential_weights contacts contacts_gap "
    "selection_luck interview_merit uplift contextual_cost blind_cost cell_cuts leak_weights"
)
BELIEFS = {
    **{
        f"{old}.{name}": f"{new}.{name}"
        for old, (new, names) in _WITHIN.items()
        for name in names.split()
    },
    **{f"hiring.{name}": f"funnel.{name}" for name in _SCHEMES.split()},
    "background.level_early": "learning.heritage_early",
    "background.progress_primary": "learning.heritage_primary",
    "background.progress_secondary": "learning.heritage_secondary",
    "background.flatter": "learning.heritage_flatter",
}
"""Beliefs by their old ``group.name``: groups are called like the process that reads them."""

_FIRST = {new: old for old, new in BELIEFS.items()}


def first_name(belief: str) -> str:
    """Return the name that a belief had at first: its luck goes by it, so no renaming moves a draw.

    >>> first_name("admissions.pull"), first_name("money.use_sd")
    ('choice.pull', 'money.use_sd')
    """
    return _FIRST.get(belief, belief)


def new_belief(belief: str) -> str | None:
    """Say what a belief or a group of beliefs is called now, or None if it never had the name.

    The last part of a belief's name is enough, if that is what has changed.

    >>> new_belief("choice.pull")
    "'choice.pull' is called 'admissions.pull' now. Write admissions.pull."
    >>> new_belief("hiring")
    "'hiring' is called 'recruitment' and 'funnel' now. Write recruitment or funnel."
    >>> new_belief("flatter")
    "'flatter' is called 'learning.heritage_flatter' now. Write learning.heritage_flatter."
    """
    group = belief.partition(".")[0]
    groups = (
        new.partition(".")[0] for old, new in BELIEFS.items() if old.partition(".")[0] == group
    )
    renamed = (new for old, new in BELIEFS.items() if old.rpartition(".")[2] == belief)
    now = [BELIEFS[belief]] if belief in BELIEFS else list(dict.fromkeys(groups))
    now = now or [new for new in renamed if new.rpartition(".")[2] != belief]
    if not now:
        return None
    called = " and ".join(map(repr, now))
    return f"{belief!r} is called {called} now. Write {' or '.join(now)}."


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
