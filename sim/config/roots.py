"""Where the configuration lives: the checkout's folders if there are any, else the wheel's copy.

An editable install leaves a stale copy inside the package, so the checkout always comes first.
"""

from __future__ import annotations

import os
from pathlib import Path

from sim.errors import BadRequest, WorkFailed

__all__ = [
    "config_root",
    "folder_problem",
    "place_problem",
    "refuse_unwritable",
    "scenario_root",
]

LONGEST_NAME = 200
"""Letters of the name of a study or report; temporary names beside its folder are longer."""

_LONGEST_NAME, _LONGEST_PATH = 255, 3900
_PACKAGE = Path(__file__).resolve().parents[1]


def config_root(package: Path = _PACKAGE) -> Path:
    """Return the folder of configuration: ``conf/`` of the checkout, else the wheel's ``_conf``."""
    return _root(package, "conf", "config.yaml")


def scenario_root(package: Path = _PACKAGE) -> Path:
    """Return the folder of our own scenarios: the checkout's, else the wheel's ``_scenarios``."""
    return _root(package, "scenarios", "baseline.yaml")


def place_problem(folder: str) -> str | None:
    """Return why ``folder`` cannot be a folder at all, or None; whoever may write there."""
    path = Path(os.path.expanduser(folder))
    if found := _name_problem(path):
        return f"{folder[:40]!r}... cannot be a folder: {found}"
    nearest = _nearest(path)
    if not os.path.isdir(nearest):
        return (
            f"{folder!r} cannot be a folder: {str(nearest)!r} is not one. "
            f"Move it away or give another folder with machine.outputs=FOLDER."
        )
    return None


def folder_problem(folder: str) -> str | None:
    """Return why results cannot be written under ``folder``, or None if they can."""
    problem = place_problem(folder)
    if problem is not None:
        return problem
    nearest = _nearest(Path(os.path.expanduser(folder)))
    if not os.access(nearest, os.W_OK | os.X_OK):
        return (
            f"{folder!r} cannot be written: no permission in {str(nearest)!r}. "
            f"Give another folder with machine.outputs=FOLDER."
        )
    if not os.access(nearest, os.R_OK):
        return (
            f"{folder!r} cannot be read: no permission to list {str(nearest)!r}. "
            f"Give another folder with machine.outputs=FOLDER."
        )
    return None


def _name_problem(path: Path) -> str | None:
    """Say why no folder can have this path, whatever lies there."""
    if "\0" in str(path):
        return "it holds a character that no name may hold. Write the name anew."
    long = next((part for part in path.parts if len(os.fsencode(part)) > _LONGEST_NAME), None)
    if long is not None:
        return (
            f"{len(os.fsencode(long))} bytes are too many for one name; {_LONGEST_NAME} are "
            f"allowed. Give a shorter one."
        )
    if len(os.fsencode(os.path.abspath(path))) > _LONGEST_PATH:
        return f"more than {_LONGEST_PATH} bytes are too many for a path. Give a shorter one."
    return None


def refuse_unwritable(*folders: Path) -> None:
    """Refuse folders that results could not be written to, before anything is run.

    Raises:
        BadRequest: Every folder that cannot be made, written or listed, and why.
    """
    problems = [problem for folder in folders if (problem := folder_problem(str(folder)))]
    if problems:
        raise BadRequest(" ".join(dict.fromkeys(problems)))


def _nearest(path: Path) -> Path:
    """Return the path itself, or the nearest thing above it that is there."""
    while not os.path.lexists(path) and path != path.parent:
        path = path.parent
    return path


def _root(package: Path, name: str, witness: str) -> Path:
    checkout = package.parent / name
    if (package.parent / "pyproject.toml").exists() and (checkout / witness).exists():
        return checkout
    inside = package / f"_{name}"
    if (inside / witness).exists():
        return inside
    raise WorkFailed(
        f"The {name} folder of this installation is missing: looked in {checkout} and {inside}. "
        f"Install the package again."
    )
