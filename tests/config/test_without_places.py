"""Beliefs on learning rest on national results; sets that places' results have shaped say so."""

from __future__ import annotations

import pytest

from sim.config import compose
from sim.config.beliefs import Belief
from sim.data import facts
from sim.evidence.fit_learning import HELD, TARGETS

OF_PLACES = {"22", "23", "37", "39", "41", "42", "d2", "g", "28"}
EVIDENCE = ("mass", "mass_scale", "mass_others", "early_support")


def learning(name: str) -> dict[str, Belief]:
    found = compose("baseline", ["world=tiny", f"beliefs={name}"]).beliefs.records["learning"]
    return dict(found)


def test_the_fit_looks_at_no_result_of_a_place() -> None:
    told = {target.name: target for target in facts.targets()}
    fitted = [told[name] for name in TARGETS]
    assert {target.kind for target in fitted} == {"calibration"}
    assert not {target.number for target in fitted} & OF_PLACES
    assert len(fitted) == len(set(TARGETS)) > 15


def test_critical_mass_and_early_support_stand_in_the_middle_of_what_evidence_allows() -> None:
    records = learning("default")
    for name in EVIDENCE:
        record = records[name]
        assert record.value == pytest.approx((record.low + record.high) / 2), name
        assert HELD[f"learning.{name}"] == record.value
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
