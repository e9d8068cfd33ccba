"""The public face: light to import, honest about its names."""

from __future__ import annotations

import subprocess
import sys

import pytest

import sim

HEAVY = [
    "h5py",
    "hydra",
    "matplotlib",
    "mesa",
    "netCDF4",
    "numba",
    "numpy",
    "pandas",
    "pydantic",
    "xarray",
]


def test_importing_loads_nothing_heavy() -> None:
    code = f"import sys, sim; sim.__version__; print([n for n in {HEAVY} if n in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_every_public_name_is_there_and_says_what_it_does() -> None:
    for name in sim.__all__:
        value = getattr(sim, name)
        assert name.startswith("__") or (callable(value) and value.__doc__)
    assert set(sim.__all__) <= set(dir(sim))


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = sim.nonsense  # type: ignore[attr-defined]
