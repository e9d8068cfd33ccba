"""The ground adds up to published England, and nothing in it can name a school."""

from __future__ import annotations

import ast
import gzip
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial import cKDTree

from sim.data import facts, ground, labour_markets
from sim.data.rates import nff_rates

TABLES = ground.TABLES
SOURCES = os.environ.get("PLACEMATTERS_SOURCES", "")
needs_sources = pytest.mark.skipif(
    not SOURCES, reason="PLACEMATTERS_SOURCES does not name a folder of source files"
)
FILES = {
    "small_areas": "small_areas.csv.gz",
    "sites": "sites.csv.gz",
    "independents": "independents.csv.gz",
    "flows": "flows.csv.gz",
    "post16": "post16.csv",
    "universities": "universities.csv",
    "districts": "districts.csv",
    "hexagons": "hexagons.csv",
    "labour_markets": "labour_markets.csv",
}
PHASES = ("primary", "secondary")
NAMES_A_SCHOOL = ("urn", "name", "laestab", "postcode", "code", "address", "ukprn")


def header_of(name):
    content = (TABLES / FILES[name]).read_bytes()
    text = gzip.decompress(content) if FILES[name].endswith(".gz") else content
    return text.decode("utf-8").splitlines()[0].split(",")


def by_area(values, area):
    return np.bincount(area, values, minlength=151)


def matrix(phase):
    """Share of the pupils at each area's schools (rows) by area of residence (columns)."""
    flows = ground.flows()
    mine = flows.phase == phase
    out = np.zeros((151, 151))
    out[flows.school_area[mine], flows.home_area[mine]] = flows.share[mine]
    return out


@pytest.fixture(scope="module")
def small():
    return ground.small_areas()


@pytest.fixture(scope="module")
def sites():
    return ground.sites()


@pytest.fixture(scope="module")
def areas():
    return facts.areas()


def test_bands_of_the_formula_count_what_was_published(small):
    counts = np.bincount(small.band, minlength=7)
    assert counts[:6].tolist() == [821, 1642, 1642, 1642, 3285, 3284]
    assert counts.sum() == len(small) == 32_844
    assert small.idaci_rank.min() == 1 and small.idaci_rank.max() == 32_844
    order = np.argsort(small.idaci_rank, kind="stable")
    assert (np.diff(small.idaci_rate[order]) <= 0.002).all()


def test_every_area_has_small_areas_and_schools_of_both_phases(small, sites):
    assert (by_area(np.ones(len(small)), small.area) > 0).all()
    for phase in (0, 1):
        assert (by_area(sites.phase == phase, sites.area) > 0).all()


def test_rows_stand_by_area_and_phase(small, sites):
    assert (np.diff(small.area) >= 0).all()
    assert (np.diff(2 * sites.area + sites.phase) >= 0).all()


def test_rolls_add_up_to_the_pupils_of_each_authority(sites, areas):
    # A year lies between the two, and middle schools were shared out across a few borders.
    for phase, (name, near) in enumerate(zip(PHASES, (0.06, 0.12), strict=True)):
        rolls = by_area(np.where(sites.phase == phase, sites.roll, 0), sites.area)
        published = getattr(areas, f"pupils_{name}")
        np.testing.assert_allclose(rolls, published, rtol=near)
        assert rolls.sum() == pytest.approx(published.sum(), rel=0.005)


def test_pupils_at_home_add_up_to_the_rolls_and_agree_with_the_flows(small, sites):
    for phase, name in enumerate(PHASES):
        there = by_area(getattr(small, name), small.area)
        assert there.sum() == pytest.approx(sites.roll[sites.phase == phase].sum(), rel=1e-4)
        rolls = by_area(np.where(sites.phase == phase, sites.roll, 0), sites.area)
        # Appeals fill schools to 0.4 per cent of all pupils; a small area may miss by more.
        np.testing.assert_allclose(there, rolls @ matrix(phase), rtol=0.02)


def test_hexagons_follow_from_where_pupils_live(small):
    from sim.data.derive.hexagons import laid_out

    spots = np.stack([small.x, small.y], axis=1)
    found = laid_out(small.area, spots, small.primary + small.secondary)
    there = ground.hexagons()
    assert (found == np.stack([there.column, there.row], axis=1)).all()


def test_children_of_mid_2020_are_those_of_england(small):
    ages = (small.children_0_4, small.children_5_10, small.children_11_15)
    assert sum(int(age.sum()) for age in ages) == pytest.approx(10.85e6, rel=0.001)


def test_flows_share_out_each_areas_pupils(areas):
    for phase, across in ((0, (0.02, 0.05)), (1, (0.08, 0.12))):
        share = matrix(phase)
        np.testing.assert_allclose(share.sum(axis=1), 1, atol=1e-9)
        assert share[share > 0].min() >= 0.0004
        pupils = getattr(areas, f"pupils_{PHASES[phase]}")
        assert across[0] < 1 - (np.diag(share) * pupils).sum() / pupils.sum() < across[1]


def test_rates_at_home_give_the_rates_of_schools_back_through_the_flows(areas):
    for phase, name in enumerate(PHASES):
        home, school = (getattr(areas, f"fsm_{kind}{name}") for kind in ("home_", ""))
        np.testing.assert_allclose(matrix(phase) @ home, school, atol=1e-3)
        assert home.min() >= 0.005
        there, here = (getattr(areas, f"pupils_{kind}{name}") for kind in ("home_", ""))
        assert there.sum() == here.sum()
        np.testing.assert_allclose(there, here @ matrix(phase), atol=1)


def test_schools_lie_in_or_beside_their_own_authority(small, sites):
    centres = np.stack([small.x, small.y], axis=1)
    near = cKDTree(centres).query(np.stack([sites.x, sites.y], axis=1))[1]
    assert (small.area[near] == sites.area).mean() >= 0.99


def test_no_column_could_name_a_school():
    for name in ("small_areas", "sites", "post16", "independents", "universities", "flows"):
        assert not set(header_of(name)) & set(NAMES_A_SCHOOL), name
        text = [word for word in header_of(name) if any(n in word for n in NAMES_A_SCHOOL)]
        assert text == [], name


def test_rolls_and_positions_are_told_coarsely(sites):
    for count in (sites.roll, sites.sixth_form, ground.independents().pupils):
        assert (count % 5 == 0).all()
    assert sites.roll.min() >= 5
    assert (ground.colleges().leavers % 10 == 0).all()
    for table in (sites, ground.colleges(), ground.independents(), ground.universities()):
        assert (table.x % 250 == 0).all() and (table.y % 250 == 0).all()


def test_tables_are_small_and_quickly_read():
    assert sum((TABLES / file).stat().st_size for file in FILES.values()) < 1.5e6
    readers = [getattr(ground, name) for name in ground.__all__ if hasattr(ground, name)]
    readers = [reader for reader in readers if hasattr(reader, "cache_clear")]
    readers.append(labour_markets.labour_markets)
    assert len(readers) == len(FILES)
    for reader in readers:
        reader.cache_clear()
    began = time.process_time()
    for reader in readers:
        reader()
    assert time.process_time() - began < 0.75  # 0.12 s on an idle processor


def test_the_ground_needs_no_pandas_and_cannot_be_changed(small):
    code = (
        "import sys; from sim.data import ground; ground.small_areas(); ground.sites();"
        "sys.exit('pandas' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=TABLES.parents[2])
    with pytest.raises(ValueError, match="read-only"):
        small.x[0] = 1


def test_every_column_is_described():
    rows = facts.rows("ground_columns")
    described = [(row["table"], row["column"]) for row in rows]
    assert described == [(t, c) for t in dict(described) for c in header_of(t)]
    assert set(dict(described)) == set(FILES)
    for row in rows:
        assert all(row[key] for key in ("title", "unit", "year", "publisher")), row


def test_districts_are_the_published_ones_and_hold_schools(small, sites, areas):
    named = ground.districts()
    assert (named.list == "opportunity_area").sum() == 7
    assert (named.area_cost >= named.area_cost_rest).all()
    assert len(set(named.area[named.list == "fringe"])) == 5
    for table in (small, sites):
        for code, area in zip(named.code, named.area, strict=True):
            inside = table.district == code
            assert inside.any() and set(table.area[inside]) == {area}
    # Shares by postcode district, which areas.csv carries, are near those of whole districts;
    # farthest off for Cambridgeshire, where the postcodes leave out a part of the districts.
    for area in set(named.area[named.list == "opportunity_area"]):
        codes = named.code[(named.area == area) & (named.list == "opportunity_area")]
        mine = sites.area == area
        share = sites.roll[mine & np.isin(sites.district, codes)].sum() / sites.roll[mine].sum()
        assert share == pytest.approx(areas.opportunity_area[area], abs=0.07), areas.name[area]


def test_sparsity_is_paid_to_about_as_many_schools_as_it_really_is(sites):
    rates = nff_rates("2025-26")
    paid, pounds = [], 0.0
    for phase in (0, 1):
        miles, most = rates.sparsity_miles[phase], rates.sparsity_year_group[phase]
        low = miles * rates.sparsity_taper[0] / rates.sparsity_taper[1]
        may = (sites.phase == phase) & ~sites.selective & (sites.year_group < most)
        may &= sites.sparsity_miles >= low
        far = np.clip((sites.sparsity_miles[may] - low) / (miles - low), 0, 1)
        few = np.clip((most - sites.year_group[may]) / (most / 2), 0, 1)
        paid.append(int(may.sum()))
        pounds += float((far * few).sum()) * rates.sparsity[phase] / 100
    assert 1900 <= paid[0] <= 2700 and 100 <= paid[1] <= 250, paid
    assert 80e6 <= pounds <= 110e6


@needs_sources
def test_serials_carry_no_order_of_numbers(sites):
    from sim.data.choices import JOINED
    from sim.data.derive.sites import read_schools, shuffled, two_phases

    found = two_phases(read_schools(Path(SOURCES)))
    number = {code: place for place, code in enumerate(facts.areas().code)}
    area = found["la"].replace(JOINED).map(number).to_numpy()
    urn = found["urn"].to_numpy()
    order = np.lexsort((shuffled(urn), found["phase"], area))
    rolls = np.maximum(5 * np.floor(found["roll"].to_numpy()[order] / 5 + 0.5), 5)
    assert (rolls == sites.roll).all()
    # Ranks of place and of number within each area and phase: as good as unrelated.
    group = (2 * area + found["phase"].to_numpy())[order]
    within = [urn[order][group == one] for one in np.unique(group)]
    ranks = [np.argsort(np.argsort(numbers)) - (len(numbers) - 1) / 2 for numbers in within]
    places = [np.arange(len(numbers)) - (len(numbers) - 1) / 2 for numbers in within]
    assert abs(np.corrcoef(np.concatenate(ranks), np.concatenate(places))[0, 1]) < 0.03


@needs_sources
def test_two_phases_are_those_that_were_looked_at():
    import pandas as pd

    from sim.data.derive.sites import read_schools, two_phases

    looked_at = pd.read_csv(Path(SOURCES) / "places" / "schools_two_tier_2025.csv.gz")
    found = two_phases(read_schools(Path(SOURCES)))
    both = found.merge(looked_at, on=["urn", "phase"], how="outer", suffixes=("", "_then"))
    assert len(both) == len(found) == len(looked_at) == 19_394
    assert (both["roll"] - both["roll_then"]).abs().max() <= 0.5


@pytest.mark.slow
@needs_sources
def test_the_sources_give_every_table_again():
    from sim.data.derive.__main__ import all_tables
    from sim.data.derive.tables import read_text

    for name, text in all_tables(Path(SOURCES)).items():
        assert read_text(TABLES / name) == text, name


@pytest.fixture(scope="module")
def before_the_move():
    """Return small areas with children of mid-2020 less private ones, and all school sites."""
    from sim.data.derive.ground import read_ground
    from sim.data.derive.sites import read_schools, two_phases

    small = read_ground(Path(SOURCES), list(facts.areas().code))
    return small, two_phases(read_schools(Path(SOURCES)))


@pytest.fixture(scope="module")
def in_wide_patches(before_the_move):
    """Return (small areas, 2) pupils as the trial moved them: in patches of 120, not of 30."""
    from sim.data.derive.flows import moved_pupils

    return moved_pupils(*before_the_move, patch_size=120)[0].pupils


def share(values):
    return values / values.sum()


@pytest.mark.slow
@needs_sources
def test_state_pupils_agree_with_the_trial(in_wide_patches):
    import pandas as pd

    folder = Path(SOURCES) / "places"
    codes = pd.read_csv(folder / "lsoa11.csv.gz", usecols=["code", "la"])
    trial = pd.read_csv(folder / "lsoa11_state_pupils_2025.csv.gz")
    rows = codes.merge(trial, on="code", validate="one_to_one")
    from sim.data.choices import JOINED

    rows["la"] = rows["la"].replace(JOINED)
    rows = rows.sort_values(["la", "code"])
    for phase, (name, apart) in enumerate((("primary", 0.01), ("secondary", 0.015))):
        ours, then = in_wide_patches[:, phase], rows[name].to_numpy()
        assert np.corrcoef(ours, then)[0, 1] > 0.995
        assert np.abs(share(ours) - share(then)).sum() / 2 < apart


@pytest.mark.slow
@needs_sources
def test_smaller_patches_move_children_among_neighbours_and_fit_rolls_better(
    small, before_the_move, in_wide_patches
):
    from sim.data.derive import flows

    ground_then, sites = before_the_move
    near = cKDTree(ground_then.spots).query(ground_then.spots, k=120)[1]
    for phase, name in enumerate(PHASES):
        ours, wide = share(getattr(small, name)), share(in_wide_patches[:, phase])
        # Hardly a child leaves its neighbourhood: the patches of the trial hold as many as before.
        assert np.abs(ours[near].sum(axis=1) / wide[near].sum(axis=1) - 1).mean() < 0.01
        assert np.abs(by_area(ours - wide, small.area)).sum() / 2 < 0.005
        # And homes are where the places are: the same few rounds of appeal leave fewer short.
        short, choices = [], flows._choices(ground_then, sites, phase)
        for pupils in (wide, ours):
            children = np.repeat(pupils / 2, 2) * choices.room.sum()
            solved = flows._solved(choices, children, rounds=6)
            came = flows._came(solved, flows._went(solved, children))
            short.append(np.abs(came - solved.room).sum())
        assert short[1] < 0.93 * short[0]


def paid_sums():
    """Paid sums of one authority's schools by number: read where they lie, never shipped."""
    beside = Path(SOURCES).parent / "science" / "places" / "sparse_check.py"
    if not beside.is_file():
        pytest.skip("the paid sums do not lie beside the folder of source files")
    found = {}
    for node in ast.parse(beside.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node.value
    paid = dict(ast.literal_eval(found["real"]))
    return dict.fromkeys(ast.literal_eval(found["zero"]), 0) | paid


@pytest.mark.slow
@needs_sources
def test_sparsity_agrees_with_paid_sums_school_by_school():
    from sim.data.derive.ground import read_ground
    from sim.data.derive.sites import read_schools, sparsity_miles, two_phases

    paid = paid_sums()
    schools = read_schools(Path(SOURCES))
    found = two_phases(schools)
    small = read_ground(Path(SOURCES), list(facts.areas().code))
    found["miles"] = sparsity_miles(schools, found, small)
    found = found[found["urn"].isin(paid) & found["phase"].eq(0)].set_index("urn")
    assert len(found) == 38
    far = np.clip((found["miles"] - 1.6) / 0.4, 0, 1)
    few = np.clip((21.4 - found["year_group"]) / 10.7, 0, 1)
    ours = (57_400 * far * few).to_numpy()
    real = np.array([paid[number] for number in found.index], float)
    assert np.corrcoef(ours, real)[0, 1] > 0.97
    assert ours.sum() == pytest.approx(real.sum(), rel=0.05)
    assert ((ours > 0) == (real > 0)).sum() >= 35
