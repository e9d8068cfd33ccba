"""A mix divides targeted money by shares: the old form is one share, the new one three."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.cli.levers import levers_of
from sim.config import compose
from sim.errors import BadRequest
from sim.funding.targeting import Targeted
from sim.study.doses import expected_dose
from tests.funding.schools import many, policy, years
from tests.funding.test_targeting import run, weighted

SAME = ("slice", "money")
MIXES: tuple[dict[str, float], ...] = (
    {"area": 0.5, "gap": 0.5},
    {"area": 0.2, "pupil": 0.3, "gap": 0.5},
    {"area": 0.1, "pupil": 0.9},
    {"pupil": 1.0},
    {"area": 0.34, "pupil": 0.33, "gap": 0.33},
)


def alike(one: Targeted, other: Targeted) -> bool:
    flags = np.array_equal(one.reach.flags, other.reach.flags)
    awards = np.array_equal(one.reach.awards, other.reach.awards)
    money = all(np.array_equal(getattr(one, name), getattr(other, name)) for name in SAME)
    return (
        flags and awards and money and one.rounding == other.rounding and one.notes == other.notes
    )


@pytest.mark.parametrize("given", [{}, {"dose_gbp": 300.0}, {"funded": False}, {"per": "pupil"}])
@pytest.mark.parametrize(("share", "arm"), [("gap", "gap_triggered"), ("area", "area_list")])
def test_the_old_form_is_the_new_one_bit_for_bit(
    share: str, arm: str, given: dict[str, Any]
) -> None:
    census = many(400, weighted=True)
    for part in (0.25, 0.5):
        old = run(census, arm=arm, mix=part, **given)
        assert alike(old, run(census, mix={"pupil": part, share: 1 - part}, **given))
    assert alike(run(census, arm=arm, **given), run(census, mix={share: 1}, **given))
    need = run(census, arm="pupil_need", **given)
    assert alike(need, run(census, mix={"pupil": 1.0}, **given))


@pytest.mark.parametrize("mix", MIXES)
def test_a_mix_pays_each_arm_its_share_and_every_pot_is_met(mix: dict[str, float]) -> None:
    census = many(400)
    names = {"area": "area_list", "pupil": "pupil_need", "gap": "gap_triggered"}
    whole = {share: run(census, arm=arm).money for share, arm in names.items()}
    found = run(census, mix=mix)
    expected = sum(part * whole[share] for share, part in mix.items())
    assert np.abs(found.money - expected).max() <= len(mix) + 0.01, "pence: a penny an arm"
    for phase in (0, 1):
        assert weighted(census, found.money, phase) == weighted(census, found.slice, phase)
    assert np.array_equal(found.slice, run(census, arm="area_list").slice)
    for grants in years(many(150, weighted=True), policy(mix=mix), 3)[0]:
        assert grants.targeted.any(), "Grants.check has compared every pot with Python integers"


def test_need_everywhere_points_at_no_school_beside_another_arm() -> None:
    census = many(400)
    area, gap = (run(census, arm=arm).reach.flags for arm in ("area_list", "gap_triggered"))
    flags = run(census, mix={"area": 0.2, "pupil": 0.3, "gap": 0.5}).reach.flags
    assert np.array_equal(flags, area | gap) and not flags.all()


def test_the_dose_of_a_mix_is_told_before_anything_runs() -> None:
    def pounds(*words: str) -> float:
        found = expected_dose(compose("baseline", ["world=england", *words]))
        assert found is not None
        return found.pounds

    area = pounds("policy.targeting.arm=area_list")
    need = pounds("policy.targeting.arm=pupil_need")
    assert pounds("policy.targeting.mix={area:0.5,gap:0.5}") == pytest.approx((area + need) / 2)
    assert area > need


def test_the_scenario_is_half_list_half_gap_and_says_so() -> None:
    one = compose("gap_and_place").policy.targeting
    assert one.shares == (("area_list", 0.5), ("gap_triggered", 0.5)) and one.arm == "mix"
    told = {lever.key: lever.meaning for lever in levers_of("gap_and_place", [])}
    assert {"targeting.mix.area", "targeting.mix.gap", "targeting.areas"} <= set(told)
    assert "targeting.trigger.on" in told and "targeting.mix.pupil" not in told


KEY = "policy.targeting.mix"
WRONG = (
    (f"{KEY}={{area:0.5,gap:0.4}}", "the shares add up to 0.9 and not to 1"),
    (f"{KEY}={{area:0.5,gaps:0.5}}", "'gaps' is not a share of the mix. Did you mean 'gap'"),
    (f"{KEY}={{area:1.5,gap:-0.5}}", "area: 1.5 is not allowed. Give a number from 0 to 1"),
    (f"{KEY}={{area:half,gap:0.5}}", "area: 'half' is not allowed. Give a number from 0 to 1"),
    (f"{KEY}=[0.5,0.5]", "is not allowed. Give a number from 0 to 1, or shares"),
    (f"{KEY}=true", "is not allowed. Give a number from 0 to 1, or shares"),
    (f"{KEY}.area=0.5", "policy.targeting.mix is a single value"),
    ("policy.targeting.arm=mix", "arm: mix needs three shares, such as mix"),
)


@pytest.mark.parametrize(("word", "said"), WRONG)
def test_shares_that_are_none_are_refused_with_what_to_do(word: str, said: str) -> None:
    with pytest.raises(BadRequest, match=said) as caught:
        compose("baseline", [word])
    assert "policy.targeting" in str(caught.value)


def test_an_arm_beside_three_shares_is_refused() -> None:
    with pytest.raises(BadRequest, match="so does arm: gap_triggered; leave arm out"):
        compose("gap_triggered", [f"{KEY}={{area:0.5,gap:0.5}}"])
