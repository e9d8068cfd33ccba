"""The table of feedbacks: a row each, and what is off has an effect of its own."""

from __future__ import annotations

import pytest

from sim.config import compose
from sim.evidence.loops import LOOPS, POLICIES, Row, loops, table


def test_every_row_can_be_asked_for_and_the_table_has_a_line_for_each() -> None:
    told = ["world=tiny", "switches.teachers_market=true"]
    plain = compose("baseline", told)
    asked = {name: compose("baseline", [*told, *words]) for name, words in LOOPS.items()}
    same = [name for name, settings in asked.items() if settings == plain]
    assert same == [name for name, words in LOOPS.items() if not words]
    page = table([Row(name, dict.fromkeys(POLICIES, (0.0,))) for name in LOOPS])
    assert [line.split("|")[1].strip() for line in page.splitlines()[2:]] == list(LOOPS)


@pytest.mark.slow
def test_where_teachers_hear_of_no_money_pay_does_nothing() -> None:
    names = ("all of them", "teachers hear of no money")
    words = ["world=tiny", "years=2", "machine.threads=1"]
    whole, deaf = loops(words, names, replicates=1)
    assert deaf.gains["teacher_retention_pay"] == (0.0,)
    assert whole.mean("teacher_retention_pay") > 0
    assert len(table([whole, deaf]).splitlines()) == 4 and len(whole.gains) == len(POLICIES)
