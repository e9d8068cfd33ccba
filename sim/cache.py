"""Where compiled kernels are kept, and when they are thrown away.

Numba notices that a cached kernel is out of date by looking at the file the kernel stands in,
and at that file only. A kernel in another file that calls it would go on running the old code.
So every state of the files that hold kernels gets a folder of its own: one changed character in
any of them leads to an empty folder, and everything is compiled again. Kernels take constants and
helpers only from such files, never from others.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
FOLDER = "placematters"
KEEP_DAYS = 30
LENT = "PLACEMATTERS_KERNELS"
"""Variable by which a process hands its folder of kernels to its workers."""
_NOT_KEPT: dict[Path, str] = {}
_DAY_SECONDS = 86_400
_NAMED = b"sim." + b"kernel"  # in two parts: this file holds no kernel
_DIGEST = re.compile(r"[0-9a-f]{32}")


def source_files(package: Path = PACKAGE) -> list[Path]:
    """Return every Python file under ``package``, in an order that no file system decides."""
    found = [
        Path(folder, name)
        for folder, _, names in os.walk(package)
        for name in names
        if name.endswith(".py")
    ]
    return sorted(found, key=lambda path: path.relative_to(package).as_posix())


def source_digest(package: Path = PACKAGE) -> str:
    """Return a digest (32 hexadecimal digits) of the names and contents of all kernel files.

    A kernel file is one that names the module of the decorator, as it must to define a kernel.
    """
    digest = hashlib.sha256()
    for path in source_files(package):
        name = path.relative_to(package).as_posix().encode()
        body = path.read_bytes()
        if _NAMED not in body:
            continue
        # Lengths go in first, so that no two trees can run together into the same bytes.
        digest.update(b"%d %d " % (len(name), len(body)))
        digest.update(name)
        digest.update(body)
    return digest.hexdigest()[:32]


def user_cache() -> Path:
    """Return the folder for caches: ``$NUMBA_CACHE_DIR`` if set, else the platform's own."""
    chosen = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    if chosen:
        return Path(chosen)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    if sys.platform == "win32" and "LOCALAPPDATA" in os.environ:
        return Path(os.environ["LOCALAPPDATA"])
    return Path.home() / ".cache"


def kernel_folder() -> Path:
    """Return an existing, writable folder for kernels compiled from the source as it stands.

    Where the user's cache cannot be written (a read-only home, no home at all) the folder is a
    private temporary one, removed when the process ends: kernels are then compiled anew by every
    command, which is slow but never wrong. Workers are told of it through `LENT`.
    """
    lent = os.environ.get(LENT)
    if lent and os.access(lent, os.W_OK):
        return Path(lent)
    try:
        shelf = user_cache() / FOLDER
        folder = shelf / source_digest()
        fresh = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            os.utime(folder)
    except (OSError, RuntimeError) as error:
        folder = Path(tempfile.mkdtemp(prefix=FOLDER + "-"))
        atexit.register(_remove_own, folder, os.getpid())
        _NOT_KEPT[folder] = str(error)
        return folder
    if fresh:
        _clear_old(shelf, folder)
    return folder


def not_kept(folder: Path) -> str | None:
    """Return why kernels in this folder are not kept for the next command; None where they are."""
    return _NOT_KEPT.get(folder)


def _remove_own(folder: Path, maker: int) -> None:
    """Remove a private folder, unless this is a copy (a fork) of the process that made it."""
    if os.getpid() == maker:
        shutil.rmtree(folder, ignore_errors=True)


def _clear_old(shelf: Path, current: Path) -> None:
    """Remove folders of earlier states of the source that nobody used for ``KEEP_DAYS`` days."""
    oldest = time.time() - KEEP_DAYS * _DAY_SECONDS
    for folder in shelf.iterdir():
        if folder == current or not _DIGEST.fullmatch(folder.name):
            continue
        try:
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue  # another process cleared it first


def kernel_stamp() -> str:
    """Name what compiled kernels hang on: the source in its place, Python, numba, processor."""
    import numba
    from numba.core.registry import cpu_target

    total = hashlib.sha256(str(PACKAGE).encode())
    total.update(f"{sys.implementation.cache_tag} {numba.__version__}".encode())
    total.update(repr(cpu_target.target_context.codegen().magic_tuple()).encode())
    for path in source_files():
        if _NAMED in path.read_bytes():
            at = path.stat()
            total.update(f"{path} {at.st_mtime} {at.st_size}".encode())
    return total.hexdigest()[:16]


def note_whole(folder: Path, homes: Iterable[str]) -> None:
    """Note in a folder of kernels that all are there now: those in ``homes``, as they are."""
    listed = {
        str(path): path.stat().st_size
        for home in sorted(set(homes))
        for path in Path(home).glob(f"*.py{sys.version_info.major}{sys.version_info.minor}*.nb?")
    }
    note = folder / f"whole-{kernel_stamp()}.json"
    waiting = note.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):  # it is looked at only to save time
        waiting.write_text(json.dumps(listed))
        os.replace(waiting, note)


def is_whole(folder: Path) -> bool:
    """Whether all kernels were compiled from this source on this machine, and still lie here."""
    try:
        listed = json.loads((folder / f"whole-{kernel_stamp()}.json").read_text())
        return bool(listed) and all(os.stat(path).st_size >= size for path, size in listed.items())
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        return False


def prepare_kernel_cache() -> Path:
    """Tell numba where to keep compiled kernels; call before the first kernel is defined.

    Returns:
        The folder now in use.
    """
    import numba

    folder = kernel_folder()
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    return folder
