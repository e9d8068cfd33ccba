"""Pay that no teacher hears of is told before anything is run."""

from __future__ import annotations

import pytest

from sim.config import compose
from sim.study.unheard import tell_unheard, unheard_note

MARKET = "switches.teachers_market"
PAY = "teacher_retention_pay"


def test_pay_without_a_market_of_teachers_is_told_with_what_to_add(
    caplog: pytest.LogCaptureFixture,
) -> None:
    every = [compose(PAY, [f"{MARKET}=false"]), compose("baseline", [f"{MARKET}=false"])]
    with caplog.at_level("WARNING"):
        tell_unheard([*every, *every])
    (line,) = caplog.records
    assert line.message.startswith(f"{PAY}: ") and f"Add {MARKET}=true" in line.message


def test_where_teachers_hear_of_it_or_nothing_is_paid_nothing_is_told() -> None:
    assert unheard_note(compose(PAY, [f"{MARKET}=true"])) == ""
    assert unheard_note(compose("baseline", [f"{MARKET}=false"])) == ""
    assert "switches.teachers is off" in unheard_note(
        compose(PAY, [f"{MARKET}=true", "switches.teachers=false"])
    )
