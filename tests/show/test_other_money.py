"""A policy with other money than the baseline is named so, and leads nothing."""

from __future__ import annotations

import io
import json

import pytest
import xarray as xr

from sim.config.marks import SHARING
from sim.config.models import Policy
from sim.config.other_money import BESIDE, beside_the_formula, other_money, told_apart
from sim.results.shapes import as_cells
from sim.show.labels import labelled
from sim.show.leads import findings
from sim.show.scope import Scope
from sim.show.terminal import print_comparison
from sim.show.text import standfirst, summary
from tests.example import example_dataset

NEW = {"new_money_gbp": 1e9}


def compared(**told: dict[str, object]) -> xr.Dataset:
    return example_dataset(draws=8, replicates=2, areas=10).assign_attrs(
        {SHARING: json.dumps(told)}
    )


@pytest.mark.parametrize("name", ["flat", "pupil_need", "gap_triggered", "area_list_eia"])
def test_it_leads_nothing_and_is_said_to_be_left_out(name: str) -> None:
    cells = as_cells(labelled(compared(**{name: NEW})))
    found, apart = findings(cells), told_apart(cells.attrs)
    assert list(apart) == [name]
    lead = dict(summary(found, ["flat"], apart=apart).lead)
    said = lead.pop("Not the same money")
    shown = name.replace("_", " ").capitalize().replace("eia", "EIA")
    assert said.startswith(f"{shown}: GBP 1bn a year more in England, new money from outside")
    assert "leave it out" in said
    assert not [line for line in lead.values() if shown in line]
    assert summary(found, [name], apart=apart).policies[0][1], "its own numbers are told"


def test_alone_it_is_told_of_with_the_money_that_it_has() -> None:
    cells = as_cells(example_dataset(["baseline", "flat"], areas=10))
    lead = summary(findings(cells), ["flat"], apart={"flat": "more"}).lead
    usual = summary(findings(cells), ["flat"]).lead
    assert lead[:-1] == usual
    assert lead[-1] == (
        "Not the same money",
        "Flat: more. What is gained or lost above comes with that difference in money.",
    )


def test_levers_that_public_money_pays_are_other_money_and_those_of_employers_are_not() -> None:
    set_to = {"schools.tutoring": 0.5, "post16.transport": True, "hiring.contextual_adoption": 1}
    for key, value in set_to.items():
        group, name = key.split(".")
        policy = Policy.model_validate({group: {name: value}})
        words = other_money({BESIDE: beside_the_formula(policy)})
        assert bool(words) == (group != "hiring")
    assert words == ""
    policy = Policy.model_validate({"schools": {"tutoring": 0.5}})
    assert other_money({BESIDE: beside_the_formula(policy)}) == (
        "public money beside the formula: share of disadvantaged pupils whose tutoring is paid"
    )


def test_the_screen_says_so_and_what_a_premium_in_the_pot_does() -> None:
    out = io.StringIO()
    print_comparison(compared(flat=NEW, pupil_need={"premium": "in_pot"}), out)
    text = " ".join(out.getvalue().split())
    assert "Not the same money: Flat: GBP 1bn a year more in England" in text
    assert "Flat, money: NOT THE SAME MONEY: GBP 1bn a year more in England" in text
    assert "Pupil need, money: NO EARMARK: the pupil premium is in the pot" in text
    assert "no pound of it is earmarked for disadvantaged pupils any more" in text


def test_each_kind_of_other_money_is_known() -> None:
    told = {
        "a": {"extra_gbp_per_pupil": 1000.0, "extra_years": 4},
        "b": {"closure": "external"},
        "c": {"pupil_premium": False},
        "d": {"new_money_gbp": -5e8},
        "e": {"premium_follows": True, "premium": "separate"},
        "same": {"rule": "flat", "premium": "in_pot", "premium_times": 2.0},
    }
    found = told_apart({SHARING: json.dumps(told)})
    assert list(found) == ["a", "b", "c", "d", "e"]
    assert found["d"] == "GBP 500m a year less in England, taken out of schools"
    assert told_apart({}) == {}


def test_the_first_sentence_does_not_claim_one_pot() -> None:
    rests_on = Scope("tenth", 25, "", 15, 8, 4, "1", "", "")
    text = standfirst(rests_on, ["flat", "plus_1bn"], {"plus_1bn": "more"})
    assert "the same pot of money (but for Plus 1bn) and the same luck" in text
    assert "(but" not in standfirst(rests_on, ["flat"], {})
