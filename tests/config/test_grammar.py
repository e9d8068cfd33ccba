"""A value means in a file what it means on the command line."""

from pathlib import Path
from typing import Any

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException
from hypothesis import given
from hypothesis import strategies as st

from sim.config import compose
from sim.config.grammar import pieces, plain_value, readable, written
from sim.config.scan import read_yaml
from sim.errors import BadRequest

PARSER = OverridesParser.create()
NUMBERS = [
    "0500000000", "0100", "00", "-01", "0o17", "0x1F", "0b101", "1:30", "1_000", "1_000_000.5",
    ".5", "5.", "-.5", "+5", "+.5e1", "1e9", "1E-3", "1e+2", "01e2", "0.10", "00.5", ".inf",
    "-.inf", ".nan", "inf", "-Inf", "NaN", "1__0", "_1", "1_", "2025-11-29", "12:30:45", "1,000",
    "500,000,000", "5%", "1 000", "1e", "e5", "0", "-0", "-0.0", "1e400", "TRUE", "True", "true",
    "yes", "Yes", "no", "on", "off", "y", "null", "Null", "NULL", "None", "NA", "E06000009",
]  # fmt: skip


def on_the_command_line(text: str) -> Any:
    """Return what Hydra's own grammar makes of a text, or None in a list if it refuses it."""
    try:
        override = PARSER.parse_override(f"key={text}")
    except HydraException:
        return ["refused"]
    return ["several"] if override.is_sweep_override() else override.value()


@given(st.text("0123456789_.eE+-xobinfaINFATrueULl", min_size=1, max_size=8))
def test_a_word_is_a_number_where_the_command_line_says_so(text: str) -> None:
    there, here = on_the_command_line(text), plain_value(text)
    assert repr(there) == repr(here)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
def test_what_is_written_is_read_back(text: str) -> None:
    assert on_the_command_line(written(text)) == text
    assert on_the_command_line(written([text, 1.5, None, {"a": True}])) == [
        text, 1.5, None, {"a": True},
    ]  # fmt: skip


def _outcome(*words: str, scenario: str = "baseline", key: str) -> str:
    """Return a setting as composed, or ``refused``."""
    try:
        value: Any = compose(scenario, words)
    except BadRequest:
        return "refused"
    for part in key.split("."):
        value = getattr(value, part)
    return repr(value)


@pytest.mark.parametrize("text", NUMBERS)
@pytest.mark.parametrize(
    "key", ["targeting.envelope_gbp", "funding.floor", "targeting.funded", "funding.extra_years"]
)
def test_a_scenario_file_says_what_the_command_line_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, key: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").mkdir()
    group, name = key.split(".")
    (tmp_path / "scenarios" / "mine.yaml").write_text(
        f"title: Mine\npolicy:\n  {group}:\n    {name}: {text}\n"
    )
    there = _outcome(f"policy.{key}={text}", key=f"policy.{key}")
    assert _outcome(scenario="mine", key=f"policy.{key}") == there


def test_a_refused_number_is_named_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "mine.yaml").write_text(
        "title: Mine\npolicy:\n  targeting:\n    arm: pupil_need\n    envelope_gbp: 0500000000\n"
    )
    said = r"envelope_gbp \(scenarios/mine\.yaml, line 5\): '0500000000' .* leading noughts"
    with pytest.raises(BadRequest, match=said):
        compose("mine")


@pytest.mark.parametrize(
    ("word", "same"),
    [
        ("years=12", "years=12"),
        ("machine.outputs=~/é", "machine.outputs='~/é'"),
        ("machine.outputs=(a folder)=y", "machine.outputs='(a folder)=y'"),
        ("machine.outputs=a#b", "machine.outputs='a#b'"),
        ("a=[Telford & Wrekin, Hull]", "a=['Telford & Wrekin',Hull]"),
        ("scenarios=baseline,é_reform", "scenarios=baseline,'é_reform'"),
        ("a=[b", "a=[b"),
        ("years=choise(1)", "years=choise(1)"),
    ],
)
def test_only_quotes_are_put_in(word: str, same: str) -> None:
    assert readable(word) == same


def test_commas_inside_brackets_and_quotes_part_nothing() -> None:
    assert list(pieces("a,[b,{c:d,e:f}],'g,h',i(1,2)")) == [
        "a", "[b,{c:d,e:f}]", "'g,h'", "i(1,2)",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["9" * 5000, "[" * 3000, "'" * 999, "{a:" * 500])
def test_a_monstrous_word_is_refused_at_once(text: str) -> None:
    with pytest.raises(BadRequest) as caught:
        compose("baseline", [f"seed={text}"])
    assert len(str(caught.value)) < 600


def test_the_same_texts_stand_in_files_as_plain_yaml(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    for text in NUMBERS:
        path.write_text(f"key: {text}\n")
        content, problems = read_yaml(path)
        assert problems == []
        assert repr(content["key"]) == repr(plain_value(text))
