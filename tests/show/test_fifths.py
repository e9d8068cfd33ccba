"""The number of areas behind a fifth stands beside whatever is shown by fifth."""

from __future__ import annotations

from sim.results.shapes import as_cells
from sim.show import tables
from sim.show.fifths import IN_WORDS, areas_in_fifths, with_counts
from sim.show.figures import FIGURES
from sim.show.finding import PLACES
from tests.example import example_dataset
from tests.show.drawing import draw_all


def test_areas_are_counted_and_not_weighed() -> None:
    cells = as_cells(example_dataset(draws=0))
    counted = areas_in_fifths(cells)
    assert counted == {1: 4, 2: 4, 3: 4, 4: 3, 5: 3}
    assert sum(counted.values()) == cells.sizes["area"]


def test_every_table_by_fifth_tells_the_areas_of_each() -> None:
    cells = as_cells(example_dataset(draws=0))
    counted = areas_in_fifths(cells)
    every, _ = tables.every_measure(cells, "area_affluence")
    made = [
        every, *(one.rows(cells) for one in FIGURES if one.name in (
            "gains_by_affluence", "money_went", "missed", "jobs_by_affluence",
            "where_the_pipeline_leaks"))
    ]  # fmt: skip
    assert len(made) == 6
    for rows in made:
        assert (rows["areas_here"] == rows["place"].map(counted)).all()


def test_every_chart_by_fifth_tells_the_areas_of_each() -> None:
    cells = as_cells(example_dataset(draws=0))
    charts, _ = draw_all(cells, {})
    by_fifth = [chart for chart in charts if "areas_here" in chart.rows]
    assert len(by_fifth) >= 5
    for chart in by_fifth:
        figure = chart.figure
        axes = [text.get_text() for ax in figure.axes for text in
                (ax.title, *ax.get_xticklabels(), *ax.get_yticklabels())]  # fmt: skip
        told = " ".join([*axes, *(text.get_text() for text in figure.texts)])
        assert "(4 areas)" in told or "areas in each: 4, 4, 4, 3, 3" in told, chart.name


def test_every_fifth_that_holds_few_areas_says_how_many_wherever_a_sentence_names_it() -> None:
    areas = {1: 1, 2: 1, 3: 4, 4: 2, 5: 5}
    for place, fifth in IN_WORDS.items():
        assert PLACES[place] == f"in {fifth}"
        told = with_counts(f"They gain in {fifth}.", areas)
        held = {1: " (1 area)", 2: " (1 area)", 3: " (4 areas)", 4: " (2 areas)", 5: ""}[place]
        assert told == f"They gain in {fifth}{held}."
