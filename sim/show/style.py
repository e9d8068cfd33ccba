"""How every picture looks: one canvas, one theme, text that stays text.

Text is dark grey and never coloured, because half of the palette (:mod:`sim.show.colours`) is too
pale to read on white.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.data.base_year import DEFAULT, in_prices
from sim.show.colours import PALETTE, Look, looks
from sim.show.fit import FONT, clean, shorten, width, wrap
from sim.show.phone import PHONE, SLIDE, is_phone

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "PALETTE",
    "Look",
    "Room",
    "canvas",
    "inline_svg",
    "looks",
    "of_its_year",
    "page_svg",
    "stamp",
    "svg_bytes",
    "themed",
    "with_policies",
]

INK, MUTED, GREY, PALE, BAND = "#333333", "#595959", "#8C8C8C", "#D9D9D9", "#EFEFEF"
WIDTH, HEIGHT = SLIDE, 7.5  # inches: a 16:9 slide
LEFT, RIGHT = 0.155, 0.975  # where axes may lie, as shares of the width
QUESTION_AT, TITLE_AT, ABOVE = 0.21, 0.51, 0.57  # inches from the top; room above the axes
STAMP_AT, NOTE_AT, CAPTION_AT, BELOW = (
    0.09,
    0.28,
    0.5,
    0.74,
)  # inches from the bottom; room below the axes
TITLE_SIZES = ((20.0, 2), (16.5, 99))  # sizes of a title, and how many lines of each may stand
CAPTION_SIZE, CAPTION_SPACING, TITLE_SPACING = 11.0, 1.25, 1.15
MARGIN, QUESTION_SIZE, WARNING = 0.03, 14.0, "#B00020"
WARNING_SIZES, BAND_TALL = (16.0, 14.0, 12.0, 11.0), 0.13  # points; inches of red at the top
NOTE = (
    "Baseline: the funding rules of 2024-25, no policy. Disadvantaged: on free school meals at any "
    "time in the last six years."
)
"""What a slide that is passed on alone has to say."""
LINE = 1.17  # a line of text with its leading, as a share of its size: what is drawn takes this
SMALLER = {
    "axes.labelsize": 11.5,
    "axes.titlesize": 12.5,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11.5,
    "legend.fontsize": 11.5,
}
"""Sizes of text on a telephone."""
PHONE_LEFT, PHONE_RIGHT, PHONE_TALL = 0.42, 0.965, 3.1  # shares of the width; inches of an axes
WORDS = (
    "question",
    "title",
    "caption",
    "note",
    "stamp",
    "warning",
    "band",
)  # text that a page says itself
_SAID = re.compile(rf'<g id="(?:{"|".join(WORDS)})">.*?</g>\n'.encode(), re.DOTALL)
_MARKS = re.compile(r'<g(?P<given>(?: clip-path="[^"]*")?)>(?P<marks>\s*(?:<use [^>]*/>\s*)+)</g>')
_FINER = re.compile(r"(?<=\d)(\.\d)\d+(?=[\s\")])")
_MARK_NAME = re.compile(r'((?:id="|href="#)m[0-9a-f]{4})[0-9a-f]{6}(?=")')
_LOOK = re.compile(r' style="([^"]*)"(?=/>)')
STACK = "'DejaVu Sans', Verdana, 'Bitstream Vera Sans', sans-serif"
HALO = '[id*="halo-"] text{paint-order:stroke;stroke:#fff;stroke-width:3px}'


_told: ContextVar[str] = ContextVar("policies in words", default="")
_year: ContextVar[str] = ContextVar("base year", default=DEFAULT)


@contextmanager
def with_policies(told: str, year: str = DEFAULT) -> Iterator[None]:
    """Let slides drawn in the block say what the policies are, and name the base year they are of.

    What the policies are stands below how to read a slide.
    """
    tokens = _told.set(told), _year.set(year)
    try:
        yield
    finally:
        _told.reset(tokens[0])
        _year.reset(tokens[1])


def of_its_year(text: str) -> str:
    """Return words on money for the base year of what is being drawn."""
    return in_prices(text, _year.get())


@contextmanager
def themed() -> Iterator[None]:
    """Set seaborn's theme and reproducible output for the block, then put all back."""
    import matplotlib as mpl
    import seaborn as sns

    rc = {
        "svg.fonttype": "none",
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
        **(SMALLER if is_phone() else {}),
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
    if is_phone():
        return _phone_canvas(room)
    lines, size = _title_lines(clean(title))
    words = [
        *textwrap.wrap(of_its_year(caption), 162),
        *textwrap.wrap(_told.get(), 156),
    ]  # capitals are wide
    head = TITLE_AT + len(lines) * size * TITLE_SPACING * LINE / 72 + room.above
    foot = CAPTION_AT + len(words) * CAPTION_SIZE * CAPTION_SPACING / 72 + BELOW
    tall = max(HEIGHT, head + room.tall + foot)
    figure = Figure(figsize=(WIDTH, tall), facecolor="white")
    figure.subplots_adjust(
        left=room.left, right=room.right, top=1 - head / tall, bottom=foot / tall
    )
    figure.text(
        MARGIN,
        1 - QUESTION_AT / tall,
        question,
        size=QUESTION_SIZE,
        color=MUTED,
        va="top",
        gid="question",
    )
    figure.text(
        MARGIN,
        1 - TITLE_AT / tall,
        "\n".join(lines),
        size=size,
        weight="bold",
        va="top",
        linespacing=TITLE_SPACING,
        gid="title",
    )
    figure.text(
        MARGIN,
        CAPTION_AT / tall,
        "\n".join(words),
        size=CAPTION_SIZE,
        color=MUTED,
        va="bottom",
        linespacing=CAPTION_SPACING,
        gid="caption",
    )
    return figure


def _phone_canvas(room: Room) -> Figure:
    """Return a canvas as wide as a telephone, without the words that the page says itself."""
    from matplotlib.figure import Figure

    tall = room.tall or PHONE_TALL
    left = min(PHONE_LEFT, room.left * SLIDE / PHONE)
    right = PHONE_RIGHT if room.right == RIGHT else 1 - (1 - room.right) * SLIDE / PHONE
    height = room.above + tall + BELOW
    figure = Figure(figsize=(PHONE, height), facecolor="white")
    figure.subplots_adjust(
        left=left, right=right, top=1 - room.above / height, bottom=BELOW / height
    )
    return figure


def stamp(figure: Figure, text: str, warning: str = "", years: str = "") -> None:
    """Write at the foot of a slide what its numbers rest on, and a large warning at its top.

    ``years`` says which years they are of; above the stamp stands what the baseline is, and who is
    called disadvantaged.
    """
    tall = figure.get_figheight()
    room = (1 - 2 * MARGIN) * WIDTH * 72
    line, note = shorten(text, CAPTION_SIZE, room), f"{years} {of_its_year(NOTE)}".strip()
    with themed():
        if warning:
            _warn(figure, warning, room)
        figure.text(
            MARGIN,
            NOTE_AT / tall,
            shorten(note, CAPTION_SIZE, room),
            size=CAPTION_SIZE,
            color=MUTED,
            va="bottom",
            gid="note",
        )
        figure.text(
            MARGIN, STAMP_AT / tall, line, size=CAPTION_SIZE, color=MUTED, va="bottom", gid="stamp"
        )


def _warn(figure: Figure, warning: str, room: float) -> None:
    """Draw a red band along the top, and the warning as large as there is room for it."""
    from matplotlib.patches import Rectangle

    tall = figure.get_figheight()
    high = BAND_TALL / tall
    band = Rectangle((0, 1 - high), 1, high, color=WARNING, lw=0, transform=figure.transFigure)
    band.set_gid("band")
    figure.add_artist(band)
    beside = room - width(figure.texts[0].get_text(), QUESTION_SIZE) - 20
    fits = (s for s in WARNING_SIZES if width(warning, s, "bold") <= beside)
    size = next(fits, WARNING_SIZES[-1])
    figure.text(
        1 - MARGIN,
        1 - QUESTION_AT / tall,
        shorten(warning, size, 0.9 * beside),
        size=size,
        weight="bold",
        color=WARNING,
        va="top",
        ha="right",
        gid="warning",
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


def svg_bytes(figure: Figure) -> bytes:
    """Return the figure as SVG whose text is text; the same figure always gives the same bytes."""
    stream = io.BytesIO()
    with themed(), _halos(figure):
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    text = stream.getvalue().replace(f"'{FONT}'".encode(), STACK.encode())
    return text.replace(b"stroke-linecap: butt}", f"stroke-linecap: butt}}{HALO}".encode(), 1)


@contextmanager
def _halos(figure: Figure) -> Iterator[None]:
    """Leave halos behind text to a style sheet: drawn as effects they turn text into paths."""
    from matplotlib.text import Text

    kept = [(t, t.get_path_effects()) for t in figure.findobj(Text) if t.get_path_effects()]
    names = [text.get_gid() for text, _ in kept]
    for i, (text, _) in enumerate(kept):
        text.set_path_effects([])
        text.set_gid(f"halo-{i}")
    try:
        yield
    finally:
        for (text, effects), name in zip(kept, names, strict=True):
            text.set_path_effects(effects)
            text.set_gid(name)


def page_svg(
    figure: Figure, name: str, alt: str, kind: str = "", whole: bytes | None = None
) -> str:
    """Return the figure as it stands in a page: without the words that the page says itself.

    ``name`` makes its ids its own, ``kind`` is its class; ``whole`` is what :func:`svg_bytes` gave
    for the figure, if at hand. Nothing of what is drawn is cut.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    hidden = [one for one in figure.findobj() if one.get_gid() in WORDS]
    for text in hidden:
        text.set_visible(False)
    try:
        with themed():
            pen: Any = FigureCanvasAgg(figure)
            box = figure.get_tightbbox(pen.get_renderer())
    finally:
        for text in hidden:
            text.set_visible(True)
    drawn = _SAID.sub(b"", svg_bytes(figure) if whole is None else whole)
    tall = figure.get_figheight()
    left, right = 72 * min(box.x0, 0.0), 72 * max(box.x1, figure.get_figwidth())
    top, bottom = 72 * (tall - box.y1) - 6, 72 * (tall - box.y0) + 6
    return inline_svg(drawn, name, alt, (left, top, right - left, bottom - top), kind)


def inline_svg(
    svg: bytes,
    name: str,
    alt: str,
    shown: tuple[float, float, float, float] | None = None,
    kind: str = "",
) -> str:
    """Return SVG ready to stand inside a page, named for assistive technology.

    Ids are prefixed with ``name`` because several pictures share the page; ``shown`` is the part
    of it to show (left, top, width, height), all of it if not given.
    """
    from html import escape

    text = svg.decode("utf-8")
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", lambda tag: _own(tag.group(), name), _lighter(text))
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text)
    wide, tall = (float(n) for n in size.groups()) if size else (WIDTH * 72, HEIGHT * 72)
    box = " ".join(f"{n:g}" for n in shown or (0.0, 0.0, wide, tall))
    named = f' class="{kind}"' if kind else ""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{box}" role="img" aria-label="{escape(alt)}"{named}>'
    )
    return head + text[text.index(">") + 1 :]


def _lighter(svg: str) -> str:
    """Return the same picture in fewer bytes, for a page that holds many.

    Positions are told to a tenth of a point, a look that all marks of a group share once, and
    marks by short names.
    """
    svg = re.sub(r"<[^>]*>", lambda tag: _FINER.sub(r"\1", tag.group()), svg)
    svg = _MARK_NAME.sub(r"\1", svg).replace("xlink:href=", "href=")
    return _MARKS.sub(_look_once, svg)


def _look_once(group: re.Match[str]) -> str:
    """Give a group the look of its marks where it is one look."""
    looks = set(_LOOK.findall(group["marks"]))
    if len(looks) != 1 or group["marks"].count("<use ") != len(_LOOK.findall(group["marks"])):
        return group[0]
    return f'<g style="{looks.pop()}"{group["given"]}>' + _LOOK.sub("", group["marks"]) + "</g>"


def _own(tag: str, name: str) -> str:
    """Prefix the ids that a tag has or speaks of."""
    tag = re.sub(r'\bid="', f'id="{name}-', tag)
    tag = re.sub(r"url\(#", f"url(#{name}-", tag)
    return re.sub(r'href="#', f'href="#{name}-', tag)
