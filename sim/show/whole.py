"""A folder of files that is whole or not there.

Everything is written into a temporary folder beside the final one, on the same file system, and
the two change places in one step. Whoever has a file of the earlier folder open keeps reading it;
whoever is killed leaves the earlier folder as it was and a temporary one that the next run sweeps.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import stat
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath

from sim.errors import BadRequest, WorkFailed

__all__ = ["Draft", "can_replace", "draft"]

_TEMPORARY = ".tmp-report-"
_AT_FDCWD, _EXCHANGE = -100, 2
_JUST_MADE, _STALE = (
    2.0,
    24 * 3600.0,
)  # seconds: age of a draft nobody holds; of one nobody can hold
Ours = Callable[[PurePath], bool]


class Draft:
    """A folder in the making; ``put`` adds a file to it."""

    def __init__(self, final: Path, place: Path) -> None:
        self.final, self.place = final, place

    def put(self, name: str, body: bytes) -> None:
        """Write one file, given by its path inside the folder, down to the disk."""
        path = self.place / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
            _flush(path)
        except OSError as error:
            raise _failed(self.final / name, error) from error


def can_replace(final: Path, room: int) -> None:
    """Refuse, before any work, a folder that could not be written or replaced later.

    Args:
        final: the folder to be; it may be there already.
        room: bytes that must be free.

    Raises:
        BadRequest: says which folder and why; nothing is left behind.
    """
    try:
        _check_name(final)
        target = final.resolve()
        above = _nearest(target)
        _check_old(target)
        _try(above)
        free = shutil.disk_usage(above).free
    except OSError as error:
        raise BadRequest(
            f"report: {error.filename or final} cannot be written: {error.strerror}. Give another "
            "--name, or another folder with machine.outputs=FOLDER."
        ) from error
    if free < room:
        raise BadRequest(
            f"report: {above} has {free / 1e6:.1f} MB free, and a report needs about "
            f"{room / 1e6:.0f} MB. Make room, or give another folder with machine.outputs=FOLDER."
        )


@contextmanager
def draft(final: Path, ours: Ours) -> Iterator[Draft]:
    """Open a draft of a folder; it takes the place of ``final`` when the block ends well.

    Files of an earlier folder that are not ``ours`` (asked with their path inside it) are kept.

    Raises:
        WorkFailed: the disk refused a file or the change of places; ``final`` is as it was.
    """
    target = final.resolve()
    place = target.parent / f"{_TEMPORARY}{uuid.uuid4().hex[:12]}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        place.mkdir()
    except OSError as error:
        raise _failed(final, error) from error
    try:
        with _locked(place):
            yield Draft(final, place)
            try:
                _carry(target, place, ours)
                _install(place, target)
            except OSError as error:
                raise _failed(final, error) from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _check_name(final: Path) -> None:
    """Refuse what no file system takes as a name, and what would clash with a temporary one."""
    try:
        os.lstat(final / "figures" / f"{'x' * 32}.svg")
    except ValueError as error:
        raise BadRequest(f"report: {str(final)!r} cannot be a folder: {error}.") from error
    except FileNotFoundError:
        pass
    except NotADirectoryError:
        pass  # said better below
    if final.name.startswith(_TEMPORARY):
        raise BadRequest(f"report: a name cannot begin with {_TEMPORARY}. Give another.")


def _nearest(target: Path) -> Path:
    """Return the nearest folder above that is there; refuse a file in the way."""
    for part in (target, *target.parents):
        if part.is_dir():
            return part if part != target else target.parent
        if os.path.lexists(part):
            raise BadRequest(f"report: {part} is a file, not a folder. Choose another name.")
    return target.parent


def _check_old(target: Path) -> None:
    """Refuse an earlier folder that may not be moved, or in which somebody locked a file."""
    if not target.exists():
        return
    if os.path.ismount(target):
        raise BadRequest(
            f"report: {target} is a file system of its own and cannot be replaced as a whole. "
            "Give another --name."
        )
    for folder, _, names in os.walk(target):
        for path in (Path(folder), *(Path(folder) / name for name in names)):
            if not path.is_symlink() and not _writable(path):
                raise BadRequest(
                    f"report: {path} is write-protected, so the report it belongs to is not "
                    "replaced. Allow writing, or give another --name."
                )


def _writable(path: Path) -> bool:
    """Whether a file or folder may be changed; a protected one is respected by root as well."""
    return bool(path.stat().st_mode & stat.S_IWUSR) and os.access(path, os.W_OK)


def _try(above: Path) -> None:
    """Make, fill, rename and remove a folder, as the report will."""
    one = above / f"{_TEMPORARY}{uuid.uuid4().hex[:12]}"
    two = one.with_name(f"{one.name}-2")
    try:
        one.mkdir()
        with _locked(one):
            (one / "try").write_bytes(b"x" * 4096)
            one.rename(two)
    finally:
        shutil.rmtree(one, ignore_errors=True)
        shutil.rmtree(two, ignore_errors=True)


def _carry(old: Path, new: Path, ours: Ours) -> None:
    """Bring somebody's own files along: linked where the file system can, else copied."""
    for folder, below, names in os.walk(old):
        for name in [*names, *(n for n in below if (Path(folder) / n).is_symlink())]:
            path = Path(folder) / name
            inside = path.relative_to(old)
            if ours(inside) or name.startswith(".nfs") or os.path.lexists(new / inside):
                continue
            (new / inside).parent.mkdir(parents=True, exist_ok=True)
            _link(path, new / inside)
        for name in below:
            inside = (Path(folder) / name).relative_to(old)
            if not (Path(folder) / name).is_symlink() and not ours(inside):
                (new / inside).mkdir(parents=True, exist_ok=True)


def _link(path: Path, to: Path) -> None:
    if path.is_symlink():
        to.symlink_to(os.readlink(path))
        return
    try:
        os.link(path, to)
    except OSError:
        shutil.copy2(path, to)


def _install(place: Path, target: Path) -> None:
    """Put the draft where it belongs: in one step, or in two where the system has no such step."""
    if not target.exists():
        place.rename(target)
        return
    if _exchange(place, target):
        return  # the earlier folder now has the draft's name and is removed with it
    aside = target.with_name(_old(target) + uuid.uuid4().hex[:12])
    target.rename(aside)
    try:
        place.rename(target)
    except OSError:
        aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, two: Path) -> bool:
    """Let two folders change names in one step; False where that is not to be had."""
    try:
        library = ctypes.CDLL(None, use_errno=True)
        first, second = os.fsencode(one), os.fsencode(two)
        if sys.platform == "darwin":
            return bool(library.renamex_np(first, second, _EXCHANGE) == 0)
        return bool(library.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, _EXCHANGE) == 0)
    except (AttributeError, OSError, TypeError):
        return False


def _old(target: Path) -> str:
    """Return how names of earlier folders moved aside begin; short, whatever the name."""
    return f"{_TEMPORARY}old-{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:12]}-"


def _sweep(target: Path) -> None:
    """Remove what killed runs left, and put back an earlier folder that one had moved aside."""
    for aside in target.parent.glob(f"{_old(target)}*"):
        if not target.exists():
            with suppress(OSError):
                aside.rename(target)
    for path in target.parent.glob(f"{_TEMPORARY}*"):
        with suppress(OSError):
            age = time.time() - path.stat().st_mtime
            with _locked(path) as locked:
                if age > (_JUST_MADE if locked else _STALE):
                    shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _locked(path: Path) -> Iterator[bool]:
    """Hold a folder for this process while the block runs; False if that is not to be had."""
    handle = os.open(path, os.O_RDONLY)
    try:
        try:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (ImportError, OSError):
            yield False
        else:
            yield True
    finally:
        os.close(handle)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _failed(path: Path, error: OSError) -> WorkFailed:
    return WorkFailed(
        f"report: cannot write {path}: {error.strerror or error}. Nothing of this report is kept, "
        "an earlier one is as it was, and so are the cells. Make room or choose another folder "
        "with machine.outputs=FOLDER, and run it again."
    )
