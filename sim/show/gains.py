"""Titles of gains by place: which policy raises and which lowers most clearly, and where.

Titles are computed from the numbers, so that a picture can never contradict its heading. A
direction is named only where the verdict of that very row allows it (see :mod:`sim.show.clear`).
Where names or numbers would make a title longer than twenty words they are left out, because the
picture has them. Titles never rank policies against each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.show.clear import SAME, brief, clearest, direction, is_unsettled, matters
from sim.show.fifths import AREAS_HERE, FEW
from sim.show.words import label, number, signed, times
from sim.tabulate.verdicts import CANNOT_TELL

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DOWN", "UP", "Subject", "gains"]

UP = ("lifts disadvantaged pupils' results", "lifts them")
DOWN = ("lowers disadvantaged pupils' results", "lowers them")


@dataclass(frozen=True)
class Subject:
    """Whom gains are told of: what going up and down are called, first and again, and places.

    ``part``: what one place is called.
    """

    up: tuple[str, str]
    down: tuple[str, str]
    of: str
    where: Mapping[int, str]
    anywhere: str
    part: str = "fifth"
    unit: str = "points"
    digits: int = 2

    def verb(self, row: Mapping[str, Any], again: bool = False) -> str:
        """Name the direction of a row's verdict."""
        return (self.up if direction(row["verdict"]) > 0 else self.down)[again]

    def told(self, row: Mapping[str, Any], unit: bool = True, again: bool = False) -> str:
        """Say which policy moves them, where and how far."""
        size = f"{signed(float(row['value']), self.digits)}{f' {self.unit}' if unit else ''}"
        areas = row.get(AREAS_HERE, FEW)
        few = f"{times(int(areas), 'area')}: " if areas < FEW else ""
        return f"{self.short(row, again)} ({few}{size})"

    def short(self, row: Mapping[str, Any], again: bool = False) -> str:
        """Say the same without the number."""
        where = self.where[int(row["place"])]
        where = where.removesuffix(" fifth").removesuffix(" schools") if again else where
        return f"{label(str(row['scenario']))} {self.verb(row, again)} {where}"


def gains(rows: pd.DataFrame, subject: Subject) -> str:
    """Say which policy raises and which lowers most clearly, and where.

    ``rows``: one a scenario and ``place`` (1 = most affluent), with ``value`` in points,
    ``low``, ``high`` and ``verdict``.
    """
    up, down = (clearest(rows, sign) for sign in (1, -1))
    told = [row for row in (up, down) if row is not None and matters(row["verdict"])]
    if len(told) == 2:
        return _both(told[0], told[1], subject)
    if told:
        return brief(
            f"{subject.told(told[0])}; {_none_opposite(rows, told[0], subject)}",
            f"{subject.told(told[0])}",
            f"One policy {subject.verb(told[0])} {subject.where[int(told[0]['place'])]}, "
            f"by {number(abs(told[0]['value']), subject.digits)} {subject.unit}",
        )
    return _no_gains(rows, subject, up or down)


def _none_opposite(rows: pd.DataFrame, row: Mapping[str, Any], subject: Subject) -> str:
    """Say that no place moves the other way by as much as matters, or that none clearly does.

    Only where every verdict is one that can be told is that certain.
    """
    verb = "loses" if direction(row["verdict"]) > 0 else "gains"
    clearly = "clearly " if (rows["verdict"] == CANNOT_TELL).any() else ""
    return f"no {subject.part} {clearly}{verb} enough to matter"


def _both(up: Mapping[str, Any], down: Mapping[str, Any], subject: Subject) -> str:
    """Tell a gain and a loss, of two policies or of one."""
    is_one = up["scenario"] == down["scenario"]
    between = " and " if is_one else "; "

    def second(text: str) -> str:
        return text.removeprefix(f"{label(str(down['scenario']))} ") if is_one else text

    last = second(subject.told(down, unit=False, again=True))
    places = [subject.where[int(row["place"])] for row in (up, down)]
    other = "" if is_one else "another "
    return brief(
        f"{subject.told(up)}{between}{last}",
        f"{subject.told(up, unit=False)}{between}{last}",
        f"{subject.short(up)}{between}{second(subject.short(down, again=True))}",
        f"One policy {subject.verb(up)} {places[0]}{between}{other}{subject.verb(down, True)} "
        f"{places[1].removesuffix(' fifth').removesuffix(' schools')}",
    )


def _no_gains(rows: pd.DataFrame, subject: Subject, small: Mapping[str, Any] | None) -> str:
    """Say what is there to say where no change is both certain and large enough to matter."""
    if is_unsettled(rows):
        ends = (signed(float(rows["value"].agg(f)), subject.digits) for f in ("min", "max"))
        far = f"so far {' to '.join(ends)} {subject.unit}"
        return brief(
            f"Run longer to tell whether {subject.of} change {subject.anywhere}: {far}",
            f"Run longer to tell whether {subject.of} change: {far}",
        )
    if small is not None:
        return brief(
            f"{subject.told(small)}, but by less than matters",
            f"{subject.short(small)}, but by less than matters",
            f"One policy {subject.verb(small)} {subject.where[int(small['place'])]}, but by less "
            "than matters",
        )
    if (rows["verdict"] == SAME).all():
        return f"Practically the same for {subject.of} {subject.anywhere}, whatever the policy"
    return f"No policy clearly changes anything for {subject.of} {subject.anywhere}"
