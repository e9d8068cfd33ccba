"""Does the gap close because some rise, or because others fall?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.show.chart import (
    Chart,
    axes_row,
    intervals,
    nought,
    order_of,
    reading,
    rows_of,
    write_values,
    zebra,
)
from sim.show.clear import SAME, brief, clearest, direction, is_unsettled, matters
from sim.show.measured import named
from sim.show.minima import MINIMUM
from sim.show.style import GREY, Look, canvas, themed
from sim.show.words import label, percent, signed

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes

__all__ = ["ORDER", "QUESTION", "draw", "rows", "title"]

ORDER = 80
QUESTION = "When the gap closes, do some rise or do others fall?"
OTHERS = Look(GREY, "o", "")
MOST_OF_IT = 0.9  # of a change: a reason that makes so much of it is the reason


def rows(dataset: xr.Dataset) -> pd.DataFrame:
    """Change in both groups' Attainment 8 and in the gap, over all areas; column ``part``."""
    import pandas as pd

    from sim.tabulate import differences, frame

    found = differences(dataset, ["attainment8", "attainment8_gap"])
    level = named(frame(found["attainment8"]))
    level = level[level["group"] != "all"].rename(columns={"group": "part"})
    gap = named(frame(found["attainment8_gap"])).assign(part="gap")
    rows = pd.concat([level, gap], ignore_index=True)
    rows.attrs = dict(found["attainment8"].attrs)
    return rows


def title(rows: pd.DataFrame) -> str:
    """Say which policies narrow the gap, and whether by lifting some or by others falling.

    ``rows``: ``scenario``, ``part`` (disadvantaged, other or gap), ``value``, ``low``, ``high``,
    ``verdict``.
    """
    gap = rows[rows["part"] == "gap"]
    ends = [clearest(gap, sign) for sign in (-1, 1)]
    told = [row for row in ends if row is not None and matters(row["verdict"])]
    if not told:
        return _no_gap(gap, [row for row in ends if row is not None])
    words = [(label(str(r["scenario"])), _gap_words(rows, r)) for r in told]
    short = ["narrows" if direction(r["verdict"]) < 0 else "widens" for r in told]
    (name, word), *rest = words
    if not rest:
        return brief(f"{name} {word}", f"{name} {short[0]} the gap", f"One policy {word}")
    other, again = rest[0][0], rest[0][1].replace("the gap", "it", 1)
    return brief(
        f"{name} {word}; {other} {again}",
        f"{name} {word}; {other} {short[1]} it",
        f"{name} {short[0]} the gap; {other} {short[1]} it",
        f"One policy {short[0]} the gap, another {short[1]} it",
    )


def _no_gap(gap: pd.DataFrame, small: list[dict[str, Any]]) -> str:
    if is_unsettled(gap):
        ends = (signed(float(gap["value"].agg(f)), 2) for f in ("min", "max"))
        return f"Run longer to tell what happens to the gap: so far {' to '.join(ends)} points"
    if small:
        verbs = ["narrows" if direction(row["verdict"]) < 0 else "widens" for row in small]
        told = [
            f"{label(str(row['scenario']))} {verb}" for row, verb in zip(small, verbs, strict=True)
        ]
        plain = [
            f"{who} {verb}" for who, verb in zip(("One policy", "another"), verbs, strict=False)
        ]
        tail = "by less than matters"
        return brief(
            *(
                f"{one[0]} the gap over all areas, but {tail}"
                if len(one) == 1
                else f"{one[0]} the gap over all areas and {one[1]} it, both {tail}"
                for one in (told, plain)
            )
        )
    if (gap["verdict"] == SAME).all():
        return "The gap over all areas stays practically the same under every policy"
    return "No policy clearly changes the gap over all areas"


def _gap_words(rows: pd.DataFrame, gap: Mapping[str, Any]) -> str:
    """Say how a gap moved, and how much of that each group makes, where its verdict is clear."""
    mine = rows[rows["scenario"] == gap["scenario"]].set_index("part")
    way = direction(gap["verdict"])
    verb, *causes = ("narrows", "rise", "fall") if way < 0 else ("widens", "fall", "rise")
    whole = float(gap["value"])
    found = []
    for part, who, cause, sign in (
        ("disadvantaged", "disadvantaged pupils' results", causes[0], -1),
        ("other", "others'" if way else "", causes[1], 1),
    ):
        if direction(str(mine.loc[part, "verdict"])) * sign * way > 0:
            found.append((sign * float(str(mine.loc[part, "value"])) / whole, f"{who} {cause}"))
    return f"{verb} the gap {_because(found)}"


def _because(found: list[tuple[float, str]]) -> str:
    """Give reasons, the larger first, each with how much of the change it makes."""
    if not found:
        return "though neither group clearly moves"
    ordered = sorted(found, reverse=True)
    (share, first), *rest = ordered
    first = first if first.startswith("dis") else first.replace("others'", "others' results", 1)
    if rest:
        return f"mostly because {first} ({percent(share)}), partly because {rest[0][1]}"
    if share >= MOST_OF_IT:
        return f"because {first}"
    return f"{'mostly' if share > 0.5 else 'partly'} because {first} ({percent(share)})"


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw the change in level of both groups beside the change in the gap, overall.

    ``rows``: ``scenario``, ``part`` (disadvantaged, other, gap), ``value``, ``low``, ``high``,
    ``chance_low``, ``chance_high`` (Attainment 8 points) and ``verdict``.
    """
    answer = title(rows)
    names = order_of(rows, look)
    caption = _caption(rows)
    with themed():
        down = rows_of(names, height=0.68)
        figure = canvas(QUESTION, answer, caption, down.room)
        left, right = axes_row(figure, 2, space=0.07)
        _levels(left, rows, names, look)
        down.on(left)
        _gaps(right, rows, names, look)
    return Chart("level_beside_gap", QUESTION, answer, caption, _alt(rows, names), figure, rows)


def _levels(ax: Axes, rows: pd.DataFrame, names: list[str], look: Mapping[str, Look]) -> None:
    """Draw both groups' change, disadvantaged pupils above the others in each row."""
    _frame(ax, names, "Level: change in each group")
    for height, name in enumerate(names):
        mine = rows[rows["scenario"] == name].assign(position=float(height))
        group = mine[mine["part"] == "disadvantaged"]
        others = mine[mine["part"] == "other"]
        intervals(ax, group, look[name], offset=-0.14)
        intervals(ax, others, OTHERS, offset=0.2)
        ax.scatter(
            others["value"],
            others["position"] + 0.2,
            s=80,
            color="white",
            edgecolor=GREY,
            linewidth=2,
            zorder=4,
        )
        write_values(ax, group.assign(position=height - 0.14))
    ax.set_xlabel("Attainment 8, difference (points)")


def _gaps(ax: Axes, rows: pd.DataFrame, names: list[str], look: Mapping[str, Look]) -> None:
    """Draw the change in the gap, others minus disadvantaged."""
    _frame(ax, names, "Gap: others minus disadvantaged pupils")
    for height, name in enumerate(names):
        mine = rows[(rows["scenario"] == name) & (rows["part"] == "gap")]
        mine = mine.assign(position=float(height))
        intervals(ax, mine, look[name])
        write_values(ax, mine)
    ax.set_xlabel("Attainment 8 gap, difference (points)")


def _frame(ax: Axes, names: list[str], title: str) -> None:
    """Set one panel: rows, shading, nought, heading."""
    import seaborn as sns

    zebra(ax, len(names))
    nought(ax, MINIMUM)
    ax.locator_params(axis="x", nbins=6)
    ax.set_title(title)
    ax.set(ylim=(len(names) - 0.5, -0.7), ylabel="")
    ax.grid(visible=False, axis="y")
    sns.despine(ax=ax, left=True)


def _caption(rows: pd.DataFrame) -> str:
    return (
        "How to read it: left, change of disadvantaged pupils (coloured) and of the others (grey "
        "rings) from the baseline; right, change of the gap (left of 0 = narrower). "
        f"{reading(rows)} Grey band: under {MINIMUM:g} points. A gap that narrows while the "
        "coloured mark stays put narrows because others' results fall."
    )


def _alt(rows: pd.DataFrame, names: list[str]) -> str:
    """Tell the three changes of every policy in words."""
    parts = []
    for name in names:
        mine = rows[rows["scenario"] == name].set_index("part")["value"]
        parts.append(
            f"{label(name)}: disadvantaged {signed(mine['disadvantaged'], 2)}, others "
            f"{signed(mine['other'], 2)}, gap {signed(mine['gap'], 2)}"
        )
    return (
        "Point ranges in two panels, level and gap. Change from baseline in Attainment 8 points. "
        + "; ".join(parts)
        + "."
    )
