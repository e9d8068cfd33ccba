"""What a belief is said to move, and how it is looked at.

Every belief promises in `moves` that some readings rise (`+`) or fall (`-`) with it. A reading of
`moves_how: stage` is taken at once, on the process where the belief acts (`moves_children`,
`moves_lasting`, `moves_own`, `moves_schools`, `moves_teachers`, `moves_routes`,
`moves_universities`, `moves_careers`, `moves_work`; prices of levers: `moves_levers`). One of
`moves_how: run` is taken at the end of a short run: a reading of `moves_run`, a reading that
targets are held against, or a measure. A name means the same thing on every shelf.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import TypeVar

from sim.config.beliefs import Belief, Beliefs
from sim.config.models import Settings
from sim.data import facts
from sim.errors import BadRequest, did_you_mean
from sim.evidence.results import attainment
from sim.evidence.structure import structure
from sim.model import SchoolsModel
from sim.rng import Key
from sim.study.cells import dataset
from sim.tabulate import available, describe, evaluate

__all__ = [
    "Bench",
    "Read",
    "Reading",
    "at_once",
    "catalogue",
    "changed",
    "in_a_run",
    "in_year_0",
    "known",
    "reach",
    "read_run",
]

Read = Callable[[SchoolsModel], float]
T = TypeVar("T")
Number = float | tuple[float, ...]

HOMES = {
    "stage": (
        "moves_children",
        "moves_lasting",
        "moves_own",
        "moves_schools",
        "moves_teachers",
        "moves_routes",
        "moves_universities",
        "moves_careers",
        "moves_work",
        "moves_levers",
    ),
    "run": ("moves_run",),
}
TENTH = 0.1
_SHELVES: dict[str, dict[str, Reading]] = {how: {} for how in HOMES}


@dataclass(frozen=True)
class Reading:
    """A named number that can be read off a model.

    Attributes:
        name: What `moves` calls it.
        title: What it is.
        unit: Its unit.
        read: Takes a model and returns the number; may change the model.
    """

    name: str
    title: str
    unit: str
    read: Read


def at_once(unit: str) -> Callable[[Read], Read]:
    """Register a function, by its name and the first line of its docstring, as a stage reading."""
    return _shelved("stage", unit)


def in_a_run(unit: str) -> Callable[[Read], Read]:
    """Register a function, likewise, as a reading of the last year of a run."""
    return _shelved("run", unit)


def _shelved(how: str, unit: str) -> Callable[[Read], Read]:
    def add(function: Read) -> Read:
        title = (function.__doc__ or "").partition("\n")[0].rstrip(".")
        name = function.__name__
        _SHELVES[how][name] = Reading(name, title, unit, function)
        return function

    return add


def _shelf(how: str) -> dict[str, Reading]:
    for home in HOMES[how]:
        import_module(f"sim.evidence.{home}")
    return _SHELVES[how]


def catalogue(how: str) -> list[dict[str, str]]:
    """Return name, title and unit of everything that `moves` may name (``stage`` or ``run``).

    >>> {record["name"]: record["unit"] for record in catalogue("stage")}["attainment8"]
    'points'
    """
    records = [{"name": r.name, "title": r.title, "unit": r.unit} for r in _shelf(how).values()]
    if how == "run":
        here = [target for target in facts.targets() if target.stage != "after school"]
        records += [{"name": t.name, "title": t.title, "unit": t.unit} for t in here]
        measures = [describe(name) for name in available()]
        records += [{"name": m.name, "title": m.title, "unit": m.unit} for m in measures]
    return records


def known(how: str) -> set[str]:
    """Return the names of the same."""
    return {record["name"] for record in catalogue(how)}


def reach(belief: Belief) -> tuple[Number, Number]:
    """Return a low and a high value to try: the range, or a tenth either side where there is none.

    A table moves as one: all its entries low, then all high.
    """
    table = isinstance(belief.value, tuple)
    entries = [_reach(*entry) for entry in belief.numbers()]
    low, high = (tuple(end) for end in zip(*entries, strict=True))
    return (low, high) if table else (low[0], high[0])


def _reach(value: float, low: float, high: float) -> tuple[float, float]:
    step = TENTH * (abs(value) or 1.0)
    return (low, high) if low < high else (value - step, value + step)


def changed(settings: Settings, group: str, name: str, value: Number) -> Settings:
    """Return settings with one belief's value set, inside its range or not."""
    records = dict(settings.beliefs.records)
    belief = records[group][name].model_copy(update={"value": value})
    records[group] = {**records[group], name: belief}
    beliefs = Beliefs.model_construct(records=records)
    return settings.model_copy(update={"beliefs": beliefs})


def in_year_0(settings: Settings, read: Callable[[SchoolsModel], T]) -> T:
    """Live the past of a world and return what is read of it in year 0."""
    found: list[T] = []

    def watch(model: SchoolsModel) -> None:
        if model.policy_year == 0:
            found.append(read(model))

    model = SchoolsModel(settings)
    model.watch = watch
    model.live_past()
    return found[0]


class Bench:
    """A baseline lived up to year 0, on which stage readings are taken over and over."""

    def __init__(self, settings: Settings):
        self.past = SchoolsModel(settings).live_past()

    def read(self, name: str, settings: Settings) -> float:
        """Return a stage reading: the past as it was, the year ahead under these settings.

        Beliefs and luck (``settings.luck``) count from here on.

        Raises:
            BadRequest: There is no such stage reading.
        """
        shelf = _shelf("stage")
        if name not in shelf:
            raise BadRequest(f"No stage reading {name!r}. {did_you_mean(name, shelf)}")
        past = self.past.copy()
        past.world.key = Key(settings.seed, settings.luck)
        model = SchoolsModel(settings, past)
        try:
            return float(shelf[name].read(model))
        finally:
            model.close()


def read_run(settings: Settings, names: Iterable[str]) -> dict[str, float]:
    """Run a cell and return readings of its last year.

    Raises:
        BadRequest: A name is no reading of a run.
    """
    wanted, shelf = set(names), _shelf("run")
    unknown = wanted - known("run")
    if unknown:
        first = min(unknown)
        raise BadRequest(f"No reading {first!r} of a run. {did_you_mean(first, known('run'))}")
    found: dict[str, float] = {}

    def look(model: SchoolsModel) -> None:
        if model.policy_year == settings.years:
            found.update({name: float(shelf[name].read(model)) for name in wanted & set(shelf)})
            for several in (structure, attainment):
                found.update({k: v for k, v in several(model).items() if k in wanted - set(found)})

    model = SchoolsModel(settings)
    model.watch = look
    try:
        model.run()
        for name in wanted - set(found):
            value = evaluate(dataset(model, settings), name, years=settings.years)
            value = value.sel(group="all") if "group" in value.dims else value
            found[name] = float(value.mean())
    finally:
        model.close()
    return found
