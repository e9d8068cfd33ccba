"""Drift and shocks of a year: where nothing is lost all is as ever, and policies share the luck."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import xarray as xr

from sim.codes import FIRST_SECONDARY, LAST_GRADE
from sim.evidence.results import Results
from sim.model import SchoolsModel, learning
from sim.study.cells import simulate
from sim.world import effects
from tests.laws import worlds
from tests.model.stage import before
from tests.twins.cohorts import believed

OFF = ("switches.drift=false", "switches.cohort_shocks=false")
SHARES = ("drift", "cohort_shock_primary", "cohort_shock_secondary")
NOTHING = tuple(f"beliefs.learning.{name}=0" for name in SHARES)
YEARS = 3


def test_where_nothing_is_lost_and_no_year_stands_out_all_is_as_ever_bit_for_bit() -> None:
    still = ("years=2", "machine.outside_range=true", *NOTHING)
    mine = worlds.settings("baseline", *still)
    found = simulate(mine, worlds.past(mine))
    plain = worlds.settings("baseline", "years=2", *OFF)
    as_ever = simulate(plain, worlds.past(plain))
    for name in as_ever.data_vars:
        xr.testing.assert_identical(
            found[name].drop_vars(("scenario",), errors="ignore").reset_coords(drop=True),
            as_ever[name].drop_vars(("scenario",), errors="ignore").reset_coords(drop=True),
        )


@cache
def lived(scenario: str, *overrides: str) -> tuple[np.ndarray, np.ndarray]:
    """Value added, and mean results at 16 by area, after some years from one past."""
    mine = worlds.settings(scenario, f"years={YEARS}", *overrides)
    found = []

    def watch(model: SchoolsModel) -> None:
        if model.policy_year == YEARS:
            ks4 = Results.of(model, model.nation.made.sittings[2])
            every = np.ones(ks4.dis.size, np.bool_)
            found.append(model.world.schools.value_added.copy())
            found.append(ks4.by_area(ks4.points, every, len(model.world.areas)))

    model = SchoolsModel(mine, worlds.past(worlds.settings()))
    model.watch = watch
    model.run()
    model.close()
    return found[0], found[1]


def test_policies_are_compared_under_the_same_drift_and_the_same_shocks() -> None:
    """What a policy does to an area is told as sharply with them as without."""
    plain, policy = lived("baseline"), lived("pupil_need")
    assert np.array_equal(plain[0], policy[0])
    still = lived("baseline", *OFF), lived("pupil_need", *OFF)
    assert np.abs(plain[1] - still[0][1]).max() > 0.3
    gained, gained_still = policy[1] - plain[1], still[1][1] - still[0][1]
    assert np.abs(gained - gained_still).max() < 0.02


@pytest.mark.parametrize("grade", [FIRST_SECONDARY - 1, FIRST_SECONDARY, LAST_GRADE])
def test_a_shock_is_for_those_examined_alike_in_an_area_and_fades_in_no_account(
    grade: int,
) -> None:
    found = []
    for shocks in (False, True):
        with before(learning.teach) as nation:
            terms = nation.terms
            on = terms.on.model_copy(update={"cohort_shocks": shocks})
            known = believed(learning={"cohort_shock_primary": 0.05})
            nation.terms = replace(terms, on=on, values=known)
            learning.teach(nation, nation.year)
            (pupils,) = (p for p in nation.world.cohorts.values() if p.grade(nation.year) == grade)
            found.append((pupils.attain.copy(), pupils.made.copy()))
            here = nation.world.enrolled(pupils)
            area = nation.world.schools.area[pupils.school[here]]
            both = effects.of_cohorts(nation.world, known.learning, nation.year)
    assert np.array_equal(found[0][1], found[1][1])
    added = (found[1][0] - found[0][0])[here]
    if grade == FIRST_SECONDARY:
        assert set(added.tolist()) == {0.0}
    else:
        assert added == pytest.approx(both[grade == LAST_GRADE][area], abs=2e-6)
