"""What a policy does with money, in words: the rate that meets the pot, who gains, floors' cost.

Of the central beliefs: money hardly hangs on what nobody knows of children. Told of every policy
that shares money otherwise than the baseline; what others target is told elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.codes import MILLION, PENCE, PHASES
from sim.config.marks import FORMULA, SHARING
from sim.config.other_money import BESIDE, NO_EARMARK, told_apart
from sim.show.words import join, label, number

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["formulae_of", "money_told", "sharing_of"]

_SETTLES_ALIKE = frozenset(
    {
        BESIDE,
        "new_money_gbp",
        "extra_gbp_per_pupil",
        "extra_years",
        "premium_times",
        "pupil_premium",
    }
)
"""What a policy may set and leave floors and minimum levels as they are in the baseline."""
_FAR = (0.5, 2.0)  # a factor outside is told
_GENTLE = {"transition": "the transition", "floor": "the floor", "minimum": "minimum levels"}
_NEEDS = ("solved_factor", "clause_pence")
_SIZES = ((1e9, "bn", 2), (1e6, "m", 0), (1e3, ",000", 0))


def formulae_of(told: Mapping[Any, Any]) -> dict[str, dict[str, Any]]:
    """Return the solved line and its written rates of every written formula, by scenario."""
    return _json(told.get(FORMULA))


def sharing_of(told: Mapping[Any, Any]) -> dict[str, dict[str, Any]]:
    """Return what each policy sets of the formula, of those that share money otherwise."""
    return _json(told.get(SHARING))


def _json(text: object) -> dict[str, dict[str, Any]]:
    return json.loads(text) if isinstance(text, str) and text else {}


def money_told(cells: xr.Dataset) -> list[tuple[str, str]]:
    """Return (policy, sentences) for every policy that shares money otherwise than the baseline.

    ``cells``: of a comparison, along ``cell``.
    """
    told = []
    formulae, sharing = formulae_of(cells.attrs), sharing_of(cells.attrs)
    apart = told_apart(cells.attrs)
    known = all(name in cells for name in _NEEDS)
    for name in {**sharing, **formulae}:
        parts = [_loud(apart.get(name, ""), sharing.get(name, {}))]
        mine = (cells["scenario"].values.astype(str) == name) & (cells["draw"].values == 0)
        shares = name in formulae or set(sharing.get(name, {})) != {BESIDE}
        if shares and known and mine.any():
            own = cells.isel(cell=np.flatnonzero(mine))
            parts += [_rate(own, formulae[name])] if name in formulae else []
            if name in formulae or not _SETTLES_ALIKE.issuperset(sharing[name]):
                parts.append(_gentleness(own, sharing.get(name, {})))
            parts.append(_winners(own))
        if any(parts):
            told.append((label(name), " ".join(part for part in parts if part)))
    return told


def _loud(other: str, sharing: Mapping[str, Any]) -> str:
    """Say first what no reader may miss: other money than the baseline's, a premium without aim."""
    told = []
    if other:
        told.append(f"NOT THE SAME MONEY: {other}.")
    if sharing.get("premium") == "in_pot":
        told.append(
            f"NO EARMARK: {NO_EARMARK}. What that does to them stands in their Attainment 8."
        )
    return " ".join(told)


def _first_and_last(own: xr.Dataset) -> list[int]:
    """Return policy year 1 and the last one; one number where they are the same."""
    last = int(own["year"].values[-1])
    return [1, last] if last > 1 else [last]


def _by_phase(own: xr.Dataset, name: str, year: int) -> list[float]:
    at = int(np.flatnonzero(own["year"].values == year)[0])
    found = own[name].isel(year=at).mean("cell").values.tolist()
    return [float(one) for one in found]


def _rate(own: xr.Dataset, formula: Mapping[str, Any]) -> str:
    """Say what the solved line pays in the first and the last year."""
    years = _first_and_last(own)
    factors = {year: _by_phase(own, "solved_factor", year) for year in years}
    paid = [f"{_pounds(formula, factors[year])} in year {year}" for year in years]
    many = [" and ".join(f"{one:.3g}" for one in factors[year]) for year in years]
    text = (
        f"Every pot is met by {formula['solve']}: {join(paid)}, for {_pounds(formula, (1.0, 1.0))} "
        f"as written (times {join(many) if len(many) == 1 else ', then '.join(many)})."
    )
    low, high = (pick(one for each in factors.values() for one in each) for pick in (min, max))
    if low < _FAR[0] or high > _FAR[1]:
        text += " A factor outside 0.5 to 2: what is written is far from what the pot can pay."
    return text


def _pounds(formula: Mapping[str, Any], factors: Sequence[float]) -> str:
    """Write rates by phase: ``GBP 3,971 in primary and 5,866 in secondary schools``."""
    phases: dict[str, list[str]] = {phase: [] for phase in PHASES}
    for part, pence in formula["pence"].items():
        phase = next((one for one in PHASES if part.startswith(one)), PHASES[1])
        worth = number(pence / PENCE * factors[PHASES.index(phase)], 0)
        if worth not in phases[phase]:
            phases[phase].append(worth)
    told = {phase: "/".join(each) for phase, each in phases.items()}
    if len(set(told.values())) == 1:
        return f"GBP {told[PHASES[0]]}"
    return f"GBP {' and '.join(f'{each} in {phase}' for phase, each in told.items())} schools"


def _gentleness(own: xr.Dataset, sharing: Mapping[str, Any]) -> str:
    """Say what protecting schools costs, and who pays it, in the first and the last year."""
    years = _first_and_last(own)
    sums = {year: _by_clause(own, year) for year in years}
    parts = []
    for clause, what in _GENTLE.items():
        if max(sums[year][clause] for year in years) > 0:
            told = [f"{_money(sums[year][clause])} in year {year}" for year in years]
            held = ", held back from schools that gain" if clause == "transition" else ""
            parts.append(f"{what} {join(told)}{held}")
    if not parts:
        return "Nothing is paid to keep schools from losing."
    given = any(sums[year]["scaling"] for year in years)
    new = sharing.get("closure") == "external"
    payer = (
        "schools that gain give it up"
        if given
        else "new money pays for it"
        if new
        else "the rate that meets the pot pays for it"
    )
    return f"Cost of gentleness, of keeping schools from losing: {'; '.join(parts)}; {payer}."


def _by_clause(own: xr.Dataset, year: int) -> dict[str, float]:
    """Return pounds of a year by clause, both phases together."""
    found = own["clause_pence"].sel(year=year).sum("phase").mean("cell") / PENCE
    names = found["protection"].values.astype(str).tolist()
    return dict(zip(names, map(float, found.values.tolist()), strict=True))


def _winners(own: xr.Dataset) -> str:
    """Say how many pupils are in schools that gain and that lose, and how many pounds."""
    if "moved_pupils" not in own:
        return ""
    heads = own["moved_pupils"].mean("cell")
    pounds = own["moved_pence"].mean("cell") / PENCE
    last = int(own["year"].values[-1])
    told = []
    moved = [way for way in ("gain", "lose") if float(heads.sel(way=way).sum())]
    for verb in moved:
        mine, money = heads.sel(way=verb), pounds.sel(way=verb)
        by_phase = [
            f"{_heads(float(mine.isel(phase=at).sum()))} {phase}" for at, phase in enumerate(PHASES)
        ]
        told.append(
            f"{_heads(float(mine.sum()))} pupils are in schools that {verb} "
            f"({_money(abs(float(money.sum())))}; {join(by_phase)})"
        )
    if not moved:
        return f"In year {last} no school gains or loses a pound a pupil against the baseline."
    ends = [_share(heads, *one) for one in _ENDS] if len(moved) > 1 else []
    found = [one for one in ends if one]
    more = f" Where money moves, {join(found)} gain." if found else ""
    heads_of = "against the baseline, by their pupils in year 0"
    return f"In year {last}, {' and '.join(told)}, {heads_of}.{more}"


_ENDS = (
    ("fifth", 1, "in the most affluent fifth of areas"),
    ("fifth", 5, "in the least affluent"),
    ("size", 1, "in the smallest fifth of schools"),
    ("size", 5, "in the largest"),
)


def _share(heads: xr.DataArray, axis: str, at: int, where: str) -> str:
    """Say what share of the pupils of one end gain, of those whose schools gain or lose."""
    both = [float(heads.sel({"way": way, axis: at}).sum()) for way in ("gain", "lose")]
    return f"{both[0] / sum(both):.0%} of pupils {where}" if sum(both) else ""


def _money(pounds: float) -> str:
    """Write pounds in a size that can be read.

    >>> _money(1.5e9), _money(12_300_000.0), _money(0.0)
    ('GBP 1.50bn', 'GBP 12m', 'GBP 0')
    """
    for size, unit, digits in _SIZES:
        if pounds >= size:
            return f"GBP {number(pounds / size, digits)}{unit}"
    return f"GBP {number(pounds, 0)}"


def _heads(heads: float) -> str:
    """Write a number of pupils.

    >>> _heads(3_456_789.0), _heads(23_456.0)
    ('3.5m', '23,000')
    """
    return f"{heads / MILLION:.1f}m" if heads >= MILLION else f"{round(heads, -3):,.0f}"
