"""Addresses of modules that plug-ins were once told to import, and where they are now.

A plug-in written before the move still loads: the old address gives the module itself, with a
warning that names the new one. Nothing of the package may use an old address (a test looks).
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

__all__ = ["MOVED", "follow_moves"]

MOVED = {
    "sim.facts": "sim.data.facts",
    "sim.metrics.aggregate": "sim.tabulate.aggregate",
    "sim.results.after_school": "sim.record.adult_variables",
    "sim.results.schema": "sim.record.variables",
    "sim.rules.census": "sim.funding.census",
    "sim.rules.grants": "sim.funding.grants",
    "sim.rules.lines": "sim.funding.lines",
    "sim.rules.protection": "sim.funding.protection",
    "sim.rules.targeting": "sim.funding.targeting",
    "sim.rules.trigger": "sim.funding.trigger",
}


class _Moved(MetaPathFinder, Loader):
    """Finds a module under its old address; the module stays one and keeps its own papers."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(name, self) if name in MOVED else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        now = MOVED[spec.name]
        warnings.warn(
            f"{spec.name} is {now} now: import it from there", FutureWarning, stacklevel=2
        )
        module = import_module(now)
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        # The import system has put the old address on it; what was there before goes back.
        if module.__spec__ is not None:
            module.__spec__ = module.__spec__.loader_state


def follow_moves() -> None:
    """Let old addresses be imported from now on; asked for twice, it acts once."""
    if not any(isinstance(finder, _Moved) for finder in sys.meta_path):
        sys.meta_path.append(_Moved())
