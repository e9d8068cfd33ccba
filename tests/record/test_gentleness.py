"""What it costs to keep schools from losing is told clause by clause, and adds up to all of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.funding.checks import KEPT
from sim.funding.grants import Grants
from sim.money import exact_sum
from sim.record.gentleness import clause_pence
from sim.record.money_variables import GENTLENESS
from tests.funding.schools import many, policy, years
from tests.funding.test_written import THINK_TANK
from tests.laws import worlds

WRITTEN = {"rule": "rates", "rates": THINK_TANK, "floor": -0.01}
POLICIES: dict[str, dict[str, Any]] = {
    "published": {},
    "flat": {"rule": "flat", "closure": "lower_floor"},
    "a cap": {"rule": "flat", "closure": "lower_floor", "cap": 0.02, "floor": -0.03},
    "new money": {"rule": "flat", "closure": "external", "floor": 0.0},
    "written": {**WRITTEN, "closure": "lower_floor"},
    "on the way": {**WRITTEN, "transition": 4, "closure": "lower_floor"},
}


@pytest.mark.parametrize("name", POLICIES)
def test_clauses_add_up_to_all_that_is_paid_beyond_the_rule(name: str) -> None:
    census = many(200, weighted=True)
    for grants in years(census, policy(POLICIES[name], arm="pupil_need"), 3)[0]:
        found = clause_pence(grants, census.phase, census.multiplicity)
        assert found.shape == (2, len(GENTLENESS)) and found.dtype == np.int64
        assert exact_sum(found.sum(axis=0), np.ones(len(GENTLENESS), np.int64)) == beyond(
            grants, census.multiplicity
        )
        told = dict(zip(GENTLENESS, found.sum(axis=0).tolist(), strict=True))
        assert min(told["transition"], told["minimum"], told["floor"]) >= 0
        assert max(told["held_back"], told["scaling"]) <= 0
        # Both formulae are settled to one pot: what some keep on the way, others go without.
        on_the_way = grants.kept is not None
        assert (told["transition"] > 0) == (told["held_back"] < 0) == on_the_way
        assert abs(told["transition"] + told["held_back"]) <= 12 * census.multiplicity.sum()


def beyond(grants: Grants, many: np.ndarray[Any, Any]) -> int:
    """Pence of everything before the slice, less what the rule's own lines come to."""
    later = ("slice", "targeted", "premium", "extra")
    own = sum(pence for clause, pence in grants.lines.items() if clause not in KEPT)
    before = grants.total - sum(grants.lines[clause] for clause in later)
    on_the_way = 0 if grants.kept is None else exact_sum(grants.kept, many)
    return exact_sum(before - own, many) + on_the_way


def test_a_run_records_them_and_the_rolls_of_year_0() -> None:
    base, flat = worlds.cell("baseline"), worlds.cell("flat")
    for cell in (base, flat):
        found = cell["clause_pence"]
        assert found.dims == ("year", "phase", "protection") and found.dtype == np.int64
        many = cell["weight"].values[cell["school_area"].values]
        for clause in ("minimum", "floor", "scaling"):
            paid = cell["school_pence"].sel(clause=clause).values
            told = found.sel(protection=clause).isel(year=-1).values
            for phase in (0, 1):
                mine = cell["school_phase"].values == phase
                assert told[phase] == (paid * many)[mine].sum(), clause
    past = base["year"].values <= 0
    np.testing.assert_array_equal(
        base["clause_pence"].values[past], flat["clause_pence"].values[past]
    )
    assert (flat["clause_pence"].values[~past] != base["clause_pence"].values[~past]).any()
    np.testing.assert_array_equal(base["school_pupils_0"], flat["school_pupils_0"])
    weight = base["weight"].values[base["school_area"].values]
    on_roll = base["pupils"].sel(year=0).sum("group").values
    by_area = np.bincount(base["school_area"].values, base["school_pupils_0"].values, weight.size)
    np.testing.assert_array_equal(by_area[: on_roll.size], on_roll)
