"""Time a year's money of as many schools as England has: the published formula, and a file of it.

``python benchmarks/formula.py`` shares out policy year 1 in turn under ``rule: nff`` and under
``rule: rates`` with the same rates, and under a formula of three rates, and prints milliseconds and
the median of the ratios of pairs. No world is made: schools are those of the tests of money.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from sim.config import compose
from sim.config.formula import Formula
from sim.config.models import Policy
from sim.funding.census import Census
from sim.funding.grants import FundingMemory, When
from sim.year.allocation import allocate
from tests.funding.schools import many, policy

SCHOOLS = 20_300
PAIRS = 40
THREE = Formula(basic=(500_000,) * 3, fsm6=(250_000,) * 2, lump=(12_000_000,) * 2, area_cost=False)


def seconds(census: Census, chosen: Policy, memory: FundingMemory) -> float:
    """Return what sharing out the first policy year takes."""
    own = memory.copy()
    started = time.process_time()
    allocate(census, chosen, own, When(1))
    return time.process_time() - started


def main() -> None:
    """Print milliseconds a year and paired ratios."""
    census, memory = many(SCHOOLS), FundingMemory()
    for year in (-1, 0):
        allocate(census, policy(), memory, When(year, first_past=year == -1))
    three = {"rule": "rates", "rates": THREE, "floor": -0.015}
    written = compose("baseline", ["policy.funding.rule=rates"]).policy
    every = {"nff": policy(), "nff_2024_25 (rates)": written, "three rates": policy(three)}
    took: dict[str, list[float]] = {name: [] for name in every}
    for number in range(PAIRS + 1):
        for name, chosen in every.items():
            spent = seconds(census, chosen, memory)
            if number:  # the first is to warm up
                took[name].append(spent)
    for name, each in took.items():
        ratios = [one / base for one, base in zip(each, took["nff"], strict=True)]
        print(f"{name:<22}{1000 * median(each):8.1f} ms{median(ratios):8.3f} of nff")


if __name__ == "__main__":
    main()
