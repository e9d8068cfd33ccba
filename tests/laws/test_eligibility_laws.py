"""Eligibility by Universal Credit: money follows a register of its own, and labels no child."""

from __future__ import annotations

import numpy as np
import pytest

from sim.codes import FIRST_PAID_MEAL
from sim.funding.workings import workings
from sim.model import SchoolsModel, census
from sim.model.model import ORDER
from sim.world import schooling
from sim.year import households
from tests.laws import worlds

YEARS = "years=5"
FIRST = 2027
"""The school year that begins in the autumn of 2026."""
KEY = "policy.eligibility"
ALL = ("ends_protection", "fsm", "fsm6", "premium", "targeting", "programmes")


def asked(**said: bool) -> tuple[str, ...]:
    """Settings of the date of 2026 with what follows it, false unless said."""
    follows = dict.fromkeys(ALL, False) | said
    return (
        f"{KEY}.universal_credit_from=2026",
        *(f"{KEY}.{name}={str(value).lower()}" for name, value in follows.items()),
    )


def lived(scenario: str, *overrides: str) -> SchoolsModel:
    """A tiny nation that has lived five years."""
    return worlds.lived(scenario, YEARS, *overrides)


def everything(model: SchoolsModel, *but: str) -> dict[str, np.ndarray]:
    """Every number of every child and adult, but for the columns named."""
    found = {}
    for kind, blocks in (("child", model.world.cohorts), ("adult", model.after.adults)):
        for year, block in blocks.items():
            for name, values in block.data.items():
                if name not in but:
                    found[f"{kind} {year} {name}"] = values
    return found


def assert_alike(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> None:
    assert set(one) == set(other)
    for name, values in one.items():
        np.testing.assert_array_equal(values, other[name], err_msg=name)


@pytest.mark.parametrize("scenario", ["fsm_2026", "fsm_2026_premium"])
def test_without_money_no_child_is_changed_bit_for_bit(scenario: str) -> None:
    off = "switches.money=false"
    before, after = lived("baseline", off), lived(scenario, off)
    assert_alike(everything(before), everything(after, "counted"))
    paid = after.nation.made.grants.lines["fsm"]
    assert (paid != before.nation.made.grants.lines["fsm"]).any()


def test_a_register_that_no_money_follows_changes_nothing_at_all() -> None:
    one, other = lived("baseline"), lived("baseline", *asked(ends_protection=True))
    assert_alike(everything(one), everything(other, "counted"))
    for clause, pence in one.nation.made.grants.lines.items():
        np.testing.assert_array_equal(pence, other.nation.made.grants.lines[clause])


def test_a_line_no_higher_than_that_of_free_meals_is_the_rule_of_today() -> None:
    kept = asked(fsm=True, fsm6=True, premium=True, targeting=True)
    same = lived("baseline", *kept, "beliefs.people.credit_line=0", "machine.outside_range=true")
    assert_alike(everything(lived("baseline")), everything(same, "counted"))
    for pupils in same.world.cohorts.values():
        np.testing.assert_array_equal(pupils.counted, pupils.registered)


def test_nothing_happens_before_the_date_and_money_follows_a_year_after_it() -> None:
    changed = []
    models = [
        SchoolsModel(s, worlds.past(s))
        for s in (worlds.settings("baseline", YEARS), worlds.settings("fsm_2026", YEARS))
    ]
    for _ in range(5):
        for model in models:
            model.step()
        one, other = (model.nation.made.grants.lines["fsm"] for model in models)
        changed.append(bool((one != other).any()))
    assert changed == [False, False, False, True, True]


def test_the_register_of_money_holds_that_of_the_label() -> None:
    after = lived("fsm_2026")
    more = 0
    for pupils in after.world.cohorts.values():
        assert ((pupils.counted & pupils.registered) == pupils.registered).all()
        more += int((pupils.counted != pupils.registered).sum())
    assert more > 0


def test_it_takes_two_bytes_a_child_and_only_where_it_is_asked_for() -> None:
    bare, more = lived("baseline"), lived("fsm_2026")
    for year, pupils in bare.world.cohorts.items():
        other = more.world.cohorts[year]
        assert other.nbytes() - pupils.nbytes() == 2 * pupils.rows
        assert not pupils.has("counted")


def test_the_census_counts_what_income_and_claims_say_by_hand() -> None:
    settings = worlds.settings("fsm_2026", "years=4")
    model = SchoolsModel(settings, worlds.past(settings))
    while model.year < FIRST + 1:
        model.step()
    line, slope = (np.float32(getattr(model.terms.values.people, n)) for n in (
        "credit_line", "income_age_slope"
    ))  # fmt: skip
    for process in ORDER:
        process(model.nation, model.year)
        if process is census.count_rolls:
            break
    rows = len(model.world.schools)
    now, six_years, meals = np.zeros((3, rows + 1), int)
    for pupils in model.world.cohorts.values():
        grade = pupils.grade(model.year)
        older = slope * (np.float32(grade) - np.float32(5.5))
        below = pupils.income + pupils.transitory + older < line - pupils.claims
        eats = below & (pupils.come <= grade)
        ever = eats | ((pupils.counted >> 1 & 0b111_1111) != 0)
        now += np.bincount(pupils.school[eats], minlength=rows + 1)
        six_years += np.bincount(pupils.school[ever], minlength=rows + 1)
        if grade >= FIRST_PAID_MEAL:
            before = (pupils.registered & model.terms.bits.fsm) != 0
            meals += np.bincount(pupils.school[eats], minlength=rows + 1)
            meals -= np.bincount(pupils.school[before], minlength=rows + 1)
    schools = model.world.schools
    np.testing.assert_array_equal(schools.fsm_counted, now[:-1])
    np.testing.assert_array_equal(schools.ever6_counted, six_years[:-1])
    np.testing.assert_array_equal(schools.more_meals, meals[:-1])
    model.close()


@pytest.mark.parametrize("scenario", ["fsm_2026", "fsm_2026_premium"])
def test_the_pot_of_each_phase_stays_the_same_to_the_penny(scenario: str) -> None:
    one, other = lived("baseline"), lived(scenario)
    for phase in (0, 1):
        mine = one.world.schools.phase == phase
        grants = [model.nation.made.grants for model in (one, other)]
        pots = [g.pots[phase] for g in grants]
        paid = [int(g.from_pot[mine].sum()) for g in grants]
        assert pots[0] == pots[1]
        assert paid[0] == paid[1]


def test_the_premium_follows_where_it_is_told_to_and_at_the_same_rate() -> None:
    bare, kept, follows = (lived(name) for name in ("baseline", "fsm_2026", "fsm_2026_premium"))
    premium = [model.nation.made.grants.premium for model in (bare, kept, follows)]
    np.testing.assert_array_equal(premium[0], premium[1])
    rates = follows.terms.base.rates.premium
    census = follows.nation.made.census
    pupils = census.for_premium
    assert (pupils != bare.nation.made.census.ever6).any()
    by_hand = pupils * np.array(rates)[census.phase]
    np.testing.assert_array_equal(premium[2], np.where(census.funded, by_hand, 0))


def test_meals_that_the_formula_is_to_pay_come_off_margins() -> None:
    one = lived("fsm_2026")
    schools, plans = one.world.schools, one.terms.values.plans
    assert plans.meal_cost_gbp > 0
    assert schools.more_meals.any()
    assert not lived("baseline").world.schools.has("more_meals")
    kept = lived("baseline", *asked(fsm6=True))
    assert not kept.world.schools.more_meals.any()


def test_money_for_programmes_acts_once_whoever_they_reach() -> None:
    """At a line no higher than today's the parts by register add up to what they were."""
    kept = asked(programmes=True)
    split = lived("baseline", *kept, "beliefs.people.credit_line=0", "machine.outside_range=true")
    whole = lived("baseline")
    schools, before = split.world.schools, whole.world.schools
    both = schools.flow_dis[:, -1] + schools.flow_reached[:, -1]
    assert (schools.flow_reached[:, -1] > 0).any()
    np.testing.assert_allclose(both, before.flow_dis[:, -1], atol=1e-5)
    attain = [
        np.concatenate([p.attain for p in model.world.cohorts.values()]).mean()
        for model in (split, whole)
    ]
    assert abs(attain[0] - attain[1]) < 1e-5


def test_programmes_help_those_they_reach_and_nobody_else() -> None:
    model = lived("fsm_2026_premium")
    pupils = next(p for p in model.world.cohorts.values() if p.grade(model.year - 1) == 4).copy()
    before = pupils.copy()
    flow = model.world.schools.flow_reached[:, -1]
    whom = pupils.id % 2 == 0
    schooling.reach(pupils, 4, model.terms.values, model.terms.on, whom, flow)
    here = whom & (pupils.school < flow.size) & (pupils.come <= 4)
    wanted = np.where(here, flow[np.minimum(pupils.school, flow.size - 1)], np.float32(0))
    for name in ("attain", "added"):
        np.testing.assert_array_equal(pupils.get(name), before.get(name) + wanted)
    assert (pupils.made[here] >= before.made[here]).all()
    np.testing.assert_array_equal(pupils.made[~here], before.made[~here])


def test_protection_that_ends_is_seen_in_ever_6_for_five_years() -> None:
    usual = households.eligibility(protected=True)
    kept = households.Credit(FIRST, np.float32(0.3), ends=False)
    gone = households.Credit(FIRST, np.float32(0.3), ends=True)
    assert kept.bits(usual, FIRST) == usual
    assert [int(gone.bits(usual, FIRST + k).fsm) for k in (0, 9)] == [1, 1]
    reach = [int(gone.bits(usual, FIRST + k).ever6).bit_count() for k in range(7)]
    assert reach == [8, 8, 8, 8, 8, 6, 6]


def test_explanations_count_those_whom_money_follows() -> None:
    model = lived("fsm_2026_premium")
    made, schools = model.nation.made, model.world.schools
    everybody = np.ones(len(schools), bool)
    products = workings(
        made.census, made.grants, model.settings.policy, model.terms.base.rates, everybody
    )
    counted = {}
    for one in products:
        counted[one.clause] = counted.get(one.clause, 0) + one.count
    funded = made.census.funded
    assert counted["fsm"] == made.census.fsm[funded].sum()
    assert counted["premium"] == made.census.for_premium[funded].sum()
