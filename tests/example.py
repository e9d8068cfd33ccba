"""A synthetic, plausible set of results: several scenarios, draws and replicates.

No place here is real. The numbers have the shape of the real thing (levels, gaps, a wider gap in
affluent places, luck common to every scenario) so that measures and figures can be tried on them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import xarray as xr

from sim.codes import GROUPS
from sim.record.adult_variables import BY_AREA
from sim.record.flag_variables import FLAG_YEARS
from sim.record.variables import AT_SCHOOL, BINS, STAGES, bin_edges
from sim.results import to_dataset
from sim.results.shapes import as_grid, stack_cells
from sim.tabulate.by_clause import with_clauses
from tests.example_adults import TABLES, after_school

SCENARIOS = ("baseline", "flat", "area_list_eia", "pupil_need", "gap_triggered")
REGIONS = (
    "East Midlands", "East of England", "London", "North East", "North West",
    "South East", "South West", "West Midlands", "Yorkshire and The Humber",
)  # fmt: skip
TYPES = ("suburban_unitary", "shire", "rural", "town_metro", "core_city")
CLAUSES = ("basic", "fsm", "fsm6", "idaci", "low_prior", "eal", "mobility", "lump", "sparsity",
           "minimum", "floor", "premium", "targeted", "slice", "flat")  # fmt: skip
PARTS = (75, 6, 8, 4, 6, 1, 0.5, 5, 0.3, 0.5, 0.7, 5, 0, 0, 0)  # percent of GBP 5,200 a pupil
FLAT = {"basic": -75.0, "fsm": -6.0, "fsm6": -8.0, "idaci": -4.0, "lump": -5.0, "flat": 98.0}
SHARES = np.array([[0.86, 0.83, 0.77, 0.69, 0.60]])  # share of others by affluence fifth
DEPTH = np.array([0.40, 0.28, 0.20, 0.12])
# Effect on SD at 16 per scenario: pounds moved to a disadvantaged pupil (GBP 1,000) by fifth.
DOSE = {
    "baseline": (0, 0, 0, 0, 0),
    "flat": (0.1, 0.05, -0.05, -0.2, -0.45),
    "area_list_eia": (-0.1, -0.1, 0.15, 0.7, 0.75),
    "pupil_need": (0.4, 0.38, 0.35, 0.33, 0.3),
    "gap_triggered": (0.65, 0.5, 0.35, 0.25, 0.15),
}
REACH = {
    "area_list_eia": (0.0, 0.1, 0.3, 0.7, 0.8),
    "pupil_need": (1.0, 1.0, 1.0, 1.0, 1.0),
    "gap_triggered": (0.7, 0.65, 0.6, 0.55, 0.5),
}


def places(areas: int) -> dict[str, Any]:
    """Return invented areas in rows that cover every fifth, region and type."""
    row = np.arange(areas)
    fifth = row % 5 + 1
    return {
        "area": [f"E06999{i:03d}" for i in row],
        "area_name": [f"Example {i + 1}" for i in row],
        "region": [REGIONS[i % len(REGIONS)] for i in row],
        "area_type": [TYPES[(i + i // 5) % 5] for i in row],
        "affluence": fifth,
        "isolation": (row * 2) % 5 + 1,
        "listed_eia": ((fifth >= 4) & (row % 3 > 0)).astype(np.int8),
        "listed_oa": np.where(row % 9 == 4, 0.6, 0.0),
        "weight": row % 4 + 2,
    }


def named(word: str) -> str:
    """Return a name such as cells have: 32 hexadecimal digits, the same for the same word."""
    return hashlib.md5(word.encode(), usedforsecurity=False).hexdigest()


def example_cell(
    scenario: str = "baseline", draw: int = 0, replicate: int = 0, *, seed: int = 1,
    years: int = 24, areas: int = 18, children: int = 200, schools_per_area: int = 6,
) -> xr.Dataset:  # fmt: skip
    """Return one synthetic cell that meets the schema."""
    where = places(areas)
    luck = np.random.default_rng([seed, draw, replicate])
    response = 0.04 * np.exp(0.35 * np.random.default_rng([seed, 99, draw]).normal())
    response = 0.04 if draw == 0 else response
    coords = {
        **where,
        "year": np.arange(-3, years + 1),
        "clause": CLAUSES,
        "school": 1000 + np.arange(areas * schools_per_area),
        "child": 5000 + np.arange(children),
    }
    arrays = _sums(scenario, coords, luck, response, _own_luck(scenario, seed, draw, replicate))
    later = after_school(arrays, coords, luck)
    arrays |= {name: values for name, values in later.items() if name not in TABLES}
    arrays |= _national(arrays, coords) | {n: later[n] for n in TABLES}
    arrays |= {there: _next_door(arrays[n]) for n, there in AT_SCHOOL.items() if there[-2:] == "_s"}
    arrays |= _schools(scenario, coords, luck)
    arrays |= _flag_cohorts(scenario, coords, np.random.default_rng([seed, draw, replicate, 98]))
    arrays |= _panel(coords, luck, areas)
    attrs = {
        "scenario": scenario, "draw": draw, "replicate": replicate, "seed": seed,
        "title": scenario.replace("_", " "), "world": "tenth", "years": years, "need_weight": 1.5,
        "digest": f"{scenario}-{draw}-{replicate}",
    }  # fmt: skip
    return to_dataset(arrays, coords, attrs)


def example_dataset(
    scenarios: Sequence[str] = SCENARIOS, draws: int = 8, replicates: int = 2, seed: int = 1,
    *, years: int = 24, areas: int = 18, layout: str = "grid",
) -> xr.Dataset:  # fmt: skip
    """Return many synthetic cells: draw 0 has all replicates, draws 1 to ``draws`` have one."""
    return _made(tuple(scenarios), draws, replicates, seed, years, areas, layout).copy()


@lru_cache(maxsize=12)
def _made(
    scenarios: tuple[str, ...], draws: int, replicates: int, seed: int, years: int, areas: int,
    layout: str,
) -> xr.Dataset:  # fmt: skip
    pairs = [(0, r) for r in range(replicates)] + [(d, 0) for d in range(1, draws + 1)]
    cells = [
        example_cell(s, d, r, seed=seed, years=years, areas=areas)
        for s in scenarios
        for d, r in pairs
    ]
    together = stack_cells(cells)
    if layout != "grid":
        return together
    return with_clauses(as_grid(together), ((cell.attrs["scenario"], cell) for cell in cells))


def both_ends() -> dict[float, xr.Dataset]:
    """Return results under central beliefs at both ends of the vacancy response."""
    return {end: example_dataset(draws=0, seed=2 + int(end)) for end in (0.0, 1.0)}


def _flag_cohorts(
    scenario: str, coords: dict[str, Any], luck: np.random.Generator
) -> dict[str, Any]:
    """Flagged schools whose gap shrinks by 0.07 SD alone, and by money for the disadvantaged."""
    year, fifth = np.array(FLAG_YEARS), np.asarray(coords["affluence"])
    shape = (year.size, fifth.size, 2, 2, 2)
    n = np.broadcast_to(np.array([120, 500]), shape)
    dose = np.asarray(DOSE.get(scenario, (0,) * 5), dtype=float)[fifth - 1]
    mean = np.zeros(shape) + np.array([-0.55, 0.1]) + luck.normal(0, 0.02, shape)
    mean[..., 0] += 0.07 * (year > 0)[:, None, None, None]
    mean[..., 0] += 0.02 * dose[None, :, None, None] * (year > 2)[:, None, None, None]
    run = (year <= max(coords["year"]))[:, None, None, None, None]
    return {
        "flagged_results_n": n * run, "flagged_results_sum": n * mean * run,
        "flagged_known_n": np.full(shape[1:4], 600), "flagged_false_n": np.full(shape[1:4], 150),
    }  # fmt: skip


def _own_luck(scenario: str, seed: int, draw: int, replicate: int) -> Any:
    """Small luck of its own for a scenario that differs from the baseline (children move)."""
    if scenario not in SCENARIOS[1:]:
        return None
    return np.random.default_rng([seed, draw, replicate, SCENARIOS.index(scenario)])


def _sums(
    scenario: str, coords: dict[str, Any], luck: np.random.Generator, response: float, own: Any
) -> dict[str, Any]:
    year = np.asarray(coords["year"])
    fifth = np.asarray(coords["affluence"])
    size = luck.integers(9_000, 60_000, len(fifth))
    other = SHARES[0][fifth - 1]
    share = np.concatenate([other[:, None], (1 - other)[:, None] * DEPTH], axis=1)
    pupils = np.rint(size[:, None] * share)[None] * np.ones((len(year), 1, 1))
    cohort = np.rint(pupils / 12)
    poor = np.arange(len(GROUPS)) > 0
    place = luck.normal(0, 0.08, (len(fifth), 1)) - 0.03 * (fifth[:, None] - 3) * ~poor
    level = 0.16 - np.array([0, 0.5, 0.72, 0.75, 1.05]) + place
    stay = np.rint(0.9 * pupils)
    out: dict[str, Any] = {"pupils": pupils, "home_pupils": pupils, "own_area_n": stay}
    dose = np.asarray(DOSE.get(scenario, (0,) * 5), dtype=float)[fifth - 1][:, None]
    for stage, full, part in (("early", 1, 0.55), ("ks2", 7, 0.8), ("ks4", 12, 1.0)):
        lived = np.clip(year, 0, full)[:, None, None] / 12
        noise = luck.normal(0, 1, cohort.shape) / np.sqrt(np.maximum(cohort, 1))
        gain = 3 * response * dose[None] * np.where(poor, 1.0, 0.6) * lived
        gain = gain + (own.normal(0, 0.003, gain.shape) * (lived > 0) if own else 0.0)
        result = level[None] * part + noise + gain
        out |= _stage(stage, cohort, result)
    return out | _money(scenario, pupils, dose, year, fifth) | _teachers(pupils, dose, year, fifth)


def _stage(stage: str, cohort: Any, result: Any) -> dict[str, Any]:
    passing = np.rint(cohort / (1 + np.exp(-(0.55 + 1.5 * result))))
    if stage == "early":
        return {"early_n": cohort, "early_sum": cohort * result, "early_pass": passing}
    if stage == "ks2":
        progress = {"ks2_progress_sum": cohort * result * 0.4, "ks2_progress_n": cohort}
        return {"ks2_n": cohort, "ks2_sum": cohort * result, "ks2_pass": passing} | progress
    return {
        "ks4_n": cohort,
        "attainment8_sum": cohort * (46.1 + 21 * result),
        "progress8_sum": cohort * result * 0.9,
        "progress8_n": cohort,
        "english_maths_pass": passing,
    }


def _money(scenario: str, pupils: Any, dose: Any, year: Any, fifth: Any) -> dict[str, Any]:
    poor = (np.arange(len(GROUPS)) > 0)[None]
    acts = (year > 0)[:, None, None]
    pounds = 5600 + 260 * fifth[:, None] + 350 * poor + 1000 * dose * np.where(poor, 0.4, 0.2)
    pounds = np.where(acts, pounds[None], (5600 + 260 * fifth[:, None] + 350 * poor)[None])
    adjusted = pounds / (1 + 0.02 * (fifth[:, None] % 3))
    need = np.where(poor, 1.5, 1.0)[None] * np.ones_like(pupils)
    reach = np.asarray(REACH.get(scenario, (0,) * 5), dtype=float)[fifth - 1][:, None]
    reached = np.rint(pupils * reach * acts)
    each = np.where(poor, 520.0, 300.0)
    return {
        "pounds_sum": pupils * pounds,
        "cost_adjusted_sum": pupils * adjusted,
        "need_adjusted_sum": pupils * adjusted / (1.08 + 0.03 * fifth[:, None]),
        "need_weight_sum": pupils * need,
        "targeted_sum": reached * each,
        "targeted_unit_sum": reached * np.where(poor, 520.0 + 300.0 * 2, 0.0),
        "targeted_reached": reached,
    }


def _teachers(pupils: Any, dose: Any, year: Any, fifth: Any) -> dict[str, Any]:
    poor = (np.arange(len(GROUPS)) > 0)[None]
    quality = -0.03 * (fifth[:, None] - 3) - 0.05 * poor + 0.05 * dose
    quality = np.where((year > 0)[:, None, None], quality[None], (quality - 0.05 * dose)[None])
    return {
        "quality_sum": pupils * quality,
        "poached_sum": pupils * np.maximum(-0.05 * quality, 0),
        "needs_spill_sum": pupils * (60.0 + 90 * poor + 10 * quality),
        "absence_sum": pupils * (4.5 + 3 * poor - quality),
        "persistent_sum": pupils * (0.1 + 0.15 * poor - 0.05 * quality),
        "novice_sum": pupils * (0.16 - 0.15 * quality),
        "turnover_sum": pupils * (0.10 - 0.08 * quality),
        "good_school_n": np.rint(pupils * (0.8 - 0.05 * poor + 0.1 * quality)),
    }


def _next_door(here: Any) -> Any:
    """Move a tenth of each area's pupils to school in the next area."""
    over = np.floor(0.1 * here)
    return here - over + np.roll(over, 1, axis=1)


def _national(arrays: dict[str, Any], coords: dict[str, Any]) -> dict[str, Any]:
    """Twins by quarter, histograms and year-0 constants that agree with the sums by area."""
    weight = np.asarray(coords["weight"])
    quarter = (np.asarray(coords["affluence"]) - 1) * 4 // 5
    member = (np.arange(4)[:, None] == quarter) * weight
    out: dict[str, Any] = {}
    for name, values in arrays.items():
        total = np.einsum("qa,yag...->yqg...", member, values)
        phase = 1 if name in _SECONDARY else 0
        out[f"{name}_q"] = np.zeros((total.shape[0], 8, *total.shape[2:]))
        out[f"{name}_q"][:, phase * 4 : phase * 4 + 4] = total
    for name, count, sd in (("ks2", "ks2_n_q", 0.95), ("attainment8", "ks4_n_q", 19.5)):
        n, total = out[count], out[f"{name}_sum_q"]
        mean = np.divide(total, n, out=np.zeros_like(total), where=n > 0)
        out[f"{name}_square_q"] = n * (sd**2 + mean**2)
    out["hist"] = np.stack([_histogram(arrays, weight, stage) for stage in STAGES], axis=1)
    years = len(coords["year"])
    zeros = np.zeros((years, 2), dtype=np.int64)
    out |= {"attainment8_sd": 21.0, "need_adjusted_sd": 650.0, "quality_sd": 0.35}
    out["premium_reach"] = 0.6
    out["clause_pence"] = np.tile(np.array([0, 0, 10**9, 2 * 10**9, 0]), (years, 2, 1))
    return out | {"rounding": zeros, "pot": zeros + 10**12, "floor_used": np.full(years, -0.009)}


_SECONDARY = {
    "ks4_n", "attainment8_sum", "progress8_sum", "progress8_n", "english_maths_pass", *BY_AREA
}  # fmt: skip


def _histogram(arrays: dict[str, Any], weight: Any, stage: str) -> Any:
    total = "attainment8_sum" if stage == "ks4" else f"{stage}_sum"
    sd = 19.5 if stage == "ks4" else 0.95
    n = np.einsum("a,yag->yg", weight, arrays[f"{stage}_n"])
    mean = np.einsum("a,yag->yg", weight, arrays[total]) / n
    edges = bin_edges(stage)
    middle = (edges[1:] + edges[:-1]) / 2
    shape = np.exp(-0.5 * ((middle - mean[..., None]) / sd) ** 2)
    return np.rint(n[..., None] * shape / shape.sum(-1, keepdims=True))


def _parts(scenario: str, fifth: Any) -> Any:
    """Percent of a common sum that each clause pays to each school (clause, school)."""
    moved = FLAT if scenario == "flat" else {"slice": -2.0} if scenario in REACH else {}
    parts = np.array([p + moved.get(c, 0.0) for p, c in zip(PARTS, CLAUSES, strict=True)])
    paid = np.repeat(parts[:, None], len(fifth), axis=1)
    paid[CLAUSES.index("targeted")] += 4.0 * np.asarray(REACH.get(scenario, (0,) * 5))[fifth - 1]
    return paid


def _schools(scenario: str, coords: dict[str, Any], luck: Any) -> dict[str, Any]:
    n, areas = len(coords["school"]), len(coords["area"])
    area = np.arange(n) % areas
    phase = (np.arange(n) // areas) % 2
    pupils = np.where(phase == 1, luck.integers(600, 1400, n), luck.integers(90, 480, n))
    fifth = np.asarray(coords["affluence"])[area]
    ever6 = np.rint(pupils * np.clip(1 - SHARES[0][fifth - 1] + luck.normal(0, 0.1, n), 0, 1))
    assessed = np.where(phase == 1, pupils // 5, 0)
    result = 50 - 16 * ever6 / pupils + luck.normal(0, 5, n)
    parts = _parts(scenario, fifth)
    return {
        "school_area": area, "school_phase": phase, "school_quarter": (fifth - 1) * 4 // 5,
        "school_pupils": pupils, "school_pupils_0": pupils,
        "school_ever6": ever6, "school_ks4_n": assessed,
        "school_attainment8_sum": assessed * result,
        "school_pence": np.rint(parts * pupils * 5200.0).astype(np.int64),
    }  # fmt: skip


def _panel(coords: dict[str, Any], luck: Any, areas: int) -> dict[str, Any]:
    n = len(coords["child"])
    group = np.where(luck.random(n) < 0.74, 0, 1 + np.arange(n) % 4)
    base = luck.normal(0, 1, n) - 0.7 * (group > 0)
    return {
        "child_group": group, "child_area": np.arange(n) % areas,
        "child_heritage": np.arange(n) % 11,
        "child_early": (0.6 * base).astype(np.float32),
        "child_ks2": (0.8 * base).astype(np.float32),
        "child_attainment8": np.clip(46 + 19 * base, 0, 90).astype(np.float32),
        "child_year": 12 + np.arange(n) % 11,
    }  # fmt: skip


assert BINS == 60
