"""A formula tried on the census of year 0 pays, and does, what the model's first year does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sim.config import compose
from sim.config.models import Policy, Settings
from sim.errors import BadRequest
from sim.model import SchoolsModel, allocation, plans
from sim.nation import Terms
from sim.study.chosen_rates import choices
from sim.study.designed import Designed, design
from sim.study.trials import Trial
from sim.study.tried import AIMS, Still, refuse_aims, still
from sim.year import returns

FORMULA = [
    "baseline@policy.funding.rule=rates,policy.funding.rates=nff_2024_25",
    ["world=tiny", "years=1"],
]
SETTINGS = compose(FORMULA[0], FORMULA[1])  # type: ignore[arg-type]
RATES = SETTINGS.policy.funding.rates
assert RATES is not None
MINE = SETTINGS.policy.model_copy(
    update={
        "funding": SETTINGS.policy.funding.model_copy(
            update={"rates": RATES.model_copy(update={"fsm6": (200_000, 250_000)})}
        )
    }
)


@pytest.fixture(scope="module")
def there() -> Iterator[Still]:
    with still(SETTINGS) as one:
        yield one


@pytest.fixture(scope="module")
def designed(there: Still) -> Designed:
    chosen = choices(["fsm6=400..2000", "lump.primary=60000..200000"], RATES)
    return design(SETTINGS, chosen, ("gap", "losers"), 30, there, lambda done: None)


@pytest.mark.parametrize("market", ["true", "false"])
def test_the_first_year_of_the_model_has_the_same_pounds_and_the_same_flows(
    there: Still, market: str
) -> None:
    asked = compose(FORMULA[0], [*FORMULA[1], f"switches.teachers_market={market}"])  # type: ignore[list-item]
    if asked.switches == SETTINGS.switches:
        _same_year(there, asked)
        return
    with still(asked) as other:
        _same_year(other, asked)


def _same_year(there: Still, asked: Settings) -> None:
    told = there.tried(MINE)
    schools = there.nation.world.schools
    margin, spend = schools.margin.copy(), schools.spend.copy()
    everyone, further = plans.expected(there.nation, _grants(there, MINE))
    cell = asked.model_copy(update={"policy": MINE})
    model = SchoolsModel(cell, SchoolsModel(cell).live_past())
    nation = model.nation
    allocation.pay_schools(nation, model.year)
    plans.make_plans(nation, model.year)
    lived, lag = nation.world.schools, round(nation.terms.values.money.lag)
    np.testing.assert_array_equal(lived.margin, margin)
    np.testing.assert_array_equal(lived.spend, spend)
    harm = np.float64(returns.harm(nation.terms.values.teachers))
    stay = lived.carried if nation.terms.on.teachers_market else lived.eased * harm
    np.testing.assert_allclose(lived.flow_all[:, lag] + stay, everyone, rtol=1e-5, atol=1e-8)
    np.testing.assert_array_equal(lived.flow_dis[:, lag], np.asarray(further, np.float32))
    grants = nation.made.grants
    assert grants is not None and told.solved == grants.solved
    model.close()


def _grants(there: Still, policy: Policy):  # type: ignore[no-untyped-def]
    from sim.year.allocation import allocate

    grants = allocate(there.census, policy, there.memory.copy(), there.when)
    grants.check(there.census)
    return grants


def test_the_published_formula_loses_nobody_anything(there: Still) -> None:
    told = there.tried(SETTINGS.policy).figures
    assert told["losers"] == 0 and told["learning_1"] == 0 and told["learning_5"] == 0
    assert there.tried(Policy()).figures == told


def test_what_is_expected_of_money_is_the_belief_and_nothing_else(there: Still) -> None:
    before = there.tried(MINE).figures
    assert before["learning_5"] > 0
    twice = compose(FORMULA[0], [*FORMULA[1], "beliefs.money.return_per_thousand=0.02"])  # type: ignore[list-item]
    kept, learnt = there.nation.terms, there.learnt
    there.nation.terms, there.learnt = Terms.of(twice, there.nation.world), 2 * learnt
    after = there.tried(MINE).figures
    there.nation.terms, there.learnt = kept, learnt
    for name, aim in AIMS.items():
        times = 2 if aim.of_learning else 1
        assert after[name] == pytest.approx(times * before[name], rel=1e-6)


def test_every_trial_meets_the_same_pots(there: Still, designed: Designed) -> None:
    pots = set()
    for one in designed.found.trials[:8]:
        own = _policy(designed, one)
        pots.add(tuple(_grants(there, own).pots.items()))
    assert len(pots) == 1


def _policy(designed: Designed, one: Trial) -> Policy:
    from sim.study.chosen_rates import with_rates

    rates = with_rates(RATES, designed.chosen, one.pence)
    funding = SETTINGS.policy.funding.model_copy(update={"rates": rates})
    return SETTINGS.policy.model_copy(update={"funding": funding})


def test_no_aim_is_met_worse_than_by_the_written_formula(designed: Designed) -> None:
    start = designed.found.trials[0].outcome
    assert start is not None and designed.named[0].trial.number == 0
    for aim in designed.found.aims:
        best = designed.found.best(aim).outcome
        assert best is not None
        assert AIMS[aim].way * (best.figures[aim] - start.figures[aim]) >= 0


def test_the_file_that_is_written_gives_the_figures_of_its_row(
    there: Still, designed: Designed, tmp_path: Path
) -> None:
    for one in designed.named:
        path = tmp_path / f"{one.name}.yaml"
        path.write_text(designed.file(one), encoding="utf-8")
        policy = compose(str(path), FORMULA[1]).policy  # type: ignore[arg-type]
        assert there.tried(policy) == one.trial.outcome
    assert len(designed.file(designed.named[0]).splitlines()) > 10


def test_the_front_is_what_no_other_beats_and_a_seed_finds_it_again(
    there: Still, designed: Designed
) -> None:
    paid, scores = designed.found.scores()
    front = {one.number for one in designed.found.front}
    for one, own in zip(paid, scores, strict=True):
        beaten = ((scores >= own).all(axis=1) & (scores > own).any(axis=1)).any()
        assert not (beaten and one.number in front)
    again = design(SETTINGS, designed.chosen, ("gap", "losers"), 30, there, lambda done: None)
    assert again.found.trials == designed.found.trials
    other = SETTINGS.model_copy(update={"seed": 2})
    third = design(other, designed.chosen, ("gap", "losers"), 30, there, lambda done: None)
    assert third.found.trials != designed.found.trials


def test_tables_hold_every_trial_and_say_which_cannot_be_paid(
    there: Still, designed: Designed
) -> None:
    rows = designed.table(designed.found.trials).splitlines()
    assert rows[0].startswith("trial,fsm6_gbp,lump.primary_gbp,gap,money_1") and len(rows) == 31
    chosen = choices(["fsm6=800..90000", "lump=100000..900000"], RATES)
    dear = design(SETTINGS, chosen, ("gap",), 12, there, lambda done: None)
    unpaid = [one for one in dear.found.trials if one.outcome is None]
    assert unpaid and all("more than the pot" in one.problem for one in unpaid)
    assert dear.found.between is None


def test_aims_without_a_meaning_in_a_world_are_refused(there: Still) -> None:
    areas = there.nation.world.areas
    kept = areas.fifth.copy()
    areas.fifth = np.full_like(kept, 3)
    with pytest.raises(BadRequest, match="no area of this world lies in affluence fifth 5"):
        refuse_aims(there, ("money_5",))
    areas.fifth = kept
