"""What is listed by name, and what a sweep ends with, is told in words a reader can use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from sim.cli import sweep_table
from sim.cli.levers import acting, levers_of
from sim.config import compose
from sim.config.scenarios import shelf
from sim.data.base_year import base_year
from sim.results.shapes import as_cells
from tests.example import example_dataset


def test_a_policy_in_full_says_the_sum_and_whom_it_is_raised_from(sim: Any) -> None:
    said = " ".join(sim("list", "pupil_need").out.split())
    assert "targeting.envelope_gbp = 1000000000: GBP 1,000m a year in England" in said
    assert "raised from every school by a slice of its basic amount" in said
    assert "claim C3: Targeting challenging areas overlooks the poor progress" in said
    assert "comes with the project" in said and "ours: yes" not in said
    assert (
        said.index("targeting.arm = pupil_need") < said.index("by default") < said.index("1,000m")
    )
    (record,) = json.loads(sim("list", "pupil_need", "--json").out)
    assert record["sets"] == {"targeting": {"arm": "pupil_need"}} and record["ours"] is True
    assert {lever["key"] for lever in record["levers"] if lever["is_set"]} == {"targeting.arm"}


def test_every_lever_that_a_scenario_of_ours_sets_acts_or_is_said_not_to() -> None:
    for name in shelf().files:
        levers = levers_of(name, [])
        assert all(lever.meaning for lever in levers), name
        assert {"funding.rule", "funding.pupil_premium"} <= {lever.key for lever in levers}
    placebo = {lever.key for lever in levers_of("gap_placebo", [])}
    assert "targeting.funded" in placebo and "targeting.envelope_gbp" not in placebo
    dose = compose("pupil_need", ["policy.targeting.dose_gbp=1000"]).policy
    told = {key: meaning for key, _, meaning in acting(dose, base_year())}
    assert "targeting.envelope_gbp" not in told and "raised from" in told["targeting.dose_gbp"]


def test_a_policy_whose_levers_cannot_be_is_told_as_a_problem(sim: Any, tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "mine.yaml").write_text(
        "title: Mine\npolicy:\n  targeting:\n    arm: pupil_nead\n"
    )
    done = sim("list", "mine")
    assert done.status == 2 and "mine.yaml, line 4" in done.err


def test_a_belief_says_what_its_range_is_and_nothing_in_our_own_words(
    sim: Any, tmp_path: Path
) -> None:
    said = " ".join(sim("list", "return_per_thousand").out.split())
    assert "title: How much one year of GBP 1,000 more a pupil raises a pupil's results" in said
    assert "low 0.004 to high 0.025: what is believed; every draw but draw 0 takes a value" in said
    assert "in runs of the model under the scenario raise_all" in said and "moves how" not in said
    assert "strength of the evidence: medium" in said
    (tmp_path / "mine.yaml").write_text(
        "base: default\nmoney: {return_per_thousand: {value: 0.012, source: me}}"
    )
    said = sim("list", "return_per_thousand", "beliefs=./mine.yaml").out
    assert "source: me" in said and "strength of the evidence: not stated" in said
    said = " ".join(sim("list", "transitory_sd").out.split())
    assert "draws leave it at its value" in said and "by too little to be drawn" in said
    said = " ".join(sim("list", "cost_per_gain").out.split())
    assert "meaning: Pounds of one year for each disadvantaged pupil who is one SD better" in said
    assert "it is no difference from the baseline, and has no verdict" in said
    key = "beliefs.money.return_per_thousand"
    said = " ".join(sim("list", "return_per_thousand", f"{key}=0.015").out.split())
    assert "every draw holds it at its value" in said


def test_a_measure_a_rule_and_a_clause_are_told_in_words(sim: Any) -> None:
    said = " ".join(sim("list", "attainment8").out.split())
    assert "better: more of it" in said and "read at age: 16" in said
    assert "kind: attainment: results at school" in said
    assert not [word for word in ("ks4", "shelf", "direction", "status: available") if word in said]
    said = " ".join(sim("list", "need_weighted").out.split())
    assert "the floor is lowered until gains pay for it" in said and "balance: basic" not in said
    said = " ".join(sim("list", "sparsity").out.split())
    assert "pays for: small schools far from the next one" in said
    assert "whom those schemes favour: people whose parents" in sim("list", "flat").out.replace(
        "\n    ", " "
    )


def test_lists_say_what_their_columns_mean(sim: Any) -> None:
    legends = {
        "scenarios": "claims: which of the claims", "metrics": "direction: up, more of it is",
        "claims": "status is no verdict", "clauses": "sim list NAME says what a clause",
    }  # fmt: skip
    for topic, legend in legends.items():
        assert legend in sim("list", topic).out, topic


def test_every_measure_clause_and_age_can_be_told(sim: Any) -> None:
    from sim.cli.catalogue import metrics
    from sim.cli.in_words import in_words
    from sim.tabulate.clauses import CLAUSES, PAYS_FOR

    assert set(PAYS_FOR) == set(CLAUSES)
    for record in metrics():
        assert in_words({"what": "metric", **record})["title"]


@pytest.mark.parametrize(("draws", "years"), [(8, 15), (0, 15), (0, 3)])
def test_a_sweep_ends_with_a_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, draws: int, years: int
) -> None:
    two = ("baseline", "flat")
    results = example_dataset(two, draws, 2, years=years, areas=5)
    monkeypatch.setattr("sim.cli.sweep_table.open_results", lambda *_: results)
    sweep_table.print_findings(Path("here"), 12)
    said = capsys.readouterr().out
    if years < 12:
        assert "Attainment 8: not reached, which is no failure" in said
        assert "years=14 or more" in said
        return
    rows = [line for line in said.splitlines() if line.startswith("Flat")]
    assert "Attainment 8 of disadvantaged pupils, all areas, less the baseline" in said
    assert rows and all(" to " in row for row in rows)
    assert ("of chance alone" in said) is (draws == 0) is ("run longer: fewer than 8" in said)
    sweep_table.print_findings(Path("here"), sweep_table.MOST_CELLS + 1)
    assert "No table here of more than 400 cells: read them in Python" in capsys.readouterr().out
    monkeypatch.setattr(
        "sim.cli.sweep_table.open_results", lambda *_: results.sel(scenario=["flat"])
    )
    sweep_table.print_findings(Path("here"), 12)
    assert "No table: these results hold no scenario 'baseline'" in capsys.readouterr().out


def test_a_measure_says_whom_it_counts_by_area(sim: Any) -> None:
    for name, words in {
        "attainment8": "children, in the area they grew up in",
        "funding_per_pupil": "pupils, in the area their school stands in",
        "opportunity_index": "results count children in the area they grew up in; money",
    }.items():
        said = " ".join(sim("list", name).out.split())
        assert f"whom it counts by area: {words}" in said


def test_a_sweep_over_several_keys_says_which_the_difference_follows(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A finished sweep had no word on which belief matters most."""
    each = as_cells(example_dataset(("baseline", "flat"), 0, 1, years=15, areas=5))
    rng, parts = np.random.default_rng(1), []
    for lag, spread in rng.random((16, 2)):
        more = 50 * lag * (each["scenario"] == "flat") * each["ks4_n"]
        parts.append(
            each.assign(attainment8_sum=each["attainment8_sum"] + more).assign_coords(
                {"beliefs.money.lag": ("cell", [lag] * each.sizes["cell"]),
                 "beliefs.money.use_sd": ("cell", [spread] * each.sizes["cell"])}
            )
        )  # fmt: skip
    results = xr.concat(parts, "cell")
    monkeypatch.setattr("sim.cli.sweep_table.open_results", lambda *_: results)
    sweep_table.print_findings(Path("here"), 32)
    said = capsys.readouterr().out
    assert "Which of the 2 swept keys the difference follows most" in said
    lines = said.partition("Which of the 2")[2].splitlines()
    assert any("lag" in line and "rises with it" in line for line in lines)
    assert any("use_sd" in line and "cannot be told with 16 points" in line for line in lines)


def test_a_group_of_beliefs_is_listed_by_its_name(sim: Any) -> None:
    names = [r["name"] for r in json.loads(sim("list", "Money", "--json").out)]
    every = [r["name"] for r in json.loads(sim("list", "beliefs", "--json").out)]
    assert names == [name for name in every if name.startswith("money.")]
    said = sim("list", "money").out
    assert all(name in said for name in names) and "kind: response" in said
