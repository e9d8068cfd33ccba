"""The digest of settings: everything a result depends on, and nothing else."""

from pathlib import Path

import pytest

from sim.config import compose, digest
from sim.config.identity import identity
from sim.config.models import Settings


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, as a user does."""
    monkeypatch.chdir(tmp_path)


def with_belief_changed(settings: Settings, **changes: object) -> Settings:
    """Return settings whose first belief differs as told."""
    group, named = next(iter(settings.beliefs.records.items()))
    name, belief = next(iter(named.items()))
    records = {
        **settings.beliefs.records,
        group: {**named, name: belief.model_copy(update=changes)},
    }
    return settings.model_copy(update={"beliefs": type(settings.beliefs)(records=records)})


SAME = ["machine.threads=1", "machine.outputs=elsewhere", "draws=3", "replicates=5"]
OTHER = [
    "years=8",
    "past=7",
    "seed=2",
    "draw=1",
    "replicate=1",
    "world=tiny",
    "base_year=2025-26",
    "falling_rolls=false",
    "protection=false",
    "switches.peers=false",
    "policy.funding.need_weight=1.5",
    "policy.targeting.trigger.glide=0.5",
]


def test_equal_settings_have_equal_digests() -> None:
    assert digest(compose("flat")) == digest(compose("flat"))


@pytest.mark.parametrize("override", SAME)
def test_what_changes_no_result_changes_no_digest(override: str) -> None:
    assert digest(compose("flat", [override])) == digest(compose("flat"))


@pytest.mark.parametrize("override", OTHER)
def test_what_changes_a_result_changes_the_digest(override: str) -> None:
    assert digest(compose("flat", [override])) != digest(compose("flat"))


def test_names_are_not_part_of_the_digest(tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    text = "title: Another name\npolicy: {funding: {rule: flat, closure: lower_floor}}"
    (tmp_path / "scenarios" / "mine.yaml").write_text(text)
    assert digest(compose("mine")) == digest(compose("flat"))


def test_writing_a_default_out_is_no_other_policy() -> None:
    assert digest(compose("flat", ["policy.targeting.arm=none"])) == digest(compose("flat"))


def test_a_whole_number_where_a_number_stands_is_the_same_number() -> None:
    first = compose("flat", ["policy.funding.need_weight=2"])
    assert digest(first) == digest(compose("flat", ["policy.funding.need_weight=2.0"]))


def test_the_words_of_a_belief_are_not_part_of_it_but_its_numbers_are() -> None:
    settings = compose("baseline")
    words = with_belief_changed(settings, source="a better reading", meaning="in other words")
    assert digest(words) == digest(settings)
    assert digest(with_belief_changed(settings, kind="other")) != digest(settings)


def test_the_order_of_beliefs_does_not_matter() -> None:
    settings = compose("baseline")
    records = dict(reversed(settings.beliefs.records.items()))
    turned = settings.model_copy(update={"beliefs": type(settings.beliefs)(records=records)})
    assert digest(turned) == digest(settings)


def test_the_identity_is_plain_and_holds_no_path() -> None:
    plain = identity(compose("flat", ["machine.outputs=secret/place"]))
    assert "secret" not in repr(plain)
    assert set(plain) == set(Settings.model_fields) - {
        "scenario",
        "title",
        "label",
        "machine",
        "draws",
        "replicates",
        "base_year",
    }


def test_a_base_year_is_named_once_it_is_not_the_usual_one() -> None:
    assert identity(compose("flat", ["base_year=2024-25"])) == identity(compose("flat"))
    assert identity(compose("flat", ["base_year=2025-26"]))["base_year"] == "2025-26"
