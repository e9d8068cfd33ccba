"""Names of any length and in any characters can be read in every chart, however many there are."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from sim.show.fit import ELLIPSIS, clean, names_in, width, wrap
from sim.show.style import looks, stamp
from tests.show import crowds
from tests.show.test_figures import CASES, beyond

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.text import Text

STAMP = "World tiny (a test world of 4 areas: not for use), " * 3


def test_a_name_that_fits_is_left_alone() -> None:
    assert names_in(["gap_triggered"], 13, 200) == {"gap_triggered": "Gap triggered"}


def test_a_long_name_is_wrapped_before_it_is_shortened() -> None:
    name = crowds.LONG.format(0)
    shown = names_in([name], 13, 230)[name]
    assert shown.count("\n") == 1
    assert ELLIPSIS not in shown
    assert all(width(line, 13) <= 230 for line in shown.split("\n"))


@pytest.mark.parametrize("room", [60.0, 90.0, 150.0])
@pytest.mark.parametrize(
    "names",
    [
        crowds.long_names(24),
        [f"{'the_same_beginning_' * 5}{i}" for i in range(24)],
        [f"{'a_' * 40}{i}{'_z' * 40}" for i in range(24)],
        ["W" * 70, "W" * 71, "W" * 72],
        list(crowds.ODD),
        ["\u4e2d", "\u6587"],
    ],
)
def test_no_two_names_are_shortened_to_one(names: list[str], room: float) -> None:
    shown = names_in(names, 13, room)
    assert len(set(shown.values())) == len(names)
    for text in shown.values():
        assert text.count("\n") <= 1
        assert all(width(line, 13) <= room for line in text.split("\n"))


def test_words_longer_than_a_line_are_broken() -> None:
    lines = wrap("a " + "W" * 50, 13, 100)
    assert "".join(lines).replace(" ", "") == "a" + "W" * 50
    assert max(width(line, 13) for line in lines) <= 100


def test_what_has_no_shape_is_left_out_and_what_no_font_has_is_a_box() -> None:
    assert clean("a\u202eb\u200d\ufe0f\tc\n") == "ab c"
    assert clean("\u4e2d") == "\N{WHITE SQUARE}"
    assert clean("\u200b") != ""


def words(figure: Figure) -> list[Text]:
    """All drawn text but numbers beside marks, which may lie close where values do."""
    from matplotlib.text import Annotation, Text

    unseen = {id(text) for ax in figure.axes for text in beyond(ax)}
    found = []
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        number = text.get_text().strip("+-\N{MINUS SIGN}0123456789.%,") == ""
        beside = isinstance(text, Annotation) and number
        if text.get_text() and text.get_visible() and id(text) not in unseen and not beside:
            found.append(text)
    return found


def box(text: Any, renderer: Any) -> Any:
    """Where the letters of a text are, without the arrow an annotation may have."""
    from matplotlib.text import Text

    return Text.get_window_extent(text, renderer)


@lru_cache(maxsize=2)
def drawn(names: tuple[str, ...]) -> dict[str, Figure]:
    """Every chart of so many policies."""
    look = looks(names)
    crowd = crowds.crowd(list(names))
    return {name: CASES[name][0](rows, look).figure for name, rows in crowd.items()}


@pytest.mark.parametrize(
    "count", [2, *(pytest.param(n, marks=pytest.mark.slow) for n in (5, 16, 24))]
)
def test_no_word_leaves_the_picture_or_covers_another(count: int) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    for chart, figure in drawn(tuple(crowds.mixed_names(count))).items():
        stamp(figure, STAMP)
        renderer = FigureCanvasAgg(figure).get_renderer()
        figure.draw_without_rendering()
        boxes = [(text.get_text(), box(text, renderer)) for text in words(figure)]
        wide, tall = figure.bbox.width, figure.bbox.height
        for told, one in boxes:
            assert one.x0 >= 0 and one.x1 <= wide, f"{told!r} in {chart} of {count}"
            assert one.y0 >= 0 and one.y1 <= tall, f"{told!r} in {chart} of {count}"
        for (told, one), (also, two) in combinations(boxes, 2):
            apart = one.x1 <= two.x0 or two.x1 <= one.x0 or one.y1 <= two.y0 or two.y1 <= one.y0
            assert apart, f"{told!r} and {also!r} in {chart} of {count}"


@pytest.mark.slow
def test_every_policy_of_24_is_named_in_every_chart() -> None:
    for chart, figure in drawn(tuple(crowds.long_names(24))).items():
        told = " ".join(text.get_text().replace("\n", " ") for text in words(figure))
        for i in range(24):
            assert f"Option {i:02d} a rather long name" in told, (chart, i)


def test_our_own_long_names_stand_uncut() -> None:
    names = ["flat", "gap_progress_own_school"]
    for chart_name, rows in crowds.crowd(names).items():
        figure = CASES[chart_name][0](rows, looks(names)).figure
        told = [" ".join(text.get_text().split()) for text in words(figure)]
        assert any("Gap progress own school" in text for text in told), chart_name


def test_a_dollar_sign_is_a_dollar_sign() -> None:
    names = crowds.mixed_names(2)
    figure = CASES["worse_off"][0](crowds.crowd(names)["worse_off"], looks(names)).figure
    assert all(not text.get_parse_math() for text in words(figure))
