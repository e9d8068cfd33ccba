"""Write a report: one page that opens offline, pictures, tables, results and record."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from sim.config.marks import LEFT_OUT, marks
from sim.config.other_money import told_apart
from sim.errors import BadRequest
from sim.results import results_bytes
from sim.results.shapes import as_cells
from sim.show import doubt, leads, tables
from sim.show.apart import apart, load_drawing
from sim.show.area_tables import areas_of
from sim.show.belief_rows import belief_table
from sim.show.codebook import codebook
from sim.show.inside import links
from sim.show.labels import labelled, shown_names
from sim.show.measured import scenarios
from sim.show.money_tables import money_tables, pounds_shown
from sim.show.money_told import money_told
from sim.show.page import Content, render
from sim.show.picture import Asked, Drawing, Picture, Told
from sim.show.reference import BASELINE
from sim.show.scope import TEST, scope_of
from sim.show.whole import Draft, can_replace, draft
from sim.show.words import without_path
from sim.show.workbook import workbook

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["preflight", "write_report"]

_ABOUT = ("title", "world", "years", "seed", "draws", "replicates", "budget", "version", "date")
EVERY = {"measures_over_all_areas": "england", "measures_by_area_affluence": "area_affluence"}
"""Tables of every measure: their files, and what they are by."""
_log = logging.getLogger("sim.show")
ROOM, ROOM_A_CELL = 16_000_000, 300_000  # bytes of disk: pictures and tables; results, unpacked


def write_report(
    dataset: xr.Dataset,
    folder: Path | str,
    *,
    record: Mapping[str, Any],
    name: str,
    ends: Mapping[float, xr.Dataset] | None = None,
) -> Path:
    """Write everything about a comparison into ``folder`` and return the path of its page.

    Writes ``index.html``, ``figures/*.svg`` and ``*.png``, ``tables/*.csv`` with a codebook,
    ``tables.xlsx``, ``results.nc`` and ``record.json``. The same results and record always give
    the same bytes. The report is whole or not there: it is made aside and then takes the place of
    an earlier one, files of somebody's own in that folder included. A chart or measure that fails
    is named and left out.

    Args:
        dataset: results with a ``baseline`` and at least one other scenario; with grants by clause
            and area (:func:`sim.tabulate.by_clause.with_clauses`), which ``results.nc`` leaves out,
            the waterfall of pounds is drawn too.
        folder: made if need be; files of an earlier report in it are replaced.
        record: goes into ``record.json`` as it is. The page also shows, where given: ``title``;
            ``world``; ``scenarios`` (name -> ``title``); ``budget`` (a sentence on what was
            left out for lack of time); ``beliefs`` (records, or group -> name -> record);
            ``targets`` (the list that ``sim validate --json`` prints).
        name: of the report, used as its heading when the record has no title.
        ends: the same comparison where posts do not follow those who qualify (0) and where they
            follow in full (1), central beliefs otherwise.

    Raises:
        BadRequest: nothing to compare, or ``folder`` cannot be a folder; nothing is written.
        WorkFailed: the disk refused a file.
    """
    place = Path(folder)
    _check_place(place)
    if not scenarios(dataset):
        raise BadRequest(
            "report: these results hold the baseline only; compare it with a scenario."
        )
    with apart(), draft(place, _ours) as out:
        _fill(out, dataset, dict(record), name, ends or {})
    return place / "index.html"


def preflight(folder: Path | str, cells: int = 0) -> None:
    """Refuse before any run what could not be written after all of them.

    Args:
        folder: where the report is to be; looked at, never changed.
        cells: how many the report will hold, for the room it needs.

    Raises:
        BadRequest: the folder cannot be written or replaced, or the disk is as good as full.
        WorkFailed: a library that draws cannot be loaded.
    """
    can_replace(Path(folder), ROOM + cells * ROOM_A_CELL)
    load_drawing()


def _fill(
    out: Draft,
    dataset: xr.Dataset,
    record: dict[str, Any],
    name: str,
    ends: Mapping[float, xr.Dataset],
) -> None:
    """Draw, tabulate and write everything into the draft of the report."""
    from sim.show.figures import ask, told_of
    from sim.tabulate.by_clause import without
    from sim.tabulate.settings import base_year_of

    shown = labelled(dataset)
    cells = as_cells(shown)
    asked, undrawn = ask(cells, {end: labelled(one) for end, one in ends.items()})
    scope = scope_of(cells, record)
    marked = marks(cells.attrs)
    warning = " ".join(filter(None, (scope.warning, *marked)))
    policies = _titles(_by_label(record, dataset))
    drawing = Drawing(asked, Told(scope.line(), warning, policies, base_year_of(cells)))
    rows, areas = tables.headline(cells), areas_of(cells)
    told = {**scope.columns(), **({"marked": " ".join(marked)} if marked else {})}
    money = money_tables(cells)
    first = {"headline": rows, **areas.files, **money}
    wanted, left_out = _tables(asked, first, cells, told, record)
    laid_out = without(dataset)  # as it lies in the file
    wanted["codebook"] = _telling(codebook(wanted, laid_out), told)
    files = {f"tables/{stem}.csv": _csv(table) for stem, table in wanted.items()}
    files["tables.xlsx"] = workbook(wanted, _about(name, record, told))
    out.put("results.nc", results_bytes(laid_out))
    found = leads.findings(cells)
    pictures, failures, drawn = _drawn(asked, drawing)
    files |= drawn
    more = {"doubt": doubt.sentences(wanted), "drivers": doubt.names(wanted)}
    content = Content(
        name=name,
        charts=pictures,
        files=links(files, [path for path in drawn if path.endswith(".png")]),
        undrawn=[*told_of({**undrawn, **failures}), *left_out],
        headline=rows,
        found=found,
        scenarios=scenarios(shown),
        scope=scope,
        record={**record, "scenarios": _by_label(record, dataset), **more},
        areas=areas,
        pounds=pounds_shown(money.get("pounds_by_clause")),
        apart=told_apart(cells.attrs),
        money=[*money_told(cells), *(("left out", str(one)) for one in record.get(LEFT_OUT, ()))],
    )
    text = json.dumps(record, indent=2, sort_keys=True, default=str, ensure_ascii=False)
    files["record.json"] = (text + "\n").encode("utf-8", "backslashreplace")
    files["index.html"] = render(content).encode("utf-8", "backslashreplace")
    for path, written in files.items():
        out.put(path, written)


def _titles(told: Mapping[str, Any]) -> dict[str, str]:
    """Return what each policy is, in words, for pictures that leave the page."""
    return {
        name: str(one["title"])
        for name, one in told.items()
        if name != BASELINE and isinstance(one, Mapping) and one.get("title")
    }


def _drawn(
    asked: Sequence[Asked], drawing: Drawing
) -> tuple[list[Picture], dict[str, str], dict[str, bytes]]:
    """Return pictures that could be drawn, why others could not, and the files of the first."""
    from sim.show.figures import failed

    pictures: list[Picture] = []
    failures: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for one, drawn in zip(asked, drawing.finish(), strict=True):
        if isinstance(drawn, str):
            failures[one.name] = failed(one.name, drawn)
            continue
        pictures.append(drawn)
        files |= {f"figures/{one.name}.svg": drawn.svg, f"figures/{one.name}.png": drawn.png}
    return pictures, failures, files


def _csv(table: pd.DataFrame) -> bytes:
    text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    return text.encode("utf-8", "backslashreplace")


def _by_label(record: Mapping[str, Any], dataset: xr.Dataset) -> dict[str, Any]:
    """Return what the record says of scenarios, under the names the page shows."""
    known = shown_names(dataset)
    return {known.get(name, name): told for name, told in (record.get("scenarios") or {}).items()}


def _check_place(place: Path) -> None:
    """Refuse a path on which no folder can stand, before any work is done."""
    for part in (place, *place.parents):
        if part.exists():
            if not part.is_dir():
                raise BadRequest(f"report: {part} is a file, not a folder. Choose another name.")
            return


def _tables(
    charts: Sequence[Asked],
    first: Mapping[str, pd.DataFrame],
    cells: xr.Dataset,
    told: Mapping[str, Any],
    record: Mapping[str, Any],
) -> tuple[dict[str, pd.DataFrame], list[tuple[str, str]]]:
    """Return the first tables, what each chart shows, and every measure; and what failed.

    What all of it rests on (``told``) stands in the last columns of each.
    """
    from sim.tabulate import declared, ranking

    bare = {
        **first,
        "declared": declared(cells),
        "probability_best": ranking(cells),
        **{c.name: c.rows for c in charts},
        **doubt.tables_of_doubt(cells, record),
    }
    left_out: dict[str, str] = {}
    for stem, by in EVERY.items():
        bare[stem], failed = tables.every_measure(cells, by)
        left_out |= failed
    for why in left_out.values():
        _log.warning("report: left out: %s", why)
    if record.get("beliefs"):
        bare["beliefs"] = belief_table(record["beliefs"])
    wanted = {stem: _telling(table, told) for stem, table in bare.items()}
    return wanted, [(f"Measure {n}:", without_path(why)) for n, why in left_out.items()]


def _telling(table: pd.DataFrame, told: Mapping[str, Any]) -> pd.DataFrame:
    """Return a table with more, constant columns; those it has of that name stay."""
    return table.assign(**{key: value for key, value in told.items() if key not in table})


def _about(name: str, record: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """Say in a few lines what the tables are of; which world, and whether to use it, first."""
    rest = {key: record[key] for key in _ABOUT if key in record}
    test = {"not for use": "a test world: no result in this file is one"}
    return {
        "report": name,
        **(test if told.get("world") == TEST else {}),
        **{key: told[key] for key in ("marked", "world", "areas", "code") if key in told},
        **rest,
        "scenarios": ", ".join(record.get("scenarios", {})),
        "columns": "The sheet codebook says what every column is, its unit and its codes.",
        **told,
    }


def _ours(inside: PurePath) -> bool:
    """Whether a path inside a report is one that reports write; all else is somebody's own."""
    if str(inside) in (
        "index.html",
        "record.json",
        "results.nc",
        "tables.xlsx",
        "figures",
        "tables",
    ):
        return True
    from sim.show.figures import FIGURES

    charts = {question.name for question in FIGURES}
    if inside.parent == PurePath("figures"):
        return inside.suffix in (".svg", ".png") and inside.stem in charts
    known = inside.stem in (
        charts
        | {
            "headline",
            "declared",
            "listed_areas",
            "named_places",
            "gains_by_area",
            "beliefs",
            "cost_of_gentleness",
            "pounds_by_clause",
            "winners_and_losers",
            "probability_best",
            "codebook",
            "beliefs_by_draw",
            "what_drives_doubt",
        }
    ) or inside.stem.startswith("measures_by_")
    return inside.parent == PurePath("tables") and inside.suffix == ".csv" and known
