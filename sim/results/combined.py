"""The sums of many cells in one file beside their study, so that they are read once.

A cell never changes, so what was read of it stays right; a study that has grown adds what is new.
The file is a cache: where it cannot be written or read, cells are read one by one as ever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import SimError
from sim.results.shapes import refuse_mixed
from sim.results.store import read_results, write_results

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["together"]

FEWEST = 100
"""Cells from which a file of them all is worth its while."""
_KEY = "cell_digest"


def together(
    study: Path,
    digests: Sequence[str],
    wanted: Collection[str],
    read: Callable[[Sequence[str]], xr.Dataset],
) -> xr.Dataset:
    """Return cells of a study along ``cell``, in the order of ``digests``; only new ones are read.

    Args:
        study: Folder of the study.
        digests: The cells, each once.
        wanted: What is wanted, in words: variables, and which cells if not all.
        read: Reads cells one by one.
    """
    if len(digests) < FEWEST:
        return read(digests)
    import xarray as xr

    told = hashlib.sha256("\n".join(sorted(wanted)).encode()).hexdigest()[:16]
    path = study / "combined" / f"{told}.nc"
    kept = _kept(path)
    known = [] if kept is None else kept[_KEY].values.tolist()
    new = [digest for digest in digests if digest not in set(known)]
    if new:
        fresh = read(new).assign_coords({_KEY: ("cell", np.array(new, dtype=object))})
        if kept is None:
            kept = fresh
        else:
            refuse_mixed(kept, fresh)
            shared = [name for name in kept.data_vars if name in fresh]
            kept = xr.concat(
                [kept[shared], fresh[shared]],
                "cell",
                coords="minimal",
                compat="override",
                join="override",
                combine_attrs="drop_conflicts",
            )
        _keep(kept, path)
        known += new
    assert kept is not None
    row = {digest: n for n, digest in enumerate(known)}
    found: xr.Dataset = kept.isel(cell=[row[digest] for digest in digests]).drop_vars(_KEY)
    return found


def _kept(path: Path) -> xr.Dataset | None:
    """Return what was kept, if it can be read."""
    if not path.is_file():
        return None
    try:
        found = read_results(path)
    except SimError:
        return None
    found.attrs.pop("content_digest", None)
    return found.assign_coords(scenario=("cell", found["scenario"].values.astype(str)))


def _keep(cells: xr.Dataset, path: Path) -> None:
    """Write what is known now, if the disk lets us: results do not hang on it."""
    try:
        write_results(cells, path)
    except SimError:
        return
