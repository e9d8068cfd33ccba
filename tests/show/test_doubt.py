"""What drives the doubt is told only where luck alone would not have given it."""

from __future__ import annotations

import json

import pandas as pd

from sim.config import compose
from sim.results.shapes import as_cells
from sim.show.doubt import sentences, tables_of_doubt
from tests.example import example_dataset


def rows(rho: float, by_luck: float = 0.9) -> dict[str, pd.DataFrame]:
    told = "yes" if abs(rho) > by_luck else "no"
    return {
        "what_drives_doubt": pd.DataFrame([
            {"measure": "attainment8", "place": "All areas", "scenario": "flat",
             "belief": f"money.belief_{i}", "rho": rho, "by_luck": by_luck, "beyond_luck": told,
             "draws": 8}
            for i in range(7)
        ])
    }  # fmt: skip


def test_five_beliefs_are_named_where_they_are_beyond_luck() -> None:
    (told,) = sentences(rows(0.97))
    assert told.count("under Flat") == 5
    assert "all areas: money.belief_0 (+0.97 under Flat)" in told
    assert "with 7 beliefs over 8 draws passes 0.90 in one study of ten" in told


def test_few_draws_that_cannot_tell_say_so() -> None:
    (told,) = sentences(rows(0.8))
    assert told.endswith("none does here, so 8 draws cannot tell what drives the doubt.")
    assert "money.belief" not in told
    assert sentences({}) == []


def test_values_of_each_draw_are_read_back_from_the_record() -> None:
    cells = as_cells(example_dataset(["baseline", "flat"], draws=4, replicates=1, areas=5))
    settings = compose("baseline", ["world=tiny"])
    beliefs = {
        group: {name: belief.model_dump(mode="json") for name, belief in named.items()}
        for group, named in settings.beliefs.records.items()
    }
    record = json.loads(json.dumps({"beliefs": beliefs, "seed": 7}))
    found = tables_of_doubt(cells, record)["beliefs_by_draw"]
    assert sorted(set(found["draw"])) == [0, 1, 2, 3, 4]
    at = found.set_index(["draw", "belief"])["drawn"]
    for draw in (0, 3):
        drawn = settings.beliefs.drawn(draw, 7).values.money.return_per_thousand
        assert at[draw, "money.return_per_thousand"] == drawn
    assert (found["unit"] != "").all()


def test_a_record_without_beliefs_or_draws_has_no_such_tables() -> None:
    cells = as_cells(example_dataset(["baseline", "flat"], draws=0, replicates=2, areas=5))
    assert tables_of_doubt(cells, {}) == {}
    assert tables_of_doubt(cells, {"beliefs": {"money": {"x": {"value": 1}}}, "seed": 1}) == {}
