"""What one aim costs the other: every formula that was tried, and the best of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.codes import PENCE
from sim.show.png import png_bytes
from sim.show.style import GREY, INK, PALE, PALETTE, Room, canvas, svg_bytes, themed
from sim.show.words import join, number
from sim.study.designed import NOT_RESULTS
from sim.study.tried import AIMS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.study.designed import Designed, Named

__all__ = ["draw"]

_MARKERS = ("o", "s", "D", "^")
_OTHER = {"losers": "gap"}
"""What stands on the second axis where one aim was asked for; of other aims those who lose."""


def draw(designed: Designed) -> dict[str, bytes]:
    """Return the picture as PNG and SVG, by name of the file."""
    aims = designed.found.aims
    pair = (*aims, _OTHER.get(aims[0], "losers"))[:2]
    with themed():
        figure = canvas(
            f"Which rates serve {join(aims)} best under the same budget?",
            _title(designed),
            f"How to read it: each pale dot is one formula of {len(designed.found.trials)}, tried "
            f"under the same budget; the line joins those that no other beats on both aims. "
            f"{NOT_RESULTS}",
            Room(left=0.1, right=0.72, above=0.3),
        )
        ax = figure.add_subplot(figure.add_gridspec(1, 1)[0])
        _dots(ax, designed, pair)
        for name, axis in zip(pair, (ax.xaxis, ax.yaxis), strict=True):
            aim = AIMS[name]
            way = "more is better" if aim.way > 0 else "less is better"
            axis.set_label_text(f"{name} ({aim.unit}; {way})")
        ax.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), frameon=False)
    return {"front.png": png_bytes(figure), "front.svg": svg_bytes(figure)}


def _title(designed: Designed) -> str:
    """Say what the first aim is at as written and at best."""
    aim = designed.found.aims[0]
    start, best = designed.found.trials[0], designed.found.best(aim)
    assert start.outcome is not None and best.outcome is not None, "both can be paid"
    digits = AIMS[aim].digits
    then, now = (number(one.outcome.figures[aim], digits) for one in (start, best))  # type: ignore[union-attr]
    if best.number == 0:
        return f"No trial beats the written formula on {aim} ({then})"
    return f"From {then} as written to {now} at best on {aim}, before anybody moves"


def _dots(ax: Axes, designed: Designed, pair: tuple[str, ...]) -> None:
    """Draw all trials, the front, and what has a name."""
    x, y = pair
    paid = [one.outcome.figures for one in designed.found.trials if one.outcome is not None]
    ax.scatter([one[x] for one in paid], [one[y] for one in paid], s=22, color=PALE, label="tried")
    front = [one.outcome.figures for one in designed.found.front if one.outcome is not None]
    if len(designed.found.aims) > 1:
        ends = [one[x] for one in front], [one[y] for one in front]
        ax.plot(*ends, color=GREY, lw=1.3, marker="o", ms=4, label="no other beats both")
    looks = zip(_MARKERS, (INK, *PALETTE), strict=False)
    for one, (marker, colour) in zip(designed.named, looks, strict=False):
        assert one.trial.outcome is not None, "it can be paid"
        at = one.trial.outcome.figures
        ax.scatter(
            at[x], at[y], s=130, marker=marker, color=colour, zorder=5, label=_told(one, designed)
        )


def _told(one: Named, designed: Designed) -> str:
    """Write a name and its rates, for the legend."""
    rates = [
        f"  {choice.told} £{pence / PENCE:,.0f}"
        for choice, pence in zip(designed.chosen, one.trial.pence, strict=True)
    ]
    return "\n".join([one.title, *rates])
