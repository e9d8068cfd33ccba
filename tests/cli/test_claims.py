"""Claims: everything a claim names exists, or is named as missing with a reason."""

import json
from pathlib import Path
from typing import Any

import pytest

from sim.config import config_root, scenario_root
from sim.config.scan import read_yaml
from sim.tabulate import available

ROOT = Path(__file__).resolve().parents[2]
CLAIMS, _ = read_yaml(config_root() / "claims.yaml")
PARTS = [
    pytest.param(part, id=f"{claim}.{name}")
    for claim, told in CLAIMS.items()
    for name, part in told["parts"].items()
]
SCENARIOS = {path.stem for path in scenario_root().glob("*.yaml")}


def test_all_five_claims_are_there() -> None:
    assert list(CLAIMS) == ["C1", "C2", "C3", "C4", "C5"]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_can_come_out_false(part: dict[str, Any]) -> None:
    assert part["title"]
    assert part["fails_if"]


@pytest.mark.parametrize("part", PARTS)
def test_what_a_part_names_exists(part: dict[str, Any]) -> None:
    assert set(part.get("scenarios", [])) <= SCENARIOS
    assert set(part.get("measures", [])) <= set(available())
    for test in part.get("tests", []):
        path, _, name = test.partition("::")
        assert (ROOT / path).is_file(), test
        assert not name or f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), test


@pytest.mark.parametrize("part", PARTS)
def test_what_a_part_misses_has_a_reason_and_does_not_exist(part: dict[str, Any]) -> None:
    missing = part.get("missing", {})
    assert missing or (part.get("scenarios") and part.get("measures"))
    assert all(missing.values())
    assert not set(missing) & (SCENARIOS | set(available()))


def test_a_scenario_and_the_claims_agree() -> None:
    for path in scenario_root().glob("*.yaml"):
        for claim in read_yaml(path)[0].get("claims", []):
            used = {
                s for part in CLAIMS[claim]["parts"].values() for s in part.get("scenarios", [])
            }
            assert path.stem in used or path.stem == "baseline", (path.stem, claim)


def test_a_claim_without_a_test_is_never_said_to_have_tests(sim: Any) -> None:
    for record in json.loads(sim("list", "claims", "--json").out):
        if record["status"].startswith("has tests"):
            assert record["tests"]
        if not record["scenarios"]:
            assert record["status"] == "not yet"
