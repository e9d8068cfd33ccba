"""What levers after sixteen cost in a year, lever by lever, and so who pays.

Every pound of a lever is booked here, from the people it reached: a policy that looks good because
its price was left out would be no finding.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Reals
from sim.codes import FIRST_ADULT_GRADE, GRADUATION_GRADE, LEVELS_GRADE, SCHEME_GRADE
from sim.nation import Nation, by_grade
from sim.record.adult_variables import COSTED
from sim.world.adults import Adults
from sim.year import funnel, higher, post16, progression

__all__ = ["lever_costs"]

Pounds = NDArray[np.float64]


def lever_costs(nation: Nation, year: int) -> Pounds:
    """Return what each lever cost this year, GBP of the base year, in the order of `COSTED`.

    The default practice of employers costs too.
    """
    world, after, policy = nation.world, nation.after, nation.policy
    values, blocks = nation.terms.values, by_grade(after, year)
    spent = dict.fromkeys(COSTED, 0.0)

    def book(name: str, people: Adults, each: Reals) -> None:
        spent[name] += float((each * world.weight_of(people)).sum())

    for people in _of(blocks, range(FIRST_ADULT_GRADE, LEVELS_GRADE)):
        for name, each in post16.yearly_costs(people, values, policy.post16).items():
            book(name, people, each)
    for people in _of(blocks, range(LEVELS_GRADE, GRADUATION_GRADE)):
        support = after.universities.support
        book("student_success", people, higher.support_cost(people, support, values))
    contextual, blind = after.employers.scheme_shares()
    application = funnel.selection_cost(contextual, blind, values.funnel)
    for people in _of(blocks, [SCHEME_GRADE]):
        book("selection", people, application * (people.offer >= 0))
    for people in blocks.values():
        cost = progression.reform_cost(people, after.employers, values.progression)
        book("open_criteria", people, cost)
    return np.array(list(spent.values()))


def _of(blocks: dict[int, Adults], grades: Iterable[int]) -> list[Adults]:
    return [blocks[grade] for grade in grades if grade in blocks]
