"""What a sweep costs beyond the model: ``sweeps.py [--cells N]``, figures beside their limits.

Cells are empty years of the tiny world put in place of the model's, so that only composing, naming,
handing out, writing and reading are timed. The last two figures live real years.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from commands import environment  # noqa: E402

TINY = ["world=tiny", "years=1", "draws=0", "machine.threads=2"]
MANY = 10_000
SHARED = 20
YEARS = 22


def put_empty(group: list[Any], root: str) -> list[str]:
    """Keep the one result of this process under each cell's name: all a worker does but live."""
    from sim.results import Store
    from sim.study.cells import digest
    from sim.study.ledger import Tracker

    store, tracker = Store(root), Tracker(Path(root).parent)
    result = _result(root)
    for cell in group:
        name = digest(cell)
        tracker.begin(name)
        attrs = {key: getattr(cell, key) for key in ("scenario", "draw", "replicate")}
        store.put(name, {"name": name}, result.assign_attrs(**attrs), {"seconds": 0.0})
        tracker.end(name)
    return [digest(cell) for cell in group]


_kept: dict[str, Any] = {}


def _result(root: str) -> Any:
    if not _kept:
        from sim.results.netcdf import from_file

        _kept["one"] = from_file(Path(root).parent / "one.nc", None)
    return _kept["one"]


def figure(title: str, value: float, unit: str, limit: float, *, at_least: bool = False) -> None:
    """Print one figure beside its limit."""
    met = value >= limit if at_least else value <= limit
    sign = "at least" if at_least else "at most"
    print(
        f"{title:<58}{value:>10,.2f} {unit:<8}{sign} {limit:<8g}{'met' if met else 'MISSED'}",
        flush=True,
    )


def overhead(outputs: Path, cells: int) -> Any:
    """Time a sweep of empty cells in two processes."""
    import sweeps  # this file, by the name under which workers find it

    from sim.config import compose
    from sim.study import batch, sweep
    from sim.study.cells import at, simulate
    from sim.study.design import cells as cells_of
    from sim.study.design import from_words

    one = simulate(at(compose("baseline", TINY), 0, 0))
    one.to_netcdf(outputs / "one.nc")
    batch.warm_up()
    design = from_words([*TINY, f"replicates={cells // 2}"], ["baseline", "flat"])
    start = time.perf_counter()
    study = sweep.open_study(outputs, "many", design)
    study.ledger.write(study.record)
    groups = sweep.grouped(cells_of(study.design))
    composed = time.perf_counter() - start
    batch.run_groups(
        groups, study.ledger.store, budget=1e9, watch=lambda *_: None, work=sweeps.put_empty
    )
    spent = time.perf_counter() - start
    figure(f"a cell beyond the model ({cells:,}, 2 processes)", 1000 * spent / cells, "ms", 30)
    print(f"  of which naming and grouping {1000 * composed / cells:.1f} ms")
    return study


def writing(outputs: Path) -> None:
    """Time one cell's three files, flushed to the disk."""
    from sim.results import Store

    store, result, spent = Store(outputs / "written"), _result(str(outputs / "cells")), []
    for n in range(30):
        start = time.perf_counter()
        store.put(f"{n}", {}, result, {})
        spent.append(time.perf_counter() - start)
    print(f"  of which writing and flushing a cell {1000 * statistics.median(spent):.1f} ms")


def resume(outputs: Path, done: Any) -> None:
    """Time looking through ten thousand finished cells, and reading one measure from them."""
    from sim.study import sweep
    from sim.study.design import from_words

    design = from_words([*TINY, f"replicates={MANY // 2}"], ["baseline", "flat"])
    study = sweep.open_study(outputs, "most", design)
    source = done.ledger.store.path(done.record.digests[0])
    for n in study.todo():
        os.link(source, study.ledger.store.path(study.record.digests[n]))
    study.ledger.write(study.record)
    start = time.perf_counter()
    again = sweep.open_study(outputs, "most", design)
    assert not again.todo()
    figure(f"looking through {MANY:,} finished cells", time.perf_counter() - start, "s", 2)
    from sim.results import open_results
    from sim.tabulate import variables_for

    start = time.perf_counter()
    names = variables_for(["attainment8"])
    found = open_results(study.ledger.folder, names, layout="cells")
    assert found.sizes["cell"] == MANY
    figure(f"one measure's sums from {MANY:,} cells", time.perf_counter() - start, "s", 120)
    start = time.perf_counter()
    open_results(study.ledger.folder, names, layout="cells")
    print(f"  read again, from the study's own file {time.perf_counter() - start:.1f} s")
    more = from_words([*TINY, f"replicates={MANY // 2 + 50}"], ["baseline", "flat"])
    study = sweep.open_study(outputs, "most", more)
    for n in study.todo():
        os.link(source, study.ledger.store.path(study.record.digests[n]))
    study.ledger.write(study.record)
    start = time.perf_counter()
    found = open_results(study.ledger.folder, names, layout="cells")
    assert found.sizes["cell"] == MANY + 100
    print(f"  and with 100 cells more {time.perf_counter() - start:.1f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    figure("memory at its peak", peak, "GiB", 4)


def branching() -> None:
    """Time twenty policies that branch from one past against runs of their own in one process."""
    from sim.config import compose
    from sim.model import SchoolsModel
    from sim.study.cells import at, simulate

    words = ["world=tiny", f"years={YEARS}", "machine.threads=1"]
    made = [
        at(compose("pupil_need", [*words, f"policy.targeting.envelope_gbp={n}e8"]), 0, 0)
        for n in range(1, SHARED + 1)
    ]
    simulate(made[0])
    start = time.perf_counter()
    past = SchoolsModel(made[0]).live_past()
    for cell in made:
        simulate(cell, past.copy())
    together = time.perf_counter() - start
    start = time.perf_counter()
    for cell in made[: SHARED // 4]:
        simulate(cell)
    apart = 4 * (time.perf_counter() - start)
    lived, shared = YEARS + 6, 6
    least = round(0.9 * lived / (lived - shared), 2)
    title = f"{SHARED} cells of one past over a warm loop"
    figure(title, apart / together, "times", least, at_least=True)


def apart(outputs: Path) -> None:
    """Time one sweep of twenty policies against a process for each, two at a time; one thread."""
    values = ",".join(f"{n}e8" for n in range(1, SHARED + 1))
    words = ["world=tiny", f"years={YEARS}"]
    key = "policy.targeting.envelope_gbp"
    batch = ["sweep", "one", "scenarios=pupil_need", f"{key}={values}", "draws=0", "replicates=1"]
    together = _wait([[*batch, *words, "machine.threads=2"]], outputs / "together")
    few = [["run", "pupil_need", *words, f"{key}={n}e8", "machine.threads=1"] for n in range(1, 7)]
    alone = sum(_wait(few[n : n + 2], outputs / "alone") for n in range(0, len(few), 2))
    gain = alone * SHARED / len(few) / together
    figure(f"{SHARED} cells of one past over a process each", gain, "times", 2, at_least=True)


def _wait(commands: list[list[str]], folder: Path) -> float:
    """Run commands side by side in a folder; returns seconds."""
    folder.mkdir(exist_ok=True)
    start = time.perf_counter()
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "sim", *words], cwd=folder, env=environment(),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for words in commands
    ]  # fmt: skip
    if any(job.wait() for job in running):
        raise SystemExit(f"a command failed: {commands[0]}")
    return time.perf_counter() - start


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cells", type=int, default=1000, help="cells of the sweep (1000)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outputs = Path(folder)
        (outputs / "cells").mkdir()
        done = overhead(outputs, given.cells)
        writing(outputs)
        resume(outputs, done)
        apart(outputs)
    branching()


if __name__ == "__main__":
    main()
