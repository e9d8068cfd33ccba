"""What a rule may say of itself and may return: looked at before a pound is paid.

A rule of another distribution is a stranger's code. It gets a census that it cannot change, and
whatever it does wrong is told with its name, its package and the line where it happened.
"""

from __future__ import annotations

import math
import sys
import traceback
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import numpy as np

from sim.data.rates import Rates
from sim.errors import BadRequest, SimError, WorkFailed, did_you_mean
from sim.funding.census import Census
from sim.funding.protection import CLOSURES, PUBLISHED
from sim.money import IntArray
from sim.registry import RULES

if TYPE_CHECKING:
    from sim.config.models import Funding

__all__ = ["KEPT", "lines_of", "read_only"]

KEPT = ("minimum", "floor", "scaling", "slice", "targeted", "premium", "extra")
"""Clauses that are settled after the rule and are not its business."""

_KEYS = ("title", "balance", "floor", "closure", "reductions")
_MOST = 10**14  # pence a school and clause: sums of it over all schools stay within 64 bits
_SHOWN = 3
_A = TypeVar("_A")


@RULES.checked_by
def _check(name: str, meta: Mapping[str, Any]) -> None:
    """Refuse a rule that describes itself wrongly."""

    def refuse(problem: str) -> NoReturn:
        raise BadRequest(f"rule {name!r}: {problem}")

    for key in meta:
        if key not in _KEYS:
            refuse(f"{key}= is not known. {did_you_mean(key, _KEYS)}")
    title, balance = meta.get("title", name), meta.get("balance", "basic")
    if not isinstance(title, str) or not title.strip():
        refuse(f"title={title!r} is not a title. Give it one line of words.")
    if not isinstance(balance, str) or not balance or balance in KEPT:
        refuse(f"balance={balance!r} is not a clause it may pay. Name the one that meets the pot.")
    floor, closure = meta.get("floor", 0.0), meta.get("closure", CLOSURES[0])
    number = isinstance(floor, int | float) and not isinstance(floor, bool)
    if floor != PUBLISHED and not (number and math.isfinite(floor) and -1 <= floor <= 1):
        refuse(f"floor={floor!r} is not a yearly rate. Give a number such as -0.015.")
    if closure not in CLOSURES:
        refuse(f"closure={closure!r} is not known. {did_you_mean(str(closure), CLOSURES)}")
    reductions = meta.get("reductions", ())
    if not isinstance(reductions, tuple) or not all(isinstance(c, str) for c in reductions):
        refuse(f"reductions={reductions!r} is not a tuple of clauses. Write ('my_clause',).")
    if balance in reductions:
        refuse(f"clause {balance!r} meets the pot and cannot be a reduction. Name another.")


def read_only(table: _A) -> _A:
    """Return a copy of a record of columns whose arrays, at any depth, cannot be written to."""
    changes: dict[str, Any] = {}
    for part in fields(table):  # type: ignore[arg-type]
        value = getattr(table, part.name)
        if isinstance(value, np.ndarray):
            changes[part.name] = value.copy()
            changes[part.name].flags.writeable = False
        elif is_dataclass(value):
            changes[part.name] = read_only(value)
    return replace(table, **changes)  # type: ignore[type-var]


def lines_of(census: Census, rates: Rates, funding: Funding) -> dict[str, IntArray]:
    """Return what the policy's rule pays each school, pence [n] by clause, checked.

    Raises:
        BadRequest: No such rule; or the rule refuses these settings.
        WorkFailed: The rule failed, or returned what no rule may.
    """
    name = funding.rule
    rule, meta = RULES.get(name), RULES.meta(name)
    try:
        with redirect_stdout(sys.stderr):  # our output is ours: it may be JSON
            lines = rule(read_only(census), rates, funding)
    except SimError:
        raise
    except (Exception, SystemExit) as error:
        told = f"{type(error).__name__}: {error}".strip().removesuffix(":")
        raise WorkFailed(f"{_named(name)} failed: {told}{_place(name, error)}") from error
    problem = _problem(lines, meta, census)
    if problem is not None:
        raise WorkFailed(f"{_named(name)} {problem}")
    return {clause: np.array(pence, dtype=np.int64) for clause, pence in lines.items()}


def _named(name: str) -> str:
    owner = RULES.owner(name)
    return f"rule {name!r}" if owner is None else f"rule {name!r} of {owner}"


def _place(name: str, error: BaseException) -> str:
    """Return where an error came from: the last line that is the rule's own package's."""
    top = str(getattr(RULES.get(name), "__module__", "")).partition(".")[0]
    found = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        module = str(frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] == top:
            found = f" ({frame.f_code.co_filename}, line {line})"
    return found


def _problem(lines: object, meta: Mapping[str, Any], census: Census) -> str | None:
    """Say what is wrong with the lines that a rule returned, if anything."""
    if not isinstance(lines, Mapping):
        return f"returned {_kind(lines)}. A rule returns pence by clause: {{clause: array}}."
    balance, reductions = meta.get("balance", "basic"), meta.get("reductions", ())
    if balance not in lines:
        return (
            f"returned no clause {balance!r}, which is to meet the pot. It returned: "
            f"{', '.join(map(str, lines)) or 'nothing'}. Return it, or name another with balance=."
        )
    for clause, pence in lines.items():
        if not isinstance(clause, str) or clause in KEPT:
            return f"returned a clause {clause!r}, which is not a rule's. Give it another name."
        problem = _amounts(pence, census, reduction=clause in reductions)
        if problem is not None:
            return f"returned for clause {clause!r} {problem}"
    return None


def _amounts(pence: object, census: Census, *, reduction: bool) -> str | None:
    if type(pence) is not np.ndarray:
        return f"{_kind(pence)}. Return an array of whole pence, one a school."
    if pence.dtype != np.int64:
        nan = pence.dtype.kind == "f" and not np.isfinite(pence).all()
        held = f" with {int((~np.isfinite(pence)).sum())} that are no number" if nan else ""
        return f"amounts of type {pence.dtype}{held}. Return whole pence: np.int64."
    if pence.shape != (len(census),):
        return f"shape {pence.shape}; there are {len(census)} schools, so it has to be one each."
    sign = (
        (pence > 0, "amounts above nothing, though it is declared as a reduction")
        if reduction
        else (pence < 0, "negative amounts; a clause that takes money is declared in reductions=")
    )
    wrong = (
        sign,
        ((pence != 0) & ~census.funded, "money for schools that are closed or have no pupils"),
        (np.abs(pence) > _MOST, "amounts beyond all money there is"),
    )
    for rows, told in wrong:
        if rows.any():
            first = np.flatnonzero(rows)[:_SHOWN]
            worth = ", ".join(f"GBP {int(pence[row]) / 100:,.2f}" for row in first)
            return f"{told} ({int(rows.sum())} schools; first {worth})."
    return None


def _kind(value: object) -> str:
    return "nothing (None)" if value is None else f"a {type(value).__name__}"
