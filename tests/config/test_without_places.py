"""Beliefs on learning rest on national results; sets that places' results have shaped say so."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.config import compose
from sim.config.beliefs import Belief
from sim.data import facts

ROOT = Path(__file__).resolve().parents[2]
OF_PLACES = {"22", "23", "37", "39", "41", "42", "d2", "g", "28"}
EVIDENCE = ("mass", "mass_scale", "mass_others", "early_support")


@pytest.fixture(scope="module")
def refit() -> Iterator[Any]:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        import refit

        yield refit
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))


def learning(name: str) -> dict[str, Belief]:
    found = compose("baseline", ["world=tiny", f"beliefs={name}"]).beliefs.records["learning"]
    return dict(found)


def test_the_fit_looks_at_no_result_of_a_place(refit: Any) -> None:
    told = {target.name: target for target in facts.targets()}
    fitted = [told[name] for name in refit.TARGETS]
    assert {target.kind for target in fitted} == {"calibration"}
    assert not {target.number for target in fitted} & OF_PLACES
    assert len(fitted) == len(set(refit.TARGETS)) > 15


def test_critical_mass_and_early_support_stand_in_the_middle_of_what_evidence_allows(
    refit: Any,
) -> None:
    records = learning("default")
    for name in EVIDENCE:
        record = records[name]
        assert record.value == pytest.approx((record.low + record.high) / 2), name
        assert refit.HELD[f"learning.{name}"] == record.value
        assert "in view" not in record.source


def test_every_set_that_saw_places_says_so_and_the_default_does_not_rest_on_one() -> None:
    default, seen, fitted = map(learning, ("default", "with_places_in_view", "fitted_to_places"))
    moved = [name for name in default if default[name].value != seen[name].value]
    # Those of heritage groups are solved from national results, anew in each set.
    moved = [name for name in moved if not name.startswith("heritage_")]
    assert set(EVIDENCE) <= set(moved)
    for name in moved:
        assert "in view" in seen[name].source, name
        assert "in view" not in default[name].source, name
    assert (seen["mass"].value, seen["early_support"].value) == (0.4, 0.862)
    # The variant fitted to places keeps all it rested on, whatever the default becomes.
    for name in moved:
        assert fitted[name].value != default[name].value or seen[name].value == fitted[name].value


def test_a_step_of_the_fit_goes_to_the_least_squares_of_a_straight_line(
    refit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On readings that are a line of the levers one or two steps are enough, within the ranges."""
    names = list(refit.LEVERS)
    monkeypatch.setattr(refit, "STAY", 1e-6)
    monkeypatch.setattr(refit, "bounds", lambda name: (-1.0, 1.0))
    draw = np.random.default_rng(1)
    slope = draw.standard_normal((len(refit.TARGETS), len(names)))
    truth = draw.uniform(-0.8, 0.8, len(names))
    monkeypatch.setattr(refit, "misses", lambda readings: slope @ (readings - truth))
    start = dict.fromkeys(names, 0.0)
    values: dict[str, Any] = dict(start)
    for _ in range(3):
        now = np.array([values[name] for name in names])
        values |= refit.next_levers(values, start, now, slope)
    assert [values[name] for name in names] == pytest.approx(truth.tolist(), abs=1e-3)


def test_group_terms_move_against_what_groups_miss_and_the_first_stays(refit: Any) -> None:
    terms = {f"learning.{name}": [0.0] * 11 for name in refit.GROUP_TERMS}
    values = terms | {"learning.carry_primary": 0.5, "learning.carry_secondary": 0.6}
    missed = np.zeros((4, 11))
    missed[:3, 3], missed[3, 4] = 0.1, 0.2
    found = {
        "marks": {"mark_sd": [1.0, 1.0, 2.0]},
        "groups": {
            key: row.tolist() for key, row in zip(("0", "1", "2", "flat"), missed, strict=True)
        },
    }
    moved = refit.next_groups(values, found)
    assert moved["learning.heritage_early"][3] == pytest.approx(-0.1)
    assert moved["learning.heritage_primary"][3] == pytest.approx(-0.05)
    assert moved["learning.heritage_secondary"][3] == pytest.approx(-0.14)
    assert moved["learning.heritage_flatter"][4] == pytest.approx(0.2)
    assert all(table[0] == 0 for table in moved.values())
