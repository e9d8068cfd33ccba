"""Where one school's or one area's pounds come from, step by step: what `sim explain` can draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.codes import MILLION, PENCE
from sim.show.chart import axes_row
from sim.show.png import png_bytes
from sim.show.style import GREY, INK, PALETTE, Room, canvas, svg_bytes, themed
from sim.show.words import join, number
from sim.tabulate.clauses import CLAUSES, in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["TOTAL", "Step", "draw", "steps_of"]

TOTAL = "total"
_ROW = 0.34  # inches
_LINES = tuple(CLAUSES)
_SIZE = 11.0  # points of a number beside a bar
_ROOM = 0.4  # of the width, for numbers beyond the longest bar
QUESTION = "Which clause pays how much, and what is taken?"


@dataclass(frozen=True)
class Step:
    """One bar: it goes from ``start`` to ``end``, in pence; the total from nought."""

    clause: str
    start: int
    end: int

    @property
    def pence(self) -> int:
        """What the clause pays, or takes."""
        return self.end - self.start


def steps_of(pence: Mapping[str, int], clauses: Sequence[str]) -> list[Step]:
    """Return one step a clause, each from where the last one ended, and the total of them all.

    >>> [(one.clause, one.start, one.end) for one in steps_of({"basic": 9, "slice": -2},
    ...     ["basic", "lump", "slice"])]
    [('basic', 0, 9), ('lump', 9, 9), ('slice', 9, 7), ('total', 0, 7)]
    """
    found, at = [], 0
    for clause in clauses:
        found.append(Step(clause, at, at + pence.get(clause, 0)))
        at = found[-1].end
    return [*found, Step(TOTAL, 0, at)]


def draw(sides: Mapping[str, Mapping[str, int]], whose: str, told: str, kind: str) -> bytes:
    """Return the picture of one policy's pounds, or of two side by side.

    Args:
        sides: Pence by clause, by name of the policy.
        whose: The school or the area, in words.
        told: How the picture came about: world, year, luck.
        kind: ``png`` or ``svg``.
    """
    paid = {clause for side in sides.values() for clause, pence in side.items() if pence}
    given = [clause for side in sides.values() for clause in side]
    order = [*_LINES, *dict.fromkeys(clause for clause in given if clause not in _LINES)]
    clauses = sorted((c for c in order if c in paid), key=_place)
    steps = {name: steps_of(side, clauses) for name, side in sides.items()}
    room = Room(tall=_ROW * (len(clauses) + 1), above=0.45, left=0.29)
    caption = (
        f"How to read it: from the top, each bar begins where the one above it ends; hatched bars "
        f"take money away; the last is what is paid. {told}"
    )
    with themed():
        figure = canvas(QUESTION, _title(whose, steps), caption, room)
        many = 1.0 / PENCE
        most = max(one.end for each in steps.values() for one in each) * many
        axes = axes_row(figure, len(steps), space=0.06)
        for ax, (name, own), colour in zip(axes, steps.items(), PALETTE, strict=False):
            _bars(ax, own, colour, most)
            ax.set_title(name)
        axes[0].set_yticks(range(len(clauses) + 1), [*map(in_words, clauses), "All that is paid"])
        figure.supxlabel(
            "£ a year", x=(room.left + room.right) / 2, y=figure.subplotpars.bottom / 2
        )
        return png_bytes(figure) if kind == "png" else svg_bytes(figure)


def _place(clause: str) -> int:
    """Order clauses as explanations give them; a rule's own lines stand before what settles."""
    settles = _LINES.index("minimum")
    return _LINES.index(clause) if clause in _LINES else settles


def _title(whose: str, steps: Mapping[str, Sequence[Step]]) -> str:
    """Say what is paid."""
    paid = [f"£{number(own[-1].end / PENCE, 0)} under {name}" for name, own in steps.items()]
    return f"{whose}: {join(paid)}"


def _bars(ax: Axes, steps: Sequence[Step], colour: str, most: float) -> None:
    """Draw the bars of one policy, each with its pounds."""
    for at, step in enumerate(steps):
        start, end = step.start / PENCE, step.end / PENCE
        kind: dict[str, Any] = {"facecolor": colour if end > start else "white", "lw": 1.2}
        kind |= {"edgecolor": colour, "hatch": None if end > start else "////"}
        if step.clause == TOTAL:
            kind = {"color": INK}
        if at + 1 < len(steps):
            ax.vlines(end, at + 0.31, at + 0.69, color=GREY, lw=0.9)
        if step.pence:
            ax.barh(at, end - start, 0.62, left=start, **kind)
            pounds = number(step.pence / PENCE, 0)
            ax.text(max(start, end) + most / 100, at, pounds, va="center", size=_SIZE)
    ax.set(ylim=(len(steps) - 0.4, -0.6), xlim=(0, most * (1 + _ROOM)), xlabel="£ a year")
    ax.locator_params(axis="x", nbins=4)
    ax.xaxis.set_major_formatter(lambda x, _: _short(x, most))
    ax.grid(visible=False, axis="y")


def _short(pounds: float, most: float) -> str:
    """Write pounds beside a scale.

    >>> _short(5e7, 1e8), _short(500_000, 9e5)
    ('50m', '500,000')
    """
    return f"{pounds / MILLION:,g}m" if most > MILLION and pounds else f"{pounds:,.0f}"
