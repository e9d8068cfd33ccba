"""A set of beliefs may lie in several files, each named like the group it holds."""

from pathlib import Path

import pytest

from sim.config import compose, config_root
from sim.config.belief_parts import read_set
from sim.config.composing import files_behind
from sim.errors import BadRequest

HALF = "money: {return_per_thousand: 0.012}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of one's own, which holds a set in two files."""
    monkeypatch.chdir(tmp_path)
    write("base: default\nfiles: [money, plans]\n")
    write(HALF, "mine/money.yaml")
    write("plans:\n  habit_sd: 0.3\n", "mine/plans.yaml")
    return tmp_path


def write(text: str, name: str = "mine.yaml") -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(text)


def refused() -> str:
    with pytest.raises(BadRequest) as error:
        compose("baseline", ["beliefs=mine.yaml"])
    return str(error.value)


def test_every_file_of_the_default_is_named_like_its_one_group() -> None:
    found = read_set(config_root() / "beliefs" / "default.yaml")
    assert found.problems == []
    assert list(found.content) == [path.stem for path in found.paths[1:]]
    stems = {path.stem for path in (config_root() / "beliefs" / "default").iterdir()}
    assert stems == set(found.content)


def test_a_set_in_files_is_read_as_one() -> None:
    beliefs = compose("baseline", ["beliefs=mine.yaml"]).beliefs.values
    assert (beliefs.money.return_per_thousand, beliefs.plans.habit_sd) == (0.012, 0.3)
    behind = {str(path) for path in files_behind(["beliefs=mine.yaml"])}
    assert {"mine.yaml", "mine/money.yaml", "mine/plans.yaml"} <= behind


def test_others_stands_for_every_file_that_is_not_named() -> None:
    write("base: default\nfiles: [plans, others]\n")
    write("teachers: {leaving: 0.11}\n", "mine/teachers.yaml")
    assert list(read_set(Path("mine.yaml")).content)[:3] == ["plans", "money", "teachers"]
    write("base: default\nfiles: [others, plans]\n")
    assert "there is no file 'mine/others.yaml'" in refused()


def test_a_changed_file_of_a_set_is_read_again() -> None:
    refused_before = compose("baseline", ["beliefs=mine.yaml"])
    write("money: {return_per_thousand: 0.0125}\n", "mine/money.yaml")
    changed = compose("baseline", ["beliefs=mine.yaml"])
    assert changed.beliefs != refused_before.beliefs


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("mine.yaml", "base: default\nfiles: money", "mine.yaml, line 2: files: not a list"),
        ("mine.yaml", "base: default\nfiles:\n  - money\n  - plan", "Did you mean 'plans'"),
        ("mine.yaml", "base: default\nfiles: [money, plans, money]", "money is given twice"),
        ("mine.yaml", "base: default\nfiles: [money]", "does not name it. Add plans to its files"),
        ("mine/plans.yaml", "plan: {}", "mine/plans.yaml, line 1: a file of a set holds the one"),
        ("mine/plans.yaml", "plans: {}\nmoney: {}", "mine/plans.yaml, line 2: a file of a set"),
        ("mine/plans.yaml", "", "holds the one group that it is named like, plans"),
        ("mine/plans.yaml", "plans:\n  cpd: 1", "mine/plans.yaml, line 2: plans.cpd: not a belief"),
        ("mine/plans.yaml", "plans: [", "mine/plans.yaml: cannot be read as YAML (line"),
        ("mine/plans.yaml", "plans:\n\n  habit_sd: 99", "mine/plans.yaml, line 3"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_own_file_and_line(name: str, text: str, said: str) -> None:
    write(text, name)
    assert said in refused()
