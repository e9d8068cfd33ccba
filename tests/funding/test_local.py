"""Local formulae: authorities move money for need, and neither find nor lose a penny."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.funding.census import Census
from sim.funding.grants import FundingMemory, Grants, When
from sim.funding.local import NEEDS, Guarantee, shared_locally
from sim.year.allocation import allocate
from tests.funding.schools import many, policy

ARMS: list[dict[str, Any]] = [
    {},
    {"arm": "pupil_need"},
    {"arm": "gap_triggered"},
    {"arm": "area_list", "areas": "education_investment_areas"},
]
RULES: list[dict[str, Any]] = [
    {},
    {"rule": "need_weighted", "need_weight": 1.5, "closure": "lower_floor"},
    {"phase": "free", "floor": -0.02},
]


def lived(
    mirror: int | None, funding: dict[str, Any], arm: dict[str, Any], years: int = 2
) -> tuple[Census, Grants]:
    """The past under the national formula, then years in which authorities mirror it so far."""
    national = many(240)
    share = None if mirror is None else np.full(len(national), mirror, np.int64)
    census, memory = replace(national, mirror=share), FundingMemory()
    chosen = policy({**funding, "local": mirror is not None}, **arm)
    for year in (-1, 0, *range(1, years + 1)):
        grants = allocate(census, chosen, memory, When(year, first_past=year == -1))
        grants.check(census)
    return census, grants


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("funding", RULES)
def test_an_authority_that_mirrors_all_of_it_changes_nothing(
    funding: dict[str, Any], arm: dict[str, Any]
) -> None:
    _, today = lived(None, funding, arm)
    _, same = lived(1_000_000, funding, arm)
    assert list(today.lines) == list(same.lines)
    for clause, pence in today.lines.items():
        np.testing.assert_array_equal(pence, same.lines[clause], clause)
    assert today.rounding == same.rounding and today.pots == same.pots


@pytest.mark.parametrize("mirror", [0, 400_000, 900_000, 999_999])
@pytest.mark.parametrize("funding", RULES)
def test_every_authority_keeps_its_total_by_phase_to_the_penny(
    funding: dict[str, Any], mirror: int
) -> None:
    census, today = lived(None, funding, {}, years=1)
    _, local = lived(mirror, funding, {}, years=1)
    moved = 0
    for phase in (0, 1):
        for area in np.unique(census.area):
            mine = (census.area == area) & (census.phase == phase)
            assert today.from_pot[mine].sum() == local.from_pot[mine].sum()
            moved += int((today.from_pot[mine] != local.from_pot[mine]).sum())
    assert moved > 0 or mirror == 999_999
    for clause in (one for one in NEEDS if one in today.lines):
        expected = (2 * today.lines[clause] * mirror + 10**6) // (2 * 10**6)
        np.testing.assert_array_equal(local.lines[clause], expected)
    for clause in ("lump", "sparsity", "premium"):
        np.testing.assert_array_equal(local.lines[clause], today.lines[clause])


def test_the_guarantee_holds_and_minimum_levels_too() -> None:
    census = many(240)
    share = np.full(len(census), 300_000, np.int64)
    _, today = lived(None, {}, {}, years=1)
    lines = {c: p for c, p in today.lines.items() if c not in ("premium", "extra")}
    paid = today.from_pot
    level, base = paid * 9 // 10, paid * 97 // 100
    nothing = np.zeros_like(paid)
    own = shared_locally(
        replace(census, mirror=share), lines, Guarantee(level, base, nothing, -10_000)
    )
    now = sum(own.values())
    assert (now >= np.minimum(level, paid)).all()
    assert (now >= np.minimum((base * 99 + 50) // 100, paid)).all()
    assert (own["floor"] > 0).any() and (own["basic"] >= 0).all()


def test_a_hand_worked_authority() -> None:
    """100 and 300 of basic, 40 and 0 of need; 3/4 mirrored: 10 of need go to basic by 1 to 3."""
    census = replace(Census.blank(2), pupils=np.array([1, 3]), mirror=np.full(2, 750_000, np.int64))
    nothing = np.zeros(2, np.int64)
    lines = {"basic": np.array([100, 300]), "fsm6": np.array([40, 0]), "minimum": nothing}
    lines |= {"floor": nothing.copy(), "scaling": nothing.copy()}
    own = shared_locally(census, lines, Guarantee(nothing, nothing, nothing, 0))
    assert own["fsm6"].tolist() == [30, 0]
    assert own["basic"].sum() == 410 and own["basic"].tolist() in ([102, 308], [103, 307])


@pytest.mark.parametrize("arm", ARMS[1:])
def test_every_targeting_arm_stands_on_top_with_the_same_money(arm: dict[str, Any]) -> None:
    _, today = lived(None, {}, arm, years=1)
    _, local = lived(700_000, {}, arm, years=1)
    assert local.targeted.sum() == today.targeted.sum() > 0
    assert local.slice.sum() == today.slice.sum()
