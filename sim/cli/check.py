"""``sim check``: is this machine fit to run, and is a result what its record says."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from sim.cache import is_whole, not_kept
from sim.cli.check_plug_ins import plug_ins
from sim.cli.check_results import Finding, looked, results_at
from sim.cli.common import Parser, print_json, print_table
from sim.cli.plain import speaks_unicode
from sim.errors import BadRequest, WorkFailed
from sim.study.room import memory_here

__all__ = ["Finding", "main"]

_CELL = re.compile(r"[0-9a-f]{12}")
_MOST_CELLS = 8
"""Good cells that are shown one by one."""
_KNOWN_ANSWER = ["6627e8d5", "e169c58d", "bc57ac4c", "9b00dbd8"]  # Philox4x32-10, all zero
_LEAST_MB = 300  # the default comparison with its report
_ENGLAND_MB = 700  # the same of all England
_MEMORY_MB = 2_000  # the default world, in two processes, and what else runs


def main(words: list[str]) -> int:
    """Print what was looked at, faults first; return 1 if anything is not as it should be."""
    parser = Parser(
        "check",
        "Is this machine fit to run? With PATH: is a cell (.nc), every cell of a folder or a\n"
        "study, or a report what its record says?",
        "sim check\n  sim check outputs/cells",
    )
    parser.add_argument(
        "path",
        nargs="?",
        metavar="PATH",
        help="a cell, or the folder of cells, a study or a report",
    )
    given = parser.parse_args(words)
    findings = sorted(
        _machine() if given.path is None else results_at(Path(given.path).expanduser()),
        key=lambda f: f.fit,
    )
    if given.json:
        print_json([_record(finding) for finding in findings])
    else:
        _print(findings, every=given.path is None)
    return 0 if all(finding.fit for finding in findings) else 1


def _record(finding: Finding) -> dict[str, object]:
    """Return a finding as plain data; what has no content digest has no key for it."""
    told = finding._asdict()
    content = told.pop("content")
    return {**told, "content_digest": content} if content else told


def _print(findings: list[Finding], *, every: bool) -> None:
    """Print all findings; of results every fault, the first good cells, and how many there are."""
    cells = [f for f in findings if f.fit and _CELL.fullmatch(f.name)]
    left_out = set() if every else set(cells[_MOST_CELLS:])
    shown = [finding._asdict() for finding in findings if finding not in left_out]
    print_table(shown, ("name", "fit", "title"))
    if left_out:
        print(f"... and {len(left_out)} more cells whose content is what their digests say")
    if not every:
        fit = sum(finding.fit for finding in findings)
        print(f"{fit} of {len(findings)} looked at are as they should be. More: --json.")


def _machine() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", (3, 11) <= sys.version_info[:2] < (3, 14), f"{version}; 3.11 to 3.13")
    yield looked("packages", _packages)
    yield looked("configuration", _configuration)
    yield looked("outputs", _outputs)
    yield looked("disk", _disk)
    yield looked("kernels", _kernels)
    yield _memory()
    yield Finding("terminal", True, _terminal())
    yield from plug_ins()


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


def _disk() -> str:
    """Say how much room there is where results go."""
    import shutil

    from sim.config import compose

    there = Path(compose("baseline").machine.outputs).resolve()
    while not there.is_dir():
        there = there.parent
    free = shutil.disk_usage(there).free / 1e6
    if free < _LEAST_MB:
        raise WorkFailed(
            f"{free:,.0f} MB free in {there}; a comparison takes up to {_LEAST_MB} MB. Make room, "
            f"or choose another folder: machine.outputs=FOLDER."
        )
    takes = f"a comparison takes up to {_LEAST_MB} MB, of world=england up to {_ENGLAND_MB}"
    return f"{free:,.0f} MB free in {there}; {takes}"


def _terminal() -> str:
    """Say what stdout can write; what it cannot is written in plain characters."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    lacks = "" if speaks_unicode(sys.stdout) else "; other characters are written in plain ones"
    return f"output is written as {encoding}{lacks}"


def _kernels() -> str:
    """Compile and run one kernel against the published known answer of its generator."""
    import numpy as np

    from sim import kernel
    from sim.rng import philox

    zero = np.uint64(0)
    words = [f"{int(word):08x}" for word in philox(zero, zero, zero, zero, zero, zero)]
    if words != _KNOWN_ANSWER:
        raise WorkFailed(f"random words are {words}, not {_KNOWN_ANSWER}. Install numba again.")
    why = not_kept(kernel.CACHE_FOLDER)
    if why is not None:
        raise WorkFailed(
            f"compiled code cannot be kept ({why}): every command compiles anew, for a minute or "
            f"more. Set NUMBA_CACHE_DIR to a folder that can be written."
        )
    there = "compiled" if is_whole(kernel.CACHE_FOLDER) else "compiled by the first run"
    return f"random words are as published; kernels, {there}, are kept in {kernel.CACHE_FOLDER}"


def _memory() -> Finding:
    from sim.study.cost import gigabytes
    from sim.study.sizes import memory_mb, room_mb

    each, room = gigabytes(room_mb(memory_mb("england"))), memory_here()
    if room is None:
        return Finding("memory", True, "not known on this system")
    total = room / 1e6
    said = f"{total / 1000:.1f} GB; world=england takes {each} for each process"
    return Finding("memory", total >= _MEMORY_MB, said)
