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

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Look", "canvas", "inline_svg", "looks", "png_bytes", "svg_bytes", "themed"]

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
TOP, BOTTOM, LEFT, RIGHT = 0.765, 0.205, 0.155, 0.975  # where axes may lie
CROP_TOP, CROP_BOTTOM = 0.835, 0.105  # what a page shows: words stand beside it as text


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
    }
    with mpl.rc_context():
        sns.set_theme(style="whitegrid", font="DejaVu Sans", rc=rc)
        yield


def canvas(question: str, title: str, caption: str) -> Figure:
    """Return an empty slide with the question above the answer and how to read it below."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, HEIGHT), facecolor="white")
    figure.text(0.03, 0.972, question, size=14, color=MUTED, va="top")
    lines, size = textwrap.wrap(title, 77), 20.0
    if len(lines) > 2:
        lines, size = textwrap.wrap(title, 95), 16.5
    figure.text(0.03, 0.932, "\n".join(lines), size=size, weight="bold", va="top", linespacing=1.15)
    text = "\n".join(textwrap.wrap(caption, 162))
    figure.text(0.03, 0.018, text, size=11, color=MUTED, va="bottom", linespacing=1.25)
    return figure


def svg_bytes(figure: Figure) -> bytes:
    """Return the figure as SVG; the same figure always gives the same bytes."""
    stream = io.BytesIO()
    with themed():
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def png_bytes(figure: Figure) -> bytes:
    """Return the figure as a PNG of 1920 by 1080 pixels."""
    stream = io.BytesIO()
    with themed():
        figure.savefig(stream, format="png", dpi=PNG_DPI, metadata={"Software": None})
    return stream.getvalue()


def inline_svg(svg: bytes, name: str, alt: str) -> str:
    """Return SVG ready to stand inside a page, named for assistive technology.

    Ids are prefixed with ``name`` because several pictures share the page, and the view is
    cropped to the axes because title and caption stand beside the picture as real text.
    """
    from html import escape

    text = svg.decode("utf-8")
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r"url\(#", f"url(#{name}-", text)
    text = re.sub(r'href="#', f'href="#{name}-', text)
    width, height = WIDTH * 72, HEIGHT * 72
    top, tall = height * (1 - CROP_TOP), height * (CROP_TOP - CROP_BOTTOM)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 {top:g} {width:g} {tall:g}" role="img" aria-label="{escape(alt)}">'
    )
    return head + text[text.index(">") + 1 :]
