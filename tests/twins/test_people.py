"""Births, choices, the census and the record's sums equal their plain twins."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.codes import HERITAGE_COUNT
from sim.markets import choosing
from sim.record import tally
from sim.record.variables import BINS, HISTOGRAM_RANGE
from sim.rng import Purpose, luck
from sim.world import parents, people
from sim.world.pupils import Pupils
from sim.year import census
from tests.twins import plain_people as plain
from tests.twins.cohorts import (
    FIRST,
    HOMES,
    KEY,
    NOBODY,
    SCHOOLS,
    cohort,
    families,
    genders,
    same_bits,
    switches,
    values,
)

F = np.float32
AREAS = 3


class Rows(SimpleNamespace):
    """Columns and how many rows they have."""

    def __init__(self, rows: int, **columns: Any):
        super().__init__(**columns)
        self._rows = rows

    def __len__(self) -> int:
        return self._rows


# ---- Births ------------------------------------------------------------------------------------


def world(homes: tuple[int, ...] = (11, 1, 30)) -> Any:
    """Three made-up areas: one that children leave at 11, one that they join, one that is level."""
    draw = np.random.default_rng(2)
    mix = draw.random((AREAS, HERITAGE_COUNT))
    return SimpleNamespace(
        key=KEY,
        areas=Rows(
            AREAS, primary_births=np.array([300.0, 250.0, 10.0]), keep=np.array([0.8, 1.1, 1.0]),
            first_number=np.array([0, 900, 1800]), facts_row=np.array([2, 0, 1]),
        ),
        small=SimpleNamespace(
            area=np.repeat(np.arange(AREAS), homes),
            income=draw.standard_normal(sum(homes)).astype(F),
            children=draw.integers(1, 30, sum(homes)).astype(float),
            independents=draw.uniform(0, 2, sum(homes)).astype(F),
        ),
        heritage=np.cumsum(mix / mix.sum(axis=1, keepdims=True), axis=1),
        cell_income=draw.standard_normal((AREAS, 5)).astype(F),
        under=np.array([0.0, 0.11, 0.4], F), schools=range(NOBODY),
        facts=SimpleNamespace(adult_level3=np.array([0.5, 0.6, 0.75])),
    )  # fmt: skip


def places(made: Any, beliefs: Any) -> list[plain.Place]:
    level3 = made.facts.adult_level3[made.areas.facts_row]
    adult = (level3 - beliefs.adult_level3_mean) / beliefs.adult_level3_sd
    found, lives = [], people._lives(made)
    for a in range(AREAS):
        births = int(np.rint(made.areas.primary_births[a]))
        found.append(
            plain.Place(
                list(made.small.income[made.small.area == a]),
                lives[made.small.area == a].tolist(), made.heritage[a].tolist(),
                list(made.cell_income[a]), made.under[a], F(made.areas.keep[a]), births,
                round(births * 11 * beliefs.arrivals), F(adult[a]),
                list(made.small.independents[made.small.area == a]),
            )
        )  # fmt: skip
    return found


def test_births_and_parents_equal_their_twin() -> None:
    made, beliefs = world(), values().people
    pupils = people.born(made, 2012, 1.0, values())
    start = np.searchsorted(made.small.area, np.arange(AREAS))
    children: list[tuple[int, plain.Newborn, plain.Place]] = []
    for a, place in enumerate(places(made, beliefs)):
        more = round(place.births * max(0.0, float(made.areas.keep[a]) - 1))
        for number in range(place.births + place.yearly + more):
            who = (32 << 20) + int(made.areas.first_number[a]) + number
            child = plain.born(who, number, place, KEY, beliefs)
            children.append((who, child, place))
            child.home += int(start[a])
    assert pupils.id.tolist() == [who for who, _, _ in children]
    told = [child for _, child, _ in children]
    for ours, theirs in (
        ("small", "home"),
        *((n, n) for n in ("heritage", "arrive", "come", "depart")),
    ):
        assert pupils.get(ours).tolist() == [getattr(child, theirs) for child in told], ours
    for name in ("eal", "girl", "catholic"):
        assert pupils.get(name).tolist() == [getattr(child, name) for child in told], name
    for name in ("income", "parents", "claims", "attain"):
        assert same_bits(pupils.get(name), [getattr(child, name) for child in told]), name
    assert {0, 7, 99} <= {child.arrive for child in told} | {child.depart for child in told}
    parents.education(made, pupils, values(), switches())
    schooled = [plain.parents_education(child, place, beliefs) for _, child, place in children]
    assert same_bits(pupils.parents, schooled)


@pytest.mark.parametrize("under", [0.0, 0.05, 0.11, 0.5])
def test_the_share_not_registered_is_the_believed_one(under: float) -> None:
    """At depth d a share 1 - under x (1 + clip(1 - slope x d, -1, 1)) registers."""
    slope = F(1.6)
    luck = (np.arange(2000, dtype=F) + F(0.5)) / F(2000)
    found = np.array([people._claim_depth(u, F(under), slope) for u in luck])
    assert same_bits(found, [plain.claim_depth(u, F(under), slope) for u in luck])
    for depth in (0.0, 0.3, 0.625, 1.0, 1.3):
        registered = (found <= depth).mean()
        expected = 1 - under * (1 + np.clip(1 - 1.6 * depth, -1, 1))
        assert registered == pytest.approx(expected, abs=1e-3)


def test_stays_equal_their_twin_and_nobody_leaves_before_arriving() -> None:
    place = plain.Place([], [], [], [], F(0), F(0.8), 50, 20, F(0), [])
    luck = ((np.arange(64, dtype=F) + F(0.5)) / F(64)).tolist()
    for number in (0, 49, 50, 69, 70, 80):
        for coming in luck[::7]:
            for going in luck:
                given = (F(coming), F(going))
                for times in (F(1), F(0.4), F(9)):
                    found = people._stay(number, 50, 70, *given, F(0.8), F(0.008), times)
                    told = plain.stay(number, place, *given, F(0.008), times)
                    assert found == told
                    assert found[1] > found[0] and 0 <= found[0] <= 11


# ---- Choosing a school -------------------------------------------------------------------------


@pytest.mark.parametrize("phase", [0, 1])
def test_stated_choices_and_priorities_equal_their_twin(phase: int) -> None:
    pupils, year = cohort(300), 2019
    draw = np.random.default_rng(6)
    rows = FIRST + SCHOOLS
    near = np.array([draw.permutation(SCHOOLS)[:8] + FIRST for _ in range(HOMES)], np.int32)
    near[::3, 5:] = -1
    km = np.sort(3 * draw.random(near.shape), axis=1).astype(F)
    cost = (2 * km + draw.random(near.shape)).astype(F)
    schools = choosing.School(
        id=(1000 + np.arange(rows)).astype(np.uint32),
        reputation=draw.standard_normal(rows).astype(F),
        intake=draw.standard_normal(rows).astype(F),
        appeal=draw.standard_normal(rows).astype(F),
        grammar=np.arange(rows) == FIRST + 1,
        gender=genders(rows),
        catholic=np.arange(rows) % 3 == 0,
    )
    eleven = draw.standard_normal(pupils.rows if phase else 0).astype(F)
    applies = draw.random(pupils.rows) < 0.9
    purpose = (Purpose.TASTE_PRIMARY, Purpose.TASTE_SECONDARY)[phase]
    (choices, priority), fill = choosing.choose(
        families(pupils, applies, eleven),
        choosing.Known(near, km, cost, FIRST),
        schools,
        choosing.taste(values().admissions, values().people, phase),
        luck(KEY, year),
        purpose,
    )
    fill(0, 120)
    fill(120, pupils.rows)
    for i in range(pupils.rows):
        seen = [
            plain.Known(
                int(s), int(schools.id[s]), km[pupils.small[i], c], schools.reputation[s],
                schools.intake[s], schools.appeal[s], bool(schools.grammar[s]),
                cost[pupils.small[i], c], bool(schools.catholic[s]),
            )
            for c, s in enumerate(near[pupils.small[i]])
            if s >= 0 and applies[i] and schools.gender[s] in (0, 1 + pupils.girl[i])
        ]  # fmt: skip
        mark = eleven[i] if phase else None
        judged = [
            (
                *plain.judge(
                    int(pupils.id[i]), pupils.income[i], mark, pupils.catholic[i], known, phase,
                    year, KEY, values(),
                ),
                known.row,
            )
            for known in seen
        ]  # fmt: skip
        best = sorted(judged, key=lambda told: -told[0])[:6]
        stated = [row - FIRST for _, _, row in best]
        assert choices[i].tolist() == stated + [-1] * (6 - len(stated))
        assert same_bits(priority[i, : len(best)], [p for _, p, _ in best])


# ---- Counts and sums ---------------------------------------------------------------------------


@pytest.mark.parametrize("grade", [0, 4, 8])
def test_the_census_equals_its_twin(grade: int) -> None:
    pupils = cohort(900)
    pupils.early[::13] = pupils.ks2[::7] = np.nan
    band = np.random.default_rng(4).integers(0, 7, HOMES).astype(np.int8)
    fsm, ever6, low, deep, long_share = 0b11_1111, 0b1111_1111, (-0.4, -0.2), 0.1, 0.4
    counts, income, group = census.count(
        pupils, grade, SCHOOLS, band, (fsm, ever6), low, deep, long_share
    )
    table = np.zeros_like(counts)
    sums = [0] * SCHOOLS
    mark = F(low[0] if grade < 7 else low[1])
    for i in range(pupils.rows):
        bits, school = int(pupils.registered[i]), int(pupils.school[i]) - FIRST
        long = F(long_share * (grade + 1 - int(pupils.come[i])))
        told = plain.results_group(
            bits, ever6, pupils.income[i], F(deep), F(int(pupils.spells[i])), long
        )
        assert group[i] == told
        if school >= SCHOOLS:
            continue
        prior = (pupils.early if grade < 7 else pupils.ks2)[i]
        has = {
            "pupils": True, "fsm": bits & fsm, "ever6": bits & ever6,
            "low_prior": grade > 0 and prior < mark,
            "eal3": pupils.eal[i] and grade - int(pupils.arrive[i]) < 3,
            "mobile": pupils.since[i] < 3,
        }  # fmt: skip
        table[school, census.MARKED] += grade > 0 and not np.isnan(prior)
        for name, yes in has.items():
            table[school, census.COUNTS.index(name)] += bool(yes)
        table[school, census.GROUP_COLUMNS][told] += 1
        if band[pupils.small[i]] < 6:
            table[school, census.BAND_COLUMNS][band[pupils.small[i]]] += 1
        sums[school] += int(pupils.income[i] * F(plain.ONE))
    marked = slice(census.MARKED, census.MARKED + 1)
    for part in (slice(0, len(census.COUNTS)), census.GROUP_COLUMNS, census.BAND_COLUMNS, marked):
        assert np.array_equal(counts[:, part], table[:, part])
    assert income.tolist() == sums


@pytest.mark.parametrize("stage", [0, 1, 2])
def test_the_sums_of_the_record_equal_their_twin(stage: int) -> None:
    pupils, draw = cohort(800), np.random.default_rng(stage)
    sitting = _sitting(pupils, stage, draw)
    made = _places(draw)
    row = tally.result_rows(made, [sitting])
    phase = 1 if stage == 2 else 0
    n, total, gained, passed, known = tally.NAMES[stage]
    told: dict[str, np.ndarray] = {}

    def add(name: str, where: tuple[int, ...], shape: tuple[int, ...], value: int) -> None:
        told.setdefault(name, np.zeros(shape, object))[where] += value

    low, high = HISTOGRAM_RANGE[("early", "ks2", "ks4")[stage]]
    for i in range(pupils.rows):
        if pupils.school[i] == NOBODY:
            continue
        home, group = int(pupils.small[i]), int(sitting.group[i])
        area = int(made.small.area[home])
        there = int(made.schools.area[pupils.school[i]])
        quarter = int(made.schools.quarter[made.near[phase].school[home, 0]]) + 4 * phase
        times = int(made.areas.weight[area])
        value = float(sitting.points[i])
        has = not np.isnan(sitting.gained[i])
        more = plain.nearest_whole(float(sitting.gained[i])) if has else 0
        sums = {
            n: 1, total: plain.nearest_whole(value), gained: more,
            passed: int(sitting.passed[i]), known: int(has),
        }  # fmt: skip
        for name, amount in sums.items():
            if name:
                add(name, (area, group), (AREAS, 5), amount)
                add(f"{name}_s", (there, group), (AREAS, 5), amount)
                add(f"{name}_q", (quarter, group), (8, 5), times * amount)
        place = int(np.floor((value - low) * (BINS / (high - low))))
        add("hist", (stage, group, min(max(place, 0), BINS - 1)), (3, 5, BINS), times)
        square = {1: "ks2_square_q", 2: "attainment8_square_q"}.get(stage)
        if square:
            add(square, (quarter, group), (8, 5), times * plain.nearest_whole(value * value))
    assert set(told) == set(row)
    for name, expected in told.items():
        unit = plain.ONE if "_sum" in name or "_square" in name else 1
        assert np.array_equal(row[name], expected.astype(np.int64) / unit), name


def _sitting(pupils: Pupils, stage: int, draw: np.random.Generator) -> tally.Sitting:
    score = draw.standard_normal(pupils.rows).astype(F)
    points = (46 + 21 * score).astype(F) if stage == 2 else score
    gained = (0.7 * draw.standard_normal(pupils.rows)).astype(F) * F(stage > 0)
    gained[::11] = np.nan if stage else 0
    group = draw.integers(0, 5, pupils.rows).astype(np.int8)
    return tally.Sitting(stage, pupils, group, score, points, gained, score > 0)


def _places(draw: np.random.Generator) -> Any:
    """Small areas in three areas of different weights, with reference schools of each phase."""
    near = [
        SimpleNamespace(school=draw.integers(0, NOBODY, (HOMES, 2)).astype(np.int32))
        for _ in range(2)
    ]
    areas = Rows(AREAS, weight=np.array([1, 5, 9]))
    return SimpleNamespace(
        areas=areas, near=near, weight_of=lambda placed: areas.weight[placed.area],
        small=SimpleNamespace(area=draw.integers(0, AREAS, HOMES).astype(np.int32)),
        schools=Rows(
            NOBODY,
            quarter=draw.integers(0, 4, NOBODY).astype(np.int8),
            area=draw.integers(0, AREAS, NOBODY).astype(np.int32),
        ),
    )  # fmt: skip
