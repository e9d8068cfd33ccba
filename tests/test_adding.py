"""The examples of docs/adding.md, taken from the page and run."""

from __future__ import annotations

import doctest
import re
import types
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from pydantic import create_model

from sim.config import Belief, Funding, compose, models
from sim.config.levers import declared
from sim.config.values import Group, Values
from sim.data.rates import nff_rates
from sim.funding.census import Census
from sim.funding.lines import formula_lines
from sim.registry import MEASURES, RULES, Registry
from sim.tabulate import describe

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "adding.md").read_text()


def block(start: str) -> str:
    """The one fenced block of the page that starts so."""
    found = re.findall(rf"```\w+\n({re.escape(start)}.*?)```", PAGE, re.DOTALL)
    assert len(found) == 1, start
    return str(found[0])


@pytest.fixture
def run_block(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a block as a module; what it registers is forgotten after the test."""
    for registry in (RULES, MEASURES):
        keep(registry, monkeypatch)

    def run(start: str) -> types.ModuleType:
        module = types.ModuleType("example_of_the_page")
        exec(compile(block(start), "docs/adding.md", "exec", dont_inherit=True), vars(module))
        return module

    return run


def keep(registry: Registry[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    registry.discover()
    monkeypatch.setattr(registry, "_entries", dict(registry._entries))


def write(block_start: str, folder: Path) -> str:
    """Write a scenario of the page into a user's folder and return its name."""
    folder.mkdir(exist_ok=True)
    name = Path(block_start.removeprefix("# ")).stem
    (folder / f"{name}.yaml").write_text(block(block_start))
    return name


def test_the_policy_composes(tmp_path: Path) -> None:
    name = write("# scenarios/need_in_coastal_towns.yaml", tmp_path / "mine")
    settings = compose(name, [f"machine.scenarios={tmp_path / 'mine'}", "world=england"])
    assert len(settings.policy.targeting.areas) == 3


def test_the_rule_pays_half_the_lump_sum_and_has_a_scenario(tmp_path: Path, run_block: Any) -> None:
    run_block("# sim/rules/half_lump.py")
    census = replace(Census.blank(2), pupils=np.array([105, 420]))
    rates = nff_rates()
    lines = RULES.get("half_lump")(census, rates, Funding(rule="half_lump"))
    formula = formula_lines(census, rates)
    assert lines["lump"].tolist() == [rates.lump // 2] * 2
    assert all(np.array_equal(lines[name], formula[name]) for name in formula if name != "lump")

    name = write("# scenarios/half_lump.yaml", tmp_path / "mine")
    settings = compose(name, [f"machine.scenarios={tmp_path / 'mine'}"])
    assert settings.policy.funding.rule == "half_lump"


def test_the_measure_is_complete_and_its_example_holds(run_block: Any) -> None:
    module = run_block("# sim/metrics/passing.py")
    assert describe("english_maths_gap").unit == "share"
    runner = doctest.DocTestRunner()
    for test in doctest.DocTestFinder().find(module.english_maths_gap, globs=vars(module)):
        runner.run(test)
    results = runner.summarize()
    assert (results.failed, results.attempted) == (0, 2)


def test_the_lever_says_who_pays_which_price() -> None:
    known = dict(vars(models))
    exec(
        compile(block("# sim/config/models.py"), "docs/adding.md", "exec", dont_inherit=True), known
    )
    stage = known["Post16"]
    policy = create_model("Policy", post16=(stage, stage()))
    (lever,) = declared(policy).values()
    assert (lever.books, lever.payer) == ("mentoring", "public")
    price = Values({"post16": Group("post16", {"mentor_cost_gbp": 300.0})})
    assert lever.price is not None and lever.price(price) == 300


def test_the_belief_is_a_valid_record() -> None:
    record = yaml.safe_load(block("learning:"))["learning"]["summer_loss"]
    assert Belief.model_validate(record).value == 0.02
