"""The table of facts is complete, documented, and adds up to published England."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.codes import BROAD_OF_HERITAGE
from sim.data import facts
from sim.data.rates import nff_rates
from sim.errors import BadRequest

TABLES = Path(facts.__file__).parent / "tables"
SOURCES = os.environ.get("PLACEMATTERS_SOURCES", "")
needs_sources = pytest.mark.skipif(
    not SOURCES, reason="PLACEMATTERS_SOURCES does not name a folder of source files"
)
DERIVED_ONLY = {"area_type", "coastal", "affluence_fifth", "tenth_weight"}


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def england(values, weights):
    return float((values * weights).sum() / weights.sum())


@pytest.fixture(scope="module")
def areas():
    return facts.areas()


@pytest.fixture(scope="module")
def pupils(areas):
    return areas.pupils_primary + areas.pupils_secondary


def test_there_are_151_areas_sorted_by_a_unique_code(areas):
    assert len(areas) == len(set(areas.code)) == len(set(areas.name)) == 151
    assert list(areas.code) == sorted(areas.code)
    assert not {"E09000001", "E06000053"} & set(areas.code)
    assert len(set(areas.region)) == 9


def test_no_cell_is_blank():
    for name in ("areas", "nff", "national", "targets"):
        for row in rows_of(TABLES / f"{name}.csv"):
            blank = {key for key, value in row.items() if value.strip().lower() in ("", "nan")}
            assert blank <= {"band"}, (name, row)


def test_every_column_is_described_and_every_derived_one_has_a_formula():
    with (TABLES / "areas.csv").open(encoding="utf-8") as file:
        header = next(csv.reader(file))
    described = {row["column"]: row for row in facts.describe()}
    assert list(described) == header
    for name, row in described.items():
        assert all(row[key] for key in ("title", "unit", "year", "publisher")), name
    assert all(described[name]["formula"] for name in DERIVED_ONLY)
    derived = ("log_roll", "dissimilarity", "heritage", "fsm_", "area_cost", "opportunity_area")
    for name, row in described.items():
        if name.startswith(derived) and name != "opportunity_area_name":
            assert row["formula"], name


def test_pupils_and_rates_add_up_to_england(areas, pupils):
    assert pupils.sum() == pytest.approx(7.525e6, rel=0.002)
    nation = facts.national()
    for phase in ("primary", "secondary"):
        weights = getattr(areas, f"pupils_{phase}")
        for rate in ("fsm", "ever6"):
            published = nation[f"{rate}_{phase}_2024"].value
            assert england(getattr(areas, f"{rate}_{phase}"), weights) == pytest.approx(
                published, abs=0.003
            )
    assert england(areas.fsm_2019, pupils) == pytest.approx(0.151, abs=0.002)


def test_area_lists_are_the_published_ones(areas, pupils):
    assert areas.education_investment_area.sum() == 55
    inside = areas.opportunity_area > 0
    assert inside.sum() == 12
    assert (areas.opportunity_area[inside] == 1).sum() == 6
    assert set(areas.opportunity_area_name[~inside]) == {""}
    assert (areas.opportunity_area * pupils).sum() == pytest.approx(349_684, rel=0.02)


def test_shares_are_shares(areas):
    np.testing.assert_allclose(areas.heritage.sum(axis=1), 1, atol=1e-9)
    bands = sum(getattr(areas, f"idaci_{band}") for band in "abcdef")
    assert (bands < 1).all()
    assert ((areas.heritage >= 0) & (areas.heritage <= 1)).all()
    assert ((areas.fsm_by_broad_group > 0) & (areas.fsm_by_broad_group < 1)).all()
    assert ((areas.opportunity_area >= 0) & (areas.opportunity_area <= 1)).all()
    assert ((areas.selective_share > 0) == (areas.selective_schools > 0)).all()
    assert (areas.ever6_secondary >= areas.fsm_secondary).all()
    assert (
        (areas.area_cost_low <= areas.area_cost) & (areas.area_cost <= areas.area_cost_high)
    ).all()


def test_mix_and_rates_of_groups_give_the_rate_of_the_area(areas):
    broad = np.zeros((151, 5))
    for group, wider in enumerate(BROAD_OF_HERITAGE):
        broad[:, wider] += areas.heritage[:, group]
    implied = (broad * areas.fsm_by_broad_group).sum(axis=1)
    np.testing.assert_allclose(implied, areas.fsm_2019, atol=0.006)


def test_neighbours_are_areas_and_never_the_area_itself(areas):
    known = set(areas.code)
    for code, neighbours in zip(areas.code, areas.neighbours, strict=True):
        assert 8 <= len(neighbours) == len(set(neighbours)) <= 10
        assert code not in neighbours
        assert set(neighbours) <= known


def test_tenth_is_25_areas_with_an_eighth_of_pupils_that_stand_for_all(areas, pupils):
    inside = areas.tenth_weight > 0
    assert inside.sum() == 25
    assert pupils[inside].sum() / pupils.sum() == pytest.approx(0.119, abs=0.0005)
    assert (areas.tenth_weight * pupils).sum() == pytest.approx(pupils.sum(), rel=0.002)


def test_affluence_fifths_are_fifths_of_pupils_ordered_by_fsm(areas, pupils):
    rate = (
        areas.fsm_primary * areas.pupils_primary + areas.fsm_secondary * areas.pupils_secondary
    ) / pupils
    order = np.lexsort((areas.code, rate))
    assert (np.diff(areas.affluence_fifth[order]) >= 0).all()
    for fifth in range(1, 6):
        share = pupils[areas.affluence_fifth == fifth].sum() / pupils.sum()
        assert share == pytest.approx(0.2, abs=0.01)
    assert rate[areas.affluence_fifth == 1].max() <= 0.175


def test_rolls_agree_with_published_sizes(areas):
    luck = np.random.default_rng(1)
    for phase, published in (("primary", (94, 239, 475)), ("secondary", (452, 958, 1513))):
        mean, spread = (getattr(areas, f"log_roll_{k}_{phase}") for k in ("mean", "sd"))
        rows = np.repeat(np.arange(151), 20 * getattr(areas, f"schools_{phase}"))
        rolls = np.exp(mean[rows] + spread[rows] * luck.standard_normal(len(rows)))
        np.testing.assert_allclose(np.percentile(rolls, (10, 50, 90)), published, rtol=0.15)


def test_facts_cannot_be_changed(areas):
    with pytest.raises(ValueError, match="read-only"):
        areas.pupils_primary[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        areas.heritage[0, 0] = 1


def test_rates_of_the_formula_are_in_pence():
    rates = nff_rates()
    assert rates.year == "2024-25"
    assert rates.basic == (356_200, 502_200, 566_100)
    assert rates.idaci[1] == (94_500, 74_000, 69_000, 63_000, 45_000, 34_000)
    assert (3 * rates.minimum[1] + 2 * rates.minimum[2]) / 5 == 599_500
    assert nff_rates("2025-26").lump == 14_510_000


def test_rates_of_2024_25_follow_from_the_year_before():
    last, this = nff_rates("2023-24"), nff_rates("2024-25")
    for name in ("basic", "fsm6", "low_prior", "eal", "mobility", "sparsity", "minimum"):
        for old, new in zip(getattr(last, name), getattr(this, name), strict=True):
            assert new == pytest.approx(1.014 * old, rel=0.006), name


def test_a_year_without_rates_is_refused():
    with pytest.raises(BadRequest, match="2024-25"):
        nff_rates("2024-26")


def test_national_figures_carry_their_source():
    nation = facts.national()
    assert {f"births_{year}" for year in range(2004, 2025)} <= set(nation)
    assert all(fact.source and fact.unit and fact.year for fact in nation.values())
    assert nation["births_2012"].value > nation["births_2023"].value


def test_targets_are_those_of_the_review():
    targets = facts.targets()
    assert len({t.name for t in targets}) == len(targets)
    whole = {str(n) for n in range(1, 57)} - {"36"}
    assert {t.number for t in targets} == whole | {"1b", "1c", "36", "d2", "g"}
    assert {t.stage for t in targets} == {"structure", "attainment", "after school"}
    for target in targets:
        low, high = target.tolerance
        assert low <= target.value <= high, target.name
        assert target.kind in ("calibration", "pattern", "unfitted")
    assert sum(t.number == "37" for t in targets) == 9
    places = ("d2", "g", "23", "37", "39", "41", "42", "55", "56")
    assert {t.kind for t in targets if t.number in places} == {"pattern"}
    assert {t.kind for t in targets if t.number == "36"} == {"unfitted"}


def test_the_digest_covers_every_table():
    assert set(facts.TABLE_FILES) == {path.name for path in TABLES.iterdir()}
    assert len(facts.data_digest()) == 64


def test_reading_facts_needs_no_pandas():
    code = (
        "import sys; from sim.data import facts, rates; facts.areas(); rates.nff_rates();"
        "facts.targets();"
        "sys.exit('pandas' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=TABLES.parent.parent)


@needs_sources
def test_the_sources_give_the_table_of_areas_again():
    # What homes add to it takes longer: tests/data/test_ground.py.
    from sim.data.derive.__main__ import area_table, column_names
    from sim.data.derive.tables import table_text

    own = [name for name in column_names() if "_home_" not in name]
    with (TABLES / "areas.csv").open(encoding="utf-8", newline="") as file:
        expected = [line[: len(own)] for line in csv.reader(file)]
    found = table_text(area_table(Path(SOURCES))[own]).splitlines()
    assert list(csv.reader(found)) == expected


@needs_sources
def test_rates_agree_with_the_sources():
    names = {
        "basic_entitlement": "basic",
        "fsm_current": "fsm",
        "fsm6": "fsm6",
        "idaci": "idaci",
        "low_prior_attainment": "low_prior",
        "eal3": "eal",
        "mobility": "mobility",
        "lump_sum": "lump",
        "sparsity_maximum": "sparsity",
        "minimum_per_pupil_level": "minimum",
        "pupil_premium": "premium",
    }
    ours = {
        (row["year"], row["factor"], row["phase"], row["band"]): int(row["value"])
        for row in rows_of(TABLES / "nff.csv")
    }
    compared = 0
    for row in rows_of(Path(SOURCES) / "nff_2024_25.csv"):
        detail = row["key_stage_or_band"]
        band = detail.lower() if row["factor"] == "idaci" or detail in ("KS3", "KS4") else ""
        key = (row["year"], names.get(row["factor"], ""), row["phase"], band)
        if key in ours and detail != "years 7 to 11":
            assert ours[key] == 100 * float(row["value"]), key
            compared += 1
    assert compared == 66
