"""Synthetic sums of what comes after sixteen, to go with `tests.example`: plausible, of no place.

Rates fall out of the invented attainment at 16 of the cohort, the group and how isolated the area
is, so that a policy that moves attainment in the example also moves what comes after it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtr

from sim.record.adult_variables import (
    AFTER_16,
    BAND_CUTS,
    CAREER_AGES,
    COSTED,
    JOBS,
    LEVELS,
    NATIONAL,
    OCCUPATIONS,
    OFFER_CELLS,
    PAY_CUTS,
    PROMOTIONS,
    QUALIFICATIONS,
    REGIONS,
    ROUTES,
)

POOR = (np.arange(5) > 0).astype(float)
EDGES = np.array([-2.5, *BAND_CUTS, 2.5])
MIDDLES = (EDGES[1:] + EDGES[:-1]) / 2
ROUTE_TASTE = np.array([0.9, -0.4, 0.6, -1.6, -2.4, -1.8])
ROUTE_SLOPE = np.array([0.9, 0.8, 0.0, 0.1, -0.3, -0.5])
# Level 3, higher education, degree, good degree, professional job: probit at average, slope.
LEVEL3, ENTRY, DONE, GOOD, PROFESSIONAL = (
    (0.25, 0.9), (-0.25, 0.9), (1.3, 0.2), (0.6, 0.3), (-0.15, 0.75),
)  # fmt: skip


def after_school(arrays: dict[str, Any], coords: dict[str, Any], luck: Any) -> dict[str, Any]:
    """Return every sum after sixteen that fits the given sums at 16."""
    far = (np.asarray(coords["isolation"], float) - 3)[None, :, None] / 2
    out: dict[str, Any] = {}
    for age, years in AFTER_16.items():
        people, score = _grown(arrays, years)
        noise = luck.normal(0, 1, people.shape) / np.sqrt(np.maximum(people, 1)) / 2
        out |= _FILL[age](people, score + noise, far, coords)
    weight = np.asarray(coords["weight"])
    return out | _offers(out, weight) | _career(out, weight) | _noughts(len(coords["year"]))


def _grown(arrays: dict[str, Any], years: int) -> tuple[Any, Any]:
    """People and mean standard score at 16 of the cohort that left school ``years`` ago."""
    rows = np.maximum(np.arange(len(arrays["ks4_n"])) - years, 0)
    people = arrays["ks4_n"][rows]
    score = (arrays["attainment8_sum"][rows] / np.maximum(people, 1) - 46.1) / 21
    return people, score


def _rate(score: Any, line: tuple[float, float], extra: Any = 0.0) -> Any:
    return ndtr((line[0] + line[1] * score + extra) / np.hypot(1, line[1]))


def _banded(people: Any, score: Any) -> Any:
    nobody = np.zeros((*score.shape, 1))
    below = ndtr(np.array(BAND_CUTS) - score[..., None])
    shares = np.diff(np.concatenate([nobody, below, nobody + 1], axis=-1))
    counts = np.floor(people[..., None] * shares)
    counts[..., 3] += people - counts.sum(-1)
    return counts


def _in_bands(counts: Any, line: tuple[float, float], extra: Any = 0.0) -> Any:
    more = extra[..., None] if np.ndim(extra) else extra
    return np.rint(counts * ndtr(line[0] + line[1] * MIDDLES + more))


def _after_11(people: Any, score: Any, far: Any, coords: dict[str, Any]) -> dict[str, Any]:
    apart = np.broadcast_to(far, people.shape)
    wish = ROUTE_TASTE + ROUTE_SLOPE * score[..., None] + 0.25 * POOR[:, None] * (ROUTE_SLOPE <= 0)
    wish = wish - 0.3 * apart[..., None] * (ROUTE_SLOPE > 0.5)
    shares = np.exp(wish) / np.exp(wish).sum(-1, keepdims=True)
    routes = np.floor(people[..., None] * shares)
    routes[..., 2] += people - routes.sum(-1)
    options = 3.1 - 0.4 * apart - 0.05 * POOR
    choice = np.rint(people * np.clip(0.93 - 0.06 * apart, 0, 1))
    kept = 0.96 - 0.07 * POOR + 0 * score
    ever6 = [routes[..., :1, :].sum(2), routes[..., 1:, :].sum(2)]
    weight = np.asarray(coords["weight"])
    tables = np.stack([np.einsum("a,yar->yr", weight, part) for part in ever6], axis=1)
    return {
        "post16_n": people, "sustained_n": np.rint(people * kept),
        "options_sum": np.rint(people * options),
        "options_square": np.rint(people * (options**2 + 0.5)), "choice_n": choice,
        "taken_n": np.rint(choice * (kept - 0.04)), "routes": routes,
        "destinations": tables,
        "destinations_sustained": np.rint(tables * np.array([0.96, 0.89])[None, :, None]),
    }  # fmt: skip


def _at_19(people: Any, score: Any, far: Any, coords: dict[str, Any]) -> dict[str, Any]:
    held = -0.35 * POOR
    bands = _banded(people, score)
    level3, entered = (
        _in_bands(bands, LEVEL3, held[None, None, :] + 0 * score),
        _in_bands(bands, ENTRY, held / 2 - 0.08 * far + 0 * score),
    )
    entered = np.minimum(entered, level3)
    he, top = entered.sum(-1), np.rint(0.28 * entered[..., 4:].sum(-1))
    technical = np.rint(people * (0.36 + 0.1 * POOR))
    fsm = [v[..., :1].sum(-1) for v in (people, level3.sum(-1), he, top)]
    poor = [v[..., 1:].sum(-1) for v in (people, level3.sum(-1), he, top)]
    names = ("n", "level3_n", "he_n", "high_tariff_n")
    at_15 = {f"fsm15_{n}": np.stack(p, -1) for n, p in zip(names, zip(fsm, poor, strict=True),
                                                          strict=True)}  # fmt: skip
    level2 = np.maximum(np.rint(people * _rate(score, (1.1, 0.9))), level3.sum(-1))
    at_15["fsm15_level2_n"] = np.stack([level2[..., :1].sum(-1), level2[..., 1:].sum(-1)], -1)
    return at_15 | {
        "age19_n": people, "level2_n": level2, "level3_n": level3.sum(-1),
        "level3_technical_n": np.rint(0.3 * level3.sum(-1)), "technical_n": technical,
        "technical_done_n": np.rint(0.35 * technical), "he_n": he, "high_tariff_n": top,
        "he_home_n": np.rint(he * (0.18 + 0.14 * POOR)), "age19_band": bands,
        "level3_band": level3, "he_band": entered,
    }  # fmt: skip


def _at_22(people: Any, score: Any, far: Any, coords: dict[str, Any]) -> dict[str, Any]:
    weight = np.asarray(coords["weight"])
    total = np.einsum("a,yag->y", weight, np.rint(people * _rate(score, ENTRY)))
    entrants = np.rint(total[:, None] * np.array([0.15, 0.17, 0.2, 0.22, 0.26]))
    completed = np.rint(entrants * np.linspace(0.82, 0.92, 5))
    good = np.rint(completed * np.linspace(0.66, 0.84, 5))
    return {"deprivation_entrants": entrants, "deprivation_completed": completed,
            "deprivation_good": good}  # fmt: skip


def _at_23(people: Any, score: Any, far: Any, coords: dict[str, Any]) -> dict[str, Any]:
    applied = np.rint(people * _rate(score, ENTRY) * 0.4)
    offers = np.rint(applied * (0.11 - 0.03 * POOR))
    return {"age23_n": people, "scheme_applied_n": applied, "scheme_offer_n": offers}


def _at_24(people: Any, score: Any, far: Any, coords: dict[str, Any]) -> dict[str, Any]:
    entrants = np.rint(people * _rate(score, ENTRY, -0.17 * POOR - 0.08 * far))
    completed = np.rint(entrants * _rate(score, DONE))
    return {
        "age24_n": people, "entrants_n": entrants, "completed_n": completed,
        "good_degree_n": np.rint(completed * _rate(score, GOOD)),
        "degree_n": completed + np.rint(0.04 * people),
    }  # fmt: skip


def _at_25(people: Any, score: Any, far: Any, coords: dict[str, Any]) -> dict[str, Any]:
    bands = _banded(people, score)
    top = _in_bands(bands, PROFESSIONAL, -0.12 * POOR - 0.1 * far + 0 * score)
    professional = top.sum(-1)
    skilled = np.minimum(professional + np.rint(0.3 * people), people)
    left = np.rint(skilled * np.clip(0.25 + 0.06 * far - 0.08 * POOR, 0, 1))
    routes = np.floor(people[..., None] * np.array([0.38, 0.1, 0.33, 0.04, 0.0, 0.0]))
    chance = np.array([0.8, 0.8, 0.68, 0.75, 0.5, 0.4])
    rewarded = np.rint(routes * chance * (1 - 0.07 * POOR[:, None]))
    weight = np.asarray(coords["weight"])
    mean = 25_500 + 3_500 * score
    more = np.einsum("a,yagb->ygb", weight, bands)
    share = np.array([0.1, 0.2, 0.15, 0.15, 0.4])[None, None, :, None]
    qualified = np.rint(more[:, :, None, :] * share * 0.94)
    worth = 23_000 * np.array([0.92, 1.0, 1.08, 1.05, 1.25])[None, None, :, None]
    regions = np.array([REGIONS.index(r) for r in coords["region"]])
    jobs = np.zeros((len(people), len(REGIONS), len(LEVELS)))
    for level, count in enumerate((people - skilled, skilled - professional, professional)):
        for row, region in enumerate(regions):
            jobs[:, region, level] += weight[row] * count[:, row].sum(-1)
    return _paid("25", people, mean) | {
        "age25_n": people, "professional_n": professional, "skilled_n": skilled,
        "home_skilled_n": skilled - left, "moved_n": left + np.rint(0.02 * people),
        "left_n": left, "promoted_n": np.rint(skilled * (0.42 - 0.06 * POOR)),
        "took_route": routes, "rewarded_route": rewarded, "age25_band": bands,
        "professional_band": top, "qualified_n": qualified,
        "qualified_pay_sum": np.rint(qualified * worth * (1 + 0.03 * MIDDLES)),
        "jobs25_n": jobs, "jobs25_home_n": np.rint(0.72 * jobs), "jobs_held": 10 * jobs,
    }  # fmt: skip


def _at_30(people: Any, score: Any, far: Any, coords: dict[str, Any]) -> dict[str, Any]:
    professional = np.rint(people * _rate(score, PROFESSIONAL, -0.1 * POOR - 0.1 * far))
    skilled = np.minimum(professional + np.rint(0.32 * people), people)
    return _paid("30", people, 31_500 + 5_000 * score) | {
        "age30_n": people, "professional30_n": professional, "skilled30_n": skilled,
        "promoted30_n": np.rint(skilled * (0.86 - 0.05 * POOR)),
    }  # fmt: skip


def _paid(age: str, people: Any, mean: Any) -> dict[str, Any]:
    earners = np.rint(0.94 * people)
    cuts = np.log(np.array(PAY_CUTS[1:]))
    below = ndtr((cuts - np.log(mean)[..., None] + 0.05) / 0.32)
    shares = np.diff(below, axis=-1)
    counts = np.concatenate([below[..., :1], shares, 1 - below[..., -1:]], axis=-1)
    bands = np.floor(earners[..., None] * counts)
    bands[..., 5] += earners - bands.sum(-1)
    bands = np.concatenate([(people - earners)[..., None], bands], axis=-1)
    return {
        f"earners{age}_n": earners, f"pay{age}_sum": np.rint(earners * mean),
        f"tax{age}_sum": np.rint(earners * 0.3 * (mean - 12_570)), f"pay{age}_band": bands,
    }  # fmt: skip


def _offers(out: dict[str, Any], weight: Any) -> dict[str, Any]:
    applied = np.einsum("a,yag->y", weight, out["scheme_applied_n"])
    origin = np.array([0.6, 0.22, 0.18])
    tilt = np.linspace(0.4, 1.6, OFFER_CELLS)
    shares = np.stack([tilt, np.ones(OFFER_CELLS), tilt[::-1]]) / OFFER_CELLS
    people = np.rint(applied[:, None, None] * origin[:, None] * shares)
    chance = np.linspace(0.05, 0.19, OFFER_CELLS) * np.array([1.0, 1.0, 0.86])[:, None]
    return {
        "offers": np.stack([people, np.rint(people * 3 * chance), np.rint(people * chance)], -1)
    }


def _career(out: dict[str, Any], weight: Any) -> dict[str, Any]:
    people = np.einsum("a,yag->y", weight, out["age25_n"])
    jobs = np.array([[0.04, 0.14, 0.24, 0.58], [0.05, 0.2, 0.3, 0.45], [0.07, 0.28, 0.31, 0.34]])
    origin = np.array([0.46, 0.23, 0.31])[:, None] * jobs
    risen = np.stack([0.8 ** np.arange(PROMOTIONS)] * len(CAREER_AGES))
    risen = risen / risen.sum(-1, keepdims=True)
    count = np.rint(people[:, None, None, None, None] * origin[..., None] * risen[:, None, None])
    worth = 24_000 * np.array([0.0, 0.8, 1.0, 1.4]) * np.array([1.0, 0.96, 0.88])[:, None]
    grown = 1 + 0.04 * np.arange(len(CAREER_AGES))[:, None, None]
    assert count.shape[1:] == (len(CAREER_AGES), len(OCCUPATIONS), len(JOBS), PROMOTIONS)
    return {"career_n": count, "career_pay_sum": np.rint(count.sum(-1) * worth * grown)}


def _noughts(years: int) -> dict[str, Any]:
    """Return what no example needs: nothing vacant, no lever that costs."""
    return {
        "vacant": np.zeros((years, len(REGIONS), len(LEVELS))),
        "lever_cost": np.zeros((years, len(COSTED))),
    }


_FILL = {"post16": _after_11, "age19": _at_19, "age22": _at_22, "age23": _at_23,
         "age24": _at_24, "age25": _at_25, "age30": _at_30}  # fmt: skip
assert (len(ROUTES), len(QUALIFICATIONS)) == (6, 5)
TABLES = frozenset(NATIONAL)
