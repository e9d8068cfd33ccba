"""How one cohort after sixteen is added up: by area, quarter of the reference school, and group."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.arrays import Int8s, Int32s, Int64s, Wholes
from sim.codes import GROUP_COUNT, QUARTER_COUNT
from sim.data.base_year import base_year
from sim.data.income_tax import Tax
from sim.kernel import kernel
from sim.world.adults import Adults

__all__ = ["Book", "Homes", "table_of"]

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Homes:
    """Where homes lie, and what is taken of pay there; nothing in it changes during a run.

    Attributes:
        quarter: Quarter (0 = most affluent) of the reference secondary of each small area.
        region: Row of each area's region in `sim.codes.REGIONS`.
        weight: Areas that each area stands for.
        tax: Income tax and National Insurance of the base year.
    """

    quarter: NDArray[np.int8]
    region: NDArray[np.int8]
    weight: Counts
    tax: Tax = field(default_factory=lambda: base_year().tax)


class Book:
    """Adds one cohort up: by area and group, and by quarter of the reference school and group."""

    def __init__(self, block: Adults, homes: Homes, row: dict[str, Any]):
        self.row, self.homes, self.areas = row, homes, homes.weight.size
        self.area = block.area
        self.key = np.empty(block.area.size, np.int32)
        _keys(block.area, block.small, block.group, homes.quarter, self.key)

    def add(self, name: str, chosen: ArrayLike, part: Wholes | None = None, parts: int = 1) -> None:
        """Count people, or add up whole pounds, under ``name``; ``part`` splits them further."""
        values = _whole(chosen)
        key = self.key if part is None else self.key * np.int32(parts) + part
        sums = np.zeros(self.areas * QUARTER_COUNT * GROUP_COUNT * parts, np.int64)
        _gather(key, values, sums)
        cells = sums.reshape(self.areas, QUARTER_COUNT, GROUP_COUNT, parts)
        by_area, by_quarter = cells.sum(1), np.tensordot(self.homes.weight, cells, 1)
        if part is None:
            by_area, by_quarter = by_area[..., 0], by_quarter[..., 0]
        self.row[name] = by_area
        self.row[f"{name}_q"][QUARTER_COUNT:] = by_quarter

    def either(self, name: str, chosen: ArrayLike, flag: NDArray[np.bool_]) -> None:
        """Count people by area, without and with a flag."""
        sums = np.zeros(self.areas * 2, np.int64)
        _gather(self.area * np.int32(2) + flag, _whole(chosen), sums)
        self.row[name] = sums.reshape(self.areas, 2)

    def table(self, name: str, chosen: ArrayLike, key: ArrayLike, shape: tuple[int, ...]) -> None:
        """Count people nationally, weighted, over a table of any shape."""
        self.row[name] = table_of(chosen, key, self, shape)


def _whole(chosen: ArrayLike) -> Wholes:
    values = np.asarray(chosen)
    return values.view(np.uint8) if values.dtype == np.bool_ else values.astype(np.int64)


def table_of(chosen: ArrayLike, key: ArrayLike, book: Book, shape: tuple[int, ...]) -> Counts:
    """Count people, or add up whole pounds, over a table, each as often as its area's weight."""
    sums = np.zeros(int(np.prod(shape)), np.int64)
    weight = book.homes.weight
    _gather_weighted(np.asarray(key, np.int32), _whole(chosen), book.area, weight, sums)
    return sums.reshape(shape)


@kernel
def _keys(area: Int32s, small: Int32s, group: Int8s, quarter: Int8s, out: Int32s) -> None:
    for i in range(out.size):
        out[i] = (area[i] * QUARTER_COUNT + quarter[small[i]]) * GROUP_COUNT + group[i]


@kernel
def _gather_weighted(
    key: Int32s, values: Wholes, area: Int32s, weight: Int64s, sums: Int64s
) -> None:
    for i in range(key.size):
        if values[i]:
            sums[key[i]] += weight[area[i]] * np.int64(values[i])


@kernel
def _gather(key: Int32s, values: Wholes, sums: Int64s) -> None:
    for i in range(key.size):
        sums[key[i]] += values[i]
