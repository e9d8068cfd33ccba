"""``sim check``: is this machine fit to run, and is a result what its record says."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.cli.common import Parser, print_json, print_table
from sim.errors import BadRequest, SimError, WorkFailed

if TYPE_CHECKING:
    from sim.results.store import Store

__all__ = ["Finding", "main"]

_KNOWN_ANSWER = ["6627e8d5", "e169c58d", "bc57ac4c", "9b00dbd8"]  # Philox4x32-10, all zero
_ENOUGH_MB = 2_000  # what a run of all England may hold at its peak


class Finding(NamedTuple):
    """One thing looked at: what, whether it is as it should be, and what was seen."""

    name: str
    fit: bool
    title: str


def main(words: list[str]) -> int:
    """Print what was looked at, faults first; return 1 if anything is not as it should be."""
    parser = Parser(
        "check",
        "Is this machine fit to run? With PATH: is a cell (.nc), or every cell of a folder, what\n"
        "its record says?",
        "sim check\n  sim check outputs/cells",
    )
    parser.add_argument("path", nargs="?", metavar="PATH", help="a cell or a folder of cells")
    given = parser.parse_args(words)
    findings = sorted(
        _machine() if given.path is None else _results(Path(given.path)), key=lambda f: f.fit
    )
    if given.json:
        print_json([finding._asdict() for finding in findings])
    else:
        print_table([finding._asdict() for finding in findings], ("name", "fit", "title"))
    return 0 if all(finding.fit for finding in findings) else 1


def _machine() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", (3, 11) <= sys.version_info[:2] < (3, 14), f"{version}; 3.11 to 3.13")
    yield _looked("packages", _packages)
    yield _looked("configuration", _configuration)
    yield _looked("outputs", _outputs)
    yield _looked("kernels", _kernels)
    yield _memory()


def _looked(name: str, look: Callable[[], str]) -> Finding:
    """Turn what a look says, or the error it ends in, into a finding."""
    try:
        return Finding(name, True, look())
    except (SimError, ImportError, OSError) as error:
        return Finding(name, False, str(error))


def _packages() -> str:
    from importlib import import_module
    from importlib.metadata import version

    names = ("hydra-core", "h5py", "mesa", "netCDF4", "numba", "numpy", "pydantic", "xarray")
    for name in names:
        import_module({"hydra-core": "hydra"}.get(name, name))
    return ", ".join(f"{name} {version(name)}" for name in names)


def _configuration() -> str:
    from sim.config import compose_all, config_root
    from sim.config.scenarios import shelf

    files = shelf()
    compose_all(sorted(files.files), ())
    return f"{len(files.files)} scenarios compose from {config_root()}"


def _outputs() -> str:
    from sim.config import compose
    from sim.config.roots import folder_problem

    outputs = compose("baseline").machine.outputs
    problem = folder_problem(outputs)
    if problem is not None:
        raise BadRequest(problem)
    return f"{Path(outputs).resolve()} can be written"


def _kernels() -> str:
    """Compile and run one kernel against the published known answer of its generator."""
    import numpy as np

    from sim import kernel
    from sim.rng import philox

    zero = np.uint64(0)
    words = [f"{int(word):08x}" for word in philox(zero, zero, zero, zero, zero, zero)]
    if words != _KNOWN_ANSWER:
        raise WorkFailed(f"random words are {words}, not {_KNOWN_ANSWER}. Install numba again.")
    return f"random words are as published; kernels are kept in {kernel.CACHE_FOLDER}"


def _memory() -> Finding:
    import os

    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e6
    except (ValueError, OSError):
        return Finding("memory", True, "not known on this system")
    said = f"{total:,.0f} MB; a run of all England holds up to {_ENOUGH_MB:,} MB"
    return Finding("memory", total >= _ENOUGH_MB, said)


def _results(path: Path) -> Iterator[Finding]:
    """Read every cell at a path whole, its content held to its digest."""
    from sim.results.store import Store

    if path.is_dir():
        folder = path / "cells" if (path / "cells").is_dir() else path
        digests = sorted(Store(folder).digests())
    elif path.suffix == ".nc" and path.is_file():
        folder, digests = path.parent, [path.stem]
    else:
        raise BadRequest(f"{path}: is neither a cell (.nc) nor a folder of cells. Name one.")
    if not digests:
        raise BadRequest(f"{path}: holds no cells. Run one first: sim run baseline world=tiny.")
    store = Store(folder)
    for digest in digests:
        yield _looked(digest[:12], partial(_cell, store, digest))


def _cell(store: Store, digest: str) -> str:
    cell = store.get(digest)
    if cell.attrs.get("digest") != digest:
        raise WorkFailed(f"is the result of another cell ({cell.attrs.get('digest')}). Delete it.")
    store.identity(digest)
    name = cell.attrs.get("scenario", "a cell")
    return f"{name}: the content is what its digest says (named as it was first asked for)"
