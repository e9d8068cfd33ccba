"""A sweep on a cluster: one SLURM array a study; what is done is read from the store alone.

Tasks hold minutes of cells, so that starting them costs little, and skip what is there: a task that
is requeued or sent twice repeats nothing, and a cell that another driver is at is left to it. The
scheduler is asked for one thing only, whether any task is still waiting or running; where it does
not answer, the store decides.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cache import PACKAGE
from sim.config import Settings
from sim.errors import BadRequest, WorkFailed
from sim.results import Store
from sim.results.atomic import write_whole
from sim.study import batch
from sim.study.cells import digest
from sim.study.claims import Claims
from sim.study.cost import own_memory_mb, own_seconds
from sim.study.ledger import Tracker
from sim.study.sweep import Study, begin, work
from sim.study.tasks import DEFAULT_ARRAY, Groups, pieces_of

if TYPE_CHECKING:
    from submitit.helpers import DelayedSubmission

__all__ = [
    "Cluster",
    "asked_of",
    "largest_array",
    "options_of",
    "run_claimed",
    "run_there",
]

SLOWER = 3.0
"""How much longer than the pilot a cell may take before its task is stopped."""
PILOTS = 3
ARRAY = "array"
"""File beside a study's logs with the number of the array that was sent last."""
LOOK_SECONDS = 2.0
GONE_SECONDS = 20.0
ORDINARY = frozenset({"None", "Priority", "Resources", "JobArrayTaskLimit"})
"""Reasons of SLURM's to let a task wait that pass by themselves, soon."""
OURS = frozenset({"array", "output", "error", "open_mode", "requeue", "signal", "job_name"})
"""Options of sbatch that a sweep sets itself, or that would break it."""


@dataclass(frozen=True)
class Cluster:
    """What is asked of a cluster: tasks at a time, a partition, and other options of sbatch."""

    tasks: int = 50
    partition: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)


def options_of(words: Sequence[str]) -> dict[str, str]:
    """Return options of sbatch from words such as ``account=NAME``, by their long names.

    >>> options_of(["account=dfe", "mail-type=END"])
    {'account': 'dfe', 'mail_type': 'END'}

    Raises:
        BadRequest: A word is no option with a value, or one that the sweep itself has to set.
    """
    found = {}
    for word in words:
        name, _, value = word.removeprefix("--").partition("=")
        key = name.replace("-", "_")
        if not value or not re.fullmatch(r"[a-z][a-z_]*", key):
            raise BadRequest(
                f"--slurm {word}: is no option of sbatch with a value. Give one such as "
                f"account=NAME, qos=NAME, mem=8G or time=60, and --slurm again for another."
            )
        if key in OURS:
            raise BadRequest(f"--slurm {word}: the sweep sets {name} itself. Leave it out.")
        found[key] = value
    return found


def asked_of(cluster: Cluster, seconds: float, longest: int, memory_mb: float) -> dict[str, Any]:
    """Return what each task asks for: by what the pilot took, or as the request says.

    Args:
        cluster: The request.
        seconds: What a cell takes.
        longest: Cells of the longest task.
        memory_mb: Memory to have for a process.
    """
    more = {"requeue": True, "open_mode": "append", **cluster.options}
    return {
        "cpus_per_task": 1,
        "timeout_min": max(5, round(SLOWER * seconds * longest / 60) + 2),
        "mem_gb": round(memory_mb / 1000, 2),
        "slurm_array_parallelism": cluster.tasks,
        "slurm_additional_parameters": more,
        **({"slurm_partition": cluster.partition} if cluster.partition else {}),
    }


class Task:
    """Cells of one task; sent again as it is when the task is pre-empted."""

    def __call__(self, groups: Groups, root: str) -> int:
        """Run groups one after the other on one core; returns how many cells are there."""
        return run_claimed(groups, root)

    def checkpoint(self, groups: Groups, root: str) -> DelayedSubmission:
        """Start again: what is in the store is skipped."""
        from submitit.helpers import DelayedSubmission

        return DelayedSubmission(self, groups, root)


def run_claimed(groups: Groups, root: str) -> int:
    """Run groups one after the other but for cells that another driver is at, which are waited for.

    Returns:
        How many cells are there at the end.
    """
    store, tracker = Store(root), Tracker(Path(root).parent)
    named = [{digest(cell): cell for cell in group} for group in groups]
    with Claims(Path(root).parent) as claims, claims.beating():
        left = named
        while left:
            later = [group for group in left if not _run_free(group, root, claims, tracker)]
            if len(later) == len(left):
                time.sleep(LOOK_SECONDS)
            left = later
    return len({name for group in named for name in group} & store.digests())


def _run_free(group: dict[str, Settings], root: str, claims: Claims, tracker: Tracker) -> bool:
    """Run the cells of a group that nobody is at; return whether no cell of it is left to others.

    Failed cells are not run again: who asks for that forgives them first.
    """
    store = Store(root)
    known = store.digests() | tracker.failed()
    waiting = [name for name in group if name not in known]
    ours = claims.take(waiting)
    there = store.digests() if ours else frozenset()  # who held one a moment ago may have ended it
    try:
        if todo := [group[name] for name in waiting if name in ours and name not in there]:
            work(batch.with_threads(todo, 1), root)
    finally:
        claims.release(ours)
    return len(ours) == len(waiting)


def run_there(study: Study, watch: batch.Watch, cluster: Cluster, *, retry: bool = False) -> None:
    """Send what is missing as one array, and follow the store until nothing more can come.

    Raises:
        BadRequest: There is no SLURM here, or submitit is not installed.
        WorkFailed: The array was refused, or tasks ended without their cells.
    """
    _installed()
    if (earlier := _array_at_work(study)) is not None:
        print(
            f"SLURM array {earlier} of this study is at work still: following it.", file=sys.stderr
        )
        _follow(study, earlier, watch)
    made = begin(study, retry=retry)
    if not made:
        return
    print("running one cell here, to see what a task takes", file=sys.stderr)
    left = _pilot(made, str(study.ledger.store.root))
    seconds = own_seconds(study)
    pieces = pieces_of(left, seconds, largest_array())
    if pieces:
        job = _send(study, pieces, seconds, own_memory_mb(study), cluster)
        missing = _follow(study, job, watch)
        if missing:
            raise WorkFailed(
                f"sim sweep: no task of array {job} is left and {missing} cells are missing "
                f"(cancelled, out of time or memory? See {_logs(study)}). "
                f"Finished cells are kept; the same command runs the rest."
            )


def _pilot(made: list[Settings], root: str) -> list[Settings]:
    """Run the first cell here, another if that fails; what it takes is what tasks ask for.

    Returns the cells that are left for tasks; one that another driver is at is left too.
    """
    others = []
    with Claims(Path(root).parent) as claims, claims.beating():
        for number, cell in enumerate(made[:PILOTS], 1):
            if not claims.take([digest(cell)]):
                others.append(cell)
            elif work(batch.with_threads([cell], 1), root):
                return [*others, *made[number:]]
    return [*others, *made[PILOTS:]]


def _array_at_work(study: Study) -> str | None:
    """Return the array that was sent last, if tasks of it wait or run."""
    try:
        number = (_logs(study) / ARRAY).read_text(encoding="utf-8")
    except OSError:
        return None
    return number if _tasks(number) else None


def _logs(study: Study) -> Path:
    return study.ledger.folder / "slurm"


def _installed() -> None:
    for program in ("sbatch", "squeue", "scontrol"):
        if shutil.which(program) is None:
            raise BadRequest(
                f"sim sweep --on slurm: no SLURM on this machine ({program} is not on the path). "
                f"Run it where jobs are submitted, or with --on local."
            )
    try:
        import submitit  # noqa: F401
    except ImportError:
        raise BadRequest(
            f"sim sweep --on slurm: needs submitit. Install it: {_how_to_install()}"
        ) from None


def _how_to_install() -> str:
    """Say the command that adds submitit: pinned in a checkout, plain beside an installed wheel."""
    checkout = PACKAGE.parent
    if (checkout / "constraints.txt").is_file():
        where = shlex.quote(str(checkout))
        return f"cd {where} && python -m pip install -c constraints.txt -e '.[slurm]'"
    return "python -m pip install submitit"


def largest_array(ask: Callable[..., subprocess.CompletedProcess[str]] = subprocess.run) -> int:
    """Return how many tasks the cluster takes in one array (an index must be below its limit)."""
    try:
        told = ask(["scontrol", "show", "config"], capture_output=True, text=True, timeout=30)
        found = re.search(r"MaxArraySize\s*=\s*(\d+)", told.stdout)
    except (OSError, subprocess.SubprocessError):
        found = None
    return max(1, (int(found.group(1)) if found else DEFAULT_ARRAY) - 1)


def _send(
    study: Study, pieces: Sequence[Groups], seconds: float, memory_mb: float, cluster: Cluster
) -> str:
    """Submit one array and return its number."""
    import submitit

    longest = max(sum(map(len, piece)) for piece in pieces)
    folder = _logs(study)
    executor = submitit.AutoExecutor(folder=str(folder.resolve()), cluster="slurm")
    asked = asked_of(cluster, seconds, longest, memory_mb)
    executor.update_parameters(name=f"sim-{study.ledger.name}", **asked)
    root = str(study.ledger.store.root.resolve())
    try:
        jobs = executor.map_array(Task(), list(pieces), [root] * len(pieces))
    except (OSError, RuntimeError) as error:
        raise WorkFailed(
            f"sim sweep --on slurm: SLURM cannot be reached from here, or refused the array "
            f"({'; '.join(filter(None, map(str.strip, str(error).splitlines())))}). Nothing was "
            f"sent; the cell that was run here is kept. Without SLURM, run the study in shares: "
            f"--share K/N."
        ) from error
    number = str(jobs[0].job_id).split("_")[0]
    write_whole({folder / ARRAY: number.encode()})
    print(f"SLURM array {number}: {len(jobs)} tasks; logs in {folder}", file=sys.stderr)
    return number


def _follow(study: Study, job: str, watch: batch.Watch) -> int:
    """Look at the store until every cell is there or failed, or no task is left.

    Returns how many cells are missing then.
    """
    try:
        return _look(study, job, watch)
    except KeyboardInterrupt:
        print(
            f"SLURM array {job} goes on: sim sweep {study.ledger.name} --status tells how far it "
            f"is, the same command follows it again, scancel {job} ends it.",
            file=sys.stderr,
        )
        raise


def _look(study: Study, job: str, watch: batch.Watch) -> int:
    wanted, gone, seen, told = study.record.digests, 0.0, -1, ""
    first: tuple[float, int] | None = None
    while True:
        there = study.ledger.store.digests()
        done = [name for name in wanted if name in there]
        if len(done) != seen:
            if first is None and seen >= 0:  # waiting in a queue says nothing of the pace
                first = (time.monotonic(), len(done))
            seen = len(done)
            watch(done, len(wanted), _left(first, seen, len(wanted) - seen))
        missing = len(set(wanted) - there - study.ledger.tracker.failed())
        if not missing:
            return 0
        tasks = _tasks(job)
        gone = gone + LOOK_SECONDS if tasks == [] else 0.0
        if gone > GONE_SECONDS:
            return missing
        held = "" if tasks is None else _waiting(tasks)
        if held != told:
            told = held
            print(f"SLURM array {job}: {held or 'no task is waiting any more'}", file=sys.stderr)
        time.sleep(LOOK_SECONDS)


def _left(first: tuple[float, int] | None, done: int, todo: int) -> float | None:
    """Return the seconds left by what was done since the first cells came; None until then."""
    if first is None or done <= first[1]:
        return None
    return (time.monotonic() - first[0]) / (done - first[1]) * todo


def _tasks(job: str) -> list[tuple[str, str]] | None:
    """Return state and reason of each task that waits or runs; None where the scheduler is silent.

    Silence is not an end: the store tells what is done, and the scheduler may answer later.
    """
    try:
        told = subprocess.run(
            ["squeue", "--noheader", "--array", "--jobs", job, "--format=%T|%r"],
            capture_output=True,
            text=True,
            timeout=60,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    if told.returncode != 0:
        return [] if "Invalid job id" in told.stderr else None
    rows = (line.strip().partition("|") for line in told.stdout.splitlines() if line.strip())
    return [(state, reason) for state, _, reason in rows]


def _waiting(tasks: list[tuple[str, str]]) -> str:
    """Say what tasks wait for, unless it is only their turn.

    >>> _waiting([("RUNNING", "None"), ("PENDING", "Priority"), ("PENDING", "JobHeldAdmin")])
    '1 tasks wait: JobHeldAdmin'
    """
    held = [reason for state, reason in tasks if state == "PENDING" and reason not in ORDINARY]
    return f"{len(held)} tasks wait: {', '.join(sorted(set(held)))}" if held else ""
