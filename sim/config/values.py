"""Bare values of beliefs with nested access: ``values.learning.carry_primary`` is a number.

What there is, type checkers and editors read from `values.pyi` beside this file, which ``make
values`` writes from ``conf/beliefs/default/``: one class a group (`LearningBeliefs`), one
attribute a belief, and for a table one attribute a position. Adding a belief is adding its record.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, ClassVar

from sim.errors import did_you_mean

__all__ = ["Group", "Number", "Table", "Values", "named"]

Number = float | tuple[float, ...]


class _Frozen:
    """Attribute access to a mapping that cannot be changed by accident; survives pickling."""

    __slots__ = ("_content", "_where")

    _content: dict[str, Any]
    _where: str

    def __init__(self, where: str, content: dict[str, Any]) -> None:
        object.__setattr__(self, "_where", where)
        object.__setattr__(self, "_content", content)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self._content[name]
        except KeyError:
            raise AttributeError(
                f"{self._where} has no {name!r}. {did_you_mean(name, self._content)}"
            ) from None

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{self._where} cannot be changed; compose other settings instead")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{self._where} cannot be changed; compose other settings instead")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and self._content == other._content

    def __hash__(self) -> int:
        return hash(tuple(sorted(self._content.items())))

    def __dir__(self) -> list[str]:
        return sorted(self._content)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._content!r})"


class Table(tuple[float, ...]):
    """Numbers of a table, each also under the word of its position: ``professional.degree``."""

    __slots__ = ()

    words: ClassVar[tuple[str, ...]] = ()

    def __getattr__(self, name: str) -> float:
        if name.startswith("__"):  # numpy looks for several such names on whatever it is given
            raise AttributeError(name)
        raise AttributeError(f"no entry {name!r} in this table. {did_you_mean(name, self.words)}")

    def __reduce__(self) -> tuple[Any, ...]:
        return named, (self.words, tuple(self))


def named(words: Sequence[str], numbers: Sequence[float]) -> Table:
    """Return the numbers of a table under the words of their positions.

    >>> costs = named(["primary", "secondary"], [1.5, 0.5])
    >>> costs.secondary, costs[1], costs == (1.5, 0.5)
    (0.5, 0.5, True)
    """
    return _table_of(tuple(words))(numbers)


@lru_cache(maxsize=256)
def _table_of(words: tuple[str, ...]) -> type[Table]:
    positions = {word: property(itemgetter(at)) for at, word in enumerate(words)}
    return type("Table", (Table,), {"__slots__": (), "words": words, **positions})


class Group(_Frozen):
    """Values of one group of beliefs: a float each, or a tuple of floats for a table."""

    __slots__ = ()

    def __init__(self, name: str, content: dict[str, Number]) -> None:
        super().__init__(f"beliefs.{name}", content)

    def __reduce__(self) -> tuple[type[Group], tuple[str, dict[str, Any]]]:
        return Group, (self._where.removeprefix("beliefs."), self._content)


class Values(_Frozen):
    """Groups of values: ``values.money.return_per_thousand`` is a float."""

    __slots__ = ()

    def __init__(self, groups: dict[str, Group]) -> None:
        super().__init__("beliefs", groups)

    def __reduce__(self) -> tuple[type[Values], tuple[dict[str, Any]]]:
        return Values, (self._content,)


def __getattr__(name: str) -> type[Group]:
    """Give the class of any group by the name it has in `values.pyi`: they are all `Group`."""
    if name.endswith("Beliefs") and not name.startswith("_"):
        return Group
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
