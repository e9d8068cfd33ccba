"""How does a fifth's money come to differ from the baseline's?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from sim.show.chart import Chart, axes_row, axis_note, order_of, panels
from sim.show.clear import brief
from sim.show.fifths import IN_FIFTHS, counted, empty_told, fifth_titles, with_areas
from sim.show.fit import ELLIPSIS, names_in
from sim.show.measured import named, nothing
from sim.show.phone import PHONE, SLIDE, is_phone
from sim.show.style import GREY, INK, Look, Room, canvas, themed
from sim.show.words import join, label, pounds, signed
from sim.tabulate.clauses import in_words

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ORDER", "QUESTION", "draw", "rows", "steps_of", "title"]

ORDER = 60
QUESTION = "Which pounds come and which go, at both ends of the affluence scale?"
CAPTION = (
    "How to read it: step by step from the baseline's money per pupil (0) to the policy's; each "
    "bar begins where the one above it ends. Solid: money comes; hatched: money goes; black: all "
    "steps together (thin line: 90 % interval). Grants of all schools there, last year of the "
    "run, for each pupil on roll, in prices of 2024-25."
)
STEPS = {
    "Amount a pupil": ("basic", "flat"),
    "Deprivation": ("fsm", "fsm6", "idaci", "depth"),
    "Low prior results": ("low_prior",),
    "New to English": ("eal",),
    "Mid-year joiners": ("mobility",),
    "Lump sum a school": ("lump",),
    "Small, far schools": ("sparsity",),
    "Minimum a pupil": ("minimum",),
    "Floor (MFG)": ("floor",),
    "Given up for floors": ("scaling",),
    "Given up for targets": ("slice",),
    "Targeted money": ("targeted",),
    "Pupil premium": ("premium",),
    "New money": ("extra",),
}
"""Steps in order, and the clauses of each: one that a policy puts in another's place is with it."""
BRIEF = {
    "Formula": tuple(c for step in list(STEPS)[:8] for c in STEPS[step]),
    "Floor and its cost": ("floor", "scaling"),
    **{step: STEPS[step] for step in list(STEPS)[10:]},
}
"""The same for many policies."""
OTHERS, TOTAL, ALL = "All other lines", "total", "All together"
DETAILED = 8  # policies up to which every step is drawn
SEEN, PENNY = 0.5, 0.005  # pounds a pupil: less is no step; less of all others together is nought
ROW, HEAD = 0.29, (1.5, 2.4)  # inches a line; lines a name takes that breaks once at most
NAME_SIZE, STEP_SIZE, INDENTS = 13.0, 11.5, (0.19, 0.26)
BOLD = 1.2  # times as wide as plain letters


@dataclass(frozen=True)
class Line:
    """One line of the picture: of whose policy, what it is, and where its bar goes, by place."""

    policy: str
    step: str
    at: float
    spans: Mapping[int, tuple[float, float]]


def rows(dataset: xr.Dataset) -> pd.DataFrame:
    """What each clause changes in money per pupil, in the most and the least affluent fifth here.

    Columns ``clause`` (``total``: all of them) and ``part``, the same in words.
    """
    from sim.tabulate import frame
    from sim.tabulate.by_clause import clause_changes, holds_clauses

    if not holds_clauses(dataset):
        return nothing("grants by clause are in the cells; a comparison draws it from them")
    table = named(frame(clause_changes(dataset))).rename(columns={"part": "clause"})
    table["part"] = [ALL if c == TOTAL else in_words(c) for c in table["clause"]]
    ends = (int(table["place"].min()), int(table["place"].max()))
    return with_areas(table[table["place"].isin(ends)].reset_index(drop=True), dataset)


def title(rows: pd.DataFrame) -> str:
    """Say which policy moves most pounds between the ends of the affluence scale.

    ``rows``: as for :func:`draw`.
    """
    total = rows[rows["clause"] == TOTAL]
    rich, poor = int(total["place"].min()), int(total["place"].max())
    table = total.pivot(index="scenario", columns="place", values="value")
    name = str((table[poor] - table[rich]).abs().idxmax())
    ends = [pounds(float(table[place][name])) for place in (rich, poor)]
    if rich == poor:
        name = str(table[poor].abs().idxmax())
        return f"{label(name)} moves money furthest: {pounds(float(table[poor][name]))} a pupil"
    there = IN_FIFTHS[poor].removesuffix(" fifth")
    told = f"{ends[0]} a pupil {IN_FIFTHS[rich]}, {ends[1]} {there}"
    return counted(brief(f"{label(name)} moves most: {told}", f"At most {told}"), total)


def steps_of(rows: pd.DataFrame, brief_ones: bool = False) -> dict[str, dict[int, float]]:
    """Add the clauses of one policy up to the steps that are drawn; they sum to its total.

    ``rows``: of one scenario. A step that is below half a pound everywhere joins the other lines.

    Returns:
        Pounds a pupil by step and place, in order.
    """
    places = sorted(int(place) for place in rows["place"].unique())
    told = rows.set_index(["clause", "place"])["value"]
    here = {c: {p: float(told.get((c, p), 0.0)) for p in places} for c in rows["clause"].unique()}
    rest = here.pop(TOTAL)
    found = {}
    for step, clauses in (BRIEF if brief_ones else STEPS).items():
        sums = {p: sum(here[c][p] for c in clauses if c in here) for p in places}
        if max(map(abs, sums.values())) >= SEEN:
            found[step] = sums
            rest = {p: rest[p] - sums[p] for p in places}
    if max(map(abs, rest.values())) >= PENNY:
        found[OTHERS] = rest
    return found


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw every step and their sum, one line each, a block a policy, one panel a fifth.

    ``rows``: ``scenario``, ``place``, ``clause`` (``total``: all together), ``value`` (GBP a
    pupil), ``low``, ``high``.
    """
    answer = title(rows)
    names = order_of(rows, look)
    places = sorted(int(p) for p in rows["place"].unique())
    steps = {n: steps_of(rows[rows["scenario"] == n], len(names) > DETAILED) for n in names}
    caption = CAPTION + empty_told(rows)
    shown, left = _shown(names)
    lines, heads, deep = _lines(steps, rows, shown)
    with themed():
        figure = canvas(QUESTION, answer, caption, Room(tall=deep * ROW, above=0.95, left=left))
        for ax, place in zip(axes_row(figure, len(places), space=0.06), places, strict=True):
            _bars(ax, lines, place, look)
            _intervals(ax, lines, rows[(rows["place"] == place) & (rows["clause"] == TOTAL)])
            ax.set_title(fifth_titles(rows)[place].replace("\n", ", "))
            ax.set(ylim=(deep - 0.4, -0.3), ylabel="", xlabel="")
        _scale(figure.axes[0], lines)
        _names(figure.axes, lines, {at: shown[name] for name, at in heads.items()})
        axis_note(figure, "Money per pupil, difference from the baseline (£ a year)")
        _legend(figure)
    return Chart("waterfall_of_pounds", QUESTION, answer, caption, _alt(steps, rows), figure, rows)


def _lines(
    steps: Mapping[str, Mapping[str, Mapping[int, float]]],
    rows: pd.DataFrame,
    shown: Mapping[str, str],
) -> tuple[list[Line], dict[str, float], float]:
    """Lay all lines one below another; return them, where names stand, and how deep all is."""
    whole = rows[rows["clause"] == TOTAL].set_index(["scenario", "place"])["value"]
    places = sorted(int(p) for p in rows["place"].unique())
    lines, heads, at = [], {}, 0.0
    for name, own in steps.items():
        head = HEAD["\n" in shown[name]]
        heads[name] = at + (head - 1) / 2
        at += head
        ends = dict.fromkeys(places, 0.0)
        for step, sums in own.items():
            spans = {p: (ends[p], ends[p] + sums[p]) for p in places}
            lines.append(Line(name, step, at, spans))
            ends = {p: spans[p][1] for p in places}
            at += 1
        total = {p: (0.0, float(whole.get((name, p), float("nan")))) for p in places}
        lines.append(Line(name, ALL, at, total))
        at += 1.2
    return lines, heads, at


def _bars(ax: Axes, lines: Sequence[Line], place: int, look: Mapping[str, Look]) -> None:
    """Draw the bars of one place, each with its number, and threads from step to step."""
    import seaborn as sns

    ax.axvline(0, color=INK, lw=1.1, zorder=1)
    for line in lines:
        start, end = line.spans[place]
        if not isfinite(end):
            continue
        colour = INK if line.step == ALL else look[line.policy].colour
        kind: dict[str, Any] = {"color": colour}
        if line.step != ALL:
            ax.vlines(end, line.at + 0.3, line.at + 0.7, color=GREY, lw=0.9, zorder=2)
            if end < start:
                kind = {"color": "white", "edgecolor": colour, "hatch": "////", "linewidth": 0.8}
        ax.barh(line.at, end - start, 0.6, left=start, zorder=2, **kind)
        _number(ax, line, (start, end))
    ax.locator_params(axis="x", nbins=5 if is_phone() else 6)
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.grid(visible=False, axis="y")
    sns.despine(ax=ax, left=True)


def _number(ax: Axes, line: Line, span: tuple[float, float]) -> None:
    """Write what a bar is worth beyond the end it goes to."""
    from matplotlib.patheffects import withStroke

    start, end = span
    side = 1 if end >= start else -1
    ax.annotate(
        _worth(end - start),
        (end, line.at),
        xytext=(6 * side, 0),
        textcoords="offset points",
        ha="left" if side > 0 else "right",
        va="center",
        size=STEP_SIZE,
        zorder=5,
        weight="bold" if line.step == ALL else "normal",
        path_effects=[withStroke(linewidth=3, foreground="white")],
    )


def _worth(value: float) -> str:
    """Write pounds, and pence where they are less than one.

    >>> _worth(-79.6), _worth(0.3), _worth(0.0)
    ('\N{MINUS SIGN}\u00a380', '+30p', '\u00a30')
    """
    return f"{signed(100 * value, 0)}p" if PENNY <= abs(value) < SEEN else pounds(value)


def _intervals(ax: Axes, lines: Sequence[Line], total: pd.DataFrame) -> None:
    """Draw the interval of what all steps make together, below its bar."""
    ends = total.set_index("scenario")
    for line in lines:
        if line.step != ALL or line.policy not in ends.index:
            continue
        low, high = (float(str(ends.loc[line.policy, end])) for end in ("low", "high"))
        if isfinite(low) and isfinite(high):
            ax.hlines(line.at + 0.42, low, high, color=INK, lw=1.4, zorder=4)


def _scale(ax: Axes, lines: Sequence[Line]) -> None:
    """Leave room at both sides for the numbers."""
    ends = [e for line in lines for span in line.spans.values() for e in span if isfinite(e)]
    room = (0.42 if is_phone() else 0.2) * (max(ends) - min(ends) or 1.0)
    ax.set_xlim(min(ends) - room, max(ends) + room)


def _shown(names: Sequence[str]) -> tuple[dict[str, str], float]:
    """Fit the names of policies to the left of the lines, and say where these begin."""
    for left in INDENTS:
        room = (0.42 * PHONE if is_phone() else left * SLIDE) * 72 - 18
        shown = names_in(names, NAME_SIZE, room / BOLD)
        if not any(ELLIPSIS in name for name in shown.values()):
            break
    return shown, left


def _names(axes: Sequence[Axes], lines: Sequence[Line], heads: Mapping[float, str]) -> None:
    """Write the names of policies, by height, and of steps at the left."""
    ticks = [*heads.items(), *((line.at, line.step) for line in lines)]
    for ax in axes if is_phone() else axes[:1]:
        ax.set_yticks([at for at, _ in ticks], [text for _, text in ticks])
        for tick, (at, _) in zip(ax.get_yticklabels(), ticks, strict=True):
            tick.set(fontsize=NAME_SIZE if at in heads else STEP_SIZE)
            tick.set_fontweight("bold" if at in heads else "normal")


def _legend(figure: Figure) -> None:
    from matplotlib.patches import Patch

    marks = [
        Patch(facecolor=GREY),
        Patch(facecolor="white", edgecolor=GREY, hatch="////"),
        Patch(facecolor=INK),
    ]
    figure.legend(
        marks,
        ["Money comes", "Money goes", ALL],
        loc="lower left",
        ncols=3,
        frameon=False,
        bbox_to_anchor=(0.02, figure.subplotpars.top + 0.3 / figure.get_figheight()),
        borderaxespad=0.2,
    )


def _alt(steps: Mapping[str, Mapping[str, Mapping[int, float]]], rows: pd.DataFrame) -> str:
    """Tell the steps of every policy at both ends."""
    whole = rows[rows["clause"] == TOTAL].set_index(["scenario", "place"])["value"]
    places = sorted(int(p) for p in rows["place"].unique())
    parts = []
    for name, own in steps.items():
        told = [
            f"{join([f'{_inside(step)} {_worth(sums[p])}' for step, sums in own.items()])} make "
            f"{pounds(float(whole[name, p]))}"
            for p in places
        ]
        parts.append(f"{label(name)}: {'; '.join(told)}")
    return (
        f"Bars in {panels(len(places))}, from the most to the least affluent fifth. Change of "
        f"money per pupil, step by step. {'. '.join(parts)}."
    )


def _inside(step: str) -> str:
    """Write the name of a step inside a sentence."""
    return step[:1].lower() + step[1:]
