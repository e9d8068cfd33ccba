"""What a written formula does with money, in words: the rate that meets the pot, who gains, floors.

Of the central beliefs: money hardly hangs on what nobody knows of children.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.codes import MILLION, PENCE, PHASES
from sim.config.marks import FORMULA
from sim.show.words import join, label, number

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["formulae_of", "money_told"]

_FAR = (0.5, 2.0)  # a factor outside is told
_GENTLE = (
    ("the transition", "kept_pence"),
    ("the floor", "floor_pence"),
    ("minimum levels", "minimum_pence"),
)
_NEEDS = ("solved_factor", "scaling_pence", *(name for _, name in _GENTLE))
_SIZES = ((1e9, "bn", 2), (1e6, "m", 0), (1e3, ",000", 0))


def formulae_of(told: Mapping[Any, Any]) -> dict[str, dict[str, Any]]:
    """Return the solved line and its written rates of every written formula, by scenario."""
    text = told.get(FORMULA)
    return json.loads(text) if isinstance(text, str) and text else {}


def money_told(cells: xr.Dataset) -> list[tuple[str, str]]:
    """Return (policy, sentences) for every policy that pays by a written formula.

    ``cells``: of a comparison, along ``cell``.
    """
    if not all(name in cells for name in _NEEDS):
        return []
    told = []
    for name, formula in formulae_of(cells.attrs).items():
        mine = (cells["scenario"].values.astype(str) == name) & (cells["draw"].values == 0)
        if mine.any():
            own = cells.isel(cell=np.flatnonzero(mine))
            parts = (_rate(own, formula), _gentleness(own), _winners(own))
            told.append((label(name), " ".join(part for part in parts if part)))
    return told


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


def _gentleness(own: xr.Dataset) -> str:
    """Say what protecting schools costs, and who pays it, in the first and the last year."""
    parts = []
    for what, name in _GENTLE:
        costs = [sum(_by_phase(own, name, year)) / PENCE for year in _first_and_last(own)]
        if max(costs) > 0:
            told = (
                f"{_money(cost)} in year {year}"
                for cost, year in zip(costs, _first_and_last(own), strict=True)
            )
            parts.append(f"{what} {join(list(told))}")
    if not parts:
        return "Nothing is paid to keep schools from losing."
    given = any(sum(_by_phase(own, "scaling_pence", year)) for year in _first_and_last(own))
    payer = "schools that gain give it up" if given else "the solved rate pays for it"
    return f"Gentleness costs: {'; '.join(parts)}; {payer}."


def _winners(own: xr.Dataset) -> str:
    """Say how many pupils are in schools that gain and that lose, and how many pounds."""
    if "moved_pupils" not in own:
        return ""
    heads = own["moved_pupils"].mean("cell")
    pounds = own["moved_pence"].mean("cell") / PENCE
    last = int(own["year"].values[-1])
    told = []
    for way, verb in (("gain", "gain"), ("lose", "lose")):
        mine, money = heads.sel(way=way), pounds.sel(way=way)
        by_phase = [
            f"{_heads(float(mine.isel(phase=at).sum()))} {phase}" for at, phase in enumerate(PHASES)
        ]
        told.append(
            f"{_heads(float(mine.sum()))} pupils are in schools that {verb} "
            f"({_money(abs(float(money.sum())))}; {join(by_phase)})"
        )
    ends = []
    for at, where in ((0, "most"), (4, "least")):
        both = [float(heads.sel(way=way).isel(fifth=at).sum()) for way in ("gain", "lose")]
        if sum(both):
            ends.append(f"{both[0] / sum(both):.0%} of them gain in the {where} affluent fifth")
    more = f" Where money moves, {' and '.join(ends)} of areas." if ends else ""
    return f"In year {last}, {' and '.join(told)}, against the baseline.{more}"


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
