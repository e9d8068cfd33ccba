"""Write a report: one page that opens offline, pictures, tables, results and record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import BadRequest, WorkFailed
from sim.show import tables
from sim.show.page import Content, render
from sim.show.style import png_bytes, svg_bytes

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from sim.show.chart import Chart

__all__ = ["write_report"]


def write_report(
    dataset: xr.Dataset, folder: Path | str, *, record: Mapping[str, Any], name: str,
    ends: Mapping[float, xr.Dataset] | None = None,
) -> Path:  # fmt: skip
    """Write everything about a comparison into ``folder`` and return the path of its page.

    Writes ``index.html``, ``figures/*.svg`` and ``*.png``, ``tables/*.csv``, ``results.nc``
    and ``record.json``. The same results and record always give the same bytes.

    Args:
        dataset: results with a ``baseline`` and at least one other scenario.
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
    from sim.results.reading import as_cells
    from sim.show.figures import draw_all

    place = Path(folder)
    _check_folder(place)
    others = tables.scenarios(dataset)
    if not others:
        raise BadRequest(
            "report: these results hold the baseline only; compare it with a scenario."
        )
    cells = as_cells(dataset)
    charts, undrawn = draw_all(cells, ends or {})
    drawings = {chart.name: svg_bytes(chart.figure) for chart in charts}
    rows = tables.headline(cells)
    draws, replicates = tables.counts(cells)
    years = max(int(dataset["year"].values.max()), 0)
    page = render(
        Content(name, charts, drawings, undrawn, rows, others, draws, replicates, years, record)
    )
    try:
        _write_tables(place / "tables", charts, rows, cells)
        _write_figures(place / "figures", charts, drawings)
        _write_results(place / "results.nc", dataset)
        text = json.dumps(record, indent=2, sort_keys=True, default=str, ensure_ascii=False)
        (place / "record.json").write_text(text + "\n", encoding="utf-8")
        (place / "index.html").write_text(page, encoding="utf-8")
    except OSError as error:
        raise WorkFailed(f"report: cannot write {error.filename}: {error.strerror}.") from error
    return place / "index.html"


def _check_folder(place: Path) -> None:
    """Refuse a path on which no folder can stand, before any work is done."""
    for part in (place, *place.parents):
        if part.exists():
            if not part.is_dir():
                raise BadRequest(f"report: {part} is a file, not a folder. Choose another name.")
            return


def _write_figures(folder: Path, charts: list[Chart], drawings: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _clear(folder, (".svg", ".png"))
    for chart in charts:
        (folder / f"{chart.name}.svg").write_bytes(drawings[chart.name])
        (folder / f"{chart.name}.png").write_bytes(png_bytes(chart.figure))


def _write_tables(folder: Path, charts: list[Chart], rows: pd.DataFrame, cells: xr.Dataset) -> None:
    """Write the main table, what each chart shows, and every measure there is."""
    folder.mkdir(parents=True, exist_ok=True)
    _clear(folder, (".csv",))
    wanted = {"headline": rows, **{c.name: c.rows for c in charts}}
    for by in ("england", "area_affluence"):
        wanted[f"measures_by_{by}"] = tables.every_measure(cells, by)
    for stem, table in wanted.items():
        table.to_csv(folder / f"{stem}.csv", index=False, float_format="%.6g", lineterminator="\n")


def _clear(folder: Path, suffixes: tuple[str, ...]) -> None:
    """Remove what an earlier report left and this one may not draw; leave all else alone."""
    from sim.show.figures import FIGURES

    for question in FIGURES:
        for suffix in suffixes:
            (folder / f"{question.name}{suffix}").unlink(missing_ok=True)


def _write_results(path: Path, dataset: xr.Dataset) -> None:
    numeric = [n for n, v in dataset.data_vars.items() if v.dtype.kind in "iuf"]
    encoding = {n: {"zlib": True, "complevel": 1} for n in numeric}
    dataset.to_netcdf(path, engine="netcdf4", encoding=encoding)
