"""The record: the year is handed over, and nothing is changed by it."""

from __future__ import annotations

from sim.model import record
from tests.model.stage import before, written


def test_it_writes_no_column_and_adds_a_year() -> None:
    with before(record.write_down) as nation:
        years = list(nation.recorder.years)
        assert written(nation, record.write_down) == set()
        assert nation.recorder.years == [*years, nation.policy_year]
        assert all(len(rows) == len(years) + 1 for rows in nation.recorder.rows.values())


def test_a_year_that_is_not_asked_for_is_not_kept() -> None:
    with before(record.write_down) as nation:
        years = list(nation.recorder.years)
        nation.recorder.asks_for = lambda _: False  # type: ignore[method-assign]
        record.write_down(nation, nation.year)
        assert nation.recorder.years == years
