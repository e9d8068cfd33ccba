"""Tables: the verbs of agent sets over columns."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

from sim.arrays import Int32s, Int64s
from sim.columns import Column, Field, Table


class Ships(Table):
    """What the tests look at."""

    port = Column("i1", "index", "where it lies")
    tons = Column("i8", "tons", "cargo", fill=3)
    draught = Column("f4", "m", "depth under water")
    holds = Column("i4", "tons", "in each hold", width=2)


class Ferries(Ships):
    """A kind of ship with one more column."""

    cars = Column("i2", "cars", "on deck")


class Cargo(NamedTuple):
    """What a kernel would take of a ship."""

    holds: Int32s
    tons: Int64s


class Masts(NamedTuple):
    """What ships of this kind have not."""

    masts: Int64s


class Weighed(NamedTuple):
    """A column under another type."""

    tons: Int32s


class Captain:
    """Somebody who sees one row."""

    tons = Field(Ships.tons)
    draught = Field(Ships.draught)

    def __init__(self, table: Ships, row: int):
        self.table, self.row = table, row


@pytest.fixture
def ships() -> Ships:
    table = Ships(5)
    table.port, table.tons = [2, 0, 2, 1, 0], [10, 20, 30, 40, 50]
    return table


def test_a_column_says_what_it_holds() -> None:
    assert Ships.columns["holds"] is Ships.holds
    assert (Ships.holds.name, Ships.holds.unit, Ships.holds.meaning) == (
        "holds", "tons", "in each hold",
    )  # fmt: skip
    assert Ships.draught.dtype == np.float32


def test_a_fresh_table_is_filled_and_shaped() -> None:
    table = Ships(4)
    assert len(table) == 4
    assert table.tons.tolist() == [3, 3, 3, 3]
    assert table.holds.shape == (4, 2)
    assert table.nbytes() == 4 * (1 + 8 + 4 + 8)


def test_a_kind_of_table_adds_columns_and_leaves_its_own_alone() -> None:
    assert list(Ferries.columns) == ["port", "tons", "draught", "holds", "cars"]
    assert "cars" not in Ships.columns
    assert Ferries(2).cars.tolist() == [0, 0]


def test_writing_a_column_writes_in_place_and_keeps_its_type(ships: Ships) -> None:
    before = ships.draught
    ships.draught = [1, 2, 3, 4, 5]
    assert ships.draught is before
    ships.set("draught", 7).set("holds", [[1, 2]] * 5)
    assert before.dtype == np.float32 and set(before.tolist()) == {7.0}
    assert ships.holds[3].tolist() == [1, 2]
    with pytest.raises(ValueError, match="broadcast"):
        ships.tons = [1, 2]


def test_select_gives_rows_that_can_be_read_written_and_added_up(ships: Ships) -> None:
    heavy = ships.select(ships.tons > 25)
    assert len(heavy) == 3
    assert heavy.get("tons").tolist() == [30, 40, 50]
    assert heavy.set("tons", [1, 2, 3]) is heavy
    assert ships.tons.tolist() == [10, 20, 1, 2, 3]
    assert heavy.agg("tons", np.sum) == 6
    assert len(ships.select(ships.tons > 999)) == 0


def test_get_agg_and_do(ships: Ships) -> None:
    def unload(table: Ships, much: int) -> None:
        table.tons = table.tons - much

    assert ships.get("tons") is ships.tons
    assert ships.agg("tons", np.max) == 50
    assert ships.do(unload, 5).tons.tolist() == [5, 15, 25, 35, 45]


def test_groupby_goes_by_value_smallest_first_and_keeps_the_order_of_rows(ships: Ships) -> None:
    groups = {int(port): rows.get("tons").tolist() for port, rows in ships.groupby("port")}
    assert groups == {0: [20, 50], 1: [40], 2: [10, 30]}
    assert list(groups) == [0, 1, 2]
    assert list(Ships(0).groupby("port")) == []


def test_a_copy_is_a_branch_of_its_own(ships: Ships) -> None:
    ships.flag = "red"
    other = ships.copy()
    other.tons = 0
    assert ships.tons.tolist() == [10, 20, 30, 40, 50]
    assert type(other) is Ships and len(other) == 5
    assert other.flag == "red"
    assert all(not np.shares_memory(other.get(n), ships.get(n)) for n in Ships.columns)


def test_a_field_reads_and_writes_one_row(ships: Ships) -> None:
    captain = Captain(ships, 3)
    assert captain.tons == 40 and type(captain.tons) is int
    captain.tons = 41
    captain.draught = 2.5
    assert ships.tons.tolist() == [10, 20, 30, 41, 50]
    assert captain.draught == 2.5 and type(captain.draught) is float
    assert Captain.tons is Ships.tons


def test_a_field_follows_its_table_into_a_branch(ships: Ships) -> None:
    captain: Any = Captain(ships, 0)
    captain.table = ships.copy()
    captain.tons = -1
    assert ships.tons[0] == 10


def test_a_view_hands_out_the_columns_that_a_named_tuple_names(ships: Ships) -> None:
    seen = ships.view(Cargo)
    assert seen.tons is ships.tons and seen.holds is ships.holds
    assert Ferries(2).view(Cargo).tons.tolist() == [3, 3]


def test_a_view_refuses_names_and_types_that_are_not_the_table_s(ships: Ships) -> None:
    with pytest.raises(TypeError, match="Masts: Ships has no column masts"):
        ships.view(Masts)
    with pytest.raises(TypeError, match=r"Weighed: Ships\.tons is int64"):
        ships.view(Weighed)
