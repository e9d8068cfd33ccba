"""Keep what somebody set for other work with the same libraries out of what we draw and write.

A notebook hands its plotting backend on in a variable, a style or a folder of settings may be
broken, a home may be read-only: none of that may change a report or end a comparison.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sim.errors import WorkFailed

__all__ = ["apart", "load_drawing"]

_BACKEND = "MPLBACKEND"
_NEEDED = (
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "seaborn",
    "jinja2",
    "xlsxwriter",
)


def load_drawing() -> None:
    """Import what draws a report, whatever backend the surroundings ask for.

    Raises:
        WorkFailed: a library cannot be imported; says which and why.
    """
    with _quiet(), _own_backend():
        for name in _NEEDED:
            try:
                importlib.import_module(name)
            except Exception as error:
                raise WorkFailed(
                    f"report: {name.partition('.')[0]} cannot be loaded, so no chart can be drawn "
                    f"({type(error).__name__}: {error}). Install placematters again, or look at "
                    "the settings of that library."
                ) from error


@contextmanager
def apart() -> Iterator[None]:
    """Work as if nobody had set anything in numpy or xarray, and with libraries that are quiet."""
    import numpy as np
    import xarray as xr

    load_drawing()
    usual = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
    with (
        _quiet(),
        warnings.catch_warnings(),
        np.errstate(**usual),  # type: ignore[arg-type]
        xr.set_options(  # type: ignore[no-untyped-call]
            keep_attrs="default", arithmetic_join="inner"
        ),
    ):
        if sys.warnoptions:  # PYTHONWARNINGS is meant for somebody's own programs
            warnings.simplefilter("ignore")
        yield


@contextmanager
def _own_backend() -> Iterator[None]:
    """Set the backend aside that the surroundings ask for, and give it back afterwards."""
    asked = os.environ.pop(_BACKEND, None) if "matplotlib" not in sys.modules else None
    try:
        yield
    finally:
        if asked is not None:
            os.environ[_BACKEND] = asked
            # A program that draws for itself later must find what it asked for.
            with suppress(Exception):
                sys.modules["matplotlib"].rcParams["backend"] = asked


@contextmanager
def _quiet() -> Iterator[None]:
    """Leave out what matplotlib logs about its caches and about settings we do not use."""
    logger = logging.getLogger("matplotlib")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
