"""The comparison as one table that fits a screen: 24 lines of 100 columns, plain in a pipe."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

from sim.config.marks import marks
from sim.config.other_money import told_apart
from sim.results.shapes import as_cells
from sim.show.area_tables import areas_of
from sim.show.dose import MARK, sentences, written
from sim.show.headlines import CONTRAST, JOB_CONTRAST, untargeted, years_in
from sim.show.labels import labelled
from sim.show.leads import findings
from sim.show.money_told import money_told
from sim.show.placed_screen import print_places
from sim.show.plain import plain_text
from sim.show.reference import BASELINE, reference_of
from sim.show.scope import scope_of, with_scope
from sim.show.tables import HEADLINES, Headline, headline
from sim.show.text import summary
from sim.show.words import DASH, bound, join, label, number, signed, times

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from rich.box import Box
    from rich.console import Console
    from rich.table import Table

__all__ = ["COLUMNS", "LINES", "comparison_table", "console_of", "print_comparison", "title_of"]

LINES, COLUMNS = 24, 100
UNKNOWN_COLUMNS = 80  # of a terminal that says it has none
LINES_A_ROW = 2
MOST_LINES, FEWEST_LINES = 8, 3
"""Lines of a long name: as many as there is room for, within these."""
LONGEST_IN_TEXT = 60
POLICY = "Policy,\n£ a pupil\nreached\na year"
WIDTH_OF_NAMES, WIDTH_OF_CHANGES, WIDTH_OF_SHARES, WIDTH_OF_VERDICTS = 13, 12, 8, 12
NARROWEST = WIDTH_OF_NAMES + WIDTH_OF_CHANGES + WIDTH_OF_VERDICTS + 2
VERDICTS = {
    CONTRAST: "Verdict,\nA8, most\nminus least\naffluent",
    "all_areas": "Verdict,\nA8, all\nareas\n",
}
"""Numbers declared beforehand that the column of verdicts may judge; the first that is there."""


def comparison_table(
    dataset: xr.Dataset,
    *,
    rows: pd.DataFrame | None = None,
    width: int = COLUMNS,
    lines: int = LINES,
    encoding: str = "utf-8",
) -> Table:
    """Return policies as rows and the headline measures as columns, each with its interval.

    Args:
        dataset: results with dimensions scenario, draw and replicate (or cells).
        rows: what :func:`sim.show.tables.headline` gave for them, if already at hand.
        width: columns of the screen; where the table would not fit, the last measures are left
            out, and below 39 columns each policy is a short list.
        lines: lines of the screen.
        encoding: of the screen; what it lacks is written in plain characters before it is laid out.

    Returns:
        A rich table of at most so many lines and columns. Policies and measures that do not fit
        are counted in the caption; all of them are in the report.
    """
    cells = as_cells(labelled(dataset))
    found = _rows(dataset) if rows is None else rows
    columns = _that_fit([column for column in HEADLINES if column.on_screen], width)
    wide = WIDTH_OF_NAMES + WIDTH_OF_VERDICTS + 1 + sum(_width(c) + 1 for c in columns)
    screen = _Screen(title_of(cells), found, columns, min(width, wide), lines, encoding)
    return _as_list(screen) if width < NARROWEST else _as_columns(screen)


def _rows(dataset: xr.Dataset) -> pd.DataFrame:

    return headline(as_cells(labelled(dataset)))


def title_of(dataset: xr.Dataset) -> str:
    """Say in one line what the numbers are and what they rest on."""
    scope = scope_of(dataset, with_scope({}))
    reference = reference_of(dataset.attrs)
    less = "baseline" if reference == BASELINE else label(reference)
    about = f"A8 = Attainment 8 of disadvantaged pupils, policy minus {less}."
    return f"{about} {scope.line()}"


def console_of(file: TextIO) -> Console:
    """Return a console as wide as the terminal it writes to, 100 columns anywhere else."""
    from rich.console import Console

    class Ours(Console):
        """A console that leaves it to the caller what a reader who has gone means."""

        def on_broken_pipe(self) -> None:
            """Let the error through: left alone, rich ends the program."""
            raise

    console = Ours(file=file, highlight=False)
    if console.is_terminal and console.width > 0:
        return console
    known = UNKNOWN_COLUMNS if console.is_terminal else COLUMNS
    return Ours(file=file, highlight=False, width=known)


def print_comparison(dataset: xr.Dataset, file: TextIO) -> None:
    """Print the table, then who gains and who loses in words, then what the numbers are of.

    Styled on a terminal, plain text anywhere else.
    """
    console = console_of(file)
    rows = _rows(dataset)
    encoding = console.encoding
    console.print(comparison_table(dataset, rows=rows, width=console.width, encoding=encoding))
    for sentence in sentences(rows):
        console.print(f"{MARK} {sentence}")
    cells = as_cells(labelled(dataset))
    areas = areas_of(cells)
    told = summary(findings(cells), (), apart=told_apart(cells.attrs))
    for heading, line in areas.around(told.lead):
        console.print(f"{heading}: {line}", markup=False)
    for name, line in money_told(cells):
        console.print(f"{name}, money: {line}", markup=False)
    if names := rows.attrs.get("untargeted"):
        console.print(untargeted(names), markup=False)
    for note in areas.notes:
        console.print(note, markup=False)
    print_places(cells, console)
    for mark in marks(dataset.attrs):
        console.print(mark)


@dataclass(frozen=True)
class _Screen:
    """What is to be shown, and the room there is for it."""

    title: str
    rows: pd.DataFrame
    columns: list[Headline]
    width: int
    lines: int
    encoding: str = "utf-8"

    @property
    def names(self) -> list[str]:
        """Every policy, in order."""
        return list(dict.fromkeys(self.rows["scenario"]))

    @property
    def reference(self) -> str:
        """The policy that the others are compared with; its levels are shown."""
        return reference_of(self.rows.attrs)

    @property
    def judged(self) -> str:
        """Key of the number that the column of verdicts judges; a world may lack a fifth."""
        here = set(self.rows.loc[self.rows["verdict"] != "", "key"])
        return next((key for key in VERDICTS if key in here), "all_areas")

    def of(self, name: str) -> pd.DataFrame:
        """Rows of a policy, by key of the measure."""
        return self.rows[self.rows["scenario"] == name].set_index("key")

    def caption(self, shown: Sequence[str]) -> str:
        """Say how to read it, and what there was no room for."""
        measures = sum(column.on_screen for column in HEADLINES) - len(self.columns)
        told = self.rows[self.rows["scenario"].isin(shown)]
        return self.write(_caption(len(self.names) - len(shown), measures, told))

    def write(self, text: str) -> str:
        """Return a text as the screen can show it."""
        return plain_text(text, self.encoding)

    def height(self, text: str) -> int:
        """Count the lines of a text wrapped at the width of the screen."""
        return len(textwrap.wrap(text, max(1, self.width)))


def _that_fit(columns: list[Headline], width: int) -> list[Headline]:
    """Return the first columns that fit beside names and verdicts; one at least."""
    used = WIDTH_OF_NAMES + WIDTH_OF_VERDICTS + 1
    kept: list[Headline] = []
    for column in columns:
        used += _width(column) + 1
        if kept and used > width:
            break
        kept.append(column)
    return kept


def _width(column: Headline) -> int:
    return WIDTH_OF_CHANGES if column.is_change else WIDTH_OF_SHARES


def _as_columns(screen: _Screen) -> Table:
    from rich import box

    head = VERDICTS[screen.judged].count("\n") + 2
    taken = head + screen.height(screen.title) + screen.height(screen.caption(screen.names)) + 1
    named, shown = _names_that_fit(screen, screen.lines - taken)
    table = _table(screen, shown, box.SIMPLE_HEAD)
    table.add_column(screen.write(POLICY), width=WIDTH_OF_NAMES)
    keys = [column.key for column in screen.columns]
    at = keys.index(screen.judged) + 1 if screen.judged in keys else len(keys)
    for column in screen.columns[:at]:
        table.add_column(screen.write(column.short), justify="right", width=_width(column))
    table.add_column(screen.write(VERDICTS[screen.judged]), width=WIDTH_OF_VERDICTS)
    for column in screen.columns[at:]:
        table.add_column(screen.write(column.short), justify="right", width=_width(column))
    for name in shown:
        mine, level = screen.of(name), name == screen.reference
        told = [screen.write(_cell(mine, column, level)) for column in screen.columns]
        table.add_row(named[name], *told[:at], _verdict(mine, screen.judged), *told[at:])
    return table


def _names_that_fit(screen: _Screen, room: int) -> tuple[dict[str, str], list[str]]:
    """Return the names of policies, long ones cut until all fit in so many lines, and who fits."""
    for most in range(MOST_LINES, FEWEST_LINES - 1, -1):
        named = {name: _named(screen, name, most) for name in screen.names}
        shown = _that_fit_down(named, room)
        if len(shown) == len(named):
            break
    return named, shown


def _named(screen: _Screen, name: str, most: int) -> str:
    """Return the name of a policy in so many lines, and below it its dose."""
    lines = _wrapped(screen.write(label(name)), most)
    if name == screen.reference:
        return "\n".join([*lines, "(level)"])
    mine = screen.of(name)
    dose = screen.write(written(mine.loc["dose"])) if "dose" in mine.index else ""
    return "\n".join(filter(None, [*lines, dose]))


def _wrapped(text: str, most: int) -> list[str]:
    """Return a name in so many lines: its beginning, and its end, where names differ too.

    >>> _wrapped("Option 18 a rather long name for a policy", 3)
    ['Option 18 a', 'rather long', '...r a policy']
    """
    lines = textwrap.wrap(text, WIDTH_OF_NAMES)
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], f"...{text[3 - WIDTH_OF_NAMES :]}"]


def _short(name: str) -> str:
    """Return the name of a policy for a sentence; of a very long one both ends."""
    text = label(name)
    half = LONGEST_IN_TEXT // 2
    return text if len(text) <= LONGEST_IN_TEXT else f"{text[:half]}...{text[3 - half :]}"


def _that_fit_down(named: dict[str, str], room: int) -> list[str]:
    """Return the first policies whose rows fit so many lines; one at least."""
    used, kept = 0, list[str]()
    for name, text in named.items():
        used += max(LINES_A_ROW, text.count("\n") + 1)
        if kept and used > room:
            break
        kept.append(name)
    return kept


def _as_list(screen: _Screen) -> Table:
    """Tell each policy in a few short lines, for a screen with no room for columns."""
    table = _table(screen, screen.names, None)
    table.add_column("", overflow="fold")
    for name in screen.names:
        mine, level = screen.of(name), name == screen.reference
        told = [f"{_short(name)} (level)" if level else _short(name)]
        if "dose" in mine.index and (dose := written(mine.loc["dose"])):
            told.append(f"{dose} a pupil reached, a year")
        for column in screen.columns:
            head = " ".join(column.short.split())
            told += [f"{head}:", *_cell(mine, column, level).split("\n")]
        if word := _verdict(mine, screen.judged):
            told += [f"{' '.join(VERDICTS[screen.judged].split())}:", word]
        table.add_row(screen.write("\n".join(filter(None, told))))
    return table


def _table(screen: _Screen, shown: Sequence[str], box: Box | None) -> Table:
    from rich.table import Table

    return Table(
        title=screen.write(screen.title),
        caption=screen.caption(shown),
        box=box,
        padding=(0, 0),
        show_edge=False,
        pad_edge=False,
        show_header=box is not None,
        title_justify="left",
        caption_justify="left",
    )


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
    between = _between(low, high, column)
    return f"{write(value, column.digits)}{unit}" + (f"\n{between}{unit}" if between else "")


def _between(low: float, high: float, column: Headline) -> str:
    """Write both ends of an interval in the width of a column; nothing where they look alike."""
    if not column.is_change:
        ends = list(dict.fromkeys(number(end, column.digits) for end in (low, high)))
        return DASH.join(ends) if len(ends) > 1 else ""
    ends = [bound(end, column.digits, short=True) for end in (low, high)]
    text = ", ".join(ends)
    return text if len(text) <= WIDTH_OF_CHANGES else ",".join(ends)


def _verdict(rows: pd.DataFrame, key: str) -> str:
    return str(rows.loc[key, "verdict"]) if key in rows.index else ""


def _second(rows: pd.DataFrame) -> str:
    """Tell the verdicts of the second primary measure, which has no column for them."""
    mine = rows[(rows["key"] == JOB_CONTRAST) & (rows["scenario"] != reference_of(rows.attrs))]
    told: dict[str, list[str]] = {}
    for name, verdict in zip(mine["scenario"], mine["verdict"], strict=True):
        told.setdefault(str(verdict) or "not reached", []).append(_short(str(name)))
    if not told:
        return ""
    if set(told) == {"not reached"}:
        return " Professional job at 25: not reached."
    words = "; ".join(f"{word} under {join(names)}" for word, names in told.items())
    return (
        f" Professional job at 25, most minus least affluent fifth: {words} (figures: in the "
        "report)."
    )


def _caption(policies: int, measures: int, rows: pd.DataFrame) -> str:
    """Say how to read the table, and how much it had no room for."""
    reference = reference_of(rows.attrs)
    less = "the baseline" if reference == BASELINE else label(reference)
    text = f"Differences from {less}{years_in(rows, {'A8': 'all_areas'})}"
    if rows["low"].notna().any():
        text += "; below each, its 90 % interval (doubt and chance)."
    else:
        text += "; no intervals: the central beliefs alone, and luck once."
    if reference != BASELINE:
        text += " The sentences below, and the charts, stay differences from the baseline."
    text += _second(rows)
    if policies > 0:
        text += f" {policies} more in the report."
    if measures > 0:
        text += f" {times(measures, 'more measure')} in the report."
    return text
