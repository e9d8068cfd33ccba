"""A design names every cell once, checks them all, and puts them in a balanced order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.config import compose
from sim.errors import BadRequest
from sim.study.cells import at, digest
from sim.study.design import Design, Row, cells, from_table, from_words, pairs_of
from sim.study.study_file import known_studies, read_study, study_path

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


def test_order_is_balanced() -> None:
    assert pairs_of(2, 3) == [(0, 0), (1, 0), (2, 0), (0, 1), (0, 2)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["replicates=1,2"], "replicates cannot be an axis"),
        (["draw=0,1"], "draws=8 runs draws 1 to 8"),
        (["machine.threads=1,2"], "one thing for a whole sweep"),
        (["seed=1,1"], "a value is given twice"),
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


# ---- tables ------------------------------------------------------------------------------------


def table(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_is_one_row_a_cell(tmp_path: Path) -> None:
    text = f"scenario,replicate,{MONEY},seed\nbaseline,0,0.008,\nflat,1,0.012,7\n"
    found = from_table(table(tmp_path, text), TINY)
    assert found.rows == (
        Row("baseline", 0, 0, ((MONEY, "0.008"),)),
        Row("flat", 0, 1, ((MONEY, "0.012"), ("seed", "7"))),
    )
    first, second = cells(found)
    assert (first.seed, second.seed) == (1, 7)
    assert second.beliefs.values.money.return_per_thousand == 0.012


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("replicate\n0\n", "no column 'scenario'"),
        ("scenario,replicate\nflat,0\nflat,0\n", "lines 2 and 3 are the same cell"),
        ("scenario,seed,seed\nflat,1,2\n", "two columns have the same name"),
        ("scenario\n", "holds no row"),
        ("scenario,replicate\nflat,one\n", "line 2: replicate is 'one'"),
        ("scenario,sed\nflat,1\n", "Did you mean 'seed'"),
        ("scenario\nflatt\n", "Did you mean 'flat'"),
    ],
)
def test_a_table_that_is_wrong_says_where(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        cells(from_table(table(tmp_path, text), TINY))


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="cannot be read as a table"):
        from_table(tmp_path / "none.csv", TINY)


# ---- study files -------------------------------------------------------------------------------


def ours(name: str, *words: str) -> Design:
    path = study_path(name)
    assert path is not None
    return read_study(path, words)


@pytest.mark.parametrize("name", known_studies())
def test_every_study_file_is_sound(name: str) -> None:
    found = ours(name, "years=2")
    assert len(cells(found)) == len(found.rows) > 1


def test_a_latin_hypercube_has_one_point_in_each_slice() -> None:
    found = ours("money_in_doubt")
    points = dict.fromkeys(row.keys for row in found.rows)
    values = np.sort([float(dict(keys)[MONEY]) for keys in points])
    belief = compose("baseline", ["world=tiny"]).beliefs.records["money"]["return_per_thousand"]
    edges = [belief.at_quantile(max(n / 16, 1e-9)).value for n in range(16)]
    assert (np.searchsorted(edges, values, side="right") == np.arange(1, 17)).all()


def test_a_file_of_ones_own_is_a_study_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("title: Mine\nscenarios: [baseline, flat]\nover: {seed: [1, 2]}\n")
    assert study_path(str(path)) == path
    found = read_study(path, TINY)
    assert [(row.scenario, row.keys) for row in found.rows] == [
        (scenario, (("seed", seed),)) for seed in "12" for scenario in ("baseline", "flat")
    ]
    path.write_text(path.read_text().replace("[1, 2]", "[1, 3]"))
    assert read_study(path, TINY).source != found.source


def test_a_name_that_is_no_file_is_none() -> None:
    assert study_path("mine") is None
