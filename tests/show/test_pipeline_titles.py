"""Where the pipeline leaks is told by the numbers that the chart shows."""

from __future__ import annotations

from sim.show.figures import where_the_pipeline_leaks
from tests.show import samples


def test_the_leak_is_where_the_ratio_falls_most() -> None:
    def told(leaks: tuple[float, ...]) -> str:
        rows = samples.pipeline(leaks)
        return where_the_pipeline_leaks.title(rows[rows["group"] == "disadvantaged"])

    title = told((0.75, 0.7, 0.65, 0.5, 0.49, 0.48, 0.47))
    assert title == (
        "The gap opens most at Level 3 at 19: disadvantaged pupils' rate is 50 to 54 % of others'"
    )
    early = told((0.9, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6))
    assert "at the expected standard at 11: disadvantaged pupils' rate is 60 to 64 % of" in early
    assert told((0.6, 0.6, 0.7, 0.7, 0.8, 0.8, 0.9)).startswith("At no stage")


def test_the_leak_is_where_the_numbers_of_the_chart_fall_most() -> None:
    """69 to 65 was told, and 62 to 57 stood below it: 4.5 and 4.3 before rounding."""
    rows = samples.pipeline()
    mine = rows[rows["group"] == "disadvantaged"].copy()
    for place in (1, 5):
        here = mine["place"] == place
        mine.loc[here, "ratio"] = [0.691, 0.646, 0.616, 0.618, 0.575, 0.582, 0.641]
    assert "opens most at higher education by 19" in where_the_pipeline_leaks.title(mine)


def test_ends_of_the_affluence_scale_may_leak_elsewhere() -> None:
    rows = samples.pipeline()
    mine = rows[rows["group"] == "disadvantaged"].copy()
    last = mine["place"] == 5
    mine.loc[last, "ratio"] = [0.9, 0.8, 0.8, 0.8, 0.8, 0.8, 0.5]
    title = where_the_pipeline_leaks.title(mine)
    assert title.endswith("Level 3 (most affluent fifth), a professional job (least affluent)")
