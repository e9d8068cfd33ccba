"""Progression: a slower clock for low origins, unless employers reform; pay and its gaps."""

import functools
from types import SimpleNamespace

import numpy as np
import pytest

from sim.codes import JOB_PROFESSIONAL
from sim.config import compose
from sim.data.careers import careers
from sim.markets.jobs import Scene
from sim.model.agents import Employer
from sim.rng import Key
from sim.world.employers import Employers, row_of
from sim.year import progression
from tests.young_people import YEAR, cohort

composed = functools.cache(compose)


def scene(*overrides, year=YEAR):
    chosen = composed("baseline", overrides)
    return Scene(chosen.beliefs.values.progression, chosen.switches, Key(1, 0), year)


def at_work(size=40_000, job=JOB_PROFESSIONAL):
    people = cohort(size, 19)
    people.job[:] = job
    people.region = people.market = people.area
    return people


def years_to_first_step(people, employers, *overrides):
    """Mean years until the first step over people of working and of other origin."""
    people.grade_of_job[:] = 0
    waited = np.full(people.rows, np.nan)
    for n in range(1, 40):
        progression.promote(people, employers, scene(*overrides, year=YEAR + n))
        waited[np.isnan(waited) & (people.grade_of_job > 0)] = n
    low = people.occupation == 2
    return np.nanmean(waited[low]), np.nanmean(waited[~low])


def test_low_origins_wait_16_to_25_per_cent_longer():
    low, others = years_to_first_step(at_work(), Employers())
    assert others == pytest.approx(3, abs=0.06)
    assert 1.16 < low / others < 1.25


def test_reform_takes_away_its_share_of_the_delay_and_hurts_nobody():
    employers = Employers()
    before = progression.hazard(employers, scene())
    employers.reform[:] = 1
    after = progression.hazard(employers, scene())
    assert (after[:, :2] == before[:, :2]).all()
    assert after[0, 2] / after[0, 0] == pytest.approx(1 - 0.16 * 0.3)
    full = progression.hazard(employers, scene("beliefs.progression.reform_effect=1"))
    assert full[:, 2] == pytest.approx(full[:, 0])


def test_only_reformed_employers_change():
    employers = Employers()
    employers.reform[row_of(2, JOB_PROFESSIONAL)] = 1
    people, twin = at_work(), at_work()
    progression.promote(people, employers, scene())
    progression.promote(twin, Employers(), scene())
    changed = people.grade_of_job != twin.grade_of_job
    assert changed.any()
    assert (people.region[changed] == 2).all() and (people.occupation[changed] == 2).all()
    assert (people.grade_of_job >= twin.grade_of_job).all()


def test_without_background_the_clock_and_the_conditional_gap_are_gone():
    off = "switches.after_school_background=false"
    low, others = years_to_first_step(at_work(), Employers(), off)
    assert low / others == pytest.approx(1, abs=0.03)
    people = at_work(200)
    for name in ("score", "degree", "entered", "level3", "region"):
        people.get(name)[...] = 0
    progression.pay(people, careers().log_pay, scene(off, "beliefs.progression.pay_sd=0.2"))
    twin = at_work(200)
    for name in ("score", "degree", "entered", "level3", "region"):
        twin.get(name)[...] = 0
    twin.occupation[:] = 0
    progression.pay(twin, careers().log_pay, scene("beliefs.progression.pay_sd=0.2"))
    assert (people.pay == twin.pay).all()


def test_at_equal_everything_low_origin_earns_the_conditional_gap_less():
    people, twin = at_work(500), at_work(500)
    people.occupation[:], twin.occupation[:] = 2, 0
    for one in (people, twin):
        progression.pay(one, careers().log_pay, scene())
    assert people.pay / twin.pay == pytest.approx(np.full(500, np.exp(-0.05)), rel=1e-5)


def test_nobody_is_paid_or_promoted_without_a_post_for_it():
    people = at_work(300, job=1)
    people.job[:100] = 0
    progression.promote(people, Employers(), scene())
    progression.pay(people, careers().log_pay, scene())
    assert not people.grade_of_job.any()
    assert not people.pay[:100].any() and (people.pay[100:] > 5000).all()


def test_nobody_climbs_above_the_top():
    people, employers = at_work(300), Employers()
    for n in range(60):
        progression.promote(people, employers, scene(year=YEAR + n))
    assert (people.grade_of_job == 4).all()


def test_switched_off_nobody_is_promoted_and_pay_hangs_on_the_level_alone():
    people = at_work(300)
    people.job[:150] = 2
    progression.promote(people, Employers(), scene("switches.progression=false"))
    progression.pay(people, careers().log_pay, scene("switches.progression=false"))
    assert not people.grade_of_job.any()
    assert len(set(people.pay[:150].tolist())) == len(set(people.pay[150:].tolist())) == 1
    assert people.pay[0] < people.pay[-1]


def test_employers_go_part_of_the_way_each_year_and_only_scheme_employers_sift():
    employers = Employers()
    employers.contextual[:] = 0.1
    policy = compose("contextual_recruitment").policy
    model = SimpleNamespace(employers=employers)
    for row in range(employers.rows):
        agent = SimpleNamespace(model=model, row=row, table=employers)
        agent.level, agent.reform = employers.level[row], employers.reform[row]
        agent.contextual, agent.blind = employers.contextual[row], employers.blind[row]
        Employer.adopt(agent, policy, 0.5)  # type: ignore[arg-type]
        employers.contextual[row] = agent.contextual
    professional = employers.level == JOB_PROFESSIONAL
    assert employers.contextual[professional] == pytest.approx(0.55)
    assert employers.contextual[~professional] == pytest.approx(0.1)
