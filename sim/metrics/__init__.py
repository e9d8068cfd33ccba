"""Measures: from sums in results to figures with intervals. Names are loaded when first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.metrics.absent import ABSENT
    from sim.metrics.contrasts import pairwise, ranking
    from sim.metrics.description import BY, available, catalogue, describe, held, variables_for
    from sim.metrics.primary import declared
    from sim.metrics.tables import difference, differences, evaluate, measure
    from sim.metrics.tabulate import frame

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
    "measure",
    "pairwise",
    "ranking",
    "variables_for",
]

_HOME = {
    "ABSENT": "absent",
    "BY": "description",
    "available": "description",
    "catalogue": "description",
    "declared": "primary",
    "describe": "description",
    "difference": "tables",
    "differences": "tables",
    "evaluate": "tables",
    "frame": "tabulate",
    "held": "description",
    "measure": "tables",
    "pairwise": "contrasts",
    "ranking": "contrasts",
    "variables_for": "description",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"sim.metrics.{_HOME[name]}"), name)
    raise AttributeError(f"module 'sim.metrics' has no attribute {name!r}")
