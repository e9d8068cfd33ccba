"""The areas that were asked for as a table of the terminal."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from sim.show.placed import Shown, cell_of, columns_of, note_of, placed
from sim.show.plain import plain_text
from sim.show.reference import BASELINE
from sim.show.words import label, records, times

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from rich.console import Console
    from rich.table import Table

__all__ = ["print_places"]

NAMES, NUMBERS = 16, 17  # columns of a screen


def print_places(dataset: xr.Dataset, console: Console) -> None:
    """Print a row a policy for each area that was asked for, and the warning; nothing if none."""
    rows = placed(dataset)
    if rows.empty:
        return
    console.print()
    console.print(_table(rows, console))
    console.print(plain_text(note_of(dataset), console.encoding), markup=False)


def _table(rows: pd.DataFrame, console: Console) -> Table:
    """Return the table, with the first measures that fit beside the names."""
    from rich import box
    from rich.table import Table

    every = columns_of(rows)
    shown = every[: max(1, (console.width - NAMES) // (NUMBERS + 1))]
    more = len(every) - len(shown)
    caption = "Differences from the baseline; below each, its 90 % interval and verdict."
    caption += f" {times(more, 'more measure')} in the report." if more else ""
    table = Table(
        title="Places like these: disadvantaged and other pupils who live there",
        caption=caption,
        box=box.SIMPLE_HEAD,
        padding=(0, 0),
        show_edge=False,
        pad_edge=False,
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("Place,\npolicy", width=NAMES)
    for one in shown:
        table.add_column(plain_text(one.short, console.encoding), justify="right", width=NUMBERS)
    for place in dict.fromkeys(rows["place"]):
        _add(table, rows[rows["place"] == place], shown, console.encoding)
    return table


def _add(table: Table, rows: pd.DataFrame, shown: list[Shown], encoding: str) -> None:
    """Add the rows of one area under its name."""
    by_key = {(r["scenario"], r["measure"], r["group"]): r for r in records(rows)}
    table.add_row(plain_text(str(rows["place_name"].iloc[0]), encoding), style="bold")
    for name in dict.fromkeys(rows["scenario"]):
        cells = [
            plain_text("\n".join(filter(None, cell_of(by_key.get((name, s.measure, s.group)), s))),
                       encoding)
            for s in shown
        ]  # fmt: skip
        called = f"{label(name)} (level)" if name == BASELINE else label(name)
        lines = textwrap.wrap(plain_text(called, encoding), NAMES, initial_indent="  ",
                              subsequent_indent="  ")  # fmt: skip
        table.add_row("\n".join(lines), *cells)
