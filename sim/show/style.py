"""How every picture looks: one slide-sized canvas, one palette, two kinds of interval.

Colours are those of Okabe and Ito, which survive the common kinds of colour blindness; a
marker and a dash pattern repeat what each colour says. Text is dark grey and never coloured,
because half of the palette is too pale to read on white.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.show.fit import FONT, clean, shorten, width, wrap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "Look",
    "Room",
    "canvas",
    "crop",
    "inline_svg",
    "looks",
    "png_bytes",
    "stamp",
    "svg_bytes",
    "themed",
]

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "D", "^", "v", "P", "X")
DASHES: tuple[tuple[float, ...] | str, ...] = (
    "",
    (5, 2),
    (1.5, 1.5),
    (7, 2, 1.5, 2),
    (3, 1),
    (6, 1.5, 1.5, 1.5, 1.5, 1.5),
    (2, 3),
)
INK, MUTED, GREY, PALE, BAND = "#333333", "#595959", "#8C8C8C", "#D9D9D9", "#EFEFEF"
WIDTH, HEIGHT = 40 / 3, 7.5  # inches: a 16:9 slide
PNG_DPI = 144  # 1920 x 1080
LEFT, RIGHT = 0.155, 0.975  # where axes may lie, as shares of the width
QUESTION_AT, TITLE_AT, ABOVE = 0.21, 0.51, 0.57  # inches from the top; room above the axes
STAMP_AT, CAPTION_AT, BELOW = 0.09, 0.31, 0.74  # inches from the bottom; room below the axes
TITLE_SIZES = ((20.0, 2), (16.5, 99))  # sizes of a title, and how many lines of each may stand
CAPTION_SIZE, CAPTION_SPACING, TITLE_SPACING = 11.0, 1.25, 1.15
MARGIN, QUESTION_SIZE, WARNING = 0.03, 14.0, "#B00020"


@dataclass(frozen=True)
class Look:
    """Colour, marker and dash pattern of one scenario, the same in every chart."""

    colour: str
    marker: str
    dash: tuple[float, ...] | str


def looks(scenarios: Sequence[str]) -> dict[str, Look]:
    """Give each scenario its look, by its place in the comparison.

    After the seventh colours repeat with another marker, so a pair is never alike.
    """
    size = len(PALETTE)
    return {
        name: Look(
            PALETTE[i % size], MARKERS[(i + i // size) % size], DASHES[(i + i // size) % size]
        )
        for i, name in enumerate(scenarios)
    }


@contextmanager
def themed() -> Iterator[None]:
    """Set seaborn's theme and reproducible output for the block, then put all back."""
    import matplotlib as mpl
    import seaborn as sns

    rc = {
        "svg.fonttype": "path",
        "svg.hashsalt": "placematters",
        "font.size": 13,
        "axes.labelsize": 13,
        "axes.titlesize": 13.5,
        "xtick.labelsize": 12,
        "ytick.labelsize": 13,
        "legend.fontsize": 12.5,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.titlecolor": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "axes.edgecolor": GREY,
        "grid.color": PALE,
        "axes.axisbelow": True,
        "text.parse_math": False,  # a name may hold a dollar sign
    }
    with mpl.rc_context():
        mpl.rcdefaults()  # nobody's own settings
        sns.set_theme(style="whitegrid", font=FONT, rc=rc, color_codes=False)
        yield


@dataclass(frozen=True)
class Room:
    """What a chart needs.

    Height of its axes, and of what stands above them (a legend, titles of panels), in inches;
    where its axes begin and end, as shares of the width.
    """

    tall: float = 0.0
    above: float = ABOVE
    left: float = LEFT
    right: float = RIGHT


def canvas(question: str, title: str, caption: str, room: Room | None = None) -> Figure:
    """Return an empty slide with the question above the answer and how to read it below.

    It is a slide of 16 by 9 unless the axes, or a long title, need more height; ``subplotpars``
    of the figure say where axes may lie. A line at the foot is kept free for :func:`stamp`.
    """
    from matplotlib.figure import Figure

    room = room or Room()
    lines, size = _title_lines(clean(title))
    words = textwrap.wrap(caption, 162)
    head = TITLE_AT + len(lines) * size * TITLE_SPACING / 72 + room.above
    foot = CAPTION_AT + len(words) * CAPTION_SIZE * CAPTION_SPACING / 72 + BELOW
    tall = max(HEIGHT, head + room.tall + foot)
    figure = Figure(figsize=(WIDTH, tall), facecolor="white")
    figure.subplots_adjust(
        left=room.left, right=room.right, top=1 - head / tall, bottom=foot / tall
    )
    figure.text(MARGIN, 1 - QUESTION_AT / tall, question, size=QUESTION_SIZE, color=MUTED, va="top")
    figure.text(
        MARGIN, 1 - TITLE_AT / tall, "\n".join(lines), size=size, weight="bold", va="top",
        linespacing=TITLE_SPACING, gid="title",
    )  # fmt: skip
    figure.text(
        MARGIN, CAPTION_AT / tall, "\n".join(words), size=CAPTION_SIZE, color=MUTED, va="bottom",
        linespacing=CAPTION_SPACING, gid="caption",
    )  # fmt: skip
    return figure


def stamp(figure: Figure, text: str, warning: str = "") -> None:
    """Write at the foot of a slide what its numbers rest on, and a warning at its top."""
    tall = figure.get_figheight()
    room = (1 - 2 * MARGIN) * WIDTH * 72
    line = shorten(text, CAPTION_SIZE, room)
    with themed():
        if warning:
            beside = room - width(figure.texts[0].get_text(), QUESTION_SIZE) - 20
            figure.text(
                1 - MARGIN, 1 - QUESTION_AT / tall, shorten(warning, CAPTION_SIZE, 0.9 * beside),
                size=CAPTION_SIZE, weight="bold", color=WARNING, va="top", ha="right",
            )  # fmt: skip
        figure.text(
            MARGIN, STAMP_AT / tall, line, size=CAPTION_SIZE, color=MUTED, va="bottom", gid="stamp"
        )


def _title_lines(title: str) -> tuple[list[str], float]:
    """Break a title into lines, smaller where it is long."""
    room = (1 - 2 * MARGIN) * WIDTH * 72
    lines: list[str] = []
    size = 0.0
    for size, most in TITLE_SIZES:
        lines = wrap(title, size, room, "bold")
        if len(lines) <= most:
            break
    return lines, size


def crop(figure: Figure) -> tuple[float, float]:
    """Return what of a slide a page shows, as its top and bottom in points from above.

    Words stand beside the picture as text: it begins below the title and ends above the caption.
    """
    tall = 72 * figure.get_figheight()
    texts = {text.get_gid(): text for text in figure.texts}
    title, caption = (texts[name].get_text().count("\n") + 1 for name in ("title", "caption"))
    size = float(texts["title"].get_fontsize())
    top = 72 * TITLE_AT + title * size * TITLE_SPACING + 4
    return top, tall - 72 * CAPTION_AT - caption * CAPTION_SIZE * CAPTION_SPACING - 4


def svg_bytes(figure: Figure) -> bytes:
    """Return the figure as SVG; the same figure always gives the same bytes."""
    stream = io.BytesIO()
    with themed():
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def png_bytes(figure: Figure) -> bytes:
    """Return the figure as a PNG, 1920 pixels wide and 1080 high unless it needs more."""
    stream = io.BytesIO()
    with themed():
        figure.savefig(stream, format="png", dpi=PNG_DPI, metadata={"Software": None})
    return stream.getvalue()


def inline_svg(svg: bytes, name: str, alt: str, shown: tuple[float, float] | None = None) -> str:
    """Return SVG ready to stand inside a page, named for assistive technology.

    Ids are prefixed with ``name`` because several pictures share the page; ``shown`` is what
    :func:`crop` says of the picture, all of it if not given.
    """
    from html import escape

    text = svg.decode("utf-8")
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r"url\(#", f"url(#{name}-", text)
    text = re.sub(r'href="#', f'href="#{name}-', text)
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text)
    wide, tall = (float(n) for n in size.groups()) if size else (WIDTH * 72, HEIGHT * 72)
    top, bottom = shown or (0.0, tall)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 {top:g} {wide:g} {bottom - top:g}" role="img" aria-label="{escape(alt)}">'
    )
    return head + text[text.index(">") + 1 :]
