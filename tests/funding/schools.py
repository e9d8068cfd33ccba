"""Made-up schools for the tests of money: one by one, or many at random."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sim.config.models import Funding, Policy, Targeting
from sim.funding.census import BANDS, Census, GapHistory, GapSums
from sim.funding.grants import FundingMemory, Grants, When
from sim.money import IntArray
from sim.year.allocation import allocate

POINT = 2**20
FORMULA = ("basic", "fsm", "fsm6", "idaci", "low_prior", "eal", "mobility", "lump", "sparsity")
"""Clauses of the formula before its minimum level and floor, in the order they are read."""


def policy(funding: dict[str, Any] | None = None, **targeting: Any) -> Policy:
    """Return a policy from the keys of its two groups."""
    return Policy(funding=Funding(**(funding or {})), targeting=Targeting(**targeting))


def school(parts: int = 1, bands: dict[str, int] | None = None, **columns: Any) -> Census:
    """Return a census of one school; a count may be a fraction of a pupil where parts allow it."""
    one = Census.blank(1)
    given = {
        name: np.array([value]).astype(getattr(one, name).dtype) for name, value in columns.items()
    }
    idaci = np.array([[(bands or {}).get(band, 0) for band in BANDS]], dtype=np.int64)
    return replace(one, parts=parts, idaci=idaci, **given)


def many(schools: int, seed: int = 1, weighted: bool = False) -> Census:
    """Return schools whose sizes, needs, costs and gap histories look like England's."""
    rng = np.random.default_rng(seed)
    phase = (np.arange(schools) % 6 == 5).astype(np.int64)
    size = np.where(phase == 0, rng.lognormal(5.5, 0.6, schools), rng.lognormal(6.8, 0.5, schools))
    pupils = size.astype(np.int64) + 15
    ks4 = np.where(phase == 1, pupils * 2 // 5, 0)
    poverty = rng.beta(1.6, 5, schools)
    fsm = rng.binomial(pupils, poverty)
    ever6 = np.minimum(pupils, fsm + rng.binomial(pupils, 0.02))
    band = np.minimum(np.outer(poverty, [0.1, 0.2, 0.2, 0.2, 0.3, 0.2]), 0.16)
    return replace(
        Census.blank(schools),
        school=rng.permutation(3 * schools)[:schools].astype(np.int64),
        area=rng.integers(0, 151, schools),
        phase=phase,
        multiplicity=rng.integers(1, 16, schools) if weighted else np.ones(schools, np.int64),
        pupils=pupils,
        ks3=np.where(phase == 1, pupils - ks4, 0),
        ks4=ks4,
        fsm=fsm,
        ever6=ever6,
        idaci=np.stack([rng.binomial(pupils, band[:, k]) for k in range(6)], axis=1),
        low_prior=rng.binomial(pupils, 0.15 + 0.5 * poverty),
        eal3=rng.binomial(pupils, 0.07),
        mobile=rng.binomial(pupils, 0.04),
        area_cost=rng.choice([10_000, 10_000, 10_075, 10_588, 11_840], schools),
        miles=rng.integers(100, 4_000, schools),
        opportunity_area=rng.random(schools) < 0.08,
        education_investment_area=rng.random(schools) < 0.36,
        gaps=GapHistory(
            level=_results(rng, phase, pupils, ever6), progress=_results(rng, phase, pupils, ever6)
        ),
    )


def next_year(census: Census, seed: int) -> Census:
    """Return the same schools a year on: rolls and needs have moved a little."""
    rng = np.random.default_rng(seed)
    pupils = np.maximum(10, census.pupils + rng.integers(-4, 5, len(census)))
    ks4 = np.where(census.phase == 1, pupils * 2 // 5, 0)
    ever6 = np.clip(census.ever6 + rng.integers(-3, 4, len(census)), 0, pupils)
    return replace(
        census,
        pupils=pupils,
        ks3=np.where(census.phase == 1, pupils - ks4, 0),
        ks4=ks4,
        ever6=ever6,
        fsm=np.minimum(census.fsm, ever6),
        gaps=GapHistory(
            level=_results(rng, census.phase, pupils, ever6),
            progress=_results(rng, census.phase, pupils, ever6),
        ),
    )


def years(census: Census, chosen: Policy, count: int = 3) -> tuple[list[Grants], FundingMemory]:
    """Allocate two past years, year 0 and ``count`` policy years; return the policy years."""
    memory, paid = FundingMemory(), []
    for year in range(-2, count + 1):
        grants = allocate(census, chosen, memory, When(year, first_past=year == -2))
        grants.check(census)
        if year > 0:
            paid.append(grants)
        census = next_year(census, seed=year + 10)
    return paid, memory


def _results(
    rng: np.random.Generator, phase: IntArray, pupils: IntArray, ever6: IntArray
) -> GapSums:
    """Draw three leaving cohorts: gaps differ between schools by 0.2 SD, pupils by 0.9."""
    leavers = np.repeat(np.where(phase == 0, pupils // 7, pupils // 5)[:, None], 3, axis=1)
    gap = rng.normal(0.5, 0.2, (len(pupils), 1))
    dis_n = rng.binomial(leavers, (ever6 / pupils)[:, None])
    oth_n = leavers - dis_n
    columns = []
    for n, mean in ((dis_n, 0.1 - gap), (oth_n, 0.1 + 0 * gap)):
        average = mean + rng.normal(0, 0.9, n.shape) / np.sqrt(np.maximum(n, 1))
        square = n * (average**2) + 0.81 * np.maximum(n - 1, 0)
        columns += [n, _fixed(n * average), _fixed(square)]
    return GapSums(*columns)


def _fixed(values: Any) -> IntArray:
    return np.rint(values * POINT).astype(np.int64)
