"""A formula is written down in a file, on the command line or in a scenario, and read the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.config import compose, compose_all, digest
from sim.config.formula import PARTS, Formula
from sim.config.roots import config_root
from sim.data.base_year import base_year, base_years
from sim.data.rates import nff_rates
from sim.errors import BadRequest

RULE = "policy.funding.rule=rates"
MINE = """\
title: GBP 5,000 a pupil and GBP 2,500 for need
basic: 5000
fsm6: 2500
lump: 120000
area_cost: false
floor: -0.015
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(MINE)
    return tmp_path


def formula(*words: str) -> Formula:
    found = compose("baseline", [RULE, *words]).policy.funding.rates
    assert found is not None
    return found


@pytest.mark.parametrize("year", ["2023-24", "2024-25", "2025-26"])
def test_a_shipped_file_holds_the_published_rates(year: str) -> None:
    published = nff_rates(year)
    mine = formula(f"policy.funding.rates=nff_{year.replace('-', '_')}")
    for name in ("basic", "fsm", "fsm6", "idaci", "low_prior", "eal", "mobility", "sparsity"):
        assert getattr(mine, name) == getattr(published, name)
    assert mine.minimum == published.minimum and mine.lump == (published.lump,) * 2
    assert mine.area_cost and mine.solve == "basic"


def test_every_shipped_file_is_sound_and_every_base_year_has_one() -> None:
    shipped = {path.stem for path in (config_root() / "rates").glob("*.yaml")}
    assert {f"nff_{year.replace('-', '_')}" for year in base_years()} <= shipped
    assert all(formula(f"policy.funding.rates={name}").name == name for name in shipped)


def test_without_a_name_the_formula_is_that_of_the_base_year_with_its_floor() -> None:
    for year in base_years():
        funding = compose("baseline", [RULE, f"base_year={year}"]).policy.funding
        assert funding.rates is not None and funding.rates.basic == nff_rates(year).basic
        assert funding.floor == base_year(year).yearly_floor / 10**6


def test_a_file_pays_what_it_states_and_nothing_else(folder: Path) -> None:
    mine = formula("policy.funding.rates=./mine.yaml")
    assert mine.basic == (500_000,) * 3 and mine.fsm6 == (250_000,) * 2
    assert mine.lump == (12_000_000,) * 2 and not mine.area_cost
    others = set(PARTS) - {"basic", "fsm6", "lump", "idaci"}
    assert all(not any(mine.pence(name).values()) for name in others)
    assert compose("baseline", [RULE, "policy.funding.rates=mine.yaml"]).policy.funding.floor == (
        -0.015
    )


def test_single_rates_are_laid_over_whatever_is_named_in_either_order(folder: Path) -> None:
    words = ["policy.funding.rates.fsm6.primary=3000", "policy.funding.rates=./mine.yaml"]
    assert formula(*words) == formula(*reversed(words))
    assert formula(*words).fsm6 == (300_000, 250_000)
    assert formula("policy.funding.rates.fsm6=2500").basic == nff_rates().basic
    assert formula("policy.funding.rates.basic.secondary=5500.5").basic == (
        356_200,
        550_050,
        550_050,
    )
    assert formula("policy.funding.rates.idaci.a=1000").idaci[1][0] == 100_000
    assert formula("policy.funding.rates={basic:4000,fsm6:1}").low_prior == (0, 0)


def test_a_file_may_stand_on_another_beside_it(folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "more.yaml").write_text("base: ../mine.yaml\nlump: 100000\n")
    more = formula("policy.funding.rates=deep/more.yaml")
    assert more.lump == (10_000_000,) * 2 and more.fsm6 == (250_000,) * 2
    (folder / "ours.yaml").write_text("base: nff_2025_26\nfsm: 0\n")
    ours = formula("policy.funding.rates=./ours.yaml")
    assert ours.fsm == (0, 0) and ours.basic == nff_rates("2025-26").basic


def test_a_file_of_rates_is_run_as_a_policy_and_so_is_a_scenario_that_names_it(
    folder: Path,
) -> None:
    (folder / "far").mkdir()
    (folder / "far" / "told.yaml").write_text(
        "title: The same\npolicy: {funding: {rule: rates, rates: ../mine.yaml}}\n"
    )
    (folder / "far" / "inline.yaml").write_text(
        "title: Again\npolicy:\n  funding:\n    rule: rates\n    floor: -0.015\n"
        "    rates: {basic: 5000, fsm6: 2500, lump: 120000, area_cost: false}\n"
    )
    names = ["baseline", "mine.yaml", "far/told.yaml", "./far/inline.yaml"]
    _, mine, told, inline = compose_all(names)
    assert (mine.scenario, told.scenario, inline.scenario) == ("mine", "told", "inline")
    assert mine.title == "GBP 5,000 a pupil and GBP 2,500 for need"
    assert digest(mine) == digest(told) == digest(inline)
    dearer = compose("mine.yaml@policy.funding.rates.fsm6=3000")
    assert dearer.policy.funding.rates is not None
    assert dearer.policy.funding.rates.fsm6 == (300_000,) * 2
    assert dearer.scenario == "mine@policy.funding.rates.fsm6=3000"


def test_the_content_of_a_file_is_part_of_a_cells_name_and_what_it_is_called_is_not(
    folder: Path,
) -> None:
    words = [RULE, "policy.funding.rates=./mine.yaml"]
    before = digest(compose("baseline", words))
    (folder / "other.yaml").write_text(MINE)
    assert digest(compose("baseline", [RULE, "policy.funding.rates=./other.yaml"])) == before
    (folder / "mine.yaml").write_text(MINE.replace("2500", "2501"))
    assert digest(compose("baseline", words)) != before


def test_levers_beat_the_file(folder: Path) -> None:
    words = ["policy.funding.floor=-0.02", "policy.funding.closure=lower_floor"]
    funding = compose("mine.yaml", [*words, "policy.funding.cap=0.05"]).policy.funding
    assert (funding.floor, funding.closure, funding.cap) == (-0.02, "lower_floor", 0.05)
    (folder / "new.yaml").write_text("basic: 5000\nsolve: none\n")
    assert compose("new.yaml", ["policy.funding.closure=external"]).policy.funding.rates is not None


BAD = [
    ("basic: 5000\nfsm6: -3\n", r"bad\.yaml, line 2: fsm6: -3 is below 0\. Give pounds"),
    ("basic: 5,000\n", r"line 1: basic: '5,000' is not a number.*without commas"),
    ("basic: £5000\n", r"'£5000' is not a number.*currency signs"),
    ("basic: '5000'\n", r"'5000' is not a number.*or quotes"),
    ("basic: 5000 pounds\n", "is not a number"),
    ("basic: [5000]\n", r"\[5000\] is not a number"),
    ("basic: true\n", "True is not a number"),
    ("basic: .inf\n", "is not a number"),
    ("basic: inf\n", "not a number that can be paid"),
    ("basic:\n", "there is no value"),
    ("basic: 5000.123\n", "is not whole pence"),
    ("basic: 1000000\n", "above 100,000"),
    ("basic: {primary: 4000}\n", "line 1: basic: lacks ks3, ks4"),
    ("basic: {primary: 4000, ks2: 3}\n", r"basic\.ks2: no such part of basic"),
    ("basic: 5000\nsen: 1000\n", r"line 2: sen: the census of this release does not count"),
    ("basic: 5000\nlooked_after: 9\n", "does not count looked-after"),
    ("basic: 5000\ntransition: 2.5\n", "line 2: transition: 2.5 is not a whole number of years"),
    ("basic: 5000\ntransition: 30\n", "is not a whole number of years, 0 to 20"),
    ("basic: 5000\nphasing: 3\n", "Write transition"),
    ("basic: 5000\nlump_sum: 1\n", "Write lump"),
    ("basic: 5000\nfsm66: 1\n", "Did you mean 'fsm6'"),
    ("basic: 5000\nidaci: {a: 1, b: 2, c: 1, d: 1, e: 1, f: 1}\n", "bands are out of order"),
    ("basic: 5000\nidaci: {a: 3, b: 2}\n", r"idaci: lacks primary\.c"),
    ("basic: 5000\ncap: 0.01\n", "cap: 0.01 has no closure"),
    ("basic: 5000\ncap: 0\nfloor: 0.01\nclosure: lower_floor\n", "line 2: cap: 0 lies below"),
    ("basic: 5000\nfloor: 0.01\n", "line 2: floor: nobody can pay"),
    ("basic: 5000\nfloor: 1.5\n", "line 2: floor: 1.5 is above 0.05"),
    ("basic: 5000\nfloor: -1.5 %\n", "floor: '-1.5 %' is not a number"),
    ("basic: 5000\nclosure: gains\n", "closure: 'gains' is not known"),
    ("basic: 5000\nsolve: lumpp\n", "solve: 'lumpp' is not a line.*'lump'"),
    ("basic: 5000\nsolve: fsm6\n", "no rate is given for fsm6"),
    ("fsm6: 5000\n", "without solve it is basic"),
    ("basic: 5000\nsolve: none\n", "no line gives way and the pot is missed"),
    ("basic: 5000\narea_cost: 1.1\n", "area_cost: 1.1 is not true or false"),
    ("basic: 5000\n_target_: os.system\n", "line 2: _target_: _target_ is not allowed"),
    ("basic: ${oc.env:HOME}\n", "is not allowed"),
    ("basic: 5000\nfsm6:\n\tprimary: 3\n", "cannot be read as YAML"),
    ("basic: 5000\nfsm6: 1\nbasic: 4000\n", "line 3: the key 'basic' is written twice"),
    ("base: bad.yaml\nbasic: 5000\n", "'bad' is not known|there is no file|circle"),
    ("base: ./bad.yaml\nbasic: 5000\n", "base goes round in a circle"),
    ("base: nff_2021_22\nbasic: 5000\n", "'nff_2021_22' is not known"),
]


@pytest.mark.parametrize(("text", "said"), BAD)
@pytest.mark.parametrize("way", ["as a policy", "as rates"])
def test_what_is_wrong_with_a_file_is_told_with_its_line_and_what_to_do(
    folder: Path, text: str, said: str, way: str
) -> None:
    (folder / "bad.yaml").write_text(text)
    with pytest.raises(BadRequest, match=said) as refused:
        if way == "as a policy":
            compose("./bad.yaml")
        else:
            compose("baseline", [RULE, "policy.funding.rates=./bad.yaml"])
    assert "bad.yaml" in str(refused.value) or "bad is" in str(refused.value)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["policy.funding.rates=nff_2020_21"], r"\(command line\): 'nff_2020_21' is not known"),
        (["policy.funding.rates=./none.yaml"], r"there is no file 'none\.yaml'"),
        (["policy.funding.rates=5"], "5 is no formula"),
        (["policy.funding.rates.fsm6=-1"], r"rates\.fsm6 \(command line\): -1 is below 0"),
        (["policy.funding.rates.fsm7=1"], r"rates\.fsm7 \(command line\): .*'fsm6'"),
        (["policy.funding.rates.sen.primary=1"], "does not count special"),
        (["policy.funding.rates.fsm6.ks3=1"], r"fsm6\.ks3 \(command line\): no such part"),
        (["policy.funding.rates.solve=non"], "not a line"),
        (["policy.funding.cap=0.1"], r"policy\.funding\.cap \(command line\): cap: 0.1 has no clo"),
        (["rates=nff_2024_25"], r"rates: no such key.*policy\.funding\.rates"),
    ],
)
def test_what_is_wrong_on_the_command_line_is_told_as_such(words: list[str], said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        compose("baseline", [RULE, *words])


def test_all_that_is_wrong_is_told_at_once(folder: Path) -> None:
    (folder / "bad.yaml").write_text("basic: 5,000\nfsm6: -3\nsen: 1\ncap: 0.1\nsolve: x\n")
    with pytest.raises(BadRequest, match="5 things are wrong"):
        compose("bad.yaml")


def test_two_policies_of_one_name_are_refused(folder: Path) -> None:
    (folder / "far").mkdir()
    (folder / "far" / "mine.yaml").write_text(MINE)
    with pytest.raises(BadRequest, match="'mine' is named 2 times"):
        compose_all(["mine.yaml", "far/mine.yaml"])
    (folder / "flat.yaml").write_text(MINE)
    with pytest.raises(BadRequest, match="named 'flat' is one of ours"):
        compose("flat.yaml")
    with pytest.raises(BadRequest, match=r"there is no file 'gone\.yaml'"):
        compose("gone.yaml")
