"""The baseline's floor of -0.9 % a year does not compound: schools on it do not pile up."""

from __future__ import annotations

import numpy as np
import pytest

from tests.laws import worlds

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


def on_floor(*overrides: str) -> Floats:
    """Share of schools that the floor holds up, policy years 1 to 22."""
    found = worlds.cell("baseline", "years=24", *overrides)
    return found["on_floor"].sel(year=slice(1, None)).values


@pytest.mark.parametrize("falling_rolls", ["true", "false"])
def test_the_share_of_schools_on_the_floor_settles(falling_rolls: str) -> None:
    share = on_floor(f"falling_rolls={falling_rolls}")
    assert share[-5:].mean() <= share[:5].mean() + 0.05
    assert 0 < share.max() < 0.5


def test_a_floor_above_nought_every_year_would_compound() -> None:
    share = on_floor("policy.funding.floor=0.005", "policy.funding.closure=external")
    assert share[-5:].mean() > 0.95
