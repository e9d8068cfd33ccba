"""A tenth of England says of a policy what the whole says, within what matters or what luck does.

The primary difference: disadvantaged pupils' Attainment 8 under a policy less the baseline, same
luck, by affluence fifth of the area. Area lists are compared within listed and unlisted areas,
because 25 areas hold another mix of them.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import xarray as xr

from sim.config import compose_all
from sim.model import SchoolsModel
from sim.record.variables import DISADVANTAGED
from sim.study.cells import at, simulate

REPLICATES = 4
SCENARIOS = ("baseline", "pupil_need", "area_list_eia")
WINDOW = slice(8, 12)
HALF_MINIMUM = 0.21
"""Half of the smallest difference that matters, 0.02 SD of about 21 points."""
FIFTHS = (1, 2, 3, 4, 5)

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


@cache
def results(world: str, replicate: int) -> dict[str, xr.Dataset]:
    """Sums at 16 of the scenarios, from one past; counted by area, years pooled."""
    every = [at(s, 0, replicate) for s in compose_all(SCENARIOS, (f"world={world}", "years=12"))]
    past = SchoolsModel(every[0]).live_past()
    found = {}
    for number, settings in enumerate(every, 1):
        whole = simulate(settings, past.copy() if number < len(every) else past)
        mine = whole[["attainment8_sum", "ks4_n"]].sel(year=WINDOW, group=list(DISADVANTAGED))
        found[settings.scenario] = mine.sum(["year", "group"]).load()
    return found


def difference(world: str, scenario: str, fifth: int, listed: int | None = None) -> Floats:
    """Policy less baseline in a fifth, points, one number a replicate; empty without areas."""
    out = []
    for replicate in range(REPLICATES):
        found = results(world, replicate)
        means = []
        for name in (scenario, "baseline"):
            one = found[name]
            here = (one["affluence"] == fifth) & (
                True if listed is None else one["listed_eia"] == listed
            )
            weight = one["weight"].where(here, 0)
            pupils = float((one["ks4_n"] * weight).sum())
            if pupils == 0:
                return np.array([])
            means.append(float((one["attainment8_sum"] * weight).sum()) / pupils)
        out.append(means[0] - means[1])
    return np.array(out)


def agree(tenth: Floats, england: Floats) -> tuple[float, float]:
    """How far two means lie apart, and how far they may."""
    errors = [values.var(ddof=1) / values.size for values in (tenth, england)]
    apart = abs(float(tenth.mean() - england.mean()))
    return apart, max(HALF_MINIMUM, 2 * float(np.sqrt(sum(errors))))


@pytest.mark.slow
@pytest.mark.parametrize("fifth", FIFTHS)
def test_money_by_need_does_in_the_tenth_what_it_does_in_england(fifth: int) -> None:
    apart, allowed = agree(
        difference("tenth", "pupil_need", fifth), difference("england", "pupil_need", fifth)
    )
    assert apart < allowed


@pytest.mark.slow
@pytest.mark.parametrize("listed", [0, 1])
@pytest.mark.parametrize("fifth", FIFTHS)
def test_an_area_list_does_in_the_tenth_what_it_does_in_england(fifth: int, listed: int) -> None:
    tenth = difference("tenth", "area_list_eia", fifth, listed)
    england = difference("england", "area_list_eia", fifth, listed)
    if not (tenth.size and england.size):
        pytest.skip("one of the worlds has no such areas")
    apart, allowed = agree(tenth, england)
    assert apart < allowed


@pytest.mark.slow
def test_a_policy_does_something_that_can_be_compared() -> None:
    need = difference("england", "pupil_need", 5)
    assert need.mean() > 0.05
    assert difference("england", "area_list_eia", 5, 1).mean() > need.mean()
