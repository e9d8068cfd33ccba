"""Charts draw what they are given, look the same every time and stay on their slide."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Callable
from contextlib import nullcontext
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from PIL import Image

from sim.show.chart import Chart, spread
from sim.show.figures import (
    FIGURES,
    flagged_gaps,
    gains_at_places,
    gains_by_affluence,
    jobs_by_affluence,
    map_of_gains,
    missed,
    money_went,
    opportunity_beside_outcome,
    over_time,
    posts_follow_or_not,
    stay_or_go,
    worse_off,
)
from sim.show.measured import reason
from sim.show.phone import on_phone
from sim.show.png import PNG_DPI, png_bytes
from sim.show.style import inline_svg, looks, svg_bytes, themed
from tests.example import example_dataset
from tests.show import samples
from tests.show.drawing import draw_all

LOOK = looks([*samples.SCENARIOS, "gap_progress"])
CLEAR = 2.0  # points between numbers that are not to be read as one
CASES: dict[str, tuple[Callable[..., Chart], Callable[[], pd.DataFrame]]] = {
    one.name: (one.draw, samples.CHARTS[one.name]) for one in FIGURES
}


@pytest.fixture(scope="module")
def charts() -> dict[str, Chart]:
    return {name: draw(rows(), LOOK) for name, (draw, rows) in CASES.items()}


def test_every_sample_is_of_a_chart() -> None:
    assert samples.CHARTS.keys() == CASES.keys()
    assert len(FIGURES) >= 8


@pytest.mark.parametrize("name", CASES)
def test_a_chart_carries_its_words(charts: dict[str, Chart], name: str) -> None:
    chart = charts[name]
    assert chart.name == name
    assert chart.question.endswith("?")
    assert len(chart.alt) > 80
    assert chart.caption.startswith("How to read it:")
    told = [text.get_text().replace("\n", " ") for text in chart.figure.texts]
    assert chart.title in told
    assert chart.question in told
    assert len(textwrap.wrap(chart.caption, 162)) <= 3


def beyond(ax: Any) -> list[Any]:
    """Labels of ticks outside the limits of their axis, which are never drawn."""
    hidden = []
    for axis in (ax.xaxis, ax.yaxis):
        low, high = sorted(axis.get_view_interval())
        for tick in axis.get_major_ticks():
            if not low <= tick.get_loc() <= high:
                hidden += [tick.label1, tick.label2]
    return hidden


@pytest.mark.parametrize("name", CASES)
def test_all_text_is_readable_and_on_the_slide(charts: dict[str, Chart], name: str) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    figure = charts[name].figure
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    width, height = figure.bbox.width, figure.bbox.height
    unseen = {id(label) for ax in figure.axes for label in beyond(ax)}
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if not text.get_text() or not text.get_visible() or id(text) in unseen:
            continue
        assert text.get_fontsize() >= 11, text.get_text()
        box = text.get_window_extent(renderer)
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height
        assert inside, f"{text.get_text()!r} leaves the slide"


@pytest.mark.parametrize("name", CASES)
def test_no_two_labels_of_an_axis_overlap(charts: dict[str, Chart], name: str) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = charts[name].figure
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    for ax in figure.axes:
        for ticks in (ax.get_xticklabels(), ax.get_yticklabels()):
            unseen = beyond(ax)
            drawn = [t for t in ticks if t.get_text() and t not in unseen]
            boxes = [t.get_window_extent(renderer) for t in drawn]
            for one, two in pairwise(boxes):
                assert not one.overlaps(two)


def wide_jobs() -> pd.DataFrame:
    """Jobs whose axis ends at its outermost numbers."""
    rows = samples.jobs()
    return rows.assign(value=0.0, low=-95.0, high=95.0)


def four_shares() -> pd.DataFrame:
    """Money of four policies, of which one follows the pupils exactly."""
    rows = samples.shares()
    return pd.concat([rows, rows[rows["scenario"] == "pupil_need"].assign(
        scenario="gap_progress", value=lambda r: r["share_of_pupils"],
        low=lambda r: r["share_of_pupils"], high=lambda r: r["share_of_pupils"])])  # fmt: skip


@pytest.mark.parametrize(
    ("draw", "rows"), [(jobs_by_affluence.draw, wide_jobs), (money_went.draw, four_shares)]
)
def test_numbers_of_neighbours_stand_apart(
    draw: Callable[..., Chart], rows: Callable[[], pd.DataFrame]
) -> None:
    """Below panels and above bars side by side: 100 and -100 were read as 100-100, 17 as 1717."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = draw(rows(), LOOK).figure
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    below = [
        tick.label1 for ax in figure.axes for tick in ax.xaxis.get_major_ticks()
        if tick.label1.get_text() and tick.label1 not in beyond(ax)
    ]  # fmt: skip
    above = [text for ax in figure.axes for text in ax.texts]
    for texts in (below, above):
        boxes = [text.get_window_extent(renderer) for text in texts]
        for one, two in pairwise(sorted(boxes, key=lambda box: (round(box.y0), box.x0))):
            level = abs(one.y0 - two.y0) < one.height
            assert not level or two.x0 - one.x1 > CLEAR or two.x1 < one.x0, texts


def test_the_same_rows_give_the_same_bytes() -> None:
    twice = [gains_by_affluence.draw(samples.by_place(), LOOK) for _ in range(2)]
    assert svg_bytes(twice[0].figure) == svg_bytes(twice[1].figure)
    assert png_bytes(twice[0].figure) == png_bytes(twice[1].figure)
    assert b"<dc:date>" not in svg_bytes(twice[0].figure)


def test_pictures_are_slides(charts: dict[str, Chart], tmp_path: object) -> None:

    picture = Image.open(io.BytesIO(png_bytes(charts["missed"].figure)))
    assert picture.size == (1920, 1080)


def test_a_picture_keeps_the_colours_of_its_areas(charts: dict[str, Chart]) -> None:
    """It has few colours, to be small: those of bands and shades are exactly as drawn."""
    import numpy as np

    figure, drawn = charts["over_time"].figure, io.BytesIO()
    with themed():
        figure.savefig(drawn, format="png", dpi=PNG_DPI)
    true = Image.open(drawn).convert("RGB")
    kept = np.asarray(Image.open(io.BytesIO(png_bytes(figure))).convert("RGB"), dtype=int)
    pixels = np.asarray(true, dtype=int)
    assert kept.shape == pixels.shape
    for _, colour in sorted(true.getcolors(1 << 24) or (), reverse=True)[:12]:
        here = (pixels == np.array(colour)).all(-1)
        assert np.abs(kept[here] - np.array(colour)).max() <= 4, colour


def test_the_title_in_the_picture_flips_with_the_data() -> None:
    rows = samples.by_place()
    swapped = rows.assign(place=6 - rows["place"])
    titles = [gains_by_affluence.draw(r, LOOK).title for r in (rows, swapped)]
    assert titles[0].startswith(
        "Flat lifts disadvantaged pupils' results in the most affluent fifth"
    )
    assert titles[1].startswith(
        "Flat lifts disadvantaged pupils' results in the least affluent fifth"
    )
    assert "lowers them in the most affluent" in titles[1]


def test_colour_is_never_alone() -> None:
    names = [f"policy_{i}" for i in range(12)]
    given = looks(names)
    assert len({(look.colour, look.marker) for look in given.values()}) == len(names)
    for one in range(len(names) - 1):
        assert given[names[one]].marker != given[names[one + 1]].marker


def test_drawing_leaves_no_trace_in_global_settings() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    svg_bytes(missed.draw(samples.undercoverage(), LOOK).figure)
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("years", [1, 2, 3, 7, 22])
@pytest.mark.parametrize("phone", [False, True])
def test_years_are_whole_however_few(years: int, phone: bool) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with on_phone() if phone else nullcontext():
        ax = over_time.draw(samples.path(years), LOOK).figure.axes[0]
    FigureCanvasAgg(ax.figure).draw()
    unseen = beyond(ax)
    told = [t.get_text() for t in ax.get_xticklabels() if t not in unseen]
    assert told and all(text.isdigit() for text in told)
    assert min(map(int, told)) >= 1 and max(map(int, told)) <= years


def test_policies_of_a_single_year_stand_beside_each_other() -> None:
    ax = over_time.draw(samples.path(1), LOOK).figure.axes[0]
    across = [float(line.get_xdata()[0]) for line in ax.lines if len(line.get_xdata()) == 1]
    assert len(set(across)) == len(samples.SCENARIOS), "no mark hides another"
    title = over_time.title(samples.path(1).assign(verdict="practically the same"))
    assert title.startswith("After 1 year no")


def test_a_map_on_a_telephone_says_first_what_its_colours_are() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with on_phone():
        figure = map_of_gains.draw(samples.authorities(), LOOK).figure
    renderer = FigureCanvasAgg(figure).get_renderer()
    *maps, scale = figure.axes
    box = scale.get_tightbbox(renderer)
    assert box.x0 >= 0 and box.x1 <= figure.bbox.width
    assert all(box.y0 >= ax.title.get_window_extent(renderer).y1 for ax in maps)


def test_colours_of_groups_are_named_in_the_picture() -> None:
    (legend,) = posts_follow_or_not.draw(samples.both_ends(), LOOK).figure.legends
    told = [text.get_text() for text in legend.get_texts()]
    assert told == ["Disadvantaged as pupils (in the policy's colour)", "Everybody"]


def test_intervals_to_either_side_of_nought_never_join_into_one() -> None:
    rows = samples.winners().assign(worse_low=0.0, better_low=0.0)
    for ax in worse_off.draw(rows, LOOK).figure.axes:
        lines = [part for c in ax.collections for part in getattr(c, "get_segments", list)()]
        flat = [(a, b) for a, b in lines if a[1] == b[1] and abs(a[0] - b[0]) > 1e-9]
        left = {a[1] for a, b in flat if min(a[0], b[0]) < 0}
        right = {a[1] for a, b in flat if max(a[0], b[0]) > 0}
        assert left and right and not left & right


def test_names_at_line_ends_are_moved_apart_in_order() -> None:
    moved = spread([1.0, 1.0, 5.0, 1.1], least=1.0)
    order = sorted(moved)
    assert all(b - a > 0.99 for a, b in pairwise(order))
    assert moved[3] > moved[0]
    assert moved[2] == max(moved)


def test_ids_of_pictures_on_one_page_do_not_clash(charts: dict[str, Chart]) -> None:
    pages = [
        inline_svg(svg_bytes(chart.figure), chart.name, chart.alt) for chart in charts.values()
    ]
    found = [set(re.findall(r'\bid="([^"]+)"', page)) for page in pages]
    assert sum(map(len, found)) == len(set().union(*found))
    for page, ids in zip(pages, found, strict=True):
        used = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', page))
        assert {a or b for a, b in used} <= ids


@pytest.mark.slow
def test_results_without_targets_say_why_charts_are_missing() -> None:
    charts, undrawn = draw_all(example_dataset(["baseline", "flat"], draws=2, years=24), {})
    why = dict(undrawn)
    assert why["Where did the targeted pounds go?"] == "no policy in this comparison targets money"
    assert "Who is missed?" in why
    assert why[posts_follow_or_not.QUESTION].startswith("runs at both ends were not made")
    assert "world=england" in why[map_of_gains.QUESTION]
    assert why[gains_at_places.QUESTION].startswith("no area was asked for (places=")
    assert "no policy in this comparison pays schools" in why[flagged_gaps.QUESTION]
    assert len(charts) == len(FIGURES) - 7, "one policy has no other to be held against"


@pytest.mark.slow
def test_results_too_short_say_not_reached() -> None:
    charts, undrawn = draw_all(example_dataset(["baseline", "flat"], draws=2, years=6), {})
    told = ["waterfall_of_pounds", "over_time", "where_the_pipeline_leaks", "stay_or_go"]
    assert [chart.name for chart in charts] == told, "money and the baseline need no whole cohort"
    assert dict(undrawn)[gains_by_affluence.QUESTION].startswith("not reached")
    why = dict(undrawn)["Do better chances become better lives?"]
    assert why == "not reached: full exposure at age 25 takes 23 policy years, this run has 6"


def test_opportunity_alone_is_not_shown_as_if_it_were_outcome() -> None:
    rows = opportunity_beside_outcome.rows(example_dataset(["baseline", "flat"], draws=2, years=16))
    assert reason(rows).startswith("not reached")


def test_results_that_end_at_16_say_so() -> None:
    from sim.record.adult_variables import BY_AREA, NATIONAL

    whole = example_dataset(["baseline", "flat"], draws=2)
    later = [n for n in whole.data_vars if str(n).removesuffix("_q") in {*BY_AREA, *NATIONAL}]
    charts, undrawn = draw_all(whole.drop_vars(later), {})
    assert dict(undrawn)[stay_or_go.QUESTION] == "these results hold nothing after 16"
    assert "gains_by_affluence" in {chart.name for chart in charts}


def test_many_policies_still_fit() -> None:
    names = [f"policy_number_{i}" for i in range(9)]
    rows = samples.by_place({name: (0.1 * i,) * 5 for i, name in enumerate(names)})
    chart = gains_by_affluence.draw(rows, looks(names))
    assert len(chart.figure.axes) == 5
