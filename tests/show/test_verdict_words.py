"""One number has one verdict: whatever sentence tells it says what the table says below it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.config.variants import display
from sim.show import gains, leads, minima
from sim.show.clear import LESS, SAME, direction, matters
from sim.show.fifths import IN_FIFTHS
from sim.show.finding import ALL_AREAS, ENDS, INTERVAL, JOBS, POINTS, WHO, Finding
from sim.tabulate.verdicts import CANNOT_TELL, verdict
from tests.processes import ROOT

POLICIES = ("flat", "area_list_eia", "pupil_need", "gap_triggered", "gap_progress")
GAIN, LOSE = (
    re.compile(r"\b(gain|more|raises|lifts)\b"),
    re.compile(r"\b(lose|less(?! than matters)|fewer|lowers)\b"),
)
"""Words of a sentence that name a direction."""


def any_findings(seed: int) -> list[Finding]:
    """Numbers of five policies with intervals of every kind; no two are written alike."""
    rng = np.random.default_rng(seed)
    spread = rng.choice([0.15, 0.5, 1.2])
    used, found = set[str](), list[Finding]()
    for kind, scale, minimum in (
        (POINTS, spread, minima.MINIMUM), (JOBS, 80 * spread, minima.MINIMUM_JOB),
    ):  # fmt: skip
        for scenario in POLICIES:
            for who in WHO if kind == POINTS else ("disadvantaged",):
                for place in (ENDS, ALL_AREAS, 1, 2, 3, 4, 5):
                    if who == "other" and place == ENDS:
                        continue
                    value = 0.0
                    while written(kind, value) in used or not float(written(kind, value)):
                        value = float(rng.normal(0, scale))
                    used.add(written(kind, value))
                    half = scale * float(rng.uniform(0.05, 1.5))
                    word = verdict(value, value - half, value + half, minimum, 8)
                    found.append(
                        Finding(kind, scenario, who, place, value, value - half, value + half, word)
                    )
    return found


def written(kind: str, value: float) -> str:
    """How sentences write the size of a number."""
    return f"{abs(value):.2f}" if kind == POINTS else f"{abs(value):.0f}"


def clauses(text: str) -> Iterator[str]:
    """Parts of a text that end with a semicolon or a full stop."""
    return (part for part in re.split(r";\s|\.\s|\.$", text) if part)


def told_in(one: Finding, clause: str) -> bool:
    """Whether a clause tells a number: its size, then its interval in brackets."""
    size = written(one.kind, one.value)
    return f"{one.between().replace(INTERVAL, '')}" in clause and bool(
        re.search(rf"(?<![\d.,]){re.escape(size)}(?![\d.])", re.sub(r"\(.*?\)", "", clause))
    )


@pytest.mark.parametrize("seed", range(12))
def test_a_sentence_says_of_a_number_what_its_verdict_says(seed: int) -> None:
    found = any_findings(seed)
    lines = [text for _, text in leads.lead(found)]
    lines += [leads.of_policy(found, name) for name in POLICIES]
    seen = 0
    for text in lines:
        for clause in clauses(text.replace(INTERVAL, "")):
            for one in (one for one in found if told_in(one, clause)):
                seen += 1
                way = direction(one.verdict)
                assert way, f"{one.verdict}, told as a change: {clause}"
                assert (LESS in clause) == (not matters(one.verdict)), (one.verdict, clause)
                named = (bool(GAIN.search(clause)), bool(LOSE.search(clause)))
                assert named == (way > 0, way < 0), (one, clause)
    assert seen > 12


@pytest.mark.parametrize("seed", range(12))
def test_policies_named_without_a_number_have_the_verdict_of_the_sentence(seed: int) -> None:
    found = any_findings(seed)
    lines = dict(leads.lead(found))
    core = {
        (one.scenario, one.place): one.verdict for one in found
        if one.kind == POINTS and one.who == "disadvantaged"
    }  # fmt: skip
    average = lines["Over all areas"]
    for word, told in (
        (SAME, re.search(rf"is {SAME} under ([^.]*)\.", average)),
        (CANNOT_TELL, re.search(r"moves under ([^.]*) cannot be told", average)),
    ):
        mine = {display(name) for name in POLICIES if core[name, ALL_AREAS] == word}
        assert mine == set(re.split(r", | and | or ", told[1]) if told else ()), (word, average)
    for place in (1, 5):
        open_ = re.search(
            rf"{IN_FIFTHS[place]} under ([^.]*?)(?:, or in|\.)",
            lines.get("What cannot be told", ""),
        )
        mine = {display(name) for name in POLICIES if core[name, place] == CANNOT_TELL}
        assert mine == set(re.split(r", | or ", open_[1]) if open_ else ()), lines


@pytest.mark.parametrize("seed", range(12))
def test_a_title_says_of_a_number_what_its_verdict_says(seed: int) -> None:
    mine = [
        one for one in any_findings(seed)
        if one.kind == POINTS and one.who == "disadvantaged" and one.place > 0
    ]  # fmt: skip
    rows = pd.DataFrame([one.__dict__ for one in mine])
    subject = gains.Subject(
        gains.UP, gains.DOWN, of="disadvantaged pupils", where=IN_FIFTHS, anywhere="in any fifth"
    )
    title = gains.gains(rows, subject)
    told = [one for one in mine if f"{one.value:+.2f}".replace("-", "\N{MINUS SIGN}") in title]
    for one in told:
        assert direction(one.verdict)
        assert (LESS in title) == (not matters(one.verdict)), (one, title)
    sure = {direction(one.verdict) for one in mine if matters(one.verdict)}
    assert 1 not in sure or "lifts" in title, title
    assert -1 not in sure or "lowers" in title, title


def test_no_sentence_has_words_of_its_own_for_a_small_number() -> None:
    """Three ways to say one verdict stood on one page; reading.md knows one."""
    others = re.compile(
        r"too (little|few|small) to matter|may or may not matter|Nothing that matters"
    )
    for path in [*(ROOT / "sim" / "show").rglob("*.py"), *(ROOT / "sim" / "show").rglob("*.j2")]:
        text = " ".join(Path(path).read_text(encoding="utf-8").replace('"\n', " ").split())
        joined = re.sub(r'" ?f?"', "", text)
        assert not others.search(joined), (path.name, others.search(joined))
