"""Datasets to and from the bytes of a netCDF-4 file; only what is asked for is read.

The file is made in memory and handed over as bytes, so that whoever writes it sees every error
of the disk as a plain OSError and never leaves half a file (netCDF4 killed in mid-write leaves
files that open without complaint and hold fill values: measured).
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import WorkFailed

if TYPE_CHECKING:
    import netCDF4
    import xarray as xr

__all__ = ["from_file", "to_bytes"]

_ROOM = 1 << 16
_SMALL = 4096
"""Bytes up to which packing costs more than it saves."""
_ALWAYS = frozenset({"cell", "year", "area", "group"})
"""Dimensions whose coordinates are read whatever variables are asked for."""


def to_bytes(data: xr.Dataset) -> bytes:
    """Return a Dataset as a netCDF-4 file (zlib 1); text, integers and floats only."""
    import netCDF4

    file = netCDF4.Dataset("cell", "w", memory=_ROOM)  # its bytes are what close() returns
    file.setncatts({str(k): v for k, v in data.attrs.items()})
    file.setncattr("coordinates", " ".join(sorted(map(str, data.coords))))
    for name, size in data.sizes.items():
        file.createDimension(str(name), size)
    # All are declared before any is filled: going back and forth between the two takes HDF5 three
    # times as long as the work itself.
    made = [_declare(file, name, data.variables[name]) for name in sorted(map(str, data.variables))]
    for variable, values in made:
        variable[...] = values
    return bytes(file.close())


def _declare(file: netCDF4.Dataset, name: str, values: xr.Variable) -> tuple[Any, NDArray[Any]]:
    """Make a variable; returns it with what it is to hold."""
    dims = tuple(map(str, values.dims))
    if values.dtype.kind in "OUT":
        return file.createVariable(name, str, dims), values.values.astype(object)
    plain = values.values.astype(np.int8) if values.dtype.kind == "b" else values.values
    large = bool(dims) and plain.nbytes > _SMALL
    packed: Any = {"compression": "zlib", "complevel": 1, "shuffle": True} if large else {}
    made = file.createVariable(name, plain.dtype, dims, fill_value=False, **packed)
    made.set_auto_maskandscale(False)
    return made, plain


def from_file(path: Path, names: Collection[str] | None = None) -> xr.Dataset:
    """Read a file written by :func:`to_bytes`: all of it, or these variables and every coordinate.

    Coordinates that only label schools, children or clauses are read with the variables that
    have them. Names the file does not hold are passed over. Raises WorkFailed when the file
    cannot be read.
    """
    import netCDF4
    import xarray as xr

    try:
        with netCDF4.Dataset(str(path), "r") as file:
            file.set_auto_mask(False)
            file.set_auto_scale(False)
            attrs = {k: _plain(file.getncattr(k)) for k in file.ncattrs()}
            labels = set(str(attrs.pop("coordinates", "")).split())
            held = set(file.variables)
            wanted = (held if names is None else set(names) & held) - labels
            data = {n: _read(file.variables[n]) for n in sorted(wanted)}
            used = _ALWAYS.union(*(dims for dims, _ in data.values()))
            coords = {
                n: _read(file.variables[n])
                for n in sorted(labels & held)
                if names is None or set(file.variables[n].dimensions) <= used
            }
    except (OSError, RuntimeError) as error:
        raise WorkFailed(
            f"{path}: cannot be read ({error}). If it is damaged, delete it and run again."
        ) from error
    return xr.Dataset(data, coords=coords, attrs=attrs)


def _read(variable: Any) -> tuple[tuple[str, ...], Any]:
    values = variable[...]
    if variable.dtype is str:
        values = np.asarray(values, dtype=object)
    return tuple(variable.dimensions), values


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
