"""A policy keeps its colour, marker and dash pattern in every chart and in every report.

Colours are those of Okabe and Ito, which survive the common kinds of colour blindness; a marker
and a dash pattern repeat what each colour says. Policies of the package have colours of their
own; any other gets one by its name. Only where two policies of one report want the same colour
does the later name, in the order of the alphabet, take the next that is free.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from sim.show.sums import bare
from sim.show.words import label

__all__ = ["PALETTE", "Look", "looks"]

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "D", "^", "v", "P", "X")
DASHES: tuple[tuple[float, ...] | str, ...] = (
    "",
    (5, 2),
    (1.5, 1.5),
    (7, 2, 1.5, 2),
    (3, 1),
    (6, 1.5, 1.5, 1.5, 1.5, 1.5),
    (2, 3),
)
OWN = {
    "flat": 0,
    "area_list_eia": 1,
    "pupil_need": 2,
    "gap_triggered": 3,
    "gap_progress": 4,
    "gap_placebo": 6,
    "need_weighted": 5,
    "area_list_oa": 5,
    "mix_need_gap": 6,
    "gap_and_place": 4,
    "gap_own_area": 5,
    "gap_progress_own_school": 6,
    "gap_level_national": 0,
    "gap_cliff": 1,
    "area_list_oa_actual": 6,
}
"""Colours of the package's own policies, by place in the palette; those compared by default
first, all unlike each other."""


@dataclass(frozen=True)
class Look:
    """Colour, marker and dash pattern of one scenario, the same in every chart."""

    colour: str
    marker: str
    dash: tuple[float, ...] | str


def looks(scenarios: Sequence[str]) -> dict[str, Look]:
    """Give each scenario its look, by its name.

    After the seventh colours repeat with another marker, so that no two are alike, and none has
    the marker of the one before it.
    """
    colours = _colours(scenarios)
    taken: set[tuple[int, int]] = set()
    found, before = {}, -1
    for name in scenarios:
        colour = colours[name]
        order = _from(colour)
        marker = min(order, key=lambda m: ((colour, m) in taken, m == before, order.index(m)))
        taken.add((colour, marker))
        before = marker
        found[name] = Look(PALETTE[colour], MARKERS[marker], DASHES[marker])
    return found


def _colours(scenarios: Sequence[str]) -> dict[str, int]:
    """Return each scenario's place in the palette: its own, or the next that is used less."""
    own = {_key(name): place for name, place in OWN.items()}
    first = {key: rank for rank, key in enumerate(own)}
    names = sorted(scenarios, key=lambda n: (first.get(_key(n), len(first)), _key(n)))
    used = [0] * len(PALETTE)
    found = {}
    for name in names:
        wanted = own.get(_key(name), zlib.crc32(_key(name).encode()) % len(PALETTE))
        place = min(_from(wanted), key=lambda p: used[p])
        used[place] += 1
        found[name] = place
    return found


def _from(start: int) -> list[int]:
    return [(start + step) % len(PALETTE) for step in range(len(PALETTE))]


def _key(name: str) -> str:
    """Return a name as it is shown, so that a policy and its label are one."""
    return label(bare(name)).casefold()
