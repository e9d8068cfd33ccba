"""What a lever costs in new money: a reading for each, made of the field that names its price."""

from __future__ import annotations

from sim.config.models import DECLARED_LEVERS, Policy
from sim.evidence.probes import Read, at_once
from sim.model import SchoolsModel, allocation, plans
from sim.model.costs import lever_costs
from sim.record.adult_variables import COSTED

__all__: list[str] = []


def _in_full(key: str) -> Policy:
    """Return a policy with one lever on: true, or 1."""
    group, _, name = key.partition(".")
    default = getattr(getattr(Policy(), group), name)
    return Policy.model_validate({group: {name: type(default)(1)}})


def _cost_of(key: str) -> Read:
    policy, line = _in_full(key), list(COSTED).index(DECLARED_LEVERS[key].books)

    def cost(model: SchoolsModel) -> float:
        nation = model.nation
        nation.settings = nation.settings.model_copy(update={"policy": policy})
        nation.agents.universities.do("back_students", policy.higher.student_success)
        nation.agents.employers.do("adopt", policy, 1.0)
        allocation.pay_schools(nation, model.year)
        plans.make_plans(nation, model.year)
        # Last year's people have been through everything that a year holds.
        return float(lever_costs(nation, model.year - 1)[line])

    cost.__name__ = f"{key.partition('.')[2]}_cost"
    cost.__doc__ = f"Cost of policy.{key} in full, last year's people."
    return cost


for _key, _lever in DECLARED_LEVERS.items():
    if _lever.price:
        at_once("GBP a year")(_cost_of(_key))
