"""A SLURM of one node for tests: its own daemons, key, socket and ports, all in one folder.

Needs no root and touches nothing of the machine's. Used as a context; what it started ends with it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SYSTEM = "/usr/sbin:/sbin"
NEEDED = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "scontrol")
CONFIG = """\
ClusterName=onenode
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={control}
SlurmdPort={node}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/log/slurmctld.log
SlurmdLogFile={folder}/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1,sched_min_interval=0,batch_sched_delay=0
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
MailProg=/bin/true
SwitchType=switch/none
ReturnToService=2
JobRequeue=1
KillWait=2
MaxArraySize={most}
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} RealMemory={memory} State=UNKNOWN
PartitionName=test Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def missing() -> list[str]:
    """Programs that are not on this machine."""
    return [name for name in NEEDED if _where(name) is None]


def _where(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:{SYSTEM}")


def needs_slurm(test: Any) -> Any:
    """Mark a test as one that sends jobs, skipped with its reason where that cannot be done."""
    without = [*missing(), *([] if importlib.util.find_spec("submitit") else ["submitit"])]
    skip = pytest.mark.skipif(bool(without), reason=f"not installed: {', '.join(without)}")
    return pytest.mark.slurm(skip(test))


@contextlib.contextmanager
def one_node(most: int = 1001) -> Iterator[dict[str, str]]:
    """Start a SLURM of its own; gives the variables that a client of it needs.

    ``most`` is the largest array plus one.
    """
    # A socket's path must be short, so the folder is not one of the test's.
    with tempfile.TemporaryDirectory(prefix="slurm-", ignore_cleanup_errors=True) as place:
        yield from _running(Path(place), most)


def _running(folder: Path, most: int) -> Iterator[dict[str, str]]:
    """Run its daemons in a folder, for as long as the caller wants them."""
    for name in ("state", "spool", "log", "munge"):
        (folder / name).mkdir(parents=True)
    folder.chmod(0o755)
    (folder / "munge").chmod(0o700)
    key = folder / "munge" / "key"
    key.write_bytes(secrets.token_bytes(1024))
    key.chmod(0o400)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    told = CONFIG.format(
        host=socket.gethostname().partition(".")[0], user=_user(), folder=folder, most=most,
        control=_free_port(), node=_free_port(), cores=os.cpu_count(), memory=memory * 8 // 10,
    )  # fmt: skip
    config = folder / "slurm.conf"
    config.write_text(told)
    environment = {"SLURM_CONF": str(config)}
    try:
        _start(folder, config)
        _until_idle(folder, environment)
        yield environment
    finally:
        for name in ("slurmd", "slurmctld", "munged"):
            _end(folder / f"{name}.pid", folder)


def _start(folder: Path, config: Path) -> None:
    munge = [
        _program("munged"), "--force", f"--key-file={folder}/munge/key",
        f"--socket={folder}/munge.sock", f"--pid-file={folder}/munged.pid",
        f"--log-file={folder}/log/munged.log", f"--seed-file={folder}/munge/seed",
    ]  # fmt: skip
    for command in (
        munge,
        [_program("slurmctld"), "-c", "-f", str(config)],
        [_program("slurmd"), "-f", str(config)],
    ):
        subprocess.run(command, check=True, env=os.environ | {"SLURM_CONF": str(config)})


def _until_idle(folder: Path, environment: dict[str, str]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        told = subprocess.run(
            ["sinfo", "--noheader", "--format=%T"], env=os.environ | environment,
            capture_output=True, text=True,
        )  # fmt: skip
        if told.stdout.strip() == "idle":
            return
        time.sleep(0.1)
    logs = "\n".join(path.read_text()[-500:] for path in sorted((folder / "log").iterdir()))
    raise RuntimeError(f"SLURM did not come up:\n{logs}")


def _program(name: str) -> str:
    found = _where(name)
    assert found is not None, name
    return found


def _user() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _end(pid_file: Path, folder: Path) -> None:
    """End the process of a pid file, if it is one that this folder started."""
    try:
        pid = int(pid_file.read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return
    if os.fsencode(folder) not in command:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        for _ in range(100):
            os.kill(pid, 0)
            time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
