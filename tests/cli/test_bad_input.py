"""Bad input: a few clear lines on stderr, exit status 2, nothing run, nothing written."""

from pathlib import Path
from typing import Any

import pytest

from sim.errors import InvariantBroken, WorkFailed

BAD = [
    # unknown names
    (["run", "baselin"], "Did you mean 'baseline'?"),
    (["run", "flat", "wrold=tiny"], "Did you mean 'world'?"),
    (["run", "flat", "world=tinny"], "Did you mean 'tiny'?"),
    (["run", "flat", "polcy.funding.rule=nff"], "no such key. Did you mean 'policy'?"),
    (["run", "flat", "policy.funding.rule=flt"], "Did you mean 'flat'?"),
    (["run", "area_list_oa", "policy.targeting.areas=[Blakpool]"], "Did you mean 'Blackpool'?"),
    (["run", "flat", "beliefs=fited"], "beliefs: 'fited' is not known."),
    (["compare", "baseline", "flt"], "Did you mean 'flat'?"),
    (["lst"], "Did you mean 'list'?"),
    (["calibrate"], "not in this release yet"),
    (["sweep"], "nothing is asked for"),
    (["sweep", "one", "two"], "takes one study, not 2"),
    (["sweep", "../up", "world=tiny"], "cannot be the name of a folder"),
    (["sweep", "mine", "world=tiny", "sed=1,2"], "Did you mean 'seed'"),
    (["sweep", "mine", "--table", "none.csv"], "cannot be read as a table"),
    (["sweep", "mine", "world=tiny", "--on", "moon"], "invalid choice"),
    (["list", "scenario"], "is not the name of anything. Nothing has a name like it. See"),
    (["list", "gap_trigered"], "Did you mean 'gap_triggered'"),
    (["list", "gap_triggered_cliff"], "is called 'gap_cliff' now"),
    (["run", "gap_triggered_level"], "is called 'gap_level_national' now"),
    (["compare", "flat", "gap_triggered_own_place"], "is called 'gap_progress_own_school' now"),
    (["explain", "school", "7", "gap_triggered_cliff"], "is called 'gap_cliff' now"),
    (["sweep", "mine", "scenarios=gap_triggered_cliff", "seed=1,2"], "is called 'gap_cliff' now"),
    (["run", "gap_triggered", "policy.targeting.trigger.against=own_place"], "Write own_school."),
    (
        [
            "sweep",
            "mine",
            "scenarios=gap_triggered",
            "policy.targeting.trigger.against=own_place,national",
        ],
        "Write own_school.",
    ),
    (["explain", "scool", "7"], "Did you mean 'school'?"),
    # wrong type or range
    (["run", "flat", "years=0"], "Give a whole number from 1 to 60."),
    (["run", "flat", "years=many"], "Give a whole number from 1 to 60."),
    (["compare", "replicates=0"], "Give a whole number from 1"),
    (["compare", "--budget", "soon"], "invalid number of seconds"),
    (["compare", "--budget", "0"], "invalid number of seconds"),
    (["compare", "--name", "../up"], "cannot be the name of a folder"),
    (["explain", "school", "seven"], "'seven' is not a number"),
    # eligibility for free meals
    (
        ["run", "baseline", "policy.eligibility.universal_credit_from=2026"],
        "say true or false for ends_protection, fsm",
    ),
    (["run", "baseline", "policy.eligibility.premium=true"], "has no meaning without a date"),
    (["run", "fsm_2026", "policy.eligibility.universal_credit_from=2024"], "an autumn from 2025"),
    (["run", "fsm_2026", "policy.eligibility.universal_credit_from=2026-27"], "such as 2026 for"),
    (["run", "fsm_2026", "policy.eligibility.premum=true"], "Did you mean 'premium'?"),
    # money by depth of low income
    (["run", "income_depth", "policy.funding.depth.replaces=[basic]"], "'fsm', 'fsm6' or 'idaci'"),
    (["run", "income_depth", "policy.funding.depth.deep_long=-1"], "from 0 to 10"),
    # after sixteen
    (["run", "blind_sift", "policy.hiring.groups=[workng]"], "Did you mean 'working'?"),
    (["run", "blind_sift", "policy.hiring.groups=[]"], "the list of groups is empty"),
    (["run", "blind_sift", "policy.hiring.groups=working"], "is not a list of groups"),
    (["run", "flat", "policy.higher.groups=[fsm]"], "Did you mean 'policy.hiring.groups'?"),
    (["run", "flat", "policy.higher.student_succes=1"], "Did you mean 'student_success'?"),
    (["run", "flat", "policy.hiring.contextual_adoption=1.2"], "Give a number from 0 to 1."),
    (["run", "flat", "policy.hiring.blind_sift_adoption=-0.1"], "Give a number from 0 to 1."),
    (["run", "flat", "policy.progression.reform_adoption=2"], "Give a number from 0 to 1."),
    (["run", "flat", "policy.higher.student_success=1.5"], "Give a number from 0 to 1."),
    (["run", "flat", "policy.post16.technical_offer=-0.9"], "Give a number from -0.5 to 2."),
    (["run", "flat", "policy.post16.transport=7"], "Give true or false."),
    (["run", "flat", "beliefs.recruitment.vacancy_response=1.5"], "outside its range 0 to 1"),
    (["compare", "flat", "beliefs.recruitment.vacancy_response=-0.5"], "outside its range 0 to 1"),
    # requests that make no sense
    (["compare", "flat", "flat"], "named 2 times"),
    (["run"], "the following arguments are required"),
    (["run", "flat", "baseline"], "Several at once: sim compare flat baseline"),
    (["run", "world=tiny"], "sim run takes one scenario, not 0"),
    (["run", "flat", "--hurry"], "unrecognized arguments: --hurry"),
    (["explain", "school", "1", "flat", "nff", "baseline"], "two to stand side by side, not 3"),
    (["explain", "school", "1", "flat", "--csv", "one.xlsx"], "Give a file that ends in .csv"),
    (["explain", "school", "1", "flat", "--picture", "one.jpg"], "ends in .png or .svg"),
    (["explain", "school", "1", "flat", "--csv", "gone/one.csv"], "in a folder that is there"),
    (["explain", "school", "1", "flt", "baseline"], "Did you mean 'flat'?"),
    # designs
    (["design", "nff_2024_25"], "the following arguments are required: --vary"),
    (["design", "nff_2024_52", "--vary", "fsm6,lump"], "Did you mean 'nff_2024_25'"),
    (["design", "gone.yaml", "--vary", "fsm6,lump"], "there is no file 'gone.yaml'"),
    (["design", "a", "b", "--vary", "fsm6,lump"], "takes one formula, not 2"),
    (["design", "nff_2024_25", "--vary", "fsm6,basic"], "the line that meets the pot"),
    (["design", "nff_2024_25", "--vary", "fsm6,lumpy"], "Did you mean 'lump'?"),
    (["design", "nff_2024_25", "--vary", "fsm6,lump", "--aim", "gapp"], "Did you mean 'gap'?"),
    (["design", "nff_2024_25", "--vary", "fsm6,lump", "--aim", "gap,gap"], "two different ones"),
    (["design", "nff_2024_25", "--vary", "fsm6,lump", "--trials", "3"], "from 10 to 10,000"),
    (["design", "nff_2024_25", "--vary", "fsm6,lump", "--name", "../up"], "the name of a folder"),
    (["design", "nff_2024_25", "--vary", "fsm6,lump", "policy.funding.cap=0.1"], "its file says"),
    (["compare", "baseline", "none.yaml"], "there is no file 'none.yaml'"),
    (["compare", "flat", "policy.funding.rates=x.yaml"], "there is no file 'x.yaml'"),
    (["run", "flat", "policy.funding.rates.fsm6=-1"], "-1 is below 0"),
    (["run", "flat", "seed=${oc.env:HOME}"], "write the value itself"),
    (["run", "flat", "--scenarios", "nowhere"], "'nowhere' is not a folder"),
    (["check", "nowhere"], "is neither a cell (.nc) nor a folder of cells"),
    (["validate", "world=tinny"], "Did you mean 'tiny'?"),
]


@pytest.mark.parametrize(("words", "said"), BAD, ids=[" ".join(words) for words, _ in BAD])
def test_bad_input_is_refused(
    sim: Any, api: Any, tmp_path: Path, words: list[str], said: str
) -> None:
    done = sim(*words)
    assert done.status == 2
    assert said in done.err
    assert done.err.startswith("sim: ")
    assert done.out == ""
    assert "Traceback" not in done.err
    assert len(done.err.splitlines()) <= 4
    assert api.asked == []
    assert list(tmp_path.iterdir()) == []


SCENARIOS = [
    ("title: x\nyears: 3", "a scenario may hold title, question, claims, policy"),
    ("title: x\nbeliefs: {learning: {money: 1}}", "changes policy and not the world"),
    ("title: x\npolicy: {funding: {_target_: os.system}}", "cannot run code"),
    ("title: ${oc.env:HOME}", "write the value itself"),
    ("title: x\npolicy: {funding: {rule: flt}}", "Did you mean 'flat'?"),
    ("title: x\npolicy: {hiring: {groups: [fms]}}", "Did you mean 'fsm'?"),
    ("title: x\npolicy: {progression: {reform_adoption: 3}}", "Give a number from 0 to 1."),
]


@pytest.mark.parametrize(("text", "said"), SCENARIOS, ids=[said for _, said in SCENARIOS])
def test_a_scenario_file_that_is_not_one_is_refused(
    sim: Any, api: Any, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "mine.yaml").write_text(text)
    done = sim("run", "mine")
    assert (done.status, api.asked) == (2, [])
    assert said in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["scenarios"]


def test_a_scenario_named_like_ours_is_refused_by_every_command_that_reads_it(
    sim: Any, api: Any, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "flat.yaml").write_text("title: Mine\npolicy: {}")
    for words in (["run", "flat"], ["compare"], ["list", "scenarios"]):
        done = sim(*words, "--scenarios", "mine")
        assert (done.status, api.asked) == (2, [])
        assert "'flat' is one of ours. Rename your file." in done.err


@pytest.mark.parametrize("words", [["run", "flat"], ["compare", "flat"], ["validate"]])
def test_a_file_where_results_should_go_is_refused(
    sim: Any, api: Any, tmp_path: Path, words: list[str]
) -> None:
    (tmp_path / "outputs").write_text("in the way")
    done = sim(*words)
    assert (done.status, api.asked) == (2, [])
    assert "'outputs' cannot be a folder" in done.err
    assert (tmp_path / "outputs").read_text() == "in the way"


def test_a_file_where_the_report_should_go_is_refused(sim: Any, api: Any, tmp_path: Path) -> None:
    (tmp_path / "outputs" / "reports").mkdir(parents=True)
    (tmp_path / "outputs" / "reports" / "mine").write_text("in the way")
    done = sim("compare", "flat", "--name", "mine")
    assert (done.status, api.asked) == (2, [])
    assert "--name mine" in done.err


def test_every_problem_of_a_request_is_told_at_once(sim: Any, api: Any) -> None:
    done = sim("compare", "flt", "flat", "flat", "years=0", "wrold=tiny")
    assert done.status == 2
    assert done.err.startswith("sim: 4 things are wrong:")


def test_debug_shows_where_and_nothing_else_changes(sim: Any, api: Any) -> None:
    done = sim("run", "flat", "years=0", "--debug")
    assert done.status == 2
    assert "Traceback" in done.err
    assert done.err.splitlines()[-1] == sim("run", "flat", "years=0").err.strip()
    assert "Traceback" in sim("--debug", "run", "flat", "years=0").err


@pytest.mark.parametrize("error", [WorkFailed("the disk is full"), InvariantBroken("a pupil lost")])
def test_work_that_fails_has_status_1(sim: Any, api: Any, error: Exception) -> None:
    api.answer = error
    done = sim("run", "flat")
    assert (done.status, done.err) == (1, f"sim: {error}\n")


def test_a_fault_of_the_program_has_status_1_and_says_how_to_see_it(sim: Any, api: Any) -> None:
    api.answer = ZeroDivisionError("division by zero")
    done = sim("run", "flat")
    assert done.status == 1
    assert "an error in the program itself: ZeroDivisionError: division by zero" in done.err
    assert "--debug" in done.err
    assert "Traceback" not in done.err


def test_stopping_by_hand_has_status_130(sim: Any, api: Any) -> None:
    api.answer = KeyboardInterrupt()
    done = sim("compare")
    assert done.status == 130
    assert done.err.splitlines()[-1].startswith("sim: stopped. Whole results are kept")


def test_a_broken_file_takes_no_other_with_it(sim: Any, tmp_path: Path) -> None:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "broken.yaml").write_text("title: x\npolicy: {targeting: {arm: {{ arm }}}}\n")
    (folder / "sound.yaml").write_text("title: Sound\n")
    (folder / "secret.yaml").write_bytes(b"\xff\xfe")
    done = sim("list", "scenarios")
    assert done.status == 2
    assert "sound" in done.out and "gap_triggered" in done.out and "broken" not in done.out
    assert "broken.yaml, line 2" in done.err and "secret.yaml" in done.err
    assert sim("list", "sound").status == sim("list", "flat").status == sim("list").status == 0
    done = sim("list", "broken")
    assert done.status == 2 and "broken.yaml, line 2" in done.err
    assert sim("list", "flat", "--json").status == 0
