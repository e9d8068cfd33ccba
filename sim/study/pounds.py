"""Live up to a year and look at its grants; what can be refused is refused before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.codes import PENCE
from sim.config import compose
from sim.config.models import Funding, Settings
from sim.errors import BadRequest
from sim.funding.doses import dose_mark
from sim.funding.grants import Grants
from sim.model import SchoolsModel
from sim.registry import RULES
from sim.study.cells import at, prepare
from sim.study.lists import list_note
from sim.study.roster import row_of_area, row_of_school
from sim.study.warmup import warm_up
from sim.world.tables import World
from sim.year.plans import by_mechanism

__all__ = ["Explained", "beside", "live_to", "of_area", "of_school", "settled"]

Whose = Callable[[World], NDArray[np.bool_]]
_SET_BY_TARGETING = ("slice", "targeted")
"""Clauses that a policy that targets money sets. All others follow who is on roll, too."""
_GUARDS = ("minimum_levels", "floor", "closure", "cap")
_SET_BY_GUARDS = ("minimum", "floor", "scaling")


class Explained(list[dict[str, Any]]):
    """Pounds clause by clause, in pence; ``notes`` say what to bear in mind when reading them.

    ``pupils`` are those of the census that the year was paid by; ``baseline_pupils`` the same
    under the baseline, where the lines give its pence too.
    """

    notes: tuple[str, ...] = ()
    pupils: int | None = None
    baseline_pupils: int | None = None


def settled(
    scenario: str, overrides: Sequence[str], year: int | None = None
) -> tuple[Settings, int]:
    """Return the settings of a run and the policy year asked for, the last one by default.

    Raises:
        BadRequest: The settings are not sound, or the year is not simulated.
    """
    settings = compose(scenario, overrides)
    prepare(settings)
    last = settings.years if year is None else year
    if not 1 - settings.past <= last <= settings.years:
        raise BadRequest(
            f"Year {last} is not simulated: policy years run from {1 - settings.past} (the past) "
            f"to {settings.years}. Give another, or years={last}."
        )
    return at(settings, settings.draw, settings.replicate), last


@contextmanager
def live_to(settings: Settings, last: int) -> Iterator[tuple[World, Grants]]:
    """Run up to a policy year and hand out the world with that year's grants."""
    warm_up()
    model = SchoolsModel(settings)
    try:
        while model.policy_year <= last:
            model.step()
        grants = model.nation.made.grants
        assert grants is not None, "a year has been lived"
        yield model.world, grants
    finally:
        model.close()


def of_school(
    school: int, scenario: str, overrides: Sequence[str], year: int | None = None
) -> Explained:
    """Return one school's pounds; see `sim.api.explain_school`."""
    settings, last = settled(scenario, overrides, year)
    row = row_of_school(settings, school)
    return _both(
        settings, overrides, last, lambda world: np.arange(len(world.schools)) == row, "the school"
    )


def of_area(
    area: str, scenario: str, overrides: Sequence[str], year: int | None = None
) -> Explained:
    """Return the pounds of an area's schools; see `sim.api.explain_area`."""
    settings, last = settled(scenario, overrides, year)
    row = row_of_area(settings, area)
    return _both(settings, overrides, last, lambda world: world.schools.area == row, "the area")


def _both(
    settings: Settings, overrides: Sequence[str], last: int, whose: Whose, where: str
) -> Explained:
    """Explain a year under a policy, beside the same year under the baseline and the same luck.

    The baseline is not lived where it is what was asked for, or in the past, which all share.
    """
    base, _ = settled("baseline", overrides, last)
    with live_to(settings, last) as (world, grants):
        found = _explained(settings, world, grants, whose(world), where)
    if settings.policy == base.policy or last < 1:
        return found
    with live_to(base, last) as (world, grants):
        return beside(found, _explained(base, world, grants, whose(world), where), settings, base)


def beside(found: Explained, old: Explained, settings: Settings, base: Settings) -> Explained:
    """Return the pounds under a policy with those under the baseline in every line.

    A clause that only one of them has is nought under the other.
    """
    now, then = ({line["clause"]: line["pence"] for line in lines} for lines in (found, old))
    gone = [clause for clause in then if clause not in now]
    both = Explained(
        {
            "clause": clause,
            "pence": now.get(clause, 0),
            "baseline_pence": then.get(clause, 0),
            "difference_pence": now.get(clause, 0) - then.get(clause, 0),
        }
        for clause in (*gone, *now)
    )
    both.pupils, both.baseline_pupils = found.pupils, old.pupils
    unasked = _unasked(both, settings.policy.funding, base.policy.funding)
    both.notes = (*filter(None, (_cut(both, settings), unasked)), *found.notes)
    return both


def _cut(lines: Explained, settings: Settings) -> str:
    """Say where the cut stands that pays for targeted money; nothing where there is none."""
    if not any(line["clause"] == "slice" and line["difference_pence"] for line in lines):
        return ""
    return (
        f"{_balance(settings.policy.funding)} is the amount before the cut that pays for the "
        f"targeted money; the cut itself stands in the row slice"
    )


def _balance(funding: Funding) -> str:
    """Return the clause that gives way in a rule: the basic amount, or what stands for it."""
    return str(RULES.meta(funding.rule).get("balance", "basic"))


def _unasked(lines: Explained, now: Funding, then: Funding) -> str:
    """Say why lines differ that a policy does not set; nothing where it shares the pot anew."""
    if (now.rule, now.need_weight, now.phase) != (then.rule, then.need_weight, then.phase):
        return ""
    asked = {*_SET_BY_TARGETING}
    if any(getattr(now, guard) != getattr(then, guard) for guard in _GUARDS):
        asked |= {*_SET_BY_GUARDS, _balance(now)}
    if now.pupil_premium != then.pupil_premium:
        asked.add("premium")
    if now.extra_gbp_per_pupil != then.extra_gbp_per_pupil:
        asked.add("extra")
    moved = [
        line["clause"] for line in lines if line["clause"] not in asked and line["difference_pence"]
    ]
    if not moved:
        return ""
    verb, them = ("changes", "it") if len(moved) == 1 else ("change", "them")
    return (
        f"{', '.join(moved)} {verb} too, though this policy does not set {them}: the formula pays "
        f"by the school census of the year before, and results and moves between schools follow "
        f"the money"
    )


def _explained(
    settings: Settings, world: World, grants: Grants, mine: NDArray[np.bool_], where: str
) -> Explained:
    """Add up the grants of some schools, and mark a dose that no study has seen."""
    found = Explained({"clause": k, "pence": int(v[mine].sum())} for k, v in grants.lines.items())
    found.pupils = int(world.schools.paid_pupils[mine].sum())
    paid = mine & (grants.targeted > 0)
    pounds, pupils = int(grants.targeted[paid].sum()) / 100, int(world.schools.ever6[paid].sum())
    dose = pounds / pupils if pupils else 0.0
    mark = dose_mark(dose, f"disadvantaged pupil of {where}")
    told = (mark, list_note(settings), _what_it_adds(settings, world, mine), *grants.notes)
    found.notes = tuple(note for note in told if note)
    return found


def _what_it_adds(settings: Settings, world: World, mine: NDArray[np.bool_]) -> str:
    """Say what the margin adds to learning by which mechanism; nothing where none is told apart."""
    if not settings.switches.teachers_market:
        return ""
    schools = world.schools
    pupils = max(int(schools.paid_pupils[mine].sum()), 1)
    staff, rest = (each / pupils for each in by_mechanism(schools, mine.astype(np.int64)))
    margin = int(schools.margin[mine].sum()) / PENCE
    return (
        f"what is left after standard staffing, GBP {margin:,.0f}, adds {staff + rest:.4f} SD a "
        f"pupil to a year's learning: {staff:.4f} by staff (teachers who stay for what pay and "
        f"development it buys), {rest:.4f} by the residual flow (all else that it buys)"
    )
