"""What beliefs are said to move: every name that `moves` may use, and how it is read.

A belief promises that a reading rises or falls with it. A reading is taken *at once*, on the
process where the belief acts, or *in a run* of the tiny world: then it is a measure
(`sim.metrics`), a target reading (`sim.study.readings`, `sim.study.results_readings`) or one of the readings here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Read = Callable[[Any], float]

AT_ONCE: dict[str, Any] = {}
IN_A_RUN: dict[str, Any] = {}


@dataclass(frozen=True)
class Reading:
    name: str
    title: str
    unit: str
    read: Read


def _adder(shelf: dict[str, Reading]) -> Callable[[str], Callable[[Read], Read]]:
    def with_unit(unit: str) -> Callable[[Read], Read]:
        def add(function: Read) -> Read:
            name = function.__name__
            shelf[name] = Reading(
                name, (function.__doc__ or "").splitlines()[0].rstrip("."), unit, function
            )
            return function

        return add

    return with_unit


at_once = _adder(AT_ONCE)
in_a_run = _adder(IN_A_RUN)
