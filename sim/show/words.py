"""Numbers and verdicts in plain words, the same in titles, text, tables and terminal."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sim.config.variants import display
from sim.errors import SimError

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "DASH",
    "MINUS",
    "bound",
    "fault",
    "interval",
    "join",
    "label",
    "number",
    "percent",
    "pounds",
    "records",
    "signed",
    "times",
    "without_path",
    "years_of",
    "years_told",
]

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
FINER = 2  # more digits that an end of an interval may take, so as not to read as nought


def label(scenario: str) -> str:
    """Return the name of a scenario as people read it.

    >>> label("area_list_eia")
    'Area list EIA'
    """
    return display(scenario)


def fault(error: Exception) -> str:
    """Return what an error says, on one line, with its kind unless it is one of ours.

    >>> fault(ValueError("boom"))
    'ValueError: boom'
    """
    text = " ".join(str(error).split())
    if isinstance(error, SimError):
        return text
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__


def without_path(told: str) -> str:
    """Return an error without the place in a file of this machine: a page goes to others.

    >>> without_path("it failed (/home/ana/rule.py, line 3)")
    'it failed'
    """
    return re.sub(r" \([^()]*, line \d+\)", "", told)


def join(names: Iterable[str], last: str = "and") -> str:
    """Join names as a sentence does.

    >>> join(["a", "b", "c"])
    'a, b and c'
    """
    parts = list(names)
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + f" {last} " + parts[-1]


def number(value: float, digits: int = 1) -> str:
    """Write a number with a true minus sign and no negative nought.

    >>> number(-0.04), number(1234.6, 0)
    ('0.0', '1,235')
    """
    if not math.isfinite(value):
        return "n/a"
    text = f"{abs(value):,.{digits}f}"
    is_nought = not text.strip("0.,")
    return text if value >= 0 or is_nought else MINUS + text


def signed(value: float, digits: int = 1) -> str:
    """Write a change with its sign; nought has none.

    >>> signed(1.23), signed(0.0)
    ('+1.2', '0.0')
    """
    text = number(value, digits)
    is_positive = math.isfinite(value) and value > 0 and bool(text.strip("0.,"))
    return "+" + text if is_positive else text


def bound(value: float, digits: int = 1, *, sign: bool = False, short: bool = False) -> str:
    """Write one end of an interval: what is not nought never reads as nought.

    Args:
        value: The end.
        digits: Digits behind the point; more are taken where all of them would be noughts.
        sign: Whether a plus sign is written.
        short: Where there is little room: one more digit at most, then ``<0`` or ``>0``.

    >>> bound(-0.0041, 2), bound(-0.56, 2), bound(0.0, 2), bound(1e-9, 2)
    ('\u22120.004', '\u22120.56', '0.00', 'just above 0')
    """
    write = signed if sign else number
    for more in range(2 if short else FINER + 1):
        text = write(value, digits + more)
        if value == 0 or text.strip(f"{MINUS}+0.,"):
            return text
    if short:
        return ">0" if value > 0 else "<0"
    return f"just {'above' if value > 0 else 'below'} 0"


def interval(low: float, high: float, digits: int = 1) -> str:
    """Write both ends of an interval of a change.

    >>> interval(0.25, 1.5), interval(-0.5, -0.003)
    ('+0.2 to +1.5', '\u22120.5 to \u22120.003')
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return "no interval"
    return f"{bound(low, digits, sign=True)} to {bound(high, digits, sign=True)}"


def percent(share: float, digits: int = 0) -> str:
    """Write a share between 0 and 1 as a percentage.

    >>> percent(0.873)
    '87%'
    """
    return number(100 * share, digits) + ("%" if math.isfinite(share) else "")


def pounds(value: float) -> str:
    """Write a change in pounds a pupil.

    >>> pounds(114.2)
    '+£114'
    """
    text = signed(value, 0)
    sign = text[0] if text[0] in "+" + MINUS else ""
    return f"{sign}£{text.removeprefix(sign)}" if math.isfinite(value) else text


def times(count: int, noun: str) -> str:
    """Count things, with a plural where there are several.

    >>> times(1, "draw"), times(8, "draw")
    ('1 draw', '8 draws')
    """
    return f"{count} {noun}" + ("" if count == 1 else "s")


def years_told(years: str) -> str:
    """Say which policy years a number is of, from the list that measures give.

    >>> years_told("14, 15"), years_told("18, 19, 20, 21, 22"), years_told("7"), years_told("")
    ('policy years 14 and 15', 'policy years 18 to 22', 'policy year 7', '')
    >>> years_told("0")
    'the year before the policy'
    """
    known = [int(year) for year in years.split(",") if year.strip()]
    if not known:
        return ""
    if known == [0]:
        return "the year before the policy"
    if len(known) == 1:
        return f"policy year {known[0]}"
    if len(known) > 2 and known == list(range(known[0], known[-1] + 1)):
        return f"policy years {known[0]} to {known[-1]}"
    return f"policy years {join(map(str, known))}"


def years_of(rows: pd.DataFrame) -> str:
    """Say in a sentence which policy years the rows of a chart speak of; empty if each its own."""
    told = "" if "year" in rows else years_told(str(rows.attrs.get("years", "")))
    together = " together" if told.startswith("policy years") else ""
    return f"Of {told}{together}." if told else ""


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain records, ready to be told one by one."""
    return [{str(k): v for k, v in row.items()} for row in rows.to_dict("records")]
