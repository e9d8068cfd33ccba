"""Files that are whole or not there at all."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Mapping
from pathlib import Path

from sim.errors import BadRequest, WorkFailed

__all__ = ["folder", "names_in", "sweep", "write_whole"]

TEMPORARY = ".tmp-"
STALE_SECONDS = 24 * 3600


def folder(path: Path) -> Path:
    """Return ``path`` if it is, or could become, a folder; BadRequest if a file is in its way."""
    for place in (path, *path.parents):
        if place.is_dir():
            return path
        if place.exists() or place.is_symlink():
            raise BadRequest(
                f"{path} cannot be an output folder: {place} is a file. Choose another folder, "
                "or move the file away."
            )
    return path


def names_in(path: Path) -> list[str]:
    """Return the names of what lies in a folder; none if it is not there.

    Raises:
        BadRequest: The folder may not be listed.
    """
    try:
        return os.listdir(path)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise BadRequest(
            f"{path}: cannot be listed ({error.strerror or error}). Make it readable for "
            f"yourself, or choose another folder with machine.outputs=FOLDER."
        ) from None


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write several files so that, whatever happens, each final name holds a whole file.

    All are written under temporary names and flushed to the disk first; then they are renamed in
    the order given, so that the presence of the last one says that all are there.

    Raises:
        WorkFailed: the disk is full or cannot be written; no file under a final name has changed,
            unless a rename itself failed, and the last name is then not there.
    """
    waiting: dict[Path, Path] = {}
    try:
        for final, body in files.items():
            final.parent.mkdir(parents=True, exist_ok=True)
            waiting[final] = final.with_name(f"{TEMPORARY}{uuid.uuid4().hex}-{final.name}")
            _flush(waiting[final], body)
        for final, temporary in waiting.items():
            os.replace(temporary, final)
        for parent in {final.parent for final in files}:
            _flush_folder(parent)
    except OSError as error:
        name = list(files)[-1]
        raise WorkFailed(
            f"{name}: not written: {error.strerror or error}. Whole results are kept; make room "
            "or choose another folder, and run again to go on from here."
        ) from error
    finally:
        for temporary in waiting.values():
            temporary.unlink(missing_ok=True)


def _flush(path: Path, body: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        rest = memoryview(body)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _flush_folder(path: Path) -> None:
    """Make renames survive a power cut; file systems that cannot are let off."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def sweep(path: Path) -> int:
    """Delete temporary files older than a day, left by killed jobs; return how many."""
    limit = time.time() - STALE_SECONDS
    stale = []
    for file in path.glob(f"{TEMPORARY}*"):
        try:
            if file.stat().st_mtime < limit:
                file.unlink()
                stale.append(file)
        except OSError:
            continue  # another job swept it first
    return len(stale)
