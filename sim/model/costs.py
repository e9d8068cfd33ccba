"""What levers paid with new money cost in a year, lever by lever, and so who pays.

Processes say what each lever buys for whom; the field of the lever names its price and its payer
(`sim.config.levers`). Every pound is booked from the people and schools it reached: a policy that
looks good because its price was left out would be no finding.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Reals
from sim.config.models import DECLARED_LEVERS
from sim.config.values import Values
from sim.model import higher, plans, post16, progression, work
from sim.nation import Nation
from sim.record.adult_variables import COSTED

__all__ = ["LEDGERS", "lever_costs", "price"]

Pounds = NDArray[np.float64]

LEDGERS = (plans.bought, post16.bought, higher.bought, work.bought, progression.bought)
"""What processes say of such levers: which of them bought what, for whom."""


def lever_costs(nation: Nation, year: int) -> Pounds:
    """Return what each lever cost this year, GBP of the base year, in the order of `COSTED`.

    The default practice of employers costs too.
    """
    spent = dict.fromkeys(COSTED, 0.0)
    for ledger in LEDGERS:
        for people, units in ledger(nation, year):
            for line, each in _pounds(units, nation.terms.values).items():
                spent[line] += float((each * nation.world.weight_of(people)).sum())
    return np.array(list(spent.values()))


def price(lever: str, values: Values) -> float:
    """Return the price of a unit of what a lever buys, GBP: 1 for a lever in pounds.

    >>> from sim.config import compose
    >>> price("higher.student_success", compose("baseline").beliefs.values)
    600.0
    """
    read = DECLARED_LEVERS[lever].price
    return 1.0 if read is None else read(values)


def _pounds(units: dict[str, Reals], values: Values) -> dict[str, Reals]:
    """Add up pounds for each person by line of the record."""
    found: dict[str, Reals] = {}
    for lever, each in units.items():
        line, pounds = DECLARED_LEVERS[lever].books, price(lever, values) * each
        found[line] = found[line] + pounds if line in found else pounds
    return found
