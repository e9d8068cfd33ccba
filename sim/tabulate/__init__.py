"""Measures: from sums in results to figures with intervals. Names are loaded when first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.tabulate.absent import ABSENT
    from sim.tabulate.contrasts import pairwise, ranking
    from sim.tabulate.description import (
        BY,
        available,
        catalogue,
        describe,
        held,
        variables_for,
        whose,
    )
    from sim.tabulate.frames import frame
    from sim.tabulate.primary import declared
    from sim.tabulate.swept_keys import influences
    from sim.tabulate.tables import difference, differences, evaluate, measure

__all__ = [
    "ABSENT",
    "BY",
    "available",
    "catalogue",
    "declared",
    "describe",
    "difference",
    "differences",
    "evaluate",
    "frame",
    "held",
    "influences",
    "measure",
    "pairwise",
    "ranking",
    "variables_for",
    "whose",
]

_HOME = {
    "ABSENT": "absent",
    "BY": "description",
    "available": "description",
    "catalogue": "description",
    "declared": "primary",
    "describe": "description",
    "whose": "description",
    "difference": "tables",
    "differences": "tables",
    "evaluate": "tables",
    "frame": "frames",
    "held": "description",
    "influences": "swept_keys",
    "measure": "tables",
    "pairwise": "contrasts",
    "ranking": "contrasts",
    "variables_for": "description",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"sim.tabulate.{_HOME[name]}"), name)
    raise AttributeError(f"module 'sim.tabulate' has no attribute {name!r}")
