"""What can go wrong, as one small tree.

::

    SimError
    ├── BadRequest        the request was wrong: nothing was run, nothing written (exit status 2)
    └── WorkFailed        the request was right, the work was not (exit status 1)
        ├── CannotPay         a policy costs more than there is, in a later year or some draws
        ├── InvariantBroken   a pupil or a penny appeared or vanished
        └── MeasureFailed     a measure raised, or gave what is no figure

Every message says what is wrong, where, and what to do about it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = [
    "BadRequest",
    "CannotPay",
    "InvariantBroken",
    "MeasureFailed",
    "SimError",
    "WorkFailed",
    "did_you_mean",
]


class SimError(Exception):
    """Any error this package raises on purpose."""

    exit_status = 1


class BadRequest(SimError):
    """The request cannot be carried out as it stands; nothing has been written."""

    exit_status = 2


class WorkFailed(SimError):
    """The request was sound but the work did not finish; whole results are kept."""


class CannotPay(WorkFailed):
    """A policy costs more than there is, in a later year or in some draws: ``scenario``."""

    def __init__(self, message: str, scenario: str = "") -> None:
        super().__init__(message)
        self.scenario = scenario

    def __reduce__(self) -> tuple[type[CannotPay], tuple[str, str]]:
        """Keep the name of the policy between processes."""
        return type(self), (str(self), self.scenario)


class InvariantBroken(WorkFailed):
    """A law of the model (pupils, pence, ranges) does not hold; the run stops here."""


class MeasureFailed(WorkFailed):
    """A measure raised, or gave what is no figure; the other measures stand."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a closing phrase that offers the nearest known names.

    >>> did_you_mean("flatt", ["flat", "nff"])
    "Did you mean 'flat'?"
    >>> did_you_mean("zzz", ["flat", "nff"])
    'Known: flat, nff.'
    >>> did_you_mean("zzz", [])
    'There is nothing to choose from.'
    """
    names = sorted(known)
    if not names:
        return "There is nothing to choose from."
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.6)
    if near:
        return "Did you mean " + " or ".join(repr(n) for n in near) + "?"
    return "Known: " + ", ".join(names) + "."
