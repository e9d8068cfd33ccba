"""Fixtures shared by the laws: expensive worlds are lived once a session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import xarray as xr

from tests.laws import worlds


@pytest.fixture(scope="session")
def baseline() -> Iterator[xr.Dataset]:
    """The baseline of the tiny world; the worlds behind it are let go with the session."""
    yield worlds.cell("baseline")
    worlds.forget()


@pytest.fixture(scope="module", autouse=True)
def _let_lived_worlds_go() -> Iterator[None]:
    yield
    worlds.lived.cache_clear()
