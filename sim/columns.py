"""Tables of columns: numbers live once, in arrays, unit and meaning declared beside them.

A `Table` is a struct of arrays that speaks the verbs of Mesa's AgentSet (select, get, set, do, agg,
groupby), so that whole populations read like sets of agents and cost like arrays.

>>> class Buses(Table):
...     seats = Column("i8", "seats", "places to sit")
>>> buses = Buses(3)
>>> buses.set("seats", [10, 20, 30]).agg("seats", np.sum)
np.int64(60)
>>> buses.select(buses.seats > 15).get("seats")
array([20, 30])

What a kernel reads of a table goes to it as one: a NamedTuple that names the columns.

>>> class Room(NamedTuple):
...     seats: NDArray[np.int64]
>>> buses.view(Room)
Room(seats=array([10, 20, 30]))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, NamedTuple, Self, TypeVar, get_args, get_type_hints, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Column", "Field", "Rows", "Table"]

Pack = TypeVar("Pack", bound=NamedTuple)
_COMPARED: set[tuple[type[NamedTuple], type[Table]]] = set()
"""NamedTuples that were found to name columns of a table."""


class Column:
    """One declared column: type, unit, meaning and, for several numbers a row, how many.

    One that is ``optional`` takes no memory until a run that needs it adds it (`Table.add`).
    """

    def __init__(
        self,
        dtype: str,
        unit: str,
        meaning: str,
        *,
        width: int = 0,
        fill: float = 0,
        optional: bool = False,
    ):
        self.dtype = np.dtype(dtype)
        self.unit = unit
        self.meaning = meaning
        self.width = width
        self.fill = fill
        self.optional = optional
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, table: None, owner: type) -> Column: ...
    @overload
    def __get__(self, table: Table, owner: type) -> NDArray[Any]: ...
    def __get__(self, table: Table | None, owner: type) -> Column | NDArray[Any]:
        return self if table is None else table.data[self.name]

    def __set__(self, table: Table, values: ArrayLike) -> None:
        table.data[self.name][...] = values

    def empty(self, rows: int) -> NDArray[Any]:
        """Return a fresh column of this kind."""
        shape = (rows, self.width) if self.width else (rows,)
        return np.full(shape, self.fill, self.dtype)


class Table:
    """A struct of arrays with as many rows as asked for; subclasses declare the columns."""

    columns: ClassVar[dict[str, Column]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        own = {name: c for name, c in vars(cls).items() if isinstance(c, Column)}
        cls.columns = {**cls.columns, **own}

    def __init__(self, rows: int):
        self.rows = rows
        held = {name: column for name, column in self.columns.items() if not column.optional}
        self.data = {name: column.empty(rows) for name, column in held.items()}

    def __len__(self) -> int:
        return self.rows

    def copy(self) -> Self:
        """Return a table of its own with the same numbers: all that a branch needs."""
        twin = self.__class__.__new__(self.__class__)
        twin.__dict__.update(self.__dict__)
        twin.data = {name: values.copy() for name, values in self.data.items()}
        return twin

    def but_for(self, columns: Mapping[str, ArrayLike]) -> Self:
        """Return a table that shares every column with this one but those given anew."""
        twin = self.__class__.__new__(self.__class__)
        twin.__dict__.update(self.__dict__)
        anew = {name: np.asarray(v, self.data[name].dtype) for name, v in columns.items()}
        twin.data = self.data | anew
        return twin

    def nbytes(self) -> int:
        """Return the bytes that the columns hold."""
        return sum(values.nbytes for values in self.data.values())

    def select(self, chosen: NDArray[np.bool_]) -> Rows:
        """Return the rows where ``chosen`` is true."""
        return Rows(self, np.flatnonzero(chosen))

    def get(self, name: str) -> NDArray[Any]:
        """Return one column."""
        return self.data[name]

    def has(self, name: str) -> bool:
        """Say whether an optional column is there."""
        return name in self.data

    def add(self, *names: str) -> None:
        """Add optional columns that are not there yet, each full of what it is filled with."""
        for name in names:
            if name not in self.data:
                self.data[name] = self.columns[name].empty(self.rows)

    def view(self, kind: type[Pack]) -> Pack:
        """Return the columns that a NamedTuple names, as a kernel takes them: not copies.

        Args:
            kind: A NamedTuple whose fields are columns of this table, typed as those are.

        Raises:
            TypeError: A field is no column here, or of another type.
        """
        pair = kind, self.__class__
        if pair not in _COMPARED:
            _compare(*pair)
            _COMPARED.add(pair)
        return kind._make(self.data[name] for name in kind._fields)

    def set(self, name: str, values: ArrayLike) -> Self:
        """Write one column."""
        self.data[name][...] = values
        return self

    def do(self, action: Callable[..., object], *arguments: object) -> Self:
        """Call ``action(table, *arguments)`` for its effect."""
        action(self, *arguments)
        return self

    def agg(self, name: str, func: Callable[[NDArray[Any]], Any]) -> Any:
        """Return ``func`` of one column."""
        return func(self.data[name])

    def groupby(self, name: str) -> Iterator[tuple[Any, Rows]]:
        """Yield each value of a column with the rows that have it, smallest value first."""
        values, where = np.unique(self.data[name], return_inverse=True)
        order = np.argsort(where, kind="stable")
        counts = np.bincount(where, minlength=values.size)
        for value, end, count in zip(values, np.cumsum(counts), counts, strict=True):
            yield value, Rows(self, order[end - count : end])


def _compare(kind: type[NamedTuple], table: type[Table]) -> None:
    """Stop unless the fields of a NamedTuple are columns of a table, typed as those are."""
    for name, hint in get_type_hints(kind).items():
        column = table.columns.get(name)
        if column is None:
            raise TypeError(f"{kind.__name__}: {table.__name__} has no column {name}")
        if _scalar(hint) is not column.dtype.type:
            raise TypeError(f"{kind.__name__}: {table.__name__}.{name} is {column.dtype}")


def _scalar(hint: object) -> object:
    """Return the type of one number of an array, however its alias is built up.

    >>> _scalar(NDArray[np.int8]) is np.int8
    True
    """
    inside = get_args(hint)
    return _scalar(inside[-1]) if inside else hint


class Rows:
    """Some rows of a table, with the table's verbs."""

    def __init__(self, table: Table, index: NDArray[np.intp]):
        self.table = table
        self.index = index

    def __len__(self) -> int:
        return int(self.index.size)

    def get(self, name: str) -> NDArray[Any]:
        """Return these rows of one column."""
        chosen: NDArray[Any] = self.table.data[name][self.index]
        return chosen

    def set(self, name: str, values: ArrayLike) -> Self:
        """Write these rows of one column."""
        self.table.data[name][self.index] = values
        return self

    def agg(self, name: str, func: Callable[[NDArray[Any]], Any]) -> Any:
        """Return ``func`` of these rows of one column."""
        return func(self.get(name))


class Field:
    """A column seen from one row: how an agent reads and writes its own numbers.

    The owner needs two attributes: ``table`` and ``row``.
    """

    def __init__(self, column: Column):
        self.column = column

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, agent: Any, owner: type) -> Any:
        return self.column if agent is None else agent.table.data[self.name].item(agent.row)

    def __set__(self, agent: Any, value: float) -> None:
        agent.table.data[self.name][agent.row] = value
