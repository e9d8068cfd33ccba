"""Measures of the public list that this release cannot give, each with the reason."""

from __future__ import annotations

__all__ = ["ABSENT"]

ABSENT: dict[str, str] = {}
"""Name and what it needs ("needs the lever ..."). Empty: ten processes give the whole list."""
