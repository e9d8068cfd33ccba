"""Process 1, allocation: last year's census goes into a funding rule, pence come out.

In the past the National Funding Formula is paid as published. From policy year 1 on the pot of a
phase is what the published formula paid a pupil in year 0 times this year's pupils, the same under
every rule. The rule shares it; minimum levels and a floor are settled on money before any slice;
then a slice of basic entitlement pays for targeted money. Pupil premium and new money lie outside,
unless a policy puts the premium into the pot.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from sim.codes import MILLION, PHASES
from sim.config.formula import WRITTEN
from sim.config.models import Funding
from sim.data.base_year import BaseYear
from sim.data.rates import Rates
from sim.errors import BadRequest, WorkFailed
from sim.funding.blocks import divide
from sim.funding.census import Census
from sim.funding.checks import lines_of
from sim.funding.grants import BOTH, FundingMemory, Grants, Way, When, rows_of
from sim.funding.lines import formula_lines, minimum_level, school_led, total_of
from sim.funding.local import Guarantee, shared_locally
from sim.funding.new_money import extra_money
from sim.funding.premium import Premium, at_usual_size, bases, paid_premium, take_beyond
from sim.funding.protection import Budgets, Settlement, Terms, floor_of, settle
from sim.funding.targeting import Reach, Settled, Targeted, target
from sim.funding.transition import blended
from sim.funding.written import TENTH, solved_line, solved_weights, too_dear, written_level
from sim.money import IntArray, exact_sum, ratio_half_up
from sim.registry import RULES
from sim.rules.nff import published

if TYPE_CHECKING:
    from sim.config.models import Policy

__all__ = ["BOTH", "FundingMemory", "Grants", "When", "allocate"]

T = TypeVar("T")

_TEN_THOUSANDTH = MILLION // 10_000
_PROTECTION = ("minimum", "floor", "scaling")


@dataclass
class _Draft:
    """Money before the slice: lines [n] pence, and by pot its pence, rounding and floor."""

    lines: dict[str, IntArray]
    sliceable: IntArray
    pots: dict[int, int] = field(default_factory=dict)
    rounding: dict[int, int] = field(default_factory=dict)
    new_money: dict[int, int] = field(default_factory=dict)
    floor_used: dict[int, int] = field(default_factory=dict)
    solved: dict[int, float] = field(default_factory=dict)
    high_needs: int = 0
    kept: IntArray | None = None
    way: Way | None = None
    national: IntArray | None = None
    pooled: dict[int, int] = field(default_factory=dict)


def allocate(census: Census, policy: Policy, memory: FundingMemory, when: When) -> Grants:
    """Share out one year's money by the census, and turn ``memory`` to this year.

    Raise `BadRequest` for a policy that cannot be paid for or reaches nobody in this world,
    `WorkFailed` if a policy year comes without a year 0 before it.
    """
    rates = when.base.rates
    aside = school_led(census, rates)
    last_awards = memory.last_awards(census)
    own = paid_premium(census, rates, policy.funding, when.policy_year)
    whole, taken = when.base.england_pot, np.zeros(len(census), dtype=np.int64)
    if when.policy_year <= 0:
        draft = _published(census, memory, when)
        before = total_of(draft.lines)
        pots = draft.pots
        reached = Reach(taken > 0, last_awards)
        targeted = Targeted(taken, taken, draft.rounding, reached)
    else:
        draft = _by_rule(census, (when, policy.funding, own), memory)
        before = total_of(draft.lines)
        # What gainers paid for the floor is gone: it cannot be sliced a second time.
        sliced = np.maximum(0, draft.sliceable + draft.lines["scaling"])
        pots = bases(census, draft.pots, draft.pooled, before)
        taken, rounding = take_beyond(census, own.beyond, sliced, draft.rounding)
        settled = Settled(sliced - taken, before, pots, rounding, whole)
        targeted = target(census, policy.targeting, settled, last_awards)
    national = before if draft.national is None else draft.national
    memory.turn(census, before, aside, targeted.reach.awards, national)
    for name in ("led", "national"):
        led = at_usual_size(census, getattr(memory, name), draft.pots, draft.pooled, back=False)
        setattr(memory, name, led)
    if when.policy_year == 0:
        _remember_year_0(census, draft, memory)
    extra = extra_money(census, policy.funding, when.policy_year, before, (pots, whole))
    return _grants(draft, replace(targeted, slice=targeted.slice + taken), own, extra)


def _published(census: Census, memory: FundingMemory, when: When) -> _Draft:
    """Pay the formula as it stands, with its minimum level, then its floor."""
    rates = when.base.rates
    floor = rates.floor * _TEN_THOUSANDTH if when.first_past else when.base.yearly_floor
    base = _year_before(census, when.base) if when.first_past else memory.base(census)
    lines = published(census, rates, base, floor)
    lines["scaling"] = np.zeros_like(base)
    draft = _Draft(lines, lines["basic"])
    paid = total_of(lines)
    for key in range(len(PHASES)):
        rows = rows_of(census, key)
        draft.pots[key] = exact_sum(paid[rows], census.multiplicity[rows])
        draft.rounding[key] = draft.new_money[key] = 0
        draft.floor_used[key], draft.solved[key] = floor, 1.0
    return draft


def _year_before(census: Census, base: BaseYear) -> IntArray:
    """Return pupil-led pence [n] at the rates of the year before, on the same census.

    Lump sum and sparsity of *this* year are taken out, so their rise is not protected twice.
    """
    before = base.before
    paid = np.maximum(total_of(formula_lines(census, before)), minimum_level(census, before))
    return np.maximum(0, paid - school_led(census, base.rates))


def _remember_year_0(census: Census, draft: _Draft, memory: FundingMemory) -> None:
    """Keep what the published formula pays each phase, and for how many pupils."""
    memory.pence, memory.roll = np.zeros_like(memory.pence), np.zeros_like(memory.roll)
    for key, pence in draft.pots.items():
        rows = rows_of(census, key)
        memory.pence[key] = pence
        memory.roll[key] = exact_sum(census.pupils[rows], census.multiplicity[rows])


def _by_rule(
    census: Census, chosen: tuple[When, Funding, Premium], memory: FundingMemory
) -> _Draft:
    """Share this year's pots by the policy's rule, and settle minimum levels and floor."""
    when, funding, own = chosen
    share = _shared(census, when.base.rates, funding)
    terms = _terms(funding, when.base, solved=share.line is not None)
    year_0 = int(memory.high_needs[0]), int(memory.pence.sum())
    usual = _pots(census, memory, funding)
    pots, high_needs = divide(usual, year_0, funding.high_needs_share)
    pots, pooled = _with(pots, own.pool(census, pots))
    base = at_usual_size(census, memory.base(census), pots, pooled, back=True)
    asked = _Asked(funding, when, base, pots)
    if when.policy_year >= funding.transition:
        draft = _settled_all(census, share, terms, asked)
        draft.sliceable = _sliceable(draft.lines)
    else:
        by_phase = _pots(census, memory, Funding())
        old_pots, _ = divide(by_phase, year_0, funding.high_needs_share)
        old_pots, _ = _with(old_pots, own.pool(census, old_pots))
        draft = _on_the_way(census, share, terms, (asked, old_pots))
    draft.high_needs, draft.pooled = high_needs, pooled
    if funding.local:
        draft.national = total_of(draft.lines)
        paid = memory.base(census, local=True)
        base = at_usual_size(census, paid, pots, pooled, back=True)
        held = Guarantee(share.level, base, school_led(census, when.base.rates), terms.floor)
        draft.lines = shared_locally(census, draft.lines, held)
        draft.sliceable = _sliceable(draft.lines)
    return draft


def _with(pots: dict[int, int], pooled: dict[int, int]) -> tuple[dict[int, int], dict[int, int]]:
    """Return pots with the premium that goes into them, and that premium."""
    return {key: pot + pooled[key] for key, pot in pots.items()}, pooled


def _on_the_way(
    census: Census, share: _Shared, terms: Terms, asked: tuple[_Asked, dict[int, int]]
) -> _Draft:
    """Pay a share of the published formula and a share of the rule, in a year of a transition.

    Both are settled without a floor, which acts on what is paid of them together.
    """
    mine, pots = asked
    rates, before = mine.when.base.rates, Funding()
    closure = "balance" if terms.solved else "external"
    bare = replace(terms, floor=-MILLION, cap=None, closure=closure)
    new = _settled_all(census, share, bare, mine)
    old = _settled_all(
        census,
        _shared(census, rates, before),
        replace(bare, closure="balance", solved=True),
        replace(mine, funding=before, pots=pots),
    )
    both = blended(old.lines, new.lines, mine.when.policy_year, mine.funding.transition)
    lines = {clause: both[clause] for clause in sorted(both, key=_PROTECTION.__contains__)}
    weights = np.zeros_like(share.weights) if share.line is None else lines[share.line]
    mixed = replace(share, lines=lines, weights=weights, level=np.zeros_like(share.level))
    draft = _settled_all(census, mixed, terms, replace(mine, mixed=True))
    year, years = mine.when.policy_year, mine.funding.transition
    draft.way = Way(year, years, old.solved, draft.solved, tuple(share.lines))
    draft.solved = new.solved
    draft.kept = total_of(lines) - total_of(new.lines)
    draft.sliceable = _sliceable(draft.lines, new.lines)
    return draft


@dataclass(frozen=True)
class _Shared:
    """A rule's lines [n] by clause, the one that gives way and its weights, minimum levels."""

    lines: dict[str, IntArray]
    line: str | None
    weights: IntArray
    level: IntArray


@dataclass(frozen=True)
class _Asked:
    """Under what policy, in what year, against which money of last year, from which pots.

    ``mixed``: what is settled are shares of two formulae, in a transition.
    """

    funding: Funding
    when: When
    base: IntArray
    pots: dict[int, int]
    mixed: bool = False


def _shared(census: Census, rates: Rates, funding: Funding) -> _Shared:
    """Return what a rule pays before its pot is met."""
    lines = lines_of(census, rates, funding)
    level = _level(census, rates, funding)
    if not funding.minimum_levels:
        level = np.zeros_like(level)
    return _Shared(lines, solved_line(funding), _weights(census, rates, funding, lines), level)


def _settled_all(census: Census, share: _Shared, terms: Terms, asked: _Asked) -> _Draft:
    """Meet every pot, with minimum levels and a floor."""
    lines = dict(share.lines)
    written = np.zeros_like(share.weights) if share.line is None else lines[share.line]
    budgets = Budgets(
        scaled=share.weights,
        fixed=total_of(lines) - written,
        level=share.level,
        base=asked.base,
        school_led=school_led(census, asked.when.base.rates),
        keys=census.school,
        multiplicity=census.multiplicity,
    )
    draft = _Draft(lines, written)
    balanced = np.zeros_like(written)
    for clause in _PROTECTION:
        lines[clause] = lines[clause].copy() if clause in lines else np.zeros_like(written)
    for key, pot in asked.pots.items():
        rows = rows_of(census, key)
        mine = budgets.take(rows)
        settled = _settled((key, pot), mine, terms, asked)
        balanced[rows] = settled.balanced
        for clause in _PROTECTION:
            lines[clause][rows] += getattr(settled, clause)
        draft.pots[key], draft.rounding[key] = pot, settled.rounding
        draft.new_money[key], draft.floor_used[key] = settled.new_money, settled.floor_used
        whole = exact_sum(written[rows], mine.multiplicity)
        found = exact_sum(settled.balanced, mine.multiplicity)
        draft.solved[key] = found / whole if whole else 1.0
    if share.line is not None:
        lines[share.line] = balanced
    return draft


def _weights(
    census: Census, rates: Rates, funding: Funding, lines: dict[str, IntArray]
) -> IntArray:
    """Return the line that gives way [n], of which only proportions count."""
    line = solved_line(funding)
    if line is None:
        return np.zeros(len(census), dtype=np.int64)
    if funding.rule == WRITTEN and funding.rates is not None:
        return solved_weights(census, rates, funding.rates, lines)
    return lines[line]


def _level(census: Census, rates: Rates, funding: Funding) -> IntArray:
    """Return the budget [n] that minimum levels demand: the formula's own, or the year's."""
    if funding.rule == WRITTEN and funding.rates is not None:
        return written_level(census, rates, funding.rates)
    return minimum_level(census, rates)


def _settled(pot: tuple[int, int], budgets: Budgets, terms: Terms, asked: _Asked) -> Settlement:
    """Settle a pot (its key, its pence); of a written formula, say in pounds why it cannot be."""
    (key, pence), year = pot, asked.when.policy_year
    if asked.funding.rule != WRITTEN:
        return settle(pence, budgets, terms)
    told = (asked.funding, key, year)
    try:
        settled = settle(pence, budgets, terms)
    except BadRequest as error:
        raise BadRequest(too_dear(pence, budgets, terms, told, str(error))) from error
    left = exact_sum(settled.balanced, budgets.multiplicity)
    if terms.solved and year == 1 and not asked.mixed and left * TENTH < pence:
        raise BadRequest(too_dear(pence, budgets, terms, told))
    return settled


def _sliceable(lines: dict[str, IntArray], rule: dict[str, IntArray] | None = None) -> IntArray:
    """Return what targeted money is sliced off [n]: basic entitlement, under every rule.

    A rule that pays none gives it in proportion to its pupil-led money. ``rule``: its own lines,
    where what is paid holds those of another too.
    """
    own = lines if rule is None else rule
    if "basic" in own and own["basic"].any():
        return lines["basic"]
    aside = {"lump", "sparsity", *_PROTECTION}
    return total_of({clause: pence for clause, pence in lines.items() if clause not in aside})


def _pots(census: Census, memory: FundingMemory, funding: Funding) -> dict[int, int]:
    """Return this year's pots in pence: year-0 pence a pupil of each phase times its pupils."""
    pots = {}
    for key in range(len(PHASES)):
        rows = rows_of(census, key)
        pupils = exact_sum(census.pupils[rows], census.multiplicity[rows])
        pence, roll = int(memory.pence[key]), int(memory.roll[key])
        if pupils and not roll:
            raise WorkFailed(
                f"allocation: no year-0 pence a pupil for {PHASES[key]} schools; allocate year 0 "
                "before a policy year"
            )
        pots[key] = ratio_half_up(pence, pupils, max(roll, 1))
    return pots if funding.phase == "keep" else {BOTH: sum(pots.values())}


def _terms(funding: Funding, year: BaseYear, *, solved: bool) -> Terms:
    """Return floor, cap and closure: the policy's, or what the rule says of itself."""
    meta = RULES.meta(funding.rule)
    floor = _or_else(funding.floor, floor_of(meta, year))
    closure = _or_else(funding.closure, meta.get("closure", "lower_floor"))
    cap = None if funding.cap is None else round(funding.cap * MILLION)
    return Terms(closure, round(floor * MILLION), cap, solved)


def _or_else(given: T | None, default: T) -> T:
    return default if given is None else given


def _grants(draft: _Draft, targeted: Targeted, own: Premium, extra: IntArray) -> Grants:
    """Put the year's money together, clauses in the order of the rule."""
    given = {"slice": -targeted.slice, "targeted": targeted.money}
    lines = draft.lines | given | {"premium": own.paid, "extra": extra}
    total = total_of(lines)
    return Grants(
        lines=lines,
        total=total,
        from_pot=total - (own.paid - own.beyond) - extra,
        premium=own.paid,
        targeted=targeted.money,
        slice=targeted.slice,
        pots=draft.pots,
        rounding=targeted.rounding,
        new_money=draft.new_money,
        floor_used=draft.floor_used,
        on_floor=lines["floor"] > 0,
        flags=targeted.reach.flags,
        awards=targeted.reach.awards,
        solved=draft.solved,
        high_needs=draft.high_needs,
        kept=draft.kept,
        way=draft.way,
        trigger=targeted.reach.report,
        notes=targeted.notes,
    )
