"""Composing: defaults, then the scenario, then the command line; all problems in one message."""

import pickle
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from sim.codes import REGIONS
from sim.config import compose, compose_all, config_root
from sim.config.beliefs import Beliefs
from sim.config.models import Settings
from sim.errors import BadRequest, WorkFailed


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, as a user does."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(scenarios: str | Sequence[str], *overrides: str) -> str:
    """Return the message of a refused request; nothing may have been written."""
    before = sorted(Path().rglob("*"))
    names = [scenarios] if isinstance(scenarios, str) else scenarios
    with pytest.raises(BadRequest) as caught:
        compose_all(names, overrides)
    assert sorted(Path().rglob("*")) == before
    return str(caught.value)


def some_belief() -> tuple[str, str]:
    """Return the group and name of a belief that is one number with room on both sides."""
    for group, named in compose("baseline").beliefs.records.items():
        for name, one in named.items():
            if isinstance(one.value, float) and one.low < one.value < one.high:  # type: ignore[operator]
                return group, name
    raise AssertionError("no belief is a single number with a range")


# ---- order and content --------------------------------------------------------------------


def test_the_manual_states_the_defaults_of_the_models() -> None:
    composed = compose("baseline")
    built = Settings(beliefs=composed.beliefs, title=composed.title)
    assert composed == built


def test_every_key_of_the_manual_has_a_comment() -> None:
    for line in (config_root() / "config.yaml").read_text(encoding="utf-8").splitlines():
        key = line.strip()
        if ":" in key and not key.startswith("#") and not key.endswith(":"):
            assert "#" in line, line


def test_the_scenario_beats_the_defaults_and_the_command_line_beats_both() -> None:
    assert compose("baseline").policy.targeting.arm == "none"
    assert compose("gap_cliff").policy.targeting.trigger.shape == "cliff"
    override = "policy.targeting.trigger.shape=ramp"
    assert compose("gap_cliff", [override]).policy.targeting.trigger.shape == "ramp"


def test_settings_carry_the_scenario_by_name_and_title() -> None:
    settings = compose("flat")
    assert settings.scenario == "flat"
    assert settings.title.startswith("The same pounds")


def test_one_scenario_leaves_nothing_behind_for_the_next() -> None:
    before = compose("baseline")
    compose("gap_cliff", ["years=3"])
    assert compose("baseline") == before


def test_several_scenarios_share_their_overrides_and_keep_their_order() -> None:
    settings = compose_all(["flat", "baseline"], ["years=3", "seed=5"])
    assert [one.scenario for one in settings] == ["flat", "baseline"]
    assert {(one.years, one.seed) for one in settings} == {(3, 5)}


def test_settings_survive_pickling_and_cannot_be_changed() -> None:
    settings = compose("gap_triggered")
    assert pickle.loads(pickle.dumps(settings)) == settings
    with pytest.raises(ValidationError, match="frozen"):
        settings.years = 3  # type: ignore[misc]


def test_a_region_with_a_space_needs_no_quotes() -> None:
    for region in REGIONS:
        settings = compose("baseline", ["world=region", f"world.region={region}"])
        assert settings.world.region == region


def test_another_draw_and_replicate_are_checked_too() -> None:
    settings = compose("baseline").at(draw=3, replicate=1)
    assert (settings.draw, settings.replicate) == (3, 1)
    with pytest.raises(ValidationError):
        settings.at(draw=-1, replicate=0)


def test_composing_leaves_the_working_folder_alone(elsewhere: Path) -> None:
    compose("baseline")
    assert Path.cwd() == elsewhere
    assert list(elsewhere.iterdir()) == []


# ---- areas and beliefs --------------------------------------------------------------------


def test_areas_are_given_by_name_or_code_and_kept_as_codes_in_one_order() -> None:
    by_name = compose("area_list_oa", ["policy.targeting.areas=[hackney,Blackpool]"])
    by_code = compose("area_list_oa", ["policy.targeting.areas=[E06000009,E09000012]"])
    assert by_name.policy.targeting.areas == ("E06000009", "E09000012")
    assert by_name == by_code


def test_a_bare_number_sets_the_value_of_a_belief() -> None:
    group, name = some_belief()
    record = compose("baseline").beliefs.records[group][name]
    changed = compose("baseline", [f"beliefs.{group}.{name}={record.low}"]).beliefs
    assert getattr(getattr(changed.values, group), name) == record.low
    assert changed.records[group][name].high == record.high


def test_a_range_and_a_value_can_be_moved_together() -> None:
    group, name = some_belief()
    record = compose("baseline").beliefs.records[group][name]
    high = 10 * abs(record.high) + 1  # type: ignore[arg-type]
    place = f"beliefs.{group}.{name}"
    changed = compose("baseline", [f"{place}={high}", f"{place}.high={high}"]).beliefs
    assert getattr(getattr(changed.values, group), name) == high


def variant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Compose from a copy of conf/ that holds one more set of beliefs, ``mine``."""
    root = tmp_path / "elsewhere" / "conf"
    shutil.copytree(config_root(), root)
    (root / "beliefs" / "mine.yaml").write_text(text)
    monkeypatch.setattr("sim.config.composing.config_root", lambda: root)


def test_a_variant_changes_single_values_of_its_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group, name = some_belief()
    base = compose("baseline").beliefs
    low = base.records[group][name].low
    variant(tmp_path, monkeypatch, f"base: default\n{group}:\n  {name}: {low}\n")
    mine = compose("baseline", ["beliefs=mine"]).beliefs
    assert mine.records[group][name].value == low
    changed = {**dict(base.records[group][name]), "value": low}
    assert dict(mine.records[group][name]) == changed
    assert len(mine) == len(base)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("base: defualt\n", r"'defualt' is not known\. Did you mean 'default'"),
        ("base: mine\n", "circle"),
        ("base: default\nnowhere:\n  x: 1\n", "nowhere: not a group of its base"),
        ("x: [1\n", "cannot be read as YAML"),
    ],
)
def test_a_variant_that_does_not_fit_its_base_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    variant(tmp_path, monkeypatch, text)
    with pytest.raises(BadRequest, match=said):
        compose("baseline", ["beliefs=mine"])


# ---- what is refused, and how it is said --------------------------------------------------

LISTED = "policy.targeting.arm=area_list"

REFUSED = [
    (["baselin"], [], "scenario 'baselin' is not known. Did you mean 'baseline'?"),
    ([], [], "no scenario is named"),
    (["flat", "flat"], [], "scenario 'flat' is named 2 times. Name it once."),
    (["flat"], ["yers=3"], "yers: no such key. Did you mean 'years'?"),
    (["flat"], ["policy.fundin.rule=flat"], "no such key in policy. Did you mean 'funding'?"),
    (["flat"], ["policy.glide=1"], "Did you mean 'policy.targeting.trigger.glide'?"),
    (["flat"], ["switches.peer=false"], "no such key in switches. Did you mean 'peers'?"),
    (["flat"], ["years.x=3"], "years is a single value. Write years=VALUE."),
    (["flat"], ["wrold=tiny"], "wrold: no such key. Did you mean 'world'?"),
    (["flat"], ["world=tinny"], "world: 'tinny' is not known. Did you mean 'tiny'?"),
    (["flat"], ["machine=big"], "machine: 'big' is not known. Known: default."),
    (["flat"], ["beliefs=defalt"], "beliefs: 'defalt' is not known. Did you mean 'default'?"),
    (["flat"], ["policy.funding.rule=flt"], "'flt' is not a rule. Did you mean 'flat'?"),
    (["flat"], ["policy.funding.phase=fre"], "is not one of keep, free. Did you mean 'free'?"),
    (["baseline"], ["policy.funding.floor=0.01"], "cannot be paid from a constant pot"),
    (["flat"], ["policy.funding.extra_years=2"], "extra_gbp_per_pupil and extra_years go together"),
    (["flat"], ["years=0"], "years (command line): 0 is not allowed. Give a whole number from 1"),
    (["flat"], ["years=61"], "Give a whole number from 1 to 60."),
    (["flat"], ["years=abc"], "years (command line): 'abc' is not allowed. Give a whole number"),
    (["flat"], ["years=2.5"], "2.5 is not allowed. Give a whole number"),
    (["flat"], ["years=true"], "true is not allowed. Give a whole number"),
    (["flat"], ["years=null"], "null is not allowed. Give a whole number"),
    (["flat"], ["years=[1,2]"], "Give a whole number"),
    (["flat"], ["past=5"], "past (command line): 5 is not allowed. Give a whole number from 6"),
    (["flat"], ["replicates=0"], "0 is not allowed. Give a whole number from 1 to 10,000."),
    (["flat"], ["draws=-1"], "-1 is not allowed. Give a whole number from 0"),
    (["flat"], ["seed=-1"], "-1 is not allowed. Give a whole number from 0 and below"),
    (["flat"], ["protection=yes"], "'yes' is not allowed. Give true or false."),
    (["flat"], ["policy.targeting.mix=1.5"], "1.5 is not allowed. Give a number from 0 to 1."),
    (["flat"], ["policy.targeting.envelope_gbp=inf"], "inf is not allowed. Give a number"),
    (["flat"], ["policy=flat"], "policy (command line)"),
    (["flat"], ["world.region=London"], "has no meaning in world=tenth; write world=region"),
    (["flat"], ["world=region"], "world=region needs a region"),
    (["flat"], ["world=region", "world.region=Londn"], "'Londn' is not one of"),
    (["flat"], ["scenario=baseline"], "comes from the scenario file and cannot be set"),
    (["flat"], ["x"], "'x': not key=value. Write for example years=12."),
    (["flat"], ["years="], "years (command line): '' is not allowed. Give a whole number"),
    (["flat"], ["~years"], "nothing can be taken away. Write years=VALUE instead."),
    (["flat"], ["years=1,2"], "several values at once"),
    (["flat"], ["a=[b"], "cannot be read. Write a=VALUE"),
    (["flat"], ["seed=${oc.env:HOME}"], "write the value itself"),
    (["flat"], ["hydra.run.dir=x"], "no such key"),
    (["flat"], ["hydra/launcher=basic"], "no such key"),
    (["flat"], ["+new=1"], "no such key"),
    (["flat"], [LISTED, "policy.targeting.areas=Blackpool"], "is not a list of areas"),
    (["flat"], [LISTED, "policy.targeting.areas=[]"], "the list of areas is empty"),
    (["flat"], [LISTED, "policy.targeting.areas=[Blakpool]"], "Did you mean 'Blackpool'?"),
    (["flat"], [LISTED, "policy.targeting.areas=[1]"], "is not an area"),
    (["flat"], ["beliefs.x=1"], "not one belief. Write beliefs.GROUP.NAME=VALUE"),
    (["flat"], ["beliefs.nowhere.x=1"], "no such group of beliefs"),
    (["flat"], ["machine.threads=0"], "Give a whole number from 1 to 256."),
    (["flat"], ["machine.scenarios=nowhere"], "'nowhere' is not a folder"),
    (["flat"], ["machine.scenarios=3"], "3 is not allowed. Give text that is not empty."),
    (["flat"], ["world@policy=tiny"], "'@' has no meaning here"),
    (["flat"], ["policy.targeting.areas.0=Hackney"], "policy.targeting.areas is a single value"),
]


@pytest.mark.parametrize(("scenarios", "overrides", "said"), REFUSED)
def test_a_wrong_request_is_refused_in_words(
    scenarios: list[str], overrides: list[str], said: str
) -> None:
    assert said in refusal(scenarios, *overrides)


def test_one_problem_is_one_line_and_many_are_listed_together() -> None:
    assert "\n" not in refusal("flat", "years=0")
    told = refusal(["flt"], "years=0", "wrold=tiny", "policy.funding.rule=flt", "replicates=x")
    assert told.startswith("5 things are wrong:")
    assert len(told.splitlines()) == 6


def test_problems_common_to_all_scenarios_are_told_once() -> None:
    assert "\n" not in refusal(["flat", "baseline", "pupil_need"], "years=0")


def test_a_belief_outside_its_range_is_refused_with_the_range() -> None:
    group, name = some_belief()
    high = compose("baseline").beliefs.records[group][name].high
    told = refusal("flat", f"beliefs.{group}.{name}={high + 1}")  # type: ignore[operator]
    assert f"beliefs.{group}.{name} (command line)" in told
    assert "is outside its range" in told
    assert f"{high:g}" in told


def test_an_unknown_belief_is_refused_with_the_nearest() -> None:
    group, name = some_belief()
    assert f"Did you mean '{name}'" in refusal("flat", f"beliefs.{group}.{name}x=1")
    assert "no such field. Did you mean 'value'" in refusal(
        "flat", f"beliefs.{group}.{name}.valu=1"
    )


def test_a_belief_of_the_wrong_type_is_refused() -> None:
    group, name = some_belief()
    for value in ("abc", "true", "null", "nan"):
        assert "is not a finite number" in refusal("flat", f"beliefs.{group}.{name}={value}")


def test_values_are_blamed_on_the_file_they_come_from(elsewhere: Path) -> None:
    folder = elsewhere / "scenarios"
    folder.mkdir()
    (folder / "mine.yaml").write_text(
        "title: Mine\npolicy:\n  funding: {need_weight: 99}\n  targeting: {arms: none}\n"
    )
    told = refusal("mine", "years=0")
    assert "policy.funding.need_weight (scenarios/mine.yaml, line 3): 99 is not allowed" in told
    assert "arms (scenarios/mine.yaml, line 4): no such key. Did you mean 'arm' " in told
    assert "years (command line): 0" in told


def test_a_missing_installation_says_so(tmp_path: Path) -> None:
    with pytest.raises(WorkFailed, match="conf folder of this installation is missing"):
        config_root(tmp_path / "sim")


def test_no_beliefs_at_all_are_still_beliefs() -> None:
    assert len(Beliefs(records={})) == 0


def test_a_program_that_uses_hydra_itself_finds_its_hydra_as_it_was(elsewhere: Path) -> None:
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir
    from hydra.core.config_store import ConfigStore
    from hydra.core.global_hydra import GlobalHydra

    folder = elsewhere / "theirs"
    folder.mkdir()
    (folder / "theirs.yaml").write_text("theirs: 1\n")
    with initialize_config_dir(str(folder), version_base="1.3"):
        before = GlobalHydra.instance().hydra
        store = dict(ConfigStore.instance().repo)
        assert compose("flat", ["years=3"]).years == 3
        refusal("nobody", "years=0")
        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda n: compose("flat", [f"years={n}"]).years, range(1, 30)))
        assert done == list(range(1, 30))
        assert GlobalHydra.instance().hydra is before
        assert ConfigStore.instance().repo == store
        assert hydra_compose("theirs").theirs == 1


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("policy.targeting=pupil_need", r"Did you mean policy\.targeting\.arm=pupil_need\?"),
        ("policy.targeting=5", r"a group of keys: arm, areas, .*policy\.targeting\.arm=VALUE"),
        ("switches=off", r"a group of keys: allocation, plans, .* and [0-9]+ more\. Write"),
        ("policy.targeting.trigger=null", r"a group of keys: on, against"),
        ("policy.funding.mfg=0", r"minimum funding guarantee \(MFG\) is policy\.funding\.floor"),
        ("policy.funding.lump_sum=126627", r"lump sum is policy\.funding\.rates\.lump"),
        ("policy.high_needs_transfer=0.005", "transfer between blocks is no lever"),
        ("policy.funding.ks4_rate=5000", r"single rates are policy\.funding\.rates\.NAME"),
        ("policy.funding.floor=0.01", r"minimum funding guarantee, MFG\) of 0\.01 .*below 0"),
        ("machine.outputs=2025", r'Give text .*\. Put it in quotes: "2025"\.'),
        ("policy.funding.floor=???", "stands for a value that is missing"),
        ("policy.targeting.areas=[???]", "stands for a value that is missing"),
        ("years={{ years }}", "write the value itself"),
        ("machine.outputs=" + "x" * 300, "too many for one name; 255 are allowed"),
        ("machine.outputs='" + "x/" * 2100 + "y'", "too many for a path"),
        ("machine.outputs=~nobody_of_this_name/x", r"no home is known .* \./~nobody"),
        ("machine.scenarios='" + "x" * 300 + "'", "is not a folder"),
    ],
    ids=lambda given: given[:40],
)
def test_a_message_names_the_real_reason_and_what_to_write(word: str, said: str) -> None:
    with pytest.raises(BadRequest, match=said) as caught:
        compose("baseline", [word])
    assert len(str(caught.value)) < 500


def test_no_two_draws_and_replicates_share_their_luck() -> None:
    """A thousand replicates of draw 0 used to meet the first of draw 1."""
    pairs = [(d, r) for d in (0, 1, 2, 65_535) for r in (0, 1, 999, 1_000, 2_000, 65_535)]
    central = compose("baseline", [])
    luck = {central.at(draw, replicate).luck for draw, replicate in pairs}
    assert len(luck) == len(pairs)
    assert central.at(0, 7).luck == 7
    assert max(luck) < 2**32


@pytest.mark.parametrize("name", ["draw", "replicate"])
def test_a_draw_or_replicate_that_luck_has_no_room_for_is_refused(name: str) -> None:
    with pytest.raises(BadRequest, match="below 65,536"):
        compose("baseline", [f"{name}=65536"])


def test_a_policy_that_is_not_known_is_the_only_thing_said_to_be_wrong() -> None:
    with pytest.raises(BadRequest) as wrong:
        compose_all(["baseline", "nonsense"])
    assert "'nonsense' is not known" in str(wrong.value)
    assert "named 2 times" not in str(wrong.value)
