"""What would places like those that were asked for see?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.show.chart import Chart, axis_note, order_of, panels, place_panels, reading, rows_of
from sim.show.clear import brief, clearest
from sim.show.fit import wrap
from sim.show.gains import DOWN, UP, Subject, gains
from sim.show.minima import MINIMUM
from sim.show.phone import is_phone, page_width
from sim.show.placed import placed
from sim.show.reference import BASELINE
from sim.show.style import ABOVE, RIGHT, Look, canvas, themed
from sim.show.words import label, records, signed, times

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["MOST", "ORDER", "QUESTION", "draw", "rows", "title"]

ORDER = 35
QUESTION = "What would places like these see?"
MOST = 5
"""Areas that the picture has room for; the table holds all that were asked for."""
TITLE_SIZE = 14.0
LINE = 1.3 * TITLE_SIZE / 72  # inches that a line of a panel's title takes


def rows(dataset: xr.Dataset) -> pd.DataFrame:
    """Disadvantaged Attainment 8 less baseline, in each area that was asked for.

    ``place`` counts them from 1; ``area`` is the code.
    """
    found = placed(dataset)
    if "measure" not in found:
        return found
    of_pupils = (found["measure"] == "attainment8") & (found["group"] == "disadvantaged")
    found = found[of_pupils & (found["scenario"] != BASELINE)].reset_index(drop=True)
    number = {code: i for i, code in enumerate(dict.fromkeys(found["place"]), start=1)}
    found = found.assign(area=found["place"], place=found["place"].map(number))
    years = found["policy_years"].iloc[0] if len(found) else ""
    short = "not reached: nobody is 16 yet who lived under the policy for a whole school life"
    found.attrs = {"years": years, "unit": "points", "absent": short}
    return found


def title(rows: pd.DataFrame) -> str:
    """Say which policy raises and which lowers them most clearly, and at places like which.

    ``rows``: as for :func:`draw`.
    """
    rows = _shown(rows)
    names = dict(zip(rows["place"].astype(int), rows["place_name"].astype(str), strict=True))
    subject = Subject(
        UP,
        DOWN,
        of="disadvantaged pupils",
        where={place: f"at places like {_bare(name)}" for place, name in names.items()},
        anywhere="at places like these",
        part="place",
    )
    return brief(gains(rows, subject), *_without_names(rows))


def _without_names(rows: pd.DataFrame) -> list[str]:
    """Tell a gain and a loss where the names of both places are too long for a title."""
    up, down = clearest(rows, 1), clearest(rows, -1)
    if up is None or down is None:
        return []
    first, second = label(str(up["scenario"])), label(str(down["scenario"]))
    if first == second:
        told = f"{UP[0]} at some places like these and {DOWN[1]} at others"
        return [f"{first} {told}", f"One policy {told}"]
    return [
        f"{first} {UP[0]} at places like these; {second} {DOWN[1]}",
        f"One policy {UP[0]} at places like these; another {DOWN[1]}",
    ]


def _bare(name: str) -> str:
    """Leave out what only a list needs behind a name.

    >>> _bare("Bristol, City of"), _bare("Bournemouth, Christchurch and Poole")
    ('Bristol', 'Bournemouth, Christchurch and Poole')
    """
    return name.removesuffix(", City of").removesuffix(", County of")


def _shown(rows: pd.DataFrame) -> pd.DataFrame:
    found = rows[rows["place"] <= MOST]
    found.attrs = dict(rows.attrs)
    return found


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw disadvantaged Attainment 8, difference from baseline, a panel for each area.

    ``rows``: ``scenario``, ``place`` (1, 2, ...), ``place_name``, ``stands_for``, ``value``,
    ``low``, ``high``, ``chance_low``, ``chance_high`` (points) and ``verdict``.
    """
    answer, caption, shown = title(rows), _caption(rows), _shown(rows)
    with themed():
        down = rows_of(order_of(shown, look))
        heads = _heads(shown, down.room.left)
        lines = max(text.count("\n") for text in heads.values())
        down = rows_of(order_of(shown, look), above=ABOVE + lines * LINE)
        figure = canvas(QUESTION, answer, caption, down.room)
        down.on(place_panels(figure, shown, heads, look, MINIMUM)[0])
        axis_note(figure, "Disadvantaged Attainment 8, difference from baseline (points)")
    return Chart("gains_at_places", QUESTION, answer, caption, _alt(shown), figure, rows)


def _heads(rows: pd.DataFrame, left: float) -> dict[int, str]:
    """Return the names of areas in as many lines as their panels need."""
    places = rows.drop_duplicates("place").sort_values("place")
    beside = 1 if is_phone() else len(places)
    room = page_width() * 72 * (RIGHT - left) / beside * 0.9
    return {
        int(row["place"]): "\n".join(wrap(str(row["place_name"]), TITLE_SIZE, room, "bold"))
        for row in records(places)
    }


def _caption(rows: pd.DataFrame) -> str:
    many = rows["place"].nunique()
    first = f" The first {MOST} of {times(many, 'area')}." if many > MOST else ""
    others = " In world=tenth an area stands for others." if (rows["stands_for"] > 1).any() else ""
    return (
        f"How to read it: each panel is an area; marks are differences from the baseline.{first} "
        f"{reading(rows)} Grey band: under {MINIMUM:g} points. Rules are compared at places "
        "like these, not the places' own schools: the ground is real, the schools are stand-ins."
        f"{others}"
    )


def _alt(rows: pd.DataFrame) -> str:
    """Tell every place in words, with its verdicts."""
    parts = []
    for name in dict.fromkeys(rows["place_name"]):
        told = [
            f"{label(str(r['scenario']))} {signed(float(r['value']), 2)} ({r['verdict']})"
            for r in records(rows[rows["place_name"] == name])
        ]
        parts.append(f"{name}: {', '.join(told)}")
    return (
        f"Point ranges in {panels(rows['place'].nunique())}, one an area. Difference from baseline "
        f"in disadvantaged pupils' Attainment 8, points. {'; '.join(parts)}. Schools are stand-ins."
    )
