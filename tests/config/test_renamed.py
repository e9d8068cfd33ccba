"""Old names of beliefs are refused with the new name, wherever a belief can be named."""

import re
from pathlib import Path

import pytest

from sim.cli import main
from sim.config import compose, config_root
from sim.config.belief_parts import read_set
from sim.config.renamed import BELIEFS, first_name
from sim.errors import BadRequest
from tests.processes import ROOT

NOW = "'choice.pull' is called 'admissions.pull' now. Write admissions.pull."
GROUP = "'hiring' is called 'recruitment' and 'funnel' now. Write recruitment or funnel."
ABOVE = {
    "cli",
    "config",
    "evidence",
    "funding",
    "metrics",
    "registry",
    "results",
    "rules",
    "show",
    "study",
    "tabulate",
}
"""Rooms that are no part of the model."""
SWEEP = ("sweep", "mine", "scenarios=flat", "world=tiny", "--dry-run")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of one's own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_new_name_is_a_belief_and_no_old_one_is() -> None:
    content = read_set(config_root() / "beliefs" / "default.yaml").content
    there = {f"{group}.{name}" for group, named in content.items() for name in named}
    assert set(BELIEFS.values()) <= there
    assert there.isdisjoint(BELIEFS)
    assert len(set(BELIEFS.values())) == len(BELIEFS)


def test_groups_are_called_like_the_process_that_reads_them() -> None:
    found = read_set(config_root() / "beliefs" / "default.yaml").content
    processes = {
        path.stem for room in ("year", "world") for path in (ROOT / "sim" / room).iterdir()
    }
    assert set(found) - processes == {"money"}  # what money does belongs to plans, and to its count


def test_every_belief_is_read_by_its_own_name_in_the_model_or_as_the_price_of_a_lever() -> None:
    content = read_set(config_root() / "beliefs" / "default.yaml").content
    files = [p for p in sorted((ROOT / "sim").rglob("*.py")) if p.parent.name not in ABOVE]
    files += [ROOT / "sim" / "config" / f"{name}.py" for name in ("models", "school_levers")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    read = set(re.findall(r"\.([a-z_0-9]+)\b", text))
    assert [f"{g}.{n}" for g, named in content.items() for n in named if n not in read] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "flat", "beliefs.choice.pull=1"), f"beliefs.choice.pull: {NOW}"),
        (("run", "flat", "beliefs.choice.pull.high=1"), NOW),
        (("run", "flat", "beliefs.hiring=1"), f"beliefs.hiring: {GROUP}"),
        (("run", "flat", "beliefs.hiring.nothing=1"), "Write recruitment or funnel."),
        (("list", "choice.pull"), NOW),
        (("list", "hiring"), GROUP),
        (("list", "flatter"), "'flatter' is called 'learning.heritage_flatter' now."),
        ((*SWEEP, "beliefs.choice.pull=1,2"), NOW),
        ((*SWEEP, "--vary", "choice.pull", "--points", "4"), NOW),
        ((*SWEEP, "--vary", "hiring", "--points", "4"), f"beliefs.hiring: {GROUP}"),
    ],
)
def test_an_old_name_in_a_command_is_refused_with_the_new_one(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(list(words)) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("base: default\nchoice:\n  pull: 1\n", f"mine.yaml, line 3: {NOW}"),
        ("base: default\nhiring: {}\n", f"mine.yaml, line 2: hiring: {GROUP}"),
        ("base: default\nbackground:\n  flatter: 1\n", "Write learning.heritage_flatter."),
        ("choice:\n  pull: 1\n", f"mine.yaml: {NOW}"),
    ],
)
def test_an_old_name_in_a_file_of_beliefs_is_refused_with_the_new_one(text: str, said: str) -> None:
    Path("mine.yaml").write_text(text)
    with pytest.raises(BadRequest) as error:
        compose("baseline", ["beliefs=./mine.yaml"])
    assert said in str(error.value)


def test_an_old_name_in_a_study_file_is_refused_with_the_new_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    over = "over:\n  beliefs.choice.pull: range\n"
    Path("mine.yaml").write_text(f"title: mine\nscenarios: [flat]\nvary: sobol\npoints: 4\n{over}")
    assert main(["sweep", "./mine.yaml", "--dry-run"]) == 2
    assert NOW in capsys.readouterr().err


def test_a_new_name_moves_no_draw() -> None:
    drawn = compose("baseline").beliefs.drawn(7, seed=11).values
    assert first_name("admissions.pull") == "choice.pull"
    assert drawn.money.use_sd == pytest.approx(0.4060623808215208, abs=1e-12)
    assert drawn.recruitment.vacancy_response == pytest.approx(0.9766205427780866, abs=1e-12)
