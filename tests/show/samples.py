"""Small tables with the columns each chart draws, easy to flip."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from sim.show.figures import posts_follow_or_not
from sim.tabulate.verdicts import verdict

SCENARIOS = ("flat", "area_list_eia", "pupil_need", "gap_triggered")
MINIMUM = 0.42
AFFLUENT = {
    "flat": (0.71, 0.33, -0.05, -0.52, -1.32),
    "area_list_eia": (-0.55, -0.38, 0.05, 0.48, 0.61),
    "pupil_need": (-0.04, 0.03, 0.12, 0.18, 0.3),
    "gap_triggered": (0.62, 0.5, 0.44, 0.4, 0.3),
}
MONEY = {
    "area_list_eia": (0.04, 0.09, 0.18, 0.32, 0.37),
    "pupil_need": (0.12, 0.17, 0.19, 0.22, 0.30),
    "gap_triggered": (0.18, 0.21, 0.21, 0.21, 0.19),
}
MISSED = {
    "area_list_eia": (0.87, 0.78, 0.66, 0.55, 0.51),
    "pupil_need": (0.0, 0.0, 0.0, 0.0, 0.0),
    "gap_triggered": (0.41, 0.48, 0.55, 0.61, 0.68),
}
PUPILS = (0.123, 0.166, 0.192, 0.224, 0.296)
REGIONS = {
    "East Midlands": (120, -40, 60, 30),
    "East of England": (210, -90, -10, 20),
    "London": (-610, -110, 40, -60),
    "North East": (-80, 240, 90, 30),
    "North West": (-60, 150, 60, 10),
    "South East": (260, -110, -60, 40),
    "South West": (290, -60, -30, 60),
    "West Midlands": (-90, 60, 50, -10),
    "Yorkshire and The Humber": (30, 170, 30, 20),
}


def difference(value: float, half: float = 0.25, draws: int = 8) -> dict[str, object]:
    """One paired difference with both intervals and its verdict."""
    low, high = value - half, value + half
    return {
        "value": value,
        "low": low,
        "high": high,
        "chance_low": value - half / 2,
        "chance_high": value + half / 2,
        "verdict": verdict(value, low, high, MINIMUM, draws),
    }


def share(kind: str, value: float) -> dict[str, float]:
    """Ends of an interval around a share."""
    return {f"{kind}low": max(value - 0.05, 0.0), f"{kind}high": min(value + 0.05, 1.0)}


def by_place(values: dict[str, tuple[float, ...]] = AFFLUENT, draws: int = 8) -> pd.DataFrame:
    """Differences by place, 1 the most affluent."""
    return pd.DataFrame(
        {"scenario": name, "place": i + 1, **difference(v, draws=draws)}
        for name, row in values.items()
        for i, v in enumerate(row)
    )


def shares() -> pd.DataFrame:
    """Targeted money and disadvantaged pupils by fifth."""
    return pd.DataFrame(
        {
            "scenario": name,
            "place": i + 1,
            "value": m,
            "low": m - 0.01,
            "high": m + 0.01,
            "share_of_pupils": PUPILS[i],
        }
        for name, row in MONEY.items()
        for i, m in enumerate(row)
    )


def undercoverage() -> pd.DataFrame:
    """Share of disadvantaged pupils reached by no targeted pound."""
    return pd.DataFrame(
        {"scenario": name, "place": i + 1, "value": m, "low": m - 0.01, "high": m + 0.01}
        for name, row in MISSED.items()
        for i, m in enumerate(row)
    )


def parts(changes: dict[str, tuple[float, float]] | None = None) -> pd.DataFrame:
    """Change of disadvantaged pupils, of others, and of the gap."""
    changes = changes or {
        "flat": (-0.6, 0.2),
        "area_list_eia": (0.1, -0.1),
        "pupil_need": (0.1, -0.55),
        "gap_triggered": (0.6, -0.2),
    }
    rows = []
    for name, (low, other) in changes.items():
        for part, value in (("disadvantaged", low), ("other", other), ("gap", other - low)):
            rows.append({"scenario": name, "part": part, **difference(value, 0.18)})
    return pd.DataFrame(rows)


def regions() -> pd.DataFrame:
    """Money beside attainment."""
    rows = []
    for region, moved in REGIONS.items():
        for name, pounds in zip(SCENARIOS, moved, strict=True):
            rows.append(
                {
                    "scenario": name,
                    "place": region,
                    "pounds": pounds,
                    "pounds_low": pounds - 15,
                    "pounds_high": pounds + 15,
                    **difference(pounds * 0.0025, 0.3),
                }
            )
    return pd.DataFrame(rows)


def winners() -> pd.DataFrame:
    """Shares worse and better off by group."""
    told = {
        "flat": (0.42, 0.31, 0.2, 0.25),
        "area_list_eia": (0.3, 0.28, 0.22, 0.1),
        "pupil_need": (0.02, 0.24, 0.08, 0.05),
        "gap_triggered": (0.0, 0.46, 0.11, 0.07),
    }
    return pd.DataFrame(
        {
            "scenario": name,
            "who": who,
            "draws": 8,
            **share("worse_", v[2 * i]),
            **share("better_", v[2 * i + 1]),
            "worse": v[2 * i],
            "better": v[2 * i + 1],
        }
        for name, v in told.items()
        for i, who in enumerate(("disadvantaged", "other"))
    )


def path(years: int = 22) -> pd.DataFrame:
    """National difference by policy year."""
    ends = {"flat": -0.6, "area_list_eia": 0.08, "pupil_need": 0.15, "gap_triggered": 0.8}
    return pd.DataFrame(
        {
            "scenario": name,
            "year": year,
            **difference(end * min(year, 12) / 12 + 0.03 * ((year * 7) % 3 - 1), 0.2),
        }
        for name, end in ends.items()
        for year in range(1, years + 1)
    )


def jobs() -> pd.DataFrame:
    """Difference in professional jobs by fifth, people of 10,000."""
    return of_10_000(
        by_place({name: tuple(v / 2 for v in values) for name, values in AFFLUENT.items()})
    )


def of_10_000(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in people of a hundred, told of ten thousand."""
    return rows.assign(**{c: 100 * rows[c] for c in rows if rows[c].dtype == float})


SHELVES = {
    "flat": ("lower", "cannot tell"),
    "area_list_eia": ("higher", "practically the same"),
    "pupil_need": ("higher", "higher"),
    "gap_triggered": ("cannot tell", "higher"),
}


def shelves(told: dict[str, tuple[str, str]] | None = None) -> pd.DataFrame:
    """Change in both indices, of both groups."""
    worth = {"higher": 0.05, "lower": -0.05, "practically the same": 0.001}
    rows = []
    for name, words in (told or SHELVES).items():
        for shelf, word in zip(("opportunity", "outcome"), words, strict=True):
            for group, part in (("disadvantaged", 1.0), ("other", 0.3)):
                found = difference(part * worth.get(word, 0.02), 0.015) | {"verdict": word}
                rows.append({"scenario": name, "shelf": shelf, "group": group, **found})
    return pd.DataFrame(rows)


def pipeline(leaks: tuple[float, ...] = (0.75, 0.7, 0.65, 0.5, 0.49, 0.48, 0.47)) -> pd.DataFrame:
    """Shares by stage and fifth; ``leaks`` is the ratio of the two groups in the first fifth."""
    from sim.show.figures.where_the_pipeline_leaks import STAGES

    rows = []
    for place in range(1, 6):
        for at, stage in enumerate(STAGES):
            other = 0.75 - 0.05 * at
            ratio = leaks[at] + 0.01 * (place - 1)
            for group, v in (("disadvantaged", other * ratio), ("other", other)):
                told = {"ratio": ratio} if group == "disadvantaged" else {}
                ends = {"value": v, "low": v - 0.02, "high": v + 0.02}
                rows.append({"stage": stage, "place": place, "group": group, **ends, **told})
    return pd.DataFrame(rows)


def leavers() -> pd.DataFrame:
    """Who got on at home and who left to, by isolation fifth."""
    rows = []
    for place in range(1, 6):
        for group, more in (("disadvantaged", 0.0), ("other", 0.1)):
            for part, v in (("home", 0.55 - 0.03 * place), ("left", 0.04 * place)):
                share_ = v + more
                ends = {"value": share_, "low": share_ - 0.02, "high": share_ + 0.02}
                rows.append({"scenario": "baseline", "place": place, "group": group,
                             "part": part, **ends})  # fmt: skip
    return pd.DataFrame(rows)


def authorities(names: tuple[str, ...] | list[str] = SCENARIOS) -> pd.DataFrame:
    """Differences of every authority of England."""
    from sim.show.hexagons import hexagons

    return pd.DataFrame(
        {"scenario": name, "place": code, "place_name": f"Authority {code}", "column": at[0],
         "row": at[1], **difference(0.08 * (at[1] - 11) * (1 - 0.6 * i), 0.4)}
        for i, name in enumerate(names)
        for code, at in hexagons().items()
    )  # fmt: skip


HUNDRED = {
    "flat": (0.1, 0.3, 0.4, 0.6, 0.81),
    "area_list_eia": (0.7, 0.6, 0.2, 0.0, 0.0),
    "pupil_need": (0.0, 0.0, 0.0, 0.02, 0.0),
    "gap_triggered": (0.0, 0.1, 0.2, 0.25, 0.333),
}


def hundred() -> pd.DataFrame:
    """Shares of disadvantaged pupils worse and better off by fifth."""
    return pd.DataFrame(
        {"scenario": name, "place": i + 1, "worse": v, "better": (1 - v) / 2,
         **share("worse_", v), **share("better_", (1 - v) / 2), "draws": 8}
        for name, row in HUNDRED.items()
        for i, v in enumerate(row)
    )  # fmt: skip


FLAT_STEPS = {
    "basic": (-4450.0, -4409.0), "fsm6": (-237.0, -567.0), "idaci": (-68.0, -381.0),
    "low_prior": (-376.0, -475.0), "eal": (-41.0, -53.0), "mobility": (-10.0, -8.0),
    "lump": (-406.0, -329.0), "sparsity": (0.3, -0.2), "minimum": (-38.0, -207.0),
    "floor": (54.0, 279.0), "scaling": (-230.0, -55.0), "slice": (0.0, 0.0),
    "targeted": (0.0, 0.0), "flat": (5929.0, 5894.0),
}  # fmt: skip


def steps() -> pd.DataFrame:
    """What every clause and all together change at both ends, pounds a pupil."""
    told = {
        "flat": FLAT_STEPS,
        "area_list_eia": {"slice": (-80.0, -95.0), "targeted": (15.0, 340.0)},
        "pupil_need": {"slice": (-80.0, -95.0), "targeted": (60.0, 150.0)},
        "gap_triggered": {"slice": (-80.0, -95.0), "targeted": (130.0, 90.0)},
    }
    whole = {
        name: {**own, "total": tuple(sum(ends) for ends in zip(*own.values(), strict=True))}
        for name, own in told.items()
    }
    return pd.DataFrame(
        {"scenario": name, "place": place, "clause": clause, "part": clause, "value": value,
         "low": value - 5, "high": value + 5}
        for name, own in whole.items()
        for clause, ends in own.items()
        for place, value in zip((1, 5), ends, strict=True)
    )  # fmt: skip


def flagged(names: tuple[str, ...] = ("gap_triggered", "gap_progress")) -> pd.DataFrame:
    """What closes by itself in flagged schools, what is caused, and both."""
    return pd.DataFrame(
        {
            "scenario": name,
            "place": place,
            "part": part,
            "areas_here": 26,
            **difference(value, 0.02),
        }
        for i, name in enumerate(names)
        for place in range(1, 6)
        for part, value in (
            ("by_itself", -0.06 - 0.02 * i),
            ("caused", -0.01 * place),
            ("naive", -0.06 - 0.02 * i - 0.01 * place),
        )
    )


def returned() -> pd.DataFrame:
    """Pounds back for a pound, two ways."""
    worth = {("ours", "year_at_30"): 0.01, ("ours", "to_67"): 0.2,
             ("published", "earnings"): 1.1, ("published", "tax"): 0.31}  # fmt: skip
    return pd.DataFrame(
        {"scenario": name, "way": way, "part": part, **difference(v * (i + 1), 0.3 * v)}
        for i, name in enumerate(SCENARIOS)
        for (way, part), v in worth.items()
    )


def by_place_of_four() -> pd.DataFrame:
    """Differences by quarter of schools."""
    return by_place({name: values[:4] for name, values in AFFLUENT.items()})


def both_ends(jobs: dict[float, tuple[float, float]] | None = None) -> pd.DataFrame:
    """Professional jobs of disadvantaged people and of everybody at both ends of the response."""
    jobs = jobs or {0.0: (0.4, 0.0), 1.0: (0.5, 0.3)}
    rows = []
    for end, (mine, everybody) in jobs.items():
        for i, name in enumerate(SCENARIOS):
            for group, value in (("disadvantaged", mine + 0.05 * i), ("all", everybody)):
                rows.append({"scenario": name, "end": end, "group": group, "replicates": 2,
                             **difference(value, 0.1, draws=0)})  # fmt: skip
    heads = of_10_000(pd.DataFrame(rows).astype({"end": object})).astype({"end": float})
    return posts_follow_or_not.by_chance(heads)


def against(names: Sequence[str] = SCENARIOS, draws: int = 8) -> pd.DataFrame:
    """Every policy less every other, over all areas and fifth 1 less fifth 5."""
    rows = []
    for measure, place in (("attainment8", "All areas"), ("attainment8", "fifth 1 less fifth 5"),
                           ("professional_job_rate", "All areas")):  # fmt: skip
        own = {name: 0.37 * ((5 * i + len(place)) % 7) - 1 for i, name in enumerate(names)}
        best = max(own, key=lambda name: own[name])
        for a in names:
            for b in names:
                if a != b:
                    rows.append({
                        "scenario": a, "less": b, "measure": measure, "place": place,
                        **difference(own[a] - own[b], 0.3, draws), "regret": own[best] - own[a],
                        "draws": draws, "ranked_draws": draws, "probability_best": float(a == best),
                    })  # fmt: skip
    return pd.DataFrame(rows)


NAMED_PLACES = (
    "Hackney", "Bournemouth, Christchurch and Poole", "Kingston upon Hull, City of", "Cornwall",
    "Bath and North East Somerset", "Leeds",
)  # fmt: skip


def named_places(values: dict[str, tuple[float, ...]] = AFFLUENT, draws: int = 8) -> pd.DataFrame:
    """Differences at areas that were asked for, one more than a picture has room for."""
    more = {name: (*row, 0.1) for name, row in values.items()}
    rows = by_place(more, draws=draws)
    rows["place_name"] = [NAMED_PLACES[place - 1] for place in rows["place"]]
    return rows.assign(stands_for=4)


CHARTS: dict[str, Callable[[], pd.DataFrame]] = {
    "gains_by_affluence": by_place,
    "gains_at_places": named_places,
    "policies_against_each_other": against,
    "of_100_pupils": hundred,
    "map_of_gains": authorities,
    "money_went": shares,
    "waterfall_of_pounds": steps,
    "missed": undercoverage,
    "level_beside_gap": parts,
    "money_beside_attainment": regions,
    "flagged_gaps": flagged,
    "worse_off": winners,
    "gains_by_school": by_place_of_four,
    "over_time": path,
    "jobs_by_affluence": jobs,
    "opportunity_beside_outcome": shelves,
    "posts_follow_or_not": both_ends,
    "where_the_pipeline_leaks": pipeline,
    "what_comes_back": returned,
    "stay_or_go": leavers,
}
"""Rows of each chart, by its name."""
