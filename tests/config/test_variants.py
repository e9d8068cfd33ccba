"""Several doses of one scenario in one comparison, and short names for charts."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from sim.cli.common import split
from sim.config import compose, compose_all, digest
from sim.config.variants import display, is_variant, levers_of
from sim.errors import BadRequest
from sim.show.labels import labelled
from sim.study.axes import scenario_names

DOSE = "pupil_need@policy.targeting.envelope_gbp=3e9"
LIST = "pupil_need@policy.targeting.areas=[Hull,Leeds],policy.targeting.arm=area_list"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a scenario of one's own that has a label."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "mine.yaml").write_text(
        "title: Mine\nlabel: My own (short)\npolicy: {targeting: {arm: pupil_need}}\n"
    )
    return tmp_path


def test_levers_behind_the_at_are_those_of_one_scenario() -> None:
    plain, dose, area = compose_all(["pupil_need", DOSE, LIST])
    assert (plain.policy.targeting.envelope_gbp, dose.policy.targeting.envelope_gbp) == (1e9, 3e9)
    assert area.policy.targeting.areas == ("E06000010", "E08000035")
    assert (dose.scenario, area.scenario) == (DOSE, LIST)
    assert dose.title == f"{plain.title} (envelope £3bn)"
    assert digest(dose) == digest(compose("pupil_need", ["policy.targeting.envelope_gbp=3e9"]))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("gap_triggered", "Gap triggered"),
        (DOSE, "Pupil need (envelope £3bn)"),
        ("flat@policy.targeting.envelope_gbp=500_000_000", "Flat (envelope £500m)"),
        ("flat@policy.targeting.dose_gbp=494", "Flat (dose £494)"),
        ("flat@policy.funding.floor=-0.015", "Flat (floor -0.015)"),
        (
            "flat@policy.post16.transport=true,policy.funding.rule=nff",
            "Flat (transport on, rule nff)",
        ),
        (LIST, "Pupil need (areas Hull, Leeds, arm area list)".replace("area list", "area_list")),
    ],
)
def test_a_dose_is_shown_in_words(name: str, shown: str) -> None:
    assert display(name) == shown
    assert is_variant(name) == ("@" in name)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("flat@", "no lever behind the @"),
        ("flat@x", "not key=value. Write for example policy.targeting.envelope_gbp=3e9"),
        ("flat@years=3", r"only levers .* Give years=\.\.\. beside them"),
        ("pupil_need@envelope_gbp=3e9", "Did you mean 'policy.targeting.envelope_gbp'"),
        ("pupil_need@yers=3", "Did you mean 'years'"),
        ("pupil_need@targeting.envelope_gbp=3e9", "no such key"),
        ("flat@policy.funding.flor=0", "Did you mean 'floor'"),
        ("flat@policy.funding.floor=9", r"floor \(behind the @\): 9 is not allowed"),
        ("flt@policy.funding.floor=-0.01", "scenario 'flt' is not known. Did you mean 'flat'"),
    ],
)
def test_what_is_wrong_behind_the_at_is_told(name: str, said: str) -> None:
    with pytest.raises(BadRequest, match=said) as caught:
        compose(name)
    assert "things are wrong" not in str(caught.value), "one fault, one message"


def test_a_lever_is_given_for_one_or_for_all_but_not_both() -> None:
    with pytest.raises(BadRequest, match="also given for all"):
        compose(DOSE, ["policy.targeting.envelope_gbp=1e9"])
    with pytest.raises(BadRequest, match="several would be shown as 'Pupil need"):
        compose_all([DOSE, "pupil_need@policy.targeting.envelope_gbp=3000000000"])


def test_commands_tell_a_dose_from_a_setting() -> None:
    assert split(["baseline", DOSE, "world=tiny", LIST]) == (
        ["baseline", DOSE, LIST],
        ["world=tiny"],
    )
    assert scenario_names(f"baseline,{DOSE},{LIST},flat", ["baseline", "pupil_need", "flat"]) == (
        "baseline", DOSE, LIST, "flat",
    )  # fmt: skip
    assert levers_of(LIST)[1] == ["policy.targeting.areas=[Hull,Leeds]", LIST.rpartition(",")[2]]


def test_a_label_stands_in_the_settings_and_in_no_identity() -> None:
    settings, dose = compose_all(["mine", "mine@policy.targeting.envelope_gbp=3e9"])
    assert settings.label == "My own (short)"
    assert dose.label == "My own (short) (envelope £3bn)"
    assert digest(settings) == digest(compose("pupil_need"))
    with pytest.raises(BadRequest, match="comes from the scenario file"):
        compose("flat", ["label=x"])


@pytest.mark.parametrize(
    ("label", "said"),
    [("x" * 41, "41 characters. Give 1 to 40"), ("''", "0 characters"), ("2025", "is not text")],
)
def test_a_label_is_short_text(folder: Path, label: str, said: str) -> None:
    (folder / "scenarios" / "mine.yaml").write_text(f"title: Mine\nlabel: {label}\n")
    with pytest.raises(BadRequest, match=f"line 2: label: .*{said}"):
        compose("mine")


def test_two_scenarios_cannot_have_one_label(folder: Path) -> None:
    (folder / "scenarios" / "other.yaml").write_text("title: Other\nlabel: My own (short)\n")
    with pytest.raises(BadRequest, match="several would be shown as 'My own"):
        compose_all(["mine", "other"])
    (folder / "scenarios" / "other.yaml").write_text("title: Other\nlabel: Flat\n")
    with pytest.raises(BadRequest, match="several would be shown as 'Flat'"):
        compose_all(["flat", "other"])


def test_results_are_shown_under_labels() -> None:
    names = ["baseline", "mine"]
    results = xr.Dataset({"x": ("scenario", np.arange(2))}, coords={"scenario": names})
    assert labelled(results) is results
    told = results.assign_attrs(labels='{"mine": "My own (short)"}')
    assert labelled(told)["scenario"].values.tolist() == ["baseline", "My own (short)"]
    assert told["scenario"].values.tolist() == names
