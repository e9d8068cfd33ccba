"""Scenario files: levers only, ours kept apart from the user's, each of them composing."""

import os
import shutil
import unicodedata
from pathlib import Path

import pytest

from sim.config import compose, config_root, digest, scenario_root
from sim.config.models import Trigger
from sim.config.renamed import SCENARIOS
from sim.config.scenarios import shelf
from sim.errors import BadRequest

OURS = sorted(path.stem for path in scenario_root().glob("*.yaml"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder that has its own scenarios."""
    monkeypatch.chdir(tmp_path)
    mine = tmp_path / "scenarios"
    mine.mkdir()
    return mine


def test_the_scenarios_of_this_release_are_all_there() -> None:
    assert {
        "baseline",
        "flat",
        "flat_free_phase",
        "need_weighted",
        "area_list_oa",
        "area_list_oa_actual",
        "area_list_oa_dose",
        "area_list_eia",
        "area_list_eia_dose",
        "pupil_need",
        "pupil_need_dose",
        "gap_triggered",
        "gap_progress",
        "gap_own_area",
        "gap_progress_own_school",
        "gap_level_national",
        "gap_cliff",
        "gap_placebo",
        "mix_need_gap",
        "gap_and_place",
        "raise_all",
        "double_premium",
        "premium_in_pot",
        "premium_to_19",
        "nff_no_floors",
        "plus_1bn",
        "minus_1bn",
    } <= set(OURS)


@pytest.mark.parametrize("name", OURS)
def test_every_scenario_composes_and_says_what_it_asks(name: str) -> None:
    scenario, problems = shelf("nowhere").read(name)
    assert problems == []
    assert scenario is not None
    assert scenario.question.endswith(("?", "."))
    assert compose(name, ["world=tiny"]).scenario == name


def test_every_scenario_is_another_policy() -> None:
    digests = {digest(compose(name)): name for name in OURS}
    assert len(digests) == len(OURS)


def test_arms_of_one_envelope_differ_only_in_who_gets_it() -> None:
    alike = ("mix_need_gap", "gap_and_place")
    arms = ("area_list_oa", "area_list_eia", "pupil_need", "gap_triggered", *alike)
    targeting = [compose(name).policy.targeting for name in arms]
    assert {one.envelope_gbp for one in targeting} == {1e9}
    assert {one.dose_gbp for one in targeting} == {None}


def test_arms_of_one_dose_have_the_same_dose() -> None:
    arms = ("area_list_oa_dose", "area_list_eia_dose", "pupil_need_dose")
    assert {compose(name).policy.targeting.dose_gbp for name in arms} == {494.0}


def test_the_placebo_is_the_trigger_without_money() -> None:
    placebo = compose("gap_placebo").policy.targeting
    assert placebo.model_copy(update={"funded": True}) == compose("gap_triggered").policy.targeting


def test_the_gap_of_the_claim_is_level_inside_the_school() -> None:
    trigger = compose("gap_triggered").policy.targeting.trigger
    assert (trigger.on, trigger.against) == ("level", "own_school")
    assert Trigger() == trigger
    progress = compose("gap_progress").policy.targeting.trigger
    assert (progress.on, progress.against) == ("progress", "national")


@pytest.mark.parametrize(("old", "new"), SCENARIOS.items())
def test_an_old_name_is_refused_with_the_new_one(old: str, new: str, folder: Path) -> None:
    assert new in OURS and old not in OURS
    for name in (old, f"{old}@policy.targeting.envelope_gbp=3e9"):
        with pytest.raises(BadRequest, match=rf"{old!r} is called {new!r} now. Write {new}\."):
            compose(name)
    write(folder, "title: Mine\npolicy: {}", old)
    assert compose(old).title == "Mine"


def test_an_old_value_is_refused_with_the_new_one(folder: Path) -> None:
    told = "'own_place' is called 'own_school' now: it meant the school"
    key = "policy.targeting.trigger.against"
    with pytest.raises(BadRequest, match=told):
        compose("gap_triggered", [f"{key}=own_place"])
    with pytest.raises(BadRequest, match=told):
        compose(f"gap_triggered@{key}=own_place")
    write(folder, "title: M\npolicy: {targeting: {trigger: {against: own_place}}}")
    with pytest.raises(BadRequest, match=told):
        compose("mine")


def write(folder: Path, text: str, name: str = "mine") -> None:
    """Write a scenario of the user's own."""
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_a_scenario_of_ones_own_is_found_in_the_working_folder(folder: Path) -> None:
    write(folder, "title: Mine\npolicy: {targeting: {arm: gap_triggered, trigger: {on: progress}}}")
    settings = compose("mine")
    assert settings.title == "Mine"
    assert settings.policy.targeting.trigger.on == "progress"


def test_another_folder_can_be_named(folder: Path) -> None:
    other = folder.parent / "it's mine"
    other.mkdir()
    write(other, "title: Other\npolicy: {}")
    quoted = str(other).replace("'", "\\'")
    assert compose("mine", [f"machine.scenarios='{quoted}'"]).title == "Other"


def test_a_scenario_named_like_one_of_ours_is_refused_whatever_it_says(folder: Path) -> None:
    shutil.copy(scenario_root() / "flat.yaml", folder / "flat.yaml")
    for name in ("flat", "baseline"):
        with pytest.raises(BadRequest, match=r"flat\.yaml: .*'flat' is one of ours\. Rename"):
            compose(name)


def test_a_checkout_used_with_an_installed_copy_holds_no_clash(folder: Path) -> None:
    shutil.copy(scenario_root() / "flat.yaml", folder / "flat.yaml")
    (folder.parent / "pyproject.toml").write_text('[project]\nname = "placematters"\n')
    assert compose("flat").policy.funding.rule == "flat"
    write(folder, "title: Changed\npolicy: {}", "flat")
    with pytest.raises(BadRequest, match="Rename your file"):
        compose("flat")


def test_our_own_folder_is_no_clash_with_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(scenario_root().parent)
    assert shelf().problems == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: x\nyears: 3", r"years: a scenario may hold title, question, claims, policy"),
        ("title: x\nbeliefs: {learning: {}}", "changes policy and not the world"),
        ("title: x\nworld: tiny", "Take world out"),
        ("title: x\nswitches: {money: false}", "Take switches out"),
        ("title: x\npolicy: {teachers: {}}", r"policy\.teachers: not a lever"),
        ("title: x\npolicy: {fundng: {}}", r"not a lever\. Did you mean 'funding'"),
        ("title: x\npolicy: {funding: flat}", "is not a set of keys with values"),
        ("title: x\npolicy: flat", "is not a set of levers"),
        ("title: x\npolicy: {funding: {rul: flat}}", r"no such key\. Did you mean 'rule'"),
        ("title: x\npolicy: {funding: {rule: flt}}", r"'flt' is not a rule"),
        ("title: x\npolicy: {funding: {minimum_levels: no}}", "Give true or false"),
        ("title: x\npolicy: {targeting: {areas: [Nowhere]}}", "'Nowhere' is not an area"),
        ("policy: {}", r"title: missing"),
        ("title: 3", r'title: 3 is not text\. Put it in quotes, such as title: "3"'),
        ("title: x\nclaims: [C9]", "is not a list of claims C1 to C5"),
        ("title: x\nclaims: C3", "is not a list of claims C1 to C5"),
        ("title: x\npolicy: {funding: {_target_: os.system}}", "cannot run code"),
        ("title: ${oc.env:HOME}", "write the value itself"),
        ("title: [", "cannot be read as YAML"),
    ],
)
def test_a_scenario_that_is_more_than_a_policy_is_refused(
    folder: Path, text: str, said: str
) -> None:
    write(folder, text)
    with pytest.raises(BadRequest, match=said) as caught:
        compose("mine")
    assert "mine.yaml" in str(caught.value) or "policy" in str(caught.value)


def test_an_interpolation_in_our_own_files_is_refused_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "conf"
    shutil.copytree(config_root(), root)
    with (root / "machine" / "default.yaml").open("a") as file:
        file.write("home: ${oc.env:HOME}\n")
    monkeypatch.setattr("sim.config.composing.config_root", lambda: root)
    with pytest.raises(BadRequest, match=r"default\.yaml, line \d: home: .* write the value"):
        compose("baseline")


def names(folder: Path) -> set[str]:
    """Return the names on the shelf that are not ours."""
    files = shelf(folder)
    return set(files.files) - files.own


def test_what_editors_and_file_sharing_leave_behind_is_passed_over(folder: Path) -> None:
    write(folder, "title: x", "mine")
    for name in ("mine.yaml~", "#mine.yaml#", ".mine.yaml.swp", "._mine.yaml", "mine.yaml.bak"):
        (folder / name).write_bytes(b"\x00\xff")
    (folder / ".#mine.yaml").symlink_to("ana@laptop.1")
    (folder / "gone.yaml").symlink_to("nowhere")
    (folder / "folder.yaml").mkdir()
    os.mkfifo(folder / "pipe.yaml")
    assert names(folder) == {"mine"}
    assert compose("mine").title == "x"


def test_copies_and_any_letters_are_names_like_others(folder: Path) -> None:
    odd = ("mine (1)", "mine-Copy1", "Kopie von mine", "a,b", "reform(1)", "[x]", "it's", "5", "é")
    for name in odd:
        write(folder, "title: x", name)
    assert names(folder) == set(odd)
    for name in odd:
        assert compose(name).scenario == name


def test_both_endings_are_seen_and_one_name_twice_is_refused(folder: Path) -> None:
    (folder / "mine.yml").write_text("title: x")
    assert compose("mine").title == "x"
    write(folder, "title: y")
    with pytest.raises(BadRequest, match="has the same name, but for its ending"):
        compose("mine")
    assert compose("flat").scenario == "flat"


def test_an_accent_typed_in_two_ways_is_one_name(folder: Path) -> None:
    write(folder, "title: x", unicodedata.normalize("NFD", "é_reform"))
    for form in ("NFC", "NFD"):
        assert compose(unicodedata.normalize(form, "é_reform")).scenario == "\u00e9_reform"


@pytest.mark.parametrize("name", ["a=b", "a@b", "-x", "~x", " x", "a\nb", "a\tb"])
def test_a_name_that_commands_cannot_tell_from_other_words_is_refused(
    folder: Path, name: str
) -> None:
    write(folder, "title: x", name)
    with pytest.raises(BadRequest, match="Rename the file"):
        compose(name)
    assert compose("flat").scenario == "flat"


def test_a_name_that_differs_from_ours_in_capitals_only_is_refused(folder: Path) -> None:
    write(folder, "title: x", "Flat")
    with pytest.raises(BadRequest, match="'flat' is one of ours"):
        compose("Flat")


def test_a_group_with_nothing_under_it_sets_nothing(folder: Path) -> None:
    write(folder, "title: x\nquestion:\npolicy:\n  targeting:\n  funding:\n    rule: flat\n")
    assert compose("mine").policy.funding.rule == "flat"
    assert compose("mine").policy.targeting == compose("baseline").policy.targeting
    write(folder, "title: x\npolicy:\n  targeting:\n    trigger:\n")
    assert compose("mine").policy == compose("baseline").policy


@pytest.mark.parametrize("value", ["True", "TRUE", "true"])
def test_truth_values_may_have_capitals(folder: Path, value: str) -> None:
    write(folder, f"title: x\npolicy: {{targeting: {{funded: {value}}}}}")
    assert compose("mine").policy.targeting.funded is True


def test_a_key_that_is_known_nowhere_is_not_advised_for_the_command_line(folder: Path) -> None:
    write(folder, "title: x\nauthor: me\n")
    with pytest.raises(
        BadRequest, match=r"mine\.yaml, line 2: author: .*make it a comment"
    ) as told:
        compose("mine")
    assert "command line" not in str(told.value)
