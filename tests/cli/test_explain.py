"""What a policy changes in a grant stands beside the baseline, and adds up."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from sim.config import compose
from sim.registry import RULES
from sim.show.waterfall_of_grant import steps_of
from sim.study.pounds import Explained, beside
from sim.tabulate.clauses import CLAUSES
from tests.funding.schools import FORMULA
from tests.processes import ROOT

BASE = compose("baseline", ["world=tiny"])


def lines(pupils: int = 100, **pence: int) -> Explained:
    found = Explained({"clause": clause, "pence": each} for clause, each in pence.items())
    found.pupils = pupils
    return found


def test_lines_of_either_side_are_there_and_differences_add_up() -> None:
    now, then = lines(99, flat=700, floor=5), lines(100, basic=600, floor=0, fsm=30)
    both = beside(now, then, compose("flat", ["world=tiny"]), BASE)
    assert [line["clause"] for line in both] == ["basic", "fsm", "flat", "floor"]
    assert all(x["pence"] - x["baseline_pence"] == x["difference_pence"] for x in both)
    assert sum(line["difference_pence"] for line in both) == 705 - 630
    assert (both.pupils, both.baseline_pupils) == (99, 100)
    assert both.notes == (), "a rule that shares the pot anew sets every line"


def test_a_line_that_moves_unasked_is_named() -> None:
    policy = compose("pupil_need", ["world=tiny"])
    then = lines(basic=900, low_prior=80, mobility=7, premium=10)
    same = lines(basic=900, low_prior=80, mobility=7, premium=10, targeted=30, slice=-20)
    (cut,) = beside(same, then, policy, BASE).notes
    assert cut.startswith("basic is the amount before the cut") and "row slice" in cut
    moved = lines(basic=901, low_prior=79, mobility=8, premium=10, targeted=30, minimum=1, floor=2)
    (note,) = beside(moved, then, policy, BASE).notes
    assert note.startswith("basic, low_prior, mobility, minimum, floor change too, though this")
    poorer = compose("baseline", ["world=tiny", "policy.funding.pupil_premium=false"])
    without = lines(basic=900, low_prior=80, mobility=7, premium=0)
    assert beside(without, then, poorer, BASE).notes == ()
    low = compose("baseline", ["world=tiny", "policy.funding.floor=-0.02"])
    (note,) = beside(
        lines(basic=890, low_prior=79, mobility=7, premium=10, floor=3), then, low, BASE
    ).notes
    assert note.startswith("low_prior changes too, though"), "a floor sets what pays it"


def test_every_clause_that_a_rule_of_ours_can_give_has_plain_words() -> None:
    ends = ("minimum", "floor", "scaling", "slice", "targeted", "premium", "extra")
    ours = [name for name in RULES.names() if RULES.owner(name) is None]
    balancing = {RULES.meta(name)["balance"] for name in ours}
    of_a_rule = ("depth",)  # under income_depth, in place of what it replaces
    assert {*FORMULA, *ends, *balancing, *of_a_rule} == set(CLAUSES)


def test_both_views_are_printed(sim: Any, api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    then, now = lines(basic=90_000, fsm=0), lines(basic=80_000, targeted=25_000, fsm=0)
    api.answer = beside(now, then, compose("pupil_need", ["world=tiny"]), BASE)
    said = sim("explain", "area", "Blackpool", "pupil_need", "world=tiny").out
    rows = {line.split()[0]: line.split() for line in said.splitlines() if line}
    assert rows["basic"][-5:] == ["900", "800", "-100", "76.2", "%"]
    assert rows["targeted"][-5:] == ["0", "250", "+250", "23.8", "%"]
    assert rows["total"][-5:] == ["900", "1,050", "+150", "100.0", "%"]
    assert rows["pupils"][-3:] == ["100", "100", "0"] and rows["a"][-3:] == ["9", "10", "+2"]
    assert "targeted money received" in said and "fsm" not in rows
    assert "One synthetic England (replicate 0), central beliefs: a single run, without" in said
    api.answer = lines(basic=90_001, fsm=0)
    said = sim("explain", "area", "Blackpool", "world=tiny").out
    assert "GBP 900.01" in said and "fsm" not in said and "basic amount for every pupil" in said
    assert "pupils" in said and "difference" not in said
    assert "Pupils: simulated, in the census of 2046-47 that pays for 2047-48 (year 24)" in said
    assert "sim list areas: of 2023-24." in " ".join(said.split())
    monkeypatch.setenv("COLUMNS", "30")
    assert "basic amount" not in sim("explain", "area", "Blackpool", "world=tiny").out


def test_two_policies_of_ones_choice_stand_side_by_side(
    sim: Any, api: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    asked: list[Any] = []

    def answer(school: int, scenario: str, *settings: str, **more: Any) -> Any:
        asked.append((school, scenario, more))
        now, then = lines(basic=80_000), lines(flat=90_000)
        now[0]["workings"] = [
            {"part": "primary", "count": 2.0, "rate_pence": 40_000, "area_cost": 1.0,
             "pence": 80_000}
        ]  # fmt: skip
        return beside(now, then, BASE, compose("flat", ["world=tiny"]))

    monkeypatch.setattr(api, "explain_school", answer, raising=False)
    said = sim("explain", "school", "7", "flat", "need_weighted", "world=tiny", "--csv", "one.csv")
    assert asked == [(7, "need_weighted", {"year": None, "against": "flat"})]
    assert "flat" in said.out.splitlines()[3] and "A: flat. B: need_weighted." in said.out
    rows = (tmp_path / "one.csv").read_text().splitlines()
    assert rows[1] == "flat,flat,the same pounds for every pupil,,,,,900.00"
    assert "need_weighted,basic,basic amount for every pupil,primary,2,400.00,1.0000,800.00" in rows


def test_the_waterfall_ends_at_what_is_paid_to_the_penny(
    sim: Any, api: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    paid = {"basic": 80_001, "uplift": 7, "floor": 30, "scaling": -9, "slice": -50, "premium": 3}
    steps = steps_of(paid, list(paid))
    assert [one.pence for one in steps[:-1]] == list(paid.values())
    assert all(one.start == last.end for last, one in pairwise(steps[:-1]))
    assert steps[-1].start == 0 and steps[-1].end == sum(paid.values()) == steps[-2].end
    monkeypatch.setattr(api, "explain_school", lambda *asked, **more: answer, raising=False)
    now, then = lines(**paid), lines(basic=90_000, floor=0)
    answer = beside(now, then, compose("pupil_need", ["world=tiny"]), BASE)
    words = ["explain", "school", "7", "pupil_need", "world=tiny", "--picture"]
    assert "Written to one.png." in sim(*words, "one.png").out
    assert (tmp_path / "one.png").read_bytes()[1:4] == b"PNG"
    sim(*words, "one.svg")
    told = (tmp_path / "one.svg").read_text(encoding="utf-8")
    drawn = ("£900 under baseline and £800 under pupil_need", "All that is paid", "rule's own")
    assert all(text in told for text in drawn)


def test_every_clause_is_in_the_glossary() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert [clause for clause in CLAUSES if f"`{clause}`" not in text] == []
