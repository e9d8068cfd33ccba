"""Datasets to and from the bytes of a netCDF-4 file; only what is asked for is read.

The file is made in memory and handed over as bytes, so that whoever writes it sees every error
of the disk as a plain OSError and never leaves half a file (netCDF4 killed in mid-write leaves
files that open without complaint and hold fill values: measured). It is read with h5py, which looks
at the variables that are asked for and not, as netCDF4 does, at all two hundred first.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import BadRequest, WorkFailed
from sim.results.attributes import attributes_of

if TYPE_CHECKING:
    import h5py
    import netCDF4
    import xarray as xr

__all__ = ["from_file", "to_bytes"]

_ONE_AT_A_TIME = RLock()
"""The library below is not made for threads: two that write at once end the whole process."""
_ROOM = 1 << 16
_SMALL = 4096
"""Bytes up to which packing costs more than it saves."""
_BARE = "This is a netCDF dimension but not a netCDF variable"
_ALWAYS = frozenset({"cell", "year", "area", "group"})
"""Dimensions whose coordinates are read whatever variables are asked for."""
_OURS = "year"
"""What the file names among its coordinates if :func:`to_bytes` wrote it."""


def to_bytes(data: xr.Dataset) -> bytes:
    """Return a Dataset as a netCDF-4 file (zlib 1); text, integers and floats only.

    Any number of threads may ask at once; they are served one after the other.
    """
    with _ONE_AT_A_TIME:
        return _to_bytes(data)


def _to_bytes(data: xr.Dataset) -> bytes:
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
    """Make a variable that says what it is; returns it with what it is to hold."""
    dims = tuple(map(str, values.dims))
    said = {**attributes_of(name), **values.attrs}
    if values.dtype.kind in "OUT":
        made = file.createVariable(name, str, dims)
        made.setncatts(said)
        return made, values.values.astype(object)
    plain = values.values.astype(np.int8) if values.dtype.kind == "b" else values.values
    large = bool(dims) and plain.nbytes > _SMALL
    packed: Any = {"compression": "zlib", "complevel": 1, "shuffle": True} if large else {}
    made = file.createVariable(name, plain.dtype, dims, fill_value=False, **packed)
    made.set_auto_maskandscale(False)
    if "flag_values" in said:  # CF asks for the type of the variable
        said["flag_values"] = said["flag_values"].astype(plain.dtype)
    made.setncatts(said)
    return made, plain


def from_file(path: Path, names: Collection[str] | None = None) -> xr.Dataset:
    """Read a file written by :func:`to_bytes`: all of it, or these variables and every coordinate.

    One that xarray wrote (``to_netcdf``) is read as well.

    Coordinates that only label schools, children or clauses are read with the variables that
    have them. Names the file does not hold are passed over. Raises WorkFailed when the file
    cannot be read.
    """
    import h5py
    import xarray as xr

    try:
        with _ONE_AT_A_TIME, h5py.File(path, "r", locking=False) as file:  # files never change
            attrs = {k: _plain(v) for k, v in file.attrs.items() if not k.startswith("_")}
            labels = set(str(attrs.pop("coordinates", "")).split())
            if _OURS not in labels:
                labels |= _labels_of_xarray(file)
            labels &= set(file)
            scales = {h5py.h5o.get_info(file.id, n.encode()).addr: n for n in labels}
            asked = set(file) if names is None else labels.union(names).intersection(file)
            held = {n: file[n] for n in sorted(asked)}
            dims = {n: _dims(n, one, scales) for n, one in held.items() if _is_variable(one)}
            used = _ALWAYS.union(*(own for n, own in dims.items() if n not in labels))
            read = {
                n: (own, _values(held[n]))
                for n, own in dims.items()
                if names is None or n not in labels or used.issuperset(own)
            }
    except PermissionError as error:
        raise BadRequest(f"{path}: may not be read. Make it readable for yourself.") from error
    except (OSError, RuntimeError, KeyError) as error:
        raise WorkFailed(
            f"{path}: cannot be read ({error}). If it is damaged, delete it and run again."
        ) from error
    coords = {n: read.pop(n) for n in sorted(labels & set(read))}
    return xr.Dataset(read, coords=coords, attrs=attrs)


def _labels_of_xarray(file: h5py.File) -> set[str]:
    """Return the coordinates of a file that xarray wrote: each variable names its own."""
    found = set[str]()
    for name, variable in file.items():
        told = variable.attrs.get("coordinates", "")
        found.update(str(_plain(told)).split())
        if _is_variable(variable) and variable.is_scale and len(variable.shape) == 1:
            found.add(str(name))  # labels a dimension of its name
    return found


def _values(variable: h5py.Dataset) -> NDArray[Any]:
    import h5py

    text = h5py.check_string_dtype(variable.dtype) is not None
    return np.asarray((variable.asstr() if text else variable)[()])


def _dims(name: str, variable: h5py.Dataset, scales: dict[int, str]) -> tuple[str, ...]:
    """Return names of dimensions: netCDF keeps a reference to each; a scale is its own.

    ``scales`` tells names by place in the file, since asking HDF5 for a name is slow.
    """
    import h5py

    if not variable.shape:
        return ()
    if "DIMENSION_LIST" not in variable.attrs:
        return (name,)
    found = [h5py.h5r.dereference(one[0], variable.id) for one in variable.attrs["DIMENSION_LIST"]]
    return tuple(
        scales.get(h5py.h5o.get_info(one).addr) or h5py.h5i.get_name(one).decode().lstrip("/")
        for one in found
    )


def _is_variable(found: h5py.Dataset) -> bool:
    """Whether this holds values: a dimension without any is kept as an empty variable too."""
    return "NAME" not in found.attrs or not _plain(found.attrs["NAME"]).startswith(_BARE)


def _plain(value: object) -> Any:
    """Return an attribute as it was given: text is text, a list of one number is a number."""
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.reshape(())[()]
    if isinstance(value, bytes):
        return value.decode()
    return value.item() if isinstance(value, np.generic) else value
