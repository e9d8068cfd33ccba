"""Both ends of the belief that decides whether more graduates can be more professional jobs.

How far posts follow the people who qualify for them is known to nobody. At 0 no policy for schools
can add a professional job; at 1 posts keep step. A comparison is lived at both ends beside its
draws, under central beliefs otherwise and the same luck.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.config import compose_all, config_root
from sim.config.belief_files import change
from sim.config.models import Settings
from sim.config.overrides import parse
from sim.record.variables import FULL_EXPOSURE
from sim.study.cells import at

__all__ = ["BELIEF", "ENDS", "at_end", "groups_at_ends"]

BELIEF = "beliefs.recruitment.vacancy_response"
ENDS = (0.0, 1.0)


Groups = list[list[Settings]]


def groups_at_ends(names: Sequence[str], overrides: Sequence[str]) -> dict[float, Groups]:
    """Return the cells of a comparison at each end: every replicate of draw 0, a group each.

    Nothing where the request sets the belief itself, or ends before anybody who lived a whole
    policy is 25.

    Args:
        names: Scenarios, the baseline among them.
        overrides: ``key=value`` of the request.
    """
    first = compose_all(names[:1], overrides)[0]
    theirs = any(word.lstrip("+~").startswith(BELIEF) for word in overrides)
    if theirs or first.years < FULL_EXPOSURE["age25"]:
        return {}
    found = {}
    for end in ENDS:
        every = compose_all(names, [*overrides, f"{BELIEF}={end:g}"])
        found[end] = [[at(one, 0, number) for one in every] for number in range(first.replicates)]
    return found


def at_end(settings: Settings, end: float) -> Settings:
    """Return the same settings where posts follow those who qualify to this end."""
    request = parse([f"{BELIEF}={end:g}"], config_root())
    beliefs, problems = change(settings.beliefs, request.beliefs)
    assert not problems, problems
    return settings.model_copy(update={"beliefs": beliefs})
