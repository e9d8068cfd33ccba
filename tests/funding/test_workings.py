"""Count x rate x area cost is what a line pays, and all lines are what a school is paid."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.cli.workings import csv_of, rows_of, table_of
from sim.config import compose
from sim.config.formula import Formula
from sim.data.base_year import base_year
from sim.funding.census import Census
from sim.funding.grants import FundingMemory, Grants, When
from sim.funding.workings import workings
from sim.year.allocation import allocate
from tests.funding.schools import many, policy

MINE = Formula(basic=(500_000,) * 3, fsm6=(250_000,) * 2, lump=(12_000_000,) * 2, area_cost=False)
RULES: list[dict[str, Any]] = [
    {},
    dict(compose("baseline", ["policy.funding.rule=rates"]).policy.funding),
    {"rule": "flat", "closure": "lower_floor"},
    {"rule": "flat", "closure": "lower_floor", "phase": "free"},
    {"rule": "need_weighted", "need_weight": 1.5, "closure": "lower_floor", "cap": 0.02},
    {"rule": "rates", "rates": MINE, "floor": -0.015},
    {"rule": "rates", "rates": MINE, "floor": -0.015, "transition": 4},
    {"rule": "flat", "closure": "lower_floor", "transition": 3},
    {"rule": "flat", "closure": "lower_floor", "transition": 3, "phase": "free"},
    {"extra_gbp_per_pupil": 70.0, "extra_years": 2, "pupil_premium": False},
]
ARMS: list[dict[str, Any]] = [{}, {"arm": "pupil_need"}, {"arm": "gap_triggered"}]


def lived(funding: dict[str, Any], arm: dict[str, Any]) -> tuple[Census, Grants, list[Any]]:
    census, memory, chosen = many(120), FundingMemory(), policy(funding, **arm)
    for year in (-1, 0, 1):
        grants = allocate(census, chosen, memory, When(year, first_past=year == -1))
    return census, grants, [chosen, base_year().rates]


def told(census: Census, grants: Grants, rest: list[Any], mine: Any) -> list[dict[str, Any]]:
    """The lines as an explanation gives them."""
    lines = [
        {"clause": clause, "pence": int(pence[mine].sum())}
        for clause, pence in grants.lines.items()
    ]
    for line in lines:
        found = [
            {
                "part": one.part,
                "count": float(one.count),
                "rate_pence": one.rate,
                "area_cost": None if one.area_cost is None else one.area_cost / 10_000,
                "pence": one.pence,
            }
            for one in workings(census, grants, *rest, mine)
            if one.clause == line["clause"]
        ]
        if found:
            line["workings"] = found
    return lines


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("funding", RULES)
def test_rows_add_up_to_what_was_paid_and_each_is_its_product(
    funding: dict[str, Any], arm: dict[str, Any]
) -> None:
    census, grants, rest = lived(funding, arm)
    for mine in (census.school == census.school[7], census.area < 20, census.area >= 0):
        lines = told(census, grants, rest, mine)
        rows = rows_of(lines)
        whole = int(grants.total[mine].sum())
        assert rows[-1].pence == whole == sum(row.pence for row in rows if not row.is_sum)
        pupils, schools = int(census.pupils[mine].sum()), int(mine.sum())
        for row in rows:
            if row.count is None:
                continue
            cost = 1.0 if row.area_cost is None else row.area_cost
            assert row.rate is not None and row.pence == pytest.approx(
                row.count * row.rate * cost, abs=0.51
            )
        left = sum(abs(row.pence) for row in rows if row.clause == "rounding")
        assert left <= 2 * pupils + 20 * schools, "a penny of a rate a pupil, and of each line"


@pytest.mark.parametrize("funding", RULES)
def test_every_line_with_a_rate_is_worked_out_and_only_those(funding: dict[str, Any]) -> None:
    census, grants, rest = lived(funding, {"arm": "pupil_need"})
    everywhere = np.ones(len(census), dtype=np.bool_)
    worked = {one.clause for one in workings(census, grants, *rest, everywhere)}
    without = {"minimum", "floor", "scaling", "slice"}
    assert worked == {c for c, pence in grants.lines.items() if pence.any()} - without


def test_a_year_of_a_transition_shows_both_formulae_each_at_its_part() -> None:
    census, grants, rest = lived(RULES[6], {})
    mine = census.school == census.school[7]
    found = {(one.clause, one.part): one for one in workings(census, grants, *rest, mine)}
    phase = ("primary", "secondary")[int(census.phase[mine][0])]
    old, new = found["fsm6", f"{phase} (old, 3/4)"], found["fsm6", f"{phase} (new, 1/4)"]
    assert old.rate == round(base_year().rates.fsm6[int(census.phase[mine][0])] * 3 / 4)
    assert new.rate == 62_500 and old.count == new.count
    assert old.area_cost == census.area_cost[mine][0] and new.area_cost is None
    assert not {part for clause, part in found if clause == "fsm" and "new" in part}


def test_a_rule_of_somebody_else_that_pays_otherwise_is_not_worked_out() -> None:
    census, grants, rest = lived({}, {})
    grants.lines["lump"] = grants.lines["lump"] // 2
    everywhere = np.ones(len(census), dtype=np.bool_)
    assert "lump" not in {one.clause for one in workings(census, grants, *rest, everywhere)}


def test_two_policies_stand_side_by_side_and_a_file_holds_both() -> None:
    census, grants, rest = lived({}, {})
    _, other, others = lived(RULES[5], {})
    mine = census.school == census.school[5]
    sides = {
        "baseline": rows_of(told(census, grants, rest, mine)),
        "mine": rows_of(told(census, other, others, mine)),
    }
    head, *table = table_of(sides)
    by_name = {(row[0], row[1]): row for row in table}
    assert head[:3] == ["clause", "part", "area cost"] and head[-1] == "B less A"
    more = other.total[mine].sum() - grants.total[mine].sum()
    assert by_name["= total", ""][-1] == (f"{more / 100:+,.2f}")
    phase = ("primary", "secondary")[int(census.phase[mine][0])]
    assert by_name["fsm", phase][6:9] == ["", "", "0"] and by_name["fsm6", phase][7] == "2,500.00"
    lines = csv_of(sides, {"baseline": 10, "mine": None}).splitlines()
    assert lines[0].startswith("policy,clause,what,part,count,rate_gbp,area_cost,gbp")
    assert sum(line.startswith("baseline,a pupil") for line in lines) == 1
    assert len(lines) == 2 + sum(map(len, sides.values()))
    assert not any(cell == "0" for row in table_of({"one": sides["mine"]})[1:] for cell in row[5:])
