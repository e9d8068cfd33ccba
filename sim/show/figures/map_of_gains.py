"""Where, authority by authority, do disadvantaged pupils gain?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.data import facts
from sim.results.shapes import as_cells
from sim.show.chart import Chart, order_of
from sim.show.clear import LESS, brief, direction, is_unsettled, matters
from sim.show.few import mark_few
from sim.show.fit import names_in
from sim.show.hexagons import RADIUS, border, hexagons, middle
from sim.show.measured import named, nothing
from sim.show.minima import MINIMUM
from sim.show.phone import is_phone, page_width
from sim.show.scope import EVERYWHERE, PART
from sim.show.style import INK, Look, Room, canvas, themed
from sim.show.words import label, records, signed, times

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ORDER", "QUESTION", "draw", "rows", "title"]

ORDER = 40
QUESTION = "Authority by authority, who gains?"
CAPTION = (
    "How to read it: each hexagon is an authority, put near its place on the map; its colour is "
    "the difference from the baseline in Attainment 8 of the disadvantaged children who grew up "
    "there, wherever they went to school. Striped: not clear, its 90 % interval of doubt and "
    "chance holds 0 (practically the same, or we cannot tell). The title counts differences of "
    f"{MINIMUM:g} points or more. Of so many numbers one in ten is clear by luck alone: no ranking "
    "of authorities. Positions: ONS."
)
REST = " Inside the outline of England, empty: not simulated."
LEAST = 25
"""Areas that make a map, unless they are a whole region."""
LOSE, GAIN = "#D55E00", "#0072B2"
SOLID: Mapping[str, Any] = {"edgecolor": INK, "linewidth": 0.7, "zorder": 3}
STRIPED: Mapping[str, Any] = {"edgecolor": "white", "linewidth": 0.7, "hatch": "/////", "zorder": 1}
OUTLINE: Mapping[str, Any] = {"edgecolor": "#BBBBBB", "linewidth": 0.5, "zorder": 2}
COAST: Mapping[str, Any] = {
    "edgecolor": "#B0B0B0",
    "facecolor": "none",
    "linewidth": 0.8,
    "zorder": 0,
}
COLUMNS, PANEL, TITLE_SIZE = 5, 4.3, 13.0  # most panels in a line; inches; points


def rows(dataset: xr.Dataset) -> pd.DataFrame:
    """Disadvantaged Attainment 8 less baseline, authority by authority; ``column``, ``row``.

    Only in worlds that hold England, a whole region or so many of their areas that they make a map.
    """
    from sim.tabulate import difference, frame

    where = hexagons()
    world = str(dataset.attrs.get("world") or "")
    codes = [str(code) for code in dataset["area"].values]
    enough = world in (EVERYWHERE, PART) or len(codes) >= LEAST
    if not enough or not set(codes) <= set(where):
        return nothing(
            f"a map needs a whole region, or {LEAST} authorities; this world has "
            f"{times(len(codes), 'area')} (take world=england or world=region)"
        )
    rows = named(frame(difference(dataset, "attainment8", "area", "disadvantaged")))
    rows = mark_few(rows, as_cells(dataset), "attainment8")
    rows["column"] = [where[str(code)][0] for code in rows["place"]]
    rows["row"] = [where[str(code)][1] for code in rows["place"]]
    return rows


def title(rows: pd.DataFrame) -> str:
    """Say under which policy most authorities clearly gain, and under which most clearly lose.

    What is clear but less than matters is told only where nothing that matters is.

    ``rows``: one a scenario and authority, with ``value`` (points) and ``verdict``.
    """
    if is_unsettled(rows):
        ends = [signed(float(rows["value"].agg(f)), 1) for f in ("min", "max")]
        return (
            f"Run longer to tell which authorities gain; so far {ends[0]} to {ends[1]} points for "
            "disadvantaged pupils"
        )
    ways = rows["verdict"].map(direction)
    told_of = rows["verdict"].map(matters)
    less = "" if told_of.any() else f", by {LESS}"
    if told_of.any():
        ways = ways.where(told_of, 0)
    count = int(rows.groupby("scenario").size().max())
    up = (ways > 0).groupby(rows["scenario"]).sum()
    down = (ways < 0).groupby(rows["scenario"]).sum()
    told = []
    if up.max() > 0:
        told.append(f"gain in {up.max()} of {count} authorities under {label(str(up.idxmax()))}")
    if down.max() > 0:
        told.append(f"lose in {down.max()} under {label(str(down.idxmax()))}")
    if not told:
        return f"In none of {count} authorities do disadvantaged pupils clearly gain or lose"
    return brief(
        f"Disadvantaged pupils clearly {' and '.join(told)}{less}",
        f"Disadvantaged pupils clearly {told[0]}{less}",
        f"Disadvantaged pupils clearly gain in up to {up.max()} of {count} authorities, lose in up "
        f"to {down.max()}{less}",
    )


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw one map a policy, all on one scale of colours.

    ``rows``: ``scenario``, ``place`` (code), ``place_name``, ``column``, ``row``, ``value``,
    ``low``, ``high`` (points) and ``verdict``.
    """
    answer = title(rows)
    names = order_of(rows, look)
    many = COLUMNS if len(names) <= COLUMNS else COLUMNS - 1  # more names take a line more
    columns = 1 if is_phone() else min(many, len(names))
    lines = -(-len(names) // columns)
    shown = names_in(names, TITLE_SIZE, 72 * page_width() * 0.86 / columns)
    scale = max(MINIMUM, float(rows["value"].abs().max()))
    empty = _empty(rows)
    caption = CAPTION + (REST if empty else "")
    with themed():
        room = Room(tall=lines * PANEL, left=0.03, right=0.9)
        if is_phone():
            room = Room(tall=lines * PANEL, above=1.15, left=0.01, right=1.0)
        figure = canvas(QUESTION, answer, caption, room)
        for ax, name in zip(_panels(figure, len(names), columns), names, strict=True):
            _hexagons(ax, rows[rows["scenario"] == name], empty, scale)
            ax.set_title(shown[name], size=TITLE_SIZE)
        _scale(figure, scale)
    return Chart("map_of_gains", QUESTION, answer, caption, _alt(rows, names), figure, rows)


def _panels(figure: Figure, count: int, columns: int) -> list[Axes]:

    lines = -(-count // columns)
    grid = figure.add_gridspec(lines, columns, wspace=0.02, hspace=0.18)
    made: Any = grid.subplots(squeeze=False)
    for ax in made.ravel()[count:]:
        ax.remove()
    return list(np.ravel(made)[:count])


def _empty(rows: pd.DataFrame) -> list[tuple[float, float]]:
    """Return where authorities stand that the world leaves out, if it is drawn from all England."""
    areas = facts.areas()
    held = set(rows["place"])
    if len(set(areas.region[np.isin(areas.code, list(held))].tolist())) == 1:
        return []
    return [middle(*at) for code, at in hexagons().items() if code not in held]


def _hexagons(ax: Axes, rows: pd.DataFrame, empty: list[tuple[float, float]], scale: float) -> None:
    """Draw one map; what cannot be told from 0 is striped, so that its colour says less."""
    from matplotlib.collections import PatchCollection
    from matplotlib.colors import Normalize
    from matplotlib.patches import PathPatch, RegularPolygon
    from matplotlib.path import Path

    at = [middle(int(c), int(r)) for c, r in zip(rows["column"], rows["row"], strict=True)]
    clear = rows["verdict"].map(direction).to_numpy() != 0
    cells = [RegularPolygon(one, 6, radius=RADIUS) for one in at]
    norm = Normalize(-scale, scale)
    for told, look in ((True, SOLID), (False, STRIPED)):
        mine = np.flatnonzero(clear == told)
        filled = PatchCollection([cells[i] for i in mine], cmap=_colours(), norm=norm, **look)
        filled.set_array(rows["value"].to_numpy()[mine])
        ax.add_collection(filled)
    ax.add_collection(PatchCollection(cells, facecolor="none", **OUTLINE))
    if empty:
        sides = border([*at, *empty])
        pen = [Path.MOVETO, Path.LINETO] * len(sides)
        ax.add_patch(PathPatch(Path(np.concatenate(sides), pen), **COAST))
    across, up = zip(*at, *empty, strict=True)
    ax.set(xlim=(min(across) - 0.8, max(across) + 0.8), ylim=(min(up) - 0.8, max(up) + 0.8))
    ax.set(aspect="equal", xticks=[], yticks=[])
    ax.set_axis_off()


def _colours() -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("gains", [LOSE, "#F4F4F4", GAIN])


def _scale(figure: Figure, scale: float) -> None:
    """Say what colours and stripes mean: beside the maps, on a telephone above them."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    from matplotlib.patches import Patch

    area, high = figure.subplotpars, figure.get_figheight()
    if is_phone():
        place = (0.06, area.top + 0.62 / high, 0.5, 0.14 / high)
    else:
        place = (0.925, (area.top + area.bottom - 2.6 / high) / 2, 0.014, 2.6 / high)
    ax = figure.add_axes(place, label="scale")
    way = "horizontal" if is_phone() else "vertical"
    colours = ScalarMappable(Normalize(-scale, scale), _colours())
    bar = figure.colorbar(colours, cax=ax, orientation=way)
    ends = [signed(-scale, 1), "0", signed(scale, 1)]
    bar.set_ticks([-scale, 0, scale], labels=ends)
    bar.outline.set_visible(False)
    ax.tick_params(labelsize=11.5)
    ax.set_title("points", size=11.5, loc="left", pad=5 if is_phone() else 12)
    middling = _colours()(0.8)
    ax.legend(
        handles=[
            Patch(facecolor=middling, label="clear", **SOLID),
            Patch(facecolor=middling, label="not clear", **STRIPED),
        ],
        loc="center left" if is_phone() else "upper left",
        frameon=False,
        bbox_to_anchor=(1.12, 0.5) if is_phone() else (-1.55, -0.06),
        fontsize=11.5,
        handletextpad=0.5,
        borderpad=0.0,
        handlelength=1.2,
        labelspacing=0.3,
    )


def _alt(rows: pd.DataFrame, names: list[str]) -> str:
    """Count for every policy the authorities that clearly gain or lose, with both ends."""

    def counted(verdicts: pd.Series, sign: int) -> str:
        clear = [str(verdict) for verdict in verdicts if direction(verdict) == sign]
        few = sum(not matters(verdict) for verdict in clear)
        return f"{len(clear)}{f' ({few} by {LESS})' if few else ''}"

    parts = []
    for name in names:
        mine = rows[rows["scenario"] == name].sort_values("value")
        words = mine["verdict"]
        told = records(mine.iloc[[0, -1]])
        ends = [f"{one['place_name']} {signed(one['value'], 1)}" for one in told]
        parts.append(
            f"{label(name)}: {counted(words, 1)} clearly higher, {counted(words, -1)} clearly "
            f"lower, from {ends[0]} to {ends[1]}"
        )
    return (
        "Maps of hexagons, one an authority. Difference from the baseline in disadvantaged "
        f"pupils' Attainment 8, points. {'; '.join(parts)}."
    )
