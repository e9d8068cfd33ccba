"""A dose outside the evidence is told before anything runs."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from sim.config import compose
from sim.study.doses import MOST, dose_note, dose_notes, expected_dose, tell_doses
from sim.study.pounds import live_to

TWO = "policy.targeting.areas=[Blackpool,'Herefordshire, County of']"
ENVELOPE = "policy.targeting.envelope_gbp"
DOSE = "policy.targeting.dose_gbp"


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        ("pupil_need", ()), ("area_list_eia", (TWO,)), ("area_list_eia", (TWO, f"{ENVELOPE}=3e8")),
        ("pupil_need", (f"{DOSE}=700",)),
    ],
)  # fmt: skip
def test_the_dose_to_expect_is_that_of_the_first_year(
    scenario: str, words: tuple[str, ...]
) -> None:
    settings = compose(scenario, ["world=tiny", "years=1", *words])
    found = expected_dose(settings)
    assert found is not None
    with live_to(settings, 1) as (world, grants, _):
        paid = grants.targeted > 0
        pupils = np.sum(world.schools.ever6[paid])
        pounds = float(np.sum(grants.targeted[paid])) / 100 / float(pupils)
    assert found.pounds == pytest.approx(pounds, rel=0.12)


def test_a_short_list_with_the_sum_for_all_england_is_told_as_outside_the_evidence() -> None:
    note = dose_note(compose("area_list_eia", ["world=england", TWO]))
    assert note.startswith("area_list_eia pays about GBP 82,000 a year for each disadvantaged")
    assert "outside the evidence" in note and "dose_gbp or a smaller" in note
    assert dose_note(compose("area_list_eia", ["world=tiny", TWO])) == ""
    assert dose_note(compose("area_list_oa", ["world=england"])).count("about GBP 8,800") == 1


@pytest.mark.parametrize(
    ("scenario", "words", "told"),
    [
        ("pupil_need", (f"{ENVELOPE}=1e10",), "pays about GBP 4,"),
        ("gap_triggered", (f"{ENVELOPE}=1e10",), "pays at least GBP 4,"),
        ("gap_triggered", (f"{DOSE}=3500",), "pays GBP 3,500 a year"),
        ("gap_triggered", (), ""), ("gap_placebo", (f"{ENVELOPE}=1e10",), ""), ("flat", (), ""),
        ("baseline", (), ""),
        ("area_list_eia", (TWO, f"{ENVELOPE}=1e10", "policy.targeting.mix=0.5"), "about GBP 7,"),
    ],
)  # fmt: skip
def test_each_kind_of_policy_is_told_by_what_is_known_of_it(
    scenario: str, words: tuple[str, ...], told: str
) -> None:
    note = dose_note(compose(scenario, ["world=tiny", *words]))
    assert (told in note) if told else note == "", note


def test_a_dose_is_logged_once_and_many_are_counted(caplog: pytest.LogCaptureFixture) -> None:
    every = [compose("pupil_need", ["world=tiny", f"{DOSE}={4000 + n}"]) for n in range(MOST + 3)]
    with caplog.at_level(logging.WARNING, logger="sim"):
        tell_doses([every[0], every[0]])
    assert len(caplog.records) == 1
    notes = dose_notes([*every, *every])
    assert len(notes) == MOST + 1 and notes[-1].startswith("3 more")
