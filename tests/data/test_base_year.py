"""A base year is rows of two tables, and nothing of it stands anywhere else."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sim.config import compose
from sim.data import facts
from sim.data.base_year import DEFAULT, base_year, base_years, in_prices
from sim.data.rates import nff_rates
from sim.errors import BadRequest
from sim.funding.grants import FundingMemory, When
from sim.study.axes import swept
from sim.study.sweep import grouped
from sim.year.allocation import allocate
from tests.funding.schools import many, school

INVENTED = "2098-99"


@pytest.fixture
def invented(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A third base year: the rows of 2025-26 under another name, with a lump sum of its own."""
    tables = tmp_path / "tables"
    shutil.copytree(facts.TABLES, tables)
    for name in ("nff", "base_years"):
        path = tables / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["year"] == "2025-26"]
        with path.open("a", encoding="utf-8", newline="") as file:
            for row in rows:
                own = {"lump": "20000000"}.get(row.get("factor", ""), row["value"])
                own = {"before": "2025-26", "england_pot": "50000000000"}.get(
                    row.get("name", ""), own
                )
                csv.DictWriter(file, row, lineterminator="\n").writerow(
                    {**row, "year": INVENTED, "value": own}
                )
    monkeypatch.setattr(facts, "TABLES", tables)
    for kept in (base_year, nff_rates):
        kept.cache_clear()
    yield
    for kept in (base_year, nff_rates):
        kept.cache_clear()


def test_the_usual_year_holds_what_it_always_did() -> None:
    base = base_year()
    assert base.year == DEFAULT == compose("baseline").base_year == "2024-25"
    assert base.rates == nff_rates("2024-25") and base.before == nff_rates("2023-24")
    assert base.yearly_floor == -9_000 and base.england_pot == 43_730_000_000
    assert base.tax.thresholds == (12_570.0, 50_270.0, 125_140.0)
    assert base.tax.rates == (0.28, 0.42, 0.47)
    assert base.staffing == 1 and not base.carried


def test_a_year_before_has_the_grants_rolled_in_that_its_year_rolled_in() -> None:
    for year in base_years():
        base = base_year(year)
        for name in ("basic", "fsm6", "low_prior", "eal", "mobility", "sparsity", "minimum"):
            pairs = zip(getattr(base.before, name), getattr(base.rates, name), strict=True)
            for old, new in pairs:
                grown = 1 + base.uprating / 10_000
                assert new == pytest.approx(grown * old, rel=0.009), (year, name)


def test_every_row_of_a_base_year_has_its_unit_and_source() -> None:
    rows = facts.rows("base_years")
    assert all(row[key].strip() for row in rows for key in row)
    assert {row["confidence"] for row in rows} <= {"seen", "derived", "memory", "carried"}
    names = {year: {r["name"] for r in rows if r["year"] == year} for year in base_years()}
    assert len({frozenset(own - {"carried"}) for own in names.values()}) == 1


@pytest.mark.parametrize("year", ["2023-24", "2024-25 rolled in", "2025", "next"])
def test_a_year_that_is_no_base_year_is_refused_with_those_that_are(year: str) -> None:
    with pytest.raises(BadRequest, match=r"Give 2024-25.* 2025-26"):
        compose("baseline", [f"base_year='{year}'"])
    with pytest.raises(BadRequest, match=r"Give 2024-25.* 2025-26"):
        base_year(year)


def test_the_first_past_year_pays_next_to_no_floor_at_rates_that_all_rise() -> None:
    census = many(300)
    for year in base_years():
        when = When(-5, first_past=True, base=base_year(year))
        grants = allocate(census, compose("baseline").policy, FundingMemory(), when)
        assert grants.lines["floor"].sum() < 0.002 * grants.total.sum(), year


def test_an_envelope_is_the_same_share_of_a_pot_that_grew_as_englands_did() -> None:
    policy, census = compose("pupil_need").policy, many(300)
    shares = []
    for year in base_years():
        memory = FundingMemory()
        allocate(census, policy, memory, When(0, base=base_year(year)))
        grants = allocate(census, policy, memory, When(1, base=base_year(year)))
        share = grants.targeted.sum() / sum(grants.pots.values())
        shares.append(share * base_year(year).england_pot / 1e9)
    assert shares == pytest.approx([1.0] * len(shares), rel=1e-6)


def test_base_years_are_an_axis_whose_cells_share_no_past() -> None:
    word = "base_year=2024-25,2025-26"
    assert swept(word) == ("base_year", ("2024-25", "2025-26"))
    every = [compose(name, ["world=tiny", f"base_year={year}"])
             for name in ("baseline", "flat") for year in base_years()[:2]]  # fmt: skip
    groups = [[cell.base_year for cell in group] for group in grouped(every)]
    assert groups == [["2024-25", "2024-25"], ["2025-26", "2025-26"]]


def test_words_on_money_follow_the_base_year() -> None:
    assert in_prices("GBP, 2024-25 prices") == "GBP, 2024-25 prices"
    assert in_prices("prices of 2024-25, the rules of 2024-25", "2025-26") == (
        "prices of 2025-26, the rules of 2025-26"
    )
    assert in_prices("pupils of 2024-25", "2025-26") == "pupils of 2024-25"


@pytest.mark.usefixtures("invented")
def test_a_third_base_year_is_rows_and_nothing_else() -> None:
    assert base_years()[-1] == INVENTED
    settings = compose("baseline", [f"base_year={INVENTED}"])
    base = base_year(settings.base_year)
    assert base.staffing == pytest.approx(50 / 43.73)
    when = When(-1, first_past=True, base=base)
    grants = allocate(school(pupils=300), settings.policy, FundingMemory(), when)
    assert np.array_equal(grants.lines["lump"], [20_000_000])
    assert in_prices("GBP, 2024-25 prices", INVENTED) == "GBP, 2098-99 prices"
    with pytest.raises(BadRequest, match=INVENTED):
        compose("baseline", ["base_year=2099-00"])
