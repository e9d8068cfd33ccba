"""Live up to a year and look at its grants; what can be refused is refused before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.codes import AREA_COST_UNIT, PENCE
from sim.config import compose
from sim.config.models import Funding, Policy, Settings
from sim.data.base_year import base_year
from sim.errors import BadRequest
from sim.funding.census import Census
from sim.funding.doses import dose_mark
from sim.funding.grants import Grants
from sim.funding.workings import workings
from sim.funding.written import solved_line
from sim.model import SchoolsModel
from sim.study.cells import at, prepare
from sim.study.lists import list_note
from sim.study.roster import row_of_area, row_of_school
from sim.study.warmup import warm_up
from sim.world.tables import World
from sim.year.returns import by_mechanism

__all__ = ["Asked", "Explained", "beside", "live_to", "of_area", "of_school", "settled"]

Whose = Callable[[World], NDArray[np.bool_]]
_SET_BY_TARGETING = ("slice", "targeted")
"""Clauses that a policy that targets money sets. All others follow who is on roll, too."""
_SHARES_ANEW = ("rule", "rates", "depth", "need_weight", "phase", "local", "premium")
_NEW_MONEY = ("extra_gbp_per_pupil", "new_money_gbp")
_GUARDS = ("minimum_levels", "floor", "closure", "cap")
_SET_BY_GUARDS = ("minimum", "floor", "scaling")


class Explained(list[dict[str, Any]]):
    """Pounds clause by clause, in pence; ``notes`` say what to bear in mind when reading them.

    ``pupils`` are those of the census that the year was paid by; ``baseline_pupils`` the same
    under the baseline, where the lines give its pence too. ``beside`` is the policy that the lines
    call the baseline. Lines with a rate have ``workings``: count x rate x area cost = pence.
    """

    notes: tuple[str, ...] = ()
    pupils: int | None = None
    baseline_pupils: int | None = None
    beside: str = "baseline"


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
def live_to(settings: Settings, last: int) -> Iterator[tuple[World, Grants, Census]]:
    """Run up to a policy year and hand out the world, that year's grants, and what paid them."""
    warm_up()
    model = SchoolsModel(settings)
    try:
        while model.policy_year <= last:
            model.step()
        made = model.nation.made
        assert made.grants is not None, "a year has been lived"
        yield model.world, made.grants, made.census
    finally:
        model.close()


@dataclass(frozen=True)
class Asked:
    """A year under a policy, and the policy that is to stand beside it."""

    scenario: str
    overrides: Sequence[str]
    year: int | None = None
    against: str = "baseline"


def of_school(school: int, asked: Asked) -> Explained:
    """Return one school's pounds; see `sim.api.explain_school`."""
    settings, last = settled(asked.scenario, asked.overrides, asked.year)
    row = row_of_school(settings, school)

    def whose(world: World) -> NDArray[np.bool_]:
        mine: NDArray[np.bool_] = np.arange(len(world.schools)) == row
        return mine

    return _both(settings, asked, last, whose, "the school")


def of_area(area: str, asked: Asked) -> Explained:
    """Return the pounds of an area's schools; see `sim.api.explain_area`."""
    settings, last = settled(asked.scenario, asked.overrides, asked.year)
    row = row_of_area(settings, area)
    return _both(settings, asked, last, lambda world: world.schools.area == row, "the area")


def _both(settings: Settings, asked: Asked, last: int, whose: Whose, where: str) -> Explained:
    """Explain a year under a policy, beside the same year under another and the same luck.

    That is not lived where it is what was asked for, or in the past, which all share.
    """
    base, _ = settled(asked.against, asked.overrides, last)
    with live_to(settings, last) as (world, grants, census):
        mine = whose(world)
        found = _explained(settings, world, (grants, census), mine, where)
        _work_out(found, settings, (grants, census, mine), last)
    if settings.policy == base.policy or last < 1:
        return found
    with live_to(base, last) as (world, grants, census):
        old = _explained(base, world, (grants, census), mine, where)
        _work_out(old, base, (grants, census, mine), last)
        return beside(found, old, settings, base)


def _work_out(
    found: Explained,
    settings: Settings,
    paid: tuple[Grants, Census, NDArray[np.bool_]],
    last: int,
) -> None:
    """Put count, rate and area cost to the lines that have them."""
    grants, census, mine = paid
    policy = settings.policy if last > 0 else Policy()
    rates = base_year(settings.base_year).rates
    told: dict[str, list[dict[str, Any]]] = {}
    for one in workings(census, grants, policy, rates, mine):
        cost = None if one.area_cost is None else one.area_cost / AREA_COST_UNIT
        told.setdefault(one.clause, []).append(
            {
                "part": one.part,
                "count": float(one.count),
                "rate_pence": one.rate,
                "area_cost": cost,
                "pence": one.pence,
            }
        )
    for line in found:
        if line["clause"] in told:
            line["workings"] = told[line["clause"]]


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
    for key, lines in (("workings", found), ("baseline_workings", old)):
        told = {line["clause"]: line["workings"] for line in lines if "workings" in line}
        for line in both:
            if line["clause"] in told:
                line[key] = told[line["clause"]]
    both.pupils, both.baseline_pupils = found.pupils, old.pupils
    both.beside = base.scenario
    # Who counts is another question than what is paid: a date of its own moves every line.
    alike = settings.policy.eligibility == base.policy.eligibility
    unasked = _unasked(both, settings.policy.funding, base.policy.funding) if alike else ""
    both.notes = (*filter(None, (_cut(both, settings), unasked)), *found.notes)
    return both


def _cut(lines: Explained, settings: Settings) -> str:
    """Say where the cut stands that pays for targeted money; nothing where there is none."""
    if not any(line["clause"] == "slice" and line["difference_pence"] for line in lines):
        return ""
    names = [line["clause"] for line in lines if line["pence"]]
    whole = next((one for one in ("basic", "flat") if one in names), "every pupil-led line")
    return (
        f"{whole} is the amount before the cut that pays for the targeted money; the cut itself "
        f"stands in the row slice"
    )


def _unasked(lines: Explained, now: Funding, then: Funding) -> str:
    """Say why lines differ that a policy does not set; nothing where it shares the pot anew."""
    if any(getattr(now, key) != getattr(then, key) for key in _SHARES_ANEW):
        return ""
    asked = {*_SET_BY_TARGETING}
    if any(getattr(now, guard) != getattr(then, guard) for guard in _GUARDS):
        asked |= {*_SET_BY_GUARDS, solved_line(now) or ""}
    if any(getattr(now, key) != getattr(then, key) for key in ("pupil_premium", "premium_times")):
        asked.add("premium")
    if any(getattr(now, key) != getattr(then, key) for key in _NEW_MONEY):
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
    settings: Settings,
    world: World,
    paid_by: tuple[Grants, Census],
    mine: NDArray[np.bool_],
    where: str,
) -> Explained:
    """Add up the grants of some schools, and mark a dose that no study has seen."""
    grants, census = paid_by
    found = Explained({"clause": k, "pence": int(v[mine].sum())} for k, v in grants.lines.items())
    found.pupils = int(world.schools.paid_pupils[mine].sum())
    paid = mine & (grants.targeted > 0)
    pounds, pupils = int(grants.targeted[paid].sum()) / 100, int(census.for_targeting[paid].sum())
    dose = pounds / pupils if pupils else 0.0
    mark = dose_mark(dose, f"disadvantaged pupil of {where}")
    adds = _what_it_adds(settings, world, mine)
    told = (mark, list_note(settings), _on_the_way(grants), adds, *grants.notes)
    found.notes = tuple(note for note in told if note)
    return found


def _on_the_way(grants: Grants) -> str:
    """Say which part of each formula a year of a transition pays; nothing in other years."""
    way = grants.way
    if way is None:
        return ""
    left = way.years - way.year
    return (
        f"year {way.year} of {way.years} on the way: {left}/{way.years} of the published formula "
        f"(old) and {way.year}/{way.years} of the new; a rate is shown as the part of it that is "
        f"paid"
    )


def _what_it_adds(settings: Settings, world: World, mine: NDArray[np.bool_]) -> str:
    """Say what the margin adds to learning by which mechanism; nothing where none is told apart."""
    on = settings.switches
    if not (on.teachers and on.teachers_market and on.money):
        return ""
    schools = world.schools
    pupils = max(int(schools.paid_pupils[mine].sum()), 1)
    staff, rest = (each / pupils for each in by_mechanism(schools, mine.astype(np.int64)))
    margin = int(schools.margin[mine].sum()) / PENCE
    back = "; it takes back what staff add above the belief on a pound" if rest < 0 < staff else ""
    return (
        f"what is left after standard staffing, GBP {margin:,.0f}, adds {staff + rest:.4f} SD a "
        f"pupil to a year's learning: {staff:.4f} by staff (teachers who stay for what pay and "
        f"development it buys), {rest:.4f} by the residual flow (all else that it buys{back})"
    )
