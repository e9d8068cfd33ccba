"""A written formula is told with its rate, what it costs to be gentle, and who gains and loses."""

from __future__ import annotations

import json

import numpy as np
import pytest
import xarray as xr

from sim.config.marks import FORMULA, SHARING
from sim.record.money_variables import GENTLENESS
from sim.show.labels import labelled
from sim.show.money_tables import money_tables
from sim.show.money_told import formulae_of, money_told, sharing_of
from sim.tabulate.winners import moved
from tests.example import example_cell

PENCE = {"primary": 500_000, "ks3": 500_000, "ks4": 600_000}


def cells(factor: float = 0.8, scaling: int = 0, **attrs: str) -> xr.Dataset:
    """Two cells of three years, the second of a written formula."""
    shape = ("cell", "year", "phase")
    pence = np.zeros((2, 3, 2, len(GENTLENESS)), np.int64)
    pence[1, 1:, 0, GENTLENESS.index("floor")] = 100 * 5_000_000
    pence[1, 1:, 0, GENTLENESS.index("scaling")] = scaling
    told = {FORMULA: json.dumps({"mine": {"solve": "basic", "pence": PENCE}}), **attrs}
    return xr.Dataset(
        {
            "solved_factor": (shape, np.full((2, 3, 2), factor)),
            "clause_pence": ((*shape, "protection"), pence),
        },
        coords={
            "year": [0, 1, 2],
            "protection": list(GENTLENESS),
            "scenario": ("cell", ["baseline", "mine"]),
            "draw": ("cell", [0, 0]),
        },
        attrs=told,
    )


def test_the_rate_of_the_first_and_the_last_year_is_told() -> None:
    ((name, text),) = money_told(cells())
    assert name == "Mine"
    assert "met by basic: GBP 4,000 in primary and 4,000/4,800 in secondary schools in year 1" in (
        text
    )
    assert "for GBP 5,000 in primary and 5,000/6,000 in secondary schools as written" in text
    assert "outside" not in text


@pytest.mark.parametrize("factor", [0.4, 2.1])
def test_a_factor_far_from_one_is_told(factor: float) -> None:
    assert "A factor outside 0.5 to 2" in money_told(cells(factor))[0][1]


def test_what_the_floor_costs_and_who_pays_it_is_told() -> None:
    text = money_told(cells())[0][1]
    assert (
        "the floor GBP 5m in year 1 and GBP 5m in year 2; the rate that meets the pot pays for it"
        in text
    )
    assert "schools that gain give it up" in money_told(cells(scaling=-100))[0][1]


def test_every_policy_that_shares_money_otherwise_is_told() -> None:
    sharing = {SHARING: json.dumps({"mine": {"rule": "flat", "closure": "external"}})}
    shown = labelled(cells(labels=json.dumps({"mine": "Our own"})).assign_attrs(sharing))
    shown.attrs.pop(FORMULA)
    assert set(sharing_of(shown.attrs)) == {"Our own"}
    ((name, text),) = money_told(shown)
    assert name == "Our own" and text.startswith("NOT THE SAME MONEY: new money for what floors")
    assert "Cost of gentleness, of keeping schools from losing: the floor GBP 5m in year 1" in text
    assert text.endswith("new money pays for it.")


def test_the_cost_of_gentleness_stands_by_clause_and_year() -> None:
    (table,) = money_tables(cells(scaling=-7).assign_coords(replicate=("cell", [0, 0]))).values()
    assert table["scenario"].unique().tolist() == ["mine"]
    assert table[["year", "phase", "clause", "gbp"]].values.tolist() == [
        [year, "primary", clause, gbp]
        for year in (1, 2)
        for clause, gbp in (("floor", 5_000_000.0), ("scaling", -0.07))
    ]


def test_nobody_else_is_told_and_labels_are_theirs() -> None:
    assert money_told(cells().assign_attrs({FORMULA: ""})) == []
    assert money_told(cells().drop_vars("solved_factor")) == []
    shown = labelled(cells(labels=json.dumps({"mine": "Our own"})))
    assert set(formulae_of(shown.attrs)) == {"Our own"}
    assert money_told(shown)[0][0] == "Our own"


def test_who_gains_and_who_loses_adds_up_to_the_change_of_money() -> None:
    base, policy = example_cell("baseline"), example_cell("pupil_need")
    base["school_pupils_0"] = base["school_pupils_0"] // 2
    found = moved(policy, base)
    each = [c["school_pence"].values.sum(0) / c["school_pupils"].values for c in (policy, base)]
    heads = base["school_pupils_0"].values * base["weight"].values[base["school_area"].values]
    change = (each[0] - each[1]) * heads
    kept = np.abs(each[0] - each[1]) >= 100
    assert float(found["moved_pence"].sum()) == pytest.approx(change[kept].sum())
    assert float(found["moved_pupils"].sum()) == pytest.approx(heads[kept].sum()) and kept.any()
    assert (found["moved_pence"].sel(way="lose") <= 0).all()
    none = moved(base, base)
    assert float(none["moved_pupils"].sum()) == 0.0


def test_heads_are_those_of_year_0_whatever_a_policy_does_to_rolls() -> None:
    base, policy = example_cell("baseline"), example_cell("pupil_need")
    grown = policy.assign(
        school_pupils=policy["school_pupils"] * 3, school_pence=policy["school_pence"] * 3
    )
    for name in ("moved_pupils", "moved_pence"):
        np.testing.assert_array_equal(moved(grown, base)[name], moved(policy, base)[name])


def test_the_smallest_fifth_of_schools_holds_a_fifth_of_them() -> None:
    base, policy = example_cell("baseline"), example_cell("pupil_need")
    policy["school_pence"] = base["school_pence"] + 10**9
    heads = moved(policy, base)["moved_pupils"].sel(way="gain").sum("fifth")
    many = base["weight"].values[base["school_area"].values]
    roll, phase = base["school_pupils_0"].values, base["school_phase"].values
    for at in (0, 1):
        mine = np.flatnonzero(phase == at)
        order = mine[np.argsort(roll[mine], kind="stable")]
        before = np.cumsum(many[order]) - many[order]
        low = order[before * 5 < many[order].sum()]
        assert heads.sel(size=1).values[at] == (roll * many)[low].sum()
        assert (np.diff(heads.values[at]) > 0).all()


def test_heads_and_pounds_of_winners_and_losers_are_told() -> None:
    base, policy = example_cell("baseline"), example_cell("pupil_need")
    sign = np.where(np.arange(base.sizes["school"]) % 3, 1, -1)
    policy["school_pence"] = base["school_pence"] + 10**7 * sign
    gain = moved(policy, base)
    both = xr.concat([0 * gain, gain], "cell")
    whole = cells().assign({name: both[name] for name in gain.data_vars})
    ((_, text),) = money_told(whole)
    assert "pupils are in schools that gain (GBP" in text and "schools that lose (GBP" in text
    assert "primary and" in text and "most affluent fifth of areas" in text
    assert "in the smallest fifth of schools" in text and "by their pupils in year 0" in text
    table = money_tables(whole)["winners_and_losers"]
    assert table["pupils_in_year_0"].sum() == float(gain["moved_pupils"].sum())
    assert table["gbp"].sum() == pytest.approx(float(gain["moved_pence"].sum()) / 100)
    assert set(table["school_size"]) == set(table["fifth"]) == {1, 2, 3, 4, 5}


def test_what_leaves_floors_alone_tells_only_who_gains() -> None:
    gain = moved(example_cell("pupil_need"), example_cell("baseline"))
    one_way = gain.assign(moved_pupils=gain["moved_pupils"] * (gain["way"] == "gain"))
    both = xr.concat([0 * one_way, one_way], "cell")
    given = cells().assign({name: both[name] for name in gain.data_vars})
    given.attrs = {SHARING: json.dumps({"mine": {"new_money_gbp": 1e9}})}
    ((_, text),) = money_told(given)
    assert "gentleness" not in text and "that lose" not in text and "fifth" not in text
    assert "pupils are in schools that gain (GBP" in text
    none = given.assign(moved_pupils=0 * given["moved_pupils"])
    assert "no school gains or loses a pound a pupil" in money_told(none)[0][1]
