"""Commands hand on what they are given, print what comes back, and explain themselves."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xarray as xr

from sim.cli import COMMANDS, main
from sim.cli.compare import DEFAULT
from sim.cli.progress import Progress
from sim.tabulate import ABSENT
from tests.example import example_cell

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example_that_is_its_own(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    said = capsys.readouterr().out
    assert f"example:\n  sim {command}" in said
    assert "--json" in said
    assert "--debug" in said


def test_the_program_explains_itself_without_words_and_lists_every_command(sim: Any) -> None:
    for words in ([], ["--help"], ["help"]):
        done = sim(*words)
        assert done.status == 0
        assert all(command in done.out for command in COMMANDS)


def test_the_version_is_printed(sim: Any) -> None:
    done = sim("--version")
    assert done.status == 0
    assert done.out.startswith("sim ")


def test_help_costs_no_heavy_import() -> None:
    code = (
        "import sys\nfrom sim.cli import main\nmain(['--help'])\n"
        "heavy = {'numpy', 'pydantic', 'hydra', 'numba', 'xarray', 'mesa', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sim", "lst"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Did you mean 'list'?" in done.stderr


def test_a_reader_who_leaves_early_is_no_error() -> None:
    done = subprocess.run(
        f"{sys.executable} -m sim list beliefs | head -n 1",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""


# ---- list ---------------------------------------------------------------------------------

TOPICS = ("scenarios", "rules", "metrics", "beliefs", "worlds", "base_years", "areas", "claims")


@pytest.mark.parametrize("topic", TOPICS)
def test_every_list_is_records_with_name_and_title(sim: Any, topic: str) -> None:
    done = sim("list", topic, "--json")
    records = json.loads(done.out)
    assert done.status == 0
    assert records
    assert all(record["name"] and record["title"] for record in records)
    assert len({record["name"] for record in records}) == len(records)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_list_prints_every_name(sim: Any, topic: str) -> None:
    names = [record["name"] for record in json.loads(sim("list", topic, "--json").out)]
    said = sim("list", topic).out
    assert all(name in said for name in names)


def test_an_overview_counts_what_there_is(sim: Any) -> None:
    counts = {record["name"]: record["count"] for record in json.loads(sim("list", "--json").out)}
    assert set(counts) >= {*TOPICS, "schools"}
    assert (counts["areas"], counts["schools"]) == (151, 19_394)
    assert counts["worlds"] == 4


def test_beliefs_come_with_value_range_unit_meaning_and_source(sim: Any) -> None:
    for record in json.loads(sim("list", "beliefs", "--json").out):
        for field in ("value", "low", "high", "unit", "meaning", "source", "strength", "moves"):
            assert record[field] not in ("", None), record["name"]


def test_a_changed_belief_is_listed_changed(sim: Any) -> None:
    first = json.loads(sim("list", "beliefs", "--json").out)
    one = next(record for record in first if isinstance(record["low"], float))
    said = sim("list", "beliefs", f"beliefs.{one['name']}={one['low']}", "--json").out
    changed = next(record for record in json.loads(said) if record["name"] == one["name"])
    assert changed["value"] == one["low"]


def test_no_measure_is_absent_in_this_release(sim: Any) -> None:
    records = json.loads(sim("list", "metrics", "--json").out)
    assert {record["absent"] for record in records} == {None}
    assert "Not there yet" not in sim("list", "metrics").out


def test_absent_measures_would_be_listed_with_the_reason(
    sim: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ABSENT, "own_priorities", "needs the lever areas.agency")
    records = {one["name"]: one for one in json.loads(sim("list", "metrics", "--json").out)}
    assert records["own_priorities"]["absent"] == "needs the lever areas.agency"
    assert records["attainment8"]["absent"] is None
    assert "Not there yet" in sim("list", "metrics").out


def test_one_name_is_explained_whatever_it_is(sim: Any) -> None:
    for name, what in (("gap_placebo", "scenario"), ("tiny", "world"), ("C3", "claim")):
        records = json.loads(sim("list", name, "--json").out)
        assert {record["what"] for record in records} == {what}
    assert "flagged gaps" in sim("list", "gap_placebo").out
    kinds = {record["what"] for record in json.loads(sim("list", "flat", "--json").out)}
    assert kinds == {"scenario", "rule", "clause"}


def test_what_a_belief_moves_is_explained_by_name_too(sim: Any) -> None:
    (record,) = json.loads(sim("list", "ks2_gap", "--json").out)
    assert (record["what"], record["unit"]) == ("reading", "SD")
    assert record["title"] == "Mark at 11, others less disadvantaged pupils"


def test_ones_own_scenarios_are_listed_as_such(sim: Any, tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "mine.yaml").write_text("title: Mine\npolicy: {}")
    records = {r["name"]: r for r in json.loads(sim("list", "scenarios", "--json").out)}
    assert records["mine"]["ours"] is False
    assert records["flat"]["ours"] is True


# ---- what commands hand on ----------------------------------------------------------------


def test_compare_takes_names_and_settings_in_any_order(sim: Any, api: Any) -> None:
    api.answer = KeyboardInterrupt()
    sim("compare", "baseline", "--budget", "60", "years=3", "flat", "--name", "mine", "seed=2")
    scenarios, settings, options = api.asked[0]
    assert scenarios == ["baseline", "flat"]
    assert settings == ["years=3", "seed=2"]
    assert (options["name"], options["budget"]) == ("mine", 60.0)


def test_compare_without_names_compares_the_default(sim: Any, api: Any) -> None:
    api.answer = KeyboardInterrupt()
    sim("compare")
    assert api.asked[0][0] == list(DEFAULT)
    assert DEFAULT == (
        "baseline", "flat", "area_list_eia", "pupil_need", "gap_triggered", "gap_progress",
    )  # fmt: skip


def test_a_folder_of_scenarios_is_handed_on_whatever_its_name(
    sim: Any, api: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "it's, mine"
    folder.mkdir()
    (folder / "mine.yaml").write_text("title: Mine\npolicy: {}")
    api.answer = KeyboardInterrupt()
    sim("run", "mine", "--scenarios", str(folder))
    assert api.asked[0][0] == ["mine"]


SCORECARD = {
    "targets": [
        {
            "number": number,
            "name": f"target {number}",
            "stage": "structure",
            "kind": "calibration",
            "value": 1.0,
            "tolerance": 0.1,
            "median": 1.0,
            "low": 0.9,
            "high": 1.1,
            "verdict": verdict,
            "why": "",
        }
        for number, verdict in ((1, "pass"), (2, "fail"), (3, "near"))
    ]
}


def test_a_scorecard_shows_misses_first_and_counts_verdicts(sim: Any, api: Any) -> None:
    api.answer = SCORECARD
    done = sim("validate", "world=tiny")
    assert done.status == 0
    assert done.out.index("target 2") < done.out.index("target 3") < done.out.index("target 1")
    assert done.out.splitlines()[-1] == "1 pass, 1 near, 1 fail"
    assert json.loads(sim("validate", "--json").out) == SCORECARD
    sim("validate", "world=england", "--years-after", "12")
    assert [asked[-1] for asked in api.asked] == [0, 0, 12]


def test_pounds_are_printed_to_the_penny_and_add_up(sim: Any, api: Any) -> None:
    api.answer = [{"clause": "basic", "pence": 123_456_789}, {"clause": "slice", "pence": -5}]
    done = sim("explain", "area", "Blackpool", "flat", "world=tiny", "--year", "3")
    assert api.asked[0] == (["flat"], ["world=tiny"], "Blackpool", 3)
    assert "GBP 1,234,567.89" in done.out
    assert "-GBP 0.05" in done.out
    assert "GBP 1,234,567.84" in done.out.splitlines()[-1]
    assert json.loads(sim("explain", "school", "7", "--json").out) == api.answer
    assert api.asked[1] == (["baseline"], [], 7, None)


def test_run_says_which_cell_where_it_is_and_what_it_took(sim: Any, api: Any) -> None:
    api.answer = xr.Dataset(attrs={"digest": "abc"})
    record = json.loads(sim("run", "flat", "machine.outputs=here", "--json").out)
    assert set(record) == {"digest", "path", "seconds", "peak_mb"}
    assert record["digest"] == "abc"
    assert Path(record["path"]) == Path("here/cells/abc.nc")
    assert record["seconds"] >= 0
    assert record["peak_mb"] > 1


def test_run_prints_no_number_for_an_age_that_no_exposed_cohort_has_reached(
    sim: Any, api: Any
) -> None:
    # The example's results at 16 are fully exposed in year 12, jobs at 25 only in year 21.
    api.answer = example_cell("baseline", 0, 0, years=15, areas=5).assign_attrs(digest="abc")
    done = sim("run", "baseline")
    assert done.status == 0
    told = {line.split("  ")[0]: line for line in done.out.splitlines()}
    assert "not reached" not in told["Attainment 8"]
    for name in ("Level 3 by 19", "Professional job at 25", "Pay at 30"):
        assert told[name].count("not reached") == 3, told[name]


def test_compare_says_where_the_report_is_and_how_many_cells_it_rests_on(
    sim: Any, api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = pd.DataFrame({"scenario": ["flat"], "value": [0.5], "low": [float("nan")]})
    monkeypatch.setattr("sim.show.tables.headline", lambda results: rows)
    api.answer = xr.Dataset({"pupils": ("cell", [1, 2, 3])})
    words = ("compare", "flat", "baseline", "draws=1", "replicates=1", "--name", "mine", "--json")
    record = json.loads(sim(*words).out)
    assert Path(record["report"]) == Path("outputs/reports/mine")
    assert (record["cells"], record["planned"]) == (3, 4)
    assert record["rows"] == [{"scenario": "flat", "value": 0.5, "low": None}]


def test_progress_is_plain_lines_away_from_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress() as progress:
        for done in range(1, 51):
            progress.watch(done, 50, 50.0 - done, None)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == ["1 of 50 cells, about 49 s left", "50 of 50 cells"]


def test_check_finds_this_machine_fit(sim: Any, tmp_path: Path) -> None:
    findings = json.loads(sim("check", "--json").out)
    assert {finding["name"] for finding in findings} >= {"python", "configuration", "kernels"}
    assert all(finding["fit"] for finding in findings), findings
    assert list(tmp_path.iterdir()) == []


def test_a_sweep_is_planned_run_and_known_by_its_name(sim: Any, monkeypatch: Any) -> None:
    from sim.study import sweep

    def run_groups(groups: Any, store: Any, *, work: Any, **_: Any) -> None:
        for group in groups:
            work(group, str(store.root))

    words = ["scenarios=baseline,flat", "draws=0", "replicates=1", "world=tiny", "years=1"]
    plan = json.loads(sim("sweep", "mine", *words, "--dry-run", "--json").out)
    assert (plan["cells"], plan["to_run"]) == (2, 2)
    monkeypatch.setattr(sweep.batch, "run_groups", run_groups)
    told = json.loads(sim("sweep", "mine", *words, "--json").out)
    assert (told["ran"], told["done"], told["failed"]) == (2, 2, 0)
    status = json.loads(sim("sweep", "mine", "--status", "--json").out)
    assert status == {"study": "mine", "cells": 2, "done": 2, "running": 0, "failed": 0,
                      "missing": 0, "other_code": 0, "per_minute": None}  # fmt: skip
    assert "2 done" in sim("sweep", "mine").out


def test_help_of_run_says_what_it_takes(sim: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        sim("run", "--help")
    said = " ".join(capsys.readouterr().out.split())
    for word in ("one scenario", "world=tiny", "years=12", "seed=3", "policy.", "beliefs.",
                 "machine.threads", "conf/config.yaml"):  # fmt: skip
        assert word in said


def test_the_default_comparison_leaves_out_what_its_world_cannot_carry(sim: Any, api: Any) -> None:
    done = sim("compare", "world=tiny", "years=1")
    assert "sim: left out. Scenario area_list_eia: world=tiny" in done.err
    assert api.asked[0][0] == ["baseline", "flat", "pupil_need", "gap_triggered", "gap_progress"]


def test_a_policy_to_compare_with_is_one_of_those_compared(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["compare", "flat", "pupil_need", "world=tiny", "years=1", "--dry-run", "--against"]
    assert main([*words, "fllat"]) == 2
    said = capsys.readouterr().err
    assert (
        "--against fllat: is not among the policies compared (baseline, flat, pupil_need)" in said
    )
    assert "Did you mean 'flat'" in said
    assert main([*words, "flat"]) == 0


def test_a_name_with_accents_is_found_however_they_are_composed(sim: Any, tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "r\u00e9forme.yaml").write_text("title: T\n")
    for name in ("r\u00e9forme", "re\u0301forme"):
        assert sim("list", name).status == 0, name


def test_cells_from_before_are_counted_alike_on_the_way_and_at_the_end(sim: Any) -> None:
    """A sweep that is widened tells of one number of cells: those kept, and those run now."""
    words = ["sweep", "mine", "scenarios=baseline", "world=tiny", "years=1", "draws=0"]
    sim(*words, "replicates=1")
    done = sim(*words, "replicates=2")
    assert "2 cells: 1 kept from before, 1 to run\n" in done.err
    assert done.err.splitlines()[-1] == "2 of 2 cells"
    assert "2 cells: 2 done" in done.out and "  1 kept from before, 1 run now\n" in done.out
    plan = sim(*words, "replicates=3", "--dry-run").out
    assert "3 cells, 2 of them kept from before\n" in plan


def test_places_are_told_before_a_run_and_handed_on(sim: Any, api: Any) -> None:
    words = ["compare", "flat", "world=tiny", "years=1"]
    plan = sim(*words, "places=HACKNEY,blackpool", "--dry-run")
    assert "  place: Hackney (E09000012)\n  place: Blackpool (E06000009)\n" in plan.out
    assert "the ground is real, the schools and" in " ".join(plan.out.split())
    without = json.loads(sim(*words, "--dry-run", "--json").out)
    told = json.loads(sim(*words, "places=hackney", "--dry-run", "--json").out)
    assert told.pop("places") == [{"code": "E09000012", "name": "Hackney"}]
    assert told.pop("places_note") and told == without, "the same cells"
    sim(*words, "places=hackney")
    assert api.asked[-1][1:] == (
        ["world=tiny", "years=1"], {**api.asked[-1][2], "places": ("E09000012",)}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("compare", "flat", "places=Cornwall"),
            "places: Cornwall is not in world=tiny, which hol",
        ),
        (("compare", "flat", "places=Hackney", "places=Blackpool"), "places is given twice"),
        (("compare", "flat", "places="), "places: no area is named"),
        (("run", "flat", "places=Hackney"), "places=Cornwall,Hackney is of sim compare"),
        (("sweep", "mine", "scenarios=flat", "places=Hackney"), "is of sim compare"),
        (("compare", "--from", "x.json", "places=Hackney"), "--from takes places from its record"),
    ],
)
def test_places_that_cannot_be_are_refused_before_any_run(sim: Any, words: Any, said: str) -> None:
    done = sim(*words, *(["world=tiny"] if "--from" not in words else []))
    assert done.status == 2 and said in done.err
