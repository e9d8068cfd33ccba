"""A design names every cell once, checks them all, and puts them in a balanced order."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.config import compose
from sim.errors import BadRequest
from sim.study.axes import scenario_names
from sim.study.cells import at, digest
from sim.study.design import Design, cells, from_words, pairs_of

MONEY = "beliefs.money.return_per_thousand"
TINY = ("world=tiny", "years=2", "draws=0")


def design(*words: str) -> Design:
    return from_words((*TINY, *words), ["baseline"])


def test_axes_are_multiplied_and_every_point_has_all_scenarios_and_luck() -> None:
    found = design("scenarios=baseline,flat", "replicates=3", f"{MONEY}=0.008,0.012", "seed=1,2")
    assert len(found.rows) == len(set(found.rows)) == 2 * 3 * 2 * 2
    assert dict(found.axes) == {MONEY: ("0.008", "0.012"), "seed": ("1", "2")}
    first = found.rows[:2]
    assert [row.scenario for row in first] == ["baseline", "flat"]
    assert all(dict(row.keys)["seed"] == "1" for row in first)


@pytest.mark.parametrize(
    ("word", "values"),
    [
        ("seed=range(1,4)", ("1", "2", "3")),
        ("seed=choice(5,7)", ("5", "7")),
        ("years=2,4", ("2", "4")),
        ("seed=choice(5)", ("5",)),
        (f"{MONEY}=range(0.01,0.025,0.005)", ("0.01", "0.015", "0.02")),
        ("policy.targeting.mix=range(0.1,0.3,0.1)", ("0.1", "0.2")),
        ("policy.targeting.mix=range(0.1,0.35,0.1)", ("0.1", "0.2", "0.3")),
        ("seed=range(5,1,-2)", ("5", "3")),
        ("policy.funding.floor=null,-0.01", ("null", "-0.01")),
        ("switches.peers=true,false", ("true", "false")),
    ],
)
def test_axes_are_written_in_the_grammar_of_overrides(word: str, values: tuple[str, ...]) -> None:
    assert tuple(design(word).axes.values()) == (values,)


def test_a_row_is_the_cell_that_a_single_run_would_be() -> None:
    found = design("scenarios=flat", "replicates=2", f"{MONEY}=0.008,0.012", "seed=3,4")
    made = cells(found)
    for row, cell in zip(found.rows, made, strict=True):
        words = ["world=tiny", "years=2", *(f"{key}={value}" for key, value in row.keys)]
        alone = at(compose(row.scenario, words), row.draw, row.replicate)
        assert digest(cell) == digest(alone)


@pytest.mark.parametrize("range_", [(), (f"{MONEY}.low=0.006", f"{MONEY}.high=0.02")])
def test_a_swept_belief_has_its_value_in_every_draw_unless_a_range_is_given(
    range_: tuple[str, ...],
) -> None:
    found = design("scenarios=flat", "draws=2", f"{MONEY}=0.008,0.012", *range_)
    for row, cell in zip(found.rows, cells(found), strict=True):
        ((key, text),) = row.keys
        words = ["world=tiny", "years=2", *range_, f"{key}={text}"]
        assert digest(cell) == digest(at(compose("flat", words), row.draw, row.replicate))
        held = cell.beliefs.values.money.return_per_thousand == float(text)
        assert held == (not range_ or row.draw == 0)


def test_order_is_balanced() -> None:
    assert pairs_of(2, 3) == [(0, 0), (1, 0), (2, 0), (0, 1), (0, 2)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["replicates=1,2"], "replicates cannot be an axis"),
        (["draw=0,1"], "draws=8 runs draws 1 to 8"),
        (["machine.threads=1,2"], "one thing for a whole sweep"),
        (["seed=1,1"], "a value is given twice"),
        (["policy.funding.floor=-0.0,0"], "a value is given twice"),
        (["policy.funding.need_weight=1,1.0"], "a value is given twice"),
        (["machine.threads=choice(4)"], "one thing for a whole sweep"),
        (["years=range(4,1)"], "no value at all"),
        (["years=range(1,4,0)"], "no such range"),
        (["seed=1,2", "seed=3,4"], "seed is given twice"),
        (["seed=glob(*)"], "Write seed=a,b"),
        (["sed=1,2"], "sed: no such key. Did you mean 'seed'"),
        ([f"{MONEY}=0.01,9"], "outside its range"),
        (["beliefs.money.retrn=0.01,0.02"], "no such belief"),
        (["scenarios=baseline,flatt"], "Did you mean 'flat'"),
        (["years=2,many"], "whole number"),
    ],
)
def test_every_cell_is_checked_before_one_is_run(words: list[str], said: str) -> None:
    with pytest.raises(BadRequest, match=said.replace("(", r"\(")):
        cells(design(*words))


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(BadRequest) as refused:
        cells(design(f"{MONEY}=0.01,9,8"))
    assert str(refused.value).count("outside its range") == 2


def test_regions_are_an_axis() -> None:
    found = from_words(
        ["scenarios=baseline", "world=region", 'world.region="South West",London', "draws=0",
         "replicates=1"], [],
    )  # fmt: skip
    assert dict(found.axes) == {"world.region": ("South West", "London")}
    assert [cell.world.region for cell in cells(found)] == ["South West", "London"]


@pytest.fixture
def oddly_named(tmp_path: Path) -> str:
    """A folder of scenarios whose names hold what a file system allows."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in ("a,b", "é_reform", "reform(1)", "two words", "x, y"):
        (folder / f"{name}.yaml").write_text("title: T\npolicy: {funding: {rule: flat}}\n")
    return f"machine.scenarios='{folder}'"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("baseline,a,b", ("baseline", "a,b")),
        ("a,b,flat", ("a,b", "flat")),
        ("baseline,é_reform", ("baseline", "é_reform")),
        ("[baseline,reform(1)]", ("baseline", "reform(1)")),
        ("choice(baseline,reform(1))", ("baseline", "reform(1)")),
        ("'two words',\"a,b\"", ("two words", "a,b")),
        ("baseline, x, y", ("baseline", "x, y")),
    ],
)
def test_scenarios_are_told_by_their_names(
    oddly_named: str, text: str, names: tuple[str, ...]
) -> None:
    found = design(f"scenarios={text}", "replicates=1", oddly_named)
    assert found.scenarios == names
    assert [cell.scenario for cell in cells(found)] == list(names)


def test_a_list_of_scenarios_with_two_readings_is_refused() -> None:
    with pytest.raises(BadRequest, match="several ways"):
        scenario_names("a,b", ["a", "b", "a,b"])
    assert scenario_names("'a,b',a", ["a", "b", "a,b"]) == ("a,b", "a")
