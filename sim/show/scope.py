"""What numbers rest on, in words that go with them wherever they go: world, years, draws, version.

Only the world ``england`` has every area of England in it, so only there may words speak of
England, or of a region without saying of how many areas. The world ``tiny`` is for tests.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sim.show.measured import counts
from sim.show.words import times

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["EVERYWHERE", "TEST", "Scope", "regions_of", "scope_of", "today", "with_scope"]

EVERYWHERE, PART, TEST = "england", "region", "tiny"
CODE = 12  # characters of the digest of the code that are shown


@dataclass(frozen=True)
class Scope:
    """What a result rests on."""

    world: str
    areas: int
    region: str
    years: int
    draws: int
    replicates: int
    version: str
    code: str
    date: str
    base_year: str = ""
    """Whose formula and prices hold; empty for the usual one."""

    @property
    def place(self) -> str:
        """Say which part of England was simulated, and by how many areas."""
        areas = times(self.areas, "area")
        if self.world == EVERYWHERE:
            return f"England, all {areas}"
        if self.world == TEST:
            return f"world tiny, a test world of {areas}: not for use"
        if self.world == PART:
            return f"{self.region or 'one region'}, as simulated by {areas}"
        return f"world {self.world or 'not named'}, simulated by {areas}"

    @property
    def stands_for(self) -> str:
        """Say what the simulated areas stand for; nothing where they are England, or a test."""
        if self.world == PART:
            return f"{self.region or 'One region'} alone: results are its own, not England's."
        if self.world in (EVERYWHERE, TEST, ""):
            return ""
        areas = times(self.areas, "area")
        return (
            f"World {self.world}: {areas}, weighted so that together they are like England; "
            "figures that are to be called England's take world=england."
        )

    @property
    def is_test(self) -> bool:
        """Whether this is the world for tests."""
        return self.world == TEST

    @property
    def warning(self) -> str:
        """Say loudly that results of the world for tests are not for use; else nothing."""
        return f"NOT FOR USE: a test world of {times(self.areas, 'area')}" if self.is_test else ""

    def line(self) -> str:
        """Say all of it on one line."""
        place = self.place[:1].upper() + self.place[1:]
        runs = f"{times(self.draws, 'draw')}, {times(self.replicates, 'replicate')}"
        base = f"base year {self.base_year}" if self.base_year else ""
        parts = [place, times(self.years, "policy year"), base, runs, self.made()]
        return "; ".join(part for part in parts if part)

    def made(self) -> str:
        """Say what made it, and when."""
        code = f", code {self.code}" if self.code else ""
        return f"placematters {self.version}{code}" + (f", {self.date}" if self.date else "")

    def columns(self) -> dict[str, object]:
        """Return it as constant columns of a table, without what is not known."""
        return {name: value for name, value in asdict(self).items() if value != ""}


def scope_of(dataset: xr.Dataset, record: Mapping[str, object] | None = None) -> Scope:
    """Return what results rest on; ``record`` says when, and with which code, they were made."""
    told = record or {}
    draws, replicates = counts(dataset)
    regions = sorted(set(dataset["region"].values.astype(str).tolist()))
    return Scope(
        world=str(dataset.attrs.get("world") or told.get("world") or ""),
        areas=int(dataset.sizes["area"]),
        region=regions[0] if len(regions) == 1 else "",
        years=max(int(dataset["year"].values.max()), 0),
        draws=draws,
        replicates=replicates,
        version=str(told.get("version") or _version()),
        code=str(told.get("code_digest") or "")[:CODE],
        date=str(told.get("date") or "")[:10],
        base_year=str(dataset.attrs.get("base_year") or ""),
    )


def regions_of(dataset: xr.Dataset) -> dict[str, str]:
    """Return how each region may be called: with the number of its areas, unless all are there."""
    names = dataset["region"].values.astype(str).tolist()
    if dataset.attrs.get("world") == EVERYWHERE:
        return {name: name for name in names}
    return {n: f"{n} (as simulated by {times(names.count(n), 'area')})" for n in names}


def with_scope(record: Mapping[str, object]) -> dict[str, object]:
    """Return a record that says when and by which version it was made, if it did not."""
    return {"date": today(), "version": _version(), **record}


def today() -> str:
    """Return the date, or the one of SOURCE_DATE_EPOCH, by which builds can be repeated."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else datetime.now(UTC)
    return now.date().isoformat()


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("placematters")
    except PackageNotFoundError:
        return "0+unknown"
