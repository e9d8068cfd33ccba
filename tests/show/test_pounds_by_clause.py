"""England's pounds by clause, before and after, add up to all that is paid."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sim.show.money_tables import money_tables, pounds_shown


def cells() -> xr.Dataset:
    """Two areas of which one stands for three, three clauses, two policies, one draw beside."""
    pence = np.zeros((3, 3, 2))
    pence[0] = [[1000, 2000], [0, 0], [-300, 0]]
    pence[1] = [[900, 1500], [200, 400], [0, 0]]
    pence[2] = 9e9
    return xr.Dataset(
        {
            "area_pence": (("cell", "clause", "area"), pence),
            "area_pupils": (("cell", "area"), np.ones((3, 2))),
        },
        coords={
            "clause": ["basic", "uplift", "slice"],
            "weight": ("area", [1, 3]),
            "scenario": ("cell", ["baseline", "flat", "flat"]),
            "draw": ("cell", [0, 0, 1]),
        },
    )


def test_pounds_are_weighted_and_add_up() -> None:
    table = money_tables(cells())["pounds_by_clause"].set_index("clause")
    assert list(table.index) == ["basic", "uplift", "slice", "total"]
    assert table.loc["basic", "baseline_gbp"] == pytest.approx(70.0)
    assert table.loc["basic", "gbp"] == pytest.approx(54.0)
    for column in ("baseline_gbp", "gbp", "difference_gbp"):
        assert table.loc["total", column] == pytest.approx(table[column].iloc[:-1].sum())
    heads, rows = pounds_shown(table.reset_index())
    assert heads == ["Clause", "Baseline", "Flat"] and len(rows) == 4
    assert rows[0][0] == "basic: basic amount for every pupil"
    assert pounds_shown(None) == ([], [])
