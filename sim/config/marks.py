"""What every output has to say about itself: beliefs set outside their own range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = [
    "FORMULA",
    "LEFT_OUT",
    "LIST",
    "OUTSIDE",
    "PLACES",
    "PLACES_NOTE",
    "PLACES_WARNING",
    "SHARING",
    "TARGETING",
    "marks",
]

OUTSIDE = "outside_range"
"""Key under which cells (as text) and records of reports (as a list) name such beliefs."""

LEFT_OUT = "left_out"
"""Key under which records of reports say which policies could not be paid for, and why."""

LIST = "list_in_world"
"""Key under which cells, and records of reports by scenario, say how a list of areas stands in
their world. It is no mark: it goes into text, not onto every picture."""

TARGETING = "targeting"
"""Key under which results say, by scenario and as JSON, what each gives to whom: ``arm``,
``areas``, ``envelope_gbp``, ``dose_gbp``, ``funded`` and ``mix``."""

FORMULA = "formula"
"""Key under which results say, by scenario and as JSON, what a written formula pays: ``solve`` and
its ``pence`` by part. Only policies of rule ``rates`` are there."""

SHARING = "sharing"
"""Key under which results say, by scenario and as JSON, what each sets of ``policy.funding``, rates
left out; those that set nothing of it are not there."""

PLACES, PLACES_NOTE = "places", "places_note"
"""Keys under which results (codes as JSON) and records name the areas that were asked for, and say
what has to be known of numbers of one place. They belong to a request, never to a cell."""

PLACES_WARNING = (
    "Rules are compared at places like these, not the places' own schools: the ground is real, the "
    "schools and children are stand-ins, and no number is a forecast for a school or an authority."
)


def marks(told: Mapping[Any, Any]) -> tuple[str, ...]:
    """Return sentences that every output of a result must carry; most carry none.

    Args:
        told: The record of a report, or the attributes of a dataset of results.

    >>> marks({"outside_range": "money.return_per_thousand"})
    ('Belief set outside its own range: money.return_per_thousand.',)
    >>> marks({})
    ()
    """
    given = told.get(OUTSIDE) or ()
    names = given.split(", ") if isinstance(given, str) else [str(name) for name in given]
    if not names:
        return ()
    word = "Belief set outside its" if len(names) == 1 else "Beliefs set outside their"
    return (f"{word} own range: {', '.join(names)}.",)
