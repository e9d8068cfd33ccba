"""A written formula is told with its rate, what it costs to be gentle, and who gains and loses."""

from __future__ import annotations

import json

import numpy as np
import pytest
import xarray as xr

from sim.config.marks import FORMULA
from sim.show.labels import labelled
from sim.show.money_told import formulae_of, money_told
from sim.tabulate.winners import moved
from tests.example import example_cell

PENCE = {"primary": 500_000, "ks3": 500_000, "ks4": 600_000}


def cells(factor: float = 0.8, scaling: int = 0, **attrs: str) -> xr.Dataset:
    """Two cells of three years, the second of a written formula."""
    shape = ("cell", "year", "phase")
    zero = np.zeros((2, 3, 2), np.int64)
    floor, given = zero.copy(), zero.copy()
    floor[1, 1:, 0], given[1, 1:, 0] = 100 * 5_000_000, scaling
    told = {FORMULA: json.dumps({"mine": {"solve": "basic", "pence": PENCE}}), **attrs}
    return xr.Dataset(
        {
            "solved_factor": (shape, np.full((2, 3, 2), factor)),
            "floor_pence": (shape, floor),
            "minimum_pence": (shape, zero),
            "scaling_pence": (shape, given),
            "kept_pence": (shape, zero),
        },
        coords={
            "year": [0, 1, 2],
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
    assert "the floor GBP 5m in year 1 and GBP 5m in year 2; the solved rate pays for it" in text
    assert "schools that gain give it up" in money_told(cells(scaling=-100))[0][1]


def test_only_written_formulae_are_told_and_labels_are_theirs() -> None:
    assert money_told(cells().assign_attrs({FORMULA: ""})) == []
    assert money_told(cells().drop_vars("solved_factor")) == []
    shown = labelled(cells(labels=json.dumps({"mine": "Our own"})))
    assert set(formulae_of(shown.attrs)) == {"Our own"}
    assert money_told(shown)[0][0] == "Our own"


def test_who_gains_and_who_loses_adds_up_to_the_change_of_money() -> None:
    base, policy = example_cell("baseline"), example_cell("pupil_need")
    found = moved(policy, base)
    each = [c["school_pence"].values.sum(0) / c["school_pupils"].values for c in (policy, base)]
    heads = base["school_pupils"].values * base["weight"].values[base["school_area"].values]
    change = (each[0] - each[1]) * heads
    kept = np.abs(each[0] - each[1]) >= 100
    assert float(found["moved_pence"].sum()) == pytest.approx(change[kept].sum())
    assert float(found["moved_pupils"].sum()) == pytest.approx(heads[kept].sum()) and kept.any()
    assert (found["moved_pence"].sel(way="lose") <= 0).all()
    none = moved(base, base)
    assert float(none["moved_pupils"].sum()) == 0.0


def test_heads_and_pounds_of_winners_and_losers_are_told() -> None:
    gain = moved(example_cell("pupil_need"), example_cell("baseline"))
    both = xr.concat([0 * gain, gain], "cell")
    ((_, text),) = money_told(cells().assign({name: both[name] for name in gain.data_vars}))
    assert "pupils are in schools that gain (GBP" in text and "schools that lose (GBP" in text
    assert "primary and" in text and "affluent fifth" in text
