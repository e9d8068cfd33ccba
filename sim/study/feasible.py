"""What a policy can be refused for before anything runs: no meaning, or no money.

Rules refuse what they cannot do when a year's money is shared out, which is in the middle of a run.
So what hangs on settings alone is looked at here, and what hangs on the census of a world - whether
a pot pays for a floor, a dose or a weight - is tried on its first policy year.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy

from sim import kernel
from sim.cache import is_whole
from sim.config.formula import WRITTEN
from sim.config.models import Funding, Policy, Settings
from sim.config.problems import refuse
from sim.errors import BadRequest, CannotPay
from sim.model import SchoolsModel
from sim.model import allocation as funding
from sim.registry import RULES
from sim.year import allocation

__all__ = ["afford", "as_failure", "foresee", "policy_problems"]

_WITH_NEEDS = ("nff", "need_weighted", WRITTEN)
"""Rules that an authority's own formula can stand on."""

SAFE_DOSE = 4_000.0
"""Pounds a pupil reached that basic entitlement pays wherever pupils are; more is tried."""
SAFE_ENVELOPE = 5e9
SAFE_WEIGHT = 2.0


def policy_problems(settings: Settings) -> Iterator[str]:
    """Yield levers that have no meaning beside the others, whatever the world."""
    funding = settings.policy.funding
    who = f"Scenario {settings.scenario}"
    if funding.rule == "nff" and funding.need_weight != 1:
        yield (
            f"{who}: policy.funding.need_weight={funding.need_weight:g} has no meaning under rule "
            f"'nff', the published formula. Take a scenario whose rule has it, such as "
            f"need_weighted, or write policy.funding.rule=need_weighted. In a study, a table can "
            f"leave the key empty in some rows: --table FILE.csv."
        )
    if funding.rule == WRITTEN and funding.need_weight != 1:
        yield (
            f"{who}: policy.funding.need_weight={funding.need_weight:g} has no meaning under rule "
            f"'{WRITTEN}'. Write the rates themselves, such as policy.funding.rates.fsm6=2000."
        )
    if (problem := funding.depth.problem(funding.rule)) is not None:
        yield f"{who}: {problem}."
    if funding.transition and funding.rule == "nff":
        yield (
            f"{who}: policy.funding.transition={funding.transition} has no meaning under rule "
            f"'nff', from which a transition starts. Leave it out, or name another rule."
        )
    if funding.local and (funding.transition or funding.rule not in _WITH_NEEDS):
        yield (
            f"{who}: policy.funding.local has no meaning {_not_local(funding)}. Leave it out, or "
            f"take a formula with a basic amount and additional needs ({', '.join(_WITH_NEEDS)})."
        )
    if funding.rates is not None and funding.rule != WRITTEN:
        yield (
            f"{who}: policy.funding.rates has no meaning under rule {funding.rule!r}. Write "
            f"policy.funding.rule={WRITTEN} beside it; where other policies stand beside this one, "
            f"behind its @: baseline@policy.funding.rule={WRITTEN},policy.funding.rates.fsm6=2500."
        )
    if funding.cap is not None and funding.closure == "balance":
        yield (
            f"{who}: policy.funding.cap={funding.cap:g} has no meaning under closure 'balance'. "
            f"Name policy.funding.closure=lower_floor, scale_gains or external, or leave cap out."
        )


def _not_local(funding: Funding) -> str:
    if funding.transition:
        return "in a transition, whose two formulae are the nation's"
    return f"under rule {funding.rule!r}, which pays authorities nothing for needs that they move"


def afford(cells: Sequence[Settings]) -> None:
    """Share out the first policy year under every policy that could cost more than there is.

    One past is lived for each world, and only if such a policy is among the cells: about what one
    cell of six years takes. What a later year brings is not looked at: `as_failure`.

    Raises:
        BadRequest: Every scenario and policy that cannot be paid; nothing has been written.
    """
    worlds: dict[str, dict[str, Settings]] = {}
    for cell in cells:
        if _could_cost_too_much(cell.policy):
            world = (
                f"{cell.world} {cell.past} {cell.switches} {cell.falling_rolls} {cell.base_year}"
            )
            worlds.setdefault(world, {}).setdefault(cell.policy.model_dump_json(), cell)
    refuse([problem for risky in worlds.values() for problem in _tried(list(risky.values()))])


def foresee(cells: Sequence[Settings]) -> None:
    """Refuse what cannot be paid for where that costs little: nothing is compiled for it.

    Raises:
        BadRequest: As `afford`.
    """
    if is_whole(kernel.CACHE_FOLDER):
        afford(cells)


def _could_cost_too_much(policy: Policy) -> bool:
    funding, targeting = policy.funding, policy.targeting
    aims = targeting.arm != "none"
    return (
        RULES.code(funding.rule) is not None  # a plug-in's rule, whose faults are told early too
        or funding.rule == WRITTEN
        or funding.closure == "scale_gains"
        or (funding.floor is not None and funding.closure == "balance")
        or funding.need_weight > SAFE_WEIGHT
        or (aims and (targeting.dose_gbp or 0.0) > SAFE_DOSE)
        or (aims and targeting.envelope_gbp > SAFE_ENVELOPE)
    )


def _tried(cells: Sequence[Settings]) -> Iterator[str]:
    """Yield why year 1 cannot be paid for, policy by policy, in one world."""
    past = SchoolsModel(cells[0]).live_past()
    model = SchoolsModel(cells[0], past)
    try:
        census = funding.census(model.nation)
        for cell in cells:
            memory = deepcopy(model.memory.funding)
            try:
                allocation.allocate(census, cell.policy, memory, funding.when(model.nation))
            except BadRequest as error:
                told = _sentence(error).removeprefix("year 1, ")
                yield f"Scenario {cell.scenario}, year 1: {told}"
    finally:
        model.close()


def as_failure(cell: Settings, error: Exception) -> Exception:
    """Return what stopped a cell; a refusal in the middle of a run is failed work, and named.

    Cells that were finished before it are there, so it may not be told as a wrong request.
    """
    if not isinstance(error, BadRequest):
        return error
    where = f"Scenario {cell.scenario}, draw {cell.draw}, replicate {cell.replicate}"
    told = f"{where}: {_sentence(error)} Cells that were finished before are kept."
    return CannotPay(told, cell.scenario)


def _sentence(error: Exception) -> str:
    text = str(error)
    return text if text.endswith((".", "?")) else f"{text}."
