"""Money by depth of low income: counted from this year's income, same pounds, no child labelled."""

from __future__ import annotations

import numpy as np
import pytest

from sim.codes import PHASES
from sim.config.income_depth import STEPS
from sim.funding.lines import formula_lines
from sim.funding.workings import workings
from sim.model import SchoolsModel, census
from sim.model.model import ORDER
from sim.money import exact_sum
from sim.registry import RULES
from tests.laws import worlds

YEARS = "years=3"
KEY = "policy.funding.depth"


def lived(scenario: str, *overrides: str) -> SchoolsModel:
    """A tiny nation that has lived three years."""
    return worlds.lived(scenario, YEARS, *overrides)


def paid(model: SchoolsModel) -> dict[str, np.ndarray]:
    """What the rule pays by the last census, before the pot is met."""
    made, settings = model.nation.made, model.settings
    found = RULES.get("income_depth")(made.census, model.terms.base.rates, settings.policy.funding)
    return dict(found)


def test_without_money_no_child_is_changed_bit_for_bit() -> None:
    off = "switches.money=false"
    one, other = lived("baseline", off), lived("income_depth", off)
    for blocks in ("world.cohorts", "after.adults"):
        holder, _, name = blocks.partition(".")
        before, after = (getattr(getattr(m, holder), name) for m in (one, other))
        for year, block in before.items():
            for column, values in block.data.items():
                np.testing.assert_array_equal(values, after[year].data[column], err_msg=column)
    assert other.nation.made.grants.lines["depth"].any()


def test_depth_shares_out_what_the_lines_it_replaces_would_pay_phase_by_phase() -> None:
    model = lived("income_depth")
    counted, lines = model.nation.made.census, paid(model)
    usual = formula_lines(counted, model.terms.base.rates)
    for phase in range(len(PHASES)):
        mine = counted.phase == phase
        many = counted.multiplicity[mine]
        gone = sum(exact_sum(usual[name][mine], many) for name in ("fsm6", "idaci"))
        left = gone - exact_sum(lines["depth"][mine], many)
        assert 0 <= left < many.max()
    for name in ("fsm6", "idaci"):
        assert not lines[name].any()
    np.testing.assert_array_equal(lines["fsm"], usual["fsm"])


def test_the_pot_of_each_phase_stays_the_same_to_the_penny() -> None:
    one, other = (lived(name).nation.made.grants for name in ("baseline", "income_depth"))
    assert one.pots == other.pots
    mine = lived("baseline").world.schools.phase == 0
    for rows in (mine, ~mine):
        assert int(one.from_pot[rows].sum()) == int(other.from_pot[rows].sum())


def test_only_proportions_of_weights_count() -> None:
    doubled = [
        f"{KEY}.{step}={2 * getattr(worlds.settings('income_depth').policy.funding.depth, step)}"
        for step in STEPS
    ]
    one, other = lived("income_depth"), lived("income_depth", *doubled)
    for clause, pence in one.nation.made.grants.lines.items():
        np.testing.assert_array_equal(pence, other.nation.made.grants.lines[clause])


def test_until_a_census_has_counted_depth_the_published_lines_are_paid() -> None:
    settings = worlds.settings("income_depth", YEARS)
    model = SchoolsModel(settings, worlds.past(settings))
    seen = []
    for _ in range(2):
        model.step()
        seen.append(bool(model.nation.made.grants.lines["depth"].any()))
    assert seen == [False, True]


def test_a_place_that_counts_moves_money_to_homes_in_it() -> None:
    def there(model: SchoolsModel) -> float:
        counted, lines = model.nation.made.census, paid(model)
        poor = counted.depth[:, len(STEPS) :].sum(axis=1) / np.maximum(counted.pupils, 1)
        return float(np.average(poor, weights=np.maximum(lines["depth"], 1)))

    assert there(lived("income_depth", f"{KEY}.place=3")) > there(lived("income_depth"))


def test_the_census_counts_the_income_of_the_year_by_hand() -> None:
    settings = worlds.settings("income_depth", YEARS)
    model = SchoolsModel(settings, worlds.past(settings))
    for process in ORDER:
        process(model.nation, model.year)
        if process is census.count_rolls:
            break
    depth, slope = settings.policy.funding.depth, model.terms.walk.age_slope
    world = model.world
    wanted = np.zeros((len(world.schools) + 1, 2 * len(STEPS)), int)
    for pupils in world.cohorts.values():
        grade = pupils.grade(model.year)
        older = slope * (np.float32(grade) - np.float32(5.5))
        income = pupils.income + pupils.transitory + older
        for i in np.flatnonzero((income < np.float32(depth.above_sd)) & (pupils.come <= grade)):
            years = grade + 1 - int(pupils.come[i])
            short = pupils.spells[i] < np.float32(depth.long_share) * np.float32(years)
            if income[i] < -np.float32(depth.deep_sd):
                step = "deep_short" if short else "deep_long"
            elif income[i] < 0:
                step = "low_short" if short else "low_long"
            else:
                step = "above"
            place = world.small.band[pupils.small[i]] < 3
            wanted[pupils.school[i], STEPS.index(step) + len(STEPS) * place] += 1
    np.testing.assert_array_equal(world.schools.depth, wanted[:-1])
    assert (wanted.sum(axis=0) > 0).all()
    model.close()


def test_explanations_tell_steps_by_count_and_rate() -> None:
    model = lived("income_depth", f"{KEY}.place=1.5")
    made = model.nation.made
    everybody = np.ones(len(model.world.schools), bool)
    products = [
        one
        for one in workings(
            made.census, made.grants, model.settings.policy, model.terms.base.rates, everybody
        )
        if one.clause == "depth"
    ]
    funded = made.census.funded
    assert sum(one.count for one in products) == made.census.depth[funded].sum()
    told, line = sum(one.pence for one in products), int(made.grants.lines["depth"].sum())
    assert abs(told - line) <= made.census.depth.sum()
    rates = {one.part: one.rate for one in products}
    ratio = rates["primary, deep long"] / rates["primary, above"]
    assert ratio == pytest.approx(1.5 / 0.3, rel=1e-3)


def test_a_rule_without_money_or_weights_is_refused() -> None:
    whole = worlds.settings("income_depth").policy.funding.depth
    assert whole.problem("income_depth") is None
    weightless = whole.model_copy(update=dict.fromkeys(STEPS, 0.0))
    assert "every step weighs nothing" in str(weightless.problem("income_depth"))
    assert "names no line" in str(whole.model_copy(update={"replaces": ()}).problem("income_depth"))
