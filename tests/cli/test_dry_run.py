"""What ``--dry-run`` says can be added up by the reader, and is true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sim.cli.dry_run import composition
from sim.show.text import reading
from sim.study import cost, sweep
from sim.study.design import Design, Row, from_words
from tests.processes import ROOT

TINY = ("world=tiny", "years=1", "replicates=2", "draws=0")


def test_a_number_of_cells_is_the_product_it_is_said_to_be() -> None:
    words = ["draws=2", "replicates=3", "years=4,8", "scenarios=baseline,flat"]
    design = from_words(words, [])
    assert len(design.rows) == 2 * 2 * (3 + 2)
    said = "2 settings x 2 policies x (3 replicates under the central beliefs + 2 draws of beliefs)"
    assert composition(design) == said
    assert composition(Design(design.rows[1:])) == "", "no grid is no product"
    assert composition(Design((Row("flat", 3, 0), Row("flat", 3, 1)))) == ""


@pytest.mark.parametrize("cold", [True, False])
def test_compiling_is_said_where_nothing_is_compiled_yet(
    sim: Any, monkeypatch: pytest.MonkeyPatch, cold: bool
) -> None:
    monkeypatch.setattr(cost, "is_whole", lambda _: not cold)
    for words in (("compare", "flat", *TINY), ("sweep", "mine", "scenarios=baseline,flat", *TINY)):
        said = sim(*words, "--dry-run").out
        assert ("plus about a minute to compile, once for this machine" in said) is cold, words


def test_compiling_that_is_not_kept_is_no_compiling_once(
    sim: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cost, "is_whole", lambda _: False)
    monkeypatch.setattr(cost, "not_kept", lambda _: "Read-only file system")
    said = sim("compare", "flat", *TINY, "--dry-run").out
    assert "to compile, each time, since it cannot be kept" in said and "once for" not in said


def test_what_is_there_and_what_failed_are_counted_apart(sim: Any, tmp_path: Path) -> None:
    words = ("sweep", "mine", "scenarios=baseline,flat", *TINY)
    study = sweep.open_study(
        tmp_path / "outputs", "mine", from_words(["scenarios=baseline,flat", *TINY], [])
    )
    first, second, third, _ = study.record.digests
    assert "mine: 4 cells\n" in sim(*words, "--dry-run").out
    study.ledger.store.root.mkdir(parents=True)
    study.ledger.store.path(first).touch()
    assert "mine: 4 cells, 1 of them kept from before\n" in sim(*words, "--dry-run").out
    study.ledger.tracker.failed_folder.mkdir(parents=True)
    for name in (second, third):
        (study.ledger.tracker.failed_folder / f"{name}.json").write_text("{}")
    said = sim(*words, "--dry-run").out
    assert "1 of them kept from before, 2 of them failed before (not run again without" in said
    assert "To run: 1 cell, about" in said
    said = sim(*words, "--dry-run", "--retry").out
    assert "2 of them failed before (run again now)" in said and "To run: 3 cells" in said


def test_the_first_line_of_the_first_hour_takes_as_many_cells_as_it_says(sim: Any) -> None:
    said = sim("compare", "baseline", "flat", "pupil_need", "world=tiny", "years=15", "--dry-run")
    page = " ".join((ROOT / "docs" / "first_hour.md").read_text(encoding="utf-8").split())
    assert "--dry-run" in page and "36 of them" in page
    assert said.out.startswith(
        "36 cells: 3 policies x (4 replicates under the central beliefs + 8 draws of beliefs).\n"
    )


def test_a_dry_run_over_many_beliefs_stays_short(sim: Any) -> None:
    said = sim(
        "sweep", "mine", "scenarios=baseline,flat", *TINY, "--vary", "kind=response", "--points",
        "2", "--dry-run",
    ).out  # fmt: skip
    assert len(said.splitlines()) < 20 and "more keys" in said
    assert max(map(len, said.splitlines()[:-1])) < 160


def test_numbers_of_cells_of_a_comparison_add_up_as_they_are_read(sim: Any) -> None:
    said = sim("compare", "flat", "pupil_need", "--dry-run").out
    assert said.startswith(
        "60 cells: 36 for 3 policies x (4 replicates under the central beliefs + 8 draws of "
        "beliefs), and 24 where posts do not follow those who qualify, or in full: 2 ends x "
        "3 policies x 4 replicates.\n"
    )


def test_a_budget_that_cuts_says_how_many_cells_it_lets_through(sim: Any) -> None:
    words = ("compare", "flat", "world=england", "--dry-run")
    said = sim(*words).out
    assert "60 of them" not in said and "(--budget) lets about 18 of them through" in said
    assert "the first replicate and draws 1 to 8 are run whatever it says" in said
    assert "(--budget)" not in sim(*words, "--budget", "1e6").out, "nothing is cut"
    few = sim("compare", "flat", "world=england", "draws=2", "--dry-run").out
    assert "; the first replicate is run whatever it says" in few


@pytest.mark.parametrize(
    "words",
    [
        ("compare", "pupil_need"),
        ("sweep", "a", "scenarios=baseline,pupil_need", "draws=0", "replicates=1"),
    ],
)  # fmt: skip
def test_a_dose_outside_the_evidence_is_told_before_anything_runs(
    sim: Any, words: tuple[str, ...]
) -> None:
    dose, asked = "policy.targeting.dose_gbp=3500", (*words, "world=tiny", "years=1", "--dry-run")
    assert "Note: pupil_need pays GBP 3,500 a year" in sim(*asked, dose).out
    assert '"notes": []' in sim(*asked, "--json").out
    assert "Note:" not in sim(*asked).out


def test_a_dry_run_for_slurm_says_what_tasks_would_ask_for(sim: Any) -> None:
    words = ("sweep", "a", "scenarios=baseline,flat", "draws=0", "replicates=90", "world=tenth",
             "years=15", "--dry-run", "--on", "slurm")  # fmt: skip
    said = sim(*words).out
    assert re.search(
        r"On SLURM: one cell here first, the rest in about [1-9]\d* tasks?, each ", said
    )
    assert "one core" in said and "minutes." in said
    said = sim(*words, "--tasks", "1", "--slurm", "mem=8G", "--slurm", "time=60").out
    assert "at most 1 at a time, each asking for one core, 8G of memory and 60 minutes." in said
    assert re.search(r"^To run: 180 cells, about \S+ \w+ of one core in all and ", said, re.M)
    assert "process" not in said, "this machine takes no part but for one cell"
    here = sim(*words[:-2], "machine.threads=1").out
    each = re.search(r"one process, (\S+ GB) of memory", here)
    assert each is not None and f"one core, {each[1]} of memory and " in sim(*words).out
    assert "On SLURM" not in here


def test_attainment_8_is_told_in_one_wording() -> None:
    words = "sum of GCSE grades over eight slots, English and mathematics counted twice"
    pages = [(ROOT / "docs" / f"{p}.md").read_text("utf-8") for p in ("first_hour", "glossary")]
    assert all(words in " ".join(text.split()) for text in (*pages, reading()))
