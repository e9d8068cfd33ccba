"""Which swept keys a result follows: found where it is so, and not named where luck may be it."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sim.errors import BadRequest
from sim.tabulate import influences
from sim.tabulate.swept_keys import interval_of_rank


def sweep(points: int, keys: int, seed: int = 1) -> xr.Dataset:
    """Made up: a difference that follows the first key, luck, and keys that do nothing."""
    rng = np.random.default_rng(seed)
    drawn = rng.random((points, keys))
    value = np.stack([drawn[:, 0] + 0.1 * rng.random(points), rng.random(points)], axis=1)
    labels = {f"beliefs.money.key_{n}": ("setting", drawn[:, n]) for n in range(keys)}
    return xr.Dataset(
        {"value": (("setting", "scenario", "place"), value[:, :, None])},
        coords={"scenario": ["flat", "pupil_need"], "place": ["All areas"], **labels},
    )


def test_a_key_that_moves_the_result_is_named_and_others_are_not() -> None:
    found = influences(sweep(32, 5))
    assert found["key"].iloc[0] == "beliefs.money.key_0" and found["scenario"].iloc[0] == "flat"
    assert found["verdict"].iloc[0] == "rises with it"
    assert set(found["verdict"].iloc[1:]) == {"cannot be told with 32 points"}
    assert (found["low"] <= found["rho"]).all() and (found["rho"] <= found["high"]).all()
    turned = sweep(32, 5)
    down = influences(turned.assign(value=-turned["value"]))
    assert down["verdict"].iloc[0] == "falls with it"


def test_what_few_points_cannot_tell_is_said() -> None:
    """Ranking forty keys by eight points names pure luck."""
    named = [
        influences(sweep(8, 40, seed).isel(scenario=[1]))["verdict"].iloc[0] for seed in range(20)
    ]
    assert named.count("cannot be told with 8 points") >= 15


def test_tables_of_beliefs_are_one_key_and_words_none() -> None:
    table = sweep(16, 1)
    lists = [f"[{v},{2 * v}]" for v in table["beliefs.money.key_0"].values]
    both = table.assign_coords(
        {"beliefs.plans.dose": ("setting", lists), "policy.funding.rule": ("setting", ["nff"] * 16)}
    )
    found = influences(both.isel(scenario=[0]))
    assert set(found["key"]) == {"beliefs.money.key_0", "beliefs.plans.dose"}
    assert found["rho"].nunique() == 1
    assert found.attrs["left_out"] == [], "the rule is the same in all"


def test_a_table_is_ranked_by_its_first_number_that_differs_and_words_are_named() -> None:
    table = sweep(16, 1)
    lists = [f"[0,0,{v:.6f}]" for v in table["beliefs.money.key_0"].values]
    both = table.assign_coords(
        {
            "beliefs.higher.entry_route": ("setting", lists),
            "policy.funding.rule": ("setting", ["nff", "flat"] * 8),
        }
    )
    found = influences(both.isel(scenario=[0]))
    assert set(found["key"]) == {"beliefs.money.key_0", "beliefs.higher.entry_route"}
    assert found["rho"].nunique() == 1
    assert found.attrs["left_out"] == ["policy.funding.rule"]


def test_a_table_without_settings_is_refused_and_one_without_numbers_is_empty() -> None:
    with pytest.raises(BadRequest, match=r"no settings that differ .* sim.difference"):
        influences(sweep(4, 2).isel(setting=0))
    empty = influences(sweep(8, 2).assign(value=lambda d: d["value"] * np.nan))
    assert empty.empty and {"key", "rho", "verdict"} <= set(empty.columns)


def test_the_interval_holds_what_is_there_nine_times_in_ten() -> None:
    rng = np.random.default_rng(2)
    from scipy import stats

    held, true, studies = 0, 0.6, 400
    for _ in range(studies):
        one, other = rng.multivariate_normal([0, 0], [[1, true], [true, 1]], 16).T
        low, high = interval_of_rank(float(stats.spearmanr(one, other).statistic), 16)
        held += low < 6 / np.pi * np.arcsin(true / 2) < high
    assert 0.84 < held / studies < 0.95
