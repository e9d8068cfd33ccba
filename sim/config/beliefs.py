"""What we think is true of the world: one record a number, with its range and its source.

A belief is separate from policy and never set by a scenario. A *response* belief is one that,
moved over its range, moves a difference between policies by more than a tenth of the smallest that
matters (`sim.evidence.doubt` measures it); all others are *level* beliefs and shape the baseline.
Until an ensemble is calibrated, draws move response beliefs only.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from keyword import iskeyword
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator

from sim.config.drawing import DISTRIBUTIONS, keyed_uniform
from sim.config.renamed import first_name
from sim.config.values import Group, Number, Table, Values, named

__all__ = ["Belief", "Beliefs", "Group", "Values", "allowing"]


def _words(given: object) -> object:
    """Take a list of words as the tuple it is kept as; what is none is told with the types."""
    return tuple(given) if isinstance(given, list) else given


def _number_or_table(given: Any) -> Number:
    """Accept a finite number, or a flat list of them."""
    if isinstance(given, list | tuple) and given and all(_is_number(entry) for entry in given):
        return tuple(float(entry) for entry in given)
    if _is_number(given):
        return float(given)
    raise ValueError(f"{given!r} is not a finite number or a list of finite numbers")


def _is_number(given: object) -> bool:
    if isinstance(given, bool) or not isinstance(given, int | float):
        return False
    try:
        return math.isfinite(given)
    except OverflowError:  # a whole number of hundreds of digits
        return False


NumberOrTable = Annotated[Number, BeforeValidator(_number_or_table)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Words = Annotated[tuple[Name, ...], BeforeValidator(_words)]
Text = Annotated[str, Field(min_length=1)]


_ALLOWED = "outside_range"


def allowing(outside_range: bool) -> dict[str, bool]:
    """Return the context in which a record may have a value outside its range, or may not."""
    return {_ALLOWED: outside_range}


class Belief(BaseModel):
    """One number (or one table of coefficients) that we do not know exactly.

    ``entries`` names the positions of a table, one word each; a number has none.
    ``value`` is the central estimate; ``low`` and ``high`` bound every draw. ``moves`` names
    readings that rise (``+``) or fall (``-``) as the belief rises (`sim.evidence.probes`);
    ``moves_how`` says whether a test sees it on the stage function at once or needs a run, under
    ``moves_scenario`` (default: the baseline) and with ``moves_switch`` on, where a switch that is
    off by default has to be. A published constant that no draw moves keeps the
    same promise: a number that moves nothing has no business here. ``held`` keeps the value in
    every draw; it is so where a request gives a value and no range with it, and left open (None)
    where nothing was said.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    entries: Words | None = None
    value: NumberOrTable
    low: NumberOrTable
    high: NumberOrTable
    distribution: Literal["normal", "triangular", "lognormal", "uniform", "beta", "fixed"]
    unit: Text
    meaning: Text
    source: Text
    strength: Literal["high", "medium", "low", "not stated"]
    kind: Literal["response", "level"]
    moves: dict[Name, Literal["+", "-"]] = Field(min_length=1)
    moves_scenario: str | None = None
    moves_switch: Name | None = None
    moves_how: Literal["stage", "run"] = "stage"
    held: bool | None = None

    @property
    def bare(self) -> Number:
        """The value; a table has its numbers under their words too."""
        if self.entries is None or not isinstance(self.value, tuple):
            return self.value
        return named(self.entries, self.value)

    @property
    def positions(self) -> tuple[str, ...]:
        """What to write behind the name for each number: ``[degree]``, or nothing for one number.

        Positions without words of their own are counted from 1.
        """
        if not isinstance(self.value, tuple):
            return ("",)
        words = self.entries or range(1, len(self.value) + 1)
        return tuple(f"[{word}]" for word in words)

    @property
    def is_outside(self) -> bool:
        """Whether the value lies outside the record's own range, which has to be allowed."""
        return not all(low <= value <= high for value, low, high in self.numbers())

    @model_validator(mode="after")
    def _is_ordered(self, info: ValidationInfo) -> Belief:
        numbers = tuple(self.numbers())
        if len({isinstance(part, tuple) for part in (self.value, self.low, self.high)}) > 1:
            raise ValueError("value, low and high are either all numbers or all lists of numbers")
        self._are_named(len(numbers))
        if not all(low <= high for _, low, high in numbers):
            raise ValueError(f"low {_show(self.low)} is above high {_show(self.high)}")
        if self.is_outside and not (info.context or {}).get(_ALLOWED):
            raise ValueError(
                f"{_show(self.value)} is outside its range {_show(self.low)} to "
                f"{_show(self.high)}; give a value inside it, or allow it with --outside-range "
                f"(machine.outside_range=true)"
            )
        if self.distribution == "lognormal" and not all(low > 0 for _, low, _ in numbers):
            raise ValueError("a lognormal belief needs a low above 0; give one or use 'normal'")
        return self

    def _are_named(self, size: int) -> None:
        """Refuse words for positions that are not one word for each."""
        if self.entries is None:
            return
        if not isinstance(self.value, tuple):
            raise ValueError("entries name the positions of a table, and value is one number")
        if len(self.entries) != size or len(set(self.entries)) != size:
            raise ValueError(
                f"entries need one word for each of {size} numbers, no word twice; they are "
                + ", ".join(self.entries)
            )
        if taken := [word for word in self.entries if iskeyword(word) or hasattr(Table, word)]:
            raise ValueError(f"entries: {taken[0]!r} means something else in Python; take another")

    def at_quantile(self, probability: float) -> Belief:
        """Return the belief with its value at a quantile (0..1) of its distribution.

        The entries of a table move together, each over its own range. A fixed belief stays, and
        so does a value outside its range: there is no distribution around it.
        """
        if self.is_outside:
            return self
        inverse = DISTRIBUTIONS[self.distribution]
        drawn = tuple(inverse(probability, *entry) for entry in self.numbers())
        value = drawn if isinstance(self.value, tuple) else drawn[0]
        return self.model_copy(update={"value": value})

    def times(self, factor: float) -> Belief:
        """Return the belief with its value and its ends multiplied by a factor above 0."""
        value, low, high = (
            tuple(factor * one for one in part) if isinstance(part, tuple) else factor * part
            for part in (self.value, self.low, self.high)
        )
        return self.model_copy(update={"value": value, "low": low, "high": high})

    def numbers(self) -> Iterator[tuple[float, float, float]]:
        """Yield value, low and high of each number of the record: one, or as many as its table."""
        columns = [_as_tuple(part) for part in (self.value, self.low, self.high)]
        sizes = {len(column) for column in columns}
        if len(sizes) != 1:
            raise ValueError(
                "value, low and high of a table need the same length; they have "
                + ", ".join(str(len(column)) for column in columns)
            )
        return zip(*columns, strict=True)


class Beliefs(BaseModel):
    """All beliefs of a run: ``records[group][name]``, to be read and not written."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    records: dict[Name, dict[Name, Belief]]

    @property
    def values(self) -> Values:
        """Bare values with nested access: ``beliefs.values.money.return_per_thousand``."""
        return Values(
            {
                group: Group(group, {name: belief.bare for name, belief in records.items()})
                for group, records in self.records.items()
            }
        )

    def scaled(self, names: Collection[str], factor: float) -> Beliefs:
        """Return beliefs of which those named (``group.name``) are multiplied by a factor."""
        if factor == 1:
            return self
        return Beliefs.model_construct(
            records={
                group: {
                    name: belief.times(factor) if f"{group}.{name}" in names else belief
                    for name, belief in named.items()
                }
                for group, named in self.records.items()
            }
        )

    def drawn(self, draw: int, seed: int) -> Beliefs:
        """Return draw number ``draw``: 0 is the central set, others redraw response beliefs.

        A belief that is held keeps its value in all of them. Each value hangs on seed, draw and
        the name the belief had at first, so neither the order of records nor a further belief nor
        a new name changes it.
        """
        if draw == 0:
            return self
        return Beliefs.model_construct(
            records={
                group: {
                    name: belief.at_quantile(
                        keyed_uniform(seed, draw, *first_name(f"{group}.{name}").split("."))
                    )
                    if belief.kind == "response" and not belief.held
                    else belief
                    for name, belief in named.items()
                }
                for group, named in self.records.items()
            }
        )

    @property
    def outside(self) -> tuple[str, ...]:
        """Names of the beliefs whose values lie outside their own range: ``group.name``."""
        return tuple(
            f"{group}.{name}"
            for group, named in self.records.items()
            for name, belief in named.items()
            if belief.is_outside
        )

    def __len__(self) -> int:
        return sum(len(named) for named in self.records.values())


def _as_tuple(number: Number) -> tuple[float, ...]:
    return number if isinstance(number, tuple) else (number,)


def _show(number: Number) -> str:
    if isinstance(number, tuple):
        return "[" + ", ".join(f"{entry:g}" for entry in number) + "]"
    return f"{number:g}"
