"""How a run is described: typed, frozen settings, composed from YAML and key=value.

`sim.config.models` holds the settings and needs nothing but pydantic; composing them
(`compose`, `compose_all`) loads Hydra, so those names are looked up only when used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from sim.config.beliefs import Belief, Beliefs, Values
from sim.config.models import (
    Funding,
    Machine,
    Policy,
    Settings,
    Switches,
    Targeting,
    Trigger,
    WorldSettings,
)

if TYPE_CHECKING:
    from sim.config.composing import compose, compose_all
    from sim.config.identity import digest
    from sim.config.roots import config_root, scenario_root

__all__ = [
    "Belief",
    "Beliefs",
    "Funding",
    "Machine",
    "Policy",
    "Settings",
    "Switches",
    "Targeting",
    "Trigger",
    "Values",
    "WorldSettings",
    "compose",
    "compose_all",
    "config_root",
    "digest",
    "scenario_root",
]

_LAZY = {
    "compose": "sim.config.composing",
    "compose_all": "sim.config.composing",
    "config_root": "sim.config.roots",
    "digest": "sim.config.identity",
    "scenario_root": "sim.config.roots",
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(importlib.import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'sim.config' has no attribute {name!r}")
