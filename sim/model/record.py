"""The record of the year: what is handed to the recorder, which only reads."""

from __future__ import annotations

from sim.codes import FIRST_ADULT_GRADE
from sim.model.costs import lever_costs
from sim.model.post16 import reach
from sim.model.work import vacant
from sim.nation import Nation, by_grade
from sim.record.recorder import Grown

__all__ = ["write_down"]


def write_down(nation: Nation, year: int) -> None:
    """Add the year to the record, with what processes say of people after sixteen."""
    grown = None
    if nation.recorder.asks_for(nation.policy_year):
        blocks = by_grade(nation.after, year)
        grown = Grown(
            list(blocks.values()),
            reach(nation.after, blocks[FIRST_ADULT_GRADE], nation.terms, nation.policy),
            vacant(nation.after),
            lever_costs(nation, year),
        )
    nation.recorder.record(nation, grown)
