"""Every chart is drawn once more for a telephone: narrow, stacked, with nothing cut or covered."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from sim.show.colours import OWN, looks
from sim.show.inside import LARGEST, links
from sim.show.phone import PHONE, is_phone, on_phone, settle
from sim.show.style import page_svg, stamp, svg_bytes, themed
from tests.show import samples
from tests.show.test_figures import CASES
from tests.show.test_fit import box, words

LOOK = looks(samples.SCENARIOS)


@pytest.mark.parametrize("name", CASES)
def test_a_chart_for_a_telephone_is_narrow_and_covers_nothing(name: str) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    draw, rows = CASES[name]
    with on_phone():
        figure = draw(rows(), LOOK).figure
        with themed():
            settle(figure)
    assert not is_phone()
    assert figure.get_figwidth() == PHONE
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw_without_rendering()
    boxes = [(text.get_text(), box(text, renderer)) for text in words(figure)]
    for told, one in boxes:
        assert one.y1 <= figure.bbox.height, "what lies beyond the paper is not drawn"
        assert one.x0 >= -2 and one.x1 <= figure.bbox.width + 2, told
    for (told, one), (also, two) in combinations(boxes, 2):
        apart = one.x1 <= two.x0 or two.x1 <= one.x0 or one.y1 <= two.y0 or two.y1 <= one.y0
        assert apart, f"{told!r} and {also!r}"
    boxes = [ax.get_position() for ax in figure.axes if ax.get_label() != "scale"]
    columns = {round(one.x0, 3) for one in boxes}
    assert len(columns) == 1, "panels stand one below another"


def test_text_in_a_drawing_is_text() -> None:
    for name, (draw, rows) in CASES.items():
        drawn = svg_bytes(draw(rows(), LOOK).figure).decode()
        assert "Verdana" in drawn, "a font that machines without ours have"
        if name == "gains_by_affluence":
            assert re.search(r"<text[^>]*>Gap triggered</text>", drawn)
            assert re.search(r'id="halo-\d+">\s*<text[^>]*>\+0.71</text>', drawn), "numbers too"
        assert not re.search(r'<use xlink:href="#DejaVu', drawn), name


def test_the_page_shows_a_drawing_whole_and_without_the_words_it_says_itself() -> None:
    draw, rows = CASES["gains_by_affluence"]
    figure = draw(rows(), LOOK).figure
    stamp(figure, "World tenth")
    before = svg_bytes(figure)
    shown = page_svg(figure, "one", "What is drawn.", "slide")
    for words_ in ("How to read it", "World tenth", "Who gains and who loses"):
        assert words_ in before.decode()
        assert words_ not in shown
    assert svg_bytes(figure) == before, "the drawing itself is as it was"
    with themed():
        figure.draw_without_rendering()
    view = re.search(r'viewBox="[-\d.]+ ([-\d.]+) [\d.]+ ([\d.]+)"', shown)
    assert view is not None
    top, tall = float(view.group(1)), float(view.group(2))
    for y in re.findall(r'<text[^>]* y="([-\d.]+)"', shown):
        assert top <= float(y) <= top + tall


def test_a_name_with_markup_stays_text_in_a_page() -> None:
    rows = samples.by_place({'a id="b"<script>url(#c)': (0.1, 0.2)})
    drawn = page_svg(CASES["gains_by_affluence"][0](rows, looks(rows["scenario"])).figure, "n", "-")
    assert "<script" not in drawn
    assert 'id="b"' in drawn, "an id that is told is no id of a page"


def test_a_policy_keeps_its_colour_in_every_report() -> None:
    default = ("flat", "area_list_eia", "pupil_need", "gap_triggered", "gap_progress")
    alone = {name: looks([name])[name].colour for name in (*OWN, "my_policy")}
    together = looks([*reversed(default), "my_policy"])
    assert len({look.colour for look in together.values()}) == 6
    for name in default:
        assert together[name].colour == alone[name]
    assert looks(["my_policy", "flat"])["my_policy"].colour == alone["my_policy"]
    assert looks(["Gap triggered"])["Gap triggered"].colour == alone["gap_triggered"]


def test_the_order_of_a_comparison_changes_no_colour() -> None:
    names = [f"policy_{i}" for i in range(9)]
    one, two = looks(names), looks(names[::-1])
    assert {n: one[n].colour for n in names} == {n: two[n].colour for n in names}


def test_what_would_make_a_page_too_large_is_a_link_to_the_file() -> None:
    found = links({"figures/a.png": b"x" * LARGEST, "tables/a.csv": b"a,b\n"})
    assert found["tables/a.csv"].href.startswith("data:text/csv")
    assert found["figures/a.png"].href == "figures/a.png"
    assert not found["figures/a.png"].inside
