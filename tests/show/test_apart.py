"""What somebody set for other work neither changes nor ends a report."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from sim.errors import WorkFailed
from sim.show import apart as module
from sim.show.apart import apart, load_drawing
from tests.processes import environment

LOAD = """
import os
from sim.show.apart import load_drawing
load_drawing()
print(os.environ["MPLBACKEND"])
"""


@pytest.mark.parametrize(
    "backend", ["module://matplotlib_inline.backend_inline", "module://no.such", "TkAgg", "x"]
)
def test_a_backend_that_the_surroundings_ask_for_does_not_matter(
    backend: str, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.write_text("no folder: matplotlib can keep nothing here")
    (tmp_path / "matplotlibrc").write_text("axes.linewidth: wide\nno.such.key: 1\n")
    done = subprocess.run(
        [sys.executable, "-c", LOAD], capture_output=True, text=True, cwd=tmp_path,
        env=environment(MPLBACKEND=backend, HOME=str(home), MPLCONFIGDIR=str(home / "below")),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == backend, "a program that draws later finds what it asked for"
    assert done.stderr == ""


def test_a_library_that_cannot_be_loaded_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> object:
        raise ImportError("libfreetype is missing")

    monkeypatch.setattr(module.importlib, "import_module", broken)
    with pytest.raises(WorkFailed, match=r"matplotlib cannot be loaded.*libfreetype is missing"):
        load_drawing()


def test_settings_of_numpy_and_xarray_are_set_aside_and_given_back() -> None:
    keep = xr.set_options(keep_attrs=True)  # type: ignore[no-untyped-call]
    with keep, np.errstate(all="raise"):
        with apart():
            assert np.geterr()["under"] == "ignore"
            assert (xr.DataArray([1.0], attrs={"a": 1}) + 1).attrs == usual()
        assert np.geterr()["under"] == "raise"
        assert (xr.DataArray([1.0], attrs={"a": 1}) + 1).attrs == {"a": 1}


def usual() -> dict[str, int]:
    """What xarray keeps by itself; versions differ."""
    with xr.set_options(keep_attrs="default"):  # type: ignore[no-untyped-call]
        return dict((xr.DataArray([1.0], attrs={"a": 1}) + 1).attrs)
