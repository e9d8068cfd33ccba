"""Worth of gains, limited places, local work: off is today's model, and what is fixed stays so."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

from sim.codes import ENTRY_HIGH_TARIFF, FIRST_ADULT_GRADE, JOB_LEVELS, LEVELS_GRADE
from sim.data.careers import careers, pay_at_level
from sim.model import SchoolsModel
from sim.nation import by_grade
from sim.study.cells import simulate
from sim.year import recruitment
from tests.laws import worlds
from tests.laws.worlds import content

GAINS, PLACES = "switches.causal_gains=true", "switches.tariff_places=true"
WORK, PAY = "switches.local_work=true", "switches.pay_by_level=true"
YEARS = 4


def alike(one: xr.Dataset, other: xr.Dataset) -> None:
    for name in one.data_vars:
        xr.testing.assert_identical(
            one[name].drop_vars(("scenario",), errors="ignore").reset_coords(drop=True),
            other[name].drop_vars(("scenario",), errors="ignore").reset_coords(drop=True),
        )


# ---- year 0 ------------------------------------------------------------------------------------


def test_worth_of_gains_and_limited_places_leave_year_0_as_it_is() -> None:
    plain = content(worlds.past(worlds.settings()))
    assert content(worlds.past(worlds.settings("baseline", GAINS, PLACES))) == plain
    added = [columns for name, columns in plain.items() if name.endswith(".added")]
    assert added and not any(np.frombuffer(one, np.float32).any() for one in added)


# ---- what money adds ---------------------------------------------------------------------------


def test_a_gain_worth_all_of_it_is_todays_model_bit_for_bit() -> None:
    whole = worlds.settings("pupil_need", GAINS, "beliefs.post16.causal_share=1")
    plain = worlds.settings("pupil_need", "switches.causal_gains=false")
    one, other = (worlds.past(worlds.settings()) for _ in range(2))
    alike(simulate(whole, one), simulate(plain, other))


def leaving(scenario: str, *overrides: str) -> tuple[Any, ...]:
    """Marks, what money has added, and what counts later, of those who leave in the last year."""
    mine = worlds.settings(scenario, *overrides)
    model = SchoolsModel(mine, worlds.past(worlds.settings()))
    for _ in range(YEARS):
        model.step()
    pupils_left = by_grade(model.after, model.year)[FIRST_ADULT_GRADE]
    order = np.argsort(pupils_left.id)
    marks, counted = model.memory.leavers.score.copy(), pupils_left.score[order].copy()
    spread = float(model.terms.values.assessment.mark_sd[2])
    model.close()
    return marks, counted, spread


def test_what_policy_adds_counts_for_its_share_and_nothing_else_does() -> None:
    """The same children under two policies: what counts differs by the share of what was added."""
    share = worlds.settings().beliefs.values.post16.causal_share
    _, plain, _ = leaving("baseline", GAINS)
    _, policy, _ = leaving("pupil_need", GAINS)
    _, plain_whole, _ = leaving("baseline", "switches.causal_gains=false")
    _, policy_whole, _ = leaving("pupil_need", "switches.causal_gains=false")
    gained, whole = policy - plain, policy_whole - plain_whole
    assert np.abs(whole).mean() > 0.001
    assert np.corrcoef(gained, whole)[0, 1] > 0.95
    assert gained.mean() / whole.mean() == pytest.approx(share, abs=0.08)


# ---- places of high tariff ---------------------------------------------------------------------


def entry(scenario: str, *overrides: str) -> list[tuple[float, float, float]]:
    """Of those who turn 19, year by year: places there are, how many got one, how many entered."""
    mine = worlds.settings(scenario, *overrides)
    model, found = SchoolsModel(mine, worlds.past(worlds.settings())), []

    def watch(now: SchoolsModel) -> None:
        young = by_grade(now.after, now.year)[LEVELS_GRADE]
        weight = now.world.weight_of(young)
        places = now.memory.high_tariff * weight.sum()
        high = weight[young.entered == ENTRY_HIGH_TARIFF].sum()
        found.append((float(places), float(high), float(weight[young.entered > 0].sum())))

    model.watch = watch
    model.run()
    model.close()
    return found


def test_entrants_of_high_tariff_are_never_more_than_places_and_fill_them() -> None:
    hold = "beliefs.higher.independents_hold=1"
    limited, free = (
        entry("pupil_need", PLACES, hold),
        entry("pupil_need", "switches.tariff_places=false"),
    )
    assert len(limited) == YEARS
    for (places, high, entered), (_, _, as_ever) in zip(limited, free, strict=True):
        assert places - 1 <= high <= places
        assert entered == as_ever
    assert any(abs(high - places) > 2 for places, high, _ in free)


# ---- work --------------------------------------------------------------------------------------


def test_no_post_has_two_holders_and_nobody_out_of_work_has_one() -> None:
    model = worlds.model("baseline", WORK)
    for _ in range(2):
        model.step()
        employers, people = model.after.employers, by_grade(model.after, model.year)
        many = model.nation.work.demand.layout.region.size
        held = np.zeros((many, 4), np.int64)
        for block in people.values():
            assert not block.job[block.without_work.astype(bool)].any()
            held += recruitment.count(block, model.nation.work.places, many)[2]
        for level in JOB_LEVELS:
            assert (held[:, level] <= employers.posts[employers.at(level)]).all()
    model.close()


@pytest.mark.parametrize("response", [0.0, 0.5, 1.0])
def test_posts_follow_those_at_work_as_far_as_they_follow_those_who_qualify(
    response: float,
) -> None:
    model = worlds.model("baseline", WORK, f"beliefs.recruitment.vacancy_response={response}")
    employers = model.after.employers
    base, now = employers.at_work_base.copy(), []
    assert (base > 0.5).all() and (base <= 1).all() and (base < 1).any()
    for more in (1.0, 1.1):
        employers.at_work_base = base * more
        employers.supply = employers.supply_base
        scene = recruitment.Scene(
            model.terms.values.recruitment, model.terms.on, model.terms.key, model.year
        )
        blocks = list(by_grade(model.after, model.year).values())
        work = model.nation.work
        recruitment.open_posts(employers, blocks, work.places, work.demand, scene)
        now.append(employers.posts.copy())
    model.close()
    assert now[1].sum() / now[0].sum() == pytest.approx(1.1 ** (1 - response), rel=0.002)


def test_pay_of_regions_at_equal_jobs_keeps_the_nations_mean() -> None:
    table = careers()
    heads = table.workers.sum(1)
    at_level = pay_at_level(table, (0.0, 0.18, 0.53))
    nation, as_ever = (np.average(pay, weights=heads) for pay in (at_level, table.log_pay))
    assert nation == pytest.approx(as_ever, abs=1e-12)
    assert np.array_equal(pay_at_level(table, (0.2, 0.2, 0.2)).round(12), table.log_pay.round(12))
    professional = table.workers[:, 0] / heads
    assert np.corrcoef(table.log_pay - at_level, professional)[0, 1] > 0.95
    assert at_level.std() < table.log_pay.std()
