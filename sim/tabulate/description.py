"""What a measure says of itself, and which measures there are."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from math import inf
from typing import Any

from sim.errors import BadRequest, did_you_mean
from sim.record.variables import AT_SCHOOL, FULL_EXPOSURE, STANDS, VARIABLES
from sim.registry import MEASURES
from sim.tabulate.absent import ABSENT

__all__ = [
    "BY",
    "Description",
    "available",
    "catalogue",
    "describe",
    "grain",
    "held",
    "stored_name",
    "variables_for",
    "whose",
]

BY = (
    "england",
    "region",
    "area",
    "school_area",
    "area_type",
    "area_affluence",
    "area_isolation",
    "school_affluence",
)
AT_HOME = "children, in the area they grew up in"
STANDING = "pupils, in the area their school stands in"
BOTH = (
    "results count children in the area they grew up in; money, teachers and rolls count pupils in "
    "the area their school stands in"
)
NEAREST = "children, by the school nearest to their home"
DIRECTIONS = ("up", "down", "none")
SHELVES = ("opportunity", "attainment", "outcome")
SWITCHES = ("paired", "across", "reference", "standard", "national", "moved", "inverse")
MUST_BE = {
    "title": "Give it one line of words.",
    "unit": "Give it one line of words, such as share.",
    "needs": "Give a tuple of names of sums, such as ('ks4_n',).",
    "by": "Give a tuple of breakdowns, such as ('england', 'region').",
    "partial": "Give it words, or leave it out.",
    "derive": "Give it a function, or leave it out.",
    "minimum": "Give the smallest difference worth a word: a number, not below nothing.",
    **dict.fromkeys(SWITCHES, "It is True or False."),
}


@dataclass(frozen=True)
class Description:
    """One measure: how to name it, what it reads, how it is computed.

    ``function`` takes a Dataset of sums, already added up by place and group, and returns the
    measure. ``needs``: variables of the schema. ``age``: the stage at which it is read (``none``:
    whole roll). ``minimum``: smallest difference that matters, in ``unit``. ``paired``: it also
    gets each sum of the baseline run with the same luck, as ``<name>_baseline``; ``derive`` then
    makes new sums before places are added up. ``across``: it gets the areas one by one.
    ``reference``: it gets ``reference_<name>``, the sum of all others nationally in year 0;
    ``standard``: ``standard_<name>``, the sum of everybody nationally in year 0;
    ``national``: ``national_<name>``, the sum over the nation in the same years.
    ``moved``: ``moved_<name>``, whether any scenario of these results moves the sum off the
    baseline's, anywhere in any year (true where nothing can be compared).
    A measure may have a further dimension ``part`` (routes, components of an index).
    ``inverse``: what is asked for is one over what is computed.
    """

    name: str
    function: Callable[..., Any]
    title: str
    unit: str
    direction: str
    shelf: str
    needs: tuple[str, ...]
    age: str = "none"
    by: tuple[str, ...] = BY
    minimum: float = 0.0
    paired: bool = False
    derive: Callable[..., Any] | None = None
    across: bool = False
    reference: bool = False
    standard: bool = False
    national: bool = False
    moved: bool = False
    inverse: bool = False
    partial: str = ""

    def __post_init__(self) -> None:
        """Refuse a measure that does not describe itself completely."""
        self._refuse_wrong_types()
        wrong = [n for n in self.needs if n not in VARIABLES]
        choices = (
            ("direction", self.direction, DIRECTIONS),
            ("shelf", self.shelf, SHELVES),
            ("age", self.age, tuple(FULL_EXPOSURE)),
            *(("by", by, BY) for by in self.by),
            *(("needs", n, tuple(VARIABLES)) for n in wrong),
        )
        for key, value, known in choices:
            if value not in known:
                raise BadRequest(
                    f"measure {self.name!r}: {key}={value!r} is not known. "
                    f"{did_you_mean(str(value), known)}"
                )

    def _refuse_wrong_types(self) -> None:
        words = ("title", "unit")
        wrong = [key for key in words if not _is_line(getattr(self, key))]
        wrong += [key for key in ("needs", "by") if not _is_names(getattr(self, key))]
        wrong += [key for key in SWITCHES if not isinstance(getattr(self, key), bool)]
        if not isinstance(self.partial, str):
            wrong.append("partial")
        if self.derive is not None and not callable(self.derive):
            wrong.append("derive")
        if not _is_least(self.minimum):
            wrong.append("minimum")
        if wrong:
            key = wrong[0]
            raise BadRequest(
                f"measure {self.name!r}: {key}={getattr(self, key)!r} cannot be. {MUST_BE[key]}"
            )


def _is_line(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value.splitlines()) == 1


def _is_least(value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 <= float(value) < inf  # type: ignore[arg-type]


def _is_names(value: object) -> bool:
    names = isinstance(value, tuple | list) and all(isinstance(name, str) for name in value)
    return names and bool(value)


def _at_school(needs: Iterable[str]) -> bool:
    """Whether all sums by area among these exist by the area of the school."""
    return all(n in AT_SCHOOL for n in needs if n in VARIABLES and "area" in VARIABLES[n].dims)


def whose(one: Description, by: str = "area") -> str:
    """Say whom a breakdown counts, and where: children at home, or pupils at their school.

    >>> whose(describe("attainment8")), whose(describe("funding_per_pupil"))
    ('children, in the area they grew up in', 'pupils, in the area their school stands in')
    >>> whose(describe("attainment8"), "school_area"), whose(describe("attainment8"), "england")
    ('pupils, in the area their school stands in', '')
    """
    sides = {need in STANDS for need in one.needs if "area" in VARIABLES[need].dims}
    if by == "england" or not sides:
        return ""
    if grain(by) == "quarter":
        return NEAREST
    if by == "school_area" or sides == {True}:
        return STANDING
    return BOTH if True in sides else AT_HOME


def _described(name: str, function: Callable[..., Any], meta: Mapping[str, Any]) -> Description:
    known = {f.name for f in fields(Description)} - {"name", "function"}
    for key in meta:
        if key not in known:
            raise BadRequest(f"measure {name!r}: {key}= is not known. {did_you_mean(key, known)}")
    lacking = {"title", "unit", "direction", "shelf", "needs"} - set(meta)
    if lacking:
        raise BadRequest(f"measure {name!r} does not declare {', '.join(sorted(lacking))}.")
    one = Description(name=name, function=function, **meta)
    if "by" in meta or _at_school(one.needs):
        return one
    return replace(one, by=tuple(by for by in BY if by != "school_area"))


@MEASURES.checked_by
def _check(name: str, meta: Mapping[str, Any]) -> None:
    """Refuse a measure that describes itself wrongly."""
    _described(name, _check, meta)


def describe(name: str) -> Description:
    """Return the description of a measure, or raise BadRequest saying why there is none."""
    if name in ABSENT:
        raise BadRequest(f"measure {name!r} is not there yet: it {ABSENT[name]}.")
    return _described(name, MEASURES.get(name), MEASURES.meta(name))


def available() -> tuple[str, ...]:
    """Names of the measures this release can give, in alphabetical order.

    Plug-ins that cannot be loaded or that describe themselves wrongly are not among them:
    ``sim.registry.MEASURES.faults()`` says which and why.
    """
    return MEASURES.names()


def catalogue() -> list[dict[str, Any]]:
    """One record a measure, absent ones included with the reason (for ``sim list metrics``)."""
    records: list[dict[str, Any]] = []
    by_name: Mapping[str, dict[str, Any]] = {r["name"]: r for r in MEASURES.describe()}
    for name in available():
        one = describe(name)
        records.append(
            {
                "name": name,
                "title": one.title,
                "unit": one.unit,
                "direction": one.direction,
                "shelf": one.shelf,
                "age": one.age,
                "by": list(one.by),
                "by_area_it_counts": whose(one) if "area" in one.by else "",
                "status": one.partial or "available",
                "meaning": by_name[name]["meaning"],
                "smallest_difference_that_matters": _least(one),
            }
        )
    absent = [
        {"name": n, "title": n.replace("_", " "), "status": f"absent: {why}"}
        for n, why in ABSENT.items()
    ]
    return records + absent


def _least(one: Description) -> str:
    """Say from which size on a difference matters, or that there is no difference to judge."""
    if one.inverse:
        return "none: it is no difference from the baseline, and has no verdict"
    if not one.minimum:
        return "none declared: any difference counts"
    return f"{one.minimum:g} ({one.unit})"


def grain(by: str) -> str:
    """Dimension from which a breakdown is added up: ``area``, or ``quarter`` of schools."""
    if by not in BY:
        raise BadRequest(f"by={by!r} is not known. {did_you_mean(by, BY)}")
    return "quarter" if by == "school_affluence" else "area"


def stored_name(name: str, by: str) -> str:
    """Name under which a sum is stored for a breakdown.

    >>> stored_name("ks4_n", "region"), stored_name("ks4_n", "school_affluence")
    ('ks4_n', 'ks4_n_q')
    >>> stored_name("ks4_n", "school_area"), stored_name("pounds_sum", "school_area")
    ('ks4_n_s', 'pounds_sum')
    """
    by_area = "area" in VARIABLES[name].dims
    if by_area and by == "school_area":
        return AT_SCHOOL.get(name, name)
    twin = f"{name}_q" if by_area and grain(by) == "quarter" else name
    return twin if twin in VARIABLES else name


def held(results: Container[object], by: str) -> tuple[str, ...]:
    """Measures that these results (or names of variables) can give by a breakdown."""
    grain(by)
    return tuple(
        one.name
        for one in map(describe, available())
        if by in one.by and all(stored_name(need, by) in results for need in one.needs)
    )


def variables_for(measures: Iterable[str], by: Iterable[str] = BY) -> tuple[str, ...]:
    """Variables to read from the store for these measures and breakdowns, in order of name."""
    breakdowns = tuple(by)
    wanted = {
        stored_name(need, b)
        for name in measures
        for one in (describe(name),)
        for need in one.needs
        for b in breakdowns
        if b in one.by
    }
    return tuple(sorted(wanted))
