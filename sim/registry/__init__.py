"""Plug-ins by name (`plug_ins`), whose they are (`distributions`), old addresses (`moved`)."""

from __future__ import annotations

from sim.registry.plug_ins import MEASURES, RULES, Check, Fault, Registry

__all__ = ["MEASURES", "RULES", "Check", "Fault", "Registry"]
