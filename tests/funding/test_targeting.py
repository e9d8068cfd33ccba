from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.data.base_year import base_year
from sim.data.facts import areas
from sim.errors import BadRequest
from sim.funding.census import Census
from sim.funding.targeting import Settled, Targeted, listed, target
from sim.funding.trigger import UNKNOWN
from sim.money import exact_sum
from tests.funding.schools import many, policy

ENGLAND_POT = base_year().england_pot


def settled(census: Census) -> Settled:
    basic = census.pupils * 400_000
    budget = basic + 15_000_000
    pots = {
        key: exact_sum(budget[census.phase == key], census.multiplicity[census.phase == key])
        for key in (0, 1)
    }
    return Settled(basic, budget, pots, {0: 0, 1: 0}, ENGLAND_POT)


def run(census: Census, **targeting: Any) -> Targeted:
    unknown = np.full(len(census), UNKNOWN)
    return target(census, policy(**targeting).targeting, settled(census), unknown)


def weighted(census: Census, money: Any, phase: int) -> int:
    mine = census.phase == phase
    return exact_sum(money[mine], census.multiplicity[mine])


@pytest.mark.parametrize("arm", ["area_list", "pupil_need", "gap_triggered"])
def test_each_phase_pays_its_own_share_of_the_envelope_to_the_penny(arm: str) -> None:
    census = many(400)
    given = settled(census)
    out = run(census, arm=arm)
    for phase, pot in given.pots.items():
        share = (2 * pot * 10**9 + ENGLAND_POT) // (2 * ENGLAND_POT)
        assert weighted(census, out.slice, phase) == share
        assert weighted(census, out.money, phase) == share
    assert out.rounding == {0: 0, 1: 0}


def test_every_arm_takes_the_same_slice_and_differs_only_in_who_gets_it() -> None:
    census = many(400)
    arms = [run(census, arm=arm) for arm in ("area_list", "pupil_need", "gap_triggered")]
    assert np.array_equal(arms[0].slice, arms[1].slice)
    assert np.array_equal(arms[0].slice, arms[2].slice)
    assert not np.array_equal(arms[0].money, arms[1].money)


@pytest.mark.parametrize("arm", ["area_list", "pupil_need", "gap_triggered"])
def test_weighted_schools_leave_a_rounding_below_one_weight(arm: str) -> None:
    census = many(400, weighted=True)
    out = run(census, arm=arm)
    for phase in (0, 1):
        gap = weighted(census, out.slice, phase) - weighted(census, out.money, phase)
        assert gap == out.rounding[phase]
        assert abs(gap) < int(census.multiplicity.max())


def test_need_money_follows_the_disadvantaged_pupil() -> None:
    census = many(400)
    out = run(census, arm="pupil_need")
    for phase in (0, 1):
        mine = (census.phase == phase) & (census.ever6 > 0)
        rate = out.money[mine] / census.ever6[mine]
        assert rate.max() - rate.min() < 1.0
    assert (out.money[census.ever6 == 0] == 0).all()


def test_money_a_pupil_goes_to_every_pupil_of_a_listed_school() -> None:
    census = many(400)
    out = run(census, arm="area_list", areas="opportunity_areas", per="pupil")
    assert ((out.money > 0) == census.opportunity_area).all()
    assert np.array_equal(out.reach.flags, census.opportunity_area)


def test_a_dose_gives_so_many_pounds_a_disadvantaged_pupil_reached() -> None:
    census = many(400)
    out = run(census, arm="area_list", dose_gbp=494.0)
    for phase in (0, 1):
        mine = (census.phase == phase) & census.education_investment_area
        assert int(out.money[mine].sum()) == 49_400 * int(census.ever6[mine].sum())
    assert out.notes == ()


def test_the_mix_dial_runs_from_the_arm_to_need_everywhere() -> None:
    census = many(400)
    need, arm = run(census, arm="pupil_need"), run(census, arm="area_list")
    assert np.array_equal(run(census, arm="area_list", mix=0.0).money, arm.money)
    assert np.array_equal(run(census, arm="area_list", mix=1.0).money, need.money)
    half = run(census, arm="area_list", mix=0.5).money
    assert np.abs(half - (need.money + arm.money) / 2).max() <= 2


def test_a_placebo_flags_the_same_schools_and_moves_no_penny() -> None:
    census = many(400)
    real, placebo = run(census, arm="gap_triggered"), run(census, arm="gap_triggered", funded=False)
    assert np.array_equal(real.reach.flags, placebo.reach.flags)
    assert np.array_equal(real.reach.awards, placebo.reach.awards)
    assert not placebo.money.any()
    assert not placebo.slice.any()


def test_without_any_award_there_is_no_slice_and_the_year_says_so() -> None:
    census = replace(many(100), gaps=None)
    out = run(census, arm="gap_triggered")
    assert not out.slice.any()
    assert len(out.notes) == 2
    assert "nobody to target in primary schools" in out.notes[0]


def test_a_dose_beyond_all_evidence_is_called_one() -> None:
    out = run(many(400), arm="area_list", areas="opportunity_areas")
    assert any("outside the evidence" in note for note in out.notes)


def test_areas_may_be_named_or_coded() -> None:
    census = many(400)
    row = int(census.area[0])
    england = areas()
    by_name = listed(census, [str(england.name[row])])
    assert np.array_equal(by_name, census.area == row)
    assert np.array_equal(listed(census, (str(england.code[row]),)), by_name)


def test_a_world_may_number_its_own_areas() -> None:
    census = replace(many(40), area=np.arange(40) % 2, area_codes=("E06000009", "E09000012"))
    assert np.array_equal(listed(census, ["Hackney"]), census.area == 1)


@pytest.mark.parametrize(
    ("named", "words"),
    [
        (["Blackpol"], "'Blackpol' is not an area. Did you mean 'Blackpool'"),
        (["Hackney"], "no school of this world lies in Hackney"),
        ("opportunity_areas", "no school of this world lies in opportunity_areas"),
    ],
)
def test_an_area_list_that_reaches_nobody_is_refused(named: Any, words: str) -> None:
    census = replace(
        many(40),
        area=np.zeros(40, dtype=np.int64),
        area_codes=("E06000009",),
        opportunity_area=np.zeros(40, dtype=np.bool_),
    )
    with pytest.raises(BadRequest, match=words):
        listed(census, named)


def test_more_than_basic_entitlement_cannot_be_sliced_off_it() -> None:
    with pytest.raises(BadRequest, match="lower envelope_gbp or dose_gbp"):
        run(many(40), arm="pupil_need", dose_gbp=20_000.0)
