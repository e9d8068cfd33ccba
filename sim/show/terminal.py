"""The comparison as one table that fits a screen: 24 lines of 100 columns, plain in a pipe."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TextIO

from sim.show.tables import BASELINE, HEADLINES, Headline, headline, title_of
from sim.show.words import DASH, join, label, number, signed

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from rich.table import Table

__all__ = ["COLUMNS", "LINES", "comparison_table", "print_comparison"]

LINES, COLUMNS = 24, 100
LINES_AROUND = 11  # title, heading, rule, and a caption of five lines
LINES_A_ROW = 2
SECOND = "job_affluent"
WIDTH_OF_NAMES, WIDTH_OF_CHANGES, WIDTH_OF_SHARES, WIDTH_OF_VERDICTS = 13, 12, 8, 12


def comparison_table(dataset: xr.Dataset, *, rows: pd.DataFrame | None = None) -> Table:
    """Return policies as rows and the headline measures as columns, each with its interval.

    Args:
        dataset: results with dimensions scenario, draw and replicate (or cells).
        rows: what :func:`sim.show.tables.headline` gave for them, if already at hand.

    Returns:
        A rich table of at most 24 lines and 100 columns. Policies that do not fit are counted
        in the caption; all of them are in the report.
    """
    from rich import box
    from rich.table import Table

    from sim.results.reading import as_cells

    cells = as_cells(dataset)
    found = headline(cells) if rows is None else rows
    names = list(dict.fromkeys(found["scenario"]))
    room = (LINES - LINES_AROUND) // LINES_A_ROW
    shown, left = names[:room], len(names) - room
    table = Table(
        title=title_of(cells),
        caption=_caption(left, found[found["scenario"].isin(shown)]),
        box=box.SIMPLE_HEAD,
        padding=(0, 0),
        show_edge=False,
        pad_edge=False,
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("Policy", width=WIDTH_OF_NAMES)
    columns = [column for column in HEADLINES if column.on_screen]
    for column in columns:
        width = WIDTH_OF_CHANGES if column.is_change else WIDTH_OF_SHARES
        table.add_column(column.short, justify="right", width=width)
    table.add_column("Verdict,\nA8, most\naffluent\nfifth", width=WIDTH_OF_VERDICTS)
    for name in shown:
        mine = found[found["scenario"] == name].set_index("key")
        level = name == BASELINE
        told = (_cell(mine, column, level) for column in columns)
        table.add_row("Baseline\n(level)" if level else label(name), *told, _verdict(mine))
    return table


def print_comparison(dataset: xr.Dataset, file: TextIO) -> None:
    """Print the table to a stream: styled on a terminal, plain text anywhere else."""
    from rich.console import Console

    console = Console(file=file, width=COLUMNS, highlight=False)
    console.print(comparison_table(dataset))


def _cell(rows: pd.DataFrame, column: Headline, level: bool) -> str:
    """Write one value above its interval; a measure that does not apply says so."""
    if column.key not in rows.index:
        return "does not\napply"
    row: Any = rows.loc[column.key]
    if not math.isfinite(float(row["value"])):
        return "not\nreached"
    write = signed if column.is_change and not level else number
    unit = "%" if column.unit == "%" else ""
    value, low, high = (column.scale * float(row[c]) for c in ("value", "low", "high"))
    if not math.isfinite(low) or not math.isfinite(high):
        return f"{write(value, column.digits)}{unit}\nno interval"
    ends = (number(low, column.digits), number(high, column.digits))
    between = ", " if column.is_change else DASH
    return f"{write(value, column.digits)}{unit}\n{between.join(ends)}{unit}"


def _verdict(rows: pd.DataFrame) -> str:
    first = HEADLINES[0].key
    return str(rows.loc[first, "verdict"]) if first in rows.index else ""


def _second(rows: pd.DataFrame) -> str:
    """Tell the verdicts of the second primary measure, which has no column for them."""
    mine = rows[(rows["key"] == SECOND) & (rows["scenario"] != BASELINE)]
    told: dict[str, list[str]] = {}
    for name, verdict in zip(mine["scenario"], mine["verdict"], strict=True):
        told.setdefault(str(verdict) or "not reached", []).append(label(str(name)))
    if not told:
        return ""
    if set(told) == {"not reached"}:
        return " Professional job at 25: not reached."
    words = "; ".join(f"{word} under {join(names)}" for word, names in told.items())
    return f" Professional job at 25, most affluent fifth: {words}."


def _caption(left: int, rows: pd.DataFrame) -> str:
    """Say how to read the table, and how many policies it had no room for."""
    text = (
        "Differences from the national baseline, end of the run; below each, its 90 % interval "
        "(doubt and chance)."
    )
    text += _second(rows)
    if left > 0:
        text += f" {left} more in the report."
    return text
