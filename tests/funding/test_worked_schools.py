"""Schools worked by hand at 2024-25 rates: the arithmetic stands here, the rules must agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from sim.data.rates import nff_rates
from sim.funding.census import Census
from sim.funding.lines import premium, total_of
from sim.rules.nff import published
from tests.funding.schools import school

RATES = nff_rates()
LUMP = 134_400.00


@dataclass(frozen=True)
class Worked:
    """A school and its pounds, line by line; ``last_year`` is pupil-led pounds a pupil."""

    census: Census
    pounds: dict[str, float]
    total: float
    premium: float
    last_year: float = 0.0


def small_rural_primary() -> Worked:
    # 10 pupils a year group, below half of 21.4; 2.3 miles, above 2: all of the sparsity sum.
    return Worked(
        school(pupils=70, fsm=9, ever6=10, bands={"F": 5}, low_prior=20, miles=2_300),
        {
            "basic": 70 * 3_562,
            "fsm": 9 * 490,
            "fsm6": 10 * 820,
            "idaci": 5 * 235,
            "low_prior": 20 * 1_170,
            "lump": LUMP,
            "sparsity": 57_100,
        },
        total=478_025.00,
        premium=10 * 1_480,
    )


def primary_on_both_tapers() -> Worked:
    # 15 a year group: size (21.4 - 15) / 10.7; 1.75 miles: distance (1.75 - 1.6) / 0.4.
    sparse = round(57_100 * (6.4 / 10.7) * (0.15 / 0.4), 2)
    return Worked(
        school(
            parts=10,
            pupils=105,
            fsm=20,
            ever6=22,
            bands={"E": 10, "F": 8},
            low_prior=284,
            eal3=12,
            miles=1_750,
        ),
        {
            "basic": 105 * 3_562,
            "fsm": 20 * 490,
            "fsm6": 22 * 820,
            "idaci": 10 * 285 + 8 * 235,
            "low_prior": 28.4 * 1_170,
            "eal": 1.2 * 590,
            "lump": LUMP,
            "sparsity": sparse,
        },
        total=587_723.48,
        premium=22 * 1_480,
    )


def primary_on_the_minimum_level() -> Worked:
    before = (
        (630 * 3_562) + (25 * 490) + (28 * 820) + (12 * 235) + (120 * 1_170) + (20 * 590) + LUMP
    )
    return Worked(
        school(pupils=630, fsm=25, ever6=28, bands={"F": 12}, low_prior=120, eal3=20),
        {"basic": 630 * 3_562, "lump": LUMP, "minimum": 630 * 4_610 - before},
        total=630 * 4_610,
        premium=28 * 1_480,
    )


def secondary_on_the_minimum_level() -> Worked:
    level = 1_500 * (3 * 5_771 + 2 * 6_331) / 5
    return Worked(
        school(
            phase=1,
            pupils=1_500,
            ks3=900,
            ks4=600,
            fsm=75,
            ever6=90,
            bands={"E": 30, "F": 60},
            low_prior=180,
            eal3=15,
        ),
        {
            "basic": 900 * 5_022 + 600 * 5_661,
            "fsm": 75 * 490,
            "fsm6": 90 * 1_200,
            "idaci": 30 * 450 + 60 * 340,
            "low_prior": 180 * 1_775,
            "eal": 15 * 1_585,
            "lump": LUMP,
            "minimum": level - 8_572_725,
        },
        total=8_992_500.00,
        premium=90 * 1_050,
    )


def inner_london_secondary() -> Worked:
    bands = 120 * 945 + 210 * 740 + 180 * 690 + 130 * 630 + 170 * 450 + 80 * 340
    return Worked(
        school(
            phase=1,
            pupils=1_000,
            ks3=600,
            ks4=400,
            fsm=400,
            ever6=480,
            bands={"A": 120, "B": 210, "C": 180, "D": 130, "E": 170, "F": 80},
            low_prior=290,
            eal3=62,
            mobile=84,
            area_cost=11_800,
        ),
        {
            "basic": (600 * 5_022 + 400 * 5_661) * 1.18,
            "fsm": 400 * 490 * 1.18,
            "fsm6": 480 * 1_200 * 1.18,
            "idaci": bands * 1.18,
            "low_prior": 290 * 1_775 * 1.18,
            "eal": 62 * 1_585 * 1.18,
            "mobility": (84 - 0.06 * 1_000) * 1_380 * 1.18,
            "lump": LUMP * 1.18,
        },
        total=8_742_313.20,
        premium=480 * 1_050,
    )


def inner_london_primary_on_the_floor() -> Worked:
    bands = 60 * 680 + 90 * 515 + 70 * 485 + 50 * 445 + 60 * 285 + 30 * 235
    led = 1.18 * (420 * 3_562 + 150 * 490 + 165 * 820 + bands + 130 * 1_170 + 90 * 590)
    return Worked(
        school(
            pupils=420,
            fsm=150,
            ever6=165,
            bands={"A": 60, "B": 90, "C": 70, "D": 50, "E": 60, "F": 30},
            low_prior=130,
            eal3=90,
            area_cost=11_800,
        ),
        {"idaci": bands * 1.18, "lump": LUMP * 1.18, "floor": 420 * 6_250 * 1.005 - led},
        total=420 * 6_281.25 + LUMP * 1.18,
        premium=165 * 1_480,
        last_year=6_250.00,
    )


def fringe_secondary() -> Worked:
    return Worked(
        school(
            parts=10,
            phase=1,
            pupils=900,
            ks3=540,
            ks4=360,
            fsm=150,
            ever6=170,
            bands={"D": 20, "E": 60, "F": 80},
            low_prior=2_005,
            eal3=104,
            mobile=630,
            area_cost=10_375,
        ),
        {
            "basic": (540 * 5_022 + 360 * 5_661) * 1.0375,
            "fsm": 150 * 490 * 1.0375,
            "fsm6": 170 * 1_200 * 1.0375,
            "idaci": (20 * 630 + 60 * 450 + 80 * 340) * 1.0375,
            "low_prior": 369_233.28,  # 355,887.50 x 1.0375 = 369,233.28125
            "eal": 10.4 * 1_585 * 1.0375,
            "mobility": (63 - 54) * 1_380 * 1.0375,
            "lump": LUMP * 1.0375,
        },
        total=5_823_831.43,
        premium=170 * 1_050,
    )


def small_rural_secondary() -> Worked:
    # 90 a year group of 120: size (120 - 90) / 60; 2.7 miles of 3: distance (2.7 - 2.4) / 0.6.
    return Worked(
        school(
            phase=1,
            pupils=450,
            ks3=270,
            ks4=180,
            fsm=70,
            ever6=85,
            bands={"C": 10, "E": 25, "F": 30},
            low_prior=110,
            eal3=3,
            mobile=22,
            miles=2_700,
        ),
        {
            "basic": 270 * 5_022 + 180 * 5_661,
            "fsm": 70 * 490,
            "fsm6": 85 * 1_200,
            "idaci": 10 * 690 + 25 * 450 + 30 * 340,
            "low_prior": 110 * 1_775,
            "eal": 3 * 1_585,
            "lump": LUMP,
            "sparsity": 83_000 * 0.5 * 0.5,
        },
        total=2_894_725.00,
        premium=85 * 1_050,
    )


def coastal_primary_with_many_moves() -> Worked:
    # Our own: 18 movers less 6 % of 225, 13.5, leaves 4.5. Exactly 1.6 miles: no sparsity yet.
    return Worked(
        school(
            pupils=225,
            fsm=88,
            ever6=97,
            bands={"A": 51, "B": 33, "D": 7},
            low_prior=74,
            eal3=11,
            mobile=18,
            area_cost=10_086,
            miles=1_600,
        ),
        {
            "basic": 808_342.47,  # 225 x 3,562 = 801,450 x 1.0086 = 808,342.47
            "fsm": 43_490.83,  # 43,120 x 1.0086 = 43,490.832
            "fsm6": 80_224.04,  # 79,540 x 1.0086 = 80,224.044
            "idaci": 55_261.19,  # 34,680 + 16,995 + 3,115 = 54,790 x 1.0086 = 55,261.194
            "low_prior": 87_324.59,  # 86,580 x 1.0086 = 87,324.588
            "eal": 6_545.81,  # 6,490 x 1.0086 = 6,545.814
            "mobility": 4_357.15,  # 4.5 x 960 = 4,320 x 1.0086 = 4,357.152
            "lump": 135_555.84,
        },
        total=1_221_101.92,
        premium=97 * 1_480,
    )


def shire_secondary_on_level_then_floor() -> Worked:
    # Our own: the level lifts it to 5,995 a pupil; last year's pupil-led pounds lift it further.
    before = 480 * 5_022 + 320 * 5_661 + 20 * 490 + 30 * 1_200 + 96 * 1_775 + LUMP
    level = 800 * 5_995
    floor = 800 * 5_900 * 1.005 - (level - LUMP)
    return Worked(
        school(phase=1, pupils=800, ks3=480, ks4=320, fsm=20, ever6=30, low_prior=96),
        {"minimum": level - before, "floor": floor},
        total=800 * 5_929.50 + LUMP,
        premium=30 * 1_050,
        last_year=5_900.00,
    )


SCHOOLS = [
    small_rural_primary,
    primary_on_both_tapers,
    primary_on_the_minimum_level,
    secondary_on_the_minimum_level,
    inner_london_secondary,
    inner_london_primary_on_the_floor,
    fringe_secondary,
    small_rural_secondary,
    coastal_primary_with_many_moves,
    shire_secondary_on_level_then_floor,
]


@pytest.mark.parametrize("work", SCHOOLS)
def test_a_school_worked_by_hand_is_paid_to_the_penny(work: Callable[[], Worked]) -> None:
    expected = work()
    census = expected.census
    base = np.array([round(100 * expected.last_year) * int(census.pupils[0])])
    lines = published(census, RATES, base, floor=RATES.floor * 100)
    for clause, pounds in expected.pounds.items():
        assert int(lines[clause][0]) == round(100 * pounds), clause
    assert int(total_of(lines)[0]) == round(100 * expected.total)
    assert int(premium(census, RATES)[0]) == round(100 * expected.premium)
