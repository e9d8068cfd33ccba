"""A sweep that cannot be: status 2, what, where and what to do, and nothing half-written."""

import json
from pathlib import Path
from typing import Any

import pytest

TINY = ("world=tiny", "years=1", "draws=0", "replicates=1")
MINE = ("sweep", "mine", "scenarios=baseline,flat", *TINY)


def everything(folder: Path) -> dict[str, bytes]:
    """What lies in a folder, byte by byte."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("scenario,sed\nflat,1\n", "Did you mean 'seed'"),
        ("scenario,seed\nflat,1\nflat,1\n", "lines 2 and 3 are the same cell"),
        ("scenario,beliefs.money.return_per_thousand\nflat,9\n", "outside its range"),
        ("scenario\nflatt\n", "Did you mean 'flat'"),
        ("", "table.csv"),
    ],
)
def test_a_table_that_is_wrong_is_refused(sim: Any, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "table.csv").write_text(text)
    before = everything(tmp_path)
    done = sim("sweep", "mine", "--table", "table.csv", *TINY)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert everything(tmp_path) == before


@pytest.mark.parametrize("words", [("sed=1,2",), ("beliefs.money.retrn=0.01,0.02",)])
def test_an_unknown_key_is_refused(sim: Any, tmp_path: Path, words: tuple[str, ...]) -> None:
    done = sim(*MINE, *words)
    assert (done.status, done.out) == (2, "")
    assert list(tmp_path.iterdir()) == []


def kept_study(folder: Path) -> Path:
    """Write the record of a study of two cells, none of them run."""
    from sim.study.design import from_words
    from sim.study.sweep import open_study

    design = from_words(("scenarios=baseline,flat", *TINY), ["baseline"])
    one = open_study(folder / "outputs", "mine", design)
    one.ledger.write(one.record)
    return one.ledger.folder / "design.json"


def test_a_name_that_stands_for_another_design_is_refused(sim: Any, tmp_path: Path) -> None:
    kept_study(tmp_path)
    before = everything(tmp_path)
    done = sim("sweep", "mine", "scenarios=baseline,pupil_need", *TINY)
    assert done.status == 2
    assert "--extend" in done.err and "another name" in done.err
    done = sim("sweep", "mine", "scenarios=baseline,flat", *TINY, "seed=2")
    assert done.status == 2
    assert "another name" in done.err and "--extend" not in done.err
    assert everything(tmp_path) == before


@pytest.mark.parametrize(
    "words", [MINE, (*MINE, "--dry-run"), ("sweep", "mine"), ("sweep", "mine", "--status")]
)
def test_a_sweep_never_takes_the_name_of_a_comparison(
    sim: Any, tmp_path: Path, words: tuple[str, ...]
) -> None:
    from sim.results import write_index

    write_index(tmp_path / "outputs" / "studies" / "mine", [], tmp_path / "outputs" / "cells")
    before = everything(tmp_path)
    done = sim(*words)
    assert (done.status, done.out) == (2, "")
    assert "a comparison is called so" in done.err and "another name" in done.err
    assert everything(tmp_path) == before


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_comparison_never_takes_the_name_of_a_sweep(
    sim: Any, tmp_path: Path, more: tuple[str, ...]
) -> None:
    kept_study(tmp_path)
    before = everything(tmp_path)
    done = sim("compare", "flat", *TINY, "--name", "mine", *more)
    assert (done.status, done.out) == (2, "")
    assert "a sweep is called so" in done.err and "--name" in done.err
    assert everything(tmp_path) == before


def test_options_for_slurm_need_slurm(sim: Any, tmp_path: Path) -> None:
    done = sim(*MINE, "--slurm", "account=dfe")
    assert done.status == 2 and "--on slurm" in done.err
    done = sim(*MINE, "--on", "slurm", "--slurm", "array=1")
    assert done.status == 2 and "sets array itself" in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_study_of_a_newer_release_is_refused(sim: Any, tmp_path: Path) -> None:
    path = kept_study(tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema": 99}))
    before = everything(tmp_path)
    for words in (MINE, ("sweep", "mine", "--status")):
        done = sim(*words)
        assert done.status == 2
        assert "newer release" in done.err and "Update placematters" in done.err
    assert everything(tmp_path) == before


@pytest.mark.parametrize("place", ["outputs", "outputs/cells", "outputs/studies/mine"])
def test_a_file_where_a_folder_should_be_is_refused(sim: Any, tmp_path: Path, place: str) -> None:
    (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / place).write_text("in the way")
    before = everything(tmp_path)
    done = sim(*MINE)
    assert (done.status, done.out) == (2, "")
    assert Path(place).name in done.err
    assert everything(tmp_path) == before


def test_slurm_where_there_is_none_is_refused(
    sim: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = sim(*MINE, "--on", "slurm")
    assert (done.status, done.out) == (2, "")
    assert "no SLURM on this machine" in done.err and "--on local" in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_study_nobody_knows_is_refused(sim: Any, tmp_path: Path) -> None:
    for words in (("money_in_dout",), ("money_in_dout", "--status")):
        done = sim("sweep", *words)
        assert (done.status, done.out) == (2, "")
        assert "Did you mean 'money_in_doubt'?" in done.err and "needs settings" in done.err
    done = sim("sweep", "nowhere.yaml")
    assert done.status == 2
    assert "nowhere.yaml: cannot be read" in done.err and "money_in_doubt" in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_study_file_that_changed_is_read_again(sim: Any, tmp_path: Path) -> None:
    from sim.study.ledger import Ledger
    from sim.study.study_file import read_study
    from sim.study.sweep import open_study

    path = tmp_path / "mine.yaml"
    path.write_text("title: Mine\nscenarios: [flat]\nsettings: {world: tiny, years: 1}\n")
    one = open_study(tmp_path / "outputs", "mine", read_study(path, []))
    one.ledger.write(one.record)
    assert json.loads(sim("sweep", "mine.yaml", "--dry-run", "--json").out)["cells"] == 1
    path.write_text(path.read_text() + "replicates: 3\n")
    assert json.loads(sim("sweep", "mine.yaml", "--dry-run", "--json").out)["cells"] == 3
    assert json.loads(sim("sweep", "mine", "--status", "--json").out)["cells"] == 1
    assert Ledger(tmp_path / "outputs", "mine").read() == one.record


def test_a_sweep_and_a_comparison_are_refused_before_anything_is_written(
    sim: Any, tmp_path: Path
) -> None:
    sweep = ("sweep", "nw", "scenarios=baseline,need_weighted",
             "policy.funding.need_weight=1.0,1.5", *TINY)  # fmt: skip
    for words in ((*sweep, "--dry-run"), sweep,
                  ("compare", "pupil_need", *TINY, "policy.targeting.dose_gbp=20000"),
                  ("sweep", "dose", "scenarios=baseline,pupil_need", *TINY,
                   "policy.targeting.dose_gbp=100,20000")):  # fmt: skip
        done = sim(*words)
        assert (done.status, done.out) == (2, ""), words
        assert "Scenario " in done.err
        assert list(tmp_path.iterdir()) == []


def test_beliefs_to_vary_that_cannot_be_are_refused(sim: Any, tmp_path: Path) -> None:
    wrong = ("--vary mony", "--vary money --points 0", "--points 8", "--vary money --points 12",
             "--vary money --table a.csv")  # fmt: skip
    for words in wrong:
        done = sim("sweep", "mine", *TINY, *words.split())
        assert (done.status, done.out) == (2, "") and "--" in done.err, words
    done = sim("sweep", "mine", *TINY, "--vary", "kind=response", "--dry-run", "--json")
    assert json.loads(done.out)["cells"] == 16 * 5
    assert list(tmp_path.iterdir()) == []


def test_a_comparison_says_what_it_would_take_and_writes_nothing(sim: Any, tmp_path: Path) -> None:
    words = ("compare", "baseline", "flat", "world=tenth", "years=24", "--dry-run")
    told = json.loads(sim(*words, "--json").out)
    assert told["cells"] == 2 * (8 + 4) + 2 * 2 * 4 and told["seconds"] > 10
    said = sim(*words).out
    assert "To run: 40 cells, about" in said
    assert "2 policies x (4 replicates under the central beliefs + 8 draws of beliefs)" in said
    assert (
        "24 for 2 policies x" in said
        and "and 16 where posts do not follow" in said
        and "2 ends x 2 policies x 4 repl" in said
    )
    assert list(tmp_path.iterdir()) == []


def test_a_slip_in_the_name_of_a_study_is_told_with_what_was_run_here(
    sim: Any, tmp_path: Path
) -> None:
    kept_study(tmp_path)
    for words in (("--status",), ("machine.threads=4", "--dry-run")):
        done = sim("sweep", "mne", *words)
        assert (done.status, done.out) == (2, "")
        assert "study 'mne' is not known in" in done.err and "Did you mean 'mine'?" in done.err


def test_a_known_study_takes_the_machine_beside_its_name(sim: Any, tmp_path: Path) -> None:
    """They decide no result; told as 72 cells of other settings, they were refused."""
    kept_study(tmp_path)
    before = json.loads(sim("sweep", "mine", "--dry-run", "--json").out)
    for words in (["machine.threads=1"], [f"machine.outputs={tmp_path / 'outputs'}"]):
        told = sim("sweep", "mine", *words, "--dry-run", "--json")
        assert told.status == 0, told.err
        assert json.loads(told.out)["cells"] == before["cells"]
    assert json.loads(sim("sweep", "mine", "machine.threads=1", "--dry-run", "--json").out)[
        "processes"
    ] == 1  # fmt: skip
    wrong = sim("sweep", "mine", "machine.threads=none_at_all")
    assert wrong.status == 2 and "machine.threads" in wrong.err


def sampled_study(folder: Path, points: int) -> Path:
    """Keep a study made of a file of 4 points, widened to so many on the command line."""
    from sim.study.study_file import Sampling, read_study
    from sim.study.sweep import open_study

    path = folder / "three.yaml"
    path.write_text(
        "title: T\nscenarios: [baseline, flat]\nsettings: {world: tiny, years: 1}\n"
        "vary: sobol\npoints: 4\nover: {beliefs.money.use_sd: range}\n"
    )
    design = read_study(path, ["machine.threads=1"], Sampling(points=points))
    one = open_study(folder / "outputs", "three", design)
    one.ledger.write(one.record)
    return path


def test_a_file_that_asks_for_less_than_its_study_is_told_in_one_line(
    sim: Any, tmp_path: Path
) -> None:
    path = sampled_study(tmp_path, 4)
    assert "widened" not in sim("sweep", "three.yaml", "--dry-run").err
    sampled_study(tmp_path, 8)
    for what in ("--dry-run", "--status"):
        done = sim("sweep", "three.yaml", what)
        assert done.status == 0 and "16 cells" in done.out
        (line,) = done.err.splitlines()
        assert "three.yaml by itself asks for 8 cells; its study was widened to 16" in line
    assert sim("sweep", "three", "--dry-run").err == ""
    path.write_text(path.read_text() + "seed: 2\n")
    assert "three.yaml was changed since" in sim("sweep", "three.yaml", "--status").err


def test_more_points_of_a_study_by_its_name_alone_are_told_how(sim: Any, tmp_path: Path) -> None:
    sampled_study(tmp_path, 4)
    done = sim("sweep", "three", "--points", "8", "--dry-run")
    assert done.status == 2 and "sim sweep three.yaml --points 32" in " ".join(done.err.split())
    assert "nothing is varied" in sim("sweep", "other", "--points", "8", "--dry-run").err


def test_a_status_says_for_which_threads_its_time_is(sim: Any, tmp_path: Path) -> None:
    sampled_study(tmp_path, 4)
    old = "in one process of this machine with machine.threads=1, as it was last run ("
    assert old in sim("sweep", "three", "--status").out
    said = sim("sweep", "three", "--status", "machine.threads=2").out
    assert "of this machine with machine.threads=2 (" in said
