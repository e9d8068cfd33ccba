"""Four real schools, to the penny, against DfE's School Funding Statistics 2025-26.

The publication gives amounts; counts are derived from them here (amount / rate). Rates, split
sites and London fringe are lines of their own there, outside the formula here. The order of lines
and of the minimum level is what these schools show. They are paid as a run pays them whose setting
is ``base_year=2025-26``.
"""

from __future__ import annotations

import numpy as np

from sim.config import compose
from sim.data.base_year import base_year
from sim.funding.census import Census
from sim.funding.grants import FundingMemory, When
from sim.funding.lines import formula_lines, minimum_level, total_of
from sim.money import half_up
from sim.year.allocation import allocate
from tests.funding.schools import school

SETTINGS = compose("baseline", ["base_year=2025-26"])
FIRST = When(-1, first_past=True, base=base_year(SETTINGS.base_year))
RATES = FIRST.base.rates
OUTSIDE = ("scaling", "slice", "targeted", "premium", "extra")


def pence(pounds: float) -> int:
    return round(100 * pounds)


def paid(census: Census) -> dict[str, int]:
    grants = allocate(census, SETTINGS.policy, FundingMemory(), FIRST)
    grants.check(census)
    return {clause: int(amount[0]) for clause, amount in grants.lines.items()
            if clause not in OUTSIDE}  # fmt: skip


def deprivation(lines: dict[str, int]) -> int:
    return lines["fsm"] + lines["fsm6"] + lines["idaci"]


def test_northchapel_a_small_primary_far_from_others() -> None:
    # 1 of the 46 pupils above Reception is new to English: 56 / 46 of a pupil. 4 movers.
    parts = 46 * 117_500
    census = school(
        parts=parts,
        pupils=56,
        fsm=8,
        ever6=9,
        eal3=56 * parts // 46,
        mobile=4 * parts,
        low_prior=round(34_460.47 / 1_175 * parts),
        miles=2_000,
    )
    lines = paid(census)
    assert lines == {
        "basic": pence(215_432),
        "fsm": pence(3_960),
        "fsm6": pence(9_540),
        "idaci": 0,
        "low_prior": pence(34_460.47),
        "eal": pence(724.35),
        "mobility": pence(617.60),
        "lump": pence(145_100),
        "sparsity": pence(57_400),
        "minimum": 0,
        "floor": 0,
    }
    assert sum(lines.values()) + pence(12_225.50) == pence(479_459.92)


def test_southgate_in_the_london_fringe() -> None:
    # 62 of 258 above Reception new to English; 46 of 285 moved in: shares times a roll of 287.
    parts = 258 * 285 * 4
    columns = {
        "pupils": 287,
        "fsm": 85,
        "ever6": 99,
        "eal3": 62 * 287 * parts // 258,
        "mobile": 46 * 287 * parts // 285,
        "low_prior": round(107_440.79 / 1_175 * parts),
    }
    bands = {"D": 56, "E": 78, "F": 58}
    lines = paid(school(parts=parts, bands=bands, **columns))
    assert lines["basic"] == pence(1_104_089)
    assert deprivation(lines) == pence(207_795)
    assert lines["eal"] == pence(41_036.55)
    assert lines["mobility"] == pence(28_084.21)
    assert lines["low_prior"] == pence(107_440.79)
    assert lines["lump"] == pence(145_100)
    assert sum(lines.values()) == pence(1_633_545.55)
    # Published: one fringe line over the sum. Here: each line times 1.0588, rounded once.
    fringe = int(half_up(np.array([sum(lines.values()) * 588]), 10_000)[0])
    assert fringe == pence(96_052.48)
    dear = paid(school(parts=parts, bands=bands, area_cost=10_588, **columns))
    rounded_lines = sum(1 for amount in dear.values() if amount)
    assert abs(sum(dear.values()) - pence(1_633_545.55) - fringe) <= rounded_lines / 2


def test_south_wilts_grammar_on_the_minimum_level() -> None:
    census = school(phase=1, pupils=796, ks3=478, ks4=318, fsm=10, ever6=15, low_prior=14, eal3=1)
    rest = pence(4_741_928) - int(total_of(formula_lines(census, RATES))[0])
    # What these counts leave of the amount before the level, in pupils of IDACI band F.
    idaci, left = divmod(rest, RATES.idaci[1][5])
    parts = RATES.low_prior[1]
    census = school(
        parts=parts,
        phase=1,
        pupils=796,
        ks3=478,
        ks4=318,
        fsm=10,
        ever6=15,
        low_prior=14 * parts + left,
        eal3=parts,
        bands={"F": idaci},
    )
    lines = paid(census)
    assert sum(lines.values()) - lines["minimum"] == pence(4_741_928)
    assert lines["minimum"] == pence(404_212)
    assert sum(lines.values()) == 796 * pence(6_465)


def test_st_marys_in_richmond_is_topped_up_before_its_split_site() -> None:
    parts = 10**6
    columns = {"pupils": 612, "fsm": 40, "ever6": 47, "area_cost": 11_004}
    without = int(total_of(formula_lines(school(**columns), RATES))[0])
    low_prior = round((pence(2_995_743.11) - without) / (RATES.low_prior[0] * 1.1004) * parts)
    census = school(parts=parts, low_prior=low_prior, **columns)
    lines = paid(census)
    assert sum(lines.values()) - lines["minimum"] == pence(2_995_743.11)
    assert lines["minimum"] == pence(36_716.89)
    assert sum(lines.values()) == int(minimum_level(census, RATES)[0]) == 612 * pence(4_955)
    # The split site (166,220.37) and rates (16,683.79) come on top: outside the level.
