"""What a policy does for jobs at 25 in a tenth of England, it does in the whole.

The second primary difference: disadvantaged young people in professional jobs at 25 under a policy
less the baseline, same luck, by affluence fifth of the home area. Policy has lasted 21 years, so
that those of 25 lived their whole school life under it. Two replicates, not four: a run of England
over 21 years takes a minute.
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

REPLICATES = 2
YEARS = 21
SCENARIOS = ("baseline", "pupil_need")
WINDOW = slice(YEARS - 2, YEARS)
HALF_MINIMUM = 0.0015
"""Half of the smallest difference that matters, 0.3 percentage points."""
NAMES = ["professional_n", "age25_n"]

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


@cache
def results(world: str, replicate: int) -> dict[str, xr.Dataset]:
    """People of 25 under each scenario, from one past; the last three years pooled."""
    words = (f"world={world}", f"years={YEARS}")
    every = [at(s, 0, replicate) for s in compose_all(SCENARIOS, words)]
    past = SchoolsModel(every[0]).live_past()
    found = {}
    for number, settings in enumerate(every, 1):
        whole = simulate(settings, past.copy() if number < len(every) else past)
        mine = whole[NAMES].sel(year=WINDOW, group=list(DISADVANTAGED))
        found[settings.scenario] = mine.sum(["year", "group"]).load()
    return found


def difference(world: str, fifth: int) -> Floats:
    """Policy less baseline in a fifth, share of people of 25, one number a replicate."""
    out = []
    for replicate in range(REPLICATES):
        rates = []
        for name in SCENARIOS:
            one = results(world, replicate)[name]
            weight = one["weight"].where(one["affluence"] == fifth, 0)
            reached, people = (float((one[what] * weight).sum()) for what in NAMES)
            rates.append(reached / people)
        out.append(rates[1] - rates[0])
    return np.array(out)


@pytest.mark.slow
@pytest.mark.parametrize("fifth", (1, 2, 3, 4, 5))
def test_money_by_need_does_for_jobs_in_the_tenth_what_it_does_in_england(fifth: int) -> None:
    tenth, england = difference("tenth", fifth), difference("england", fifth)
    error = np.sqrt(sum(values.var(ddof=1) / values.size for values in (tenth, england)))
    print(fifth, tenth, england, error)
    assert abs(tenth.mean() - england.mean()) < max(HALF_MINIMUM, 2 * error)


@pytest.mark.slow
def test_jobs_move_where_money_goes() -> None:
    assert np.mean([difference("england", fifth).mean() for fifth in (4, 5)]) > 0
