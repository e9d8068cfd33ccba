"""A base year sets money: rates, prices, tax. Children and places are the same under each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from sim.codes import PENCE
from sim.data.base_year import base_year
from sim.model import SchoolsModel
from sim.world.pupils import Pupils
from tests.laws import worlds
from tests.laws.test_record_only_reads import tables

OTHER = "base_year=2025-26"
BORN_WITH = (
    "small", "heritage", "eal", "arrive", "come", "depart", "income", "parents", "claims",
    "transitory", "registered", "spells",
)  # fmt: skip
"""All of a child that no school makes: home, group, coming and going, incomes, free meals."""


@pytest.fixture(scope="module")
def after_year_0() -> Iterator[tuple[SchoolsModel, SchoolsModel]]:
    models = worlds.model(), worlds.model("baseline", OTHER)
    yield models
    for model in models:
        model.close()


def by_id(pupils: Pupils, name: str) -> np.ndarray[Any, Any]:
    values: np.ndarray[Any, Any] = pupils.get(name)[np.argsort(pupils.id)]
    return values


def test_the_usual_base_year_is_the_default(baseline: Any) -> None:
    assert worlds.settings("baseline", "base_year=2024-25") == worlds.settings()
    assert "base_year" not in baseline.attrs


def test_the_children_of_year_0_are_the_same_and_their_schools_have_other_money(
    after_year_0: tuple[SchoolsModel, SchoolsModel],
) -> None:
    one, other = after_year_0
    assert one.world.cohorts.keys() == other.world.cohorts.keys()
    for birth_year, pupils in one.world.cohorts.items():
        twins = other.world.cohorts[birth_year]
        assert np.array_equal(np.sort(pupils.id), np.sort(twins.id))
        for name in BORN_WITH:
            assert np.array_equal(by_id(pupils, name), by_id(twins, name)), name
        known = np.isfinite(by_id(pupils, "attain")) & np.isfinite(by_id(twins, "attain"))
        moved = (by_id(twins, "attain") - by_id(pupils, "attain"))[known]
        # Lump sum and money for disadvantaged pupils grew most, so some schools have a bit more.
        assert abs(float(moved.mean())) < 0.005 and float(np.abs(moved).mean()) < 0.02
    assert (other.world.schools.budget > one.world.schools.budget).all()


def test_where_money_does_nothing_a_base_year_changes_no_child_at_all() -> None:
    off = "switches.money=false"
    models = worlds.model("baseline", off), worlds.model("baseline", OTHER, off)
    for model in models:
        model.step()
    one, other = map(tables, models)
    money = {
        f"schools: {name}" for name in ("budget", "premium", "sparsity", "margin", "spend", "spill")
    }
    for name in one.keys() - money:
        assert np.array_equal(one[name], other[name], equal_nan=one[name].dtype.kind == "f"), name
    assert all(not np.array_equal(one[name], other[name]) for name in money)
    for model in models:
        model.close()


def test_pounds_grow_as_the_formula_of_england_does_and_margins_stay_what_they_were(
    after_year_0: tuple[SchoolsModel, SchoolsModel],
) -> None:
    pounds, margins = [], []
    for model in after_year_0:
        schools, weight = model.world.schools, model.world.weight_of(model.world.schools)
        formula = np.sum(weight * (schools.budget - schools.premium)) / PENCE
        pounds.append(formula / np.sum(weight * schools.paid_pupils))
        margins.append(np.sum(weight * schools.margin) / np.sum(weight * schools.budget))
    grown = base_year("2025-26").england_pot / base_year().england_pot
    assert pounds[1] / pounds[0] == pytest.approx(grown, rel=0.01)
    assert margins[1] == pytest.approx(margins[0], abs=0.01)


def test_a_record_says_which_base_year_it_is_of() -> None:
    assert worlds.cell("baseline", OTHER, "years=1").attrs["base_year"] == "2025-26"


def test_tax_and_pay_of_a_base_year_are_those_of_its_rows(
    after_year_0: tuple[SchoolsModel, SchoolsModel],
) -> None:
    one, other = after_year_0
    assert one.terms.base == base_year() and other.terms.base == base_year("2025-26")
    assert one.terms.values.progression == other.terms.values.progression
    assert other.terms.values.plans.standard_fixed.primary == pytest.approx(
        one.terms.values.plans.standard_fixed.primary * other.terms.base.staffing
    )
