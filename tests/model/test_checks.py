"""Checks: what must never happen stops the run."""

from __future__ import annotations

import pytest

from sim.errors import InvariantBroken
from sim.model import checks
from tests.model.stage import before, written


def test_it_writes_nothing_and_a_sound_year_passes() -> None:
    with before(checks.check) as nation:
        assert written(nation, checks.check) == set()


@pytest.mark.parametrize(
    ("what", "said"),
    [("child", "lost or gained a school"), ("penny", "do not add up"), ("person", "one id")],
)
def test_what_must_not_happen_stops_the_run(what: str, said: str) -> None:
    with before(checks.check) as nation:
        if what == "child":
            cohort = next(iter(nation.world.cohorts.values()))
            cohort.school[:1] = len(nation.world.schools)
        elif what == "penny":
            nation.world.schools.budget[:1] += 1
        else:
            block = next(iter(nation.after.adults.values()))
            block.id[:1] = block.id[1]
        with pytest.raises(InvariantBroken, match=said):
            checks.check(nation, nation.year)


def test_settings_can_turn_it_off() -> None:
    with before(checks.check) as nation:
        nation.settings = nation.settings.model_copy(update={"invariants": False})
        nation.world.schools.budget[:1] += 1
        checks.check(nation, nation.year)
