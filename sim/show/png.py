"""A chart as a PNG: a slide that is small enough to travel in a page."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.show.style import themed

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL import Image

__all__ = ["PNG_DPI", "png_bytes"]

PNG_DPI = 144  # 1920 x 1080
COMMON, RARE = 64, 128  # colours


def png_bytes(figure: Figure) -> bytes:
    """Return the figure as a PNG, 1920 pixels wide and 1080 high unless it needs more."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    small, usual = io.BytesIO(), figure.dpi
    with themed():
        figure.dpi = PNG_DPI
        try:
            pen: Any = FigureCanvasAgg(figure)
            pen.draw()
            picture = Image.fromarray(np.asarray(pen.buffer_rgba())[..., :3])
        finally:
            figure.dpi = usual
    few = _few_colours(picture)
    few.save(small, format="png", compress_level=8)  # 9 takes three times as long for 4 % less
    return small.getvalue()


def _few_colours(picture: Image.Image) -> Image.Image:
    """Keep the commonest colours as they are, and of the rest some that come near to every one.

    They take a third of the bytes: pictures travel in the page. Rare colours are not lumped
    together, so that a scale of colours and what it explains stay alike.
    """
    from PIL import Image
    from scipy.spatial import cKDTree

    counted: Any = picture.getcolors(1 << 24) or []
    colours = np.array([colour for _, colour in sorted(counted, reverse=True)], np.uint8)
    rare = picture.quantize(RARE, Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette = np.vstack([colours[:COMMON], np.array(rare[: 3 * RARE], np.uint8).reshape(-1, 3)])
    place_of = np.zeros(1 << 24, np.uint8)
    place_of[_number(colours)] = cKDTree(palette.astype(float)).query(colours.astype(float))[1]
    few = Image.fromarray(place_of[_number(np.asarray(picture))])
    few.putpalette(palette.tobytes())
    return few


def _number(colours: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Return one number for each colour, red first."""
    red, green, blue = (colours[..., part].astype(np.uint32) for part in range(3))
    return np.asarray(red << 16 | green << 8 | blue, np.uint32)
