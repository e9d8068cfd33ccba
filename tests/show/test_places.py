"""Rows of the charts of where pounds and pupils are moved, against the measures they come from."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.patches import Rectangle

from sim.data import facts
from sim.show.clear import MOST_WORDS
from sim.show.figures import (
    flagged_gaps,
    map_of_gains,
    of_100_pupils,
    waterfall_of_pounds,
    what_comes_back,
    worse_off,
)
from sim.show.figures.of_100_pupils import heads
from sim.show.hexagons import border, hexagons, middle
from sim.show.measured import reason
from sim.show.png import png_bytes
from sim.show.style import looks
from sim.show.words import label
from sim.tabulate import measure
from sim.tabulate.by_clause import without
from sim.tabulate.clauses import CLAUSES
from tests.example import example_dataset
from tests.show import crowds, samples


@pytest.fixture(scope="module")
def dataset() -> xr.Dataset:
    return example_dataset()


def _as_region(dataset: xr.Dataset) -> xr.Dataset:
    codes = facts.areas().code[: dataset.sizes["area"]].astype(str)
    return dataset.assign_coords(area=codes).assign_attrs(world="region")


def test_a_map_needs_the_authorities_of_a_region_or_of_england(dataset: xr.Dataset) -> None:
    why = reason(map_of_gains.rows(dataset))
    assert "18 areas" in why and "world=england" in why
    rows = map_of_gains.rows(_as_region(dataset))
    assert not reason(rows)
    assert len(rows) == 4 * dataset.sizes["area"]
    assert "18 areas" in reason(map_of_gains.rows(_as_region(dataset).assign_attrs(world="tiny")))
    assert len(rows[["scenario", "column", "row"]].drop_duplicates()) == len(rows)


def test_a_map_of_a_part_of_england_shows_where_the_rest_would_be(dataset: xr.Dataset) -> None:
    every = samples.authorities()
    codes = every["place"].drop_duplicates()
    tenth = every[every["place"].isin(codes[::6])]
    assert tenth["place"].nunique() >= map_of_gains.LEAST
    look = looks(samples.SCENARIOS)
    told = {"all": (every, 0), "tenth": (tenth, len(codes) - tenth["place"].nunique())}
    for name, (rows, empty) in told.items():
        chart = map_of_gains.draw(rows, look)
        assert ("empty: not simulated" in chart.caption) == (empty > 0), name
        solid, striped, outlines = chart.figure.axes[0].collections
        coast = chart.figure.axes[0].patches
        mine = rows[rows["scenario"] == rows["scenario"].iloc[0]]
        clear = mine["verdict"].str.contains("higher|lower").sum()
        many = [len(found.get_paths()) for found in (solid, striped, outlines)]
        assert many == [clear, len(mine) - clear, len(mine)], name
        sides = len(border([middle(*at) for at in hexagons().values()]))
        assert [len(found.get_path()) for found in coast] == [2 * sides] * (empty > 0), name
        assert striped.get_hatch() and not solid.get_hatch()
    south_west = facts.areas().code[facts.areas().region == "South West"]
    whole = map_of_gains.draw(every[every["place"].isin(south_west)], look)
    assert "empty" not in whole.caption, "a whole region leaves nothing out"


def test_a_picture_keeps_the_colours_of_its_scale() -> None:
    from io import BytesIO

    from PIL import Image

    mine = samples.authorities().query("column < 2")
    figure = map_of_gains.draw(mine, looks(samples.SCENARIOS)).figure
    area = figure.axes[-1].get_position()
    picture = Image.open(BytesIO(png_bytes(figure))).convert("RGB")
    column = picture.width * (area.x0 + area.x1) / 2
    low, high = picture.height * (1 - area.y0), picture.height * (1 - area.y1)
    seen = [picture.getpixel((int(column), int(y))) for y in np.linspace(low - 8, high + 8, 60)]
    steps = np.abs(np.diff(np.array(seen, dtype=int), axis=0)).max(axis=1)
    assert steps.max() < 24, "no colour of the scale is lumped with another"


def test_of_100_pupils_are_the_shares_worse_and_better_off(dataset: xr.Dataset) -> None:
    rows = of_100_pupils.rows(dataset)
    table = measure(dataset, "worse_off_share", "area_affluence", "disadvantaged")["value"]
    for row in rows.to_dict("records"):
        wanted = table.sel(scenario=row["scenario"], place=row["place"], group="disadvantaged")
        assert row["worse"] == pytest.approx(wanted.item())
    assert ((rows["worse"] + rows["better"]) <= 1 + 1e-9).all()
    for part in ("worse", "better"):
        known = rows[f"{part}_low"].notna()
        assert (rows[f"{part}_low"] <= rows[part])[known].all()
        assert (rows[part] <= rows[f"{part}_high"])[known].all()
    assert "value" not in rows
    assert set(rows["replicates"]) == {2}  # as many as were run, though chance is averaged out
    assert set(worse_off.rows(dataset)["replicates"]) == {2}
    assert {len(mine) for _, mine in rows.groupby("scenario")} == {5}


@pytest.mark.parametrize("seed", range(20))
def test_heads_are_whole_and_make_100(seed: int) -> None:
    a, b, _ = np.random.default_rng(seed).dirichlet((0.3, 1.0, 0.3))
    found = heads(float(a), float(b))
    assert sum(found.values()) == 100
    assert abs(found["worse"] - 100 * a) < 1
    assert abs(found["better"] - 100 * b) < 1


def test_the_steps_of_the_waterfall_add_up_to_the_change_of_money(dataset: xr.Dataset) -> None:
    rows = waterfall_of_pounds.rows(dataset)
    parts = rows.pivot(index=["scenario", "place"], columns="clause", values="value")
    whole = parts.pop("total")
    np.testing.assert_allclose(parts.sum(axis=1), whole, atol=0.004)
    assert set(rows["place"]) == {1, 5}
    assert parts["targeted"]["flat"].eq(0).all()
    assert (parts["slice"]["area_list_eia"] < 0).all()
    assert "the same pounds for every pupil" in set(rows["part"])


@pytest.mark.parametrize("policies", [2, 12])
def test_the_bars_of_the_waterfall_make_the_black_one(policies: int) -> None:
    rng = np.random.default_rng(policies)
    names = [f"policy_{i}" for i in range(policies)]
    clauses = [*CLAUSES, "a_line_of_ones_own"]
    size = rng.choice([0.0, 0.01, 0.3, 80.0, 4000.0], (policies, 2, len(clauses)))
    value = size * rng.normal(size=size.shape)
    rows = pd.DataFrame(
        {"scenario": name, "place": place, "clause": clause, "value": v, "low": v, "high": v}
        for name, own in zip(names, value, strict=True)
        for place, all_ in zip((1, 5), own, strict=True)
        for clause, v in zip([*clauses, "total"], [*all_, all_.sum()], strict=True)
    )
    figure = waterfall_of_pounds.draw(rows, looks(names)).figure
    for ax, place in zip(figure.axes, (1, 5), strict=True):
        bars = [(p.get_x(), p.get_width()) for p in ax.patches if isinstance(p, Rectangle)]
        for name in names:
            mine = rows[rows["scenario"] == name]
            steps = waterfall_of_pounds.steps_of(mine, policies > waterfall_of_pounds.DETAILED)
            own, bars = bars[: len(steps) + 1], bars[len(steps) + 1 :]
            total = mine[(mine["place"] == place) & (mine["clause"] == "total")]
            (whole,) = total["value"]
            assert own[-1] == pytest.approx((0.0, whole))
            assert sum(width for _, width in own[:-1]) == pytest.approx(whole, abs=0.005)
            for (start, width), (after, _) in pairwise(own[:-1]):
                assert after == pytest.approx(start + width), "a bar begins where the last ends"
        assert not bars


def test_every_clause_has_one_step_of_the_waterfall() -> None:
    for steps in (waterfall_of_pounds.STEPS, waterfall_of_pounds.BRIEF):
        assert sorted(c for clauses in steps.values() for c in clauses) == sorted(CLAUSES)


def test_results_without_grants_by_clause_say_where_they_are(dataset: xr.Dataset) -> None:
    assert "a comparison draws it" in reason(waterfall_of_pounds.rows(without(dataset)))


def test_a_world_without_a_most_affluent_fifth_shows_the_ends_it_has(dataset: xr.Dataset) -> None:
    inner = dataset.isel(area=np.flatnonzero(np.isin(dataset["affluence"].values, (2, 3))))
    rows = waterfall_of_pounds.rows(inner)
    assert set(rows["place"]) == {2, 3}
    title = waterfall_of_pounds.title(rows)
    assert "in the second most affluent fifth" in title and "in the middle" in title
    one = rows[rows["place"] == 3]
    assert "moves money furthest" in waterfall_of_pounds.title(one)


def test_what_closes_by_itself_and_what_is_caused_make_what_is_seen(dataset: xr.Dataset) -> None:
    rows = flagged_gaps.rows(dataset)
    assert set(rows["scenario"]) == {"gap_triggered"}, "each policy on the schools of its trigger"
    parts = rows.pivot(index="place", columns="part", values="value")
    np.testing.assert_allclose(parts["by_itself"] + parts["caused"], parts["naive"], atol=1e-9)
    alone = example_dataset(["baseline", "flat"], draws=2)
    assert "no policy in this comparison pays schools" in reason(flagged_gaps.rows(alone))


def test_what_comes_back_is_told_by_the_published_value_while_30_is_far(
    dataset: xr.Dataset,
) -> None:
    rows = what_comes_back.rows(dataset)
    assert set(rows["way"]) == {"published"}
    long = what_comes_back.rows(example_dataset(["baseline", "pupil_need"], draws=2, years=28))
    assert set(long["way"]) == {"ours", "published"}


def test_titles_of_these_charts_are_short_and_deny_no_verdict() -> None:
    gains = samples.authorities()
    gains.loc[gains["scenario"] == "pupil_need", "verdict"] = "cannot tell"
    title = map_of_gains.title(gains)
    assert "of 151 authorities" in title and "Pupil need" not in title
    silent = map_of_gains.title(gains.assign(verdict="cannot tell"))
    assert silent == "In none of 151 authorities do disadvantaged pupils clearly gain or lose"
    told = (
        title,
        silent,
        map_of_gains.title(gains.assign(verdict="run longer")),
        of_100_pupils.title(samples.hundred()),
        of_100_pupils.title(samples.hundred().assign(draws=2)),
        of_100_pupils.title(samples.hundred().assign(worse_low=0.0, better_low=0.0)),
        waterfall_of_pounds.title(samples.steps()),
        flagged_gaps.title(samples.flagged()),
        what_comes_back.title(samples.returned()),
        what_comes_back.title(samples.returned().assign(low=-1.0)),
        what_comes_back.title(samples.returned().assign(low=float("nan"))),
    )
    assert len(set(told)) == len(told)
    assert max(len(one.split()) for one in told) <= MOST_WORDS


def test_a_map_counts_in_its_title_what_matters_and_says_where_nothing_does() -> None:
    """All of 15 losses were less than matters, and the title said: lose in 15."""
    rows = samples.authorities().assign(verdict="cannot tell")
    first = {name: rows.index[rows["scenario"] == name] for name in ("flat", "pupil_need")}
    rows.loc[first["flat"][:3], "verdict"] = "higher"
    rows.loc[first["flat"][3:5], "verdict"] = "lower"
    rows.loc[first["pupil_need"][:9], "verdict"] = "lower, less than matters"
    said = "clearly gain in 3 of 151 authorities under Flat and lose in 2 under Flat"
    assert map_of_gains.title(rows).endswith(said)
    chart = map_of_gains.draw(rows, looks(samples.SCENARIOS))
    assert "Pupil need: 0 clearly higher, 9 (9 by less than matters) clearly lower" in chart.alt
    rows = rows[rows["scenario"] == "pupil_need"]
    assert map_of_gains.title(rows).endswith("lose in 9 under Pupil need, by less than matters")


def test_what_a_map_stripes_is_called_by_no_verdict_of_the_table() -> None:
    """Striped is what holds 0, and that may be practically the same as well as cannot tell."""
    figure = map_of_gains.draw(samples.authorities(), looks(samples.SCENARIOS)).figure
    told = [text.get_text() for ax in figure.axes if ax.get_legend() is not None
            for text in ax.get_legend().get_texts()]  # fmt: skip
    assert told == ["clear", "not clear"]


def test_long_names_leave_titles_short() -> None:
    rows = crowds.crowd(crowds.long_names(9))
    for chart in (map_of_gains, of_100_pupils, waterfall_of_pounds, what_comes_back):
        title = chart.title(rows[chart.__name__.rpartition(".")[2]])
        assert len(title.split()) <= MOST_WORDS, title
    assert label("flat") in waterfall_of_pounds.title(samples.steps())


def test_a_table_of_every_authority_does_not_fill_the_page() -> None:
    from sim.show.inside import Link
    from sim.show.page import _chart
    from sim.show.picture import Picture

    look = looks(samples.SCENARIOS)
    made = (map_of_gains.draw(samples.authorities(), look),
            of_100_pupils.draw(samples.hundred(), look))  # fmt: skip
    kinds = (("figures", "png"), ("figures", "svg"), ("tables", "csv"))
    names = [f"{folder}/{chart.name}.{kind}" for chart in made for folder, kind in kinds]
    links = {name: Link(name, name, False) for name in names}
    drawn = [
        Picture(c.name, c.question, c.title, c.caption, c.alt, c.rows, b"", b"", "", "")
        for c in made
    ]
    long, short = (_chart(chart, links) for chart in drawn)
    assert long["cells"] == [] and long["count"] == 4 * 151
    assert len(short["cells"]) == 20
