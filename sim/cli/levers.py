"""All the levers that act under a policy, those left at their defaults too, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.registry import RULES

if TYPE_CHECKING:
    from sim.config.eligibility import Eligibility
    from sim.config.formula import Formula
    from sim.config.models import Funding, Policy, Targeting
    from sim.data.base_year import BaseYear

__all__ = ["CLOSURES", "Lever", "acting", "levers_of"]


class Lever(NamedTuple):
    """A lever by its key (without ``policy.``), its value, what that means, and who set it."""

    key: str
    value: Any
    meaning: str
    is_set: bool


_ARMS = MappingProxyType(
    {
        "area_list": "money goes to disadvantaged pupils of listed areas",
        "pupil_need": "money goes to disadvantaged pupils wherever they are",
        "gap_triggered": "money goes to schools whose disadvantaged pupils lie far behind",
        "mix": "money is divided between arms by shares",
    }
)
_SHARES = MappingProxyType({"area_list": "area", "pupil_need": "pupil", "gap_triggered": "gap"})
CLOSURES = MappingProxyType(
    {
        "balance": "the basic amount of all schools pays for floors and minimum levels",
        "lower_floor": "the floor is lowered until gains pay for it",
        "scale_gains": "schools that gain give up part of it for floors",
        "external": "new money from outside the pot pays for floors",
    }
)


def levers_of(name: str, words: Sequence[str]) -> list[Lever]:
    """Return the levers that act under a scenario, those that its file sets first.

    Raises:
        BadRequest: The scenario is not known or not sound.
    """
    from sim.config import compose
    from sim.config.overrides import parse
    from sim.config.roots import config_root
    from sim.config.scenarios import shelf
    from sim.data.base_year import base_year

    folder = parse(words, config_root()).scenario_folder
    scenario, _ = shelf(folder).read(name)
    said = set() if scenario is None else set(_flat(scenario.policy))
    settings = compose(name, words)
    found = acting(settings.policy, base_year(settings.base_year))
    levers = [Lever(key, value, meaning, key in said) for key, value, meaning in found]
    return sorted(levers, key=lambda lever: not lever.is_set)


def _flat(levers: dict[str, Any], before: str = "") -> Iterator[str]:
    for key, value in levers.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}"


def acting(policy: Policy, base: BaseYear) -> Iterator[tuple[str, Any, str]]:
    """Yield key, value and meaning of each lever that has an effect under a policy."""
    from sim.config.models import DECLARED_LEVERS

    if policy.targeting.arm != "none":
        yield from _targeting(policy.targeting)
    yield from _funding(policy.funding, base)
    if policy.eligibility.universal_credit_from is not None:
        yield from _eligibility(policy.eligibility)
    for key, lever in DECLARED_LEVERS.items():
        group, _, name = key.partition(".")
        value = getattr(getattr(policy, group), name)
        if value and not isinstance(value, tuple):
            yield key, value, lever.meaning
    if policy.hiring.contextual_adoption:
        groups = ", ".join(policy.hiring.groups)
        from sim.show.words import join

        whom = join(_FAVOURED[group] for group in policy.hiring.groups)
        meaning = DECLARED_LEVERS["hiring.groups"].meaning
        yield "hiring.groups", groups, f"{meaning}: {whom}"


_DEPTH = MappingProxyType(
    {
        "deep_sd": "household SD below the line of free meals from which income is deep",
        "above_sd": "household SD above that line up to which income counts",
        "long_share": "share of school years registered from which low income is long",
        "deep_long": "weight of a pupil whose income is deep and has been low for long",
        "deep_short": "weight where it is deep and not long low",
        "low_long": "weight where it is below the line, not deep, and long low",
        "low_short": "weight where it is below the line, not deep, and not long low",
        "above": "weight where it is little above the line",
        "place": "multiplies these for homes in IDACI bands A to C",
        "replaces": "lines of the formula whose pounds these weights share out",
    }
)
_FOLLOWS = MappingProxyType(
    {
        "ends_protection": "transitional protection ends then",
        "fsm": "they count for the FSM factor, which pays their meals",
        "fsm6": "they count for the FSM6 factor",
        "premium": "the pupil premium is paid for them too, with new money",
        "targeting": "targeted money is for them too",
        "programmes": "programmes for disadvantaged pupils are for them too",
    }
)


def _eligibility(one: Eligibility) -> Iterator[tuple[str, Any, str]]:
    autumn = one.universal_credit_from
    told = f"all on Universal Credit are eligible for free meals from the autumn of {autumn} on"
    yield "eligibility.universal_credit_from", autumn, told
    for name, meaning in _FOLLOWS.items():
        value = getattr(one, name)
        yield f"eligibility.{name}", value, meaning if value else f"not so: {meaning}"


_FAVOURED = MappingProxyType(
    {
        "working": "people whose parents have working-class jobs",
        "fsm": "people registered for free school meals at 15",
    }
)


def _targeting(one: Targeting) -> Iterator[tuple[str, Any, str]]:
    yield "targeting.arm", one.arm, _ARMS[one.arm]
    if "area_list" in one.arms:
        named = one.areas if isinstance(one.areas, str) else ", ".join(one.areas)
        yield "targeting.areas", named, "the listed areas"
    if not one.funded:
        yield "targeting.funded", False, "schools are flagged, and no money moves"
    elif one.dose_gbp is None:
        yield (
            "targeting.envelope_gbp",
            f"{one.envelope_gbp:.10g}",
            f"GBP {one.envelope_gbp / 1e6:,.10g}m a year in England, the same share of the pot in "
            "other worlds; raised from every school by a slice of its basic amount",
        )
    else:
        yield (
            "targeting.dose_gbp",
            f"{one.dose_gbp:.10g}",
            "pounds a year for each disadvantaged pupil reached; raised from every school by a "
            "slice of its basic amount",
        )
    whom = "disadvantaged pupil" if one.per == "disadvantaged" else "pupil"
    yield "targeting.per", one.per, f"money is shared out by each {whom} reached"
    if one.arm == "mix":
        for arm, share in one.shares:
            yield f"targeting.mix.{_SHARES[arm]}", share, f"share of the money: {_ARMS[arm]}"
    elif one.mix:
        yield (
            "targeting.mix",
            one.mix,
            "share of the money paid as pupil_need, the rest as targeting.arm says",
        )
    if "gap_triggered" in one.arms:
        for key, value in one.trigger.model_dump().items():
            told = round(value, 4) if isinstance(value, float) else value
            yield f"targeting.trigger.{key}", told, _TRIGGER[key]


_TRIGGER = MappingProxyType(
    {
        "on": "the results that count",
        "against": "whom disadvantaged pupils of the school are held against",
        "shape": "ramp: the award grows with the gap; cliff: all or nothing",
        "width_sd": "from no award to a full one, in SD above the national mean gap",
        "glide": "largest share of the way that an award moves in a year",
        "minimum_cohort": "disadvantaged results needed",
        "years": "years of results pooled",
    }
)


def _rates(formula: Formula) -> str:
    """Say what a written formula pays, in pounds."""
    from sim.config.formula import FACTORS

    told = []
    for factor in FACTORS:
        pence = list(formula.pence(factor).values())
        if any(pence):
            low, high = (f"{one / 100:,.10g}" for one in (min(pence), max(pence)))
            told.append(f"{factor} {low}" if low == high else f"{factor} {low} to {high}")
    costs = "times area cost" if formula.area_cost else "no area cost"
    solved = f"; {formula.solve} meets the pot" if formula.solve else "; no line is scaled"
    return f"GBP: {', '.join(told)}; {costs}{solved}"


def _premium(one: Funding) -> Iterator[tuple[str, Any, str]]:
    from sim.config.other_money import NO_EARMARK

    if one.premium == "in_pot":
        yield "funding.premium", one.premium, NO_EARMARK
    paid = "is paid beside the formula" if one.premium == "separate" else "goes into the pot"
    paid = paid if one.pupil_premium else "is not paid"
    yield "funding.pupil_premium", one.pupil_premium, f"the pupil premium {paid}"
    if one.premium_times > 1:
        yield (
            "funding.premium_times",
            one.premium_times,
            "times the premium; what it pays beyond once comes off the basic amount",
        )


def _funding(one: Funding, base: BaseYear) -> Iterator[tuple[str, Any, str]]:
    from sim.config.other_money import other_money
    from sim.funding.protection import floor_of

    meta = RULES.meta(one.rule)
    yield "funding.rule", one.rule, f"{meta['title']}"
    if one.rates is not None:
        yield "funding.rates", one.rates.name or "written", _rates(one.rates)
    for name, value in one.depth:
        if value is not None:
            told = ",".join(value) if isinstance(value, tuple) else value
            yield f"funding.depth.{name}", told, _DEPTH[name]
    if one.need_weight != 1:
        yield "funding.need_weight", one.need_weight, "multiplies the rates for deprivation"
    pots = "primary and secondary schools keep their own pots"
    yield "funding.phase", one.phase, pots if one.phase == "keep" else "one pot for both phases"
    topped = "schools are topped up" if one.minimum_levels else "no school is topped up"
    yield "funding.minimum_levels", one.minimum_levels, f"{topped} to a least sum a pupil"
    floor = meta.get("floor") if one.floor is None else one.floor
    if floor is not None:
        floor = floor_of({"floor": floor}, base)
        change = f"{abs(floor):.1%} {'less' if floor < 0 else 'more'}"
        told = f"least yearly change in pounds a pupil: {change}"
        yield "funding.floor", f"{floor:g}", told
    yield "funding.closure", one.closure, CLOSURES[one.closure]
    if one.cap is not None:
        yield "funding.cap", one.cap, "largest yearly gain in pounds a pupil, as a share"
    if one.local:
        yield "funding.local", True, "authorities share out again what their schools are paid"
    if one.transition:
        yield "funding.transition", one.transition, "years from the published formula to this rule"
    yield from _premium(one)
    if one.new_money_gbp:
        told = other_money({"new_money_gbp": one.new_money_gbp})
        yield "funding.new_money_gbp", f"{one.new_money_gbp:.10g}", told
    if one.extra_gbp_per_pupil:
        yield (
            "funding.extra_gbp_per_pupil",
            f"{one.extra_gbp_per_pupil:g}",
            f"new pounds a pupil a year from outside the pot, for {one.extra_years} years",
        )
