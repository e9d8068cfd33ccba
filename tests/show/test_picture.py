"""Charts are drawn here or by a helper, and nobody can tell by which; none is lost with one."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from sim.show.figures import gains_by_affluence, missed
from sim.show.picture import Asked, Drawing, Picture, Told, draw_several, helped_by, picture_of
from sim.show.style import looks, page_svg
from tests.show import samples

LOOK = looks(samples.SCENARIOS)
TOLD = Told("World tenth", policies={"area_list_eia": "Money for 55 areas", "raise_all": "More"})
ROWS = {"money_went": samples.shares, "missed": samples.undercoverage}


def asked(*names: str) -> list[Asked]:
    return [Asked(name, "?", ROWS[name](), LOOK) for name in names]


class Beside:
    """A helper in this process: what it is handed goes through a pickle, both ways."""

    def __init__(self, fails: bool = False) -> None:
        self.fails, self.at_work, self.batches = fails, [], 0  # type: ignore[var-annotated]

    def hand(self, number: int, work: Callable[..., Any], *given: Any) -> None:
        self.batches += 1
        self.at_work.append((number, pickle.loads(pickle.dumps((work, given)))))

    def ended(self, seconds: float) -> list[Any]:
        if self.fails:
            raise RuntimeError("gone")
        done = [work(*given) for _, (work, given) in self.at_work]
        self.at_work.clear()
        return [SimpleNamespace(result=pickle.loads(pickle.dumps(one))) for one in done]


def told(found: list[Picture | str]) -> list[tuple[object, ...]]:
    assert all(isinstance(one, Picture) for one in found), found
    return [(p.name, p.title, p.alt, p.svg, p.png, p.slide, p.phone)
            for p in found if isinstance(p, Picture)]  # fmt: skip


@pytest.fixture(scope="module")
def alone() -> list[tuple[object, ...]]:
    return told(Drawing(asked(*ROWS), TOLD).finish())


def test_a_helper_draws_the_same_pictures_in_the_same_order(
    alone: list[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr("sim.show.picture.FIRST", 1)
    helper = Beside()
    with caplog.at_level(logging.INFO), helped_by(helper):
        assert told(Drawing(asked(*ROWS), TOLD).finish()) == alone
    assert helper.batches >= 1
    assert caplog.text == ""
    assert [one[0] for one in alone] == list(ROWS)


def test_what_a_helper_does_not_give_back_is_drawn_here(alone: list[tuple[object, ...]]) -> None:
    with helped_by(Beside(fails=True)):
        assert told(Drawing(asked(*ROWS), TOLD).finish()) == alone


def test_a_chart_that_fails_is_told_of_and_takes_no_other_with_it() -> None:
    broken = Asked("missed", "?", samples.undercoverage().drop(columns="value"), LOOK)
    with helped_by(Beside()):
        found = Drawing([broken, *asked("money_went")], TOLD).finish()
    assert isinstance(found[0], str) and "value" in found[0]
    assert isinstance(found[1], Picture)
    assert draw_several([], TOLD) == []


def test_a_page_cuts_out_of_a_drawing_only_what_it_says_itself() -> None:
    """Its picture was drawn a second time for this; now the words are taken out of the first."""
    for draw, rows in ((gains_by_affluence.draw, samples.by_place), (missed.draw, ROWS["missed"])):
        chart = draw(rows(), LOOK)
        words = [text for text in chart.figure.texts if text.get_gid() in ("title", "caption")]
        whole = picture_of(chart, TOLD.line, TOLD.warning)
        for text in [*words, *(t for t in chart.figure.texts if t.get_gid())]:
            text.set_visible(False)
        again = page_svg(chart.figure, chart.name, chart.alt)
        assert again.count("<text") == whole.slide.count("<text") > 10
        assert again.count("<path") == whole.slide.count("<path") > 3


def test_a_slide_says_in_words_which_policies_it_shows_and_the_page_does_not_repeat_it(
    alone: list[tuple[object, ...]],
) -> None:
    slide, page = next((svg, shown) for name, *_, svg, _, shown, _ in alone if name == "missed")
    assert b"Area list EIA: Money for 55 areas." in slide and b"More" not in slide
    assert "Money for 55 areas" not in str(page)
    many = Told("", policies={"missed": "x" * 1000})
    assert many.of(samples.undercoverage()) == "", "no room"


@pytest.mark.parametrize("year", ["2024-25", "2025-26"])
def test_a_slide_names_the_rules_and_prices_of_its_base_year(year: str) -> None:
    asked_for = Asked("waterfall_of_pounds", "?", samples.steps(), LOOK)
    (one,) = draw_several([asked_for], Told("World tenth", year=year))
    assert isinstance(one, Picture)
    assert one.caption.endswith(f"in prices of {year}.")
    drawn = one.svg.decode()
    assert f"the funding rules of {year}" in drawn and f"prices of {year}" in drawn
    assert ("2024-25" in drawn) is (year == "2024-25")
